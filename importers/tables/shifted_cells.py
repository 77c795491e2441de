"""Cells of a text file that stand in the wrong column: an unquoted separator has pushed them aside.

``2020-11-02,10,000.00,`` has a cell more than its headings, and 10 where 10,000.00 was meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from importers.tables.refusals import WiderThanHeadings

SEARCHED_ROWS = 60
FEWEST_HEADINGS = 3

_NUMBER = re.compile(r"[^\w]*[0-9][0-9.,:/*+%-]*\s*")
_CUT = re.compile(r"(?:^|,)[-+¥￥]?[0-9]{1,3},0[0-9]{2}\.[0-9]{1,2}(?=,|\s|$)", re.MULTILINE)
# A line of sums is laid out as its bank likes it.
_SUMS = ("合计", "总计", "小计", "共计", "累计", "汇总", "总笔数", "总金额", "笔数")


def refuse_shifted(name: str, rows: Sequence[Sequence[str]], *, has_cut: bool) -> None:
    """Refuse rows with content beyond their headings, and amounts that the text ``has_cut``.

    Raises WiderThanHeadings.
    """
    first, width = _headings(rows)
    if not width:
        return
    for number, row in enumerate(rows[first + 1 :], first + 2):
        if has_cut and any(map(_is_cut, row, row[1:])):  # guard: no-cut-amounts
            raise WiderThanHeadings(name, number)
        # guard: no-wider-than-headings
        if len(row) > width and any(map(str.strip, row[width:])) and not _is_of_sums(row):
            raise WiderThanHeadings(name, number)


def has_cut_amounts(text: str) -> bool:
    """A quick look: whether a text separated by commas has an unquoted 10,000.00."""
    return bool(_CUT.search(text))


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The widest row of words alone: its place from 0, and its cells; no cells where none is."""
    first, width = 0, 0
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        words = [cell for cell in row if cell.strip()]
        enough = len(row) > width and len(words) >= FEWEST_HEADINGS
        if enough and not any(map(_NUMBER.fullmatch, words)):
            first, width = place, len(row)
    return first, width


def _is_of_sums(row: Sequence[str]) -> bool:
    """Whether a row begins with a word for a sum, or has labels for what stands behind them."""
    first = next(filter(None, map(str.strip, row)), "")
    return any(word in first for word in _SUMS) or any(
        cell.rstrip().endswith((":", "：")) for cell in row
    )


def _is_cut(cell: str, behind: str) -> bool:
    """Whether two cells were one amount: no amount of its own is written 000.00."""
    return bool(_CUT.fullmatch(f",{cell.strip()},{behind.strip()}"))
