"""A province and its counties: what adds up, and that nothing in a bundle is believed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest

from ledger.base import durable
from ledger.base import records
from ledger.base.digests import digest
from ledger.base.money import plain
from ledger.keys.province_key import ProvinceKey
from ledger.keys.province_key import read_province_key
from ledger.keys.province_key import read_public_key
from ledger.keys.province_key import seal_to
from ledger.province import workers
from ledger.province.at_work import judge_all
from ledger.province.bundle import FIGURES
from ledger.province.bundle import NUMBERS
from ledger.province.bundle import RETURNS
from ledger.province.bundle import read_bundle
from ledger.province.figures_text import figures_text
from ledger.province.figures_text import read_figures
from ledger.province.judging import Judged
from ledger.province.judging import Task
from ledger.province.judging import judge
from ledger.province.numbers import Bearer
from ledger.province.numbers import NumbersStrange
from ledger.province.numbers import bearers_text
from ledger.province.numbers import purpose_of
from ledger.province.numbers import read_bearers
from ledger.province.own_processes import OwnProcesses
from ledger.province.workers import Workers
from tests.support import hostile_books
from tests.support.counties import COUNTIES
from tests.support.counties import DAY
from tests.support.counties import MONTH
from tests.support.counties import PASSPHRASE
from tests.support.counties import Inline
from tests.support.counties import Province
from tests.support.counties import Silent
from tests.support.counties import at_work
from tests.support.counties import bundle_of
from tests.support.counties import forged
from tests.support.counties import new_county
from tests.support.faulty_disk import FullDisk
from tests.support.office import Office
from tests.support.office import made_up


@pytest.fixture
def province(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Province:
    """A province with its keys, whose bundles are judged in this process."""
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(workers, "own_processes", lambda _size: Workers(Inline, 1))
    made = Province(tmp_path / "province", capsys)
    assert made.run("key", "province", made.folder / "keys").status == 0
    return made


@pytest.fixture(scope="module")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Office]:
    """Two counties with other people in each, to be copied."""
    folder = tmp_path_factory.mktemp("counties")
    first, second = (
        new_county(folder / name, code, Silent())
        for name, code in zip("ab", COUNTIES, strict=False)
    )
    return at_work(first), at_work(second, number=50)


@pytest.fixture
def county(
    two_counties: tuple[Office, Office], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Office:
    return replace(two_counties[0].copied(tmp_path / "a"), capture=capsys)


@pytest.fixture
def other(
    two_counties: tuple[Office, Office], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Office:
    """Another county, with other people."""
    return replace(two_counties[1].copied(tmp_path / "b"), capture=capsys)


def judged(path: Path) -> Judged:
    return judge(Task(path.name, path.read_bytes(), DAY, "en"))


def code_of(path: Path) -> str:
    """Why a bundle does not count: one thing."""
    answer = judged(path)
    assert answer.figures is None
    assert answer.findings
    assert all(str(path.parent) not in one.message for one in answer.findings)
    return answer.findings[0].code


# What adds up.


def test_totals_are_those_of_the_counties_own_status(
    province: Province, county: Office, other: Office
) -> None:
    other.receive(7_000, on="2020-11-20")
    bundles = [
        bundle_of(county, "--for", province.public),
        bundle_of(other, "--figures", "--month", MONTH),
    ]
    answer = province.consolidate(*bundles, options=["--key", province.key])
    assert answer.status == 0, answer.out
    by_county = {one["county"]: one for one in answer.json["counties"]}
    assert [one["verified"] for one in by_county.values()] == [False, True]
    for office, code in ((county, COUNTIES[0]), (other, COUNTIES[1])):
        status, said = office.status(DAY), by_county[code]
        for field in ("received", "paid"):
            assert said["money"][field] == status["budget"][field]
        assert said["money"]["budget"] == status["budget"]["total"]
        assert said["money"]["accrued"] == status["budget"]["spent"]
        assert said["money"]["bank"] == status["cash"]["bank"]
        people = {state: status["payees"][state] for state in said["people"]}
        assert said["people"] == people == {"in_bank": 0, "paid": 3, "returned": 1, "unknown": 1}
    total = answer.json["total"]
    assert total["counties"] == 2
    assert total["money"]["received"] == plain(100_000_00 * 2 + 7_000_00)
    assert answer.json["paid_twice"] == []


def test_what_was_written_is_read_back_by_another_library(
    province: Province, county: Office, other: Office
) -> None:
    duckdb = pytest.importorskip("duckdb")
    province.consolidate(bundle_of(county), bundle_of(other))
    tables = province.out / "tables"
    with duckdb.connect() as database:
        (sums,) = database.execute(
            f"select sum(budget_yuan), sum(received_yuan), sum(accrued_yuan), count(*)"
            f" from '{tables / 'counties.parquet'}'"
        ).fetchall()
        returned = database.execute(
            f"select county, reason, bank, people, amount_yuan from '{tables / 'returns.parquet'}'"
        ).fetchall()
        states = database.execute(
            "select state, sum(people), sum(amount_yuan) from"
            f" '{tables / 'people.parquet'}' group by state order by state"
        ).fetchall()
    assert [str(one) for one in sums] == ["11600000.00", "200000.00", "8000.00", "2"]
    assert [(*row[:4], str(row[4])) for row in returned] == [
        (code, "CLOSED", "滕州农商行", 1, "800.00") for code in sorted(COUNTIES[:2])
    ]
    assert [(state, int(people), str(yuan)) for state, people, yuan in states] == [
        ("paid", 6, "4800.00"), ("returned", 2, "1600.00"), ("unknown", 2, "1600.00"),
    ]  # fmt: skip


def test_the_order_of_bundles_and_their_workers_make_no_difference(
    province: Province, county: Office, other: Office
) -> None:
    bundles = [bundle_of(one, "--for", province.public) for one in (county, other)]
    other.hand('2020-01-02 option "x" "y"')
    broken = bundle_of(county, "--figures", name="c.zip")
    files = []
    for order in ([*bundles, broken], [broken, *reversed(bundles)]):
        shutil.rmtree(province.out, ignore_errors=True)
        answer = province.consolidate(*order, options=["--key", province.key])
        files.append((answer.out, contents(province.out)))
    assert files[0] == files[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_people_and_accounts_that_two_counties_have_paid_are_found_and_nobody_else(
    province: Province, county: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, back = made_up(1), made_up(2), made_up(5)

    def planted(payee: Any) -> Any:
        """The third person is one of the other county, the fourth has another's account."""
        if payee.identity == made_up(53).identity:
            return records.replace(payee, identity=first.identity.lower())
        if payee.identity == made_up(54).identity:
            return records.replace(payee, account=f"00{second.account}")
        if payee.identity == made_up(51).identity:
            # Nothing went to whom it came back from.
            return records.replace(payee, account=back.account)
        return payee

    other = at_work(new_county(tmp_path / "b", COUNTIES[1], capsys), number=50, change=planted)
    bundles = [
        bundle_of(county, "--for", province.public),
        bundle_of(other, "--figures", "--month", MONTH, "--for", province.public),
    ]
    answer = province.consolidate(*bundles, options=["--key", province.key])
    found = {
        (double["field"], *((one["county"], one["payee"]) for one in double["paid"]))
        for double in answer.json["paid_twice"]
    }
    assert found == {
        ("account", (COUNTIES[1], "P000004"), (COUNTIES[0], "P000002")),
        ("identity", (COUNTIES[1], "P000003"), (COUNTIES[0], "P000001")),
    }
    written = b"".join(contents(province.out).values())
    for number in (first.identity, second.account):
        assert number.encode() not in written
        assert number not in answer.out
    without = province.consolidate(*bundles)
    assert without.json["paid_twice"] is None


