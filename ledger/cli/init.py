"""``census-ledger init``: a new set of books."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import RULES_FILE
from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.consoles import is_terminal
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
@click.option(
    "--county",
    metavar="CODE|NAME",
    help=_("The county: its six digits or its name. Its towns come from the national list."),
)
@click.option(
    "--programme",
    metavar="NAME|FILE",
    help=_("What is paid for: a template (population-census-2020 if not said), or a file."),
)
@click.option(
    "--bank",
    metavar="NAME",
    help=_("The bank of the office's account, as it stands in the account's name."),
)
@click.option(
    "--name",
    metavar="NAME",
    type=click.UNPROCESSED,
    help=_("Your own name: you are operator O01. It is asked where somebody is there to answer."),
)
@click.option(
    "--safe",
    metavar="FILE.pdf",
    type=click.Path(path_type=Path),
    help=_("Where the sheet goes with the key for the safe: print it, then remove the file."),
)
@click.option(
    "--approvals",
    type=click.Choice(["none", "check", "approve"]),
    help=_(
        "Who looks at a batch that somebody has made: nobody, one other, or two others where much"
        " is paid. It is asked where somebody is there to answer."
    ),
)
@json_option
@click.pass_obj
def command(
    context: Context,
    folder: Path,
    unit: str | None,
    county: str | None,
    programme: str | None,
    bank: str | None,
    name: str | None,
    safe: Path | None,
    approvals: str | None,
) -> int:
    from ledger.books.new_books import APPROVAL_RULES
    from ledger.books.new_books import Approvals
    from ledger.books.new_programme import DEFAULT_PROGRAMME
    from ledger.books.new_programme import new_programme
    from ledger.books.provenance import fingerprint_of
    from ledger.cli.terminal.passphrases import new_passphrase
    from ledger.events.event_file import digests_of_events
    from ledger.model.operators import FIRST_OPERATOR
    from ledger.model.operators import NO_NAME
    from ledger.model.operators import operator_name
    from ledger.services.first_books import make_books
    from ledger.services.first_books import require_place_for_safe

    new = new_programme(
        programme or DEFAULT_PROGRAMME, today=context.today(), county=county, bank=bank
    )
    unit = new.unit if unit is None else unit
    asked = is_terminal(sys.stdin) and not context.as_json
    if name is None:
        name = click.prompt(_("Your name"), default=NO_NAME, err=True) if asked else NO_NAME
    name = operator_name(name)
    if approvals is None:
        approvals = by_number(asked=asked)
    # All that can be wrong with the sheet's place is found before a passphrase is typed.
    if safe is not None:
        require_place_for_safe(safe, folder)

    keys = make_books(
        folder,
        context.clock,
        context.random_hex,
        programme=new,
        unit=unit,
        key_file=context.key_file,
        name=name,
        passphrase=new_passphrase(FIRST_OPERATOR),
        safe=safe,
        approvals=Approvals(approvals),
    )
    fingerprint = fingerprint_of(digests_of_events(folder)[0])
    if context.as_json:
        print_json(
            {
                "books": str(folder),
                "unit": unit,
                "programme": new.programme.name,
                "county": new.programme.county_code,
                "towns": len(new.programme.towns),
                "key": str(keys.registry_path),
                "operator": keys.operator.id,
                "safe": str(safe) if safe else None,
                "approvals": approvals,
                "fingerprint": fingerprint,
            }
        )
        return 0
    click.echo(_("Books for {unit} are in {folder}.").format(unit=unit, folder=folder))
    message = _("{programme}, {county}: {towns} towns. All of it stands in {file}.")
    click.echo(
        message.format(
            programme=new.programme.name,
            county=f"{new.programme.county_code} {new.programme.county_name}",
            towns=len(new.programme.towns),
            file=folder / PROGRAMME_FILE,
        )
    )
    click.echo(
        _(
            "The key of the registry is {key}. Without it nobody can ever read the registry again:"
            " keep a copy on paper or on a stick in the safe, made with 'census-ledger key export'."
        ).format(key=keys.registry_path)
    )
    click.echo(
        _("You are operator {operator} ({name}): what you do is signed with your own key.").format(
            operator=keys.operator.id, name=name
        )
    )
    if safe is None:
        message = _(
            "No key for the safe was printed (--safe FILE.pdf): if your own key is lost, nobody"
            " can name operators any more."
        )
        click.echo(message)
    else:
        message = _("Print {file}, put it into the safe, and remove the file.")
        click.echo(message.format(file=safe))
    if APPROVAL_RULES[Approvals(approvals)]:
        message = _(
            "Batches ask for approvals, by the rules in {rules}: name who gives them with"
            " 'census-ledger operator add'."
        )
    else:
        message = _(
            "Nobody checks the batches that are made: to have them checked, write approval rules"
            " into {rules}."
        )
    click.echo(message.format(rules=folder / RULES_FILE))
    click.echo(_("Fingerprint of these books: {digits}").format(digits=fingerprint))
    click.echo(
        _(
            "Next: put the lines of your own appropriation into {rules}, then import the rosters."
        ).format(rules=folder / RULES_FILE)
    )
    return 0


def by_number(*, asked: bool) -> str:
    """Which approvals go with the number of people who work here; none where nobody answers."""
    if not asked:
        return "none"
    question = _("How many people make, check and approve payments here (1, 2, 3 or more)")
    people = click.prompt(question, default=1, type=click.IntRange(min=1), err=True)
    return ("none", "check", "approve")[min(people, 3) - 1]
