"""``census-ledger backup``: books, registry and keys in one file under a passphrase."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json


@click.command("backup", help=_("Write books, registry and keys to FILE, under a passphrase."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def command(context: Context, file: Path) -> int:
    from ledger.cli.terminal.passphrases import new_passphrase_for
    from ledger.services.backup import back_up
    from ledger.services.backup import require_place

    # All that can be wrong with the place is found before a passphrase is typed.
    registry_key = context.registry_key()
    require_place(file, context.folder)
    passphrase = new_passphrase_for(file)
    with context.work_of_nobody() as work:
        made = back_up(
            work, file, passphrase, registry_key=registry_key, random_hex=context.random_hex
        )
    if context.as_json:
        print_json(
            {
                "file": str(file),
                "event": made.seq,
                "files": made.files,
                "size": made.size,
                "operators": list(made.operators),
                "left_out": list(made.left_out),
                "faults": made.faults,
            }
        )
        return 0
    message = _(
        "{file} holds the books to event {seq}: {files} files, {size} MB, read back and whole."
    )
    size = f"{made.size / 1e6:,.1f}"
    click.echo(message.format(file=file, seq=made.seq, files=f"{made.files:,}", size=size))
    message = _("In it are the registry's key and the keys of {operators}.")
    click.echo(message.format(operators=" ".join(made.operators) or _("nobody")))
    click.echo(
        _("Without the passphrase nobody opens it: keep that apart, and the file on another disk.")
    )
    if made.left_out:
        message = _("Not of the books, and left out: {names}")
        click.echo(message.format(names=" ".join(made.left_out)), err=True)
    say_faults(made.faults)
    return 0


def say_faults(faults: int) -> None:
    """What a check finds of books that were copied or brought back as they are."""
    if faults:
        message = ngettext(
            "The books have {count} fault, which was copied as it is: see 'census-ledger check'.",
            "The books have {count} faults, which were copied as they are: see 'census-ledger"
            " check'.",
            faults,
        )
        click.echo(message.format(count=f"{faults:,}"), err=True)
