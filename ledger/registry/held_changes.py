"""What files say of registered people, held until somebody confirms or declines it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.model.payees import Payee
from ledger.registry.change_log import HeldChange
from ledger.registry.change_log import Source
from ledger.registry.registry_file import RegistryFile
from ledger.registry.signed_log import SignedLog

_OPEN = "from held_changes where serial = ? and field = ? and verdict = ''"


class HeldChanges:
    """The held changes in the registry's file."""

    def __init__(self, file: RegistryFile, log: SignedLog) -> None:
        self._file = file
        self._log = log

    def hold(self, payee: Payee, changes: Mapping[str, tuple[str, str]], source: Source) -> None:
        """Keep what a file says of a payee until it is decided. In a transaction.

        What says the same as is open already is not kept twice; what says something else takes its
        place.
        """
        stamp = self._file.stamp
        for field, (old, new) in changes.items():
            place = (payee.serial, field)
            if (new,) in self._file.read(f"select new {_OPEN}", place):
                continue
            self.close(payee, field, new, "")
            self._file.execute(
                "insert into held_changes (serial, field, old, new, source, sheet, row, entry,"
                " held_by, held_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*place, old, new, *source, self._log.next_number, stamp.by, stamp.at),
            )

    def open(self) -> list[HeldChange]:
        """What is open, in the order of the registry: at most one change of a payee's field."""
        return self._held("verdict = ''", ())

    def declined(self) -> list[HeldChange]:
        """What somebody has decided not to make."""
        return self._held("verdict = 'declined'", ())

    def of(self, serial: int) -> list[HeldChange]:
        """Everything that was ever held of a payee, open or decided, the oldest first."""
        return self._held("serial = ?", (serial,))

    def closed_in(self, entry: int) -> list[HeldChange]:
        """What the changes of an entry of the log, or what was held with it, have closed."""
        return self._held("closing_entry = ?", (entry,))

    def _held(self, condition: str, values: Sequence[object]) -> list[HeldChange]:
        rows = self._file.read(
            "select id, serial, field, old, new, source, sheet, row, entry, held_by, held_at,"
            f" verdict, reason, decided_by, decided_at, closing_entry from held_changes"
            f" where {condition}"
            " order by serial, id",
            values,
        )
        return [
            HeldChange(number, serial, field, old, new, Source(source, sheet, row), *rest)
            for number, serial, field, old, new, source, sheet, row, *rest in rows
        ]

    def decline(self, held: Iterable[HeldChange], reason: str) -> None:
        """Keep that held changes are not to be made, who says so, when and why. In a transaction.

        Whoever changes the record confirms what is held of it.
        """
        stamp = self._file.stamp
        self._file.executemany(
            "update held_changes set verdict = 'declined', reason = ?, decided_by = ?,"
            " decided_at = ? where id = ?",
            [(reason, stamp.by, stamp.at, one.number) for one in held],
        )

    def withdraw(self, held: Iterable[HeldChange], reason: str) -> None:
        """What the files have said was taken back with them. In a transaction."""
        stamp = self._file.stamp
        self._file.executemany(
            "update held_changes set verdict = 'withdrawn', reason = ?, decided_by = ?,"
            " decided_at = ? where id = ?",
            [(reason, stamp.by, stamp.at, one.number) for one in held],
        )

    def open_again(self, held: Iterable[HeldChange]) -> None:
        """What had closed them counts no more: they wait, each from its ``old`` value. In a
        transaction.
        """
        self._file.executemany(
            "update held_changes set old = ?, verdict = '', reason = '', decided_by = '',"
            " decided_at = '', closing_entry = 0 where id = ?",
            [(one.old, one.number) for one in held],
        )

    def close(self, payee: Payee, field: str, new: str, reason: str) -> None:
        """What is open of a field is confirmed when its new value is this, otherwise overtaken."""
        stamp = self._file.stamp
        self._file.execute(
            "update held_changes set verdict = iif(new = ?, 'confirmed', 'overtaken'), reason = ?,"
            " decided_by = ?, decided_at = ?, closing_entry = ?"
            f" where id = (select id {_OPEN})",
            (new, reason, stamp.by, stamp.at, self._log.next_number, payee.serial, field),
        )
