"""``import --as paid-before``: who was paid before these books counts as paid, by her paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from importers.tables.cells import Cell
from ledger.base.records import replace
from ledger.registry.change_log import Source
from tests.support.auditor import audit
from tests.support.bank_results import CLOSED
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.forged_events import DAY
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import anchored
from tests.support.forged_events import exchange_rows
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import GRANT
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.roster_files import workbook
from tests.support.work_lists import taken as list_taken
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

HEADINGS = ("姓名", "身份证号", "人员编号", "发放日期", "金额", "凭证号")
PAID_ON = "2020-09-15"
SECOND_LINE = "Expenses:5001业务活动费用:02上级补助:30226劳务费"


def payment(number: int, **changes: Cell) -> list[Cell]:
    """The row of the ``number``-th person of the office, paid by hand in September."""
    payee = made_up(number)
    row: dict[str, Cell] = {
        "姓名": payee.legal_name, "身份证号": payee.identity, "人员编号": "",
        "发放日期": PAID_ON, "金额": 800, "凭证号": f"记-{number}",
    }  # fmt: skip
    return list((row | changes).values())


def listed(office: Office, *rows: Sequence[Cell], name: str = "已付.xlsx") -> Path:
    """A list on the desk, with a title and the headings above the rows."""
    path = office.folder.with_name(name)
    path.write_bytes(workbook({"Sheet1": [["建账前已付两员补助"], HEADINGS, *rows]}))
    return path


def take(office: Office, path: Path, *options: str) -> Answer:
    return office.run("import", path, "--as", "paid-before", "--yes", "--json", *options)


def taken(office: Office, *rows: Sequence[Cell], name: str = "已付.xlsx") -> Any:
    """What became of a list of these rows."""
    answer = take(office, listed(office, *rows, name=name))
    assert answer.status == 0, answer.err
    return answer.json["files"][0]


def test_they_count_as_paid_and_the_bank_has_no_part_in_it(funded: Office) -> None:
    before = funded.status()
    outcome = taken(funded, payment(1), payment(2, 发放日期="2020年10月8日"))
    assert (outcome["paid"], outcome["amount"], outcome["event"]) == (2, "1600.00", 1)
    assert outcome["funds"] == [
        {"code": "01", "name": "本级财政", "payees": 2, "amount": "1600.00"}
    ]
    after = funded.status()
    assert after["cash"] == before["cash"]
    assert (after["payees"]["paid"], after["payees"]["due"]) == (2, 4)
    assert after["budget"]["spent"] == after["budget"]["paid"] == "1600.00"
    assert after["budget"]["received"] == "1221600.00"
    assert funded.check() == []
    assert audit(funded.folder).findings == []
    (line, *_) = audit(funded.folder, "--list").payments
    assert (line["人员"], line["状态日期"], line["凭据"]) == ("P000001", PAID_ON, "记-1")


def test_nobody_of_them_is_paid_again(funded: Office) -> None:
    taken(funded, payment(1), payment(2))
    assert funded.disburse().json["payees"] == 4
    shown = funded.run("payees", "show", "P000001", "--json").json
    assert (shown["state"], shown["batch"]) == ("paid", "")
    assert funded.check() == []


def test_a_month_says_what_was_paid_in_it_before_the_books(funded: Office) -> None:
    taken(funded, payment(1), payment(2, 发放日期="2020-10-08"), payment(3))
    month = funded.run("report", "month", "2020-09", "--json")
    assert month.status == 0, month.err
    assert funded.status("2020-09-30")["payees"]["paid"] == 2
    assert funded.status("2020-10-31")["payees"]["paid"] == 3


def test_it_shows_and_asks_before_it_enters(funded: Office) -> None:
    path, events = listed(funded, payment(1), payment(2)), funded.events()
    asked = funded.run("import", path, "--as", "paid-before")
    assert asked.status == 2
    assert "this asks for an answer" in asked.err
    assert "Paid before these books" in asked.out
    tried = take(funded, path, "--dry-run")
    assert tried.json["files"][0]["paid"] == 2
    assert funded.events() == events
    assert take(funded, path).status == 0


WRONG = [
    pytest.param(payment(99), "not_registered", id="somebody whom nobody knows"),
    pytest.param(payment(1, 姓名="王五"), "other_name", id="another name"),
    pytest.param(payment(1, 人员编号="P000002"), "other_person", id="two numbers of two people"),
    pytest.param(payment(1, 身份证号=""), "who_missing", id="nobody named"),
    pytest.param(payment(1, 身份证号=370481196101010014), "identity_rounded", id="lost digits"),
    pytest.param(payment(1, 姓名=""), "name_missing", id="no name"),
    pytest.param(payment(1, 发放日期="九月"), "day_unreadable", id="no day"),
    pytest.param(payment(1, 发放日期="2019-12-31"), "before_fund", id="before the fund"),
    pytest.param(payment(1, 发放日期="2099-01-01"), "day_ahead", id="still to come"),
    pytest.param(payment(1, 金额="八百"), "amount_unreadable", id="no amount"),
    pytest.param(payment(1, 金额=0), "amount_unreadable", id="nothing"),
    pytest.param(payment(1, 金额=-800), "amount_unreadable", id="below zero"),
    pytest.param(payment(1, 金额=800.01), "above_rate", id="above the rate"),
    pytest.param(payment(1, 金额=799.99), "below_rate", id="below the rate"),
    pytest.param(payment(1, 凭证号=""), "paper_missing", id="no paper"),
]


@pytest.mark.parametrize(("row", "code"), WRONG)
def test_what_is_in_doubt_is_not_entered(funded: Office, row: list[Cell], code: str) -> None:
    events = funded.events()
    answer = take(funded, listed(funded, row))
    assert answer.status == 1
    (problem,) = answer.json["files"][0]["problems"]
    assert (problem["code"], problem["row"]) == (code, 3)
    assert funded.events() == events


def test_rows_in_doubt_go_back_and_the_others_go_in(funded: Office) -> None:
    """The workbook has the row as it stood and why it came back; corrected, it goes in."""
    outcome = taken(funded, payment(1), payment(2, 发放日期="九月"), ["合计", "", "", "", 1600])
    assert (outcome["rows"], outcome["paid"], outcome["quarantined"]) == (2, 1, 1)
    path = Path(outcome["problem_workbook"])
    assert (path.parent.name, path.name) == ("待改", "已付.xlsx")
    book = load_workbook(path)
    page: Any = book.active
    headings, row = ([cell.value or "" for cell in page[number]] for number in (3, 4))
    assert headings == [*HEADINGS, "来源", "退回原因"]
    assert row[:6] == [made_up(2).legal_name, made_up(2).identity, "", "九月", "800", "记-2"]
    assert row[6] == "已付.xlsx Sheet1!4"
    page.cell(4, 4).value = PAID_ON
    book.save(path)
    assert take(funded, path).json["files"][0]["paid"] == 1
    assert funded.status()["payees"]["paid"] == 2


def test_nobody_stands_twice_in_a_list(funded: Office) -> None:
    answer = take(funded, listed(funded, payment(1), payment(1, 凭证号="记-9"), payment(2)))
    outcome = answer.json["files"][0]
    assert (outcome["paid"], [one["code"] for one in outcome["problems"]]) == (1, ["twice"] * 2)


def test_nobody_stands_in_two_lists_of_one_command(funded: Office) -> None:
    lists = {"甲.xlsx": payment(1), "乙.xlsx": payment(1, 凭证号="记-9")}
    paths = [listed(funded, row, name=name) for name, row in lists.items()]
    answer = funded.run("import", *paths, "--as", "paid-before", "--yes", "--json")
    first, second = answer.json["files"]
    assert (first["paid"], second["paid"]) == (1, 0)


def test_the_very_list_is_taken_once(funded: Office) -> None:
    path = listed(funded, payment(1))
    assert take(funded, path).status == 0
    again = take(funded, path)
    assert again.status == 1
    assert "this very list is in the books already, as event 1" in again.err
    same = [listed(funded, payment(2)), funded.folder.with_name("乙.xlsx")]
    same[1].write_bytes(same[0].read_bytes())
    twice = funded.run("import", *same, "--as", "paid-before", "--yes")
    assert "this very list stands twice on the command line" in twice.err


def test_who_was_paid_or_has_money_out_is_not_taken(funded: Office) -> None:
    taken(funded, payment(1))
    assert funded.disburse("--town", "荆河街道").status == 0
    outcome = take(funded, listed(funded, payment(1, 凭证号="记-7"), payment(2), payment(4)))
    found = outcome.json["files"][0]
    assert [one["code"] for one in found["problems"]] == ["paid_already"] * 2
    assert found["paid"] == 1


def test_a_payment_from_the_first_batch_on_is_no_payment_before_the_books(funded: Office) -> None:
    assert funded.disburse("--town", "荆河街道").status == 0
    answer = take(funded, listed(funded, payment(4, 发放日期="2020-11-10"), payment(5)))
    assert [one["code"] for one in answer.json["files"][0]["problems"]] == ["books_at_work"]


def test_nothing_is_entered_before_what_the_books_say_of_somebody(funded: Office) -> None:
    assert funded.disburse("--town", "荆河街道").status == 0
    assert funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    answer = take(funded, listed(funded, payment(1)))
    assert [one["code"] for one in answer.json["files"][0]["problems"]] == ["later_event"]


def test_a_closed_month_stays_as_it_is(funded: Office) -> None:
    for month in ("2020-08", "2020-09"):
        assert funded.run("month", "close", month, "--yes").status == 0
    answer = take(funded, listed(funded, payment(1), payment(2, 发放日期="2020-10-01")))
    outcome = answer.json["files"][0]
    assert [one["code"] for one in outcome["problems"]] == ["month_closed"]
    assert outcome["paid"] == 1


def test_a_list_that_does_not_add_up_is_refused(funded: Office) -> None:
    answer = take(funded, listed(funded, payment(1), ["合计", "", "", "", 1600]))
    assert "row 4: the list says that it comes to 1600.00, and its rows make 800.00" in answer.err


@pytest.mark.parametrize("missing", ["姓名", "身份证号", "发放日期", "金额", "凭证号"])
def test_a_list_without_a_heading_is_refused(funded: Office, missing: str) -> None:
    headings = ["序号" if one in (missing, "人员编号") else one for one in HEADINGS]
    path = funded.folder.with_name("已付.xlsx")
    path.write_bytes(workbook({"Sheet1": [headings, payment(1)]}))
    assert "no row of headings was found" in take(funded, path).err


def test_hidden_and_struck_rows_are_in_doubt(funded: Office) -> None:
    path = listed(funded, payment(1), payment(2), payment(3))
    book = load_workbook(path)
    page: Any = book.active
    page.row_dimensions[3].hidden = True
    page.cell(4, 1).font = page.cell(4, 1).font + Font(strike=True)
    book.save(path)
    outcome = take(funded, path).json["files"][0]
    assert [one["code"] for one in outcome["problems"]] == ["row_hidden", "row_struck"]


def test_two_columns_that_differ_are_in_doubt(funded: Office) -> None:
    path = funded.folder.with_name("已付.xlsx")
    rows = [[*payment(1), 640], [*payment(2), 800]]
    path.write_bytes(workbook({"Sheet1": [[*HEADINGS, "实发金额"], *rows]}))
    outcome = take(funded, path).json["files"][0]
    assert [one["code"] for one in outcome["problems"]] == ["columns_differ"]


def test_the_budget_counts_them(office: Office) -> None:
    """Two people are in the second fund's line, which has 1600; the first fund has none."""
    rules = office.folder / "rules.beancount"
    lines = rules.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "30226" not in line or "census-rate" in line]
    rules.write_text("".join(kept), encoding="utf-8", newline="\n")
    office.rule(f'2020-08-01 custom "census-budget" {SECOND_LINE} 1600.00 CNY "supplement"')
    office.register(3)
    refused = take(office, listed(office, payment(1), payment(2), payment(3)))
    assert "2,400.00 were paid, and the budget lines of the subsidies have room" in refused.err
    outcome = taken(office, payment(1), payment(2), name="两人.xlsx")
    assert outcome["funds"] == [
        {"code": "02", "name": "上级补助", "payees": 2, "amount": "1600.00"}
    ]
    assert office.check() == []


