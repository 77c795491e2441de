"""Approvals: a batch that one person makes, others look at before anybody can pay by it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.actor_and_clock import Signing
from ledger.base.digests import digest
from ledger.books.rehearsal import Draft
from ledger.books.snapshot import load_kept
from ledger.books.writing import Writer
from ledger.budget.approvals import TOGETHER
from ledger.events.signatures import read_signed
from ledger.events.signatures import signed
from ledger.keys.places import snapshot_path
from ledger.model.operators import Role
from ledger.model.rules import ApprovalRule
from ledger.model.rules import Rules
from tests.support.acting import actor_of
from tests.support.approving import APPROVER
from tests.support.approving import CASHIER
from tests.support.approving import CHECKER
from tests.support.approving import MAKER
from tests.support.approving import RULES
from tests.support.approving import approve
from tests.support.approving import reject
from tests.support.approving import submit
from tests.support.approving import with_colleagues
from tests.support.auditor import audit
from tests.support.bank_account import Account
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.beginnings import beginning
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import dying
from tests.support.forged_events import AWAITED
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import anchored
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import codes
from tests.support.office import day
from tests.support.office import new_office
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.snapshots import plant
from tests.support.twice import desk_of
from tests.support.twice import in_a_copy

HELD = Path("payouts/.held/B2020-001")
HANDED_OUT = Path("payouts/B2020-001")
TRANSIT = "Assets:1021其他货币资金:01代发在途"


@beginning
def several(funded: Office) -> Office:
    """An office of four people, in which 4,800.00 ask for 审核 and 审批, and less for 审核."""
    return with_colleagues(funded)


@beginning
def made(several: Office) -> Office:
    """O01 has made a batch of 4,800.00."""
    assert several.disburse().json["approvals_needed"] == ["审核", "审批"]
    return several


@beginning
def checked(made: Office) -> Office:
    assert approve(made, CHECKER).status == 0
    return made


@beginning
def approved(checked: Office) -> Office:
    assert approve(checked, APPROVER).status == 0
    return checked


def batch_of(office: Office, name: str = "B2020-001") -> dict[str, object]:
    shown: dict[str, object] = office.run("batch", "show", name, "--json").json
    return shown


# What a batch asks for.


def asks(office: Office) -> list[str]:
    answer = office.run("disburse", "--dry-run", "--json", "--date", "2020-11-10")
    needed: list[str] = answer.json["approvals_needed"]
    return needed


def test_without_rules_a_batch_asks_for_nothing_and_lies_in_payouts(funded: Office) -> None:
    assert funded.disburse().json["approvals_needed"] == []
    assert (funded.folder / HANDED_OUT).is_dir()
    assert batch_of(funded)["approvals"] == []
    assert "asks:" not in funded.events()[-1].read_text(encoding="utf-8")
    assert "Nobody checks" in funded.run("status").out
    assert funded.run("status", "--json").json["approval_rules"] == []
    assert approve(funded, MAKER).json["code"] == "not-to-approve"
    assert submit(funded, MAKER).status == 0
    assert funded.check() == []


def test_a_batch_asks_for_what_the_rules_say_from_its_amount_on(several: Office) -> None:
    assert asks(several) == ["审核", "审批"]
    some = several.run(
        "disburse", "--dry-run", "--json", "--date", "2020-11-10", "--town", "370481001"
    )
    assert some.json["approvals_needed"] == ["审核"]
    assert "Nobody checks" not in several.run("status").out
    assert several.run("status", "--json").json["approval_rules"] == [
        {"from": "0.00", "roles": ["审核"]}, {"from": "4000.00", "roles": ["审核", "审批"]},
    ]  # fmt: skip


def test_what_was_prepared_in_the_three_days_before_counts_along(several: Office) -> None:
    """Who divides a payment in two is asked for no less; neither is who types an earlier day."""
    first = several.disburse("--town", "370481001", on="2020-11-10")
    assert first.json["approvals_needed"] == ["审核"]
    for on, needed in (
        ("2020-11-10", ["审核", "审批"]),
        ("2020-11-13", ["审核", "审批"]),
        ("2020-11-14", ["审核"]),
        ("2020-11-07", ["审核", "审批"]),
        ("2020-11-06", ["审核"]),
    ):
        tried = several.run("disburse", "--dry-run", "--json", "--date", on)
        assert tried.json["approvals_needed"] == needed, on
    # What is void by then does not.
    assert several.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-10").status == 0
    second = several.disburse("--town", "370481101", on="2020-11-11")
    assert second.json["approvals_needed"] == ["审核"]
    assert several.check() == []


def test_rules_hold_from_their_day_on(several: Office) -> None:
    several.rule('2020-11-11 custom "census-approval" 4000.00 CNY "审核"')
    assert asks(several) == ["审核", "审批"]
    later = several.run("disburse", "--dry-run", "--json", "--date", "2020-11-11")
    assert later.json["approvals_needed"] == ["审核"]


AMOUNTS = st.integers(0, 10).map(lambda number: number * 100_00)
ROLE_SETS = st.sampled_from([(), (Role.CHECKER,), (Role.CHECKER, Role.APPROVER)])
DAYS = st.integers(1, 28).map(lambda number: day(f"2020-11-{number:02d}"))


@given(st.lists(st.builds(ApprovalRule, DAYS, AMOUNTS, ROLE_SETS)), DAYS)
def test_of_each_amount_the_latest_rule_that_has_begun_counts(
    rules: list[ApprovalRule], on: object
) -> None:
    in_force = Rules(approvals=tuple(rules)).approvals_on(on)  # type: ignore[arg-type]
    amounts = [rule.from_fen for rule in in_force]
    assert amounts == sorted({rule.from_fen for rule in rules if rule.date <= on})  # type: ignore[operator]
    for rule in in_force:
        same = [one for one in rules if one.from_fen == rule.from_fen and one.date <= on]  # type: ignore[operator]
        assert rule.date == max(one.date for one in same)


# What it is to approve.


def test_two_others_approve_and_the_cashier_submits(made: Office) -> None:
    one = approve(made, CHECKER).json
    assert (one["state"], one["role"], one["approvals_needed"]) == ("prepared", "审核", ["审批"])
    two = approve(made, APPROVER).json
    assert (two["state"], two["role"], two["approvals_needed"]) == ("approved", "审批", [])
    expected = [
        {"role": "审核", "operator": CHECKER, "date": "2020-11-11"},
        {"role": "审批", "operator": APPROVER, "date": "2020-11-11"},
    ]
    assert batch_of(made)["approvals"] == expected
    assert made.status()["batches"][0]["approvals"] == expected
    assert submit(made).json["state"] == "submitted"
    assert batch_of(made)["approvals"] == expected
    assert made.check() == []
    assert audit(made.folder).findings == []


def test_an_approval_signs_all_three_digests_in_full(checked: Office) -> None:
    prepared, approval = (
        checked.events()[-2].read_text(encoding="utf-8"),
        checked.events()[-1].read_text(encoding="utf-8"),
    )
    for name in ("entries", "rows", "manifest"):
        (line,) = [one for one in prepared.splitlines() if one.startswith(f"  {name}: ")]
        assert len(line) == len(f'  {name}: ""') + 64
        assert line in approval.splitlines()
    assert '  role: "审核"' in approval


def test_the_approvals_come_in_any_order(made: Office) -> None:
    assert approve(made, APPROVER).json["approvals_needed"] == ["审核"]
    assert approve(made, CHECKER).json["state"] == "approved"


def test_what_somebody_looks_at_who_approves(several: Office) -> None:
    """Who is new, whose account is another than money was sent to, and who shares one."""
    several.disburse("--town", "370481001", on="2020-11-01")
    shown = approve(several, CHECKER, on="2020-11-02").json
    assert [one["payee"] for one in shown["new"]] == ["P000001", "P000002", "P000003"]
    assert shown["changed"] == shown["shared"] == []
    assert shown["towns"] == [
        {"code": "370481001", "name": "荆河街道", "payees": 3, "amount": "2400.00"}
    ]
    assert [(one["code"], one["amount"]) for one in shown["funds"]] == [("01", "2400.00")]
    assert {one["name"]: one["used"] for one in shown["ceilings"]} == {
        "01:30226劳务费": "2400.00", "01": "2400.00", "cash": "2400.00",
    }  # fmt: skip
    assert {file["kind"] for file in shown["files"]} >= {"bank_file", "payout_sheet"}


def test_other_accounts_and_shared_ones_are_shown(several: Office) -> None:
    """Somebody whose payment came back has another account by now, which is somebody else's too."""
    several.disburse(on="2020-11-01")
    for by in (CHECKER, APPROVER):
        approve(several, by, on="2020-11-01")
    submit(several, on="2020-11-01")
    path = result_file(several, everyone(PAID, 1, 2, 3, 4, 5) | everyone(CLOSED, 6))
    assert several.run("import", path, "--date", "2020-11-02").status == 0
    (new,) = several.register(1)
    correct(several, "P000006", account=new.account)
    several.disburse(on="2020-11-10")
    shown = approve(several, CHECKER, "B2020-002", on="2020-11-10").json
    assert [one["payee"] for one in shown["new"]] == ["P000007"]
    (changed,) = shown["changed"]
    assert changed["payee"] == "P000006"
    assert len(changed["accounts"]) == 2
    assert new.account not in str(shown)
    (group,) = shown["shared"]
    assert {one["payee"] for one in group} == {"P000006", "P000007"}


