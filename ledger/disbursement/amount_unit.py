"""In which unit a bank's file has its amounts: yuan or fen. What its headings say of it agrees."""

from __future__ import annotations

import re
import unicodedata

from ledger.base.language import gettext as _

YUAN, FEN = "yuan", "fen"
UNITS = (YUAN, FEN)

_WORDS = {"元": YUAN, "分": FEN}
# A unit in brackets, after a stroke, after 单位, or at the end of what is counted: 金额分.
_SAID = re.compile(
    r"(?:[(\[【/_:]|单位|以|(?<=[额数项款]))(?:单位)?[:为是]*(?:人民币|RMB|CNY)?"
    r"(?P<unit>[十百千]?万元|[十百千]元|[十百千]?万|元|角|分|厘)(?=$|[)\]】/,;、]|计|为单位)"
)


def unit_word(unit: str) -> str:
    """A unit in the user's language."""
    return {YUAN: _("yuan"), FEN: _("fen")}[unit]


def unit_said(text: str) -> str:
    """The unit that a heading or a title names: yuan, fen, or the word for another; empty without
    one. ``金额(分)``, ``单位：元``, ``代发金额/万元``; but not ``金额(必须小于1亿)``.
    """
    spoken = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    found = _SAID.search(spoken)
    return _WORDS.get(found["unit"], found["unit"]) if found else ""
