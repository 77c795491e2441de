"""``report tax``: everybody of the month once, read back by other programs than ours."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from ledger.base import durable
from ledger.base.digests import file_digest
from ledger.figures.month_tax import month_tax
from ledger.model.months import Month
from reports.tax.columns import DATA
from reports.tax.columns import LABOUR
from reports.tax.columns import PERSON
from reports.tax.columns import layout_on
from reports.tax.workbooks import DeclarationDiffers
from reports.tax.workbooks import Declared
from reports.tax.workbooks import require_as_written
from reports.tax.workbooks import workbook_bytes
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.faulty_disk import FullDisk
from tests.support.office import Office
from tests.support.office import day
from tests.support.pdf_text import by_pypdf

NOVEMBER = Month(2020, 11)
PEOPLE, INCOME = "reports/2020-11-人员信息采集.xlsx", "reports/2020-11-劳务报酬所得.xlsx"
SUMMARY = "reports/2020-11-个人所得税代扣汇总表.pdf"


@beginning
def answered(taxed: Office) -> Office:
    """Six people of one batch: four paid, one came back and was paid again, one was cancelled in
    the month after.
    """
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    correct(taxed, "P000005")
    taxed.disburse(on="2020-11-20")
    take_result(taxed, everyone(PAID, 5), on="2020-11-22", batch="B2020-002", name="二.csv")
    cancelled = taxed.run(
        "payees", "cancel", "P000006", "--reason", "不符合条件", "--date", "2020-12-03", "--yes"
    )
    assert cancelled.status == 0
    return taxed


def rows(path: Path) -> list[dict[str, object]]:
    """The rows by their headings, as openpyxl reads them."""
    (sheet,) = openpyxl.load_workbook(path).worksheets
    titles, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, titles), line, strict=True)) for line in lines]


def test_everybody_of_the_month_stands_once_whatever_came_after(answered: Office) -> None:
    said = answered.run("report", "tax", "2020-11", "--json").json
    assert (said["people"], said["income"], said["tax"]) == (6, "14400.00", "1920.00")
    assert (said["due"], said["until"], said["corrections"]) == ("1920.00", "2020-12-15", [])
    with answered.registry() as registry:
        known = {payee.payee_id: payee for payee in registry.payees()}
    income, people = rows(answered.folder / INCOME), rows(answered.folder / PEOPLE)
    assert [row["工号"] for row in income] == [row["工号"] for row in people] == sorted(known)
    for row, person in zip(income, people, strict=True):
        payee = known[row["工号"]]  # type: ignore[index]
        assert row["*证照号码"] == person["*证件号码"] == payee.identity
        assert (row["*本期收入"], row["*所得项目"]) == (2400, "一般劳务报酬所得")
        assert person["*姓名"] == payee.legal_name
        assert person["手机号码"] == payee.phone
        number = payee.identity
        assert person["*出生日期"] == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        assert person["*性别"] == ("男" if int(number[16]) % 2 else "女")
    assert (len(income[0]), len(people[0])) == (13, 51)


def test_what_was_cancelled_later_is_a_correction_of_that_month(answered: Office) -> None:
    said = answered.run("report", "tax", "2020-12", "--json").json
    assert (said["people"], said["tax"], said["due"]) == (0, "0.00", "-320.00")
    (correction,) = said["corrections"]
    assert correction == {
        "payee": "P000006", "month": "2020-11", "date": "2020-12-03",
        "income": "2400.00", "tax": "320.00",
    }  # fmt: skip
    declared = [month_tax(answered.books().history, Month(2020, n)).due_fen for n in range(1, 13)]
    assert sum(declared) == -sum(change.amount_fen for change in answered.books().flows.tax)


def test_the_summary_and_the_slips_of_each_town(answered: Office) -> None:
    files = answered.run("report", "tax", "2020-11", "--json").json["files"]
    assert [file["kind"] for file in files] == [
        "tax_people", "tax_income", "tax_summary", "tax_slip", "tax_slip"]  # fmt: skip
    (page,) = by_pypdf(answered.folder / SUMMARY)
    text = "".join(page.split())
    assert "应缴税额1,920.00元，大写：人民币壹仟玖佰贰拾元整" in text
    assert "税款所属期：2020-11" in text
    assert "期限：2020年12月15日" in text
    slips = [file for file in files if file["kind"] == "tax_slip"]
    for file in slips:
        (page,) = by_pypdf(answered.folder / file["path"])
        assert page.count("320.00") == 3
        assert "7,200.00" in page
        assert "********" in page
    assert [file["town"] for file in slips] == ["370481001", "370481101"]


def test_who_is_paid_and_not_taxed_is_declared_all_the_same(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1, 2, 3, 4, 5, 6))
    said = funded.run("report", "tax", "2020-11", "--json").json
    assert (said["people"], said["income"], said["tax"]) == (6, "4800.00", "0.00")


def test_two_payments_of_a_month_are_one_row(taxed: Office) -> None:
    """Cancelled within the month and paid after all: one income, one row."""
    taxed.disburse()
    take_result(taxed, everyone(CLOSED, 1) | everyone(PAID, 2, 3, 4, 5, 6))
    taxed.run("payees", "cancel", "P000001", "--reason", "错", "--date", "2020-11-16", "--yes")
    taxed.run("payees", "release", "P000001", "--reason", "核", "--date", "2020-11-17", "--yes")
    taxed.disburse(on="2020-11-18")
    take_result(taxed, everyone(PAID, 1), on="2020-11-22", batch="B2020-002", name="二.csv")
    said = taxed.run("report", "tax", "2020-11", "--json").json
    assert (said["people"], said["income"], said["tax"]) == (6, "14400.00", "1920.00")


def test_a_month_with_a_batch_that_nobody_has_sent_is_not_declared(taxed: Office) -> None:
    taxed.disburse()
    refused = taxed.run("report", "tax", "2020-11", "--json")
    assert (refused.status, refused.json["code"]) == (1, "batches-open")
    assert not (taxed.folder / INCOME).exists()
    assert taxed.run("batch", "void", "B2020-001", "--date", "2020-11-11", "--yes").status == 0
    assert taxed.run("report", "tax", "2020-11", "--json").json["code"] == "nothing-to-declare"


def test_slips_of_a_town_that_drops_out_of_the_month_do_not_stay(taxed: Office) -> None:
    """The one who was paid there is cancelled within the month."""
    taxed.register(1, town="370481003")
    taxed.disburse()
    take_result(taxed, everyone(CLOSED, 7) | everyone(PAID, *range(1, 7)))
    before = taxed.run("report", "tax", "2020-11", "--json").json
    slips = [file["path"] for file in before["files"] if file["town"] == "370481003"]
    assert (len(slips), before["removed"]) == (1, [])
    cancel = ("payees", "cancel", "P000007", "--reason", "错", "--date", "2020-11-16", "--yes")
    assert taxed.run(*cancel).status == 0
    assert taxed.run("report", "tax", "2020-11", "--json").json["removed"] == slips
    assert not (taxed.folder / slips[0]).exists()


def test_the_files_are_private_and_the_same_each_time(answered: Office) -> None:
    files = answered.run("report", "tax", "2020-11", "--json").json["files"]
    again = answered.run("report", "tax", "2020-11", "--json").json["files"]
    assert files == again
    for file in files:
        if sys.platform != "win32":
            assert stat.S_IMODE((answered.folder / file["path"]).stat().st_mode) == 0o600
    assert answered.check() == []


def test_a_workbook_that_is_not_what_the_books_hold_is_not_handed_out(taxed: Office) -> None:
    """Another digit, another amount, a row more, a row less, another heading."""
    taxed.disburse()
    tax = month_tax(taxed.books().history, NOVEMBER)
    with taxed.registry() as registry:
        payees = registry.payees()
    people = [Declared(one, payee) for one, payee in zip(tax.people, payees, strict=True)]
    layout = layout_on(LABOUR, NOVEMBER.last)
    written = workbook_bytes(layout, people, title="", unit="")
    require_as_written(written, layout, people)
    one = people[0]
    other = one._replace(person=one.person._replace(income_fen=one.person.income_fen + 1))
    for changed in (people[1:], [*people, people[0]], [other, *people[1:]], people[::-1]):
        with pytest.raises(DeclarationDiffers):
            require_as_written(written, layout, changed)
    with pytest.raises(DeclarationDiffers):
        require_as_written(b"no workbook", layout, people)


def test_a_declaration_prints_on_the_width_of_a_page(answered: Office) -> None:
    answered.run("report", "tax", "2020-11")
    for name in (INCOME, PEOPLE):
        page = openpyxl.load_workbook(answered.folder / name).worksheets[0]
        assert page.sheet_properties.pageSetUpPr is not None
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$1:$1"


def test_headings_are_dated_and_every_one_that_is_filled_is_there() -> None:
    for kind in (LABOUR, PERSON):
        for said in json.loads(DATA.read_text(encoding="utf-8"))[kind]:
            assert {*said["fields"], *said["values"]} <= set(said["columns"])
    assert "*证照号码" in layout_on(LABOUR, day("2022-12-31")).columns
    now = layout_on(LABOUR, day("2026-12-31"))
    assert ("*证件号码" in now.columns, len(now.columns)) == (True, 14)


def test_on_a_full_disk_every_file_is_whole_and_the_next_run_makes_the_rest(
    answered: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    whole = {
        file["path"]: file["sha256"]
        for file in answered.run("report", "tax", "2020-11", "--json").json["files"]
    }
    reports = answered.folder / "reports"
    for moment in range(1, 100):
        shutil.rmtree(reports, ignore_errors=True)
        monkeypatch.setattr(durable, "disk", disk := FullDisk(moment))
        answer = answered.run("report", "tax", "2020-11", "--json")
        monkeypatch.setattr(durable, "disk", durable.Disk())
        for path, sha256 in whole.items():
            assert (
                not (answered.folder / path).exists()
                or file_digest(answered.folder / path) == sha256
            )
        if disk.seen < moment:
            break
        assert answer.status in (0, 1)
        assert "Traceback" not in answer.err
    assert moment > len(whole)
    assert answer.status == 0


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libre_office_opens_the_declaration_with_its_numbers_whole(
    answered: Office, tmp_path: Path
) -> None:
    answered.run("report", "tax", "2020-11")
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    workbooks = [answered.folder / INCOME, answered.folder / PEOPLE]
    csv_form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", csv_form, "--outdir", tmp_path, *workbooks],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with answered.registry() as registry:
        identities = [payee.identity for payee in registry.payees()]
    for name in workbooks:
        text = (tmp_path / f"{name.stem}.csv").read_text(encoding="utf-8")
        read = list(csv.DictReader(text.splitlines()))
        assert [row.get("*证件号码") or row["*证照号码"] for row in read] == identities
