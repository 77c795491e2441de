"""What happens to a batch after it was prepared: it is submitted, or taken back."""

from __future__ import annotations

import datetime
from pathlib import Path

from ledger.books import Books
from ledger.event_text import submitted_event
from ledger.event_text import void_event
from ledger.history import Batch
from ledger.history import Event
from ledger.language import gettext as _
from ledger.refusal import Refusal
from ledger.transitions import EventKind
from ledger.transitions import State
from ledger.who_and_when import require_near
from ledger.writing import Draft
from ledger.writing import writing


class NoSuchBatch(Refusal):
    """There is no batch of that name."""

    def __init__(self, batch: str) -> None:
        message = _("there is no batch {batch}; 'census-ledger batch list' shows those there are")
        super().__init__(message.format(batch=batch))


class NotToSubmit(Refusal):
    """A batch that was submitted before, or is void."""

    def __init__(self, batch: Batch) -> None:
        message = _("batch {batch} is {state}: only a prepared batch can be submitted")
        super().__init__(message.format(batch=batch.id, state=batch.state_word))


class NotToVoid(Refusal):
    """A batch that may be with the bank, or is void."""

    def __init__(self, batch: Batch, reason: str) -> None:
        message = _("batch {batch} cannot be voided: {reason}")
        super().__init__(message.format(batch=batch.id, reason=reason))


class BeforeTheBatch(Refusal):
    """A day before something that has already happened to the batch."""

    def __init__(self, batch: Batch, on: datetime.date) -> None:
        message = _("{day} is before {last}, the day of the last event of batch {batch}")
        super().__init__(message.format(day=on, last=batch.last_date, batch=batch.id))


def find_batch(books: Books, name: str) -> Batch:
    """The batch of that name. Raises NoSuchBatch."""
    batch = books.history.batches.get(name)
    if batch is None:
        raise NoSuchBatch(name)
    return batch


def submit(folder: Path, name: str, on: datetime.date, *, approved_by: str = "") -> Batch:
    """Record that the batch's files were given to the bank."""
    with writing(folder) as writer:
        books = writer.load()
        batch = find_batch(books, name)
        if batch.state != "prepared":
            raise NotToSubmit(batch)
        _require_not_before(batch, on)
        text = submitted_event(
            on, writer.seq, batch.id, previous=writer.previous, approved_by=approved_by
        )
        writer.commit(books, Draft("submitted", batch.id, text))
        return batch


def void(folder: Path, name: str, on: datetime.date, *, bank_refused: str = "") -> Batch:
    """Take a batch back, so that its people are due again.

    Before it was submitted; after that only when the bank has refused the upload, and has
    debited nothing and answered for nobody.
    """
    with writing(folder) as writer:
        books = writer.load()
        batch = find_batch(books, name)
        if reason := _why_not_void(books, batch, bank_refused=bank_refused):
            raise NotToVoid(batch, reason)
        _require_not_before(batch, on)
        text = void_event(
            on,
            writer.seq,
            _preparation(books, batch),
            previous=writer.previous,
            bank_refused=bank_refused,
        )
        writer.commit(books, Draft("void", batch.id, text))
        return batch


def _why_not_void(books: Books, batch: Batch, *, bank_refused: str) -> str | None:
    if batch.voided:
        return _("it is void already")
    if batch.counts[State.IN_BANK] != len(batch.payees):
        return _("the bank has answered for some of its people")
    if books.flows.promised.get(batch.id, 0) != batch.amount_fen:
        return _("the bank has debited money for it")
    if batch.submitted and not bank_refused:
        return _(
            "it was submitted on {day}, and the bank may be paying it. If the bank has refused the"
            " upload, say so with --bank-refused REASON"
        ).format(day=batch.submitted)
    return None


def _preparation(books: Books, batch: Batch) -> Event:
    return next(
        event
        for event in books.history.events
        if event.kind == EventKind.PREPARED and event.batch == batch.id
    )


def _require_not_before(batch: Batch, on: datetime.date) -> None:
    require_near(on)
    if on < batch.last_date:
        raise BeforeTheBatch(batch, on)
