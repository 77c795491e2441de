"""The registry of the books, opened with the key that lies with the user, and put under another.

A new key lies beside the old one, pending, before the registry is put under it, and takes the old
one's place after. SQLCipher does its part whole or not at all. So whenever a command is killed,
one of the two keys opens the registry, and whoever opens it finds out which.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.plain_files import kind_of
from ledger.keys.places import pending_key_path
from ledger.keys.registry_key import read_key
from ledger.keys.registry_key import replace_key
from ledger.keys.registry_key import write_key
from ledger.registry.registry import Registry
from ledger.registry.registry_file import RegistryRefused
from ledger.registry.registry_file import WrongKey


def open_registry(books: Path, key_file: Path) -> Registry:
    """Open the registry of the books. Raises a Refusal when it does not open."""
    path = books / REGISTRY_FILE
    try:
        return Registry(path, read_key(key_file))
    except WrongKey:
        pending = pending_key_path(key_file)
        # guard: pending-key-tried
        if kind_of(pending) is None:
            raise
        return Registry(path, read_key(pending))


def key_in_use(books: Path, key_file: Path) -> str:
    """The key that opens the registry. Raises a Refusal when none does."""
    open_registry(books, key_file).close()
    key = read_key(key_file)
    return key if opens(books, key) else read_key(pending_key_path(key_file))


def opens(books: Path, key: str) -> bool:
    """Whether a key is the registry's. Raises a Refusal when it cannot be tried."""
    try:
        Registry(books / REGISTRY_FILE, key).close()
    except WrongKey:
        return False
    return True


def settle_keys(books: Path, key_file: Path) -> None:
    """Let one key be there, the registry's: a killed command may have left two.

    The caller holds the lock of the books. Raises a Refusal when no key opens the registry.
    """
    pending = pending_key_path(key_file)
    if kind_of(pending) is None:
        return
    key = key_in_use(books, key_file)
    if read_key(key_file) != key:
        replace_key(key_file, key)
    durable.remove_file(pending)


def put_under_new_key(registry: Registry, books: Path, key_file: Path, new_key: str) -> None:
    """Put the open registry under a new key, which takes the place of the one in the file.

    The caller holds the lock of the books. Raises RegistryRefused or OSError, and then the old
    key stands.
    """
    old = read_key(key_file)
    registry.remember_key(digest(old.encode("ascii")))
    write_key(pending_key_path(key_file), new_key)
    try:
        registry.file.put_under_key(new_key)
    except RegistryRefused:
        with suppress(OSError):
            settle_keys(books, key_file)
        raise
    settle_keys(books, key_file)
