"""What ``import`` says of payments from before the books, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.answers.problems import print_problem
from ledger.cli.terminal.output import confirm
from ledger.cli.terminal.output import print_table

if TYPE_CHECKING:
    from ledger.services.paid_before import ImportedPayments

PROBLEMS_SHOWN = 10


def payments_json(outcome: ImportedPayments) -> dict[str, Any]:
    """What became of a list, as programs read it."""
    workbook = outcome.problem_workbook
    return {
        "file": str(outcome.path),
        "kind": "paid-before",
        "sha256": outcome.sha256,
        "import": outcome.import_id,
        "event": outcome.event,
        "rows": outcome.file.row_count,
        "paid": len(outcome.charged),
        "amount": plain(outcome.amount_fen),
        "funds": [
            {"code": code, "name": name, "payees": people, "amount": plain(fen)}
            for (code, name), (people, fen) in by_fund(outcome).items()
        ],
        "quarantined": len(outcome.judged.rejected),
        "skipped": outcome.file.skipped,
        "problems": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message(),
            }
            for problem in outcome.judged.problems
        ],
        "problem_workbook": str(workbook) if workbook else None,
    }


def by_fund(outcome: ImportedPayments) -> dict[tuple[str, str], tuple[int, int]]:
    """People and fen by the code and name of the fund that is charged."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for payment, fund in outcome.charged:
        people, fen = found.get((fund.code, fund.name), (0, 0))
        found[fund.code, fund.name] = people + 1, fen + payment.amount_fen
    return dict(sorted(found.items()))


def print_planned(outcomes: Sequence[ImportedPayments]) -> None:
    """What would be entered of each list, and what goes back."""
    rows: list[list[str | int]] = [
        [file_name(one.path), f"{code} {name}", people, grouped(fen), len(one.judged.rejected)]
        for one in outcomes
        for (code, name), (people, fen) in (by_fund(one) or {("—", ""): (0, 0)}).items()
    ]
    headings = [_("file"), _("fund"), _("people"), _("amount"), _("sent back")]
    print_table(_("Paid before these books"), headings, rows)
    for one in outcomes:
        _print_problems(one)


def ask_whether_paid(outcomes: Sequence[ImportedPayments]) -> None:
    """Show what would be entered, and ask."""
    print_planned(outcomes)
    confirm(_("Enter these payments? They are not paid again, and the bank account stays."))


def print_entered(outcome: ImportedPayments) -> None:
    """What was entered, and where the rest is."""
    if outcome.event is not None:
        message = _("{file}: {count} people count as paid by event {event}, {amount} in all.")
        click.echo(
            message.format(
                file=file_name(outcome.path),
                count=f"{len(outcome.charged):,}",
                event=outcome.event,
                amount=grouped(outcome.amount_fen),
            )
        )
    if outcome.problem_workbook:
        click.echo(_("  To correct and import again: {path}").format(path=outcome.problem_workbook))


def _print_problems(outcome: ImportedPayments) -> None:
    problems = outcome.judged.problems
    for problem in problems[:PROBLEMS_SHOWN]:
        print_problem(outcome.path, problem)
    if len(problems) > PROBLEMS_SHOWN:
        click.echo(_("... and {count} more.").format(count=len(problems) - PROBLEMS_SHOWN))
