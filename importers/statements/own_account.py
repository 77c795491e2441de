"""The account that a statement is of: its number, and in whose name it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from importers.statements.account_numbers import same_account
from importers.statements.body import Body
from importers.statements.cell_memory import TRUE_DIGITS
from importers.statements.cell_memory import remembered
from importers.statements.cell_memory import said
from importers.statements.labels import labelled
from importers.statements.refusals import SeveralAccounts
from importers.statements.words import statement_words
from importers.tables.cell_text import is_number
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.headings import Row

_NUMBER = re.compile(r"[0-9*Xx#][-0-9*Xx# ]{2,40}")
_WHOLE = re.compile("[-0-9]+")


def own_number(body: Body) -> str:
    """The number as the bank shows it, without blanks, or empty. Raises SeveralAccounts."""
    for column in body.header.all_of("own_account"):
        number = _in_column(body, column)
        if number:
            return number
    titles = [
        (row, *one) for row, cells in enumerate(body.header.above, 1) for one in _in_row(cells)
    ]
    by_label: dict[str, str] = {}
    for row, label, number in titles:
        # The account and its card may both be named, and each has a number of its own.
        first = by_label.setdefault(label, number)
        if not same_account(number, first):  # guard: one-number-a-label
            raise SeveralAccounts(body.file, body.sheet, row)
    found = [(row, number) for row, _label, number in titles]
    later = [(row, number) for row, cells in body.others for _label, number in _in_row(cells)]
    for row, number in later if found else later[1:]:
        if not same_account(number, (found or later)[0][1]):  # guard: one-account-in-titles
            raise SeveralAccounts(body.file, body.sheet, row)
    return _best([number for _row, number in found])


def _best(numbers: Sequence[str]) -> str:
    """The first number that shows all its digits, else the first."""
    whole = (number for number in numbers if _WHOLE.fullmatch(number))
    return next(whole, numbers[0] if numbers else "")


def number_in_titles(body: Body) -> str:
    """The number that the titles show, or empty."""
    return _best([number for row in body.header.above for _label, number in _in_row(row)])


def own_holder(body: Body) -> str:
    """In whose name the account is, or empty where the statement does not say, or says two."""
    names = {plain_text(cell) for column in body.header.all_of("own_name")
             for cell in set(body.columns[column])}  # fmt: skip
    if not names - {""}:
        titles = (labelled(row) for row in body.header.above)
        names = {
            plain_text(cell) for row in titles for label, cell in row if _is(label, "own_name")
        }
    names.discard("")
    return names.pop() if len(names) == 1 else ""


def _in_column(body: Body, column: int) -> str:
    cells = body.columns[column]
    different = set(map(_number, set(cells))) - {""}
    if len(different) > 1:
        numbers = remembered(_number, cells)
        first = next(number for number in numbers if number)
        others = {number for number in different if not same_account(first, number)}
        if others:
            other = next(place for place, number in enumerate(numbers) if number in others)
            raise SeveralAccounts(body.file, body.sheet, body.rows[other])
    return _best(sorted(different))


def _number(cell: Cell) -> str:
    text = said(cell)
    if is_number(cell) and len(text) > TRUE_DIGITS:
        return ""
    return text.replace(" ", "") if _NUMBER.fullmatch(text) else ""


def _in_row(row: Row) -> Iterator[tuple[str, str]]:
    """The labels of the own account in a row, each with its number."""
    for label, value in labelled(row):
        if _is(label, "own_account") and (number := _number(value)):
            yield label, number


def _is(label: str, field: str) -> bool:
    named = statement_words().headings.named(label)
    return named is not None and named.field == field
