"""Which months are closed, event by event; from then on nothing is dated in one."""

from __future__ import annotations

import re
from collections.abc import Callable

from beancount.core import data

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.model.findings import CLOSED_MONTH
from ledger.model.history import Event
from ledger.model.months import Closing
from ledger.model.months import Month
from ledger.model.months import NotAMonth
from ledger.model.months import dated_in_closed
from ledger.model.months import first_open_day
from ledger.model.months import read_month
from ledger.model.transitions import EventKind

_DIGEST = re.compile("[0-9a-f]{64}")


class MonthFold:
    """The months that are closed so far, in their order; ``report`` takes what breaks the rules."""

    def __init__(self, report: Callable[[data.Directive, str, str], None]) -> None:
        self.report = report
        self.closed: list[Closing] = []

    def go_on_from(self, before: MonthFold) -> None:
        self.closed = list(before.closed)

    def take(self, event: Event) -> None:
        """Nothing of the event is dated in a closed month; if it closes or opens one, do so."""
        if self.closed:
            open_from = first_open_day(self.closed)
            directives: tuple[data.Directive, ...] = (event.header, *event.entries)
            for directive in directives:
                if directive.date < open_from:  # guard: nothing-in-a-closed-month
                    self.report(directive, CLOSED_MONTH, dated_in_closed(directive.date))
                    break
        if event.kind is EventKind.CLOSED:
            self._close(event)
        elif event.kind is EventKind.REOPENED:
            self._reopen(event)

    def _close(self, event: Event) -> None:
        meta = event.header.meta
        month = _month(event)
        report, figures, outside, log = (
            Digest(str(meta.get(key, ""))) for key in ("report", "figures", "outside", "log")
        )
        readable = all(map(_DIGEST.fullmatch, (report, figures, outside, log)))
        in_order = month is not None and (not self.closed or month == self.closed[-1].month.next())
        # guard: months-close-in-order
        if month is None or not in_order or not readable or event.date <= month.last:
            message = _(
                "a closing names a month that is over, the one after the last closed one, and what"
                " is kept of it"
            )
            self.report(event.header, "event", message)
            return
        marks = tuple(str(meta.get("marks", "")).split())
        closing = Closing(month, event.seq, report, figures, outside, log, marks, event.header)
        self.closed.append(closing)

    def _reopen(self, event: Event) -> None:
        month = _month(event)
        newest = self.closed[-1].month if self.closed else None
        # guard: newest-month-reopens
        if month is None or month != newest or not event.header.meta.get("reason"):
            message = _("a reopening names the last closed month, and a reason")
            self.report(event.header, "event", message)
            return
        self.closed.pop()


def _month(event: Event) -> Month | None:
    try:
        return read_month(str(event.header.meta.get("month", "")))
    except NotAMonth:
        return None
