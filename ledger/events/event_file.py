"""Event files: their names, their headers and the chain that binds them.

Each event is one file ``events/NNNNNN-kind.beancount`` whose header directive carries the
sequence number and the SHA-256 of the event before it. ``HEAD`` names the newest event. An
event file is never edited or deleted; a mistake is answered by another event.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from ledger.base.actor_and_clock import Stamp
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.events.signatures import read_signed
from ledger.model.findings import Finding
from ledger.model.findings import in_file
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.transitions import EventKind

NOTHING_BEFORE = Digest("0" * 64)

KINDS = frozenset(kind.value for kind in EventKind)
_HEADER = re.compile(
    rb'^\d{4}-\d\d-\d\d custom "census-event" (\d+) "([a-z-]+)"(?: "(B\d{4}-\d{3,})")?',
    re.MULTILINE,
)
_PREVIOUS = re.compile(rb'^  previous: "([0-9a-f]{64})"', re.MULTILINE)


class EventFile(Record):
    """An event as it lies on the disk. ``header_line`` counts from 1; ``seq`` is -1 without one.

    ``due_name`` is the file name that goes with the header. ``signed`` are the 32 bytes that its
    ``signature`` is over; both are empty where none stands in its place.
    """

    path: Path
    sha256: Digest
    due_name: str
    seq: int
    previous: Digest
    header_line: int
    signed: bytes
    signature: str


class Head(Record):
    """The newest event: its sequence number and the SHA-256 of its file."""

    seq: int
    sha256: Digest

    def to_text(self) -> str:
        return f"{self.seq} {self.sha256}\n"

    @property
    def file_sha256(self) -> Digest:
        """Of the file that says so."""
        return digest(self.to_text().encode("ascii"))


# What stands before the first event.
NO_EVENT = Head(-1, NOTHING_BEFORE)


class Drafting(Record):
    """Where an event is drafted and by whom: after ``head``, with the ``stamp`` of its actor.

    ``after_witness``: this machine has seen what came before.
    """

    head: Head
    stamp: Stamp
    after_witness: bool = True


def event_file_name(seq: int, kind: str, batch: BatchId = NO_BATCH) -> str:
    """``000017-prepared-B2020-001.beancount``."""
    return f"{seq:06d}-{kind}{'-' + batch if batch else ''}.beancount"


def read_event_file(path: Path, content: bytes) -> EventFile:
    """The file's digest and what its header says of its place in the chain."""
    header = _HEADER.search(content)
    previous = _PREVIOUS.search(content)
    signed = read_signed(content)
    return EventFile(
        path=path,
        sha256=digest(content),
        due_name=_due_name(header) if header else "",
        seq=int(header.group(1)) if header else -1,
        previous=Digest(previous.group(1).decode() if previous else ""),
        header_line=content.count(b"\n", 0, header.start()) + 1 if header else 1,
        signed=signed.digest if signed else b"",
        signature=signed.signature if signed else "",
    )


def _due_name(header: re.Match[bytes]) -> str:
    seq, kind, batch = (group.decode() for group in header.groups(b""))
    return event_file_name(int(seq), kind, BatchId(batch)) if kind in KINDS else ""


def event_paths(books: Path) -> list[Path]:
    """Where the events of the books lie, in the order of the names."""
    folder = books / EVENTS_FOLDER
    if not is_folder(folder):
        return []
    return sorted(path for path in folder.glob("*.beancount") if not is_litter(path.name))


def read_event_files(books: Path, contents: Mapping[str, bytes] | None = None) -> list[EventFile]:
    """Every event of the books in the order of the names.

    ``contents`` are files that have been read, by name. What is no file is an event without any
    text: it is not opened.
    """
    known = contents or {}
    return [
        read_event_file(path, known[name] if (name := str(path)) in known else _content(path))
        for path in event_paths(books)
    ]


def digests_of_events(books: Path) -> list[Digest]:
    """The SHA-256 of every event file, in the order of the names."""
    return [digest(_content(path)) for path in event_paths(books)]


def _content(path: Path) -> bytes:
    try:
        return read_plain(path)
    except NotPlain:
        return b""


def read_head(books: Path) -> Head | None:
    """What HEAD says, or None when it is missing or unreadable."""
    try:
        seq, sha256 = read_plain(books / HEAD_FILE).decode("utf-8").split()
        return Head(int(seq), Digest(sha256))
    except (OSError, ValueError):
        return None


def check_chain(files: Sequence[EventFile], head: Head | None, books: Path) -> list[Finding]:
    """Everything that is broken in the chain: a gap, a changed event, a HEAD that disagrees.

    One whole event beyond HEAD is no fault: a command that was killed between its two last
    steps leaves it, and the next command moves HEAD.
    """
    if not files:
        message = _("there are no events here: restore the folder events from a backup")
        return [in_file(str(books / EVENTS_FOLDER), 1, "chain", message)]
    findings: list[Finding] = []
    previous = NOTHING_BEFORE
    names = {file.path.name for file in files}
    for expected, (file, before) in enumerate(zip(files, [None, *files[:-1]], strict=True)):
        if file.seq != expected or file.path.name != file.due_name:
            return [*findings, _fault(file, _out_of_place(file, expected, names))]
        if file.previous != previous:  # guard: chain-of-events
            findings.append(_changed(before or file))
        previous = file.sha256
    return findings + _check_head(files, head, books)


def _out_of_place(file: EventFile, expected: int, names: Collection[str]) -> str:
    """Why a file is not the event that should stand where it does."""
    if not file.due_name:
        return _(
            "this file is no event: restore it from a backup if it was one, or else move it out of"
            " the folder events"
        )
    if file.path.name != file.due_name and file.due_name in names:
        message = _("this is a copy of event {seq}: move the file out of the folder events")
        return message.format(seq=file.seq)
    if file.seq == expected:
        return _("the name of this file must be {name}").format(name=file.due_name)
    return _("event {seq} is missing here; restore it from a backup").format(seq=expected)


def _check_head(files: Sequence[EventFile], head: Head | None, books: Path) -> list[Finding]:
    head_path = str(books / HEAD_FILE)
    if head is None:
        message = _("HEAD is missing or cannot be read; restore it from a backup")
        return [in_file(head_path, 1, "chain", message)]
    if head.seq >= len(files):
        message = _(
            "HEAD names event {seq}, but the newest file is event {newest}; restore the events from"
            " a backup"
        )
        message = message.format(seq=head.seq, newest=len(files) - 1)
        return [in_file(head_path, 1, "chain", message)]
    if head.seq < len(files) - 2:
        message = _(
            "HEAD names event {seq}, but there are events up to {newest}; restore HEAD from a"
            " backup"
        )
        message = message.format(seq=head.seq, newest=len(files) - 1)
        return [in_file(head_path, 1, "chain", message)]
    if files[head.seq].sha256 != head.sha256:  # guard: head-is-newest
        return [_changed(files[head.seq])]
    return []


def _changed(file: EventFile) -> Finding:
    return _fault(
        file,
        _("this event was changed after it was written; restore the file from a backup"),
    )


def _fault(file: EventFile, message: str) -> Finding:
    return in_file(str(file.path), file.header_line, "chain", message)
