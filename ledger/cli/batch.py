"""``census-ledger batch``: what became of the batches."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.answers.batch_review import say_fewer_approvals
from ledger.cli.answers.taxed_amounts import amount_cells
from ledger.cli.answers.taxed_amounts import amount_headings
from ledger.cli.batch_approval import approve_batch
from ledger.cli.batch_approval import reject_batch
from ledger.cli.batch_approval import show_before_asking
from ledger.cli.batch_attach import attach
from ledger.cli.batch_attach import attachment_json
from ledger.cli.batch_attach import print_attachments
from ledger.cli.batch_restore import command as restore
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table
from ledger.cli.terminal.output import record_json
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.ids import BatchId

if TYPE_CHECKING:
    from ledger.figures.status import ApprovalStatus
    from ledger.figures.status import BatchStatus


@click.group("batch", help=_("List batches, approve or submit one, or take one back."))
def command() -> None:
    pass


@command.command("list", help=_("All batches and their state."))
@json_option
@click.pass_obj
def list_batches(context: Context) -> int:
    from ledger.figures.status import batch_status

    books = context.books()
    batches = [batch_status(batch) for batch in books.history.batches.values()]
    if context.as_json:
        print_json({"batches": [_batch_json(batch) for batch in batches]})
    elif batches:
        print_batches(batches)
    else:
        click.echo(_("There is no batch yet."))
    return 0


@command.command("show", help=_("One batch: its towns, its files and its seal."))
@click.argument("batch", metavar="B")
@json_option
@click.pass_obj
def show_batch(context: Context, batch: BatchId) -> int:
    from ledger.books.batch_folder import listed_files
    from ledger.books.batch_folder import place_of_files
    from ledger.books.batch_lookup import find_batch
    from ledger.figures.status import batch_status
    from ledger.figures.status import batch_towns

    books = context.books()
    found = find_batch(books, batch)
    towns = batch_towns(found)
    folder = books.folder / place_of_files(books, found)
    files = listed_files(folder)
    taxes_fen, taxed = found.taxes_by_town(), bool(found.taxes_fen)
    if context.as_json:
        print_json({
            **_batch_json(batch_status(found)),
            "submitted": found.submitted.isoformat() if found.submitted else None,
            "voided": found.voided.isoformat() if found.voided else None,
            "folder": place_of_files(books, found),
            "towns": [
                {"code": code_of(town), "name": name_of(town), "payees": people,
                 "amount": plain(amount_fen + taxes_fen[town]), "tax": plain(taxes_fen[town]),
                 "net": plain(amount_fen)}
                for town, (people, amount_fen) in towns.items()
            ],
            "files": files,
            "attached": [attachment_json(one) for one in found.attached],
        })  # fmt: skip
        return 0
    print_batches([batch_status(found)])
    print_approvals(batch_status(found).approvals)
    print_attachments(found.attached)
    print_table(
        _("Towns"),
        [_("town"), _("people"), *amount_headings(taxed=taxed)],
        [
            [
                f"{code_of(town)} {name_of(town)}",
                people,
                *amount_cells(amount_fen, taxes_fen[town], taxed=taxed),
            ]
            for town, (people, amount_fen) in towns.items()
        ],
    )
    if not files:
        message = _("{folder} is missing: 'census-ledger batch restore {batch}' writes it again")
        click.echo(message.format(folder=folder, batch=found.id))
        return 0
    print_table(
        _("Files in {folder}").format(folder=folder),
        [_("file"), _("people"), _("amount (yuan)")],
        [[file["name"], file["rows"], grouped(fen(Decimal(file["amount"])))] for file in files],
    )
    return 0


command.add_command(approve_batch)
command.add_command(reject_batch)


@command.command("submit", help=_("Record that the bank has been given the batch's files."))
@click.argument("batch", metavar="B")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def submit_batch(context: Context, batch: BatchId, yes: bool, on: datetime.date) -> int:
    from ledger.services.submission import plan_submission
    from ledger.services.submission import submit

    with context.work() as work:
        planned = plan_submission(work, batch, on)
        submitted = planned.batch
        say_fewer_approvals(submitted.id, planned.rules_of_more, submitted.asked.rules)
        if not yes:
            show_before_asking(submitted, _(
                "From then on the bank may pay it: it can be voided only if the bank refuses it."
            ))  # fmt: skip
            confirm(_("Record that the bank has its files?"))
        submit(work, planned)
    if context.as_json:
        print_json({"batch": submitted.id, "state": "submitted", "date": on.isoformat()})
    else:
        message = _("Batch {batch} of {amount} for {people} people is with the bank since {day}.")
        click.echo(message.format(
            batch=submitted.id, amount=grouped(submitted.amount_fen),
            people=f"{len(submitted.amounts_fen):,}", day=on,
        ))  # fmt: skip
    return 0


@command.command("void", help=_("Take a batch back; its people are due again."))
@click.argument("batch", metavar="B")
@click.option(
    "--bank-refused",
    metavar="REASON",
    default="",
    help=_("The bank has refused the upload of a submitted batch, with its reason."),
)
@click.option(
    "--file",
    "file",
    metavar="NAME",
    default="",
    help=_("With --bank-refused: only this file of the batch was refused."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def void_batch(
    context: Context, batch: BatchId, bank_refused: str, file: str, yes: bool, on: datetime.date
) -> int:
    from ledger.services.batches import plan_void
    from ledger.services.batches import void

    if file:
        return refuse_one_file(context, batch, file, bank_refused.strip(), on, yes=yes)

    with context.work() as work:
        planned = plan_void(work, batch, on, bank_refused=bank_refused.strip())
        voided = planned.batch
        if not yes:
            show_before_asking(voided, _(
                "Its people will stand where they stood before it, and its files and sheets are"
                " worth nothing."
            ))  # fmt: skip
            confirm(_("Void it?"))
        void(work, planned)
    if context.as_json:
        print_json({"batch": voided.id, "state": "void", "date": on.isoformat()})
    else:
        message = _(
            "Batch {batch} is void: {people} people stand where they stood before it. Destroy its"
            " printed sheets and do not send its files."
        )
        click.echo(message.format(batch=voided.id, people=f"{len(voided.amounts_fen):,}"))
    return 0


command.add_command(restore)
command.add_command(attach)


def refuse_one_file(
    context: Context, batch: BatchId, file: str, reason: str, on: datetime.date, *, yes: bool
) -> int:
    """Everyone in the file is returned, and waits for a release."""
    from ledger.model.return_reasons import FILE_REFUSED
    from ledger.services.batches import plan_file_refusal
    from ledger.services.batches import refuse_file

    if not reason:
        raise click.UsageError(_("--file needs the bank's reason: --bank-refused REASON"))
    with context.work() as work:
        planned = plan_file_refusal(work, batch, file, on, reason=reason)
        people = len(planned.payees)
        if not yes:
            show_before_asking(planned.batch, _(
                "The {people} people of {file} will be returned, and wait for a release."
            ).format(people=f"{people:,}", file=file))  # fmt: skip
            confirm(_("Record that the bank has refused the file?"))
        after = refuse_file(work, planned)
    if context.as_json:
        answer = {"batch": after.id, "state": after.state, "returned": people, "file": file}
        print_json({**answer, "date": on.isoformat()})
        return 0
    message = _(
        "{people} people of {file} are returned. When the file's fault is corrected: census-ledger"
        " payees release --batch {batch} --class {reason_class} --reason R"
    )
    click.echo(
        message.format(people=f"{people:,}", file=file, batch=after.id, reason_class=FILE_REFUSED)
    )
    return 0


def print_approvals(approvals: Sequence[ApprovalStatus]) -> None:
    """Which approvals a batch asks for, and who has given them; nothing where it asks for none."""
    if approvals:
        print_table(
            _("Approvals"),
            [_("approval"), _("operator"), _("day")],
            [[one.role, one.operator or _("awaited"), one.date or ""] for one in approvals],
        )


def print_batches(batches: Sequence[BatchStatus]) -> None:
    """Batches as a table."""
    from ledger.model.history import batch_state_word
    from ledger.model.seal import grouped_seal

    staged = len({batch.stage for batch in batches}) > 1
    taxed = any(batch.tax_fen for batch in batches)
    print_table(
        _("Batches"),
        [_("batch"), *([_("stage")] if staged else []), _("date"), _("state"), _("people"),
         *amount_headings(taxed=taxed), _("paid"), _("returned"), _("unknown"), _("awaited"),
         _("seal")],
        [
            [batch.id, *([batch.stage] if staged else []), batch.date.isoformat(),
             batch_state_word(batch.state), batch.payees,
             *amount_cells(batch.net_fen, batch.tax_fen, taxed=taxed), batch.paid,
             batch.returned, batch.unknown, batch.awaited, grouped_seal(batch.seal)]
            for batch in batches
        ],
    )  # fmt: skip


def _batch_json(batch: BatchStatus) -> dict[str, object]:
    return {**record_json(batch), "date": batch.date.isoformat()}
