"""Which approvals a batch asks for, by the rules of its day and what was prepared around it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ledger.model.history import Asked
from ledger.model.history import Batch
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
        batch.amount_fen
        for batch in earlier
        if abs(batch.date - on) <= TOGETHER and not batch.voided
    )  # guard: divided-batches-together


def asked_of(rules: Rules, amount_fen: int, on: datetime.date) -> Asked:
    """Which approvals are asked for so much on a day."""
    in_force = rules.approvals_on(on)
    reached = [rule for rule in in_force if rule.from_fen <= amount_fen]
    return Asked(reached[-1].roles if reached else (), rules_text(in_force))


def rules_text(in_force: Iterable[ApprovalRule]) -> str:
    """The rules as a header records them: ``0=审核 50000000=审核+审批``, amounts in fen."""
    return " ".join(
        f"{rule.from_fen}={roles_text(rule.roles).replace(' ', '+')}" for rule in in_force
    )


def last_approved_rules(batches: Iterable[Batch]) -> str | None:
    """The approval rules of the batch that was approved last, as text; None before there is one."""
    approved = [batch for batch in batches if batch.asked.roles and not batch.approvals_missing]
    return approved[-1].asked.rules if approved else None
