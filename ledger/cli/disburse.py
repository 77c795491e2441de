"""``census-ledger disburse``: pay those who are due, as far as the money reaches."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.records import asdict
from ledger.cli.answers.batch_review import say_fewer_approvals
from ledger.cli.answers.waiting import print_skipped
from ledger.cli.context import Context
from ledger.cli.context import date_option
from ledger.cli.context import json_option
from ledger.cli.context import stage_option
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table
from ledger.cli.terminal.output import track
from ledger.model.ids import FundCode
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.operators import roles_text
from ledger.model.programme import Programme

if TYPE_CHECKING:
    from ledger.disbursement.proposal import Proposal
    from ledger.model.instructions import Instruction
    from reports.payout.payout_files import PayoutFile


@click.command("disburse", help=_("Choose who is paid now, and make sheets, bank files, entries."))
@click.option(
    "--town",
    "towns",
    multiple=True,
    metavar="T",
    help=_("Only this town, by name or code. May be given several times."),
)
@click.option("--fund", metavar="F", help=_("Charge only this fund, such as 01."))
@stage_option
@date_option
@click.option(
    "--limit-to-funds",
    is_flag=True,
    help=_("If the money does not reach everyone, pay those whom it reaches."),
)
@click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
@click.option("--yes", is_flag=True, help=_("Do not ask before writing."))
@json_option
@click.pass_obj
def command(
    context: Context,
    towns: tuple[str, ...],
    fund: FundCode | None,
    stage: StageCode | None,
    on: datetime.date,
    limit_to_funds: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    from ledger.base.actor_and_clock import Acting
    from ledger.disbursement.proposal import Request
    from ledger.payments.allocation import CannotPay
    from ledger.services.disburse import disburse
    from ledger.services.disburse import preview

    request = Request(on, town_codes(context, towns), fund, limit_to_funds, stage)
    try:
        confirmed: Digest | None = None
        files: list[PayoutFile] = []
        if dry_run or not yes:
            with context.registry() as registry:
                books = context.books()
                acting = Acting(context.actor(signs=False), context.clock)
                proposal = preview(books, registry, request, acting)
            confirmed = proposal.plan_digest
            say_fewer_approvals(proposal.batch, proposal.rules_of_more, proposal.asked.rules)
            if not context.as_json:
                print_proposal(proposal, context.programme())
        if not dry_run:
            if not yes:
                confirm(_("Make this batch?"))
            with context.work() as work:
                proposal, files = disburse(
                    work, request, salt=context.random_hex(8), expected=confirmed, track=track
                )
            if yes:
                say_fewer_approvals(proposal.batch, proposal.rules_of_more, proposal.asked.rules)
    except CannotPay as refusal:
        if not context.as_json:
            print_skipped(refusal.eligibility, context.programme())
        raise
    if context.as_json:
        print_json(answer_json(proposal, files))
    elif dry_run:
        click.echo(_("Nothing was written (--dry-run)."))
    else:
        if yes:
            print_proposal(proposal, context.programme())
        print_files(proposal, files)
    return 0


def town_codes(context: Context, names: tuple[str, ...]) -> tuple[TownCode, ...]:
    """The codes of towns as they were typed; a town that nobody knows is a usage error."""
    if not names:
        return ()
    programme = context.programme()
    codes = []
    for name in names:
        town = programme.find_town(name)
        if town is None:
            raise click.UsageError(_("there is no town {name}").format(name=name))
        codes.append(town.code)
    return tuple(codes)


def answer_json(proposal: Proposal, files: list[PayoutFile]) -> dict[str, Any]:
    """The batch as programs read it."""
    from ledger.payments.eligibility import skipped_json
    from reports.payout.payout_files import path_of

    return {
        "batch": proposal.batch,
        "stage": proposal.stage.code,
        "payees": len(proposal.instructions),
        "amount": plain(proposal.plan.amount_fen),
        "tax": plain(proposal.plan.tax_fen),
        "net": plain(proposal.plan.amount_fen - proposal.plan.tax_fen),
        "towns": sorted({row.town for row in proposal.instructions}),
        "seal": proposal.seal or None,
        "plan": proposal.plan_digest,
        "approvals_needed": list(proposal.asked.roles),
        "skipped": skipped_json(proposal.plan.eligibility),
        "files": [
            {"path": path_of(proposal, file), **_without_name(file)} for file in files
        ],
    }  # fmt: skip


def _without_name(file: PayoutFile) -> dict[str, Any]:
    fields = asdict(file)
    del fields["name"]
    return fields


def print_proposal(proposal: Proposal, programme: Programme) -> None:
    """Who is paid, from which fund, and who is not."""
    from ledger.cli.answers.taxed_amounts import amount_cells
    from ledger.cli.answers.taxed_amounts import amount_headings
    from ledger.disbursement.stage_choice import stage_words

    by_town: dict[str, list[Instruction]] = {}
    for row in proposal.instructions:
        by_town.setdefault(f"{row.town} {row.town_name}", []).append(row)
    by_town[_("all")] = list(proposal.instructions)
    taxed = any(row.tax_fen for row in proposal.instructions)
    title = _("Batch {batch}, {day}, {stage}") if proposal.stage.name else _("Batch {batch}, {day}")
    title = title.format(
        batch=proposal.batch, day=proposal.request.on, stage=stage_words(proposal.stage)
    )
    total_fen = proposal.plan.amount_fen
    rows: list[list[str | int]] = []
    for town, of_town in by_town.items():
        net_fen = sum(row.amount_fen for row in of_town)
        tax_fen = sum(row.tax_fen for row in of_town)
        rows.append([town, len(of_town), *amount_cells(net_fen, tax_fen, taxed=taxed)])
    print_table(title, [_("town"), _("people"), *amount_headings(taxed=taxed)], rows)
    if proposal.is_held:
        message = _("It asks for the approvals {roles}, by others than its maker.")
        click.echo(message.format(roles=roles_text(proposal.asked.roles)))
    needed_fen = proposal.plan.eligibility.needed_fen
    if needed_fen > total_fen:
        message = _("Limited to the funds: {people} more people wait for {amount}.")
        waiting = len(proposal.plan.eligibility.eligible) - len(proposal.instructions)
        click.echo(message.format(people=f"{waiting:,}", amount=grouped(needed_fen - total_fen)))
    print_skipped(proposal.plan.eligibility, programme)


def print_files(proposal: Proposal, files: list[PayoutFile]) -> None:
    """Where the files are, what to do with them, and the seal."""
    from ledger.model.seal import grouped_seal
    from reports.documents import PAYOUT_SHEET
    from reports.payout.payout_files import path_of

    click.echo(_("Batch {batch} is made. Seal: {seal}").format(
        batch=proposal.batch, seal=grouped_seal(proposal.seal)
    ))  # fmt: skip
    for file in files:
        if file.kind != PAYOUT_SHEET:
            click.echo(f"  {path_of(proposal, file)}")
    sheets = sum(file.kind == PAYOUT_SHEET for file in files)
    message = ngettext(
        "  and {count} payout sheet beside them.",
        "  and {count} payout sheets beside them, one a town.",
        sheets,
    )
    click.echo(message.format(count=sheets))
    if proposal.is_held:
        message = _(
            "Its files are held until others have approved it ({roles}). Next: somebody else runs"
            " 'census-ledger batch approve {batch}'."
        )
        roles = roles_text(proposal.asked.roles)
        click.echo(message.format(roles=roles, batch=proposal.batch))
        return
    click.echo(
        _("Next: give the bank its files, then 'census-ledger batch submit {batch}'.").format(
            batch=proposal.batch
        )
    )
