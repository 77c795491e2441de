"""Whole columns of a statement read at once: 100,000 cells in some hundredths of a second.

A column in which every cell has the usual form is checked and read by a few calls that Python
carries out in one go; any other is read cell by cell, with the same outcome.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from importers.statements.cell_memory import account_said
from importers.statements.cell_memory import remembered
from importers.statements.cell_memory import said
from importers.statements.cell_memory import serial_said
from importers.statements.moments import moment
from importers.statements.moments import time_of_day
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import signed_amount_fen
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell

# Fen, None for an empty cell, or nothing that is known: any other number would be a guess.
UNREADABLE = "unreadable"
Amount = int | None | str
Date = datetime.date | None

# A text with every digit as 0: a column has few such shapes, and they are soon looked at.
_SHAPE = str.maketrans("123456789", "0" * 9)
# 1,234.50 and 0.50 with two decimals; one digit, as an unused 0 is; a dash or nothing.
_USUAL_AMOUNT = re.compile(r"[+-]?(?:0{1,13}|0{1,3}(?:,000){1,4})\.00|[0-]?")
# 2020-11-12 10:20:30 and 20201112 10:20:30, and where the time begins in them.
_USUAL_MOMENTS = {"0000-00-00 00:00:00": 11, "00000000 00:00:00": 9}
_SMALL: dict[str, int | None] = {"": None, "-": None} | {str(one): one * 100 for one in range(10)}
# A column with so many times fewer texts than cells is read text by text.
FEW = 4
_DIGIT = re.compile("[0-9]")
_SIDE = r"[(\[]?(?:贷方?|CR(?:EDIT)?|C)[)\]]?"
_ON_THE_CREDIT_SIDE = re.compile(
    rf"^{_SIDE}[ :]*(?=[-+¥0-9])|(?<=[0-9])[ :]*{_SIDE}$", re.IGNORECASE
)
_FIGURES = re.compile("[0-9〇零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]")
_USUAL_TEXTS = re.compile("[0-9A-Za-z\n\u4e00-\u9fff]*")
_WORDS_OF_NOTHING = frozenset({"无", "空"})
_BLANK_EDGES = tuple(edge for blank in " \t\u3000\xa0\r" for edge in (f"{blank}\n", f"\n{blank}"))


def one_text(cells: Sequence[Cell]) -> tuple[Sequence[str], str] | None:
    """The cells without the blanks around them, and all of them as one text of as many lines.

    None unless all are texts on one line.
    """
    texts: Sequence[str] = cells  # type: ignore[assignment]
    try:
        text = "\n".join(texts)
    except TypeError:
        return None
    framed = f"\n{text}\n"
    if any(edge in framed for edge in _BLANK_EDGES):
        texts = list(map(str.strip, texts))
        text = "\n".join(texts)
    return (texts, text) if texts and text.count("\n") == len(texts) - 1 else None


def _shapes(text: str) -> list[str]:
    return text.translate(_SHAPE).split("\n")


def read_amounts(cells: Sequence[Cell]) -> Sequence[Amount]:
    """Every cell's amount in fen; None for an empty one or a dash, UNREADABLE for no amount."""
    found = one_text(cells)
    shapes = set(_shapes(found[1])) if found and found[1].isascii() else set()
    if not found or not shapes or not all(map(_USUAL_AMOUNT.fullmatch, shapes)):
        return remembered(_amount, cells)
    fen = found[1].replace(".", "").replace(",", "").split("\n")
    if shapes.isdisjoint(_SMALL):  # no cell of one sign
        return list(map(int, fen))
    return [int(one) if len(one) > 1 else _SMALL[one] for one in fen]


def _amount(cell: Cell) -> Amount:
    try:
        return signed_amount_fen(cell)
    except UnreadableAmount:
        return UNREADABLE


def read_balances(cells: Sequence[Cell]) -> Sequence[Amount]:
    """Every cell's balance in fen: as :func:`read_amounts`, and with 贷 or Cr beside it.

    What is owed to the customer stands on the credit side of the bank's books. A debit side would
    be an overdraft on the bank's paper and money on an office's own: that is UNREADABLE. Stars
    where the bank shows none are None.
    """
    found = read_amounts(cells)
    return remembered(_balance, cells) if UNREADABLE in found else found


def _balance(cell: Cell) -> Amount:
    if not isinstance(cell, str):
        return _amount(cell)
    text = plain_text(cell)
    if not _FIGURES.search(text):
        return None
    return _amount(_ON_THE_CREDIT_SIDE.sub("", text))


def read_moments(cells: Sequence[Cell]) -> tuple[list[Date], list[str]]:
    """The day in every cell, None for what is no day, and the time or an empty text."""
    found = one_text(cells)
    usual = _usual_moments(list(found[0])) if found else None
    if usual:
        return usual
    moments = remembered(moment, cells)
    return [one and one.date for one in moments], [one.time if one else "" for one in moments]


def _usual_moments(texts: list[str]) -> tuple[list[Date], list[str]] | None:
    """The days and times when most texts have both, in one form; the others are totals."""
    form = _DIGIT.sub("0", texts[len(texts) // 2])
    begins = _USUAL_MOMENTS.get(form)
    if begins is None:
        return None
    usual = texts[len(texts) // 2]
    others = {place: text for place, text in enumerate(texts) if not text.isascii()}
    for place in others:
        texts[place] = usual
    for place, shape in enumerate(_shapes("\n".join(texts))):
        if shape != form:
            others[place], texts[place] = texts[place], usual
    text, length = "\n".join(texts), len(form) + 1
    # The tens of the minutes and of the seconds, from every line of the whole text.
    tens = text[begins + 3 :: length] + text[begins + 6 :: length]
    days = remembered(_day, [one[: begins - 1] for one in texts])
    times = [one[begins:] for one in texts]
    if None in days or max(times) >= "24" or not set(tens) <= set("012345"):
        return None
    for place, other in others.items():
        day = moment(other)
        days[place], times[place] = (day.date, day.time) if day else (None, "")
    return days, times


def _day(text: Cell) -> Date:
    found = moment(text)
    return found.date if found else None


def read_times(cells: Sequence[Cell]) -> list[str | None]:
    """The time in every cell, whether or not a day stands before it; None for no time."""

    def time_in(cell: Cell) -> str | None:
        day = moment(cell)
        return day.time if day else time_of_day(cell)

    return remembered(time_in, cells)


def read_texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Every cell's text on one line, empty for what only fills it, such as ``----``."""
    different = set(cells)
    found = one_text(cells) if len(different) * FEW > len(cells) else None
    if not found or not _USUAL_TEXTS.fullmatch(found[1]):
        return remembered(said, cells)
    texts, text = found
    nothing = "NULL" in text.upper() or not _WORDS_OF_NOTHING.isdisjoint(texts)
    return remembered(said, texts) if nothing else texts


def read_accounts(cells: Sequence[Cell]) -> Sequence[str]:
    """The number of an account in every cell."""
    found = one_text(cells)
    if found and found[1].isascii() and found[1].replace("\n", "").isdigit():
        return found[0]
    return remembered(account_said, cells)


def read_serials(cells: Sequence[Cell]) -> Sequence[str]:
    """The bank's own number of the transaction in every cell; noughts and words are none."""
    found = one_text(cells)
    signs = found[1].replace("\n", "").replace("-", "") if found else "."
    if not found or not signs.isascii() or not signs.isalnum():
        return remembered(serial_said, cells)
    return [text if text.strip("0-") and not text.isalpha() else "" for text in found[0]]
