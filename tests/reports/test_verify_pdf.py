"""``verify`` of printed documents: each tampering is caught, and the row or page is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject
from pypdf.generic import NameObject

from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from reports.batch_statement.document import write_batch_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import RARE_NAMES
from tests.support.office import Office
from tests.support.office import day
from tests.support.verified_office import FIRST
from tests.support.verified_office import OTHER_SHEET
from tests.support.verified_office import PEOPLE_OF_TOWN
from tests.support.verified_office import SECOND
from tests.support.verified_office import SECOND_SHEET
from tests.support.verified_office import SHEET
from tests.support.verified_office import SUMMARY
from tests.support.verified_office import TOWN
from tests.support.verified_office import other_digit
from tests.support.verified_office import pages_of
from tests.support.verified_office import paper
from tests.support.verified_office import rows_of
from tests.support.verified_office import sheet_with
from tests.support.verified_office import shown
from tests.support.verified_office import tell
from tests.support.verified_office import verify


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


def only_difference(said: dict[str, Any]) -> dict[str, Any]:
    assert not said["ok"]
    (difference,) = said["differences"]
    assert isinstance(difference, dict)
    return difference


def changed_at(rows: list[Instruction], number: int, **columns: Any) -> list[Instruction]:
    """The rows with one of them changed, counted from 1."""
    return [*rows[: number - 1], rows[number - 1]._replace(**columns), *rows[number:]]


def saved_again(path: Path, into: Path) -> Path:
    writer = pypdf.PdfWriter()
    writer.append(str(path))
    writer.write(into)
    return into


@pytest.mark.parametrize("name", [SHEET, OTHER_SHEET, SUMMARY, SECOND_SHEET])
def test_a_paper_is_known_by_its_bytes_whatever_it_is_called(
    told: Office, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "scan from the archive.dat"
    path.write_bytes(paper(told, name).read_bytes())
    said = verify(told, path)
    assert (said["ok"], said["matched"], said["batch"]) == (True, "bytes", name[:9])
    assert said["compared_with"] == name


@pytest.mark.parametrize("name", [SHEET, OTHER_SHEET, SUMMARY, SECOND_SHEET])
def test_a_paper_that_was_saved_again_is_known_by_its_rows(
    told: Office, tmp_path: Path, name: str
) -> None:
    said = verify(told, saved_again(paper(told, name), tmp_path / "again.pdf"))
    assert (said["ok"], said["matched"], said["batch"]) == (True, "rows", name[:9])
    assert said["differences"] == []
    assert any("saved again" in note for note in said["notes"])


def test_long_and_rare_names_are_read_whole(told: Office) -> None:
    names = {row.legal_name for row in rows_of(told, FIRST)}
    assert {*RARE_NAMES, LONG_NAME} <= names


def test_identities_may_be_printed_whole(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    path = sheet_with(told, tmp_path / "whole.pdf", rows, mask_identities=False)
    assert verify(told, path)["ok"]
    other = rows[11].identity[:13] + "9" + rows[11].identity[14:]
    path = sheet_with(
        told, tmp_path / "other.pdf", changed_at(rows, 12, identity=other), mask_identities=False
    )
    difference = only_difference(verify(told, path))
    assert (difference["row"], difference["column"]) == (12, "身份证号")
    assert "(character 14 differs)" in difference["here"]
    assert rows[11].identity not in str(difference)


@pytest.mark.parametrize("number", [1, 19, 20, 21, PEOPLE_OF_TOWN])
def test_one_digit_of_an_account_is_found_and_no_account_is_shown(
    told: Office, tmp_path: Path, number: int
) -> None:
    rows = rows_of(told, FIRST, TOWN)
    row = rows[number - 1]
    altered = changed_at(rows, number, account=other_digit(row.account, 9))
    difference = only_difference(verify(told, sheet_with(told, tmp_path / "x.pdf", altered)))
    assert (difference["row"], difference["column"]) == (number, "银行账号")
    assert (difference["payee"], difference["name"]) == (row.payee_id, row.legal_name)
    assert f"****{row.account[-4:]}" in difference["here"]
    assert "(character 9 differs)" in difference["here"]
    answer = shown(told, tmp_path / "x.pdf")
    assert row.legal_name in answer.out
    assert not re.search(r"\d{12}", answer.out)


def test_an_account_that_lost_a_digit_says_so(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    account = rows[3].account[:6] + rows[3].account[7:]
    path = sheet_with(told, tmp_path / "x.pdf", changed_at(rows, 4, account=account))
    difference = only_difference(verify(told, path))
    assert "(15 characters, in the books 16)" in difference["here"]


@pytest.mark.parametrize(
    ("column", "value", "printed"),
    [
        ("legal_name", "李龑", "姓名"),
        ("role", "普查指导员", "岗位"),
        ("area_name", "秋藤社区", "普查区"),
        ("bank", "滕州农商行东郭支行", "开户行"),
        ("bank_name", "王二", "银行账号"),
    ],
)
def test_every_other_column_is_compared(
    told: Office, tmp_path: Path, column: str, value: str, printed: str
) -> None:
    rows = changed_at(rows_of(told, FIRST, TOWN), 1, **{column: value})
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", rows))
    assert not said["ok"]
    places = {(one["row"], one["column"]) for one in said["differences"]}
    assert places == {(1, printed)}


def test_a_changed_amount_is_found_in_its_row_and_in_the_totals(
    told: Office, tmp_path: Path
) -> None:
    rows = changed_at(rows_of(told, FIRST, TOWN), 30, amount_fen=1_800_00)
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", rows))
    places = [(one["row"], one["column"]) for one in said["differences"]]
    assert places[:2] == [(30, "应发金额"), (30, "实发金额")]
    assert {"本页小计 应发金额", "合计 大写", "合计 实发金额"} <= {place[1] for place in places}
    here = {one["column"]: (one["here"], one["books"]) for one in said["differences"]}
    assert here["应发金额"] == ("1,800.00", "800.00")


def test_a_row_taken_out_is_named_and_not_all_after_it(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", [*rows[:9], *rows[10:]]))
    missing = [one for one in said["differences"] if one["kind"] == "missing"]
    assert [(one["row"], one["payee"]) for one in missing] == [(10, rows[9].payee_id)]
    assert not [one for one in said["differences"] if one["row"] and one["kind"] == "changed"]


def test_a_row_put_in_is_named(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    stranger = rows[0]._replace(
        legal_name="钱多多", account="6215219999999999", payee_id=PayeeId("P9")
    )
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", [*rows[:20], stranger, *rows[20:]]))
    (extra,) = [one for one in said["differences"] if one["kind"] == "extra"]
    assert extra["row"] == 21
    assert "钱多多" in extra["here"]
    assert "6215219999999999" not in extra["here"]


def test_two_rows_that_changed_places_are_named(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    rows[4], rows[5] = rows[5], rows[4]
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", rows))
    assert {one["kind"] for one in said["differences"]} == {"moved"}
    assert {one["row"] for one in said["differences"]} <= {5, 6}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"seal": "0123456789abcdef"}, "校验码"),
        ({"on": day("2020-11-11")}, "日期"),
        ({"unit": "某某办公室"}, "编制单位"),
        ({"period": "2021年"}, "补助期间"),
        ({"title": "慰问金发放表"}, "标题"),
        ({"town_name": "龙泉街道"}, "镇（街道）"),
    ],
)
def test_what_stands_above_the_table_is_compared(
    told: Office, tmp_path: Path, fields: dict[str, Any], column: str
) -> None:
    rows = rows_of(told, FIRST, TOWN)
    said = verify(told, sheet_with(told, tmp_path / "x.pdf", rows, **fields))
    assert not said["ok"]
    assert {one["column"] for one in said["differences"]} - {"二维码"} == {column}
    assert {one["page"] for one in said["differences"]} == {1, 2, 3}


def test_signature_boxes_are_the_offices_own(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    boxes = ["经办", "分管领导", "财务负责人", "监督"]
    assert verify(told, sheet_with(told, tmp_path / "x.pdf", rows, boxes=boxes))["ok"]


def page_replaced(told: Office, by: Path, number: int, tmp_path: Path) -> dict[str, Any]:
    mine = paper(told, SHEET)
    path = pages_of((mine, [1]), (by, [number]), (mine, [3]), into=tmp_path / "mixed.pdf")
    return verify(told, path)


def test_a_page_from_another_batch_is_named(told: Office, tmp_path: Path) -> None:
    said = page_replaced(told, paper(told, SECOND_SHEET), 2, tmp_path)
    assert not said["ok"]
    pages = [(one.get("page"), one["here"]) for one in said["differences"]]
    assert pages[0][0] == 2
    assert SECOND in pages[0][1]
    assert ("", "page 2 of 3") in {(one["here"], one["books"]) for one in said["differences"]}
    assert len(said["differences"]) == 2
    assert not any("verify each for itself" in note for note in said["notes"])


def test_a_page_from_another_town_is_named(told: Office, tmp_path: Path) -> None:
    said = page_replaced(told, paper(told, OTHER_SHEET), 1, tmp_path)
    first = said["differences"][0]
    assert (first["page"], first["kind"]) == (2, "page")
    assert "洪绪镇" in first["here"]
    assert "every row as in the books" in first["here"]


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_page_that_is_missing_is_named(told: Office, tmp_path: Path, missing: int) -> None:
    kept = [number for number in (1, 2, 3) if number != missing]
    said = verify(told, pages_of((paper(told, SHEET), kept), into=tmp_path / "x.pdf"))
    difference = only_difference(said)
    assert difference["books"] == f"page {missing} of 3"


def test_a_page_that_stands_twice_is_named(told: Office, tmp_path: Path) -> None:
    said = verify(told, pages_of((paper(told, SHEET), [1, 2, 2, 3]), into=tmp_path / "x.pdf"))
    assert only_difference(said)["page"] == 3


def test_pages_out_of_their_order_are_all_there_and_it_is_said(
    told: Office, tmp_path: Path
) -> None:
    said = verify(told, pages_of((paper(told, SHEET), [3, 1, 2]), into=tmp_path / "x.pdf"))
    assert said["ok"]
    assert any("order" in note for note in said["notes"])


def test_whole_sheets_in_one_file_are_told_apart(told: Office, tmp_path: Path) -> None:
    parts = ((paper(told, SHEET), [1, 2, 3]), (paper(told, OTHER_SHEET), [1]))
    said = verify(told, pages_of(*parts, into=tmp_path / "x.pdf"))
    assert only_difference(said)["page"] == 4
    assert any("verify each for itself" in note for note in said["notes"])


def test_an_altered_page_among_true_ones_is_named(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    altered = changed_at(rows, 25, account=other_digit(rows[24].account, 16))
    forged = sheet_with(told, tmp_path / "forged.pdf", altered)
    difference = only_difference(page_replaced(told, forged, 2, tmp_path))
    assert (difference["page"], difference["row"]) == (2, 25)


def test_an_empty_page_more_is_named(told: Office, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(str(paper(told, SHEET)))
    writer.add_blank_page()
    writer.write(tmp_path / "x.pdf")
    assert only_difference(verify(told, tmp_path / "x.pdf"))["page"] == 4


def edited(source: Path, into: Path, change: Callable[[bytes], bytes], page: int = 0) -> Path:
    """The PDF with the operators of one page changed, as a hex editor would."""
    writer = pypdf.PdfWriter()
    writer.append(str(source))
    stream = DecodedStreamObject()
    contents = writer.pages[page].get_contents()
    assert contents is not None
    before = contents.get_data()
    stream.set_data(change(before))
    assert stream.get_data() != before
    writer.pages[page][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(into)
    return into


def test_a_digit_changed_in_the_pages_own_operators_is_found(told: Office, tmp_path: Path) -> None:
    """Two neighbouring digits of an account change places, as in the file's own bytes."""

    def swap(operators: bytes) -> bytes:
        accounts = re.findall(rb"<([0-9a-f]{32})> Tj", operators)
        codes = accounts[5]
        pairs = [codes[n : n + 2] for n in range(0, len(codes), 2)]
        place = next(n for n in range(8, 15) if pairs[n] != pairs[n + 1])
        pairs[place], pairs[place + 1] = pairs[place + 1], pairs[place]
        return operators.replace(codes, b"".join(pairs), 1)

    difference = only_difference(verify(told, edited(paper(told, SHEET), tmp_path / "x.pdf", swap)))
    assert (difference["page"], difference["column"]) == (1, "银行账号")
    assert difference["row"] in range(1, 20)


