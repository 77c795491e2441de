"""The rows of batches as they were sent, from the registry."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.instructions import thaw
from ledger.model.transitions import State
from ledger.registry.registry import Registry


class RowsMissing(Refusal):
    """The registry does not hold the rows of a batch: it is older than the books, or damaged."""

    def __init__(self, batch: BatchId) -> None:
        message = _(
            "the registry does not hold the rows of batch {batch}: restore books and registry from"
            " the same backup"
        )
        super().__init__(message.format(batch=batch), batch=batch)


def rows_of_batch(registry: Registry, batch: Batch) -> list[Instruction]:
    """What was sent in a batch, in its order. Raises RowsMissing."""
    content = registry.frozen_rows(batch.rows)
    try:
        if content is not None:
            return thaw(content)
    except ValueError:
        pass
    raise RowsMissing(batch.id)


def returned_rows(history: History, registry: Registry) -> Mapping[PayeeId, Instruction]:
    """The row that came back, by payee id, of everyone who is returned now.

    Only the batches that have such people are read.
    """
    wanted: dict[BatchId, set[PayeeId]] = {}
    for payee, standing in history.standings.items():
        if standing.state == State.RETURNED and standing.returned is not None:
            wanted.setdefault(standing.returned.batch, set()).add(payee)
    return {
        row.payee_id: row
        for batch, payees in wanted.items()
        for row in rows_of_batch(registry, history.batches[batch])
        if row.payee_id in payees
    }
