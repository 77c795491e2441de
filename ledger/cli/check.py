"""``census-ledger check``: ledger, invariants, chain, registry and artefacts agree."""

from __future__ import annotations

import click

from ledger.cli.desk import Desk
from ledger.cli.desk import json_option
from ledger.cli.output import print_json
from ledger.language import gettext as _
from ledger.language import ngettext


@click.command("check", help=_("Hold ledger, chain, registry and payout files against each other."))
@click.option(
    "--no-artefacts",
    is_flag=True,
    help=_("Do not hash the files under payouts/."),
)
@json_option
@click.pass_obj
def command(desk: Desk, no_artefacts: bool) -> int:
    from ledger.checking import check_books
    from ledger.writing import load_recovered

    books = load_recovered(desk.folder, tolerant=True)
    with desk.registry() as registry:
        problems = check_books(books, registry, with_artefacts=not no_artefacts)
    if desk.as_json:
        print_json({"ok": not problems, "errors": [problem._asdict() for problem in problems]})
        return 1 if problems else 0
    for problem in problems:
        click.echo(f"{problem.file}:{problem.line}: [{problem.code}] {problem.message}")
    if problems:
        message = ngettext("{count} problem.", "{count} problems.", len(problems))
        click.echo(message.format(count=len(problems)), err=True)
        return 1
    click.echo(
        _("All is well: {entries} entries, {events} events, {batches} batches.").format(
            entries=f"{len(books.entries):,}",
            events=len(books.history.events),
            batches=len(books.history.batches),
        )
    )
    return 0
