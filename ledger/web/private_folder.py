"""The user's own folder for what a running ``desk`` keeps, which no other user can read.

It is outside the books, which may be shared and copied.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs

from ledger.base import durable
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

PRIVATE = 0o700


class NotPrivate(Refusal):
    """Others could read what is kept for the user alone."""

    def __init__(self, folder: Path) -> None:
        message = _("{folder} is not a private folder of this user: remove it and try again")
        super().__init__(message.format(folder=folder))


def private_folder() -> Path:
    """The folder, made when it is not there. Raises NotPrivate.

    In the user's home and not in a shared folder for temporary files, where somebody else could
    make it first.
    """
    folder = platformdirs.user_state_path("census-ledger", appauthor=False) / "browse"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or not folder.is_dir():
        raise NotPrivate(folder)
    if os.name != "nt":
        if status.st_uid != os.getuid():
            raise NotPrivate(folder)
        if status.st_mode & 0o077:
            folder.chmod(PRIVATE)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user may read; a reader sees the old one or the new, whole."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    durable.write_file(beside, text.encode("utf-8"), mode=durable.FOR_THE_OWNER)
    beside.replace(path)
