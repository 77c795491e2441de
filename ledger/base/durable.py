"""Files that survive a crash: what is written is on the disk before it is named.

Every change that a command makes to the books goes through these functions, and they go through
``disk``, where the tests put a disk that fails.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.base.plain_files import kind_of

# Seconds to wait after each refusal.
WINDOWS_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)
FOR_EVERYBODY = 0o666
FOR_THE_OWNER = 0o600
FOLDER_FOR_THE_OWNER = 0o700


class Disk:
    """The disk, operation by operation. A name that was given, changed or removed is on the disk
    only when its folder has been synced; what a file holds, when the file has.
    """

    def write_file(self, path: Path, content: bytes, mode: int) -> None:
        """Write a new file and wait until its content is on the disk."""
        _write(path, [content], mode)

    def write_parts(self, path: Path, parts: Iterable[bytes], mode: int) -> None:
        """The same of a content that comes in parts."""
        _write(path, parts, mode)

    def rename(self, source: Path, target: Path) -> None:
        """Move a file or folder to a name that is free."""
        source.rename(target)

    def replace(self, source: Path, target: Path) -> None:
        """Move a file to a name that may be another file's, which is gone then."""
        source.replace(target)

    def make_folder(self, path: Path) -> None:
        path.mkdir()

    def remove_file(self, path: Path) -> None:
        path.unlink()

    def remove_tree(self, path: Path) -> None:
        shutil.rmtree(path)

    def touch(self, path: Path) -> None:
        os.utime(path)

    def sync_file(self, path: Path) -> None:
        # Windows flushes only what is open for writing.
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def sync_folder(self, path: Path) -> None:
        """Wait until a folder's names are on the disk, where the system has such a thing."""
        if os.name == "nt":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, parts: Iterable[bytes], mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        if mode != FOR_EVERYBODY and os.name != "nt":
            # Whatever the umask takes away or leaves.
            os.fchmod(file.fileno(), mode)
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


disk = Disk()


def write_file(path: Path, content: bytes, *, mode: int = FOR_EVERYBODY) -> None:
    """Write a new file and wait until it is on the disk. FileExistsError when there is one.

    Its name is on the disk with the next sync of its folder.
    """
    disk.write_file(path, content, mode)


def write_parts(path: Path, parts: Iterable[bytes], *, mode: int = FOR_EVERYBODY) -> None:
    """The same of a content that comes in parts."""
    disk.write_parts(path, parts, mode)


def replace_file(path: Path, content: bytes, *, mode: int = FOR_EVERYBODY) -> None:
    """Put new content in a file's place: a reader sees the old or the new, never a mixture."""
    beside = _write_beside(path, content, mode)
    patiently(lambda: disk.replace(beside, path))
    disk.sync_folder(path.parent)


def create_file(path: Path, content: bytes, *, mode: int = FOR_EVERYBODY) -> None:
    """Write a new file, whole or not at all. FileExistsError when there is one."""
    if kind_of(path) is not None:
        raise FileExistsError(path)
    rename(_write_beside(path, content, mode), path)


def rename(source: Path, target: Path) -> None:
    """Give a file or folder its final name; FileExistsError when the name is taken.

    After an error everything is as it was, also after one that came when the name was there and
    the disk would not confirm it.
    """
    if kind_of(target) is not None:
        raise FileExistsError(target)
    patiently(lambda: disk.rename(source, target))
    try:
        disk.sync_folder(target.parent)
    except OSError:
        disk.rename(target, source)
        raise


def move_over(source: Path, target: Path) -> None:
    """Give a file, whose content is on the disk, a name that may be another file's."""
    patiently(lambda: disk.replace(source, target))
    disk.sync_folder(target.parent)


def create_file_of(
    path: Path, parts: Iterable[bytes], *, mode: int, proof: Callable[[Path], object]
) -> None:
    """Write a new file part by part, whole or not at all. FileExistsError when there is one.

    It gets its name after ``proof``, which is called with where it lies before.
    """
    if kind_of(path) is not None:
        raise FileExistsError(path)
    beside = _free_beside(path)
    try:
        disk.write_parts(beside, parts, mode)
        proof(beside)
        rename(beside, path)
    except BaseException:
        with suppress(OSError):
            disk.remove_file(beside)
        raise


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder, and the folders above it, unless they are there.

    A new one is ``private`` to its owner, or else what the umask says.
    """
    if not path.is_dir():
        make_folder(path.parent)
        disk.make_folder(path)
        if private and os.name != "nt":
            path.chmod(FOLDER_FOR_THE_OWNER)
        disk.sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there; of a link the link itself."""
    if kind_of(path) is not None:
        patiently(lambda: disk.remove_file(path))
        disk.sync_folder(path.parent)


def remove_tree(path: Path) -> None:
    """Remove a folder and what is in it."""
    patiently(lambda: disk.remove_tree(path))
    disk.sync_folder(path.parent)


def patiently(operation: Callable[[], object]) -> None:
    """Do it, on Windows several times: virus scanners and indexers hold new files open."""
    for pause in WINDOWS_PAUSES if os.name == "nt" else ():
        try:
            operation()
            return
        except PermissionError:
            time.sleep(pause)
    operation()


def touch(path: Path) -> None:
    """Set a file's time to now, so that watchers of it look again."""
    disk.touch(path)


def sync_tree(folder: Path) -> None:
    """Wait until every file below a folder, and the folder itself, is on the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            disk.sync_file(path)
        else:
            disk.sync_folder(path)
    disk.sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk, where the system has such a thing."""
    disk.sync_folder(folder)


def _write_beside(path: Path, content: bytes, mode: int) -> Path:
    """The content in a file beside, which may have been left there by a command that died."""
    beside = _free_beside(path)
    try:
        disk.write_file(beside, content, mode)
    except OSError:
        with suppress(OSError):
            disk.remove_file(beside)
        raise
    return beside


def _free_beside(path: Path) -> Path:
    beside = path.with_name(path.name + ".new")
    if kind_of(beside) is not None:
        disk.remove_file(beside)
    return beside
