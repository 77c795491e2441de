"""Which rows below the headings are lines of the statement, and which are totals and notes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import compress
from operator import itemgetter
from operator import not_
from typing import Any

from importers.statements.cell_memory import said
from importers.statements.column_values import UNREADABLE
from importers.statements.column_values import Amount
from importers.statements.column_values import read_amounts
from importers.statements.column_values import read_balances
from importers.statements.column_values import read_moments
from importers.statements.dated_totals import DatedTotals
from importers.statements.moments import moment
from importers.statements.refusals import UnreadableCell
from importers.statements.refusals import place_text
from importers.statements.words import AMOUNT_FIELDS
from importers.statements.words import is_filler
from importers.statements.words import is_no_line
from importers.statements.words import is_total
from importers.statements.words import may_be_no_line
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.cells import MergedRange
from importers.tables.headings import Headings
from importers.tables.headings import Row
from importers.tables.headings import spoken_texts
from importers.tables.spelling import spoken
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.records import replace

# So many cells show whether a column holds days or times.
LOOKED_AT = 200
# A day, an amount and something beside them.
FEWEST_OF_A_LINE = 3
_MONEY = re.compile(r"[-+]?[0-9][0-9,]*\.[0-9]{2}")
_DAY_FIELDS = ("fixed_date", "date", "moment")
_BOOKED = ("记账", "入账", "账务", "会计", "过账")


class Body(Record):
    """The lines by column: ``rows`` are their numbers in the sheet, ``days`` when they happened.

    ``date_column`` is where the days stand, ``times`` what times stand there with them.
    ``others`` are the rows that are no lines, totals among them, each with its number.
    """

    file: str
    sheet: str
    header: Headings
    date_column: int
    rows: Sequence[int]
    days: Sequence[datetime.date]
    times: Sequence[str]
    columns: Mapping[int, Sequence[Cell]]
    others: Sequence[tuple[int, Row]]
    _amounts: dict[int, Sequence[Amount]] = field(default_factory=dict)

    unshown = ("columns", "others", "_amounts")

    def place(self, index: int, column: int) -> str:
        """Where a line's cell stands, for people."""
        return place_text(self.file, self.sheet, self.rows[index], self.header.titles[column])

    def amounts(self, column: int) -> Sequence[Amount]:
        """What the lines have in a column of amounts or balances: see :func:`read_amounts`."""
        if column not in self._amounts:
            read = read_balances if column in self.header.all_of("balance") else read_amounts
            self._amounts[column] = read(self.columns[column])
        return self._amounts[column]

    def in_order(self, places: Sequence[int]) -> Body:
        """The body with its lines in another order."""

        def ordered(found: Sequence[Any]) -> list[Any]:
            return list(map(found.__getitem__, places))

        return replace(
            self,
            rows=ordered(self.rows),
            days=ordered(self.days),
            times=ordered(self.times),
            columns={at: ordered(cells) for at, cells in self.columns.items()},
            _amounts={at: ordered(found) for at, found in self._amounts.items()},
        )

    def without(self, dropped: Sequence[int]) -> Body:
        """The body without the lines of these places."""
        if not dropped:
            return self
        gone = set(dropped)
        kept = [place not in gone for place in range(len(self.rows))]
        return replace(
            self,
            rows=list(compress(self.rows, kept)),
            days=list(compress(self.days, kept)),
            times=list(compress(self.times, kept)),
            columns={at: list(compress(cells, kept)) for at, cells in self.columns.items()},
            _amounts={at: list(compress(found, kept)) for at, found in self._amounts.items()},
        )


def read_body(
    file: str,
    sheet: str,
    cells: Sequence[Row],
    header: Headings,
    merged: Sequence[MergedRange] = (),
) -> Body:
    """Sort the rows below the headings. A day that is merged over several lines is that of each.

    Raises UnreadableCell for a row with an amount and without a day that is no total, and for one
    with a day that may be a total or not.
    """
    rows = _with_merged_days(cells, header, merged)[header.last + 1 :]
    numbers: Sequence[int] = range(header.last + 2, header.last + 2 + len(rows))
    date_column = _date_column(rows, header)
    days, times = read_moments(_column(rows, date_column))
    totals = _total_rows(rows, header)
    if called := {place for place in totals if days[place] is not None}:
        totals -= DatedTotals(rows, days, called, header).lines(file, sheet, header.last + 2)
    others: list[tuple[int, Row]] = []
    if totals or None in days:
        is_line = [day is not None and place not in totals for place, day in enumerate(days)]
        for place, row in compress(enumerate(rows), map(not_, is_line)):
            others.append((numbers[place], row))
            where = place_text(file, sheet, numbers[place], header.titles[date_column])
            if place not in totals:
                _check_other_row(where, row, header)
            elif _may_be_line(row, header):  # guard: total-of-nobody
                what = _("the row is called a total, and names another side as lines do")
                raise UnreadableCell(where, what)
        rows, numbers = list(compress(rows, is_line)), list(compress(numbers, is_line))
        days, times = list(compress(days, is_line)), list(compress(times, is_line))
    if not header.all_of("balance"):
        _check_width(file, sheet, numbers, rows, header)
    columns = {column: _column(rows, column) for column in _used(header)}
    known: list[datetime.date] = days  # type: ignore[assignment]
    return Body(file, sheet, header, date_column, numbers, known, times, columns, others)


