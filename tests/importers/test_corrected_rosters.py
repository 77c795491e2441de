"""The workbook of bad rows on its way: to the town's program, corrected, back, three times over."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from importers.corrections.problem_workbook import write_problem_workbook
from importers.rosters.roster import read_roster
from importers.tables import cells
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import ROLES
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import TOWNS

SOURCE = "来源"
HEADER_ROW = 3


def column_of(page: Worksheet, heading: str) -> int:
    return [cell.value for cell in page[HEADER_ROW]].index(heading) + 1


def cell_of(page: Worksheet, row: int, heading: str) -> Cell:
    cell = page.cell(row, column_of(page, heading))
    assert isinstance(cell, Cell)
    return cell


def row_from(page: Worksheet, source: str) -> int:
    """The row that the town finds under the place of its own roster."""
    column = column_of(page, SOURCE)
    (row,) = (n for n in range(4, page.max_row + 1) if page.cell(n, column).value == source)
    return row


def correct(path: Path, *changes: tuple[str, str, str]) -> None:
    """Type (source, heading, text) into a workbook and save it where it is."""
    book = openpyxl.load_workbook(path)
    for source, heading, text in changes:
        page = book.worksheets[0]
        cell_of(page, row_from(page, source), heading).value = text
    book.save(path)


def imported(office: Office, path: Path) -> dict[str, Any]:
    answer = office.run("import", "--json", "--date", "2020-10-19", path)
    (file,) = answer.json["files"]
    counts: dict[str, Any] = file
    return counts


def test_three_rounds_of_correction(office: Office, tmp_path: Path) -> None:
    """Good rows go in at once. Of those that came back each round takes what was corrected, as the
    correction of that very row, and hands back the rest under the same place.
    """
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(
        roster(
            person(1),
            person(2, 身份证号="370481199003071234"),
            person(3, 银行卡号=6215210000000001),
            person(4, 岗位="厨师", 姓名=""),
        )
    )
    first = imported(office, path)
    assert (first["rows"], first["added"], first["quarantined"]) == (4, 1, 3)

    returned = Path(first["problem_workbook"])
    correct(
        returned,
        ("荆河街道.xlsx Sheet1!4", "身份证号", made_up(2).identity),
        ("荆河街道.xlsx Sheet1!5", "银行卡号", "62152100"),
    )
    second = imported(office, returned)
    assert (second["rows"], second["added"], second["quarantined"]) == (3, 1, 2)
    assert {(p["column"], p["code"]) for p in second["problems"]} == {
        ("银行卡号", "account_form"), ("岗位", "role_unknown"), ("姓名", "name_missing"),
    }  # fmt: skip

    returned = Path(second["problem_workbook"])
    correct(
        returned,
        ("荆河街道.xlsx Sheet1!5", "银行卡号", made_up(3).account),
        ("荆河街道.xlsx Sheet1!6", "岗位", made_up(4).role),
    )
    third = imported(office, returned)
    assert (third["rows"], third["added"], third["quarantined"]) == (2, 1, 1)

    returned = Path(third["problem_workbook"])
    correct(returned, ("荆河街道.xlsx Sheet1!6", "姓名", made_up(4).legal_name))
    last = imported(office, returned)
    assert (last["rows"], last["added"], last["quarantined"], last["problem_workbook"]) == (
        1, 1, 0, None,
    )  # fmt: skip

    with office.registry() as registry:
        payees = registry.payees()
    assert [(p.legal_name, p.identity, p.account, p.block) for p in payees] == [
        (p.legal_name, p.identity, p.account, p.block) for p in map(made_up, (1, 2, 3, 4))
    ]
    assert imported(office, returned)["unchanged"] == 1


def test_a_reason_names_rows_as_the_town_knows_them(office: Office, tmp_path: Path) -> None:
    """By the place in its own roster, from the first round on."""
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(roster(*(person(n, 银行卡号=made_up(9).account) for n in (1, 2))))
    for places in (("3", "4"), ("荆河街道.xlsx Sheet1!3", "荆河街道.xlsx Sheet1!4")):
        path = Path(imported(office, path)["problem_workbook"])
        page = openpyxl.load_workbook(path).worksheets[0]
        assert "来源" in str(page["A2"].value)
        reasons = [cell_of(page, row, "退回原因").value for row in (4, 5)]
        assert [f"{place} 行" in str(reason) for place, reason in
                zip(reversed(places), reasons, strict=True)] == [True, True]  # fmt: skip


@pytest.fixture
def half_corrected(office: Office, tmp_path: Path) -> Path:
    """The roster of a town: of three rows that came back, one has been corrected, in two rounds."""
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(roster(person(1), *(person(n, 姓名="") for n in (2, 3, 4))))
    for text in ("1", made_up(2).legal_name):
        returned = Path(imported(office, path)["problem_workbook"])
        correct(returned, ("荆河街道.xlsx Sheet1!4", "姓名", text))
        imported(office, returned)
    return path


def test_what_was_corrected_since_is_not_sent_back_again(
    office: Office, half_corrected: Path
) -> None:
    """Whichever round comes once more, and the roster itself."""
    rounds = sorted((half_corrected.parent / "待改").iterdir())
    for path in (*rounds, half_corrected):
        answer = office.run("import", path, "--json").json["files"][0]
        parts = ("added", "unchanged", "quarantined", "skipped")
        assert answer["rows"] == sum(answer[part] for part in parts)
        assert answer["quarantined"] == 2
        page = openpyxl.load_workbook(answer["problem_workbook"]).worksheets[0]
        column = column_of(page, SOURCE)
        places = {page.cell(n, column).value for n in range(4, page.max_row + 1)}
        assert places == {"荆河街道.xlsx Sheet1!5", "荆河街道.xlsx Sheet1!6"}
    said = office.run("import", half_corrected).out
    assert "1 row was sent back before and has been corrected since" in said


def test_another_towns_row_at_the_same_place_is_sent_back(
    office: Office, half_corrected: Path, tmp_path: Path
) -> None:
    (tmp_path / "另一个").mkdir()
    path = tmp_path / "另一个" / half_corrected.name
    people = [person(n, 姓名="", 普查小区编码=f"37048110100100{n}") for n in (5, 6, 7)]
    path.write_bytes(roster(*people, title="洪绪镇两员花名册"))
    for _time in range(2):
        assert imported(office, path)["quarantined"] == 3
    returned = Path(imported(office, path)["problem_workbook"])
    assert imported(office, returned)["quarantined"] == 3


def test_a_newer_roster_of_the_name_is_another(office: Office, half_corrected: Path) -> None:
    half_corrected.write_bytes(roster(person(1), person(8, 身份证号="370481199003071234")))
    assert imported(office, half_corrected)["quarantined"] == 1


def test_a_row_that_is_corrected_a_second_time_is_looked_at_again(
    office: Office, half_corrected: Path
) -> None:
    returned = half_corrected.parent / "待改" / "荆河街道-3.xlsx"
    correct(returned, ("荆河街道.xlsx Sheet1!4", "银行卡号", made_up(1).account))
    file = imported(office, returned)
    assert "account_shared" in {problem["code"] for problem in file["problems"]}
    assert file["quarantined"] == 3


def test_a_corrected_workbook_of_a_roster_whose_town_was_said(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "名册（含账户）.xlsx"
    path.write_bytes(roster(person(1), person(2, 姓名=""), title="两员花名册"))
    first = office.run("import", path, "--town", "荆河街道", "--json").json["files"][0]
    returned = Path(first["problem_workbook"])
    correct(returned, ("名册（含账户）.xlsx Sheet1!4", "姓名", made_up(2).legal_name))
    second = office.run("import", returned, "--json").json["files"][0]
    assert (second["added"], second["problems"]) == (1, [])


@pytest.mark.parametrize("place", ["荆河街道.xlsx Sheet1!999", "别的.xlsx Sheet1!3",
                                   "荆河街道.xlsx Sheet1!3"])  # fmt: skip
def test_a_place_from_which_nothing_was_sent_back_is_pointed_out(
    office: Office, tmp_path: Path, place: str
) -> None:
    """Of the rows of 荆河街道.xlsx the third was taken, and there is no 999th."""
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(roster(person(1), person(2, 姓名="")))
    returned = Path(imported(office, path)["problem_workbook"])
    book = openpyxl.load_workbook(returned)
    page = book.worksheets[0]
    for heading, text in person_as_typed(9).items():
        cell_of(page, 4, heading).value = text
    cell_of(page, 4, SOURCE).value = place
    book.save(returned)
    file = imported(office, returned)
    assert file["added"] == 1
    assert [problem["code"] for problem in file["problems"]] == ["row_added"]


def person_as_typed(number: int) -> dict[str, str]:
    return dict(zip(HEADINGS, map(str, person(number)), strict=True))


def test_the_rows_that_were_good_are_not_touched_by_the_corrected_file(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(roster(person(1), person(2, 姓名="")))
    returned = Path(imported(office, path)["problem_workbook"])
    correct(returned, ("荆河街道.xlsx Sheet1!4", "姓名", made_up(2).legal_name))
    imported(office, returned)
    with office.registry() as registry:
        assert [change.field for change in registry.changes(1)] == ["added"]


def test_a_row_that_was_not_sent_back_is_pointed_out(office: Office, tmp_path: Path) -> None:
    """It may be right, but a file of corrections is where one would slip somebody in."""
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(roster(person(1), person(2, 姓名="")))
    returned = Path(imported(office, path)["problem_workbook"])
    book = openpyxl.load_workbook(returned)
    page = book.worksheets[0]
    cell_of(page, 4, "姓名").value = made_up(2).legal_name
    for row, number in ((5, 3), (6, 4)):
        for heading, text in zip(HEADINGS, person(number), strict=True):
            cell_of(page, row, heading).value = str(text)
    cell_of(page, 6, SOURCE).value = cell_of(page, 4, SOURCE).value
    book.save(returned)
    file = imported(office, returned)
    assert [(p["row"], p["code"], p["severity"]) for p in file["problems"]] == [
        (5, "row_added", "warning"), (6, "row_added", "warning"),
    ]  # fmt: skip
    assert file["added"] == 3


def test_a_rosters_own_column_of_sources_says_nothing_of_the_kind() -> None:
    content = workbook({"a": [["荆河街道"], [*HEADINGS, "来源"], [*person(1), ""]]})
    assert read_roster("a.xlsx", content).problems == ()


def returned_roster(path: Path) -> Path:
    headings = ["镇街", *HEADINGS]
    rows: list[list[cells.Cell]] = [
        ["城区", *person(1, 岗位="厨师")],
        ["荆河街道", *person(2, 身份证号=370481199003071232, 银行卡号="0" * 11)],
        ["荆河街道", *person(3, 岗位=SUPERVISOR, 普查小区编码="")],
    ]
    content = workbook({"Sheet1": [headings, *rows]})
    result = read_roster("两员.xlsx", content, posts="required")
    write_problem_workbook(path, result, result.quarantined, result.problems)
    return path


def check_workbook(path: Path) -> None:
    """What the town sees, whoever saved the file last."""
    page = openpyxl.load_workbook(path).worksheets[0]
    wrong = {
        (4, "镇街"), (4, "岗位"), (5, "身份证号"), (5, "银行卡号"), (6, "普查区编码"),
    }  # fmt: skip
    headings = [str(cell.value) for cell in page[HEADER_ROW]][:-2]
    for row in (4, 5, 6):
        for heading in headings:
            cell = cell_of(page, row, heading)
            coloured = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == "FFFFC7CE"
            assert coloured == ((row, heading) in wrong), (row, heading)
            assert (cell.comment is not None) == ((row, heading) in wrong), (row, heading)
    for heading in ("身份证号", "银行卡号", "普查小区编码", "联系电话", "普查区编码"):
        assert {cell_of(page, row, heading).number_format for row in (4, 5, 6)} == {"@"}
        assert all(
            cell_of(page, row, heading).data_type in ("s", "n")
            and not isinstance(cell_of(page, row, heading).value, int | float)
            for row in (4, 5, 6)
        )
    choices = {
        str(one.sqref).split(":")[0]: one.formula1 for one in page.data_validations.dataValidation
    }
    assert {place: (text or "").strip('"').split(",") for place, text in choices.items()} == {
        cell_of(page, 4, "岗位").coordinate: list(ROLES),
        cell_of(page, 4, "镇街").coordinate: [town.name for town in TOWNS],
    }


def test_every_wrong_cell_is_coloured_and_commented_and_fixed_values_are_chosen(
    tmp_path: Path,
) -> None:
    """A column that the roster lacks and a row needs is there to be filled in."""
    check_workbook(returned_roster(tmp_path / "退改.xlsx"))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_keeps_all_of_it(tmp_path: Path) -> None:
    """Opened and saved by another program, as towns do, it says the same and comes in corrected."""
    path = returned_roster(tmp_path / "退改.xlsx")
    saved = tmp_path / "saved"
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    check_workbook(saved / path.name)
    correct(
        saved / path.name,
        ("两员.xlsx Sheet1!2", "镇街", "荆河街道"),
        ("两员.xlsx Sheet1!2", "岗位", made_up(1).role),
        ("两员.xlsx Sheet1!3", "身份证号", made_up(2).identity),
        ("两员.xlsx Sheet1!3", "银行卡号", made_up(2).account),
        ("两员.xlsx Sheet1!4", "普查区编码", made_up(3).area),
    )
    result = read_roster("退改.xlsx", (saved / path.name).read_bytes())
    assert result.problems == ()
    assert [(row.identity, row.account) for row in result.rows] == [
        (p.identity, p.account) for p in map(made_up, (1, 2, 3))
    ]
