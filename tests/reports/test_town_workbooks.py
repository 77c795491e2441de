"""``report towns``: the sheets of a batch as workbooks, one for each town."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from ledger.model.ids import BatchId
from tests.support.approving import with_colleagues
from tests.support.beginnings import beginning
from tests.support.office import Office

TOWN = "B2020-001-发放表-370481001荆河街道.xlsx"
OTHER = "B2020-001-发放表-370481101洪绪镇.xlsx"


@beginning
def prepared(funded: Office) -> Office:
    """Six people of two towns."""
    assert funded.disburse().status == 0
    return funded


def test_each_town_has_its_own_and_nobody_elses(prepared: Office, tmp_path: Path) -> None:
    answer = prepared.run("report", "towns", "B2020-001", "--json").json
    assert answer["files"] == [
        {"path": f"reports/{TOWN}", "town": "370481001", "rows": 3},
        {"path": f"reports/{OTHER}", "town": "370481101", "rows": 3},
    ]
    path = prepared.folder / "reports" / TOWN
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["荆河街道"]
    sheet = book.active
    assert sheet is not None
    # As it is printed: on the width of a page, with its head on each, and which page of how many.
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    said = prepared.run("verify", path, "--json").json
    assert (said["ok"], said["kind"], said["matched"]) == (True, "town_workbook", "rows")
    assert "saved again" not in prepared.run("verify", path).out
    # Under the name of the whole batch it lacks the others.
    whole = tmp_path / "B2020-001-发放表.xlsx"
    whole.write_bytes(path.read_bytes())
    assert prepared.run("verify", whole).status == 1
    before = path.read_bytes()
    assert prepared.run("report", "towns", "B2020-001", "--town", "荆河街道").status == 0
    assert path.read_bytes() == before


def test_a_row_that_was_changed_is_named(prepared: Office, tmp_path: Path) -> None:
    prepared.run("report", "towns", "B2020-001")
    book = openpyxl.load_workbook(prepared.folder / "reports" / TOWN)
    sheet = book.active
    assert sheet is not None
    sheet["G5"] = "6215217777777777777"
    path = tmp_path / TOWN
    book.save(path)
    (difference,) = prepared.run("verify", path, "--json").json["differences"]
    assert difference["column"] == "银行账号"


def test_a_batch_that_nobody_should_sign_for_has_none(prepared: Office) -> None:
    prepared.register(2, town="370481102")
    prepared.disburse(on="2020-11-10")
    prepared.run("batch", "void", "B2020-002", "--yes", "--date", "2020-11-11")
    for batch, code in (("B2020-002", "not-for-towns"), ("B2020-009", "no-such-batch")):
        assert prepared.run("report", "towns", batch, "--json").json["code"] == code
    refused = prepared.run("report", "towns", "B2020-001", "--town", "370481102", "--json")
    assert refused.json["code"] == "town-not-in-batch"


def test_lists_wait_for_the_approvals(funded: Office) -> None:
    with_colleagues(funded)
    funded.disburse()
    assert funded.run("report", "towns", "B2020-001", "--json").json["code"] == "not-for-towns"


def test_rows_that_are_not_those_of_the_seal_make_none(prepared: Office) -> None:
    rows = prepared.books().history.batches[BatchId("B2020-001")].rows
    with prepared.registry() as registry, registry.file.all_or_none():
        registry.file.execute("delete from frozen_rows where sha256 = ?", (rows,))
    answer = prepared.run("report", "towns", "B2020-001", "--json")
    assert answer.json["code"] == "rows-missing"
