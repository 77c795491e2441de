"""The proof of a statement: every balance is the one before it and the amount."""

from __future__ import annotations

from operator import add

from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import TotalsDiffer
from importers.statements.refusals import place_text
from ledger.model.bank_lines import Statement


def prove(statement: Statement) -> None:
    """Check the running balance line by line, and the totals that the bank states.

    The oldest line's amount is proven by the balance of the statement before. Raises
    StatementDoesNotAddUp, which names the row, or TotalsDiffer.
    """
    lines = statement.lines
    balances_fen = [line.balance_fen for line in lines if line.balance_fen is not None]
    if len(balances_fen) == len(lines):  # all lines have one, or none has
        expected_fen = list(map(add, balances_fen[:-1], [line.amount_fen for line in lines[1:]]))
        if expected_fen != balances_fen[1:]:  # guard: running-balance
            place = next(at for at, fen in enumerate(expected_fen) if fen != balances_fen[at + 1])
            before, line = lines[place], lines[place + 1]
            raise StatementDoesNotAddUp(
                place_text(statement.file, statement.sheet, line.row, statement.balance_heading),
                row=line.row,
                row_before=before.row,
                expected_fen=expected_fen[place],
                found_fen=balances_fen[place + 1],
            )
    for total in statement.totals:
        if total.stated != total.found:
            where = place_text(statement.file, statement.sheet, total.row)
            raise TotalsDiffer(where, total.label, stated=total.stated, found=total.found)
