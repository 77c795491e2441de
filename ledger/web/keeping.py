"""What the desk holds is kept for commands: so is what the books have come to after each event."""

from __future__ import annotations

from collections.abc import Callable

from ledger.base.actor_and_clock import Signing
from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import Digest
from ledger.base.language import in_language_of
from ledger.books.held_snapshot import keep_held
from ledger.events.event_file import Head
from ledger.services.workplace import Workplace
from ledger.web.background import Afterwards
from ledger.web.open_books import OpenBooks

NO_FILE = Digest("")
# An operator's key, None once the operator has logged out.
Signer = Callable[[], Signing | None]


class Keeping:
    """Keeps the books once they have changed, in the background, as a command keeps them: signed by
    whoever has written their newest event here, and otherwise by nobody.
    """

    def __init__(self, books: OpenBooks, place: Workplace) -> None:
        self.books = books
        self.place = place
        self.afterwards = Afterwards(self.keep)
        self._signers: dict[Digest, Signer] = {}
        books.when_changed(self.afterwards.begin)

    def written(self, head: Head, signer: Signer) -> None:
        """The newest event is one of the desk's own."""
        self._signers = {head.file_sha256: signer}
        self.afterwards.begin()

    def keep(self) -> None:
        """Keep the books as they are now. Raises a Refusal, or OSError."""
        # No key is held any longer than it takes.
        signers, self._signers = self._signers, {}
        with in_language_of(lambda: self.books.names_english):
            self.books.look_again()
        held = self.books.held
        # guard: signed-by-who-has-written
        signer = signers.get(held.files.get(HEAD_FILE, NO_FILE), lambda: None)
        keep_held(held, self.books.root, self.place.snapshot_file(), signer())
