"""The history of the books: events, batches and where each person stands.

The records that :mod:`ledger.fold` derives from the event files, and the digests that bind a
batch's entries to its header.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple

from beancount.core import data

from ledger.findings import Finding
from ledger.language import gettext as _
from ledger.transitions import EventKind
from ledger.transitions import State

SUBSIDY_TAG = "census-subsidy"
PAYEE_LINK = re.compile(r"P\d{6,}")
BATCH_LINK = re.compile(r"B\d{4}-\d{3,}")


@dataclass(frozen=True, slots=True)
class Event:
    """An event file as the ledger reads it: its header and its transactions in their order."""

    seq: int
    kind: EventKind
    batch: str
    date: datetime.date
    count: int
    amount_fen: int
    header: data.Custom
    entries: tuple[data.Transaction, ...]


class Standing(NamedTuple):
    """Where one person's subsidy stands after the events so far."""

    state: State
    since: datetime.date
    batch: str
    fund: str
    town: str
    line: str
    role: str
    amount_fen: int


@dataclass(slots=True)
class Batch:
    """A batch after the events so far.

    ``payees`` are the amounts in fen by payee id; ``charges`` what was newly accrued, by the
    components of fund and line; ``counts`` the people of the batch by their state.
    """

    id: str
    date: datetime.date
    seal: str
    rows: str
    manifest: str
    header: data.Custom
    payees: dict[str, int] = field(default_factory=dict)
    charges: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    submitted: datetime.date | None = None
    voided: datetime.date | None = None
    last_date: datetime.date = datetime.date.min
    counts: dict[State, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def amount_fen(self) -> int:
        return sum(self.payees.values())

    @property
    def state(self) -> str:
        """prepared | submitted | settled (nobody awaited or unknown) | void."""
        if self.voided:
            return "void"
        if self.counts[State.IN_BANK] or self.counts[State.UNKNOWN]:
            return "submitted" if self.submitted else "prepared"
        return "settled"

    @property
    def state_word(self) -> str:
        """The state in the user's language."""
        return batch_state_word(self.state)


@dataclass(frozen=True)
class History:
    """The events, and what follows from them."""

    events: tuple[Event, ...]
    standings: Mapping[str, Standing]
    batches: Mapping[str, Batch]
    findings: tuple[Finding, ...]


def batch_state_word(state: str) -> str:
    """A batch's state in the user's language."""
    words = {
        "prepared": _("prepared"),
        "submitted": _("submitted"),
        "settled": _("settled"),
        "void": _("void"),
    }
    return words[state]


def grouped_seal(seal: str) -> str:
    """Sixteen hex digits as ``a1b2 c3d4 e5f6 0718``."""
    return " ".join(seal[start : start + 4] for start in range(0, len(seal), 4))


def seal_of(entries_digest: str, rows_digest: str) -> str:
    """The batch's seal: the first 16 hex digits of SHA-256 over both digests."""
    return hashlib.sha256(f"{entries_digest} {rows_digest}".encode("ascii")).hexdigest()[:16]


def entries_digest(lines: Iterable[str]) -> str:
    """SHA-256 of the sorted lines that :func:`digest_line` makes."""
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8")).hexdigest()


def digest_line(
    payee: str, role: str, town: str, fund: str, line: str, amount_fen: int, *, reissue: bool
) -> str:
    """One payment for the batch's digest: ``town`` and ``fund`` are codes."""
    kind = "re-issue" if reissue else "new"
    return f"{payee}|{role}|{town}|{fund}|{line}|{amount_fen}|{kind}"
