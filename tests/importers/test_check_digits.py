"""Check digits are what the library python-stdnum says they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from importers.rosters.check_digits import is_right_card
from importers.rosters.check_digits import is_right_identity


@given(st.from_regex("[0-9]{17}", fullmatch=True))
def test_of_an_identity_number_one_last_character_is_right(digits: str) -> None:
    right = [last for last in "0123456789X" if is_right_identity(digits + last)]
    assert right == [mod_11_2.calc_check_digit(digits)]


@given(st.from_regex("[0-9]{11,29}", fullmatch=True))
def test_of_a_card_one_last_digit_is_right(digits: str) -> None:
    right = [last for last in "0123456789" if is_right_card(digits + last)]
    assert right == [luhn.calc_check_digit(digits)]
