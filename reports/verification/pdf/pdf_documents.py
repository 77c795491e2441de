"""A PDF against the books: whose pages it holds, and each of them word by word."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from reports.documents import PAYOUT_SHEET
from reports.documents import STATEMENT
from reports.documents import SUMMARY_SHEET
from reports.documents import kind_word
from reports.verification.comparison.books_documents import box_labels
from reports.verification.comparison.books_documents import columns_of
from reports.verification.comparison.books_documents import summary_of
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.refusals import LostText
from reports.verification.comparison.refusals import NoText
from reports.verification.comparison.refusals import NotOfTheBooks
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.monthly_documents import month_of_text
from reports.verification.pdf.monthly_documents import verify_monthly
from reports.verification.pdf.page_headings import heading_differences
from reports.verification.pdf.page_order import in_order
from reports.verification.pdf.page_order import without_rows_of_missing_pages
from reports.verification.pdf.payout_pages import payout_differences
from reports.verification.pdf.pdf_words import read_pages
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.printed_page import read_page
from reports.verification.pdf.reconciliation_documents import day_of_text
from reports.verification.pdf.reconciliation_documents import verify_reconciliation
from reports.verification.pdf.statement_days import compare_statement
from reports.verification.pdf.tax_documents import tax_month_of_text
from reports.verification.pdf.tax_documents import verify_tax_paper
from reports.verification.pdf.whole_batch_pages import cell_differences
from reports.verification.pdf.whole_batch_pages import summary_cells
from reports.verification.pdf.whole_batch_pages import summary_titles

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# More than this share of a text is no text.
MOST_LOST = 0.05


class DocumentKey(Record):
    """Which document a page is of: of a town, or of a day, in a batch."""

    kind: str
    batch: BatchId
    town: TownCode = NO_TOWN
    day: str = ""
    town_name: str = ""

    @property
    def words(self) -> str:
        """``B2020-001 荆河街道 payout sheet`` in the user's language."""
        parts = (self.batch, self.town_name or self.town, self.day, kind_word(self.kind))
        return " ".join(part for part in parts if part)


def verify_pdf(evidence: Evidence, path: Path) -> Verdict:
    """The document's pages against the rows of their batch. Raises a CannotSay."""
    labels = box_labels(evidence)
    pages = [read_page(page, labels) for page in read_pages(path)]
    parts = {page.number: _part_of(evidence, page) for page in pages}
    known = [part for part in parts.values() if part]
    if not known:
        text = "".join(word for page in pages for word in page.words)
        if month := month_of_text(text):
            return verify_monthly(evidence, path, month)
        if day := day_of_text(text):
            return verify_reconciliation(evidence, path, day)
        if month := tax_month_of_text(text):
            return verify_tax_paper(evidence, path, month, text)
        raise _why_unknown(path, pages)
    has_pictures = any(page.overlays for page in pages)
    # The document is what most of its pages are; of as many, what its first page is.
    main = Counter(known).most_common(1)[0][0]
    sealed = evidence.sealed(main.batch)
    verdict = Verdict(
        "file",
        file_name(path),
        kind=main.kind,
        batch=sealed.batch,
        town=main.town,
        matched=ROWS,
        compared=_("the rows of batch {batch} as they were sent").format(batch=main.batch),
    )
    own = [page for page in pages if parts[page.number] == main]
    if has_pictures:
        message = _(
            "text beside a picture may have been recognised from it, with mistakes: what counts is"
            " what the paper shows"
        )
        verdict = verdict.adding(notes=[message])
    if len(set(known)) > 1 and all(_is_whole(part, pages, parts) for part in parts.values()):
        message = _("the file puts pages of {count} documents together: verify each for itself")
        verdict = verdict.adding(notes=[message.format(count=len(set(known)))])
    verdict = verdict.adding(
        differences=list(_strange_pages(evidence, pages, parts, main)),
        problems=list(_overlays(pages)),  # guard: overlay-uncertain
    )
    return _compared(evidence, verdict, main, own)


def _is_whole(
    part: DocumentKey | None, pages: Sequence[PrintedPage], parts: dict[int, DocumentKey | None]
) -> bool:
    """Whether every page of a document is in the file."""
    own = [page for page in pages if parts[page.number] == part]
    return part is not None and {page.page for page in own} == set(range(1, own[0].pages + 1))


