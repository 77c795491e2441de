"""How budget, money received and spending have grown, day by day, all funds together."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from ledger.base.records import Record
from ledger.budget.ceilings import Changes
from ledger.budget.ceilings import Flows

# The days on which a sum changed and what it was after them, in fen, the earliest first.
Steps = tuple[tuple[datetime.date, int], ...]


class Cumulative(Record):
    """Cumulative sums: ``spent`` is accrued, ``paid`` is cash."""

    budget: Steps
    received: Steps
    spent: Steps
    paid: Steps


def course(flows: Flows) -> Cumulative:
    """The course of books that were cut off at a day."""
    spent = list(flows.spent.values())
    return Cumulative(
        budget=steps(flows.budget.values()),
        received=steps(flows.received.values()),
        spent=steps(spent),
        paid=steps([*spent, *flows.payable.values(), flows.tax]),
    )


def steps(changes: Iterable[Changes]) -> Steps:
    """The cumulative sum of all changes; days on which they cancel out are left out."""
    by_day: Counter[datetime.date] = Counter()
    for some in changes:
        for change in some:
            by_day[change.date] += change.amount_fen
    days = sorted(day for day, fen in by_day.items() if fen)
    return tuple(zip(days, accumulate(by_day[day] for day in days), strict=True))


def sum_on(some: Steps, day: datetime.date) -> int:
    """The sum at the end of a day."""
    return max((step for step in some if step[0] <= day), default=(day, 0))[1]
