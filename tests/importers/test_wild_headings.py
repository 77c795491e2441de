"""Rosters as towns head them: by parts, several columns for one field, groups, roles and towns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.rosters.sheets import MissingColumns
from importers.rosters.sheets import PeopleInColumns
from importers.rosters.sheets import SheetWithoutHeadings
from importers.rosters.sheets import TablesSideBySide
from importers.rosters.sheets import TwoPeopleInARow
from importers.rosters.surroundings import TownsDisagree
from importers.rosters.words import Vocabulary
from importers.rosters.words import reading_by
from importers.rosters.words import roster_words
from importers.tables.cells import Cell
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import workbook
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import PROGRAMME
from tests.support.tengzhou import SUPERVISOR

TITLE = "荆河街道两员花名册"
NO_ROLE = [heading for heading in HEADINGS if heading != "岗位"]


def read(rows: Rows, *, file: str = "a.xlsx", sheet: str = "Sheet1") -> Roster:
    return read_roster(file, workbook({sheet: rows}))


def codes(result: Roster) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in result.problems]


def with_headings(**other: str) -> list[str]:
    return [other.get(heading, heading) for heading in HEADINGS]


@pytest.mark.parametrize(
    ("field", "headings"),
    [
        (
            "银行卡号",
            [
                "储蓄账号",
                "打卡帐号",
                "收款方账号",
                "本人银行卡号",
                "社保卡金融账号",
                "代发账号",
                "领款人的卡号",
            ],
        ),
        (
            "身份证号",
            [
                "ID号",
                "本人身份证号",
                "二代身份证号码",
                "18位身份证号",
                "领款人证件号码",
                "居民身份号码",
            ],
        ),
        ("姓名", ["领取人", "收款人名称", "本人姓名", "受款人姓名", "签领人", "普查人员姓名"]),
        (
            "岗位",
            ["两员", "普查员/指导员", "人员性质", "普查员或普查指导员", "岗位性质", "两员岗位类别"],
        ),
        (
            "开户行",
            [
                "银行类别",
                "银行卡开户行",
                "收款人开户行",
                "开卡银行名称",
                "所属银行类型",
                "账户开户银行",
            ],
        ),
        (
            "普查小区编码",
            [
                "普查小区地址代码",
                "小区统计编码",
                "负责的普查小区编号",
                "所在小区编码",
                "普查小区码",
                "小区区划代码",
            ],
        ),
    ],
)
def test_a_heading_is_known_by_its_parts(field: str, headings: Sequence[str]) -> None:
    for heading in headings:
        (row,) = read([[TITLE], with_headings(**{field: heading}), person(1)]).rows
        payee = made_up(1)
        assert (row.identity, row.account, row.block) == (
            payee.identity,
            payee.account,
            payee.block,
        ), heading


@pytest.mark.parametrize(
    "heading",
    ["名称", "单位账号", "微信账号", "编号", "社保卡号", "身份证住址", "普查员编号", "证件类型"],
)
def test_a_heading_with_another_word_in_it_is_not(heading: str) -> None:
    assert roster_words().headings.named(heading) is None


def test_an_office_adds_headings_and_last_lines_of_its_own() -> None:
    rows: Rows = [[TITLE], with_headings(银行卡号="发钱的折子"), person(1), ["镇长阅："]]
    with pytest.raises(MissingColumns):
        read(rows)
    with reading_by(Vocabulary(PROGRAMME, (("account", ("发钱的折子",)),), ("镇长阅",))):
        result = read(rows)
    assert [row.account for row in result.rows] == [made_up(1).account]
    assert [(row.row, row.reason) for row in result.skipped] == [(4, "footer")]


# Several columns for one thing.


@pytest.mark.parametrize(
    "other", ["存折账号", "其他银行卡号", "银行账号", "银行卡号2", "打卡账号", "农商行卡号"]
)
def test_of_two_columns_the_one_that_is_filled_in_counts(other: str) -> None:
    headings = [*HEADINGS, other]
    first, second = [*person(1), ""], [*person(2, 银行卡号=""), made_up(2).account]
    same = [*person(3), made_up(3).account]
    result = read([[TITLE], headings, first, second, same])
    assert [row.account for row in result.rows] == [made_up(n).account for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        ("银行卡号", "存折账号"),
        ("银行卡号", "其他银行卡号"),
        ("银行卡号", "卡号"),
        ("银行卡号", "银行卡号2"),
        ("身份证号", "身份证号码"),
        ("身份证号", "公民身份号码"),
        ("岗位", "人员类别"),
    ],
)
def test_two_columns_that_differ_send_the_row_back(heading: str, other: str) -> None:
    cells = {"银行卡号": made_up(7).account, "身份证号": made_up(7).identity, "岗位": SUPERVISOR}
    result = read([[TITLE], [*HEADINGS, other], [*person(1), cells[heading]], [*person(2), ""]])
    assert codes(result) == [(3, "columns_differ")]
    assert [row.row for row in result.rows] == [4]
    assert other in result.problems[0].message()


@pytest.mark.parametrize(
    "before", ["原", "旧", "更换前", "变更前", "前任", "推荐人", "户主", "配偶"]
)
@pytest.mark.parametrize("heading", ["银行卡号", "身份证号"])
def test_what_was_before_or_is_anothers_is_never_read(before: str, heading: str) -> None:
    other = made_up(9).account if heading == "银行卡号" else made_up(9).identity
    (row,) = read([[TITLE], [before + heading, *HEADINGS], [other, *person(1)]]).rows
    assert (row.identity, row.account) == (made_up(1).identity, made_up(1).account)


@pytest.mark.parametrize("group", ["推荐人", "更换前", "担保人", "户主", "原普查员", "联系人"])
def test_a_group_of_somebody_else_is_passed_over(group: str) -> None:
    upper = [group, "", "普查员", *[""] * (len(HEADINGS) - 1)]
    lower = ["姓名", "身份证号", *HEADINGS]
    rows: Rows = [[TITLE], upper, lower, [made_up(9).legal_name, made_up(9).identity, *person(1)]]
    assert [row.identity for row in read(rows).rows] == [made_up(1).identity]


@pytest.mark.parametrize("group", ["村支书", "网格长", "包村干部", "第一书记", "队长"])
def test_two_people_in_a_row_are_refused_by_their_groups(group: str) -> None:
    upper = [group, "", "普查员", *[""] * (len(HEADINGS) - 1)]
    lower = ["姓名", "身份证号", *HEADINGS]
    with pytest.raises(TwoPeopleInARow, match=group):
        read([[TITLE], upper, lower, [made_up(9).legal_name, made_up(9).identity, *person(1)]])


@pytest.mark.parametrize("other", ["指导员姓名", "领款人", "普查员姓名", "名字", "收款人"])
def test_two_names_in_a_row_are_refused_by_their_headings(other: str) -> None:
    with pytest.raises(TwoPeopleInARow, match=other):
        read([[TITLE], [other, *HEADINGS], [made_up(9).legal_name, *person(1)]])
    assert len(read([[TITLE], [other, *HEADINGS], ["", *person(1)]]).rows) == 1


@pytest.mark.parametrize("behind", ["", "2", "(2)", "（2）", " 2"])
def test_two_lists_side_by_side_are_refused_however_they_are_numbered(behind: str) -> None:
    headings = [*HEADINGS, *(heading + behind for heading in HEADINGS)]
    with pytest.raises(TablesSideBySide):
        read([[TITLE], headings, [*person(1), *person(2)]])


# Who is what.


@pytest.mark.parametrize("tick", ["√", "✓", "1", "是", "○", "有"])
def test_a_role_may_be_ticked(tick: str) -> None:
    headings = [*NO_ROLE, "普查员", "普查指导员"]
    people = [[*person(1, NO_ROLE), tick, ""], [*person(2, NO_ROLE), "", tick]]
    both = [*person(3, NO_ROLE), tick, tick]
    result = read([[TITLE], headings, *people, both])
    assert [row.role for row in result.rows] == [ENUMERATOR, SUPERVISOR]
    assert codes(result) == [(5, "role_unknown")]


def test_names_may_stand_under_the_role() -> None:
    headings = ["普查员" if heading == "姓名" else heading for heading in NO_ROLE]
    (row,) = read([[TITLE], headings, person(1, NO_ROLE)]).rows
    assert (row.name, row.role) == (made_up(1).legal_name, ENUMERATOR)


@pytest.mark.parametrize("job", ["村会计", "党员", "村民", "网格员", "妇联主席"])
def test_jobs_in_the_village_are_no_roles(job: str) -> None:
    headings = with_headings(岗位="职务")
    rows: Rows = [headings, person(1, 岗位=job)]
    assert [row.role for row in read([["荆河街道普查员花名册"], *rows]).rows] == [ENUMERATOR]
    assert codes(read([[TITLE], *rows])) == [(3, "role_unknown")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一、普查指导员", "二、普查员"),
        ("（一）普查指导员名单", "（二）普查员名单"),
        ("普查指导员", "普查员"),
        ("1.普查指导员：", "2.普查员："),
        ("第一部分 普查指导员", "第二部分 普查员"),
        ("普查指导员（1人）", "普查员（2人）"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_everybody_has_the_role_of_her_section(first: str, second: str, above: bool) -> None:
    headings: Rows = [[first], NO_ROLE] if above else [NO_ROLE, [first]]
    rows: Rows = [[TITLE], *headings, person(1, NO_ROLE), [second], person(2, NO_ROLE)]
    result = read(rows)
    assert [(row.row, row.role) for row in result.rows] == [(4, SUPERVISOR), (6, ENUMERATOR)]


@pytest.mark.parametrize(
    ("title", "sheet", "file", "blocks", "role"),
    [
        ("普查指导员名册", "普查员 (2)", "a", False, SUPERVISOR),
        ("普查员名册", "普查指导员", "a", True, ENUMERATOR),
        ("普查员名册", "普查指导员", "a", False, SUPERVISOR),
        ("普查指导员名册", "Sheet1", "普查员", False, SUPERVISOR),
        ("普查指导员名册", "Sheet1", "普查员", True, None),
        ("普查员名册", "Sheet1", "普查指导员", True, ENUMERATOR),
        ("名册", "普查指导员", "普查员", False, SUPERVISOR),
    ],
)
def test_title_sheet_and_file_that_disagree_are_borne_out_by_the_posts_or_go_back(
    title: str, sheet: str, file: str, blocks: bool, role: str | None
) -> None:
    headings = [*NO_ROLE, "普查区编码"]
    block = made_up(1).block if blocks else ""
    cells: list[Cell] = [*person(1, NO_ROLE, 普查小区编码=block), made_up(1).block[:12]]
    result = read([["荆河街道" + title], headings, cells], file=f"{file}.xlsx", sheet=sheet)
    assert [row.role for row in result.rows] == ([role] if role else [])
    assert codes(result) == ([] if role else [(3, "role_doubted")])


# Which town.


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        ("荆河街道两员花名册", "Sheet1", "龙泉街道转来"),
        ("两员花名册", "荆河街道", "龙泉街道"),
        ("荆河街道名册", "龙泉街道", "a"),
        ("荆河街道名册", "Sheet1", "龙泉路社区"),
        ("荆河街道名册", "龙泉村", "北辛小学"),
    ],
)
def test_towns_that_disagree_are_told_apart_by_the_codes(title: str, sheet: str, file: str) -> None:
    result = read([[title], list(HEADINGS), person(1)], file=f"{file}.xlsx", sheet=sheet)
    assert [row.town for row in result.rows] == ["370481001"]


def test_towns_that_disagree_are_refused_where_no_code_tells() -> None:
    headings = [heading for heading in HEADINGS if "小区" not in heading]
    rows: Rows = [["荆河街道名册"], headings, person(1, headings)]
    with pytest.raises(TownsDisagree, match=r"荆河街道.*龙泉街道"):
        read(rows, file="龙泉街道.xlsx")


# How a table lies.


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("姓名及身份证号", "{name}\n{identity}"),
        ("姓名/身份证号码", "{name} {identity}"),
        ("姓名、身份证号", "{name}、{identity}"),
        ("姓名（身份证号）", "{name}（{identity}）"),
        ("姓名和身份证号", "{identity} {name}"),
        ("普查员姓名及身份证号码", "{name}{identity}"),
    ],
)
def test_name_and_number_in_one_cell_are_read_apart(heading: str, cell: str) -> None:
    headings = [heading, *(one for one in HEADINGS if one not in ("姓名", "身份证号"))]
    payee = made_up(1)
    text = cell.format(name=payee.legal_name, identity=payee.identity)
    (row,) = read([[TITLE], headings, [text, *person(1, headings[1:])]]).rows
    assert (row.name, row.identity) == (payee.legal_name, payee.identity)


def test_people_in_columns_are_refused_because_of_that() -> None:
    columns: list[list[Cell]] = [
        list(column) for column in zip(HEADINGS, person(1), person(2), strict=True)
    ]
    with pytest.raises(PeopleInColumns):
        read([[TITLE, "", ""], *columns])


def test_a_sheet_without_headings_that_has_people_of_its_own_refuses_the_file() -> None:
    first: Rows = [[TITLE], list(HEADINGS), person(1)]
    pages: list[Rows] = [[person(2)], [["续表"], person(2)], [["", *person(2)[:2]]]]
    for rows in pages:
        with pytest.raises(SheetWithoutHeadings, match="Sheet2"):
            read_roster("a.xlsx", workbook({"Sheet1": first, "Sheet2": rows}))
    copied = workbook({"Sheet1": first, "Sheet2": [[person(1)[1]]]})
    assert len(read_roster("a.xlsx", copied).rows) == 1


def test_a_summary_and_the_sheets_of_villages_list_everybody_once() -> None:
    page: Rows = [[TITLE], list(HEADINGS), person(1), person(2)]
    village: Rows = [["荆河街道东村"], list(HEADINGS), person(2)]
    result = read_roster("a.xlsx", workbook({"汇总": page, "东村": village}))
    assert [(row.sheet, row.row) for row in result.rows] == [("汇总", 3), ("汇总", 4)]
    assert ("东村", 3, "repeated") in [(s.sheet, s.row, s.reason) for s in result.skipped]


@pytest.mark.parametrize("heading", ["姓名", "银行卡号", "开户行", "联系电话"])
def test_whoever_stands_on_a_second_sheet_in_other_words_goes_back(heading: str) -> None:
    page: Rows = [[TITLE], list(HEADINGS), person(1), person(2)]
    other = "中国银行" if heading == "开户行" else person(3)[list(HEADINGS).index(heading)]
    village: Rows = [["荆河街道东村"], list(HEADINGS), person(2, changes={heading: other})]
    result = read_roster("a.xlsx", workbook({"汇总": page, "东村": village}))
    assert [(row.sheet, row.row) for row in result.rows] == [("汇总", 3)]
    assert [(row.sheet, row.row) for row in result.quarantined] == [("汇总", 4), ("东村", 3)]