def _part_of(evidence: Evidence, page: PrintedPage) -> DocumentKey | None:
    """The document that a page says it is of; of an unknown batch, by its seal."""
    if not page.kind:
        return None
    batch = page.batch
    if batch not in evidence.batches:
        by_seal = [one.id for one in evidence.batches.values() if one.seal == page.seal]
        if not by_seal:
            return None
        batch = by_seal[0]
    day = page.day.isoformat() if page.kind == STATEMENT and page.day else ""
    town = page.town if page.kind == PAYOUT_SHEET else NO_TOWN
    return DocumentKey(page.kind, batch, town, day, evidence.books.programme.town_name(town))


def _why_unknown(path: Path, pages: Sequence[PrintedPage]) -> Exception:
    text = "".join(word for page in pages for word in page.words)
    if sum(map(_is_no_character, text)) > MOST_LOST * len(text):
        return LostText(file_name(path))
    # Of a scan whose text a program has guessed, the seal is what can be asked for.
    return (NoText if any(page.overlays for page in pages) else NotOfTheBooks)(file_name(path))


def _is_no_character(character: str) -> bool:
    """Codes without a meaning: a font that maps none shows names by them all the same."""
    return character == REPLACEMENT or unicodedata.category(character) in ("Cc", "Co", "Cn")


def _strange_pages(
    evidence: Evidence,
    pages: Sequence[PrintedPage],
    parts: dict[int, DocumentKey | None],
    main: DocumentKey,
) -> Iterator[Difference]:
    """Pages that are of another document, each held against its own rows as well."""
    for page in pages:
        part = parts[page.number]
        if part == main:  # guard: page-of-other-batch
            continue
        if part is None:
            here = _("a page of no batch of these books")
            yield Difference(
                0, _("page"), here, main.words, kind="page", page=page.number
            )  # fmt: skip
            continue
        differences = _of_one_page(evidence, part, page)
        here = _("a page of {document}").format(document=part.words)
        if not differences:
            here += _(", every row as in the books")
        yield Difference(0, _("page"), here, main.words, kind="page", page=page.number)
        yield from differences


def _of_one_page(evidence: Evidence, part: DocumentKey, page: PrintedPage) -> list[Difference]:
    sealed = evidence.sealed(part.batch)
    found = list(heading_differences(evidence, sealed, part.kind, page))
    if part.kind == PAYOUT_SHEET:
        columns = columns_of(evidence, sealed)
        rows, _pairing = payout_differences([page], sealed.by_town.get(part.town, []), columns)
        found += [difference for difference in rows if difference.kind != "missing"]
    return found


def _overlays(pages: Sequence[PrintedPage]) -> Iterator[str]:
    for page in pages:
        for overlay in page.overlays:
            message = _(
                "page {page} has {overlay}, which may show something else than its text and which"
                " nobody can read here: look at the page itself"
            )
            yield message.format(page=page.number, overlay=overlay)


def _compared(
    evidence: Evidence, verdict: Verdict, main: DocumentKey, pages: Sequence[PrintedPage]
) -> Verdict:
    sealed = evidence.sealed(main.batch)
    as_they_lie = pages
    pages, missing, found = in_order(pages)
    for page in pages:
        found += heading_differences(evidence, sealed, main.kind, page)
    verdict = verdict.adding(differences=found)
    if [page.page for page in pages] != [page.page for page in as_they_lie if page in pages]:
        note = _("the pages do not lie in their order")
        verdict = verdict.adding(notes=[note])
    if main.kind == STATEMENT:
        return compare_statement(evidence, verdict, pages)
    if main.kind == SUMMARY_SHEET:
        summary = summary_of(evidence, sealed)
        cells = summary_cells(summary)
        differences = cell_differences(pages, summary_titles(summary), cells)
        return verdict.adding(differences=differences)
    rows = sealed.by_town.get(main.town, [])
    differences, pairing = payout_differences(pages, rows, columns_of(evidence, sealed))
    return verdict.adding(
        differences=without_rows_of_missing_pages(differences, pairing, missing, pages)
    )
