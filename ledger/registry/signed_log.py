"""The log of changes: an entry a transaction, bound to the entry before it, and signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple
from typing import TypeAlias

import msgspec

from ledger.base.records import Record
from ledger.registry.registry_file import RegistryFile

NOTHING_BEFORE = "0" * 64
# From a digest to the signature of whoever makes the changes.
Sign: TypeAlias = Callable[[bytes], str]
# Serial, field, old and new value, the source's SHA-256, sheet and row, day, reason. What is of
# nobody has no serial.
ChangeRow: TypeAlias = tuple[int | None, str, str, str, str, str, int, str, str]
_CHANGE = "serial, field, old, new, source, sheet, row, day, reason"
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# The same text, of thousands of changes in a fifth of the time.
_new_text = msgspec.json.Encoder().encode


class LogEntry(Record):
    """A transaction that has changed somebody's record. ``known_event`` was the newest then."""

    number: int
    previous: str
    digest: str
    by: str
    at: str
    known_event: int
    signature: str


def digest_of_entry(
    previous: str, by: str, at: str, known_event: int, changes: Iterable[str]
) -> bytes:
    """SHA-256 over an entry: of one JSON text with those of its changes in their order."""
    head = _text([previous, by, at, known_event])[:-1]
    return sha256(f"{head},[{','.join(changes)}]]".encode()).digest()


def digest_of_new_entry(
    previous: str, by: str, at: str, known_event: int, changes: Sequence[ChangeRow]
) -> bytes:
    """As :func:`digest_of_entry`, of changes that nobody has written as texts."""
    return sha256(_new_text([previous, by, at, known_event, changes])).digest()


class LoggedRow(NamedTuple):
    """A change of somebody, with its number and that of its entry, and the source's SHA-256."""

    number: int
    entry: int
    serial: int
    field: str
    old: str
    new: str
    source: str


class SignedLog:
    """The log in the registry's file. A transaction's changes are written when it ends."""

    def __init__(self, file: RegistryFile) -> None:
        self._file = file
        self._changes: list[ChangeRow] = []
        self._entries: list[LogEntry] | None = None

    def begin(self) -> None:
        """A new transaction: what was begun in one that failed is forgotten."""
        self._changes = []

    def add(self, changes: Iterable[ChangeRow]) -> None:
        """What the transaction changes."""
        self._changes += changes

    def days(self) -> set[str]:
        """From which days on what the transaction changes counts."""
        return {day for *_change, day, _reason in self._changes}

    def end(self, known_event: int, sign: Sign | None) -> None:
        """Write what was changed as one entry. In the transaction."""
        if not self._changes:
            return
        stamp = self._file.stamp
        number, previous = self._newest()
        digest = digest_of_new_entry(previous, stamp.by, stamp.at, known_event, self._changes)
        signature = sign(digest) if sign else ""
        self._entries = None
        entry = (number + 1, previous, digest.hex(), stamp.by, stamp.at, known_event, signature)
        self._file.execute("insert into log_entries values (?, ?, ?, ?, ?, ?, ?)", entry)
        self._file.executemany(
            f"insert into changes (entry, {_CHANGE})"
            f" values ({number + 1}, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._changes,
        )

    @property
    def next_number(self) -> int:
        """Of the entry that is being made."""
        return self._newest()[0] + 1

    def head(self) -> str:
        """The digest of the newest entry; zeros where there is none."""
        return self._newest()[1]

    def _newest(self) -> tuple[int, str]:
        query = "select number, digest from log_entries order by number desc limit 1"
        for number, digest in self._file.read(query):
            return number, digest
        return 0, NOTHING_BEFORE

    def entries(self) -> Sequence[LogEntry]:
        """All of them, in their order, as they were when they were first asked for."""
        if self._entries is None:
            rows = self._file.read(
                "select number, previous, digest, by, at, known_event, signature"
                " from log_entries order by number"
            )
            self._entries = [LogEntry(*row) for row in rows]
        return self._entries

    def backdated(self, until: str, after: str) -> list[int]:
        """The entries with changes that count from a day up to this one or before, and come after
        the entry with this digest; none where there is no such entry.
        """
        query = (
            "select distinct entry from changes where day <= ? and entry >"
            " (select number from log_entries where digest = ? union all select 0 where ? = ?)"
            " order by entry"
        )
        known = (until, after, after, NOTHING_BEFORE)
        return [number for (number,) in self._file.read(query, known)]

    def texts(self) -> list[tuple[int, str]]:
        """Every change as its entry's digest has it, with the number of the entry, in the order in
        which they are read. SQLite writes the same JSON as Python, and sooner.
        """
        return list(
            self._file.read(f"select entry, json_array({_CHANGE}) from changes order by id")
        )

    def of_people(self, serials: Collection[int]) -> list[LoggedRow]:
        """What has changed these payees, in the order in which it was made, with its entries."""
        query = "select id, entry, serial, field, old, new, source from changes where serial = ?"
        found = [row for serial in sorted(serials) for row in self._file.read(query, (serial,))]
        return sorted(LoggedRow(*row) for row in found)

    def by(self, sha256: str) -> list[LoggedRow]:
        """What has changed people by a file."""
        query = "select id, entry, serial, field, old, new, source from changes where source = ?"
        rows = self._file.read(f"{query} and serial is not null order by id", (sha256,))
        return [LoggedRow(*row) for row in rows]

    def changes_of(self, serials: Collection[int]) -> list[ChangeRow]:
        """What has changed these payees, in the order in which it was made."""
        query = f"select {_CHANGE} from changes where serial = ? order by entry, id"
        return [row for serial in sorted(serials) for row in self._file.read(query, (serial,))]
