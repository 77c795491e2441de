"""What the sample bank does with a batch day by day, and which sheets the sample towns correct."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sample_answers import STATEMENTS
from sample_answers import correct_sheets
from sample_answers import parsed
from samples.bank import Fate
from samples.bank_days import BankAnswer
from samples.bank_days import Plan
from samples.bank_days import answer_batch

from ledger.base.money import plain
from tests.support.bank_uploads import csv_cells
from tests.support.bank_uploads import sent
from tests.support.bank_uploads import workbook_cells
from tests.support.made_up_payments import BATCH
from tests.support.sent_back import person
from tests.support.sent_back import sent_back

DAY = date(2020, 11, 12)


@pytest.fixture
def payouts(tmp_path: Path) -> Path:
    """300 payments for the own bank, 100 for another."""
    folder = tmp_path / BATCH
    folder.mkdir()
    sent(folder)
    return folder


def answered(payouts: Path, folder: Path, plan: Plan) -> BankAnswer:
    folder.mkdir(exist_ok=True)
    return answer_batch(payouts, folder, plan, on=DAY, seed=1)


def test_the_first_upload_is_answered_in_parts(payouts: Path, tmp_path: Path) -> None:
    answer = answered(payouts, tmp_path / "in", Plan(parts=2))
    assert [path.name for path in answer.files] == [
        f"{BATCH}-本行-1-回盘-1.xlsx",
        f"{BATCH}-本行-1-回盘-2.xlsx",
        f"{BATCH}-他行-1-回盘.csv",
    ]
    parts = [workbook_cells(path.read_bytes())[1:] for path in answer.files[:2]]
    assert list(map(len, parts)) == [150, 150]
    own = [decision.row.account for decision in answer.decisions[:300]]
    assert [line[1] for part in parts for line in part] == own
    assert not answer.news_file.exists()


def test_news_are_one_list_whatever_file_they_are_about(payouts: Path, tmp_path: Path) -> None:
    answer = answered(payouts, tmp_path / "in", Plan(pending=2, later=1))
    lines = csv_cells(answer.news_file.read_bytes())[1:]
    assert [line[1] for line in lines] == [decision.row.account for decision in answer.news]
    assert [line[0] for line in lines] == ["1", "2", "3"]


def test_what_moves_on_the_account_is_what_was_paid(payouts: Path, tmp_path: Path) -> None:
    """The whole batch goes out; what came back at once and what came back later comes in."""
    answer = answered(payouts, tmp_path / "in", Plan(0.02, pending=2, later=1))
    assert [(str(moved.day), plain(moved.amount_fen)) for moved in answer.movements] == [
        ("2020-11-12", "-320000.00"),
        ("2020-11-16", "6400.00"),
        ("2020-11-18", "1600.00"),
    ]
    assert not any(BATCH in moved.purpose + moved.remark for moved in answer.movements)
    assert sum(Decimal(row.amount) for row in answer.paid) == 320_000 - 6_400 - 1_600


def test_a_payment_is_paid_if_its_last_word_is_so(payouts: Path, tmp_path: Path) -> None:
    answer = answered(payouts, tmp_path / "in", Plan(0.02, pending=2, later=1))
    paid = {row.key for row in answer.paid}
    assert len(paid) == len(answer.paid) == 400 - 8 - 1 - 1
    for decision in answer.decisions:
        if decision.outcome.fate in (Fate.RETURNED, Fate.LATER):
            assert decision.row.key not in paid


def test_the_statement_has_the_year_and_what_the_bank_did_with_batches(
    payouts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One call for each batch, one for statements, as the demonstration makes them."""
    monkeypatch.chdir(tmp_path)
    answer_by("bank", BATCH, ".", "--date", "2020-11-12", "--returned", "0")
    payouts.rename(tmp_path / "B2020-002")
    answer_by("bank", "B2020-002", ".", "--date", "2020-11-13", "--returned", "0")
    answer_by("statement", ".", "2020-11-12/2020-11-12", "2020-11-13/2020-11-30", "--newest-first")
    said = capsys.readouterr().out.splitlines()[2:]
    one, two = (workbook_cells(path.read_bytes()) for path in sorted(Path(STATEMENTS).iterdir()))
    assert [row[3] for row in one[5:]] == ["320,000.00", "36,000.00"]
    assert (two[5][0], two[-1][3]) == ("2020-11-30", "320,000.00")
    assert [line.split()[-1] for line in said] == [
        str(one[5][4]).replace(",", ""),
        str(two[5][4]).replace(",", ""),
    ]


def answer_by(*arguments: str) -> None:
    called = parsed(arguments)
    called.answer(called)


def test_the_same_plan_gives_the_same_files(payouts: Path, tmp_path: Path) -> None:
    plan = Plan(pending=2, later=1, parts=2)
    for folder in ("one", "two"):
        answered(payouts, tmp_path / folder, plan)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes()


def test_a_town_answers_each_sheet_once(tmp_path: Path) -> None:
    sheet = sent_back(tmp_path, person(1, "账户已销户"), person(2, "账户已冻结"))
    answers, people = correct_sheets(tmp_path, tmp_path / "corrected", seed=1)
    assert (answers, people) == ([tmp_path / "corrected" / sheet.name], 1)
    assert correct_sheets(tmp_path, tmp_path / "corrected", seed=1) == ([], 0)
