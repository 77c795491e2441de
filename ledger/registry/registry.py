"""The registry: everything personal in one encrypted file."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path

from ledger.base.actor_and_clock import Stamp
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import serial_of
from ledger.registry.anchors import Anchors
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import FIELDS
from ledger.registry.change_log import TEXT_FIELDS
from ledger.registry.change_log import LoggedChange
from ledger.registry.change_log import Original
from ledger.registry.change_log import Source
from ledger.registry.change_log import record_as_text
from ledger.registry.change_log import record_of_payee
from ledger.registry.closed_months import ClosedMonths
from ledger.registry.distinctions import Distinctions
from ledger.registry.held_changes import HeldChanges
from ledger.registry.imports import TAKING_BACK
from ledger.registry.imports import Imports
from ledger.registry.people_of_day import COLUMNS
from ledger.registry.people_of_day import PLACE
from ledger.registry.people_of_day import RECORDS
from ledger.registry.people_of_day import PeopleOfDay
from ledger.registry.people_of_day import payee_of
from ledger.registry.registry_file import RegistryFile
from ledger.registry.registry_file import create_file
from ledger.registry.sealed_content import ReadAhead
from ledger.registry.sealed_content import unsealed
from ledger.registry.signed_log import Sign
from ledger.registry.signed_log import SignedLog

# Level 1 takes no less time and leaves a tenth more.
_QUICKLY = 3
_values = attrgetter(*FIELDS)
_texts = attrgetter(*TEXT_FIELDS)
# Of a payee ``p``, as ``record_as_text`` writes it.
_RECORD = ", ".join([*(f"'{name}', p.{name}" for name in TEXT_FIELDS),
                     "'active', cast(p.active as text)"])  # fmt: skip
_NOT_AS_ADDED = f"""
    select p.serial from payees p left join changes c on c.serial = p.serial and c.field = '{ADDED}'
        where c.new is not json_object({_RECORD})
    union select serial from changes where field <> '{ADDED}' and serial is not null
    union select serial from changes where serial not in (select serial from payees)
