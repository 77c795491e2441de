"""The lock of a file: one process holds it at a time, and loses it when it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockHeld(Exception):
    """Another process holds the lock."""


@contextmanager
def file_lock(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of a file. Raises LockHeld when it is not free within so many seconds.

    filelock does it on every system and knows what can be in the way, but takes a hundredth of a
    second to load. Where an earlier command has left the file, and nobody holds it, the lock is
    taken as filelock takes it.
    """
    held = _taken_at_once(path)
    if held is not None:
        try:
            yield
        finally:
            os.close(held)
        return
    import filelock

    lock = filelock.FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise LockHeld from None
    try:
        yield
    finally:
        lock.release()


def _taken_at_once(path: Path) -> int | None:
    """The descriptor of the file, which is locked; None where that did not go without more ado."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
