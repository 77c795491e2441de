"""``explain``: a statement line leaves suspense by the word of a human."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.office import TRAINING
from tests.support.office import Office


@pytest.fixture
def unexplained(office: Office) -> Any:
    """The line of 66.00 that no rule knows."""
    account = Account()
    account.move("2020-05-08", "1000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-06-01", "-66.00", "某店", "货款")
    take_statement(office, account)
    (line,) = office.status()["suspense"]["unexplained"]
    return line


def explain(office: Office, line: str, account: str, on: str = "2020-06-02") -> Any:
    return office.run("explain", "--yes", line, account, "--date", on)


@pytest.mark.parametrize("account", [TRAINING, "01本级财政:30216", "30216", "培训费"])
def test_an_account_is_named_by_any_part_that_is_its_own(
    office: Office, unexplained: Any, account: str
) -> None:
    done = explain(office, unexplained["line"], account)
    assert done.status == 0, done.err
    assert TRAINING in done.out
    status = office.status()
    assert status["suspense"]["lines"] == 0
    (line,) = [one for one in status["lines"] if (one["fund"], one["code"]) == ("01", "30216")]
    assert line["spent"] == "66.00"
    assert office.check() == []


def test_a_line_is_named_by_its_beginning(office: Office, unexplained: Any) -> None:
    assert explain(office, unexplained["line"][:6], TRAINING).status == 0


def test_as_of_a_day_before_it_is_unexplained_still(office: Office, unexplained: Any) -> None:
    explain(office, unexplained["line"], TRAINING, on="2020-06-02")
    assert office.status("2020-06-01")["suspense"]["lines"] == 1
    assert office.status("2020-06-02")["suspense"]["lines"] == 0


def test_a_note_is_kept_without_numbers(office: Office, unexplained: Any) -> None:
    office.run(
        "explain", "--yes", unexplained["line"], TRAINING, "--note", "见发票 6215210000012345678"
    )
    text = office.events()[-1].read_text(encoding="utf-8")
    assert "见发票" in text and "6215210000012345678" not in text


@pytest.mark.parametrize(
    ("line", "account", "words"),
    [
        ("Lffffffffffff", TRAINING, "there is no statement line"),
        ("L", TRAINING, "several lines"),
        ("", TRAINING, "there is no statement line"),
        (None, "5001业务活动费用:02", "fits several accounts"),
        (None, "302", "fits several accounts"),
        (None, "差旅住宿", "no account of the books"),
        (None, "Assets:1002银行存款:01滕州农商行", "is no explanation"),
        (None, "Assets:1218其他应收款:99待核", "is no explanation"),
        (None, "01两员补助:370481001", "no account of the books"),
        (None, "B2020-009", "B2020-009"),
    ],
)
def test_what_is_not_clear_is_refused(
    office: Office, unexplained: Any, line: str | None, account: str, words: str
) -> None:
    before = office.events()
    refused = explain(office, unexplained["line"] if line is None else line, account)
    assert refused.status == 1
    assert words in refused.err
    assert office.events() == before


def test_a_line_is_explained_once(office: Office, unexplained: Any) -> None:
    explain(office, unexplained["line"], TRAINING)
    again = explain(office, unexplained["line"], TRAINING)
    assert again.status == 1
    assert "awaits no explanation" in again.err


def test_not_before_its_day(office: Office, unexplained: Any) -> None:
    refused = explain(office, unexplained["line"], TRAINING, on="2020-05-31")
    assert "2020-05-31 is before 2020-06-01" in refused.err
