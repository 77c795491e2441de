"""The headings of a statement: a day, an amount, and what only a statement has beside them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace

from importers.statements.words import is_of_others
from importers.statements.words import statement_words
from importers.tables.headings import Headings
from importers.tables.headings import Row
from importers.tables.headings import headings_of

FEWEST_HEADINGS = 3


def find_header(
    cells: Sequence[Row], fits: Callable[[Headings], bool] | None = None
) -> Headings | None:
    """The headings of a statement: those that name the most, None when no row has any.

    Any that ``fits`` are taken before all others.
    """
    words = statement_words().headings
    found = [
        replace(headings, titles=tuple(" ".join(title.split()) for title in headings.titles))
        for headings in headings_of(cells, words)
        if sum(map(bool, words.texts(headings.lines[0]))) >= FEWEST_HEADINGS
    ]
    fixed = next(filter(fits, found), None) if fits else None
    return fixed or max(filter(_is_statement, found), key=lambda one: one.rank, default=None)


def _is_statement(headings: Headings) -> bool:
    known = headings.columns.keys()
    if not known & {"date", "moment"} or any(map(is_of_others, headings.titles)):
        return False
    if known & {"in", "credit"} and known & {"out", "debit"}:
        return True
    beside = {"balance", "flag", "other_name", "other_account"}
    # A list of payments has payees alone.
    both = {"payer_name", "payer_account"} & known and {"payee_name", "payee_account"} & known
    return "amount" in known and bool(known & beside or both)
