"""The desk's reports: seen in the page and downloaded; months closed and opened again.

The files are those of ``report``, byte for byte.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from bs4 import Tag

from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office

MONTH = "/reports/months/2020-11"
ON = {"on": "2020-12-05"}


def office_until(office: Office, last: str) -> Office:
    """Six people in a batch of November; the bank's statement reaches to a day."""
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-11-05", "-66.00", "某店", "货款")
    account.move(last, "-88.00", "某店", "货款")
    office.register(6)
    take_statement(office, account)
    office.disburse()
    office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    take_result(office, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    return office


@beginning
def november(office: Office) -> Office:
    """The statement reaches into December."""
    return office_until(office, "2020-12-01")


@pytest.fixture
def manager(november: Office) -> DeskPages:
    return DeskPages(november).log_in()


def cells(page: str, name: str) -> list[list[str]]:
    html = BeautifulSoup(page, "html.parser")
    rows = html.select(f"table[aria-labelledby={name}] tbody tr")
    return [[" ".join(c.get_text(" ").split()) for c in r.find_all(["th", "td"])] for r in rows]


def written(office: Office, *arguments: str) -> bytes:
    """The file that the command writes."""
    answer = office.run("report", *arguments, "--json")
    path = answer.json["months"][0]["path"] if "month" in arguments else answer.json["path"]
    return office.folder.joinpath(str(path)).read_bytes()


def test_a_months_figures_are_those_of_its_report(november: Office, manager: DeskPages) -> None:
    total = november.run("report", "month", "2020-11", "--json").json["months"][0]
    rows = {row[0]: row[1:] for row in cells(manager.page(MONTH), "figures")}
    said = [cell.replace(",", "") for cell in rows["合计"]]
    assert said[1] == total["budget"]
    assert said[2] == total["received"]
    assert said[3] == total["paid_in_month"]
    assert said[8] == total["remaining"]
    assert "30226 劳务费" in rows
    assert cells(manager.page(MONTH), "people") == [["6", "0", "0", "4", "2", "0"]]


def test_a_month_is_closed_with_the_figures_of_the_page(
    november: Office, manager: DeskPages
) -> None:
    """Its report is from then on the one that was printed, whatever the unit is called."""
    answer = manager.send(MONTH, "close", **ON)
    assert answer.headers["Location"] == MONTH, refusals(answer)
    said = notes(manager.our(MONTH))
    assert said[-1] == "2020年11月已月结，月报定稿。"
    assert "用途不明" in said[0]
    page = manager.page(MONTH)
    assert "O01 测试员 月结" in page
    assert 'id="close"' not in page
    assert november.status()["closed"] == "2020-11"
    kept = manager.our("/months/2020-11.pdf").data
    settings = november.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("滕州市", "某某市"), encoding="utf-8", newline="\n")
    assert manager.our("/months/2020-11.pdf").data == kept
    states = {row[0]: row[1] for row in cells(manager.page("/reports"), "months")}
    assert "已月结（O01 测试员）" in states["2020年11月"]
    assert states["2020年10月"] == "随以后的月份一并结账"
    assert "已随以后的月份一并月结" in manager.page("/reports/months/2020-10")


def test_if_the_books_moved_the_figures_are_shown_anew(
    november: Office, manager: DeskPages
) -> None:
    fields = manager.fields(MONTH, "close")
    november.register(1)
    answer = manager.post(fields.pop("action"), **fields | ON)
    assert answer.status_code == 422
    assert refusals(answer)[0].startswith("账簿在本页打开之后有了变动")
    assert november.status()["closed"] is None


def test_a_month_that_the_bank_has_not_stated_asks_first(office: Office) -> None:
    manager = DeskPages(office_until(office, "2020-11-06")).log_in()
    answer = manager.send(MONTH, "close", **ON)
    assert answer.status_code == 422
    html = BeautifulSoup(answer.text, "html.parser")
    assert isinstance(html.find(id="close-sure-problem"), Tag)
    assert "银行对账单只到 2020-11-06" in html.get_text()
    assert office.status()["closed"] is None
    sent = manager.fields(MONTH, "close")
    again = manager.post(sent.pop("action"), **sent | ON | {"sure": "1"})
    assert again.headers["Location"] == MONTH, refusals(again)


