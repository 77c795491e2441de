"""Correction sheets: what a town gets of its returned people, and what comes back of it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import SENT_BACK
from tests.support.bank_results import WRONG_NAME
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import result_file
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit

ID_WRONG = ("交易失败", "证件号码不符")


@beginning
def returned(funded: Office) -> Office:
    """P000002 and P000003 of one town and P000005 of another came back."""
    assert funded.disburse().status == 0
    answers = everyone(PAID, 1, 4, 6) | everyone(CLOSED, 2) | everyone(WRONG_NAME, 3)
    assert take_result(funded, answers | everyone(ID_WRONG, 5)).status == 0
    return funded


def take_again(office: Office) -> Answer:
    """The very same file once more."""
    answers = everyone(PAID, 1, 4, 6) | everyone(CLOSED, 2) | everyone(WRONG_NAME, 3)
    return take_result(office, answers | everyone(ID_WRONG, 5))


def ids(path: Path) -> list[str]:
    """Who is on a sheet."""
    return [row[0] for row in texts(path)[1:]]


def sheets(office: Office) -> list[Path]:
    return sorted((office.folder.parent / "退回更正").glob("*.xlsx"))


def change(path: Path, payee: str, **cells: str) -> Path:
    """What the town does: type over cells of one person's row."""
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    headings = [cell.value for cell in page[3]]
    for row in page.iter_rows(min_row=4):
        if row[0].value == payee:
            for heading, value in cells.items():
                row[headings.index(heading)].value = value
    corrected = path.with_name(f"已改-{path.name}")
    book.save(corrected)
    return corrected


def texts(path: Path) -> list[list[str]]:
    page = openpyxl.load_workbook(path).active
    assert page is not None
    return [[str(cell.value or "") for cell in row] for row in page.iter_rows(min_row=3)]


def test_a_workbook_for_each_town_with_returns(returned: Office) -> None:
    assert [path.name for path in sheets(returned)] == [
        "B2020-001-退回更正-370481001荆河街道.xlsx",
        "B2020-001-退回更正-370481101洪绪镇.xlsx",
    ]
    headings, first, second = texts(sheets(returned)[0])
    assert headings[0] == "人员编号"
    assert [first[0], second[0]] == ["P000002", "P000003"]
    reason = headings.index("退回原因")
    assert "账户已销户" in first[reason]
    assert "户名不符" in second[reason]
    assert all(first[headings.index(name)] for name in ("改正办法", "银行账号", "身份证号"))


def test_the_cells_to_correct_are_red_and_numbers_are_text(returned: Office) -> None:
    page = openpyxl.load_workbook(sheets(returned)[0]).active
    assert page is not None
    headings = [cell.value for cell in page[3]]
    closed = {heading: page.cell(4, place) for place, heading in enumerate(headings, 1)}
    red = {name for name, cell in closed.items() if cell.fill.fgColor.rgb == "FFFFC7CE"}
    assert red == {"开户行", "银行账号"}
    assert closed["银行账号"].number_format == "@"
    assert closed["身份证号"].data_type == "s"


def test_the_corrected_sheet_is_imported_and_paid(returned: Office) -> None:
    new = with_luhn_digit("621521777777777")
    corrected = change(sheets(returned)[0], "P000002", 银行账号=new)
    held = returned.run("import", corrected, "--json").json["files"][0]
    assert (held["held"], held["changed"], held["unchanged"]) == (1, 0, 1)
    taken = returned.run("import", corrected, "--yes", "--json").json["files"][0]
    assert (taken["kind"], taken["changed"], taken["unchanged"]) == ("roster", 1, 1)
    assert taken["problems"] == []
    again = returned.disburse(on="2020-11-20")
    assert again.json["payees"] == 1
    with returned.registry() as registry:
        (payee,) = [one for one in registry.payees() if one.payee_id == "P000002"]
        assert payee.account == new
        assert [entry.field for entry in registry.changes(payee.serial)] == ["added", "account"]
    assert returned.check() == []


def test_the_holders_name_is_corrected_without_the_legal_one(returned: Office) -> None:
    with returned.registry() as registry:
        before = registry.payees()[2].legal_name
    corrected = change(sheets(returned)[0], "P000003", 银行户名="李银行")
    returned.run("import", corrected, "--yes")
    with returned.registry() as registry:
        (payee,) = [one for one in registry.payees() if one.payee_id == "P000003"]
    assert (payee.bank_name, payee.legal_name) == ("李银行", before)
    assert returned.disburse(on="2020-11-20").json["payees"] == 1


