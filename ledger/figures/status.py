"""The state of the books on a day: budget, funds, cash, people, batches.

One source of figures: the command ``status``, the statements and the Fava pages all print
what is computed here. Amounts are integer fen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.budget.approvals import other_rules_before
from ledger.budget.approvals import rules_text
from ledger.budget.ceilings import total_fen
from ledger.events.event_entries import is_event_entry
from ledger.figures.budget_execution import Budget
from ledger.figures.budget_execution import FundStatus
from ledger.figures.budget_execution import LineStatus
from ledger.figures.budget_execution import execution
from ledger.figures.month_tax import last_day_of
from ledger.figures.tax_course import unpaid_months
from ledger.figures.waiting import Waiting
from ledger.figures.waiting import who_waits
from ledger.model.history import Batch
from ledger.model.history import EnteredLine
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent
from ledger.model.months import Month
from ledger.model.payees import Countable
from ledger.model.programme import Programme
from ledger.model.rules import ApprovalRule
from ledger.model.transitions import State
from ledger.payments.eligibility import Eligibility

# The people of towns by their states, and how many of them are blocked.
_Counts: TypeAlias = dict[TownCode, Counter[State | str]]


class Cash(Record):
    """The bank account: ``promised_fen`` is what the bank has still to debit for live batches,
    ``tax_due_fen`` what was withheld and is not at the tax office yet.

    ``in_transit_fen`` is the balance of 代发在途: zero when all debits, results and refunds are in.
    """

    bank_fen: int
    promised_fen: int
    tax_due_fen: int
    available_fen: int
    in_transit_fen: int


class Suspense(Record):
    """Statement lines that nobody has explained yet, and entries by hand that put money there.

    ``amount_fen`` is what stands in suspense: above zero what went out. ``since`` is the day of the
    oldest of them.
    """

    lines: int
    amount_fen: int
    since: datetime.date | None
    unexplained: tuple[EnteredLine, ...]


class People(Record):
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


class StageStatus(Record):
    """The people of a stage, and what was charged for it."""

    code: StageCode
    name: str
    people: People
    amount_fen: int


class TownStatus(Record):
    """The people of one town."""

    code: TownCode
    name: str
    people: People


class ApprovalStatus(Record):
    """An approval that a batch asks for: by which operator and when, None while it has it not."""

    role: str
    operator: str | None
    date: str | None


class BatchStatus(Record):
    """A batch; ``paid`` … ``awaited`` are people. ``amount_fen`` is what was charged, of which
    ``tax_fen`` was withheld and ``net_fen`` is the bank's to carry.
    """

    id: BatchId
    stage: StageCode
    date: datetime.date
    state: str
    payees: int
    amount_fen: int
    tax_fen: int
    net_fen: int
    paid: int
    returned: int
    unknown: int
    awaited: int
    seal: Seal
    approvals: tuple[ApprovalStatus, ...]


class DueTax(Record):
    """What of a month's income tax is still to be declared and paid, and until when."""

    month: Month
    due_fen: int
    until: datetime.date


class Status(Record):
    """Everything that ``status`` says."""

    as_of: datetime.date
    budget: Budget
    funds: tuple[FundStatus, ...]
    lines: tuple[LineStatus, ...]
    cash: Cash
    suspense: Suspense
    stage: StageCode
    stages: tuple[StageStatus, ...]
    payees: People
    towns: tuple[TownStatus, ...]
    waiting: tuple[Waiting, ...]
    batches: tuple[BatchStatus, ...]
    approval_rules: tuple[ApprovalRule, ...]
    tax: tuple[DueTax, ...] = ()
    rules_before: str | None = None
    registered_later: int = 0


def status(
    books: Books,
    payees: Collection[Countable],
    eligibility: Eligibility,
    on: datetime.date,
    *,
    others: Sequence[Eligibility] = (),
    registered_later: int = 0,
) -> Status:
    """The status of books that were cut off at a day (:meth:`Books.as_of`).

    ``eligibility`` is of the stage whose people are counted, ``others`` are of the other stages.
    ``payees`` are those of the day too (:meth:`Registry.people_as_of`); ``registered_later`` says
    how many came after it.
    """
    flows = books.flows
    executed = execution(books, on)
    in_force = books.rules.approvals_on(on)
    batches = books.history.batches.values()
    available_fen = max(0, books.ceilings(on).cash_fen)
    eligibilities = (eligibility, *others)
    counted = {each.stage: _counts_by_town(payees, books, each) for each in eligibilities}
    here = counted[eligibility.stage]
    return Status(
        as_of=on,
        budget=executed.budget,
        funds=executed.funds,
        lines=executed.lines,
        cash=Cash(
            total_fen(flows.bank),
            sum(flows.promised_fen.values()),
            max(0, -total_fen(flows.tax)),
            available_fen,
            total_fen(flows.transit),
        ),
        suspense=_suspense(books),
        stage=eligibility.stage,
        stages=tuple(_stages(books, counted)),
        payees=_people(here.values()),
        towns=tuple(_towns(here, books.programme)),
        waiting=tuple(
            group for each in eligibilities for group in who_waits(payees, each, books.history)
        ),
        batches=tuple(batch_status(batch) for batch in batches),
        approval_rules=in_force,
        tax=tuple(
            DueTax(one.month, one.due_fen, last_day_of(one.month))
            for one in unpaid_months(books.history, flows)
        ),
        rules_before=other_rules_before(batches, rules_text(in_force)),
        registered_later=registered_later,
    )


