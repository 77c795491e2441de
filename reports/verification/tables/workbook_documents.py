"""The workbook of a batch, sheet by sheet and cell by cell, whatever program has saved it last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.masks import is_masked as shows_masks
from ledger.base.masks import mask_numbers
from ledger.base.money import plain
from ledger.base.records import replace
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from reports.documents import PAYOUT_SHEET
from reports.documents import SUMMARY_SHEET
from reports.documents import TOWN_WORKBOOK
from reports.documents import WORKBOOK
from reports.payout.sheet import notes_of
from reports.payout.sheet_columns import COUNTED
from reports.payout.sheet_columns import NONE
from reports.payout.sheet_columns import SheetColumns
from reports.payout.workbook import NOTES
from reports.payout.workbook import SUMMARY_NAME
from reports.payout.workbook import titles_of
from reports.pdf.amount_in_words import amount_in_words
from reports.verification.comparison.books_documents import columns_of
from reports.verification.comparison.books_documents import summary_of
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.evidence import SealedBatch
from reports.verification.comparison.masking import TEXT
from reports.verification.comparison.refusals import NotOfTheBooks
from reports.verification.comparison.row_comparison import BookRow
from reports.verification.comparison.row_comparison import ComparedColumn
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.row_comparison import pair_rows
from reports.verification.comparison.row_comparison import row_differences
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.pdf.page_headings import heading_differences
from reports.verification.pdf.payout_pages import IDENTITY_PLACE
from reports.verification.pdf.payout_pages import compared
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.whole_batch_pages import Cell
from reports.verification.pdf.whole_batch_pages import cell_differences
from reports.verification.pdf.whole_batch_pages import summary_cells
from reports.verification.pdf.whole_batch_pages import summary_titles
from reports.verification.tables.table_cells import Grid
from reports.verification.tables.table_cells import ReadCell
from reports.verification.tables.table_cells import a_text
from reports.verification.tables.table_cells import as_amount
from reports.verification.tables.table_cells import as_count
from reports.verification.tables.table_cells import as_text
from reports.verification.tables.table_cells import padded
from reports.verification.tables.table_cells import whole
from reports.verification.tables.workbook_sheets import Sheet
from reports.verification.tables.workbook_sheets import read_sheet

TOTAL = "合计："
# Behind the digits of a cell that is a number: the same digits can be a text.
NUMBER = "#"


def workbook_columns(columns: SheetColumns) -> tuple[ComparedColumn, ...]:
    """The sheet's columns as the printed page has them, but for the signature; the notes beside."""
    return (*compared(columns), ComparedColumn(NOTES, TEXT))


def verify_workbook(evidence: Evidence, path: Path, grids: Sequence[Grid]) -> Verdict:
    """The verdict on a payout workbook. Raises NotOfTheBooks."""
    sheets = [read_sheet(grid) for grid in grids]
    batch = _batch_of(evidence, sheets)
    if batch is None:
        raise NotOfTheBooks(file_name(path))
    sealed = evidence.sealed(batch)
    found: list[Difference] = []
    towns: dict[TownCode, str] = {}
    has_summary = False
    for sheet in sheets:
        name, town = sheet.grid.name, sheet.head.town
        if sheet.grid.name == SUMMARY_NAME or (sheet.head.batch and not town):
            has_summary = True
            found += _summary_differences(evidence, sealed, sheet)
        elif town in towns:
            here = _("{town} for the second time").format(town=town)
            found.append(Difference(0, _("sheet"), here, towns[town], kind="extra", sheet=name))
        elif town in sealed.by_town:
            towns[town] = name
            found += _town_differences(evidence, sealed, town, sheet)
        elif any(sheet.grid.rows):  # guard: sheet-more
            found.append(Difference(0, _("sheet"), name, "", kind="extra", sheet=name))
    alone = _is_of_one_town(path, sheets, sealed)
    if not has_summary and not alone:
        found.append(Difference(0, _("sheet"), "", SUMMARY_NAME, kind="missing"))
    for town, rows in sealed.by_town.items():
        if town not in towns and not alone:
            name = rows[0].town_name
            found.append(Difference(0, _("sheet"), "", name, kind="missing"))
    return Verdict(
        "file",
        file_name(path),
        kind=TOWN_WORKBOOK if alone else WORKBOOK,
        batch=sealed.batch,
        matched=ROWS,
        compared=_("the rows of batch {batch} as they were sent").format(batch=batch),
        differences=found,
    )


def _is_of_one_town(path: Path, sheets: Sequence[Sheet], sealed: SealedBatch) -> bool:
    """Whether the file is, by its name and its only sheet, the workbook of a town alone."""
    written = [sheet for sheet in sheets if any(sheet.grid.rows)]
    rows = sealed.by_town.get(written[0].head.town) if len(written) == 1 else None
    return rows is not None and rows[0].town_name in file_name(path)


def _batch_of(evidence: Evidence, sheets: Sequence[Sheet]) -> BatchId | None:
    """The batch that most sheets name; of none that is known, by their seal."""
    said = [sheet.head.batch for sheet in sheets if sheet.head.batch in evidence.batches]
    if not said:
        seals = {sheet.head.seal for sheet in sheets}
        said = [batch.id for batch in evidence.batches.values() if batch.seal in seals]
    return max(said, key=said.count) if said else None