def test_the_qr_code_of_another_town_is_found(told: Office, tmp_path: Path) -> None:
    """Everything that can be read by eye is true, and a telephone would say something else."""
    writer = pypdf.PdfWriter()
    writer.append(str(paper(told, SHEET)))
    forms: Any = writer.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    other: Any = pypdf.PdfReader(paper(told, OTHER_SHEET)).pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    forms["/FormXob.seal"].get_object().set_data(other["/FormXob.seal"].get_object().get_data())
    writer.write(tmp_path / "x.pdf")
    said = verify(told, tmp_path / "x.pdf")
    assert not said["ok"]
    assert {one["column"] for one in said["differences"]} == {"二维码"}


def test_a_text_drawn_over_the_page_is_found(told: Office, tmp_path: Path) -> None:
    """The first amount is drawn once more, somewhere on the page."""

    def again(operators: bytes) -> bytes:
        shown_text = re.findall(rb"/\S+ \S+ Tf\n<[0-9a-f]+> Tj", operators)[-1]
        return operators.replace(b"\nET", b"\n1 0 0 1 200 300 Tm\n" + shown_text + b"\nET", 1)

    said = verify(told, edited(paper(told, SHEET), tmp_path / "x.pdf", again))
    assert not said["ok"]


LATER = (
    # A white rectangle, and an 8 of curves.
    b"\n1 g 640 480 60 14 re f",
    b"\n0 G 645 485 m 650 485 650 490 645 490 c S",
    # A stroke before an amount makes it thousands.
    b"\n640 480 m 640 490 l S",
)


