"""``census-ledger import``: rosters, lists of work, results and statements of the bank in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import click

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.imports import print_import_ids
from ledger.cli.terminal.failure import refusal_json
from ledger.cli.terminal.next_steps import sentence_of
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import track
from ledger.cli.terminal.word_choice import WordChoice
from ledger.model.ids import BatchId

if TYPE_CHECKING:
    from ledger.model.history import History
    from ledger.services.importing import Outcome
    from ledger.services.paid_before import ImportedPayments
    from ledger.services.result_import import ImportedResult
    from ledger.services.statement_import import ImportedStatement
    from ledger.services.workload_import import ImportedWorkload


# What a file can be, as it is typed.
KINDS = {
    "roster": "花名册",
    "result": "回盘",
    "statement": "对账单",
    "workload": "工作量表",
    "paid-before": "建账前已付",
}


@click.command(
    "import",
    help=_(
        "Take in rosters, lists of work, and results and statements of the bank. What cannot be"
        " taken comes back to correct."
    ),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE|FOLDER...",
    # Whether a file can be read is said for each of them, and the others are taken.
    type=click.Path(path_type=Path, readable=False),
)
@click.option(
    "--as",
    "kind",
    type=WordChoice(KINDS),
    help=_("What the files are, where that is not clear."),
)
@click.option("--town", metavar="T", help=_("The town of the rosters, by name or code."))
@click.option(
    "--stage", metavar="S", default="", help=_("The stage of the lists of work, or of payments.")
)
@click.option(
    "--batch", metavar="B", help=_("The batch of the results, where several have the same people.")
)
@date_option
@click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
@click.option(
    "--yes",
    is_flag=True,
    help=_(
        "Consent to changed names, identity numbers, banks and accounts of people, to an account"
        " of the office's in another name, and to payments from before the books."
    ),
)
@click.option(
    "--reason",
    metavar="R",
    default="",
    help=_("With --yes: why, also for people who were paid or are in the bank."),
)
@json_option
@click.pass_obj
def command(
    context: Context,
    files: tuple[Path, ...],
    kind: Any,
    town: str | None,
    stage: str,
    batch: BatchId | None,
    on: datetime.date,
    dry_run: bool,
    yes: bool,
    reason: str,
) -> int:
    from importers.incoming_folder import files_named
    from ledger.base.masks import mask_numbers
    from ledger.cli.answers.paid_before import ask_whether_paid
    from ledger.services.importing import ImportRequest
    from ledger.services.importing import import_files

    if reason and not yes:
        raise click.UsageError(_("--reason goes with --yes"))
    code = None
    if town:
        from ledger.cli.disburse import town_codes

        code = town_codes(context, (town,))[0]
    request = ImportRequest(
        kind=kind,
        town=context.programme().by_code[code] if code else None,
        batch=batch,
        on=on,
        consent=yes,
        reason=mask_numbers(reason.strip()),
        dry_run=dry_run,
        stage=stage,
        ask=ask_whose,
        ask_of_payments=ask_whether_paid,
    )
    named = files_named(files)
    print_passed_over(named.passed_over)
    with context.work(with_errors=True, signs=not dry_run) as work:
        outcomes = import_files(work, named.files, request, track=track)
    unit = work.books.settings.unit
    if context.as_json:
        print_json({
            "files": [outcome_json(outcome, unit) for outcome in outcomes],
            "passed_over": [str(path) for path in named.passed_over],
        })  # fmt: skip
    else:
        print_outcomes(outcomes, unit, dry_run=dry_run)
    if not dry_run:
        tell_of_changes(work.books.history, outcomes)
    print_refusals(outcomes)
    return 0 if any(map(is_applied, outcomes)) else 1


def ask_whose(holders: Sequence[str]) -> None:
    """Whether an account in these names is the office's."""
    message = _(
        "The account is in the name of {holders}, and not of the office. Is it the office's?"
    )
    confirm(message.format(holders=listed(map(mask_numbers, holders))))


def print_passed_over(paths: Sequence[Path]) -> None:
    """What a folder has besides files to take in, on stderr."""
    from ledger.base.file_names import file_name

    if paths:
        message = _("Passed over: {names}")
        click.echo(message.format(names=listed(map(file_name, paths))), err=True)


def print_refusals(outcomes: Sequence[Outcome]) -> None:
    """What was not taken, and sheets that could not be written, on stderr."""
    from importers.incoming import RefusedFile

    for outcome in outcomes:
        if isinstance(outcome, RefusedFile):
            message = _("Refused: {message}").format(message=sentence_of(outcome.refusal))
            click.echo(message, err=True)
    results = told_apart(outcomes).results
    for refusal in dict.fromkeys(result.sheets_refused for result in results):
        if refusal is not None:
            click.echo(str(refusal), err=True)


