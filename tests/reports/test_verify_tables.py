"""``verify`` of workbooks and bank files: each tampering is caught, and the row is named."""

from __future__ import annotations

import csv
import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

import reports.payout.payout_files
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from tests.support.bank_results import correct
from tests.support.office import Office
from tests.support.verified_office import FIRST
from tests.support.verified_office import OTHER_FILE
from tests.support.verified_office import OWN_FILE
from tests.support.verified_office import SECOND
from tests.support.verified_office import TOWN
from tests.support.verified_office import WORKBOOK
from tests.support.verified_office import manifest_of
from tests.support.verified_office import other_digit
from tests.support.verified_office import paper
from tests.support.verified_office import rows_of
from tests.support.verified_office import shown
from tests.support.verified_office import tell
from tests.support.verified_office import text_with
from tests.support.verified_office import verify
from tests.support.verified_office import workbook_with

TOWN_SHEET = "荆河街道"
FIRST_DATA_ROW = 5


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


def town_sheet(workbook: openpyxl.Workbook) -> Worksheet:
    sheet = workbook[TOWN_SHEET]
    assert isinstance(sheet, Worksheet)
    return sheet


def first_sheet(workbook: openpyxl.Workbook) -> Worksheet:
    return workbook.worksheets[0]


def only_difference(said: dict[str, Any]) -> dict[str, Any]:
    assert not said["ok"]
    (difference,) = said["differences"]
    assert isinstance(difference, dict)
    return difference