def test_a_closed_month_is_opened_again_with_a_reason(november: Office, manager: DeskPages) -> None:
    manager.send(MONTH, "close", **ON)
    nothing = manager.send(MONTH, "reopen", reason="", **ON)
    assert nothing.status_code == 422
    manager.send(MONTH, "reopen", reason="漏记一笔", **ON)
    assert notes(manager.our(MONTH))[-1] == "2020年11月已重新打开。"
    assert november.status()["closed"] is None
    november.run("operator", "add", "经办员", "--role", "经办")
    clerk = manager.another_browser().log_in("O02")
    assert 'id="close"' not in clerk.page(MONTH)


def test_months_and_batches_and_the_bank_as_files(november: Office, manager: DeskPages) -> None:
    """Those that the commands write, and nothing is written."""
    found = {
        "/months/2020-11.pdf": manager.our("/months/2020-11.pdf"),
        "batch": manager.our("/reports/batches/B2020-001.pdf", on="2020-12-31"),
        "bank": manager.our("/reports/bank.pdf", on="2020-12-31"),
    }
    assert not list((november.folder / "reports").iterdir())
    assert found["/months/2020-11.pdf"].data == written(november, "month", "2020-11")
    assert found["batch"].data == written(november, "batch", "B2020-001", "--date", "2020-12-31")
    assert found["bank"].data == written(november, "reconciliation", "--date", "2020-12-31")
    for answer in found.values():
        assert answer.headers["Content-Disposition"].startswith("attachment")
    listed = cells(manager.page("/reports", on="2020-12-31"), "batches")
    assert [row[:1] + row[3:5] for row in listed] == [["B2020-001", "6", "4,800.00"]]


def test_who_does_not_read_papers_has_no_names(november: Office, manager: DeskPages) -> None:
    november.run("operator", "add", "查阅员", "--role", "查阅")
    reader = manager.another_browser().log_in("O02")
    assert "下载发放情况表" not in reader.page("/reports")
    assert reader.our("/reports/batches/B2020-001.pdf").status_code == 403


def test_the_bank_is_reconciled_on_the_page(november: Office, manager: DeskPages) -> None:
    said = november.run("report", "reconciliation", "--date", "2020-12-31", "--json").json
    page = manager.page("/reports/bank", on="2020-12-31")
    rows = dict(cells(page, "balances"))
    assert rows["账面余额（1002 银行存款）"].replace(",", "") == said["books"]
    assert rows["相差"].replace(",", "") == said["difference"]
    assert "用途不明的流水" in page


def test_without_a_statement_the_bank_is_said_to_be_unknown(funded: Office) -> None:
    answer = DeskPages(funded).our("/reports/bank")
    assert (answer.status_code, len(refusals(answer))) == (200, 1)


def test_the_tax_of_a_month_is_declared(taxed: Office, tmp_path: Path) -> None:
    """The page has no whole number; the files have, and are made when they are asked for."""
    taxed.disburse()
    clerk = DeskPages(taxed).log_in()
    ((month, people, *_sums),) = cells(clerk.page("/reports"), "taxes")
    assert (month, people) == ("2020年11月", "6")
    waiting = clerk.our("/reports/tax/2020-11")
    assert "B2020-001" in refusals(waiting)[0]
    take_result(taxed, everyone(PAID, 1, 2, 3, 4, 5, 6))
    page = clerk.page("/reports/tax/2020-11")
    with taxed.registry() as registry:
        numbers = [payee.identity for payee in registry.payees()]
    assert not [one for one in numbers if one in page]
    links = BeautifulSoup(page, "html.parser").select("a[download]")
    said = taxed.run("report", "tax", "2020-11", "--json").json
    assert [link.get_text() for link in links] == [Path(one["path"]).name for one in said["files"]]
    for link, one in zip(links, said["files"], strict=True):
        answer = clerk.our(str(link["href"]))
        assert answer.data == (taxed.folder / one["path"]).read_bytes()
    workbook = openpyxl.load_workbook(io.BytesIO(clerk.our(str(links[0]["href"])).data))
    rows = workbook[workbook.sheetnames[0]].iter_rows(values_only=True)
    text = " ".join(str(cell) for row in rows for cell in row)
    assert numbers[0] in text
    assert clerk.our("/reports/tax/2020-11/x.pdf").status_code == 404
