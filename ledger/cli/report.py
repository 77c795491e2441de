"""``census-ledger report``: documents about what has happened."""

from __future__ import annotations

import datetime

import click

from ledger.cli.desk import Desk
from ledger.cli.desk import date_option
from ledger.cli.desk import json_option
from ledger.cli.output import print_json
from ledger.language import gettext as _


@click.group("report", help=_("Write a statement as PDF."))
def command() -> None:
    pass


@command.command("batch", help=_("What has become of a batch: paid, returned, unknown, re-issued."))
@click.argument("batch", metavar="B")
@date_option
@json_option
@click.pass_obj
def report_batch(desk: Desk, batch: str, on: datetime.date) -> int:
    from ledger.batch_outcomes import totals_of
    from ledger.writing import load_recovered
    from reports.batch_statement import statement_of
    from reports.batch_statement import write_batch_statement

    books = load_recovered(desk.folder)
    books.require_sound()
    written = write_batch_statement(books, batch, on)
    if desk.as_json:
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
    "reconciliation", help=_("What the books and the bank hold, and what explains the difference.")
)
@date_option
@json_option
@click.pass_obj
def report_reconciliation(desk: Desk, on: datetime.date) -> int:
    from ledger.cli.reconciliation_answer import findings
    from ledger.cli.reconciliation_answer import print_reconciliation
    from ledger.cli.reconciliation_answer import reconciliation_json
    from ledger.reconciliation import reconciliation
    from ledger.writing import load_recovered
    from reports.reconciliation_statement import write_reconciliation

    books = load_recovered(desk.folder)
    books.require_sound(but_for_facts=True)
    record = reconciliation(books, on)
    written = write_reconciliation(books, record)
    if desk.as_json:
        path = written.path.relative_to(books.folder).as_posix()
        print_json({**reconciliation_json(record), "path": path, "pages": written.pages})
    else:
        print_reconciliation(record)
        message = _("{path}: {pages} page(s).")
        click.echo(message.format(path=written.path, pages=written.pages))
    for finding in findings(record):
        click.echo(finding, err=True)
    return 0 if record.agrees else 1
