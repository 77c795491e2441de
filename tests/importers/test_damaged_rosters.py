"""Damaged rosters: every row is accounted for, nobody is there twice, no cell changes its value."""

from __future__ import annotations

import datetime
import io
import math
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings

from importers.corrections.problem_workbook import write_problem_workbook
from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.incoming import open_file
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from ledger.base.refusals import Refusal
from ledger.services.roster_import import ImportedRoster
from ledger.services.roster_import import RosterRequest
from ledger.services.roster_import import import_rosters
from tests.support.damaged_rosters import PEOPLE
from tests.support.damaged_rosters import Damaged
from tests.support.damaged_rosters import damaged_rosters
from tests.support.office import Office
from tests.support.office import made_up

# Everything that the reading may take away from a number or a name, told without its code.
MARKS = "'‘’`´′-‐‑‒–—−_"
LOOKS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def bare(cell: Cell) -> str:
    """What a cell says without blanks, invisible characters, marks, width and case."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)).upper()
    return "".join(
        character
        for character in text
        if character not in MARKS and unicodedata.category(character)[0] not in "ZC"
    )


def same_cell(read: Cell, written: Cell) -> bool:
    if isinstance(written, datetime.date) and isinstance(read, datetime.date):
        return read.isoformat()[:10] == written.isoformat()[:10]
    if isinstance(read, int | float) and isinstance(written, int | float):
        return math.isclose(read, written, rel_tol=1e-14)  # as many digits as a cell can have
    return bare(read) == bare(written)


FILES = 200
# Enough for what the command adds to the importing.
SOME = 40
KNOWN = {text for n in range(PEOPLE) for text in (made_up(n).identity, made_up(n).account)}


def read_or_refused(damaged: Damaged) -> Roster | None:
    """The roster; None when the file was refused in one line that names it."""
    try:
        return read_roster(damaged.name, damaged.content)
    except Refusal as refusal:
        assert str(refusal).startswith(damaged.name)
        assert "\n" not in str(refusal)
        return None


def check_rows(damaged: Damaged, roster: Roster) -> None:
    """Every row that was written is good, quarantined or skipped, and only once; else it stands
    on a sheet of which a note tells, or above its headings. Who has both numbers is not skipped,
    unless she stands on another sheet in the same words.
    """
    people = [(row.sheet, row.row) for row in (*roster.rows, *roster.quarantined)]
    skipped = [(row.sheet, row.row) for row in roster.skipped]
    repeated = [(row.sheet, row.row) for row in roster.skipped if row.reason == "repeated"]
    taken = [*roster.rows, *roster.quarantined]
    told = {*people, *skipped}
    assert len(told) == len(people) + len(skipped) == roster.row_count
    noted = {note.sheet for note in roster.notes}
    for page in damaged.pages:
        headings = [table.header.last for table in roster.tables if table.sheet == page.name]
        for row in range(len(page.rows)):
            cells = page.meant(row)
            if page.name in noted or not any(cell != "" for cell in cells):
                continue
            if (page.name, row + 1) not in told:
                assert row <= min(headings), cells
            if (page.name, row + 1) in repeated:
                assert {bare(cell) for cell in cells} & {row.identity for row in taken}
            elif (page.name, row + 1) not in people:
                numbers = [cell for cell in cells if isinstance(cell, str) and bare(cell) in KNOWN]
                assert len(numbers) < 2, cells


def check_values(damaged: Damaged, roster: Roster) -> None:
    """Rows hold the cells that were written, and what was read of a person stands in her row."""
    pages = {page.name: page for page in damaged.pages}
    for row in (*roster.rows, *roster.quarantined):
        written = pages[row.sheet].meant(row.row - 1)
        cells = list(row.cells)
        assert len(cells) <= len(written)
        for read, meant in zip(cells, written, strict=False):
            assert same_cell(read, meant), (read, meant)
    for row in roster.rows:
        said = {bare(cell) for cell in pages[row.sheet].meant(row.row - 1)}
        assert {row.identity, row.account, bare(row.name), bare(row.bank)} <= said
        assert not row.phone or bare(row.phone) in said


def check_marks(damaged: Damaged, roster: Roster) -> None:
    """Nobody who is struck out is taken, and nobody whose row is hidden without a word."""
    if not damaged.kind.startswith("xl"):
        return
    pages = {page.name: page for page in damaged.pages}
    told = {(problem.sheet, problem.row) for problem in roster.problems}
    for row in roster.rows:
        assert row.row - 1 not in pages[row.sheet].struck_rows
        assert row.row - 1 not in pages[row.sheet].hidden_rows or (row.sheet, row.row) in told


def check_people(rows: Iterable[RosterRow]) -> None:
    people = [(row.identity, row.account) for row in rows]
    assert len({identity for identity, _account in people}) == len(people)
    assert len({account for _identity, account in people}) == len(people)


def check_problems(roster: Roster) -> None:
    refused = {(p.sheet, p.row) for p in roster.problems if p.severity == "error"}
    assert refused == {(row.sheet, row.row) for row in roster.quarantined}
    for problem in roster.problems:
        assert "\n" not in problem.message()
        assert not any(number in problem.message(chinese=True) for number in KNOWN)


@LOOKS
@given(damaged_rosters(old_format=False))
def test_every_row_is_accounted_for_and_no_value_changes(damaged: Damaged) -> None:
    roster = read_or_refused(damaged)
    if roster:
        check_rows(damaged, roster)
        check_values(damaged, roster)
        check_marks(damaged, roster)
        check_people(roster.rows)
        check_problems(roster)


@LOOKS
@given(damaged_rosters(old_format=False))
def test_what_is_handed_back_has_every_bad_row_and_none_of_it_is_good_by_itself(
    damaged: Damaged,
) -> None:
    roster = read_or_refused(damaged)
    if not roster or not roster.quarantined:
        return
    content = io.BytesIO()
    write_problem_workbook(content, roster, roster.quarantined, roster.problems)
    again = read_roster("退改.xlsx", content.getvalue())
    assert again.rows == ()
    assert len(again.quarantined) == len(roster.quarantined)


# A folder of them.


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred damaged rosters, always the same ones."""
    folder = tmp_path_factory.mktemp("damaged")
    drawn: list[Damaged] = []

    @settings(LOOKS, max_examples=FILES, phases=[Phase.generate])
    @given(damaged_rosters())
    def draw(damaged: Damaged) -> None:
        drawn.append(damaged)

    draw()
    assert len(drawn) == FILES
    for number, damaged in enumerate(drawn):
        (folder / f"{number:03d}{damaged.name}").write_bytes(damaged.content)
    return folder