@pytest.mark.parametrize("name", [WORKBOOK, OWN_FILE, OTHER_FILE])
def test_a_file_is_known_by_its_bytes_whatever_it_is_called(
    told: Office, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "renamed"
    path.write_bytes(paper(told, name).read_bytes())
    said = verify(told, path)
    assert (said["ok"], said["matched"], said["compared_with"]) == (True, "bytes", name)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_workbook_whose_name_is_in_the_bytes_of_gbk(told: Office, tmp_path: Path) -> None:
    saved = workbook_with(paper(told, WORKBOOK), tmp_path / "saved.xlsx", lambda _workbook: None)
    said = verify(told, saved.rename(tmp_path / os.fsdecode("发放表.xlsx".encode("gbk"))))
    assert (said["ok"], said["subject"], said["matched"]) == (True, "发放表.xlsx", "rows")


@pytest.mark.parametrize("name", [WORKBOOK, OWN_FILE])
def test_a_workbook_saved_by_another_program_is_known_by_its_rows(
    told: Office, tmp_path: Path, name: str
) -> None:
    path = workbook_with(paper(told, name), tmp_path / "saved.xlsx", lambda _workbook: None)
    said = verify(told, path)
    assert (said["ok"], said["matched"], said["batch"]) == (True, "rows", FIRST)
    assert any("saved again" in note for note in said["notes"])


# --- the payout workbook


def test_a_changed_amount_in_the_workbook_is_found(told: Office, tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        town_sheet(workbook)["J11"] = 8000

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    difference = only_difference(verify(told, path))
    row = rows_of(told, FIRST, TOWN)[6]
    assert (difference["sheet"], difference["row"]) == (TOWN_SHEET, 11)
    assert (difference["column"], difference["payee"]) == ("实发金额", row.payee_id)
    assert (difference["here"], difference["books"]) == ("8000.00", "800.00")


def test_a_changed_account_digit_in_the_workbook_is_found(told: Office, tmp_path: Path) -> None:
    account = rows_of(told, FIRST, TOWN)[19].account

    def change(workbook: openpyxl.Workbook) -> None:
        assert town_sheet(workbook)["G24"].value == account
        town_sheet(workbook)["G24"] = other_digit(account, 7)

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    difference = only_difference(verify(told, path))
    assert (difference["row"], difference["column"]) == (24, "银行账号")
    assert "(character 7 differs)" in difference["here"]
    assert account not in shown(told, path).out


def test_a_number_that_became_a_text_is_found(told: Office, tmp_path: Path) -> None:
    """A sum over the column would leave it out."""

    def change(workbook: openpyxl.Workbook) -> None:
        town_sheet(workbook)["H6"] = "800.00"

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    difference = only_difference(verify(told, path))
    assert (difference["here"], difference["books"]) == ("800.00 (a text)", "800.00")


def test_a_formula_leaves_a_workbook_uncertain(told: Office, tmp_path: Path) -> None:
    """What it comes to today says nothing of tomorrow."""

    def change(workbook: openpyxl.Workbook) -> None:
        town_sheet(workbook)["M3"] = "=1+1"

    said = verify(told, workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change))
    assert not said["ok"]
    assert any("formulas" in problem for problem in said["problems"])


def test_an_account_that_became_a_number_is_found(told: Office, tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        cell = town_sheet(workbook)["G6"]
        cell.value = int(str(cell.value))

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    assert "(a number)" in only_difference(verify(told, path))["here"]


def test_a_row_taken_out_of_the_workbook_is_named(told: Office, tmp_path: Path) -> None:
    path = workbook_with(
        paper(told, WORKBOOK),
        tmp_path / "x.xlsx",
        lambda workbook: _delete_row(town_sheet(workbook), 10),
    )
    said = verify(told, path)
    missing = [one for one in said["differences"] if one["kind"] == "missing"]
    assert [one["payee"] for one in missing] == [rows_of(told, FIRST, TOWN)[5].payee_id]
    assert len(said["differences"]) == 1


def _delete_row(sheet: Worksheet, row: int) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(row)


def test_a_row_put_into_the_workbook_is_named(told: Office, tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = town_sheet(workbook)
        cells = [cell.value for cell in sheet[8]]
        _delete_row(sheet, 60)
        sheet.insert_rows(9)
        for column, value in enumerate(cells, 1):
            sheet.cell(9, column, value)
        sheet["B9"], sheet["G9"], sheet["C9"] = "钱多多", "6215219999999999", "370481********9999"

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    difference = only_difference(verify(told, path))
    assert (difference["kind"], difference["row"]) == ("extra", 9)


def test_a_sheet_taken_out_or_put_in_is_named(told: Office, tmp_path: Path) -> None:
    def remove(workbook: openpyxl.Workbook) -> None:
        workbook.remove(town_sheet(workbook))

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", remove)
    difference = only_difference(verify(told, path))
    assert (difference["kind"], difference["books"]) == ("missing", TOWN_SHEET)

    def add(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.create_sheet("备用")
        sheet["A1"] = "张三 800"
        sheet.sheet_state = "hidden"

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "y.xlsx", add)
    difference = only_difference(verify(told, path))
    assert (difference["kind"], difference["sheet"]) == ("extra", "备用")


@pytest.mark.parametrize(
    ("cell", "value", "column"),
    [("F5", 46, "人数"), ("H7", 1, "金额合计"), ("D5", "45", "普查员")],
)
def test_the_summary_in_the_workbook_is_compared(
    told: Office, tmp_path: Path, cell: str, value: int | str, column: str
) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        first_sheet(workbook)[cell] = value

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    difference = only_difference(verify(told, path))
    assert (difference["sheet"], difference["column"]) == ("汇总", column)


def test_totals_and_texts_below_the_rows_are_compared(told: Office, tmp_path: Path) -> None:
    last = FIRST_DATA_ROW + 45

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = town_sheet(workbook)
        assert str(sheet.cell(last, 1).value).startswith("合计：")
        sheet.cell(last, 8, 36_800)
        sheet.cell(last + 4, 2, "另补发张三 800 元")

    said = verify(told, workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change))
    assert [(one["row"], one["column"]) for one in said["differences"]] == [
        (last, "合计 应发金额"),
        (last + 4, "other text"),
    ]


def test_a_workbook_with_the_seal_of_another_batch_is_found(told: Office, tmp_path: Path) -> None:
    seal = told.books().history.batches[SECOND].seal

    def change(workbook: openpyxl.Workbook) -> None:
        for row in town_sheet(workbook).iter_rows(max_row=3):
            for cell in row:
                if str(cell.value).startswith("校验码："):
                    cell.value = f"校验码：{seal}"

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    assert only_difference(verify(told, path))["column"] == "校验码"


# --- bank files


def test_one_digit_in_a_bank_file_is_found(told: Office, tmp_path: Path) -> None:
    row = [row for row in rows_of(told, FIRST) if row.bank_file == OWN_FILE][10]

    def change(workbook: openpyxl.Workbook) -> None:
        cell = first_sheet(workbook)["B12"]
        assert cell.value == row.account
        cell.value = other_digit(row.account, 9)

    path = workbook_with(paper(told, OWN_FILE), tmp_path / OWN_FILE, change)
    difference = only_difference(verify(told, path))
    assert (difference["row"], difference["column"]) == (12, "卡号")
    assert (difference["payee"], difference["name"]) == (row.payee_id, row.legal_name)
    assert difference["books"] == f"****{row.account[-4:]}"
    assert difference["here"] == f"****{row.account[-4:]} (character 9 differs)"
    assert row.account not in shown(told, path).out


def test_one_digit_in_a_bank_file_of_text_is_found(told: Office, tmp_path: Path) -> None:
    row = [row for row in rows_of(told, FIRST) if row.bank_file == OTHER_FILE][2]

    def change(lines: list[str]) -> None:
        assert row.account in lines[3]
        lines[3] = lines[3].replace(row.account, other_digit(row.account, 16))

    difference = only_difference(
        verify(told, text_with(paper(told, OTHER_FILE), tmp_path / OTHER_FILE, change))
    )
    assert (difference["row"], difference["column"]) == (4, "账号")


def test_an_amount_in_a_bank_file_is_found(told: Office, tmp_path: Path) -> None:
    def change(lines: list[str]) -> None:
        lines[2] = lines[2].replace("800.00", "8000.00")

    path = text_with(paper(told, OTHER_FILE), tmp_path / "x.csv", change)
    difference = only_difference(verify(told, path))
    assert (difference["row"], difference["here"], difference["books"]) == (3, "8000.00", "800.00")


def test_rows_of_a_bank_file_that_were_taken_out_or_swapped_are_named(
    told: Office, tmp_path: Path
) -> None:
    rows = [row for row in rows_of(told, FIRST) if row.bank_file == OTHER_FILE]

    def take_out(lines: list[str]) -> None:
        del lines[4]

    path = text_with(paper(told, OTHER_FILE), tmp_path / "x.csv", take_out)
    difference = only_difference(verify(told, path))
    assert (difference["kind"], difference["payee"]) == ("missing", rows[3].payee_id)

    def swap(lines: list[str]) -> None:
        lines[4], lines[5] = lines[5], lines[4]

    path = text_with(paper(told, OTHER_FILE), tmp_path / "y.csv", swap)
    assert only_difference(verify(told, path))["kind"] == "moved"


def test_a_bank_file_is_found_by_its_rows_when_its_name_says_nothing(
    told: Office, tmp_path: Path
) -> None:
    path = workbook_with(paper(told, OWN_FILE), tmp_path / "upload.xlsx", lambda _workbook: None)
    said = verify(told, path)
    assert (said["ok"], said["batch"]) == (True, FIRST)
    assert OWN_FILE in said["compared_with"]


def test_another_batchs_file_under_this_batchs_name_is_told_apart(
    told: Office, tmp_path: Path
) -> None:
    other = paper(told, f"{SECOND}-本行-1.xlsx")
    path = workbook_with(other, tmp_path / OWN_FILE, lambda _workbook: None)
    said = verify(told, path)
    assert said["batch"] == SECOND
    assert any("found by its rows" in note for note in said["notes"])


def test_of_two_batches_that_pay_the_same_people_the_one_is_found_whose_file_it_is(
    told: Office, tmp_path: Path
) -> None:
    """The second is void, and the people are paid again in a third, whose file has the same rows
    but for their numbers; then the second's own name counts."""
    office = told.copied(tmp_path)
    assert office.run("batch", "void", SECOND, "--yes", "--date", "2020-11-21").status == 0
    assert office.disburse(on="2020-11-25").json["batch"] == "B2020-003"
    void = paper(office, f"{SECOND}-本行-1.xlsx")
    upload = workbook_with(void, tmp_path / "upload.xlsx", lambda _workbook: None)
    assert (verify(office, upload)["ok"], verify(office, upload)["batch"]) == (True, "B2020-003")
    named = workbook_with(void, tmp_path / void.name, lambda _workbook: None)
    assert (verify(office, named)["ok"], verify(office, named)["batch"]) == (False, SECOND)


def test_a_text_file_saved_by_a_spreadsheet_is_the_same_rows(told: Office, tmp_path: Path) -> None:
    """UTF-8 with a mark, semicolons, and 800 for 800.00."""
    rows = list(csv.reader(paper(told, OTHER_FILE).read_text(encoding="gb18030").splitlines()))
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [cell.removesuffix(".00") for cell in row] for row in rows
        )
    assert verify(told, path)["ok"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_text_file_in_another_encoding_is_the_same_rows(
    told: Office, tmp_path: Path, encoding: str
) -> None:
    """UTF-16 with tabs is what Excel calls Unicode text."""
    text = paper(told, OTHER_FILE).read_bytes().decode("gb18030")
    text = text.replace(",", "\t") if encoding == "utf-16" else text
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    assert verify(told, path)["ok"]


def test_a_bank_file_saved_as_an_old_workbook_or_as_text_is_the_same_rows(
    told: Office, tmp_path: Path
) -> None:
    rows = list(first_sheet(openpyxl.load_workbook(paper(told, OWN_FILE))).values)
    old = xlwt.Workbook()
    sheet = old.add_sheet("代发")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, place, cell)
    old.save(str(tmp_path / "x.xls"))
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([cell or "" for cell in row] for row in rows)
    for name in ("x.xls", "x.csv"):
        said = verify(told, tmp_path / name)
        assert (said["ok"], said["matched"], said["batch"]) == (True, "rows", FIRST)


def settings_changed(office: Office, *changes: tuple[str, str]) -> None:
    for before, after in changes:
        paths = [office.folder / name for name in (SETTINGS_FILE, PROGRAMME_FILE)]
        (path,) = (path for path in paths if before in path.read_text(encoding="utf-8"))
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(before, after), encoding="utf-8")


