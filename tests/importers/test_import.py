"""``import``: good rows go in, bad rows come back, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

# Windows has no such file, and says no more.
TOO_LONG = "no such file" if sys.platform == "win32" else "too long"


def test_good_rows_go_in_and_bad_rows_come_back(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2, 身份证号="370481199003071234"), row(3))
    (file,) = imported(office, path)
    assert (file["rows"], file["added"], file["quarantined"]) == (3, 2, 1)
    (problem,) = (problem for problem in file["problems"] if problem["severity"] == "error")
    assert (problem["sheet"], problem["row"], problem["column"], problem["code"]) == (
        "花名册", 4, "身份证号", "identity_check_digit",
    )  # fmt: skip
    assert "370481199003071234" not in problem["message"]
    assert file["problem_workbook"] == str(tmp_path / "待改" / "a.xlsx")
    assert office.status()["payees"]["registered"] == 2


def test_the_problem_workbook_is_corrected_and_comes_in(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2, 身份证号="370481199003071234"))
    (file,) = imported(office, path)
    book = load_workbook(file["problem_workbook"])
    (cell,) = (
        cell
        for sheet in book
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.value == "370481199003071234"
    )
    assert cell.fill.fill_type == "solid"
    assert cell.comment is not None
    cell.value = made_up(2).identity
    book.save(tmp_path / "corrected.xlsx")
    (file,) = imported(office, tmp_path / "corrected.xlsx")
    assert (file["added"], file["quarantined"]) == (1, 0)
    assert office.status()["payees"]["registered"] == 2


def test_a_second_import_changes_nothing(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2))
    imported(office, path)
    before = office.status()
    again = office.run("import", "--json", path)
    assert again.status == 0
    (file,) = again.json["files"]
    assert (file["added"], file["changed"], file["unchanged"]) == (0, 0, 2)
    assert office.status() == before


def test_the_order_of_the_files_makes_no_difference(office: Office, tmp_path: Path) -> None:
    """One person in two towns goes to the town that is first by code, however they are named."""
    first = roster(tmp_path / "z.xlsx", row(1))
    second = roster(
        tmp_path / "a.xlsx",
        row(1, 普查小区编码="370481116001001"),
        row(2, 普查小区编码="370481116001002"),
    )
    renamed = second.rename(tmp_path / "东郭镇.xlsx")
    book = load_workbook(renamed)
    book.worksheets[0]["A1"] = "东郭镇两员补助花名册"
    book.save(renamed)
    later, earlier = imported(office, renamed, first)
    assert (earlier["added"], later["added"], later["quarantined"]) == (1, 1, 1)
    assert {p["code"] for p in later["problems"] if p["severity"] == "error"} == {
        "registered_elsewhere"
    }


def test_a_changed_account_waits_for_consent(office: Office, tmp_path: Path) -> None:
    imported(office, roster(tmp_path / "a.xlsx", row(1)))
    changed = roster(tmp_path / "b.xlsx", row(1, 银行卡号=made_up(77).account))
    (file,) = imported(office, changed)
    assert (file["held"], file["changed"]) == (1, 0)
    assert file["held_changes"] == [
        {"sheet": "花名册", "row": 3, "payee": "P000001", "fields": ["account"], "needs": "consent"}
    ]
    said = office.run("import", changed).out
    old, new = made_up(1).account, made_up(77).account
    assert f"P000001 {made_up(1).legal_name}, account: ****{old[-4:]} -> ****{new[-4:]}" in said
    assert old not in said
    assert new not in said
    with office.registry() as registry:
        assert registry.payees()[0].account == made_up(1).account
    (file,) = imported(office, changed, "--yes")
    assert (file["held"], file["changed"]) == (0, 1)
    with office.registry() as registry:
        assert registry.payees()[0].account == made_up(77).account
        assert [change.field for change in registry.changes(1)] == ["added", "account"]


def test_a_dry_run_writes_nothing(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2, 姓名=""))
    (file,) = imported(office, path, "--dry-run")
    assert (file["added"], file["quarantined"], file["problem_workbook"]) == (1, 1, None)
    assert not (tmp_path / "待改").exists()
    assert office.status()["payees"]["registered"] == 0


def test_a_workbook_that_is_being_corrected_is_never_replaced(
    office: Office, tmp_path: Path
) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2, 姓名=""))
    (first,) = imported(office, path)
    assert imported(office, path)[0]["problem_workbook"] == first["problem_workbook"]
    half_corrected = Path(first["problem_workbook"])
    half_corrected.write_bytes(half_corrected.read_bytes() + b"corrected")
    (again,) = imported(office, path)
    assert again["problem_workbook"] == str(tmp_path / "待改" / "a-2.xlsx")
    assert half_corrected.read_bytes().endswith(b"corrected")
    assert sorted(path.name for path in half_corrected.parent.iterdir()) == ["a-2.xlsx", "a.xlsx"]


def test_each_round_of_correction_lies_beside_the_first(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "名册-2020.xlsx", row(1), row(2, 姓名=""), row(3, 姓名=""))
    back = []
    for turn in range(3):
        (file,) = imported(office, path)
        path = Path(file["problem_workbook"])
        back.append(path.relative_to(tmp_path).as_posix())
        book = load_workbook(path)
        page = book.worksheets[0]
        heading = next(cell for line in page for cell in line if cell.value == "姓名")
        page.cell(heading.row + 1, heading.column).value = f"待核{turn}"
        book.save(path)
    assert back == ["待改/名册-2020.xlsx", "待改/名册-2020-2.xlsx", "待改/名册-2020-3.xlsx"]


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that are no rosters, and a word of the line that says so."""
    empty = folder / "empty.xlsx"
    empty.write_bytes(b"")
    pdf = folder / "letter.xlsx"
    pdf.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    header_only = roster(folder / "荆河街道.xlsx")
    wrong = folder / "wrong.csv"
    wrong.write_text("日期,摘要,金额\n2020-01-01,利息,5.00\n", encoding="utf-8")
    damaged = folder / "damaged.xlsx"
    damaged.write_bytes(roster(folder / "whole.xlsx", row(1)).read_bytes()[:900])
    hollow = folder / "空"
    hollow.mkdir()
    return {
        "empty": (empty, "empty"),
        "a PDF": (pdf, "PDF"),
        "header only": (header_only, "nobody is listed"),
        "another table": (wrong, "no row of headings"),
        "damaged": (damaged, "damaged"),
        "missing": (folder / "nowhere.xlsx", "no such file"),
        "an empty folder": (hollow, "folder"),
        "a name that is no name": (folder / f"{'长' * 300}.xlsx", TOO_LONG),
    }


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "a PDF",
        "header only",
        "another table",
        "damaged",
        "missing",
        "an empty folder",
        "a name that is no name",
    ],
)
def test_a_wrong_file_is_one_clear_line_and_changes_nothing(
    office: Office, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    path, word = bad_files(folder)[kind]
    refused = office.run("import", path)
    assert refused.status == 1
    (line,) = refused.err.strip().splitlines()
    assert path.name in line
    assert word in line
    assert refused.out == ""
    assert office.status()["payees"]["registered"] == 0
    assert not (folder / "待改").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_name_in_the_bytes_of_gbk_is_read_as_the_characters_it_means(
    office: Office, tmp_path: Path
) -> None:
    """As an archive from Windows leaves it: the name says the town, and names what goes back."""
    path = tmp_path / os.fsdecode("荆河街道名册.xlsx".encode("gbk"))
    roster(tmp_path / "sent.xlsx", row(1), row(2, 身份证号="123")).rename(path)
    answer = office.run("import", path, "--date", "2020-10-19")
    assert answer.status == 0
    assert "荆河街道名册.xlsx" in answer.out
    assert (tmp_path / "待改" / "荆河街道名册.xlsx").is_file()
    with office.registry() as registry:
        assert [payee.town for payee in registry.payees()] == ["370481001"]
        assert registry.file.read("select name from originals") == [("荆河街道名册.xlsx",)]


def test_a_sheet_that_was_not_read_is_said(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1))
    book = load_workbook(path)
    hidden = book.create_sheet("旧名单")
    hidden.append(["王五", "x"])
    hidden.sheet_state = "hidden"
    book.save(path)
    (file,) = imported(office, path)
    assert file["notes"] == ["Sheet 旧名单 is hidden and was not read"]
    assert "a.xlsx: Sheet 旧名单 is hidden" in office.run("import", path).out


