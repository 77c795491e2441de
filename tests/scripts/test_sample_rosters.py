"""The sample office's rosters: every planted defect is found at its cell, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sample_data import make

from importers.corrections.problem_workbook import write_problem_workbook
from importers.registration.known_people import KnownPeople
from importers.registration.registration import Registration
from importers.registration.registration import register
from importers.registration.registration import take
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from ledger.model.payees import Payee
from tests.support.tengzhou import TOWNS

ENUMERATORS = 60
SUPERVISORS = 21

Taken = list[tuple[Roster, Registration]]


def first_town(roster: Roster) -> str:
    return min((row.town for row in roster.rows), default="")


def take_all(folder: Path, people: KnownPeople) -> Taken:
    """Read and register every roster of a folder, the towns in the order of their codes."""
    rosters = [read_roster(path.name, path.read_bytes()) for path in folder.iterdir()]
    taken = []
    for roster in sorted(rosters, key=first_town):
        registration = register(roster, people)
        take(people, roster, registration)
        taken.append((roster, registration))
    return taken


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    make(folder, enumerators=ENUMERATORS, supervisors=SUPERVISORS)
    return folder


def added(taken: Taken) -> list[Payee]:
    return [addition.payee for _roster, registration in taken for addition in registration.added]


def test_every_planted_defect_is_found_and_nothing_else(office: Path) -> None:
    with (office / "planted_defects.csv").open(encoding="utf-8", newline="") as file:
        planted = {
            (line["file"], line["sheet"], int(line["row"]), line["column"], line["code"])
            for line in csv.DictReader(file)
        }
    found = {
        (roster.file, problem.sheet, problem.row, problem.column, problem.code)
        for roster, registration in take_all(office / "rosters", KnownPeople())
        for problem in (*roster.problems, *registration.problems)
        if problem.severity == "error"
    }
    assert found == planted


def test_with_the_corrected_rosters_everyone_is_registered(office: Path) -> None:
    people = KnownPeople()
    first = take_all(office / "rosters", people)
    second = take_all(office / "corrected", people)
    registered = added(first) + added(second)
    assert len(registered) == ENUMERATORS + SUPERVISORS
    assert {payee.town for payee in registered} == {town.code for town in TOWNS}
    assert len({payee.post for payee in registered}) == len(registered)
    assert not any(registration.quarantined for _roster, registration in second)


def test_a_second_import_changes_nothing(office: Path) -> None:
    people = KnownPeople()
    take_all(office / "rosters", people)
    again = take_all(office / "rosters", people)
    assert not any(
        registration.added or registration.changed or registration.held
        for _roster, registration in again
    )


def test_what_comes_back_has_the_same_defects_until_it_is_corrected(
    office: Path, tmp_path: Path
) -> None:
    for roster, _registration in take_all(office / "rosters", KnownPeople()):
        if not roster.quarantined:
            continue
        path = tmp_path / f"{Path(roster.file).stem}.xlsx"
        write_problem_workbook(path, roster, roster.quarantined, roster.problems)
        again = read_roster(path.name, path.read_bytes())
        assert again.rows == ()
        assert sorted((problem.code, problem.field) for problem in again.problems) == sorted(
            (problem.code, problem.field)
            for problem in roster.problems
            if (problem.sheet, problem.row) in {(row.sheet, row.row) for row in roster.quarantined}
        )
