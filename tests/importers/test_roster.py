"""Rosters: whatever a town sends is understood, and every row is accounted for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import read_roster
from importers.rosters.sheets import MissingColumns
from importers.rosters.sheets import NoRosterHeader
from importers.rosters.sheets import NoRows
from importers.rosters.sheets import TownUnknown
from importers.tables.cells import Cell
from importers.tables.refusals import NoRowsInWorkbook
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import find_town

TITLE = "荆河街道两员花名册"
TOWN = "370481001"


def read(*people: Sequence[Cell], title: str = TITLE) -> Roster:
    return read_roster("a.xlsx", roster(*people, title=title))


def read_sheet(rows: Rows, *, file: str = "a.xlsx", sheet: str = "Sheet1") -> Roster:
    return read_roster(file, workbook({sheet: rows}))


def only(result: Roster) -> RosterRow:
    assert [
        code for problem in result.problems if (code := problem.code) != "name_not_in_gbk"
    ] == []
    (row,) = result.rows
    return row


def test_a_row_is_read_into_every_field() -> None:
    row, payee = only(read(person(1))), made_up(1)
    assert (row.sheet, row.row, row.place) == ("Sheet1", 3, "Sheet1!3")
    assert (row.name, row.bank_name, row.identity) == (payee.legal_name, "", payee.identity)
    assert (row.role, row.town, row.area, row.block) == (
        ENUMERATOR, TOWN, payee.block[:12], payee.block,
    )  # fmt: skip
    assert (row.area_name, row.phone) == (payee.area_name, payee.phone)
    assert (row.bank, row.account) == (payee.bank, payee.account)
    assert list(row.cells) == person(1)
    assert row.post == payee.post


def test_nothing_personal_is_shown_when_a_row_is_printed() -> None:
    payee = made_up(1)
    shown = repr(read(person(1), person(2, 银行卡号="1")))
    assert not any(text in shown for text in (payee.identity, payee.account, payee.phone))


@pytest.mark.parametrize(
    ("heading", "cell", "field", "text"),
    [
        ("姓名", "张　三", "name", "张三"),
        ("姓名", " 张\t三 ", "name", "张三"),
        ("姓名", "'张三", "name", "张三"),
        ("姓名", "张\u200b三", "name", "张三"),
        ("姓名", "买买提•阿不都", "name", "买买提·阿不都"),
        ("姓名", "买买提・阿不都", "name", "买买提·阿不都"),
        ("姓名", "买买提‧阿不都", "name", "买买提·阿不都"),
        ("姓名", "买买提⋅阿不都", "name", "买买提·阿不都"),
        ("姓名", "买买提．阿不都", "name", "买买提·阿不都"),
        ("姓名", "买买提 . 阿不都", "name", "买买提·阿不都"),
        ("姓名", "王\ue81e", "name", "王\u9fb4"),
        ("姓名", "Ａｎｎａ　　Li", "name", "Anna Li"),
        ("姓名", "\uf92c\uf995", "name", "\uf92c\uf995"),
        ("岗位", " 普查 员", "role", ENUMERATOR),
        ("联系电话", 13900000001, "phone", "13900000001"),
        ("联系电话", "０６３２-５５１２３４５", "phone", "06325512345"),
        ("联系电话", "/", "phone", ""),
        ("开户行", "滕州农商行　荆河支行", "bank", "滕州农商行荆河支行"),
        ("普查区", "春藤　社区", "area_name", "春藤社区"),
        ("普查小区编码", "３７０４８１００１００００01", "block", "370481001000001"),
        ("普查小区编码", 370481001000001, "block", "370481001000001"),
    ],
)
def test_what_clerks_type_is_seen_through(heading: str, cell: Cell, field: str, text: str) -> None:
    assert getattr(only(read(person(1, changes={heading: cell}))), field) == text


@pytest.mark.parametrize(
    "typed",
    ["'{}", "\t{}", "{}\t", "　{} ", "’{}", "\u202d{}\u202c", "{0:.6}　{0:.8}"],
)
def test_numbers_lose_what_stands_around_and_between_their_digits(typed: str) -> None:
    account = made_up(1).account
    cell = " ".join((account[:4], account[4:8], account[8:])) if "{0" in typed else account
    row = only(read(person(1, 银行卡号=typed.format(cell) if "{0" not in typed else cell)))
    assert row.account == account


@pytest.mark.parametrize("letter", ["x", "X", "Ｘ", "ｘ", "Х", "×"])
def test_the_last_letter_of_an_identity_number_is_a_capital_x(letter: str) -> None:
    number = next(n for n in range(1, 99) if made_up(n).identity.endswith("X"))
    row = only(read(person(number, 身份证号=made_up(number).identity[:-1] + letter)))
    assert row.identity == made_up(number).identity


def test_full_width_digits_are_digits() -> None:
    wide = made_up(1).identity.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    assert only(read(person(1, 身份证号=wide))).identity == made_up(1).identity


# Headings.


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("姓名", "姓　名"),
        ("姓名", "*姓名（必填）"),
        ("姓名", "普查员姓名"),
        ("姓名", "两员姓名"),
        ("身份证号", "身份证\n号码"),
        ("身份证号", "公民身份号码"),
        ("身份证号", "居民身份证号码"),
        ("身份证号", "本人身份证号码"),
        ("岗位", "人员类别"),
        ("岗位", "职务"),
        ("岗位", "担任职务"),
        ("普查区", "村（居）"),
        ("普查区", "所在村居"),
        ("普查小区编码", "普查小区"),
        ("普查小区编码", "小区代码"),
        ("普查小区编码", "小区码"),
        ("联系电话", "手机号"),
        ("开户行", "开户银行（具体到支行）"),
        ("开户行", "开户行及网点"),
        ("银行卡号", "账号"),
        ("银行卡号", "工资卡号"),
        ("银行卡号", "5、卡号："),
        ("银行卡号", "银行卡卡号"),
        ("银行卡号", "滕州农商行卡号"),
        ("银行卡号", "惠农一卡通账号"),
        ("银行卡号", "银行卡号／存折号"),
    ],
)
def test_columns_have_many_names(known: str, other: str) -> None:
    headings = [other if heading == known else heading for heading in HEADINGS]
    row = only(read_sheet([[TITLE], headings, person(1)]))
    assert getattr(row, HEADINGS[known]) == getattr(only(read(person(1))), HEADINGS[known])


def test_columns_that_nobody_asked_for_are_left_alone() -> None:
    headings = ["序号", "社保卡号", "社保一卡通号", *HEADINGS, "紧急联系人电话", "备注"]
    row = only(read_sheet([[TITLE], headings, [1, "1234", "5678", *person(1), "123", "新"]]))
    assert (row.account, row.phone) == (made_up(1).account, made_up(1).phone)


def test_the_better_of_two_columns_for_a_field_counts() -> None:
    headings = ["职务", *HEADINGS]
    row = only(read_sheet([[TITLE], headings, ["村会计", *person(1)]]))
    assert row.role == ENUMERATOR


@pytest.mark.parametrize("above", [0, 1, 5, 13])
def test_headings_are_found_below_titles(above: int) -> None:
    lines = [[TITLE], *([["填表说明：身份证号、银行卡号请核对无误后填写。"]] * above)]
    result = read_sheet([*lines, list(HEADINGS), person(1)])
    assert only(result).row == above + 3


def test_group_headings_stand_above_the_columns() -> None:
    upper = ["序号", "姓名", "身份证号", "岗位", "普查小区", "", "银行信息", "", "备注"]
    lower = ["", "", "", "", "名称", "编码", "开户行", "账号", ""]
    payee = made_up(1)
    cells: list[Cell] = [
        1, payee.legal_name, payee.identity, "普查员", "东区", payee.block, payee.bank,
        payee.account, "",
    ]  # fmt: skip
    result = read_sheet([[TITLE], upper, lower, cells])
    row = only(result)
    assert (row.block, row.bank, row.account, row.row) == (
        payee.block, payee.bank, payee.account, 4,
    )  # fmt: skip
    assert result.skipped == ()


def test_a_column_headed_area_holds_names_or_codes() -> None:
    names = only(read(person(1)))
    assert (names.area, names.area_name) == ("370481001001", "春藤社区")
    codes = only(read(person(1, 普查区="370481001001")))
    assert (codes.area, codes.area_name) == ("370481001001", "")


def test_a_column_headed_block_with_names_is_not_read() -> None:
    headings = ["姓名", "身份证号", "岗位", "普查区编码", "普查小区", "开户行", "账号"]
    payee = made_up(1)
    cells = [payee.legal_name, payee.identity, SUPERVISOR, payee.area, "东区", "农商行"]
    row = only(read_sheet([[TITLE], headings, [*cells, payee.account]]))
    assert (row.area, row.block) == (payee.area, "")


def test_a_roster_without_headings_says_which_words_are_missed() -> None:
    with pytest.raises(NoRosterHeader) as refused:
        read_sheet([["日期", "摘要", "金额"], ["2020-11-01", "利息", 5]])
    for words in ("姓名", "身份证号", "银行卡号"):
        assert words in str(refused.value)


def test_a_roster_without_a_needed_column_says_which() -> None:
    headings = [heading for heading in HEADINGS if heading not in ("开户行", "普查小区编码")]
    with pytest.raises(MissingColumns) as refused:
        read_sheet([[TITLE], headings, person(1, headings)])
    assert "开户行" in str(refused.value)
    assert "普查区编码" not in str(refused.value)
    assert "银行卡号" not in str(refused.value)


def test_a_roster_with_headings_only_has_no_rows() -> None:
    with pytest.raises(NoRows):
        read()
    with pytest.raises(NoRows):
        read(["合计"], ["制表人：刘敏"])


# Sheets.


def test_every_visible_sheet_is_read_and_the_others_are_noted() -> None:
    sheets: dict[str, Rows] = {
        "普查员": [[TITLE], list(HEADINGS), person(1)],
        "旧名单": [[TITLE], list(HEADINGS), person(1), person(2)],
        "底稿": [[TITLE], list(HEADINGS), person(1), person(3)],
        "说明": [["请认真填写"]],
        "空": [],
        "补充": [list(HEADINGS), person(3)],
        "模板": [list(HEADINGS)],
    }
    result = read_roster("荆河街道.xlsx", workbook(sheets, hidden=["旧名单", "底稿"]))
    assert [(row.sheet, row.row) for row in result.rows] == [("普查员", 3), ("补充", 2)]
    assert [(note.sheet, note.code) for note in result.notes] == [
        ("旧名单", "hidden_people"), ("底稿", "hidden_sheet"), ("说明", "no_header"),
        ("模板", "no_people"),
    ]  # fmt: skip
    assert "旧名单" in result.notes[0].message()
    assert "4" in result.notes[0].message()


def test_a_roster_whose_sheets_are_all_hidden_is_refused() -> None:
    content = workbook({"甲": [], "乙": [list(HEADINGS), person(1)]}, hidden=["乙"])
    with pytest.raises(NoRowsInWorkbook):
        read_roster("荆河街道.xlsx", content)


@pytest.mark.parametrize(
    ("file", "sheet", "title"),
    [
        ("a.xlsx", "普查指导员", "荆河街道两员名册"),
        ("a.xlsx", "Sheet1", "荆河街道普查指导员名册"),
        ("普查指导员.xlsx", "Sheet1", "荆河街道名册"),
        ("普查员.xlsx", "指导员", "荆河街道普查员、指导员名册"),
    ],
)
def test_the_role_may_stand_in_the_sheets_name_or_the_title(
    file: str, sheet: str, title: str
) -> None:
    headings = [heading for heading in HEADINGS if heading != "岗位"]
    result = read_sheet([[title], headings, person(1, headings)], file=file, sheet=sheet)
    assert only(result).role == SUPERVISOR


def test_a_title_that_names_both_roles_names_none() -> None:
    headings = [heading for heading in HEADINGS if heading != "岗位"]
    with pytest.raises(MissingColumns) as refused:
        read_sheet([["荆河街道普查员、指导员名册"], headings, person(1, headings)])
    assert "岗位" in str(refused.value)


# Towns.


@pytest.mark.parametrize(
    ("file", "title", "sheet", "town"),
    [
        ("荆河街道.xlsx", "龙泉街道名册", "北辛街道", "370481001"),
        ("a.xlsx", "龙泉街道名册", "北辛街道", "370481002"),
        ("a.xlsx", "两员名册", "北辛", "370481003"),
        ("滕州市南沙河镇.xlsx", "", "Sheet1", "370481102"),
        ("南沙河.xlsx", "", "Sheet1", "370481102"),
        ("东沙河镇.xlsx", "", "Sheet1", "370481005"),
        ("东沙河.xlsx", "", "Sheet1", "370481005"),
        ("370481100.xlsx", "", "Sheet1", "370481005"),
        ("370481116000名册.xlsx", "", "Sheet1", "370481116"),
    ],
)
def test_the_town_is_told_by_file_then_title_then_sheet(
    file: str, title: str, sheet: str, town: str
) -> None:
    block = f"{town}001001"
    rows: Rows = [[title], list(HEADINGS), person(1, 普查小区编码=block)]
    assert only(read_sheet(rows, file=file, sheet=sheet)).town == town


def test_the_town_of_a_row_counts_for_more_than_the_files_name() -> None:
    headings = ["镇街", *HEADINGS]
    rows: Rows = [
        headings,
        ["龙泉", *person(1, 普查小区编码="370481002001001")],
        ["", *person(2)],
    ]
    result = read_sheet(rows, file="荆河街道.xlsx")
    assert [row.town for row in result.rows] == ["370481002", "370481001"]


def test_the_users_word_counts_for_more_than_everything() -> None:
    town = find_town("龙泉街道")
    content = roster(person(1, 普查小区编码="370481002001001"))
    result = read_roster("荆河街道.xlsx", content, town=town)
    assert only(result).town == "370481002"


def test_a_town_that_nobody_can_tell_is_asked_for() -> None:
    with pytest.raises(TownUnknown, match="nothing says which town"):
        read(person(1), title="两员名册")


@pytest.mark.parametrize("title", ["", "荆河街道、龙泉街道两员名册"])
def test_two_towns_in_a_title_are_no_answer(title: str) -> None:
    with pytest.raises(TownUnknown):
        read(person(1), title=title)


def test_the_codes_of_a_town_that_was_renamed_become_the_present_ones() -> None:
    block = "370481100001007"
    headings = ["镇街", "普查区编码", *HEADINGS]
    cells = ["东沙河镇", block[:12], *person(1, 普查小区编码=block)]
    result = read_sheet([headings, cells])
    (row,) = result.rows
    assert (row.town, row.area, row.block) == ("370481005", "370481005001", "370481005001007")
    assert [(problem.code, problem.column) for problem in result.problems] == [
        ("former_town", "镇街")
    ]


def test_a_block_may_be_given_by_its_last_digits() -> None:
    headings = ["普查区编码", *HEADINGS]
    for suffix in ("007", "7", 7):
        cells = ["370481001002", *person(1, 普查小区编码=suffix)]
        assert only(read_sheet([[TITLE], headings, cells])).block == "370481001002007"


def test_a_supervisor_has_an_area_and_no_block() -> None:
    headings = ["普查区编码", *HEADINGS]
    for area, block in (
        ("370481001002", ""),
        ("370481001002", "/"),
        ("370481001002", "370481001002000"),
        ("", "370481001002"),
        ("", "370481001002001"),
    ):
        cells = [area, *person(1, 岗位="指导员", 普查小区编码=block)]
        row = only(read_sheet([[TITLE], headings, cells]))
        assert (row.role, row.area, row.block) == (SUPERVISOR, "370481001002", "")


# Rows that are nobody's.


def test_rows_that_are_nobodys_are_skipped_with_a_reason() -> None:
    numbered = ["序号", *HEADINGS]
    blank: list[Cell] = [""] * len(numbered)
    rows: Rows = [
        [TITLE],
        numbered,
        [1, *person(1)],
        blank,
        ["", " ", "　"],
        numbered,
        [TITLE],
        [2, *person(2)],
        [3],
        ["合　计", "2人", "", "", "", "", "", "", 1600],
        ["制表人：刘敏", "", "审核人：王建国", "", "联系电话：0632-5512345"],
        ["填表日期：2020年11月5日"],
        ["注：银行卡须为本人账户，电话13900000000，2020年11月。"],
        ["", "", "负责人：13900000000"],
    ]
    result = read_sheet(rows)
    assert [row.row for row in result.rows] == [3, 8]
    assert [(row.row, row.reason) for row in result.skipped] == [
        (4, "blank"), (5, "blank"), (6, "header"), (7, "header"), (9, "vacant"), (10, "footer"),
        (11, "footer"), (12, "footer"), (13, "footer"), (14, "footer"),
    ]  # fmt: skip
    assert result.row_count == 12


def test_a_line_of_column_numbers_below_the_headings_is_skipped() -> None:
    result = read_sheet([[TITLE], list(HEADINGS), list(range(1, 9)), person(1)])
    assert only(result).row == 4
    assert [row.reason for row in result.skipped] == ["header"]


def test_a_person_without_numbers_is_not_skipped() -> None:
    result = read(person(1, 身份证号="", 银行卡号="", 联系电话=""))
    assert [row.row for row in result.quarantined] == [3]


def test_a_roster_in_text_has_no_sheet() -> None:
    lines = [",".join(map(str, line)) for line in ([TITLE], list(HEADINGS), person(1), person(2))]
    result = read_roster("a.csv", "\r\n".join(lines).encode("gb18030"))
    assert [(row.sheet, row.row, row.place) for row in result.rows] == [("", 3, "3"), ("", 4, "4")]


CELLS = strategies.one_of(
    strategies.sampled_from(
        ["", "合计", "张三", "姓名", "普查员", "370481199003071234", "6215210000000001", "无", "　"]
    ),
    strategies.text(max_size=12),
    strategies.floats(allow_nan=False, allow_infinity=False),
    strategies.booleans(),
    strategies.dates(datetime.date(1950, 1, 1), datetime.date(2050, 1, 1)),
)
PERSONS = strategies.builds(
    lambda number, place, cell: person(number, changes={tuple(HEADINGS)[place]: cell}),
    strategies.integers(0, 30),
    strategies.integers(0, len(HEADINGS) - 1),
    CELLS,
)


@settings(max_examples=80)
@given(
    strategies.lists(
        strategies.one_of(PERSONS, strategies.lists(CELLS, max_size=len(HEADINGS))), max_size=12
    )
)
def test_every_row_is_good_or_quarantined_or_skipped(rows: list[list[Cell]]) -> None:
    result = read(person(31), *rows, person(32))
    places = [row.row for row in (*result.rows, *result.quarantined)]
    places += [row.row for row in result.skipped]
    assert sorted(places) == list(range(3, 3 + len(rows) + 2))
    refused = {problem.row for problem in result.problems if problem.severity == "error"}
    assert refused == {row.row for row in result.quarantined}
    for row in result.rows:
        assert (len(row.identity), len(row.town)) == (18, 9)
        assert len(row.area) in (0, 12)
    for problem in result.problems:
        assert problem.message()
        assert "\n" not in problem.message()
