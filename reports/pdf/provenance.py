"""Which books a paper is from, in the words at the foot of its pages."""

from __future__ import annotations

from ledger.books.provenance import Provenance
from ledger.events.event_file import Head
from ledger.model.seal import grouped_seal

FINGERPRINT = "账套指纹"
HEAD = "链首"
BETWEEN = "·"
# Of the digest of an event: as many as of a seal.
HEAD_DIGITS = 16


def provenance_text(provenance: Provenance) -> str:
    """``账套指纹 a1b2 c3d4 e5f6 0718　链首 23 · 90a1 31b4 1b5f d7ec``."""
    parts = []
    if provenance.fingerprint:
        parts.append(f"{FINGERPRINT} {provenance.fingerprint}")
    if provenance.head is not None:
        parts.append(f"{HEAD} {head_text(provenance.head)}")
    return "　".join(parts)


def head_text(head: Head) -> str:
    """``23 · 90a1 31b4 1b5f d7ec``: the event's number, and how its digest begins."""
    return f"{head.seq} {BETWEEN} {grouped_seal(head.sha256[:HEAD_DIGITS])}"