NEW_BANK = (
    ('own_profile = "icbc-own"', 'own_profile = "ccb"'),
    ('remark = "两员补助"', 'remark = "普查费"'),
    ('title = "第七次', 'title = "滕州市第七次'),
)


def test_an_old_bank_file_is_judged_by_what_its_manifest_recorded(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    settings_changed(office, *NEW_BANK)
    for name in (OWN_FILE, WORKBOOK):
        path = workbook_with(paper(office, name), tmp_path / name, lambda _workbook: None)
        assert verify(office, path)["ok"]

    def change(workbook: openpyxl.Workbook) -> None:
        first_sheet(workbook)["D3"] = "普查费"

    path = workbook_with(paper(office, OWN_FILE), tmp_path / OWN_FILE, change)
    difference = only_difference(verify(office, path))
    assert (difference["row"], difference["here"]) == (3, "普查费")


def test_a_manifest_that_recorded_nothing_of_it_works_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports.payout.payout_files, "reading_back", lambda *_known: {})
    office = tell(tmp_path)
    assert manifest_of(office)["reading_back"] == {}
    settings_changed(office, *NEW_BANK)
    for name in (OWN_FILE, WORKBOOK):
        path = workbook_with(paper(office, name), tmp_path / name, lambda _workbook: None)
        assert verify(office, path)["ok"]
    path = workbook_with(
        paper(office, OWN_FILE),
        tmp_path / OWN_FILE,
        lambda workbook: _delete_row(first_sheet(workbook), 3),
    )
    assert only_difference(verify(office, path))["kind"] == "missing"


