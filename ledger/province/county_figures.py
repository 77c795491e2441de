"""A county's figures, from its books as text: money by line and month, people by where they stand.

They are rows of texts and whole numbers, so that they can be handed up, sent to another process and
added up without the books. Amounts are fen. What only the registry knows (who is due) is not in
them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ledger.books.books import Books
from ledger.budget.ceilings import total_fen
from ledger.figures.budget_execution import execution
from ledger.figures.month_tax import month_tax
from ledger.figures.month_tax import taxed_months
from ledger.figures.tax_course import tax_course
from ledger.figures.tax_course import unpaid_months
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.months import month_of
from ledger.model.transitions import State


class FundRow(NamedTuple):
    """A fund as of the day."""

    fund: str
    fund_name: str
    budget_fen: int
    received_fen: int
    accrued_fen: int
    paid_fen: int


class LineRow(NamedTuple):
    """A budget line of a fund as of the day."""

    fund: str
    line: str
    line_name: str
    budget_fen: int
    accrued_fen: int
    paid_fen: int
    committed_fen: int


class MonthRow(NamedTuple):
    """What a month has changed of a fund, and of a line of it; received and paid are the fund's."""

    month: str
    fund: str
    line: str
    budget_fen: int
    received_fen: int
    accrued_fen: int
    paid_fen: int


class PeopleRow(NamedTuple):
    """People who stand alike, since days of one month; ``since`` is the first of them."""

    month: str
    fund: str
    line: str
    stage: str
    stage_name: str
    town: str
    town_name: str
    state: str
    reason: str
    since: str
    people: int
    amount_fen: int
    tax_fen: int


class ReturnRow(NamedTuple):
    """Payments of a batch that came back for one reason; ``bank`` is the county's word."""

    batch: str
    reason: str
    bank: str
    people: int
    amount_fen: int


class RateRow(NamedTuple):
    """What a role is paid: by the rules from a day on, or as a batch was made by it."""

    batch: str
    day: str
    stage: str
    role: str
    kind: str
    rate_fen: int


class TaxRow(NamedTuple):
    """A month's income tax: what was withheld, less what was taken back, and what is unpaid."""

    month: str
    withheld_fen: int
    due_fen: int


class ClosedRow(NamedTuple):
    """A closed month, with the digest of its report."""

    month: str
    report: str


class Money(NamedTuple):
    """The bank account, and what stands between."""

    bank_fen: int
    promised_fen: int
    transit_fen: int
    tax_due_fen: int
    suspense_fen: int
    suspense_lines: int


class CountyFigures(NamedTuple):
    """Everything that is added up of a county, as of a day."""

    county: str
    county_name: str
    programme: str
    unit: str
    day: str
    newest: str
    money: Money
    funds: tuple[FundRow, ...]
    lines: tuple[LineRow, ...]
    months: tuple[MonthRow, ...]
    people: tuple[PeopleRow, ...]
    returns: tuple[ReturnRow, ...]
    rates: tuple[RateRow, ...]
    tax: tuple[TaxRow, ...]
    closed: tuple[ClosedRow, ...]

    @property
    def budget_fen(self) -> int:
        return sum(one.budget_fen for one in self.funds)

    @property
    def received_fen(self) -> int:
        return sum(one.received_fen for one in self.funds)

    @property
    def accrued_fen(self) -> int:
        return sum(one.accrued_fen for one in self.funds)

    @property
    def paid_fen(self) -> int:
        return sum(one.paid_fen for one in self.funds)

    def people_in(self, *states: str) -> int:
        return sum(row.people for row in self.people if row.state in states)

    def amount_fen_in(self, *states: str) -> int:
        """What people are owed who stand so, before tax."""
        return sum(row.amount_fen + row.tax_fen for row in self.people if row.state in states)


# What became of whose payment by which bank: the text of the books does not say banks.
Banks = dict[tuple[BatchId, str], list[tuple[str, int, int]]]


