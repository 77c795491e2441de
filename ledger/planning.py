"""Planning a batch: who is owed something now, and who of them the money reaches.

Pure: from payees, the ledger's derived states and the rules to a frozen plan. A person is
charged wholly to one fund; funds are used in the order of the rules; people are taken in the
order of towns and of the roster.
"""

from __future__ import annotations

import datetime
import enum
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

from ledger.availability import Ceilings
from ledger.availability import Line
from ledger.history import History
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.money import plain
from ledger.payees import Payee
from ledger.refusal import Refusal
from ledger.rules import Fund
from ledger.rules import Rate
from ledger.rules import Rules
from ledger.transitions import State


class Block(enum.StrEnum):
    """Why a person who is owed something may not be paid now.

    A bank file's own reasons (a name that the bank's encoding cannot carry …) stand beside
    these, as :mod:`reports.bank.unsendable` names them.
    """

    RETURNED = "returned_unmended"
    POST_PAID = "post_paid"
    NO_RATE = "no_rate"
    LATER_EVENT = "later_event"


class Ceiling(enum.StrEnum):
    """What kept a batch from being made."""

    LINE = "line"
    FUND = "fund"
    CASH = "cash"
    NOTHING_DUE = "nothing_due"


class Claim(NamedTuple):
    """A person who may be paid now, and by which rate."""

    payee: Payee
    rate: Rate


class Charge(NamedTuple):
    """A claim and the fund that it is charged to."""

    claim: Claim
    fund: Fund


@dataclass(frozen=True)
class Claims:
    """Everyone who may be paid now in the order of payment, and why others may not.

    ``blocked`` maps the ids of people who are owed something to a reason; ``skipped`` counts
    everyone who is not taken, by reason: a block, a state, or ``inactive``.
    """

    eligible: tuple[Claim, ...]
    blocked: Mapping[str, str]
    skipped: Mapping[str, int]

    @property
    def needed_fen(self) -> int:
        return sum(claim.rate.amount_fen for claim in self.eligible)


@dataclass(frozen=True)
class Plan:
    """Who is paid now from what: ``charges`` in the order of payment."""

    claims: Claims
    charges: tuple[Charge, ...]

    @property
    def amount_fen(self) -> int:
        return sum(charge.claim.rate.amount_fen for charge in self.charges)


class CannotPay(Refusal):
    """The money does not reach everyone, or nobody is owed anything. Nothing was written."""

    def __init__(
        self,
        reason: Ceiling,
        claims: Claims,
        *,
        available_fen: int = 0,
        payable_payees: int = 0,
    ) -> None:
        self.reason = reason
        self.skipped = claims.skipped
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
            "skipped": skipped_json(self.skipped),
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
                " sets the limit. Wait for money to arrive; nothing was written"
            )
        else:
            message = _(
                "{needed} is needed and {available} is available, which pays {people} people:"
                " {ceiling} sets the limit. Pay just them with --limit-to-funds; nothing was"
                " written"
            )
        return message.format(
            needed=grouped(self.needed_fen),
            available=grouped(self.available_fen),
            ceiling=ceiling,
            people=f"{self.payable_payees:,}",
        )


def skipped_json(skipped: Mapping[str, int]) -> list[dict[str, Any]]:
    """Why people are not taken, as programs read it."""
    return [{"reason": reason, "count": count} for reason, count in sorted(skipped.items())]


def find_claims(
    payees: Sequence[Payee],
    history: History,
    rules: Rules,
    on: datetime.date,
    *,
    unsendable: Callable[[Payee, int], str | None],
) -> Claims:
    """Sort everyone into those who may be paid on a day and those who may not.

    ``unsendable`` says why a payee with an amount in fen cannot go into the bank's file.
    """
    paid_posts = {
        payee.post: payee.payee_id for payee in payees if payee.payee_id in history.standings
        and history.standings[payee.payee_id].state != State.DUE
    }  # fmt: skip
    eligible = []
    blocked: dict[str, str] = {}
    skipped: Counter[str] = Counter()
    rates = {role: rules.rate(role, on) for role in {payee.role for payee in payees}}
    for payee in sorted(payees, key=lambda payee: (payee.town, payee.serial)):
        state = state_of(payee.payee_id, history)
        if state in (State.PAID, State.IN_BANK, State.UNKNOWN):
            skipped[state.value] += 1
            continue
        if not payee.active:
            skipped["inactive"] += 1
            continue
        rate = rates[payee.role]
        reason = _why_blocked(payee, state, rate, paid_posts, unsendable)
        standing = history.standings.get(payee.payee_id)
        if standing is not None and standing.since > on:
            reason = Block.LATER_EVENT
        if reason is not None or rate is None:
            blocked[payee.payee_id] = str(reason)
            skipped[str(reason)] += 1
            continue
        paid_posts[payee.post] = payee.payee_id
        eligible.append(Claim(payee, rate))
    return Claims(tuple(eligible), blocked, skipped)


def state_of(payee_id: str, history: History) -> State:
    """The person's state: due until an event says otherwise."""
    standing = history.standings.get(payee_id)
    return standing.state if standing else State.DUE


def _why_blocked(
    payee: Payee,
    state: State,
    rate: Rate | None,
    paid_posts: Mapping[str, str],
    unsendable: Callable[[Payee, int], str | None],
) -> str | None:
    if state == State.RETURNED:
        return Block.RETURNED
    if rate is None:
        return Block.NO_RATE
    if paid_posts.get(payee.post, payee.payee_id) != payee.payee_id:
        return Block.POST_PAID
    return unsendable(payee, rate.amount_fen)


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
    funds = [fund for fund in rules.funds if fund_code in (None, fund.code)]
    if not claims.eligible:
        raise CannotPay(Ceiling.NOTHING_DUE, claims)
    charges = allocate(claims.eligible, funds, ceilings)
    enough = len(charges) == len(claims.eligible)
    if not enough and not (limit_to_funds and charges):
        reason, available_fen = binding_ceiling(claims.eligible, funds, ceilings)
        raise CannotPay(reason, claims, available_fen=available_fen, payable_payees=len(charges))
    return Plan(claims, tuple(charges))


def allocate(claims: Sequence[Claim], funds: Sequence[Fund], ceilings: Ceilings) -> list[Charge]:
    """Charge claims in their order to the first fund that has room, while there is cash."""
    lines = dict(ceilings.lines)
    received = dict(ceilings.funds)
    cash = ceilings.cash
    charges = []
    for claim in claims:
        amount_fen = claim.rate.amount_fen
        for fund in funds:
            line = Line(fund.code, claim.rate.line)
            if min(lines.get(line, 0), received.get(fund.code, 0), cash) >= amount_fen:
                lines[line] -= amount_fen
                received[fund.code] -= amount_fen
                cash -= amount_fen
                charges.append(Charge(claim, fund))
                break
    return charges


def binding_ceiling(
    claims: Sequence[Claim], funds: Sequence[Fund], ceilings: Ceilings
) -> tuple[Ceiling, int]:
    """Which ceiling keeps the available amount, also returned in fen, from being more."""
    names = {claim.rate.line for claim in claims}
    by_line = by_fund = available = 0
    for fund in funds:
        of_lines = sum(max(0, ceilings.lines.get(Line(fund.code, name), 0)) for name in names)
        of_fund = max(0, ceilings.funds.get(fund.code, 0))
        by_line += of_lines
        by_fund += of_fund
        available += min(of_lines, of_fund)
    cash = max(0, ceilings.cash)
    if cash < available:
        return Ceiling.CASH, cash
    return (Ceiling.LINE if by_line < by_fund else Ceiling.FUND), available
