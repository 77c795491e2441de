"""Rows with a day whose summary says 合计 or 月计: totals, or lines that somebody called so.

A total repeats the balance of the line before it, a line goes on from it. Where nothing proves
which it is, the row is refused: money must neither vanish nor be booked twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import islice
from itertools import pairwise

from importers.statements.column_values import read_amounts
from importers.statements.column_values import read_balances
from importers.statements.refusals import UnreadableCell
from importers.statements.refusals import place_text
from importers.statements.words import AMOUNT_FIELDS
from importers.tables.headings import Headings
from importers.tables.headings import Row
from ledger.base.language import gettext as _

Days = Sequence[datetime.date | None]


class DatedTotals:
    """The rows below the headings, of which some are ``called`` totals though they have a day."""

    def __init__(self, rows: Sequence[Row], days: Days, called: set[int], header: Headings) -> None:
        self._rows, self._days, self._called, self._header = rows, days, called, header
        known = [day for day in days if day is not None]
        forward = any(one < other for one, other in pairwise(known))
        backward = any(one > other for one, other in pairwise(known))
        # Which neighbours may be the line before: the one above, the one below, or both.
        self._steps = [-1] * (forward or not backward) + [1] * (backward or not forward)

    def lines(self, file: str, sheet: str, first_row: int) -> set[int]:
        """Which of them are lines. Raises UnreadableCell, with the row, where that is in doubt."""
        found: set[int] = set()
        for place in sorted(self._called):
            is_line = self._is_line(place, found)
            if is_line is None:  # guard: total-or-line
                where = place_text(file, sheet, first_row + place)
                what = _(
                    "the row is called a total and has a day and an amount of its own, and no "
                    "balance shows which of the two it is"
                )
                raise UnreadableCell(where, what)
            if is_line:
                found.add(place)
        return found

    def _is_line(self, place: int, lines: set[int]) -> bool | None:
        """None when it may be either."""
        sides = {name: self._amount(place, name) for name in AMOUNT_FIELDS}
        moved = [abs(amount) for amount in sides.values() if amount]
        both = (sides["in"] and sides["out"]) or (sides["credit"] and sides["debit"])
        if not moved or both:
            return False
        balance = self._balance(place)
        if balance is None:
            # Every line of such a statement has its balance.
            return False if self._has_balances() else None
        befores = [self._neighbour(place, step, lines) for step in self._steps]
        known = [before for before in befores if before is not None]
        goes_on = any(abs(balance - before) in moved for before in known)
        repeats = balance in known
        if goes_on == repeats and (goes_on or balance not in self._ends()):
            return None
        return goes_on

    def _amount(self, place: int, name: str) -> int:
        for column in self._header.all_of(name):
            (found,) = read_amounts([self._rows[place][column]])
            if isinstance(found, int) and found:
                return found
        return 0

    def _balance(self, place: int) -> int | None:
        for column in self._header.all_of("balance"):
            (found,) = read_balances([self._rows[place][column]])
            if isinstance(found, int):
                return found
        return None

    def _is_sure_line(self, place: int) -> bool:
        return self._days[place] is not None and place not in self._called

    def _neighbour(self, place: int, step: int, lines: set[int]) -> int | None:
        """The balance of the next line in a direction; what is called a total is none below."""
        end = len(self._rows) if step > 0 else -1
        for other in range(place + step, end, step):
            if self._is_sure_line(other) or other in lines:
                balance = self._balance(other)
                if balance is not None:
                    return balance
        return None

    def _has_balances(self) -> bool:
        return any(True for _balance in self._balances(range(len(self._rows))))

    def _ends(self) -> set[int]:
        """The balances of the first line and of the last: what a total of all lines repeats."""
        places = range(len(self._rows))
        return {
            balance
            for order in (places, reversed(places))
            for balance in islice(self._balances(order), 1)
        }

    def _balances(self, places: Iterable[int]) -> Iterable[int]:
        for place in filter(self._is_sure_line, places):
            balance = self._balance(place)
            if balance is not None:
                yield balance
