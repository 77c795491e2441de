"""What needs a decision on a day: who waits for money, what money waits for a word."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from ledger.base.records import Record
from ledger.budget.ceilings import Ceilings
from ledger.figures.batch_outcomes import NOBODY
from ledger.figures.batch_outcomes import Count
from ledger.figures.budget_execution import FundStatus
from ledger.figures.budget_execution import LineStatus
from ledger.figures.status import Status
from ledger.figures.status import Suspense
from ledger.figures.waiting import Waiting
from ledger.model.history import History
from ledger.model.rules import Rules
from ledger.model.transitions import State
from ledger.payments.allocation import allocate
from ledger.payments.eligibility import Block
from ledger.payments.eligibility import DuePayment
from ledger.payments.eligibility import Eligibility


class Held(Record):
    """People whose payment is in one state: how many, how much in fen, the first since when.

    ``reasons`` count those who were returned by the class of the bank's reason, the most first.
    """

    count: Count = NOBODY
    since: datetime.date | None = None
    reasons: tuple[tuple[str, int], ...] = ()


class OpenMatters(Record):
    """What leaders have to know; every part is empty when there is nothing to decide.

    ``payable`` may be paid now and ``short`` not, for want of money; ``missing_fen`` is budget of a
    fund that has not been received. ``blocked`` wait for something else and were never sent.
    ``transit_fen`` was debited and neither paid nor refunded though the bank has answered for
    everybody. ``exceeded`` are lines of which more is paid, accrued or committed than they have;
    one that is used up as planned asks for nothing.
    """

    payable: Count
    short: Count
    missing_fen: tuple[tuple[str, int], ...]
    returned: Held
    unknown: Held
    awaited: Held
    blocked: tuple[Waiting, ...]
    suspense: Suspense
    transit_fen: int
    exceeded: tuple[LineStatus, ...]


def open_matters(
    status: Status,
    eligibilities: Sequence[Eligibility],
    history: History,
    rules: Rules,
    ceilings: Ceilings,
) -> OpenMatters:
    """What the day asks for in all stages; everything is as of it."""
    eligible = [due for each in eligibilities for due in each.eligible]
    charges = allocate(eligible, rules.funds, ceilings)
    charged = {id(charge.due) for charge in charges}
    payable = [due for due in eligible if id(due) in charged]
    short = [due for due in eligible if id(due) not in charged]
    awaited = held(history, State.IN_BANK)
    unknown = held(history, State.UNKNOWN)
    open_people = awaited.count.people + unknown.count.people
    return OpenMatters(
        payable=count_of(payable),
        short=count_of(short),
        missing_fen=tuple(missing_money(status.funds)),
        returned=held(history, State.RETURNED),
        unknown=unknown,
        awaited=awaited,
        blocked=tuple(group for group in status.waiting if is_blocked(group)),
        suspense=status.suspense,
        transit_fen=0 if open_people else status.cash.in_transit_fen,
        exceeded=tuple(line for line in status.lines if line.remaining_fen < 0),
    )


def is_blocked(group: Waiting) -> bool:
    """Whether people of the group are owed something, were never sent and may not be paid."""
    return group.oldest is None and group.reason != Block.CANCELLED


def count_of(payments: Sequence[DuePayment]) -> Count:
    return Count(len(payments), sum(due.amount_fen for due in payments))


def missing_money(funds: Iterable[FundStatus]) -> list[tuple[str, int]]:
    """The funds whose budget has not been received whole, by name."""
    return [
        (fund.name, fund.budget_fen - fund.received_fen)
        for fund in funds
        if fund.budget_fen > fund.received_fen
    ]


def held(history: History, state: State) -> Held:
    """Everyone whose payment is in a state."""
    standings = [(one, count) for one, count in history.standings_counted if one.state == state]
    if not standings:
        return Held()
    reasons: Counter[str] = Counter()
    for one, count in standings:
        if state == State.RETURNED and one.returned:
            reasons[one.returned.reason_class] += count
    return Held(
        Count(
            sum(count for _one, count in standings),
            sum(one.amount_fen * count for one, count in standings),
        ),
        min(one.since for one, _count in standings),
        tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )
