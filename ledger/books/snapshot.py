"""The snapshot: what the books have come to, kept between commands, and believed on proof alone.

Events never change, and whoever loads the books tomorrow finds what was found today. So what was
found in sound books is written down once, beside the user's keys, with the SHA-256 of every file
that it was found in. A command that reads hashes those files again, which takes a hundredth of
loading them; whatever is not byte for byte as it was, was added or is gone, the books are loaded
whole, without a word, and kept anew. Files' times say nothing here. It is bound to the program
too, by its own source.

It is data: nothing of it is ever run. ``check`` never asks for it.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import cast

import msgspec

from ledger.base import durable
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.collector import collector_off
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.digests import file_digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import way_to
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.books import load_with_texts
from ledger.books.books import require_books
from ledger.books.files_of_books import BESIDE
from ledger.books.files_of_books import by_their_names
from ledger.books.files_of_books import names_of_files
from ledger.books.kept_ledger import KeptLedger
from ledger.books.kept_ledger import Outside
from ledger.books.settings import read_settings
from ledger.books.snapshot_form import Buffer
from ledger.books.snapshot_form import KeptEvent
from ledger.books.snapshot_reading import Sources
from ledger.books.snapshot_reading import events_in
from ledger.books.snapshot_reading import read_back
from ledger.books.snapshot_writing import CannotBeKept
from ledger.books.snapshot_writing import Written
from ledger.books.snapshot_writing import encoded
from ledger.books.snapshot_writing import written
from ledger.books.this_program import this_program
from ledger.events.event_entries import is_in_events
from ledger.keys.private_file import open_private
from ledger.model.programme_file import read_programme

if TYPE_CHECKING:
    from ledger.base.actor_and_clock import Signing
    from ledger.books.loading import OutsideTexts
    from ledger.controls.books_text import Texts
    from ledger.events.event_file import Head
    from ledger.events.read_ledger import ReadLedger

_FIRST_LINE = b"census-ledger snapshot "
_UNSIGNED = "-" * 128
# Bytes. Of a hundred thousand people it is a tenth of it.
_LONGEST = 2**30
# What somebody has made up can be anything, and be nested deeper than Python counts.
_DAMAGED = (
    msgspec.MsgspecError, OSError, ValueError, LookupError, TypeError, ArithmeticError,
    RecursionError,
)  # fmt: skip
# What numbers are written in ends at 64 bits: an ArithmeticError.
_CANNOT = (CannotBeKept, *_DAMAGED)


class BooksChanged(Refusal):
    """What was kept is proven, and what was loaded beside it is of other bytes."""

    def __init__(self) -> None:
        super().__init__(_("the books were changed while they were read: do it again"))


class Bound(Record, array_like=True):
    """What a snapshot is of: the program, the folder, for papers are named by it, and every file of
    the books by its name and SHA-256.

    ``patterns`` are what main.beancount includes, ``documents`` papers that are named: they were
    there, and no links. ``day`` is that as of which it is, None where nothing was left out, and
    ``marked`` are files with a byte order mark.
    """

    program: Digest
    folder: str
    files: dict[str, Digest]
    patterns: tuple[str, ...]
    documents: tuple[str, ...]
    marked: tuple[str, ...]
    day: datetime.date | None = None


def load_kept(folder: Path, path: Path | None) -> Books:
    """The books in a folder, by the snapshot under ``path`` where it is proven.

    Raises what :func:`~ledger.books.books.load_books` raises.
    """
    snapshots = Snapshots(folder, path)
    books = snapshots.load()
    return snapshots.keep() or books


class Snapshots:
    """The snapshots of some books: of all that is in them, and as of one earlier day.

    Without a ``path`` the books are loaded whole, and nothing is kept. Whoever writes has a
    ``signer``, signs what he keeps, and believes nothing that he has not signed himself: where
    others can write beside the keys, they can plant what is read there, and no money moves by it.
    """

    def __init__(
        self,
        folder: Path,
        path: Path | None,
        signer: Signing | None = None,
    ) -> None:
        self.folder = folder
        self.signer = signer
        self.root = Path(os.path.normpath(folder.absolute()))
        self.path = path
        # What was proven of the books, or found when they were loaded.
        self.bound: Bound | None = None
        self.loaded: ReadLedger | None = None
        self.loaded_as_of: dict[datetime.date, ReadLedger] = {}
        self.to_keep: Books | None = None
        # The events that were written since, by the names of their files.
        self.written: Mapping[str, Digest] = {}

    def load(self) -> Books:
        """The books, of which nothing is kept yet: that is for whoever knows what he writes."""
        if self.path is None:
            return load_books(self.folder)
        require_books(self.folder)
        settings, programme = read_settings(self.folder), read_programme(self.folder)
        found = self.read(self.path)
        if found is not None:
            self.bound, ledger = found
            return Books(self.folder, settings, programme, ledger, (), self.bound.marked)
        books, self.bound = self.load_whole()
        if self.bound is not None:
            self.to_keep = books
            self.loaded = cast("ReadLedger", books.ledger)
        return books

    def keep(self) -> Books | None:
        """Keep what was loaded whole, and give it as it was kept; None where nothing is."""
        books = self.to_keep
        if books is None or self.bound is None or self.path is None:
            return None
        content = self.write(self.path, self.bound, books.ledger)
        if content is None:
            return None
        kept = self.read_back(self.path, content.ledger, self.bound)
        vouched = msgspec.structs.replace(kept, vouched=True)
        return msgspec.structs.replace(books, ledger=vouched)

    def keep_after(self, books: Books, head: Head) -> None:
        """Keep the books with the events that were written since they were loaded; ``head`` is the
        newest.
        """
        if self.path is None or self.bound is None or books.errors:
            return
        if books.history.events[-1].seq != head.seq:  # guard: kept-with-what-was-written
            return
        self.write(self.path, self.bound_after(self.bound, head), books.ledger)

    def keep_as(self, bound: Bound, ledger: ReadLedger) -> None:
        """Keep what somebody else has loaded, unless it is kept, by the same if anybody signs it,
        or is no more what stands on the disk. Raises OSError.
        """
        if self.path is None or self.is_kept(self.path, bound):
            return
        # guard: kept-while-on-the-disk
        if self.is_of_these_books(bound):
            self.write(self.path, bound, ledger)

    def is_kept(self, path: Path, bound: Bound) -> bool:
        try:
            found, _content = self.proven(path)
        except _DAMAGED:
            return False
        return found == bound  # guard: kept-once

    def bound_after(self, before: Bound, head: Head) -> Bound:
        """What a snapshot of the books with these events is of: of those bytes, whatever stands on
        the disk. In the order of files in which they are read.
        """
        known = {**before.files, **self.written, HEAD_FILE: head.file_sha256}
        names = dict.fromkeys([*names_of_files(self.root, before.patterns), *known])
        files = {name: known[name] for name in names if name in known}
        return msgspec.structs.replace(before, files=files)

    def read(self, path: Path) -> tuple[Bound, KeptLedger] | None:
        """What was kept of the books as they are; None in doubt."""
        try:
            bound, content = self.proven(path)
            if bound.day is not None or not self.is_of_these_books(bound):
                return None
            ledger = self.read_back(path, content, bound)
            return bound, msgspec.structs.replace(ledger, vouched=self.signer is not None)
        except _DAMAGED:
            return None

    def proven(self, path: Path) -> tuple[Bound, Buffer]:
        """What a snapshot is of, and what is in it. Raises OSError, or ValueError for one that is
        damaged, or not signed by who wants to write.
        """
        bound, content, seal = _proven(path)
        # guard: snapshot-signed-for-events
        if self.signer is not None and not seal.is_signed_by(self.signer):
            raise ValueError(path)
        return bound, content

    def is_of_these_books(self, bound: Bound) -> bool:
        """Whether everything that a snapshot is of is there, the same, and nothing else."""
        # guard: snapshot-of-this-program
        if (bound.program, bound.folder) != (this_program(), str(self.root)):
            return False
        ways = [way_to(self.root, self.root / name) for name in bound.documents]
        # guard: snapshot-of-these-documents
        if any(way[-1] is None or Kind.LINK in way for way in ways):
            return False
        names = names_of_files(self.root, bound.patterns)
        files = {name: file_digest(self.root / name) for name in names}
        return files == bound.files  # guard: snapshot-of-these-bytes

    def read_back(self, path: Path, content: Buffer, bound: Bound) -> KeptLedger:
        sources = Sources(
            partial(self.entries, path, bound.day),
            partial(self.whole, bound.day),
            partial(self.as_of, path, bound),
            partial(self.outside, bound),
        )
        with collector_off():
            return read_back(content, self.root, sources)

    def entries(self, path: Path, day: datetime.date | None, event: KeptEvent) -> bytes:
        """The entries of an event as they were kept, or else from the whole ledger."""
        try:
            with os.fdopen(open_private(_entries_of(path)), "rb") as file:
                file.seek(event.start)
                content = file.read(event.size)
            if digest(content) != event.sha256:  # guard: kept-entries-as-written
                raise ValueError(path)
        except _DAMAGED:
            events = self.whole(day).history.events
            return encoded(next(one.entries for one in events if one.seq == event.seq))
        return content

    def known_entries(self, path: Path, bound: Bound) -> dict[str, bytes]:
        """The entries of events that were kept before and are the same, by their files: of a year
        only the newest event is written anew.
        """
        known: dict[str, bytes] = {}
        try:
            old, content = self.proven(path)
            if old.program != bound.program:
                return {}
            entries = _read(_entries_of(path))
            for event in events_in(content):
                kept = entries[event.start : event.start + event.size]
                same = old.files[event.file] == bound.files.get(event.file)
                # guard: kept-entries-of-the-event
                if same and digest(kept) == event.sha256:
                    known[event.file] = kept
        except _DAMAGED:
            return {}
        return known

    def whole(self, day: datetime.date | None = None) -> ReadLedger:
        """The ledger itself, as of a day if one is named, without what was written since.

        Raises BooksBroken or BooksChanged, where somebody has just written into the books.
        """
        if self.loaded is None:
            books, bound = self.load_whole()
            books.require_sound()
            # guard: whole-of-the-proven
            if bound is None or not self.is_proven(bound):
                raise BooksChanged
            self.loaded = cast("ReadLedger", books.ledger)
            if self.written:
                names = {str(self.root / name) for name in self.written}
                self.loaded = self.loaded.without_files(names)
        if day is None:
            return self.loaded
        if day not in self.loaded_as_of:
            self.loaded_as_of[day] = self.loaded.as_of(day)
        return self.loaded_as_of[day]

    def is_proven(self, bound: Bound) -> bool:
        """Whether what was loaded is what was proven, with the events that were written since."""
        if self.bound is None or not self.written:
            return bound == self.bound
        then = {**self.bound.files, **self.written, HEAD_FILE: bound.files[HEAD_FILE]}
        return msgspec.structs.replace(self.bound, files=then) == bound

    def outside(self, bound: Bound) -> Outside:
        """What stands outside events, as it was when the books were proven. Raises BooksChanged."""
        from ledger.books.loading import load_outside_events

        texts = load_outside_events(self.root / MAIN_FILE)
        files = self.digests(texts)
        others = (name for name in bound.files if not is_in_events(name))
        expected = {name: bound.files[name] for name in others if name not in BESIDE}
        if files != expected:  # guard: outside-of-the-proven
            raise BooksChanged
        names = list(bound.files)
        first = next((at for at, name in enumerate(names) if name not in expected), len(names))
        read_after = [name for name in names[first:] if name in expected]
        return Outside(texts.entries(), frozenset(str(self.root / name) for name in read_after))

    def as_of(self, path: Path, bound: Bound, day: datetime.date) -> KeptLedger | ReadLedger:
        """The ledger as of an earlier day, which is kept too: a month's report asks for it."""
        path = path.with_name(f"{path.name}-day")
        wanted = msgspec.structs.replace(bound, day=day)
        try:
            found, content = self.proven(path)
            if found != wanted:  # guard: snapshot-of-the-day
                raise ValueError(path)
            return self.read_back(path, content, wanted)
        except _DAMAGED:
            pass
        # A command that has just kept the whole books keeps no more; the next that asks does.
        is_loaded = self.loaded is not None
        ledger = self.whole(day)
        if not is_loaded:
            self.write(path, wanted, ledger)
        return ledger

    def load_whole(self) -> tuple[Books, Bound | None]:
        """The books, and what a snapshot of them is of: None of books that are not kept."""
        before = self.beside()
        books, texts = load_with_texts(self.folder)
        # guard: sound-books-kept
        if texts is None or books.errors or before is None or before != self.beside():
            return books, None
        try:
            return books, self.bound_to(texts, before, books)
        except _DAMAGED:
            return books, None

    def beside(self) -> dict[str, Digest] | None:
        """What is read beside Beancount's files, by their digests."""
        try:
            return {name: file_digest(self.root / name) for name in BESIDE}
        except OSError:
            return None

    def bound_to(self, texts: Texts, beside: dict[str, Digest], books: Books) -> Bound | None:
        """To what was just loaded. None for a file that is no part of it."""
        from beancount.core import data

        files = self.digests(texts)
        named = [entry for entry in books.entries if isinstance(entry, data.Document)]
        names = {os.path.relpath(entry.filename, self.root) for entry in named}
        bound = Bound(
            this_program(),
            str(self.root),
            files | beside,
            tuple(texts.patterns),
            tuple(sorted(names)),
            tuple(books.marked),
        )
        known = names_of_files(self.root, bound.patterns)
        return bound if set(known) == bound.files.keys() else None

    def digests(self, texts: Texts | OutsideTexts) -> dict[str, Digest]:
        """Of the files that were read, by their names."""
        named = by_their_names(self.root, texts.contents)
        return {name: digest(content) for name, content in named.items()}

    def write(self, path: Path, bound: Bound, ledger: ReadLedger | KeptLedger) -> Written | None:
        """Keep a ledger. None where that is not possible: the next command tries it again.

        What is wrong as of an earlier day, such as a statement of which some lines are cut off, is
        nobody's question, and not kept.
        """
        try:
            content = written(ledger, self.root, self.known_entries(path, bound))
            durable.replace_file(_entries_of(path), content.entries, mode=durable.FOR_THE_OWNER)
            durable.replace_file(
                path, _sealed(bound, content, self.signer), mode=durable.FOR_THE_OWNER
            )
        except _CANNOT:
            return None
        return content


