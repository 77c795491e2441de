"""What a list says of the work that one person has done in a stage."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# As a quantity is written in the books: no zeros in front or behind that say nothing.
QUANTITY = re.compile(r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{0,2}[1-9])?")


class WorkDone(NamedTuple):
    """One person's line of a list: ``quantity`` in units of the stage, as ``12`` or ``2.5``;
    ``amount_fen`` where the list names the amount itself; what is taken off.
    """

    quantity: str = ""
    amount_fen: int = 0
    deduction_fen: int = 0


def is_quantity(text: str) -> bool:
    """Whether a text is a quantity of something, as the books write it."""
    return bool(QUANTITY.fullmatch(text)) and text != "0"


def quantity_text(quantity: Decimal) -> str:
    """A quantity as the books write it. Raises ValueError where it is none, or too fine."""
    text = format(quantity.normalize(), "f")
    if not is_quantity(text):
        raise ValueError(text)
    return text