def _heading(
    evidence: Evidence, sealed: SealedBatch, kind: str, sheet: Sheet, titles: Sequence[str]
) -> Iterator[Difference]:
    for difference in heading_differences(evidence, sealed, kind, sheet.head):
        yield replace(difference, sheet=sheet.grid.name)
    here = sheet.grid.rows[sheet.header] if sheet.header >= 0 else ()
    if [str(cell) for cell in here] != list(titles):
        shown = " ".join(map(str, here))
        yield Difference(0, _("headings"), shown, " ".join(titles), sheet=sheet.grid.name)


def _town_differences(
    evidence: Evidence, sealed: SealedBatch, town: TownCode, sheet: Sheet
) -> list[Difference]:
    columns = columns_of(evidence, sealed)
    found = list(_heading(evidence, sealed, PAYOUT_SHEET, sheet, titles_of(columns)))
    rows, name = sealed.by_town[town], sheet.grid.name
    first = sheet.header + 1
    body = sheet.grid.rows[first:]
    total = next(
        (n for n, row in enumerate(body) if row and str(row[0]).startswith(TOTAL)), len(body)
    )
    here = [
        ReadRow(first + place + 1, _cells(row, columns))
        for place, row in enumerate(body[:total])
        if row
    ]
    is_masked = any(shows_masks(row.cells[IDENTITY_PLACE]) for row in here)
    books = [
        BookRow(first + number, _book_cells(number, row, columns, is_masked=is_masked), row)
        for number, row in enumerate(rows, 1)
    ]
    as_compared = workbook_columns(columns)
    pairing = pair_rows(here, books, as_compared)
    found += row_differences(here, books, as_compared, pairing, sheet=name)
    last = body[total] if total < len(body) else ()
    found += _total_differences(last, rows, columns, name, first + total)
    for place, row in enumerate(body[total + 1 :], first + total + 2):
        texts = [str(cell).strip() for cell in row]
        strange = " ".join(text for text in texts if text and not text.endswith("："))
        if strange:
            shown = mask_numbers(strange)
            found.append(Difference(place, _("other text"), shown, "", kind="extra", sheet=name))
    return found


def _cells(row: Sequence[ReadCell], columns: SheetColumns) -> tuple[str, ...]:
    """The cells as text, without the signature."""
    titles = titles_of(columns)
    cells = padded(row, len(titles))
    money = {*columns.amount_places, *([COUNTED + 1] if columns.counts else [])}
    read = []
    for place, cell in enumerate(cells[: len(titles)]):
        kind = as_count if place == 0 else as_amount if place in money else as_text
        read.append(kind(cell, has_numbers=True))
    beyond = [str(cell).strip() for cell in cells[len(titles) :] if str(cell).strip()]
    # What stands to the right of the table is read as a note: there is no such column.
    read[-1] = " ".join([read[-1], *beyond]).strip()
    return tuple(text for place, text in enumerate(read) if place != columns.signature)


def _book_cells(
    number: int, row: Instruction, columns: SheetColumns, *, is_masked: bool
) -> tuple[str, ...]:
    texts = columns.texts(number, row, plain, mask_identities=is_masked)
    notes = "；".join(notes_of(row).values())
    return tuple("" if text == NONE else text.strip() for text in (*texts, notes))


def _total_differences(
    row: Sequence[ReadCell],
    rows: Sequence[Instruction],
    columns: SheetColumns,
    sheet: str,
    number: int,
) -> Iterator[Difference]:
    label = f"{TOTAL}{len(rows)} 人　　大写：{amount_in_words(columns.amounts_fen(rows)[-1])}"
    titles = titles_of(columns)
    cells = padded(row, len(titles))
    place = number + 1 if row else 0
    here = str(cells[0])
    if "".join(here.split()) != "".join(label.split()):
        yield Difference(place, "合计", here, label, sheet=sheet)
    for column, books in columns.totals(rows, plain).items():
        kind = as_amount if column in columns.amount_places else as_text
        found = kind(cells[column], has_numbers=True)
        if found != books:
            yield Difference(place, f"合计 {titles[column]}", found, books, sheet=sheet)


def _summary_differences(evidence: Evidence, sealed: SealedBatch, sheet: Sheet) -> list[Difference]:
    summary = summary_of(evidence, sealed)
    titles = summary_titles(summary)
    found = list(_heading(evidence, sealed, SUMMARY_SHEET, sheet, titles))
    # The workbook's own title is that of the summary sheet.
    words = [
        word
        for row in sheet.grid.rows[sheet.header + 1 :]
        for cell in row
        if (word := _word(cell)) and not word.endswith("：")
    ]
    page = PrintedPage(number=0, kind="", words=(*titles, *words))
    cells = [replace(cell, text=_number_of(cell)) for cell in summary_cells(summary)]
    return found + [
        replace(
            difference,
            here=_shown(difference.here, difference.books),
            books=difference.books.rstrip(NUMBER),
            sheet=sheet.grid.name,
        )
        for difference in cell_differences([page], titles, cells)
    ]


def _shown(here: str, books: str) -> str:
    if books.endswith(NUMBER) and here and not here.endswith(NUMBER):
        return a_text(here)
    return here.rstrip(NUMBER)


def _word(cell: ReadCell) -> str:
    if isinstance(cell, Decimal):
        return f"{whole(cell.normalize())}{NUMBER}"
    return "".join(cell.split())


def _number_of(cell: Cell) -> str:
    """Figures are numbers in a workbook, which this sign tells from the same digits as text."""
    digits = cell.text.replace(",", "")
    if cell.column == "代码" or not re.fullmatch(r"\d+(\.\d\d)?", digits):
        return cell.text
    return f"{whole(Decimal(digits).normalize())}{NUMBER}"
