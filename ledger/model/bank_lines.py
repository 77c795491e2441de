"""The lines of the bank's statements: what happened on the account, and how each is known."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from ledger.base.digests import digest
from ledger.base.records import Record
from ledger.model.ids import BankLineId

ID_DIGITS = 12


class BankLine(Record):
    """One line of a statement.

    ``row`` counts from 1 in its sheet; ``time`` is ``HH:MM:SS`` or empty. ``amount_fen`` is what
    came in, below zero what went out; ``balance_fen`` the account's balance after it, None where
    the bank does not say. ``account`` is the other side's, as the bank shows it; ``text`` joins
    summary, purpose and remark. ``serial`` is the bank's own number of the transaction, or empty.
    ``other_days`` are the days that the bank shows beside ``date``, such as that of the booking.
    ``sheet`` is where the line stands in a statement of several sheets, else empty.
    """

    row: int
    date: datetime.date
    time: str
    amount_fen: int
    balance_fen: int | None
    counterparty: str
    account: str
    text: str
    serial: str
    other_days: tuple[datetime.date, ...] = ()
    sheet: str = ""

    unshown = ("account",)


class StatedTotal(Record):
    """A total, a count or a balance in a statement's title or last rows, and what is ``found``."""

    row: int
    label: str
    stated: str
    found: str


class Statement(Record):
    """What a statement says; ``lines`` stand in the order in which they happened.

    ``number`` is the account's own number as the bank shows it, ``holder`` in whose name it says
    that it is, each empty where it does not; ``layout`` names how
    the columns were understood; ``newest_first`` how the file was sorted. ``balance_heading`` is
    the heading of the balances, empty where the bank shows none; ``totals`` is what the bank
    says the lines come to, ``warnings`` what somebody should know who relies on it.
    """

    file: str
    sheet: str
    layout: str
    number: str
    lines: tuple[BankLine, ...]
    newest_first: bool = False
    balance_heading: str = ""
    totals: tuple[StatedTotal, ...] = ()
    warnings: tuple[str, ...] = ()
    holder: str = ""

    unshown = ("number", "holder")

    @property
    def opening_fen(self) -> int | None:
        """The balance before the first line."""
        first = self.lines[0]
        return None if first.balance_fen is None else first.balance_fen - first.amount_fen

    @property
    def closing_fen(self) -> int | None:
        """The balance after the last line."""
        return self.lines[-1].balance_fen


def line_ids(account: str, lines: Sequence[BankLine]) -> list[BankLineId]:
    """An id for every line: the same in every statement of the account that shows it.

    The bank's serial number makes it, with the day, because some banks begin again every day;
    without one day, time, amount and balance do. Lines that are alike in all that are told
    apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    key: tuple[str, ...]
    ids = []
    for line in lines:
        if line.serial:
            key = (str(line.date), "serial", line.serial)
        else:
            balance = "" if line.balance_fen is None else str(line.balance_fen)
            key = (str(line.date), line.time, str(line.amount_fen), balance)
        seen[key] += 1
        text = "|".join((account, *key, str(seen[key])))
        digits = digest(text.encode("utf-8"))[:ID_DIGITS]
        ids.append(BankLineId(f"L{digits}"))
    return ids