def test_it_is_asked_before_it_is_signed(made: Office) -> None:
    asked = made.run("--operator", CHECKER, "batch", "approve", "B2020-001")
    assert asked.status == 2
    assert "荆河街道" in asked.err
    assert "B2020-001-本行-1.xlsx" in asked.err
    assert "6" in asked.err and "4,800.00" in asked.err
    assert len(made.events()) == 5


def test_other_approval_rules_than_when_somebody_approved_last_are_shown(several: Office) -> None:
    several.disburse("--town", "370481001", on="2020-11-01")
    assert approve(several, CHECKER, on="2020-11-01").json["rules_before"] is None
    several.rule('2020-11-05 custom "census-approval" 4000.00 CNY "审核"')
    several.disburse("--town", "370481101", on="2020-11-10")
    shown = several.run("--operator", CHECKER, "batch", "approve", "B2020-002")
    assert "0.00=审核, 4,000.00=审核+审批 then, 0.00=审核, 4,000.00=审核 now" in shown.err
    assert "4,000.00=审核+审批 then" in several.run("status").out


SWITCHED_OFF = '2020-11-05 custom "census-approval" {amount} CNY'


def test_rules_that_were_changed_are_shown_until_a_batch_is_approved_by_them(
    several: Office,
) -> None:
    """A batch that was void before anybody approved it counts as well, on either side."""
    several.disburse("--town", "370481001", on="2020-11-01")
    several.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-01")
    several.rule('2020-11-05 custom "census-approval" 4000.00 CNY "审核"')
    several.disburse("--town", "370481001", on="2020-11-10")
    several.run("batch", "void", "B2020-002", "--yes", "--date", "2020-11-10")
    several.disburse("--town", "370481001", on="2020-11-10")
    assert "4,000.00=审核+审批 then" in several.run("status").out
    shown = approve(several, CHECKER, "B2020-003")
    assert shown.json["rules_before"] == "0=审核 400000=审核+审批"
    assert "by which a batch asked for approvals before" not in several.run("status").out
    several.disburse("--town", "370481101", on="2020-11-12")
    assert approve(several, CHECKER, "B2020-004", on="2020-11-12").json["rules_before"] is None


