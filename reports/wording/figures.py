"""Figures as leaders read them: 万元 and shares of a whole."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal

# Where a denominator is zero there is no share.
NO_SHARE = "—"
_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")


def in_wan(amount_fen: int) -> str:
    """In 万元, ten thousand yuan, with two decimals: ``908.00``."""
    return f"{Decimal(amount_fen).scaleb(-6).quantize(_CENT, ROUND_HALF_UP):,}"


def percent(share: Decimal | None) -> str:
    """With one decimal: ``73.6%``; a dash for None."""
    if share is None:
        return NO_SHARE
    return f"{(share * 100).quantize(_TENTH, ROUND_HALF_UP):,}%"
