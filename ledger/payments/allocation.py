"""Planning a batch: whom the money reaches.

Pure: from due payments, rules and ceilings to a frozen plan. A person is charged wholly to one
fund; funds are used in the order of the rules; people are taken in the order of towns and of the
roster.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Ceilings
from ledger.model.accounts import code_of
from ledger.model.ids import FundCode
from ledger.model.rules import Fund
from ledger.model.rules import Rules
from ledger.payments.eligibility import DuePayment
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import skipped_json


class Ceiling(enum.StrEnum):
    """What kept a batch from being made."""

    LINE = "line"
    FUND = "fund"
    CASH = "cash"
    NOTHING_DUE = "nothing_due"


class Charge(NamedTuple):
    """A due payment and the fund that it is charged to."""

    due: DuePayment
    fund: Fund


class Plan(Record):
    """Who is paid now from what: ``charges`` in the order of payment."""

    eligibility: Eligibility
    charges: tuple[Charge, ...]

    @property
    def amount_fen(self) -> int:
        """What is charged, before tax."""
        return sum(charge.due.gross_fen for charge in self.charges)

    @property
    def tax_fen(self) -> int:
        return sum(charge.due.tax_fen for charge in self.charges)


class CannotPay(Refusal):
    """The money reaches nobody, or nobody is owed anything. Nothing was written."""

    def __init__(
        self,
        reason: Ceiling,
        eligibility: Eligibility,
        *,
        available_fen: int = 0,
        payable_payees: int = 0,
    ) -> None:
        self.reason = reason
        self.eligibility = eligibility
        self.needed_fen = eligibility.needed_fen
        self.available_fen = available_fen
        self.payable_payees = payable_payees
        super().__init__(self._message())

    def facts(self) -> dict[str, Any]:
        return {
            "refused": {
                "reason": self.reason.value,
                "needed": plain(self.needed_fen),
                "available": plain(self.available_fen),
                "payable_payees": self.payable_payees,
            },
            "skipped": skipped_json(self.eligibility),
        }

    def _message(self) -> str:
        if self.reason == Ceiling.NOTHING_DUE:
            return _("nobody is owed anything that may be paid now; nothing was written")
        ceiling = {
            Ceiling.LINE: _("the budget line"),
            Ceiling.FUND: _("the money received by the funds"),
            Ceiling.CASH: _("the money in the bank"),
        }[self.reason]
        if not self.payable_payees:
            message = _(
                "{needed} is needed and {available} is available, which pays nobody: {ceiling}"
                " sets the limit. Nothing was written"
            )
        else:
            message = _(
                "{needed} is needed and {available} is available, which pays {people} people:"
                " {ceiling} sets the limit. Nothing was written"
            )
        return message.format(
            needed=grouped(self.needed_fen),
            available=grouped(self.available_fen),
            ceiling=ceiling,
            people=f"{self.payable_payees:,}",
        )


class CannotPayAll(CannotPay):
    """The money reaches some of those who are due, and not everyone. Nothing was written."""


def plan_batch(
    eligibility: Eligibility,
    rules: Rules,
    ceilings: Ceilings,
    *,
    fund_code: FundCode | None = None,
    limit_to_funds: bool = False,
) -> Plan:
    """Charge every due payment to a fund. Raises CannotPay when the money does not reach.

    With ``limit_to_funds`` those whom it reaches are paid, whole people in order, and only when
    it reaches nobody is that a refusal. No payment is ever made in part.
    """
    eligibility = eligibility.of_fund(fund_code)
    funds = [fund for fund in rules.funds if fund_code in (None, fund.code)]
    if not eligibility.eligible:
        raise CannotPay(Ceiling.NOTHING_DUE, eligibility)
    charges = allocate(eligibility.eligible, funds, ceilings)
    enough = len(charges) == len(eligibility.eligible)
    if not enough and not (limit_to_funds and charges):
        reason, available_fen = binding_ceiling(eligibility.eligible, funds, ceilings)
        refusal = CannotPayAll if charges else CannotPay
        raise refusal(reason, eligibility, available_fen=available_fen, payable_payees=len(charges))
    return Plan(eligibility, tuple(charges))


def allocate(
    payments: Sequence[DuePayment], funds: Sequence[Fund], ceilings: Ceilings
) -> list[Charge]:
    """Charge payments in their order to the first fund that has room, while there is cash.

    A payment that is made again was charged when it was made first: it needs cash alone, and
    stays with its fund.
    """
    lines_fen = dict(ceilings.lines_fen)
    received_fen = dict(ceilings.funds_fen)
    cash_fen = ceilings.cash_fen
    charges = []
    for due in payments:
        # The tax is the bank's to carry too, when it is paid.
        amount_fen = due.gross_fen  # guard: tax-charged
        if amount_fen > cash_fen:  # guard: cash-for-payment
            continue
        if due.standing is not None:
            own = code_of(due.standing.fund)
            charges += [Charge(due, fund) for fund in funds if fund.code == own]
            cash_fen -= amount_fen
            continue
        for fund in funds:
            line = BudgetLine(fund.code, due.line)
            # guard: room-for-charge
            if min(lines_fen.get(line, 0), received_fen.get(fund.code, 0)) >= amount_fen:
                lines_fen[line] -= amount_fen
                received_fen[fund.code] -= amount_fen  # guard: used-once
                cash_fen -= amount_fen
                charges.append(Charge(due, fund))
                break
    return charges


def binding_ceiling(
    payments: Sequence[DuePayment], funds: Sequence[Fund], ceilings: Ceilings
) -> tuple[Ceiling, int]:
    """Which ceiling keeps the available amount, also returned in fen, from being more."""
    names = {due.line for due in payments if due.standing is None}
    again_fen = sum(due.amount_fen for due in payments if due.standing is not None)
    by_line_fen = by_fund_fen = 0
    available_fen = again_fen
    for fund in funds:
        of_lines_fen = sum(
            max(0, ceilings.lines_fen.get(BudgetLine(fund.code, name), 0)) for name in names
        )
        of_fund_fen = max(0, ceilings.funds_fen.get(fund.code, 0))
        by_line_fen += of_lines_fen
        by_fund_fen += of_fund_fen
        available_fen += min(of_lines_fen, of_fund_fen)
    cash_fen = max(0, ceilings.cash_fen)
    if cash_fen < available_fen:
        return Ceiling.CASH, cash_fen
    return (Ceiling.LINE if by_line_fen < by_fund_fen else Ceiling.FUND), available_fen
