"""The table of transitions: what may happen to one person's subsidy.

    due -> in_bank -> paid | returned | unknown;  returned -> in_bank;
    unknown -> paid | returned;  paid -> returned (a late return);  returned -> due (cancelled);
    due -> paid (before these books)

An entry of an event is recognised by the event's kind and by the places that it debits and
credits; anything that is not in the table is an error.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import in_chinese
from ledger.base.language import mark
from ledger.model.accounts import Place


class State(enum.StrEnum):
    """Where a person's subsidy stands. It is derived from the ledger, never stored beside it."""

    DUE = "due"
    IN_BANK = "in_bank"
    PAID = "paid"
    RETURNED = "returned"
    UNKNOWN = "unknown"

    # As equality is that of texts; Enum's own is written in Python, and asked for every person.
    __hash__ = str.__hash__

    @property
    def word(self) -> str:
        """The state in the user's language."""
        return gettext(_WORDS[self])

    @property
    def chinese(self) -> str:
        """The state as documents say it."""
        return in_chinese(_WORDS[self])


_WORDS = {
    State.DUE: mark("due"),
    State.IN_BANK: mark("in the bank"),
    State.PAID: mark("paid"),
    State.RETURNED: mark("returned"),
    State.UNKNOWN: mark("unknown"),
}


class EventKind(enum.StrEnum):
    """What an event file records."""

    INIT = "init"
    PREPARED = "prepared"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    VOID = "void"
    RESULT = "result"
    RELEASED = "released"
    CANCELLED = "cancelled"
    STATEMENT = "statement"
    EXPLAINED = "explained"
    WORKLOAD = "workload"
    REVERSED = "reversed"
    OPERATOR = "operator"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    REOPENED = "reopened"
    ATTACHED = "attached"
    PAID_BEFORE = "paid-before"

    __hash__ = str.__hash__

    @property
    def word(self) -> str:
        """What happened, in the user's language."""
        words = {
            EventKind.INIT: _("the beginning"),
            EventKind.PREPARED: _("a new instruction"),
            EventKind.APPROVED: _("an approval"),
            EventKind.SUBMITTED: _("a submission"),
            EventKind.VOID: _("a void"),
            EventKind.RESULT: _("a result of the bank"),
            EventKind.RELEASED: _("a release"),
            EventKind.CANCELLED: _("a cancellation"),
            EventKind.STATEMENT: _("a statement of the bank"),
            EventKind.EXPLAINED: _("an explanation"),
            EventKind.WORKLOAD: _("a list of work"),
            EventKind.REVERSED: _("a reversal"),
            EventKind.OPERATOR: _("a change of operators"),
            EventKind.ACCEPTED: _("older books accepted"),
            EventKind.CLOSED: _("a closing of a month"),
            EventKind.REOPENED: _("a reopening of a month"),
            EventKind.ATTACHED: _("a signed list filed"),
            EventKind.PAID_BEFORE: _("payments from before the books"),
        }
        return words[self]


class Movement(NamedTuple):
    """What identifies a row of the table."""

    event: EventKind
    debit: Place
    credit: Place


class Step(NamedTuple):
    """From which state to which a movement leads."""

    before: State
    after: State


TRANSITIONS: dict[Movement, Step] = {
    Movement(EventKind.PREPARED, Place.EXPENSE, Place.AWAITED): Step(State.DUE, State.IN_BANK),
    Movement(EventKind.PREPARED, Place.RETURNED, Place.AWAITED): Step(
        State.RETURNED, State.IN_BANK
    ),
    Movement(EventKind.RESULT, Place.AWAITED, Place.TRANSIT): Step(State.IN_BANK, State.PAID),
    Movement(EventKind.RESULT, Place.AWAITED, Place.RETURNED): Step(State.IN_BANK, State.RETURNED),
    Movement(EventKind.RESULT, Place.AWAITED, Place.QUERIED): Step(State.IN_BANK, State.UNKNOWN),
    Movement(EventKind.RESULT, Place.QUERIED, Place.TRANSIT): Step(State.UNKNOWN, State.PAID),
    Movement(EventKind.RESULT, Place.QUERIED, Place.RETURNED): Step(State.UNKNOWN, State.RETURNED),
    Movement(EventKind.RESULT, Place.TRANSIT, Place.RETURNED): Step(State.PAID, State.RETURNED),
    Movement(EventKind.VOID, Place.AWAITED, Place.EXPENSE): Step(State.IN_BANK, State.DUE),
    Movement(EventKind.VOID, Place.AWAITED, Place.RETURNED): Step(State.IN_BANK, State.RETURNED),
    Movement(EventKind.CANCELLED, Place.RETURNED, Place.EXPENSE): Step(State.RETURNED, State.DUE),
    Movement(EventKind.PAID_BEFORE, Place.EXPENSE, Place.INCOME): Step(State.DUE, State.PAID),
}
