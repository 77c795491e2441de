"""The workbooks of a month's tax declaration against what the books would declare."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.figures.month_tax import month_tax
from ledger.figures.month_tax import taxed_months
from ledger.model.months import Month
from reports.documents import TAX_INCOME
from reports.documents import TAX_PEOPLE
from reports.tax.columns import LABOUR
from reports.tax.columns import PERSON
from reports.tax.columns import Layout
from reports.tax.columns import layout_on
from reports.tax.declaration import declared
from reports.tax.declaration import workbook_name
from reports.tax.workbooks import INCOME
from reports.tax.workbooks import Declared
from reports.tax.workbooks import row_of
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.masking import AMOUNT
from reports.verification.comparison.masking import IDENTITY
from reports.verification.comparison.masking import PLAIN
from reports.verification.comparison.masking import TEXT
from reports.verification.comparison.row_comparison import BookRow
from reports.verification.comparison.row_comparison import ComparedColumn
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.row_comparison import pair_rows
from reports.verification.comparison.row_comparison import row_differences
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.tables.table_cells import Grid
from reports.verification.tables.table_cells import ReadCell
from reports.verification.tables.table_cells import as_amount
from reports.verification.tables.table_cells import as_text
from reports.verification.tables.table_cells import padded

KINDS = {TAX_PEOPLE: PERSON, TAX_INCOME: LABOUR}
_MASKS = {"identity": IDENTITY, "name": TEXT, INCOME: AMOUNT}
_IDENTIFYING = ("payee", "identity")
# Of so many of its headings a table is known, whatever became of the others.
_MOST = 0.8


class _Declaration(Record):
    """What the books would declare of a month in one of the two workbooks."""

    kind: str
    month: Month
    layout: Layout

    @property
    def headings(self) -> set[str]:
        return set(self.layout.columns)


def verify_declaration(evidence: Evidence, path: Path, grids: Sequence[Grid]) -> Verdict | None:
    """The verdict on a workbook of a declaration; None for every other table.

    Its month is that of which the fewest cells differ: no cell says it.
    """
    first = grids[0].rows[0] if grids and grids[0].rows else ()
    texts = {str(cell).strip() for cell in first}
    known = [
        one
        for one in _declarations(evidence)
        if len(texts & one.headings) > _MOST * len(one.headings)
    ]
    if not known:
        return None
    named = [one for one in known if workbook_name(one.month, one.layout) == file_name(path)]
    found = [(one, _differences(evidence, one, grids)) for one in named or known]
    told, differences = min(found, key=lambda one: len(one[1]))
    compared = _("the declaration of {month} as the books make it today")
    return Verdict(
        "file",
        file_name(path),
        kind=told.kind,
        of_books=True,
        matched=ROWS,
        compared=compared.format(month=told.month),
        differences=differences,
        facts={"month": str(told.month)},
    )


def _declarations(evidence: Evidence) -> Iterator[_Declaration]:
    """The newest month first."""
    for month in reversed(taxed_months(evidence.books.history)):
        for kind, layout_kind in KINDS.items():
            yield _Declaration(kind, month, layout_on(layout_kind, month.last))


def _differences(evidence: Evidence, told: _Declaration, grids: Sequence[Grid]) -> list[Difference]:
    layout = told.layout
    tax = month_tax(evidence.books.history, told.month)
    people = declared(tax.people, evidence.registry.payees())
    first, *rows = grids[0].rows
    found = []
    if [str(cell) for cell in first] != list(layout.columns):  # guard: declared-headings
        shown, titles = (" ".join(map(str, cells)) for cells in (first, layout.columns))
        found.append(Difference(0, _("headings"), shown, titles))
    columns = [_column(layout, heading) for heading in layout.columns]
    here = [ReadRow(number, _cells(row, columns)) for number, row in enumerate(rows, 2) if any(row)]
    books = [
        BookRow(number, _texts(layout, one), one.payee) for number, one in enumerate(people, 2)
    ]
    found += row_differences(here, books, columns, pair_rows(here, books, columns))
    for grid in grids[1:]:
        if any(grid.rows):  # guard: declared-sheet-more
            found.append(Difference(0, _("sheet"), grid.name, "", kind="extra", sheet=grid.name))
    beyond = [
        Difference(number, _("other text"), mask_numbers(str(cell)), "", kind="extra")
        for number, row in enumerate(rows, 2)
        for cell in row[len(columns) :]
        if str(cell).strip()
    ]
    return [*found, *beyond]  # guard: declared-cell-beyond


def _column(layout: Layout, heading: str) -> ComparedColumn:
    field = layout.fields.get(heading, "")
    return ComparedColumn(heading, _MASKS.get(field, PLAIN), identifies=field in _IDENTIFYING)


def _cells(row: Sequence[ReadCell], columns: Sequence[ComparedColumn]) -> tuple[str, ...]:
    return tuple(
        (as_amount if column.kind == AMOUNT else as_text)(cell, has_numbers=True)
        for cell, column in zip(padded(row, len(columns)), columns, strict=False)
    )


def _texts(layout: Layout, one: Declared) -> tuple[str, ...]:
    return tuple(text for _heading, text in row_of(layout, one))
