"""The foot of a page: seal, page number and the books that it is from, beside one another."""

from __future__ import annotations

import openpyxl
import pypdf
import pytest

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.books.provenance import NO_PROVENANCE
from ledger.books.provenance import Provenance
from ledger.events.event_file import Head
from reports.batch_statement.document import write_batch_statement
from reports.pdf.fonts import text_width
from reports.pdf.page_foot import FOOT_SIZE
from reports.pdf.page_foot import lay_out_foot
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.page_formats import Frame
from reports.pdf.page_head import PlacedLine
from reports.pdf.provenance import provenance_text
from tests.support.made_up_payments import FINGERPRINT
from tests.support.made_up_payments import PROVENANCE
from tests.support.office import Office
from tests.support.office import day
from tests.support.verified_office import FIRST
from tests.support.verified_office import SHEET
from tests.support.verified_office import SUMMARY
from tests.support.verified_office import WORKBOOK
from tests.support.verified_office import paper
from tests.support.verified_office import tell

SEAL = "校验码：80d2 838d 2cb0 0711"
DIGEST = "账套摘要 0d0d 0d0d 0d0d 0d0d"
NUMBER = "第 1234 页 共 1234 页"
LATE = Provenance(FINGERPRINT, Head(999_999, Digest("d" * 64)))
frames = pytest.mark.parametrize("frame", [LANDSCAPE, PORTRAIT])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


def ends(placed: PlacedLine) -> tuple[float, float]:
    line = placed.line
    return placed.x, placed.x + text_width(line.text, placed.font) * line.size


def test_fingerprint_and_head_are_written_in_groups() -> None:
    text = "账套指纹 b5a6 9788 7f6e 5d4c　链首 23 · 90a1 31b4 1b5f d7ec"
    assert provenance_text(PROVENANCE) == text
    assert provenance_text(replace(PROVENANCE, head=None)) == "账套指纹 b5a6 9788 7f6e 5d4c"
    assert provenance_text(NO_PROVENANCE) == ""


@frames
@pytest.mark.parametrize("proof", ["", SEAL, DIGEST])
@pytest.mark.parametrize("provenance", [NO_PROVENANCE, Provenance(FINGERPRINT), LATE])
def test_nothing_in_the_foot_overlaps_or_is_cut_off(
    frame: Frame, proof: str, provenance: Provenance
) -> None:
    source = provenance_text(provenance)
    foot = lay_out_foot(frame, proof=proof, number=NUMBER, source=source)
    left, middle, right = map(ends, foot)
    assert [one.line.text for one in foot] == [proof, NUMBER, source]
    assert left[0] == frame.left
    assert left[1] < middle[0]
    assert middle[1] < right[0]
    assert right[1] == pytest.approx(frame.right)
    assert sum(middle) / 2 == pytest.approx((frame.left + frame.right) / 2)


def test_what_has_room_keeps_its_size() -> None:
    for frame, provenance in ((PORTRAIT, Provenance(FINGERPRINT)), (LANDSCAPE, LATE)):
        source = provenance_text(provenance)
        foot = lay_out_foot(frame, proof=SEAL, number=NUMBER, source=source)
        assert {one.line.size for one in foot} == {FOOT_SIZE}


@pytest.mark.parametrize("name", [SHEET, SUMMARY])
def test_every_page_of_a_batch_says_from_which_books_it_is(told: Office, name: str) -> None:
    """And no head: the paper of a batch is the same whatever comes after it."""
    for page in pypdf.PdfReader(paper(told, name)).pages:
        text = page.extract_text()
        assert text.count(f"账套指纹 {fingerprint_on_paper(told)}") == 1
        assert "链首" not in text


def test_every_sheet_of_the_workbook_says_from_which_books_it_is(told: Office) -> None:
    said = f"账套指纹 {fingerprint_on_paper(told)}"
    for sheet in openpyxl.load_workbook(paper(told, WORKBOOK)).worksheets:
        cells = [cell.value for row in sheet.iter_rows(max_row=3) for cell in row]
        assert cells.count(said) == 1
        assert sheet.oddFooter is not None
        assert said in str(sheet.oddFooter.left.text)


def test_a_document_of_a_state_of_the_books_says_at_which_event(told: Office) -> None:
    path = write_batch_statement(told.books(), FIRST, day("2020-11-10")).path
    seq, sha256 = (told.folder / "HEAD").read_text(encoding="ascii").split()
    digits = " ".join(sha256[start : start + 4] for start in range(0, 16, 4))
    (page,) = pypdf.PdfReader(path).pages
    # Of the newest event, though it is of a later day than the statement.
    assert (seq, f"链首 {seq} · {digits}" in page.extract_text()) == ("2", True)


def test_the_same_books_give_the_same_bytes(told: Office) -> None:
    made = [write_batch_statement(told.books(), FIRST, day("2020-11-10")).path.read_bytes()]
    made.append(write_batch_statement(told.books(), FIRST, day("2020-11-10")).path.read_bytes())
    assert made[0] == made[1]


def fingerprint_on_paper(office: Office) -> str:
    """Of the event that made the books, in groups of four."""
    digits = digest(office.events()[0].read_bytes())
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))
