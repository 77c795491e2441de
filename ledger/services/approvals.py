"""Somebody else than its maker looks at a batch, and approves or rejects it."""

from __future__ import annotations

import datetime

from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.batch_lookup import require_not_before
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import require_role
from ledger.events.approvals import fault_of_approver
from ledger.events.approvals import fault_of_rejection
from ledger.events.approvals import fault_of_role
from ledger.events.event_text import approved_event
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.transitions import EventKind
from ledger.services.batch_evidence import require_as_prepared
from ledger.services.batch_evidence import require_place_free
from ledger.services.batches import PlannedVoid
from ledger.services.batches import plan_void
from ledger.services.releases import ReasonMissing
from ledger.services.unit_of_work import Work


class NotToApprove(Refusal):
    """Somebody who gives this batch no approval, or a batch that takes none."""

    def __init__(self, batch: Batch, reason: str) -> None:
        super().__init__(
            _("nothing was approved: {reason}").format(reason=reason),
            batch=batch.id,
            state=batch.state,
        )


class NotToReject(Refusal):
    """Somebody whom this batch asks for no approval, or its maker."""

    def __init__(self, batch: Batch, reason: str) -> None:
        super().__init__(
            _("nothing was rejected: {reason}").format(reason=reason),
            batch=batch.id,
            state=batch.state,
        )


def plan_approval(
    work: Work, name: BatchId, on: datetime.date, role: Role | None = None
) -> tuple[Batch, Role]:
    """The batch that would be approved, and in which role; nothing speaks against it.

    Without a ``role`` it is the first that the batch lacks and the operator has. Raises
    NoSuchBatch, BeforeTheBatch, DateAhead, RoleMissing, NotToApprove, or a refusal of
    :func:`require_as_prepared`.
    """
    batch, operator = _batch_and_operator(work, name)
    if batch.state != "prepared" or not batch.asked.roles:  # guard: approved-once-by-command
        message = _("batch {batch} is {state}, and waits for no approval")
        raise NotToApprove(batch, message.format(batch=batch.id, state=batch.state_word))
    missing = [one for one in batch.approvals_missing if one in operator.roles]
    role = role or next(iter(missing), batch.approvals_missing[0])
    # guard: approver-by-command
    if fault := fault_of_approver(batch, operator) or fault_of_role(batch, operator, role):
        raise NotToApprove(batch, fault)
    require_not_before(batch, on, work.today)
    require_as_prepared(work, batch, on)  # guard: approved-as-prepared
    return batch, role


def approve(work: Work, batch: Batch, role: Role, on: datetime.date) -> Batch:
    """Sign that the batch was looked at; with the last approval its files are handed out.

    Raises PlaceTaken.
    """
    require_place_free(work, batch)  # guard: place-free-when-signed
    text = approved_event(on, work.writer.drafting, batch, role)
    work.commit(Draft("approved", batch.id, text.encode("utf-8")))
    return work.books.history.batches[batch.id]


def plan_rejection(work: Work, name: BatchId, on: datetime.date, *, reason: str) -> PlannedVoid:
    """Judge whether a batch may be taken back by the word of whom it asks for approval.

    Raises ReasonMissing, NoSuchBatch, RoleMissing, NotToReject, or what :func:`plan_void` does.
    """
    reason = cleaned(reason).strip()
    if not reason:  # guard: rejection-reason-given
        raise ReasonMissing
    batch, operator = _batch_and_operator(work, name)
    if fault := fault_of_rejection(batch, operator):  # guard: rejecter-by-command
        raise NotToReject(batch, fault)
    return plan_void(work, name, on, rejected=reason)


def _batch_and_operator(work: Work, name: BatchId) -> tuple[Batch, Operator]:
    batch, history = find_batch(work.books, name), work.books.history
    require_role(history, work.acting.actor.operator, EventKind.APPROVED)
    return batch, history.operators[work.acting.actor.operator]