def test_rates_outside_the_provinces_limits_are_named_with_their_batch(
    province: Province, county: Office
) -> None:
    limits = province.folder / "limits.toml"
    limits.write_text(
        '[[rate]]\nrole = "普查员"\nleast = "300.00"\nmost = "700.00"\n'
        '[[rate]]\nrole = "普查指导员"\nstage = "S9"\nleast = "1.00"\nmost = "2.00"\n',
        encoding="utf-8",
    )
    answer = province.consolidate(bundle_of(county), options=["--limits", limits])
    rates = [one for one in answer.json["matters"] if one["subject"] == "rate"]
    assert [(one["amount"], "B2020-001" in one["words"]) for one in rates] == [
        ("800.00", False), ("800.00", True)
    ]  # fmt: skip
    fingerprint = answer.json["counties"][0]["fingerprint"]
    for said, failed in ((fingerprint, 0), ("0000 1111 2222 3333", 1)):
        limits.write_text(
            f'[[county]]\ncode = "{COUNTIES[0]}"\nfingerprint = "{said}"\n', encoding="utf-8"
        )
        answer = province.consolidate(bundle_of(county), options=["--limits", limits])
        assert len(answer.json["failed"]) == failed
    assert answer.json["failed"][0]["findings"][0]["code"] == "not-the-countys-books"


