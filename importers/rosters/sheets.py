"""Which sheets of a file are rosters, and what their headings and surroundings say."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from importers.rosters.body import Body
from importers.rosters.body import read_body
from importers.rosters.check_digits import is_right_identity
from importers.rosters.checks import IDENTITY
from importers.rosters.combined_columns import apart
from importers.rosters.header import Header
from importers.rosters.header import settle_places
from importers.rosters.merged_cells import filled_down
from importers.rosters.posts import Surroundings
from importers.rosters.return_columns import return_columns
from importers.rosters.role_columns import Ticks
from importers.rosters.role_columns import is_of_jobs
from importers.rosters.role_columns import with_named_roles
from importers.rosters.surroundings import surroundings_of
from importers.rosters.tables import Table
from importers.rosters.tables import find_tables
from importers.rosters.words import roster_words
from importers.rosters.words import vocabulary
from importers.tables.cell_text import HAS_HANZI
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.workbook_marks import SheetMarks
from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import mark
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.model.programme import Posts
from ledger.model.towns import Town

IDENTITY_CHARACTERS = 18
REQUIRED = ("name", "identity", "role", "area", "bank", "account")
WORDS_LISTED = 3


class NoRosterHeader(Refusal):
    """No sheet has a row of headings."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no row of headings was found among the first rows; it must name at least "
            "{name}, {identity} and {account}"
        )
        words = {field: heading_words(field) for field in ("name", "identity", "account")}
        super().__init__(message.format(file=file, **words))


class MissingColumns(Refusal):
    """The headings were found, but not all that is needed."""

    def __init__(self, file: str, sheet: str, fields: Sequence[str]) -> None:
        place = f"{file} {sheet}".rstrip()
        columns = listed(roster_words().headings.fields[field][0] for field in fields)
        message = _(
            "{place}: no column was recognised as {columns}; if the table has it, change its "
            "heading to that; if not, add it, or ask for the roster again"
        )
        super().__init__(
            message.format(place=place, columns=columns), sheet=sheet, fields=list(fields)
        )


class NoRows(Refusal):
    """Headings, and nobody below them."""

    def __init__(self, file: str) -> None:
        message = _("{file}: nobody is listed below the headings; ask for the filled roster")
        super().__init__(message.format(file=file))


class TownUnknown(Refusal):
    """Neither the file's name, nor its titles, its sheets or a column name the town."""

    def __init__(self, file: str, sheet: str) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _("{place}: nothing says which town the roster is from: say which")
        super().__init__(message.format(place=place), sheet=sheet)


class TablesSideBySide(Refusal):
    """Of two tables to the left and right only one would be read."""

    def __init__(self, file: str, sheet: str) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: two tables of people stand side by side; move the right one below the left "
            "one, or onto a sheet of its own, and save; if those at the left are not to be paid, "
            "delete them"
        )
        super().__init__(message.format(place=place), sheet=sheet)


class TwoPeopleInARow(Refusal):
    """Each row names two people, and only one of them has the numbers beside her."""

    def __init__(self, file: str, sheet: str, headings: Sequence[str]) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: each row has several people, under {columns}; keep the columns of those who "
            "are to be paid, and give everybody else who is paid a row of her own"
        )
        super().__init__(
            message.format(place=place, columns=listed(headings)),
            sheet=sheet,
            columns=list(headings),
        )


class SheetWithoutHeadings(Refusal):
    """A sheet that is not read has identity numbers of people who stand on no other."""

    def __init__(self, file: str, sheet: str, row: int) -> None:
        message = _(
            "{file}: sheet {sheet} has people from row {row} on and no headings, so that they "
            "would be left out; copy the headings above them, or delete the sheet if it is not "
            "needed"
        )
        super().__init__(message.format(file=file, sheet=sheet, row=row), sheet=sheet, row=row)


class PeopleInColumns(Refusal):
    """The headings stand in the first column, and each person is a column."""

    def __init__(self, file: str, sheet: str) -> None:
        place = f"{file} {sheet}".rstrip()
        message = _(
            "{place}: the headings stand below one another in the first column; turn the table, so "
            "that each person is a row, and save"
        )
        super().__init__(message.format(place=place), sheet=sheet)


_NOTES = {
    "hidden_sheet": mark("Sheet {sheet} is hidden and was not read"),
    "hidden_people": mark(
        "Sheet {sheet} is hidden and was not read; from row {row} on it has people who stand on no "
        "other sheet: if they are to be paid, unhide it and import the file again"
    ),
    "no_header": mark("Sheet {sheet} has no headings of a roster and was not read"),
    "no_people": mark("Sheet {sheet} has headings and nobody below them"),
}