def county_figures(books: Books, on: datetime.date) -> CountyFigures:
    """The figures as of the end of a day. ``books`` are whole."""
    newest = books.ledger.newest
    closed = books.history.closed
    books = books.as_of(on)
    executed = execution(books, on)
    flows, history = books.flows, books.history
    return CountyFigures(
        county=books.programme.county_code,
        county_name=books.programme.county_name,
        programme=books.programme.name,
        unit=books.settings.unit,
        day=on.isoformat(),
        newest=newest.isoformat(),
        money=Money(
            total_fen(flows.bank),
            sum(flows.promised_fen.values()),
            total_fen(flows.transit),
            max(0, -total_fen(flows.tax)),
            total_fen(flows.suspense),
            sum(1 for line in history.lines.values() if line.suspense_fen),
        ),
        funds=tuple(
            FundRow(
                one.code, one.name, one.budget_fen, one.received_fen, one.spent_fen, one.paid_fen
            )
            for one in executed.funds
        ),
        lines=tuple(
            LineRow(
                one.fund,
                one.code,
                one.name,
                one.budget_fen,
                one.spent_fen,
                one.paid_fen,
                one.committed_fen,
            )
            for one in executed.lines
        ),
        months=tuple(sorted(_months(books))),
        people=tuple(sorted(_people(books))),
        returns=tuple(sorted(_returns(books))),
        rates=tuple(sorted(_rates(books, on))),
        tax=tuple(_tax(books)),
        closed=tuple(ClosedRow(str(one.month), one.report) for one in closed),
    )


def _months(books: Books) -> Iterator[MonthRow]:
    """Every month's changes. What of the accrued is paid is known of the fund as a whole."""
    flows = books.flows
    changes: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for what, by_line in (("budget", flows.budget), ("accrued", flows.spent)):
        for line, some in by_line.items():
            for change in some:
                month = str(month_of(change.date))
                changes[month, line.fund, code_of(line.line)][what] += change.amount_fen
                if what == "accrued":
                    changes[month, line.fund, ""]["paid"] += change.amount_fen
    for what, by_fund in (("received", flows.received), ("paid", flows.payable)):
        for fund, some in by_fund.items():
            for change in some:
                changes[str(month_of(change.date)), fund, ""][what] += change.amount_fen
    for moved in tax_course(books.history, flows):
        changes[str(month_of(moved.date)), moved.line.fund, ""]["paid"] -= moved.owed_fen
    for key, sums in changes.items():
        if any(sums.values()):
            yield MonthRow(
                *key,
                sums["budget"], sums["received"], sums["accrued"], sums["paid"],
            )  # fmt: skip


def _people(books: Books) -> Iterator[PeopleRow]:
    names = {stage.code: stage.name for stage in books.rules.stages}
    rows: dict[PeopleRow, list[tuple[str, int, int]]] = defaultdict(list)
    for stage, _payee, standing in books.history.every_standing():
        if standing.state is State.DUE:
            continue
        back = standing.returned if standing.state is State.RETURNED else None
        alike = PeopleRow(
            month=str(month_of(standing.since)),
            fund=code_of(standing.fund),
            line=code_of(standing.line),
            stage=stage,
            stage_name=names.get(stage, ""),
            town=code_of(standing.town),
            town_name=name_of(standing.town),
            state=standing.state.value,
            reason=back.reason_class if back else "",
            since="",
            people=0,
            amount_fen=0,
            tax_fen=0,
        )
        rows[alike].append((standing.since.isoformat(), standing.amount_fen, standing.tax_fen))
    for alike, some in rows.items():
        days, amounts_fen, taxes_fen = zip(*some, strict=True)
        yield alike._replace(
            since=min(days), people=len(some), amount_fen=sum(amounts_fen), tax_fen=sum(taxes_fen)
        )


def _returns(books: Books) -> Iterator[ReturnRow]:
    for batch in books.history.batches.values():
        sums: Counter[str] = Counter()
        people: Counter[str] = Counter()
        for payee, reason in batch.reasons.items():
            if batch.outcomes.get(payee) is State.RETURNED:
                people[reason] += 1
                sums[reason] += batch.amounts_fen[payee]
        for reason, count in people.items():
            yield ReturnRow(batch.id, reason, "", count, sums[reason])


def _rates(books: Books, on: datetime.date) -> Iterator[RateRow]:
    """Of the rules and of every batch that was not taken back: what was paid counts too."""
    stages = {stage.code: stage.kind.value for stage in books.rules.stages}
    for rate in books.rules.rates:
        if rate.date <= on:
            kind = stages.get(rate.stage, "")
            yield RateRow(
                NO_BATCH, rate.date.isoformat(), rate.stage, rate.role, kind, rate.amount_fen
            )
    for batch in books.history.batches.values():
        if batch.voided is None:
            for role, made_by in batch.rates.items():
                yield RateRow(
                    batch.id,
                    batch.date.isoformat(),
                    batch.stage,
                    role,
                    made_by.kind.value,
                    made_by.amount_fen,
                )


def _tax(books: Books) -> Iterator[TaxRow]:
    history = books.history
    unpaid_fen = {one.month: one.due_fen for one in unpaid_months(history, books.flows)}
    for month in taxed_months(history):
        yield TaxRow(str(month), month_tax(history, month).due_fen, unpaid_fen.get(month, 0))
