"""The rows that could not be taken, as a workbook for whoever sent them: correct it, send it back.

It has the sheets, the headings and the cells of the original, so that people find their rows
again; the reader of rosters takes the corrected file like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Protocol

from importers.corrections.workbook_layout import excel_sheet_names
from importers.corrections.workbook_layout import row_height
from importers.corrections.workbook_layout import width_of
from importers.rosters.correction_rows import REASON
from importers.rosters.correction_rows import SOURCE
from importers.rosters.correction_rows import columns_of_return
from importers.rosters.correction_rows import source_of
from importers.rosters.marked_rows import ROW_STRUCK
from importers.rosters.merged_cells import CELL_MERGED
from importers.rosters.problems import Problem
from importers.rosters.sheets import RosterTable
from importers.rosters.words import roster_words
from importers.rosters.words import vocabulary
from importers.tables.cell_text import is_number
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from ledger.base.records import Record
from ledger.base.workbooks import Target
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file

HOW_TO = (
    "请在标红的单元格中改正（原因见最后一列，把鼠标放在单元格上也能看到），改好后把本文件原样发回；"
    "不要改动表头，不要增加或删除列，不用补齐没有退回的行。原因里的行号是“来源”一栏里的行号。"
)
TITLE_ROW, HOW_TO_ROW, HEADER_ROW = 0, 1, 2
# What Excel takes for a list of values, commas included.
LONGEST_CHOICE = 255

# Stored as text: a spreadsheet rounds longer numbers and drops leading zeros.
TEXT_FIELDS = ("identity", "account", "area", "block", "phone")
LONGEST_CELL = 32_767
# Before a value that was of several people, which is no number any more.
MERGED = "合并"
REASON_WIDTH = 44
SOURCE_WIDTH = 22
WIDEST = 28


class _Column(Record):
    """``place`` in the original's rows, None for a column that the original lacks and a problem
    needs; ``field`` is empty for columns that are not read.
    """

    title: str
    place: int | None
    field: str

    def cell(self, row: RowOfTable) -> Cell:
        """What stood there; of a column that is added, what a line above the people said."""
        if self.place is None:
            return row.role if self.field == "role" else ""
        return row.cells[self.place]


class RowOfTable(Protocol):
    """A row that goes back: ``role`` is what a line above the people said."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def cells(self) -> Sequence[Cell]: ...
    @property
    def place(self) -> str: ...


class ListOfPeople(Protocol):
    """A file that was sent, and the tables that were read of it."""

    @property
    def file(self) -> str: ...
    @property
    def tables(self) -> tuple[RosterTable, ...]: ...


class KindOfList(Record):
    """What a list is called, and how a column is headed that it lacks."""

    noun: str
    title_of: Callable[[str], str]


def _title_in_roster(field: str) -> str:
    return roster_words().headings.fields[field][0]


ROSTER = KindOfList("名册", _title_in_roster)


def write_problem_workbook(
    target: Target,
    roster: ListOfPeople,
    rows: Sequence[RowOfTable],
    problems: Sequence[Problem],
    kind: KindOfList = ROSTER,
) -> None:
    """Write ``rows`` of a list into a workbook, each with the ``problems`` that are its own.

    The same arguments give the same bytes. Raises OSError when the file cannot be written.
    """
    with workbook_file(target) as workbook:
        formats = _formats(workbook)
        bad = {(row.sheet, row.row): row for row in rows}
        pages = [(table, own) for table in roster.tables if (own := _rows_of(table, bad))]
        names = excel_sheet_names([table.sheet for table, _rows in pages])
        for (table, own), name in zip(pages, names, strict=True):
            page = workbook.add_worksheet(name)
            _write_table(
                page, formats, roster.file, table, own, _by_row(problems, table.sheet), kind
            )


def _rows_of(table: RosterTable, bad: Mapping[tuple[str, int], RowOfTable]) -> list[RowOfTable]:
    places = [(table.sheet, number) for number, _row in table.body.people]
    return [bad[place] for place in places if place in bad]


def _formats(workbook: Any) -> dict[str, Any]:
    cell = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
    wrong = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
    struck = wrong | {"font_strikeout": True}
    text, date = {"num_format": "@"}, {"num_format": "yyyy-mm-dd"}
    heading = cell | text | {"bold": True, "align": "center", "bg_color": "#D9E1F2"}
    looks = {
        "title": {"font_name": "宋体", "font_size": 16, "bold": True},
        "how_to": {"font_name": "宋体", "font_size": 11, "font_color": "#C00000"},
        "heading": heading | {"text_wrap": True},
        "wrapped": cell | text | {"text_wrap": True},
        # Smaller rather than cut off: rows are as high as sources and reasons need.
        "text": cell | text | {"shrink": True},
        "text wrong": cell | text | wrong | {"shrink": True},
        "text struck": cell | text | struck | {"shrink": True},
        "text column": text,
        "number": cell,
        "number wrong": cell | wrong,
        "number struck": cell | struck,
        "date": cell | date,
        "date wrong": cell | date | wrong,
        "date struck": cell | date | struck,
    }
    return {name: workbook.add_format(look) for name, look in looks.items()}


def _by_row(problems: Sequence[Problem], sheet: str) -> dict[int, list[Problem]]:
    """The problems of each row of a sheet, the errors first."""
    by_row: dict[int, list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: problem.severity):
        if problem.sheet == sheet:
            by_row.setdefault(problem.row, []).append(problem)
    return by_row


