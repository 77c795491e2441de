"""The page 报表: months, their tax, batches and the bank; seen here, and as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from ledger.bank.reconciliation import NoStatement
from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import reconciliation
from ledger.bank.reconciliation import sum_fen
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.provenance import provenance_of
from ledger.figures.month import require_reportable
from ledger.figures.month_tax import MonthTax
from ledger.figures.month_tax import month_tax
from ledger.figures.month_tax import taxed_months
from ledger.model.ids import BatchId
from ledger.model.months import read_month
from ledger.services.month_reports import report_bytes
from ledger.web.desk.budget import months_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.downloads import handed_out
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import READERS_OF_PAPERS
from ledger.web.desk.routes import Route
from ledger.web.page_words import batch_word
from reports.batch_statement.document import batch_statement_bytes
from reports.batch_statement.document import file_name_of as batch_file_name
from reports.monthly.document import file_name_of
from reports.reconciliation.document import file_name_of as reconciliation_file_name
from reports.reconciliation.document import reconciliation_bytes
from reports.tax.declaration import declaration

TaxRow = tuple[str, int, str, str, str, str]


def show(desk: Desk) -> str:
    view = desk.view()
    books = view.whole
    closed = {str(one.month): one for one in books.history.closed}
    return desk.page(
        "reports.html",
        view,
        months=[(month, closed.get(month)) for month in months_of(desk, view)],
        newest=max(closed, default=""),
        names={one.id: one.name for one in books.history.operators.values()},
        batches=[
            (batch, batch_word(batch.state), grouped(batch.amount_fen))
            for batch in reversed([*view.books.history.batches.values()])
        ],
        taxes=view.once("taxes", lambda: list(_taxes(books))),
        may_read_papers=desk.may(READERS_OF_PAPERS),
    )


def monthly(desk: Desk, month: str) -> Response:
    """The statement of a month as a PDF: of a closed one as it was printed then."""
    wanted = read_month(month)
    books = _books(desk)
    require_reportable(books, wanted, desk.today())
    books.require_sound(but_for_facts=True)
    with desk.place.registry() as registry:
        content = report_bytes(books, registry, wanted)
    return handed_out(content, file_name_of(wanted))


def batch(desk: Desk, batch: str) -> Response:
    """What has become of a batch by the day of the page, as a PDF."""
    view = desk.view()
    view.whole.require_sound()
    name = BatchId(batch)
    content = batch_statement_bytes(view.whole, name, view.on)
    return handed_out(content, batch_file_name(name, view.on))


def bank(desk: Desk) -> str:
    """What the books and the bank hold by the day of the page, and what explains the difference."""
    view = desk.view()
    found: dict[str, Any] = {"record": None, "refused": ""}
    try:
        record = reconciliation(view.whole, view.on)
        found = {"record": record, "rows": _balances(record), "items": _items(record)}
    except NoStatement as refusal:
        found["refused"] = str(refusal)
    return desk.render("reconciliation.html", on=view.on, grouped=grouped, **found)


def bank_file(desk: Desk) -> Response:
    """The same as a PDF."""
    view = desk.view()
    books = view.whole
    record = reconciliation(books, view.on)
    books.require_sound(but_for_facts=True)
    content = reconciliation_bytes(books, record, provenance_of(books))
    return handed_out(content, reconciliation_file_name(record))


def tax(desk: Desk, month: str) -> str:
    """What is declared of a month's income tax; the files have whole numbers, the page none."""
    wanted = read_month(month)
    books = _books(desk)
    require_reportable(books, wanted, desk.today())
    books.require_sound(but_for_facts=True)
    found, refused, files = month_tax(books.history, wanted), "", []
    try:
        with desk.place.registry() as registry:
            files = [(file.name, file.rows) for file in declaration(books, registry, found)]
    except Refusal as refusal:
        refused = desk.without_folders(str(refusal))
    return desk.render(
        "tax.html",
        row=_tax_row(found),
        tax=found,
        files=files,
        refused=refused,
        grouped=grouped,
        may_read=desk.may(READERS_OF_PAPERS),
    )


