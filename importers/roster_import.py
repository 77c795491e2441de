"""``import``: files in, good rows into the registry, bad rows back to whoever sent them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from importers.rosters.known_people import KnownPeople
from importers.rosters.problem_workbook import write_problem_workbook
from importers.rosters.problems import Problem
from importers.rosters.registration import Registration
from importers.rosters.registration import register
from importers.rosters.registration import take
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import read_roster
from ledger.instructions import digest
from ledger.language import gettext as _
from ledger.payees import Payee
from ledger.refusal import Refusal
from ledger.registry import Registry
from ledger.registry import Source
from ledger.system_errors import reason
from ledger.towns import Town

PROBLEM_FOLDER = "待改"

Track = Callable[[Sequence[Path], str], Iterable[Path]]


class FileUnreadable(Refusal):
    """A path that is no file, or one that the system does not let us read."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(_("{file}: {problem}").format(file=path, problem=problem))


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
class RefusedFile:
    """A file of which nothing was taken, and why."""

    path: Path
    refusal: Refusal


@dataclass(frozen=True)
class _Reading:
    """A roster that could be read."""

    path: Path
    content: bytes
    roster: Roster

    @property
    def place(self) -> tuple[str, str]:
        """The order in which rosters are taken, whatever the order of the command line."""
        return min((row.town for row in self.roster.rows), default=""), self.path.name


def import_rosters(
    registry: Registry,
    paths: Sequence[Path],
    *,
    town: Town | None,
    consent: bool,
    dry_run: bool,
    track: Track,
) -> list[ImportedRoster | RefusedFile]:
    """Import rosters in the order of their towns; each is taken whole or not at all.

    The caller holds the lock of the books. With ``dry_run`` nothing is written anywhere. The
    outcomes are in the order of ``paths``.
    """
    readings = [_read(path, town) for path in track(paths, _("rosters"))]
    people = KnownPeople(registry.payees())
    outcomes: dict[int, ImportedRoster | RefusedFile] = {}
    readable = []
    for number, reading in enumerate(readings):
        if isinstance(reading, RefusedFile):
            outcomes[number] = reading
        else:
            readable.append((reading.place, number, reading))
    for _place, number, reading in sorted(readable, key=lambda item: item[:2]):
        registration = register(reading.roster, people, consent=consent)
        try:
            workbook = None if dry_run else hand_back(reading.path, reading.roster, registration)
            added = None if dry_run else apply(registry, reading, registration)
        except Refusal as refusal:
            outcomes[number] = RefusedFile(reading.path, refusal)
            continue
        take(people, reading.roster, registration, added)
        outcomes[number] = _outcome(reading, registration, workbook)
    return [outcomes[number] for number in range(len(paths))]


def _read(path: Path, town: Town | None) -> _Reading | RefusedFile:
    try:
        content = read_file(path)
        return _Reading(path, content, read_roster(path.name, content, town=town))
    except Refusal as refusal:
        return RefusedFile(path, refusal)


def _outcome(
    reading: _Reading, registration: Registration, workbook: Path | None
) -> ImportedRoster:
    return ImportedRoster(
        path=reading.path,
        sha256=digest(reading.content),
        roster=reading.roster,
        registration=registration,
        problems=(*reading.roster.problems, *registration.problems),
        problem_workbook=workbook,
    )


def read_file(path: Path) -> bytes:
    """The file's content. Raises FileUnreadable for a folder, a missing or a locked file."""
    if path.is_dir():
        raise FileUnreadable(path, _("this is a folder; name the files in it"))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileUnreadable(path, _("there is no such file")) from None
    except OSError as error:
        raise FileUnreadable(path, reason(error)) from None


def apply(registry: Registry, reading: _Reading, registration: Registration) -> list[Payee]:
    """Write what a roster changes, with the original, and return the new payees."""
    with registry.transaction():
        sha256 = registry.keep_original(reading.path.name, "roster", reading.content)

        def source(row: RosterRow) -> Source:
            return Source(sha256, row.sheet, row.row)

        added = registry.add(
            [(addition.payee, source(addition.source)) for addition in registration.added]
        )
        for change in registration.changed:
            registry.change(change.payee, dict(change.changes), source(change.source))
    return added


def hand_back(path: Path, roster: Roster, registration: Registration) -> Path | None:
    """Write the bad rows into a workbook to be mended, beside the roster in the folder 待改.

    A workbook that somebody may have begun to mend is never replaced: the next free name is
    taken, unless the very same workbook is there already.
    """
    rows = [*roster.quarantined, *registration.quarantined]
    if not rows:
        return None
    folder = path.parent / PROBLEM_FOLDER
    fresh = folder / f"~{path.stem}.xlsx"
    try:
        folder.mkdir(exist_ok=True)
        write_problem_workbook(fresh, roster, rows, (*roster.problems, *registration.problems))
        for number in range(1, 1000):
            target = folder / (f"{path.stem}.xlsx" if number == 1 else f"{path.stem}-{number}.xlsx")
            if not target.exists():
                return fresh.replace(target)
            if target.read_bytes() == fresh.read_bytes():
                return target
    except OSError as error:
        raise ProblemWorkbookRefused(folder, error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    raise AssertionError("a thousand problem workbooks of one roster")
