"""Payments in stages: each person stands somewhere in each, and limits look across all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.base.money import plain
from ledger.base.records import replace
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.printed_by import printed_now
from ledger.model.ids import BatchId
from ledger.model.rules import ONLY_STAGE
from ledger.registry.change_log import Source
from tests.support.auditor import audit
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.bank_results import rows_of
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.pdf_text import by_pypdf
from tests.support.work_lists import taken
from tests.support.work_lists import with_stages
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

ITEM = "30226劳务费:01两员补助"
STAGES = f"""
2020-01-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-11-10 custom "census-stage" "S2" "入户登记" "fixed"
2020-01-01 custom "census-rate" "普查员" "S1" 400.00 CNY "{ITEM}"
2020-11-10 custom "census-rate" "普查员" "S2" 400.00 CNY "{ITEM}"
"""


@beginning
def staged(office: Office) -> Office:
    """Two instalments of 400 for three people, and money for more."""
    path = office.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    rates = [line for line in text.splitlines() if "census-rate" not in line]
    path.write_text("\n".join([*rates, STAGES]), encoding="utf-8", newline="\n")
    office.receive(1_220_000)
    office.register(3)
    return office


def limit(office: Office, yuan: str) -> None:
    office.rule(f'2020-01-01 custom "census-limit" "普查员" {yuan} CNY')


def sound(office: Office) -> None:
    """check and the auditor find nothing."""
    assert office.check() == []
    report = audit(office.folder)
    assert report.findings == [], report.text


def decided(what: str, payee: str, reason: str) -> tuple[str, ...]:
    return ("payees", what, payee, "--reason", reason, "--date", "2020-11-20", "--yes")


def skipped(answer: dict[str, object]) -> dict[str, int]:
    return {one["reason"]: one["count"] for one in answer["skipped"]}  # type: ignore[attr-defined]


def test_everybody_is_paid_once_in_every_stage(staged: Office) -> None:
    """With several stages the one that is meant is asked for, until one is left."""
    asked = staged.disburse()
    assert (asked.status, asked.json["code"]) == (1, "stage-not-named")
    assert asked.json["facts"]["stages"] == ["S1", "S2"]
    assert staged.disburse("--stage", "S3").json["code"] == "no-such-stage"
    first = staged.disburse("--stage", "S1").json
    assert (first["stage"], first["payees"], first["amount"]) == ("S1", 3, "1200.00")
    second = staged.disburse().json
    assert (second["stage"], second["batch"], second["payees"]) == ("S2", "B2020-002", 3)
    sheet = staged.folder / next(one["path"] for one in second["files"] if one["town"])
    assert "入户登记" in "".join("".join(by_pypdf(sheet)).split())
    assert staged.run("verify", sheet).status == 0
    assert staged.disburse().json["refused"]["reason"] == "nothing_due"
    take_result(staged, everyone(PAID, 1, 2, 3))
    sound(staged)
    status = staged.status()
    assert status["stage"] == "S2"
    figures = {
        one["code"]: (one["in_bank"], one["paid"], one["amount"]) for one in status["stages"]
    }
    assert figures == {"S1": (0, 3, "1200.00"), "S2": (3, 0, "1200.00")}
    assert (status["payees"]["in_bank"], status["payees"]["paid"]) == (3, 0)
    assert staged.run("status", "--stage", "S1", "--json").json["payees"]["paid"] == 3
    assert [batch["stage"] for batch in status["batches"]] == ["S1", "S2"]
    for stage, state in (("S1", "paid"), ("S2", "in_bank")):
        people = staged.run("payees", "list", "--stage", stage, "--json").json["payees"]
        assert {person["state"] for person in people} == {state}
    staged.key.unlink()
    without = staged.status()["stages"]
    assert [(one["code"], one["paid"], one["amount"]) for one in without] == [
        ("S1", None, "1200.00"), ("S2", None, "1200.00")]  # fmt: skip


def test_what_came_back_in_one_stage_holds_the_others_until_it_is_mended(staged: Office) -> None:
    staged.disburse("--stage", "S1")
    take_result(staged, everyone(CLOSED, 1))
    second = staged.disburse("--stage", "S2").json
    assert (second["payees"], skipped(second)["returned_elsewhere"]) == (2, 1)
    correct(staged, "P000001")
    assert staged.disburse(on="2020-11-16").json["code"] == "stage-not-named"
    again = staged.disburse("--stage", "S1", on="2020-11-16").json
    assert (again["payees"], again["amount"]) == (1, "400.00")
    assert staged.disburse(on="2020-11-16").json["payees"] == 1
    sound(staged)


def test_a_release_is_of_the_stage_that_waits_for_it(staged: Office) -> None:
    staged.disburse("--stage", "S1")
    take_result(staged, everyone(CLOSED, 1, 2))
    release = decided("release", "P000001", "账户已解冻")
    assert staged.run(*release).status == 0
    header = staged.events()[-1].read_text(encoding="utf-8").partition("\n\n")[0]
    assert '\n  stage: "S1"\n' in header
    assert staged.disburse("--stage", "S1", on="2020-11-20").json["payees"] == 1
    cancel = decided("cancel", "P000002", "不应领取")
    assert staged.run(*cancel).status == 0
    second = staged.disburse(on="2020-11-20").json
    assert (second["stage"], second["payees"]) == ("S2", 3)
    first = staged.disburse("--stage", "S1", on="2020-11-21").json
    assert first["skipped"][0]["reason"] == "cancelled"
    sound(staged)


def test_who_is_returned_in_two_stages_is_cancelled_in_the_one_that_is_named(
    staged: Office,
) -> None:
    staged.disburse("--stage", "S1")
    staged.disburse("--stage", "S2")
    take_result(staged, everyone(CLOSED, 1, 2, 3), batch="B2020-001")
    take_result(staged, everyone(CLOSED, 1, 2, 3), batch="B2020-002")
    cancel = decided("cancel", "P000001", "不应领取")
    assert staged.run(*cancel, "--json").json["code"] == "stage-not-named"
    assert staged.run(*cancel, "--stage", "S2").status == 0
    release = decided("release", "P000002", "已核实")
    assert staged.run(*release, "--json").json["code"] == "stage-not-named"
    assert staged.run(*release, "--stage", "S1").status == 0
    standings = staged.books().history.standings
    states = {stage: [some[one].state for one in sorted(some)] for stage, some in standings.items()}
    assert states == {"S1": ["returned"] * 3, "S2": ["due", "returned", "returned"]}
    sound(staged)


def test_above_the_limit_nobody_is_paid_and_nothing_is_cut(staged: Office) -> None:
    """Whatever has come back from the first stage counts until it is cancelled."""
    limit(staged, "700.00")
    staged.disburse("--stage", "S1")
    refused = staged.disburse("--stage", "S2").json
    assert skipped(refused) == {"above_limit": 3}
    take_result(staged, everyone(CLOSED, 1))
    assert skipped(staged.disburse("--stage", "S2").json)["above_limit"] == 3
    cancel = decided("cancel", "P000001", "不应领取")
    assert staged.run(*cancel).status == 0
    assert staged.disburse("--stage", "S2", on="2020-11-20").json["payees"] == 1
    sound(staged)
    # What the limit was reckoned with stays: the cancellation cannot be taken back any more.
    cancelled = next(path for path in staged.events() if "cancelled" in path.name)
    back = staged.run(
        "reverse", str(int(cancelled.name[:6])), "--reason", "错了", "--date", "2020-11-20",
        "--yes", "--json",
    )  # fmt: skip
    assert back.status == 1
    assert "over all stages" in back.json["error"]


def test_a_limit_that_a_batch_was_made_by_is_not_edited(staged: Office) -> None:
    limit(staged, "800.00")
    staged.disburse("--stage", "S1")
    assert staged.disburse().json["payees"] == 3
    sound(staged)
    path = staged.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("800.00", "900.00"), encoding="utf-8", newline="\n")
    assert {error["code"] for error in staged.check()} == {"limit"}
    assert len(audit(staged.folder).findings) == 2
    path.write_text(
        text.replace('"普查员" 800.00', '"普查员" 700.00'), encoding="utf-8", newline="\n"
    )
    assert {error["code"] for error in staged.check()} == {"limit"}


def test_a_wrong_limit_is_corrected_once_the_batch_is_void(staged: Office) -> None:
    limit(staged, "8000.00")
    staged.disburse("--stage", "S1")
    assert staged.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    path = staged.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("8000.00", "800.00"), encoding="utf-8", newline="\n")
    assert staged.disburse("--stage", "S1", on="2020-11-11").json["payees"] == 3
    sound(staged)


def test_the_bank_is_told_the_batch_where_its_file_has_room(staged: Office) -> None:
    """Two batches are out at once; in twelve bytes of GBK there is room for the number alone."""
    books = staged.books()
    remarks = {
        name: printed_now(
            books, (load_profile(name), load_profile(name)), BatchId("B2020-002"), ONLY_STAGE
        )
        for name in ("ccb", "icbc-own")
    }
    said = [printed.remark for printed in remarks.values()]
    assert said == ["两员补助 B2020-002", "两员补助002"]


def test_books_that_name_no_stage_say_nothing_of_any(funded: Office) -> None:
    made = funded.disburse().json
    assert made["stage"] == "S1"
    assert "stage" not in funded.events()[-1].read_text(encoding="utf-8")
    profiles = (load_profile("ccb"), load_profile("ccb"))
    assert (
        printed_now(funded.books(), profiles, BatchId("B2020-001"), ONLY_STAGE).remark == "两员补助"
    )


def test_an_answer_that_fits_the_batches_of_two_stages_is_asked_for(staged: Office) -> None:
    """Both pay the same people the same: nothing in the file says which one it is of."""
    staged.disburse("--stage", "S1")
    staged.disburse("--stage", "S2")
    path = result_file(staged, everyone(PAID, 1, 2, 3), batch="B2020-002")
    asked = staged.run("import", path, "--date", "2020-11-15", "--json")
    assert asked.status == 1
    assert asked.json["files"][0]["code"] == "batch-undecided"
    outcomes = [batch.counts for batch in staged.books().history.batches.values()]
    assert outcomes == [{"in_bank": 3}, {"in_bank": 3}]


def test_an_answer_that_bears_the_remark_of_a_batch_is_of_that_batch(staged: Office) -> None:
    """Banks give back what they were sent, and the remark is in it. One row of another batch, or a
    file's name that says another, and it is asked for.
    """
    for stage in ("S1", "S2"):
        staged.disburse("--stage", stage)
    path = result_file(staged, everyone(PAID, 1, 2, 3), batch="B2020-002")
    heading, *rows = path.read_text(encoding="gb18030").splitlines()

    def answer(*remarks: str, name: str) -> Any:
        lines = [f"{row},{remark}" for row, remark in zip(rows, remarks, strict=True)]
        file = path.with_name(name)
        file.write_text("\n".join([f"{heading},备注", *lines]), encoding="gb18030")
        return staged.run("import", file, "--date", "2020-11-15", "--json").json["files"][0]

    mine, other = "两员补助002", "两员补助001"
    assert answer(mine, mine, other, name="一.csv")["code"] == "batch-undecided"
    assert answer(mine, mine, "", name="零.csv")["code"] == "batch-undecided"
    assert answer(mine, mine, mine, name="B2020-001.csv")["code"] == "batch-undecided"
    assert answer(mine, "两员 补助002", mine, name="二.csv")["batch"] == "B2020-002"
    outcomes = [batch.counts for batch in staged.books().history.batches.values()]
    assert outcomes == [{"in_bank": 3}, {"paid": 3}]


def test_a_late_return_that_fits_two_stages_waits_until_a_batch_is_named(staged: Office) -> None:
    """The other bank sends back what was paid: in both stages the same person had the same."""
    for number, stage in enumerate(("S1", "S2"), 1):
        staged.disburse("--stage", stage)
        take_result(
            staged, everyone(PAID, 1, 2, 3), batch=f"B2020-00{number}", name=f"B2020-00{number}.csv"
        )
    account = Account(1_220_000_00)
    row = rows_of(staged, "B2020-001")[0]
    for number in (11, 12):
        account.move(f"2020-11-{number}", "-1200.00", "", "代发")
    amount = plain(row.amount_fen)
    account.move("2020-11-20", amount, row.bank_name, "退汇", row.account)
    account.move("2020-11-21", amount, row.bank_name, "退汇 B2020-002", row.account)
    assert take_statement(staged, account).status == 0
    waiting = [line["date"] for line in staged.status()["suspense"]["unexplained"]]
    assert waiting == ["2020-11-11", "2020-11-12", "2020-11-20"]
    (line,) = [line for line in staged.books().history.lines.values() if line.payee]
    assert (line.date.day, line.batches) == (21, (("B2020-002", -row.amount_fen),))


def test_a_debit_that_fits_the_batches_of_two_stages_waits(staged: Office) -> None:
    staged.disburse("--stage", "S1")
    staged.disburse("--stage", "S2")
    account = Account(1_220_000_00)
    account.move("2020-11-16", "-1200.00", "", "代发")
    assert take_statement(staged, account).status == 0
    (line,) = staged.status()["suspense"]["unexplained"]
    assert line["amount"] == "-1200.00"


def test_a_stage_that_somebody_was_paid_in_stays(staged: Office) -> None:
    """It is not moved to a later day."""
    staged.disburse("--stage", "S2")
    path = staged.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    line = '2020-11-10 custom "census-stage" "S2"'
    path.write_text(text.replace(line, line.replace("-10", "-11")), encoding="utf-8", newline="\n")
    assert [error["code"] for error in staged.check()] == ["stage"]
    assert len(audit(staged.folder).findings) == 1


def test_the_monthly_report_has_a_row_for_every_stage(staged: Office) -> None:
    staged.disburse("--stage", "S1")
    staged.disburse("--stage", "S2")
    take_result(staged, everyone(PAID, 1, 2, 3))
    made = staged.run("report", "month", "2020-11", "--json").json["months"][0]
    text = "".join("".join(by_pypdf(staged.folder / made["path"])).split())
    assert "（S2入户登记）" in text
    rows = text[text.index("各阶段补助发放情况") :]
    assert "S1清查摸底3300001,200.00S2入户登记3030001,200.00" in rows
    assert staged.run("verify", staged.folder / made["path"]).status == 0


def test_the_rules_of_stages_stay_in_a_closed_month(staged: Office) -> None:
    """The auditor reads what stands below a rate as the tool does."""
    limit(staged, "800.00")
    staged.rule('2020-01-01 custom "census-stage" "S3" "培训" "per-unit" "天"')
    staged.rule(
        f'2020-01-01 custom "census-rate" "普查员" "S3" 50.00 CNY "{ITEM}"\n'
        "  minimum: 100.00 CNY\n  maximum: 300.50 CNY"
    )
    staged.rule(f'2020-01-02 custom "census-rate" "普查员" "S1" 40.00 CNY "{ITEM}"\n  listed: TRUE')
    assert staged.run("month", "close", "2020-11", "--yes", "--date", "2020-12-01").status == 0
    sound(staged)
    path = staged.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8")
    for line in ("  maximum: 300.50 CNY", "  listed: TRUE"):
        path.write_text(text.replace(line, ""), encoding="utf-8", newline="\n")
        assert {error["code"] for error in staged.check()} == {"closed_month"}
        assert "结账以后" in audit(staged.folder).text


def test_work_is_paid_returned_and_paid_again(office: Office, tmp_path: Path) -> None:
    """Rate by quantity within bounds less what is taken off; the same again when it came back."""
    office.receive(1_220_000)
    with_stages(office, people=3)
    rows = work_row(1, 76), work_row(2, 12), work_row(3, 75, 50, "返工")
    assert taken(office, work_list(tmp_path / "表.xlsx", *rows))["people"] == 3
    made = office.disburse("--stage", "S2").json
    assert (made["payees"], made["amount"]) == (3, "1660.00")
    said = office.events()[-1].read_text(encoding="utf-8")
    assert '  stage: "S2"\n  quantity: "76"\n  rate: "10.00"\n  Expenses' in said
    assert '  quantity: "75"\n  rate: "10.00"\n  deduction: "50.00"\n  Expenses' in said
    sound(office)
    take_result(office, {**everyone(CLOSED, 1, 3), **everyone(PAID, 2)})
    correct(office, "P000003")
    again = office.disburse("--stage", "S2", on="2020-11-20").json
    assert (again["payees"], again["amount"]) == (1, "700.00")
    assert "quantity" not in office.events()[-1].read_text(encoding="utf-8")
    sound(office)
    stages = {one["code"]: (one["registered"], one["amount"]) for one in office.status()["stages"]}
    assert (stages["S2"], stages["S3"]) == ((3, "1660.00"), (0, "0.00"))


def test_a_role_without_a_rate_in_a_stage_is_owed_nothing_there(staged: Office) -> None:
    """The supervisor has her rate in the first stage alone: in the second nobody waits for her."""
    rate = f'2020-01-01 custom "census-rate" "普查指导员" "S1" 500.00 CNY "{ITEM}"'
    staged.rule(rate)
    payee = replace(made_up(9), role="普查指导员", block="")
    with staged.recording() as registry:
        source = Source(registry.keep_original("九.xlsx", "roster", b"9"), "表", 2)
        registry.add([(payee, source)], on=day("2020-10-20"))
    first = staged.disburse("--stage", "S1", "--json").json
    assert (first["payees"], first["amount"]) == (4, "1700.00")
    second = staged.run("disburse", "--stage", "S2", "--date", "2020-11-12", "--dry-run")
    assert "Not taken: 1 (the role has no rate in this stage)" in second.out + second.err
    assert "Waiting" not in second.out + second.err
    stages = {one["code"]: one for one in staged.status()["stages"]}
    assert (stages["S1"]["registered"], stages["S2"]["registered"]) == (4, 3)
    assert (stages["S2"]["blocked"], stages["S2"]["due"]) == (0, 3)
