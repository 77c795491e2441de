"""The state of the books on a day: budget, funds, cash, people, batches.

One source of figures: the command ``status``, the statements and the Fava pages all print
what is computed here. Amounts are integer fen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.accounts import code_of
from ledger.accounts import name_of
from ledger.availability import Ceilings
from ledger.availability import Flows
from ledger.availability import Line
from ledger.availability import total
from ledger.books import Books
from ledger.claims import Claims
from ledger.claims import state_of
from ledger.events import is_event_entry
from ledger.history import Batch
from ledger.history import EnteredLine
from ledger.history import History
from ledger.payees import Payee
from ledger.rules import Fund
from ledger.towns import towns
from ledger.transitions import EventKind
from ledger.transitions import State
from ledger.waiting import Waiting
from ledger.waiting import who_waits


@dataclass(frozen=True, slots=True)
class Budget:
    """All funds together: ``spent`` is accrued, ``paid`` is cash."""

    total: int
    received: int
    spent: int
    paid: int
    committed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class FundStatus:
    """A fund: what it may still be charged is ``available``, never below zero."""

    code: str
    name: str
    budget: int
    received: int
    spent: int
    paid: int
    available: int


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A budget line of a fund; ``committed`` is what contracts have not yet drawn."""

    fund: str
    code: str
    name: str
    budget: int
    spent: int
    paid: int
    committed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Cash:
    """The bank account: ``promised`` is what the bank has still to debit for live batches.

    ``in_transit`` is the balance of 代发在途: zero when all debits, results and refunds are in.
    """

    bank: int
    promised: int
    available: int
    in_transit: int


