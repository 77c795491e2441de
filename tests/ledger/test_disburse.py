"""``disburse``: who is paid from what, and everything that goes out, in one step."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.model.ids import BatchId
from ledger.model.instructions import thaw
from ledger.model.payees import Payee
from tests.support.office import GRANT
from tests.support.office import Office


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_money_does_not_reach_everyone(office: Office) -> None:
    """1,600 yuan and three people: the refusal says what is needed, available, and for how many."""
    office.receive(1600)
    office.register(3)
    refused = office.disburse()
    assert refused.status == 1
    assert refused.json["refused"] == {
        "reason": "fund",
        "needed": "2400.00",
        "available": "1600.00",
        "payable_payees": 2,
    }
    assert "--limit-to-funds" in refused.err
    assert len(office.events()) == 1


def test_limited_to_the_funds_it_pays_whole_people_to_the_last_yuan(office: Office) -> None:
    office.receive(1700)
    office.register(3)
    made = office.disburse("--limit-to-funds").json
    assert (made["batch"], made["payees"], made["amount"]) == ("B2020-001", 2, "1600.00")
    refused = office.disburse("--limit-to-funds")
    assert refused.status == 1
    assert refused.json["refused"]["available"] == "100.00"
    assert refused.json["refused"]["payable_payees"] == 0
    status = office.status()
    assert (status["payees"]["in_bank"], status["payees"]["due"]) == (2, 1)


def test_everybody_in_one_batch_and_nobody_twice(funded: Office) -> None:
    made = funded.disburse().json
    assert (made["payees"], made["amount"]) == (6, "4800.00")
    assert made["towns"] == ["370481001", "370481101"]
    again = funded.disburse()
    assert again.status == 1
    assert again.json["refused"]["reason"] == "nothing_due"
    assert funded.check() == []


def test_the_second_fund_pays_when_the_first_is_used_up(office: Office) -> None:
    office.rule(
        '2020-08-01 custom "census-budget" Expenses:5001业务活动费用:02上级补助:30226劳务费 '
        '3280000.00 CNY "supplement"'
    )
    office.receive(1000)
    office.receive(800, income=GRANT)
    office.register(2)
    assert office.disburse().json["payees"] == 2
    funds = office.status()["funds"]
    assert [(fund["code"], fund["spent"], fund["available"]) for fund in funds] == [
        ("01", "800.00", "200.00"),
        ("02", "800.00", "0.00"),
    ]


def test_one_town_or_one_fund_at_a_time(funded: Office) -> None:
    made = funded.disburse("--town", "洪绪镇").json
    assert (made["towns"], made["payees"]) == (["370481101"], 3)
    refused = funded.disburse("--fund", "02")
    assert refused.json["refused"]["available"] == "0.00"
    assert funded.disburse("--fund", "01").json["payees"] == 3
    assert "no fund 09" in funded.disburse("--fund", "09").json["error"]
    unknown = funded.disburse("--town", "天上街道")
    assert unknown.status == 2
    assert "天上街道" in unknown.err


def test_a_dry_run_says_it_all_and_writes_nothing(funded: Office) -> None:
    before = sorted(funded.folder.rglob("*"))
    preview = funded.run("disburse", "--dry-run", "--json", "--date", "2020-11-10").json
    assert sorted(funded.folder.rglob("*")) == sorted({*before, funded.folder / ".lock"} & set(
        funded.folder.rglob("*")))  # fmt: skip
    made = funded.disburse().json
    said = ("batch", "payees", "amount", "towns", "plan")
    assert [made[key] for key in said] == [preview[key] for key in said]
    assert preview["seal"] is None


def test_the_plan_says_after_which_event(funded: Office) -> None:
    """What was confirmed is of these books; of others the same payments are another plan."""

    def plan() -> str:
        answer = funded.run("disburse", "--dry-run", "--json", "--date", "2020-11-10")
        return str(answer.json["plan"])

    first = plan()
    assert plan() == first
    funded.disburse()
    funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-10")
    assert plan() != first


def test_a_batch_that_is_made_again_has_another_seal(funded: Office, tmp_path: Path) -> None:
    """In a copy of the books, of the same people, on the same day, under the same number."""
    copy = funded.copied(tmp_path / "copy")
    first, second = funded.disburse().json, copy.disburse().json
    assert first["batch"] == second["batch"]
    assert first["seal"] != second["seal"]


def test_without_a_terminal_it_asks_for_yes(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    asked = funded.run("disburse", "--date", "2020-11-10")
    assert asked.status == 2
    assert "--yes" in asked.err
    assert len(funded.events()) == 1


def test_the_files_are_those_of_the_manifest(funded: Office) -> None:
    made = funded.disburse().json
    folder = funded.folder / "payouts" / "B2020-001"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [file["path"] for file in made["files"]] == [
        f"payouts/B2020-001/{file['name']}" for file in manifest["files"]
    ]
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        *(file["name"] for file in manifest["files"]),
    }
    for file in manifest["files"]:
        assert digest((folder / file["name"]).read_bytes()) == file["sha256"]
    assert manifest["seal"] == made["seal"] == funded.status()["batches"][0]["seal"]
    sheets = [file for file in made["files"] if file["kind"] == "payout_sheet"]
    assert [(file["town"], file["rows"], file["amount"]) for file in sheets] == [
        ("370481001", 3, "2400.00"),
        ("370481101", 3, "2400.00"),
    ]


def test_a_sheet_holds_every_name_once_and_its_total(funded: Office) -> None:
    made = funded.disburse().json
    with funded.registry() as registry:
        payees = registry.payees()
    for file in made["files"]:
        if file["kind"] == "payout_sheet":
            text = text_of(funded.folder / file["path"])
            for payee in payees:
                assert text.count(payee.legal_name) == (payee.town == file["town"])
                assert payee.identity not in text
            assert "2,400.00" in text
            assert "人民币贰仟肆佰元整" in text
            seal = made["seal"]
            assert " ".join(seal[place : place + 4] for place in range(0, 16, 4)) in text


def test_own_and_other_banks_go_into_files_of_their_own(office: Office) -> None:
    def elsewhere(payee: Payee) -> Payee:
        return replace(payee, bank="中国农业银行滕州支行")

    office.receive(10_000)
    office.register(2)
    office.register(1, change=elsewhere)
    made = office.disburse().json
    own, other = [file for file in made["files"] if file["kind"] == "bank_file"]
    assert (own["rows"], own["amount"], other["rows"], other["amount"]) == (
        2, "1600.00", 1, "800.00",
    )  # fmt: skip
    sheet = load_workbook(office.folder / own["path"]).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in cells[1:]] == [800, 800]
    assert all(isinstance(row[1], str) for row in cells[1:])
    text = (office.folder / other["path"]).read_bytes().decode("gb18030")
    (_header, row) = csv.reader(io.StringIO(text))
    assert row[3] == "中国农业银行滕州支行"


def test_the_registry_keeps_the_rows_as_they_were_sent(funded: Office) -> None:
    funded.disburse()
    batch = funded.books().history.batches[BatchId("B2020-001")]
    with funded.registry() as registry:
        frozen = registry.frozen(batch.rows)
    assert frozen is not None
    rows = thaw(frozen)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert sum(row.amount_fen for row in rows) == batch.amount_fen == 4800_00
    assert {row.bank_file for row in rows} == {"B2020-001-本行-1.xlsx"}


def test_a_name_that_the_banks_encoding_lacks_stops_that_row_before_the_bank(
    office: Office,
) -> None:
    """GBK has no 䶮: the row waits until the bank's spelling is known; with it, it is paid."""
    office.receive(10_000)
    office.register(1)
    office.register(1, change=lambda payee: replace(payee, legal_name="王䶮", bank_name="王䶮"))
    office.register(1, change=lambda payee: replace(payee, legal_name="李䶮", bank_name="李龑"))
    made = office.disburse().json
    assert made["payees"] == 2
    assert made["skipped"] == [{"reason": "bank_name_encoding", "count": 1, "payees": ["P000002"]}]
    status = office.status()["payees"]
    assert (status["due"], status["blocked"]) == (1, 1)
    sheet = next(file for file in made["files"] if file["kind"] == "payout_sheet")
    assert "李䶮" in text_of(office.folder / sheet["path"])


