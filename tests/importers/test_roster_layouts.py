"""Rosters laid out in other ways: several tables on a sheet, merged cells, headings far below."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from importers.rosters.merged_cells import filled_down
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.rosters.sheets import TablesSideBySide
from importers.tables.cells import Cell
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import workbook
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import SUPERVISOR

TITLE = "荆河街道两员花名册"
WITHOUT_ROLE = [heading for heading in HEADINGS if heading != "岗位"]


def read(rows: Rows, *, file: str = "荆河街道.xlsx") -> Roster:
    return read_roster(file, workbook({"Sheet1": rows}))


def places(result: Roster) -> dict[int, str]:
    """What became of every row."""
    return (
        {row.row: "good" for row in result.rows}
        | {row.row: "back" for row in result.quarantined}
        | {row.row: row.reason for row in result.skipped}
    )


# Several tables on a sheet.


def test_tables_of_both_roles_stand_one_below_the_other() -> None:
    """The second has the same headings; its title alone says that its people are supervisors."""
    rows: Rows = [
        ["荆河街道普查员名册"],
        WITHOUT_ROLE,
        person(1, WITHOUT_ROLE),
        person(2, WITHOUT_ROLE),
        [],
        ["荆河街道普查指导员名册"],
        WITHOUT_ROLE,
        person(3, WITHOUT_ROLE),
    ]
    result = read(rows)
    assert [(row.row, row.role) for row in result.rows] == [
        (3, ENUMERATOR), (4, ENUMERATOR), (8, SUPERVISOR),
    ]  # fmt: skip
    assert result.problems == ()


def test_a_second_table_may_have_other_columns() -> None:
    other = ["序号", "银行卡号", "姓名", "公民身份号码", "普查区编码", "开户银行"]
    payee = made_up(3)
    supervisor: list[Cell] = [
        1, payee.account, payee.legal_name, payee.identity, payee.area, payee.bank,
    ]  # fmt: skip
    rows: Rows = [
        [TITLE], list(HEADINGS), person(1), [], ["二、普查指导员"], other, supervisor,
        ["合计", "", "1人"],
    ]  # fmt: skip
    result = read(rows)
    assert [(row.row, row.role, row.identity, row.account) for row in result.rows] == [
        (3, ENUMERATOR, made_up(1).identity, made_up(1).account),
        (7, SUPERVISOR, payee.identity, payee.account),
    ]
    assert places(result) == {
        3: "good", 4: "blank", 5: "header", 6: "header", 7: "good", 8: "footer",
    }  # fmt: skip


def test_tables_of_two_towns_stand_one_below_the_other() -> None:
    second = person(2, 普查小区编码="370481002001001")
    rows: Rows = [
        ["荆河街道名册"], list(HEADINGS), person(1), ["龙泉街道名册"], list(HEADINGS), second,
    ]  # fmt: skip
    result = read(rows, file="a.xlsx")
    assert [row.town for row in result.rows] == ["370481001", "370481002"]


def test_a_table_without_a_title_belongs_to_the_town_above() -> None:
    other = ["姓名", "身份证号", "岗位", "普查小区编码", "开户行", "银行卡号"]
    rows: Rows = [[TITLE], list(HEADINGS), person(1), other, person(2, other)]
    assert [row.town for row in read(rows, file="a.xlsx").rows] == ["370481001"] * 2


def test_a_small_table_above_a_large_one_is_not_taken_for_its_title() -> None:
    small = ["姓名", "身份证号", "岗位", "普查小区编码", "开户行", "银行卡号"]
    rows: Rows = [[TITLE], small, person(1, small), list(HEADINGS), person(2), person(3)]
    assert [row.row for row in read(rows).rows] == [3, 5, 6]


def test_titles_and_headings_that_come_again_on_every_page_begin_no_table() -> None:
    page: Rows = [["荆河街道两员花名册（续）"], list(HEADINGS)]
    rows: Rows = [[TITLE], list(HEADINGS), person(1), *page, person(2), *page, person(3)]
    result = read(rows)
    assert places(result) == {
        3: "good", 4: "header", 5: "header", 6: "good", 7: "header", 8: "header", 9: "good",
    }  # fmt: skip
    assert len(result.tables) == 1


def test_a_name_alone_above_headings_is_somebody_and_no_title() -> None:
    rows: Rows = [[TITLE], list(HEADINGS), person(1), ["王小册"], list(HEADINGS), person(2)]
    assert places(read(rows))[4] == "back"


def test_people_above_the_headings_are_not_lost() -> None:
    rows: Rows = [[TITLE], person(1), list(HEADINGS), person(2)]
    result = read(rows)
    assert places(result) == {2: "good", 4: "good"}
    assert result.rows[0].identity == made_up(1).identity


def test_people_whose_headings_were_lost_come_back_and_are_not_passed_over() -> None:
    other = ["身份证号", "普查小区编码", "姓名", "开户行", "银行卡号", "岗位"]
    rows: Rows = [["荆河街道"], person(1), person(2), other, person(3, other)]
    assert places(read(rows)) == {2: "back", 3: "back", 5: "good"}


def test_cells_that_were_moved_to_the_right_are_somebodys_and_a_free_post_is_nobodys() -> None:
    headings = [*HEADINGS, "", "", ""]
    empty: list[Cell] = [""] * (len(HEADINGS) - 1)
    moved = [*empty, "", made_up(2).legal_name, made_up(2).identity, ""]
    free: list[Cell] = ["", "", "普查员", "东区", "370481001001009", "", "", ""]
    assert places(read([["荆河街道"], headings, person(1), moved, free])) == {
        3: "good", 4: "back", 5: "vacant",
    }  # fmt: skip


def test_tables_side_by_side_are_refused_because_one_would_be_lost() -> None:
    rows: Rows = [[TITLE], [*HEADINGS, *HEADINGS], [*person(1), *person(2)]]
    with pytest.raises(TablesSideBySide) as refused:
        read(rows)
    assert "move the right one below" in str(refused.value)


def test_the_columns_of_somebody_else_are_no_second_table() -> None:
    upper = ["", *[""] * (len(HEADINGS) - 1), "推荐人", ""]
    lower = [*HEADINGS, "姓名", "身份证号"]
    rows: Rows = [[TITLE], upper, lower, [*person(1), "张三", made_up(9).identity]]
    assert [row.identity for row in read(rows).rows] == [made_up(1).identity]


# Merged cells.


def merged(*ranges: tuple[int, str, Cell], people: Rows) -> Roster:
    """People from row 3, with cells that are merged from row 3 to ``last``: (last, heading, it)."""
    content = io.BytesIO()
    headings = ["镇街", *HEADINGS]
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("Sheet1")
        page.merge_range(0, 0, 0, 8, "两员花名册")
        page.write_row(1, 0, headings)
        for number, row in enumerate(people, 2):
            page.write_row(number, 0, row)
        for last, heading, cell in ranges:
            column = headings.index(heading)
            page.merge_range(2, column, last - 1, column, cell)
    return read_roster("a.xlsx", content.getvalue())


def test_a_town_and_a_bank_that_are_written_once_hold_for_the_merged_rows() -> None:
    people = [["", *person(number, 开户行="")] for number in (1, 2, 3)]
    result = merged((5, "镇街", "荆河街道"), (5, "开户行", "滕州农商行"), people=people)
    assert [(row.row, row.town, row.bank) for row in result.rows] == [
        (row, "370481001", "滕州农商行") for row in (3, 4, 5)
    ]


def test_a_card_that_is_merged_over_two_people_is_one_card_for_two() -> None:
    people = [["荆河街道", *person(number, 银行卡号="")] for number in (1, 2)]
    result = merged((4, "银行卡号", made_up(1).account), people=people)
    assert [(problem.row, problem.code) for problem in result.problems] == [
        (3, "account_shared"), (4, "account_shared"),
    ]  # fmt: skip


def test_somebody_who_takes_up_two_merged_rows_is_one_person() -> None:
    ranges = [(4, heading, cell) for heading, cell in zip(HEADINGS, person(1), strict=True)]
    result = merged((4, "镇街", "荆河街道"), *ranges, people=[])
    assert [row.row for row in result.rows] == [3]


def with_ranges(rows: Rows, *ranges: tuple[int, int, str]) -> Roster:
    """A sheet of rows, in which cells are merged downwards: (first row, last row, heading)."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("Sheet1")
        for first, last, heading in ranges:
            column = list(HEADINGS).index(heading)
            page.merge_range(first - 1, column, last - 1, column, "")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return read_roster("荆河街道.xlsx", content.getvalue())


