"""What a roster that was imported before has done, and what has been changed since.

A file that comes a second time must not undo what a later one has corrected.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from importers.rosters.roster import RosterRow
from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.base.records import field
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import payee_id
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import Source


class ImportedBefore(Record):
    """``added`` are the ids of those whom the file has registered, by sheet and row; ``changed``
    the serials and fields that were changed by it or since. Both are empty for a new file.
    """

    added: Mapping[tuple[str, int], PayeeId] = field(default_factory=dict)
    changed: frozenset[tuple[int, str]] = frozenset()

    @classmethod
    def of(cls, sha256: Digest, changes: Iterable[tuple[int, str, Source]]) -> ImportedBefore:
        """From the digest of the file and :meth:`.Registry.changes_since`."""
        changes = list(changes)
        return cls(
            added={
                (source.sheet, source.row): payee_id(serial)
                for serial, name, source in changes
                if name == ADDED and source.sha256 == sha256
            },
            changed=frozenset((serial, name) for serial, name, _source in changes),
        )

    def added_by(self, row: RosterRow) -> PayeeId | None:
        """The id of the person whom this row of the file has registered."""
        return self.added.get((row.sheet, row.row)) if self.added else None

    def is_newer(self, payee: Payee, name: str) -> bool:
        """Whether the registry's value of a field is the file's own, or newer than the file."""
        return not self.changed.isdisjoint({(payee.serial, name), (payee.serial, ADDED)})