class SheetNote(Record):
    """A sheet that was left out, and why."""

    sheet: str
    code: str
    row: int = 0

    def message(self) -> str:
        return gettext(_NOTES[self.code]).format(sheet=self.sheet, row=self.row)


class RosterTable(Record):
    """A table of people on a sheet. ``columns`` maps a field to its place in the rows, ``others``
    to those of further columns that fit it. ``returned`` are the columns of a workbook that was
    sent back, ``marks`` what the workbook says of rows and cells.
    """

    sheet: str
    header: Header
    columns: dict[str, int]
    others: dict[str, tuple[int, ...]]
    ticks: Ticks
    body: Body
    surroundings: Surroundings
    returned: Mapping[str, int]
    marks: SheetMarks

    @property
    def last_row(self) -> int:
        """The last row that is told of, as the spreadsheet counts; 0 for a table without rows."""
        numbers = [number for number, _row in (*self.body.people, *self.body.skipped)]
        return max(numbers, default=0)

    def title_of(self, field: str) -> str:
        """The heading of a field as it stands, empty when it has no such column."""
        place = self.columns.get(field)
        return "" if place is None else self.header.titles[place]

    def all_of(self, field: str) -> tuple[int, ...]:
        """Every column of a field, the one that counts most first."""
        place = self.columns.get(field)
        return () if place is None else (place, *self.others.get(field, ()))

    def of_each(self) -> list[Surroundings]:
        """What stands around each of the people: the lines between them name roles."""
        if not self.body.sections:
            return [self.surroundings] * len(self.body.people)
        rows = [row for row, _role in self.body.sections]
        roles = vocabulary().programme.role_names
        below = [self.surroundings] + [
            replace(self.surroundings, role=role or None, doubted_roles=() if role else roles)
            for _row, role in self.body.sections
        ]
        return [below[bisect(rows, number)] for number, _row in self.body.people]


def heading_words(field: str) -> str:
    """The first words by which a field is known: ``身份证号/身份证号码/公民身份号码``."""
    return "/".join(roster_words().headings.fields[field][:WORDS_LISTED])


def read_sheets(
    file: str, sheets: Iterable[Sheet], *, town: Town | None, posts: Posts = "optional"
) -> tuple[list[RosterTable], list[SheetNote]]:
    """The tables of people on visible sheets, and notes on the sheets left out.

    Raises a refusal of this module or TownsDisagree.
    """

    def read(sheet: Sheet, table: Table) -> RosterTable:
        return _read_table(file, sheet, table, asked=town, posts=posts)

    return tables_on(file, sheets, find_tables, read, without=NoRosterHeader)


def tables_on(
    file: str,
    sheets: Iterable[Sheet],
    find: Callable[[Sequence[Sequence[Cell]]], list[Table]],
    read: Callable[[Sheet, Table], RosterTable],
    *,
    without: Callable[[str], Refusal],
) -> tuple[list[RosterTable], list[SheetNote]]:
    """The tables of people that are found on visible sheets, each as it is read, and notes on the
    sheets left out. Raises a refusal of this module, the one ``without`` any headings or one of
    ``read``.
    """
    found: list[RosterTable] = []
    notes: list[SheetNote] = []
    unread: list[Sheet] = []
    for sheet in sheets:
        tables = [] if sheet.hidden else find(sheet.cells)
        tables_read = [read(sheet, table) for table in tables]
        found += tables_read
        if tables and not any(table.body.people for table in tables_read):
            notes.append(SheetNote(sheet.name, "no_people"))
        elif sheet.cells and not tables:
            notes.append(SheetNote(sheet.name, "hidden_sheet" if sheet.hidden else "no_header"))
            unread.append(sheet)
    if not found:
        for sheet in unread:
            if not sheet.hidden and find(list(zip(*sheet.cells, strict=True))):
                raise PeopleInColumns(file, sheet.name)
        raise without(file)
    if not any(table.body.people for table in found):
        raise NoRows(file)
    for sheet in unread:
        row = _first_of_others(sheet, found)
        if row and not sheet.hidden:  # guard: sheet-without-headings
            raise SheetWithoutHeadings(file, sheet.name, row)
        if row:  # guard: people-on-hidden-sheet
            place = notes.index(SheetNote(sheet.name, "hidden_sheet"))
            notes[place] = SheetNote(sheet.name, "hidden_people", row)
    return found, notes


