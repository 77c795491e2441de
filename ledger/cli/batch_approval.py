"""``census-ledger batch approve`` and ``reject``: somebody else looks at what was made."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.model.ids import BatchId
from ledger.model.operators import APPROVING
from ledger.model.operators import Role
from ledger.model.operators import roles_text

if TYPE_CHECKING:
    from ledger.model.history import Batch


@click.command("approve", help=_("Look at a batch that somebody else has made, and sign it."))
@click.argument("batch", metavar="B")
@click.option(
    "--role",
    type=click.Choice([role.value for role in APPROVING]),
    help=_("In which role, for who has both. Default: the first that the batch lacks."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def approve_batch(
    context: Context, batch: BatchId, role: str | None, yes: bool, on: datetime.date
) -> int:
    from ledger.books.batch_folder import listed_files
    from ledger.books.batch_folder import place_of_batch
    from ledger.books.batch_folder import place_of_files
    from ledger.cli.answers.batch_review import print_review
    from ledger.cli.answers.batch_review import review_json
    from ledger.figures.batch_review import review
    from ledger.services.approvals import approve
    from ledger.services.approvals import plan_approval

    with context.work() as work:
        planned, as_role = plan_approval(work, batch, on, Role(role) if role else None)
        found = review(work.books, work.registry, planned)
        folder = work.books.folder / place_of_batch(planned)
        files = listed_files(folder)
        if not context.as_json:
            print_review(planned, found, folder, [file["name"] for file in files])
        if not yes:
            confirm(_("Approve this batch ({role})?").format(role=as_role))
        approved = approve(work, planned, as_role, on)
        lies_in = place_of_files(work.books, approved)
    if context.as_json:
        print_json({
            "batch": approved.id,
            "state": approved.state,
            "date": on.isoformat(),
            "role": as_role,
            "approvals_needed": list(approved.approvals_missing),
            "folder": lies_in,
            **review_json(found),
            "files": files,
        })  # fmt: skip
        return 0
    message = _("Batch {batch} of {amount} for {people} people has the approval {role}.")
    click.echo(message.format(
        batch=approved.id, amount=grouped(approved.amount_fen), role=as_role,
        people=f"{len(approved.amounts_fen):,}",
    ))  # fmt: skip
    if approved.is_held:
        message = _("It waits for the approval {roles} by somebody else.")
        click.echo(message.format(roles=roles_text(approved.approvals_missing)))
    elif lies_in != place_of_batch(approved):
        message = _(
            "Its files are still in {held}. What stands in {folder} is not of the batch: do not"
            " pay by it. Move it elsewhere, and the next command puts the files there."
        )
        click.echo(message.format(held=lies_in, folder=place_of_batch(approved)))
    else:
        message = _(
            "Its files are in {folder}. Next: give the bank its files, then 'census-ledger batch"
            " submit {batch}'."
        )
        click.echo(message.format(folder=lies_in, batch=approved.id))
    return 0


@click.command("reject", help=_("Send a batch back that somebody else has made, with a reason."))
@click.argument("batch", metavar="B")
@click.option("--reason", metavar="R", default="", help=_("Why. Its maker reads it."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@date_option
@json_option
@click.pass_obj
def reject_batch(
    context: Context, batch: BatchId, reason: str, yes: bool, on: datetime.date
) -> int:
    from ledger.books.batch_folder import place_of_batch
    from ledger.services.approvals import plan_rejection
    from ledger.services.batches import void

    with context.work() as work:
        planned = plan_rejection(work, batch, on, reason=reason)
        rejected = planned.batch
        if not yes:
            show_before_asking(rejected, _(
                "Its people will stand where they stood before it, and its files and sheets are"
                " worth nothing."
            ))  # fmt: skip
            confirm(_("Reject it?"))
        void(work, planned)
    folder = place_of_batch(rejected)
    if context.as_json:
        answer = {"batch": rejected.id, "state": "void", "date": on.isoformat()}
        print_json({**answer, "folder": folder})
        return 0
    message = _(
        "Batch {batch} is rejected and void: {people} people stand where they stood before it. Its"
        " files stay in {folder}; nobody pays by them."
    )
    people = f"{len(rejected.amounts_fen):,}"
    click.echo(message.format(batch=rejected.id, people=people, folder=folder))
    return 0


def show_before_asking(batch: Batch, follows: str) -> None:
    """What is decided about: the batch, its people and amount, and what follows."""
    message = _("Batch {batch} of {day}: {people} people, {amount} yuan. {follows}")
    click.echo(message.format(
        batch=batch.id, day=batch.date, people=f"{len(batch.amounts_fen):,}",
        amount=grouped(batch.amount_fen), follows=follows,
    ), err=True)  # fmt: skip
