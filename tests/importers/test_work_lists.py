"""Lists of work: each row is one person's work, or it goes back; nothing is guessed."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable

import pytest
import xlsxwriter

from importers.corrections.problem_workbook import write_problem_workbook
from importers.rosters.sheets import SheetWithoutHeadings
from importers.rosters.sheets import TablesSideBySide
from importers.rosters.surroundings import TownsDisagree
from importers.tables.cells import Cell
from importers.tables.reading import read_tables
from importers.tables.refusals import AmountsInOtherUnit
from importers.workload.header import is_work_list
from importers.workload.problems import ERRORS
from importers.workload.refusals import NetWithoutGross
from importers.workload.refusals import NoWorkColumn
from importers.workload.refusals import NoWorkHeader
from importers.workload.refusals import OtherUnitStated
from importers.workload.refusals import WorkColumnsDiffer
from importers.workload.refusals import WorkTotalDiffers
from importers.workload.words import work_words
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.model.payees import Payee
from ledger.model.rules import StageKind
from ledger.services.workload_import import WORKBOOK
from tests.support.checkout import CHECKOUT
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS as OF_A_ROSTER
from tests.support.roster_files import Rows
from tests.support.roster_files import person as roster_row
from tests.support.roster_files import workbook
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import find_town
from tests.support.work_lists import DAYS
from tests.support.work_lists import HEADINGS
from tests.support.work_lists import LISTED
from tests.support.work_lists import ON_LIST
from tests.support.work_lists import OTHER_TOWN
from tests.support.work_lists import TITLE
from tests.support.work_lists import codes
from tests.support.work_lists import person
from tests.support.work_lists import read_work
from tests.support.work_lists import registered
from tests.support.work_lists import said
from tests.support.work_lists import stage
from tests.support.work_lists import work_row

# What is counted.


@pytest.mark.parametrize(
    "heading",
    ["户数", "户", "登记户数", "完成户数", "实际登记户数", "入户登记户数", "户数（户）", "数量(户)",
     "数量（户）", "工作量/户",
     "数量", "工作量", "完成工作量", "核定工作量", "普查户数", "核定户数", "*户数", "3.户数",
     "户  数", "农户数", "户数(个)"],
)  # fmt: skip
def test_the_column_of_the_stages_unit_is_known_by_many_names(heading: str) -> None:
    headings = ("姓名", "身份证号", heading)
    assert said(read_work(work_row(1, 120), work_row(2, 85), headings=headings)) == {
        "P000001": "120", "P000002": "85",
    }  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    [
        "人数",
        "份数",
        "问卷份数",
        "天数",
        "应登记户数",
        "计划户数",
        "不合格户数",
        "户均人数",
        "家数",
        "户主",
        "小时数",
    ],
)
def test_a_column_of_another_unit_is_not_it(heading: str) -> None:
    headings = ("姓名", "身份证号", "户数", heading)
    assert said(read_work(work_row(1, 120, 300), headings=headings)) == {"P000001": "120"}
    with pytest.raises((NoWorkColumn, NoWorkHeader)):
        read_work(work_row(1, 120), headings=("姓名", "身份证号", heading))


@pytest.mark.parametrize(
    "headings",
    [("户数", "登记户数"), ("户数", "数量"), ("合格户数", "登记户数"), ("数量", "完成数量"),
     ("核定户数", "实际户数"),
     ("数量(户)", "户数")],
)  # fmt: skip
def test_of_two_that_may_be_meant_nothing_is_chosen(headings: tuple[str, str]) -> None:
    columns = ("姓名", "身份证号", *headings)
    same = read_work(work_row(1, 120, "120户"), work_row(2, 85, 85.0), headings=columns)
    assert said(same) == {"P000001": "120", "P000002": "85"}
    with pytest.raises(WorkColumnsDiffer) as refused:
        read_work(work_row(1, 120, 120), work_row(2, 85, 58), headings=columns)
    assert "row 4" in str(refused.value)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("单位：份", "份"),
        ("计量单位：人", "人"),
        ("工作量表 单位:天", "天"),
        ("（单位：份）", "份"),
        ("数量单位为小时", "小时"),
    ],
)
def test_a_unit_that_is_stated_above_has_to_be_the_stages(title: str, unit: str) -> None:
    headings = ("姓名", "身份证号", "数量")
    with pytest.raises(OtherUnitStated) as refused:
        read_work(work_row(1), headings=headings, title=title)
    assert unit in str(refused.value)
    for fits in ("单位：户", "单位：元", "单位：统计局", "填报单位：荆河街道"):
        assert said(read_work(work_row(1), headings=headings, title=fits)) == {"P000001": "120"}


@pytest.mark.parametrize(
    "cell",
    [
        120,
        120.0,
        "120",
        "１２０",
        " 120 ",
        "120户",
        "120 户",
        "120.0",
        "120.00",
        "'120",
        "120\n",
        "\xa0120",
    ],
)
def test_a_quantity_is_read_however_it_is_written(cell: Cell) -> None:
    assert said(read_work(work_row(1, cell))) == {"P000001": "120"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [("", "quantity_missing"), ("/", "quantity_missing"), ("—", "quantity_missing"),
     ("无", "quantity_missing"),
     ("-", "quantity_missing"),
     (-3, "quantity_negative"), ("-3", "quantity_negative"), ("－3", "quantity_negative"),
     ("(3)", "quantity_negative"), ("−3户", "quantity_negative"),
     (12.5, "quantity_fraction"), ("12.5", "quantity_fraction"), (0.1, "quantity_fraction"),
     ("1.234", "quantity_fraction"), ("12.5户", "quantity_fraction"),
     (1e9, "quantity_absurd"), (370481199, "quantity_absurd"), ("99999", "quantity_absurd"),
     ("20,001", "quantity_absurd"), (123456.0, "quantity_absurd"),
     ("120人", "quantity_unit"), ("120份", "quantity_unit"), ("12天", "quantity_unit"),
     ("3 个", "quantity_unit"),
     ("120 小时", "quantity_unit"),
     ("一百二十", "quantity_form"), ("约120", "quantity_form"), ("120+5", "quantity_form"),
     ("12 30", "quantity_form"),
     ("12\n30", "quantity_form"), ("120/5", "quantity_form"), ("同上", "quantity_form"),
     ("1,20", "quantity_form"),
     ("=1+1", "quantity_form"), ("#N/A", "quantity_form"), ("1.2E+02", "quantity_form"),
     (datetime.date(2020, 1, 2), "quantity_form"), (True, "quantity_form"),
     ("120元", "quantity_form")],
)  # fmt: skip
def test_what_is_no_plain_number_of_the_unit_goes_back(cell: Cell, code: str) -> None:
    work = read_work(work_row(1, cell), work_row(2))
    assert (said(work), codes(work)) == ({"P000002": "120"}, [(3, code)])


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [(3.5, "3.5"), ("3.5天", "3.5"), ("12", "12"), ("2.50", "2.5"), ("0.5", "0.5"), (22.0, "22"),
     ("4个工日", None),
     (3.25, None), ("400", None)],
)  # fmt: skip
def test_of_days_there_are_halves(cell: Cell, quantity: str | None) -> None:
    work = read_work(work_row(1, cell), headings=("姓名", "身份证号", "天数"), of=DAYS)
    assert said(work) == ({"P000001": quantity} if quantity else {})


def test_no_work_is_a_line_of_its_own() -> None:
    assert said(read_work(work_row(1, 0), work_row(2, "0户"))) == {"P000001": "0", "P000002": "0"}


# Whom a row means.


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (("姓名", "身份证号", "户数"), lambda p: (p.legal_name, p.identity)),
        (("身份证号码", "户数"), lambda p: (p.identity,)),
        (("人员编号", "户数"), lambda p: (p.payee_id,)),
        (("人员编号", "户数"), lambda p: (p.payee_id.lower(),)),
        (("人员编号", "姓名", "户数"), lambda p: (p.payee_id, p.legal_name)),
        (("姓 名", "公民身份号码", "户数"), lambda p: ("　".join(p.legal_name), p.identity)),
        (("姓名", "户数"), lambda p: (p.legal_name,)),
        (("姓名", "镇街", "户数"), lambda p: (p.legal_name, "荆河街道")),
        (("姓名", "镇街", "户数"), lambda p: (p.legal_name, "荆河")),
        (("姓名", "普查小区编码", "户数"), lambda p: (p.legal_name, p.block)),
        (("姓名", "普查区编码", "户数"), lambda p: (p.legal_name, p.area)),
        (("姓名", "岗位", "户数"), lambda p: (p.legal_name, p.role)),
        (
            ("序号", "姓名", "身份证号", "村", "户数", "备注"),
            lambda p: (1, p.legal_name, p.identity, "东村"),
        ),
        (("姓名及身份证号", "户数"), lambda p: (f"{p.legal_name}\n{p.identity}",)),
    ],
)  # fmt: skip
def test_people_are_known_by_number_id_or_name_with_a_place(
    headings: tuple[str, ...], cells: Callable[[Payee], tuple[Cell, ...]]
) -> None:
    rows = [(*cells(person(number)), 100 + number) for number in (1, 2)]
    assert said(read_work(*rows, headings=headings)) == {"P000001": "101", "P000002": "102"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"身份证号": made_up(77).identity}, "person_unknown"),
        ({"身份证号": made_up(1).identity[:-1] + "x"}, "identity_check_digit"),
        ({"身份证号": "370481************01"}, "identity_form"),
        ({"身份证号": 370481196001010123}, "identity_rounded"),
        ({"身份证号": "3.70481E+17"}, "identity_rounded"),
        ({"身份证号": "无", "姓名": "赵无名"}, "person_unknown"),
        ({"姓名": "赵无名"}, "name_other"),
        ({"姓名": "", "身份证号": ""}, "person_missing"),
        ({"姓名": made_up(39).legal_name, "身份证号": made_up(39).identity}, "person_inactive"),
        ({"姓名": made_up(39).legal_name, "身份证号": ""}, "person_inactive"),
        ({"人员编号": "P000099"}, "payee_unknown"),
        ({"人员编号": "P000002"}, "payee_other"),
        ({"人员编号": "P00000一"}, "payee_unknown"),
        ({"岗位": SUPERVISOR}, "role_other"),
        ({"镇街": "洪绪镇"}, "town_of_person"),
        ({"镇街": "没有镇"}, "town_unknown"),
        ({"普查小区编码": made_up(3).block}, "post_other"),
        ({"普查小区编码": "370481101001001"}, "code_of_town"),
        ({"姓名": person(41).legal_name, "身份证号": person(41).identity}, "town_of_person"),
        ({"姓名": person(41).legal_name, "身份证号": ""}, "person_unknown"),
        ({"姓名": person(42).legal_name, "身份证号": person(42).identity}, "role_without_rate"),
        ({"备注": "已辞职"}, "remark_unpaid"),
        ({"备注": "暂不发放"}, "remark_unpaid"),
    ],
)  # fmt: skip
def test_whoever_is_not_meant_beyond_doubt_goes_back(changes: dict[str, Cell], code: str) -> None:
    headings = ("人员编号", "姓名", "身份证号", "岗位", "镇街", "普查小区编码", "户数", "备注")
    payee = person(1)
    cells: dict[str, Cell] = {"姓名": payee.legal_name, "身份证号": payee.identity, "户数": 120}
    other = person(2)
    work = read_work(
        [(cells | changes).get(heading, "") for heading in headings],
        [other.payee_id, *[""] * 5, 85],
        headings=headings,
    )
    assert (said(work), codes(work)) == ({"P000002": "85"}, [(3, code)])


def test_two_of_one_name_are_asked_for_their_numbers() -> None:
    twin = replace(person(1), serial=50, identity=made_up(77).identity)
    people = [*registered(), twin]
    row: list[Cell] = [person(1).legal_name, 120]
    work = read_work(row, headings=("姓名", "户数"), people=people)
    assert (said(work), codes(work)) == ({}, [(3, "namesakes")])
    by_post: list[Cell] = [person(1).legal_name, made_up(77).block, 120]
    people = [*registered(), replace(twin, block=made_up(77).block, area=made_up(77).area)]
    by_posts = read_work(by_post, headings=("姓名", "普查小区编码", "户数"), people=people)
    assert said(by_posts) == {"P000050": "120"}


def test_a_name_without_a_place_is_nobodys() -> None:
    work = read_work([person(1).legal_name, 9], headings=("姓名", "户数"), title="", name="表.xlsx")
    assert codes(work) == [(2, "place_missing")]
    town = find_town("荆河街道")
    assert said(
        read_work([person(1).legal_name, 9], headings=("姓名", "户数"), title="", town=town)
    )


def test_the_users_town_and_the_lists_have_to_be_the_persons() -> None:
    other = find_town(OTHER_TOWN)
    assert codes(read_work(work_row(1), title="", town=other)) == [(2, "town_of_person")]
    assert codes(read_work(work_row(1), title="洪绪镇工作量表")) == [(3, "town_of_person")]
    with pytest.raises(TownsDisagree):
        read_work(work_row(1), title="洪绪镇工作量表", name="荆河街道.xlsx")
    # A county's list says nothing of towns.
    assert said(read_work(work_row(1), work_row(2), title="工作量汇总表")) == {
        "P000001": "120", "P000002": "120",
    }  # fmt: skip


def test_the_same_person_twice_is_not_added_up() -> None:
    again: list[Cell] = [person(1).legal_name, "", 5]
    work = read_work(work_row(1), again, work_row(2))
    assert said(work) == {"P000002": "120"}
    assert codes(work) == [(3, "person_twice"), (4, "person_twice")]
    assert "row 4" in work.problems[0].message()


def test_numbers_that_a_table_counts_by_are_no_ids() -> None:
    work = read_work(
        [1, *work_row(3)], [2, *work_row(4)], headings=("人员编号", "姓名", "身份证号", "户数")
    )
    assert said(work) == {"P000003": "120", "P000004": "120"}


# Amounts, and what is taken off.

OF_AMOUNTS = ("姓名", "身份证号", "金额", "扣减金额", "扣减原因")


@pytest.mark.parametrize(
    "heading",
    ["金额", "补差金额", "应发金额（元）", "补助金额", "应补金额", "实发金额", "劳务费", "应发"],
)
def test_a_listed_stage_is_paid_by_amounts(heading: str) -> None:
    work = read_work(work_row(1, "300.00"), headings=("姓名", "身份证号", heading), of=LISTED)
    assert said(work) == {"P000001": "300.00"}


@pytest.mark.parametrize("cell", [300, 300.0, "300", "300元", "¥300.00", "３００", "+300.00"])
def test_an_amount_is_read_however_it_is_written(cell: Cell) -> None:
    assert said(read_work(work_row(1, cell), headings=OF_AMOUNTS, of=LISTED)) == {
        "P000001": "300.00"
    }


@pytest.mark.parametrize(
    ("cells", "code"),
    [(("",), "amount_missing"), (("——",), "amount_missing"), ((-5,), "amount_negative"),
     (("-5.00",), "amount_negative"),
     (("三百元",), "amount_form"), (("3 00",), "amount_form"),
     ((datetime.date(2020, 1, 2),), "amount_form"),
     (("300.005",), "amount_form"), ((True,), "amount_form"), (("￥",), "amount_missing"),
     ((500.01,), "amount_above_most"), (("600",), "amount_above_most"),
     ((99999,), "amount_above_most"),
     ((10**9,), "amount_absurd"), (("1,000.00",), "amount_above_most"),
     ((300, 20), "deduction_without_reason"), ((300, "20元", "无"), "deduction_without_reason"),
     ((300, 20, "/"), "deduction_without_reason"),
     ((300, "20.00", "　"), "deduction_without_reason"),
     ((300, 0.5, ""), "deduction_without_reason"),
     ((300, 301, "漏登"), "deduction_above"), ((300, "300.01", "漏登"), "deduction_above"),
     ((0, 5, "漏登"), "deduction_above"), ((300, -20, "漏登"), "deduction_negative"),
     ((300, "二十", "漏登"), "deduction_form"), ((300, "", "漏登"), "reason_without_deduction"),
     ((300, 0, "漏登两户"), "reason_without_deduction")],
)  # fmt: skip
def test_amounts_that_nobody_can_pay_by_go_back(cells: tuple[Cell, ...], code: str) -> None:
    work = read_work(work_row(1, *cells), work_row(2, 10), headings=OF_AMOUNTS, of=LISTED)
    assert (said(work), {code for _row, code in codes(work)}) == ({"P000002": "10.00"}, {code})


@pytest.mark.parametrize(
    "headings",
    [("扣减金额", "扣减原因"), ("扣款", "扣款原因"), ("扣减（元）", "扣减说明"),
     ("核减金额", "核减原因"), ("应扣金额", "扣款事由"),
     ("扣除金额", "扣除原因")],
)  # fmt: skip
def test_what_is_taken_off_has_a_reason(headings: tuple[str, str]) -> None:
    work = read_work(
        work_row(1, 120, 20, "漏登两户"),
        work_row(2, 85, "", ""),
        work_row(3, 85, 0, "无"),
        headings=("姓名", "身份证号", "户数", *headings),
    )
    assert said(work) == {"P000001": "120 -20.00", "P000002": "85", "P000003": "85"}


def test_what_is_paid_out_is_the_amount_less_the_deduction() -> None:
    headings = ("姓名", "身份证号", "应发金额", "扣减金额", "扣减原因", "实发金额")
    work = read_work(
        work_row(1, 300, 20, "漏登", 280),
        work_row(2, 300, 20, "漏登", 300),
        work_row(3, 300, "", "", 299.99),
        headings=headings,
        of=LISTED,
    )
    assert said(work) == {"P000001": "300.00 -20.00"}
    assert codes(work) == [(4, "net_other"), (5, "net_other")]
    with pytest.raises(NetWithoutGross):
        only_net = ("姓名", "身份证号", "实发金额", "扣减金额", "扣减原因")
        read_work(work_row(1, 280, 20, "漏登"), headings=only_net, of=LISTED)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("金额（万元）", TITLE),
        ("金额(分)", TITLE),
        ("金额", "单位：千元"),
        ("金额/万元", TITLE),
        ("金额", "币种：美元"),
    ],
)
def test_amounts_are_in_yuan(heading: str, title: str) -> None:
    with pytest.raises((AmountsInOtherUnit, NoWorkHeader, NoWorkColumn)):
        read_work(work_row(1, 3), headings=("姓名", "身份证号", heading), title=title, of=LISTED)


def test_two_amounts_that_differ_refuse_the_list() -> None:
    headings = ("姓名", "身份证号", "金额", "补助金额")
    assert said(read_work(work_row(1, 300, "300.00"), headings=headings, of=LISTED))
    with pytest.raises(WorkColumnsDiffer):
        read_work(work_row(1, 300, 200), headings=headings, of=LISTED)
    with pytest.raises(NoWorkColumn):
        read_work(work_row(1, 300), headings=("姓名", "身份证号", "户数"), of=LISTED)


def test_a_stage_of_whoever_is_listed_needs_no_more_than_people() -> None:
    rows = [[person(number).legal_name, person(number).identity] for number in (1, 2)]
    work = read_work(*rows, headings=("姓名", "身份证号"), of=ON_LIST)
    assert [row.line[:3] for row in work.rows] == [("", 0, 0)] * 2
    with pytest.raises(NoWorkHeader):
        read_work(*rows, headings=("姓名", "身份证号"))


# Rows that are nobody's, and totals.


@pytest.mark.parametrize(
    "total",
    [["合计", "", 205], ["合　计：", "", "205户"], ["", "合计", 205.0], ["总计", "2人", "205"],
     ["共计", "", 205],
     ["合计", "", ""], ["", "本页小计", 205]],
)  # fmt: skip
def test_a_total_is_the_sum_of_its_rows(total: list[Cell]) -> None:
    work = read_work(work_row(1, 120), work_row(2, 85), total)
    assert said(work) == {"P000001": "120", "P000002": "85"}
    assert [row for _sheet, row, _reason in work.skipped] == [5]


@pytest.mark.parametrize(
    "total",
    [
        ["合计", "", 206],
        ["总计", "", "1205"],
        ["小计", "", 204.5],
        ["合计", "", 0],
        ["", "共计", "120户"],
    ],
)
def test_a_total_that_is_another_refuses_the_list(total: list[Cell]) -> None:
    with pytest.raises(WorkTotalDiffers) as refused:
        read_work(work_row(1, 120), work_row(2, 85), total)
    assert "row 5" in str(refused.value)
    assert "205" in str(refused.value)


def test_totals_of_villages_are_each_their_own() -> None:
    work = read_work(
        work_row(1, 1), work_row(2, 2), ["东村小计", "", 3], work_row(3, 4), ["西村小计", "", 4],
        ["合计", "", 7, 20], work_row(4, 5, 20, "漏登"), ["合计", "", 12, 20],
    )  # fmt: skip
    assert len(said(work)) == 4
    with pytest.raises(WorkTotalDiffers):
        read_work(work_row(1, 1), ["东村小计", "", 1], work_row(2, 2), ["西村小计", "", 4])
    above = read_work(["合计", "", 3], work_row(1, 1), work_row(2, 2))
    assert said(above) == {"P000001": "1", "P000002": "2"}


def test_a_total_over_what_nobody_can_read_is_told_and_not_compared() -> None:
    work = read_work(work_row(1, "约120"), work_row(2, 85), ["合计", "", 205])
    assert (said(work), work.uncompared) == ({"P000002": "85"}, (("Sheet1", 5),))
    # Rows that go back for something else are in the sum.
    assert said(read_work(work_row(77, 120), work_row(2, 85), ["合计", "", 205]))
    with pytest.raises(WorkTotalDiffers):
        read_work(work_row(77, 120), work_row(2, 85), ["合计", "", 85])


@pytest.mark.parametrize(
    "row",
    [
        ["", "", 50],
        ["待定", "", 50],
        ["空缺", "", "50户"],
        ["审核人：", "", 50],
        ["", "", "", 20, "漏登"],
    ],
)
def test_work_of_nobody_goes_back_and_is_not_passed_over(row: list[Cell]) -> None:
    work = read_work(work_row(1), row)
    assert said(work) == {"P000001": "120"}
    assert {place for place, _code in codes(work)} == {4}


@pytest.mark.parametrize(
    "row",
    [
        ["制表人：刘敏", "", "审核人：王建国"],
        ["注：以验收为准。"],
        [],
        ["", "　", ""],
        list(HEADINGS),
        ["待定", "", ""],
    ],
)
def test_rows_without_work_and_people_are_passed_over(row: list[Cell]) -> None:
    work = read_work(work_row(1), row, work_row(2))
    assert said(work) == {"P000001": "120", "P000002": "120"}
    assert work.row_count == 3


def test_a_cell_that_is_merged_over_people_is_nobodys() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        for number, row in enumerate(
            [list(HEADINGS), work_row(1, ""), work_row(2, ""), work_row(3)]
        ):
            page.write_row(number, 0, row)
        page.merge_range(1, 2, 2, 2, 200)
    work = read_work(content=content.getvalue())
    assert said(work) == {"P000003": "120"}
    assert codes(work) == [(2, "cell_merged"), (3, "cell_merged")]
    # Sent in again as it went back, the first has not the work of both.
    back = io.BytesIO()
    write_problem_workbook(back, work, work.quarantined, work.problems, WORKBOOK)
    again = read_work(content=back.getvalue())
    assert (said(again), len(again.quarantined)) == ({}, 2)


def test_rows_that_are_struck_out_or_hidden_and_formulas_are_told() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        struck = book.add_format({"font_strikeout": True})
        for number, row in enumerate([list(HEADINGS), *(work_row(n) for n in (1, 2, 3, 4))]):
            page.write_row(number, 0, row)
        page.write_number(1, 2, 120, struck)
        page.set_row(2, None, None, {"hidden": True})
        page.write_formula(3, 2, "=1+1", None, "")
    work = read_work(content=content.getvalue())
    assert said(work) == {"P000002": "120", "P000004": "120"}
    assert codes(work) == [(2, "row_struck"), (3, "row_hidden"), (4, "formula_empty")]


def test_every_sheet_counts_and_one_without_headings_refuses() -> None:
    two: dict[str, Rows] = {
        "东": [HEADINGS, work_row(1)],
        "西": [HEADINGS, work_row(2), work_row(3)],
    }
    assert len(said(read_work(content=workbook(two)))) == 3
    with pytest.raises(SheetWithoutHeadings):
        read_work(content=workbook({**two, "北": [work_row(4)]}))
    twice: dict[str, Rows] = {"东": [HEADINGS, work_row(1)], "西": [HEADINGS, work_row(1)]}
    assert said(read_work(content=workbook(twice))) == {}
    beside = [*HEADINGS, *HEADINGS], [*work_row(1, 1, "", ""), *work_row(2, 2, "", "")]
    with pytest.raises(TablesSideBySide):
        read_work(content=workbook({"东": list(beside)}))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_too(encoding: str) -> None:
    lines = [",".join(map(str, row)) for row in ((*HEADINGS,), work_row(1, 120, "", ""))]
    work = read_work(content="\n".join([TITLE + ",,,,", *lines]).encode(encoding), name="表.csv")
    assert said(work) == {"P000001": "120"}


def test_headings_in_two_lines_are_one() -> None:
    rows = [
        ["姓名", "身份证号", "工作量", "", "扣减", ""],
        ["", "", "户数", "人数", "金额", "原因"],
    ]
    work = read_work(content=workbook({"表": [*rows, work_row(1, 120, 300, 20, "漏登")]}))
    assert said(work) == {"P000001": "120 -20.00"}


# What goes back.


def test_what_was_sent_back_is_read_again_when_it_is_mended() -> None:
    work = read_work(
        work_row(1), work_row(2, -5), work_row(3, 12.5), work_row(4, 5, 20), ["无名氏", "", 7]
    )
    content = io.BytesIO()
    write_problem_workbook(content, work, work.quarantined, work.problems, WORKBOOK)
    again = read_work(content=content.getvalue(), name="退改.xlsx")
    assert (said(again), len(again.quarantined)) == ({}, 4)
    assert [code for _row, code in codes(again)] == [code for _row, code in codes(work)]
    (sheet,) = read_tables("退改.xlsx", content.getvalue())
    title, _how_to, heads, *rows = (list(row) for row in sheet.cells)
    assert str(title[0]).startswith("荆河街道")
    assert "工作量表" in str(title[0])
    assert "来源" in heads
    rows[0][2], rows[1][2], rows[2][4] = 5, 12, "漏登"
    mended = workbook({"Sheet1": [title, heads, *rows]})
    assert said(read_work(content=mended, name="退改.xlsx")) == {
        "P000002": "5", "P000003": "12", "P000004": "5 -20.00",
    }  # fmt: skip


def test_problems_say_nothing_personal() -> None:
    work = read_work(work_row(77), work_row(39), [person(1).legal_name, person(2).identity, 3])
    said_of = "".join(one.message(chinese=True) + one.message() for one in work.problems)
    assert said_of
    for number in (77, 39, 1, 2):
        assert made_up(number).identity not in said_of
        assert made_up(number).legal_name not in said_of
    assert person(1).legal_name not in repr(work.quarantined)


# What a file is.


@pytest.mark.parametrize(
    ("headings", "known"),
    [
        (HEADINGS, True),
        (("姓名", "身份证号", "金额"), True),
        (("人员编号", "天数"), True),
        (("姓名", "镇街", "工作量"), True),
        (("姓名", "身份证号", "扣款", "扣款原因"), True),
        (tuple(OF_A_ROSTER), False),
        ((*OF_A_ROSTER, "户数"), False),
        (("姓名", "身份证号", "联系电话"), False),
        (("村", "户数", "人数"), False),
    ],
)
def test_a_list_is_known_by_its_headings(headings: tuple[str, ...], known: bool) -> None:
    sheets = read_tables("表.xlsx", workbook({"表": [list(headings), roster_row(1, headings)]}))
    assert is_work_list(sheets, lambda: work_words(("户", "天"))) is known


def test_a_unit_of_the_programmes_own_is_counted_whole() -> None:
    own = stage("S2", StageKind.PER_UNIT, "台账")
    headings = ("姓名", "身份证号", "台账数")
    work = read_work(work_row(1, "12台账"), work_row(2, 1.5), headings=headings, of=own)
    assert (said(work), codes(work)) == ({"P000001": "12"}, [(4, "quantity_fraction")])


@pytest.mark.parametrize(
    "headings", [("姓名", "户籍"), ("户数", "人数"), ("姓名",), ("说明", "户数")]
)
def test_a_table_that_names_no_people_and_work_is_refused(headings: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        read_work([1, 2], headings=headings)
    assert str(refused.value).startswith("工作量.xlsx")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ((120, 1200), ""),
        ((120, "1,200.00元"), ""),
        ((120, ""), ""),
        ((120, 1201), "amount_other"),
        ((120, 120), "amount_other"),
        ((120, 1200, 20, "漏登", 1180), ""),
        ((120, 1200, 20, "漏登", 1200), "amount_other"),
        ((120, "", 1200, "全部返工", ""), ""),
        ((120, "", 1200.01, "漏登", ""), "deduction_above"),
        ((1, "", 11, "漏登", ""), "deduction_above"),
    ],
)
def test_what_stands_beside_the_work_is_what_it_comes_to(
    cells: tuple[Cell, ...], code: str
) -> None:
    headings = ("姓名", "身份证号", "户数", "应发金额", "扣减金额", "扣减原因", "实发金额")
    work = read_work(work_row(1, *cells), headings=headings)
    assert [found for _row, found in codes(work)] == ([code] if code else [])


def test_every_problem_is_explained_to_the_towns() -> None:
    page = (CHECKOUT / "docs" / "work-list-problems.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert explained == [code for code in ERRORS if "." not in code]
