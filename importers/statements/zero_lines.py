"""Lines of 0.00, such as a tax on interest of nothing: they carry nothing and are left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from importers.statements.body import AMOUNT_FIELDS
from importers.statements.body import Body
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import UnreadableCell
from ledger.bank_lines import BankLine
from ledger.language import gettext as _


def zero_lines(body: Body) -> list[int]:
    """The places of the lines in none of whose columns of amounts is anything but nothing.

    Raises UnreadableCell for a line without any amount when no balance could prove it empty.
    """
    columns = [column for name in AMOUNT_FIELDS for column in body.header.all_of(name)]
    places = list(range(len(body.rows)))
    for column in columns:
        found = body.amounts(column)
        places = [place for place in places if not found[place]]
        if not places:
            break
    if places and not body.header.all_of("balance"):
        for place in places:
            if all(body.columns[column][place] == "" for column in columns):
                raise UnreadableCell(body.place(place, columns[0]), _("this is no amount"))
    return places


def check_zero_lines(
    body: Body, places: Sequence[int], column: int, lines: Sequence[BankLine]
) -> None:
    """Check that the balance beside such a line is the one of its neighbour in the file.

    Raises StatementDoesNotAddUp.
    """
    if not places:
        return
    balances = body.amounts(column)
    by_row = sorted(lines, key=lambda line: line.row)
    newest_first = lines[0].row > lines[-1].row
    rows = [line.row for line in by_row]
    for place in places:
        balance = balances[place]
        if not isinstance(balance, int):
            continue
        row = body.rows[place]
        after = bisect_left(rows, row)
        older = after if newest_first else after - 1
        if 0 <= older < len(by_row):
            neighbour, expected = by_row[older], by_row[older].balance_fen
        else:
            neighbour = by_row[-1] if newest_first else by_row[0]
            assert neighbour.balance_fen is not None
            expected = neighbour.balance_fen - neighbour.amount_fen
        if balance != expected:
            assert expected is not None
            raise StatementDoesNotAddUp(
                body.place(place, column),
                row=row,
                row_before=neighbour.row,
                expected_fen=expected,
                found_fen=balance,
            )
