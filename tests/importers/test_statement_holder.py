"""In whose name an account is: the office's, or somebody says that it is the office's."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.bank_account import Account
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import made_up

OTHER = "滕州市统计局工会委员会"


def statement(office: Office, holder: str, since: str = "2020-01-01") -> Path:
    """The account's lines from a day on, below titles that say in whose name it is."""
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-06-20", "1525.40", "", "结息")
    path = account.statement(office.folder.with_name("流水.csv"), since)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([["账户交易明细"], ["户名", holder] if holder else ["币种", "人民币"]])
    path.write_text(text.getvalue() + path.read_text(encoding="utf-8-sig"), encoding="utf-8-sig")
    return path


def take(office: Office, holder: str, *options: str, since: str = "2020-01-01") -> Answer:
    return office.run("import", statement(office, holder, since), "--json", *options)


def unit(office: Office) -> str:
    return office.books().settings.unit


def test_the_offices_own_name_is_not_asked_about(office: Office) -> None:
    (file,) = take(office, unit(office)).json["files"]
    assert (file["holder"], file["holder_in_doubt"], file["entries"]) == (unit(office), False, 2)
    assert office.check() == []


@pytest.mark.parametrize("spelling", ["{} ", "\u3000{}"])
def test_blanks_make_no_other_name(office: Office, spelling: str) -> None:
    assert take(office, spelling.format(unit(office))).status == 0


def test_a_statement_that_does_not_say_is_taken(office: Office) -> None:
    (file,) = take(office, "").json["files"]
    assert (file["holder"], file["holder_in_doubt"]) == (None, False)


def test_another_name_is_asked_about_before_anything_is_taken(office: Office) -> None:
    asked = take(office, OTHER)
    assert asked.status == 2 and "--yes" in asked.err
    assert len(office.events()) == 1
    (tried,) = take(office, OTHER, "--dry-run").json["files"]
    assert (tried["holder"], tried["holder_in_doubt"]) == (OTHER, True)
    said = office.run("import", statement(office, OTHER), "--dry-run").out
    assert f"in the name of {OTHER}" in said


def test_who_says_that_it_is_the_offices_is_not_asked_again(office: Office) -> None:
    """The statements to come are compared with the name that was taken."""
    assert take(office, OTHER, "--yes").status == 0
    assert take(office, OTHER, since="2020-06-01").status == 0
    assert take(office, unit(office), since="2020-06-01").status == 0
    assert office.check() == []


def test_a_name_that_is_another_since_is_asked_about(office: Office) -> None:
    assert take(office, unit(office)).status == 0
    assert take(office, made_up(1).legal_name, since="2020-06-01").status == 2


def test_what_was_reversed_says_nothing(office: Office) -> None:
    """It was the wrong account."""
    assert take(office, OTHER, "--yes").status == 0
    assert office.run("reverse", "1", "--reason", "不是本单位账户", "--yes").status == 0
    assert take(office, OTHER).status == 2
