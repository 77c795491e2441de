"""What a statement line is: a batch's money, a rule's account, an entry by hand, or nobody knows.

A line is placed when one thing alone fits. When two fit, or none, it waits in suspense.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from functools import cache
from functools import cached_property
from pathlib import Path

from importers.matching.batch_money import BatchMoney
from importers.matching.batch_money import Way
from importers.matching.batch_money import lump_refunds
from ledger.base.masks import masked_account
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.events.statement_text import BookedPart
from ledger.events.statement_text import Placement
from ledger.figures.tax_course import DueMonth
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.bank_lines import BankLine
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.statement_rules import StatementRule
from ledger.model.statement_rules import account_by_rules
from ledger.model.transitions import State

# A line stands for an entry by hand of so many days before it, or after it.
HAND_BEFORE = datetime.timedelta(days=31)
HAND_AFTER = datetime.timedelta(days=3)
# Masked accounts show their last digits.
ENDING = 4
TAX_OFFICE = Path(__file__).parent / "data" / "tax_office.json"


class Fit(Record):
    """One thing that a line may be, by its name for people."""

    name: str
    parts: tuple[BookedPart, ...]
    payee: PayeeId = NO_PAYEE


class Placer:
    """Places one line after another; each sees what those before it have used up.

    ``by_hand`` are the days and amounts of entries by hand on the bank account that no
    statement line stands for yet; ``taxes`` what of each month the tax office has still to take.
    """

    def __init__(
        self,
        batches: Sequence[BatchMoney],
        rules: Sequence[StatementRule],
        by_hand: Sequence[tuple[datetime.date, int]],
        taxes: Sequence[DueMonth] = (),
    ) -> None:
        self.void = [money for money in batches if money.batch.voided]
        alive = [money for money in batches if not money.batch.voided]
        self.barred = [money for money in alive if money.batch.is_barred]
        # guard: barred-debit-waits
        self.live = [money for money in alive if not money.batch.is_barred]
        self.rules = rules
        self.by_hand = Counter(by_hand)
        self.taxes = list(taxes)
        self.people = _People(self.live)

    def place(self, line: BankLine) -> Placement:
        """What the line is. It is used up: the next equal line is something else."""
        day = self.hand_entry(line)  # guard: entered-by-hand
        if day is not None:
            return Placement((), by_hand=day)
        fits = self.fits(line)
        if len(fits) == 1:  # guard: one-fit
            fit = fits[0]
            for part in fit.parts:
                if part.batch:
                    self.money(part.batch).take(part.amount_fen, fit.payee)
                if part.account == INCOME_TAX:
                    self.taxes = [one for one in self.taxes if one.due_fen != part.amount_fen]
            return Placement(fit.parts, fit.payee)
        suspense = (BookedPart(SUSPENSE, -line.amount_fen),)
        if fits:
            return Placement(suspense, candidates=tuple(dict.fromkeys(fit.name for fit in fits)))
        void, barred = (_debited(line, batches) for batches in (self.void, self.barred))
        return Placement(suspense, void_batch=void, barred_batch=NO_BATCH if void else barred)

    def fits(self, line: BankLine) -> list[Fit]:
        """Everything that the line may be."""
        found = self.debits(line) if line.amount_fen < 0 else self.refunds(line)
        if self.is_tax(line):
            found.append(_of_account(INCOME_TAX, line))
        account = account_by_rules(line, self.rules)
        if account and account not in (fit.name for fit in found):
            found.append(_of_account(account, line))
        return found

    def is_tax(self, line: BankLine) -> bool:
        """Whether the tax office takes the whole of the oldest month's tax that is not paid, when
        that month is over. Both say so: the amount, and the bank's words.
        """
        if not self.taxes or line.amount_fen != -self.taxes[0].due_fen:  # guard: tax-of-the-month
            return False
        said = f"{line.text} {line.counterparty}"
        # guard: taken-by-the-tax-office
        return line.date > self.taxes[0].month.last and any(map(said.__contains__, tax_words()))

    def money(self, name: BatchId) -> BatchMoney:
        return next(money for money in self.live if money.id == name)

    def hand_entry(self, line: BankLine) -> datetime.date | None:
        """The day of the one entry by hand of this amount about this time."""
        if not self.by_hand:
            return None
        days = [
            day
            for (day, amount_fen), left in self.by_hand.items()
            if left
            and amount_fen == line.amount_fen
            and line.date - HAND_BEFORE <= day <= line.date + HAND_AFTER
        ]
        if line.date in days:
            days = [line.date]
        if len(days) != 1:
            return None
        self.by_hand[days[0], line.amount_fen] -= 1
        return days[0]

    def debits(self, line: BankLine) -> list[Fit]:
        """The batches, and the people, whose payment the bank may have taken."""
        amount_fen = -line.amount_fen
        person = self.people.find(line, amount_fen)
        fits = [
            _fit(money, amount_fen, row.payee_id)
            for money, row in person
            if row.payee_id not in money.debited and money.undebited_fen >= amount_fen
        ]  # guard: person-debited-once
        if fits:
            return _named_in(line, fits)
        fits = [
            _fit(money, amount_fen)
            for money in self.live
            if money.batch.date <= line.date and money.may_take(amount_fen)
        ]  # guard: debited-after-made
        return _named_in(line, fits)

    def refunds(self, line: BankLine) -> list[Fit]:
        """The batches, one or together, and the people whose money the bank may give back."""
        amount_fen = line.amount_fen
        person = self.people.find(line, amount_fen)
        person = [(money, row) for money, row in person if row.payee_id not in money.refunded]
        # Said to be returned, and the money is still there; else a return that nobody has told.
        expected = [
            (money, row)
            for money, row in person
            if money.batch.outcomes.get(row.payee_id) == State.RETURNED
            and money.refundable_fen >= amount_fen
        ]
        fits = [_fit(money, -amount_fen, row.payee_id) for money, row in expected or person]
        if fits:
            return _named_in(line, fits)
        refunding = [money for money in self.live if money.refundable_fen > 0]
        fits = [_fit(money, -amount_fen) for money in refunding if money.may_give_back(amount_fen)]
        return _named_in(line, fits) or list(map(_lump, lump_refunds(refunding, amount_fen)))


class _People:
    """The rows of all live batches by their accounts, for lines that name a person."""

    def __init__(self, batches: Sequence[BatchMoney]) -> None:
        self.batches = batches
        self.amounts_fen = frozenset().union(*(money.single_sums_fen for money in batches))

    @cached_property
    def by_account(self) -> dict[str, list[tuple[BatchMoney, Instruction]]]:
        return self.grouped(lambda account: account)

    @cached_property
    def by_ending(self) -> dict[str, list[tuple[BatchMoney, Instruction]]]:
        return self.grouped(lambda account: account[-ENDING:])

    def grouped(self, key: Callable[[str], str]) -> dict[str, list[tuple[BatchMoney, Instruction]]]:
        """Everybody's payments, by something of the account."""
        groups: dict[str, list[tuple[BatchMoney, Instruction]]] = {}
        for money in self.batches:
            for row in money.rows:
                groups.setdefault(key(row.account), []).append((money, row))
        return groups

    def find(self, line: BankLine, amount_fen: int) -> list[tuple[BatchMoney, Instruction]]:
        """The payments of this amount to the line's account and name."""
        if amount_fen not in self.amounts_fen or not line.counterparty:
            return []
        account = "".join(line.account.split())
        masked = masked_account(account)
        if masked is None:
            found = self.by_account.get(account, [])
        else:
            ending = self.by_ending.get(account[-ENDING:], [])
            found = [one for one in ending if masked.fits(one[1].account)]
        return [
            (money, row)
            for money, row in found
            if row.amount_fen == amount_fen
            and line.counterparty in (row.bank_name, row.legal_name)  # guard: same-counterparty
            and money.batch.date <= line.date
        ]