def test_the_manifest_says_how_its_files_are_read(told: Office) -> None:
    document = manifest_of(told)
    seal = told.books().history.batches[FIRST].seal
    assert document["seal"] == seal
    assert document["qr"] == f"census-ledger:{FIRST}::{seal}"
    recorded = document["reading_back"]
    assert recorded["bank_files"][OWN_FILE] == {"format": "icbc-own", "remark": "两员补助"}
    assert recorded["bank_formats"]["icbc-own"]["columns"][1]["value"] == "account"
    assert not {row.account for row in rows_of(told, FIRST)} & set(json.dumps(document).split('"'))


def test_a_bank_file_stays_valid_after_an_account_was_corrected(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    correct(office, rows_of(office, FIRST)[3].payee_id)
    path = workbook_with(paper(office, OWN_FILE), tmp_path / "x.xlsx", lambda _workbook: None)
    assert verify(office, path)["ok"]


def test_the_banks_own_columns_filled_in_are_said_to_be_its_answer(
    told: Office, tmp_path: Path
) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = first_sheet(workbook)
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 5, Decimal(800))
            sheet.cell(row, 6, "全部成功")

    said = verify(told, workbook_with(paper(told, OWN_FILE), tmp_path / "回盘.xlsx", change))
    assert not said["ok"]
    assert any("import it" in note for note in said["notes"])


def test_more_differences_than_a_screen_holds_are_counted(told: Office, tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        for row in range(5, 45):
            town_sheet(workbook).cell(row, 8, 1)

    path = workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)
    assert len(verify(told, path)["differences"]) == 40
    out = shown(told, path).out
    assert out.count("应发金额") == 20
    assert "20 more" in out


def test_a_place_is_named_once(told: Office, tmp_path: Path) -> None:
    """And not as "row 10 ... row": the column of a whole row is the row."""
    rows = rows_of(told, FIRST, TOWN)

    def change(workbook: openpyxl.Workbook) -> None:
        _delete_row(town_sheet(workbook), 10)
        workbook.create_sheet("备用")["A1"] = "张三 800"

    out = shown(told, workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change)).out
    assert "× sheet 备用: here 备用, nothing in the books" in out
    name = f"{rows[5].legal_name} {rows[5].payee_id}"
    assert f"× sheet {TOWN_SHEET} row 10 {name}: not here, in the books" in out


def test_nothing_is_written_by_verifying(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    before = {path: path.read_bytes() for path in office.folder.rglob("*") if path.is_file()}
    verify(office, paper(office, OWN_FILE))
    verify(office, FIRST)
    after = {path: path.read_bytes() for path in office.folder.rglob("*") if path.is_file()}
    assert before == after
