"""``census-ledger disburse``: pay those who are due, as far as the money reaches."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.cli.desk import Desk
from ledger.cli.desk import date_option
from ledger.cli.desk import json_option
from ledger.cli.output import confirm
from ledger.cli.output import print_json
from ledger.cli.output import print_table
from ledger.cli.output import track
from ledger.language import gettext as _
from ledger.language import listed
from ledger.language import ngettext
from ledger.money import grouped
from ledger.money import plain
from ledger.towns import find_town
from ledger.towns import towns_by_code

if TYPE_CHECKING:
    from ledger.claims import Claims
    from ledger.payees import Payee
    from reports.payout_files import PayoutFile
    from reports.proposal import Proposal

NAMES_SHOWN = 10


@click.command("disburse", help=_("Choose who is paid now, and make sheets, bank files, entries."))
@click.option(
    "--town",
    "towns",
    multiple=True,
    metavar="T",
    help=_("Only this town, by name or code. May be given several times."),
)
@click.option("--fund", metavar="F", help=_("Charge only this fund, such as 01."))
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
    desk: Desk,
    towns: tuple[str, ...],
    fund: str | None,
    on: datetime.date,
    limit_to_funds: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    from ledger.agreement import require_agreement
    from ledger.planning import CannotPay
    from ledger.writing import load_recovered
    from reports.disbursement import disburse
    from reports.proposal import Request
    from reports.proposal import propose

    request = Request(on, town_codes(towns), fund, limit_to_funds)
    try:
        with desk.registry() as registry:
            if yes and not dry_run:
                proposal, files = disburse(desk.folder, registry, request, track=track)
            else:
                books = load_recovered(desk.folder)
                books.require_sound()
                payees = registry.payees()
                require_agreement(books, registry, payees)
                proposal, files = propose(books, payees, request), []
                if not desk.as_json:
                    print_proposal(proposal)
            if not dry_run and not yes:
                confirm(_("Make this batch?"))
                proposal, files = disburse(
                    desk.folder, registry, request, expected_seal=proposal.seal, track=track
                )
    except CannotPay as refusal:
        if not desk.as_json:
            print_skipped(refusal.claims)
        raise
    if desk.as_json:
        print_json(answer_json(proposal, files))
    elif dry_run:
        click.echo(_("Nothing was written (--dry-run)."))
    else:
        if yes:
            print_proposal(proposal)
        print_files(proposal, files)
    return 0


def town_codes(names: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of towns as they were typed; a town that nobody knows is a usage error."""
    codes = []
    for name in names:
        town = find_town(name)
        if town is None:
            raise click.UsageError(_("there is no town {name}").format(name=name))
        codes.append(town.code)
    return tuple(codes)


def answer_json(proposal: Proposal, files: list[PayoutFile]) -> dict[str, Any]:
    """The batch as programs read it."""
    from ledger.claims import skipped_json
    from reports.payout_files import path_of

    return {
        "batch": proposal.batch,
        "payees": len(proposal.instructions),
        "amount": plain(proposal.plan.amount_fen),
        "towns": sorted({row.town for row in proposal.instructions}),
        "seal": proposal.seal,
        "skipped": skipped_json(proposal.plan.claims),
        "files": [
            {"path": path_of(proposal, file), **_without_name(file)} for file in files
        ],
    }  # fmt: skip


def _without_name(file: PayoutFile) -> dict[str, Any]:
    fields = asdict(file)
    del fields["name"]
    return fields


def print_proposal(proposal: Proposal) -> None:
    """Who is paid, from which fund, and who is not."""
    towns: dict[str, list[int]] = {}
    for row in proposal.instructions:
        towns.setdefault(f"{row.town} {row.town_name}", []).append(row.amount_fen)
    title = _("Batch {batch}, {day}").format(batch=proposal.batch, day=proposal.request.on)
    total = proposal.plan.amount_fen
    rows: list[list[str | int]] = [
        [town, len(amounts), grouped(sum(amounts))] for town, amounts in towns.items()
    ]
    rows.append([_("all"), len(proposal.instructions), grouped(total)])
    print_table(title, [_("town"), _("people"), _("amount (yuan)")], rows)
    needed = proposal.plan.claims.needed_fen
    if needed > total:
        message = _("Limited to the funds: {people} more people wait for {amount}.")
        waiting = len(proposal.plan.claims.eligible) - len(proposal.instructions)
        click.echo(message.format(people=f"{waiting:,}", amount=grouped(needed - total)))
    print_skipped(proposal.plan.claims)


def print_skipped(claims: Claims) -> None:
    """How many are not taken and why, and by name those for whom something is to be mended."""
    for reason, count in sorted(claims.settled.items()):
        message = _("Not taken: {count} ({reason})")
        click.echo(message.format(count=f"{count:,}", reason=skip_reason(reason)))
    by_reason: dict[str, list[Payee]] = {}
    for blocked in claims.blocked:
        by_reason.setdefault(blocked.reason, []).append(blocked.payee)
    for reason, payees in sorted(by_reason.items()):
        named = [
            f"{payee.payee_id} {payee.legal_name} {towns_by_code()[payee.town].name}"
            for payee in payees[:NAMES_SHOWN]
        ]
        more = ["…"] if len(payees) > NAMES_SHOWN else []
        message = _("Waiting: {count} ({reason}): {names}")
        click.echo(
            message.format(
                count=f"{len(payees):,}", reason=skip_reason(reason), names=listed(named + more)
            )
        )


def skip_reason(reason: str) -> str:
    """Why people are not taken, in words."""
    from ledger.claims import Block
    from reports.bank.unsendable import UNSENDABLE
    from reports.eligibility import UNPRINTABLE

    words = {
        "paid": _("paid before"),
        "in_bank": _("in a batch that awaits the bank's result"),
        "unknown": _("the bank's answer is unclear: never sent again before it is settled"),
        "inactive": _("no longer active"),
        Block.RETURNED: _("returned by the bank and not yet mended or released"),
        Block.POST_PAID: _("somebody else has been paid for this block or area"),
        Block.NO_RATE: _("the role has no rate on that day"),
        Block.LATER_EVENT: _("something later than that day has been entered for them"),
        UNPRINTABLE: _("a character of the name is not in the font of the sheets"),
    }
    return words.get(reason) or _(UNSENDABLE[reason])


def print_files(proposal: Proposal, files: list[PayoutFile]) -> None:
    """Where the files are, what to do with them, and the seal."""
    from ledger.history import grouped_seal
    from reports.payout_files import path_of

    click.echo(_("Batch {batch} is made. Seal: {seal}").format(
        batch=proposal.batch, seal=grouped_seal(proposal.seal)
    ))  # fmt: skip
    for file in files:
        if file.kind != "payout_sheet":
            click.echo(f"  {path_of(proposal, file)}")
    sheets = sum(file.kind == "payout_sheet" for file in files)
    message = ngettext(
        "  and {count} payout sheet beside them.",
        "  and {count} payout sheets beside them, one a town.",
        sheets,
    )
    click.echo(message.format(count=sheets))
    click.echo(
        _("Next: give the bank its files, then 'census-ledger batch submit {batch}'.").format(
            batch=proposal.batch
        )
    )