def test_a_bank_that_is_merged_above_the_headings_holds_for_the_people_there() -> None:
    """Somebody has sorted the rows, and the headings with them."""
    people = [person(1), person(2, 开户行=""), person(4)]
    result = with_ranges([*people[:2], list(HEADINGS), people[2]], (1, 2, "开户行"))
    assert [(row.row, row.bank) for row in result.rows] == [
        (row, "滕州农商行") for row in (1, 2, 4)
    ]


def test_a_cell_of_a_row_of_headings_is_filled_down_where_a_better_row_of_them_follows() -> None:
    """The row reads as the file shows it: 身份证号 stands where her number should."""
    poorer = ["序号", *list(HEADINGS)[1:]]
    hers = ["", "", *person(1)[2:]]
    result = with_ranges([poorer, hers, list(HEADINGS), person(2)], (1, 2, "身份证号"))
    (row,) = result.quarantined
    assert (row.row, list(row.cells)[1]) == (2, "身份证号")
    assert [row.row for row in result.rows] == [4]


@pytest.mark.parametrize("account", ["6.21521E+15", "６.21521e15", 6.21521e15])
def test_somebody_in_a_row_of_totals_whose_number_was_rounded_comes_back(account: Cell) -> None:
    """A total that is merged over the row below, or typed into it; sums are no such numbers."""
    hers = person(1, changes={"姓名": "合　计", "身份证号": "", "银行卡号": account})
    total = person(2, changes=dict.fromkeys(HEADINGS, "") | {"姓名": "合计", "银行卡号": "2.4E+3"})
    result = with_ranges([list(HEADINGS), person(3), hers, total])
    assert [row.row for row in result.quarantined] == [3]
    assert [(row.row, row.reason) for row in result.skipped] == [(4, "footer")]


def test_the_second_line_of_merged_headings_is_nobody() -> None:
    note = ["", "", "下拉选择", "", "", "", "", ""]
    ranges = [(1, 2, heading) for heading in HEADINGS if heading != "岗位"]
    result = with_ranges([list(HEADINGS), note, person(1)], *ranges)
    assert [row.row for row in result.rows] == [3]
    assert result.quarantined == ()


def test_ranges_that_overlap_cost_no_more_than_one() -> None:
    """No program writes them; gone through one by one these would take hours."""
    below: list[Cell] = ["", "x"]
    cells: list[list[Cell]] = [["荆河街道", "x"], *([below] * 20_000)]
    ranges = [((0, 0), (20_000, 0))] * 20_000
    assert filled_down(cells, ranges, headings=range(0)) == [["荆河街道", "x"]] * 20_001


@pytest.mark.parametrize("row", range(1, 16))
def test_headings_are_found_in_each_of_the_first_fifteen_rows(row: int) -> None:
    above = [["荆河街道"]] * (row - 1)
    result = read([*above, list(HEADINGS), person(1), person(2)])
    assert [one.row for one in result.rows] == [row + 1, row + 2]
