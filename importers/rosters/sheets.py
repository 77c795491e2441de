"""Which sheets of a file are rosters, and what their headings and surroundings say."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from importers.rosters.body import Body
from importers.rosters.body import is_long_number
from importers.rosters.body import read_body
from importers.rosters.header import Header
from importers.rosters.header import settle_places
from importers.rosters.merged_cells import filled_down
from importers.rosters.posts import Surroundings
from importers.rosters.tables import Table
from importers.rosters.tables import find_tables
from importers.rosters.town import town_in
from importers.rosters.words import role_in
from importers.rosters.words import roster_words
from importers.tables.reading import Sheet
from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import mark
from ledger.base.refusals import Refusal
from ledger.model.towns import Town

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
        columns = listed(map(heading_words, fields))
        message = _(
            "{place}: columns are missing: {columns}; add them, or ask for the roster again"
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
            "one, or onto a sheet of its own, and save"
        )
        super().__init__(message.format(place=place), sheet=sheet)


_NOTES = {
    "hidden_sheet": mark("Sheet {sheet} is hidden and was not read"),
    "no_header": mark("Sheet {sheet} has no headings of a roster and was not read"),
    "no_people": mark("Sheet {sheet} has headings and nobody below them"),
}


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A sheet that was left out, and why."""

    sheet: str
    code: str

    def message(self) -> str:
        return gettext(_NOTES[self.code]).format(sheet=self.sheet)


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A table of people on a sheet. ``columns`` maps a field to its place in the rows."""

    sheet: str
    header: Header
    columns: dict[str, int]
    body: Body
    surroundings: Surroundings

    @property
    def last_row(self) -> int:
        """The last row that is told of, as the spreadsheet counts; 0 for a table without rows."""
        numbers = [number for number, _row in (*self.body.people, *self.body.skipped)]
        return max(numbers, default=0)

    def title_of(self, field: str) -> str:
        """The heading of a field as it stands, empty when it has no such column."""
        place = self.columns.get(field)
        return "" if place is None else self.header.titles[place]


def heading_words(field: str) -> str:
    """The first words by which a field is known: ``身份证号/身份证号码/公民身份号码``."""
    return "/".join(roster_words().headings.fields[field][:WORDS_LISTED])


def read_sheets(
    file: str, sheets: Iterable[Sheet], *, town: Town | None
) -> tuple[list[RosterTable], list[SheetNote]]:
    """The tables of people on visible sheets, and notes on the sheets left out.

    Raises NoRosterHeader, MissingColumns, NoRows, TownUnknown or TablesSideBySide.
    """
    found: list[RosterTable] = []
    notes: list[SheetNote] = []
    for sheet in sheets:
        tables = [] if sheet.hidden else find_tables(sheet.cells)
        read = [_read_table(file, sheet, table, asked=town) for table in tables]
        found += read
        if tables and not any(table.body.people for table in read):
            notes.append(SheetNote(sheet.name, "no_people"))
        elif sheet.cells and not tables:
            notes.append(SheetNote(sheet.name, "hidden_sheet" if sheet.hidden else "no_header"))
    if not found:
        raise NoRosterHeader(file)
    if not any(table.body.people for table in found):
        raise NoRows(file)
    return found, notes


def _read_table(file: str, sheet: Sheet, table: Table, *, asked: Town | None) -> RosterTable:
    header = table.header
    body = read_body(
        filled_down(sheet.cells, sheet.merged, headings=range(header.first, header.last + 1)),
        header,
        rows=range(table.start, table.end),
        titles=table.titles,
        headings=table.headings,
    )  # guard: compared-as-filled
    # guard: table-beside
    if any(is_long_number(row[column]) for column in header.beside for _n, row in body.people):
        raise TablesSideBySide(file, sheet.name)
    columns = settle_places(header.columns, [row for _number, row in body.people])
    if "name" not in columns:
        columns["name"] = columns.pop("bank_name")
    surroundings = _surroundings(file, sheet.name, table, asked)
    if body.people:
        _check_columns(file, sheet.name, columns, surroundings)
        if not (surroundings.town or _has_content(body, columns.get("town"))):
            raise TownUnknown(file, sheet.name)
    return RosterTable(sheet.name, header, columns, body, surroundings)


def _surroundings(file: str, sheet: str, table: Table, asked: Town | None) -> Surroundings:
    """The user's word, then the file's name, the titles, the sheet's name, for the town; the
    role is looked for nearest first, since a file has sheets, and a sheet tables, of both roles."""
    own, inherited = " ".join(table.titles), " ".join(table.inherited)
    town = asked or town_in(file) or town_in(own) or town_in(inherited) or town_in(sheet)
    further = role_in(own) if table.inherited else None
    role = further or role_in(sheet) or role_in(own) or role_in(inherited) or role_in(file)
    return Surroundings(asked, town, role)


def _check_columns(
    file: str, sheet: str, columns: dict[str, int], surroundings: Surroundings
) -> None:
    known = set(columns)
    if surroundings.role:
        known.add("role")
    if "block" in columns:
        known.add("area")
    missing = [field for field in REQUIRED if field not in known]
    if missing:
        raise MissingColumns(file, sheet, missing)


def _has_content(body: Body, column: int | None) -> bool:
    return column is not None and any(row[column] != "" for _number, row in body.people)
