"""A batch statement against the books as they stood on the day that it names.

A statement is made at any hour: what was entered later on its day, or later with that day's date,
is not in it. So it is compared with the books of the day, and where it differs, with the books
before each of the last events of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from ledger.base.language import gettext as _
from ledger.books.books import Books
from ledger.events.read_ledger import ReadLedger
from ledger.model.history import Event
from ledger.model.ids import BatchId
from reports.batch_statement.document import statement_of
from reports.batch_statement.tables import OutcomeTable
from reports.pdf.page_formats import LANDSCAPE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.whole_batch_pages import cell_differences
from reports.verification.pdf.whole_batch_pages import statement_cells
from reports.verification.pdf.whole_batch_pages import statement_titles

# As far back as a day's work goes; each is a fold over the whole ledger.
EVENTS_TRIED = 6


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
    books = evidence.books.as_of(day)
    first = _differences(books, batch.id, pages)
    if first:
        for event, earlier in _before_events(books):
            if batch.id in earlier.history.batches and not _differences(earlier, batch.id, pages):
                message = _(
                    "it is as the books stood before event {seq} of {day} was entered: make the"
                    " batch's statement again for the whole day"
                )
                note = message.format(seq=event.seq, day=event.date)
                return verdict.adding(notes=[note])
    return verdict.adding(differences=first)


def _differences(books: Books, batch: BatchId, pages: Sequence[PrintedPage]) -> list[Difference]:
    statement = statement_of(books, batch, pages[0].day or books.history.batches[batch].date)
    table = OutcomeTable(LANDSCAPE, statement.rows)
    found = cell_differences(pages, statement_titles(table), statement_cells(statement, table))
    scope = "".join(statement.heading.scope.split())
    for page in pages:
        if page.day != pages[0].day:
            here = page.day.isoformat() if page.day else ""
            found.append(Difference(0, "截至日期", here, str(pages[0].day), page=page.number))
        if page.scope != scope:
            found.append(Difference(0, "镇（街道）", page.scope, scope, page=page.number))
        if page.state != statement.state_words:
            found.append(
                Difference(0, "批次状态", page.state, statement.state_words, page=page.number)
            )
    return found


def _before_events(books: Books) -> Iterator[tuple[Event, Books]]:
    """The books without their last event, without the last two, and so on."""
    events = sorted(books.history.events, key=lambda event: event.seq)
    for count in range(1, min(EVENTS_TRIED, len(events) - 1) + 1):
        dropped = events[-count:]
        gone = {id(event.header) for event in dropped}
        gone |= {id(entry) for event in dropped for entry in event.entries}
        kept = [entry for entry in books.entries if id(entry) not in gone]
        yield dropped[0], replace(books, ledger=ReadLedger(kept))
