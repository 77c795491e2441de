"""Results that were taken before: for which batches, and whose payments they returned.

A file is known by its digest and the batch that it answers for: when somebody is sent money again
and it comes back again for the same reason, the bank's second answer may be the same to the letter.
"""

from __future__ import annotations

from ledger.base.digests import Digest
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.transitions import EventKind
from ledger.model.transitions import State


def events_of(history: History, sha256: Digest) -> list[Event]:
    """The events of a file, one for each batch that it was taken for."""
    return [
        event
        for event in history.in_force
        if event.kind == EventKind.RESULT and event.header.meta.get("original") == sha256
    ]


def batches_of(history: History, sha256: Digest) -> list[BatchId]:
    """The batches that a file was taken for."""
    return [event.batch for event in events_of(history, sha256)]


def returned_by(history: History, sha256: Digest, name: BatchId) -> tuple[PayeeId, ...]:
    """Whose payments of a batch a file has returned."""
    outcomes = history.batches[name].outcomes
    return tuple(
        payee
        for event in events_of(history, sha256)
        if event.batch == name
        for entry in event.entries
        if outcomes.get(payee := PayeeId(str(entry.meta.get("payee-id")))) == State.RETURNED
    )
