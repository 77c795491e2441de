"""Read a list of payments that were made before these books: who, when, how much, by which paper.

A row that cannot be read without a doubt goes back; what is wrong with the whole list refuses it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from importers.paid_before.problems import PaymentProblem
from importers.results.cells import has_lost_digits
from importers.results.words import begins_footer
from importers.rosters.merged_cells import filled_down
from importers.rosters.words import roster_words
from importers.statements.moments import moment
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import amount_fen
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from importers.tables.headings import Headings
from importers.tables.headings import HeadingWords
from importers.tables.headings import headings_of
from importers.tables.reading import Sheet
from importers.tables.spelling import spoken
from importers.tables.units import check_units
from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.model.payees import bare_number

WORDS_FILE = Path(__file__).parent / "data" / "headings.json"
WHO = ("identity", "payee_id")
REQUIRED = ("name", "date", "amount", "paper")
# A line of totals that speaks of the whole sheet.
TOTALS = ("合计", "总计", "共计", "总金额")


class NoPaymentHeader(Refusal):
    """No row of headings names a person, a day, an amount and a paper."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no row of headings was found that has 身份证号 or 人员编号, 姓名, 发放日期,"
            " 金额 and 凭证号"
        )
        super().__init__(message.format(file=file))


class NoPayments(Refusal):
    """Headings, and nobody below them."""

    def __init__(self, file: str) -> None:
        super().__init__(_("{file}: there is no payment below the headings").format(file=file))


class PaymentsTotalDiffers(Refusal):
    """The list states another sum than its rows make."""

    def __init__(self, file: str, row: int, stated_fen: int, read_fen: int) -> None:
        message = _(
            "{file}, row {row}: the list says that it comes to {stated}, and its rows make {read}"
        )
        stated, read = plain(stated_fen), plain(read_fen)
        super().__init__(
            message.format(file=file, row=row, stated=stated, read=read),
            row=row,
            stated=stated,
            read=read,
        )


class PaymentRow(Record):
    """One payment as the list has it; ``cells`` is the whole row. What cannot be read is empty."""

    sheet: str
    row: int
    cells: Sequence[Cell]
    name: str
    identity: str
    payee_id: str
    day: datetime.date | None
    amount_fen: int | None
    paper: str

    unshown = ("cells", "name", "identity", "paper")

    @property
    def place(self) -> str:
        """``Sheet1!12``; in a text file ``12``."""
        return f"{self.sheet}!{self.row}" if self.sheet else str(self.row)


