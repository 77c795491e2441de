"""``batch``: submitted to the bank, or taken back."""

from __future__ import annotations

import io

import pytest

from tests.support.office import Office


def test_a_batch_is_submitted_once(funded: Office) -> None:
    funded.disburse()
    done = funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    assert done.status == 0
    assert "4,800.00" in done.out
    (batch,) = funded.run("batch", "list", "--json").json["batches"]
    assert (batch["state"], batch["awaited"], batch["amount"]) == ("submitted", 6, "4800.00")
    again = funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12")
    assert again.status == 1
    assert "only a prepared batch can be submitted" in again.err
    assert funded.check() == []


def test_a_void_batch_gives_its_people_and_its_money_back(funded: Office) -> None:
    before = funded.status()
    funded.disburse()
    assert funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    after = funded.status()
    assert after["payees"] == before["payees"]
    assert after["funds"] == before["funds"]
    assert after["cash"] == before["cash"]
    assert [batch["state"] for batch in after["batches"]] == ["void"]
    assert funded.disburse(on="2020-11-12").json["batch"] == "B2020-002"
    assert funded.status()["payees"]["in_bank"] == 6
    assert funded.check() == []


def test_a_submitted_batch_is_voided_only_by_the_banks_refusal(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    refused = funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-12")
    assert refused.status == 1
    assert "; 'census-ledger batch void B2020-001 --bank-refused REASON' does so" in refused.err
    arguments = (
        "batch",
        "void",
        "B2020-001",
        "--yes",
        "--date",
        "2020-11-12",
        "--bank-refused",
        "格式错误",
    )
    assert funded.run(*arguments).status == 0
    assert "格式错误" in funded.events()[-1].read_text(encoding="utf-8")
    again = funded.run(*arguments)
    assert again.status == 1
    assert "void already" in again.err
    assert funded.check() == []


def test_a_batch_that_the_bank_has_debited_is_not_voided(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    funded.hand(
        '2020-11-12 * "滕州农商行" "代发" ^B2020-001\n'
        "  Assets:1021其他货币资金:01代发在途  4800.00 CNY\n"
        "  Assets:1002银行存款:01滕州农商行\n"
    )
    assert funded.status()["cash"]["promised"] == "0.00"
    refused = funded.run(
        "batch", "void", "B2020-001", "--yes", "--date", "2020-11-13", "--bank-refused", "x"
    )
    assert refused.status == 1
    assert "debited" in refused.err


def test_dates_never_go_back_within_a_batch(funded: Office) -> None:
    funded.disburse(on="2020-11-10")
    refused = funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-09")
    assert refused.status == 1
    assert "2020-11-10" in refused.err
    assert len(funded.events()) == 2


def test_a_batch_that_is_not_there(funded: Office) -> None:
    for command in ("submit", "void", "show"):
        refused = funded.run("batch", command, "B2020-009")
        assert refused.status == 1
        assert "no batch B2020-009" in refused.err
    assert "no batch yet" in funded.run("batch", "list").out


def test_show_lists_towns_and_files(funded: Office) -> None:
    funded.disburse()
    shown = funded.run("batch", "show", "B2020-001", "--json").json
    money = {"payees": 3, "amount": "2400.00", "tax": "0.00", "net": "2400.00"}
    assert shown["towns"] == [
        {"code": "370481001", "name": "荆河街道", **money},
        {"code": "370481101", "name": "洪绪镇", **money},
    ]
    assert {file["kind"] for file in shown["files"]} == {
        "bank_file", "payout_sheet", "summary_sheet", "workbook",
    }  # fmt: skip
    assert "荆河街道" in funded.run("batch", "show", "B2020-001").out


@pytest.mark.parametrize(
    "manifest",
    ["", "[", "[]", "null", "{}", '{"files": 3}', '{"files": [1]}', '{"files": [{"name": "x"}]}',
     '{"files": [{"name": "x", "rows": 1, "amount": "x"}]}'],
)  # fmt: skip
def test_a_damaged_manifest_lists_nothing(funded: Office, manifest: str) -> None:
    funded.disburse()
    path = funded.folder / "payouts" / "B2020-001" / "manifest.json"
    path.write_text(manifest, encoding="utf-8")
    shown = funded.run("batch", "show", "B2020-001")
    assert shown.status == 0
    assert "batch restore B2020-001" in shown.out
    assert funded.run("batch", "show", "B2020-001", "--json").json["files"] == []


ASKED = {
    "submit": ("batch", "submit", "B2020-001", "--date", "2020-11-11"),
    "void": ("batch", "void", "B2020-001", "--date", "2020-11-11"),
    "void of a file": (
        "batch", "void", "B2020-001", "--file", "B2020-001-本行-1.xlsx", "--bank-refused", "模板旧",
        "--date", "2020-11-11",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_without_a_terminal_and_without_yes_nothing_is_done(what: str, funded: Office) -> None:
    """What would follow is said, and exit status 2 tells a program that an answer is missing."""
    funded.disburse()
    before = funded.events()
    asked = funded.run(*ASKED[what])
    assert asked.status == 2
    assert "Batch B2020-001 of 2020-11-10: 6 people, 4,800.00 yuan. " in asked.err
    assert "--yes" in asked.err
    assert funded.events() == before
    assert funded.run(*ASKED[what], "--yes", "--json").status == 0
    assert len(funded.events()) == len(before) + 1


@pytest.mark.parametrize("what", ASKED)
def test_a_no_is_a_no(what: str, funded: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    funded.disburse()
    before = funded.events()
    for answer, status in (("n\n", 1), ("y\n", 0)):
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        assert funded.run(*ASKED[what]).status == status
    assert len(funded.events()) == len(before) + 1


def test_what_cannot_be_done_is_refused_before_anybody_is_asked(funded: Office) -> None:
    funded.disburse()
    funded.run(*ASKED["submit"], "--yes")
    assert funded.run(*ASKED["submit"]).status == 1
    assert funded.run(*ASKED["void"]).status == 1
