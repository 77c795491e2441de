"""The books as they stand open in the browser: what is held for Fava's pages and for ours."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from threading import RLock

from ledger.base.books_folder import BANK_PROFILES
from ledger.base.language import in_language_of
from ledger.books.books import Books
from ledger.books.files_of_books import ALWAYS_THERE
from ledger.books.held_books import brought_to_date
from ledger.books.held_books import load_held
from ledger.books.loading import Loaded
from ledger.books.settings import read_settings
from ledger.events.event_file import event_paths
from ledger.model.programme_file import read_programme
from ledger.web.fava_ledger import names_english
from ledger.web.views import View
from ledger.web.views import Views


class OpenBooks:
    """The books in a folder, brought to date when they have changed, by one request at a time.

    What is ``held`` is never altered: other books take its place as a whole. ``key_file`` is the
    registry's key where it is not the user's own.
    """

    def __init__(self, folder: Path, *, key_file: Path | None = None) -> None:
        self.folder = folder
        self.root = folder.resolve()
        self.key_file = key_file
        self._lock = RLock()
        self._listeners: list[Callable[[], None]] = []
        self._written: Books | None = None
        self.held = load_held(self.root)
        self.names_english = names_english(self.held.loaded)
        if self.errors:  # They are told on pages, which speak the language of the books.
            with in_language_of(lambda: self.names_english):
                self.held = load_held(self.root)
        # What was seen of nothing has changed: the first request reads the files again.
        self._seen: dict[Path, object] | None = None
        self._views = Views(folder, self.books, key_file=key_file)

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Tell somebody whenever other books have been loaded, or events were folded on."""
        self._listeners.append(tell)

    def look_again(self, *, at_bytes: bool = False) -> None:
        """Bring the books to date if a file of theirs looks different, or by their bytes alone.

        A file that was put back counts too, with the older time that it has. Books that could not
        be loaded are tried again: nothing older is shown in their place.
        """
        with self._lock:
            looks = self._looks()
            # guard: changed-files-loaded
            if at_bytes or looks != self._seen:
                self._seen = None
                before, written = self.held, self._written
                self._written = None
                self.held = brought_to_date(before, self.root, written)
                is_loaded = self.held.loaded is not before.loaded
                if is_loaded or self.held.files != before.files:
                    self._views.forget()
                if is_loaded:
                    self.names_english = names_english(self.held.loaded)
                    for tell in self._listeners:
                        tell()
                # What was not looked at before is new, and is looked at again.
                self._seen = looks

    def to_work_on(self) -> Books | None:
        """The books for whoever holds their lock, byte for byte as they are on the disk; None in
        doubt, in which they are loaded.
        """
        with self._lock:
            self.look_again(at_bytes=True)  # guard: worked-on-as-on-the-disk
            # guard: worked-on-when-sound
            return self.whole() if self.held.is_sound else None

    def gone_on(self, books: Books) -> None:
        """A command of ours has written events: the books are now these, if the disk agrees."""
        with self._lock:
            self._written = books

    @property
    def loaded(self) -> Loaded:
        """What was loaded."""
        return self.held.loaded

    def books(self) -> Books:
        """The books as they were looked at last."""
        loaded = self.loaded
        return Books(
            self.root,
            read_settings(self.folder),
            read_programme(self.folder),
            loaded.ledger,
            loaded.errors,
            loaded.marked,
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
        return len(self.loaded.errors)

    def _looks(self) -> dict[Path, object]:
        """How the files stand on the disk of which pages are made."""
        paths = set(map(Path, [*self.loaded.options["include"], *self.held.papers]))
        paths |= {self.root / name for name in ALWAYS_THERE}
        paths |= {*(self.root / BANK_PROFILES).glob("*.toml"), *event_paths(self.root)}
        return {path: _look(path) for path in paths}


def _look(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