@cache
def tax_words() -> tuple[str, ...]:
    """By which a bank's line says that the tax office has taken it."""
    return tuple(json.loads(TAX_OFFICE.read_text(encoding="utf-8"))["words"])


def _of_account(account: str, line: BankLine) -> Fit:
    return Fit(account, (BookedPart(account, -line.amount_fen),))


def _fit(money: BatchMoney, amount_fen: int, payee: PayeeId = NO_PAYEE) -> Fit:
    return Fit(money.id, (BookedPart(TRANSIT, amount_fen, money.id),), payee)


def _debited(line: BankLine, batches: Sequence[BatchMoney]) -> BatchId:
    """Which of the batches that the bank should not pay it seems to have paid all the same."""
    if line.amount_fen < 0:
        for money in batches:
            if money.batch.date <= line.date and money.is_sum_of(-line.amount_fen):
                return money.id
    return NO_BATCH


def _lump(way: Way) -> Fit:
    parts = tuple(BookedPart(TRANSIT, -amount_fen, name) for name, amount_fen in way)
    return Fit("+".join(f"{name}={plain(amount_fen)}" for name, amount_fen in way), parts)


def _named_in(line: BankLine, fits: list[Fit]) -> list[Fit]:
    """Of several batches the one that the bank itself names, if it names one alone."""
    named = [fit for fit in fits if fit.name in line.text or fit.name in line.counterparty]
    return named if len(named) == 1 else fits
