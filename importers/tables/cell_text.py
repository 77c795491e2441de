"""What a clerk meant by a cell: blanks, full-width digits and stray marks taken away.

Nothing here guesses. A number cell in a column of long numbers has lost digits: see
:func:`is_number`, it is reported and never repaired.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from importers.tables.cells import Cell
from importers.tables.radicals import COMPARED
from importers.tables.radicals import UNIFIED
from ledger.base.outside_text import COMMON_NAME
from ledger.base.outside_text import without_unseen
from ledger.model.name_characters import DOT

HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # 〇 is one of them
NOTHING = frozenset({"/", "\\", "无", "空"})

_ALREADY_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]*")
HAS_HANZI = re.compile(f"[{HANZI}]")
# NFKC does not unify these, and would change characters of names that it should not touch.
_DOTS = re.compile("[•・･‧⋅∙●.\u0387\u02d9\u30fb]+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}")
_POINT_ZERO = re.compile(r"([0-9]{3,30})\.0{1,6}")
TRUE_WHOLE_NUMBER = 2**53
_MOMENTS = (datetime.date, datetime.time, datetime.timedelta)
_APOSTROPHES = "'‘’`´′"
_BLANKS = "\t\n\r\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# The selectors choose the form of a letter, and no font of ours has several.
_SELECTORS = "".join(map(chr, range(0xFE00, 0xFE10)))
# Characters that the GB 18030 of 2005, which Python and older programs follow, keeps in the
# private area; the standard of 2022 has them where Unicode has.
PRIVATE_TO_STANDARD = str.maketrans(
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue816\ue817\ue818\ue831\ue83b\ue855",
    "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb"
    "\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe",
)
_PLAIN = (
    PRIVATE_TO_STANDARD
    | UNIFIED
    | str.maketrans(
        {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
        | dict.fromkeys(map(ord, _BLANKS), " ")
        | dict.fromkeys(map(ord, _SELECTORS), None)
        | dict.fromkeys(range(0xE0100, 0xE01F0), None)
    )
)
# The dashes that stand between groups of digits, and the signs that are typed for the letter X.
_NUMBER = str.maketrans(
    dict.fromkeys(map(ord, " -‐‑‒–—−_"), None) | dict.fromkeys(map(ord, "xХхΧχⅩⅹ×✕"), "X")
)


def plain_text(cell: Cell) -> str:
    """The cell as one line of text: ASCII for full-width forms, single blanks, none outside."""
    text = cell if isinstance(cell, str) else _text_of(cell)
    if _ALREADY_PLAIN.fullmatch(text):
        return text
    plain = without_unseen(text).translate(_PLAIN)
    return " ".join(plain.split()).lstrip(_APOSTROPHES + " ")


def _text_of(cell: Cell) -> str:
    """Text for a number, a date or a truth value: whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def person_name(cell: Cell) -> str:
    """A name: ``张　三`` as 张三, ``买买提•阿不都`` with U+00B7, ``Anna  Li`` with one blank."""
    if isinstance(cell, str) and COMMON_NAME.fullmatch(cell):
        return cell
    text = plain_text(cell)
    if not HAS_HANZI.search(text):
        return text
    return _DOTS.sub(_between_hanzi, text.replace(" ", ""))


def _between_hanzi(dots: re.Match[str]) -> str:
    """The one dot that they are where they stand between Chinese characters."""
    text, (start, end) = dots.string, dots.span()
    between = start and HAS_HANZI.match(text, start - 1) and HAS_HANZI.match(text, end)
    return DOT if between else dots[0]


def is_hanzi(text: str) -> bool:
    """Whether a text is Chinese characters and nothing else."""
    return text != "" and all(map(HAS_HANZI.match, text))


def number_text(cell: Cell) -> str:
    """A number that is a name for something: digits without blanks and dashes, a capital X."""
    if isinstance(cell, str) and cell.isascii() and (cell.isdigit() or cell == ""):
        return cell
    text = plain_text(cell).translate(_NUMBER)  # guard: cell-unchanged
    return _whole(text) if "." in text else text


def _whole(text: str) -> str:
    """``6223193082880791.0`` without its point, as a program wrote a number that was whole.

    One that a floating point number can hold has perhaps lost its last digits in one, if it has
    more than those can: then it stays, and is no number.
    """
    whole = _POINT_ZERO.fullmatch(text)
    if not whole:
        return text
    number = int(whole[1])
    # guard: digits-lost-in-a-float
    if number > TRUE_WHOLE_NUMBER and int(float(number)) == number:
        return text
    return whole[1]


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """Text without any blanks, for words that repeat: a bank, a role, a town."""
    return plain_text(text).replace(" ", "").translate(COMPARED)


def unless_nothing(text: str) -> str:
    """The text, or an empty one for what clerks write into a cell that is to stay empty."""
    return "" if text in NOTHING else text


def words(cell: Cell) -> str:
    """:func:`compact` for a cell of any type."""
    return compact(cell if isinstance(cell, str) else _text_of(cell))


def is_number(cell: Cell) -> bool:
    """Whether the cell holds a number, and so at most fifteen true digits."""
    return not isinstance(cell, (str, bool)) and isinstance(cell, (int, float))


def is_date(cell: Cell) -> bool:
    """Whether a spreadsheet has made a date or a time of what was typed."""
    return not isinstance(cell, str) and isinstance(cell, _MOMENTS)


def is_scientific(text: str) -> bool:
    """Whether a number has been written like ``3.70481E+17``, its other digits lost."""
    return bool(_SCIENTIFIC.fullmatch(text))
