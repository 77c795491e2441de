"""Lays a town's rows out on sheets, as its layout wants, and says where each row came to stand."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import Enum
from itertools import groupby
from random import Random

from samples.county import ENUMERATOR
from samples.county import SUPERVISOR
from samples.layouts import Layout
from samples.office import Worker
from samples.typing_habits import as_typed

SUBSIDY_YUAN = 800
Cell = str | int | float


class Kind(Enum):
    """What a line of a sheet is: it decides how the line looks."""

    TITLE = "title"
    NOTE = "note"
    HEADING = "heading"
    PERSON = "person"
    TOTAL = "total"
    FOOTER = "footer"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line: what it says, and what is wrong with it.

    ``spoiled`` replaces the cells of some fields; ``defect`` is the code that a reader should
    give, ``defect_field`` where, ``what`` the story. ``corrected`` is the row that answers it.
    """

    worker: Worker
    spoiled: Mapping[str, Cell] = dataclass_field(default_factory=dict)
    defect: str = ""
    defect_field: str = ""
    what: str = ""
    corrected: Worker | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: ``line`` counts from 1, as spreadsheets do."""

    sheet: str
    line: int
    row: Row


@dataclass(frozen=True)
class Sheet:
    """``merges`` are (first line, first column, last line, last column), counted from 0."""

    name: str
    fields: tuple[str, ...]
    lines: tuple[Line, ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False


def lay_out(
    layout: Layout, rows: Sequence[Row], random: Random, *, former: Sequence[Worker] = ()
) -> tuple[list[Sheet], list[Place]]:
    """The sheets of a roster and the places of its rows; ``former`` go on the hidden sheet."""
    sheets, places = [], []
    for name, rows_of_sheet in zip(layout.sheets, _split(layout, rows), strict=True):
        sheet, found = _lay_out_sheet(name, layout, rows_of_sheet, random)
        sheets.append(sheet)
        places += found
    if layout.hidden_sheet:
        old_rows = [Row(worker) for worker in former]
        old, _ = _lay_out_sheet(layout.hidden_sheet, layout, old_rows, random, hidden=True)
        sheets.append(old)
    sheets += [Sheet(name, (), ()) for name in layout.empty_sheets]
    return sheets, places


def _split(layout: Layout, rows: Sequence[Row]) -> list[list[Row]]:
    if len(layout.sheets) == 1 and not layout.supervisors_last:
        return [list(rows)]
    by_role = [
        [row for row in rows if row.worker.post.role == role] for role in (ENUMERATOR, SUPERVISOR)
    ]
    return by_role if len(layout.sheets) == 2 else [by_role[0] + by_role[1]]


def _lay_out_sheet(
    name: str, layout: Layout, rows: Sequence[Row], random: Random, *, hidden: bool = False
) -> tuple[Sheet, list[Place]]:
    width = len(layout.parsed_columns)
    lines, merges = _preamble(layout, width)
    heading_lines, heading_merges = _headings(layout, first_line=len(lines))
    lines += heading_lines
    merges += heading_merges
    places = []
    for number, row in enumerate(rows, 1):
        lines.append(Line(Kind.PERSON, _cells(layout, number, row, random)))
        places.append(Place(name, len(lines), row))
        if layout.blank_every and number % layout.blank_every == 0:
            lines.append(Line(Kind.BLANK))
    if layout.total:
        lines.append(Line(Kind.TOTAL, _total(layout, len(rows))))
    if layout.footer:
        lines += [Line(Kind.BLANK), Line(Kind.FOOTER, layout.footer)]
    fields = tuple(column.field for column in layout.parsed_columns)
    return Sheet(name, fields, tuple(lines), tuple(merges), hidden), places


def _preamble(layout: Layout, width: int) -> tuple[list[Line], list[tuple[int, int, int, int]]]:
    lines: list[Line] = []
    merges = []
    for text in layout.preamble:
        if text:
            titled = any(line.kind is Kind.TITLE for line in lines)
            merges.append((len(lines), 0, len(lines), width - 1))
            lines.append(Line(Kind.NOTE if titled else Kind.TITLE, (text,)))
        else:
            lines.append(Line(Kind.BLANK))
    return lines, merges


def _headings(
    layout: Layout, *, first_line: int
) -> tuple[list[Line], list[tuple[int, int, int, int]]]:
    """One line of headings; two where some stand in groups, with the merges of both kinds."""
    columns = layout.parsed_columns
    if not any(column.group for column in columns):
        return [Line(Kind.HEADING, tuple(column.heading for column in columns))], []
    upper: list[str] = []
    merges = []
    for group, members in groupby(enumerate(columns), key=lambda numbered: numbered[1].group):
        places = [place for place, _ in members]
        if group:
            upper += [group] + [""] * (len(places) - 1)
            merges.append((first_line, places[0], first_line, places[-1]))
        else:
            upper += [columns[place].heading for place in places]
            merges += [(first_line, place, first_line + 1, place) for place in places]
    lower = tuple(column.heading if column.group else "" for column in columns)
    return [Line(Kind.HEADING, tuple(upper)), Line(Kind.HEADING, lower)], merges


def _cells(layout: Layout, number: int, row: Row, random: Random) -> tuple[Cell, ...]:
    content = _content(layout, number, row.worker)
    cells: list[Cell] = []
    for column in layout.parsed_columns:
        spoiled = row.spoiled.get(column.field)
        cell = content[column.field] if spoiled is None else spoiled
        if isinstance(cell, str) and spoiled is None:
            cell = as_typed(column.field, cell, layout.habits, random)
        cells.append(cell)
    return tuple(cells)


def _content(layout: Layout, number: int, worker: Worker) -> dict[str, Cell]:
    person, post = worker.person, worker.post
    code = layout.code or post.town.code
    block = post.block.replace(post.town.code, code, 1)
    return {
        "number": number,
        "name": person.name,
        "sex": person.sex,
        "age": person.age,
        "identity": person.identity,
        "role": layout.supervisor_word if post.role == SUPERVISOR else post.role,
        "town": layout.town_word or post.town.name,
        "area_name": post.area_name,
        "area": post.area.replace(post.town.code, code, 1),
        "block": block[-3:] if layout.short_blocks else block,
        "phone": person.phone,
        "bank": person.bank,
        "account": person.account,
        "bank_name": person.bank_name,
        "amount": SUBSIDY_YUAN,
        "note": "",
    }


def _total(layout: Layout, count: int) -> tuple[Cell, ...]:
    """合计 in the first column, the head count under the names, the sum under the amounts."""
    known: dict[str, Cell] = {"name": f"{count}人", "amount": count * SUBSIDY_YUAN}
    others = layout.parsed_columns[1:]
    return ("合计", *(known.get(column.field, "") for column in others))
