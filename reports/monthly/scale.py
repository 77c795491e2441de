"""Where days and amounts stand in a chart, and which round amounts stand beside it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from ledger.base.records import Record

# A round number is one of these times a power of ten.
ROUND = (1, 2, 2.5, 5, 10)


class Span(Record):
    """Values from ``low`` to ``high`` that stand from ``start`` to ``end`` on paper, in points."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def days_span(first: datetime.date, last: datetime.date, start: float, end: float) -> Span:
    """Days by their ordinals; the first begins at ``start``, the last is over at ``end``."""
    return Span(first.toordinal(), last.toordinal() + 1, start, end)


def round_steps(highest_fen: int, most: int = 6) -> list[int]:
    """Round values from 0 to one that is not below ``highest_fen``, ``most`` steps at the most.

    Each is a whole number of fen.
    """
    needed = max(highest_fen, 1) / most
    power = 1.0
    while power * ROUND[-1] < needed:
        power *= 10
    # Upwards: a step of 2.5 fen that became 2 would make one step too many.
    step = math.ceil(next(power * factor for factor in ROUND if power * factor >= needed))
    count = -(-max(highest_fen, 1) // step)
    return [step * number for number in range(count + 1)]


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Heights near those wanted, ``apart`` points from one another, within ``low`` and ``high``.

    The order is kept; of equal heights the first is the highest.
    """
    order = sorted(range(len(wanted)), key=lambda place: (-wanted[place], place))
    heights = dict.fromkeys(order, 0.0)
    ceiling = high
    for place in order:
        heights[place] = min(wanted[place], ceiling)
        ceiling = heights[place] - apart
    floor = low
    for place in reversed(order):
        heights[place] = max(heights[place], floor)
        floor = heights[place] + apart
    return [heights[place] for place in range(len(wanted))]
