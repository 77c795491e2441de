"""The workbook of bad rows: whoever sent the roster corrects it, and it comes in like any other."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from importers.corrections.problem_workbook import write_problem_workbook
from importers.registration.registration import register
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import ROLES
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import find_town

REASON, SOURCE = "退回原因", "来源"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "退回.xlsx"


def sent_back(path: Path, result: Roster) -> Worksheet:
    write_problem_workbook(path, result, result.quarantined, result.problems)
    return openpyxl.load_workbook(path).worksheets[0]


def headings(page: Worksheet) -> list[object]:
    return [cell.value for cell in page[3]]


def cell_of(page: Worksheet, row: int, heading: str) -> openpyxl.cell.cell.Cell:
    cell = page.cell(row, headings(page).index(heading) + 1)
    assert isinstance(cell, openpyxl.cell.cell.Cell)
    return cell


def corrected(page: Worksheet, path: Path, *cells: tuple[int, str, str]) -> Roster:
    """What is read after somebody has typed into the cells, saved and sent the file back."""
    for row, heading, text in cells:
        cell_of(page, row, heading).value = text
    assert page.parent
    page.parent.save(path)
    return read_roster(path.name, path.read_bytes())


def test_bad_rows_come_back_corrected_and_go_in(path: Path) -> None:
    sent = roster(
        person(1),
        person(2, 姓名=""),
        person(3, 身份证号=370481199003071232),
        person(4, 银行卡号=6215210000000001, 岗位="厨师"),
        person(5, 普查小区编码="37048100100000"),
    )
    result = read_roster("花名册.xlsx", sent)
    page = sent_back(path, result)
    again = read_roster(path.name, path.read_bytes())
    assert {(p.code, p.row) for p in again.problems} == {
        ("name_missing", 4), ("identity_rounded", 5), ("account_rounded", 6), ("role_unknown", 6),
        ("block_code", 7),
    }  # fmt: skip
    good = corrected(
        page,
        path,
        (4, "姓名", made_up(2).legal_name),
        (5, "身份证号", made_up(3).identity),
        (6, "银行卡号", made_up(4).account),
        (6, "岗位", SUPERVISOR),
        (7, "普查小区编码", made_up(5).block),
    )
    assert good.problems == ()
    expected = read_roster(
        "花名册.xlsx", roster(*map(person, (2, 3)), person(4, 岗位=SUPERVISOR), person(5))
    )
    assert [addition.payee for addition in register(good, []).added] == [
        addition.payee for addition in register(expected, []).added
    ]


def test_the_sheet_says_what_to_do_and_each_row_why(path: Path) -> None:
    result = read_roster("花名册.xlsx", roster(person(1), person(2, 姓名="", 开户行="")))
    page = sent_back(path, result)
    assert "荆河街道" in str(page["A1"].value)
    assert "改好后把本文件原样发回" in str(page["A2"].value)
    assert headings(page) == [*HEADINGS, SOURCE, REASON]
    assert page.freeze_panes == "A4"
    assert page.max_row == 4
    assert cell_of(page, 4, SOURCE).value == "花名册.xlsx Sheet1!4"
    reasons = [problem.message(chinese=True) for problem in result.problems]
    assert len(reasons) == 2
    assert cell_of(page, 4, REASON).value == "\n".join(reasons)


def test_every_line_of_the_reasons_is_seen(path: Path) -> None:
    cells = person(1, 姓名="", 开户行="", 身份证号=370481199003071232)
    page = sent_back(path, read_roster("花名册.xlsx", roster(cells, person(2, 姓名=""))))
    heights = [page.row_dimensions[row].height for row in (4, 5)]
    assert heights == [4 * 15 + 3, 15 + 3]


def test_a_long_name_of_the_file_stands_on_lines_of_its_own_size(path: Path) -> None:
    cells = person(1, 姓名="")
    page = sent_back(path, read_roster("荆河街道普查两员花名册（含账户）.xlsx", roster(cells)))
    assert page.row_dimensions[4].height == 3 * 15 + 3
    assert cell_of(page, 4, SOURCE).alignment.wrap_text


def test_the_wrong_cells_are_coloured_and_explained(path: Path) -> None:
    result = read_roster("花名册.xlsx", roster(person(1, 姓名="", 联系电话="12")))
    page = sent_back(path, result)
    for heading in HEADINGS:
        cell = cell_of(page, 4, heading)
        wrong = heading in ("姓名", "联系电话")
        assert (cell.fill.fill_type == "solid") == wrong
        assert (cell.comment is not None) == wrong
    by_field = {problem.field: problem for problem in result.problems}
    comment = cell_of(page, 4, "姓名").comment
    assert comment
    assert comment.text == by_field["name"].message(chinese=True)


def test_numbers_that_name_something_are_text_in_columns_of_text(path: Path) -> None:
    cells = person(1, 姓名="", 联系电话=13900000001, 普查小区编码=370481001000001)
    page = sent_back(path, read_roster("花名册.xlsx", roster(cells)))
    for heading, text in (
        ("身份证号", made_up(1).identity),
        ("银行卡号", made_up(1).account),
        ("联系电话", "13900000001"),
        ("普查小区编码", "370481001000001"),
    ):
        cell = cell_of(page, 4, heading)
        assert (cell.value, cell.number_format) == (text, "@")
        assert page.column_dimensions[cell.column_letter].number_format == "@"


def test_lost_digits_do_not_come_back_as_if_they_were_there(path: Path) -> None:
    cells = person(1, 身份证号=370481199003071232, 银行卡号=215210000001)
    page = sent_back(path, read_roster("花名册.xlsx", roster(cells)))
    assert cell_of(page, 4, "身份证号").value == "3.70481E+17"
    assert cell_of(page, 4, "银行卡号").value == "2.15210E+11"
    again = read_roster(path.name, path.read_bytes())
    assert {problem.code for problem in again.problems} == {"identity_rounded", "account_rounded"}


def test_other_columns_come_back_as_they_were(path: Path) -> None:
    columns = ["序号", *HEADINGS, "备注", "入职", "党员"]
    noted = [7, *person(1, 姓名=""), "=1+1", datetime.date(2020, 10, 1), True]
    result = read_roster("荆河街道.xlsx", workbook({"名册": [columns, noted]}))
    page = sent_back(path, result)
    assert page.title == "名册"
    assert cell_of(page, 4, "序号").value == 7
    note = cell_of(page, 4, "备注")
    assert (note.value, note.data_type) == ("=1+1", "s")
    assert cell_of(page, 4, "入职").value == datetime.datetime(2020, 10, 1)
    assert cell_of(page, 4, "党员").value is True


def test_the_role_is_chosen_from_a_list(path: Path) -> None:
    page = sent_back(path, read_roster("花名册.xlsx", roster(person(1, 岗位="厨师"))))
    (validation,) = page.data_validations.dataValidation
    assert str(validation.sqref) == cell_of(page, 4, "岗位").coordinate
    assert validation.formula1 == f'"{",".join(ROLES)}"'


def test_a_neighbour_who_is_concerned_comes_back_too(path: Path) -> None:
    result = read_roster(
        "花名册.xlsx", roster(person(1), person(2, 银行卡号=made_up(1).account), person(3))
    )
    page = sent_back(path, result)
    assert page.max_row == 5
    good = corrected(page, path, (5, "银行卡号", made_up(2).account))
    assert [row.identity for row in good.rows] == [made_up(1).identity, made_up(2).identity]


def test_of_two_rows_of_one_person_the_wrong_one_is_deleted(path: Path) -> None:
    page = sent_back(path, read_roster("花名册.xlsx", roster(person(1), person(1))))
    page.delete_rows(5)
    assert len(corrected(page, path).rows) == 1


def test_rows_that_the_registry_refuses_come_back_too(path: Path) -> None:
    result = read_roster("花名册.xlsx", roster(person(1)))
    from_registry = register(result, [made_up(1, town="370481002")])
    write_problem_workbook(path, result, from_registry.quarantined, from_registry.problems)
    page = openpyxl.load_workbook(path).worksheets[0]
    (problem,) = from_registry.problems
    assert cell_of(page, 4, REASON).value == problem.message(chinese=True)


def test_a_workbook_that_comes_back_twice_has_one_column_of_reasons(path: Path) -> None:
    page = sent_back(path, read_roster("花名册.xlsx", roster(person(1, 姓名="", 开户行=""))))
    half = corrected(page, path, (4, "姓名", made_up(1).legal_name))
    assert [problem.code for problem in half.problems] == ["bank_missing"]
    page = sent_back(path, half)
    assert headings(page) == [*HEADINGS, SOURCE, REASON]
    assert cell_of(page, 4, SOURCE).value == "花名册.xlsx Sheet1!3"


def by_roles() -> Roster:
    """Two sheets without a column of roles, in a file whose name tells the town."""
    columns = [heading for heading in HEADINGS if heading != "岗位"]
    sheets: dict[str, Rows] = {
        "普查员": [columns, person(1, columns, 姓名="")],
        "普查指导员": [columns, person(2, columns), person(3, columns, 开户行="")],
    }
    return read_roster("荆河街道.xlsx", workbook(sheets))


def test_what_was_known_from_names_and_titles_is_known_again(path: Path) -> None:
    result = by_roles()
    sent_back(path, result)
    again = read_roster("a.xlsx", path.read_bytes())
    assert [(row.role, row.town) for row in again.quarantined] == [
        (row.role, row.town) for row in result.quarantined
    ]
    assert [problem.code for problem in again.problems] == ["name_missing", "bank_missing"]


def test_the_town_that_the_user_named_is_known_again(path: Path) -> None:
    content = roster(person(1, 姓名=""), title="名册")
    result = read_roster("a.xlsx", content, town=find_town("荆河"))
    sent_back(path, result)
    assert read_roster("b.xlsx", path.read_bytes()).quarantined[0].town == "370481001"


def test_group_headings_come_back_in_one_line(path: Path) -> None:
    upper = ["姓名", "身份证号", "岗位", "普查小区", "", "银行信息", ""]
    lower = ["", "", "", "名称", "编码", "开户行", "账号"]
    payee = made_up(1)
    cells: Sequence[Cell] = [
        "", payee.identity, payee.role, "东区", payee.block, payee.bank, payee.account,
    ]  # fmt: skip
    result = read_roster("荆河街道.xlsx", workbook({"a": [upper, lower, cells]}))
    page = sent_back(path, result)
    assert headings(page)[:7] == [
        "姓名", "身份证号", "岗位", "普查小区名称", "普查小区编码", "开户行", "账号",
    ]  # fmt: skip
    (row,) = corrected(page, path, (4, "姓名", payee.legal_name)).rows
    assert (row.block, row.account) == (payee.block, payee.account)


def test_a_column_of_codes_is_still_known_when_its_worst_cells_remain(path: Path) -> None:
    columns = ["姓名", "身份证号", "岗位", "普查小区", "开户行", "账号"]
    rows = [
        person(number, [*columns[:3], "普查小区编码", "开户行", "银行卡号"]) for number in (1, 2)
    ]
    rows[1][3] = "东区甲"
    rows.append(person(3, [*columns[:3], "普查小区编码", "开户行", "银行卡号"]))
    content = workbook({"a": [columns, *rows]})
    result = read_roster("荆河街道.xlsx", content, posts="required")
    assert [problem.code for problem in result.problems] == ["block_code"]
    page = sent_back(path, result)
    assert "普查小区编码" in headings(page)
    (row,) = corrected(page, path, (4, "普查小区编码", made_up(2).block)).rows
    assert row.block == made_up(2).block


def test_text_files_and_old_workbooks_come_back_as_xlsx(path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    lines: Rows = [["荆河街道"], list(HEADINGS), person(1, 姓名="")]
    old = book.add_sheet("名册")
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            old.write(number, column, cell)
    content = io.BytesIO()
    book.save(content)
    text = "\n".join(",".join(map(str, line)) for line in lines)
    for name, sent in (("a.xls", content.getvalue()), ("a.csv", text.encode("gb18030"))):
        page = sent_back(path, read_roster(name, sent))
        assert corrected(page, path, (4, "姓名", "张三")).rows[0].name == "张三"


def test_names_that_excel_does_not_accept_for_sheets_are_changed(path: Path) -> None:
    rows: Rows = [list(HEADINGS), person(1, 姓名="")]
    other: Rows = [list(HEADINGS), person(2, 姓名="")]
    result = read_roster("荆河街道.xlsx", workbook({"甲" * 31: rows, "History ": other}))
    sent_back(path, result)
    assert len(openpyxl.load_workbook(path).sheetnames) == 2


def test_the_same_rows_give_the_same_file(path: Path) -> None:
    sent_back(path, by_roles())
    first = path.read_bytes()
    sent_back(path, by_roles())
    assert path.read_bytes() == first


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        sent_back(tmp_path / "nowhere" / "a.xlsx", by_roles())
