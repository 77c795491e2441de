"""Flows that go on: what entries move that come after those that were read."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import TypeVar

from ledger.budget.ceilings import Change
from ledger.budget.ceilings import Changes
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import read_flows
from ledger.model.history import SUBSIDY_TAG
from ledger.model.ids import BatchId
from ledger.model.rules import Rules

if TYPE_CHECKING:
    from beancount.core import data

K = TypeVar("K")

# The day, the line and whether its file is read before, with or after the new one.
_Key = tuple[datetime.date, int, int]


def followed_by(
    flows: Flows, entries: Sequence[data.Directive], rules: Rules, read_after: Collection[str]
) -> Flows | None:
    """The flows with what the entries of new events move, each at the place that it has by its day.

    ``read_after`` are the files of the books that Beancount reads after events. None where an
    entry draws on a commitment: how much is left of that depends on all that comes before.
    """
    commitments = {commitment.id for commitment in rules.commitments}
    # guard: commitment-drawn-by-the-whole
    if any(commitments & (getattr(entry, "links", None) or set()) for entry in entries):
        return None
    new = read_flows(entries, rules)

    def on(before: Changes, later: Iterable[Change]) -> Changes:
        return _in_order(before, later, read_after)

    def each(before: Mapping[K, Changes], later: Mapping[K, Changes]) -> dict[K, Changes]:
        found: dict[K, Changes] = defaultdict(list)
        found.update(before)
        found.update({key: on(before.get(key, []), some) for key, some in later.items()})
        return found

    return Flows(
        budget=flows.budget,
        spent=each(flows.spent, new.spent),
        undrawn=flows.undrawn,
        received=each(flows.received, new.received),
        payable=each(flows.payable, new.payable),
        bank=on(flows.bank, new.bank),
        transit=on(flows.transit, new.transit),
        suspense=on(flows.suspense, new.suspense),
        tax=on(flows.tax, new.tax),
        owed_fen=_sums(flows.owed_fen, new.owed_fen),
        held_fen=_sums(flows.held_fen, new.held_fen),
    )


def _sums(before: Mapping[BatchId, int], later: Mapping[BatchId, int]) -> dict[BatchId, int]:
    sums: dict[BatchId, int] = defaultdict(int, before)
    for batch, amount_fen in later.items():
        sums[batch] += amount_fen
    return sums


def _in_order(before: Changes, later: Iterable[Change], read_after: Collection[str]) -> Changes:
    """The changes in the order of Beancount's entries. What many people's entries move together
    was kept as one, which has no line of its own: it stays behind the one before it.
    """
    placed: list[tuple[_Key, Change]] = []
    key: _Key = (datetime.date.min, 0, 0)
    for change in before:
        entry = change.entry
        if entry is not None and SUBSIDY_TAG not in entry.tags:
            is_read_after = entry.meta["filename"] in read_after
            key = (change.date, entry.meta["lineno"], 2 if is_read_after else 0)
        elif change.date > key[0]:
            key = (change.date, 0, 0)
        placed.append((key, change))
    for change in later:
        assert change.entry is not None, "an entry moves it"
        placed.append(((change.date, change.entry.meta["lineno"], 1), change))
    placed.sort(key=itemgetter(0))
    return [change for _key, change in placed]
