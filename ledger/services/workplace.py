"""Some books on this machine, and the user's keys for them: what a door needs to open a work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.books.books import require_books
from ledger.books.registry_access import open_registry
from ledger.books.registry_access import settle_keys
from ledger.books.settings import read_settings
from ledger.keys.default_operator import read_default_operator
from ledger.keys.operator_key import OperatorKey
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.places import snapshot_path
from ledger.keys.places import witness_path
from ledger.keys.registry_key import key_path
from ledger.registry.registry import Registry

if TYPE_CHECKING:
    from ledger.services.unit_of_work import Work


class Workplace(Record):
    """The books in ``folder``; ``key_file`` is the registry's key where it is not the usual one."""

    folder: Path
    key_file: Path | None = None

    def registry_key(self) -> Path:
        """Where the registry's key is; the other files of the user lie beside it."""
        require_books(self.folder)
        return key_path(read_settings(self.folder).key, self.key_file)

    def witness_file(self) -> Path:
        """Where this machine remembers what it has seen of the books."""
        return witness_path(self.registry_key())

    def snapshot_file(self) -> Path:
        """Where what the books have come to is kept between commands."""
        return snapshot_path(self.registry_key())

    def registry(self) -> Registry:
        """Open the registry of the books. Raises a Refusal when it does not open."""
        return open_registry(self.folder, self.registry_key())

    def registry_under_lock(self) -> Registry:
        """The same for work that writes: what a killed one has left of keys is settled."""
        settle_keys(self.folder, self.registry_key())
        return self.registry()

    def default_operator(self) -> str | None:
        """Who works on this machine when nobody is named."""
        return read_default_operator(default_operator_path(self.registry_key()))

    def operator_key(self, operator: str) -> OperatorKey:
        """An operator's own key. Raises a refusal of the key."""
        path = operator_key_path(self.registry_key(), operator)
        return read_operator_key(path, operator=operator, books=read_settings(self.folder).key)

    def work(
        self,
        actor: Actor,
        clock: Clock,
        *,
        with_errors: bool = False,
        older: bool = False,
        held: Callable[[], Books | None] | None = None,
    ) -> AbstractContextManager[Work]:
        """A unit of work on the books, with the registry. ``held`` gives the books where
        whoever works has them.
        """
        # What only reads needs nothing of it.
        from ledger.services.unit_of_work import unit_of_work

        return unit_of_work(
            self.folder,
            actor,
            clock,
            self.registry_under_lock,
            self.witness_file(),
            with_errors=with_errors,
            older=older,
            snapshot=self.snapshot_file(),
            held=held,
        )