def _suspense(books: Books) -> Suspense:
    unexplained = tuple(line for line in books.history.lines.values() if line.suspense_fen)
    by_hand = [
        change
        for change in books.flows.suspense
        if change.entry is not None and not is_event_entry(change.entry)
    ]
    entries = {id(change.entry): change.date for change in by_hand} if total_fen(by_hand) else {}
    days = [*(line.date for line in unexplained), *entries.values()]
    return Suspense(
        lines=len(days),
        amount_fen=total_fen(books.flows.suspense),
        since=min(days, default=None),
        unexplained=unexplained,
    )


def batch_status(batch: Batch) -> BatchStatus:
    """What the lists of batches say of one."""
    counts = batch.counts
    return BatchStatus(
        id=batch.id,
        stage=batch.stage,
        date=batch.date,
        state=batch.state,
        payees=len(batch.amounts_fen),
        amount_fen=batch.gross_fen,
        tax_fen=batch.tax_fen,
        net_fen=batch.amount_fen,
        paid=counts[State.PAID],
        returned=counts[State.RETURNED],
        unknown=counts[State.UNKNOWN],
        awaited=counts[State.IN_BANK],
        seal=batch.seal,
        approvals=tuple(_approvals(batch)),
    )


def _approvals(batch: Batch) -> Iterator[ApprovalStatus]:
    for role in batch.asked.roles:
        given = batch.approvals.get(role)
        if given is None:
            yield ApprovalStatus(role.value, None, None)
        else:
            yield ApprovalStatus(role.value, given.operator, given.date.isoformat())


def batch_towns(batch: Batch) -> dict[TownComponent, tuple[int, int]]:
    """The batch's people and fen by town (code and name), in the order of codes."""
    totals: dict[TownComponent, tuple[int, int]] = {}
    for payee, (_fund, town) in batch.places.items():
        people, amount_fen = totals.get(town, (0, 0))
        totals[town] = (people + 1, amount_fen + batch.amounts_fen[payee])
    return dict(sorted(totals.items()))


def _stages(books: Books, counted: Mapping[StageCode, _Counts]) -> Iterator[StageStatus]:
    """Every stage that somebody has asked about, in their order in the rules."""
    charged_fen: Counter[StageCode] = Counter()
    for one, count in books.history.incomes_counted:
        charged_fen[one.stage] += one.gross_fen * count
    for stage in books.rules.stages:
        if stage.code in counted:
            people = _people(counted[stage.code].values())
            yield StageStatus(stage.code, stage.name, people, charged_fen[stage.code])


def _counts_by_town(payees: Iterable[Countable], books: Books, eligibility: Eligibility) -> _Counts:
    """Count payees that are active, or inactive with a history, and whom the stage owes.

    Towns stand in the order of the payees, those too of which nobody counts.
    """
    counts: _Counts = {}
    standings = books.history.standings_in(eligibility.stage)
    owed_nothing = eligibility.owed_nothing_ids
    blocked = eligibility.blocked_ids - owed_nothing
    for payee in payees:
        here = counts.get(payee.town)
        if here is None:
            here = counts[payee.town] = Counter[State | str]()
        number = payee.payee_id
        standing = standings.get(number)
        if number not in owed_nothing and (standing is not None or payee.active):
            here[standing.state if standing else State.DUE] += 1
            if number in blocked:
                here["blocked"] += 1
    return counts


def _people(some: Iterable[Counter[State | str]]) -> People:
    counts = sum(some, start=Counter[State | str]())
    return People(
        registered=sum(counts[state] for state in State),
        blocked=counts["blocked"],
        due=counts[State.DUE],
        in_bank=counts[State.IN_BANK],
        paid=counts[State.PAID],
        returned=counts[State.RETURNED],
        unknown=counts[State.UNKNOWN],
    )


def _towns(counts: _Counts, programme: Programme) -> list[TownStatus]:
    """Every town of the programme, and what is no town of it any more but has people."""
    by_town: dict[TownCode, list[Counter[State | str]]] = {
        town.code: [] for town in programme.towns
    }
    for code, here in counts.items():
        town = programme.by_code.get(code)
        by_town.setdefault(town.code if town else code, []).append(here)
    return [
        TownStatus(code, programme.town_name(code), _people(here)) for code, here in by_town.items()
    ]
