"""Numbers that money went to are remembered: nobody is paid by another's before it is decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.model.ids import BatchId
from ledger.model.instructions import freeze
from ledger.model.payees import bare_number
from ledger.registry.frozen_rows import RowsMissing
from ledger.registry.frozen_rows import numbers_of_batch
from ledger.services.payee_records import confirm
from ledger.services.payee_records import held_of
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import UNCLEAR
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import take_result
from tests.support.forged_events import exchange_rows
from tests.support.made_up_payments import payments
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

# Somebody whose identity number ends in an X, and is the first of the office.
FIRST = next(number for number in range(1, 99) if made_up(number).identity.endswith("X"))
IDENTITY, ACCOUNT = made_up(FIRST).identity, made_up(FIRST).account
RIGHT_IDENTITY = with_check_digit("37048119700707888")
RIGHT_ACCOUNT = with_luhn_digit("621521777777777")
OTHER = 55
LATER = "2020-11-20"
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(office: Office, tmp_path: Path) -> Send:
    """A roster of 荆河街道 comes in, and is agreed to; what became of it."""

    def sent(*rows: list[str], name: str = "花名册.xlsx") -> dict[str, Any]:
        (file,) = imported(office, roster(tmp_path / name, *rows), "--yes")
        return file

    return sent


@pytest.fixture
def paid(office: Office, send: Send) -> Office:
    """P000001 is in the bank; then both of her numbers are corrected."""
    office.receive(1_220_000)
    assert send(row(FIRST))["added"] == 1
    assert office.disburse().json["payees"] == 1
    correct(office, "P000001", identity=RIGHT_IDENTITY, account=RIGHT_ACCOUNT)
    return office


def warnings(file: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (problem["code"], problem["column"])
        for problem in file["problems"]
        if problem["code"].endswith("_paid") and problem["severity"] == "warning"
    ]


def skipped(answer: Answer) -> dict[str, list[str]]:
    return {one["reason"]: one["payees"] for one in answer.json["skipped"] if one["payees"]}


def held(office: Office) -> list[dict[str, str]]:
    found: list[dict[str, str]] = office.run("payees", "held", "--json").json["same_numbers"]
    return found


def distinguish(office: Office, *arguments: str, reason: str = "派出所已核实") -> Answer:
    return office.run(
        "payees", "distinguish", *arguments, "--reason", reason, "--date", "2020-11-12",
        "--yes", "--json",
    )  # fmt: skip


OLD_IDENTITY = {"身份证号": IDENTITY}
OLD_ACCOUNT = {"银行卡号": ACCOUNT}


# Who comes with a number that money went to.


@pytest.mark.parametrize(
    ("changes", "field", "column"),
    [
        pytest.param(OLD_IDENTITY, "identity", "身份证号", id="identity"),
        pytest.param(OLD_ACCOUNT, "account", "银行卡号", id="account"),
    ],
)
def test_an_old_number_that_comes_back_as_somebody_new(
    paid: Office, send: Send, changes: dict[str, str], field: str, column: str
) -> None:
    """It is said when she comes, she waits, and nothing of the number is shown."""
    file = send(row(OTHER, **changes), name="又一份.xlsx")
    assert file["added"] == 1
    assert warnings(file) == [(f"{field}_paid", column)]
    refused = paid.disburse(on=LATER)
    assert refused.json["refused"]["reason"] == "nothing_due"
    assert skipped(refused) == {f"{field}_paid": ["P000002"]}
    pair = {"payee": "P000002", "field": field, "paid_for": "P000001"}
    assert held(paid) == [pair]
    shown = paid.run("payees", "show", "P000002", "--json").json
    assert (shown["waits_for"], shown["same_numbers"]) == (f"{field}_paid", [pair])
    for said in (
        json.dumps(file), refused.out, paid.run("payees", "held").out, paid.run("status").out,
        paid.run("payees", "show", "P000002").out, paid.run("disburse", "--date", LATER).out,
    ):  # fmt: skip
        assert IDENTITY not in said and ACCOUNT not in said
    assert paid.check() == []


@pytest.mark.parametrize(
    "spelling",
    [
        IDENTITY.replace("X", "x"),
        f" {IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]} ",
        "".join(chr(ord(sign) + 0xFEE0) for sign in IDENTITY),
        f"{IDENTITY[:6]}\u3000{IDENTITY[6:]}",
    ],
    ids=["x", "blanks", "full width", "a wide blank"],
)
def test_however_the_identity_number_is_written(paid: Office, send: Send, spelling: str) -> None:
    assert warnings(send(row(OTHER, 身份证号=spelling), name="又一份.xlsx"))
    assert skipped(paid.disburse(on=LATER)) == {"identity_paid": ["P000002"]}


@pytest.mark.parametrize("before", ["", "0", "00"])
@pytest.mark.parametrize("after", ["", "0", "00"])
def test_however_many_zeros_the_account_begins_with(
    office: Office, send: Send, before: str, after: str
) -> None:
    office.receive(1_220_000)
    send(row(FIRST, 银行卡号=before + ACCOUNT))
    office.disburse()
    correct(office, "P000001", account=RIGHT_ACCOUNT)
    assert warnings(send(row(OTHER, 银行卡号=after + ACCOUNT), name="又一份.xlsx"))
    assert skipped(office.disburse(on=LATER)) == {"account_paid": ["P000002"]}


@pytest.mark.parametrize("changes", [OLD_IDENTITY, OLD_ACCOUNT], ids=["identity", "account"])
def test_another_record_that_is_corrected_to_an_old_number(
    paid: Office, send: Send, changes: dict[str, str]
) -> None:
    """By a roster, whether it is agreed to at once or confirmed later."""
    assert warnings(send(row(OTHER), name="又一份.xlsx")) == []
    headings = ["人员编号", "姓名", "身份证号", "岗位", "普查小区编码", "开户行", "银行卡号"]
    other = made_up(OTHER)
    cells = {"人员编号": "P000002", "姓名": other.legal_name, "身份证号": other.identity,
             "岗位": other.role, "普查小区编码": other.block, "开户行": other.bank,
             "银行卡号": other.account} | changes  # fmt: skip
    path = paid.folder.with_name("更正.csv")
    lines = [",".join(headings), ",".join(f"\t{cells[name]}" for name in headings)]
    path.write_text("荆河街道更正\n" + "\n".join(lines), encoding="utf-8")
    (file,) = imported(paid, path)
    assert (file["held"], len(warnings(file))) == (1, 1)
    with paid.work() as work:
        (payee,) = [one for one in work.registry.payees() if one.serial == 2]
        confirm(work, held_of(work.registry, [payee]), "镇街更正", day("2020-11-12"))
    (reason,) = skipped(paid.disburse(on=LATER))
    assert reason in ("identity_paid", "account_paid")
    assert distinguish(paid, "P000002").status == 0
    assert paid.disburse(on=LATER).json["payees"] == 1


@pytest.mark.parametrize(
    ("answer", "is_out"), [(PAID, True), (UNCLEAR, True), (CLOSED, False)],
    ids=["paid", "unknown", "returned"],
)  # fmt: skip
def test_money_that_is_out_counts_and_what_came_back_does_not(
    paid: Office, send: Send, answer: tuple[str, str], is_out: bool
) -> None:
    assert take_result(paid, everyone(answer, 1)).status == 0
    file = send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    assert bool(warnings(file)) == is_out
    found = skipped(paid.disburse("--dry-run", on=LATER))
    assert ("P000002" in found.get("identity_paid", [])) == is_out


def test_what_came_back_and_is_disputed_may_be_out(paid: Office, send: Send) -> None:
    """The bank calls it paid after it has returned it; a release says that the bank was asked."""
    take_result(paid, everyone(CLOSED, 1))
    take_result(paid, everyone(PAID, 1), name="又.csv", on="2020-11-16")
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    assert skipped(paid.disburse("--dry-run", on=LATER))["identity_paid"] == ["P000002"]
    assert release(paid, "P000001", reason="银行确认已退汇", on="2020-11-17").status == 0
    assert "identity_paid" not in skipped(paid.disburse("--dry-run", on=LATER))


def test_a_void_batch_sent_nobody_anything(paid: Office, send: Send) -> None:
    paid.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    assert warnings(send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")) == []
    assert paid.disburse(on=LATER).json["payees"] == 2


def test_a_number_that_was_corrected_before_anything_was_sent_is_free(
    office: Office, send: Send
) -> None:
    office.receive(1_220_000)
    send(row(FIRST))
    correct(office, "P000001", identity=RIGHT_IDENTITY, account=RIGHT_ACCOUNT)
    office.disburse()
    file = send(row(OTHER, **OLD_IDENTITY, **OLD_ACCOUNT), name="又一份.xlsx")
    assert warnings(file) == []
    assert office.disburse(on=LATER).json["payees"] == 1


def test_ones_own_old_number_is_ones_own(paid: Office, send: Send) -> None:
    """She comes back to the account that her first payment went to, and came back from."""
    take_result(paid, everyone(CLOSED, 1))
    assert paid.disburse(on=LATER).json["payees"] == 1
    correct(paid, "P000001", identity=IDENTITY, account=ACCOUNT)
    take_result(paid, everyone(CLOSED, 1), batch="B2020-002", on="2020-11-21", name="又.csv")
    assert paid.disburse(on="2020-11-22").json["payees"] == 1
    assert warnings(send(row(FIRST))) == []


# A decision.


def test_a_decision_with_a_reason_lets_her_be_paid(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    decided = distinguish(paid, "P000002")
    pair = {"payee": "P000002", "field": "identity", "paid_for": "P000001"}
    assert decided.json == {
        "distinguished": [pair], "reason": "派出所已核实", "date": "2020-11-12",
    }  # fmt: skip
    assert held(paid) == []
    assert paid.disburse(on=LATER).json["payees"] == 1
    assert paid.run("batch", "submit", "B2020-002", "--yes", "--date", LATER).status == 0
    assert warnings(send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")) == []
    assert paid.check() == []


def test_who_decided_why_and_what_was_compared_is_in_the_log(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    with paid.registry() as registry:
        before = len(registry.log.entries())
    distinguish(paid, "P000002")
    with paid.registry() as registry:
        (entry,) = registry.log.entries()[before:]
        change = registry.changes(2)[-1]
        original = registry.original_content(change.source.sha256).decode()
    assert (entry.by, bool(entry.signature)) == ("O01", True)
    assert (change.field, change.old, change.reason) == ("distinct", "", "派出所已核实")
    assert change.new.startswith("P000001 identity ")
    shown = paid.run("payees", "show", "P000002", "--json").json["changes"][-1]
    assert shown["new"] == "P000001 identity"
    assert "P000001 (identity number)" in paid.run("payees", "show", "P000002").out
    assert json.loads(original)["pairs"] == "P000002 identity P000001"
    for text in (change.new, original):
        assert IDENTITY not in text


def test_it_is_asked_before_it_is_decided(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_ACCOUNT), name="又一份.xlsx")
    asked = paid.run("payees", "distinguish", "P000002", "--reason", "夫妻共用")
    assert asked.status != 0
    assert "P000002" in asked.err and "P000001" in asked.err and ACCOUNT not in asked.err
    assert held(paid)


def test_a_decision_takes_a_reason_and_a_doubt(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    assert distinguish(paid, "P000002", reason=" ").json["code"] == "reason-missing"
    assert distinguish(paid, "P000001").json["code"] == "nothing-to-decide"
    assert distinguish(paid, "P000002", "--withdraw").json["code"] == "nothing-decided"
    assert distinguish(paid, "P000009").json["code"] == "no-such-payee"
    assert distinguish(paid, "P000002", "P000001").json["code"] == "nothing-to-decide"
    assert held(paid)


def test_a_decision_takes_the_role_of_a_clerk(
    paid: Office, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    for role in ("出纳", "管理", "审核", "经办"):
        assert paid.run("operator", "add", role * 2, "--role", role).status == 0
    ask = ("payees", "distinguish", "P000002", "--reason", "已核实", "--yes", "--json")
    for operator in ("O02", "O03", "O04"):
        answer = paid.run("--operator", operator, *ask)
        assert answer.json["code"] == "may-not-change-records"
    assert held(paid)
    assert paid.run("--operator", "O05", *ask).status == 0


def test_a_decision_says_nothing_about_another_number(paid: Office, send: Send) -> None:
    """Nor about anybody else who comes with the same one."""
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    correct(paid, "P000002", account=ACCOUNT)
    assert skipped(paid.disburse(on=LATER)) == {"account_paid": ["P000002"]}
    assert distinguish(paid, "P000002").json["distinguished"][0]["field"] == "account"
    assert paid.disburse(on=LATER).json["payees"] == 1
    correct(paid, "P000002", identity=with_check_digit("37048119700707889"))
    send(row(56, **OLD_IDENTITY), name="三.xlsx")
    refused = paid.disburse(on=LATER)
    assert skipped(refused) == {"identity_paid": ["P000003"]}
    assert {pair["paid_for"] for pair in held(paid)} == {"P000001", "P000002"}


def test_a_decision_that_is_withdrawn_counts_no_more(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    withdrawn = distinguish(paid, "P000002", "--withdraw", reason="核实有误")
    assert withdrawn.json["withdrawn"][0]["paid_for"] == "P000001"
    for on in ("2020-11-12", LATER):
        assert skipped(paid.disburse(on=on)) == {"identity_paid": ["P000002"]}
    assert distinguish(paid, "P000002", "--withdraw").json["code"] == "nothing-decided"
    assert distinguish(paid, "P000002").status == 0
    assert paid.disburse(on=LATER).json["payees"] == 1


def test_a_decision_counts_from_its_day_and_what_is_withdrawn_at_once(
    paid: Office, send: Send
) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    assert skipped(paid.disburse(on="2020-11-11")) == {"identity_paid": ["P000002"]}
    waiting = paid.run("payees", "list", "--waiting", "--json", "--date", "2020-11-11").json
    assert [one["id"] for one in waiting["payees"]] == ["P000002"]
    options = ("--reason", "有误", "--date", "2020-11-25", "--yes", "--withdraw")
    assert paid.run("payees", "distinguish", "P000002", *options).status == 0
    assert skipped(paid.disburse(on=LATER)) == {"identity_paid": ["P000002"]}
    then = paid.run("payees", "list", "--waiting", "--json", "--date", LATER).json
    assert then["payees"] == []


def test_records_of_a_day_are_those_before_a_decision(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    with paid.registry() as registry:
        assert len(registry.payees_as_of(day("2020-11-11"), 99)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "update changes set new = replace(new, 'P000001', 'P000003') where field = 'distinct'",
        "delete from changes where field = 'distinct'",
        "insert into changes (entry, serial, field, old, new, source, sheet, row, day) select"
        " entry, serial, field, '', 'x', source, '', 0, day from changes where field = 'distinct'",
    ],
)
def test_a_decision_is_bound_by_the_log(paid: Office, send: Send, statement: str) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    send(row(57), name="四.xlsx")
    with paid.registry() as registry, registry.file.all_or_none():
        registry.file.execute(statement)
    assert paid.disburse(on=LATER).json["code"] == "log-broken"
    assert "log" in {error["code"] for error in paid.check()}


def test_a_withdrawn_decision_does_not_come_back_by_other_numbers_of_rows(
    paid: Office, send: Send
) -> None:
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    distinguish(paid, "P000002")
    distinguish(paid, "P000002", "--withdraw", reason="核实有误")
    with paid.registry() as registry, registry.file.all_or_none():
        registry.file.execute(
            "update changes set id = id + 100 where field = 'distinct' and old = ''"
        )
    assert paid.disburse(on=LATER).json["code"] == "log-broken"
    assert "log" in {error["code"] for error in paid.check()}


def test_nobody_is_released_who_waits_for_a_decision(paid: Office, send: Send) -> None:
    send(row(OTHER, **OLD_IDENTITY, 普查小区编码=made_up(FIRST).block), name="又一份.xlsx")
    refused = release(paid, "P000002", reason="某因", on="2020-11-12")
    assert refused.status == 1
    assert "P000002" in refused.err and "P000001" in refused.err
    distinguish(paid, "P000002")
    assert skipped(paid.disburse(on=LATER)) == {"post_paid": ["P000002"]}
    assert release(paid, "P000002", reason="中途换人", on="2020-11-12").status == 0
    assert paid.disburse(on=LATER).json["payees"] == 1


# Who is in a batch already.


@pytest.fixture
def both(paid: Office, send: Send) -> Office:
    """P000002 bears the old identity number, was distinguished, and is in a prepared batch."""
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    assert distinguish(paid, "P000002").status == 0
    assert paid.disburse(on=LATER).json["batch"] == "B2020-002"
    return paid


def submit(office: Office, batch: str = "B2020-002") -> Answer:
    return office.run("batch", "submit", batch, "--yes", "--date", LATER, "--json")


def test_a_batch_is_not_submitted_after_the_decision_was_withdrawn(both: Office) -> None:
    assert both.check() == []
    distinguish(both, "P000002", "--withdraw")
    found = [error for error in both.check() if error["code"] == "paid_number"]
    assert len(found) == 2, "each of the two waits in a batch by the other's number"
    assert all("P000001" in error["message"] for error in found)
    assert {error["file"] for error in found} == {
        "events/000001-prepared-B2020-001.beancount", "events/000002-prepared-B2020-002.beancount",
    }  # fmt: skip
    for batch in ("B2020-002", "B2020-001"):
        refused = submit(both, batch)
        assert refused.json["code"] == "numbers-paid"
        assert IDENTITY not in refused.out
    assert "payees distinguish P000002" in both.run("batch", "submit", "B2020-002", "--yes").err
    assert distinguish(both, "P000002").status == 0
    assert both.check() == []
    assert submit(both).status == 0


def test_a_record_that_is_corrected_after_the_batch_was_prepared(paid: Office, send: Send) -> None:
    """The row that was sent bears her own number; her record now says that she is the other."""
    send(row(OTHER), name="又一份.xlsx")
    assert paid.disburse(on=LATER).json["payees"] == 1
    correct(paid, "P000002", identity=IDENTITY)
    assert submit(paid).json["code"] == "numbers-paid"
    assert [error["code"] for error in paid.check()] == ["paid_number"]
    distinguish(paid, "P000002")
    assert submit(paid).status == 0


def test_a_row_that_was_sent_counts_after_the_record_was_corrected(both: Office) -> None:
    distinguish(both, "P000002", "--withdraw")
    correct(both, "P000002", identity=with_check_digit("37048119700707889"))
    assert submit(both).json["code"] == "numbers-paid"
    assert distinguish(both, "P000002").status == 0
    assert submit(both).status == 0


def test_a_batch_that_was_submitted_is_not_complained_of(both: Office) -> None:
    correct(both, "P000001", account=ACCOUNT)
    assert submit(both, "B2020-001").status == 0
    correct(both, "P000001", account=RIGHT_ACCOUNT)
    assert submit(both, "B2020-002").status == 0
    distinguish(both, "P000002", "--withdraw")
    assert both.check() == []


def test_two_who_share_an_account_openly_are_in_one_batch(funded: Office) -> None:
    """The registry had both with it when the batch was made; who comes later is held."""
    shared = with_luhn_digit("621521888888888")
    for payee in ("P000001", "P000002"):
        correct(funded, payee, account=shared)
    assert funded.disburse().json["payees"] == 6
    assert funded.check() == []
    assert submit(funded, "B2020-001").status == 0
    funded.register(1, change=lambda payee: replace(payee, account=shared))
    assert skipped(funded.disburse(on=LATER)) == {"account_paid": ["P000007"]}
    assert {pair["paid_for"] for pair in held(funded)} == {"P000001", "P000002"}
    assert len(distinguish(funded, "P000007").json["distinguished"]) == 2
    assert funded.disburse(on=LATER).json["payees"] == 1


# How it is read.


def test_rows_that_are_not_those_that_were_sealed_say_nothing(paid: Office, send: Send) -> None:
    """Whoever has the registry's key writes another number into what was sent."""
    send(row(OTHER, **OLD_IDENTITY), name="又一份.xlsx")
    with paid.registry() as registry, registry.file.all_or_none():
        for (name,) in registry.file.read("select sha256 from frozen_rows"):
            content = registry.frozen(name) or b""
            changed = content.replace(IDENTITY.encode(), RIGHT_IDENTITY.encode())
            exchange_rows(registry, name, changed)
    assert paid.disburse(on=LATER).json["code"] == "rows-missing"
    assert {error["code"] for error in paid.check()} >= {"rows"}