# The past goes on.


def test_each_county_goes_on_from_the_last_consolidation_or_is_named(
    province: Province, county: Office, other: Office, tmp_path: Path, capsys: Any
) -> None:
    old = bundle_of(county, name="old.zip")
    twin = county.copied(tmp_path / "twin")
    first = province.consolidate(old, bundle_of(other)).json
    assert first["previous"] is None
    same = province.consolidate(old, bundle_of(other)).json
    assert same["digest"] == first["digest"]
    assert not any(one["new"] for one in same["counties"])

    decided = ("P000005", "--reason", "已核实", "--yes", "--date", "2020-11-18")
    assert county.run("payees", "release", *decided).status == 0
    new = bundle_of(county, name="new.zip")
    answer = province.consolidate(new)
    assert answer.status == 0
    assert answer.json["previous"] == first["digest"] != answer.json["digest"]
    assert [one["county"] for one in answer.json["missing"]] == [COUNTIES[1]]

    assert failed_code(province, old) == "books-older"
    assert twin.run("payees", "cancel", *decided).status == 0
    assert failed_code(province, bundle_of(twin)) == "past-rewritten"
    anew = at_work(new_county(tmp_path / "c", COUNTIES[0], capsys))
    assert failed_code(province, bundle_of(anew)) == "books-made-anew"
    assert (
        failed_code(province, bundle_of(anew, "--figures", "--month", MONTH)) == "books-made-anew"
    )
    assert failed_code(province, new, old) == "books-older"
    assert province.consolidate(new).status == 0


def failed_code(province: Province, *bundles: Path) -> str:
    """Why a bundle fails. What was remembered stays."""
    before = (province.out / "heads.json").read_bytes()
    answer = province.consolidate(*bundles)
    assert answer.status == 1
    ((failed,),) = (answer.json["failed"],)
    if len(bundles) == 1:
        assert answer.json["counties"] == []
    assert (province.out / "heads.json").read_bytes() == before
    return str(failed["findings"][0]["code"])


def test_two_bundles_of_the_same_books_leave_nobody_to_believe(
    province: Province, county: Office
) -> None:
    one, two = bundle_of(county), bundle_of(county, "--figures", "--month", MONTH, name="2.zip")
    answer = province.consolidate(one, two, one)
    assert [one["findings"][0]["code"] for one in answer.json["failed"]] == ["county-twice"] * 2
    assert answer.json["counties"] == []


def test_heads_that_were_changed_are_not_gone_on_from(province: Province, county: Office) -> None:
    path = bundle_of(county)
    province.consolidate(path)
    heads = province.out / "heads.json"
    facts = json.loads(heads.read_bytes())
    (book,) = facts["books"]
    forgeries: tuple[dict[str, Any], ...] = (
        facts | {"books": [[*book[:4], book[4] - 1, *book[5:]]]},
        facts | {"digest": "0" * 64},
        {},
    )
    for changed in forgeries:
        heads.write_text(json.dumps(changed), encoding="utf-8")
        answer = province.consolidate(path)
        assert (answer.status, answer.json["code"]) == (1, "heads-damaged")


# Nothing in a bundle is believed.