def _first_of_others(sheet: Sheet, found: Sequence[RosterTable]) -> int:
    """The first row of a sheet that is not read with somebody who is on no other, 0 without one."""
    numbers = [
        (row, text)
        for row, cells in enumerate(sheet.cells, 1)
        for cell in cells
        if (text := _identity_in(cell))
    ]
    if not numbers:
        return 0
    known = {
        _identity_in(cell)
        for table in found
        for _number, cells in table.body.people
        for cell in cells
    }
    return next((row for row, text in numbers if text not in known), 0)


def _identity_in(cell: Cell) -> str:
    if not isinstance(cell, str) or len(cell) < IDENTITY_CHARACTERS:
        return ""
    text = number_text(cell)
    return text if IDENTITY.fullmatch(text) and is_right_identity(text) else ""


class PeopleOfTable(NamedTuple):
    """The rows of people of a table in ``body``, and the ``cells`` from which they are, with what
    is merged over several of them in each; ``named`` is the role of the names.
    """

    header: Header
    ticks: Ticks
    named: str
    cells: Sequence[Sequence[Cell]]
    body: Body


def people_of_table(file: str, sheet: Sheet, table: Table) -> PeopleOfTable:
    """The people of a table, name and number in a column each.

    Raises TablesSideBySide or TwoPeopleInARow.
    """
    header = table.header
    within = range(header.first, header.last + 1)
    cells = filled_down(sheet.cells, sheet.merged, headings=within)  # guard: compared-as-filled
    header, cells = apart(header, cells)
    header, ticks, named = with_named_roles(
        header, cells[max(table.start, header.last + 1) : table.end]
    )
    body = read_body(
        cells,
        header,
        rows=range(table.start, table.end),
        titles=table.titles,
        headings=table.headings,
    )
    _refuse_two_people(file, sheet.name, header, [row for _number, row in body.people])
    return PeopleOfTable(header, ticks, named, cells, body)


def _read_table(
    file: str, sheet: Sheet, table: Table, *, asked: Town | None, posts: Posts
) -> RosterTable:
    header, ticks, named, _cells, body = people_of_table(file, sheet, table)
    rows = [row for _number, row in body.people]
    columns = settle_places(header.columns, rows)
    if "name" not in columns and "bank_name" in columns:
        columns["name"] = columns.pop("bank_name")
    surroundings = surroundings_of(file, sheet.name, table, rows, columns, asked=asked, named=named)
    surroundings = replace(surroundings, posts=posts)
    if "role" in columns and is_of_jobs(header, rows) and (surroundings.role or body.sections):
        del columns["role"]
    if body.people:
        _check_columns(
            file, sheet.name, columns, surroundings, bool(body.sections or ticks.columns)
        )
        if not (surroundings.town or _has_content(body, columns.get("town"))):
            raise TownUnknown(file, sheet.name)
    others = {field: places for field, places in header.others.items() if field in columns}
    taken = [*columns.values(), *(place for places in others.values() for place in places)]
    returned = return_columns(header.titles, rows, taken)
    return RosterTable(
        sheet.name, header, columns, others, ticks, body, surroundings, returned, sheet.marks
    )


def _refuse_two_people(
    file: str, sheet: str, header: Header, rows: Sequence[Sequence[Cell]]
) -> None:
    """Raises TablesSideBySide or TwoPeopleInARow where rows have two names that differ."""
    names = header.all_of("name")
    # guard: table-beside
    beside = [
        place for place in names[1:] if any(_has_other_name(row, names[0], place) for row in rows)
    ]
    if not beside:
        return
    headings = [header.whole[place] for place in sorted((names[0], *beside))]
    if len({heading.rstrip("0123456789()（） 　") for heading in headings}) == 1:
        raise TablesSideBySide(file, sheet)
    raise TwoPeopleInARow(file, sheet, headings)


def _has_other_name(row: Sequence[Cell], first: int, second: int) -> bool:
    name, other = row[first], row[second]
    return (
        isinstance(other, str)
        and person_name(other) != person_name(name)
        and HAS_HANZI.search(other) is not None
    )


def _check_columns(
    file: str, sheet: str, columns: dict[str, int], surroundings: Surroundings, roles: bool
) -> None:
    """``roles`` says whether lines between the people or ticks name their roles."""
    known = set(columns)
    only_one = len(vocabulary().programme.roles) == 1
    if surroundings.role or surroundings.doubted_roles or roles or only_one:
        known.add("role")
    if "block" in columns or surroundings.posts != "required":
        known.add("area")
    missing = [field for field in REQUIRED if field not in known]
    if missing:
        raise MissingColumns(file, sheet, missing)


def _has_content(body: Body, column: int | None) -> bool:
    return column is not None and any(row[column] != "" for _number, row in body.people)
