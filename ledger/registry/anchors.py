"""The events that the registry knows: promised before they are in the books, certain after."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from ledger.base.records import Record
from ledger.registry.registry_file import RegistryFile


class AnchorState(enum.StrEnum):
    """What the registry knows of an event.

    A pending one was about to be written: it is in the books, or it never was. Books that lack an
    event are accepted by another: until that is in, what they lack is lost, and what only they have
    is learnt.
    """

    PENDING = "pending"
    CERTAIN = "certain"
    LOST = "lost"
    LEARNT = "learnt"


class Anchor(Record):
    """An event's number and the SHA-256 of its file."""

    seq: int
    sha256: str
    state: AnchorState


class Anchors:
    """The anchors in the registry's file."""

    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def all(self) -> list[Anchor]:
        """In the order of the events."""
        rows = self._file.read("select seq, sha256, state from anchors order by seq")
        return [Anchor(seq, sha256, AnchorState(state)) for seq, sha256, state in rows]

    def newest_certain(self) -> int:
        """The number of the newest event that is in the books, -1 for none."""
        query = "select coalesce(max(seq), -1) from anchors where state = 'certain'"
        ((newest,),) = self._file.read(query)
        return int(newest)

    def pend(self, events: Sequence[tuple[int, str]]) -> None:
        """Keep that these events are about to be written: number and SHA-256. A transaction.

        What was to be written under the same numbers was not. Raises RegistryRefused.
        """
        with self._file.all_or_none():
            self._file.executemany(
                "delete from anchors where seq = ? and state = 'pending'",
                [(seq,) for seq, _sha256 in events],
            )
            self._file.executemany("insert into anchors values (?, ?, 'pending')", events)

    def make_certain(self, newest: int) -> None:
        """What was pending up to this event is in the books. A transaction.

        What is pending after it may be in as well, by an error in the last moment: who reads the
        books anew settles it. Raises RegistryRefused.
        """
        with self._file.all_or_none():
            self._make_certain(newest)

    def settle(self, newest: int) -> None:
        """What was pending up to the books' newest event is in them, and nothing after it.

        A transaction, where anything was pending. Raises RegistryRefused.
        """
        if not self._file.read("select 1 from anchors where state = 'pending' limit 1"):
            return
        with self._file.all_or_none():
            self._make_certain(newest)
            self._file.execute("delete from anchors where state = 'pending'")

    def accept(self, events: Sequence[str]) -> None:
        """These events are in the books, by their digests in order, and are gone on with.

        It counts once the event is in that says so, which is pended after it: by itself, it makes
        no books agree. A transaction. Raises RegistryRefused.
        """
        with self._file.all_or_none():
            self._file.execute("delete from anchors where state = 'learnt'")
            self._file.execute("update anchors set state = 'lost' where state = 'certain'")
            self._file.executemany(
                "update anchors set state = 'certain' where seq = ? and sha256 = ?",
                list(enumerate(events)),
            )
            self._file.executemany(
                "insert into anchors values (?, ?, 'learnt') on conflict do nothing",
                list(enumerate(events)),
            )

    def _make_certain(self, newest: int) -> None:
        self._file.execute("delete from anchors where state = 'lost'")
        self._file.execute(
            "update anchors set state = 'certain'"
            " where state in ('pending', 'learnt') and seq <= ?",
            (newest,),
        )
