"""``census-ledger restore``: books and keys out of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.cli.backup import say_faults
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json


@click.command("restore", help=_("Bring the books out of the backup FILE into DIR."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@json_option
@click.pass_obj
def command(context: Context, file: Path, folder: Path, yes: bool) -> int:
    from ledger.cli.terminal.passphrases import passphrase_for
    from ledger.keys.witness import SecondFolder
    from ledger.services.restore import restored

    with restored(file, folder, passphrase_for(file), context.key_file) as books:
        doubt = books.doubt
        if doubt is not None and not yes:
            question = _("{doubt}. Restored, these books are only to be read until then: go on?")
            confirm(question.format(doubt=str(doubt).rstrip(".。")))
        aside = books.put_in_place()
    if context.as_json:
        print_json(
            {
                "books": str(folder),
                "event": books.seq,
                "operators": list(books.operators),
                "replaced": str(aside) if aside else None,
                "missing": doubt.facts().get("missing", []) if doubt else [],
                "doubt": doubt.code if doubt else None,
                "faults": books.faults,
            }
        )
        return 0
    message = _("The books are in {folder}, to event {seq}: everything in them was verified.")
    click.echo(message.format(folder=folder, seq=books.seq))
    if aside is not None:
        click.echo(_("What was there before is in {folder}.").format(folder=aside))
    if doubt is not None:
        message = _("Nothing is written to them as they are: {doubt}.")
        click.echo(message.format(doubt=str(doubt).rstrip(".。")), err=True)
        if not isinstance(doubt, SecondFolder):
            click.echo(
                _(
                    "'census-ledger accept-older --reason R' goes on with them, once it is known"
                    " what was paid by what is missing."
                ),
                err=True,
            )
    say_faults(books.faults)
    return 0
