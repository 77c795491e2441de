"""``census-ledger reverse``: an event that was a mistake is taken back."""

from __future__ import annotations

import datetime

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json


@click.command("reverse", help=_("Take back an event that was a mistake, by its number."))
@click.argument("event", metavar="EVENT", type=click.IntRange(min=0))
@click.option("--reason", required=True, help=_("Why; it is kept in the books."))
@click.option("--dry-run", is_flag=True, help=_("Only say what would be done."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def command(
    context: Context, event: int, reason: str, dry_run: bool, yes: bool, on: datetime.date
) -> int:
    from ledger.services.reversals import event_to_reverse
    from ledger.services.reversals import reverse

    with context.work(signs=not dry_run) as work:
        target = event_to_reverse(work.books, event)
        reverse(work, target, reason, on, dry_run=True)
        said = _("Event {seq} of {day}: {kind}").format(
            seq=target.seq, day=target.date, kind=target.kind.word
        )
        said = " ".join([said, *([target.batch] if target.batch else [])])
        if target.count:
            said += f", {target.count:,}, {grouped(target.amount_fen)}"
        if not context.as_json:
            click.echo(said)
        if not dry_run:
            if not yes:
                confirm(_("Take it back?"))
            reverse(work, target, reason, on, dry_run=False)
        seq = work.writer.head.seq
    if context.as_json:
        print_json({
            "event": None if dry_run else seq,
            "reverses": target.seq,
            "kind": target.kind.value,
            "batch": target.batch or None,
            "count": target.count,
            "amount": plain(target.amount_fen),
            "dry_run": dry_run,
        })  # fmt: skip
        return 0
    if dry_run:
        click.echo(_("It can be taken back. Nothing was written."))
    else:
        click.echo(_("Taken back by event {seq}.").format(seq=seq))
    return 0
