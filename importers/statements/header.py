"""The headings of a statement: a day, an amount, and what only a statement has beside them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from importers.statements.words import AMOUNT_FIELDS
from importers.statements.words import LONGEST_HEADING
from importers.statements.words import SEARCHED_ROWS
from importers.statements.words import day_signs
from importers.statements.words import is_of_others
from importers.statements.words import statement_words
from importers.tables.headings import Headings
from importers.tables.headings import Row
from importers.tables.headings import headings_of
from importers.tables.headings import rows_of_headings
from ledger.base.records import replace

FEWEST_HEADINGS = 3


def find_header(
    cells: Sequence[Row], fits: Callable[[Headings], bool] | None = None
) -> Headings | None:
    """The headings of a statement: those that name the most, None when no row has any.

    Any that ``fits`` are taken before all others.
    """
    # Most files are rosters, and the words of statements take long to load.
    rows = rows_of_headings(cells, SEARCHED_ROWS)
    if fits is None and not day_signs().may_head(rows, LONGEST_HEADING):
        return None
    words = statement_words().headings
    found = [
        replace(headings, titles=tuple(" ".join(title.split()) for title in headings.titles))
        for headings in headings_of(cells, words)
        if sum(map(bool, words.texts(headings.lines[0]))) >= FEWEST_HEADINGS
    ]
    fixed = next(filter(fits, found), None) if fits else None
    return fixed or _best(cells, list(filter(_is_statement, found)))


def _best(cells: Sequence[Row], found: Sequence[Headings]) -> Headings | None:
    """Those that name the most; but no lines may stand above them below headings of their own."""
    best = max(found, key=lambda one: one.rank, default=None)
    if best is None:
        return None
    above = [one for one in found if one.last < best.first and _has_lines(cells, one, best.first)]
    first = min((one.first for one in above), default=None)
    return (
        best
        if first is None
        else max((one for one in above if one.first == first), key=lambda one: one.rank)
    )


def _has_lines(cells: Sequence[Row], headings: Headings, before: int) -> bool:
    # Of rosters only the headings are looked at, and these take long to load.
    from importers.statements.column_values import read_amounts
    from importers.statements.moments import moment

    days = (*headings.all_of("date"), *headings.all_of("moment"))
    amounts = [column for name in AMOUNT_FIELDS for column in headings.all_of(name)]
    return any(
        any(moment(row[column]) for column in days)
        and any(isinstance(one, int) for one in read_amounts([row[column] for column in amounts]))
        for row in cells[headings.last + 1 : before]
    )


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
