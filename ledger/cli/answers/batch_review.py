"""A batch that somebody is to approve: what to look at, in tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.terminal.output import print_table
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of

if TYPE_CHECKING:
    from ledger.figures.batch_review import BatchReview
    from ledger.figures.batch_review import Reviewed
    from ledger.model.history import Batch
    from ledger.model.ids import BatchId

# So many people of one kind are named; the payout sheets have all.
NAMED = 20


def review_json(found: BatchReview) -> dict[str, Any]:
    """What to look at, for programs; everybody is listed."""
    return {
        "towns": _totals_json(found.towns),
        "funds": _totals_json(found.funds),
        "ceilings": [
            {"name": one.name, "available": plain(one.available_fen), "used": plain(one.used_fen)}
            for one in found.ceilings
        ],
        "new": [_reviewed_json(one) for one in found.new],
        "changed": [_reviewed_json(one) for one in found.changed],
        "shared": [[_reviewed_json(one) for one in group] for group in found.shared],
        "rules_before": found.rules_before,
    }


def _totals_json(totals: Any) -> list[dict[str, Any]]:
    return [
        {"code": code_of(name), "name": name_of(name), "payees": people, "amount": plain(fen)}
        for name, (people, fen) in totals.items()
    ]


def _reviewed_json(one: Reviewed) -> dict[str, Any]:
    return {
        "payee": one.payee,
        "name": one.name,
        "town": one.town,
        "amount": plain(one.amount_fen),
        "accounts": list(one.accounts),
    }


def print_review(batch: Batch, found: BatchReview, folder: Path, files: Sequence[str]) -> None:
    """Totals, ceilings, people and files; on stderr, as it is part of a question."""
    click.echo(_("Batch {batch}, {day}").format(batch=batch.id, day=batch.date), err=True)
    by_town, by_fund = (_("Towns"), _("town"), found.towns), (_("Funds"), _("fund"), found.funds)
    for title, heading, totals in (by_town, by_fund):
        rows: list[list[str | int]] = [
            [f"{code_of(name)} {name_of(name)}", people, grouped(fen)]
            for name, (people, fen) in totals.items()
        ]
        rows.append([_("all"), len(batch.amounts_fen), grouped(batch.amount_fen)])
        print_table(title, [heading, _("people"), _("amount (yuan)")], rows, err=True)
    if batch.taxes_fen:
        message = _("{gross} before tax, of which {tax} is withheld as income tax.")
        message = message.format(gross=grouped(batch.gross_fen), tax=grouped(batch.tax_fen))
        click.echo(message, err=True)
    print_table(
        _("What was available when it was prepared (yuan)"),
        [_("ceiling"), _("available"), _("used")],
        [[one.word, grouped(one.available_fen), grouped(one.used_fen)] for one in found.ceilings],
        err=True,
    )
    _print_people(_("People to whom nothing was sent before: {count}"), found.new)
    _print_people(_("People with another account than before: {count}"), found.changed)
    shared = [one for group in found.shared for one in group]
    _print_people(_("People who share an account with somebody: {count}"), shared)
    if found.rules_before is not None:
        click.echo(rules_changed(found.rules_before, batch.asked.rules), err=True)
    click.echo(_("Files in {folder}").format(folder=folder), err=True)
    for name in files:
        click.echo(f"  {name}", err=True)


def rules_changed(before: str, now: str) -> str:
    """That the rules are others than those by which batches asked for approvals before."""
    from ledger.budget.approvals import rules_in_yuan

    message = _(
        "The approval rules are others than those by which a batch asked for approvals before:"
        " {before} then, {now} now."
    )
    return message.format(before=rules_in_yuan(before), now=rules_in_yuan(now))


def say_fewer_approvals(batch: BatchId, before: str | None, now: str) -> None:
    """On stderr: somebody has changed the rules, and the batch asks for less; nothing without."""
    if before is None:
        return
    from ledger.budget.approvals import rules_in_yuan

    message = _(
        "Batch {batch} asks for fewer approvals than the rules of a batch before it would:"
        " {before} then, {now} now. Ask who has changed them."
    )
    message = message.format(batch=batch, before=rules_in_yuan(before), now=rules_in_yuan(now))
    click.echo(message, err=True)  # guard: fewer-approvals-said


def _print_people(title: str, people: Sequence[Reviewed]) -> None:
    message = title.format(count=f"{len(people):,}")
    if not people:
        click.echo(message, err=True)
        return
    rows: list[list[str | int]] = [
        [one.payee, one.name, one.town, grouped(one.amount_fen), " → ".join(one.accounts)]
        for one in people[:NAMED]
    ]
    if len(people) > NAMED:
        rows.append(["…", "", "", "", ""])
    headings = [_("id"), _("name"), _("town"), _("amount (yuan)"), _("account")]
    print_table(message, headings, rows, err=True)
