"""The file that a county hands up: a zip archive that can be written in one way alone.

Nothing in it is compressed, so it is no longer in memory than on the disk. It is read by Python's
own reader of archives, and then written again: unless every byte comes out as it was, it is not
ours. So whatever an archive can hold beside names and contents is not in it.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import open_plain
from ledger.base.refusals import Refusal

# A county of 100,000 people in three stages comes to about this.
MOST_BYTES = 256 * 2**20
MOST_FILES = 20_000
LONGEST_NAME = 200
# Longer names are cut where they are shown.
_SHOWN = 60
# No day of the calendar: the same contents give the same bytes. It is 1980-01-01.
_DATE = 33
_UTF8 = 0x800
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
# As in a backup, and nothing hidden: no separators, streams of Windows, controls; no end that
# Windows drops.
_PART = r'(?!\.)[^\x00-\x1f\x7f/\\:<>"|?*]+(?<![ .])'
_NAME = re.compile(rf"{_PART}(?:/{_PART})*")


class BundleUnreadable(Refusal):
    """In place of the file stands something else."""

    def __init__(self, path: Path, found: NotPlain) -> None:
        super().__init__(
            _("{file}: {problem}").format(file=path.name, problem=not_plain(found.kind))
        )


class BundleTooLarge(Refusal):
    """More than a county has."""

    def __init__(self) -> None:
        message = _(
            "the bundle holds more than {size} MB or {files} files, which no county has: it was not"
            " opened"
        )
        super().__init__(message.format(size=MOST_BYTES // 2**20, files=f"{MOST_FILES:,}"))


class BundleNotAnArchive(Refusal):
    """No zip archive, or a damaged one."""

    def __init__(self) -> None:
        super().__init__(_("this is no bundle, or it is damaged: have it carried again"))


class BundleNameTwice(Refusal):
    """Two contents under one name: who looks at it may be shown the other."""

    def __init__(self, name: str) -> None:
        message = _('the bundle holds "{name}" twice: it was not made by this program')
        super().__init__(message.format(name=shown_name(name)))


class BundleNameStrange(Refusal):
    """A name that could lead out of the folder, or is none on some system."""

    def __init__(self, name: str) -> None:
        message = _('the bundle holds "{name}", which is no name of a file in it: do not use it')
        super().__init__(message.format(name=shown_name(name)))


class BundleHoldsLink(Refusal):
    """A link, a folder, a pipe or a device in place of a file."""

    def __init__(self, name: str) -> None:
        message = _('"{name}" in the bundle is no file, but a link, a folder or a device')
        super().__init__(message.format(name=shown_name(name)))


class BundlePacked(Refusal):
    """Compressed or encrypted: it could come out as more than anybody expects."""

    def __init__(self, name: str) -> None:
        message = _(
            '"{name}" in the bundle is compressed or encrypted: hand on the bundle as the county'
            " has made it, and do not pack it again"
        )
        super().__init__(message.format(name=shown_name(name)))


class BundleRewritten(Refusal):
    """An archive with the right contents perhaps, and not as this program writes it."""

    def __init__(self) -> None:
        message = _(
            "the bundle is not as this program writes it: hand on the file that the county has made"
        )
        super().__init__(message)


def shown_name(name: str) -> str:
    """A name of somebody else's in a sentence."""
    clean = cleaned(name)
    return clean if len(clean) <= _SHOWN else f"{clean[:_SHOWN]}…"


def archive_parts(members: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of these names and contents, in their order, piece by piece."""
    listed = []
    offset = 0
    for name, content in members:
        raw, crc = name.encode("utf-8"), zlib.crc32(content)
        fields = (20, _UTF8, 0, 0, _DATE, crc, len(content), len(content), len(raw), 0)
        yield _LOCAL.pack(b"PK\x03\x04", *fields) + raw
        yield content
        more = (0, 0, 0, (stat.S_IFREG | 0o600) << 16, offset)
        listed.append(_CENTRAL.pack(b"PK\x01\x02", 0x314, *fields, *more) + raw)
        offset += _LOCAL.size + len(raw) + len(content)
    directory = b"".join(listed)
    count = len(members)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    yield directory + end


def read_whole(path: Path) -> bytes:
    """A bundle's bytes. Raises BundleUnreadable, BundleTooLarge or OSError."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            # guard: bundle-of-bounded-size
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise BundleTooLarge
            return file.read(MOST_BYTES + 1)
    except NotPlain as found:
        raise BundleUnreadable(path, found) from None


def members_of(content: bytes) -> Mapping[str, bytes]:
    """The names and contents of an archive that this program has written.

    Raises BundleTooLarge, BundleNotAnArchive, BundleNameTwice, BundleNameStrange, BundleHoldsLink,
    BundlePacked or BundleRewritten.
    """
    if len(content) > MOST_BYTES:
        raise BundleTooLarge
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            _require_plain(infos)
            members = {info.orig_filename: archive.read(info) for info in infos}
    except Refusal:
        raise
    except Exception:  # zipfile has half a dozen ways to say it
        raise BundleNotAnArchive from None
    place = 0
    for part in archive_parts(list(members.items())):
        # guard: bundle-as-we-write-it
        if content[place : place + len(part)] != part:
            raise BundleRewritten
        place += len(part)
    if place != len(content):
        raise BundleRewritten
    return members


def _require_plain(infos: Sequence[zipfile.ZipInfo]) -> None:
    # guard: bundle-of-few-files
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise BundleTooLarge
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        mode = info.external_attr >> 16
        # guard: bundle-without-links
        if info.is_dir() or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise BundleHoldsLink(name)
        # guard: bundle-names-inside
        if not is_inside(name):
            raise BundleNameStrange(name)
        # guard: bundle-names-once
        if name.casefold() in seen:
            raise BundleNameTwice(name)
        seen.add(name.casefold())
        # guard: bundle-not-packed
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & ~_UTF8:
            raise BundlePacked(name)


def is_inside(name: str) -> bool:
    """Whether a name stays in the folder that it is unpacked in, on every system."""
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None
