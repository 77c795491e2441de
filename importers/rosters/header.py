"""The headings of a roster: a person, and a number of hers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importers.rosters.words import roster_words
from importers.rosters.words import speaks_of_others
from importers.tables.cell_text import number_text
from importers.tables.cells import Cell
from importers.tables.headings import Headings
from importers.tables.headings import filled
from importers.tables.headings import headings_at

LONGEST_GROUP = 8
FEWEST_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand and what they mean.

    ``first`` and ``last`` are rows counted from 0, the same for a single line. ``columns`` maps
    a field to its column. ``titles`` has a heading for every column, ``texts`` every heading
    as :func:`spoken` spells it. ``beside`` are the columns of numbers of a second table to the
    right: name and number are headed as in the first.
    """

    first: int
    last: int
    columns: dict[str, int]
    titles: tuple[str, ...]
    texts: frozenset[str]
    beside: tuple[int, ...]
    score: tuple[int, int, int]


def header_at(cells: Sequence[Sequence[Cell]], row: int) -> Header | None:
    """The headings that begin in a row (from 0), if they name a person and a number of hers.

    The ``score`` is higher for headings that say more.
    """
    found = filter(_is_roster, headings_at(cells, row, roster_words().headings))
    best = max(found, key=lambda headings: headings.rank, default=None)
    if best is None:
        return None
    return Header(
        first=best.first,
        last=best.last,
        columns={field: columns[0] for field, columns in best.columns.items()},
        titles=best.titles,
        texts=best.texts,
        beside=_beside(best),
        score=best.rank,
    )


def _is_roster(headings: Headings) -> bool:
    columns = headings.columns
    person = "name" in columns or "bank_name" in columns
    number = "identity" in columns or "account" in columns
    return person and number and len(columns) >= FEWEST_FIELDS


def _beside(headings: Headings) -> tuple[int, ...]:
    """The columns of identity numbers and accounts that a second table to the right has."""
    words = roster_words().headings
    above = words.texts(headings.above[-1]) if headings.above else [""] * len(headings.titles)
    # What reaches over a column from the row above its heading, unless that is a title.
    groups = list(filled([text if len(text) <= LONGEST_GROUP else "" for text in above]))

    def of_worker(field: str) -> list[int]:
        return [
            column
            for column in sorted(headings.all_of(field))
            if words.named(headings.titles[column])
            and not speaks_of_others(groups[column] + headings.whole[column])
        ]

    if len(of_worker("name")) < 2:
        return ()
    return (*of_worker("identity")[1:], *of_worker("account")[1:])


def settle_places(columns: dict[str, int], rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Columns headed 普查区 or 普查小区 hold codes in one town, names in the next: look at them.

    Returns the columns with ``area``, ``area_name`` and ``block`` only; a column of the names
    of blocks is left out.
    """
    settled = dict(columns)
    area = settled.pop("area_or_name", None)
    if area is not None:
        coded = "area" not in settled and _holds_codes(rows, area)
        settled.setdefault("area" if coded else "area_name", area)
    block = settled.pop("block_or_name", None)
    if block is not None and _holds_codes(rows, block):
        settled.setdefault("block", block)
    return settled


def _holds_codes(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    texts = [number_text(row[column]) for row in rows if row[column] != ""]
    return sum(map(str.isdecimal, texts)) * 2 > len(texts)
