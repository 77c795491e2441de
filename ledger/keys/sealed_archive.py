"""Several files in one that is sealed: a list of names, sizes and digests, and their contents.

Who made an archive knew its passphrase, and may mean harm all the same. What it says of itself is
bounded: its sizes add up to what the file holds, for nothing in it is compressed, and nothing is
in it but names and bytes. What a name may be, the caller knows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ledger.base import durable
from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import open_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.keys.sealed_stream import Purpose
from ledger.keys.sealed_stream import SealedDamaged
from ledger.keys.sealed_stream import opened
from ledger.keys.sealed_stream import sealed
from ledger.keys.sealed_stream import sealed_size

_LENGTH_BYTES = 8
# Bytes of the list. A hundred thousand files would take about this.
_LONGEST_LIST = 16 * 2**20
_PIECE = 2**20


class ChangedMeanwhile(Refusal):
    """A file was written while it was read."""

    def __init__(self, name: str) -> None:
        message = _("{name} was changed while it was copied: close what has it open, and try again")
        super().__init__(message.format(name=name))


class SealedInPlace(Refusal):
    """What is written replaces nothing."""

    def __init__(self, path: Path) -> None:
        message = _("{path} is there already and is not replaced: name another file")
        super().__init__(message.format(path=path))


class ArchiveStrange(Refusal):
    """Somebody who knew the passphrase has made a file that this program does not make."""

    def __init__(self, path: Path, name: str = "") -> None:
        message = (
            _('{path} holds "{name}", which does not belong there: do not use it')
            if name
            else _("{path} was not made by this program: do not use it")
        )
        super().__init__(message.format(path=path, name=name))


class SealedUnreadable(Refusal):
    """In place of the file stands something else."""

    def __init__(self, path: Path, found: NotPlain) -> None:
        super().__init__(_("{file}: {problem}").format(file=path, problem=not_plain(found.kind)))


class Member(Record):
    """A file to be sealed: its name there, and its content, or where it lies."""

    name: str
    content: bytes | Path


class Listed(Record):
    """A file of an archive."""

    name: str
    size: int
    sha256: Digest


def write_archive(
    path: Path, purpose: Purpose, passphrase: str, members: Sequence[Member], salt: bytes
) -> int:
    """Write the members into one file for the owner alone, and return its size.

    It has its name only when it was read back, to the last byte. Nothing is on the disk that is
    not sealed. Raises SealedInPlace, ChangedMeanwhile or OSError.
    """
    listed = [_listed(member) for member in members]
    written = sealed(_parts(members, listed), purpose, passphrase, salt)

    def read_back(there: Path) -> None:
        with ArchiveReader(there, purpose, passphrase) as archive:
            if archive.members != listed:
                raise SealedDamaged(path)
            # guard: backup-read-back
            for _member, pieces in archive:
                for _piece in pieces:
                    pass

    try:
        durable.create_file_of(path, written, mode=durable.FOR_THE_OWNER, proof=read_back)
    except FileExistsError:
        raise SealedInPlace(path) from None
    return path.stat().st_size


def _listed(member: Member) -> Listed:
    size, sha256 = 0, hashlib.sha256()
    for piece in _pieces(member):
        size += len(piece)
        sha256.update(piece)
    return Listed(member.name, size, Digest(sha256.hexdigest()))


def _pieces(member: Member) -> Iterator[bytes]:
    if isinstance(member.content, bytes):
        yield member.content
        return
    with os.fdopen(open_plain(member.content), "rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _parts(members: Sequence[Member], listed: Sequence[Listed]) -> Iterator[bytes]:
    """What is sealed: the list with its length before it, and the contents in its order."""
    facts = [[one.name, one.size, one.sha256] for one in listed]
    text = json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    yield len(text).to_bytes(_LENGTH_BYTES, "big") + text
    for member, known in zip(members, listed, strict=True):
        size, sha256 = 0, hashlib.sha256()
        for piece in _pieces(member):
            size += len(piece)
            sha256.update(piece)
            yield piece
        # guard: not-changed-while-copied
        if (size, sha256.hexdigest()) != (known.size, known.sha256):
            raise ChangedMeanwhile(member.name)


class ArchiveReader:
    """A sealed archive that is being read: its list, and then its files one after another."""

    def __init__(self, path: Path, purpose: Purpose, passphrase: str) -> None:
        """Open it and read the list.

        Raises NotSealed, NotOpened, SealedDamaged, ArchiveStrange or SealedUnreadable.
        """
        self.path = path
        try:
            self._file: BinaryIO = os.fdopen(open_plain(path), "rb")
        except NotPlain as found:
            raise SealedUnreadable(path, found) from None
        try:
            self._stream = opened(self._file, path, purpose, passphrase)
            self._waiting = bytearray()
            self.members = self._list(purpose)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[tuple[Listed, Iterator[bytes]]]:
        """Each file with its content in pieces, which are all to be taken before the next.

        Raises SealedDamaged. When the last piece was taken, the archive is known to be whole.
        """
        for member in self.members:
            yield member, self._content(member)
        if self._waiting or any(self._stream):
            raise SealedDamaged(self.path)

    def _content(self, member: Listed) -> Iterator[bytes]:
        left, sha256 = member.size, hashlib.sha256()
        while left:
            piece = self._take(min(left, _PIECE))
            left -= len(piece)
            sha256.update(piece)
            yield piece
        # guard: contents-by-digest
        if sha256.hexdigest() != member.sha256:
            raise ArchiveStrange(self.path, member.name)

    def _take(self, most: int) -> bytes:
        """Some bytes of the stream; never none."""
        while not self._waiting:
            chunk = next(self._stream, None)
            if chunk is None:
                raise SealedDamaged(self.path)
            self._waiting += chunk
        piece = bytes(self._waiting[:most])
        del self._waiting[:most]
        return piece

    def _exactly(self, size: int) -> bytes:
        content = bytearray()
        while len(content) < size:
            content += self._take(size - len(content))
        return bytes(content)

    def _list(self, purpose: Purpose) -> list[Listed]:
        length = int.from_bytes(self._exactly(_LENGTH_BYTES), "big")
        # guard: bounded-list
        if length > _LONGEST_LIST:
            raise ArchiveStrange(self.path)
        try:
            members = _parsed(self._exactly(length))
        except (ValueError, RecursionError):
            raise ArchiveStrange(self.path) from None
        size = _LENGTH_BYTES + length + sum(member.size for member in members)
        # guard: sizes-add-up
        if sealed_size(size, purpose) != os.fstat(self._file.fileno()).st_size:
            raise SealedDamaged(self.path)
        return members


def _parsed(content: bytes) -> list[Listed]:
    """Raises ValueError for whatever is no list as we write it."""
    facts = json.loads(content.decode("ascii"))
    if type(facts) is not list:
        raise ValueError("shape")
    members = []
    for fact in facts:
        if type(fact) is not list or [type(one) for one in fact] != [str, int, str]:
            raise ValueError("shape")
        name, size, sha256 = fact
        if size < 0:
            raise ValueError("size")
        members.append(Listed(name, size, Digest(sha256)))
    if len({member.name for member in members}) != len(members):
        raise ValueError("twice")
    return members
