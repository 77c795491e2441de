"""The registry's file (SQLCipher): opened with its key, read, and written all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import sqlcipher3

from ledger.base.actor_and_clock import Stamp
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import kind_of
from ledger.base.plain_files import not_plain
from ledger.base.refusals import Refusal
from ledger.registry.registry_schema import create_tables
from ledger.registry.registry_schema import require_known

BESIDE = ("-journal", "-wal", "-shm")
# Rows: each by itself is a call of SQLite's.
_AT_ONCE = 1000


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


class RegistryFile:
    """The open file.

    ``stamp`` says in a transaction who makes it, and when. What is changed outside of one has
    nobody who does it, and fails.
    """

    stamp: Stamp

    def __init__(self, path: Path, key: str) -> None:
        """Open the file.

        Raises RegistryMissing, RegistryStrange, WrongKey, VersionUnknown or RegistryRefused.
        """
        require_plain(path)
        self._joins = self._part_failed = False
        try:
            self._connection = _connect(path, key)
        except sqlcipher3.OperationalError as error:
            raise RegistryRefused(error) from error
        try:
            self._connection.execute("pragma foreign_keys = on")
            # A page is decrypted each time that it is read: 32 MiB hold a county's registry.
            self._connection.execute("pragma cache_size = -32768")
            # Extra: the end of a transaction is on the disk before an event refers to it.
            self._connection.execute("pragma synchronous = extra")
            self._connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlcipher3.DatabaseError:
            self.close()
            raise WrongKey(path) from None
        try:
            require_known(self._connection)
        except sqlcipher3.DatabaseError as error:
            self.close()
            raise RegistryRefused(error) from error
        except Refusal:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self, stamp: Stamp) -> Iterator[None]:
        """All changes inside, or none of them. Raises RegistryRefused when it cannot be written."""
        with nullcontext() if self._joins else self.all_or_none():
            self.stamp = stamp
            try:
                yield
            except BaseException:
                self._part_failed = True
                raise
            finally:
                del self.stamp

    @contextmanager
    def joined(self) -> Iterator[None]:
        """The transactions inside are one: a page that several of them change is written once.

        When one of them fails, none is made, even where its failure was caught in between. Raises
        RegistryRefused when it cannot be written.
        """
        with self.all_or_none():
            self._joins, self._part_failed = True, False
            try:
                yield
            finally:
                self._joins = False
            if self._part_failed:  # guard: joined-or-none
                raise RuntimeError("a part of a joined transaction has failed")

    @contextmanager
    def all_or_none(self) -> Iterator[None]:
        """Changes that nobody is named for. Raises RegistryRefused."""
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

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Change something. In a transaction."""
        self._connection.execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Change something for each row. In a transaction."""
        self._connection.executemany(statement, rows)

    def read(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a query. Raises RegistryDamaged when the file cannot be read."""
        try:
            rows: list[Any] = self._connection.execute(query, values).fetchall()
        except sqlcipher3.DatabaseError as error:
            raise RegistryDamaged(str(error)) from error
        return rows

    def stream(self, query: str) -> Iterator[Any]:
        """The rows of a query, some read whenever they are asked for. Raises RegistryDamaged."""
        try:
            cursor = self._connection.execute(query)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows
        except sqlcipher3.DatabaseError as error:
            raise RegistryDamaged(str(error)) from error

    def put_under_key(self, key: str) -> None:
        """Encrypt the whole file anew. One transaction of SQLite's. Raises RegistryRefused."""
        try:
            self._connection.execute(f"pragma rekey = \"x'{key}'\"")
        except sqlcipher3.DatabaseError as error:
            raise RegistryRefused(error) from error

    def damage(self) -> list[str]:
        """What SQLCipher finds wrong with the file's pages; empty when it is sound."""
        try:
            pages = self._connection.execute("pragma cipher_integrity_check").fetchall()
            tables = self._connection.execute("pragma quick_check").fetchall()
        except sqlcipher3.DatabaseError as error:
            return [str(error)]
        return [str(row[0]) for row in [*pages, *tables] if row[0] != "ok"]


def create_file(path: Path, key: str) -> None:
    """A new file with empty tables. Raises RegistryRefused when it cannot be written."""
    try:
        connection = _connect(path, key)
        try:
            create_tables(connection)
        finally:
            connection.close()
    except sqlcipher3.OperationalError as error:
        raise RegistryRefused(error) from error


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
