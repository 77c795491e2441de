"""The tray: files that somebody has dropped on the desk, until they are taken in or put away.

They lie in the user's private folder, outside the books, and are gone when they have been taken in,
when the operator logs out and when the server stops. What goes back to a town is kept in memory as
long. They lie together, as the user has them: of what several of them say a town gets one workbook.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from itertools import count
from pathlib import Path
from typing import Any

from ledger.base import durable
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.web.private_folder import PRIVATE
from ledger.web.private_folder import private_folder

# In bytes, as file systems count; a workbook that goes back has a longer one.
LONGEST_NAME = 160
# The folder of the files that lie together, within that of a browser.
_TOGETHER = "files"
# What Windows takes for a device, whatever its ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)
# What no file of some system can be called by.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Dropped(Record):
    """A file in the tray. ``number`` is its address, ``path`` its copy in the private folder."""

    number: str
    name: str
    path: Path
    sha256: Digest


@dataclass
class Tray:
    """The files of one browser, in the order in which they came.

    ``books`` tells trays of these books from those of others in the private folder; ``options``
    are how the files are to be taken, ``preview`` what they would do and of which state that is,
    ``answers`` what became of those that were taken last, ``returned`` what goes back, by name.
    """

    books: str
    files: dict[str, Dropped] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    preview: tuple[str, Any] = ("", None)
    answers: list[Any] = field(default_factory=list)
    returned: dict[str, bytes] = field(default_factory=dict)
    _folder: Path | None = None

    def put(self, name: str, content: bytes) -> Dropped:
        """Keep a file by its own name, beside the others unless one is called so."""
        if self._folder is None:
            self._folder = private_folder() / f"{_beginning(self.books)}{secrets.token_hex(8)}"
            for new in (self._folder, self._folder / _TOGETHER):
                new.mkdir(mode=PRIVATE)
        number, plain = secrets.token_hex(4), plain_name(name)
        folder = self._folder / _TOGETHER
        # What has no ending may be called as the folder of what goes back.
        if "." not in plain or (folder / plain).exists():
            folder = self._folder / number
            folder.mkdir(mode=PRIVATE)
        path = folder / plain
        durable.write_file(path, content, mode=durable.FOR_THE_OWNER)
        self.files[number] = Dropped(number, path.name, path, digest(content))
        return self.files[number]

    def keep_returned(self, numbers: Iterable[str]) -> None:
        """Keep the workbooks that were written beside files, to be downloaded.

        Two files may send the same town one each, of one name: both are kept.
        """
        dropped = {file.path for file in self.files.values()}
        for folder in dict.fromkeys(self.files[number].path.parent for number in numbers):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path not in dropped:
                    content = path.read_bytes()
                    self.returned[self._free_name(path, content)] = content
                    path.unlink()

    def _free_name(self, path: Path, content: bytes) -> str:
        """The first of 名册.xlsx, 名册-2.xlsx, 名册-3.xlsx that stands for no other workbook."""
        names = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
        # guard: returned-of-one-name
        return next(
            name
            for name in chain([path.name], names)
            if self.returned.get(name, content) == content
        )

    def remove(self, number: str) -> None:
        """Put a file away."""
        file = self.files.pop(number, None)
        if file is None:
            return
        with suppress(OSError):
            file.path.unlink()
        if file.path.parent.name != _TOGETHER:
            shutil.rmtree(file.path.parent, ignore_errors=True)

    def empty(self) -> None:
        """Put everything away."""
        self.files.clear()
        self.answers.clear()
        self.returned.clear()
        self.options, self.preview = {}, ("", None)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def plain_name(name: str) -> str:
    """A file's own name, as every system can have it; of a folder's file without the folder."""
    last = re.split(r"[/\\]", cleaned(name))[-1]
    last = _NOT_IN_NAMES.sub("_", last).strip(" .")
    # guard: no-devices-in-the-tray
    last = f"_{last}" if _DEVICE.match(last) else last
    stem, dot, ending = last.rpartition(".")
    return (
        f"{_cut(stem, LONGEST_NAME)}{dot}{_cut(ending, 20)}" if stem else _cut(last, 100) or "无名"
    )


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def remove_left_trays(books: str) -> None:
    """Put away what a killed server on these books has left."""
    for folder in private_folder().glob(f"{_beginning(books)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _beginning(books: str) -> str:
    return f"tray-{books}-"
