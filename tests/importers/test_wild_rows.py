"""Rows as towns write them: nobody's, another's card, codes with names, numbers in one cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from collections.abc import Sequence

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from importers.corrections.problem_workbook import write_problem_workbook
from importers.rosters.body import Reason
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from importers.tables.reading import read_tables
from importers.tables.refusals import RepeatedRow
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import SUPERVISOR

TITLE = "荆河街道两员花名册"
CARD, OTHER = made_up(1).account, made_up(2).account


def read(*people: Sequence[Cell]) -> Roster:
    return read_roster("荆河街道.xlsx", roster(*people))


def codes(result: Roster) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in result.problems]


def blank(**cells: Cell) -> list[Cell]:
    """A row that has nothing but what is given."""
    return [cells.get(heading, "") for heading in HEADINGS]


# Nobody.


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["东村小计", "", "", "", "", "", "", ""], "footer"),
        (["4人", "", "", "东村合计"], "footer"),
        (["东村 计数", 3], "footer"),
        (["", "合计："], "footer"),
        (["总人数", "4"], "footer"),
        (["合计人数：4人"], "footer"),
        (["村负责人：张三", "", "", "审核：李四"], "footer"),
        (["大写：玖仟陆佰元整"], "footer"),
        (["合计", "", "", "", "", "", "37048111300100000"], "footer"),
        (["审核人（签字）"], "footer"),
        (blank(姓名="待定", 岗位="普查员", 普查小区编码=made_up(3).block), "vacant"),
        (blank(姓名="空缺", 岗位="普查员"), "vacant"),
        (blank(姓名="——", 身份证号="——", 联系电话="——", 银行卡号="——", 岗位="普查员"), "vacant"),
        (blank(姓名="/", 身份证号="/", 岗位="普查员"), "vacant"),
        (blank(姓名="暂缺", 身份证号="待补", 岗位="普查指导员"), "vacant"),
        (blank(姓名="与身份证一致", 身份证号="18位", 联系电话="11位", 银行卡号="本人卡"), "header"),
        (blank(姓名="必填", 身份证号="请用文本格式", 开户行="写到支行"), "header"),
    ],
)
def test_a_row_that_is_nobodys_goes_back_to_nobody(row: list[Cell], reason: Reason) -> None:
    row = [*row, *[""] * (len(HEADINGS) - len(row))]
    result = read(person(1), row, person(2))
    assert [one.row for one in result.rows] == [3, 5]
    assert (4, reason) in [(skipped.row, skipped.reason) for skipped in result.skipped]
    assert result.problems == ()


@pytest.mark.parametrize("word", ["示例", "样例：", "（例）", "范例", "填写示例", "例"])
def test_a_sample_is_nobody(word: str) -> None:
    headings = ["序号", *HEADINGS]
    rows: Rows = [[TITLE], headings, [word, *person(3)], ["1", *person(1)]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert [row.row for row in result.rows] == [4]
    assert [(row.row, row.reason) for row in result.skipped] == [(3, "sample")]


@pytest.mark.parametrize(
    "status",
    [
        "审核通过",
        "复核无误",
        "审批通过",
        "审核未通过",
        "填报完成",
        "备注:已核",
        "日期:10月1日",
        "说明:新增",
        "附注",
    ],
)
def test_a_footers_word_in_a_persons_row_leaves_her_a_person(status: str) -> None:
    headings = ["状态", *HEADINGS]
    lacking = person(2, 身份证号="", 银行卡号="")
    rows: Rows = [[TITLE], headings, [status, *person(1)], [status, *lacking]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == [(4, "identity_missing"), (4, "account_missing")]


# Whose card.


@pytest.mark.parametrize(
    ("name", "holder", "code"),
    [
        ("张雅芳", "李桂英", "holder_other"),
        ("张雅芳", "张雅美", "holder_other"),
        ("张雅芳", "张芳", "holder_other"),
        ("张雅芳", "雅芳张", "holder_other"),
        ("杜龑", "杜贵英", "holder_other"),
        ("张雅芳", "张雅芳", ""),
        ("张雅芳", "ZHANG YAFANG", ""),
        ("李䶮", "李龑", ""),
        ("买买提·阿不都", "买买提阿不都", ""),
    ],
)
def test_a_card_is_the_persons_own(name: str, holder: str, code: str) -> None:
    headings = [*HEADINGS, "户名"]
    rows: Rows = [[TITLE], headings, [*person(1, 姓名=name), holder]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert [problem.code for problem in result.problems] == ([code] if code else [])
    assert not any(holder in problem.message() for problem in result.problems)


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("母亲李桂英的卡", "remark_anothers"), ("用他人存折", "remark_anothers"),
        ("丈夫代领", "remark_anothers"), ("卡是儿子的", "remark_anothers"),
        ("非本人账户", "remark_anothers"), ("暂不发放", "remark_unpaid"),
        ("已辞职", "remark_unpaid"), ("不再发补助", "remark_unpaid"), ("卡号有误", "remark_unpaid"),
        ("该卡已挂失", "remark_unpaid"), ("换人，待定", "remark_unpaid"), ("党员", ""),
        ("身份证号已核对无误", ""), ("已退休教师", ""), ("包第三小区", ""), ("本人银行卡", ""),
    ],
)  # fmt: skip
def test_what_is_remarked_is_read(remark: str, code: str) -> None:
    rows: Rows = [[TITLE], [*HEADINGS, "备注"], [*person(1), remark], [*person(2), ""]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == ([(3, code)] if code else [])


@pytest.mark.parametrize(
    "remark", ["已离职", "暂不发放", "不发", "卡号有误", "已去世", "换人", "母亲的卡"]
)
def test_a_remark_beside_the_table_counts_like_one_in_its_column(remark: str) -> None:
    rows: Rows = [[TITLE], [*HEADINGS], [*person(1), "", remark], [*person(2), "党员"]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert [row.row for row in result.quarantined] == [3]
    back = io.BytesIO()
    write_problem_workbook(back, result, result.quarantined, result.problems)
    assert read_roster("退改.xlsx", back.getvalue()).rows == ()


@pytest.mark.parametrize("second", ["说明", "备考", "其他说明", "情况说明", "备注说明"])
def test_every_column_of_remarks_counts(second: str) -> None:
    rows: Rows = [[TITLE], [*HEADINGS, "备注", second], [*person(1), "党员", "已辞职"]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == [(3, "remark_unpaid")]


@pytest.mark.parametrize(
    "heading", ["是否发放", "是否\n在岗", "是否应发补助", "是否领取补助", "是否在职"]
)
@pytest.mark.parametrize(("said", "back"), [("否", True), ("是", False), ("", False), ("×", True)])
def test_whoever_is_said_not_to_be_paid_goes_back(heading: str, said: str, back: bool) -> None:
    rows: Rows = [[TITLE], [*HEADINGS, heading], [*person(1), said]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == ([(3, "remark_unpaid")] if back else [])


@pytest.mark.parametrize(
    "heading", ["与持卡人关系", "与开户人\n关系", "与收款人的关系", "与账户户主关系"]
)
@pytest.mark.parametrize(
    ("said", "back"), [("父亲", True), ("夫妻", True), ("本人", False), ("", False)]
)
def test_whose_card_it_is_may_stand_under_a_relation(heading: str, said: str, back: bool) -> None:
    rows: Rows = [[TITLE], [*HEADINGS, heading], [*person(1), said]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == ([(3, "remark_anothers")] if back else [])


def test_how_she_is_related_to_a_household_says_nothing_of_the_card() -> None:
    rows: Rows = [[TITLE], [*HEADINGS, "与户主关系"], [*person(1), "女儿"]]
    assert codes(read_roster("a.xlsx", workbook({"Sheet1": rows}))) == []


@pytest.mark.parametrize(
    "heading", ["人员状态", "在岗情况", "任职状态", "变动情况", "异动情况", "备注"]
)
@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("已辞职", True),
        ("已更换", True),
        ("不在岗", True),
        ("中途退出", True),
        ("不再担任普查员", True),
        ("9月起由他人接替", True),
        ("在岗", False),
        ("新增", False),
        ("正常", False),
    ],
)
def test_whoever_is_on_her_post_no_longer_goes_back(heading: str, said: str, back: bool) -> None:
    rows: Rows = [[TITLE], [*HEADINGS, heading], [*person(1), said]]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}))
    assert codes(result) == ([(3, "remark_unpaid")] if back else [])


# Cells.


@pytest.mark.parametrize(
    ("bank", "code"),
    [
        ("同上", "bank_ditto"), ("〃", "bank_ditto"), ("↓", "bank_ditto"), ('"', "bank_ditto"),
        ("同前", "bank_ditto"), ("是", "bank_form"), ("本人", "bank_form"), ("0632", "bank_form"),
        (CARD, "bank_form"), ("√", "bank_form"), ("农行", ""), ("荆河支行", ""), ("ICBC", ""),
    ],
)  # fmt: skip
def test_a_bank_is_a_bank(bank: str, code: str) -> None:
    found = [one.code for one in read(person(1, 开户行=bank)).problems if one.severity == "error"]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    "cell",
    [
        f"{CARD}\n{OTHER}",
        f"{CARD} {OTHER}",
        f"{CARD}、{OTHER}",
        f"801020304050\n{CARD}",
        f"{CARD} 9031",
    ],
)
def test_two_accounts_in_a_cell_are_no_third(cell: str) -> None:
    assert codes(read(person(1, 银行卡号=cell))) == [(3, "account_several")]


@pytest.mark.parametrize("between", [" ", "-", "\n", " - ", "  "])
def test_an_account_in_groups_is_one(between: str) -> None:
    cell = between.join([CARD[:4], CARD[4:8], CARD[8:12], CARD[12:]])
    assert [row.account for row in read(person(1, 银行卡号=cell)).rows] == [CARD]


@pytest.mark.parametrize("cell", ["1-3", "1 2", "1—2", "01 02", "1_3"])
def test_numbers_of_two_blocks_are_no_third(cell: str) -> None:
    area = made_up(1).block[:12]
    rows: Rows = [[TITLE], [*HEADINGS, "普查区编码"], [*person(1, 普查小区编码=cell), area]]
    assert codes(read_roster("a.xlsx", workbook({"a": rows}))) == [(3, "block_code")]


@pytest.mark.parametrize("cell", ["张三\n李四", "王小明\n李小红"])
def test_two_names_in_a_cell_are_nobodys(cell: str) -> None:
    assert codes(read(person(1, 姓名=cell))) == [(3, "name_of_two")]


@pytest.mark.parametrize("form", ["{}东荒村", "东荒村{}", "{} 东荒村", "{}（东荒村）", "{}-东荒村"])
def test_a_code_may_stand_with_its_name(form: str) -> None:
    area = made_up(1).block[:12]
    headings = [*(one for one in HEADINGS if one != "普查区"), "普查区编码"]
    rows: Rows = [[TITLE], headings, [*person(1, headings[:-1]), form.format(area)]]
    (row,) = read_roster("a.xlsx", workbook({"a": rows})).rows
    assert (row.area, row.area_name, row.block) == (area, "东荒村", made_up(1).block)


# Posts.


@pytest.mark.parametrize("block", ["", "第一小区", "东荒村三组", "无", "幸福里小区"])
def test_posts_are_optional_and_one_warning_tells_of_all_without(block: str) -> None:
    people = [person(1, 普查小区编码=block), person(2, 普查小区编码=block), person(3)]
    result = read(*people)
    assert len(result.rows) == 3
    assert codes(result) == [(3, "posts_missing")]
    assert result.problems[0].parameters == {"people": "2"}
    strict = read_roster("荆河街道.xlsx", roster(*people), posts="required")
    assert [row.row for row in strict.quarantined] == [3, 4]
    assert read_roster("荆河街道.xlsx", roster(*people), posts="none").problems == ()


def test_of_whom_the_office_lists_itself_it_knows_that_there_is_no_code() -> None:
    known: list[Cell] = ["P000001", *person(1, 普查小区编码="")]
    page: Rows = [["荆河街道退回更正"], ["人员编号", *HEADINGS], known]
    name = "荆河街道.xlsx"
    assert read_roster(name, workbook({"退回更正": page})).problems == ()


def test_the_code_of_another_town_stays_wrong() -> None:
    (problem,) = read(person(1, 普查小区编码="370481002001001")).problems
    assert (problem.code, problem.parameters["code_town"]) == ("code_of_town", "龙泉街道")


# What the spreadsheet says beside the cells.


def changed(change: Callable[[Worksheet], None]) -> Roster:
    book = openpyxl.load_workbook(io.BytesIO(roster(person(1), person(2))))
    change(book.worksheets[0])
    content = io.BytesIO()
    book.save(content)
    return read_roster("荆河街道.xlsx", content.getvalue())


def test_hidden_rows_are_read_and_told() -> None:
    def hide(page: Worksheet) -> None:
        page.row_dimensions[4].hidden = True

    result = changed(hide)
    assert (len(result.rows), codes(result)) == (2, [(4, "row_hidden")])


@pytest.mark.parametrize("column", [1, 2])
def test_whoever_is_struck_out_goes_back(column: int) -> None:
    def strike(page: Worksheet) -> None:
        page.cell(4, column).font = Font(strike=True)

    result = changed(strike)
    assert codes(result) == [(4, "row_struck")]
    back = io.BytesIO()
    write_problem_workbook(back, result, result.quarantined, result.problems)
    assert read_roster("退改.xlsx", back.getvalue()).rows == ()


def test_an_old_workbook_says_the_same() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    looks = [xlwt.easyxf(font) for font in ("", "font: bold on", "font: struck_out on")]
    page = book.add_sheet("Sheet1")
    lines = [HEADINGS, *(person(number) for number in range(1, 5))]
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            page.write(row, column, cell, looks[2 if row == 3 else row % 2])
    page.row(2).hidden = True
    page.write(4, len(HEADINGS), xlwt.Formula("1/0"))
    content = io.BytesIO()
    book.save(content)
    (sheet,) = read_tables("荆河街道.xls", content.getvalue())
    assert sheet.marks.unvalued == {(5, len(HEADINGS))}
    result = read_roster("荆河街道.xls", content.getvalue())
    assert codes(result) == [(3, "row_hidden"), (4, "row_struck")]
    assert [row.row for row in result.quarantined] == [4]


@pytest.mark.parametrize("formula", ["=A1", "=VLOOKUP(A4,B:C,2,0)", '="农商行"'])
def test_a_formula_without_a_value_is_not_called_empty(formula: str) -> None:
    def write(page: Worksheet) -> None:
        page.cell(4, len(HEADINGS)).value = formula

    assert codes(changed(write)) == [(4, "formula_empty")]


def test_a_row_that_is_there_twice_refuses_the_workbook() -> None:
    content = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(roster(person(1), person(2))))
    with zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<row r="4"', b'<row r="3"'))
    with pytest.raises(RepeatedRow):
        read_roster("荆河街道.xlsx", content.getvalue())


# What comes back.


def sent_back(*people: Sequence[Cell], title: str = TITLE) -> openpyxl.Workbook:
    result = read_roster("荆河街道.xlsx", roster(*people, title=title))
    content = io.BytesIO()
    write_problem_workbook(content, result, result.quarantined, result.problems)
    return openpyxl.load_workbook(io.BytesIO(content.getvalue()))


@pytest.mark.parametrize("kept", ["来源", "原位置", "", "原表行号"])
def test_a_workbook_that_comes_back_is_known_by_its_places(kept: str) -> None:
    """The reasons are deleted, 来源 is renamed, and a column stands before it."""
    book = sent_back(person(1, 身份证号=""), person(2, 开户行=""))
    page = book.worksheets[0]
    source = next(cell.column for cell in page[3] if cell.value == "来源")
    page.delete_cols(source + 1)
    page.cell(3, source).value = kept or None
    page.insert_cols(2)
    content = io.BytesIO()
    book.save(content)
    (table,) = read_roster("改好.xlsx", content.getvalue()).tables
    assert table.returned == {"来源": source}


def test_rows_of_two_towns_belong_each_to_the_town_of_their_source() -> None:
    headings = [*HEADINGS, "来源", "退回原因"]
    other = person(2, 普查小区编码="370481002001001")
    rows: Rows = [
        [TITLE], headings, [*person(1), "荆河街道.xlsx Sheet1!4", ""],
        [*other, "龙泉街道.xlsx Sheet1!7", ""],
    ]  # fmt: skip
    result = read_roster("改好.xlsx", workbook({"a": rows}))
    assert [row.town for row in result.rows] == ["370481001", "370481002"]


def test_the_role_of_a_section_goes_along_with_a_bad_row() -> None:
    headings = [heading for heading in HEADINGS if heading != "岗位"]
    rows: Rows = [
        [TITLE], headings, ["一、普查指导员"], person(1, headings, 身份证号=""), ["二、普查员"],
        person(2, headings),
    ]  # fmt: skip
    result = read_roster("a.xlsx", workbook({"a": rows}))
    content = io.BytesIO()
    write_problem_workbook(content, result, result.quarantined, result.problems)
    (back,) = read_roster("改.xlsx", content.getvalue()).quarantined
    assert back.role == SUPERVISOR
