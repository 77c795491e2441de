"""A payee: one census worker as the registry holds her."""

from __future__ import annotations

from dataclasses import dataclass

ENUMERATOR = "普查员"
SUPERVISOR = "普查指导员"
ROLES = (ENUMERATOR, SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Payee:
    """One row of the registry.

    ``serial`` is the registry's own number: it never changes and says nothing about the
    person. ``legal_name`` is on the identity card, ``bank_name`` is how the bank spells the
    account's holder. ``town`` is a nine-digit code, ``area`` the twelve digits of a census
    area (普查区), ``block`` the fifteen of a census block (普查小区), empty for supervisors.
    ``bank`` is the opening bank (开户行) in the roster's words.
    """

    serial: int
    legal_name: str
    bank_name: str
    identity: str
    role: str
    town: str
    area: str
    area_name: str
    block: str
    phone: str
    bank: str
    account: str
    active: bool = True

    @property
    def payee_id(self) -> str:
        return payee_id(self.serial)

    @property
    def post(self) -> str:
        """The block of an enumerator, the area of a supervisor: one paid person each."""
        return f"{self.role}:{self.block or self.area}"


def payee_id(serial: int) -> str:
    """The id as it stands in links and on paper: ``P000123``."""
    return f"P{serial:06d}"