def test_a_bundle_without_its_operators_signature_counts_for_nothing(
    county: Office, other: Office
) -> None:
    whole = bundle_of(county)
    assert judged(whole).figures is not None
    rules = read_bundle(whole.read_bytes()).files["books/rules.beancount"]
    richer = {"books/rules.beancount": rules.replace(b"3400000.00", b"9400000.00")}
    assert code_of(forged(whole, richer)) == "bundle-not-signed"
    assert code_of(forged(whole, richer, signed_by=other)) == "bundle-not-signed"
    figures = bundle_of(county, "--figures", "--month", MONTH, name="f.zip")
    said = read_figures(read_bundle(figures.read_bytes()).files[FIGURES])
    more = said._replace(money=said.money._replace(bank_fen=1))
    forgery = {FIGURES: figures_text(more)}
    assert code_of(forged(figures, forgery)) == "bundle-not-signed"
    assert code_of(forged(figures, forgery, signed_by=other)) == "bundle-not-signed"
    # A county may say of its money what it likes, if it signs: it is its word, and named so.
    assert judged(forged(figures, forgery, signed_by=county)).figures is not None


def test_events_that_were_changed_left_out_or_exchanged_are_found(
    county: Office, other: Office
) -> None:
    whole = bundle_of(county)
    files = read_bundle(whole.read_bytes()).files
    prepared = next(name for name in files if "prepared" in name)
    newest = sorted(name for name in files if "/events/" in name)[-1]
    strange = read_bundle(bundle_of(other).read_bytes()).files
    init = "books/events/000000-init.beancount"

    def swapped(found: dict[str, bytes]) -> None:
        """The first operator has another key, and HEAD knows nothing else."""
        found[init] = strange[init]

    changes: list[Any] = [
        {prepared: files[prepared].replace(b"800.00", b"900.00")},
        {newest: None},
        {prepared: None},
        {"books/HEAD": strange["books/HEAD"]},
        {init: files[init].replace(b'key: "', b'key: "00')},
        swapped,
        lambda found: found.update(strange),
    ]
    codes = [code_of(forged(whole, change, signed_by=county)) for change in changes]
    assert codes == ["chain"] * 6 + ["head-of-another"]


def test_a_head_of_other_books_is_not_this_ones(county: Office, other: Office) -> None:
    """All of the other's books, under a list that names the county's HEAD."""
    of_other = read_bundle(bundle_of(other).read_bytes()).files

    def exchanged(found: dict[str, bytes]) -> None:
        found.clear()
        found.update(of_other)

    assert code_of(forged(bundle_of(county), exchanged, signed_by=county)) == "head-of-another"


@pytest.mark.parametrize(
    "attack",
    [
        next(iter(each()))
        for each in (
            hostile_books.plugins, hostile_books.options, hostile_books.includes,
        )
    ],
    ids=lambda attack: attack.name,
)  # fmt: skip
def test_books_that_would_run_or_reach_out_are_not_loaded(
    county: Office, attack: hostile_books.Attack
) -> None:
    name = f"books/{attack.file}"
    whole = bundle_of(county)
    text = read_bundle(whole.read_bytes()).files[name]
    assert code_of(forged(whole, {name: text + b"\n" + attack.content}, signed_by=county)) in (
        attack.code, "books-not-plain", "DefinitelyNot"
    )  # fmt: skip


def test_rules_that_were_raised_after_the_payment_are_found(county: Office) -> None:
    whole = bundle_of(county)
    rules = read_bundle(whole.read_bytes()).files["books/rules.beancount"]
    changed = rules.replace(b" 800.00 CNY", b" 900.00 CNY")
    assert changed != rules
    assert judged(forged(whole, {"books/rules.beancount": changed}, signed_by=county)).findings


def test_a_month_that_was_closed_is_as_it_was(county: Office) -> None:
    assert county.run("month", "close", MONTH, "--yes", "--date", "2020-12-01").status == 0
    whole = bundle_of(county)
    assert judged(whole).figures is not None
    name = "books/journal/hand.beancount"
    hand = read_bundle(whole.read_bytes()).files[name]
    entry = (
        '\n2020-11-20 * "补" "x"\n  Assets:1002银行存款:01滕州农商行  1.00 CNY\n'
        "  Income:4001财政拨款收入:01本级财政\n"
    )
    added = hand + entry.encode()
    assert code_of(forged(whole, {name: added}, signed_by=county)) == "closed_month"


