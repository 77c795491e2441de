"""Rosters in: good rows into the registry, bad rows back to whoever sent them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.returned_workbooks import keep_beside
from importers.rosters.known_people import KnownPeople
from importers.rosters.problem_workbook import write_problem_workbook
from importers.rosters.problems import Problem
from importers.rosters.registration import Registration
from importers.rosters.registration import register
from importers.rosters.registration import take
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import roster_of
from importers.rosters.taken_before import TakenBefore
from ledger.file_name import file_name
from ledger.instructions import digest
from ledger.language import gettext as _
from ledger.payees import Payee
from ledger.refusal import Refusal
from ledger.registry import Registry
from ledger.registry import Source
from ledger.system_errors import reason
from ledger.towns import Town

PROBLEM_FOLDER = "待改"


class ProblemWorkbookRefused(Refusal):
    """The bad rows cannot be handed back, so the good ones do not go in either."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _(
            "{path} cannot be written ({error}), so nothing of the roster was taken; copy the"
            " roster to a folder of your own and import it from there"
        )
        super().__init__(message.format(path=path, error=reason(error)))


@dataclass(frozen=True)
class ImportedRoster:
    """What became of a roster: every row is added, changed, held, unchanged, back or skipped."""

    path: Path
    sha256: str
    roster: Roster
    registration: Registration
    problems: tuple[Problem, ...]
    problem_workbook: Path | None

    @property
    def quarantined(self) -> int:
        return len(self.roster.quarantined) + len(self.registration.quarantined)

    @property
    def warnings(self) -> int:
        return sum(problem.severity == "warning" for problem in self.problems)

    @property
    def applied(self) -> bool:
        """Whether the registry holds what the roster says, as far as it was good."""
        registration = self.registration
        return bool(registration.added or registration.changed or registration.unchanged)


@dataclass(frozen=True)
class _Reading:
    """A roster that could be read."""

    path: Path
    content: bytes
    sha256: str
    roster: Roster

    @property
    def place(self) -> tuple[str, str]:
        """The order in which rosters are taken, whatever the order of the command line."""
        return min((row.town for row in self.roster.rows), default=""), file_name(self.path)


def import_rosters(
    registry: Registry,
    files: Sequence[Incoming],
    *,
    town: Town | None,
    on: datetime.date,
    consent: bool,
    dry_run: bool,
) -> list[ImportedRoster | RefusedFile]:
    """Import rosters in the order of their towns; each is taken whole or not at all.

    What they change counts from the day ``on``. The caller holds the lock of the books. With
    ``dry_run`` nothing is written anywhere. The outcomes are in the order of ``files``.
    """
    people = KnownPeople(registry.payees())
    outcomes: dict[int, ImportedRoster | RefusedFile] = {}
    readable = []
    for number, file in enumerate(files):
        try:
            reading = _Reading(
                file.path,
                file.content,
                digest(file.content),
                roster_of(file_name(file.path), file.sheets, town=town),
            )
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
        else:
            readable.append((reading.place, number, reading))
    for _place, number, reading in sorted(readable, key=lambda item: item[:2]):
        before = TakenBefore.of(reading.sha256, registry.changes_since(reading.sha256))
        registration = register(reading.roster, people, consent=consent, before=before)
        try:
            workbook = None if dry_run else hand_back(reading.path, reading.roster, registration)
            added = None if dry_run else apply(registry, reading, registration, on)
        except Refusal as refusal:
            outcomes[number] = RefusedFile(reading.path, refusal)
            continue
        take(people, reading.roster, registration, added)
        outcomes[number] = _outcome(reading, registration, workbook)
    return [outcomes[number] for number in range(len(files))]


def _outcome(
    reading: _Reading, registration: Registration, workbook: Path | None
) -> ImportedRoster:
    return ImportedRoster(
        path=reading.path,
        sha256=reading.sha256,
        roster=reading.roster,
        registration=registration,
        problems=(*reading.roster.problems, *registration.problems),
        problem_workbook=workbook,
    )


def apply(
    registry: Registry, reading: _Reading, registration: Registration, on: datetime.date
) -> list[Payee]:
    """Write what a roster changes, with the original, and return the new payees."""
    with registry.transaction():
        sha256 = registry.keep_original(file_name(reading.path), "roster", reading.content)

        def source(row: RosterRow) -> Source:
            return Source(sha256, row.sheet, row.row)

        added = registry.add(
            [(addition.payee, source(addition.source)) for addition in registration.added], on=on
        )
        for change in registration.changed:
            registry.change(change.payee, dict(change.changes), source(change.source), on=on)
    return added


def hand_back(path: Path, roster: Roster, registration: Registration) -> Path | None:
    """Write the bad rows into a workbook to be mended, beside the roster in the folder 待改."""
    rows = [*roster.quarantined, *registration.quarantined]
    if not rows:
        return None
    problems = (*roster.problems, *registration.problems)
    folder = path.parent / PROBLEM_FOLDER
    try:
        return keep_beside(
            folder,
            Path(file_name(path)).stem,
            lambda content: write_problem_workbook(content, roster, rows, problems),
        )
    except OSError as error:
        raise ProblemWorkbookRefused(folder, error) from error
