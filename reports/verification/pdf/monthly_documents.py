"""A monthly report against the one that the books would make today.

It has no seal: the same books give the same bytes.
"""

from __future__ import annotations

import re
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.books.provenance import Provenance
from ledger.figures.month import require_reportable
from ledger.model.months import Month
from ledger.model.months import NotAMonth
from ledger.model.months import read_month
from reports.documents import MONTHLY_REPORT
from reports.monthly.document import statement_bytes
from reports.monthly.document import statement_of
from reports.monthly.sheet import TITLE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.made_anew import compared_with_anew

_MONTH = re.compile(r"报告月份：(\d{4})年(\d{1,2})月")


def month_of_text(text: str) -> Month | None:
    """The month of a statement whose text, without blanks, it is; None for anything else."""
    found = _MONTH.search(text)
    if TITLE not in text or found is None:
        return None
    try:
        return read_month(f"{found[1]}-{found[2]}")
    except NotAMonth:
        return None


def verify_monthly(evidence: Evidence, path: Path, month: Month) -> Verdict:
    """The file against the statement of its month, made anew. Raises a Refusal for no month."""
    books = evidence.books
    verdict = Verdict(
        "file",
        file_name(path),
        kind=MONTHLY_REPORT,
        of_books=True,
        matched=BYTES,
        compared=_("the statement of {month} as the books make it today").format(month=month),
        facts={"month": str(month)},
    )
    # The digest of the books at its foot has all events up to the month's end.
    up_to_its_end = (event.seq for event in books.history.events if event.date <= month.last)
    since = max(up_to_its_end, default=0)

    def make(provenance: Provenance) -> bytes:
        books.require_sound(but_for_facts=True)
        require_reportable(books, month, evidence.today)
        return statement_bytes(books, statement_of(books, evidence.registry, month), provenance)

    return compared_with_anew(evidence, verdict, path, make, since=since)
