"""What a server holds of the books, kept as a command keeps them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.books.books import marked_tables
from ledger.books.held_books import Held
from ledger.books.held_books import is_profile
from ledger.books.snapshot import Bound
from ledger.books.snapshot import Snapshots
from ledger.books.this_program import this_program

if TYPE_CHECKING:
    from ledger.base.actor_and_clock import Signing


def keep_held(held: Held, root: Path, path: Path, signer: Signing | None) -> None:
    """Keep sound books under ``path``, unless they are kept there, or are others on the disk by
    now. Raises OSError.
    """
    loaded = held.loaded
    # guard: sound-held-books-kept
    if loaded.errors or not held.is_sound:
        return
    bound = Bound(
        this_program(),
        str(root),
        {name: sha256 for name, sha256 in held.files.items() if not is_profile(name)},
        held.patterns,
        tuple(sorted(os.path.relpath(name, root) for name in held.papers)),
        (*loaded.marked, *marked_tables(root)),
    )
    Snapshots(root, path, signer).keep_as(bound, loaded.ledger)