def _entries_of(path: Path) -> Path:
    """Where the entries of events of a snapshot are."""
    return path.with_name(f"{path.name}-entries")


def _read(path: Path) -> bytes:
    with os.fdopen(open_private(path), "rb") as file:
        if os.fstat(file.fileno()).st_size > _LONGEST:  # guard: snapshot-not-endless
            raise ValueError(path)
        return file.read()


class Seal(NamedTuple):
    """The first line of a snapshot: the digest of all that follows, and who vouches for it."""

    sha256: bytes
    signature: str

    def is_signed_by(self, signer: Signing) -> bool:
        """Whether he has signed it himself. The same digest has one signature."""
        return signer.sign(self.signed) == self.signature

    @property
    def signed(self) -> bytes:
        """What is signed, which is no digest of anything else."""
        return sha256(_FIRST_LINE + self.sha256).digest()

    @property
    def line(self) -> bytes:
        return _FIRST_LINE + f"{self.sha256.hex()} {self.signature}\n".encode()


def _sealed(bound: Bound, content: Written, signer: Signing | None) -> bytes:
    head = msgspec.msgpack.encode(bound)
    rest = len(head).to_bytes(4, "big") + head + content.ledger
    seal = Seal(sha256(rest).digest(), _UNSIGNED)
    if signer is not None:
        seal = seal._replace(signature=signer.sign(seal.signed))
    return seal.line + rest


def _proven(path: Path) -> tuple[Bound, Buffer, Seal]:
    """What a snapshot is of, what is in it, and its seal. Raises OSError, or ValueError for a
    damaged one.
    """
    content = _read(path)
    first = content[: len(_FIRST_LINE) + 65 + len(_UNSIGNED) + 1]
    rest = memoryview(content)[len(first) :]
    seal = Seal(sha256(rest).digest(), first[-len(_UNSIGNED) - 1 : -1].decode("ascii"))
    if first != seal.line:  # guard: snapshot-as-written
        raise ValueError(path)
    size = int.from_bytes(rest[:4], "big")
    bound = msgspec.msgpack.decode(rest[4 : 4 + size], type=Bound)
    return bound, rest[4 + size :], seal