@pytest.mark.parametrize("drawn", LATER)
def test_a_drawing_over_the_text_leaves_it_uncertain(
    told: Office, tmp_path: Path, drawn: bytes
) -> None:
    """The text below is still read, and true."""
    path = edited(paper(told, SHEET), tmp_path / "x.pdf", lambda before: before + drawn)
    said = verify(told, path)
    assert (said["ok"], said["differences"]) == (False, [])
    (problem,) = said["problems"]
    assert "page 1 has a drawing over its text" in problem


def test_a_form_drawn_over_the_text_leaves_it_uncertain(told: Office, tmp_path: Path) -> None:
    drawing = DecodedStreamObject()
    drawing.set_data(b"1 g 640 480 60 14 re f")
    drawing |= {NameObject("/Subtype"): NameObject("/Form")}
    writer = pypdf.PdfWriter(clone_from=edited(
        paper(told, SHEET), tmp_path / "x.pdf", lambda before: before + b"\n/Over Do"
    ))  # fmt: skip
    resources: Any = writer.pages[0]["/Resources"]
    resources["/XObject"].get_object()[NameObject("/Over")] = writer._add_object(drawing)
    writer.write(tmp_path / "y.pdf")
    said = verify(told, tmp_path / "y.pdf")
    assert (said["ok"], said["differences"]) == (False, [])
    assert "page 1 has a drawing over its text" in said["problems"][0]


