"""Money: Decimal yuan in the books, integer fen inside tables, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal
from functools import lru_cache

CURRENCY = "CNY"


def fen(amount_yuan: Decimal) -> int:
    """The amount in fen. Raises ValueError when it has a part smaller than a fen."""
    scaled = amount_yuan * 100
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount_yuan} yuan is not a whole number of fen")
    return whole


@lru_cache(maxsize=1 << 12)
def nearest_fen(amount_yuan: Decimal) -> int:
    """The amount to the nearest fen, for sums over books that may hold a slip of the pen.

    Remembered: thousands of people are owed the same.
    """
    return int((amount_yuan * 100).to_integral_value(ROUND_HALF_UP))


@lru_cache(maxsize=1 << 12)
def yuan(amount_fen: int) -> Decimal:
    """The amount in yuan, with exactly two decimals. Remembered like the nearest fen."""
    return Decimal(amount_fen).scaleb(-2)


@lru_cache(maxsize=1 << 12)
def plain(amount_fen: int) -> str:
    """As files and JSON hold it: ``1220000.00``."""
    return f"{yuan(amount_fen):.2f}"


@lru_cache(maxsize=1 << 12)
def grouped(amount_fen: int) -> str:
    """As people read it: ``1,220,000.00``."""
    return f"{yuan(amount_fen):,.2f}"
