"""Approvals in the fold: who may give or refuse one to which batch, and over what it is signed.

    2020-11-11 custom "census-event" 3 "approved" "B2020-001"
      role: "审核"
      entries: "…"      ; the three digests of the event that has prepared the batch, in full
      rows: "…"
      manifest: "…"

Whoever makes a batch, checks it and approves it are different people.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.base.language import gettext as _
from ledger.budget.approvals import asked_of
from ledger.model.history import Asked
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.operators import APPROVING
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.operators import roles_text
from ledger.model.rules import Rules

# What a header says of which approvals a batch asks for, and by which rules.
ASKS, RULES = "asks", "approval-rules"
ROLE = "role"
# The reason of a void by whom the batch asks for approval.
REJECTED = "rejected"
DIGESTS = ("entries", "rows", "manifest")


def asked_meta(asked: Asked) -> dict[str, str]:
    """What a batch asks for, as its header records it."""
    return {ASKS: roles_text(asked.roles), RULES: asked.rules}


def read_asked(meta: Mapping[str, object]) -> Asked:
    """What a batch's header says that it asks for; a role that gives no approval is left out."""
    words = str(meta.get(ASKS, "")).split(" ")
    return Asked(tuple(role for role in APPROVING if role in words), str(meta.get(RULES, "")))


def fault_of_asking(batch: Batch, rules: Rules) -> str | None:
    """Why what a batch asks for is not what the rules say; None where it is.

    A void batch is judged by what it recorded, whatever the rules have become since.
    """
    due = asked_of(rules, batch.together_fen, batch.date)
    said = str(batch.header.meta.get(ASKS, ""))
    if batch.voided or (batch.asked == due and said == roles_text(due.roles)):
        return None
    if said != roles_text(due.roles):
        message = _(
            "batch {batch} asks for the approvals {asked}, and by the approval rules it is {due}"
        )
        return message.format(batch=batch.id, asked=said or "-", due=roles_text(due.roles) or "-")
    message = _(
        "batch {batch} was prepared by other approval rules than now stand for its day: put them"
        " back, and state what is new from a later day on"
    )
    return message.format(batch=batch.id)


def fault_of_approver(batch: Batch, operator: Operator) -> str | None:
    """Why somebody, who has a role for it, gives this batch no approval; None where nothing is."""
    if operator.id == batch.made_by:  # guard: maker-approves-not
        message = _("operator {operator} has made batch {batch}: somebody else has to look at it")
        return message.format(operator=operator.id, batch=batch.id)
    given_by = {approval.operator for approval in batch.approvals.values()}
    if operator.id in given_by:  # guard: one-person-approves-once
        message = _("operator {operator} has approved batch {batch} already, and nobody does twice")
        return message.format(operator=operator.id, batch=batch.id)
    return None


def fault_of_role(batch: Batch, operator: Operator, role: Role | None) -> str | None:
    """Why an approval is not given in this role; None where it can be."""
    if role is None or role not in batch.asked.roles:  # guard: approval-as-asked
        message = _("batch {batch} does not ask for the approval {role}")
        return message.format(batch=batch.id, role=role or "?")
    if role not in operator.roles:  # guard: approval-by-role
        message = _("operator {operator} does not have the role {role}")
        return message.format(operator=operator.id, role=role)
    if role in batch.approvals:  # guard: approval-once
        message = _("batch {batch} has the approval {role} already, by operator {operator}")
        return message.format(batch=batch.id, role=role, operator=batch.approvals[role].operator)
    return None


def role_of(event: Event) -> Role | None:
    """In which role an approval is given; None where the header names none."""
    return next((role for role in Role if role == event.header.meta.get(ROLE)), None)


def fault_of_approval(event: Event, batch: Batch, operator: Operator) -> str | None:
    """Why an event is no approval of the batch; None where it is one."""
    if batch.state != "prepared":  # guard: approved-while-prepared
        message = _("batch {batch} is {state} and cannot be approved")
        return message.format(batch=batch.id, state=batch.state_word)
    signed = [event.header.meta.get(name) for name in DIGESTS]
    # guard: approval-of-this-batch
    if signed != [batch.header.meta.get(name) for name in DIGESTS]:
        message = _("this approval is not of batch {batch} as it was prepared")
        return message.format(batch=batch.id)
    return fault_of_role(batch, operator, role_of(event)) or fault_of_approver(batch, operator)


def fault_of_rejection(batch: Batch, operator: Operator) -> str | None:
    """Why somebody does not reject this batch; None where she may."""
    if not operator.roles.intersection(batch.asked.roles):  # guard: rejected-as-asked
        message = _("batch {batch} does not ask operator {operator} for an approval")
        return message.format(batch=batch.id, operator=operator.id)
    if batch.submitted:  # guard: rejected-before-submitted
        message = _("batch {batch} was submitted: only a refusal by the bank voids it")
        return message.format(batch=batch.id)
    if operator.id == batch.made_by:  # guard: maker-rejects-not
        message = _("operator {operator} has made batch {batch}: void it instead")
        return message.format(operator=operator.id, batch=batch.id)
    return None
