"""The registry: everything personal in one encrypted file (SQLCipher)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import fields
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import sqlcipher3

from ledger.base.actor_and_clock import Stamp
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import kind_of
from ledger.base.plain_files import not_plain
from ledger.base.refusals import Refusal
from ledger.model.payees import Payee
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import YES
from ledger.registry.change_log import HeldChange
from ledger.registry.change_log import LoggedChange
from ledger.registry.change_log import Original
from ledger.registry.change_log import Source
from ledger.registry.registry_schema import create_tables
from ledger.registry.registry_schema import require_known

BESIDE = ("-journal", "-wal", "-shm")
_COLUMNS = tuple(field.name for field in fields(Payee))
_values = attrgetter(*_COLUMNS)
_OPEN = "from held_changes where serial = ? and field = ? and verdict = ''"


class RegistryMissing(Refusal):
    """The books have no registry file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("{path} is missing: restore it from a backup of the books").format(path=path)
        )


class RegistryStrange(Refusal):
    """In place of the registry, or of its journal, stands something that is not opened."""

    def __init__(self, path: Path, kind: Kind) -> None:
        super().__init__(_("{file}: {problem}").format(file=path.name, problem=not_plain(kind)))


class WrongKey(Refusal):
    """The registry does not open with the key."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _(
                "{path} does not open with this key: it belongs to other books, or the file is"
                " damaged"
            ).format(path=path)
        )


class RegistryDamaged(Refusal):
    """A page of the file cannot be read."""

    def __init__(self, error: str) -> None:
        message = _("the registry is damaged ({error}): restore it from a backup")
        super().__init__(message.format(error=error))


class RegistryRefused(Refusal):
    """The registry cannot be written: the disk is full, or the file is read-only."""

    def __init__(self, error: Exception) -> None:
        message = _("the registry could not be written ({error}); nothing was changed")
        super().__init__(message.format(error=error))


class Registry:
    """An open registry. Changes are made inside :meth:`transaction`."""

    def __init__(self, path: Path, key: str) -> None:
        """Open the file, and bring it up to this version.

        Raises RegistryMissing, RegistryStrange, WrongKey, VersionUnknown or RegistryRefused.
        """
        require_plain(path)
        try:
            self._connection = _connect(path, key)
        except sqlcipher3.OperationalError as error:
            raise RegistryRefused(error) from error
        try:
            self._connection.execute("pragma foreign_keys = on")
            # Extra: the end of a transaction is on the disk before an event refers to it.
            self._connection.execute("pragma synchronous = extra")
            self._connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlcipher3.DatabaseError:
            self._connection.close()
            raise WrongKey(path) from None
        try:
            require_known(self._connection)
        except sqlcipher3.DatabaseError as error:
            self._connection.close()
            raise RegistryRefused(error) from error
        except Refusal:
            self._connection.close()
            raise

    @classmethod
    def create(cls, path: Path, key: str) -> Registry:
        """A new, empty registry. Raises RegistryRefused when it cannot be written."""
        try:
            connection = _connect(path, key)
            try:
                create_tables(connection)
            finally:
                connection.close()
        except sqlcipher3.OperationalError as error:
            raise RegistryRefused(error) from error
        return cls(path, key)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, stamp: Stamp) -> Iterator[None]:
        """All changes inside, or none of them; each is logged with the stamp of who makes them.

        Raises RegistryRefused when it cannot be written.
        """
        with self._all_or_none():
            self._stamp = stamp
            try:
                yield
            finally:
                # What is changed outside a transaction has nobody who does it, and fails.
                del self._stamp

    @contextmanager
    def _all_or_none(self) -> Iterator[None]:
        try:
            self._connection.execute("begin immediate")
            try:
                yield
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
        except sqlcipher3.OperationalError as error:
            raise RegistryRefused(error) from error

    def payees(self) -> list[Payee]:
        """Everyone, by serial."""
        rows = self._read(f"select {', '.join(_COLUMNS)} from payees order by serial")
        return [_payee(row) for row in rows]

    def serials(self) -> list[int]:
        """Of everyone."""
        return [serial for (serial,) in self._read("select serial from payees")]

    def payees_as_of(self, day: datetime.date, prepared: int) -> list[Payee]:
        """Everyone who was registered on a day, by serial, each with the record of that day.

        ``prepared`` is the number of the last event that prepared a batch by then, below zero for
        none: a batch was made from the registry as it stood, whatever days its changes were given.
        """
        later = (day.isoformat(), prepared)
        of_later = "day > ? and known_event >= ?"
        query = f"select serial from changes where field = '{ADDED}' and {of_later}"
        strangers = {serial for (serial,) in self._read(query, later)}
        before: dict[int, dict[str, str | bool]] = {}
        settled = set()
        for serial, field, old, is_later in self._read(
            f"select serial, field, old, {of_later} from changes where field != '{ADDED}'"
            " order by id desc",
            later,
        ):
            if not is_later:
                settled.add((serial, field))
            elif (serial, field) not in settled:
                value = old == YES if field == "active" else old
                before.setdefault(serial, {})[field] = value
        return [
            replace(payee, **before[payee.serial]) if payee.serial in before else payee  # type: ignore[arg-type]
            for payee in self.payees()
            if payee.serial not in strangers
        ]

    def add(self, additions: Sequence[tuple[Payee, Source]], *, on: datetime.date) -> list[Payee]:
        """Store new payees, whose serials are given here, and log each. In a transaction.

        They count as registered from the day ``on``.
        """
        (newest,) = self._connection.execute("select max(serial) from payees").fetchone()
        rows = [
            (serial, *_values(payee)[1:])
            for serial, (payee, _source) in enumerate(additions, start=(newest or 0) + 1)
        ]
        added = [Payee(*row) for row in rows]
        marks = ", ".join("?" * len(_COLUMNS))
        self._connection.executemany(f"insert into payees values ({marks})", rows)
        logged = zip(added, additions, strict=True)
        self._log(((new.serial, ADDED, "", "", source) for new, (_given, source) in logged), on)
        return added

    def change(
        self,
        payee: Payee,
        changes: dict[str, tuple[str, str]],
        source: Source,
        *,
        on: datetime.date,
        reason: str = "",
    ) -> None:
        """Set fields from their old to their new values as of a day. In a transaction.

        Whether she is ``active`` is ``YES`` or ``NO``.
        """
        for field in changes:
            if field not in _COLUMNS[1:]:
                raise ValueError(field)
        assignments = ", ".join(f"{field} = ?" for field in changes)
        self._connection.execute(
            f"update payees set {assignments} where serial = ?",
            [*(new for _old, new in changes.values()), payee.serial],
        )
        for field, (_old, new) in changes.items():
            self._close(payee, field, new, reason)
        logged = ((payee.serial, name, old, new, source) for name, (old, new) in changes.items())
        self._log(logged, on, reason)

    def changes(self, serial: int) -> list[LoggedChange]:
        """Everything that was ever changed of a payee, the oldest first."""
        rows = self._read(
            "select field, old, new, source, sheet, row, changed_by, changed_at, reason"
            " from changes where serial = ? order by id",
            (serial,),
        )
        return [
            LoggedChange(field, old, new, Source(source, sheet, row), by, at, reason)
            for field, old, new, source, sheet, row, by, at, reason in rows
        ]

    def changes_since(self, sha256: Digest) -> list[tuple[int, str, Source]]:
        """Whose which field was changed by a file or later, and from where: serial, field, source.

        Later is what was changed after the file came or after its own first change, or from a file
        that came after it. What was declined of the file is decided just so. Empty for a file that
        was never imported.
        """
        query = "select rowid, imported_at from originals where sha256 = ?"
        imported = self._read(query, (sha256,))
        if not imported:
            return []
        rows = self._read(
            "select serial, field, source, sheet, row"
            " from changes join originals on originals.sha256 = source"
            " where originals.rowid > ? or julianday(changed_at) > julianday(?)"
            " or id >= (select min(id) from changes where source = ?) order by id",
            (*imported[0], sha256),
        )
        rows += self._read(
            "select serial, field, source, sheet, row from held_changes"
            " where source = ? and verdict = 'declined' order by id",
            (sha256,),
        )  # guard: declined-stays-declined
        return [(serial, field, Source(*source)) for serial, field, *source in rows]

    def hold(self, payee: Payee, changes: Mapping[str, tuple[str, str]], source: Source) -> None:
        """Keep what a file says of a payee until it is decided. In a transaction.

        What says the same as is open already is not kept twice; what says something else takes its
        place.
        """
        for field, (old, new) in changes.items():
            place = (payee.serial, field)
            if (new,) in self._read(f"select new {_OPEN}", place):
                continue
            self._close(payee, field, new, "")
            self._connection.execute(
                "insert into held_changes (serial, field, old, new, source, sheet, row, held_by,"
                " held_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *place,
                    old,
                    new,
                    source.sha256,
                    source.sheet,
                    source.row,
                    self._stamp.by,
                    self._stamp.at,
                ),
            )

    def held_changes(self) -> list[HeldChange]:
        """What is open, in the order of the registry: at most one change of a payee's field."""
        return self._held("verdict = ''", ())

    def held_changes_of(self, serial: int) -> list[HeldChange]:
        """Everything that was ever held of a payee, open or decided, the oldest first."""
        return self._held("serial = ?", (serial,))

    def _held(self, condition: str, values: Sequence[object]) -> list[HeldChange]:
        rows = self._read(
            "select id, serial, field, old, new, source, sheet, row, held_by, held_at, verdict,"
            f" reason, decided_by, decided_at from held_changes where {condition}"
            " order by serial, id",
            values,
        )
        return [
            HeldChange(number, serial, field, old, new, Source(source, sheet, row), *rest)
            for number, serial, field, old, new, source, sheet, row, *rest in rows
        ]

    def decline(self, held: Iterable[HeldChange], reason: str) -> None:
        """Keep that held changes are not to be made, who says so, when and why. In a transaction.

        Whoever makes a change with :meth:`change` confirms what is held of it.
        """
        self._connection.executemany(
            "update held_changes set verdict = 'declined', reason = ?, decided_by = ?,"
            " decided_at = ? where id = ?",
            [(reason, self._stamp.by, self._stamp.at, one.number) for one in held],
        )

    def _close(self, payee: Payee, field: str, new: str, reason: str) -> None:
        """What is open of a field is confirmed when its new value is this, otherwise overtaken."""
        self._connection.execute(
            "update held_changes set verdict = iif(new = ?, 'confirmed', 'overtaken'), reason = ?,"
            f" decided_by = ?, decided_at = ? where id = (select id {_OPEN})",
            (new, reason, self._stamp.by, self._stamp.at, payee.serial, field),
        )

    def _log(
        self,
        rows: Iterable[tuple[int, str, str, str, Source]],
        on: datetime.date,
        reason: str = "",
    ) -> None:
        query = "select coalesce(max(seq), -1) from known_events"
        (known_event,) = self._connection.execute(query).fetchone()
        common = (self._stamp.by, self._stamp.at, on.isoformat(), known_event, reason)
        self._connection.executemany(
            "insert into changes (serial, field, old, new, source, sheet, row, changed_by,"
            " changed_at, day, known_event, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (serial, field, old, new, source.sha256, source.sheet, source.row, *common)
                for serial, field, old, new, source in rows
            ],
        )

    def keep_original(self, name: str, kind: str, content: bytes) -> Digest:
        """Keep an imported file and return its SHA-256. In a transaction."""
        sha256 = digest(content)
        self._connection.execute(
            "insert or ignore into originals values (?, ?, ?, ?, ?, ?)",
            (sha256, name, kind, content, self._stamp.at, self._stamp.by),
        )
        return sha256

    def original_files(self) -> list[Original]:
        """What was imported, in the order in which it came."""
        rows = self._read("select rowid, sha256, name, kind from originals order by rowid")
        return [Original(*row) for row in rows]

    def original_content(self, sha256: Digest) -> bytes:
        """A file as it came; the registry holds it."""
        ((content,),) = self._read("select content from originals where sha256 = ?", (sha256,))
        return bytes(content)

    def rows_taken(self, sha256: Digest) -> set[tuple[str, int]]:
        """The sheets and rows of a file that have registered or changed somebody."""
        query = "select distinct sheet, row from changes where source = ?"
        return {(sheet, row) for sheet, row in self._read(query, (sha256,))}

    def original_names(self) -> dict[Digest, str]:
        """What every file that was imported was called, by its SHA-256."""
        return dict(self._read("select sha256, name from originals"))

    def originals(self) -> set[Digest]:
        """The SHA-256 of every file that was imported."""
        return {row[0] for row in self._read("select sha256 from originals")}

    def keep_frozen_rows(self, content: bytes) -> Digest:
        """Keep a batch's rows under their SHA-256, which is returned."""
        sha256 = digest(content)
        with self._all_or_none():
            self._connection.execute(
                "insert or ignore into frozen_rows values (?, ?)", (sha256, content)
            )
        return sha256

    def frozen_rows(self, sha256: Digest) -> bytes | None:
        """A batch's rows, or None when the registry does not hold them."""
        found = self._read("select content from frozen_rows where sha256 = ?", (sha256,))
        return bytes(found[0][0]) if found else None

    def holds_rows(self, sha256: Digest) -> bool:
        """Whether the registry has a batch's rows."""
        return bool(self._read("select 1 from frozen_rows where sha256 = ?", (sha256,)))

    def know_event(self, seq: int, sha256: Digest) -> None:
        """Remember the newest event of the books."""
        with self._all_or_none():
            self._connection.execute(
                "insert or ignore into known_events values (?, ?)", (seq, sha256)
            )

    def known_events(self) -> list[tuple[int, Digest]]:
        """The events that the registry knows: their number and the SHA-256 of their file."""
        return [(row[0], row[1]) for row in self._read("select seq, sha256 from known_events")]

    def _read(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a query. Raises RegistryDamaged when the file cannot be read."""
        try:
            rows: list[Any] = self._connection.execute(query, values).fetchall()
        except sqlcipher3.DatabaseError as error:
            raise RegistryDamaged(str(error)) from error
        return rows

    def damage(self) -> list[str]:
        """What SQLCipher finds wrong with the file's pages; empty when it is sound."""
        try:
            pages = self._connection.execute("pragma cipher_integrity_check").fetchall()
            tables = self._connection.execute("pragma quick_check").fetchall()
        except sqlcipher3.DatabaseError as error:
            return [str(error)]
        return [str(row[0]) for row in [*pages, *tables] if row[0] != "ok"]


def _payee(row: tuple[Any, ...]) -> Payee:
    values = [*row[:-1], bool(row[-1])]
    return Payee(*values)


def require_plain(path: Path) -> None:
    """Raises RegistryMissing, or RegistryStrange where SQLite would open something else.

    It takes what stands beside the file under these names for its own.
    """
    for beside in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        kind = kind_of(beside)
        if kind is None and beside == path:
            raise RegistryMissing(path)
        if kind is not None and kind is not Kind.FILE:
            raise RegistryStrange(beside, kind)


def _connect(path: Path, key: str) -> Any:
    connection = sqlcipher3.connect(str(path), isolation_level=None, timeout=30)
    # A raw key: the file holds 32 random bytes, which need no stretching.
    connection.execute(f"pragma key = \"x'{key}'\"")
    # Its complaints about a wrong key would go to stderr beside our own sentence.
    connection.execute("pragma cipher_log_level = none")
    return connection