def test_a_name_that_the_font_cannot_draw_stops_that_row_alone(office: Office) -> None:
    """U+3402A is beyond the font, and beyond a bank that takes GB 18030 it is not."""
    path = office.folder / "census-ledger.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"icbc-own"', '"plain-csv"'), encoding="utf-8")
    office.receive(10_000)
    office.register(1)
    office.register(
        1, change=lambda payee: replace(payee, legal_name="王\U0003402a", bank_name="王")
    )
    made = office.disburse().json
    assert made["payees"] == 1
    assert made["skipped"] == [{"reason": "name_unprintable", "count": 1, "payees": ["P000002"]}]


def test_one_paid_person_a_post(office: Office) -> None:
    """Two people on one census block: the first of the roster is paid, the other is blocked."""
    office.receive(10_000)
    (first,) = office.register(1)
    office.register(1, change=lambda payee: replace(payee, block=first.block))
    made = office.disburse().json
    assert made["payees"] == 1
    assert made["skipped"] == [{"reason": "post_paid", "count": 1, "payees": ["P000002"]}]
    again = office.disburse()
    assert again.json["refused"]["reason"] == "nothing_due"
    assert office.status()["payees"]["blocked"] == 1


def test_a_day_before_what_was_entered_already_pays_nobody(funded: Office) -> None:
    """Voided on the 12th, due again: not from the 11th, when the books say she was in the bank."""
    funded.disburse(on="2020-11-10")
    funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-12")
    refused = funded.disburse(on="2020-11-11")
    assert refused.json["refused"]["reason"] == "nothing_due"
    (skipped,) = refused.json["skipped"]
    assert (skipped["reason"], skipped["count"]) == ("later_event", 6)
    assert funded.disburse(on="2020-11-12").json["payees"] == 6
    assert funded.check() == []


