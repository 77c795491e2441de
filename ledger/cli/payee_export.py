"""``census-ledger payees export``: the registry as a workbook."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.context import stage_option
from ledger.cli.disburse import town_codes
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.word_choice import WordChoice
from ledger.model.ids import StageCode
from ledger.model.transitions import State


@click.command("export", help=_("The registry as a workbook outside the books. Masked."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--town", "town", metavar="T", help=_("Only this town, by name or code."))
@click.option(
    "--state",
    type=WordChoice({state.value: state.chinese for state in State}),
    help=_("Only people in this state."),
)
@click.option(
    "--unmasked", is_flag=True, help=_("With whole identity numbers, phones and accounts.")
)
@stage_option
@date_option
@click.option("--yes", is_flag=True, help=_("Do not ask before writing."))
@json_option
@click.pass_obj
def export(
    context: Context,
    file: Path,
    town: str | None,
    state: str | None,
    unmasked: bool,
    stage: StageCode | None,
    on: datetime.date,
    yes: bool,
) -> int:
    from ledger.disbursement.payable import eligibility_of_books
    from ledger.disbursement.stage_choice import stage_to_show
    from ledger.figures.payee_listing import list_people
    from reports.payees.payee_list import export_people
    from reports.payees.payee_list import require_place

    books = context.books().as_of(on)
    require_place(file, context.folder)
    shown = stage_to_show(books.rules, stage, on).code
    with context.registry() as registry:
        payees = registry.payees_as_of(on, books.history.last_prepared)
        eligibility = eligibility_of_books(books, registry, payees, on, stage=shown)
        registered = people = list_people(payees, books.history, eligibility, everybody=True)
    if town is not None:
        (code,) = town_codes(context, (town,))
        people = [person for person in people if person.payee.town == code]
    if state is not None:
        people = [person for person in people if person.state == state]
    if unmasked and not yes:
        question = _("Write {count} people's whole identity numbers and accounts to {path}?")
        confirm(question.format(count=f"{len(people):,}", path=file))
    export_people(
        file, books.settings.unit, people, on, books.programme,
        registered=registered, unmasked=unmasked,
    )  # fmt: skip
    if context.as_json:
        print_json({
            "path": str(file), "payees": len(people), "masked": not unmasked,
            "as_of": on.isoformat(),
        })  # fmt: skip
        return 0
    click.echo(_("{count} people are in {path}.").format(count=f"{len(people):,}", path=file))
    if unmasked:
        click.echo(_("It holds whole numbers: pass it on as you would cash, and delete it."))
    return 0
