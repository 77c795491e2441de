"""Older books, or an older registry, are gone on with: said in an event that names what is lost."""

from __future__ import annotations

import datetime

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.consistency import Losses
from ledger.books.consistency import accepted_losses
from ledger.books.consistency import require_anchored
from ledger.books.consistency import require_of_these_books
from ledger.books.rehearsal import Draft
from ledger.events.event_file import digests_of_events
from ledger.events.event_text import accepted_event
from ledger.model.ids import NO_BATCH
from ledger.registry.anchors import AnchorState
from ledger.registry.signed_log import NOTHING_BEFORE
from ledger.services.unit_of_work import Work


class NothingToAccept(Refusal):
    """The books are not older than what was seen of them."""

    def __init__(self) -> None:
        super().__init__(
            _("books and registry are as this machine has seen them, or newer: nothing is lost")
        )


def losses(work: Work) -> Losses:
    """What registry or witness have seen, and what is not there.

    Raises WitnessOfOthers: what was seen of other books is not lost of these.
    """
    books, registry, seen = work.books, work.registry, work.seen
    known = {
        (anchor.seq, anchor.sha256)
        for anchor in registry.anchors.all()
        if anchor.state in (AnchorState.CERTAIN, AnchorState.LOST)
    }
    logs = {str(batch.header.meta.get("log")) for batch in books.history.batches.values()}
    if seen is not None:
        require_of_these_books(seen, books)
        known.update(enumerate(seen.events))
        logs.add(seen.log_head)
    accepted = accepted_losses(books.history)
    entries = {NOTHING_BEFORE, *(entry.digest for entry in registry.log.entries())}
    return Losses(
        known - set(enumerate(digests_of_events(books.folder))) - accepted.events,
        logs - entries - accepted.log,
    )


def accept_older(work: Work, on: datetime.date, *, reason: str) -> Losses:
    """Go on with these books, and return what is lost.

    The work was opened for ``older`` books. Raises NothingToAccept, WitnessOfOthers, RoleMissing
    or DiskRefused.
    """
    lost = losses(work)
    if not any(lost) and _agree(work):
        raise NothingToAccept
    named = " ".join(f"{seq} {digest}" for seq, digest in sorted(lost.events))
    log = " ".join(sorted(lost.log))
    text = accepted_event(on, work.writer.drafting, named, log, reason)
    draft = Draft("accepted", NO_BATCH, text.encode("utf-8"))
    work.writer.rehearse(work.books, draft)
    work.registry.anchors.accept(digests_of_events(work.books.folder))
    work.commit(draft)
    return lost


def _agree(work: Work) -> bool:
    """Whether the registry knows every event: an older one does not."""
    try:
        require_anchored(work.books.folder, work.registry)
    except Refusal:
        return False
    return True
