"""The workbook of a batch, read back with openpyxl and with calamine."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledger.model.instructions import Instruction
from reports.payout.workbook import sheet_names
from reports.payout.workbook import write_payout_workbook
from tests.support.made_up_payments import BATCH
from tests.support.made_up_payments import RARE_NAMES
from tests.support.made_up_payments import SEAL
from tests.support.made_up_payments import UNIT
from tests.support.made_up_payments import USUAL
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import payout_sheet
from tests.support.made_up_payments import summary_sheet
from tests.support.tengzhou import SUPERVISOR

HEADER = 4
FIRST = 5
HOSTILE = ("=1+1", "@SUM(A1)", "+86", "-2", "https://example.org", "{=1}", "001", "1E5")


def two_towns() -> list[list[Instruction]]:
    other = {"town": "370481101", "town_name": "洪绪镇", "fund": "02", "role": SUPERVISOR}
    return [payments(5), [payment(number, **other) for number in (6, 7)]]


def write(path: Path, towns: list[list[Instruction]], *, mask_identities: bool = True) -> Path:
    sheets = [
        payout_sheet(rows, town_code=rows[0].town, town_name=rows[0].town_name) for rows in towns
    ]
    summary = summary_sheet([row for rows in towns for row in rows])
    write_payout_workbook(path, summary=summary, sheets=sheets, mask_identities=mask_identities)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    return openpyxl.load_workbook(write(tmp_path / "batch.xlsx", two_towns()))


def values(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_the_summary_comes_first_then_the_towns(workbook: Workbook) -> None:
    assert workbook.sheetnames == ["汇总", "荆河街道", "洪绪镇"]


def test_a_town_has_the_columns_of_the_printed_sheet(workbook: Workbook) -> None:
    titles = [column.title for column in USUAL.columns]
    assert values(workbook["荆河街道"], HEADER) == [*titles, "备注"]


def test_numbers_are_numbers_and_ids_are_text(workbook: Workbook) -> None:
    sheet = workbook["荆河街道"]
    row = payment(1)
    number, name, identity, _role, _area, _bank, account, gross, withheld, net, *_ = sheet[FIRST]
    assert number.value == 1
    assert name.value == row.legal_name
    assert identity.value == "370481********0001"
    assert (account.value, account.data_type, account.number_format) == (row.account, "s", "@")
    assert identity.number_format == "@"
    for cell, amount in ((gross, 800), (withheld, 0), (net, 800)):
        assert (cell.value, cell.data_type, cell.number_format) == (amount, "n", "#,##0.00")


def test_the_rows_are_in_order_and_the_total_below(workbook: Workbook) -> None:
    sheet = workbook["荆河街道"]
    assert [sheet.cell(FIRST + n, 2).value for n in range(5)] == [
        row.legal_name for row in payments(5)
    ]
    total = values(sheet, FIRST + 5)
    assert total[0] == "合计：5 人　　大写：人民币肆仟元整"
    assert total[7:10] == [4000, 0, 4000]


def test_the_summary_in_figures(workbook: Workbook) -> None:
    sheet = workbook["汇总"]
    titles = ["序号", "代码", "镇（街道）", "普查员", "普查指导员", "人数"]
    assert values(sheet, HEADER) == [*titles, "本级财政", "上级补助", "金额合计"]
    assert values(sheet, FIRST) == [1, "370481001", "荆河街道", 5, 0, 5, 4000, 0, 4000]
    assert values(sheet, FIRST + 1) == [2, "370481101", "洪绪镇", 0, 2, 2, 0, 1600, 1600]
    assert values(sheet, FIRST + 2) == ["合计", None, None, 5, 2, 7, 4000, 1600, 5600]
    assert values(sheet, FIRST + 3)[0] == "金额大写：人民币伍仟陆佰元整"
    column = [cell.value for cell in sheet["A"]]
    fund = column.index("上级补助") + 1
    assert values(sheet, fund)[3:5] == [2, 1600]
    file = column.index("B2020-001-本行-001.txt") + 1
    assert values(sheet, file)[3:5] == [7, 5600]


def boxes_of(sheet: Worksheet) -> dict[str, str]:
    """The cells of each box to sign in, by its label."""
    boxes = {}
    for cells in sheet.merged_cells.ranges:
        first = sheet.cell(cells.min_row, cells.min_col)
        if str(first.value).endswith("："):
            row = sheet[cells.coord][0]
            assert row[0].border.left.style == row[-1].border.right.style == "thin"
            assert {cell.border.top.style for cell in row} == {"thin"}
            boxes[str(first.value)] = cells.coord
    return boxes


def test_people_sign_in_boxes(workbook: Workbook) -> None:
    assert boxes_of(workbook["荆河街道"]) == {
        "制表：": "A12:D12",
        "复核：": "E12:F12",
        "负责人：": "G12:I12",
        "领款单位：": "J12:L12",
    }


def test_there_are_boxes_for_as_many_as_the_settings_allow(tmp_path: Path) -> None:
    """Eight, and eight columns when one fund pays."""
    summary, labels = summary_sheet(payments(2)), [f"签字{n}" for n in range(8)]
    path = tmp_path / "batch.xlsx"
    write_payout_workbook(path, summary=summary, sheets=[payout_sheet(payments(2))], boxes=labels)
    for sheet in openpyxl.load_workbook(path):
        texts = [cell.value for row in sheet.iter_rows() for cell in row]
        assert [text for text in texts if str(text).startswith("签字")] == [
            f"{label}：" for label in labels
        ]


def test_counts_and_amounts_look_as_on_the_printed_summary(workbook: Workbook) -> None:
    sheet = workbook["汇总"]
    for row in (FIRST, FIRST + 2):
        assert {sheet.cell(row, column).number_format for column in (4, 5, 6)} == {"#,##0"}
        assert {sheet.cell(row, column).number_format for column in (7, 8, 9)} == {"#,##0.00"}
        assert {sheet.cell(row, column).alignment.horizontal for column in range(4, 10)} == {
            "right"
        }
    assert sheet.cell(FIRST + 2, 1).alignment.horizontal == "center"


def test_every_sheet_carries_the_seal_and_prints_like_the_paper(workbook: Workbook) -> None:
    for sheet in workbook:
        texts = [cell.value for row in sheet["A1:L3"] for cell in row if cell.value]
        assert "校验码：a1b2 c3d4 e5f6 0718" in texts
        assert f"编制单位：{UNIT}" in texts
        assert sheet.oddFooter is not None
        assert "a1b2 c3d4 e5f6 0718" in str(sheet.oddFooter.left.text)
        assert sheet.freeze_panes == "A5"
        assert sheet.print_title_rows == "$1:$4"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        # The summary is signed on one page; a town takes as many as it needs.
        pages = 1 if sheet.title == "汇总" else 0
        height = sheet.page_setup.fitToHeight
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert (1 if height is None else height) == pages
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_place_written_by_hand_leaves_the_bank_its_room(tmp_path: Path) -> None:
    places, banks = [], []
    for name, area in (("known.xlsx", "安居第一社区"), ("none.xlsx", "")):
        rows = [[payment(number, area_name=area) for number in range(1, 4)]]
        town = openpyxl.load_workbook(write(tmp_path / name, rows)).worksheets[1]
        places.append(town.column_dimensions["E"].width)
        banks.append(town.column_dimensions["F"].width)
    assert places[0] > places[1]
    assert banks[0] < banks[1]


def test_the_workbooks_properties_hold_the_seal(tmp_path: Path) -> None:
    path = write(tmp_path / "batch.xlsx", two_towns())
    with zipfile.ZipFile(path) as archive:
        properties = archive.read("docProps/custom.xml").decode("utf-8")
        core = archive.read("docProps/core.xml").decode("utf-8")
    assert re.search(f'name="batch".*?{BATCH}.*name="seal".*?{SEAL}', properties)
    assert core.count("2020-11-10T00:00:00Z") == 2
    assert UNIT in core


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    rows = [
        payment(number, legal_name=text, bank_name=f"={text}", area_name=text, bank=text)
        for number, text in enumerate(HOSTILE, 1)
    ]
    workbook = openpyxl.load_workbook(write(tmp_path / "batch.xlsx", [rows]))
    sheet = workbook["荆河街道"]
    for place, text in enumerate(HOSTILE):
        cells = sheet[FIRST + place]
        assert [cells[column].value for column in (1, 4, 5)] == [text] * 3
        assert {cells[column].data_type for column in (1, 4, 5, 11)} == {"s"}
        assert cells[1].hyperlink is None
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_what_the_paper_prints_small_stands_in_the_notes(tmp_path: Path) -> None:
    rows = [payment(1, legal_name="李䶮", bank_name="李龑", reissue=True), payment(2)]
    workbook = openpyxl.load_workbook(write(tmp_path / "batch.xlsx", [rows]))
    sheet = workbook["荆河街道"]
    assert sheet.cell(FIRST, 2).value == "李䶮"
    assert sheet.cell(FIRST, 12).value == "退回重发；户名：李龑"
    assert sheet.cell(FIRST + 1, 12).value is None


def test_identities_are_masked_unless_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "batch.xlsx", two_towns(), mask_identities=False)
    sheet = openpyxl.load_workbook(path)["荆河街道"]
    assert sheet.cell(FIRST, 3).value == "370481199001010001"
    assert sheet.cell(FIRST, 3).data_type == "s"


def test_calamine_reads_the_same(tmp_path: Path) -> None:
    rows = [payment(n, legal_name=name) for n, name in enumerate(RARE_NAMES, 1)]
    workbook = CalamineWorkbook.from_path(write(tmp_path / "batch.xlsx", [rows]))
    table = workbook.get_sheet_by_name("荆河街道").to_python()
    assert [row[1] for row in table[FIRST - 1 : FIRST + 2]] == list(RARE_NAMES)
    assert table[FIRST - 1][6:10] == [rows[0].account, 800.0, 0.0, 800.0]


def test_the_same_batch_is_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "first.xlsx", two_towns())
    second = write(tmp_path / "second.xlsx", two_towns())
    assert first.read_bytes() == second.read_bytes()


def test_sheet_names_are_what_a_workbook_takes() -> None:
    names = sheet_names(["荆河街道", "荆河街道", "汇总", "a/b[c]:*?\\'", "镇" * 40, "镇" * 41, ""])
    assert names[:3] == ["荆河街道", "荆河街道 2", "汇总 2"]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 31 for name in names)
    assert not any(set(name) & set("[]:*?/\\'") for name in names)
