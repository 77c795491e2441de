"""``verify`` of what ``report tax`` makes: the declaration's workbooks, the summary, the slips."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledger.books.provenance import provenance_of
from ledger.figures.month_tax import month_tax
from ledger.model.months import Month
from reports.tax.declaration import declared as declared_people
from reports.tax.sheets import SLIP_TITLE
from reports.tax.sheets import tax_heading
from reports.tax.sheets import write_slip
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office

KINDS = {
    "人员信息采集.xlsx": "tax_people",
    "劳务报酬所得.xlsx": "tax_income",
    "个人所得税代扣汇总表.pdf": "tax_summary",
    "": "tax_slip",
}


@pytest.fixture
def declared(taxed: Office, tmp_path: Path) -> dict[str, Path]:
    """Copies of what was declared of November, by their kinds, under names that say no month."""
    taxed.disburse()
    take_result(taxed, everyone(PAID, *range(1, 7)))
    assert taxed.run("report", "tax", "2020-11").status == 0
    copies = {}
    for path in (taxed.folder / "reports").iterdir():
        kind = next(kind for ending, kind in KINDS.items() if path.name.endswith(ending))
        copies[kind] = Path(shutil.copy(path, tmp_path / f"{kind}{path.suffix}"))
    return copies


def found(office: Office, path: Path) -> list[tuple[str, str, str, str]]:
    """The differences that ``verify`` names; its status agrees with them."""
    answer = office.run("verify", path, "--json")
    said: Any = answer.json
    assert (answer.status == 0) == said["ok"], answer.err
    return [(one["kind"], one["column"], one["here"], one["books"]) for one in said["differences"]]


def test_each_paper_is_what_the_books_hold_whatever_it_is_called(
    taxed: Office, declared: dict[str, Path]
) -> None:
    assert sorted(declared) == sorted(KINDS.values())
    for kind, path in declared.items():
        answer = taxed.run("verify", path, "--json")
        assert (answer.status, answer.json["differences"]) == (0, []), answer.out
        assert (answer.json["kind"], answer.json["month"]) == (kind, "2020-11")
        assert "saved again" not in taxed.run("verify", path).out


def test_a_workbook_that_was_saved_again_is_compared_cell_by_cell(
    taxed: Office, declared: dict[str, Path], tmp_path: Path
) -> None:
    def saved(kind: str, change: Callable[[Worksheet], object]) -> list[tuple[str, str, str, str]]:
        book = load_workbook(declared[kind])
        page = book.worksheets[0]
        change(page)
        book.save(tmp_path / "改.xlsx")
        return found(taxed, tmp_path / "改.xlsx")

    titles = [str(cell.value) for cell in load_workbook(declared["tax_income"]).worksheets[0][1]]
    income = 1 + next(place for place, title in enumerate(titles) if "收入" in title)
    identity = 1 + next(place for place, title in enumerate(titles) if "号码" in title)

    def put(row: int, column: int, value: str | float) -> Callable[[Worksheet], object]:
        return lambda page: page.cell(row, column, value)

    assert saved("tax_income", lambda page: None) == []
    ((kind, column, here, books),) = saved("tax_income", put(3, income, 1.0))
    assert (kind, column, here) == ("changed", titles[income - 1], "1.00") and books != here
    ((kind, column, here, books),) = saved("tax_income", put(3, identity, "37048119900307123X"))
    assert (kind, column) == ("changed", titles[identity - 1])
    assert "19900307" not in here and "*" in books, "numbers are masked"
    assert [one[0] for one in saved("tax_people", lambda page: page.delete_rows(4))] == ["missing"]
    assert [one[0] for one in saved("tax_income", put(40, 2, "王五"))] == ["extra"]
    assert [one[1] for one in saved("tax_income", put(1, 3, "类型"))] == ["headings"]
    assert [one[2] for one in saved("tax_income", put(2, 80, "多"))] == ["多"]
    book = load_workbook(declared["tax_people"])
    book.create_sheet("另").cell(1, 1, "x")
    book.save(tmp_path / "另.xlsx")
    assert [one[2] for one in found(taxed, tmp_path / "另.xlsx")] == ["另"]


def test_a_paper_of_other_figures_is_not_true(
    taxed: Office, declared: dict[str, Path], tmp_path: Path
) -> None:
    """Who is cancelled in her own month was paid nothing: slips and summary say otherwise."""
    writer = pypdf.PdfWriter(clone_from=declared["tax_slip"])
    writer.write(tmp_path / "另存.pdf")
    assert taxed.run("verify", tmp_path / "另存.pdf").status == 1
    assert found(taxed, tmp_path / "另存.pdf") == []
    taxed.register(1)
    taxed.disburse(on="2020-11-20")
    taxed.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-20")
    for path in declared.values():
        assert found(taxed, path), path


def test_slips_of_a_town_in_which_nobody_was_paid_are_not_true(
    taxed: Office, declared: dict[str, Path], tmp_path: Path
) -> None:
    books, registry = taxed.books(), taxed.registry()
    tax = month_tax(books.history, Month(2020, 11))
    heading = tax_heading(
        SLIP_TITLE, books.settings.unit, tax, provenance_of(books), "北辛街道（370481003）"
    )
    write_slip(tmp_path / "别镇.pdf", heading, declared_people(tax.people, registry.payees()), [])
    assert found(taxed, tmp_path / "别镇.pdf") == [("extra", "town", "370481003", "")]
