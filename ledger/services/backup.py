"""`backup`: books, registry and keys into one file under a passphrase, which is read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.backup_layout import BOOKS
from ledger.books.backup_layout import REGISTRY_KEY
from ledger.books.backup_layout import files_to_keep
from ledger.books.backup_layout import operator_key_name
from ledger.books.books import Books
from ledger.books.checking import Complaint
from ledger.books.checking import check_content
from ledger.books.checking import grave
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.places import operators_with_keys
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import key_content
from ledger.keys.registry_key import read_key
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import SealedInPlace
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.keys.stretching import SALT_BYTES
from ledger.services.unit_of_work import Work


class NotToBackUp(Refusal):
    """Books that are not as the tool has written them: nobody could go on with their backup."""

    def __init__(self, fault: Complaint) -> None:
        message = _(
            "these books would not be restored from a backup: {file}: {problem}. Correct that, or"
            " restore an earlier backup"
        )
        super().__init__(message.format(file=fault.file, problem=fault.message))


class BackupInBooks(Refusal):
    """A backup in what it is a backup of goes with it."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} is inside the books, and would be lost with them: name a place apart from them,"
            " best on another disk"
        )
        super().__init__(message.format(path=path))


class Backup(Record):
    """What a backup holds: the books to event ``seq`` and the keys of ``operators``.

    ``left_out`` stands in the books' folder and is not of the books. ``faults`` are what a check
    finds of the books, and is in the backup as it is in them.
    """

    seq: int
    files: int
    size: int
    operators: tuple[str, ...]
    left_out: tuple[str, ...]
    faults: int


def require_place(path: Path, books: Path) -> None:
    """Raises BackupInBooks or SealedInPlace for a file that would be no backup."""
    # guard: backup-apart
    if path.resolve().is_relative_to(books.resolve()):
        raise BackupInBooks(path)
    if path.exists():
        raise SealedInPlace(path)


def back_up(
    work: Work, path: Path, passphrase: str, *, registry_key: Path, random_hex: RandomHex
) -> Backup:
    """Write the backup. The work holds the lock, so nothing but its owner changes the books.

    Raises NotToBackUp, BackupInBooks, SealedInPlace, ChangedMeanwhile or OSError.
    """
    books = work.books
    require_place(path, books.folder)
    faults = check_content(books, work.registry, with_artefacts=True)
    # guard: sound-backup
    if (worst := grave(faults)) is not None:
        raise NotToBackUp(worst)
    kept, left_out = files_to_keep(books.folder)
    members = [Member(f"{BOOKS}/{name}", books.folder / name) for name in kept]
    keys = list(_keys(books, registry_key))
    salt = bytes.fromhex(random_hex(SALT_BYTES))
    size = write_archive(path, Purpose.BACKUP, passphrase, [*keys, *members], salt)
    work.backup_seq = work.writer.head.seq
    operators = tuple(key.name.rpartition("/")[2] for key in keys[1:])
    return Backup(work.writer.head.seq, len(members), size, operators, tuple(left_out), len(faults))


def _keys(books: Books, registry_key: Path) -> Iterator[Member]:
    """The registry's key, and those of operators that are here and of these books."""
    yield Member(REGISTRY_KEY, key_content(read_key(registry_key)))
    for operator in operators_with_keys(registry_key):
        with suppress(Refusal):
            path = operator_key_path(registry_key, operator)
            key = read_operator_key(path, operator=operator, books=books.settings.key)
            yield Member(operator_key_name(operator), key.to_text().encode("utf-8"))