def test_a_rate_that_changed_parts_the_lists(funded: Office) -> None:
    funded.rule('2020-10-01 custom "census-rate" "普查员" 700.00 CNY "30226劳务费:01两员补助"')
    mixed = take(funded, listed(funded, payment(1), payment(2, 发放日期="2020-10-02", 金额=700)))
    assert "the rate for 普查员 changed on 2020-10-01" in mixed.err
    taken(funded, payment(1), name="九月.xlsx")
    taken(funded, payment(2, 发放日期="2020-10-02", 金额=700), name="十月.xlsx")
    assert funded.check() == []
    assert audit(funded.folder).findings == []


def test_it_is_an_import_and_is_reversed_as_an_event(funded: Office) -> None:
    before = funded.status()
    path = listed(funded, payment(1), payment(2, 发放日期="2020-10-08"))
    assert take(funded, path).status == 0
    (one,) = funded.run("imports", "list", "--json").json["imports"]
    assert (one["kind"], one["rows"], one["event"]) == ("paid-before", 2, 1)
    refused = funded.run("imports", "take-back", one["id"], "--reason", "导错", "--yes")
    assert "'census-ledger reverse 1 --reason R' does so" in refused.err
    done = funded.run("reverse", "1", "--reason", "导错", "--yes")
    assert done.status == 0, done.err
    assert funded.status() == before
    assert funded.status("2020-09-30")["payees"]["paid"] == 0
    assert funded.check() == []
    assert audit(funded.folder).findings == []
    assert take(funded, path).status == 0


