"""The second demonstration at a small size: three stages, lists of work, a limit, income tax."""

from __future__ import annotations

import io
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import chdir
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import demo_stages
import pytest
import sample_answers
import sample_stages
from demonstration import Demonstration
from demonstration import fresh_folder
from openpyxl import load_workbook
from samples.staged_county import StagedWorker
from samples.staged_county import staff

from ledger.base.money import plain
from ledger.cli import execute
from tests.support.auditor import audit
from tests.support.homes import live_in

PEOPLE = 70
COUNTY = "峄城区"


class InThisProcess(Demonstration):
    """Commands and scripts as from its folder, in a process that is there already."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(Path(), folder)
        self.home = home

    def say(self, text: str) -> None:
        pass

    def call(self, *arguments: str) -> int:
        return self.answer(*arguments)[0]

    def answer(self, *arguments: str) -> tuple[int, bytes]:
        with (
            chdir(self.folder),
            redirect_stdout(io.StringIO()) as said,
            pytest.MonkeyPatch.context() as patch,
        ):
            live_in(self.home, patch)
            status = execute(list(arguments))
        return status, said.getvalue().encode()

    def script(self, name: str, *arguments: str) -> str:
        with chdir(self.folder), redirect_stdout(io.StringIO()) as said:
            SCRIPTS[name](arguments)
        return said.getvalue()


def samples(arguments: Sequence[str]) -> None:
    asked = sample_stages.parsed(arguments)
    sample_stages.make(asked.folder, asked.county, people=asked.people, seed=asked.seed)


def answers(arguments: Sequence[str]) -> None:
    asked = sample_answers.parsed(arguments)
    asked.answer(asked)


SCRIPTS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "sample_stages.py": samples,
    "sample_answers.py": answers,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    folder = tmp_path_factory.mktemp("stages") / "demo"
    fresh_folder(folder)
    demo = InThisProcess(folder, tmp_path_factory.mktemp("home"))
    demo_stages.tell(demo, COUNTY, PEOPLE)
    return demo


@pytest.fixture(scope="module")
def workers() -> list[StagedWorker]:
    """Who was made up, by which everything is reckoned once more."""
    return [one for town in staff(COUNTY, people=PEOPLE, seed=2026).values() for one in town]


@pytest.fixture(scope="module")
def status(told: Demonstration) -> Any:
    return told.ask("status", "--date", "2026-11-20")


def test_each_stage_comes_to_what_was_done(status: Any, workers: list[StagedWorker]) -> None:
    """Visits within the least and the most, less what is deducted; beyond it up to the limit."""
    supervisors = [one for one in workers if not one.households]
    visiting = [one for one in workers if one.households]
    yuan = {
        "S1": 400 * len(visiting) + 500 * len(supervisors),
        "S2": sum(one.visits for one in visiting),
        "S3": sum(one.beyond - (one.above_limit if one.households else 0) for one in workers),
    }
    stages = {one["code"]: one for one in status["stages"]}
    assert {code: one["amount"] for code, one in stages.items()} == {
        code: plain(amount * 100) for code, amount in yuan.items()
    }
    assert stages["S2"]["paid"] == stages["S2"]["registered"] == len(visiting)
    assert any(one.above_limit for one in visiting), "the limit binds"


def test_tax_is_of_a_months_sum_and_the_tax_office_has_it(
    told: Demonstration, status: Any, workers: list[StagedWorker]
) -> None:
    """Of each enumerator's October: the second and the third stage together."""

    def tax(one: StagedWorker) -> int:
        fen = (one.visits + one.beyond - one.above_limit) * 100
        return round((fen - 800_00) * 0.2) if 800_00 < fen <= 4_000_00 else 0

    withheld_fen = sum(tax(one) for one in workers if one.households)
    assert withheld_fen > 0
    batches = [one for one in status["batches"] if one["date"].startswith("2026-10")]
    taxes = [int(one["tax"].replace(".", "")) for one in batches]
    assert (sum(taxes), status["cash"]["tax_due"]) == (withheld_fen, "0.00")
    (declared,) = (told.folder / "books" / "reports").glob("2026-10-劳务报酬所得.xlsx")
    sheet = load_workbook(declared).active
    assert sheet is not None
    found = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    enumerators = {one.person.identity for one in workers if one.households}
    assert enumerators <= found
    assert not {one.person.identity for one in workers if not one.households} & found


def test_the_auditor_finds_nothing(told: Demonstration) -> None:
    assert audit(told.folder / "books").findings == []
    assert told.ask("check") == {"ok": True, "errors": []}
