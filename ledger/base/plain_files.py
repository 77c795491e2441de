"""Plain files of the books, read and told apart without following a link or waiting at a pipe."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from enum import Enum
from operator import itemgetter
from pathlib import Path

from ledger.base.language import gettext as _

# Windows: links to folders, and links as other systems know them.
_LINKS = {
    getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0),
    getattr(stat, "IO_REPARSE_TAG_SYMLINK", 0),
} - {0}
_READING = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


class Kind(Enum):
    """What stands under a name."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    # A pipe, a socket or a device: to open it may wait for ever, or do something.
    SPECIAL = "special"


class NotPlain(OSError):
    """Under the name of a file stands something else, and it was not opened."""

    def __init__(self, path: Path, kind: Kind) -> None:
        super().__init__(errno.EINVAL, f"{kind.value} in place of a file", str(path))
        self.kind = kind


def kind_of(path: Path) -> Kind | None:
    """What stands under the name itself, whatever a link leads to; None when nothing does."""
    try:
        return kind_by(path.lstat())
    except (FileNotFoundError, NotADirectoryError):
        return None


def kind_by(status: os.stat_result) -> Kind:
    """The same by what ``lstat`` says."""
    mode = status.st_mode
    if stat.S_ISLNK(mode) or getattr(status, "st_reparse_tag", 0) in _LINKS:
        return Kind.LINK
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.SPECIAL


def way_to(folder: Path, path: Path) -> list[Kind | None]:
    """What stands at each step from a folder down to a path below it."""
    parts = path.relative_to(folder).parts
    return [kind_of(folder.joinpath(*parts[:count])) for count in range(1, len(parts) + 1)]


def is_folder(path: Path) -> bool:
    """Whether a folder stands there that is no link."""
    return kind_of(path) is Kind.FOLDER


def is_file(path: Path) -> bool:
    """Whether a file stands there that is no link."""
    return kind_of(path) is Kind.FILE


def children(folder: Path) -> list[tuple[Path, Kind]]:
    """What stands in a folder, in the order of the names. Nothing where it is none, or a link."""
    if not is_folder(folder):
        return []
    with os.scandir(folder) as names:
        found = [(folder / name.name, kind_by(name.stat(follow_symlinks=False))) for name in names]
    return sorted(found, key=itemgetter(0))


def tree(folder: Path) -> Iterator[tuple[Path, Kind]]:
    """Everything below a folder, in the order of the names; no link is followed."""
    for path, kind in children(folder):
        yield path, kind
        if kind is Kind.FOLDER:
            yield from tree(path)


def is_plain_tree(folder: Path) -> bool:
    """Whether a folder stands there, and in it nothing but files and folders."""
    return is_folder(folder) and all(
        kind in (Kind.FILE, Kind.FOLDER) for _path, kind in tree(folder)
    )


def _require_file(path: Path, status: os.stat_result) -> None:
    """Raises NotPlain."""
    kind = kind_by(status)
    if kind is not Kind.FILE:  # guard: only-plain-files
        raise NotPlain(path, kind)


def open_plain(path: Path) -> int:
    """A descriptor for reading a plain file. Raises NotPlain, or another OSError."""
    _require_file(path, path.lstat())
    descriptor = os.open(path, _READING)
    try:
        # It may have been changed for another thing since it was looked at.
        _require_file(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_plain(path: Path) -> bytes:
    """The content of a plain file. Raises NotPlain, or another OSError."""
    with os.fdopen(open_plain(path), "rb") as file:
        return file.read()


def not_plain(kind: Kind) -> str:
    """What to do about what stands in place of a file or folder of the books."""
    if kind is Kind.LINK:
        return _("this is a link, and it was not followed: put in its place what it leads to")
    if kind is Kind.FOLDER:
        return _("this is a folder, and not the file that belongs here: move it away")
    if kind is Kind.FILE:
        return _("this is a file, and not the folder that belongs here: move it away")
    return _("this is a pipe, a socket or a device, and it was not opened: remove it")