def _with_merged_days(
    cells: Sequence[Row], header: Headings, merged: Sequence[MergedRange]
) -> Sequence[Row]:
    days = {place for name in _DAY_FIELDS for place in header.all_of(name)}
    filled: dict[int, list[Cell]] = {}
    for (first, column), (last, _last_column) in merged:
        if column in days and first > header.last:
            for row in range(first + 1, min(last + 1, len(cells))):
                filled.setdefault(row, list(cells[row]))[column] = cells[first][column]
    return [filled.get(number, row) for number, row in enumerate(cells)] if filled else cells


def _check_width(
    file: str, sheet: str, numbers: Sequence[int], rows: Sequence[Row], header: Headings
) -> None:
    """Refuse lines that reach beyond the headings, unless all do: their cells have moved to the
    right, and what went out may stand where money comes in. Refuse amounts under no heading, such
    as balances that lost theirs. Balances would tell.
    """
    width = max((at + 1 for at, title in enumerate(header.titles) if title), default=0)
    for column in range(width):
        if not header.titles[column]:
            texts = map(plain_text, _column(rows, column))
            place = next((at for at, text in enumerate(texts) if _MONEY.fullmatch(text)), None)
            if place is not None:  # guard: amounts-without-heading
                what = _("an amount stands in a column without a heading")
                raise UnreadableCell(place_text(file, sheet, numbers[place]), what)
    beyond = [any(plain_text(cell) for cell in row[width:]) for row in rows]
    if any(beyond) and not all(beyond):  # guard: beyond-headings
        what = _("the row has cells beyond the headings, so that its amounts may have moved")
        raise UnreadableCell(place_text(file, sheet, numbers[beyond.index(True)]), what)


def _column(rows: Sequence[Row], column: int) -> list[Cell]:
    return list(map(itemgetter(column), rows))


def _used(header: Headings) -> set[int]:
    """The columns with a known heading."""
    return {column for columns in header.columns.values() for column in columns}


def _date_column(rows: Sequence[Row], header: Headings) -> int:
    """The best column with days in it: 交易时间 may hold days with times, or times alone."""
    places = date_columns(header)
    for place in places:
        if any(moment(row[place]) is not None for row in rows[:LOOKED_AT]):
            return place
    return places[0]


def date_columns(header: Headings) -> tuple[int, ...]:
    """Where a day may stand, the column that counts most first.

    When 交易 and 记账 are both there the day of the transaction counts, whatever the words,
    unless the settings say which one.
    """
    if fixed := header.all_of("fixed_date"):
        return fixed
    places = [*header.all_of("date"), *header.all_of("moment")]
    booked = [place for place in places if spoken(header.titles[place]).startswith(_BOOKED)]
    return tuple([place for place in places if place not in booked] + booked)


def _total_rows(rows: Sequence[Row], header: Headings) -> set[int]:
    """The places of rows that a word alone in a cell shows to be totals, though they have a day."""
    found: set[int] = set()
    for column in {0, *header.all_of("text"), *header.all_of("other_name")}:
        cells = _column(rows, column)
        texts = {text for text in set(cells) if isinstance(text, str)}
        words = {text for text in texts if may_be_no_line(text) and is_no_line(text)}
        if words:
            found |= {place for place, cell in enumerate(cells) if cell in words}
    return found


def _may_be_line(row: Row, header: Headings) -> bool:
    """Whether a row that is called a total has somebody on the other side.

    Balances would miss such a line: where there are some, they say what it is.
    """
    if header.all_of("balance"):
        return False
    others = [
        said(row[column])
        for field in ("other_name", "other_account", "payer_name", "payee_name")
        for column in header.all_of(field)
    ]
    return any(text and not is_total(text) and not is_no_line(text) for text in others)


def _check_other_row(place: str, row: Row, header: Headings) -> None:
    """Refuse a row that is no line, no total and no heading, and has an amount."""
    texts = [text for cell in row if cell != "" and (text := plain_text(cell))]
    if all(map(is_filler, texts)) or is_total(texts[0]):
        return
    words = set(map(spoken, texts))
    if words <= header.texts or words <= spoken_texts(header.above):
        return
    for name in (*AMOUNT_FIELDS, "balance"):
        for column in header.all_of(name):
            (found,) = read_amounts([row[column]])
            if found is UNREADABLE and not _like_a_number(row[column]):
                continue
            if found is not None:
                raise UnreadableCell(place, _("the row has an amount, and this is no day"))
    if _may_have_moved(texts, header):  # guard: moved-cells
        raise UnreadableCell(place, _("the row has an amount, and this is no day"))


def _may_have_moved(texts: Sequence[str], header: Headings) -> bool:
    """Whether a row is as full as a line and has an amount in whichever column.

    Its cells may have moved to one side. Balances would miss such a line.
    """
    if header.all_of("balance") or len(texts) * 2 < sum(map(bool, header.titles)):
        return False
    return len(texts) >= FEWEST_OF_A_LINE and any(map(_MONEY.fullmatch, texts))


def _like_a_number(cell: Cell) -> bool:
    """Whether a cell that is no amount is one gone wrong, and not a word."""
    return not plain_text(cell).strip("0123456789,.+-()¥ ")
