"""What ``import`` says of the bank's results, to programs and to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import ngettext
from ledger.model.transitions import State

if TYPE_CHECKING:
    from ledger.model.instructions import Instruction
    from ledger.services.result_import import ImportedResult


def result_json(result: ImportedResult, unit: str) -> dict[str, Any]:
    """What became of a result, as programs read it; the counts are the batch's after it."""
    from reports.wording.bank_question import question

    counts, settlement = result.batch.counts, result.settlement
    return {
        "file": str(result.path),
        "kind": "result",
        "sha256": result.sha256,
        "import": result.import_id,
        "batch": result.batch.id,
        "paid": counts[State.PAID],
        "returned": counts[State.RETURNED],
        "unknown": counts[State.UNKNOWN],
        "awaited": counts[State.IN_BANK],
        "changed": len(settlement.moves),
        "late_returns": settlement.late_returns,
        "unchanged": settlement.unchanged,
        "superseded": settlement.superseded,
        "disputed": [row.payee_id for row in result.disputed],
        "doubtful": [row.payee_id for row in result.doubtful],
        "repeated": result.repeated,
        "fits_too": list(result.fits_too),
        "questions": [
            question(row, result.batch, unit)
            for row in (*result.unclear, *result.disputed, *result.doubtful)
        ],
        "correction_sheets": [str(path) for path in result.correction_sheets],
    }


def print_result(result: ImportedResult, unit: str) -> None:
    """What the bank has answered, what it has not, and what to do about it."""
    counts, settlement = result.batch.counts, result.settlement
    if result.repeated:
        message = _("{file}: this very file was taken before; nothing has changed.")
        click.echo(message.format(file=file_name(result.path)))
        if result.fits_too:
            message = _(
                "  Its rows fit {batches} too: if it is the bank's answer for that, say so with"
                " --batch."
            )
            click.echo(message.format(batches=listed(result.fits_too)))
    else:
        click.echo(taken(result))
    message = _(
        "  Batch {batch}: {paid} paid, {returned} returned, {unknown} unknown, {awaited} awaited."
    )
    click.echo(
        message.format(
            batch=result.batch.id,
            paid=f"{counts[State.PAID]:,}",
            returned=f"{counts[State.RETURNED]:,}",
            unknown=f"{counts[State.UNKNOWN]:,}",
            awaited=f"{counts[State.IN_BANK]:,}",
        )
    )
    if settlement.late_returns:
        message = ngettext(
            "  {count} payment that had been made has come back.",
            "  {count} payments that had been made have come back.",
            settlement.late_returns,
        )
        click.echo(message.format(count=settlement.late_returns))
    print_questions(result, unit)


def taken(result: ImportedResult) -> str:
    """How many answers were taken; and how many were not new, when there were any."""
    settlement = result.settlement
    changed, known = len(settlement.moves), settlement.unchanged + settlement.superseded
    if known:
        message = ngettext(
            "{file}: batch {batch}, {changed} answer taken; {known} known before.",
            "{file}: batch {batch}, {changed} answers taken; {known} known before.",
            changed,
        )
    else:
        message = ngettext(
            "{file}: batch {batch}, {changed} answer taken.",
            "{file}: batch {batch}, {changed} answers taken.",
            changed,
        )
    return message.format(
        file=file_name(result.path),
        batch=result.batch.id,
        changed=f"{changed:,}",
        known=f"{known:,}",
    )


def print_sheets(results: Sequence[ImportedResult]) -> None:
    """Where the correction sheets that were made now are, each named once."""
    paths = dict.fromkeys(path for result in results for path in result.correction_sheets)
    if paths:
        click.echo(_("Send these to the towns; import them when they are corrected:"))
    for path in paths:
        click.echo(f"  {path}")


def print_questions(result: ImportedResult, unit: str) -> None:
    """What to ask the bank about payments of which nobody knows whether they were made."""
    if result.unclear:
        click.echo(_("  Not clear, and never sent again before the bank has answered. Ask it:"))
        _print_each(result.unclear, result, unit)
    if result.disputed:
        click.echo(
            _("  Returned before, and now the bank says otherwise: do not pay them again. Ask it:")
        )
        _print_each(result.disputed, result, unit)
    if result.doubtful:
        click.echo(
            _("  Paid before, and now the bank says what nobody knows; nothing was moved. Ask it:")
        )
        _print_each(result.doubtful, result, unit)


def _print_each(rows: tuple[Instruction, ...], result: ImportedResult, unit: str) -> None:
    from reports.wording.bank_question import question

    for row in rows:
        click.echo(f"    {row.payee_id}  {question(row, result.batch, unit)}")
