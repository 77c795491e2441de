"""The books as they stand open in the browser: one ledger for Fava's pages and for ours."""

from __future__ import annotations

import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from fava.core import FavaLedger

from ledger.books import Books
from ledger.settings import read_settings
from ledger.web.views import View
from ledger.web.views import Views


class OpenBooks:
    """The books in a folder, loaded by Fava and loaded anew when they have changed.

    ``key_file`` is the registry's key where it is not the user's own.
    """

    def __init__(self, folder: Path, ledger: FavaLedger, *, key_file: Path | None = None) -> None:
        self.folder = folder
        self.ledger = ledger
        self.key_file = key_file
        self._lock = RLock()
        self._views = Views(folder, self.books, key_file=key_file)

    def look_again(self) -> None:
        """Load the books anew if a file of theirs has changed."""
        with self._lock:
            if self.ledger.changed():
                self._views.forget()

    def books(self) -> Books:
        """The books as Fava has loaded them last."""
        # Fava's types stand for Beancount's own entries, which it has loaded.
        entries: Any = self.ledger.all_entries
        return Books(self.folder, read_settings(self.folder), entries, self.ledger.errors)

    def view(self, on: datetime.date) -> View:
        """The view as of a day. Raises a Refusal when registry or settings cannot be read."""
        return self._views.of(on)

    @property
    def errors(self) -> int:
        """How many errors the ledger has."""
        return len(self.ledger.errors)
