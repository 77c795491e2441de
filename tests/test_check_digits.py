"""Check digits, against somebody else's code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from importers.rosters.check_digits import has_check_character
from importers.rosters.check_digits import has_luhn_digit


@given(strategies.from_regex("[0-9]{11,29}", fullmatch=True))
def test_one_last_digit_of_ten_is_a_luhn_digit(number: str) -> None:
    valid = [digit for digit in "0123456789" if has_luhn_digit(number + digit)]
    assert valid == [luhn.calc_check_digit(number)]


@given(strategies.from_regex("[0-9]{17}", fullmatch=True))
def test_one_last_character_of_eleven_is_an_identity_numbers(number: str) -> None:
    valid = [last for last in "0123456789X" if has_check_character(number + last)]
    assert valid == [mod_11_2.calc_check_digit(number)]
