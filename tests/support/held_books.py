"""Books as a server holds them, beside the same books as they are loaded whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.books.books import Books
from ledger.books.held_books import Held
from ledger.books.held_books import load_held
from ledger.books.settings import read_settings
from ledger.model.programme_file import read_programme
from tests.support.snapshots import said_of

# What no two objects have alike, and what is of the files' times.
_APART = ("dcontext", "input_hash")


def require_as_loaded(held: Held, root: Path) -> None:
    """What is held is what a fresh start finds: entries, errors, and all that follows."""
    fresh = load_held(root)
    assert held.files == fresh.files
    assert held.patterns == fresh.patterns
    now, then = held.loaded, fresh.loaded
    assert list(now.ledger.entries) == list(then.ledger.entries)
    assert [entry.meta for entry in now.ledger.entries] == [
        entry.meta for entry in then.ledger.entries
    ]
    assert list(now.errors) == list(then.errors)
    assert _options(now.options) == _options(then.options)
    assert str(now.options["dcontext"]) == str(then.options["dcontext"])
    assert now.marked == then.marked
    assert said_of(_books(held, root)) == said_of(_books(fresh, root))


def require_like(held: Held, books: Books) -> None:
    """The same beside books that have been loaded anyhow."""
    assert list(held.loaded.ledger.entries) == list(books.entries)
    assert list(held.loaded.errors) == list(books.errors)
    assert said_of(_books(held, books.folder)) == said_of(books)


def goes_on_from(after: Held, before: Held) -> bool:
    """Whether it has the very entries of what was held before."""
    known = set(map(id, after.loaded.ledger.entries))
    return all(id(entry) in known for entry in before.loaded.ledger.entries)


def _options(options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in _APART}


def _books(held: Held, root: Path) -> Books:
    loaded = held.loaded
    settings, programme = read_settings(root), read_programme(root)
    return Books(root, settings, programme, loaded.ledger, loaded.errors, loaded.marked)
