"""Lines of 0.00, such as a tax on interest of nothing: they carry nothing and are left out."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Sequence

from importers.statements.body import Body
from importers.statements.choice import Choice
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import UnreadableCell
from importers.statements.words import AMOUNT_FIELDS
from ledger.base.language import gettext as _


def zero_lines(body: Body) -> list[int]:
    """The places of the lines in none of whose columns of amounts is anything but nothing.

    Raises UnreadableCell for a line without any amount when no balance could prove it empty.
    """
    columns = [column for name in AMOUNT_FIELDS for column in body.header.all_of(name)]
    places: Sequence[int] = range(len(body.rows))
    for column in columns:
        found = body.amounts(column)
        places = [place for place in places if not found[place]]
        if not places:
            return []
    if not body.header.all_of("balance"):
        for place in places:
            if all(body.columns[column][place] == "" for column in columns):
                raise UnreadableCell(body.place(place, columns[0]), _("this is no amount"))
    return list(places)


def wrong_zero_line(
    whole: Body, places: Sequence[int], column: int, body: Body, choice: Choice
) -> StatementDoesNotAddUp | None:
    """What is wrong with the first whose balance is not the one of the line before it.

    ``whole`` has the lines of ``places`` and all others, ``body`` the others alone.
    """
    assert choice.balances_fen is not None
    balances = whole.amounts(column)
    for place in places:
        balance_fen = balances[place]
        if not isinstance(balance_fen, int):
            continue
        after = bisect_left(body.rows, whole.rows[place])
        older = after if choice.newest_first else after - 1
        if 0 <= older < len(body.rows):
            expected_fen = choice.balances_fen[older]
        else:
            older = -1 if choice.newest_first else 0
            expected_fen = choice.balances_fen[older] - choice.reading.amounts_fen[older]
        if balance_fen != expected_fen:
            return StatementDoesNotAddUp(
                whole.place(place, column),
                row=whole.rows[place],
                row_before=body.rows[older],
                expected_fen=expected_fen,
                found_fen=balance_fen,
            )
    return None


def fits_among(
    whole: Body,
    places: Sequence[int],
    body: Body,
    amounts_fen: Sequence[int],
    balances_fen: Sequence[int],
) -> bool:
    """Whether each of these has a balance that the account had on its day: for lines that stand
    in no order, so that none is the line before it.
    """
    had: dict[datetime.date, set[int]] = {}
    for day, fen, balance_fen in zip(body.days, amounts_fen, balances_fen, strict=True):
        had.setdefault(day, set()).update((balance_fen, balance_fen - fen))
    every = set().union(*had.values())
    columns = whole.header.all_of("balance")
    return all(
        found in had.get(whole.days[place], every)
        for place in places
        for column in columns[:1]
        if isinstance(found := whole.amounts(column)[place], int)
    )
