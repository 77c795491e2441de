"""``census-ledger explain``: what a statement line was that nobody knew."""

from __future__ import annotations

import datetime

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json


@click.command("explain", help=_("Say what a statement line was: its account, or its batch."))
@click.argument("line", metavar="LINE")
@click.argument("account", metavar="ACCOUNT")
@click.option("--note", default="", help=_("How you know; it is kept in the books."))
@click.option(
    "--date",
    "on",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help=_("The day that counts. Default: the line's own."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@json_option
@click.pass_obj
def command(
    context: Context,
    line: str,
    account: str,
    note: str,
    on: datetime.datetime | None,
    yes: bool,
) -> int:
    from ledger.books.books import describe
    from ledger.services.explanations import explain
    from ledger.services.explanations import plan_explanation

    with context.work() as work:
        planned = plan_explanation(work, line, account, on.date() if on else None)
        explained = planned.line
        if not yes:
            click.echo(
                _("{line} of {day}: {who} {what}").format(
                    line=explained.id,
                    day=explained.date,
                    who=explained.entry.payee or "",
                    what=explained.entry.narration or "",
                ),
                err=True,
            )
            for part in planned.parts:
                # What the line takes out goes there, and what it brings in comes from there.
                click.echo(f"  {planned.day}  {part.account}  {grouped(part.amount_fen)}", err=True)
        if planned.closed_month:
            message = _(
                "{month} is closed, so it stands on {day}. To have it in {month}, open the months"
                " again before, the newest one first: 'census-ledger month reopen {newest} --reason"
                " R'."
            )
            newest = work.books.history.closed[-1].month
            click.echo(
                message.format(month=planned.closed_month, day=planned.day, newest=newest), err=True
            )
        if not yes:
            confirm(_("Enter this?"))
        explain(work, planned, note=note)
    facts = [describe(error, context.folder) for error in work.books.errors]
    if context.as_json:
        print_json({
            "line": explained.id,
            "account": planned.name,
            "amount": plain(explained.amount_fen),
            "date": planned.day.isoformat(),
            "facts": facts,
        })  # fmt: skip
        return 0
    message = _("{line} of {day}, {amount}, is {account}.")
    click.echo(
        message.format(
            line=explained.id,
            day=explained.date,
            amount=grouped(explained.amount_fen),
            account=planned.name,
        )
    )
    for fact in facts:
        click.echo(fact, err=True)
    return 0