def test_who_switches_approvals_off_is_found_out(several: Office) -> None:
    """Before any batch was approved, too: it is said whenever one is made or submitted."""
    said = "asks for fewer approvals than the rules of a batch before it would"
    assert said not in several.disburse(on="2020-11-01").err
    several.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-01")
    several.rule(SWITCHED_OFF.format(amount="0.00"))
    several.rule(SWITCHED_OFF.format(amount="4000.00"))
    for more in (("--dry-run",), ("--yes",)):
        made = several.run("disburse", "--date", "2020-11-10", *more)
        assert made.status == 0
        assert "0.00=审核, 4,000.00=审核+审批 then, 0.00=-, 4,000.00=- now" in made.err
        assert made.err.count(said) == 1
    status = several.run("status").out
    assert "Nobody checks the batches that are made" in status
    assert "by which a batch asked for approvals before" in status
    submitted = submit(several, batch="B2020-002")
    assert submitted.status == 0
    assert said in submitted.err


def test_less_money_asks_for_less_by_the_same_rules(several: Office) -> None:
    several.disburse(on="2020-11-01")
    several.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-01")
    assert several.disburse("--town", "370481001").err == ""


def test_a_change_that_asks_a_batch_for_no_less_is_not_said_of_it(several: Office) -> None:
    several.disburse(on="2020-11-01")
    several.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-01")
    several.rule('2020-11-05 custom "census-approval" 4000.00 CNY "审核"')
    assert several.disburse("--town", "370481001").err == ""


def test_status_says_below_which_amount_nobody_checks(several: Office) -> None:
    several.rule(SWITCHED_OFF.format(amount="0.00"))
    assert "Nobody checks the batches below 4,000.00" in several.run("status").out


# Who may not.


def test_its_maker_does_not_approve_it_whatever_the_roles(made: Office) -> None:
    refused = approve(made, MAKER)
    assert refused.json["code"] == "not-to-approve"
    assert "has made batch B2020-001" in refused.json["error"]
    assert reject(made, MAKER).json["code"] == "not-to-reject"


def test_nobody_approves_twice_whatever_the_roles(made: Office) -> None:
    both = ("--role=审核", "--role=审批")
    assert made.run("operator", "add", "两职", *both).status == 0
    assert approve(made, "O05").json["role"] == "审核"
    refused = approve(made, "O05")
    assert "nobody does twice" in refused.json["error"]
    assert approve(made, APPROVER).json["state"] == "approved"


def test_who_has_both_roles_says_in_which(made: Office) -> None:
    made.run("operator", "add", "两职", "--role=审核", "--role=审批")
    assert approve(made, "O05", "B2020-001", "--role", "审批").json["role"] == "审批"
    assert approve(made, CHECKER).json["state"] == "approved"