@pytest.mark.parametrize("name", ["马学忠", '"马", "学\\忠"', "马\\", "\u2028"])
def test_numbers_are_read_from_rows_as_they_are(office: Office, name: str) -> None:
    rows = payments(3, legal_name=name, bank='农商行 [1, "2"]' if '"' in name else "农商行")
    with office.registry() as registry:
        (digest,) = registry.keep_frozen(freeze(rows))
        batch = batch_of(digest)
        found = numbers_of_batch(registry, batch)
        assert found == [(one.payee_id, one.identity, one.account) for one in rows]
        with pytest.raises(RowsMissing):
            numbers_of_batch(registry, batch_of(Digest("0" * 64)))


def batch_of(rows: Digest) -> Any:
    """A batch of which nothing but its rows counts."""

    class Batch:
        id = BatchId("B2020-001")

    Batch.rows = rows  # type: ignore[attr-defined]
    return Batch


@given(st.from_regex("[1-9][0-9]{11,17}[0-9X]", fullmatch=True), st.data())
def test_numbers_are_one_however_they_are_written(number: str, data: st.DataObject) -> None:
    wide = {sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789X"}
    written = "".join(
        data.draw(st.sampled_from([sign, sign.lower(), wide[sign], f" {sign}", f"{sign}-"]))
        for sign in number
    )
    assert bare_number(written) == number
