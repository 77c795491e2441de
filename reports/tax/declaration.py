"""The month's declaration as files in the books' `reports`: all are made before one is there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger.base import durable
from ledger.base.books_folder import REPORTS
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.provenance import Provenance
from ledger.books.provenance import provenance_of
from ledger.figures.month_tax import MonthTax
from ledger.figures.month_tax import PersonTax
from ledger.model.ids import BatchId
from ledger.model.ids import TownComponent
from ledger.model.months import Month
from ledger.model.payees import Payee
from ledger.registry.registry import Registry
from reports.documents import TAX_INCOME
from reports.documents import TAX_PEOPLE
from reports.documents import TAX_SLIP
from reports.documents import TAX_SUMMARY
from reports.documents import DocumentRefused
from reports.documents import office_boxes
from reports.documents import write_document
from reports.tax.columns import LABOUR
from reports.tax.columns import PERSON
from reports.tax.columns import Layout
from reports.tax.columns import layout_on
from reports.tax.sheets import SLIP_TITLE
from reports.tax.sheets import SUMMARY_TITLE
from reports.tax.sheets import tax_heading
from reports.tax.sheets import town_scope
from reports.tax.sheets import write_slip
from reports.tax.sheets import write_summary
from reports.tax.workbooks import Declared
from reports.tax.workbooks import workbook_bytes


class NothingToDeclare(Refusal):
    """A month in which nobody was paid, and nothing taken back."""

    def __init__(self, month: Month) -> None:
        message = _("in {month} nobody was paid whose income is declared, and nothing taken back")
        super().__init__(message.format(month=month), month=str(month))


class BatchesOpen(Refusal):
    """Batches of the month of which nobody knows yet whether they are paid."""

    def __init__(self, month: Month, batches: Sequence[BatchId]) -> None:
        message = _(
            "nobody has given {batches} of {month} to the bank: submit or void them, and declare"
            " the month then"
        )
        super().__init__(
            message.format(batches=listed(batches), month=month), batches=list(batches)
        )


class TaxFile(NamedTuple):
    """A file of the declaration: ``town`` where it is a town's, how many people it names."""

    name: str
    kind: str
    town: TownComponent
    rows: int
    content: bytes

    @property
    def sha256(self) -> Digest:
        return digest(self.content)


def declare(books: Books, registry: Registry, tax: MonthTax) -> list[TaxFile]:
    """Make the files of a month and write them into the books' folder.

    Raises DocumentRefused, or what :func:`declaration` raises.
    """
    files = declaration(books, registry, tax)
    for file in files:
        write_document(books.folder, file.name, partial(_put, file.content))
    return files


def remove_stale_slips(folder: Path, month: Month, files: Sequence[TaxFile]) -> list[str]:
    """Remove the slips of towns in which nobody of the month was paid after all; their names.

    Nobody may hand them out beside those that were made now. Raises DocumentRefused.
    """
    kept = {file.name for file in files}
    stale = sorted((folder / REPORTS).glob(f"{month}-{SLIP_TITLE}-*.pdf"))
    stale = [path for path in stale if path.name not in kept]
    for path in stale:
        try:
            durable.remove_file(path)
        except OSError as error:
            raise DocumentRefused(path, error) from error
    return [path.name for path in stale]


def declaration(books: Books, registry: Registry, tax: MonthTax) -> list[TaxFile]:
    """The files of a month; what was written is compared with the books.

    Raises NothingToDeclare, BatchesOpen or DeclarationDiffers.
    """
    if not tax.people and not tax.corrections:
        raise NothingToDeclare(tax.month)
    if tax.open_batches:  # guard: declared-when-sent
        raise BatchesOpen(tax.month, tax.open_batches)
    people = declared(tax.people, registry.payees())
    return [*_workbooks(books, tax, people), *_papers(books, tax, people)]


def workbook_name(month: Month, layout: Layout) -> str:
    return f"{month}-{layout.sheet}.xlsx"


def declared(people: Sequence[PersonTax], payees: Sequence[Payee]) -> list[Declared]:
    """Everybody of the month with the record as it is now; no two have one identity number."""
    by_id = {payee.payee_id: payee for payee in payees}
    return [Declared(person, by_id[person.payee]) for person in people]


def _workbooks(books: Books, tax: MonthTax, people: Sequence[Declared]) -> Iterator[TaxFile]:
    for kind, file_kind in ((PERSON, TAX_PEOPLE), (LABOUR, TAX_INCOME)):
        layout = layout_on(kind, tax.month.last)
        title = f"{tax.month} {layout.sheet}"
        content = workbook_bytes(layout, people, title=title, unit=books.settings.unit)
        name = workbook_name(tax.month, layout)
        yield TaxFile(name, file_kind, TownComponent(""), len(people), content)


def _papers(books: Books, tax: MonthTax, people: Sequence[Declared]) -> Iterator[TaxFile]:
    provenance = provenance_of(books)
    name = f"{tax.month}-{SUMMARY_TITLE}.pdf"
    content = summary_bytes(books, tax, provenance)
    yield TaxFile(name, TAX_SUMMARY, TownComponent(""), len(people), content)
    for town, of_town in by_town(people).items():
        name = f"{tax.month}-{SLIP_TITLE}-{town}.pdf"
        content = slip_bytes(books, tax, of_town, provenance)
        yield TaxFile(name, TAX_SLIP, town, len(of_town), content)


def by_town(people: Sequence[Declared]) -> dict[TownComponent, list[Declared]]:
    """The people of each town in which somebody was paid."""
    towns: dict[TownComponent, list[Declared]] = {}
    for one in people:
        towns.setdefault(one.person.town, []).append(one)
    return towns


def summary_bytes(books: Books, tax: MonthTax, provenance: Provenance) -> bytes:
    """The summary of a month, as it is printed."""
    scope = f"{len({person.town for person in tax.people})} 个"
    heading = tax_heading(SUMMARY_TITLE, books.settings.unit, tax, provenance, scope)
    boxes = office_boxes(books.programme.documents.boxes)
    return _bytes_of(lambda path: write_summary(path, heading, tax, boxes))


def slip_bytes(
    books: Books, tax: MonthTax, of_town: Sequence[Declared], provenance: Provenance
) -> bytes:
    """The slips of a town's people, as they are printed."""
    scope = town_scope(of_town[0].person.town)
    heading = tax_heading(SLIP_TITLE, books.settings.unit, tax, provenance, scope)
    boxes = office_boxes(books.programme.documents.boxes)
    return _bytes_of(lambda path: write_slip(path, heading, of_town, boxes))


def _bytes_of(write: Callable[[Path], int]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "paper.pdf"
        write(path)
        return path.read_bytes()


def _put(content: bytes, path: Path) -> int:
    path.write_bytes(content)
    return 1