def test_what_is_in_a_month_that_was_closed_stays(funded: Office) -> None:
    taken(funded, payment(1))
    assert funded.run("month", "close", "2020-09", "--yes").status == 0
    refused = funded.run("reverse", "1", "--reason", "导错", "--yes")
    assert "2020-09-15 is in 2020-09, which is closed" in refused.err


def test_only_a_clerk_enters_them(funded: Office) -> None:
    assert funded.run("operator", "add", "李出纳", "--role", "出纳").status == 0
    answer = funded.run("--operator", "O02", "import", listed(funded, payment(1)),
                        "--as", "paid-before", "--yes")  # fmt: skip
    assert "operator O02 may not make payments from before the books" in answer.err


def entry(
    *, credit: str = APPROPRIATION, yuan: str = "800.00", on: str = DAY, debit: str = EXPENSE,
    paper: str = "记-1", links: str = "^P000001", payee: str = "P000001",
) -> str:  # fmt: skip
    return (
        f'{on} * "某人" "两员补助" #census-subsidy {links}\n  payee-id: "{payee}"\n'
        f'  role: "普查员"\n  document: "{paper}"\n  {debit}  {yuan} CNY\n'
        f"  {credit}  -{yuan} CNY\n"
    )


RATES = '  rates: "普查员:30226劳务费:01两员补助=80000"\n'


