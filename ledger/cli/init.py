"""``census-ledger init``: a new set of books."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.books_folder import RULES_FILE
from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json


@click.command("init", help=_("Make a new set of books in DIR."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--unit",
    metavar="NAME",
    # What is wrong with it is said: it stands on every sheet, and nobody would see what was lost.
    type=click.UNPROCESSED,
    help=_("The unit's name, as it stands on paper."),
)
@json_option
@click.pass_obj
def command(context: Context, folder: Path, unit: str | None) -> int:
    from ledger.books.new_books import DEFAULT_UNIT
    from ledger.books.new_books import create_books

    unit = DEFAULT_UNIT if unit is None else unit
    key = create_books(
        folder,
        context.actor,
        context.clock,
        context.random_hex,
        unit=unit,
        key_file=context.key_file,
    )
    if context.as_json:
        print_json({"books": str(folder), "unit": unit, "key": str(key)})
        return 0
    click.echo(_("Books for {unit} are in {folder}.").format(unit=unit, folder=folder))
    click.echo(
        _(
            "The key of the registry is {key}. Without it nobody can ever read the registry again:"
            " keep a copy on paper or on a stick in the safe, made with 'census-ledger key export'."
        ).format(key=key)
    )
    click.echo(
        _(
            "Next: put the lines of your own appropriation into {rules}, then import the rosters."
        ).format(rules=folder / RULES_FILE)
    )
    return 0