@pytest.mark.parametrize("how", [b"1 g", b"1 1 1 rg", b"0 0 0 0 k", b"3 Tr", b"7 Tr"])
def test_text_that_nobody_can_see_leaves_it_uncertain(
    told: Office, tmp_path: Path, how: bytes
) -> None:
    def hide(before: bytes) -> bytes:
        return before.replace(b"BT\n", b"BT\n" + how + b"\n", 1)

    said = verify(told, edited(paper(told, SHEET), tmp_path / "x.pdf", hide))
    assert (said["ok"], said["differences"]) == (False, [])
    assert "page 1 has invisible text" in said["problems"][0]


def test_a_layer_that_can_be_switched_off_leaves_it_uncertain(told: Office, tmp_path: Path) -> None:
    def layered(before: bytes) -> bytes:
        return b"/OC /Layer BDC\n" + before + b"\nEMC"

    said = verify(told, edited(paper(told, SHEET), tmp_path / "x.pdf", layered))
    assert (said["ok"], said["differences"]) == (False, [])
    assert "page 1 has a layer that can be switched off" in said["problems"][0]


def test_a_background_and_white_things_below_the_text_do_no_harm(
    told: Office, tmp_path: Path
) -> None:
    """As programs draw them that print into a file."""

    def painted(before: bytes) -> bytes:
        return b"q 1 g 0 0 842 595 re f 1 1 1 sc 0 0 9 9 re f Q\n" + before

    assert verify(told, edited(paper(told, SHEET), tmp_path / "x.pdf", painted))["ok"]


