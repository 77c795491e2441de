"""``census-ledger accept-older``: going on with older books, after a loss."""

from __future__ import annotations

import datetime

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json


@click.command(
    "accept-older",
    help=_("Go on with books that are older than what this machine has seen of them."),
)
@click.option("--reason", required=True, help=_("Why; it is kept in the books."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def command(context: Context, reason: str, yes: bool, on: datetime.date) -> int:
    from ledger.services.acceptance import accept_older
    from ledger.services.acceptance import losses

    with context.work(older=True) as work:
        lost = losses(work)
        if not yes:
            question = ngettext(
                "{count} event is lost, and whoever was paid by it may be paid again: go on?",
                "{count} events are lost, and whoever was paid by them may be paid again: go on?",
                len(lost.events),
            )
            confirm(question.format(count=len(lost.events)))
        accept_older(work, on, reason=reason)
        seq = work.writer.head.seq
    if context.as_json:
        missing = sorted({number for number, _digest in lost.events})
        print_json({"event": seq, "kind": "accepted", "missing": missing})
        return 0
    click.echo(_("These books are gone on with; event {seq} names what is lost.").format(seq=seq))
    return 0
