"""A monthly report against the one that the books would make today.

It has no seal: the same books give the same bytes. What was saved again can only be compared by its
texts; bars and curves are beyond that.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.figures.month import Month
from ledger.figures.month import NotAMonth
from ledger.figures.month import read_month
from ledger.figures.month import require_reportable
from reports.documents import MONTHLY_REPORT
from reports.monthly.document import statement_bytes
from reports.monthly.document import statement_of
from reports.monthly.sheet import TITLE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import BYTES
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.pdf_words import PageWords
from reports.verification.pdf.pdf_words import read_pages

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
    books.require_sound(but_for_facts=True)
    require_reportable(books, month, evidence.today)
    statement = statement_of(books, evidence.registry, month)
    verdict = Verdict(
        "file",
        file_name(path),
        kind=MONTHLY_REPORT,
        of_books=True,
        matched=BYTES,
        compared=_("the statement of {month} as the books make it today").format(month=month),
        facts={"month": str(month)},
    )
    anew = statement_bytes(books, statement)
    if anew == path.read_bytes():
        return verdict
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "statement.pdf"
        fresh.write_bytes(anew)
        found = list(_differences(read_pages(path), read_pages(fresh)))
    message = _(
        "its bytes are not those of the statement: it was saved again, or the books were changed"
        " for days up to the month's end. What it draws cannot be compared: make the"
        " month's statement again"
    )
    return verdict.adding(differences=found, problems=[message]).matching(ROWS)


def _differences(here: Sequence[PageWords], books: Sequence[PageWords]) -> Iterator[Difference]:
    """Where the words of a page are not those that the books would print on it."""
    if len(here) != len(books):
        yield Difference(0, _("pages"), str(len(here)), str(len(books)), kind="page")
    for page, expected in zip(here, books, strict=False):
        mine, theirs = page.text.split(), expected.text.split()
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind != "equal":
                yield Difference(
                    0,
                    _("text"),
                    " ".join(mine[start:end]),
                    " ".join(theirs[other_start:other_end]),
                    kind="text",
                    page=page.number,
                )
