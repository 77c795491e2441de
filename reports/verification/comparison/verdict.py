"""What is found out about a paper, a file or a seal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.records import replace
from ledger.model.history import Batch
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import NO_TOWN
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.transitions import State

# How far the comparison went: the same bytes as when it was made, or the same in every row.
BYTES = "bytes"
ROWS = "rows"

# The kind of a difference: a file that is not of the batch lies among its papers.
EXTRA_FILE = "extra_file"


class Difference(Record):
    """Something that is not as in the books, masked.

    ``row`` is the number that is printed on paper, or the file's own row counted from 1; 0 where
    no row is meant. ``kind`` is changed, missing, extra, moved, page, file,
    extra_file or text. ``page`` counts
    the pages of the file from 1; ``payee`` and ``name`` are of the row in the books.
    """

    row: int
    column: str
    here: str
    books: str
    kind: str = "changed"
    page: int = 0
    sheet: str = ""
    file: str = ""
    payee: PayeeId = NO_PAYEE
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """The four fields that stand, and of the others those that say something."""
        answer: dict[str, Any] = {
            "row": self.row or None,
            "column": self.column,
            "here": self.here,
            "books": self.books,
            "kind": self.kind,
        }
        for key in ("page", "sheet", "file", "payee", "name"):
            if getattr(self, key):
                answer[key] = getattr(self, key)
        return answer


class Verdict(Record):
    """Whether something is what the books hold.

    ``about`` is file, seal, head or batch; ``kind`` of a document as manifests name
    it. ``problems`` speak against it beside the differences, one sentence each; ``notes`` do not.
    ``compared`` says in words what it was held against. ``of_books``: of no batch, and theirs.
    """

    about: str
    subject: str
    kind: str = ""
    batch: Batch | None = None
    town: TownCode = NO_TOWN
    matched: str = ""
    compared: str = ""
    differences: Sequence[Difference] = ()
    problems: Sequence[str] = ()
    notes: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    of_books: bool = False

    @property
    def ok(self) -> bool:
        """Only of what is of a batch or of the books, without differences and without problems."""
        is_ours = self.batch is not None or self.of_books
        return is_ours and not self.differences and not self.problems

    def matching(self, matched: str) -> Verdict:
        return replace(self, matched=matched)

    def adding(
        self,
        *,
        differences: Sequence[Difference] = (),
        problems: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> Verdict:
        return replace(
            self,
            differences=(*self.differences, *differences),
            problems=(*self.problems, *problems),
            notes=(*self.notes, *notes),
        )

    def to_json(self) -> dict[str, Any]:
        """For programs. The first four fields stand."""
        batch = self.batch
        answer: dict[str, Any] = {
            "ok": self.ok,
            "batch": batch.id if batch else None,
            "seal": batch.seal if batch else None,
            "differences": [difference.to_json() for difference in self.differences],
            "about": self.about,
            "subject": self.subject,
            "kind": self.kind or None,
            "town": self.town or None,
            "matched": (not self.differences and self.matched) or None,
            "compared_with": self.compared or None,
            "problems": list(self.problems),
            "notes": list(self.notes),
        }
        if batch:
            answer |= batch_facts(batch)
        return answer | self.facts


def batch_facts(batch: Batch) -> dict[str, Any]:
    """The batch in figures, and what has become of it."""
    counts = batch.counts
    return {
        "state": batch.state,
        "date": batch.date.isoformat(),
        "payees": len(batch.amounts_fen),
        "amount": plain(batch.gross_fen),
        "tax": plain(batch.tax_fen),
        "net": plain(batch.amount_fen),
        "voided": batch.voided.isoformat() if batch.voided else None,
        "paid": counts.get(State.PAID, 0),
        "returned": counts.get(State.RETURNED, 0),
        "unknown": counts.get(State.UNKNOWN, 0),
        "awaited": counts.get(State.IN_BANK, 0),
    }