def _write_table(
    page: Any,
    formats: dict[str, Any],
    file: str,
    table: RosterTable,
    rows: Sequence[RowOfTable],
    problems: dict[int, list[Problem]],
    kind: KindOfList,
) -> None:
    columns = _columns(table, rows, problems, kind)
    page.write_string(TITLE_ROW, 0, _title(table, len(rows), kind), formats["title"])
    page.write_string(HOW_TO_ROW, 0, HOW_TO, formats["how_to"])
    titles = [*(column.title for column in columns), SOURCE, REASON]
    for place, title in enumerate(titles):
        page.write_string(HEADER_ROW, place, title, formats["heading"])
    for line, row in enumerate(rows, HEADER_ROW + 1):
        own = problems.get(row.row, [])
        for place, column in enumerate(columns):
            _write_cell(page, formats, line, place, column, row, own)
        reasons = [problem.message(chinese=True) for problem in own]
        source = source_of(table, row.cells) or f"{file} {row.place}"
        told = (source, "\n".join(reasons))
        for place, text in enumerate(told, len(columns)):
            page.write_string(line, place, text, formats["wrapped"])
        page.set_row(line, row_height(told, (SOURCE_WIDTH, REASON_WIDTH)))
    _lay_out(page, formats, columns, rows)


def _title(table: RosterTable, rows: int, kind: KindOfList) -> str:
    """What the reader needs to know again: the town, and the role where no column tells it."""
    town, role = table.surroundings.town, table.surroundings.role
    who = role or vocabulary().programme.words.people
    return f"{town.name if town else ''}{who}{kind.noun} 退回修改 {rows} 人"


def _columns(
    table: RosterTable,
    rows: Sequence[RowOfTable],
    problems: Mapping[int, Sequence[Problem]],
    kind: KindOfList,
) -> list[_Column]:
    """The original's columns that have a heading or content, without reasons of an earlier time,
    and those that it lacks and a problem is about: there must be a cell to correct."""
    fields = {place: field for field in table.columns for place in table.all_of(field)}
    earlier = columns_of_return(table).values()
    columns = []
    for place, title in enumerate(table.header.titles):
        if place in earlier:
            continue
        if title or any(row.cells[place] != "" for row in rows):
            field = fields.get(place, "")
            columns.append(_Column(_unambiguous(title, field), place, field))
    concerned = [problem.field for row in rows for problem in problems.get(row.row, ())]
    if table.body.sections:  # guard: role-of-the-section-kept
        concerned.append("role")
    lacking = [field for field in dict.fromkeys(concerned) if field not in table.columns]
    return [*columns, *(_Column(kind.title_of(name), None, name) for name in lacking)]


def _unambiguous(title: str, field: str) -> str:
    """普查区 was known to hold codes by its cells, of which the worst are in this file."""
    named = roster_words().headings.named(title)
    if field in ("area", "block") and named and named.field != field:
        return f"{title}编码"
    return title


def _write_cell(
    page: Any,
    formats: dict[str, Any],
    line: int,
    place: int,
    column: _Column,
    row: RowOfTable,
    problems: Sequence[Problem],
) -> None:
    cell = column.cell(row)
    own = [problem for problem in problems if column.field and problem.field == column.field]
    wrong = " wrong" if own else ""
    if any(problem.code == CELL_MERGED for problem in own):  # guard: merged-value-not-sent
        # It was of several people: as a number it would be hers alone, and none for the others.
        cell = f"{MERGED} {_text(cell, column.field)}".rstrip()
    if any(problem.code == ROW_STRUCK for problem in own):  # guard: struck-out-goes-back-struck
        wrong = " struck"
    if own:
        comment = "\n".join(problem.message(chinese=True) for problem in own)
        page.write_comment(line, place, comment, {"x_scale": 2, "y_scale": 1.5})
    if column.field in TEXT_FIELDS or isinstance(cell, str):
        text = _text(cell, column.field)[:LONGEST_CELL]
        if text:
            page.write_string(line, place, text, formats["text" + wrong])
        else:
            page.write_blank(line, place, None, formats["text" + wrong])
    elif isinstance(cell, bool):
        page.write_boolean(line, place, cell, formats["number" + wrong])
    elif isinstance(cell, int | float):
        page.write_number(line, place, cell, formats["number" + wrong])
    else:
        page.write_datetime(line, place, cell, formats["date" + wrong])


def _text(cell: Cell, field: str) -> str:
    """Lost digits stay visibly lost: as text they would look like a number to be trusted."""
    if field in ("identity", "account") and is_number(cell):
        return f"{cell:.5E}"
    return cell if isinstance(cell, str) else plain_text(cell)


def _choice(field: str) -> list[str]:
    """The values of a field that has a fixed list of them."""
    programme = vocabulary().programme
    choices = {
        "role": list(programme.role_names),
        "town": [town.name for town in programme.towns],
    }.get(field, [])
    return choices if len(",".join(choices)) <= LONGEST_CHOICE else []


def _lay_out(
    page: Any, formats: dict[str, Any], columns: Sequence[_Column], rows: Sequence[RowOfTable]
) -> None:
    for place, column in enumerate(columns):
        texts = [column.title, *(plain_text(column.cell(row)) for row in rows)]
        width = min(max(map(width_of, texts), default=0) + 2, WIDEST)
        # Whole columns, so that what is typed below the last row stays text too.
        look = formats["text column"] if column.field in TEXT_FIELDS else None
        page.set_column(place, place, max(width, 6), look)
        choice = _choice(column.field)
        if choice:
            page.data_validation(
                HEADER_ROW + 1, place, HEADER_ROW + len(rows), place,
                {"validate": "list", "source": choice},
            )  # fmt: skip
    page.set_column(len(columns), len(columns), SOURCE_WIDTH)
    page.set_column(len(columns) + 1, len(columns) + 1, REASON_WIDTH)
    page.set_row(TITLE_ROW, 28)
    page.freeze_panes(HEADER_ROW + 1, 0)
    print_as_list(page, HEADER_ROW)
