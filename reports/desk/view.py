"""What the pages show as of a day, worked out once for all of them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.books.books import Books
from ledger.disbursement.payable import claims_of_books
from ledger.figures.open_matters import Decisions
from ledger.figures.open_matters import decisions
from ledger.figures.payee_listing import PayeeStatus
from ledger.figures.payee_listing import list_people
from ledger.figures.status import Status
from ledger.figures.status import status
from ledger.registry.registry import Registry


@dataclass(frozen=True)
class View:
    """The books cut off at a day, and what follows; ``whole`` are the books with later entries."""

    on: datetime.date
    whole: Books
    books: Books
    status: Status
    decisions: Decisions
    people: Sequence[PayeeStatus]


def view_of(whole: Books, registry: Registry, on: datetime.date) -> View:
    """The view as of a day, by the very functions that the command asks."""
    books = whole.as_of(on)
    payees = registry.payees_as_of(on, books.history.last_prepared)
    claims = claims_of_books(books, registry, payees, on)
    said = status(books, payees, claims, on)
    return View(
        on=on,
        whole=whole,
        books=books,
        status=said,
        decisions=decisions(said, claims, books.history, books.rules, books.ceilings(on)),
        people=tuple(list_people(payees, books.history, claims)),
    )
