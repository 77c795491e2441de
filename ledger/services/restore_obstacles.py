"""What stands where books and keys are to be restored, and must not be written over."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext
from contextlib import suppress
from pathlib import Path

from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.language import gettext as _
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import kind_of
from ledger.base.refusals import Refusal
from ledger.books.lock import locked
from ledger.events.event_file import digests_of_events
from ledger.keys.operator_key import OperatorKey
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.registry_key import read_key
from ledger.keys.witness import NOTHING_LOGGED
from ledger.registry.registry import Registry


class BooksNewer(Refusal):
    """The folder has events that the backup lacks."""

    def __init__(self, folder: Path, missing: Sequence[int]) -> None:
        message = _(
            "the books in {folder} are newer than the backup, which lacks events {first} to {last}:"
            " go on with them, or move that folder away first"
        )
        message = message.format(folder=folder, first=missing[0], last=missing[-1])
        super().__init__(message, missing=[*missing])


class RegistryNewer(Refusal):
    """The folder's registry has changes of records that the backup lacks."""

    def __init__(self, folder: Path) -> None:
        message = _(
            "the registry in {folder} has changes of records that the backup lacks: go on with it,"
            " or move that folder away first"
        )
        super().__init__(message.format(folder=folder))


class OtherBooksThere(Refusal):
    """In the folder are other books, or the same that went another way."""

    def __init__(self, folder: Path, seq: int) -> None:
        message = _(
            "event {seq} in {folder} is another one than in the backup: these are other books, or"
            " are damaged; name another folder, or move that one away first"
        )
        super().__init__(message.format(folder=folder, seq=seq), event=seq)


class FolderTaken(Refusal):
    """A folder that is needed holds something else."""

    def __init__(self, folder: Path) -> None:
        message = _("{folder} holds something else: name another folder, or move it away first")
        super().__init__(message.format(folder=folder))


class OtherKeyThere(Refusal):
    """A key on this machine is another than the one in the backup."""

    def __init__(self, path: Path) -> None:
        message = _(
            "the key {path} is another one than in the backup, and is not replaced: name another"
            " place for the keys, or move it away first if nothing is opened by it any more"
        )
        super().__init__(message.format(path=path))


def require_not_newer(folder: Path, events: Sequence[str], log: Sequence[str], key: str) -> None:
    """Raises a refusal where the folder holds anything that would be gone after."""
    if kind_of(folder) is None or (is_folder(folder) and not any(folder.iterdir())):
        return
    if not is_folder(folder):
        raise FolderTaken(folder)
    if not (folder / MAIN_FILE).is_file() and not is_folder(folder / EVENTS_FOLDER):
        raise FolderTaken(folder)
    with locked(folder) if (folder / MAIN_FILE).is_file() else nullcontext():
        there = digests_of_events(folder)
        for seq, (is_there, in_backup) in enumerate(zip(there, events, strict=False)):
            # guard: restore-over-the-same
            if is_there != in_backup:
                raise OtherBooksThere(folder, seq)
        # guard: restore-not-over-newer
        if len(there) > len(events):
            raise BooksNewer(folder, range(len(events), len(there)))
        head = _log_head(folder / REGISTRY_FILE, key)
        # guard: restore-not-over-newer-registry
        if head not in (NOTHING_LOGGED, *log):
            raise RegistryNewer(folder)


def _log_head(registry: Path, key: str) -> str:
    """The newest entry of a registry's log; none where it does not open."""
    with suppress(Refusal), Registry(registry, key) as there:
        return there.log.head()
    return NOTHING_LOGGED


def has_registry_key(path: Path, key: str) -> bool:
    """Whether it is there. Raises OtherKeyThere, or a refusal of the key there."""
    if not os.path.lexists(path):
        return False
    # guard: other-key-not-replaced
    if read_key(path) != key:
        raise OtherKeyThere(path)
    return True


def has_operator_key(registry_key: Path, key: OperatorKey) -> bool:
    """Whether it is there, under whatever passphrase. Raises OtherKeyThere, or of the key."""
    path = operator_key_path(registry_key, key.operator)
    if not os.path.lexists(path):
        return False
    there = read_operator_key(path, operator=key.operator, books=key.books)
    # guard: other-operator-key-not-replaced
    if there.public != key.public:
        raise OtherKeyThere(path)
    return True
