"""What changed in a month: the money that came, the money that was paid, budgets that changed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.base.money import nearest_fen
from ledger.books.books import Books
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import total_fen
from ledger.figures.tax_course import tax_course
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import code_of
from ledger.model.history import payee_links
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_LINE
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.transitions import EventKind

if TYPE_CHECKING:
    from beancount.core import data

RECEIVED = "received"
PAID = "paid"
BUDGETED = "budgeted"
# A reversed result has paid what it says until the day of the reversal, which says the opposite.
OF_RESULTS = (EventKind.RESULT, EventKind.REVERSED)
# Events whose entries are of money that moves at the bank; those of the others accrue subsidies.
BY_THE_BANK = (EventKind.RESULT, EventKind.STATEMENT, EventKind.EXPLAINED)


class Happening(NamedTuple):
    """Something that changed a sum: ``kind`` is received, paid or budgeted.

    ``line`` is the component ``30226劳务费``, empty for money received; ``batch`` is whose
    subsidies were paid, and ``entry`` the entry of everything else. ``people`` are those paid less
    those whose payment came back; None where nobody is counted. Without a batch they were paid
    before these books.
    """

    kind: str
    date: datetime.date
    fund: FundCode
    line: LineComponent
    amount_fen: int
    batch: BatchId = NO_BATCH
    people: int | None = None
    entry: data.Transaction | None = None
    note: str = ""


class Period(NamedTuple):
    """Days from ``first`` to ``last``."""

    first: datetime.date
    last: datetime.date

    def holds(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last


def happenings(books: Books, period: Period) -> list[Happening]:
    """Everything of some days, the largest first."""
    found = [
        *_received(books, period),
        *payments(books, period),
        *_budgeted(books, period),
    ]
    return sorted(found, key=lambda one: (-abs(one.amount_fen), one.date, one.fund, one.line))


def payments(books: Books, period: Period) -> Iterator[Happening]:
    """What was paid: of each line it adds up to what its cash payments grew by in the period."""
    yield from _paid_directly(books, period)
    yield from _paid_by_batches(books, period)
    yield from _tax_paid(books, period)
    yield from _paid_before(books, period, PAID)


def _received(books: Books, period: Period) -> Iterator[Happening]:
    before = _files_before_the_books(books)
    for fund, changes in books.flows.received.items():
        for change in changes:
            if period.holds(change.date) and _file_of(change) not in before:
                yield Happening(
                    RECEIVED, change.date, fund, NO_LINE, change.amount_fen, entry=change.entry
                )
    yield from _paid_before(books, period, RECEIVED)


def _paid_directly(books: Books, period: Period) -> Iterator[Happening]:
    """Expenses that were paid when they were entered: all but those that events accrue, and those
    that were paid before these books.
    """
    apart = _files_before_the_books(books) | {
        event.header.meta["filename"]
        for event in books.history.events
        if event.kind not in BY_THE_BANK and period.holds(event.date)
    }
    for line, changes in books.flows.spent.items():
        for change in changes:
            if period.holds(change.date) and _file_of(change) not in apart:
                yield Happening(
                    PAID, change.date, line.fund, line.line, change.amount_fen, entry=change.entry
                )


def _files_before_the_books(books: Books) -> set[str]:
    """The event files whose entries are payments that were made before these books."""
    return {
        event.header.meta["filename"]
        for event in books.history.in_force
        if event.kind is EventKind.PAID_BEFORE
    }


def _file_of(change: Change) -> str:
    """Where the entry of a change stands; empty where it has none."""
    return change.entry.meta["filename"] if change.entry is not None else ""


def _paid_before(books: Books, period: Period, kind: str) -> Iterator[Happening]:
    """What each line has paid, or its fund has received for that, before these books: as one, for
    each entry is one person's.
    """
    before = _files_before_the_books(books)
    for line, changes in books.flows.spent.items() if before else ():
        own = [one for one in changes if _file_of(one) in before and period.holds(one.date)]
        if own:
            yield Happening(
                kind, max(one.date for one in own), line.fund,
                line.line if kind == PAID else NO_LINE, total_fen(own), people=len(own),
            )  # fmt: skip


def _paid_by_batches(books: Books, period: Period) -> Iterator[Happening]:
    """The bank's results: what was paid less what came back late, by batch, fund and line."""
    sums: dict[tuple[BatchId, FundCode, LineComponent], list[int]] = defaultdict(lambda: [0, 0])
    last: dict[tuple[BatchId, FundCode, LineComponent], datetime.date] = {}
    for event in books.history.events:
        if event.kind not in OF_RESULTS or not event.batch or not period.holds(event.date):
            continue
        for entry in event.entries:
            amount_fen = _paid_fen(entry)
            if not amount_fen:
                continue
            payees = payee_links(entry)
            stage = books.history.batches[event.batch].stage
            standing = books.history.standings[stage][payees[0]]
            key = (event.batch, code_of(standing.fund), standing.line)
            sums[key][0] += amount_fen
            sums[key][1] += len(payees) if amount_fen > 0 else -len(payees)
            last[key] = event.date
    for (batch, fund, line), (amount_fen, people) in sums.items():
        if not amount_fen and not people:
            continue
        on = last[batch, fund, line]
        yield Happening(PAID, on, fund, line, amount_fen, batch=batch, people=people)


def _tax_paid(books: Books, period: Period) -> Iterator[Happening]:
    """Income tax that went to the tax office, by the lines that it was withheld of."""
    sums: dict[tuple[datetime.date, FundCode, LineComponent], int] = defaultdict(int)
    entries: dict[tuple[datetime.date, FundCode, LineComponent], data.Transaction | None] = {}
    for moved in tax_course(books.history, books.flows):
        if moved.paid_fen and period.holds(moved.date):
            key = (moved.date, *moved.line)
            sums[key] += moved.paid_fen
            entries[key] = moved.entry
    for key, amount_fen in sums.items():
        if amount_fen:
            yield Happening(PAID, *key, amount_fen, entry=entries[key])


def _paid_fen(entry: data.Transaction) -> int:
    """What the entry of a result took out of money in transit: below zero what came back."""
    return -sum(
        nearest_fen(posting.units.number)
        for posting in entry.postings
        if posting.account == TRANSIT and posting.units and posting.units.number is not None
    )


def _budgeted(books: Books, period: Period) -> Iterator[Happening]:
    """Appropriations, transfers and supplements."""
    for change in books.rules.budget:
        if period.holds(change.date):
            yield Happening(
                BUDGETED, change.date, change.fund, change.line, change.amount_fen, note=change.kind
            )
