"""A batch that somebody names: it has to exist, and nothing happens before its last event."""

from __future__ import annotations

import datetime

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.model.history import Batch
from ledger.model.ids import BatchId


class NoSuchBatch(Refusal):
    """There is no batch of that name."""

    def __init__(self, batch: BatchId) -> None:
        message = _("there is no batch {batch}")
        super().__init__(message.format(batch=batch), batch=mask_numbers(batch))


class BeforeTheBatch(Refusal):
    """A day before something that has already happened to the batch."""

    def __init__(self, batch: Batch, on: datetime.date) -> None:
        message = _("{day} is before {last}, the day of the last event of batch {batch}")
        super().__init__(
            message.format(day=on, last=batch.last_date, batch=batch.id),
            batch=batch.id,
            day=on.isoformat(),
            last=batch.last_date.isoformat(),
        )


def find_batch(books: Books, name: BatchId) -> Batch:
    """The batch of that name. Raises NoSuchBatch."""
    batch = books.history.batches.get(name)
    if batch is None:
        raise NoSuchBatch(name)
    return batch


def require_not_before(batch: Batch, on: datetime.date, today: datetime.date) -> None:
    """Raises BeforeTheBatch, or DateAhead."""
    require_near(on, today)
    if on < batch.last_date:  # guard: after-last-event
        raise BeforeTheBatch(batch, on)
