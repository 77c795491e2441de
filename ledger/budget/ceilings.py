"""What money is available: the one function that everybody asks.

    available(fund, line) = min(line: budget - accrued - undrawn commitments,
                                fund: received - accrued,
                                cash: bank - what the bank has still to debit for live batches
                                           - tax that was withheld and is not paid yet)

The lowest value from a day on counts, not the day's own: money that is spoken for next week
cannot be paid out today, and money that arrives next week is not here yet.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.base.money import CURRENCY
from ledger.base.money import nearest_fen
from ledger.base.records import Record
from ledger.model.accounts import BANK
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import PAYABLES
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import within
from ledger.model.history import BATCH_LINK
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.rules import Rules
from ledger.model.rules import split_line

if TYPE_CHECKING:
    from beancount.core import data


class BudgetLine(NamedTuple):
    """A budget line: the fund's code and the line's component, such as ``30226劳务费``."""

    fund: FundCode
    line: LineComponent


class Change(NamedTuple):
    """An amount that moves on a day, and the directive that moves it."""

    date: datetime.date
    amount_fen: int
    entry: data.Transaction | None


Changes = list[Change]


class Flows(Record):
    """Every movement that a ceiling depends on, as dated changes in fen.

    ``spent`` are accruals by line; ``payable`` are the 2307 balances by fund and ``tax`` what was
    withheld (negative while something is owed); ``owed_fen`` is what each batch's claims on the
    bank come to, below zero while it has something to debit, and ``held_fen`` what of each batch is
    in transit.
    """

    budget: Mapping[BudgetLine, Changes]
    spent: Mapping[BudgetLine, Changes]
    undrawn: Mapping[BudgetLine, Changes]
    received: Mapping[FundCode, Changes]
    payable: Mapping[FundCode, Changes]
    bank: Changes
    transit: Changes
    suspense: Changes
    tax: Changes
    owed_fen: Mapping[BatchId, int]
    held_fen: Mapping[BatchId, int]

    @property
    def promised_fen(self) -> dict[BatchId, int]:
        """What the bank has still to debit, by batch."""
        return {batch: max(0, -owed_fen) for batch, owed_fen in self.owed_fen.items()}

    def lines(self) -> list[BudgetLine]:
        """Every line with a budget or an expense, in the order of fund and code."""
        return sorted(self.budget.keys() | self.spent.keys())


class Ceilings(Record):
    """What may still be charged or paid, in fen; negative where a ceiling is exceeded."""

    lines_fen: Mapping[BudgetLine, int]
    funds_fen: Mapping[FundCode, int]
    cash_fen: int

    def available_fen(self, line: BudgetLine) -> int:
        """The least of the three ceilings, and never below zero."""
        of_line_fen, of_fund_fen = self.lines_fen.get(line, 0), self.funds_fen.get(line.fund, 0)
        return max(0, min(of_line_fen, of_fund_fen, self.cash_fen))


def read_flows(entries: Iterable[data.Directive], rules: Rules) -> Flows:
    """Collect the movements of a ledger. Pure."""
    from beancount.core import data

    collector = _Collector(rules)
    for entry in entries:
        if isinstance(entry, data.Transaction):
            collector.add(entry)
    return collector.flows()


def ceilings(flows: Flows, rules: Rules, on: datetime.date) -> Ceilings:
    """What is available from a day on."""
    lines_fen = {
        line: lowest_fen_from(
            flows.budget.get(line, ()),
            on,
            less=[flows.spent.get(line, ()), flows.undrawn.get(line, ())],
        )
        for line in flows.lines()
    }  # guard: commitments-kept
    funds_fen = {
        fund.code: lowest_fen_from(
            flows.received.get(fund.code, ()),
            on,
            less=[spent for line, spent in flows.spent.items() if line.fund == fund.code],
        )
        for fund in rules.funds
    }
    promised_fen = sum(flows.promised_fen.values())
    in_bank_fen = lowest_fen_from(flows.bank, on)
    # Tax that was paid too much is the tax office's to give back, and no cash.
    untaxed_fen = lowest_fen_from([*flows.bank, *flows.tax], on)  # guard: tax-not-free
    cash_fen = min(in_bank_fen, untaxed_fen) - promised_fen  # guard: undebited-not-free
    return Ceilings(lines_fen, funds_fen, cash_fen)


def total_fen(changes: Iterable[Change]) -> int:
    """The sum of the changes in fen."""
    return sum(change.amount_fen for change in changes)


def lowest_fen_from(
    changes: Iterable[Change], day: datetime.date, *, less: Iterable[Iterable[Change]] = ()
) -> int:
    """The lowest balance at the end of ``day`` or of any later day; ``less`` is taken off."""
    balance_fen = 0
    by_day_fen: dict[datetime.date, int] = defaultdict(int)
    for sign, some in [(1, changes), *((-1, some) for some in less)]:
        for date, amount_fen, _entry in some:
            if date <= day:
                balance_fen += sign * amount_fen
            else:
                by_day_fen[date] += sign * amount_fen
    lowest_fen = balance_fen
    for later in sorted(by_day_fen):
        balance_fen += by_day_fen[later]
        lowest_fen = min(lowest_fen, balance_fen)  # guard: spoken-for-later
    return lowest_fen


def _negative(changes: Iterable[Change]) -> Changes:
    return [change._replace(amount_fen=-change.amount_fen) for change in changes]


class _Collector:
    """Sorts postings by the ceiling they touch; each account is looked at once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.spent: dict[BudgetLine, Changes] = defaultdict(list)
        self.received: dict[FundCode, Changes] = defaultdict(list)
        self.payable: dict[FundCode, Changes] = defaultdict(list)
        self.bank: Changes = []
        self.transit: Changes = []
        self.suspense: Changes = []
        self.tax: Changes = []
        self.owed_fen: dict[BatchId, int] = defaultdict(int)
        self.held_fen: dict[BatchId, int] = defaultdict(int)
        self.targets: dict[str, list[Changes]] = {}
        self.is_claim: dict[str, bool] = {}
        self.undrawn: dict[BudgetLine, Changes] = defaultdict(list)
        self.left_fen: dict[str, int] = {}
        self.commitments = {commitment.id: commitment for commitment in rules.commitments}
        for commitment in rules.commitments:
            line = BudgetLine(commitment.fund, commitment.line)
            self.undrawn[line].append(Change(commitment.date, commitment.amount_fen, None))
            self.left_fen[commitment.id] = commitment.amount_fen

    def add(self, entry: data.Transaction) -> None:
        for posting in entry.postings:
            units = posting.units
            if units is None or units.number is None or units.currency != CURRENCY:
                continue
            amount_fen = nearest_fen(units.number)
            account = posting.account
            targets = self.targets.get(account)
            if targets is None:
                targets = self.targets[account] = self.find_targets(account)
                self.is_claim[account] = _is_claim_on_the_bank(account)
            for target in targets:
                target.append(Change(entry.date, amount_fen, entry))
            if self.is_claim[account]:
                for batch in _batches(entry, posting):
                    self.owed_fen[batch] += amount_fen
                    if account == TRANSIT:
                        self.held_fen[batch] += amount_fen
            if entry.links and self.commitments:
                self.draw(entry, account, amount_fen)

    def find_targets(self, account: str) -> list[Changes]:
        """The lists that a posting to the account belongs to."""
        targets: list[Changes] = []
        if fund := self.rules.fund_of(account):
            targets.append(self.spent[BudgetLine(fund.code, split_line(account, fund))])
        for fund in self.rules.funds:
            if within(account, fund.income):
                targets.append(self.received[fund.code])
            if account.startswith(PAYABLES) and f":{fund.component}:" in account:
                targets.append(self.payable[fund.code])
        if within(account, BANK):
            targets.append(self.bank)
        if within(account, TRANSIT):
            targets.append(self.transit)
        if within(account, SUSPENSE):
            targets.append(self.suspense)
        if within(account, INCOME_TAX):
            targets.append(self.tax)
        return targets

    def draw(self, entry: data.Transaction, account: str, amount_fen: int) -> None:
        """An expense linked with a commitment uses what was kept free for it."""
        for link in entry.links:
            commitment = self.commitments.get(link)
            if commitment is None:
                continue
            fund = self.rules.fund(commitment.fund)
            line = BudgetLine(commitment.fund, commitment.line)
            if fund is not None and within(account, f"{fund.expenses}:{commitment.line}"):
                drawn_fen = max(-commitment.amount_fen, min(amount_fen, self.left_fen[link]))
                self.left_fen[link] -= drawn_fen
                self.undrawn[line].append(Change(entry.date, -drawn_fen, entry))

    def flows(self) -> Flows:
        budget: dict[BudgetLine, Changes] = defaultdict(list)
        for change in self.rules.budget:
            line = BudgetLine(change.fund, change.line)
            budget[line].append(Change(change.date, change.amount_fen, None))
        received = {
            # Income is negative in Beancount; what has come in is positive here.
            fund: _negative(changes)
            for fund, changes in self.received.items()
        }
        return Flows(
            budget=budget,
            spent=self.spent,
            undrawn=self.undrawn,
            received=received,
            payable=self.payable,
            bank=self.bank,
            transit=self.transit,
            suspense=self.suspense,
            tax=self.tax,
            owed_fen=self.owed_fen,
            held_fen=self.held_fen,
        )


def _is_claim_on_the_bank(account: str) -> bool:
    """Awaited, queried and in transit: together, what the bank has still to debit."""
    owed = (f"{PAYABLES}:01待发", f"{PAYABLES}:03待查", TRANSIT)
    return any(within(account, parent) for parent in owed)


def _batches(entry: data.Transaction, posting: data.Posting) -> list[BatchId]:
    """The batch that a posting belongs to: its own ``batch`` or its entry's link."""
    if posting.meta and "batch" in posting.meta:
        return [BatchId(str(posting.meta["batch"]))]
    return [BatchId(link) for link in entry.links if BATCH_LINK.fullmatch(link)]