def tax_file(desk: Desk, month: str, name: str) -> Response:
    """A file of the declaration, made from the books as they are."""
    wanted = read_month(month)
    books = _books(desk)
    require_reportable(books, wanted, desk.today())
    books.require_sound(but_for_facts=True)
    with desk.place.registry() as registry:
        files = declaration(books, registry, month_tax(books.history, wanted))
    for file in files:
        if file.name == name:
            return handed_out(file.content, name)
    raise NotFound


def _books(desk: Desk) -> Books:
    """The books as they are now."""
    desk.books.look_again()
    return desk.books.whole()


def _tax_row(tax: MonthTax) -> TaxRow:
    """Month, people, their income, what was withheld, what is due, and until when."""
    return (
        str(tax.month),
        len(tax.people),
        grouped(tax.income_fen),
        grouped(tax.tax_fen),
        grouped(tax.due_fen),
        tax.last_day.isoformat(),
    )


def _taxes(books: Books) -> Iterator[TaxRow]:
    for month in taxed_months(books.history):
        yield _tax_row(month_tax(books.history, month))


def _balances(record: Reconciliation) -> list[tuple[str, str, bool]]:
    """What each row is, its amount, and whether it is a sum."""
    rows = [(_("Balance of the books (1002 银行存款)"), record.books_fen, False)]
    if record.unexplained:
        rows.append((_("Plus: what nobody has explained (99 待核)"), record.suspense_fen, False))
    rows += [
        (_("Plus: in at the bank, not in the books"), sum_fen(record.bank_received), False),
        (_("Less: out at the bank, not in the books"), sum_fen(record.bank_paid), False),
        (_("Balance of the books as adjusted"), record.adjusted_books_fen, True),
    ]
    if record.bank_fen is not None and record.adjusted_bank_fen is not None:
        rows += [
            (
                _("Balance of the statement ({day})").format(day=record.bank_as_of),
                record.bank_fen,
                False,
            ),
            (_("Plus: in the books, not in at the bank"), sum_fen(record.unit_received), False),
            (_("Less: out in the books, not at the bank"), sum_fen(record.unit_paid), False),
            (_("Balance of the statement as adjusted"), record.adjusted_bank_fen, True),
            (_("Difference"), record.adjusted_books_fen - record.adjusted_bank_fen, True),
        ]
    return [(name, grouped(fen), is_sum) for name, fen, is_sum in rows]


def _items(record: Reconciliation) -> list[tuple[str, str, str, str]]:
    """What explains the difference: kind, day, amount, what it is."""
    return [
        (kind, one.date.isoformat(), grouped(one.amount_fen), mask_numbers(text))
        for kind, items in (
            (_("In at the bank, not in the books"), record.bank_received),
            (_("Out at the bank, not in the books"), record.bank_paid),
        )
        for one in items
        for text in [" ".join((one.line, one.counterparty, one.text))]
    ] + [
        (kind, one.date.isoformat(), grouped(one.amount_fen), mask_numbers(one.text))
        for kind, items in (
            (_("In the books, not in at the bank"), record.unit_received),
            (_("Out in the books, not at the bank"), record.unit_paid),
        )
        for one in items
    ]


ROUTES = (
    Route(GET, "/reports", show),
    Route(GET, "/months/<month>.pdf", monthly),
    Route(GET, "/reports/batches/<batch>.pdf", batch, READERS_OF_PAPERS),
    Route(GET, "/reports/bank", bank),
    Route(GET, "/reports/bank.pdf", bank_file),
    Route(GET, "/reports/tax/<month>", tax),
    Route(GET, "/reports/tax/<month>/<name>", tax_file, READERS_OF_PAPERS),
)