@dataclass(frozen=True, slots=True)
class Suspense:
    """Statement lines that nobody has explained yet, and entries by hand that put money there.

    ``amount`` is what stands in suspense: above zero what went out.
    """

    lines: int
    amount: int
    unexplained: tuple[EnteredLine, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Counts of people: registered = due + in_bank + paid + returned + unknown.

    ``blocked`` is the part of due and returned that may not be paid now.
    """

    registered: int
    blocked: int
    due: int
    in_bank: int
    paid: int
    returned: int
    unknown: int


@dataclass(frozen=True, slots=True)
class TownStatus:
    """The people of one town."""

    code: str
    name: str
    people: People


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """A batch; ``paid`` … ``awaited`` are people, ``amount`` is fen."""

    id: str
    date: datetime.date
    state: str
    payees: int
    amount: int
    paid: int
    returned: int
    unknown: int
    awaited: int
    seal: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that ``status`` says."""

    as_of: datetime.date
    budget: Budget
    funds: tuple[FundStatus, ...]
    lines: tuple[LineStatus, ...]
    cash: Cash
    suspense: Suspense
    payees: People
    towns: tuple[TownStatus, ...]
    waiting: tuple[Waiting, ...]
    batches: tuple[BatchStatus, ...]
    registered_later: int = 0


def status(
    books: Books,
    payees: Sequence[Payee],
    claims: Claims,
    on: datetime.date,
    *,
    registered_later: int = 0,
) -> Status:
    """The status of books that were cut off at a day (:meth:`Books.as_of`).

    ``payees`` are those of the day too (:meth:`Registry.payees_as_of`); ``registered_later`` says
    how many came after it.
    """
    flows = books.flows
    available = books.ceilings(on)
    lines = tuple(_lines(flows, books.history))
    funds = tuple(_fund(fund, flows, lines, available) for fund in books.rules.funds)
    bank = total(flows.bank)
    return Status(
        as_of=on,
        budget=_budget(funds, lines),
        funds=funds,
        lines=lines,
        cash=Cash(bank, sum(flows.promised.values()), max(0, available.cash), total(flows.transit)),
        suspense=_suspense(books),
        payees=_people(payees, books, claims.blocked_ids),
        towns=tuple(_towns(payees, books, claims.blocked_ids)),
        waiting=tuple(who_waits(payees, claims, books.history)),
        batches=tuple(batch_status(batch) for batch in books.history.batches.values()),
        registered_later=registered_later,
    )


def _suspense(books: Books) -> Suspense:
    unexplained = tuple(line for line in books.history.lines.values() if line.suspense_fen)
    by_hand = [
        change
        for change in books.flows.suspense
        if change.entry is not None and not is_event_entry(change.entry)
    ]
    entries = {id(change.entry) for change in by_hand} if total(by_hand) else set()
    amount_fen = total(books.flows.suspense)
    return Suspense(len(unexplained) + len(entries), amount_fen, unexplained)


def batch_status(batch: Batch) -> BatchStatus:
    """What the lists of batches say of one."""
    return BatchStatus(
        id=batch.id,
        date=batch.date,
        state=batch.state,
        payees=len(batch.payees),
        amount=batch.amount_fen,
        paid=batch.counts[State.PAID],
        returned=batch.counts[State.RETURNED],
        unknown=batch.counts[State.UNKNOWN],
        awaited=batch.counts[State.IN_BANK],
        seal=batch.seal,
    )


def batch_towns(books: Books, batch: Batch) -> dict[str, tuple[int, int]]:
    """The batch's people and fen by town (code and name), in the order of codes."""
    totals: dict[str, tuple[int, int]] = {}
    for event in books.history.events:
        if event.kind != EventKind.PREPARED or event.batch != batch.id:
            continue
        for entry in event.entries:
            town = entry.postings[0].account.rpartition(":")[2]
            people, amount_fen = totals.get(town, (0, 0))
            payee = str(entry.meta["payee-id"])
            totals[town] = (people + 1, amount_fen + batch.payees[payee])
    return dict(sorted(totals.items()))


def _budget(funds: Sequence[FundStatus], lines: Sequence[LineStatus]) -> Budget:
    return Budget(
        total=sum(line.budget for line in lines),
        received=sum(fund.received for fund in funds),
        spent=sum(line.spent for line in lines),
        paid=sum(fund.paid for fund in funds),
        committed=sum(line.committed for line in lines),
        remaining=sum(line.remaining for line in lines),
    )


def _lines(flows: Flows, history: History) -> list[LineStatus]:
    owed: Counter[Line] = Counter()
    for standing in history.standings.values():
        if standing.state in (State.IN_BANK, State.RETURNED, State.UNKNOWN):
            owed[Line(code_of(standing.fund), standing.line)] += standing.amount_fen
    lines = []
    for line in flows.lines():
        budget = total(flows.budget.get(line, ()))
        spent = total(flows.spent.get(line, ()))
        committed = total(flows.undrawn.get(line, ()))
        lines.append(
            LineStatus(
                fund=line.fund,
                code=code_of(line.line),
                name=name_of(line.line),
                budget=budget,
                spent=spent,
                paid=spent - owed[line],
                committed=committed,
                remaining=budget - spent - committed,
            )
        )
    return lines


def _fund(fund: Fund, flows: Flows, lines: Sequence[LineStatus], available: Ceilings) -> FundStatus:
    of_fund = [line for line in lines if line.fund == fund.code]
    spent = sum(line.spent for line in of_fund)
    room = sum(max(0, available.lines[line]) for line in available.lines if line.fund == fund.code)
    return FundStatus(
        code=fund.code,
        name=fund.name,
        budget=sum(line.budget for line in of_fund),
        received=total(flows.received.get(fund.code, ())),
        spent=spent,
        paid=spent + total(flows.payable.get(fund.code, ())),
        available=max(0, min(room, available.funds[fund.code], available.cash)),
    )


def _people(payees: Sequence[Payee], books: Books, blocked: set[str]) -> People:
    """Count payees that are active, or inactive with a history."""
    states: Counter[State] = Counter()
    held = 0
    for payee in payees:
        if payee.active or payee.payee_id in books.history.standings:
            states[state_of(payee.payee_id, books.history)] += 1
            held += payee.payee_id in blocked
    return People(
        registered=states.total(),
        blocked=held,
        due=states[State.DUE],
        in_bank=states[State.IN_BANK],
        paid=states[State.PAID],
        returned=states[State.RETURNED],
        unknown=states[State.UNKNOWN],
    )


def _towns(payees: Sequence[Payee], books: Books, blocked: set[str]) -> list[TownStatus]:
    by_town: dict[str, list[Payee]] = {town.code: [] for town in towns()}
    for payee in payees:
        by_town[payee.town].append(payee)
    return [
        TownStatus(town.code, town.name, _people(by_town[town.code], books, blocked))
        for town in towns()
    ]
