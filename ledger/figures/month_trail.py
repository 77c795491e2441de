"""By whom and by what a month's figures are proven: approvals, closings, lines of statements."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ledger.books.books import Books
from ledger.figures.period_changes import Happening
from ledger.figures.period_changes import Period
from ledger.model.history import LINE_LINK
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import BatchId
from ledger.model.months import Month
from ledger.model.operators import Role
from ledger.model.transitions import EventKind


class StatedLine(NamedTuple):
    """Where a line of the bank stands: the number of the statement's import, its days, and which
    of the lines that it brought it is, counted from 1.
    """

    statement: str
    period: str
    place: int


class Given(NamedTuple):
    """An approval: in which role, by whom and when; nobody while it is awaited."""

    role: Role
    by: str = ""
    on: datetime.date | None = None


class ApprovedBatch(NamedTuple):
    """A batch that asks for approvals, who has made it, and what it has and awaits."""

    batch: BatchId
    people: int
    amount_fen: int
    made_by: str
    approvals: tuple[Given, ...]


class ClosedMonth(NamedTuple):
    """An earlier month that was closed, by whom and when."""

    month: Month
    by: str
    on: datetime.date


class Trail(NamedTuple):
    """What of approvals and closings is of some days, and the lines behind what happened.

    ``lines`` are by the links of their entries; ``contracts`` are the ids of commitments.
    """

    batches: tuple[ApprovedBatch, ...]
    closed: tuple[ClosedMonth, ...]
    lines: Mapping[str, StatedLine]
    contracts: frozenset[str]


def trail(books: Books, period: Period, happened: Collection[Happening]) -> Trail:
    """The trail of books that are cut off at the period's end."""
    history = books.history
    links = {
        link
        for one in happened
        if one.entry is not None
        for link in one.entry.links or ()
        if LINE_LINK.fullmatch(link)
    }
    return Trail(
        tuple(_batches(history, period)),
        tuple(_closed(history, period)),
        dict(_stated(history, links)),
        frozenset(one.id for one in books.rules.commitments),
    )


def _batches(history: History, period: Period) -> Iterator[ApprovedBatch]:
    for batch in history.batches.values():
        days = [batch.date, *(given.date for given in batch.approvals.values())]
        if batch.asked.roles and not batch.voided and any(map(period.holds, days)):
            yield ApprovedBatch(
                batch.id,
                len(batch.amounts_fen),
                batch.amount_fen,
                name_of_operator(history, batch.made_by),
                tuple(_given(history, batch, role) for role in batch.asked.roles),
            )


def _given(history: History, batch: Batch, role: Role) -> Given:
    given = batch.approvals.get(role)
    if given is None:
        return Given(role)
    return Given(role, name_of_operator(history, given.operator), given.date)


def _closed(history: History, period: Period) -> Iterator[ClosedMonth]:
    by_seq = {event.seq: event for event in history.events if event.kind is EventKind.CLOSED}
    for closing in history.closed:
        event = by_seq[closing.seq]
        if period.holds(event.date):
            by = name_of_operator(history, str(event.header.meta.get("by", "")))
            yield ClosedMonth(closing.month, by, event.date)


def name_of_operator(history: History, operator: str) -> str:
    """``O02 李某``; of somebody whom no event has named, the id."""
    known = history.operators.get(operator)
    return f"{operator} {known.name}".strip() if known else operator


def _stated(history: History, wanted: AbstractSet[str]) -> Iterator[tuple[str, StatedLine]]:
    if not wanted:
        return
    for event in history.events:
        if event.kind is EventKind.STATEMENT:
            meta = event.header.meta
            statement, period = str(meta.get("import", "")), str(meta.get("period", ""))
            for place, entry in enumerate(event.entries, 1):
                for link in wanted & (entry.links or frozenset()):
                    yield link, StatedLine(statement, period, place)
