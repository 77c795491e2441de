"""What the registry remembers of changes: from where, when and by whom, done or held."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.base.digests import Digest

# What the log of changes calls the registration of somebody new.
ADDED = "added"
# How it writes that a payee is on her post, and that she has left.
YES, NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Original:
    """A file that was imported; ``number`` says which came later, ``kind`` what it was."""

    number: int
    sha256: Digest
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change comes from: the original's SHA-256, its sheet and row (from 1).

    A decision that was typed is an original too; it has no sheet, and row 0.
    """

    sha256: Digest
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One line of the log: ``field`` is ``added`` for a new payee, else the column's name."""

    field: str
    old: str
    new: str
    source: Source
    changed_by: str
    changed_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldChange:
    """What a file says of a payee's ``field``, which is not done before somebody confirms it.

    ``verdict`` is ``confirmed``, ``declined`` or ``overtaken`` by another change; empty while open.
    """

    number: int
    serial: int
    field: str
    old: str
    new: str
    source: Source
    held_by: str
    held_at: str
    verdict: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at: str = ""
