"""Who waits for what, in words."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.cli.terminal.output import print_table
from ledger.model.programme import Programme

if TYPE_CHECKING:
    from ledger.figures.waiting import Waiting
    from ledger.payments.eligibility import Blocked
    from ledger.payments.eligibility import Eligibility

NAMES_SHOWN = 10


def skip_reason(reason: str) -> str:
    """Why people are not taken, in words."""
    from reports.wording import skip_reasons

    return skip_reasons.skip_reason(reason)


def waits_for(reason: str, reason_class: str) -> str:
    """What somebody waits for: why the payment came back, and what has to be done."""
    from reports.wording import skip_reasons

    return skip_reasons.waits_for(reason, reason_class)


def print_skipped(eligibility: Eligibility, programme: Programme) -> None:
    """How many are not taken and why, and by name those for whom something is to be corrected."""
    from ledger.payments.eligibility import OWED_NOTHING

    not_taken = Counter(eligibility.settled)
    not_taken.update(str(one.reason) for one in eligibility.blocked if one.reason in OWED_NOTHING)
    for reason, count in sorted(not_taken.items()):
        message = _("Not taken: {count} ({reason})")
        click.echo(message.format(count=f"{count:,}", reason=skip_reason(reason)))
    by_reason: dict[tuple[str, str], list[Blocked]] = {}
    for blocked in eligibility.blocked:
        if blocked.reason in OWED_NOTHING:
            continue
        by_reason.setdefault((blocked.reason, blocked.reason_class), []).append(blocked)
    for (reason, reason_class), people in sorted(by_reason.items()):
        named = [
            f"{payee.payee_id} {payee.legal_name} {programme.town_name(payee.town)}"
            for payee in (blocked.payee for blocked in people[:NAMES_SHOWN])
        ]
        more = ["…"] if len(people) > NAMES_SHOWN else []
        message = _("Waiting: {count} ({reason}): {names}")
        click.echo(
            message.format(
                count=f"{len(people):,}",
                reason=waits_for(reason, reason_class),
                names=listed(named + more),
            )
        )
    if eligibility.settled.get("unknown"):
        click.echo(_("What to ask the bank: census-ledger payees list --state unknown"))


def print_waiting(waiting: Sequence[Waiting], on: datetime.date) -> None:
    """A table of who waits for what, and since when."""
    if not waiting:
        return
    print_table(
        _("Who waits for what"),
        [_("people"), _("waits for"), _("first since"), _("days")],
        [
            [
                len(group.payees),
                waits_for(group.reason, group.reason_class),
                group.oldest.isoformat() if group.oldest else "—",
                str((on - group.oldest).days) if group.oldest else "—",
            ]
            for group in waiting
        ],
    )
    click.echo(_("By name: census-ledger payees list --waiting"))
    click.echo("")
