"""The ledgers that Fava shows: one for each state of the books, and each of them whole.

A page of Fava is made of one ledger from its beginning to its end, and of the books as they were
when it was asked for, or later ones. Once the books have changed, a ledger is made in the
background; a page of Fava waits for it, and the pages of the desk do not.
"""

from __future__ import annotations

from collections.abc import ItemsView
from threading import Lock

from ledger.base.language import in_language_of
from ledger.web.background import Afterwards
from ledger.web.fava_ledger import OfficeLedger
from ledger.web.open_books import OpenBooks

# A name that the books cannot choose.
SLUG = "ledger"


class FavaLedgers:
    """What Fava asks for its ledgers: there is one, that of the books as they are now."""

    def __init__(self, books: OpenBooks, *, edit: bool = False) -> None:
        self.books = books
        self.edit = edit
        self._lock = Lock()
        self._writing = Lock()
        self._newest: OfficeLedger | None = None
        # Whoever asks for a page of Fava makes it again when that fails, and is told.
        afterwards = Afterwards(self.newest)
        books.when_changed(afterwards.begin)
        afterwards.begin()

    def now(self) -> OfficeLedger:
        """The ledger of the books, which are looked at for changes."""
        self.books.look_again()
        return self.newest()

    def newest(self) -> OfficeLedger:
        """The ledger of the books as they were looked at last. Whoever asks waits for it."""
        with self._lock:
            loaded = self.books.loaded
            # guard: fava-of-these-books
            if self._newest is None or self._newest.loaded is not loaded:
                with in_language_of(lambda: self.books.names_english):
                    self._newest = OfficeLedger(
                        self.books.root,
                        loaded,
                        self._writing,
                        edit=self.edit,
                        before=self._newest,
                    )
            return self._newest

    def first_slug(self) -> str:
        return SLUG

    def items(self) -> ItemsView[str, OfficeLedger]:
        return {SLUG: self.newest()}.items()

    def __getitem__(self, slug: str) -> OfficeLedger:
        if slug != SLUG:
            raise KeyError(slug)
        return self.now()
