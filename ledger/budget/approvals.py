"""Which approvals a batch asks for, by the rules of its day and what was prepared around it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import takewhile

from ledger.base.money import grouped
from ledger.model.history import Asked
from ledger.model.history import Batch
from ledger.model.operators import Role
from ledger.model.operators import roles_text
from ledger.model.rules import ApprovalRule
from ledger.model.rules import Rules

# Who divides a payment into several would be asked for less: so many days count together.
TOGETHER = datetime.timedelta(days=3)


def together_fen(amount_fen: int, on: datetime.date, earlier: Iterable[Batch]) -> int:
    """How much counts where a batch of so much is prepared on a day, after the ``earlier`` ones.

    A day can be typed, so those of later days count along as those of earlier days do. What is
    void by then does not.
    """
    return amount_fen + sum(
        batch.gross_fen
        for batch in earlier
        if abs(batch.date - on) <= TOGETHER and not batch.voided
    )  # guard: divided-batches-together


def asked_of(rules: Rules, amount_fen: int, on: datetime.date) -> Asked:
    """Which approvals are asked for so much on a day."""
    in_force = rules.approvals_on(on)
    return Asked(roles_asked(in_force, amount_fen), rules_text(in_force))


def roles_asked(in_force: Iterable[ApprovalRule], amount_fen: int) -> tuple[Role, ...]:
    """Whom the rules of a day ask for so much; they are in the order of their amounts."""
    reached = [rule.roles for rule in in_force if rule.from_fen <= amount_fen]
    return reached[-1] if reached else ()


def rules_text(in_force: Iterable[ApprovalRule]) -> str:
    """The rules as a header records them: ``0=审核 50000000=审核+审批``, amounts in fen."""
    return " ".join(
        f"{rule.from_fen}={roles_text(rule.roles).replace(' ', '+')}" for rule in in_force
    )


def recorded_rules(text: str) -> list[tuple[int, list[str]]]:
    """From how many fen on a header's rules ask whom, of what :func:`rules_text` has made."""
    parts = [rule.partition("=") for rule in text.split()]
    return [(int(fen), roles.split("+") if roles else []) for fen, _is, roles in parts]


def other_rules_before(batches: Iterable[Batch], now: str) -> str | None:
    """The newest approval rules, others than those of ``now``, by which a batch asked for approvals
    since one was approved by these; None where there are none.

    What is void counts as well: who switches approvals off would void what asks for them.
    """
    for batch in reversed(list(batches)):
        if batch.asked.roles and batch.asked.rules != now:
            return batch.asked.rules
        if batch.asked.roles and not batch.approvals_missing:
            return None  # guard: changed-rules-until-approved
    return None


def rules_of_more(batches: Iterable[Batch], asked: Asked, amount_fen: int) -> str | None:
    """The same rules, where so much would ask for an approval by them that it does not ask for."""
    before = other_rules_before(batches, asked.rules)
    if before is None:
        return None
    reached = [roles for from_fen, roles in recorded_rules(before) if from_fen <= amount_fen]
    return before if reached and set(reached[-1]) - set(asked.roles) else None


def those_before(batches: Iterable[Batch], batch: Batch) -> list[Batch]:
    """Those that were prepared before a batch."""
    return list(takewhile(lambda one: one.id != batch.id, batches))


def rules_in_yuan(rules: str) -> str:
    """``0=审核 50000000=审核+审批`` as ``0.00=审核, 500,000.00=审核+审批``."""
    parts = [f"{grouped(fen)}={'+'.join(roles) or '-'}" for fen, roles in recorded_rules(rules)]
    return ", ".join(parts) or "-"