def test_an_identity_number_is_corrected_by_the_id_of_the_row(returned: Office) -> None:
    """The person stays the same person, with her history."""
    identity = with_check_digit("37048119770707888")
    corrected = change(sheets(returned)[1], "P000005", 身份证号=identity)
    taken = returned.run("import", corrected, "--yes", "--json").json["files"][0]
    assert (taken["changed"], taken["added"], taken["quarantined"]) == (1, 0, 0)
    assert returned.status()["payees"]["registered"] == 6
    assert returned.disburse(on="2020-11-20").json["payees"] == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"人员编号": "P000777"}, "payee_unknown"),
        ({"人员编号": "P000001"}, "payee_other"),
        ({"身份证号": "of another"}, "registered_elsewhere"),
        ({"银行账号": "of another"}, "account_shared"),
    ],
)
def test_a_row_that_became_somebody_elses_comes_back(
    returned: Office, cells: dict[str, str], code: str
) -> None:
    with returned.registry() as registry:
        before = registry.payees()
    other = before[0]
    values = {"身份证号": other.identity, "银行账号": other.account}
    typed = {
        name: values[name] if value == "of another" else value for name, value in cells.items()
    }
    corrected = change(sheets(returned)[0], "P000002", **typed)
    answer = returned.run("import", corrected, "--yes", "--json").json["files"][0]
    assert [problem["code"] for problem in answer["problems"]] == [code]
    assert answer["quarantined"] == 1
    with returned.registry() as registry:
        assert registry.payees() == before


def test_a_sheet_that_is_being_corrected_is_not_replaced(returned: Office) -> None:
    first = sheets(returned)[0]
    first.write_bytes(b"somebody is at work here")
    take_result(returned, everyone(SENT_BACK, 1), name="又一份.csv", on="2020-11-18")
    assert first.read_bytes() == b"somebody is at work here"
    assert ids(first.with_name(f"{first.stem}-2.xlsx")) == ["P000001"]


def test_everybody_is_on_one_sheet_for_each_return(returned: Office) -> None:
    """What one sheet has corrected another would undo: it shows the record as it was before."""
    take_result(returned, everyone(SENT_BACK, 1, 4), name="又一份.csv", on="2020-11-18")
    listed = [payee for path in sheets(returned) for payee in ids(path)]
    assert sorted(listed) == ["P000001", "P000002", "P000003", "P000004", "P000005"]


def test_results_that_are_imported_together_share_the_sheets(funded: Office) -> None:
    funded.disburse()
    files = [
        result_file(funded, everyone(CLOSED, 1), name="一.csv"),
        result_file(funded, everyone(CLOSED, 3) | everyone(FROZEN, 6), name="二.csv"),
    ]
    one, two = funded.run("import", *files, "--date", "2020-11-15", "--json").json["files"]
    assert [ids(Path(path)) for path in one["correction_sheets"]] == [["P000001", "P000003"]]
    assert [ids(Path(path)) for path in two["correction_sheets"]] == [
        ["P000001", "P000003"],
        ["P000006"],
    ]


def test_sheets_that_were_lost_are_made_again_by_the_same_file(returned: Office) -> None:
    contents = {path: path.read_bytes() for path in sheets(returned)}
    for path in contents:
        path.unlink()
    again = take_again(returned)
    assert again.json["files"][0]["repeated"]
    assert {path: path.read_bytes() for path in sheets(returned)} == contents


def test_whoever_was_released_or_corrected_is_on_no_sheet_that_is_made_again(
    returned: Office,
) -> None:
    for path in sheets(returned):
        path.unlink()
    release(returned, "P000002", reason="本人已办妥", on="2020-11-16")
    take_again(returned)
    assert [ids(path) for path in sheets(returned)] == [["P000003"], ["P000005"]]


def test_the_same_file_makes_no_second_sheet(returned: Office) -> None:
    release(returned, "P000002", reason="本人已办妥", on="2020-11-16")
    before = {path: path.read_bytes() for path in sheets(returned)}
    answer = take_again(returned)
    assert {path: path.read_bytes() for path in sheets(returned)} == before
    assert answer.json["files"][0]["correction_sheets"] == []


def test_files_that_were_taken_before_list_nobody_twice_beside_a_new_one(returned: Office) -> None:
    """As when the whole folder of results is imported once more, with a new one in it."""
    taken_before = returned.folder.parent / "回盘.csv"
    new = result_file(returned, everyone(SENT_BACK, 1), name="又一份.csv")
    files = ("--date", "2020-11-18", "--json")
    one, two = returned.run("import", taken_before, new, *files).json["files"]
    assert (one["repeated"], two["repeated"]) == (True, False)
    listed = [payee for path in sheets(returned) for payee in ids(path)]
    assert sorted(listed) == ["P000001", "P000002", "P000003", "P000005"]
    assert one["correction_sheets"] == []
    assert [ids(Path(path)) for path in two["correction_sheets"]] == [["P000001"]]


def test_a_folder_that_cannot_be_written_does_not_undo_the_result(funded: Office) -> None:
    funded.disburse()
    blocked = funded.folder.parent / "退回更正"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    answer = take_result(funded, everyone(CLOSED, 1))
    assert "correction sheets cannot be written" in answer.err
    assert funded.status()["payees"]["returned"] == 1
    blocked.unlink()
    assert take_result(funded, everyone(CLOSED, 1)).json["files"][0]["correction_sheets"]
