"""The headings of a roster, in one line or in two, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from importers.rosters.words import field_at_end
from importers.rosters.words import field_named
from importers.rosters.words import speaks_of_others
from importers.rosters.words import squeezed
from importers.tables.cell_text import number_text
from importers.tables.cells import Cell

LONGEST_HEADING = 40
LONGEST_GROUP = 8
FEWEST_FIELDS = 3

_NOT_A_HEADING = re.compile("[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand and what they mean.

    ``first`` and ``last`` are rows counted from 0, the same for a single line. ``columns`` maps
    a field to its column. ``titles`` has a heading for every column, ``texts`` every heading
    as it stands, squeezed. ``beside`` are the columns of numbers of a second table to the right:
    name and number are headed as in the first.
    """

    first: int
    last: int
    columns: dict[str, int]
    titles: tuple[str, ...]
    texts: frozenset[str]
    beside: tuple[int, ...]
    score: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Heading:
    """What one column may be called, the best first; ``joined`` when the best is group and word."""

    options: tuple[str, ...]
    joined: bool


def header_at(cells: Sequence[Sequence[Cell]], row: int) -> Header | None:
    """The headings that begin in a row (from 0), if they name a person and a number of hers.

    The ``score`` is higher for headings that say more.
    """
    best: Header | None = None
    for lines in (1, 2):
        headings = _headings(cells, row, lines)
        columns, titles, joined = _fields_of(headings)
        score = (len(columns), joined, -lines)
        if _is_roster(columns) and (best is None or score > best.score):
            texts = {squeezed(text) for line in cells[row : row + lines] for text in _line(line)}
            best = Header(
                first=row,
                last=row + lines - 1,
                columns=columns,
                titles=titles,
                texts=frozenset(texts - {""}),
                beside=_beside(headings, _groups_above(cells, row)),
                score=score,
            )
    return best


def has_data(row: Sequence[Cell]) -> bool:
    """Whether a row holds numbers or long runs of digits, as a person's does."""
    return any(bool(_NOT_A_HEADING.search(cell)) if isinstance(cell, str) else True for cell in row)


def _groups_above(cells: Sequence[Sequence[Cell]], row: int) -> list[str]:
    """What reaches over each column from the row above its heading, unless that is a title."""
    above = _line(cells[row - 1]) if row else [""] * len(cells[row])
    texts = [text if len(text) <= LONGEST_GROUP else "" for text in above]
    return list(_filled(texts))


def _beside(headings: list[_Heading], groups: list[str]) -> tuple[int, ...]:
    """The columns of identity numbers and accounts that a second table to the right has."""
    columns: dict[str, list[int]] = {}
    for column, (heading, group) in enumerate(zip(headings, groups, strict=True)):
        found = next(filter(None, map(field_named, heading.options)), None)
        if found and not speaks_of_others(group + heading.options[0]):
            columns.setdefault(found[0], []).append(column)
    if len(columns.get("name", ())) < 2:
        return ()
    return tuple(
        column for field in ("identity", "account") for column in columns.get(field, ())[1:]
    )


def _is_roster(columns: dict[str, int]) -> bool:
    person = "name" in columns or "bank_name" in columns
    number = "identity" in columns or "account" in columns
    return person and number and len(columns) >= FEWEST_FIELDS


def _headings(cells: Sequence[Sequence[Cell]], row: int, lines: int) -> list[_Heading]:
    """A heading for each column; an empty list when the rows cannot be headings."""
    upper = _line(cells[row])
    if lines == 1:
        return [_Heading((text,) if text else (), False) for text in upper]
    if row + 1 >= len(cells) or has_data(cells[row + 1]):
        return []
    lower = _line(cells[row + 1])
    headings = []
    for own, group, word in zip(upper, _filled(upper), lower, strict=True):
        if not word:
            headings.append(_Heading((own,) if own else (), False))
        elif group:
            headings.append(_Heading((group + word, word), True))
        else:
            headings.append(_Heading((word,), False))
    return headings


def _line(row: Sequence[Cell]) -> list[str]:
    return [
        cell.strip() if isinstance(cell, str) and len(cell) <= LONGEST_HEADING else ""
        for cell in row
    ]


def _filled(texts: list[str]) -> Iterator[str]:
    """The text that reaches over each column: a merged cell keeps it in its first column."""
    reaching = ""
    for text in texts:
        reaching = text or reaching
        yield reaching


def _fields_of(headings: list[_Heading]) -> tuple[dict[str, int], tuple[str, ...], int]:
    """(field -> column, a title for each column, how many were recognised by their group)."""
    titles = [heading.options[0] if heading.options else "" for heading in headings]
    ranked: dict[str, tuple[int, int]] = {}
    joined = 0
    for column, heading in enumerate(headings):
        for place, option in enumerate(heading.options):
            found = field_named(option)
            if found:
                field, rank = found
                ranked[field] = min(ranked.get(field, (rank, column)), (rank, column))
                titles[column] = option
                joined += heading.joined and place == 0
                break
    named = {column for _rank, column in ranked.values()}
    for field, rank, column in _longer_headings(headings):
        if column not in named and (field not in ranked or ranked[field][1] not in named):
            ranked[field] = min(ranked.get(field, (rank, column)), (rank, column))
            titles[column] = headings[column].options[-1]
    return {field: column for field, (_rank, column) in ranked.items()}, tuple(titles), joined


def _longer_headings(headings: list[_Heading]) -> Iterator[tuple[str, int, int]]:
    """(field, rank, column) by the last words of headings that are not known exactly."""
    for column, heading in enumerate(headings):
        if heading.options and not any(map(field_named, heading.options)):
            found = field_at_end(heading.options[-1])
            if found:
                yield (*found, column)


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
