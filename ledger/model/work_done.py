"""What a list says of the work that one person has done in a stage."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ledger.base.money import plain

# As a quantity is written in the books: no zeros in front or behind that say nothing.
QUANTITY = re.compile(r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{0,2}[1-9])?")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,12})\.[0-9]{2}")
# What a line says first of all: how many, how much, or only that she is on the list.
SAYS_QUANTITY, SAYS_AMOUNT, SAYS_LISTED = "quantity", "amount", "listed"


class WorkDone(NamedTuple):
    """One person's line of a list: ``quantity`` in units of the stage, as ``12`` or ``2.5``;
    ``amount_fen`` where the list names the amount itself; what is taken off.

    It stands in the books by the event ``seq``, from ``date`` on.
    """

    quantity: str = ""
    amount_fen: int = 0
    deduction_fen: int = 0
    date: datetime.date = datetime.date.min
    seq: int = -1

    def says(self, other: WorkDone) -> bool:
        """Whether both say the same, whenever they came."""
        return self[:3] == other[:3]


def is_quantity(text: str) -> bool:
    """Whether a text is a quantity of something, as the books write it."""
    return bool(QUANTITY.fullmatch(text)) and text != "0"


def quantity_text(quantity: Decimal) -> str:
    """A quantity as the books write it. Raises ValueError where it is none, or too fine."""
    text = format(quantity.normalize(), "f")
    if not is_quantity(text):
        raise ValueError(text)
    return text


def line_text(says: str, done: WorkDone) -> str:
    """A line as an event writes it: ``quantity=120 deduction=20.00``, ``amount=300.00``."""
    said = {
        SAYS_QUANTITY: f"{SAYS_QUANTITY}={done.quantity}",
        SAYS_AMOUNT: f"{SAYS_AMOUNT}={plain(done.amount_fen)}",
        SAYS_LISTED: SAYS_LISTED,
    }
    taken_off = f" deduction={plain(done.deduction_fen)}" if done.deduction_fen else ""
    return said[says] + taken_off


# Remembered: many have done as much as others, and every load reads all lines.
@lru_cache(maxsize=1 << 12)
def read_line(text: str) -> tuple[str, WorkDone] | None:
    """What such a text says first, and the line; None for any other text."""
    first, _blank, taken_off = text.partition(" ")
    says, _sign, value = first.partition("=")
    word, _sign, deduction = taken_off.partition("=")
    if taken_off and (word != "deduction" or not _AMOUNT.fullmatch(deduction)):
        return None
    off_fen = _fen(deduction) if taken_off else 0
    if says == SAYS_QUANTITY and QUANTITY.fullmatch(value):
        done = WorkDone(value, 0, off_fen)
    elif says == SAYS_AMOUNT and _AMOUNT.fullmatch(value):
        done = WorkDone("", _fen(value), off_fen)
    elif first == SAYS_LISTED:
        done = WorkDone("", 0, off_fen)
    else:
        return None
    return (says, done) if line_text(says, done) == text else None


def _fen(text: str) -> int:
    return int(text.replace(".", ""))
