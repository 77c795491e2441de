"""Every file that was taken in, whatever it was: a roster of the registry's, or an event's."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator

from ledger.base.digests import Digest
from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.model.history import History
from ledger.model.ids import ImportId
from ledger.registry.imports import RosterImport
from ledger.registry.imports import import_id
from ledger.registry.imports import import_number
from ledger.registry.registry import Registry

# Under what an event's header has the number of its import.
IMPORT = "import"
ROSTER = "roster"


class ImportState(enum.StrEnum):
    """Whether what came by a file counts."""

    STANDING = "standing"
    TAKEN_BACK = "taken_back"

    @property
    def word(self) -> str:
        """The state in the user's language."""
        return gettext(_WORDS[self])


_WORDS = {ImportState.STANDING: mark("stands"), ImportState.TAKEN_BACK: mark("taken back")}


class NoSuchImport(Refusal):
    """No file was taken in under the id."""

    def __init__(self, name: str) -> None:
        message = _("no file was taken in as {id}")
        super().__init__(message.format(id=mask_numbers(name)), id=mask_numbers(name))


class TakenFile(Record):
    """A file that was taken in. ``event`` is the number of its event, None of a roster, which is
    in the registry as ``roster``; ``day`` that from which it counts.
    """

    number: int
    file: str
    kind: str
    sha256: Digest
    day: datetime.date
    by: str
    at: str
    rows: int
    state: ImportState
    event: int | None = None
    roster: RosterImport | None = None

    @property
    def id(self) -> ImportId:
        return import_id(self.number)


def taken_files(registry: Registry, history: History) -> list[TakenFile]:
    """In the order in which they came."""
    found = [*_rosters(registry), *_of_events(registry, history)]
    return sorted(found, key=lambda one: one.number)


def taken_file(registry: Registry, history: History, name: str) -> TakenFile:
    """The file that was taken in under an id. Raises NoSuchImport."""
    number = import_number(name)
    for one in taken_files(registry, history):
        if one.number == number:
            return one
    raise NoSuchImport(name)


def next_import(registry: Registry, history: History) -> int:
    """The number of the file that is taken in next."""
    of_events = (import_number(str(e.header.meta.get(IMPORT, ""))) for e in history.events)
    return 1 + max(registry.imports.newest(), max(of_events, default=0))


def _rosters(registry: Registry) -> Iterator[TakenFile]:
    for one in registry.imports.all():
        state = ImportState.TAKEN_BACK if one.taken_back else ImportState.STANDING
        yield TakenFile(
            one.number, one.name, ROSTER, one.sha256, one.day, one.by, one.at, one.rows, state,
            roster=one,
        )  # fmt: skip


def _of_events(registry: Registry, history: History) -> Iterator[TakenFile]:
    names = registry.original_names()
    for event in history.events:
        meta = event.header.meta
        number = import_number(str(meta.get(IMPORT, "")))
        if not number:
            continue
        sha256, at = Digest(str(meta.get("original", ""))), str(meta.get("recorded", ""))
        is_gone = event.seq in history.reversed_by
        state = ImportState.TAKEN_BACK if is_gone else ImportState.STANDING
        yield TakenFile(
            number, names.get(sha256, ""), event.kind.value, sha256, event.date,
            str(meta.get("by", "")), at, event.count, state, event.seq,
        )  # fmt: skip
