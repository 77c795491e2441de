"""Documents of no batch: the books make the same one again, and the two are compared.

What was saved again can only be compared by its texts; bars and curves are beyond that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.books.provenance import Provenance
from ledger.events.event_file import Head
from reports.pdf.provenance import FINGERPRINT
from reports.pdf.provenance import HEAD
from reports.pdf.provenance import head_text
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.pdf_words import PageWords
from reports.verification.pdf.pdf_words import read_pages
from reports.verification.pdf.printed_provenance import provenance_differences
from reports.verification.pdf.printed_provenance import take_provenance

Make = Callable[[Provenance], bytes]


def head_of_paper(evidence: Evidence, path: Path) -> Head | None:
    """The head on a document's first page, if it is on today's chain."""
    said, _rest = take_provenance(" ".join(read_pages(path)[0].text.split()))
    return evidence.chain.printed(said.head)


def compared_with_anew(
    evidence: Evidence, verdict: Verdict, path: Path, make: Make, *, since: int = 0
) -> Verdict:
    """The verdict with what differs from the document that ``make`` makes.

    It is made with the head that the paper has, when that is on the chain: then the bytes are the
    same whatever came later. ``since`` is the oldest event that it can have been made at. A paper
    of other books is compared no further.
    """
    pages = read_pages(path)
    for page in pages:
        said, _rest = take_provenance(" ".join(page.text.split()))
        strange = provenance_differences(evidence, said, page=page.number, has_head=True)
        verdict = verdict.adding(differences=list(strange))
    if any(difference.column == FINGERPRINT for difference in verdict.differences):
        return verdict.matching(ROWS)
    head = head_of_paper(evidence, path)
    anew = make(Provenance(evidence.fingerprint, head or evidence.chain.newest))
    # guard: head-not-too-old
    if head is not None and head.seq < since:
        later = _("event {seq} or a later one").format(seq=since)
        verdict = verdict.adding(differences=[Difference(0, HEAD, head_text(head), later, page=1)])
    if anew == path.read_bytes():
        return verdict
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "anew.pdf"
        fresh.write_bytes(anew)
        found = list(_differences(pages, read_pages(fresh)))
    message = _(
        "its bytes are not those that the books make: it was saved again, or the books were changed"
        " for days up to its own. What it draws cannot be compared: make the document again"
    )
    return verdict.adding(differences=found, problems=[message]).matching(ROWS)


def _differences(here: Sequence[PageWords], books: Sequence[PageWords]) -> Iterator[Difference]:
    """Where the words of a page are not those that the books would print on it."""
    if len(here) != len(books):
        yield Difference(0, _("pages"), str(len(here)), str(len(books)), kind="page")
    for page, expected in zip(here, books, strict=False):
        mine, theirs = _words(page), _words(expected)
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


def _words(page: PageWords) -> list[str]:
    """The page's words but for fingerprint and head, which are compared by themselves."""
    _said, rest = take_provenance(" ".join(page.text.split()))
    return rest.split()
