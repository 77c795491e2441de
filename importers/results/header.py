"""The headings of a result: a payment, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importers.results.words import is_of_roster
from importers.results.words import result_words
from importers.tables.headings import Headings
from importers.tables.headings import Row
from importers.tables.headings import headings_of
from importers.tables.reading import Sheet

REQUIRED = ("account", "name", "amount")
# A line above the headings with so many texts is a line of headings itself, not a title.
GROUP_HEADINGS = 3


def is_result(sheets: Sequence[Sheet]) -> bool:
    """Whether any visible sheet has the headings of a result."""
    return any(not sheet.hidden and find_header(sheet.cells) for sheet in sheets)


def find_header(cells: Sequence[Row]) -> Headings | None:
    """The headings, or None when no row names a payment and what became of it.

    An amount that was handled is no answer without the bank's word: 实发金额 of a payroll would
    make everybody paid. None too for a list of census workers, whatever else it has.
    """
    found = filter(_is_result, map(_settled, headings_of(cells, result_words().headings)))
    return max(found, key=lambda header: len(header.columns), default=None)


def _settled(headings: Headings) -> Headings:
    """实发金额 is what was to be paid, unless another column says that."""
    columns = dict(headings.columns)
    either = columns.pop("amount_or_handled", None)
    if either:
        columns.setdefault("handled" if "amount" in columns else "amount", either)
    return replace(headings, columns=columns)


def _is_result(headings: Headings) -> bool:
    columns = headings.columns
    if not all(field in columns for field in REQUIRED):
        return False
    if "status" not in columns:  # guard: result-needs-word
        return False
    texts = list(headings.titles)
    above = result_words().headings.texts(headings.above[-1]) if headings.above else []
    if sum(map(bool, above)) >= GROUP_HEADINGS:
        texts += above
    return not any(map(is_of_roster, texts))
