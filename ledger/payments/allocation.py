"""Planning a batch: whom the money reaches.

Pure: from claims, rules and ceilings to a frozen plan. A person is charged wholly to one fund;
funds are used in the order of the rules; people are taken in the order of towns and of the
roster.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.budget.availability import BudgetLine
from ledger.budget.availability import Ceilings
from ledger.model.accounts import code_of
from ledger.model.rules import Fund
from ledger.model.rules import Rules
from ledger.payments.eligibility import Claim
from ledger.payments.eligibility import Claims
from ledger.payments.eligibility import skipped_json


class Ceiling(enum.StrEnum):
    """What kept a batch from being made."""

    LINE = "line"
    FUND = "fund"
    CASH = "cash"
    NOTHING_DUE = "nothing_due"


class Charge(NamedTuple):
    """A claim and the fund that it is charged to."""

    claim: Claim
    fund: Fund


@dataclass(frozen=True)
class Plan:
    """Who is paid now from what: ``charges`` in the order of payment."""

    claims: Claims
    charges: tuple[Charge, ...]

    @property
    def amount_fen(self) -> int:
        return sum(charge.claim.amount_fen for charge in self.charges)


class CannotPay(Refusal):
    """The money reaches nobody, or nobody is owed anything. Nothing was written."""

    def __init__(
        self,
        reason: Ceiling,
        claims: Claims,
        *,
        available_fen: int = 0,
        payable_payees: int = 0,
    ) -> None:
        self.reason = reason
        self.claims = claims
        self.needed_fen = claims.needed_fen
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
            "skipped": skipped_json(self.claims),
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
    claims: Claims,
    rules: Rules,
    ceilings: Ceilings,
    *,
    fund_code: str | None = None,
    limit_to_funds: bool = False,
) -> Plan:
    """Charge every claim to a fund. Raises CannotPay when the money does not reach.

    With ``limit_to_funds`` those whom it reaches are paid, whole people in order, and only when
    it reaches nobody is that a refusal. Zero or more of the claims are never paid in part.
    """
    claims = claims.of_fund(fund_code)
    funds = [fund for fund in rules.funds if fund_code in (None, fund.code)]
    if not claims.eligible:
        raise CannotPay(Ceiling.NOTHING_DUE, claims)
    charges = allocate(claims.eligible, funds, ceilings)
    enough = len(charges) == len(claims.eligible)
    if not enough and not (limit_to_funds and charges):
        reason, available_fen = binding_ceiling(claims.eligible, funds, ceilings)
        refusal = CannotPayAll if charges else CannotPay
        raise refusal(reason, claims, available_fen=available_fen, payable_payees=len(charges))
    return Plan(claims, tuple(charges))


def allocate(claims: Sequence[Claim], funds: Sequence[Fund], ceilings: Ceilings) -> list[Charge]:
    """Charge claims in their order to the first fund that has room, while there is cash.

    A payment that is made again was charged when it was made first: it needs cash alone, and
    stays with its fund.
    """
    lines = dict(ceilings.lines)
    received = dict(ceilings.funds)
    cash = ceilings.cash
    charges = []
    for claim in claims:
        amount_fen = claim.amount_fen
        if amount_fen > cash:  # guard: cash-for-payment
            continue
        if claim.standing is not None:
            own = code_of(claim.standing.fund)
            charges += [Charge(claim, fund) for fund in funds if fund.code == own]
            cash -= amount_fen
            continue
        for fund in funds:
            line = BudgetLine(fund.code, claim.line)
            # guard: room-for-charge
            if min(lines.get(line, 0), received.get(fund.code, 0)) >= amount_fen:
                lines[line] -= amount_fen
                received[fund.code] -= amount_fen  # guard: used-once
                cash -= amount_fen
                charges.append(Charge(claim, fund))
                break
    return charges


def binding_ceiling(
    claims: Sequence[Claim], funds: Sequence[Fund], ceilings: Ceilings
) -> tuple[Ceiling, int]:
    """Which ceiling keeps the available amount, also returned in fen, from being more."""
    names = {claim.line for claim in claims if claim.standing is None}
    again = sum(claim.amount_fen for claim in claims if claim.standing is not None)
    by_line = by_fund = 0
    available = again
    for fund in funds:
        of_lines = sum(max(0, ceilings.lines.get(BudgetLine(fund.code, name), 0)) for name in names)
        of_fund = max(0, ceilings.funds.get(fund.code, 0))
        by_line += of_lines
        by_fund += of_fund
        available += min(of_lines, of_fund)
    cash = max(0, ceilings.cash)
    if cash < available:
        return Ceiling.CASH, cash
    return (Ceiling.LINE if by_line < by_fund else Ceiling.FUND), available
