"""A returned payment is taken back from somebody who was not entitled to it."""

from __future__ import annotations

import datetime

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.disbursement.stage_choice import only_stage
from ledger.disbursement.stage_choice import stage_named
from ledger.disbursement.stage_choice import stage_to_show
from ledger.events.result_text import cancelled_event
from ledger.model.history import Batch
from ledger.model.history import names_of
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.services.releases import BeforeThePayee
from ledger.services.releases import ReasonMissing
from ledger.services.unit_of_work import Work


class NotToCancel(Refusal):
    """Only money that has come back can be given back to the fund."""

    def __init__(self, payee: PayeeId, state: State) -> None:
        message = _("{payee} is {state}: only a payment that was returned can be cancelled")
        super().__init__(
            message.format(payee=payee, state=state.word), payee=payee, state=state.value
        )


def cancel(
    work: Work, payee: PayeeId, reason: str, on: datetime.date, stage: StageCode | None = None
) -> None:
    """Take a returned payment back from somebody who is not entitled: the expense is undone.

    Without a stage that in which she is returned. Raises StageNotNamed where there are several.
    """
    reason = cleaned(reason).strip()
    if not reason:
        raise ReasonMissing
    require_near(on, work.today)
    books = work.books
    standing = books.history.standings_in(_stage(books, payee, stage, on)).get(payee)
    if standing is None or standing.state != State.RETURNED:  # guard: cancelled-when-returned
        raise NotToCancel(payee, standing.state if standing else State.DUE)
    batch = find_batch(books, standing.batch)
    last = max(standing.since, batch.last_date)
    if on < last:
        raise BeforeThePayee(payee, standing._replace(since=last), on)
    text = cancelled_event(
        on,
        work.writer.drafting,
        payee,
        standing,
        names_of(books.history, batch)[payee],
        _accrued_by(books, batch, payee),
        reason,
        books.programme.payment,
    )
    work.commit(Draft("cancelled", batch.id, text.encode("utf-8")))


def _stage(books: Books, payee: PayeeId, named: StageCode | None, on: datetime.date) -> StageCode:
    """The stage whose payment is taken back."""
    if named is not None:
        return stage_named(books.rules, named, on).code
    standings = books.history.standings_of(payee)
    returned = [
        stage
        for stage in books.rules.stages
        if stage.code in standings and standings[stage.code].state == State.RETURNED
    ]
    return only_stage(returned, stage_to_show(books.rules, None, on)).code


def _accrued_by(books: Books, batch: Batch, payee: PayeeId) -> str:
    """The expense account that the person's live accrual of the batch's stage was charged to."""
    batches = books.history.batches
    accounts = [
        posting.account
        for event in books.history.events
        if event.kind == EventKind.PREPARED and batches[event.batch].stage == batch.stage
        for entry in event.entries
        if entry.meta.get("payee-id") == payee
        for posting in entry.postings
        if books.rules.fund_of(posting.account)
    ]
    return accounts[-1]
