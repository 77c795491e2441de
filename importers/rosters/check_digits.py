"""Check digits: of identity numbers (ISO 7064, MOD 11-2) and of bank cards (Luhn)."""

from __future__ import annotations

from operator import mul

_DOUBLED = str.maketrans("0123456789", "0246813579")
# Powers of two modulo 11, for all digits but the last, which the sum of their products chooses.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK_DIGITS = "10X98765432"
_ZERO = ord("0")
_ZEROS = _ZERO * sum(_WEIGHTS)


def is_right_identity(identity: str) -> bool:
    """Whether the last of 18 characters, 17 of them digits, is what the others say."""
    products = sum(map(mul, identity[:17].encode(), _WEIGHTS)) - _ZEROS
    return identity[17] == _CHECK_DIGITS[products % 11]


def is_right_card(digits: str) -> bool:
    """Whether the last of these digits is what the others say."""
    every_other = digits[-1::-2] + digits[-2::-2].translate(_DOUBLED)
    return (sum(every_other.encode()) - _ZERO * len(digits)) % 10 == 0
