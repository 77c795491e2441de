"""Files that survive a crash: what is written is on the disk before it is named.

Every change that a command makes to the books goes through these functions.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

# Seconds to wait after each refusal.
WINDOWS_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk. FileExistsError when there is one."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place: a reader sees the old or the new, never a mixture."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    write_file(beside, content)
    patiently(lambda: beside.replace(path))
    sync_folder(path.parent)


def rename(source: Path, target: Path) -> None:
    """Give a file or folder its final name; FileExistsError when the name is taken."""
    if target.exists():
        raise FileExistsError(target)
    patiently(lambda: source.rename(target))
    sync_folder(target.parent)


def make_folder(path: Path) -> None:
    """Make a folder, and the folders above it, unless they are there."""
    path.mkdir(parents=True, exist_ok=True)


def remove_tree(path: Path) -> None:
    """Remove a folder and what is in it."""
    patiently(lambda: shutil.rmtree(path))


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
    os.utime(path)


def sync_tree(folder: Path) -> None:
    """Wait until every file below a folder, and the folder itself, is on the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            # Windows flushes only what is open for writing.
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk, where the system has such a thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
