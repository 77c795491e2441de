"""The month's declaration as files in the books' `reports`: all are made before one is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.provenance import provenance_of
from ledger.figures.month_tax import MonthTax
from ledger.figures.month_tax import PersonTax
from ledger.model.ids import BatchId
from ledger.model.ids import TownComponent
from ledger.model.months import Month
from ledger.model.payees import Payee
from ledger.registry.registry import Registry
from reports.documents import office_boxes
from reports.documents import write_document
from reports.tax.columns import LABOUR
from reports.tax.columns import PERSON
from reports.tax.columns import layout_on
from reports.tax.sheets import SLIP_TITLE
from reports.tax.sheets import SUMMARY_TITLE
from reports.tax.sheets import tax_heading
from reports.tax.sheets import town_scope
from reports.tax.sheets import write_slip
from reports.tax.sheets import write_summary
from reports.tax.workbooks import Declared
from reports.tax.workbooks import workbook_bytes

PEOPLE_FILE, INCOME_FILE, SUMMARY, SLIP = "tax_people", "tax_income", "tax_summary", "tax_slip"


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


def declared(people: Sequence[PersonTax], payees: Sequence[Payee]) -> list[Declared]:
    """Everybody of the month with the record as it is now; no two have one identity number."""
    by_id = {payee.payee_id: payee for payee in payees}
    return [Declared(person, by_id[person.payee]) for person in people]


def _workbooks(books: Books, tax: MonthTax, people: Sequence[Declared]) -> Iterator[TaxFile]:
    for kind, file_kind in ((PERSON, PEOPLE_FILE), (LABOUR, INCOME_FILE)):
        layout = layout_on(kind, tax.month.last)
        title = f"{tax.month} {layout.sheet}"
        content = workbook_bytes(layout, people, title=title, unit=books.settings.unit)
        name = f"{tax.month}-{layout.sheet}.xlsx"
        yield TaxFile(name, file_kind, TownComponent(""), len(people), content)


def _papers(books: Books, tax: MonthTax, people: Sequence[Declared]) -> Iterator[TaxFile]:
    boxes = office_boxes(books.programme.documents.boxes)
    unit, provenance = books.settings.unit, provenance_of(books)
    by_town: dict[TownComponent, list[Declared]] = {}
    for one in people:
        by_town.setdefault(one.person.town, []).append(one)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "paper.pdf"
        heading = tax_heading(SUMMARY_TITLE, unit, tax, provenance, f"{len(by_town)} 个")
        write_summary(path, heading, tax, boxes)
        name = f"{tax.month}-{SUMMARY_TITLE}.pdf"
        yield TaxFile(name, SUMMARY, TownComponent(""), len(people), path.read_bytes())
        for town, of_town in by_town.items():
            heading = tax_heading(SLIP_TITLE, unit, tax, provenance, town_scope(town))
            write_slip(path, heading, of_town, boxes)
            name = f"{tax.month}-{SLIP_TITLE}-{town}.pdf"
            yield TaxFile(name, SLIP, town, len(of_town), path.read_bytes())


def _put(content: bytes, path: Path) -> int:
    path.write_bytes(content)
    return 1
