"""``verify``: whatever single thing is changed, in whatever row, it is found and the row named."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.model.ids import Seal
from ledger.model.instructions import Instruction
from reports.payout.sheet import write_payout_sheet
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.masking import masked_pair
from reports.verification.comparison.row_comparison import BookRow
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.row_comparison import pair_rows
from reports.verification.comparison.row_comparison import row_differences
from reports.verification.comparison.verdict import Difference
from reports.verification.pdf.alignment import align
from reports.verification.pdf.payout_pages import compared
from reports.verification.pdf.payout_pages import payout_differences
from reports.verification.pdf.payout_pages import printed_cells
from reports.verification.pdf.pdf_words import read_pages
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.printed_page import read_page
from reports.verification.seal_words import near_seals
from reports.verification.seal_words import read_seal
from reports.verification.verifying import by_rows
from tests.support.acting import clock
from tests.support.made_up_payments import LONG_BANK
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import LONG_VILLAGE
from tests.support.made_up_payments import RARE_NAMES
from tests.support.made_up_payments import USUAL
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import payout_sheet
from tests.support.office import Office
from tests.support.verified_office import FIRST
from tests.support.verified_office import OTHER_FILE
from tests.support.verified_office import OWN_FILE
from tests.support.verified_office import TOWN
from tests.support.verified_office import WORKBOOK
from tests.support.verified_office import paper
from tests.support.verified_office import rows_of
from tests.support.verified_office import tell

AT_WILL = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHARACTERS = "王李张刘陈杨䶮㛃𬭚一二三0123456789X·（）"
TOWN_SHEET = "荆河街道"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def evidence(told: Office) -> Iterator[Evidence]:
    with told.registry() as registry:
        yield Evidence(told.books(), registry, clock().date())


def sheet_rows() -> list[Instruction]:
    """Thirty rows over two pages, with every kind of long and rare text among them."""
    rows = payments(30)
    rows[3] = payment(4, legal_name=LONG_NAME, area_name=LONG_VILLAGE, bank=LONG_BANK)
    rows[20] = payment(21, legal_name=LONG_NAME, bank_name="阿不都", bank=LONG_BANK, reissue=True)
    for place, name in enumerate(RARE_NAMES):
        rows[7 + place] = payment(8 + place, legal_name=name, bank_name="罕")
    return rows


ROWS = sheet_rows()
PRINTED = ("legal_name", "identity", "role", "area_name", "bank", "account", "bank_name")


@st.composite
def changed_texts(draw: st.DrawFn, text: str) -> str:
    """The text with one character another, one more or one less; never only a blank."""
    place = draw(st.integers(0, len(text) - 1))
    here = "0123456789" if text[place].isdecimal() else CHARACTERS
    other = draw(st.sampled_from([c for c in here if c != text[place]]))
    kind = draw(
        st.sampled_from(("other", "other", "more", "less") if len(text) > 1 else ("other",))
    )
    if kind == "more":
        return text[:place] + other + text[place:]
    return text[:place] + (other if kind == "other" else "") + text[place + 1 :]


@st.composite
def changed_rows(draw: st.DrawFn) -> tuple[int, str, Instruction]:
    """A row (from 1), the column that is changed, and the row with it."""
    number = draw(st.integers(1, len(ROWS)))
    column = draw(st.sampled_from((*PRINTED, "amount_fen", "reissue")))
    row = ROWS[number - 1]
    if column == "amount_fen":
        fen = draw(st.integers(1, 10**9).filter(lambda fen: fen != row.amount_fen))
        return number, column, row._replace(amount_fen=fen)
    if column == "reissue":
        return number, column, row._replace(reissue=not row.reissue)
    text = draw(changed_texts(str(getattr(row, column))))
    return number, column, row._replace(**{column: text})  # type: ignore[arg-type]


def read_back(path: Path, rows: list[Instruction]) -> list[PrintedPage]:
    write_payout_sheet(path, payout_sheet(rows), mask_identities=False)
    return [read_page(page, {"制表", "复核", "负责人", "领款单位"}) for page in read_pages(path)]


@AT_WILL
@given(change=changed_rows())
def test_any_single_change_of_a_printed_row_is_found(
    change: tuple[int, str, Instruction], tmp_path: Path
) -> None:
    number, _column, row = change
    rows = [*ROWS[: number - 1], row, *ROWS[number:]]
    pages = read_back(tmp_path / "x.pdf", rows)
    books = printed_cells(USUAL, number, ROWS[number - 1], mask_identities=False)
    differs = printed_cells(USUAL, number, row, mask_identities=False) != books
    differences, _pairing = payout_differences(pages, ROWS, USUAL)
    named = {difference.row for difference in differences if difference.row}
    assert named == ({number} if differs else set())


@AT_WILL
@given(data=st.data())
def test_rows_taken_out_put_in_or_moved_are_found(data: st.DataObject, tmp_path: Path) -> None:
    rows = list(ROWS)
    place = data.draw(st.integers(0, len(rows) - 1))
    kind = data.draw(st.sampled_from(("missing", "extra", "moved")))
    row = rows.pop(place)
    if kind == "extra":
        stranger = payment(4711, legal_name="钱多多", account="6215219999999999")
        rows.insert(place, row)
        rows.insert(data.draw(st.integers(0, len(rows))), stranger)
    elif kind == "moved":
        there = data.draw(st.integers(0, len(rows)).filter(lambda there: there != place))
        rows.insert(there, row)
    differences, _pairing = payout_differences(read_back(tmp_path / "x.pdf", rows), ROWS, USUAL)
    found = [difference for difference in differences if difference.row]
    assert {difference.kind for difference in found} == {kind}
    assert len(found) == 1


def test_what_was_not_changed_has_no_difference(tmp_path: Path) -> None:
    assert payout_differences(read_back(tmp_path / "x.pdf", ROWS), ROWS, USUAL)[0] == []


def cell_changed(
    source: Path, into: Path, sheet: str, row: int, column: int, value: object
) -> Path:
    workbook = openpyxl.load_workbook(source)
    cell = (workbook[sheet] if sheet else workbook.worksheets[0]).cell(row, column)
    cell.value = value  # type: ignore[assignment]
    workbook.save(into)
    return into


def other_value(data: st.DataObject, before: Any) -> Any:
    """Another amount for an amount, another text for a text."""
    if isinstance(before, int | float):
        return data.draw(st.integers(1, 10**8).map(lambda fen: fen / 100).filter(before.__ne__))
    return data.draw(changed_texts(str(before)))


def only_row(differences: tuple[Difference, ...] | Any, row: int) -> None:
    assert {difference.row for difference in differences} == {row}


@AT_WILL
@given(data=st.data())
def test_any_single_change_of_a_workbooks_row_is_found(
    data: st.DataObject, told: Office, evidence: Evidence, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(paper(told, WORKBOOK))
    row, column = data.draw(st.integers(5, 49)), data.draw(st.integers(2, 10))
    before = workbook[TOWN_SHEET].cell(row, column).value
    value = other_value(data, before)
    path = cell_changed(paper(told, WORKBOOK), tmp_path / "x.xlsx", TOWN_SHEET, row, column, value)
    only_row(by_rows(evidence, path).differences, row)


@AT_WILL
@given(data=st.data())
def test_any_single_change_of_a_bank_workbook_is_found(
    data: st.DataObject, told: Office, evidence: Evidence, tmp_path: Path
) -> None:
    sheet = openpyxl.load_workbook(paper(told, OWN_FILE)).worksheets[0]
    row, column = data.draw(st.integers(2, sheet.max_row)), data.draw(st.integers(1, 4))
    value = other_value(data, sheet.cell(row, column).value)
    path = cell_changed(paper(told, OWN_FILE), tmp_path / OWN_FILE, "", row, column, value)
    only_row(by_rows(evidence, path).differences, row)


@AT_WILL
@given(data=st.data())
def test_any_single_change_of_a_bank_file_of_text_is_found(
    data: st.DataObject, told: Office, evidence: Evidence, tmp_path: Path
) -> None:
    text = paper(told, OTHER_FILE).read_bytes().decode("gb18030")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    rows[row][column] = data.draw(
        changed_texts(rows[row][column]).filter(
            lambda new: not _same_amount(new, rows[row][column])
        )
    )
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path = tmp_path / OTHER_FILE
    path.write_bytes(out.getvalue().encode("gb18030"))
    only_row(by_rows(evidence, path).differences, row + 1)


def _same_amount(one: str, other: str) -> bool:
    """``0800.00`` is the amount that ``800.00`` is."""
    try:
        return float(one) == float(other) and "." in other
    except ValueError:
        return False


def test_the_stories_rows_are_those_of_the_files(told: Office) -> None:
    assert len(rows_of(told, FIRST, TOWN)) == 45


# --- the parts


@AT_WILL
@given(data=st.data())
def test_cells_are_found_however_they_are_cut_into_words(data: st.DataObject) -> None:
    cells = [text for text in printed_cells(USUAL, 1, ROWS[3], mask_identities=True) if text]
    words: list[str] = []
    for cell in cells:
        cut = data.draw(st.integers(0, len(cell) - 1))
        words += [part for part in (cell[:cut], cell[cut:]) if part]
    alignment = align(words, cells)
    assert alignment.is_whole(words, cells)


@AT_WILL
@given(words=st.lists(st.text("甲乙1.,", min_size=1, max_size=4), max_size=8),
       cells=st.lists(st.text("甲乙1.,", min_size=1, max_size=6), max_size=6))  # fmt: skip
def test_every_word_is_in_one_cell_or_extra_and_in_order(
    words: list[str], cells: list[str]
) -> None:
    alignment = align(words, cells)
    taken = [n for span in alignment.cells if span for n in range(*span)]
    assert sorted([*taken, *alignment.extra]) == list(range(len(words)))
    assert taken == sorted(taken)
    assert alignment.is_whole(words, cells) == (
        not alignment.extra
        and all(
            span and "".join(words[slice(*span)]) == cell
            for span, cell in zip(alignment.cells, cells, strict=True)
        )
    )


@AT_WILL
@given(order=st.permutations(range(12)), dropped=st.sets(st.integers(0, 11), max_size=4))
def test_no_order_of_rows_loses_or_invents_one(order: list[int], dropped: set[int]) -> None:
    cells = [
        printed_cells(USUAL, n + 1, row, mask_identities=True) for n, row in enumerate(ROWS[:12])
    ]
    books = [BookRow(n + 1, one, ROWS[n]) for n, one in enumerate(cells)]
    here = [ReadRow(n + 1, cells[n]) for n in order if n not in dropped]
    pairing = pair_rows(here, books, compared(USUAL))
    assert {books[theirs].number for theirs in pairing.missing} == {n + 1 for n in dropped}
    assert pairing.extra == ()
    for mine, theirs in (*pairing.pairs, *pairing.moved):
        assert here[mine].cells == books[theirs].cells
    kinds = {one.kind for one in row_differences(here, books, compared(USUAL), pairing)}
    is_sorted = [row.number for row in here] == sorted(row.number for row in here)
    assert kinds == ({"missing"} if dropped else set()) | (set() if is_sorted else {"moved"})


@AT_WILL
@given(account=st.from_regex(r"[0-9]{12,19}", fullmatch=True), data=st.data())
def test_no_whole_number_is_ever_shown(account: str, data: st.DataObject) -> None:
    other = data.draw(changed_texts(account))
    for kind in ("account", "identity", "text"):
        here, books = masked_pair(other, account, kind)
        assert here != books
        assert account not in here + books
        assert other not in here + books


@AT_WILL
@given(seal=st.from_regex(r"[0-9a-f]{16}", fullmatch=True), data=st.data())
def test_one_slip_in_a_seal_is_suggested(seal: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 15))
    other = data.draw(st.sampled_from([c for c in "0123456789abcdef" if c != seal[place]]))
    typed = seal[:place] + other + seal[place + 1 :]
    read = read_seal(" ".join(typed.upper()))
    assert read is not None
    assert read.digits == typed
    assert near_seals(read.digits, [Seal(seal)]) == [seal]