class PaymentTable(Record):
    """The payments of one sheet; ``titles`` has a heading for every column of its rows."""

    sheet: str
    headings: Headings
    rows: tuple[PaymentRow, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        return self.headings.titles

    def title_of(self, name: str) -> str:
        """The heading of a field, empty where it has none."""
        columns = self.headings.all_of(name)
        return plain_text(self.titles[columns[0]]) if columns else ""

    def problem(self, row: PaymentRow, name: str, code: str, **parameters: str) -> PaymentProblem:
        return PaymentProblem(row.sheet, row.row, self.title_of(name), name, code, parameters)


class PaymentsFile(Record):
    """``problems`` are of rows that cannot be read; ``skipped`` counts lines that are nobody's."""

    file: str
    tables: tuple[PaymentTable, ...]
    problems: tuple[PaymentProblem, ...]
    skipped: int

    @property
    def row_count(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def read_payments(file: str, sheets: Sequence[Sheet]) -> PaymentsFile:
    """The payments on the visible sheets of a file.

    Raises NoPaymentHeader, NoPayments, PaymentsTotalDiffers or AmountsInOtherUnit.
    """
    tables: list[PaymentTable] = []
    problems: list[PaymentProblem] = []
    skipped = 0
    for sheet in sheets:
        headings = None if sheet.hidden else _find_headings(sheet)
        if headings is None:
            continue
        table, notes = _read_table(sheet, headings)
        tables.append(table)
        skipped += len(notes)
        titles = [*enumerate(headings.above, 1), *notes]
        amounts = [headings.whole[column] for column in headings.all_of("amount")]
        check_units(file, sheet.name, titles, amounts, headings.last + 1)
        _check_total(file, table, notes)
        problems += (one for row in table.rows for one in _faults(sheet, table, row))
    if not tables:
        raise NoPaymentHeader(file)
    if not any(table.rows for table in tables):
        raise NoPayments(file)
    return PaymentsFile(file, tuple(tables), tuple(problems), skipped)


@cache
def _own_words() -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return read


def _find_headings(sheet: Sheet) -> Headings | None:
    of_people = roster_words().headings.fields
    fields = {name: of_people[name] for name in (*WHO, "name")}
    known = HeadingWords({**fields, **_own_words()})
    found = [one for one in headings_of(sheet.cells, known) if _is_of_payments(one)]
    return max(found, key=lambda one: one.rank, default=None)


def _is_of_payments(headings: Headings) -> bool:
    columns = headings.columns
    return any(map(columns.__contains__, WHO)) and all(map(columns.__contains__, REQUIRED))


def _read_table(
    sheet: Sheet, headings: Headings
) -> tuple[PaymentTable, list[tuple[int, Sequence[Cell]]]]:
    """The payments below the headings, and the lines that are nobody's."""
    lines = range(headings.first, headings.last + 1)
    cells = filled_down(sheet.cells, sheet.merged, headings=lines)
    rows: list[PaymentRow] = []
    notes: list[tuple[int, Sequence[Cell]]] = []
    for number, line in enumerate(cells[headings.last + 1 :], headings.last + 2):
        texts = [plain_text(cell) for cell in line if cell != ""]
        if not any(texts):
            continue
        row = _read_row(sheet.name, number, line, headings)
        if _is_nobodys(row, texts, headings):
            notes.append((number, line))
        else:
            rows.append(row)
    return PaymentTable(sheet.name, headings, tuple(rows)), notes


def _is_nobodys(row: PaymentRow, texts: Sequence[str], headings: Headings) -> bool:
    """Whether a line is a total, a note, a signature, or the headings once more."""
    if {spoken(text) for text in texts if text} <= headings.texts:
        return True
    if row.identity or row.payee_id:
        return False
    first = next(text for text in texts if text)
    return begins_footer(first) or not (row.name or row.amount_fen)


def _read_row(sheet: str, number: int, cells: Sequence[Cell], headings: Headings) -> PaymentRow:
    def cell(name: str) -> Cell:
        return next(_filled(cells, headings, name), "")

    when = moment(cell("date"))
    try:
        fen = amount_fen(cell("amount"))
    except UnreadableAmount:
        fen = None
    return PaymentRow(
        sheet=sheet,
        row=number,
        cells=cells,
        name=person_name(cell("name")),
        identity=bare_number(number_text(cell("identity"))),
        payee_id=words(cell("payee_id")).upper() if cell("payee_id") != "" else "",
        day=when.date if when else None,
        amount_fen=fen,
        paper=cleaned(plain_text(cell("paper"))).strip(),
    )


def _filled(cells: Sequence[Cell], headings: Headings, name: str) -> Iterator[Cell]:
    """What stands in the columns of a field."""
    return (cells[column] for column in headings.all_of(name) if plain_text(cells[column]))


def _faults(sheet: Sheet, table: PaymentTable, row: PaymentRow) -> Iterator[PaymentProblem]:
    """What of a row cannot be read without a doubt."""
    headings, marks = table.headings, sheet.marks
    read = [column for name in (*WHO, *REQUIRED) for column in headings.all_of(name)]
    # guard: payment-struck-out
    if any((row.row, column) in marks.struck for column in read):
        yield table.problem(row, "name", "row_struck")
    elif row.row in marks.hidden:  # guard: payment-hidden
        yield table.problem(row, "name", "row_hidden")
    for name in (*WHO, *REQUIRED):
        said = {spoken(plain_text(cell)) for cell in _filled(row.cells, headings, name)}
        if len(said) > 1:  # guard: payment-columns-agree
            yield table.problem(row, name, "columns_differ")
    if any(map(has_lost_digits, _filled(row.cells, headings, "identity"))):
        yield table.problem(row, "identity", "identity_rounded")
    elif not (row.identity or row.payee_id):
        yield table.problem(row, "identity", "who_missing")
    if not row.name:
        yield table.problem(row, "name", "name_missing")
    if row.day is None:
        yield table.problem(row, "date", "day_unreadable")
    if not row.amount_fen:  # guard: payment-is-money
        yield table.problem(row, "amount", "amount_unreadable")
    if not row.paper:  # guard: payment-has-paper
        yield table.problem(row, "paper", "paper_missing")


def _check_total(
    file: str, table: PaymentTable, notes: Sequence[tuple[int, Sequence[Cell]]]
) -> None:
    """Raises PaymentsTotalDiffers; where a row is no money, nothing is known of the sum."""
    amounts_fen = [row.amount_fen for row in table.rows]
    if None in amounts_fen:
        return
    total_fen = sum(fen for fen in amounts_fen if fen)
    for number, line in notes:
        first = next((plain_text(cell) for cell in line if plain_text(cell)), "")
        stated = _read_row(table.sheet, number, line, table.headings).amount_fen
        # guard: payments-total-stated
        if spoken(first).startswith(TOTALS) and stated not in (None, total_fen):
            raise PaymentsTotalDiffers(file, number, stated or 0, total_fen)
