"""Which rows below the headings are lines of the statement, and which are totals and notes."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from importers.statements.cell_memory import UNREADABLE
from importers.statements.cell_memory import AmountMemory
from importers.statements.cell_memory import MomentMemory
from importers.statements.cell_memory import distinct
from importers.statements.header import Header
from importers.statements.moments import Moment
from importers.statements.moments import time_of_day
from importers.statements.refusals import UnreadableCell
from importers.statements.refusals import place_text
from importers.statements.words import is_filler
from importers.statements.words import is_no_line
from importers.statements.words import is_total
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import spoken
from ledger.language import gettext as _

AMOUNT_FIELDS = ("in", "out", "credit", "debit", "amount")
# So many cells show whether a column holds days or times.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Body:
    """The lines by column: ``rows`` are their numbers in the sheet, ``moments`` their days.

    ``date_column`` is where the days stand. ``others`` are the rows that are no lines, totals
    among them, each with its number.
    """

    file: str
    sheet: str
    header: Header
    date_column: int
    rows: Sequence[int]
    moments: Sequence[Moment]
    columns: Sequence[Sequence[Cell]] = field(repr=False)
    others: Sequence[tuple[int, Sequence[Cell]]] = field(repr=False)

    def place(self, index: int, column: int) -> str:
        """Where a line's cell stands, for people."""
        return place_text(self.file, self.sheet, self.rows[index], self.header.heading(column))

    def without(self, dropped: Iterable[int]) -> Body:
        """The body without the lines of these places."""
        gone = set(dropped)
        if not gone:
            return self
        kept = [index for index in range(len(self.rows)) if index not in gone]
        return Body(
            self.file,
            self.sheet,
            self.header,
            self.date_column,
            [self.rows[index] for index in kept],
            [self.moments[index] for index in kept],
            [[column[index] for index in kept] for column in self.columns],
            self.others,
        )


def read_body(file: str, sheet: str, cells: Sequence[Sequence[Cell]], header: Header) -> Body:
    """Sort the rows below the headings.

    Raises UnreadableCell for a row with an amount and without a day that is no total.
    """
    rows = cells[header.row + 1 :]
    memory = MomentMemory()
    date_column = _date_column(rows, header)
    days = list(map(memory.__getitem__, distinct([row[date_column] for row in rows])))
    totals = _total_rows(rows, header)
    lines: list[Sequence[Cell]] = []
    numbers: list[int] = []
    moments: list[Moment] = []
    others: list[tuple[int, Sequence[Cell]]] = []
    for number, (row, day) in enumerate(zip(rows, days, strict=True), header.row + 2):
        if day is None or (totals and number in totals):
            others.append((number, row))
        else:
            lines.append(row)
            numbers.append(number)
            moments.append(day)
    body = Body(
        file,
        sheet,
        header,
        date_column,
        numbers,
        moments,
        list(zip(*lines, strict=True)) or [[] for _heading in header.headings],
        others,
    )
    _refuse_lines_without_a_day(body, totals)
    return body


def _date_column(rows: Sequence[Sequence[Cell]], header: Header) -> int:
    """The best column with days in it: 交易时间 may hold days with times, or times alone."""
    memory = MomentMemory()
    places = date_columns(header)
    for column in places:
        looked_at = distinct([row[column] for row in rows[:LOOKED_AT]])
        if any(memory[cell] is not None for cell in looked_at):
            return column
    return places[0]


def date_columns(header: Header) -> tuple[int, ...]:
    """Where a day may stand, the column that counts most first.

    When 交易 and 记账 are both there the day of the transaction counts, whatever the words.
    """
    places = [*header.all_of("date"), *header.all_of("moment")]
    booked = [place for place in places if spoken(header.heading(place)).startswith(_BOOKED)]
    return tuple([place for place in places if place not in booked] + booked)


_BOOKED = ("记账", "入账", "账务", "会计", "过账")


def _total_rows(rows: Sequence[Sequence[Cell]], header: Header) -> set[int]:
    """The rows that a word alone in a cell shows to be totals, though they may have a day."""
    places = {0, *header.all_of("text")}
    found: set[int] = set()
    for column in places:
        words = {
            text
            for text in {row[column] for row in rows}
            if isinstance(text, str) and 1 < len(text) < 40 and is_no_line(text)
        }
        if words:
            found |= {
                number for number, row in enumerate(rows, header.row + 2) if row[column] in words
            }
    return found


def _refuse_lines_without_a_day(body: Body, totals: set[int]) -> None:
    header = body.header
    amounts = [column for name in (*AMOUNT_FIELDS, "balance") for column in header.all_of(name)]
    memory = AmountMemory()
    titles = {spoken(plain_text(cell)) for row in header.titles for cell in row if cell != ""}
    for number, row in body.others:
        texts = [text for cell in row if cell != "" and (text := plain_text(cell))]
        if number in totals or all(map(is_filler, texts)) or is_total(texts[0]):
            continue
        said = set(map(spoken, texts))
        if said <= header.texts or said <= titles:
            continue
        for column in amounts:
            found = memory[row[column]] if not isinstance(row[column], bool) else UNREADABLE
            if found is not None and (found is not UNREADABLE or _like_a_number(row[column])):
                place = place_text(body.file, body.sheet, number, header.heading(body.date_column))
                raise UnreadableCell(place, _("the row has an amount, and this is no day"))


def _like_a_number(cell: Cell) -> bool:
    """Whether a cell that is no amount is one gone wrong, and not a word."""
    return not plain_text(cell).strip("0123456789,.+-()¥ ")


def times_of(body: Body) -> list[str]:
    """The time of every line: from the day's own cell, else from a column of times.

    Midnight of every line is a date that a workbook keeps as a time: none is known then.
    Raises UnreadableCell.
    """
    times = [time for _date, time in body.moments]
    if not any(times):
        for column in body.header.all_of("moment"):
            if column != body.date_column:
                times = _times_in(body, column)
                if any(times):
                    break
    if set(times) <= {"00:00:00", ""}:
        return [""] * len(times)
    return times


def _times_in(body: Body, column: int) -> list[str]:
    cells = distinct(body.columns[column])
    memory = MomentMemory()
    times: list[str] = []
    for index, cell in enumerate(cells):
        day = memory[cell]
        time = day.time if day else time_of_day(cell)
        if time is None:
            raise UnreadableCell(body.place(index, column), _("this is no time of day"))
        times.append(time)
    return times
