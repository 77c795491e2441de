"""A payee: one census worker as the registry holds her."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Protocol

from ledger.base.records import Record
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode

MOBILE_DIGITS = 11
# A fixed number without the code of its area.
FEWEST_PHONE_DIGITS = 7
MOST_SERIAL_DIGITS = 18


class Countable(Protocol):
    """What is asked of somebody who is counted: a record has more."""

    @property
    def payee_id(self) -> PayeeId: ...

    @property
    def town(self) -> TownCode: ...

    @property
    def active(self) -> bool: ...


class Payee(Record):
    """One row of the registry.

    ``serial`` is the registry's own number: it never changes and says nothing about the
    person. ``legal_name`` is on the identity card, ``bank_name`` is how the bank spells the
    account's holder. ``town`` is a nine-digit code, ``area`` the twelve digits of a census
    area, ``block`` the fifteen of a census block, empty for who has a whole area; both are empty
    where the roster has no codes of posts, and for roles without posts.
    ``bank`` is the opening bank (开户行) in the roster's words. Who is ``withdrawn`` came by a
    roster that was taken back: she is nobody until another one lists her.
    """

    serial: int
    legal_name: str
    bank_name: str
    identity: str
    role: str
    town: TownCode
    area: str
    area_name: str
    block: str
    phone: str
    bank: str
    account: str
    active: bool = True
    withdrawn: bool = False

    @property
    def payee_id(self) -> PayeeId:
        return payee_id(self.serial)

    @property
    def post(self) -> str:
        """Her block, or else her area: one paid person of a role each."""
        return f"{self.role}:{self.place}"

    @property
    def place(self) -> str:
        """Where she works, empty where nobody knows."""
        return self.block or self.area

    @property
    def has_post(self) -> bool:
        """Whether it is known where she works; who has no code shares no post."""
        return bool(self.place)


@lru_cache(maxsize=1 << 17)
def payee_id(serial: int) -> PayeeId:
    """The id as it stands in links and on paper: ``P000123``. Remembered, for it is asked often."""
    return PayeeId(f"P{serial:06d}")


def serial_of(payee: PayeeId) -> int:
    """The registry's number in an id; 0, which is nobody's, for what is none."""
    digits = payee.removeprefix("P")
    # No longer than a number of the registry may be.
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_SERIAL_DIGITS else 0


@lru_cache(maxsize=1 << 14)
def same_account(account: str) -> str:
    """What two spellings of one account have in common: leading zeros make no other account.

    Accounts are compared by it, and sent to the bank as the town wrote them.
    """
    # guard: zeros-make-no-account
    return account.lstrip("0") or account[:1]


def bare_number(number: str) -> str:
    """A number without what clerks write into it: blanks, hyphens, full-width digits, a small x."""
    if not (number.isascii() and number.isalnum()):
        number = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", number)))
    return number.upper()


@lru_cache(maxsize=1 << 14)
def same_phone(phone: str) -> str:
    """What two spellings of one phone number have in common, empty where it is none."""
    if not phone.isascii():
        return ""
    if len(phone) == MOBILE_DIGITS and phone.isdigit():
        return phone
    digits = phone if phone.isdigit() else "".join(filter(str.isdigit, phone))
    for country in ("0086", "86"):
        if digits.startswith(country) and len(digits) - len(country) == MOBILE_DIGITS:
            return digits.removeprefix(country)
    return digits if len(digits) >= FEWEST_PHONE_DIGITS else ""
