"""What a cell can hold: its type is kept, because a number where text is expected is a finding."""

from __future__ import annotations

import datetime
from typing import TypeAlias

Cell: TypeAlias = (
    str
    | int
    | float
    | bool
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
)

# First and last cell as (row, column), counted from 0.
MergedRange: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
