"""The tray: files that somebody has dropped on the desk, until they are taken in or put away.

They lie in the user's private folder, outside the books, each under a number, and are gone when
they have been taken in, when the operator logs out and when the server stops.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from ledger.base import durable
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.web.private_folder import PRIVATE
from ledger.web.private_folder import private_folder


@dataclass(frozen=True)
class Dropped:
    """A file in the tray. ``number`` is its address, ``path`` its copy in the private folder."""

    number: str
    name: str
    path: Path
    sha256: Digest


@dataclass
class Tray:
    """The files of one browser, in the order in which they came, and what became of the last.

    ``books`` tells trays of these books from those of others in the private folder.
    """

    books: str
    files: dict[str, Dropped] = field(default_factory=dict)
    answers: Sequence[Any] = ()
    _folder: Path | None = None

    def put(self, name: str, content: bytes) -> Dropped:
        """Keep a file by its own name in a folder of its own."""
        if self._folder is None:
            self._folder = private_folder() / f"{_beginning(self.books)}{secrets.token_hex(8)}"
            self._folder.mkdir(mode=PRIVATE)
        number = secrets.token_hex(4)
        folder = self._folder / number
        folder.mkdir(mode=PRIVATE)
        path = folder / name
        durable.write_file(path, content, mode=durable.FOR_THE_OWNER)
        self.files[number] = Dropped(number, name, path, digest(content))
        return self.files[number]

    def remove(self, number: str) -> None:
        """Put a file away."""
        file = self.files.pop(number, None)
        if file is not None:
            shutil.rmtree(file.path.parent, ignore_errors=True)

    def empty(self) -> None:
        """Put everything away."""
        self.files.clear()
        self.answers = ()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def remove_left_trays(books: str) -> None:
    """Put away what a killed server on these books has left."""
    for folder in private_folder().glob(f"{_beginning(books)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _beginning(books: str) -> str:
    return f"tray-{books}-"
