"""Statement lines that nobody has explained, in answers: what they may be, and what to type."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.terminal.output import print_table
from ledger.model.ids import BankLineId

if TYPE_CHECKING:
    from ledger.model.history import EnteredLine

Suggestions = Mapping[BankLineId, Sequence[str]]


def unexplained_json(
    lines: Sequence[EnteredLine], suggestions: Suggestions
) -> list[dict[str, Any]]:
    """The lines as programs read them; ``candidates`` are batches or accounts that fit."""
    return [
        {
            "line": line.id,
            "date": line.date.isoformat(),
            "amount": plain(line.amount_fen),
            "counterparty": line.entry.payee or "",
            "text": line.entry.narration or "",
            "candidates": list(suggestions.get(line.id, ())),
            "void_batch": line.void_batch,
            "barred_batch": line.barred_batch,
        }
        for line in lines
    ]


def print_unexplained(lines: Sequence[EnteredLine], suggestions: Suggestions) -> None:
    """A table of the lines, and how to take them out of suspense."""
    rows = [
        [
            line.id,
            str(line.date),
            grouped(line.amount_fen),
            line.entry.payee or "",
            line.entry.narration or "",
            may_be(suggestions.get(line.id, ()), line),
        ]
        for line in lines
    ]
    print_table(
        _("Statement lines that await an explanation (yuan)"),
        [_("statement line"), _("day"), _("amount"), _("other side"), _("text"), _("may be")],
        rows,
    )
    click.echo(
        _("Say what each was with 'census-ledger explain': the line, and its account or batch.")
    )


def may_be(candidates: Sequence[str], line: EnteredLine) -> str:
    """What fits a line, in a few words."""
    if line.void_batch:
        return _("void batch {batch}").format(batch=line.void_batch)
    if line.barred_batch:
        return _("batch {batch}, not approved and submitted").format(batch=line.barred_batch)
    return _(" or ").join(candidates)
