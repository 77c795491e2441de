"""Lines that add up in one order only, which is not the one in which they stand.

Some banks put the newest day on top and the lines of each day from the first to the last, or the
other way round; some mix up what was booked in one second. Days are never left: within a day, and
within a second where the lines have times, the one order is taken that the balances prove.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from itertools import pairwise

from importers.statements.body import Body

# Where balances come back the orders are tried, so many steps at most.
STEPS = 2000

Places = Sequence[int]


def proven_order(
    body: Body, amounts_fen: Sequence[int], balances_fen: Sequence[int]
) -> list[int] | None:
    """The places of all lines from the oldest to the newest; None unless one order adds up."""
    groups = _groups(body)
    if groups is None:
        return None
    before_fen = [after - fen for after, fen in zip(balances_fen, amounts_fen, strict=True)]
    # The lines of each day as they stand, where the days stand the other way round.
    backwards = bool(groups) and len(groups) > 1 and groups[0][0] > groups[-1][0]
    turned = [place for group in groups for place in (group if backwards else group[::-1])]
    if _adds_up(turned, before_fen, balances_fen):
        return turned
    return _only_order(_by_time(body, groups), before_fen, balances_fen)


def _groups(body: Body) -> list[Places] | None:
    """The places of each day, the oldest day first; None where days go both ways."""
    days = body.days
    groups: list[Places] = [
        list(places) for _day, places in groupby(range(len(days)), key=days.__getitem__)
    ]
    first = [days[group[0]] for group in groups]
    if first == sorted(set(first)):
        return groups
    return groups[::-1] if first == sorted(set(first), reverse=True) else None


def _by_time(body: Body, groups: Sequence[Places]) -> list[Places]:
    """The groups cut further by the time of day, unless some line has none."""
    times = body.times
    if "" in times:
        return list(groups)
    return [
        list(places)
        for group in groups
        for _time, places in groupby(sorted(group, key=times.__getitem__), key=times.__getitem__)
    ]


def _adds_up(order: Places, before_fen: Sequence[int], after_fen: Sequence[int]) -> bool:
    return all(after_fen[place] == before_fen[following] for place, following in pairwise(order))


def _only_order(
    groups: Sequence[Places], before_fen: Sequence[int], after_fen: Sequence[int]
) -> list[int] | None:
    """The only order in which every line begins with the balance that the one before it leaves."""
    found: list[int] | None = None
    for start in _starts(groups[0], before_fen, after_fen):
        order: list[int] = []
        balance = start
        for group in groups:
            trails = list(_trails(group, balance, before_fen, after_fen))
            if len(trails) > 1:
                return None
            if not trails:
                order = []
                break
            order += trails[0]
            balance = after_fen[order[-1]]
        if order:
            if found is not None:
                return None
            found = order
    return found


def _starts(group: Places, before_fen: Sequence[int], after_fen: Sequence[int]) -> Iterable[int]:
    """The balances with which the oldest day may begin: the one that no line leaves, or any."""
    count: dict[int, int] = defaultdict(int)
    for place in group:
        count[before_fen[place]] += 1
        count[after_fen[place]] -= 1
    over = [balance for balance, more in count.items() if more > 0]
    if over:
        return over if len(over) == 1 and count[over[0]] == 1 else []
    return list(dict.fromkeys(before_fen[place] for place in group))


def _trails(
    group: Places, start: int, before_fen: Sequence[int], after_fen: Sequence[int]
) -> Iterator[list[int]]:
    """The orders of a group that begin with a balance, two at most: more than one is none."""
    leaving: dict[int, list[int]] = defaultdict(list)
    for place in group:
        leaving[before_fen[place]].append(place)
    order: list[int] = []
    tried: list[list[int]] = [list(leaving.get(start, ()))]
    used: set[int] = set()
    steps = found = 0
    # Every line is taken and given back once; what is beyond that was tried in vain.
    most = STEPS + 3 * len(group)
    while tried and found < 2 and steps < most:
        steps += 1
        if not tried[-1]:
            tried.pop()
            if order:
                used.discard(order.pop())
            continue
        place = tried[-1].pop()
        if place in used:
            continue
        order.append(place)
        used.add(place)
        if len(order) == len(group):
            found += 1
            yield list(order)
        tried.append([other for other in leaving[after_fen[place]] if other not in used])
    if found and steps >= most:
        # Not all were tried: it may not be the only one.
        yield []