def tell_of_changes(history: History, outcomes: Sequence[Outcome]) -> None:
    """Say in which batches people wait whose records a roster has changed, with a reason."""
    from ledger.cli.answers.waiting_batches import tell_of_batches
    from ledger.payments.batch_records import COMPARED
    from ledger.services.roster_import import ImportedRoster

    changed = [
        change.payee.payee_id
        for outcome in outcomes
        if isinstance(outcome, ImportedRoster)
        for change in outcome.registration.changed
        if change.money_out and not change.changes.keys().isdisjoint(COMPARED)
    ]
    tell_of_batches(history, dict.fromkeys(changed), leaving=False)


class Others(NamedTuple):
    """What is no roster."""

    works: list[ImportedWorkload]
    results: list[ImportedResult]
    statements: list[ImportedStatement]
    payments: list[ImportedPayments]


def told_apart(outcomes: Sequence[Outcome]) -> Others:
    """What is no roster; where there are rosters alone, nothing is loaded for it."""
    from importers.incoming import RefusedFile
    from ledger.services.roster_import import ImportedRoster

    if all(isinstance(outcome, ImportedRoster | RefusedFile) for outcome in outcomes):
        return Others([], [], [], [])
    from ledger.services.paid_before import ImportedPayments
    from ledger.services.result_import import ImportedResult
    from ledger.services.statement_import import ImportedStatement
    from ledger.services.workload_import import ImportedWorkload

    return Others(
        [outcome for outcome in outcomes if isinstance(outcome, ImportedWorkload)],
        [outcome for outcome in outcomes if isinstance(outcome, ImportedResult)],
        [outcome for outcome in outcomes if isinstance(outcome, ImportedStatement)],
        [outcome for outcome in outcomes if isinstance(outcome, ImportedPayments)],
    )


def is_applied(outcome: Outcome) -> bool:
    """Whether the books hold what the file says, as far as it was good."""
    from importers.incoming import RefusedFile

    return not isinstance(outcome, RefusedFile) and getattr(outcome, "applied", True)


def outcome_json(outcome: Outcome, unit: str) -> dict[str, Any]:
    """What became of a file, as programs read it."""
    from importers.incoming import RefusedFile
    from ledger.cli.answers.paid_before import payments_json
    from ledger.cli.answers.results import result_json
    from ledger.cli.answers.rosters import roster_json
    from ledger.cli.answers.statements import statement_json
    from ledger.cli.answers.workloads import workload_json
    from ledger.services.roster_import import ImportedRoster

    if isinstance(outcome, RefusedFile):
        refusal = outcome.refusal
        return {"file": str(outcome.path), **refusal_json(refusal, sentence_of(refusal))}
    if isinstance(outcome, ImportedRoster):
        return roster_json(outcome)
    found = told_apart([outcome])
    if found.works:
        return workload_json(found.works[0])
    if found.payments:
        return payments_json(found.payments[0])
    if found.results:
        return result_json(found.results[0], unit)
    return statement_json(found.statements[0])


def print_outcomes(outcomes: Sequence[Outcome], unit: str, *, dry_run: bool) -> None:
    """The rosters together, then each result, statement and list of payments."""
    from ledger.cli.answers.paid_before import print_entered
    from ledger.cli.answers.results import print_result
    from ledger.cli.answers.results import print_sheets
    from ledger.cli.answers.rosters import print_rosters
    from ledger.cli.answers.statements import print_facts
    from ledger.cli.answers.statements import print_statement
    from ledger.services.roster_import import ImportedRoster

    rosters = [outcome for outcome in outcomes if isinstance(outcome, ImportedRoster)]
    works, results, statements, payments = told_apart(outcomes)
    if rosters:
        print_rosters(rosters, dry_run=dry_run)
    if works:
        from ledger.cli.answers.workloads import print_workloads

        print_workloads(works)
    for result in results:
        print_result(result, unit)
    print_sheets(results)
    for statement in statements:
        print_statement(statement)
    print_facts(statements)
    for list_of_payments in payments:
        print_entered(list_of_payments)
    event_ids = [one.import_id for one in works]
    event_ids += [one.import_id for one in results]
    event_ids += [one.import_id for one in statements]
    event_ids += [one.import_id for one in payments]
    print_import_ids(
        [one.import_id for one in rosters if one.import_id],
        [import_id for import_id in event_ids if import_id],
    )
    if dry_run and (rosters or works or results or statements or payments):
        click.echo(_("Nothing was written (--dry-run)."))