def test_one_bad_file_does_not_keep_the_others_out(office: Office, tmp_path: Path) -> None:
    good = roster(tmp_path / "a.xlsx", row(1))
    answer = office.run("import", "--json", tmp_path / "nowhere.xlsx", good)
    assert answer.status == 0
    missing, taken = answer.json["files"]
    assert "no such file" in missing["error"]
    assert taken["added"] == 1


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="a folder that refuses its owner"
)
def test_without_a_place_for_the_bad_rows_nothing_goes_in(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    path = roster(folder / "a.xlsx", row(1), row(2, 姓名=""))
    folder.chmod(0o500)
    refused = office.run("import", path)
    folder.chmod(0o700)
    assert refused.status == 1
    assert "copy the roster" in refused.err
    assert office.status()["payees"]["registered"] == 0


def test_a_file_in_place_of_the_folder_for_bad_rows(office: Office, tmp_path: Path) -> None:
    path = roster(tmp_path / "a.xlsx", row(1), row(2, 姓名=""))
    (tmp_path / "待改").write_text("in the way", encoding="utf-8")
    refused = office.run("import", path)
    assert refused.status == 1
    assert "cannot be written" in refused.err
    assert office.status()["payees"]["registered"] == 0


def test_nothing_is_imported_without_books(tmp_path: Path, office: Office) -> None:
    path = roster(tmp_path / "a.xlsx", row(1))
    shutil.rmtree(office.folder)
    refused = office.run("import", path)
    assert refused.status == 1
    assert "no books" in refused.err or "census-ledger.toml" in refused.err


def test_a_table_that_nobody_knows_is_asked_for_what_it_is(office: Office, tmp_path: Path) -> None:
    """A statement in other words is not told that it misses identity numbers."""
    path = tmp_path / "表.csv"
    path.write_text("日子,进,出\n2020-05-08,1,\n", encoding="utf-8")
    assert "--as statement" in office.run("import", path).err
    assert "身份证号" in office.run("import", "--as", "roster", path).err
    assert "not a bank statement" in office.run("import", "--as", "statement", path).err
