"""``census-ledger report``: documents about what has happened."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.model.ids import BatchId

if TYPE_CHECKING:
    from ledger.books.books import Books
    from ledger.services.month_reports import HandedOut


@click.group("report", help=_("Write a statement, or lists for towns."))
def command() -> None:
    pass


@command.command("batch", help=_("What has become of a batch: paid, returned, unknown, re-issued."))
@click.argument("batch", metavar="B")
@date_option
@json_option
@click.pass_obj
def report_batch(context: Context, batch: BatchId, on: datetime.date) -> int:
    from ledger.figures.batch_outcomes import totals_of
    from reports.batch_statement.document import statement_of
    from reports.batch_statement.document import write_batch_statement

    books = context.books()
    books.require_sound()
    written = write_batch_statement(books, batch, on)
    if context.as_json:
        totals = totals_of(statement_of(books, batch, on).rows)
        print_json({
            "batch": batch,
            "as_of": on.isoformat(),
            "path": written.path.relative_to(books.folder).as_posix(),
            "pages": written.pages,
            **totals,
        })  # fmt: skip
    else:
        message = _("{path}: {pages} page(s).")
        click.echo(message.format(path=written.path, pages=written.pages))
    return 0


@command.command(
    "towns", help=_("The sheets of a batch as workbooks, one for each town, to be sent to it.")
)
@click.argument("batch", metavar="B")
@click.option(
    "--town", "towns", metavar="T", multiple=True, help=_("Only this town, by name or code.")
)
@json_option
@click.pass_obj
def report_towns(context: Context, batch: BatchId, towns: tuple[str, ...]) -> int:
    from ledger.cli.disburse import town_codes
    from reports.payout.town_workbooks import write_town_workbooks

    books = context.books()
    books.require_sound(but_for_facts=True)
    wanted = town_codes(context, towns) if towns else None
    with context.registry() as registry:
        written = write_town_workbooks(books, registry, batch, wanted, context.today())
    if context.as_json:
        print_json({"batch": batch, "files": [
            {"path": one.path.relative_to(books.folder).as_posix(), "town": one.town,
             "rows": one.rows}
            for one in written
        ]})  # fmt: skip
        return 0
    for one in written:
        message = _("{path}: {count} people.")
        click.echo(message.format(path=one.path, count=f"{one.rows:,}"))
    return 0


@command.command(
    "month", help=_("The leaders' monthly budget statement, as of the month's end: 2020-11.")
)
@click.argument("month", metavar="[YYYY-MM]", required=False)
@click.option("--all", "every", is_flag=True, help=_("Every month from the first entry on."))
@json_option
@click.pass_obj
def report_month(context: Context, month: str | None, every: bool) -> int:
    from ledger.figures.month import reportable_months
    from ledger.figures.month import require_reportable
    from ledger.model.months import read_month
    from ledger.services.month_reports import hand_out

    if (month is None) != every:
        raise click.UsageError(_("Name a month, as in 2020-11, or say --all."))
    today = context.today()
    wanted = [] if month is None else [read_month(month)]
    books = context.books()
    books.require_sound(but_for_facts=True)
    for one in wanted:
        require_reportable(books, one, today)
    with context.registry() as registry:
        months = wanted or list(reportable_months(books, today))
        answers = [hand_out(books, registry, one) for one in months]
    if context.as_json:
        print_json({"months": [month_json(books, answer) for answer in answers]})
    else:
        for answer in answers:
            print_month(answer, today)
    return 0


@command.command(
    "tax", help=_("What is declared of a month's income tax, 2026-12: workbooks, summary, slips.")
)
@click.argument("month", metavar="YYYY-MM")
@json_option
@click.pass_obj
def report_tax(context: Context, month: str) -> int:
    from ledger.cli.answers.tax import print_tax
    from ledger.cli.answers.tax import tax_json
    from ledger.figures.month import require_reportable
    from ledger.figures.month_tax import month_tax
    from ledger.model.months import read_month
    from reports.tax.declaration import declare
    from reports.tax.declaration import remove_stale_slips

    today, wanted = context.today(), read_month(month)
    books = context.books()
    books.require_sound(but_for_facts=True)
    require_reportable(books, wanted, today)
    tax = month_tax(books.history, wanted)
    with context.registry() as registry:
        files = declare(books, registry, tax)
    removed = remove_stale_slips(books.folder, wanted, files)
    if context.as_json:
        print_json(tax_json(tax, files, removed))
    else:
        print_tax(tax, files, removed, today)
    return 0


@command.command(
    "reconciliation", help=_("What the books and the bank hold, and what explains the difference.")
)
@date_option
@json_option
@click.pass_obj
def report_reconciliation(context: Context, on: datetime.date) -> int:
    from ledger.bank.reconciliation import reconciliation
    from ledger.cli.answers.reconciliation import findings
    from ledger.cli.answers.reconciliation import print_reconciliation
    from ledger.cli.answers.reconciliation import reconciliation_json
    from reports.reconciliation.document import write_reconciliation

    books = context.books()
    books.require_sound(but_for_facts=True)
    record = reconciliation(books, on)
    written = write_reconciliation(books, record)
    if context.as_json:
        path = written.path.relative_to(books.folder).as_posix()
        print_json({**reconciliation_json(record), "path": path, "pages": written.pages})
    else:
        print_reconciliation(record)
        message = _("{path}: {pages} page(s).")
        click.echo(message.format(path=written.path, pages=written.pages))
    for finding in findings(record):
        click.echo(finding, err=True)
    return 0 if record.agrees else 1


def month_json(books: Books, answer: HandedOut) -> dict[str, Any]:
    """A month's statement as programs read it; ``quiet``: nothing happened in it."""
    total = answer.figures["rows"][""]
    return {
        "month": str(answer.month),
        "path": answer.written.path.relative_to(books.folder).as_posix(),
        "pages": answer.written.pages,
        "digest": answer.books_digest,
        "quiet": answer.is_quiet,
        "closed": answer.is_closed,
        "budget": total["adjusted"],
        "received": total["received"] or plain(0),
        "paid": total["project"],
        "paid_in_month": total["month"],
        "unpaid": total["unpaid"],
        "remaining": total["remaining"],
    }


def print_month(answer: HandedOut, today: datetime.date) -> None:
    """Where the statement is, and what its reader should know before passing it on."""
    month = answer.month
    message = _("{path}: {pages} page(s).")
    click.echo(message.format(path=answer.written.path, pages=answer.written.pages))
    if answer.is_closed:
        message = _("{month} is closed: it is the report that was printed then.")
        click.echo(message.format(month=month))
    if answer.is_quiet:
        message = _("In {month} no money came in, was paid or budgeted.")
        click.echo(message.format(month=month))
    if month.last >= today:
        message = _("{month} is not over: what is entered later in it changes the statement.")
        click.echo(message.format(month=month))
