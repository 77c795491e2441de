"""``census-ledger month``: months are closed, and opened again when that was a mistake."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table

if TYPE_CHECKING:
    from ledger.services.months import PlannedClosing


@click.group("month", help=_("Close a month, so that nothing in it changes any more."))
def command() -> None:
    pass


@command.command("close", help=_("Close a month that is over: 2020-11."))
@click.argument("month", metavar="YYYY-MM")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def close(context: Context, month: str, yes: bool, on: datetime.date) -> int:
    from ledger.model.months import read_month
    from ledger.services.months import close_month
    from ledger.services.months import plan_closing

    wanted = read_month(month)
    with context.work() as work:
        planned = plan_closing(work, wanted, on)
        asks = not (planned.is_stated or yes)
        if asks:
            click.echo("\n".join(doubts(planned)), err=True)
            confirm(_("Close {month} all the same?").format(month=wanted))
        report = close_month(work, planned)
        seq = work.writer.head.seq
    for doubt in () if asks else doubts(planned):
        click.echo(doubt, err=True)
    if context.as_json:
        print_json({
            "event": seq,
            "kind": "closed",
            "date": on.isoformat(),
            "month": str(wanted),
            "report": report,
            "unexplained": planned.unexplained,
        })  # fmt: skip
        return 0
    message = _(
        "{month} is closed by event {seq}, and its report is kept: 'census-ledger report month"
        " {month}' hands it out."
    )
    click.echo(message.format(month=wanted, seq=seq))
    return 0


def doubts(planned: PlannedClosing) -> list[str]:
    """What whoever closes a month should know."""
    said = []
    if planned.stated is None:
        said.append(_("No statement of the bank is in the books."))
    elif not planned.is_stated:
        message = _("The statements of the bank reach {day}, which is before the month's end.")
        said.append(message.format(day=planned.stated))
    if planned.unexplained:
        message = ngettext(
            "{count} line of the bank up to the month's end is unexplained; its explanation will"
            " stand in the next month.",
            "{count} lines of the bank up to the month's end are unexplained; their explanations"
            " will stand in the next month.",
            planned.unexplained,
        )
        said.append(message.format(count=planned.unexplained))
    if planned.before:
        message = _("What is in the books from {first} on is closed with it.")
        said.append(message.format(first=planned.before))
    return said


@command.command("reopen", help=_("Open the last closed month again."))
@click.argument("month", metavar="YYYY-MM")
@click.option("--reason", required=True, help=_("Why; it is kept in the books."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def reopen(context: Context, month: str, reason: str, yes: bool, on: datetime.date) -> int:
    from ledger.model.months import read_month
    from ledger.services.months import reopen_month

    wanted = read_month(month)
    with context.work(with_errors=True) as work:
        reopen_month(work, wanted, reason, on, dry_run=True)
        if not yes:
            click.echo(
                _("The report that was handed out for {month} may not be true any more.").format(
                    month=wanted
                ),
                err=True,
            )
            confirm(_("Open it again?"))
        reopen_month(work, wanted, reason, on, dry_run=False)
        seq = work.writer.head.seq
    if context.as_json:
        answer = {"event": seq, "kind": "reopened", "date": on.isoformat()}
        print_json({**answer, "month": str(wanted)})
        return 0
    click.echo(_("{month} is open again, by event {seq}.").format(month=wanted, seq=seq))
    return 0


@command.command("list", help=_("The months that are closed."))
@json_option
@click.pass_obj
def list_months(context: Context) -> int:
    closed = context.books().history.closed
    if context.as_json:
        print_json({
            "months": [
                {
                    "month": str(one.month),
                    "event": one.seq,
                    "date": one.header.date.isoformat(),
                    "by": str(one.header.meta.get("by", "")),
                    "report": one.report,
                }
                for one in closed
            ]
        })  # fmt: skip
        return 0
    if not closed:
        click.echo(_("No month is closed."))
        return 0
    rows: list[list[str | int]] = [
        [
            str(one.month),
            str(one.header.date),
            str(one.header.meta.get("by", "")),
            one.seq,
            one.report[:16],
        ]
        for one in closed
    ]
    headings = [_("month"), _("closed on"), _("operator"), _("event"), _("report")]
    print_table(_("Closed months"), headings, rows)
    return 0
