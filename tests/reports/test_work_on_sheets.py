"""What is counted and taken off stands on the sheets, and is compared where a sheet is verified."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.disbursement.listed_totals import TownNotAsListed
from ledger.disbursement.listed_totals import check_listed_totals
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.work_done import WorkDone
from reports.payout.sheet_columns import WIDTH
from reports.payout.sheet_columns import SheetColumns
from reports.payout.sheet_columns import total_quantity
from reports.verification.pdf.payout_pages import payout_differences
from tests.reports.test_verify_properties import read_back
from tests.support.made_up_payments import payment
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
    assert total_quantity(WORK) == str(122.5 + sum(range(4, 45)))


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
