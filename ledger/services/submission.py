"""A batch's files are given to the bank, once, with the approvals that it asks for."""

from __future__ import annotations

import datetime

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.batch_lookup import require_not_before
from ledger.books.rehearsal import Draft
from ledger.budget.approvals import rules_of_more
from ledger.budget.approvals import those_before
from ledger.events.event_text import submitted_event
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.months import month_of
from ledger.model.operators import roles_text
from ledger.payments.withholding import taxed_in_another_month
from ledger.services.batch_evidence import require_as_prepared
from ledger.services.unit_of_work import Work


class NotToSubmit(Refusal):
    """A batch that was submitted before, or is void."""

    def __init__(self, batch: Batch) -> None:
        message = _("batch {batch} is {state}: only a prepared batch can be submitted")
        super().__init__(
            message.format(batch=batch.id, state=batch.state_word),
            batch=batch.id,
            state=batch.state,
        )


class ApprovalsMissing(Refusal):
    """A batch that nobody, or not everybody whom it asks, has approved."""

    def __init__(self, batch: Batch) -> None:
        roles = roles_text(batch.approvals_missing)
        message = _("batch {batch} lacks the approvals {roles}: it is not given to the bank yet")
        super().__init__(message.format(batch=batch.id, roles=roles), batch=batch.id, roles=roles)


class TaxedInAnotherMonth(Refusal):
    """A batch whose tax is of a month that is over when it would be given to the bank."""

    def __init__(self, batch: Batch) -> None:
        message = _("{why}: void it, and make it again")
        super().__init__(message.format(why=taxed_in_another_month(batch)), batch=batch.id)


class PlannedSubmission(Record):
    """A batch that may be given to the bank, and the day.

    ``rules_of_more`` are rules of batches before it by which it would ask for other approvals too.
    """

    batch: Batch
    on: datetime.date
    rules_of_more: str | None


def plan_submission(work: Work, name: BatchId, on: datetime.date) -> PlannedSubmission:
    """Judge whether the batch's files may be given to the bank.

    Raises NotToSubmit, ApprovalsMissing, TaxedInAnotherMonth, or a refusal of
    :func:`require_as_prepared`.
    """
    batch = find_batch(work.books, name)
    if not batch.is_here:  # guard: submitted-once-by-command
        raise NotToSubmit(batch)
    if batch.approvals_missing:  # guard: submitted-as-approved-by-command
        raise ApprovalsMissing(batch)
    require_not_before(batch, on, work.today)
    # guard: taxed-batch-in-its-month-by-command
    if batch.tax_fen and month_of(on) != month_of(batch.date):
        raise TaxedInAnotherMonth(batch)
    require_as_prepared(work, batch, on)
    earlier = those_before(work.books.history.batches.values(), batch)
    return PlannedSubmission(batch, on, rules_of_more(earlier, batch.asked, batch.together_fen))


def submit(work: Work, planned: PlannedSubmission) -> None:
    """Record that the batch's files were given to the bank."""
    batch = planned.batch.id
    text = submitted_event(planned.on, work.writer.drafting, batch)
    work.commit(Draft("submitted", batch, text.encode("utf-8")))
