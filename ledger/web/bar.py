"""A bar of progress: the parts of a whole one after another, each with its share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """A part of a bar: where it starts and how wide it is, in percent of the bar's width."""

    kind: str
    start: float
    width: float


def bar(whole: int, amounts: Sequence[tuple[str, int]]) -> list[Part]:
    """Each kind's share of the whole; together never more than the whole bar."""
    shown = [(kind, amount) for kind, amount in amounts if amount > 0]
    whole = max(whole, sum(amount for _kind, amount in shown))
    parts, start = [], 0.0
    for kind, amount in shown:
        width = 100 * amount / whole
        parts.append(Part(kind, round(start, 2), round(width, 2)))
        start += width
    return parts
