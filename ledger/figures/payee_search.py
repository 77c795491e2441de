"""Looking for people by what somebody on the telephone says."""

from __future__ import annotations

from ledger.base.outside_text import cleaned
from ledger.model.payees import Payee
from ledger.model.programme import Programme

# So many digits of a number are asked for, and are enough.
LAST_DIGITS = 4


def matching(payee: Payee, text: str, programme: Programme) -> bool:
    """Whether a text is a part of her name, her id, her town, or the end of one of her numbers.

    An id may be typed without its zeros; of a number the last four digits at least.
    """
    wanted = cleaned(text).strip().upper()
    if not wanted:
        return False
    if wanted in payee.legal_name.upper() or wanted in payee.bank_name.upper():
        return True
    if wanted.startswith("P") and wanted[1:].isdecimal():
        return int(wanted[1:]) == payee.serial
    digits = wanted.removesuffix("X")
    if len(wanted) >= LAST_DIGITS and digits.isascii() and digits.isdecimal():
        numbers = (payee.identity, payee.account, payee.phone)
        return any(number.upper().endswith(wanted) for number in numbers)
    town = programme.find_town(wanted)
    return town is not None and programme.by_code.get(payee.town) is town
