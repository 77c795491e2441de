"""A statement that goes on from sheet to sheet, such as one with a sheet for each month."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from importers.statements.account_numbers import same_account
from importers.statements.proof import prove
from ledger.base.language import listed
from ledger.base.records import replace
from ledger.model.bank_lines import Statement


def joined_sheets(statements: Sequence[Statement]) -> Statement | None:
    """One statement of all sheets, in the order of their days; None unless each goes on exactly
    where the one before it ended.

    Raises what :func:`importers.statements.proof.prove` does, for each sheet by itself.
    """
    for statement in statements:
        prove(statement)
    ordered = sorted(statements, key=lambda statement: statement.lines[0].date)
    if not all(_goes_on(*pair) for pair in pairwise(ordered)):  # guard: sheets-go-on
        return None
    numbers = [statement.number for statement in ordered if statement.number]
    if any(not same_account(numbers[0], number) for number in numbers[1:]):
        return None
    return replace(
        ordered[0],
        sheet=listed(statement.sheet for statement in ordered),
        number=next(iter(numbers), ""),
        holder=next((one.holder for one in ordered if one.holder), ""),
        lines=tuple(
            replace(line, sheet=statement.sheet)
            for statement in ordered
            for line in statement.lines
        ),
        totals=tuple(total for statement in ordered for total in statement.totals),
        warnings=tuple(
            dict.fromkeys(warning for statement in ordered for warning in statement.warnings)
        ),
    )


def _goes_on(before: Statement, after: Statement) -> bool:
    return (
        before.closing_fen is not None
        and before.closing_fen == after.opening_fen
        and before.lines[0].date < after.lines[0].date
        and before.lines[-1].date <= after.lines[0].date
    )
