from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.money import yuan


@given(st.integers(-(10**12), 10**12))
def test_yuan_and_fen_are_the_same_amount(amount_fen: int) -> None:
    assert fen(yuan(amount_fen)) == amount_fen
    assert Decimal(plain(amount_fen)) == yuan(amount_fen)
    assert grouped(amount_fen).replace(",", "") == plain(amount_fen)


def test_a_part_of_a_fen_is_refused() -> None:
    with pytest.raises(ValueError, match="fen"):
        fen(Decimal("800.005"))


def test_amounts_always_have_two_decimals() -> None:
    assert plain(0) == "0.00"
    assert plain(-5) == "-0.05"
    assert grouped(122_000_000) == "1,220,000.00"
