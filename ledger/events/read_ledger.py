"""Directives with what is read of them: rules, events, money flows. Each is read once."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Sequence
from functools import cached_property

from beancount.core import data
from beancount.parser import printer

from ledger.base.records import Record
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import read_flows
from ledger.budget.rules_reader import read_rules
from ledger.events.event_entries import outside_events
from ledger.events.fold import Fold
from ledger.events.fold import read_fold
from ledger.events.reversals import entries_without_trace
from ledger.model.findings import Finding
from ledger.model.history import History
from ledger.model.rules import Rules
from ledger.model.transitions import EventKind


class ReadLedger(Record, dict=True):
    """The directives of a ledger. ``folded`` is their fold where it is known already."""

    entries: Sequence[data.Directive]
    folded: Fold | None = None

    @cached_property
    def _rules_and_faults(self) -> tuple[Rules, Sequence[Finding]]:
        return read_rules(self.entries)

    @property
    def rules(self) -> Rules:
        return self._rules_and_faults[0]

    @property
    def faults(self) -> Sequence[Finding]:
        """What is wrong with the rules."""
        return self._rules_and_faults[1]

    @cached_property
    def opened(self) -> Sequence[tuple[str, datetime.date]]:
        """The accounts that are opened, each with its day."""
        return [
            (entry.account, entry.date) for entry in self.entries if isinstance(entry, data.Open)
        ]

    @cached_property
    def entered(self) -> tuple[datetime.date, datetime.date] | None:
        """The days of the first and of the last entry, None without any."""
        days = [entry.date for entry in self.entries if isinstance(entry, data.Transaction)]
        return (days[0], days[-1]) if days else None

    @cached_property
    def newest(self) -> datetime.date:
        """The day of the newest directive, whatever it is."""
        return max((entry.date for entry in self.entries), default=datetime.date.min)

    @cached_property
    def newest_to_cut(self) -> datetime.date:
        """The same without who may sign: books as of this day, or a later one, are themselves."""
        days = (entry.date for entry in self.entries if not names_operators(entry))
        return max(days, default=datetime.date.min)

    @cached_property
    def printed_outside(self) -> Sequence[tuple[datetime.date, str]]:
        """What stands in no event as Beancount prints it, with its day."""
        outside = outside_events(self.entries, datetime.date.max)
        return [(entry.date, printer.format_entry(entry)) for entry in outside]

    @property
    def outside(self) -> ReadLedger:
        """What stands outside events."""
        return ReadLedger(outside_events(self.entries, datetime.date.max))

    @cached_property
    def fold(self) -> Fold:
        return self.folded or read_fold(self.entries, self.rules)

    @cached_property
    def history(self) -> History:
        return self.fold.history()

    @cached_property
    def flows(self) -> Flows:
        """What moves money. A statement that was reversed has moved nothing on any day."""
        gone = set(map(id, entries_without_trace(self.history)))
        kept = [one for one in self.entries if id(one) not in gone] if gone else self.entries
        return read_flows(kept, self.rules)

    def without_files(self, names: Collection[str]) -> ReadLedger:
        """The ledger as if these files were not among those of the books."""
        return ReadLedger([one for one in self.entries if one.meta["filename"] not in names])

    def as_of(self, day: datetime.date) -> ReadLedger:
        """The ledger as if nothing after a day had been entered; itself if nothing was.

        Who may sign is no matter of the day that an event is of: it stays.
        """
        kept = [one for one in self.entries if one.date <= day or names_operators(one)]
        return self if len(kept) == len(self.entries) else ReadLedger(kept)


def names_operators(entry: data.Directive) -> bool:
    """Whether it is the header of an event that says who may sign."""
    if not isinstance(entry, data.Custom) or entry.type != "census-event":
        return False
    return [value.value for value in entry.values[1:2]] == [EventKind.OPERATOR.value]
