"""What ``import`` says of lists of work, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.answers.problems import print_errors
from ledger.cli.answers.problems import print_warnings_of
from ledger.cli.answers.problems import problem_json
from ledger.cli.terminal.output import print_table

if TYPE_CHECKING:
    from ledger.model.ids import PayeeId
    from ledger.services.workload_import import ImportedWorkload

PEOPLE_SHOWN = 10


def workload_json(outcome: ImportedWorkload) -> dict[str, Any]:
    """What became of a list, as programs read it."""
    work, workbook = outcome.work, outcome.problem_workbook
    amount_fen, quantity = _sums(outcome)
    return {
        "file": str(outcome.path),
        "kind": "workload",
        "sha256": outcome.sha256,
        "import": outcome.import_id,
        "repeated": outcome.repeated,
        "stage": work.stage.code,
        "unit": work.stage.unit or None,
        "rows": work.row_count,
        "people": len(work.rows),
        "quantity": quantity,
        "amount": plain(amount_fen),
        "deduction": plain(sum(row.line.deduction_fen for row in work.rows)),
        "added": outcome.added,
        "replaced": outcome.replaced,
        "unchanged": outcome.unchanged,
        "sent": list(outcome.sent),
        "newer": list(outcome.newer),
        "left_out": list(outcome.left_out),
        "quarantined": len(work.quarantined),
        "skipped": len(work.skipped),
        "uncompared": [{"sheet": sheet, "row": row} for sheet, row in work.uncompared],
        "notes": [note.message() for note in work.notes],
        "problems": [problem_json(problem) for problem in work.problems],
        "problem_workbook": str(workbook) if workbook else None,
    }


def _sums(outcome: ImportedWorkload) -> tuple[int, str]:
    """The amounts in fen and the quantities of the good rows, added up."""
    quantities = (Decimal(row.line.quantity or 0) for row in outcome.work.rows)
    quantity = format(sum(quantities, Decimal(0)).normalize(), "f")
    return sum(row.line.amount_fen for row in outcome.work.rows), quantity


def print_workloads(lists: Sequence[ImportedWorkload]) -> None:
    """A line a file, then what is wrong, what stays as it was, and what to do."""
    print_table(
        _("Lists of work"),
        [_("file"), _("stage"), _("rows"), _("people"), _("quantity"), _("amount"), _("new"),
         _("replaced"), _("unchanged"), _("sent back"), _("skipped")],
        [_row(one) for one in lists],
    )  # fmt: skip
    for one in lists:
        name = file_name(one.path)
        if one.repeated:
            click.echo(_("{file}: this very file was taken before.").format(file=name))
        for note in one.work.notes:
            click.echo(_("{file}: {problem}").format(file=name, problem=note.message()))
        for sheet, row in one.work.uncompared:
            message = _("{place}, row {row}: the total was not compared: not all can be read")
            place = " ".join(filter(None, (name, sheet)))
            click.echo(message.format(place=place, row=row))
        print_errors(one.path, one.work.problems, one.problem_workbook)
        _print_people(
            one.sent, _("{file}: sent money of the stage, so that it stays: {people}"), name
        )
        _print_people(
            one.newer,
            _("{file}: a later list says otherwise, so that it stays: {people}"),
            name,
        )
        _print_people(
            one.left_out,
            _(
                "{file}: on an earlier list of the town and not on this one, so that it stays:"
                " {people}"
            ),
            name,
        )
    print_warnings_of([(one.path, one.work.problems) for one in lists])


def _print_people(payees: Sequence[PayeeId], message: str, name: str) -> None:
    if payees:
        people = listed(payees[:PEOPLE_SHOWN])
        if len(payees) > PEOPLE_SHOWN:
            people += " " + _("and {count} more").format(count=len(payees) - PEOPLE_SHOWN)
        click.echo(message.format(file=name, people=people))


def _row(one: ImportedWorkload) -> list[str | int]:
    work = one.work
    amount_fen, quantity = _sums(one)
    return [
        file_name(one.path),
        " ".join(filter(None, (work.stage.code, work.stage.name))),
        work.row_count,
        len(work.rows),
        f"{quantity}{work.stage.unit}" if work.stage.unit else "—",
        grouped(amount_fen) if amount_fen else "—",
        one.added,
        one.replaced,
        one.unchanged,
        len(work.quarantined),
        len(work.skipped),
    ]