PAID_ROW = '"paid", "", "2020-11-15", 3'
FORGED_FIGURES = (
    ('["county", "3', '["county", "x', "county"),
    ('["unit", "', '["unit", "\\u202e', "unit"),
    ('["unit", "', f'["unit", "{"长" * 300}', "unit"),
    (PAID_ROW, f"{PAID_ROW[:-1]}-3", "people people"),
    (PAID_ROW, f"{PAID_ROW}.5", "people people"),
    (PAID_ROW, f"{PAID_ROW[:-1]}true", "people people"),
    (PAID_ROW, '"paid", "", "昨天", 3', "since"),
    ("580000000", "580000001", "funds 01"),
    ("580000000", "9" * 30, "funds budget_fen"),
    ('["people", "2020-11"', '["people", "2020-13"', "month"),
    ('["county", ', '["more", "1"]\n["county", ', "JSON"),
    ('["county", "370481"]', '["county", "370481"]\n["county", "370481"]', "county"),
    ('["county", ', "[" * 100_000 + '\n["county", ', "JSON"),
    ('["county", "370481"]\n', "", "county"),
)


@pytest.mark.parametrize(("old", "new", "where"), FORGED_FIGURES)
def test_figures_are_plain_texts_and_whole_numbers_that_add_up(
    county: Office, old: str, new: str, where: str
) -> None:
    whole = bundle_of(county, "--figures", "--month", MONTH)
    text = read_bundle(whole.read_bytes()).files[FIGURES].decode()
    assert old in text
    changed = text.replace(old, new, 1).encode()
    answer = judged(forged(whole, {FIGURES: changed}, signed_by=county))
    assert answer.figures is None
    assert answer.findings[0].code == "figures-strange"
    assert answer.findings[0].message.endswith(where)


def test_figures_of_another_day_are_not_added_up(county: Office) -> None:
    assert code_of(bundle_of(county, "--figures")) == "figures-of-another-day"


def test_who_signs_figures_is_proven_by_the_events_that_name_operators(
    county: Office, other: Office
) -> None:
    whole = bundle_of(county, "--figures", "--month", MONTH)
    first = "events/000000-init.beancount"
    files = read_bundle(whole.read_bytes()).files
    strange = read_bundle(bundle_of(other, "--figures").read_bytes()).files[first]
    digests = files["events.txt"].decode().split("\n")
    other_list = "\n".join([digest(strange), *digests[1:]]).encode()
    for change in (
        {first: None},
        {first: strange},
        {first: files[first].replace("测试员".encode(), "别人".encode())},
        {"events.txt": b""},
        {"events.txt": b"x\n"},
    ):
        assert code_of(forged(whole, change, signed_by=county)) == "signers-unproven"
    assert code_of(forged(whole, {first: strange, "events.txt": other_list}, signed_by=county)) == (
        "bundle-not-signed"
    )
    shorter = "\n".join([*digests[:-2], ""]).encode()
    assert code_of(forged(whole, {"events.txt": shorter}, signed_by=county)) == "head-of-another"


def test_an_operator_whom_nobody_has_named_signs_for_nobody(county: Office) -> None:
    """The list of events is the county's word, but who signs is proven by signatures alone."""
    assert county.run("operator", "add", "李主任", "--role", "管理").status == 0
    county.receive(100)
    assert county.run("month", "close", MONTH, "--yes", "--date", "2020-12-01").status == 0
    whole = bundle_of(county, "--figures", "--month", MONTH)
    assert judged(whole).figures is not None
    files = read_bundle(whole.read_bytes()).files
    (name,) = [one for one in files if one.endswith("-operator.beancount")]
    head, _signature, rest = re.split(r'(?<=signature: ")([0-9a-f]{128})', files[name].decode())
    planted = f"{head}{'0' * 128}{rest}".encode()
    listed = files["events.txt"].replace(digest(files[name]).encode(), digest(planted).encode())
    assert listed != files["events.txt"]
    path = forged(whole, {name: planted, "events.txt": listed}, signed_by=county)
    assert code_of(path) == "signers-unproven"


