"""The headings of a result: a payment, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property

from importers.results.words import OwnHeadings
from importers.results.words import amount_signs
from importers.results.words import is_failure_list
from importers.results.words import is_of_roster
from importers.results.words import result_words
from importers.tables.cell_text import plain_text
from importers.tables.headings import Headings
from importers.tables.headings import HeadingWords
from importers.tables.headings import Row
from importers.tables.headings import headings_of
from importers.tables.headings import rows_of_headings
from importers.tables.reading import Sheet
from ledger.base.records import Record
from ledger.base.records import replace

REQUIRED = ("account", "name", "amount")
# A line above the headings with so many texts is a line of headings itself, not a title.
GROUP_HEADINGS = 3


class ResultHeader(Record, dict=True):
    """The headings of a result and how its answers are told.

    ``columns`` maps a field to its columns, the one that counts most first. ``all_failed`` is
    whether the list says of everybody on it that the payment failed, and has no column for it.
    """

    headings: Headings
    columns: Mapping[str, tuple[int, ...]]
    all_failed: bool = False

    @property
    def last(self) -> int:
        return self.headings.last

    def all_of(self, field: str) -> tuple[int, ...]:
        return self.columns.get(field, ())

    @cached_property
    def beside(self) -> tuple[tuple[int, str], ...]:
        """The columns that may say the opposite of the status, with what stands over them: all
        but those of which payment it is.
        """
        of_payment = ("status", *REQUIRED, "sequence", "remark")
        used = {columns[0] for field in of_payment if (columns := self.all_of(field))}
        whole = enumerate(self.headings.whole)
        return tuple((column, text) for column, text in whole if column not in used)


def is_result(sheets: Sequence[Sheet], own: OwnHeadings = ()) -> bool:
    """Whether any visible sheet has the headings of a result."""
    return any(not sheet.hidden and find_header(sheet, own=own) for sheet in sheets)


def find_header(sheet: Sheet, file: str = "", own: OwnHeadings = ()) -> ResultHeader | None:
    """The headings, or None when no row names a payment and what became of it.

    An amount that was handled is no answer without the bank's word: 实发金额 of a payroll would
    make everybody paid. None too for a list of census workers, whatever else it has.
    """
    headings = result_words(own).headings
    if not amount_signs(own).may_head(_not_of_roster(sheet.cells, headings), headings.longest):
        return None
    found = filter(_is_payment, map(_settled, headings_of(sheet.cells, headings)))
    told = [header for one in found if (header := _told(one, sheet, file))]
    return max(told, key=lambda header: header.headings.rank, default=None)


def _not_of_roster(cells: Sequence[Row], words: HeadingWords) -> Iterator[Row]:
    """The rows that may be headings of a payment: see :func:`_is_payment`."""
    for row in rows_of_headings(cells, words.searched):
        if not any(map(is_of_roster, words.texts(row))):
            yield row


def _settled(headings: Headings) -> Headings:
    """实发金额 is what was to be paid, unless another column says that."""
    columns = dict(headings.columns)
    either = columns.pop("amount_or_handled", None)
    if either:
        columns.setdefault("handled" if "amount" in columns else "amount", either)
    return replace(headings, columns=columns)


def _is_payment(headings: Headings) -> bool:
    if not all(field in headings.columns for field in REQUIRED):
        return False
    texts = [*headings.titles, *headings.whole]
    above = result_words().headings.texts(headings.above[-1]) if headings.above else []
    if sum(map(bool, above)) >= GROUP_HEADINGS:
        texts += above
    return not any(map(is_of_roster, texts))


def _told(headings: Headings, sheet: Sheet, file: str) -> ResultHeader | None:
    """How the answers below the headings are told: by a status, or by what stands for it."""
    columns = headings.columns
    if "status" in columns:  # guard: result-needs-word
        return ResultHeader(headings, columns)
    rows = [row for row in sheet.cells[headings.last + 1 :] if _is_person(row, columns)]
    if not rows:
        return None
    # Rosters have no headings of a payment, and this takes long to load.
    from importers.results.answers import is_status

    for column in columns.get("remark", ()):
        # guard: every-remark-an-answer
        if all(is_status(plain_text(row[column])) for row in rows):
            others = tuple(one for one in columns["remark"] if one != column)
            return ResultHeader(headings, {**columns, "status": (column,), "remark": others})
    titles = [cell for row in headings.above for cell in row if isinstance(cell, str) and cell]
    reasons = columns.get("reason", ())
    named = any(map(is_failure_list, [*titles, sheet.name, file]))
    # guard: failures-have-reasons
    if reasons and named and all(plain_text(row[reasons[0]]) for row in rows):
        return ResultHeader(headings, columns, all_failed=True)
    return None


def _is_person(row: Row, columns: Mapping[str, Sequence[int]]) -> bool:
    return all(plain_text(row[columns[field][0]]) for field in REQUIRED)
