"""The invariants hold in bean-check: each is broken here, and named at the right line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.beginnings import beginning
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.office import codes

pytestmark = pytest.mark.attacks

SUBSIDY = "Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:370481001荆河街道"
AWAITED = "Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道"


def bean_check(office: Office) -> list[str]:
    """What bean-check prints of errors: ``file:line: message``."""
    program = Path(sys.executable).with_name("bean-check")
    done = subprocess.run(
        [program, "--no-cache", office.folder / "main.beancount"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    text = done.stdout + done.stderr
    assert (done.returncode == 0) == (not text.strip())
    return re.findall(r"^(?:.*/)?([^/\n]+:\d+: .*)$", text, re.MULTILINE)


def change(path: Path, old: str, new: str) -> None:
    """Change a file as somebody with an editor would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


@beginning
def paid(funded: Office) -> Office:
    """Six people are in one batch of 4,800.00, which is event 1."""
    assert funded.disburse().status == 0
    assert bean_check(funded) == []
    return funded


def line_of(path: Path, text: str) -> int:
    """The line, from 1, of the first line that contains a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_a_person_paid_a_second_time_by_hand(paid: Office) -> None:
    line = paid.hand(
        f'2020-11-12 * "钱一甲" "两员补助" #census-subsidy ^P000001\n'
        f"  {SUBSIDY}  800.00 CNY\n  {BANK}  -800.00 CNY"
    )
    assert any(said.startswith(f"hand.beancount:{line}: ") for said in bean_check(paid))
    errors = paid.check()
    assert {"file": "journal/hand.beancount", "line": line, "code": "outside_event"}.items() <= (
        errors[0].items()
    )


def test_a_subsidy_account_used_by_hand_without_tag_or_link(paid: Office) -> None:
    line = paid.hand(f'2020-11-12 * "现金补发"\n  {SUBSIDY}  800.00 CNY\n  {BANK}  -800.00 CNY')
    assert [(error["code"], error["line"]) for error in paid.check()] == [("outside_event", line)]


def test_a_line_that_is_overspent(paid: Office) -> None:
    paid.receive(5_000_000)
    line = paid.hand(
        f'2020-11-12 * "培训费"\n  {TRAINING}  480000.01 CNY\n  {BANK}  -480000.01 CNY'
    )
    (said,) = bean_check(paid)
    assert said.startswith(f"hand.beancount:{line}: ")
    assert "480,000.01" in said
    assert [(error["code"], error["line"]) for error in paid.check()] == [("line_exceeded", line)]


def test_a_fund_that_is_overspent_is_healed_by_a_receipt(paid: Office) -> None:
    paid.hand(f'2020-11-11 * "上级借款"\n  {BANK}  400000.00 CNY\n  Income:4604利息收入')
    paid.rule(f'2020-11-01 custom "census-budget" {TRAINING} 900000.00 CNY "supplement"')
    line = paid.hand(
        f'2020-11-12 * "培训费"\n  {TRAINING}  1215200.01 CNY\n  {BANK}  -1215200.01 CNY'
    )
    assert [(error["code"], error["line"]) for error in paid.check()] == [("fund_exceeded", line)]
    paid.hand(f'2020-11-13 * "财政局" "补拨"\n  {BANK}  0.01 CNY\n  {APPROPRIATION}')
    assert paid.check() == []


def test_a_bank_account_below_zero_at_a_days_end(office: Office) -> None:
    """Within a day the order does not matter; at its end it does."""
    office.receive(1000, on="2020-05-08")
    office.hand(f'2020-05-08 * "培训费"\n  {TRAINING}  1000.00 CNY\n  {BANK}  -1000.00 CNY')
    assert office.check() == []
    line = office.hand(f'2020-05-09 * "培训费"\n  {TRAINING}  0.01 CNY\n  {BANK}  -0.01 CNY')
    office.receive(1000, on="2020-05-10")
    assert [(error["code"], error["line"]) for error in office.check()] == [
        ("bank_below_zero", line)
    ]


def test_an_account_without_a_code(office: Office) -> None:
    line = office.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    assert [(error["code"], error["line"]) for error in office.check()] == [("account_code", line)]


def test_an_expense_outside_every_fund(office: Office) -> None:
    office.hand("2020-01-01 open Expenses:5901其他费用:99其他 CNY")
    office.receive(100)
    line = office.hand(
        f'2020-06-01 * "捐款"\n  Expenses:5901其他费用:99其他  5.00 CNY\n  {BANK}  -5.00 CNY'
    )
    assert [(error["code"], error["line"]) for error in office.check()] == [("no_fund", line)]


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        pytest.param("  800.00 CNY\n", "  80.00 CNY\n", "rate", "^P000001", id="an amount"),
        pytest.param('"P000002"', '"P000001"', "payee", "^P000002", id="a payee-id"),
        pytest.param("^P000002", "^P000003", "payee", "^P000003", id="a person twice"),
        pytest.param('"钱一甲"', '"钱二甲"', "chain", "census-event", id="a name"),
        pytest.param('"普查员"', '"普查指导员"', "batch", "census-event", id="a role"),
        pytest.param(" 6 4800.00", " 5 4000.00", "batch", "census-event", id="the header"),
        pytest.param("cash=", "cash=0 old=", "batch", "census-event", id="the ceilings"),
        pytest.param("370481001荆河街道", "370481002龙泉街道", "transition", "^P000001", id="town"),
    ],
)
def test_a_batch_file_that_was_altered(
    paid: Office, old: str, new: str, code: str, at: str
) -> None:
    event = paid.events()[1]
    text = event.read_text(encoding="utf-8")
    if code == "rate":
        # Both sides, so that the entry still balances.
        text = text.replace("-800.00 CNY", "-80.00 CNY", 1)
        event.write_text(text, encoding="utf-8", newline="\n")
    change(event, old, new)
    line = line_of(event, at)
    where = f"events/{event.name}"
    errors = paid.check()
    assert {"file": where, "line": line, "code": code} in [
        {key: error[key] for key in ("file", "line", "code")} for error in errors
    ]
    header = line_of(event, "census-event")
    assert (where, header, "chain") in [
        (error["file"], error["line"], error["code"]) for error in errors
    ]
    assert any(said.startswith(f"{event.name}:{line}: ") for said in bean_check(paid))


def test_a_person_removed_from_a_batch_file(paid: Office) -> None:
    event = paid.events()[1]
    text = event.read_text(encoding="utf-8")
    parts = text.split("\n\n")
    event.write_text("\n\n".join(parts[:-1]) + "\n", encoding="utf-8", newline="\n")
    header = line_of(event, "census-event")
    errors = [error for error in paid.check() if error["code"] == "batch"]
    assert {(error["file"], error["line"]) for error in errors} == {
        (f"events/{event.name}", header)
    }
    assert "6 people and 4,800.00; the entries hold 5 people and 4,000.00" in errors[0]["message"]


def test_an_event_that_was_changed_and_followed(paid: Office) -> None:
    """The digest in the event after it convicts the one that was changed; so does its signature."""
    assert paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    event = paid.events()[1]
    change(event, "两员补助 普查员", "两员补贴 普查员")
    errors = paid.check()
    assert codes(errors) == {"chain", "signature"}
    assert {error["file"] for error in errors} == {f"events/{event.name}"}


def test_an_event_that_was_deleted(paid: Office) -> None:
    paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    paid.events()[1].unlink()
    assert "chain" in codes(paid.check())
    refused = paid.run("disburse", "--dry-run", "--date", "2020-11-12")
    assert refused.status == 1
    assert "restore it from a backup" in refused.err


def test_the_newest_event_that_was_deleted(paid: Office) -> None:
    paid.events()[1].unlink()
    errors = paid.check()
    assert [(error["code"], error["file"]) for error in errors] == [
        ("chain", "HEAD"),
        ("artefacts", "payouts/B2020-001"),
    ]


def test_nothing_is_written_to_books_with_errors(funded: Office) -> None:
    funded.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    refused = funded.disburse()
    assert refused.status == 1
    assert "hand.beancount" in refused.json["error"]
    assert len(funded.events()) == 1


def test_books_without_the_plugin_are_not_written_to(paid: Office) -> None:
    change(paid.folder / "main.beancount", 'plugin "ledger.plugin"', '; plugin "ledger.plugin"')
    (error,) = paid.check()
    assert (error["file"], error["code"]) == ("main.beancount", "plugin")
    paid.register(1)
    assert paid.disburse(on="2020-11-11").status == 1


def test_events_that_are_not_included_do_not_make_people_due_again(paid: Office) -> None:
    """Without its events the ledger would owe everybody once more."""
    change(paid.folder / "main.beancount", 'include "events/*', 'include "events/000000*')
    errors = paid.check()
    assert ("chain", f"events/{paid.events()[1].name}") in [
        (error["code"], error["file"]) for error in errors
    ]
    assert paid.disburse(on="2020-11-11").status == 1
    assert len(paid.events()) == 2


def test_an_event_in_another_folder_of_that_name(paid: Office) -> None:
    """It would be outside the chain, where nobody sees that it changes."""
    elsewhere = paid.folder / "journal" / "events"
    elsewhere.mkdir()
    event = paid.events()[1]
    text = event.read_text(encoding="utf-8").replace("B2020-001", "B2020-009")
    (elsewhere / "more.beancount").write_text(text, encoding="utf-8")
    main = paid.folder / "main.beancount"
    change(main, 'include "rules', 'include "journal/events/more.beancount"\ninclude "rules')
    assert ("event", "journal/events/more.beancount") in [
        (error["code"], error["file"]) for error in paid.check()
    ]


def test_a_pad_into_a_subsidy(paid: Office) -> None:
    line = paid.hand(f"2020-11-12 pad {SUBSIDY} {BANK}")
    paid.hand(f"2020-11-13 balance {SUBSIDY}  9999.00 CNY")
    assert ("pad", line) in [(error["code"], error["line"]) for error in paid.check()]


def test_a_part_of_a_fen(office: Office) -> None:
    office.receive(1000)
    line = office.hand(f'2020-06-01 * "培训费"\n  {TRAINING}  0.005 CNY\n  {BANK}  -0.005 CNY')
    assert [(error["code"], error["line"]) for error in office.check()] == [("amount", line)]
    assert office.status()["payees"]["registered"] == 0