def test_a_remark_laid_over_the_page_leaves_it_uncertain(told: Office, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(str(paper(told, SHEET)))
    writer.add_annotation(1, FreeText(text="8,000.00", rect=(200, 200, 300, 220)))
    writer.write(tmp_path / "x.pdf")
    said = verify(told, tmp_path / "x.pdf")
    assert (said["ok"], said["differences"]) == (False, [])
    assert "page 2" in said["problems"][0]


def test_the_sheet_of_a_void_batch_says_that_nobody_may_be_paid_by_it(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    assert office.run("batch", "void", SECOND, "--yes", "--date", "2020-11-21").status == 0
    for path in (
        paper(office, SECOND_SHEET),
        saved_again(paper(office, SECOND_SHEET), tmp_path / "x.pdf"),
    ):
        said = verify(office, path)
        assert (said["ok"], said["state"], said["differences"]) == (False, "void", [])
        assert "void since 2020-11-21" in said["problems"][0]
    assert "NOT valid" in shown(office, paper(office, SECOND_SHEET)).out
    assert verify(office, paper(office, SHEET))["ok"]


def test_an_old_sheet_stays_valid_after_an_account_was_corrected(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    answers = {row.payee_id: PAID for row in rows_of(office, FIRST)} | everyone(CLOSED, 4)
    assert take_result(office, answers).status == 0
    correct(office, "P000004")
    again = saved_again(paper(office, SHEET), tmp_path / "again.pdf")
    assert verify(office, again)["ok"]
    reissue = office.disburse(on="2020-11-25").json
    assert reissue["batch"] == "B2020-003"
    said = verify(office, again)
    assert (said["ok"], said["paid"], said["returned"]) == (True, 49, 1)
    assert said["sent_again"] == 1
    assert any("sent again in a later batch" in note for note in said["notes"])
    new_sheet = paper(office, "B2020-003-发放表-370481001荆河街道.pdf")
    assert verify(office, saved_again(new_sheet, tmp_path / "new.pdf"))["batch"] == "B2020-003"


def test_the_summary_is_compared_cell_by_cell(told: Office, tmp_path: Path) -> None:
    """The amounts of the two towns change places in the page's own operators."""

    def swap(operators: bytes) -> bytes:
        # 36,000.00 and 4,000.00 in the columns of the fund and of the sum.
        shown_texts = re.findall(rb"<([0-9a-f]+)> Tj", operators)
        one = next(text for text in shown_texts if len(text) == 18 and shown_texts.count(text) > 1)
        return operators.replace(b"<" + one + b"> Tj", b"<" + one[2:] + b"> Tj", 1)

    said = verify(told, edited(paper(told, SUMMARY), tmp_path / "x.pdf", swap))
    (difference,) = said["differences"]
    assert (difference["row"], difference["here"], difference["books"]) == (
        1,
        "6,000.00",
        "36,000.00",
    )


def statement(office: Office, on: str) -> Path:
    return write_batch_statement(office.books(), FIRST, day(on)).path


def test_a_statement_is_compared_with_the_books_of_its_day(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    early = statement(office, "2020-11-14")
    answers = {row.payee_id: PAID for row in rows_of(office, FIRST)} | everyone(CLOSED, 4, 9)
    assert take_result(office, answers, on="2020-11-15").status == 0
    late = statement(office, "2020-11-30")
    for path in (early, late):
        said = verify(office, path)
        assert (said["ok"], said["kind"]) == (True, "batch_statement")
    both = pages_of((late, [1]), (early, [1]), into=tmp_path / "both.pdf")
    assert not verify(office, both)["ok"]


def test_a_statement_made_before_the_days_last_event_is_valid_and_says_so(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    morning = tmp_path / "morning.pdf"
    morning.write_bytes(statement(office, "2020-11-15").read_bytes())
    answers: dict[str, tuple[str, str]] = {row.payee_id: PAID for row in rows_of(office, FIRST)}
    assert take_result(office, answers, on="2020-11-15").status == 0
    said = verify(office, morning)
    assert said["ok"]
    assert any("as the books stood at event" in note for note in said["notes"])


def test_a_void_batch_has_a_statement_and_its_earlier_ones_are_true_of_their_day(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    early = write_batch_statement(office.books(), SECOND, day("2020-11-20")).path
    assert office.run("batch", "void", SECOND, "--yes", "--date", "2020-11-21").status == 0
    report = office.run("report", "batch", SECOND, "--date", "2020-11-22", "--json").json
    assert (report["due"], report["voided"]) == ({"payees": 25, "amount": "20000.00"},) * 2
    assert report["awaited"]["payees"] == report["paid"]["payees"] == 0
    said = verify(office, early)
    assert (said["ok"], said["differences"]) == (False, [])
    assert "void since 2020-11-21" in said["problems"][0]
    # The later one says so itself, and is what the books hold.
    said = verify(office, office.folder / report["path"])
    assert (said["ok"], said["as_of"]) == (True, "2020-11-22")
    assert "void since 2020-11-21" in said["notes"][0]


def test_a_changed_figure_of_a_statement_is_found(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    path = statement(office, "2020-11-30")

    def fewer(operators: bytes) -> bytes:
        texts = re.findall(rb"<([0-9a-f]+)> Tj", operators)
        amount = next(text for text in texts if len(text) == 18 and texts.count(text) > 1)
        return operators.replace(b"<" + amount + b"> Tj", b"<" + amount[2:] + b"> Tj", 1)

    said = verify(office, edited(path, tmp_path / "x.pdf", fewer))
    assert not said["ok"]
    assert said["differences"][0]["books"] == "36,000.00"
