"""Read a roster: whatever a town sent, into rows that can be registered and rows that cannot."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from importers.rosters.body import Reason
from importers.rosters.checks import UnplacedProblem
from importers.rosters.correction_rows import check_returned
from importers.rosters.marked_rows import check_marked
from importers.rosters.marked_rows import with_formulas
from importers.rosters.people import FIELDS
from importers.rosters.people import cells_by_field
from importers.rosters.people import check
from importers.rosters.people import normalised
from importers.rosters.people import read_posts
from importers.rosters.problems import Problem
from importers.rosters.problems import is_error
from importers.rosters.remarks import check_remarks
from importers.rosters.repeated_people import without_repeated
from importers.rosters.repetitions import Columns
from importers.rosters.repetitions import check_constant_columns
from importers.rosters.repetitions import check_missing_posts
from importers.rosters.repetitions import check_same_names
from importers.rosters.repetitions import check_same_people
from importers.rosters.repetitions import check_shared_posts
from importers.rosters.several_columns import check_several
from importers.rosters.sheets import RosterTable
from importers.rosters.sheets import SheetNote
from importers.rosters.sheets import read_sheets
from importers.rosters.words import words_of_messages
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.reading import read_tables
from ledger.base.records import Record
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.programme import Posts
from ledger.model.towns import Town


class RosterRow(Record):
    """One person's row, its texts normalised; ``cells`` is the whole row as it stood.

    ``row`` counts from 1 as the spreadsheet does. ``town`` is a nine-digit code, ``area`` twelve
    digits, ``block`` fifteen, empty for supervisors. ``bank_name`` is empty where the bank spells
    the name as ``name`` does; ``payee_id`` unless the office itself has sent the row out. Of a
    quarantined row any text may be empty or wrong.
    """

    sheet: str
    row: int
    name: str
    bank_name: str
    identity: str
    role: str
    town: TownCode
    area: str
    area_name: str
    block: str
    phone: str
    bank: str
    account: str
    payee_id: PayeeId
    cells: Sequence[Cell]

    def __repr__(self) -> str:
        """Nothing personal."""
        return f"RosterRow({self.place})"

    @property
    def post(self) -> str:
        """As ``Payee.post``: the block of an enumerator, the area of a supervisor."""
        return f"{self.role}:{self.block or self.area}"

    @property
    def has_post(self) -> bool:
        return bool(self.block or self.area)

    @property
    def place(self) -> str:
        """``Sheet1!12``; in a text file ``12``."""
        return f"{self.sheet}!{self.row}" if self.sheet else str(self.row)


class SkippedRow(Record):
    """A row that is nobody's."""

    sheet: str
    row: int
    reason: Reason


class Roster(Record):
    """Every row below the headings of every visible sheet is in one of the three tuples, and so
    is whoever stands above them.

    ``rows`` may have warnings among ``problems``; ``quarantined`` have at least one error.
    """

    file: str
    tables: tuple[RosterTable, ...]
    rows: tuple[RosterRow, ...]
    quarantined: tuple[RosterRow, ...]
    skipped: tuple[SkippedRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[SheetNote, ...]

    @property
    def row_count(self) -> int:
        return len(self.rows) + len(self.quarantined) + len(self.skipped)

    def table_of(self, row: RosterRow) -> RosterTable:
        """The table in which one of the rows stands."""
        return next(
            one for one in self.tables if one.sheet == row.sheet and one.last_row >= row.row
        )

    def problem(
        self,
        row: RosterRow,
        field: str,
        code: str,
        parameters: Mapping[str, str],
        *,
        variant: str = "",
    ) -> Problem:
        """A problem of one of the rows, found when it was compared with others."""
        title = self.table_of(row).title_of(field)
        return Problem(
            row.sheet, row.row, title, field, code, parameters, variant, words_of_messages()
        )


def read_roster(
    name: str, content: bytes, *, town: Town | None = None, posts: Posts = "optional"
) -> Roster:
    """Read the roster in the bytes of a file called ``name``.

    ``town`` is the user's word for it, and then rows of other towns are problems; ``posts`` says
    whether the codes of posts must be there. Raises a refusal of ``importers.tables.refusals`` or
    ``importers.rosters.sheets`` when nothing of it can be read.
    """
    return roster_of(name, read_tables(name, content), town=town, posts=posts)


def roster_of(
    name: str, sheets: Iterable[Sheet], *, town: Town | None = None, posts: Posts = "optional"
) -> Roster:
    """The roster on the sheets of a file called ``name``. Raises as :func:`read_roster` does."""
    tables, notes = read_sheets(name, sheets, town=town, posts=posts)
    tables = without_repeated(tables)
    return _roster(name, tables, notes)


def _roster(name: str, tables: Sequence[RosterTable], notes: Iterable[SheetNote]) -> Roster:
    cells = cells_by_field(tables)
    posts = read_posts(tables, cells)
    people = normalised(tables, cells, posts)
    table_numbers = [n for n, table in enumerate(tables) for _person in table.body.people]
    findings = [
        *check(cells, people, posts, table_numbers),
        *check_several(tables),
        *check_returned(tables),
        *check_marked(tables),
        *check_remarks(tables),
    ]
    if any(table.marks.unvalued for table in tables):
        findings = list(with_formulas(tables, findings))
    refused = {finding.position for finding in findings if is_error(finding.code)}
    accepted = [position for position in range(len(posts)) if position not in refused]
    if any(table.surroundings.posts == "optional" for table in tables):
        findings += check_missing_posts(people, accepted)
    findings += check_shared_posts(people, accepted)
    findings += check_same_names(people, accepted)
    findings += check_same_people(people, accepted)
    findings += check_constant_columns(people, accepted, table_numbers)
    rows = _rows(tables, people)
    return Roster(
        file=name,
        tables=tuple(tables),
        rows=tuple(row for position, row in enumerate(rows) if position not in refused),
        quarantined=tuple(rows[position] for position in sorted(refused)),
        skipped=tuple(
            SkippedRow(table.sheet, number, reason)
            for table in tables
            for number, reason in table.body.skipped
        ),
        problems=tuple(_problems(tables, rows, findings)),
        notes=tuple(notes),
    )


def _rows(tables: Sequence[RosterTable], people: Columns) -> list[RosterRow]:
    names = [table.sheet for table in tables for _person in table.body.people]
    numbers = [number for table in tables for number, _row in table.body.people]
    cells = [row for table in tables for _number, row in table.body.people]
    texts = [people[field] for field in FIELDS]
    return list(map(RosterRow, names, numbers, *texts, cells))


def _problems(
    tables: Iterable[RosterTable], rows: list[RosterRow], findings: list[UnplacedProblem]
) -> Iterable[Problem]:
    """The findings in the order of the rows, each with its place."""
    table_of = [table for table in tables for _person in table.body.people]
    words = words_of_messages()
    for finding in sorted(findings, key=lambda finding: finding.position):
        row = rows[finding.position]
        column = table_of[finding.position].title_of(finding.field)
        field, code = finding.field, finding.code
        yield Problem(row.sheet, row.row, column, field, code, finding.parameters, words=words)
