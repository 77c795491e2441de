"""The office's account at the simulated bank: what moves on it, interest, and a running balance."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from ledger.base.money import plain

# Current accounts bear 0.30 % a year of 360 days, paid on the 20th of every third month.
RATE = Decimal("0.0030") / 360
QUARTER_MONTHS = (3, 6, 9, 12)
QUARTER_DAY = 20
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Movement:
    """Money in or out of the account.

    ``amount_fen`` is what came in, below zero what went out; ``counterparty`` and ``account`` are
    the other side's name and number, ``purpose`` and ``remark`` the words of the two sides.
    """

    day: date
    amount_fen: int
    counterparty: str
    account: str
    purpose: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A movement as the bank has booked it; ``serial`` is its own number, no two are alike."""

    movement: Movement
    balance_fen: int
    serial: str

    @property
    def day(self) -> date:
        return self.movement.day

    @property
    def balance(self) -> str:
        """In yuan, with two decimals."""
        return plain(self.balance_fen)


def account_lines(movements: Iterable[Movement], *, until: date) -> list[AccountLine]:
    """The account from its first day, oldest first, with the interest that falls due.

    What stands here of a day never changes by what happens on later days. Movements of one day
    stay in the order given. Raises ValueError when the account would be overdrawn.
    """
    past = [movement for movement in movements if movement.day <= until]
    lines: list[AccountLine] = []
    for day, moved in groupby(with_interest(past, until=until), key=attrgetter("day")):
        for number, movement in enumerate(moved, 1):
            balance_fen = (lines[-1].balance_fen if lines else 0) + movement.amount_fen
            if balance_fen < 0:
                raise ValueError(f"overdrawn on {day}: {plain(balance_fen)}")
            lines.append(AccountLine(movement, balance_fen, f"{day:%Y%m%d}{number:08d}"))
    return lines


def lines_between(lines: Sequence[AccountLine], since: date, until: date) -> list[AccountLine]:
    """The lines of some days, both included."""
    return [line for line in lines if since <= line.day <= until]


def with_interest(movements: Sequence[Movement], *, until: date) -> list[Movement]:
    """The movements by their days, and at the end of each quarter day what the days have borne."""
    by_day: dict[date, list[Movement]] = {}
    for movement in movements:
        by_day.setdefault(movement.day, []).append(movement)
    whole: list[Movement] = []
    balance_fen = borne_fen = 0
    day = min(by_day, default=until)
    while day <= until:
        whole += by_day.get(day, [])
        balance_fen += sum(movement.amount_fen for movement in by_day.get(day, []))
        borne_fen += balance_fen
        if is_quarter_day(day):
            interest = interest_of(day, borne_fen)
            whole += [interest] if interest.amount_fen else []
            balance_fen += interest.amount_fen
            borne_fen = 0
        day += ONE_DAY
    return whole


def is_quarter_day(day: date) -> bool:
    return day.day == QUARTER_DAY and day.month in QUARTER_MONTHS


def interest_of(day: date, borne_fen: int) -> Movement:
    """The interest on the sum of the balances of all days since it was paid last."""
    amount_fen = int((borne_fen * RATE).quantize(Decimal(1), ROUND_HALF_UP))
    return Movement(day, amount_fen, "", "", "结息", "活期存款利息")
