"""The books as they stand open in the browser: one ledger for Fava's pages and for ours."""

from __future__ import annotations

import datetime
from pathlib import Path
from threading import RLock

from ledger.books.books import Books
from ledger.books.settings import read_settings
from ledger.model.programme_file import read_programme
from ledger.web.fava_ledger import OfficeLedger
from ledger.web.views import View
from ledger.web.views import Views


class OpenBooks:
    """The books in a folder, loaded by Fava and loaded anew when they have changed.

    ``key_file`` is the registry's key where it is not the user's own.
    """

    def __init__(self, folder: Path, ledger: OfficeLedger, *, key_file: Path | None = None) -> None:
        self.folder = folder
        self.ledger = ledger
        self.key_file = key_file
        self._lock = RLock()
        self._seen = ledger.loads
        self._views = Views(folder, self.books, key_file=key_file)

    def look_again(self) -> None:
        """Load the books anew if a file of theirs has changed.

        Fava's pages load them too: what counts is how often they have been loaded.
        """
        with self._lock:
            self.ledger.changed()
            if self.ledger.loads != self._seen:
                self._seen = self.ledger.loads
                self._views.forget()

    def books(self) -> Books:
        """The books as they were loaded last."""
        loaded = self.ledger.loaded
        return Books(
            self.folder,
            read_settings(self.folder),
            read_programme(self.folder),
            loaded.ledger,
            loaded.errors,
        )

    def whole(self) -> Books:
        """The same, of which everything is worked out once."""
        return self._views.whole()

    def view(self, on: datetime.date) -> View:
        """The view as of a day. Raises a Refusal when registry or settings cannot be read."""
        return self._views.of(on)

    @property
    def errors(self) -> int:
        """How many errors the ledger has."""
        return len(self.ledger.errors)
