"""Disks that fail, put in the place of ``ledger.base.durable.disk``: each at its n-th moment.

They do what the real disk does until then; none of the ledger's own code is replaced.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.durable import FOR_EVERYBODY
from ledger.base.durable import Disk

# SQLite waits for the disk by itself, and a lock holds nothing.
KEPT_BY_OTHERS = {REGISTRY_FILE, f"{REGISTRY_FILE}-journal", ".lock"}
TAKES_ROOM = {"write_file", "write_part", "make_folder"}


class Killed(BaseException):
    """The process is gone, for a test that goes on in the same process."""


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


class FaultyDisk(Disk):
    """Calls :meth:`before` with an operation's name and path before each."""

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.seen = 0

    def is_the_moment(self) -> bool:
        self.seen += 1
        return self.seen == self.moment

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        raise NotImplementedError

    def write_file(self, path: Path, content: bytes, mode: int) -> None:
        self.before("write_file", path, content)
        super().write_file(path, content, mode)

    def write_parts(self, path: Path, parts: Iterable[bytes], mode: int) -> None:
        """Of each part it is asked anew: a file that comes in parts can end anywhere."""
        super().write_parts(path, self.each(path, parts), mode)

    def each(self, path: Path, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self.before("write_part", path, part)
            yield part

    def rename(self, source: Path, target: Path) -> None:
        self.before("rename", target)
        super().rename(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self.before("replace", target)
        super().replace(source, target)

    def make_folder(self, path: Path) -> None:
        self.before("make_folder", path)
        super().make_folder(path)

    def remove_file(self, path: Path) -> None:
        self.before("remove_file", path)
        super().remove_file(path)

    def remove_tree(self, path: Path) -> None:
        self.before("remove_tree", path)
        super().remove_tree(path)

    def touch(self, path: Path) -> None:
        self.before("touch", path)
        super().touch(path)

    def sync_file(self, path: Path) -> None:
        self.before("sync_file", path)
        super().sync_file(path)

    def sync_folder(self, path: Path) -> None:
        self.before("sync_folder", path)
        super().sync_folder(path)


class FullDisk(FaultyDisk):
    """Full at one operation, whatever it is, and from then on for all that takes room.

    Half of a file that is being written finds room.
    """

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        now = self.is_the_moment()
        if now or (self.seen > self.moment and operation in TAKES_ROOM):
            if operation == "write_file":
                Disk.write_file(self, path, half(content), FOR_EVERYBODY)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


class TornWrites(FaultyDisk):
    """The process dies when half of a file has been written, by us or by a library."""

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        if operation == "write_file" and self.is_the_moment():
            Disk.write_file(self, path, half(content), FOR_EVERYBODY)
            die()
        if operation == "write_part" and self.is_the_moment():
            die()
        if operation == "sync_file" and self.is_the_moment():
            tear(path)
            die()


@dataclass(frozen=True)
class Unsynced:
    """A change of a name in a folder that is not on the disk yet, and how it is lost."""

    folder: Path
    lose: Callable[[], None]


class PowerCut(FaultyDisk):
    """The machine loses its power before an operation.

    Lost are the names that were not synced, those of them that ``choose`` names; files whose
    content was not synced are torn. With ``kill_before`` the process is killed before an
    operation, and nothing is done of what it still tries; the machine lives on.
    """

    def __init__(
        self,
        moment: int,
        folder: Path,
        choose: Callable[[Sequence[Unsynced]], Sequence[Unsynced]] = tuple,
    ) -> None:
        super().__init__(moment)
        self.folder = folder
        self.choose = choose
        self.unsynced: list[Unsynced] = []
        self.operations = 0
        self.kill_before = 0
        self.safe = {digest(path.read_bytes()) for path in self.files()}

    def files(self) -> list[Path]:
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path for path in found if path.name not in KEPT_BY_OTHERS]

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        self.operations += 1
        if 0 < self.kill_before <= self.operations:
            raise Killed
        if self.choose(self.unsynced) and self.is_the_moment():
            self.lose()
            die()

    def lose(self) -> None:
        """What is left of the books when the power comes back."""
        for path in self.files():
            if digest(path.read_bytes()) not in self.safe:
                tear(path)
        for change in reversed(self.choose(self.unsynced)):
            change.lose()

    def changed(self, folder: Path, lose: Callable[[], None]) -> None:
        self.unsynced.append(Unsynced(folder, lose))

    def write_file(self, path: Path, content: bytes, mode: int) -> None:
        super().write_file(path, content, mode)
        self.safe.add(digest(content))
        self.changed(path.parent, lambda: path.unlink(missing_ok=True))

    def write_parts(self, path: Path, parts: Iterable[bytes], mode: int) -> None:
        super().write_parts(path, parts, mode)
        self.safe.add(digest(path.read_bytes()))
        self.changed(path.parent, lambda: path.unlink(missing_ok=True))

    def sync_file(self, path: Path) -> None:
        super().sync_file(path)
        self.safe.add(digest(path.read_bytes()))

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self.unsynced = [change for change in self.unsynced if change.folder != path]

    def rename(self, source: Path, target: Path) -> None:
        """Between folders either half can be lost, but never the file with both."""
        super().rename(source, target)

        def new_name_lost() -> None:
            write_tree(source, read_tree(target))
            remove(target)

        self.changed(target.parent, new_name_lost)
        if source.parent != target.parent:
            self.changed(source.parent, lambda: write_tree(source, read_tree(target)))

    def replace(self, source: Path, target: Path) -> None:
        old = read_tree(target)
        super().replace(source, target)

        def old_content_back() -> None:
            write_tree(source, read_tree(target))
            remove(target)
            write_tree(target, old)

        self.changed(target.parent, old_content_back)

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)
        self.changed(path.parent, lambda: remove(path))

    def remove_file(self, path: Path) -> None:
        old = read_tree(path)
        super().remove_file(path)
        self.changed(path.parent, lambda: write_tree(path, old))

    def remove_tree(self, path: Path) -> None:
        old = read_tree(path)
        super().remove_tree(path)
        self.changed(path.parent, lambda: write_tree(path, old))


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def tear(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def read_tree(path: Path) -> dict[Path, bytes | None]:
    """A file, or a folder and all in it, by their paths below ``path``; None for a folder."""
    if not path.exists():
        return {}
    found = [path, *sorted(path.rglob("*"))]
    return {one.relative_to(path): None if one.is_dir() else one.read_bytes() for one in found}


def write_tree(path: Path, tree: dict[Path, bytes | None]) -> None:
    """Put back what :func:`read_tree` has read, where the folder is there and the name is free."""
    if not path.parent.is_dir() or path.exists():
        return
    for below, content in tree.items():
        if content is None:
            (path / below).mkdir()
        else:
            # A key that others could read would be refused.
            (path / below).touch(mode=0o600)
            (path / below).write_bytes(content)
