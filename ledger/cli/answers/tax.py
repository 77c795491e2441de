"""What ``report tax`` says of a month's income tax, to people and to programs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.books_folder import REPORTS
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.model.accounts import code_of

if TYPE_CHECKING:
    from ledger.figures.month_tax import MonthTax
    from reports.tax.declaration import TaxFile


def tax_json(tax: MonthTax, files: Sequence[TaxFile], removed: Sequence[str]) -> dict[str, Any]:
    """The month's tax as programs read it; corrections are of months before. ``removed`` are slips
    that are the month's no longer.
    """
    return {
        "month": str(tax.month),
        "people": len(tax.people),
        "income": plain(tax.income_fen),
        "tax": plain(tax.tax_fen),
        "corrections": [
            {
                "payee": one.payee,
                "month": str(one.month),
                "date": one.date.isoformat(),
                "income": plain(one.income_fen),
                "tax": plain(one.tax_fen),
            }
            for one in tax.corrections
        ],
        "due": plain(tax.due_fen),
        "until": tax.last_day.isoformat(),
        "elsewhere": tax.elsewhere,
        "files": [
            {
                "path": f"{REPORTS}/{file.name}",
                "kind": file.kind,
                "town": code_of(file.town),
                "rows": file.rows,
                "sha256": file.sha256,
            }
            for file in files
        ],
        "removed": [f"{REPORTS}/{name}" for name in removed],
    }


def print_tax(
    tax: MonthTax, files: Sequence[TaxFile], removed: Sequence[str], today: datetime.date
) -> None:
    """What is due and until when, and where the files are."""
    message = _("{month}: {people} people, {income} of income, {tax} withheld.")
    click.echo(
        message.format(
            month=tax.month,
            people=f"{len(tax.people):,}",
            income=grouped(tax.income_fen),
            tax=grouped(tax.tax_fen),
        )
    )
    if tax.corrections:
        message = _("{count} payment(s) of earlier months were cancelled: {tax} less.")
        click.echo(message.format(count=len(tax.corrections), tax=grouped(tax.corrected_fen)))
    message = _("To be declared and paid by {day}: {amount}.")
    click.echo(message.format(day=tax.last_day, amount=grouped(max(0, tax.due_fen))))
    if tax.due_fen < 0:
        message = _("The tax office owes {amount}: ask it for a refund.")
        click.echo(message.format(amount=grouped(-tax.due_fen)))
    for file in files:
        click.echo(f"  {REPORTS}/{file.name}")
    for name in removed:
        message = _("Removed, for nobody of the town was paid in the month after all: {path}")
        click.echo(message.format(path=f"{REPORTS}/{name}"))
    click.echo(
        _("They hold whole identity numbers: give them to the tax office and to nobody else.")
    )
    if tax.month.last >= today:
        message = _("{month} is not over: who is paid later in it is not declared yet.")
        click.echo(message.format(month=tax.month))