def test_an_approval_is_given_once(checked: Office) -> None:
    checked.run("operator", "add", "另一审核", "--role=审核")
    refused = approve(checked, "O05")
    assert refused.json["code"] == "not-to-approve"
    assert (
        approve(checked, "O05", "B2020-001", "--role=审核")
        .json["error"]
        .endswith("has the approval 审核 already, by operator O02")
    )
    assert approve(checked, APPROVER).status == 0
    assert approve(checked, APPROVER).json["state"] == "approved"


def test_somebody_without_the_role(made: Office) -> None:
    assert approve(made, CASHIER).json["code"] == "role-missing"
    refused = approve(made, CHECKER, "B2020-001", "--role", "审批")
    assert "does not have the role 审批" in refused.json["error"]
    assert reject(made, CASHIER).json["code"] == "role-missing"


def test_somebody_who_has_retired(made: Office) -> None:
    assert made.run("operator", "retire", CHECKER, "--reason", "调走").status == 0
    assert approve(made, CHECKER).json["code"] == "operator-retired"
    assert batch_of(made)["state"] == "prepared"


def test_what_somebody_approved_before_retiring_stands(checked: Office) -> None:
    assert checked.run("operator", "retire", CHECKER, "--reason", "调走").status == 0
    assert approve(checked, APPROVER).json["state"] == "approved"
    assert checked.check() == []


def test_a_batch_that_lacks_an_approval_is_not_submitted(checked: Office) -> None:
    refused = submit(checked)
    assert refused.json["code"] == "approvals-missing"
    assert refused.json["facts"]["roles"] == "审批"
    assert "batch approve B2020-001" in checked.run("batch", "submit", "B2020-001", "--yes").err


def test_nothing_is_approved_before_the_batch_or_in_days_ahead(made: Office) -> None:
    assert approve(made, CHECKER, on="2020-11-09").json["code"] == "before-the-batch"
    assert approve(made, CHECKER, on="2099-01-01").json["code"] == "date-ahead"


# What it is to reject.


def test_a_checker_sends_a_batch_back_with_a_reason(checked: Office) -> None:
    assert reject(checked, APPROVER, reason=" ").json["code"] == "reason-missing"
    sent_back = reject(checked, APPROVER, reason="农行账号不对")
    assert sent_back.json["state"] == "void"
    assert 'rejected: "农行账号不对"' in checked.events()[-1].read_text(encoding="utf-8")
    assert checked.status()["payees"]["due"] == 6
    assert checked.check() == []
    assert audit(checked.folder).findings == []
    assert approve(checked, APPROVER).json["code"] == "not-to-approve"
    log = checked.run("operator", "log", "--operator", APPROVER, "--json").json["events"]
    assert [(one["kind"], one["reason"]) for one in log] == [("void", "农行账号不对")]
    shown = checked.run("payees", "show", "P000001", "--json").json
    assert shown["history"][-1]["reason"] == "农行账号不对"


def test_who_approved_may_reject_until_it_is_submitted(approved: Office) -> None:
    assert submit(approved).status == 0
    assert reject(approved, CHECKER, on="2020-11-13").json["code"] == "not-to-reject"


def test_a_batch_that_asks_for_nothing_is_not_rejected(funded: Office) -> None:
    with_colleagues(funded, '2021-01-01 custom "census-approval" 0.00 CNY "审核"')
    funded.disburse()
    assert reject(funded, CHECKER).json["code"] == "not-to-reject"


def test_the_files_of_a_rejected_batch_stay_held(made: Office) -> None:
    assert reject(made, CHECKER).json["folder"] == HELD.as_posix()
    assert (made.folder / HELD).is_dir()
    assert made.check() == []
    assert made.disburse(on="2020-11-12").json["batch"] == "B2020-002"


# Where the papers are.


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


@pytest.mark.skipif(os.name == "nt", reason="modes of files")
def test_nobody_else_can_read_the_papers_before(several: Office) -> None:
    """Whatever the umask and the group that may read what was paid."""
    import grp

    group = grp.getgrgid(os.getgid()).gr_name
    path = several.folder / "census-ledger.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('# group = "finance"', f'group = "{group}"'), encoding="utf-8")
    before = os.umask(0)
    try:
        several.disburse()
        assert not (several.folder / HANDED_OUT).exists()
        assert modes(several.folder / HELD.parent) == {0o700, 0o600}
        approve(several, CHECKER)
        assert modes(several.folder / HELD.parent) == {0o700, 0o600}
        approve(several, APPROVER)
    finally:
        os.umask(before)
    assert not (several.folder / HELD).exists()
    assert modes(several.folder / HANDED_OUT) == {0o750, 0o640}
    assert several.check() == []