"""


class Registry:
    """An open registry. Changes are made inside :meth:`transaction`.

    ``anchors`` are the events that it knows, ``held`` what waits to be confirmed, ``log`` what was
    changed, ``imports`` the rosters that came, ``distinctions`` who is not who was paid by the same
    number, ``closed`` what is kept of closed months.
    """

    def __init__(self, path: Path, key: str) -> None:
        """Open the file.

        Raises RegistryMissing, RegistryStrange, WrongKey, VersionUnknown or RegistryRefused.
        """
        self.file = RegistryFile(path, key)
        self.anchors = Anchors(self.file)
        self.log = SignedLog(self.file)
        self.held = HeldChanges(self.file, self.log)
        self.imports = Imports(self.file, self.log)
        self.distinctions = Distinctions(self.file, self.log)
        self.closed = ClosedMonths(self.file)
        self._ahead: dict[str, ReadAhead] = {}

    @classmethod
    def create(cls, path: Path, key: str) -> Registry:
        """A new, empty registry. Raises RegistryRefused when it cannot be written."""
        create_file(path, key)
        return cls(path, key)

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, stamp: Stamp, sign: Sign | None = None) -> Iterator[None]:
        """All changes inside, or none of them. What changes records becomes one entry of the log,
        with the stamp of who makes it and the signature; empty where nobody signs.

        Raises RegistryRefused when it cannot be written.
        """
        with self.file.transaction(stamp):
            self.log.begin()
            yield
            self.log.end(self.anchors.newest_certain(), sign)

    def payees(self) -> list[Payee]:
        """Everyone but who came by a roster that was taken back, by serial."""
        return [payee for payee in self._everyone() if not payee.withdrawn]

    def withdrawn(self) -> list[Payee]:
        """Who came by a roster that was taken back, by serial."""
        return [payee for payee in self._everyone() if payee.withdrawn]

    def _everyone(self) -> list[Payee]:
        rows = self.file.read(f"{RECORDS} order by serial")
        return [payee_of(row) for row in rows]

    def payees_of(self, serials: Collection[int]) -> list[Payee]:
        """Those of them who are registered, by serial."""
        query = f"{RECORDS} where serial = ?"
        rows = [row for serial in sorted(serials) for row in self.file.read(query, (serial,))]
        return [payee_of(row) for row in rows]

    def at_the_place_of(self, payee: PayeeId) -> list[Payee]:
        """Somebody's record and those of everyone who works where she does, by serial, with who
        came by a roster that was taken back. Nobody for an id that is nobody's.
        """
        found = self.payees_of([serial_of(payee)])
        if not (found and found[0].has_post):
            return found
        query = f"{RECORDS} where {PLACE} = ? order by serial"
        return list(map(payee_of, self.file.read(query, (found[0].place,))))

    def not_as_added(self) -> set[int]:
        """Whose record is not what it was when it was added, or is not known to records or log."""
        return {serial for (serial,) in self.file.read(_NOT_AS_ADDED)}

    def serials(self) -> list[int]:
        """Of everyone."""
        return [serial for (serial,) in self.file.read("select serial from payees")]

    def people_as_of(self, day: datetime.date, prepared: int) -> PeopleOfDay:
        """Who was registered on a day; ``prepared`` is the number of the last event that prepared a
        batch by then.
        """
        return PeopleOfDay(self.file, day, prepared)

    def payees_as_of(self, day: datetime.date, prepared: int) -> list[Payee]:
        """Everyone of the day, by serial, each with the record of that day."""
        return self.people_as_of(day, prepared).records()

    def add(self, additions: Sequence[tuple[Payee, Source]], *, on: datetime.date) -> list[Payee]:
        """Store new payees, whose serials are given here, and log each. In a transaction.

        They count as registered from the day ``on``.
        """
        ((newest,),) = self.file.read("select coalesce(max(serial), 0) from payees")
        added = [
            Payee(serial, *_values(payee))
            for serial, (payee, _source) in enumerate(additions, start=newest + 1)
        ]
        marks = ", ".join("?" * len(COLUMNS))
        # A number for whether she is on her post: for a bool SQLite's module looks for an adapter.
        rows = [(new.serial, *_texts(new), int(new.active)) for new in added]
        self.file.executemany(f"insert into payees values ({marks})", rows)
        day = on.isoformat()
        self.log.add(
            (new.serial, ADDED, "", record_as_text(new), *source, day, "")
            for new, (_given, source) in zip(added, additions, strict=True)
        )
        return added

    def restore(
        self, withdrawn: Payee, payee: Payee, source: Source, *, on: datetime.date
    ) -> Payee:
        """Give somebody who was withdrawn her record back, as it is now. In a transaction."""
        payee = replace(payee, serial=withdrawn.serial)
        before, after = record_of_payee(withdrawn), record_of_payee(payee)
        changes = {name: (before[name], new) for name, new in after.items() if new != before[name]}
        self.change(payee, changes, source, on=on)
        return payee

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

        Whether she is ``active`` is ``YES``, ``NO`` or ``WITHDRAWN``.
        """
        for field in changes:
            if field not in FIELDS:
                raise ValueError(field)
        assignments = ", ".join(f"{field} = ?" for field in changes)
        self.file.execute(
            f"update payees set {assignments} where serial = ?",
            [*(new for _old, new in changes.values()), payee.serial],
        )
        for field, (_old, new) in changes.items():
            self.held.close(payee, field, new, reason)
        self.log.add(
            (payee.serial, field, old, new, *source, on.isoformat(), reason)
            for field, (old, new) in changes.items()
        )

    def changes(self, serial: int) -> list[LoggedChange]:
        """Everything that was ever changed of a payee, the oldest first.

        What the record was when she was added is the log's own.
        """
        rows = self.file.read(
            f"select field, old, iif(field = '{ADDED}', '', new), source, sheet, row, by, at,"
            " reason from changes join log_entries on number = entry where serial = ? order by id",
            (serial,),
        )
        return [
            LoggedChange(field, old, new, Source(source, sheet, row), by, at, reason)
            for field, old, new, source, sheet, row, by, at, reason in rows
        ]

    def changes_since(self, sha256: Digest) -> list[tuple[int, str, Source]]:
        """Whose which field was changed by a file or later, and from where: serial, field, source.

        Later is what was changed after the file came or after its own first change, or from a file
        that came after it. What was declined of the file is decided just so. Nothing counts that
        was taken back. Empty for a file that was never imported.
        """
        query = "select rowid, imported_at from originals where sha256 = ?"
        imported = self.file.read(query, (sha256,))
        if not imported:
            return []
        rows = self.file.read(
            "select serial, field, entry, source, sheet, row"
            " from changes join originals on originals.sha256 = source"
            " join log_entries on number = entry"
            f" where serial is not null and kind <> '{TAKING_BACK}'"
            " and (originals.rowid > ? or julianday(at) > julianday(?)"
            " or id >= (select min(id) from changes where source = ?)) order by id",
            (*imported[0], sha256),
        )
        rows += self.file.read(
            "select serial, field, entry, source, sheet, row from held_changes"
            " where source = ? and verdict = 'declined' order by id",
            (sha256,),
        )  # guard: declined-stays-declined
        gone = self.imports.taken_back()
        if gone:  # guard: taken-back-counts-not
            rows = [row for row in rows if not any(one.brought(row[3], row[2]) for one in gone)]
        return [(serial, field, Source(*source)) for serial, field, _entry, *source in rows]

    def keep_original(self, name: str, kind: str, content: bytes) -> Digest:
        """Keep an imported file and return its SHA-256. In a transaction."""
        sha256 = digest(content)
        self.file.execute(
            "insert or ignore into originals values (?, ?, ?, ?, ?, ?)",
            (sha256, name, kind, content, self.file.stamp.at, self.file.stamp.by),
        )
        return sha256

    def original_files(self) -> list[Original]:
        """What was imported, in the order in which it came."""
        rows = self.file.read("select rowid, sha256, name, kind from originals order by rowid")
        return [Original(*row) for row in rows]

    def original_content(self, sha256: Digest) -> bytes:
        """A file as it came; the registry holds it."""
        ((content,),) = self.file.read("select content from originals where sha256 = ?", (sha256,))
        return bytes(content)

    def find_original(self, sha256: Digest) -> bytes | None:
        """A file as it came, or what stands in its place; None where there is nothing."""
        for (content,) in self.file.read(
            "select content from originals where sha256 = ?", (sha256,)
        ):
            return bytes(content)
        return None

    def taking_backs(self) -> set[Digest]:
        """The SHA-256 of every decision that has taken an import back."""
        query = "select sha256 from originals where kind = ?"
        return {sha256 for (sha256,) in self.file.read(query, (TAKING_BACK,))}

    def rows_taken(self, sha256: Digest) -> set[tuple[str, int]]:
        """The sheets and rows of a file that have registered or changed somebody."""
        query = "select distinct entry, sheet, row from changes where source = ? and serial > 0"
        gone = self.imports.taken_back()
        return {
            (sheet, row)
            for entry, sheet, row in self.file.read(query, (sha256,))
            if not any(one.brought(sha256, entry) for one in gone)
        }

    def original_names(self) -> dict[Digest, str]:
        """What every file that was imported was called, by its SHA-256."""
        return dict(self.file.read("select sha256, name from originals"))

    def originals(self) -> set[Digest]:
        """The SHA-256 of every file that was imported."""
        return {row[0] for row in self.file.read("select sha256 from originals")}

    def remember_key(self, sha256: Digest) -> None:
        """Keep of a key, by its digest, that it was the registry's. A transaction."""
        with self.file.all_or_none():
            self.file.execute("insert or ignore into former_keys values (?)", (sha256,))

    def had_key(self, sha256: Digest) -> bool:
        """Whether a key that opens the registry no more, or not yet, was its own."""
        query = "select 1 from former_keys where sha256 = ?"
        return bool(self.file.read(query, (sha256,)))

    def keep_frozen(self, *contents: bytes) -> list[Digest]:
        """Keep what belongs to a batch under its SHA-256: its rows, manifest, what it was printed
        by. The digests are returned. A transaction.

        It is kept packed: a sixth of it is to be enciphered, and deciphered by whoever reads it.
        """
        digests = [digest(content) for content in contents]
        packed = [zlib.compress(content, _QUICKLY) for content in contents]
        with self.file.all_or_none():
            self.file.executemany(
                "insert or ignore into frozen_rows values (?, ?)",
                list(zip(digests, packed, strict=True)),
            )
        return digests

    def frozen(self, sha256: str) -> bytes | None:
        """What is kept under a digest, or None; nothing that could have that digest where it is
        damaged.
        """
        packed = self._packed(sha256)
        try:
            return None if packed is None else zlib.decompress(packed)
        except zlib.error:
            return b""

    def sealed(self, sha256: str) -> bytes | None:
        """What is kept under a digest and has it, or None."""
        ahead = self._ahead.pop(sha256, None)
        if ahead is not None:
            return ahead.content()
        packed = self._packed(sha256)
        return None if packed is None else unsealed(packed, sha256)

    def read_ahead(self, sha256: str) -> None:
        """Begin to read what :meth:`sealed` will be asked for, beside other work."""
        packed = self._packed(sha256)
        if packed is not None:
            self._ahead[sha256] = ReadAhead(packed, sha256)

    def _packed(self, sha256: str) -> bytes | None:
        found = self.file.read("select content from frozen_rows where sha256 = ?", (sha256,))
        return found[0][0] if found else None
