"""The check digits of bank cards and of identity numbers."""

from __future__ import annotations

from operator import mul

# What a digit counts when it is doubled: the sum of the digits of twice its value.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
_CHARACTERS = "10X98765432"


def has_luhn_digit(number: str) -> bool:
    """Whether a number of ASCII digits ends in its Luhn digit (ISO/IEC 7812-1, annex B)."""
    backwards = number[::-1]
    doubled = backwards[1::2].translate(_DOUBLED)
    return (sum(map(int, backwards[::2])) + sum(map(int, doubled))) % 10 == 0


def has_check_character(identity: str) -> bool:
    """Whether seventeen ASCII digits are followed by their character (GB 11643-1999, 4.2.5;
    ISO 7064, MOD 11-2).
    """
    total = sum(map(mul, map(int, identity[:17]), _WEIGHTS))
    return identity[17:] == _CHARACTERS[total % 11]