def test_returns_by_bank_count_where_they_add_up(county: Office) -> None:
    whole = bundle_of(county)
    text = read_bundle(whole.read_bytes()).files[RETURNS]
    banks = {
        "as it was": (text, "滕州农商行"),
        "more": (text.replace(b"\n1,", b"\n2,"), ""),
        "a formula": (text.replace("滕州农商行".encode(), b"=1+1"), "=1+1"),
    }
    for content, bank in banks.values():
        answer = judged(forged(whole, {RETURNS: content}, signed_by=county))
        assert answer.figures is not None
        assert [row.bank for row in answer.figures.returns] == [bank]
    for strange in (b"[[1]]", text + b"\n", text.replace(b"\n1,", b"\n1.0,")):
        assert code_of(forged(whole, {RETURNS: strange}, signed_by=county)) == "returns-strange"


def test_numbers_are_those_of_the_signed_rows(province: Province, county: Office) -> None:
    whole = bundle_of(county, "--for", province.public)
    bundle = read_bundle(whole.read_bytes())
    key = read_province_key(province.key, PASSPHRASE)
    purpose = purpose_of(bundle.head)
    rows = json.loads(key.open(bundle.files[NUMBERS], purpose))
    public = read_public_key(province.public)

    def sealed(facts: Any, *, to: bytes = public, for_what: bytes = purpose) -> bytes:
        return seal_to(to, json.dumps(facts, ensure_ascii=False).encode(), for_what, bytes(32))

    changed = [rows[0], rows[1].replace(made_up(1).identity, made_up(9).identity)]
    forgeries = {
        sealed(changed): "numbers-strange",
        sealed([rows[0]]): "numbers-strange",
        sealed([*rows, rows[1] + "\n"]): "numbers-strange",
        sealed(["numbers", ["P000001", "1", "2", "paid", 1]]): "numbers-strange",
        sealed({"rows": 1}): "numbers-strange",
        sealed(rows, to=ProvinceKey(bytes(range(32))).public): "sealed-to-another",
        sealed(rows, for_what=b"other"): "sealed-to-another",
        bytes(64): "sealed-to-another",
    }
    for content, code in forgeries.items():
        path = forged(whole, {NUMBERS: content}, signed_by=county)
        shutil.rmtree(province.out, ignore_errors=True)
        answer = province.consolidate(path, options=["--key", province.key]).json
        assert [one["findings"][0]["code"] for one in answer["failed"]] == ([code] if code else [])


def test_names_with_formulas_and_markup_stay_words(
    province: Province, tmp_path: Path, capsys: Any
) -> None:
    office = new_county(tmp_path / "a", COUNTIES[0], capsys)
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    assert "[unit]\nname = " in text
    path = office.folder / "programme.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('name = "滕州市"', 'name = "=1+1<b>&{x}"'), "utf-8"
    )
    answer = province.consolidate(bundle_of(office))
    assert answer.status == 0, answer.out
    assert answer.json["counties"][0]["name"] == "=1+1<b>&{x}"
    openpyxl = pytest.importorskip("openpyxl")
    (book,) = province.out.glob("*.xlsx")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(book)
        for row in sheet.iter_rows()
        for cell in row
        if "=1+1" in str(cell.value)
    ]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


def test_what_nobody_has_thought_of_is_a_finding_and_no_traceback(
    county: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_content: bytes) -> Any:
        raise ZeroDivisionError("370481199001011234")

    monkeypatch.setattr("ledger.province.judging.read_bundle", breaks)
    answer = judged(bundle_of(county))
    assert [one.code for one in answer.findings] == ["defect"]
    assert "370481199001011234" not in answer.findings[0].message


# Those who do the work may die.


def tasks(count: int) -> list[Task]:
    return [Task(f"{number}.zip", str(number).encode(), DAY, "en") for number in range(count)]


