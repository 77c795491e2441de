"""`restore`: books and keys out of a backup, judged in a folder beside before they are in place.

The backup may be old, damaged, or made by somebody who means harm and knows the passphrase. So its
names are held against the layout of the books, the books are loaded and checked as any others, and
nothing that is there is written over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import BANK_PROFILES
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import JOURNAL
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import REPORTS
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.books_folder import STATEMENTS
from ledger.base.language import gettext as _
from ledger.base.plain_files import children
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import is_plain_tree
from ledger.base.plain_files import kind_of
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.backup_layout import BOOKS
from ledger.books.backup_layout import REGISTRY_KEY
from ledger.books.backup_layout import may_be_kept
from ledger.books.backup_layout import operator_of_key
from ledger.books.books import load_books
from ledger.books.books import require_plain_path
from ledger.books.checking import Complaint
from ledger.books.checking import check_content
from ledger.books.checking import grave
from ledger.books.consistency import not_as_witnessed
from ledger.books.permissions import SHARED
from ledger.books.permissions import Readers
from ledger.books.permissions import make_private
from ledger.books.settings import read_settings
from ledger.events.event_file import digests_of_events
from ledger.keys.operator_key import OperatorKey
from ledger.keys.operator_key import operator_key_in
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.keys.private_file import LONGEST
from ledger.keys.registry_key import key_in
from ledger.keys.registry_key import key_path
from ledger.keys.registry_key import require_apart
from ledger.keys.registry_key import write_key
from ledger.keys.sealed_archive import ArchiveReader
from ledger.keys.sealed_archive import ArchiveStrange
from ledger.keys.sealed_archive import Listed
from ledger.keys.sealed_stream import Purpose
from ledger.keys.witness import judge_place
from ledger.keys.witness import read_witness
from ledger.registry.registry import Registry
from ledger.services.restore_obstacles import FolderTaken
from ledger.services.restore_obstacles import has_operator_key
from ledger.services.restore_obstacles import has_registry_key
from ledger.services.restore_obstacles import require_not_newer

_FOLDERS = (EVENTS_FOLDER, JOURNAL, PAYOUTS, REPORTS, STATEMENTS)
# Without these there are no books, and what is said of their absence would not say so.
_NEEDED = frozenset(
    f"{BOOKS}/{name}" for name in (MAIN_FILE, SETTINGS_FILE, PROGRAMME_FILE, REGISTRY_FILE)
)


class BackupUnsound(Refusal):
    """What was backed up is not as the tool writes it."""

    def __init__(self, fault: Complaint) -> None:
        message = _(
            "the books in this backup are not as they were written, and nothing was put in place:"
            " {file}: {problem}"
        )
        super().__init__(message.format(file=fault.file, problem=fault.message))


class Keys(Record):
    """The keys of a backup, which are on no disk before they are in place."""

    registry: str
    operators: tuple[OperatorKey, ...]


class Restored(Record):
    """Books that were unpacked beside ``folder`` and are sound.

    ``doubt`` is why nothing would be written to them on this machine as they are: it has seen
    newer ones, or they stand elsewhere too. ``faults`` are what a check finds of them, which was
    so when they were backed up.
    """

    folder: Path
    unpacked: Path
    registry_key: Path
    keys: Keys
    events: tuple[str, ...]
    log: tuple[str, ...]
    faults: int
    doubt: Refusal | None

    @property
    def seq(self) -> int:
        """The newest event."""
        return len(self.events) - 1

    @property
    def operators(self) -> tuple[str, ...]:
        """Whose keys come with the books."""
        return tuple(key.operator for key in self.keys.operators)

    def put_in_place(self) -> Path | None:
        """The keys where they belong, and then the books; where older books went that were there.

        Raises a refusal of :func:`require_not_newer`, OtherKeyThere, FolderTaken or OSError, and
        then nothing was changed.
        """
        # Somebody may have written there while it was asked about.
        require_not_newer(self.folder, self.events, self.log, self.keys.registry)
        aside = self.folder.with_name(f"{self.folder.name}.before")
        was_there = is_folder(self.folder) and any(self.folder.iterdir())
        if was_there and kind_of(aside) is not None:
            raise FolderTaken(aside)
        written = self._write_keys()
        moved = False
        try:
            if was_there:
                durable.rename(self.folder, aside)
                moved = True
            elif is_folder(self.folder):
                durable.remove_tree(self.folder)
            durable.rename(self.unpacked, self.folder)
        except BaseException:
            with suppress(OSError):
                if moved and kind_of(self.folder) is None:
                    durable.rename(aside, self.folder)
                for path in written:
                    durable.remove_file(path)
            raise
        return aside if was_there else None

    def _write_keys(self) -> list[Path]:
        """Those that are not there yet; their paths."""
        missing = [key for key in self.keys.operators if not self._has(key)]
        is_there = has_registry_key(self.registry_key, self.keys.registry)
        durable.make_folder(self.registry_key.parent, private=True)
        written = []
        try:
            if not is_there:
                write_key(self.registry_key, self.keys.registry)
                written.append(self.registry_key)
            for key in missing:
                path = operator_key_path(self.registry_key, key.operator)
                write_operator_key(path, key)
                written.append(path)
        except BaseException:
            with suppress(OSError):
                for path in written:
                    durable.remove_file(path)
            raise
        return written

    def _has(self, key: OperatorKey) -> bool:
        return has_operator_key(self.registry_key, key)


@contextmanager
def restored(
    path: Path, folder: Path, passphrase: str, key_file: Path | None
) -> Iterator[Restored]:
    """Unpack a backup beside the folder and judge it; afterwards what is left of it is removed.

    Raises a refusal of the sealed file, ArchiveStrange, BackupUnsound, a refusal of loading books,
    BooksNewer, RegistryNewer, OtherBooksThere, FolderTaken, OtherKeyThere or KeyBesideBooks.
    """
    require_plain_path(folder)
    folder = folder.absolute()
    beside = folder.with_name(f"{folder.name}.restoring")
    _make_free(beside)
    durable.make_folder(beside, private=True)
    try:
        unpacked = beside / BOOKS
        contents = _unpack(path, unpacked, passphrase)
        yield _judged(path, folder, unpacked, contents, key_file)
    finally:
        with suppress(OSError):
            durable.remove_tree(beside)


def _make_free(beside: Path) -> None:
    """Remove what a killed command has left. Raises FolderTaken for anything else."""
    if kind_of(beside) is None:
        return
    names = {found.name for found, _kind in children(beside)}
    # guard: only-our-leavings
    if not is_plain_tree(beside) or not names <= {BOOKS}:
        raise FolderTaken(beside)
    durable.remove_tree(beside)


def _unpack(path: Path, target: Path, passphrase: str) -> dict[str, bytes]:
    """The books into a new folder; the keys are returned by their names.

    Raises a refusal of the sealed file or ArchiveStrange.
    """
    keys: dict[str, bytes] = {}
    with ArchiveReader(path, Purpose.BACKUP, passphrase) as archive:
        names = {member.name for member in archive.members}
        for member in archive.members:
            # guard: known-names-alone
            if not _is_known(member):
                raise ArchiveStrange(path, member.name)
        if not names >= {*_NEEDED, REGISTRY_KEY}:
            raise ArchiveStrange(path)
        durable.make_folder(target)
        for name in (*_FOLDERS, BANK_PROFILES):
            if name in _FOLDERS or any(one.startswith(f"{BOOKS}/{name}/") for one in names):
                durable.make_folder(target / name, private=name in SHARED)
        try:
            for member, pieces in archive:
                if member.name.startswith(f"{BOOKS}/"):
                    file = target.joinpath(*member.name.split("/")[1:])
                    durable.make_folder(file.parent)
                    durable.write_parts(file, pieces, mode=_mode(member.name))
                else:
                    keys[member.name] = b"".join(pieces)
        # Two names that are one to this disk, or a file in place of a folder.
        except (FileExistsError, NotADirectoryError):
            raise ArchiveStrange(path) from None
    durable.sync_tree(target)
    return keys


def _mode(name: str) -> int:
    is_private = name.split("/")[1] in (REGISTRY_FILE, *SHARED)
    return durable.FOR_THE_OWNER if is_private else durable.FOR_EVERYBODY


def _is_known(member: Listed) -> bool:
    room, _slash, name = member.name.partition("/")
    if room == BOOKS:
        return may_be_kept(name)
    is_key = member.name == REGISTRY_KEY or operator_of_key(member.name) is not None
    return is_key and member.size <= LONGEST


def _judged(
    path: Path,
    folder: Path,
    unpacked: Path,
    contents: dict[str, bytes],
    key_file: Path | None,
) -> Restored:
    settings = read_settings(unpacked)
    keys = Keys(
        key_in(contents.pop(REGISTRY_KEY), path),
        tuple(
            operator_key_in(content, path, operator=operator_of_key(name) or "", books=settings.key)
            for name, content in sorted(contents.items())
        ),
    )
    books = load_books(unpacked)
    registry_key = key_path(settings.key, key_file)
    seen = read_witness(witness_path(registry_key))
    standing = folder if folder.exists() else unpacked
    with Registry(unpacked / REGISTRY_FILE, keys.registry) as registry:
        faults = check_content(books, registry, with_artefacts=True)
        log = [entry.digest for entry in registry.log.entries()]
        doubt: Refusal | None = None
        if seen is not None:
            doubt = judge_place(seen, settings.key, standing)
            doubt = doubt or not_as_witnessed(seen, books, registry)
    # guard: sound-restored
    if (worst := grave(faults)) is not None:
        raise BackupUnsound(worst)
    make_private(unpacked, Readers())
    for place in (folder, unpacked.parent):
        require_apart(registry_key, place)
    has_registry_key(registry_key, keys.registry)
    for key in keys.operators:
        has_operator_key(registry_key, key)
    events = digests_of_events(unpacked)
    require_not_newer(folder, events, log, keys.registry)
    return Restored(
        folder, unpacked, registry_key, keys, tuple(events), tuple(log), len(faults), doubt
    )
