"""``census-ledger bundle``: what goes to the province, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json

if TYPE_CHECKING:
    from ledger.services.bundling import Made


@click.command("bundle", help=_("Write what the province gets of these books to FILE, signed."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--figures",
    "only_figures",
    is_flag=True,
    help=_("Only figures, without names and entries. The province cannot verify them."),
)
@click.option(
    "--for",
    "province",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help=_("With identity and account numbers, for the owner of this province's key alone."),
)
@click.option("--month", metavar="YYYY-MM", help=_("Figures as of this month's end."))
@json_option
@click.pass_obj
def command(
    context: Context, file: Path, only_figures: bool, province: Path | None, month: str | None
) -> int:
    from ledger.figures.month import last_day_to_report
    from ledger.keys.province_key import read_public_key
    from ledger.model.months import read_month
    from ledger.services.backup import require_place
    from ledger.services.bundling import bundle

    today = context.today()
    day = last_day_to_report(read_month(month), today) if month else today
    public = None if province is None else read_public_key(province)
    require_place(file, context.folder)
    with context.work() as work:
        made = bundle(
            work,
            file,
            day=day,
            only_figures=only_figures,
            province=public,
            random_hex=context.random_hex,
        )
        county = work.books.programme
    if context.as_json:
        print_json(
            {
                "file": str(file),
                "kind": made.kind,
                "county": county.county_code,
                "programme": county.name,
                "event": made.seq,
                "head": made.head,
                "day": day.isoformat() if only_figures else None,
                "files": made.files,
                "size": made.size,
                "sha256": made.sha256,
                "operator": made.operator,
                "sealed_to": made.sealed_to,
                "people": made.people,
            }
        )
        return 0
    print_made(file, made)
    return 0


def print_made(file: Path, made: Made) -> None:
    """What is in the file, and what to compare when it is handed over."""
    from ledger.model.seal import grouped_seal
    from ledger.province.bundle import BundleKind

    if made.kind is BundleKind.BOOKS:
        message = _("{file} holds the text of the books to event {seq}, signed by {operator}.")
    else:
        message = _("{file} holds figures of the books to event {seq}, signed by {operator}.")
    click.echo(message.format(file=file, seq=made.seq, operator=made.operator))
    if made.sealed_to is None:
        click.echo(_("No identity and no account number is in it."))
    else:
        message = _("The numbers of {people} people are sealed in it, for the key {key} alone.")
        click.echo(message.format(people=f"{made.people:,}", key=made.sealed_to))
        click.echo(_("Compare these sixteen digits with the province, by telephone."))
    message = _("HEAD {digits}: the province's report prints the same.")
    click.echo(message.format(digits=grouped_seal(made.head[:16])))
