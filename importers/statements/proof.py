"""The proof of a statement: every balance is the one before it and the amount."""

from __future__ import annotations

from itertools import pairwise

from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import TotalsDiffer
from importers.statements.refusals import place_text
from ledger.bank_lines import Statement


def prove(statement: Statement) -> None:
    """Check the running balance line by line, and the totals that the bank states.

    The oldest line's amount is proven by the balance of the statement before. Raises
    StatementDoesNotAddUp, which names the row, or TotalsDiffer.
    """
    for before, line in pairwise(statement.lines):
        if before.balance_fen is None or line.balance_fen is None:
            break  # all lines have a balance, or none has
        if before.balance_fen + line.amount_fen != line.balance_fen:
            raise StatementDoesNotAddUp(
                place_text(statement.file, statement.sheet, line.row, statement.balance_heading),
                row=line.row,
                row_before=before.row,
                expected_fen=before.balance_fen + line.amount_fen,
                found_fen=line.balance_fen,
            )
    for total in statement.totals:
        if total.stated != total.found:
            place = place_text(statement.file, statement.sheet, total.row)
            raise TotalsDiffer(place, total.label, stated=total.stated, found=total.found)
