"""A batch statement against the books as they stood on the day that it names.

A statement is made at any hour: what was entered later on its day, or later with that day's date,
is not in it. So it is compared with the books of the day, and where it differs, with the books as
they stood at the head that it prints.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.records import replace
from ledger.books.books import Books
from ledger.model.ids import BatchId
from ledger.model.transitions import EventKind
from reports.batch_statement.document import statement_of
from reports.batch_statement.tables import OutcomeTable
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.provenance import HEAD
from reports.pdf.provenance import head_text
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.whole_batch_pages import cell_differences
from reports.verification.pdf.whole_batch_pages import statement_cells
from reports.verification.pdf.whole_batch_pages import statement_titles


def compare_statement(
    evidence: Evidence, verdict: Verdict, pages: Sequence[PrintedPage]
) -> Verdict:
    """The verdict with what the statement's pages say beside what the books said."""
    batch = verdict.batch
    day = pages[0].day if pages else None
    if batch is None or day is None or day < batch.date:
        column = "截至日期"
        here = day.isoformat() if day else ""
        since = _("{day} or later").format(day=batch.date if batch else "")
        return verdict.adding(differences=[Difference(0, column, here, since, page=1)])
    held_against = _("batch {batch} in the books as of {day}").format(batch=batch.id, day=day)
    facts = {**verdict.facts, "as_of": day.isoformat()}
    verdict = replace(verdict, compared=held_against, facts=facts)
    first = _differences(evidence.books, batch.id, pages)
    head = evidence.chain.printed(pages[0].provenance.head)
    if head is None:
        return verdict.adding(differences=first)
    prepared = next(
        event.seq
        for event in evidence.books.history.events
        if event.kind is EventKind.PREPARED and event.batch == batch.id
    )
    if head.seq < prepared:  # guard: head-knows-the-batch
        later = _("event {seq} or a later one").format(seq=prepared)
        difference = Difference(0, HEAD, head_text(head), later, page=1)
        return verdict.adding(differences=[difference, *first])
    if not first:
        return verdict
    books = evidence.books_at(head, day)
    if books is None:
        return verdict.adding(differences=first)
    at_head = _differences(books, batch.id, pages)
    if at_head:
        return verdict.adding(differences=at_head)
    note = _(
        "it is as the books stood at event {seq}: what came later changes it, make it again for the"
        " whole day"
    )
    return verdict.adding(notes=[note.format(seq=head.seq)])


def _differences(books: Books, batch: BatchId, pages: Sequence[PrintedPage]) -> list[Difference]:
    statement = statement_of(books, batch, pages[0].day or books.history.batches[batch].date)
    table = OutcomeTable(LANDSCAPE, statement.rows)
    found = cell_differences(pages, statement_titles(table), statement_cells(statement, table))
    scope = "".join(statement.heading.scope.split())
    state = statement.heading.state_words
    for page in pages:
        if page.day != pages[0].day:
            here = page.day.isoformat() if page.day else ""
            found.append(Difference(0, "截至日期", here, str(pages[0].day), page=page.number))
        if page.provenance.head != pages[0].provenance.head:
            here, books_head = page.provenance.head, pages[0].provenance.head
            found.append(Difference(0, HEAD, here, books_head, page=page.number))
        if page.scope != scope:
            found.append(Difference(0, "镇（街道）", page.scope, scope, page=page.number))
        if page.state != state:
            found.append(Difference(0, "批次状态", page.state, state, page=page.number))
    return found
