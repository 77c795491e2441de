"""Which rosters came in, and which of them were taken back: the log of changes says it.

A roster's entry of the log begins with a line of its own, and so does the entry that takes it back.
Of which import a change is, its file and its entry say: the same file may come twice.
"""

from __future__ import annotations

import datetime
import json
import re

from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.model.ids import ImportId
from ledger.registry.change_log import Source
from ledger.registry.registry_file import RegistryFile
from ledger.registry.signed_log import SignedLog

# What the log calls the two, and the kind of the original that a taking back comes from.
IMPORTED, TAKEN_BACK = "imported", "taken_back"
TAKING_BACK = "take-back"
IMPORT_ID = re.compile("I[0-9]{6,9}")


class RosterImport(Record):
    """A roster that came in. ``entry`` is that of the log, ``until`` the one with which the same
    file came again, if it has; ``taken_back`` says whether it was.
    """

    number: int
    entry: int
    until: int | None
    sha256: Digest
    name: str
    kind: str
    rows: int
    day: datetime.date
    by: str
    at: str
    taken_back: bool

    @property
    def id(self) -> ImportId:
        return import_id(self.number)

    def brought(self, sha256: str, entry: int) -> bool:
        """Whether a change that the log has in an entry came by this import."""
        if sha256 != self.sha256 or entry < self.entry:
            return False
        return self.until is None or entry < self.until


def import_id(number: int) -> ImportId:
    """As it stands in events and on the screen: ``I000012``."""
    return ImportId(f"I{number:06d}")


def import_number(text: str) -> int:
    """The number of an id; zero for what is none."""
    return int(text[1:]) if IMPORT_ID.fullmatch(text) else 0


class Imports:
    """The imports of rosters in the registry's log."""

    def __init__(self, file: RegistryFile, log: SignedLog) -> None:
        self._file = file
        self._log = log

    def add(
        self, number: int, sha256: Digest, name: str, kind: str, rows: int, *, on: datetime.date
    ) -> None:
        """A roster is taken in: what is changed after this in the transaction came by it."""
        said = {"import": import_id(number), "file": name, "kind": kind, "rows": rows}
        text = json.dumps(said, ensure_ascii=False)
        self._log.add([(None, IMPORTED, "", text, sha256, "", 0, on.isoformat(), "")])

    def take_back(
        self, taken: RosterImport, source: Source, *, on: datetime.date, reason: str
    ) -> None:
        """What came by it counts no more. In a transaction."""
        place = (*source, on.isoformat(), reason)
        self._log.add([(None, TAKEN_BACK, taken.id, "", *place)])

    def all(self) -> list[RosterImport]:
        """In the order in which they came."""
        rows = self._file.read(
            "select entry, field, old, new, source, day, by, at"
            " from changes join log_entries on number = entry where serial is null order by id"
        )
        gone = {old for _entry, field, old, *_rest in rows if field == TAKEN_BACK}
        found: list[RosterImport] = []
        came_again: dict[str, int] = {}
        for entry, field, _old, new, source, day, by, at in reversed(rows):
            if field != IMPORTED:
                continue
            try:
                said = json.loads(new)
                found.append(
                    RosterImport(
                        number=import_number(str(said["import"])),
                        entry=entry,
                        until=came_again.get(source),
                        sha256=Digest(source),
                        name=str(said["file"]),
                        kind=str(said["kind"]),
                        rows=int(said["rows"]),
                        day=datetime.date.fromisoformat(day),
                        by=by,
                        at=at,
                        taken_back=said["import"] in gone,
                    )
                )
            except (ValueError, KeyError, TypeError):
                continue  # Not ours: the log is broken, which ``check`` says.
            came_again[source] = entry
        return found[::-1]

    def newest(self) -> int:
        """The number of the newest, zero where there is none."""
        return max((one.number for one in self.all()), default=0)

    def taken_back(self) -> list[RosterImport]:
        """Those that count no more."""
        return [one for one in self.all() if one.taken_back]
