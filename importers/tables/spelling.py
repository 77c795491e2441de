"""The words of a bank in one spelling, whatever the file: headings, states, reasons."""

from __future__ import annotations

import re
import unicodedata

# What stands in brackets beside a heading's word: a unit, a hint, the word in English.
BRACKETED = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】|〔[^〕]*〕|<[^>]*>")

_BLANK = re.compile(r"\s+")
# Two ways to write an account, and a bank uses both in one file.
_ONE_SPELLING = str.maketrans("帐", "账")


def spoken(text: str) -> str:
    """A bank's words in one spelling: no blanks, half-width signs, capitals, 账 for 帐."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).translate(_ONE_SPELLING).upper()
