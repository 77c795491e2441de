"""Older books, or an older registry, are gone on with: said in an event that names what is lost."""

from __future__ import annotations

import datetime

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.consistency import require_witnessed
from ledger.books.rehearsal import Draft
from ledger.events.event_file import digests_of_events
from ledger.events.event_text import accepted_event
from ledger.keys.witness import WitnessOfOthers
from ledger.model.ids import NO_BATCH
from ledger.services.unit_of_work import Work


class NothingToAccept(Refusal):
    """The books are not older than what was seen of them."""

    def __init__(self) -> None:
        super().__init__(
            _("books and registry are as this machine has seen them, or newer: nothing is lost")
        )


def missing_events(work: Work) -> dict[int, str]:
    """The digests of events that the registry or this machine has seen, and that are not there."""
    events = dict(enumerate(digests_of_events(work.books.folder)))
    known = {anchor.seq: anchor.sha256 for anchor in work.registry.anchors.all()}
    if work.seen is not None:
        known |= dict(enumerate(work.seen.events))
    return {seq: digest for seq, digest in sorted(known.items()) if events.get(seq) != digest}


def accept_older(work: Work, on: datetime.date, *, reason: str) -> dict[int, str]:
    """Go on with these books, and return the events that are lost by their numbers.

    The work was opened for ``older`` books. Raises NothingToAccept, WitnessOfOthers, RoleMissing
    or DiskRefused.
    """
    behind = _is_behind_witness(work)
    lost = missing_events(work)
    if not lost and not behind:
        raise NothingToAccept
    named = " ".join(f"{seq} {digest}" for seq, digest in lost.items())
    text = accepted_event(on, work.writer.drafting, named, reason)
    draft = Draft("accepted", NO_BATCH, text)
    work.writer.rehearse(work.books, draft)
    work.registry.anchors.replace(digests_of_events(work.books.folder))
    work.commit(draft)
    return lost


def _is_behind_witness(work: Work) -> bool:
    """Raises WitnessOfOthers: what was seen of other books is not lost of these."""
    if work.seen is None:
        return False
    try:
        require_witnessed(work.seen, work.books, work.registry)
    except WitnessOfOthers:  # guard: others-not-accepted
        raise
    except Refusal:
        return True
    return False