def test_the_last_approval_hands_the_papers_out(made: Office) -> None:
    names = {path.name for path in (made.folder / HELD).iterdir()}
    assert batch_of(made)["folder"] == HELD.as_posix()
    assert HELD.as_posix() in made.run("batch", "show", "B2020-001").out
    approve(made, CHECKER)
    assert (made.folder / HELD).is_dir()
    approve(made, APPROVER)
    assert not (made.folder / HELD).exists()
    assert {path.name for path in (made.folder / HANDED_OUT).iterdir()} == names
    assert batch_of(made)["folder"] == HANDED_OUT.as_posix()


def test_held_papers_are_verified_where_they_are(made: Office) -> None:
    assert made.run("verify", "B2020-001").status == 0
    (path,) = (
        (made.folder / HELD).glob("*.xlsx")
        if False
        else [next((made.folder / HELD).glob("*发放表.xlsx"))]
    )
    assert made.run("verify", str(path)).status == 0


def test_files_that_are_not_of_the_batch_are_not_approved(made: Office) -> None:
    path = made.folder / HELD / "B2020-001-本行-1.xlsx"
    path.write_bytes(path.read_bytes()[:-1])
    assert approve(made, CHECKER).json["code"] == "files-not-of-batch"
    path.unlink()
    assert approve(made, CHECKER).json["code"] == "files-not-of-batch"
    assert batch_of(made)["state"] == "prepared"


def test_papers_of_a_batch_that_is_not_approved_do_not_belong_into_payouts(made: Office) -> None:
    shutil.copytree(made.folder / HELD, made.folder / HANDED_OUT)
    assert "do not pay by what lies here" in " ".join(one["message"] for one in made.check())
    assert audit(made.folder).status == 1


def planted(office: Office) -> Path:
    """A copy of the held papers with another file for the bank, where they will be handed out."""
    shutil.copytree(office.folder / HELD, office.folder / HANDED_OUT)
    path = office.folder / HANDED_OUT / "B2020-001-本行-1.xlsx"
    path.write_bytes(path.read_bytes() + b"6228480000000000000")
    return path


@pytest.mark.parametrize("what", ["copy", "file", "moved"])
def test_nothing_is_approved_while_something_stands_where_it_would_be_handed_out(
    checked: Office, what: str
) -> None:
    if what == "copy":
        planted(checked)
    elif what == "file":
        (checked.folder / HANDED_OUT).write_text("", encoding="utf-8")
    else:
        (checked.folder / HELD).rename(checked.folder / HANDED_OUT)
    refused = approve(checked, APPROVER)
    assert refused.json["code"] == "place-taken"
    assert "payouts/B2020-001 is not of it: do not pay by it" in refused.json["error"]
    assert batch_of(checked)["state"] == "prepared"