def opened(folder: Path) -> tuple[list[Incoming], list[RefusedFile]]:
    files = [open_file(path, "roster") for path in sorted(folder.iterdir()) if path.is_file()]
    return (
        [file for file in files if isinstance(file, Incoming)],
        [file for file in files if isinstance(file, RefusedFile)],
    )


def test_a_folder_of_two_hundred_damaged_workbooks(office: Office, folder: Path) -> None:
    """Every row of every file is added, changed, held, unchanged, sent back or skipped."""
    files, refused = opened(folder)
    assert len(files) + len(refused) == FILES
    with office.work() as work:
        outcomes = import_rosters(work, files, RosterRequest(on=datetime.date(2020, 10, 19)))
        payees = work.registry.payees()
    taken = [outcome for outcome in outcomes if isinstance(outcome, ImportedRoster)]
    for outcome in taken:
        registration = outcome.registration
        differing = {one.source.place for one in (*registration.changed, *registration.held)}
        assert outcome.roster.row_count == (
            len(registration.added) + len(differing) + registration.unchanged
            + outcome.quarantined + len(outcome.roster.skipped)
        )  # fmt: skip
        assert (outcome.problem_workbook is not None) == bool(outcome.quarantined)
    assert len(taken) > 120
    assert len({payee.identity for payee in payees}) == len(payees) > 20
    assert len({payee.account for payee in payees}) == len(payees)
    for file in (*refused, *(one for one in outcomes if isinstance(one, RefusedFile))):
        assert file.path.name in str(file.refusal)
        assert "\n" not in str(file.refusal)


def test_the_command_answers_for_each_file(office: Office, folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.is_file())[:SOME]
    answer = office.run("import", "--json", "--as", "roster", "--date", "2020-10-19", *files)
    assert answer.status == 0
    assert "Traceback" not in answer.out + answer.err
    assert len(answer.json["files"]) == SOME
    again = office.run("import", "--json", "--as", "roster", "--date", "2020-10-19", *files)
    assert {
        (file["added"], file["changed"]) for file in again.json["files"] if "added" in file
    } == {(0, 0)}