@pytest.mark.parametrize(
    ("values", "entries", "said"),
    [
        pytest.param("2 1600.00", [entry()], "the header says 2 people", id="counted"),
        pytest.param(
            "1 900.00", [entry(yuan="900.00")], "the rate of the role is 800.00", id="rate"
        ),
        pytest.param(
            "1 700.00", [entry(yuan="700.00")], "the rate of the role is 800.00", id="in part"
        ),
        pytest.param("1 800.00", [entry(paper="")], "and a paper", id="no paper"),
        pytest.param("1 800.00", [entry(payee="P000002")], "its payee-id", id="another id"),
        pytest.param("1 800.00", [entry(on="2020-11-13")], "begin on their first day", id="day"),
        pytest.param("1 800.00", [entry(credit=BANK)], "debits one subsidy account", id="bank"),
        pytest.param("2 800.00", [entry(links="^P000001 ^P000002")], "one person's", id="two"),
        pytest.param("2 1600.00", [entry(), entry()], "P000001 is paid, and was not", id="twice"),
    ],
)
def test_a_forged_event_is_found(
    funded: Office, values: str, entries: list[str], said: str
) -> None:
    forge(funded, "paid-before", f' "" {values} CNY', *entries, batch="", meta=RATES)
    assert said in messages(funded)
    assert audit(funded.folder).findings