def test_what_is_planted_while_it_is_asked(
    checked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.cli.batch_approval.confirm", lambda _question: planted(checked))
    refused = checked.run("--operator", APPROVER, "batch", "approve", "B2020-001")
    assert refused.status == 1
    assert "Move it elsewhere" in refused.err
    assert batch_of(checked)["state"] == "prepared"


def test_what_is_planted_before_the_papers_are_moved(
    checked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer says where the files are, and they go to their place once it is free."""
    write = Writer.write

    def and_plant(writer: Writer, drafts: Sequence[Draft]) -> None:
        write(writer, drafts)
        shutil.copytree(checked.folder / HELD, checked.folder / HANDED_OUT)
        (checked.folder / HANDED_OUT / "新文件").mkdir()

    monkeypatch.setattr(Writer, "write", and_plant)
    approved = checked.run(
        "--operator", APPROVER, "batch", "approve", "B2020-001", "--yes", "--date", "2020-11-11"
    )
    monkeypatch.undo()
    assert approved.status == 0
    assert "Its files are still in payouts/.held/B2020-001" in approved.out
    assert batch_of(checked)["folder"] == HELD.as_posix()
    assert submit(checked).json["code"] == "place-taken"
    shutil.rmtree(checked.folder / HANDED_OUT)
    assert batch_of(checked)["folder"] == HANDED_OUT.as_posix()
    assert submit(checked).status == 0
    assert checked.check() == []


@pytest.mark.parametrize("name", ["B2020-001-本行-2.xlsx", "旧"])
def test_what_lies_among_the_papers_is_moved_elsewhere(made: Office, name: str) -> None:
    path = made.folder / HELD / name
    if path.suffix:
        shutil.copy(path.with_name("B2020-001-本行-1.xlsx"), path)
    else:
        path.mkdir()
    refused = approve(made, CHECKER)
    assert refused.json["code"] == "file-beside-batch"
    assert f"{name} is not of batch B2020-001" in refused.json["error"]
    assert "Move it elsewhere" in refused.json["error"]


def test_a_backup_keeps_held_papers_held(
    made: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    assert made.run("backup", tmp_path / "b.backup").status == 0
    there = tmp_path / "there"
    assert made.run("restore", tmp_path / "b.backup", there, "--yes").status == 0
    assert modes(there / HELD.parent) <= {0o700, 0o600}
    assert (there / HELD / "manifest.json").read_bytes() == (
        made.folder / HELD / "manifest.json"
    ).read_bytes()


def test_books_with_errors_hand_nothing_out(checked: Office) -> None:
    """What says that a batch is approved may be what is wrong with them."""
    forge_approval(checked, APPROVER, "审批", signed_by=CHECKER)
    assert "signature" in codes(checked.check())
    assert (checked.folder / HELD).is_dir()
    assert not (checked.folder / HANDED_OUT).exists()


def test_what_others_have_kept_of_the_books_hands_nothing_out(
    checked: Office, tmp_path: Path
) -> None:
    """Beside the keys somebody has put what the books would be if the batch were approved."""
    with in_a_copy(desk_of(checked)):
        assert approve(checked, APPROVER).status == 0
        approved = checked.books()
    plant(checked, approved)
    (tmp_path / "荆河街道.xlsx").write_bytes(roster(person(40)))
    assert batch_of(checked)["state"] == "approved"
    assert checked.run("import", tmp_path / "荆河街道.xlsx", "--dry-run").status == 0
    assert (
        load_kept(checked.folder, snapshot_path(checked.key)).history.events[-1].kind == "approved"
    )
    assert (checked.folder / HELD).is_dir()
    assert not (checked.folder / HANDED_OUT).exists()


def test_six_hundred_thousand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """750 people, under the rules that ``init --approvals approve`` writes."""
    office = new_office(tmp_path, capsys)
    with_colleagues(
        office,
        '2020-01-10 custom "census-approval" 0.00 CNY "审核"',
        '2020-01-10 custom "census-approval" 500000.00 CNY "审核" "审批"',
    )
    office.receive(1_220_000)
    office.register(750)
    made = office.disburse().json
    assert (made["amount"], made["approvals_needed"]) == ("600000.00", ["审核", "审批"])
    assert approve(office, MAKER).status == 1
    assert submit(office).status == 1
    assert approve(office, CHECKER).status == 0
    assert submit(office).status == 1
    assert not (office.folder / HANDED_OUT).exists()
    assert approve(office, APPROVER).status == 0
    assert submit(office).status == 0
    assert (office.folder / HANDED_OUT / "B2020-001-本行-1.xlsx").is_file()
    assert office.check() == []


# Forged: rightly chained and signed, and a finding all the same.


def signer(office: Office, operator: str) -> Signing:
    signing = actor_of(office.folder, office.key, operator).signer
    assert signing is not None
    return signing


def digests(office: Office, batch: str = "B2020-001") -> str:
    (prepared,) = [path for path in office.events() if f"prepared-{batch}" in path.name]
    lines = prepared.read_text(encoding="utf-8").splitlines()
    names = ("  entries:", "  rows:", "  manifest:")
    return "".join(f"{line}\n" for line in lines if line.startswith(names))


def forge_approval(
    office: Office,
    by: str,
    role: str = "审核",
    batch: str = "B2020-001",
    signs: str = "",
    signed_by: str = "",
) -> None:
    meta = f'  recorded: "2020-11-12T09:00:00+08:00"\n  role: "{role}"\n'
    signed_lines = signs or digests(office, batch)
    key = signer(office, signed_by or by)
    forge(office, "approved", batch=batch, meta=meta + signed_lines, by=by, signer=key)
    anchored(office)


def is_found(office: Office, code: str, message: str) -> None:
    """By the plugin and by audit.py, and it hands no papers out."""
    errors = office.check()
    assert code in codes(errors), errors
    assert message in messages(office)
    assert audit(office.folder).status == 1


def test_a_right_approval_is_no_finding(made: Office) -> None:
    forge_approval(made, CHECKER)
    assert made.check() == []
    assert audit(made.folder).findings == []


@pytest.mark.parametrize(
    ("by", "role", "code", "message"),
    [
        (MAKER, "审核", "approval", "has made batch"),
        (CASHIER, "审核", "role", "may not make an approval"),
        (CHECKER, "审批", "approval", "does not have the role 审批"),
        (CHECKER, "经办", "approval", "does not ask for the approval 经办"),
        (CHECKER, "", "approval", "does not ask for the approval ?"),
    ],
)
def test_a_forged_approval_by_somebody_who_gives_none(
    made: Office, by: str, role: str, code: str, message: str
) -> None:
    forge_approval(made, by, role)
    is_found(made, code, message)
    assert batch_of(made)["state"] == "prepared"


def test_a_forged_approval_by_somebody_who_has_retired(made: Office) -> None:
    made.run("operator", "retire", CHECKER, "--reason", "调走")
    forge_approval(made, CHECKER)
    is_found(made, "role", "may not make an approval")


def test_a_forged_second_approval(checked: Office) -> None:
    checked.run("operator", "add", "另一审核", "--role=审核")
    forge_approval(checked, "O05")
    is_found(checked, "approval", "has the approval 审核 already")


def test_one_person_is_not_two(made: Office) -> None:
    made.run("operator", "add", "两职", "--role=审核", "--role=审批")
    forge_approval(made, "O05", "审核")
    forge_approval(made, "O05", "审批")
    is_found(made, "approval", "nobody does twice")
    assert (made.folder / HELD).is_dir()


def test_an_approval_of_another_batch(several: Office) -> None:
    several.disburse("--town", "370481001", on="2020-11-10")
    several.disburse("--town", "370481101", on="2020-11-10")
    forge_approval(several, CHECKER, batch="B2020-002", signs=digests(several))
    is_found(several, "approval", "is not of batch B2020-002 as it was prepared")


@pytest.mark.parametrize("name", ["entries", "rows", "manifest"])
def test_an_approval_after_a_change(made: Office, name: str) -> None:
    lines = digests(made).splitlines(keepends=True)
    changed = [f'  {name}: "{"0" * 64}"\n' if f"  {name}:" in one else one for one in lines]
    forge_approval(made, CHECKER, signs="".join(changed))
    is_found(made, "approval", "is not of batch B2020-001 as it was prepared")


def test_an_approval_of_what_is_void(made: Office) -> None:
    made.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    forge_approval(made, CHECKER)
    is_found(made, "approval", "is void and cannot be approved")


def test_a_forged_approval_of_what_asks_for_nothing(funded: Office) -> None:
    with_colleagues(funded, '2021-01-01 custom "census-approval" 0.00 CNY "审核"')
    funded.disburse()
    forge_approval(funded, CHECKER)
    is_found(funded, "approval", "does not ask for the approval 审核")


def test_a_forged_submission_without_the_approvals(checked: Office) -> None:
    forge(checked, "submitted", by=CASHIER, signer=signer(checked, CASHIER))
    anchored(checked)
    is_found(checked, "approval", "was submitted without the approvals 审批")


@pytest.mark.parametrize(
    ("by", "code", "message"),
    [
        (MAKER, "approval", "void it instead"),
        (CASHIER, "role", "may not make a void"),
    ],
)
def test_a_forged_rejection(made: Office, by: str, code: str, message: str) -> None:
    forge_rejection(made, by)
    is_found(made, code, message)


def test_a_forged_rejection_of_what_asks_for_nothing(funded: Office) -> None:
    with_colleagues(funded, '2021-01-01 custom "census-approval" 0.00 CNY "审核"')
    funded.disburse()
    forge_rejection(funded, CHECKER)
    is_found(funded, "approval", "does not ask operator O02 for an approval")


def test_a_forged_rejection_of_what_was_submitted(approved: Office) -> None:
    submit(approved, on="2020-11-12")
    forge_rejection(approved, CHECKER, '  bank-refused: "格式"\n')
    is_found(approved, "approval", "only a refusal by the bank voids it")


def test_a_checker_voids_nothing_without_a_word(made: Office) -> None:
    forge_rejection(made, CHECKER, rejected=False)
    is_found(made, "role", "may not make a void")


def forge_rejection(office: Office, by: str, more: str = "", *, rejected: bool = True) -> None:
    towns = ("370481001荆河街道", "370481101洪绪镇")
    entries = [
        entry(
            AWAITED.replace(towns[0], town), EXPENSE.replace(towns[0], town),
            payees=f"P{number:06d}",
        )
        for number, town in zip(range(1, 7), [towns[0]] * 3 + [towns[1]] * 3, strict=True)
    ]  # fmt: skip
    meta = f'  recorded: "2020-11-12T09:00:00+08:00"\n{more}'
    meta += '  rejected: "不对"\n' if rejected else ""
    forge(office, "void", " 6 4800.00 CNY", *entries, meta=meta, by=by, signer=signer(office, by))
    anchored(office)


def rewritten(office: Office, change: Callable[[str], str]) -> None:
    """The newest event as its maker could have signed it."""
    path = office.events()[-1]
    content = read_signed(path.read_bytes())
    assert content is not None
    text = change(content.text.decode("utf-8"))
    path.write_bytes(signed(text.encode("utf-8"), signer(office, MAKER)))
    head = f"{len(office.events()) - 1} {digest(path.read_bytes())}\n"
    (office.folder / "HEAD").write_text(head, encoding="ascii")


@pytest.mark.parametrize(
    "asked", ["", '  asks: "审核"\n', '  asks: "审批 审核"\n', '  asks: "经办"\n']
)
def test_a_batch_that_does_not_ask_for_what_the_rules_say(made: Office, asked: str) -> None:
    rewritten(made, lambda text: text.replace('  asks: "审核 审批"\n', asked))
    errors = made.check()
    assert "approval" in codes(errors), errors
    assert audit(made.folder).status == 1
    assert not (made.folder / HANDED_OUT).exists()


def test_rules_that_are_changed_behind_a_batch(checked: Office) -> None:
    """Who takes the rules back does not get the papers."""
    path = checked.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(RULES[1], ""), encoding="utf-8")
    assert "asks for the approvals 审核 审批" in checked.check()[0]["message"]
    assert approve(checked, APPROVER).status == 1
    path.write_text(text.replace(RULES[0], ""), encoding="utf-8")
    assert "was prepared by other approval rules" in checked.check()[0]["message"]
    path.write_text(text, encoding="utf-8")
    assert checked.check() == []


def test_a_void_batch_is_judged_by_what_it_recorded(made: Office) -> None:
    reject(made, CHECKER)
    path = made.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(RULES[1], ""), encoding="utf-8")
    assert made.check() == []


# What the bank does all the same.


def statement_of_a_debit(office: Office) -> Path:
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-4800.00", "", "代发")
    path = office.folder.with_name("流水.csv")
    account.statement(path)
    return path


def test_a_debit_of_what_nobody_approved_is_written_and_an_error_until_explained(
    checked: Office,
) -> None:
    taken = checked.run("import", statement_of_a_debit(checked), "--json").json["files"][0]
    (line,) = taken["unexplained"]
    assert line["barred_batch"] == "B2020-001"
    assert codes(checked.check()) == {"barred_debit"}
    checked.register(1)
    assert checked.disburse(on="2020-11-13").json["code"] == "books-broken"
    explained = checked.run("explain", line["line"], "B2020-001", "--yes", "--json")
    assert explained.status == 0
    assert checked.check() == []
    assert batch_of(checked)["state"] == "submitted"
    assert batch_of(checked)["approvals"][1]["operator"] is None  # type: ignore[index]
    assert (checked.folder / HELD).is_dir()


def test_a_forged_statement_that_books_it_without_a_word(checked: Office) -> None:
    line = (
        f'2020-11-12 * "" "代发" ^L0123456789ab\n  {BANK}  -4800.00 CNY\n'
        f'  {TRANSIT}  4800.00 CNY\n    batch: "B2020-001"\n'
    )
    meta = '  recorded: "2020-11-12T09:00:00+08:00"\n'
    forge(checked, "statement", ' "" 1 4800.00 CNY', line, batch="", meta=meta)
    anchored(checked)
    assert "nobody has approved and submitted batch B2020-001" in messages(checked)


def test_a_debit_of_what_was_approved_and_never_submitted(approved: Office) -> None:
    approved.run("import", statement_of_a_debit(approved))
    assert codes(approved.check()) == {"barred_debit"}


def test_a_debit_of_what_was_submitted_is_its_own(approved: Office) -> None:
    submit(approved, on="2020-11-11")
    taken = approved.run("import", statement_of_a_debit(approved), "--json").json["files"][0]
    assert taken["unexplained"] == []
    assert approved.check() == []


def test_an_answer_for_what_nobody_approved(checked: Office) -> None:
    """The debit comes after it, and waits for an explanation all the same."""
    path = result_file(checked, everyone(PAID, 1, 2, 3, 4, 5, 6))
    assert checked.run("import", path, "--date", "2020-11-12").status == 0
    assert codes(checked.check()) == {"barred_debit"}
    taken = checked.run("import", statement_of_a_debit(checked), "--json").json["files"][0]
    (line,) = taken["unexplained"]
    assert checked.run("explain", line["line"], "B2020-001", "--yes").status == 0
    assert checked.check() == []


def test_a_debit_by_hand_of_what_nobody_approved(made: Office) -> None:
    made.hand(f'2020-11-12 * "滕州农商行" "代发" ^B2020-001\n  {TRANSIT}  4800.00 CNY\n  {BANK}\n')
    assert codes(made.check()) == {"barred_debit"}


# Killed at every operation: the approval is there with all that follows, or not at all.


@needs_fork
def test_killed_at_every_operation_of_the_last_approval(checked: Office, tmp_path: Path) -> None:
    seen = set()
    for moment in range(1, 200):
        office = checked.copied(tmp_path / str(moment), seen=True)
        answer = in_child(lambda: dying(moment, lambda: approve(office, APPROVER)))  # noqa: B023
        assert office.check() == []
        is_approved = batch_of(office)["state"] == "approved"
        assert (office.folder / HANDED_OUT).is_dir() is is_approved
        assert (office.folder / HELD).is_dir() is not is_approved
        seen.add(is_approved)
        again = approve(office, APPROVER)
        assert again.status == (1 if is_approved else 0)
        assert batch_of(office)["state"] == "approved"
        if answer is not None:
            break
    assert seen == {True, False}


def test_days_together() -> None:
    assert TOGETHER.days == 3
