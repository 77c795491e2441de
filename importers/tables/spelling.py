"""The words of files in one spelling: headings, and what banks say of a payment."""

from __future__ import annotations

import re
import unicodedata

from importers.tables.radicals import UNIFIED
from ledger.base.outside_text import without_unseen

# What stands in brackets beside a heading's word: a unit, a hint, the word in English.
BRACKETED = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】|〔[^〕]*〕|<[^>]*>")

_BLANK = re.compile(r"\s+")
# Two ways to write an account, and a bank uses both in one file.
_ONE_SPELLING = str.maketrans("帐", "账")


def squeezed(text: str) -> str:
    """Compatibility forms unified, no blanks and nothing unseen: ``合　计：`` as ``合计:``."""
    plain = without_unseen(unicodedata.normalize("NFKC", text).translate(UNIFIED))
    return _BLANK.sub("", plain)


def spoken(text: str) -> str:
    """Words in one spelling: :func:`squeezed`, capitals, 账 for 帐."""
    return squeezed(text).translate(_ONE_SPELLING).upper()