def test_a_forged_event_by_another_rate_is_found(funded: Office) -> None:
    meta = RATES.replace("80000", "90000")
    forge(funded, "paid-before", ' "" 1 900.00 CNY', entry(yuan="900.00"), batch="", meta=meta)
    assert "by another rate for 普查员 than the rules say" in messages(funded)
    assert audit(funded.folder).findings


def test_a_forged_event_of_whom_a_later_day_is_known(funded: Office) -> None:
    assert funded.disburse(on="2020-11-20").status == 0
    assert funded.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-21").status == 0
    forge(funded, "paid-before", ' "" 1 800.00 CNY', entry(), batch="", meta=RATES)
    assert "dates never go back for P000001" in messages(funded)


def test_a_forged_event_of_another_fund_is_found(funded: Office) -> None:
    event = entry(credit=GRANT)
    forge(funded, "paid-before", ' "" 1 800.00 CNY', event, batch="", meta=RATES)
    assert "is income of the fund that is charged" in messages(funded)


def test_the_identity_number_is_remembered(funded: Office) -> None:
    """Her record is corrected, and somebody new comes with the number that was paid."""
    taken(funded, payment(1))
    number = made_up(1).identity
    other = made_up(50)
    with funded.recording() as registry:
        source = Source(registry.keep_original("来函", "letter", b"x"), "", 0)
        (first, *_others) = registry.payees()
        registry.change(first, {"identity": (number, other.identity)}, source, on=day("2020-11-01"))
    funded.register(1, change=lambda payee: replace(payee, identity=number))
    made = funded.disburse()
    assert made.json["payees"] == 5
    assert [one["reason"] for one in made.json["skipped"]] == ["identity_paid", "paid"]


def test_rows_that_the_registry_lost_are_missed(funded: Office) -> None:
    taken(funded, payment(1))
    assert funded.check() == []
    with funded.registry() as registry:
        registry.file.execute("delete from frozen_rows")
    (error,) = funded.check()
    assert (error["code"], error["file"]) == ("rows", "events/000001-paid-before.beancount")


def test_rows_that_are_not_those_that_were_sealed_say_nothing(funded: Office) -> None:
    """Whoever has the registry's key writes another number into them."""
    taken(funded, payment(1))
    rows = str(funded.books().history.events[-1].header.meta["rows"])
    with funded.registry() as registry, registry.file.all_or_none():
        content = registry.frozen(rows) or b""
        identity = registry.payees()[0].identity.encode()
        assert identity in content
        exchange_rows(registry, rows, content.replace(identity, b"110101199003070011"))
    (error,) = funded.check()
    assert (error["code"], error["file"]) == ("rows", "events/000001-paid-before.beancount")


def test_rows_of_somebody_else_are_found(funded: Office) -> None:
    """Of two events, each rightly made, the second has the rows of the first."""
    taken(funded, payment(1))
    rows = funded.books().history.events[-1].header.meta["rows"]
    meta = f'{RATES}  rows: "{rows}"\n'
    event = entry(links="^P000002", payee="P000002")
    forge(funded, "paid-before", ' "" 1 800.00 CNY', event, batch="", meta=meta)
    anchored(funded)
    (error,) = funded.check()
    assert "are not of the people in the registry's rows" in error["message"]


STAGES = """
2020-01-10 custom "census-stage" "S1" "摸底" "fixed"
2020-01-10 custom "census-stage" "S2" "入户登记" "per-unit" "户"
2020-02-01 custom "census-rate" "普查员" "S2" 10.00 CNY "30226劳务费:01两员补助"
"""


