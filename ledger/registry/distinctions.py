"""Somebody's word that two people are two, although money for one went by a number of the other's.

The log holds it as a change of the one whom it was said of, and nothing else does: what stands is
read from the log. Of the number it has the digest, so that it says nothing about another one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from ledger.base.digests import Digest
from ledger.model.ids import PayeeId
from ledger.model.payees import payee_id
from ledger.registry.change_log import DISTINCT
from ledger.registry.change_log import Source
from ledger.registry.registry_file import RegistryFile
from ledger.registry.signed_log import SignedLog


class SameNumber(NamedTuple):
    """Two people and one number: ``payee`` bears it, and money for ``other`` went by it.

    ``field`` is ``identity`` or ``account``, ``number`` the digest of the number in one spelling.
    """

    payee: PayeeId
    field: str
    other: PayeeId
    number: Digest

    @property
    def turned(self) -> SameNumber:
        """The same of the other one."""
        return self._replace(payee=self.other, other=self.payee)


class Distinctions:
    """The decisions in the registry's log."""

    def __init__(self, file: RegistryFile, log: SignedLog) -> None:
        self._file = file
        self._log = log

    def decide(
        self, pairs: Iterable[SameNumber], source: Source, *, on: datetime.date, reason: str
    ) -> None:
        """These are two people each, from the day ``on``. In a transaction."""
        self._log.add(
            (_serial(pair.payee), DISTINCT, "", _text(pair), *source, on.isoformat(), reason)
            for pair in pairs
        )

    def withdraw(
        self, pairs: Iterable[SameNumber], source: Source, *, on: datetime.date, reason: str
    ) -> None:
        """What was decided of them is taken back. In a transaction."""
        self._log.add(
            (_serial(pair.payee), DISTINCT, _text(pair), "", *source, on.isoformat(), reason)
            for pair in pairs
        )

    def standing(self, on: datetime.date, *, to_pay: bool = False) -> set[SameNumber]:
        """What counts on a day.

        Before somebody is paid, ``to_pay``, what was withdrawn counts no more, whatever the day.
        """
        rows = self._file.read(
            "select serial, old, new, day from changes where field = ? order by id", (DISTINCT,)
        )
        standing: set[SameNumber] = set()
        for serial, old, new, day in rows:
            is_later = day > on.isoformat()
            if new and not is_later:  # guard: distinct-from-its-day
                standing |= _read(serial, new)
            elif old and (to_pay or not is_later):  # guard: withdrawn-at-once
                standing -= _read(serial, old)
        return standing


def _serial(payee: PayeeId) -> int:
    return int(payee[1:])


def _text(pair: SameNumber) -> str:
    """``P000001 identity 3fa8…``."""
    return f"{pair.other} {pair.field} {pair.number}"


def _read(serial: int, text: str) -> set[SameNumber]:
    """What :func:`_text` has written; nothing for what it has not."""
    words = text.split(" ")
    if len(words) != 3:
        return set()
    other, field, number = words
    return {SameNumber(payee_id(serial), field, PayeeId(other), Digest(number))}
