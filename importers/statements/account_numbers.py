"""Account numbers as banks show them: whole, in groups, or with a mask over some digits."""

from __future__ import annotations

from ledger.base.masks import MaskedAccount
from ledger.base.masks import masked_account

# An account has so many digits or more; fewer are its end.
WHOLE_DIGITS = 12

_ONE_MASK = str.maketrans({"#": "*", "x": "X", "-": None, " ": None})


def same_account(one: str, other: str) -> bool:
    """Whether two numbers may be of one account: ``909010****567`` and ``9090101234567``."""
    one, other = one.translate(_ONE_MASK), other.translate(_ONE_MASK)
    masked, other_masked = masked_account(one), masked_account(other)
    if masked and other_masked:
        return _agree(masked, other_masked)
    if masked:
        return masked.fits(other)
    return other_masked.fits(one) if other_masked else one == other


def _agree(one: MaskedAccount, other: MaskedAccount) -> bool:
    before = sorted((one.prefix, other.prefix), key=len)
    behind = sorted((one.suffix, other.suffix), key=len)
    return before[1].startswith(before[0]) and behind[1].endswith(behind[0])


def is_of_account(shown: str, ending: str) -> bool:
    """Whether a number on a statement may be the one that the settings give, whole or its end."""
    shown = shown.translate(_ONE_MASK)
    masked = masked_account(shown)
    if masked is None:
        digits = "".join(sign for sign in shown if sign.isdigit())
        return not digits or digits.endswith(ending) or ending.endswith(digits)
    if masked.suffix and not (ending.endswith(masked.suffix) or masked.suffix.endswith(ending)):
        return False
    return len(ending) < WHOLE_DIGITS or ending.startswith(masked.prefix)