def test_who_is_not_taken_is_said_with_the_refusal(funded: Office) -> None:
    funded.disburse()
    refused = funded.run("disburse", "--yes", "--date", "2020-11-11")
    assert "6 (in a batch that awaits the bank's result)" in refused.out


def test_whoever_has_to_be_corrected_is_named(office: Office) -> None:
    office.receive(10_000)
    office.register(1, change=lambda payee: replace(payee, legal_name="王䶮", bank_name="王䶮"))
    office.register(1, change=lambda payee: replace(payee, bank="=cmd|工商银行"))
    refused = office.run("disburse", "--dry-run", "--date", "2020-11-11")
    assert "P000001 王䶮 荆河街道" in refused.out
    assert "P000002" in refused.out
    assert "the opening bank has a character" in refused.out


def test_a_day_far_ahead_is_a_slip_of_the_pen(funded: Office) -> None:
    refused = funded.disburse(on="2202-11-10")
    assert refused.status == 1
    assert "2202-11-10" in refused.json["error"]
    assert len(funded.events()) == 1
    funded.disburse()
    late = funded.run("batch", "void", "B2020-001", "--yes", "--date", "2202-11-11")
    assert late.status == 1
    assert len(funded.events()) == 2


def test_the_ledger_holds_no_personal_numbers(funded: Office) -> None:
    funded.disburse()
    with funded.registry() as registry:
        payees = registry.payees()
    everything = b"".join(
        path.read_bytes()
        for path in funded.folder.rglob("*")
        if path.is_file() and "payouts" not in path.parts
    )
    for payee in payees:
        for secret in (payee.identity, payee.phone, payee.account):
            assert secret.encode() not in everything
    assert payees[0].legal_name.encode() in everything
