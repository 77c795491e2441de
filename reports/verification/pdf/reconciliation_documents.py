"""A bank reconciliation against the one that the books would make for its day."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from ledger.bank.reconciliation import reconciliation
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.provenance import Provenance
from reports.documents import RECONCILIATION
from reports.reconciliation.document import reconciliation_bytes
from reports.reconciliation.sheet import TITLE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.made_anew import compared_with_anew
from reports.verification.pdf.made_anew import head_of_paper
from reports.verification.pdf.printed_page import chinese_day

_DAY = re.compile(r"截止日期：(\d{4}年\d{1,2}月\d{1,2}日)")


def day_of_text(text: str) -> datetime.date | None:
    """The day of a reconciliation whose text, without blanks, it is; None for anything else."""
    found = _DAY.search(text)
    return chinese_day(found[1]) if found and TITLE in text else None


def verify_reconciliation(evidence: Evidence, path: Path, day: datetime.date) -> Verdict:
    """The file against the reconciliation of its day, made anew.

    What was entered later for days up to that one is not in it: where it differs, it is compared
    with the books as they stood at its head.
    """
    verdict = _compared(evidence, evidence.books, path, day)
    head = head_of_paper(evidence, path)
    books = evidence.books_at(head, day) if head else None
    if verdict.ok or head is None or books is None:
        return verdict
    try:
        earlier = _compared(evidence, books, path, day)
    except Refusal:
        # No statement of the bank was in the books then.
        return verdict
    if not earlier.ok:
        return verdict
    note = _(
        "it is as the books stood at event {seq}: what came later changes it, make it again for the"
        " whole day"
    )
    return earlier.adding(notes=[note.format(seq=head.seq)])


def _compared(evidence: Evidence, books: Books, path: Path, day: datetime.date) -> Verdict:
    verdict = Verdict(
        "file",
        file_name(path),
        kind=RECONCILIATION,
        of_books=True,
        matched=BYTES,
        compared=_("the reconciliation of {day} as the books make it").format(day=day),
        facts={"as_of": day.isoformat()},
    )

    def make(provenance: Provenance) -> bytes:
        books.require_sound(but_for_facts=True)
        return reconciliation_bytes(books, reconciliation(books, day), provenance)

    return compared_with_anew(evidence, verdict, path, make)
