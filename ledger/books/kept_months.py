"""Closed months and the registry: it holds what was kept of them, and changed no record in one."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.registry.registry import Registry

CLOSED_REPORT = "closed_report"
CLOSED_RECORD = "closed_record"


def check_kept_months(books: Books, registry: Registry) -> Iterator[Finding]:
    """A finding at the closing for each thing that is wrong."""
    for closing in books.history.closed:
        try:
            for sha256 in (closing.report, closing.figures):
                registry.closed.content(closing.month, sha256)
        except Refusal as refusal:
            yield at(closing.header, CLOSED_REPORT, str(refusal))
        # guard: no-record-changed-in-a-closed-month
        for number in registry.log.backdated(closing.month.last.isoformat(), closing.log):
            message = _(
                "entry {entry} of the log of changes changes a record from a day in {month} on,"
                " which was closed: restore books and registry from the same backup"
            )
            message = message.format(entry=number, month=closing.month)
            yield at(closing.header, CLOSED_RECORD, message)