def test_a_stage_is_named_where_there_are_several(funded: Office) -> None:
    """What was paid in one is no payment of another."""
    funded.rule(STAGES + "  maximum: 600.00 CNY")
    funded.rule('2020-01-10 custom "census-limit" "普查员" 1200.00 CNY')
    path = listed(funded, payment(1, 金额=500), payment(2, 金额=600.01))
    assert "this fits several stages: S1 摸底, S2 入户登记" in take(funded, path).err
    done = take(funded, path, "--stage", "入户登记").json["files"][0]
    assert (done["paid"], [one["code"] for one in done["problems"]]) == (1, ["above_rate"])
    rest = listed(funded, payment(1, 金额=800), payment(3, 金额=800), name="摸底.xlsx")
    first = take(funded, rest, "--stage", "S1").json["files"][0]
    assert (first["paid"], [one["code"] for one in first["problems"]]) == (1, ["above_limit"])
    stages = {one["code"]: one["paid"] for one in funded.status()["stages"]}
    assert stages == {"S1": 1, "S2": 1}
    assert funded.check() == []
    assert audit(funded.folder).findings == []


def test_units_without_a_bound_are_in_doubt(funded: Office) -> None:
    funded.rule(STAGES)
    answer = take(funded, listed(funded, payment(1, 金额=500)), "--stage", "S2")
    assert [one["code"] for one in answer.json["files"][0]["problems"]] == ["no_bound"]


def test_a_forged_entry_of_another_stage_is_found(funded: Office) -> None:
    funded.rule(STAGES)
    forge(funded, "paid-before", ' "" 1 800.00 CNY', entry(), batch="",
          meta=RATES + '  stage: "S1"\n')  # fmt: skip
    assert "is of the stage of its event" in messages(funded)


def test_what_a_list_of_work_comes_to_was_paid_and_nothing_else(funded: Office) -> None:
    """Whom no list names yet may have been paid anything within the rate."""
    funded.rule(STAGES + "  minimum: 50.00 CNY\n  maximum: 600.00 CNY")
    rows = [work_row(1, 12, 20, "漏登"), work_row(2, 12, 20, "漏登"), work_row(3, 0)]
    work = work_list(funded.folder.with_name("工作量.xlsx"), *rows)
    assert list_taken(funded, work)["people"] == 3
    amounts = {1: 100, 2: 120, 3: 30, 4: 40}
    path = listed(funded, *(payment(number, 金额=yuan) for number, yuan in amounts.items()))
    outcome = take(funded, path, "--stage", "S2").json["files"][0]
    (problem,) = outcome["problems"]
    assert (outcome["paid"], problem["code"], problem["row"]) == (3, "other_work", 4)
    assert problem["message"].startswith("by the list of work 100.00 are owed")
    refused = funded.run("reverse", "1", "--reason", "导错", "--yes")
    assert "P000001" not in refused.err and refused.status == 0, refused.err
    assert funded.check() == []
    assert audit(funded.folder).findings == []


def test_what_came_back_stays_taken_off_where_the_limit_has_no_room(funded: Office) -> None:
    """She was found not entitled to one stage, and was paid before the books in another."""
    funded.rule(STAGES + "  maximum: 600.00 CNY")
    funded.rule('2020-01-10 custom "census-limit" "普查员" 1200.00 CNY')
    assert funded.disburse("--stage", "S1", "--town", "荆河街道", on="2020-11-10").status == 0
    assert take_result(funded, everyone(CLOSED, 1), on="2020-11-11").status == 0
    cancelled = ("payees", "cancel", "P000001", "--reason", "未上岗", "--yes")
    assert funded.run(*cancelled, "--stage", "S1", "--date", "2020-11-12").status == 0
    path = listed(funded, payment(1, 金额=500))
    assert take(funded, path, "--stage", "S2").status == 0
    refused = funded.run("reverse", "3", "--reason", "导错", "--yes", "--date", "2020-11-13")
    assert "cannot be reversed, since event 4 was built upon it" in refused.err
    assert (
        "P000001 is owed 1,300.00 over all stages, more than the limit of 1,200.00" in refused.err
    )
    assert funded.check() == []
    assert audit(funded.folder).findings == []


def test_a_forged_event_above_the_limit_is_found(funded: Office) -> None:
    funded.rule('2020-01-10 custom "census-limit" "普查员" 799.99 CNY')
    forge(funded, "paid-before", ' "" 1 800.00 CNY', entry(), batch="", meta=RATES)
    assert "more than the limit of 799.99" in messages(funded)
    assert "超过限额 799.99" in audit(funded.folder).text
