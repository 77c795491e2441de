"""Views by their days, kept until the books or the registry change.

Fava's server answers several requests at once; each view is worked out by one of them.
"""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from ledger.base.books_folder import REGISTRY_FILE
from ledger.books.books import Books
from ledger.books.settings import read_settings
from ledger.registry.key_file import key_path
from ledger.registry.key_file import read_key
from ledger.registry.registry import Registry
from reports.desk.view import View
from reports.desk.view import view_of

# Days that somebody looks at, going back and forth.
MOST = 12

# The key files that were named for books, by the books' folder: --key of the command.
_named_keys: dict[Path, Path] = {}


def name_key(folder: Path, key_file: Path | None) -> None:
    """The key file of the books in a folder, where it is not the user's own."""
    if key_file is not None:
        _named_keys[folder.resolve()] = key_file


def open_registry(folder: Path) -> Registry:
    """The registry of the books. Raises a Refusal when it does not open."""
    named = _named_keys.get(folder.resolve())
    key = read_key(key_path(read_settings(folder).key, named))
    return Registry(folder / REGISTRY_FILE, key)


class Views:
    """The views of one set of books. ``load`` gives the books as Fava has loaded them last."""

    def __init__(self, folder: Path, load: Callable[[], Books]) -> None:
        self.folder = folder
        self._load = load
        self._lock = Lock()
        self._books: Books | None = None
        self._views: OrderedDict[tuple[datetime.date, int, int], View] = OrderedDict()

    def forget(self) -> None:
        """The ledger was loaded anew."""
        with self._lock:
            self._books = None
            self._views.clear()

    def of(self, on: datetime.date) -> View:
        """The view as of a day. Raises a Refusal when registry or settings cannot be read."""
        with self._lock:
            state = (self.folder / REGISTRY_FILE).stat()
            key = (on, state.st_mtime_ns, state.st_size)
            if key not in self._views:
                if self._books is None:
                    self._books = self._load()
                with open_registry(self.folder) as registry:
                    self._views[key] = view_of(self._books, registry, on)
                while len(self._views) > MOST:
                    self._views.popitem(last=False)
            self._views.move_to_end(key)
            return self._views[key]
