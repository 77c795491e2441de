"""A file of the user's own, as keys are: no link, no pipe, and nobody else's to read or replace."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import open_plain
from ledger.base.refusals import Refusal

# Bytes. What is longer is no key, and is not read.
LONGEST = 4096


class KeyStrange(Refusal):
    """In place of a key stands a link, a folder or a pipe."""

    def __init__(self, path: Path, kind: Kind) -> None:
        if kind is Kind.LINK:
            message = _("{path} is a link to a key")
            super().__init__(message.format(path=path))
            return
        super().__init__(_("{file}: {problem}").format(file=path, problem=not_plain(kind)))


class KeyOpen(Refusal):
    """Others on this machine can read a key, or put another in its place."""

    def __init__(self, path: Path, correct: str, corrected: Path) -> None:
        import getpass

        message = _(
            "others on this machine can read or replace the key {path}: '{correct}' makes it yours"
            " alone again"
        )
        correct = correct.format(file=corrected, user=getpass.getuser())
        super().__init__(message.format(path=path, correct=correct))


class NotPrivate(OSError):
    """Others on this machine have written a file, or can."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EPERM, "not this user's alone", str(path))


def open_private(path: Path) -> int:
    """A descriptor for reading a plain file that is the user's alone, as all that we write is.

    Raises NotPlain, NotPrivate or another OSError.
    """
    descriptor = open_plain(path)
    status = os.fstat(descriptor)
    # guard: private-snapshot
    if os.name != "nt" and (status.st_uid not in (os.geteuid(), 0) or status.st_mode & 0o077):
        os.close(descriptor)
        raise NotPrivate(path)
    return descriptor


def read_private(path: Path) -> bytes:
    """The content of a key file.

    Raises KeyStrange, KeyOpen when others can read or change it, ValueError for what is too long
    for a key, or FileNotFoundError.
    """
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            content = file.read(LONGEST + 1)
    except NotPlain as found:
        raise KeyStrange(path, found.kind) from None
    if os.name != "nt":
        _require_private(path)
    if len(content) > LONGEST:
        raise ValueError(len(content))
    return content


def _require_private(path: Path) -> None:
    file, folder, me = path.lstat(), path.absolute().parent.stat(), os.geteuid()
    if file.st_uid not in (me, 0) and me:
        raise KeyOpen(path, "chown {user} {file}", path)
    # guard: private-key
    if file.st_mode & 0o077:
        raise KeyOpen(path, "chmod 600 {file}", path)
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        raise KeyOpen(path, "chmod go-w {file}", path.absolute().parent)
