"""What is counted and taken off stands on the sheets, and is compared where a sheet is verified."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ledger.disbursement.listed_totals import TownNotAsListed
from ledger.disbursement.listed_totals import check_listed_totals
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.work_done import WorkDone
from reports.payout.sheet import notes_of
from reports.payout.sheet_columns import COUNTED
from reports.payout.sheet_columns import WIDTH
from reports.payout.sheet_columns import SheetColumns
from reports.payout.sheet_columns import total_quantity
from reports.payout.summary_sheet import write_summary_sheet
from reports.verification.pdf.payout_pages import payout_differences
from tests.reports.test_verify_properties import read_back
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import summary_sheet
from tests.support.office import Office
from tests.support.pdf_text import by_pypdf
from tests.support.tengzhou import PROGRAMME
from tests.support.work_lists import taken
from tests.support.work_lists import with_stages
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

AREA = PROGRAMME.words.area


def paid(number: int, quantity: str = "", off_fen: int = 0, **columns: object) -> Instruction:
    """A payment of 10.00 for each unit."""
    return payment(number, quantity=quantity, rate_fen=10_00, deduction_fen=off_fen, **columns)


WORK = [
    paid(1, "120", 20_00),
    paid(2, "2.5"),
    paid(3, reissue=True),
    *(paid(number, str(number)) for number in range(4, 45)),
]


@pytest.mark.parametrize(
    ("rows", "titles"),
    [
        ([payment(1)], "应发金额 代扣税 实发金额"),
        ([paid(1, "3")], "数量 标准 应发金额 代扣税 实发金额"),
        ([paid(1, off_fen=5)], "应发金额 扣减 代扣税 实发金额"),
        (WORK, "数量 标准 应发金额 扣减 代扣税 实发金额"),
    ],
)
def test_a_sheet_has_the_columns_of_its_batch(rows: list[Instruction], titles: str) -> None:
    columns = SheetColumns.of("调查区", rows)
    who = "序号 姓名 身份证号 岗位 调查区 开户行 银行账号"
    assert " ".join(columns.titles) == f"{who} {titles} 签名"
    assert sum(column.width for column in columns.columns) == pytest.approx(WIDTH)
    assert all(column.width > 25 for column in columns.columns)


def test_what_is_due_is_what_is_sent_with_what_was_taken_off_and_withheld() -> None:
    columns = SheetColumns(AREA, counts=True, takes_off=True)
    row = paid(1, "120", 20_00, amount_fen=1000_00, tax_fen=180_00)
    assert columns.amounts_fen([row]) == (1200_00, 20_00, 180_00, 1000_00)
    assert columns.texts(1, row, str, mask_identities=False)[7:] == (
        "120", "1000", "120000", "2000", "18000", "100000",
    )  # fmt: skip
    assert total_quantity(WORK) == f"{122.5 + sum(range(4, 45)):,}"


@pytest.mark.parametrize(
    ("quantity", "due_fen", "note"),
    [("120", 1200_00, ""), ("162", 1500_00, "按最高额"), ("3", 200_00, "按最低额")],
)
def test_an_amount_within_bounds_says_by_which(quantity: str, due_fen: int, note: str) -> None:
    row = paid(1, quantity, 20_00, amount_fen=due_fen - 60_00, tax_fen=40_00)
    assert notes_of(row).get(COUNTED, "") == note


def test_half_a_fen_is_no_bound() -> None:
    assert notes_of(paid(1, "2.5", amount_fen=3)._replace(rate_fen=1)) == {}


def test_where_nobodys_place_is_known_there_is_room_to_write_it(tmp_path: Path) -> None:
    rows = [row._replace(area_name="") for row in WORK]
    usual, by_hand = SheetColumns.of(AREA, WORK), SheetColumns.of(AREA, rows)
    assert usual.titles == by_hand.titles
    assert sum(column.width for column in by_hand.columns) == pytest.approx(WIDTH)
    assert by_hand.columns[5].width > usual.columns[5].width
    assert payout_differences(read_back(tmp_path / "x.pdf", rows), rows, by_hand)[0] == []


def test_the_summary_says_what_is_due_taken_off_withheld_and_sent(tmp_path: Path) -> None:
    rows = [paid(1, "120", 20_00, amount_fen=1000_00, tax_fen=180_00)]
    one_fund = summary_sheet(rows)
    assert one_fund.amount_titles == ["应发合计", "扣减", "代扣税", "实发合计"]
    assert one_fund.amounts_fen == [1200_00, 20_00, 180_00, 1000_00]
    assert one_fund.town_amounts_fen(one_fund.towns[0]) == one_fund.amounts_fen
    assert summary_sheet([paid(1, tax_fen=1)]).amount_titles == ["应发合计", "代扣税", "实发合计"]
    assert summary_sheet([paid(1, off_fen=1)]).amount_titles == ["应发合计", "扣减", "实发合计"]
    other = paid(2, "3", fund="02", amount_fen=30_00)
    two_funds = summary_sheet([*rows, other])
    assert two_funds.amount_titles[2:] == one_fund.amount_titles
    assert two_funds.amounts_fen == [1000_00, 30_00, 1230_00, 20_00, 180_00, 1030_00]


@pytest.mark.parametrize(("amount_fen", "is_upright"), [(1000_00, True), (1_100_000_00, False)])
def test_a_summary_lies_down_before_its_figures_get_small(
    tmp_path: Path, amount_fen: int, is_upright: bool
) -> None:
    summary = summary_sheet([paid(1, "120", 20_00, amount_fen=amount_fen, tax_fen=180_00)])
    write_summary_sheet(tmp_path / "x.pdf", summary)
    box = PdfReader(tmp_path / "x.pdf").pages[0].mediabox
    assert (box.height > box.width) == is_upright


def test_every_page_is_read_back_as_it_was_printed(tmp_path: Path) -> None:
    columns = SheetColumns.of(AREA, WORK)
    pages = read_back(tmp_path / "x.pdf", WORK)
    assert payout_differences(pages, WORK, columns)[0] == []
    text = "".join(by_pypdf(tmp_path / "x.pdf"))
    assert total_quantity(WORK) in text
    for changed in (
        WORK[0]._replace(quantity="121"),
        WORK[0]._replace(deduction_fen=21_00),
        WORK[4]._replace(rate_fen=11_00),
        WORK[4]._replace(quantity=""),
    ):
        others = [row if row.number != changed.number else changed for row in WORK]
        assert payout_differences(pages, others, columns)[0]


def test_the_office_prints_and_verifies_what_the_lists_say(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    office.receive(100_000)
    rows = (work_row(1, 60, 20, "漏登"), work_row(2, 30), work_row(3, 7))
    taken(office, work_list(tmp_path / "表.xlsx", *rows))
    assert office.disburse("--stage", "S2").status == 0
    folder = office.folder / "payouts" / "B2020-001"
    (pdf,) = folder.glob("*发放表-*.pdf")
    (book,) = folder.glob("*发放表.xlsx")
    assert "97" in "".join(by_pypdf(pdf))
    page = load_workbook(book)["荆河街道"]
    titles = [cell.value for cell in page[4]]
    assert "数量" in titles
    assert [page.cell(5, titles.index(name) + 1).value for name in ("数量", "标准", "扣减")] == [
        "60", 10, 20,
    ]  # fmt: skip
    for path in (pdf, book, folder / "manifest.json", *folder.glob("*汇总表.pdf")):
        answer = office.run("verify", "--json", path)
        assert (answer.status, answer.json["differences"]) == (0, []), path
    saved = load_workbook(book)
    saved["荆河街道"].cell(5, titles.index("数量") + 1).value = "61"
    saved.save(tmp_path / "改.xlsx")
    (found,) = office.run("verify", "--json", tmp_path / "改.xlsx").json["differences"]
    assert (found["column"], found["here"], found["books"]) == ("数量", "61", "60")


def test_a_bank_file_whose_remark_names_the_batch_is_verified_when_saved_again(
    office: Office, tmp_path: Path
) -> None:
    with_stages(office)
    office.receive(100_000)
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    ccb = text.replace('"icbc-own"', '"ccb"').replace('"plain-csv"', '"ccb"')
    settings.write_text(ccb, encoding="utf-8", newline="\n")
    taken(office, work_list(tmp_path / "表.xlsx", work_row(1, 60), work_row(2, 30)))
    assert office.disburse("--stage", "S2").status == 0
    (path,) = (office.folder / "payouts" / "B2020-001").glob("*本行*.xlsx")
    book = load_workbook(path)
    page = book.worksheets[0]
    (cell,) = [cell for cell in page[2] if str(cell.value).endswith("B2020-001")]
    assert cell.value == "两员补助 B2020-001"
    book.save(tmp_path / "另存.xlsx")
    said = office.run("verify", "--json", tmp_path / "另存.xlsx").json
    assert (said["ok"], said["batch"], said["differences"]) == (True, "B2020-001", [])
    cell.value = "两员补助 B2020-002"
    book.save(tmp_path / "改.xlsx")
    (found,) = office.run("verify", "--json", tmp_path / "改.xlsx").json["differences"]
    assert (found["here"], found["books"]) == ("两员补助 B2020-002", "两员补助 B2020-001")


def test_a_town_is_paid_what_its_lists_come_to() -> None:
    work = {
        PayeeId(row.payee_id): WorkDone(row.quantity, 0, row.deduction_fen)
        for row in WORK
        if not row.reissue
    }
    check_listed_totals(WORK, work)
    check_listed_totals([payment(1)], {})
    for changed in (WORK[0]._replace(quantity="12"), WORK[0]._replace(deduction_fen=0)):
        with pytest.raises(TownNotAsListed):
            check_listed_totals([changed, *WORK[1:]], work)
