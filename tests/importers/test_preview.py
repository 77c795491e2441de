"""The preview of a statement for Fava: what ``import`` would enter, without the registry's key."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from beancount.core import data

from importers.preview import DUPLICATE
from importers.preview import StatementPreview
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from tests.support.bank_account import Account
from tests.support.bank_account import a_year
from tests.support.bank_account import funded_account
from tests.support.bank_account import take_statement
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.roster_files import person
from tests.support.roster_files import roster


@pytest.fixture
def account() -> Account:
    return a_year()


@pytest.fixture
def shown(office: Office) -> StatementPreview:
    return StatementPreview(office.folder)


def statements(office: Office) -> Path:
    return office.folder / "statements"


def extracted(office: Office, path: Path) -> list[Any]:
    """What Fava gets: extracted, sorted and marked."""
    importer = StatementPreview(office.folder)
    existing = list(office.books().entries)
    entries = importer.extract(str(path), existing)
    importer.sort(entries)
    importer.deduplicate(entries, existing)
    assert not any(known(existing)), "Fava's own entries are marked"
    return list(entries)


def known(entries: Sequence[Any]) -> list[bool]:
    return [DUPLICATE in entry.meta for entry in entries]


def same(entry: data.Transaction) -> Any:
    """An entry without where it is written."""
    meta = {key: value for key, value in entry.meta.items() if key in ("balance", "by-hand")}
    postings = [posting._replace(meta=None) for posting in entry.postings]
    return entry._replace(meta=meta, postings=postings)


def note(entries: list[Any]) -> str:
    """The one entry of a refused file says why on the bank account."""
    (entry,) = entries
    assert isinstance(entry, data.Note)
    assert entry.account == BANK
    return entry.comment


def test_a_statement_is_known_by_its_content(
    office: Office, account: Account, shown: StatementPreview
) -> None:
    path = account.statement(statements(office) / "没有名字")
    assert shown.identify(str(path)) is True
    assert shown.account(str(path)) == BANK
    assert str(shown.date(str(path))) == "2020-11-05"
    assert shown.filename(str(path)) == "2020-05-08--2020-11-05-对账单"
    named = path.rename(path.with_name("流水.CSV"))
    assert shown.filename(str(named)) == "2020-05-08--2020-11-05-对账单.CSV"
    assert "preview" in shown.name


UNREADABLE = {
    "empty": b"",
    "blank": b" \n",
    "PDF": b"%PDF-1.4",
    "xlsx": b"PK\x03\x04 cut off",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "noise": b"\x00\xff" * 99,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_no_statement(
    shown: StatementPreview, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert shown.identify(str(path)) is False
    assert shown.identify(str(tmp_path)) is False
    assert shown.identify(str(tmp_path / "gone.xlsx")) is False


def test_rosters_and_results_are_none(office: Office, shown: StatementPreview) -> None:
    office.receive(10_000)
    office.register(2)
    office.disburse()
    path = statements(office) / "名册.xlsx"
    path.write_bytes(roster(person(1), person(2)))
    assert shown.identify(str(path)) is False
    assert shown.identify(str(result_file(office, everyone(PAID, 1, 2)))) is False


def test_a_file_is_read_again_when_it_or_the_settings_change(
    office: Office, account: Account, shown: StatementPreview
) -> None:
    path = account.statement(statements(office) / "流水.csv")
    first = shown.read(path)
    assert shown.read(path) is first
    account.statement(path, until="2020-06-30")
    second = shown.read(path)
    assert second.statement is not None and len(second.statement.lines) == 2
    settings = office.folder / "census-ledger.toml"
    os.utime(settings, (0, 0))
    assert shown.read(path) is not second


def test_every_line_is_shown_as_it_is_entered(office: Office, account: Account) -> None:
    """Known lines as they stand in the books, new ones as they will."""
    take_statement(office, account, until="2020-07-01")
    path = account.statement(statements(office) / "全年.csv", newest_first=True)
    before = extracted(office, path)
    assert known(before) == [True, True, True, False, False]
    assert [entry.flag for entry in before] == ["*", "*", "*", "*", "!"]
    assert [entry.meta["lineno"] for entry in before[3:]] == [3, 2]
    assert office.run("import", path).status == 0
    lines = office.books().history.lines.values()
    assert list(map(same, before)) == [same(line.entry) for line in lines]
    assert all(known(extracted(office, path)))


def test_one_payment_of_800_is_not_all_others(office: Office) -> None:
    account = funded_account()
    account.move("2020-11-12", "-800.00", "某人", "货款")
    take_statement(office, account)
    account.move("2020-11-12", "-800.00", "某人", "货款")
    path = account.statement(statements(office) / "流水.csv")
    assert known(extracted(office, path)) == [True, True, False]


def test_a_batch_is_known_by_its_sum_without_the_key(office: Office) -> None:
    account = funded_account()
    take_statement(office, account)
    office.register(3)
    assert office.disburse().status == 0
    office.key.unlink()
    account.move("2020-11-12", "-2400.00", "", "批量代发")
    account.move("2020-11-12", "-2400.00", "", "批量代发")
    path = account.statement(statements(office) / "流水.csv")
    _known, once, twice = extracted(office, path)
    debit = once.postings[1]
    assert (debit.account, debit.meta["batch"]) == (TRANSIT, "B2020-001")
    assert twice.postings[1].account == SUSPENSE


def test_what_was_entered_by_hand_moves_nothing_again(office: Office, account: Account) -> None:
    office.receive(1_220_000, on="2020-05-08")
    path = account.statement(statements(office) / "流水.csv", until="2020-05-31")
    (entry,) = extracted(office, path)
    assert str(entry.meta["by-hand"]) == "2020-05-08"
    assert entry.postings == []


def test_a_refused_statement_is_a_note(office: Office, account: Account) -> None:
    take_statement(office, account, until="2020-05-31")
    gap = account.statement(statements(office) / "有缺口.csv", since="2020-07-01")
    assert "import the statement of the time between first" in note(extracted(office, gap))
    edited = account.statement(
        statements(office) / "改过.csv",
        change=lambda lines: lines.__setitem__(2, replace(lines[2], yuan="-12.51")),
    )
    said = note(extracted(office, edited))
    assert "row 4" in said
    refused = office.run("import", edited)
    assert said in refused.err


def test_broken_settings_take_no_page_away(
    office: Office, account: Account, shown: StatementPreview
) -> None:
    path = account.statement(statements(office) / "流水.csv")
    existing = list(office.books().entries)
    settings = office.folder / "census-ledger.toml"
    settings.write_text("[unit", encoding="utf-8")
    assert shown.identify(str(path)) is True
    assert shown.account(str(path)).startswith("Assets:1002")
    assert shown.date(str(path)) is None
    (entry,) = shown.extract(str(path), existing)
    assert isinstance(entry, data.Note)
    assert "census-ledger.toml" in entry.comment
