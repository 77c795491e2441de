"""Who acts and when: handed down from the door, since nothing below it asks the system."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Protocol
from typing import TypeAlias

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal

DAYS_AHEAD = 31

# Gives the moment, with the offset of the local time.
Clock: TypeAlias = Callable[[], datetime.datetime]


class Signing(Protocol):
    """An operator's key that is open."""

    def sign(self, digest_bytes: bytes) -> str:
        """The signature of a digest, in hex digits."""

    @property
    def public(self) -> str:
        """By which everybody verifies."""


class Actor(Record):
    """Who acts: the operator's id, which events and the registry's log record.

    What is only tried needs no ``signer``; nothing is written without one.
    """

    operator: str
    signer: Signing | None = None


class Stamp(Record):
    """By whom something was done, and when: to the second, ``2020-11-10T17:50:00+08:00``."""

    by: str
    at: str


def stamp(actor: Actor, clock: Clock) -> Stamp:
    """The actor, now."""
    return Stamp(actor.operator, clock().isoformat(timespec="seconds"))


class Acting(Record):
    """An actor at work, with a clock."""

    actor: Actor
    clock: Clock

    def stamp(self) -> Stamp:
        """The actor, now."""
        return stamp(self.actor, self.clock)

    @property
    def today(self) -> datetime.date:
        return self.clock().date()


class DateAhead(Refusal):
    """A day so far ahead that it must be a slip of the pen; an event can never be taken out."""

    def __init__(self, on: datetime.date) -> None:
        message = _("{day} is more than {days} days ahead")
        super().__init__(message.format(day=on, days=DAYS_AHEAD), day=on.isoformat())


def is_ahead(on: datetime.date, today: datetime.date) -> bool:
    """Whether a day is more than DAYS_AHEAD after today."""
    return (on - today).days > DAYS_AHEAD


def require_near(on: datetime.date, today: datetime.date) -> None:
    """Raises DateAhead for a day more than DAYS_AHEAD after today."""
    if is_ahead(on, today):
        raise DateAhead(on)
