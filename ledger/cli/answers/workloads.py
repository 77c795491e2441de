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
    _print_counts(lists)
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


def _print_counts(lists: Sequence[ImportedWorkload]) -> None:
    """A line a file, and one of all together where they are of one stage."""
    stages = {one.work.stage.code: one.work.stage for one in lists}
    units = {stage.unit for stage in stages.values()}
    (unit,) = units if len(units) == 1 else ("",)
    counted, named = any(units), any(_sums(one)[0] for one in lists)
    rows = [_cells(one, unit, counted=counted, named=named) for one in lists]
    if len(lists) > 1 and len(stages) == 1:
        quantity = sum((Decimal(_sums(one)[1]) for one in lists), Decimal(0))
        sums = [_quantity(quantity)] if counted else []
        sums += [grouped(sum(_sums(one)[0] for one in lists))] if named else []
        counts = [sum(column) for column in zip(*map(_counts, lists), strict=True)]
        rows.append([_("all"), "", *counts[:2], *sums, *counts[2:]])
    heading = _("quantity ({unit})").format(unit=unit) if unit else _("quantity")
    print_table(
        _("Lists of work"),
        [_("file"), _("stage"), _("rows"), _("people"), *([heading] if counted else []),
         *([_("amount (yuan)")] if named else []), _("new"), _("replaced"), _("unchanged"),
         _("sent back"), _("skipped")],
        rows,
    )  # fmt: skip


def _quantity(quantity: Decimal, unit: str = "") -> str | int:
    whole = quantity == quantity.to_integral_value() and not unit
    return int(quantity) if whole else f"{quantity:,f}{unit}"


def _counts(one: ImportedWorkload) -> list[int]:
    """Rows and people; then what became of them."""
    work = one.work
    fates = (one.added, one.replaced, one.unchanged, len(work.quarantined), len(work.skipped))
    return [work.row_count, len(work.rows), *fates]


def _cells(one: ImportedWorkload, unit: str, *, counted: bool, named: bool) -> list[str | int]:
    """A file's line; a quantity says its unit where the heading says none."""
    stage, counts = one.work.stage, _counts(one)
    amount_fen, quantity = _sums(one)
    beside = "" if unit else stage.unit
    sums = [_quantity(Decimal(quantity), beside)] if counted else []
    sums += [grouped(amount_fen)] if named else []
    name = " ".join(filter(None, (stage.code, stage.name)))
    return [file_name(one.path), name, *counts[:2], *sums, *counts[2:]]


def _print_people(payees: Sequence[PayeeId], message: str, name: str) -> None:
    if payees:
        people = listed(payees[:PEOPLE_SHOWN])
        if len(payees) > PEOPLE_SHOWN:
            people += " " + _("and {count} others").format(count=len(payees) - PEOPLE_SHOWN)
        click.echo(message.format(file=name, people=people))