class Deadly(Executor):
    """Its worker dies of some tasks: whenever it has one, or the first time."""

    def __init__(self, deadly: set[str], once: set[str]) -> None:
        self.deadly, self.once = deadly, once
        self.is_dead = False

    def submit(self, call: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        if self.is_dead:
            raise BrokenProcessPool
        (task,) = arguments
        future: Future[Any] = Future()
        if task.name in self.deadly | self.once:
            self.once.discard(task.name)
            self.is_dead = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(call(task))
        return future


def test_a_worker_that_dies_costs_its_own_county_at_most() -> None:
    once = {"3.zip"}
    found = list(judge_all(lambda: Deadly({"5.zip"}, once), tasks(9), workers=2))
    assert sorted(one.name for one in found) == [f"{number}.zip" for number in range(9)]
    codes = {one.name: one.findings[0].code for one in found}
    assert codes.pop("5.zip") == "worker-died"
    assert set(codes.values()) == {"bundle-not-an-archive"}


def test_few_tasks_are_under_way_however_many_there_are() -> None:
    drawn: list[int] = []

    def counted() -> Iterator[Task]:
        for number, task in enumerate(tasks(40)):
            drawn.append(number)
            yield task

    answers = judge_all(Inline, counted(), workers=2)
    for place, _answer in enumerate(answers):
        assert len(drawn) <= place + 5
    assert len(drawn) == 40


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed as POSIX does it")
def test_processes_give_what_one_process_gives_when_they_are_killed(
    county: Office, other: Office
) -> None:
    paths = [bundle_of(county), bundle_of(other)]
    expected = [judged(path) for path in paths]
    pools = [OwnProcesses(2), OwnProcesses(1), OwnProcesses(1)]
    begun: list[int] = []

    def kill_the_first() -> None:
        while not pools[0].children:
            sleep(0.01)
        begun.append(pools[0].children[0].process.pid or 0)
        os.kill(begun[0], signal.SIGKILL)

    killer = Thread(target=kill_the_first)
    killer.start()
    left = iter(pools)
    work = [Task(path.name, path.read_bytes(), DAY, "en") for path in paths]
    found = judge_all(lambda: next(left), work, workers=2)
    answers = sorted(found, key=lambda one: one.name)
    killer.join()
    assert answers == expected
    assert begun


def test_a_scheduler_without_tls_and_a_folder_of_books_are_refused(
    province: Province, county: Office
) -> None:
    path = bundle_of(county)
    refused: tuple[tuple[list[str | Path], str | None], ...] = (
        (["--scheduler", "tcp://127.0.0.1:8786"], "scheduler-not-tls"),
        (["--scheduler", "tls://127.0.0.1:8786"], "certificates-missing"),
        (["--out", county.folder], "books-in-folder"),
        (["--month", "2199-01"], "month-ahead"),
        ([path.with_name("missing.zip")], None),
    )
    for options, code in refused:
        answer = province.consolidate(path, options=options)
        assert (answer.status, answer.json.get("code")) == (1, code)
    assert province.run("consolidate", path, "--out", province.out).status == 0
    (province.folder / "empty").mkdir()
    answer = province.run("consolidate", province.folder / "empty", "--out", province.out)
    assert (answer.status, "ends in .zip" in answer.err) == (1, True)


def test_numbers_that_go_with_figures_are_numbers() -> None:
    whole = ["P000001", "370481199001011234", "6215", "paid", 80000]
    assert read_bearers(bearers_text([whole])) == [Bearer(*whole)]  # type: ignore[list-item, arg-type]
    for place, other in ((0, "X1"), (1, "=1"), (2, 6215), (3, "due"), (4, -1), (4, True)):
        row: list[Any] = [*whole]
        row[place] = other
        with pytest.raises(NumbersStrange):
            read_bearers(bearers_text([row]))  # type: ignore[list-item]


def test_a_full_disk_leaves_no_bundle_and_the_heads_as_they_were(
    province: Province, county: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = county.folder.parent / "full.zip"
    for moment in (1, 2, 3):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        answer = county.run("bundle", path, "--json")
        assert answer.status == 1
        assert not path.exists()
    monkeypatch.setattr(durable, "disk", durable.Disk())
    whole = bundle_of(county)
    for moment in (1, 4, 17):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        answer = province.consolidate(whole)
        assert (answer.status, answer.json["code"]) == (1, "system-refused")
        assert not (province.out / "heads.json").exists()
    monkeypatch.setattr(durable, "disk", durable.Disk())
    assert province.consolidate(whole).status == 0
