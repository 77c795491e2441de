"""One refund of the bank's for what several batches have had returned."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from math import gcd

from importers.statements.batch_money import BatchMoney

# An amount of each of some batches, in fen.
Way = tuple[tuple[str, int], ...]
# Two ways are as good as none; so many are kept to be shown.
MOST_WAYS = 8


def lump_refunds(refunding: Sequence[BatchMoney], amount_fen: int) -> list[Way]:
    """The ways in which a sum is the refund of two batches or more, eight at most.

    All that each has had returned comes first; where that does not fit, what one answer of the
    bank or one of its files has returned counts too. ``refunding`` have something to be given
    back, and none of them alone this sum.
    """
    whole = {money.id: money.refundable_fen for money in refunding}
    measure = gcd(*(money.measure_fen for money in refunding))
    if amount_fen > sum(whole.values()) or not measure or amount_fen % measure:
        return []
    return _ways({name: [fen] for name, fen in whole.items()}, amount_fen) or _ways(
        {money.id: money.refund_sums for money in refunding}, amount_fen
    )


def _ways(sums: Mapping[str, Sequence[int]], amount_fen: int) -> list[Way]:
    """The ways to make a sum of at most one of each batch's sums, of two batches or more."""
    ways: dict[int, list[Way]] = {0: [()]}
    for name, parts in sums.items():
        longer: dict[int, list[Way]] = {}
        for fen in parts:
            for total, before in ways.items():
                if total + fen <= amount_fen:
                    found = longer.setdefault(total + fen, [])
                    found += ((*way, (name, fen)) for way in before)
        for total, found in longer.items():
            ways[total] = [*ways.get(total, []), *found][:MOST_WAYS]
    return [way for way in ways.get(amount_fen, []) if len(way) > 1]
