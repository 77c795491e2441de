"""``census-ledger explain``: what a statement line was that nobody knew."""

from __future__ import annotations

import datetime

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json


@click.command("explain", help=_("Say what a statement line was: its account, or its batch."))
@click.argument("line", metavar="LINE")
@click.argument("account", metavar="ACCOUNT")
@click.option("--note", default="", help=_("How you know; it is kept in the books."))
@date_option
@json_option
@click.pass_obj
def command(context: Context, line: str, account: str, note: str, on: datetime.date) -> int:
    from ledger.books.books import describe
    from ledger.services.explanations import explain

    with context.work() as work:
        explained, name = explain(work, line, account, on, note=note)
    facts = [describe(error, context.folder) for error in work.books.errors]
    if context.as_json:
        print_json({
            "line": explained.id,
            "account": name,
            "amount": plain(explained.amount_fen),
            "date": on.isoformat(),
            "facts": facts,
        })  # fmt: skip
        return 0
    message = _("{line} of {day}, {amount}, is {account}.")
    click.echo(
        message.format(
            line=explained.id,
            day=explained.date,
            amount=grouped(explained.amount_fen),
            account=name,
        )
    )
    for fact in facts:
        click.echo(fact, err=True)
    return 0
