"""``census-ledger batch restore``: lost or changed papers of a batch are written again."""

from __future__ import annotations

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import track
from ledger.model.ids import BatchId


@click.command("restore", help=_("Write lost or changed papers of a batch again."))
@click.argument("batch", metavar="B")
@click.argument("file", metavar="[FILE]", default="")
@json_option
@click.pass_obj
def command(context: Context, batch: BatchId, file: str) -> int:
    from ledger.services.batch_papers import AGAIN
    from ledger.services.batch_papers import BY_CONTENT
    from ledger.services.batch_papers import RIGHT
    from ledger.services.batch_papers import restore_papers

    with context.work() as work:
        papers = restore_papers(work, batch, file, track)
    if context.as_json:
        files = [{"name": paper.name, "state": paper.state} for paper in papers]
        print_json({"batch": batch, "files": files})
        return 0
    said = {
        RIGHT: _("{file}: is as it was made"),
        AGAIN: _("{file}: written again, as it was made"),
        BY_CONTENT: _("{file}: written again with other bytes; every row of it is as in the books"),
    }
    for paper in papers:
        click.echo(said[paper.state].format(file=paper.name))
    return 0
