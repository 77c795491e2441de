"""Rosters in: good rows into the registry, bad rows back to whoever sent them."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import count
from pathlib import Path

from importers.corrections.change_workbook import change_lines
from importers.corrections.change_workbook import write_change_workbook
from importers.corrections.problem_workbook import write_problem_workbook
from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.registration.imported_before import ImportedBefore
from importers.registration.known_people import KnownPeople
from importers.registration.later_roster import LaterRoster
from importers.registration.later_roster import Listed
from importers.registration.later_roster import Registered
from importers.registration.later_roster import compare_with_registry
from importers.registration.registration import Registration
from importers.registration.registration import register
from importers.registration.registration import take
from importers.registration.rejected_rows import RejectedRows
from importers.registration.rejected_rows import kind_of_roster
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import roster_of
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.figures.imports import next_import
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import ImportId
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.towns import Town
from ledger.model.transitions import State
from ledger.payments.eligibility import state_over_stages
from ledger.payments.eligibility import with_money_out
from ledger.payments.paid_numbers import PaidNumbers
from ledger.payments.paid_numbers import paid_numbers
from ledger.registry.change_log import Source
from ledger.registry.imports import import_id
from ledger.services.handing_back import CHANGE_FOLDER
from ledger.services.handing_back import PROBLEM_FOLDER
from ledger.services.handing_back import WorkbookRefused
from ledger.services.handing_back import beside
from ledger.services.unit_of_work import Work


class ImportedRoster(Record):
    """What became of a roster: every row is added, changed, held, unchanged, back or skipped.

    ``import_id`` is under what it was taken in, None where it was only tried.
    """

    path: Path
    sha256: Digest
    roster: Roster
    registration: Registration
    later: LaterRoster
    problems: tuple[Problem, ...]
    problem_workbook: Path | None
    change_workbook: Path | None
    import_id: ImportId | None

    @property
    def quarantined(self) -> int:
        return len(self.roster.quarantined) + len(self.registration.quarantined)

    @property
    def warnings(self) -> int:
        return sum(problem.severity == "warning" for problem in self.problems)

    @property
    def applied(self) -> bool:
        """Whether the registry holds what the roster says, as far as it was good; what is held is
        kept there too.
        """
        taken = self.registration
        return bool(taken.added or taken.changed or taken.held or taken.unchanged)


class RosterRequest(Record):
    """How rosters are to be taken: ``on`` is the day from which what they change counts.

    ``consent`` makes changes of what money goes by; of people to whom money is out only with a
    ``reason``, which is kept with every change. With ``dry_run`` nothing is written anywhere.
    """

    on: datetime.date
    town: Town | None = None
    consent: bool = False
    reason: str = ""
    dry_run: bool = False


class _Reading(Record):
    """A roster that could be read."""

    path: Path
    content: bytes
    sha256: Digest
    roster: Roster

    @property
    def place(self) -> tuple[str, str]:
        """The order in which rosters are taken, whatever the order of the command line."""
        return min((row.town for row in self.roster.rows), default=""), file_name(self.path)


def import_rosters(
    work: Work, files: Sequence[Incoming], request: RosterRequest
) -> list[ImportedRoster | RefusedFile]:
    """Import rosters in the order of their towns; each is taken whole or not at all.

    The registry takes all of them at once, and none when it cannot be written. The outcomes are
    in the order of ``files``. Raises RegistryRefused or MayNotChangeRecords.
    """
    posts = work.books.programme.posts
    history = work.books.history
    outcomes: dict[int, ImportedRoster | RefusedFile] = {}
    readable = []
    for number, file in enumerate(files):
        try:
            reading = _Reading(
                file.path,
                file.content,
                digest(file.content),
                roster_of(file_name(file.path), file.sheets, town=request.town, posts=posts),
            )
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
        else:
            readable.append((reading.place, number, reading))
    payees = work.registry.payees()
    rows = [(NO_PAYEE, row) for *_place, reading in readable for row in reading.roster.rows]
    importer = _Importer(
        work=work,
        request=request,
        states={payee: state_over_stages(payee, history) for payee in history.everybody},
        money_out=with_money_out(history),
        registered=Registered.of(payees),
        listed=Listed.on(reading.roster for *_place, reading in readable),
        people=KnownPeople(payees, work.registry.withdrawn()),
        rejected_rows=RejectedRows(work.registry),
        paid=paid_numbers(history, work.registry, rows, work.today),
        numbers=count(next_import(work.registry, history)),
    )
    with nullcontext() if request.dry_run else work.joining_changes():
        for _place, number, reading in sorted(readable, key=lambda item: item[:2]):
            try:
                outcomes[number] = importer.take(reading)
            except WorkbookRefused as refusal:
                outcomes[number] = RefusedFile(reading.path, refusal)
    return [outcomes[number] for number in range(len(files))]


class _Importer(Record):
    """What every roster of an import is compared with.

    ``states`` and ``money_out`` are by payee id, ``registered`` who was there when it began,
    ``listed`` who stands on any of its rosters, ``people`` who is registered by now;
    ``rejected_rows`` knows which rows were sent back before, ``paid`` by which numbers of theirs
    money went, ``numbers`` are those of the imports.
    """

    work: Work
    request: RosterRequest
    states: Mapping[PayeeId, State]
    money_out: Collection[PayeeId]
    registered: Registered
    listed: Listed
    people: KnownPeople
    rejected_rows: RejectedRows
    paid: PaidNumbers
    numbers: Iterator[int]

    def take(self, reading: _Reading) -> ImportedRoster:
        """Compare a roster, hand back what has to go back, and write what it changes."""
        request = self.request
        before = ImportedBefore.of(reading.sha256, self.work.registry.changes_since(reading.sha256))
        registration = register(
            reading.roster,
            self.people,
            consent=request.consent,
            money_out=self.money_out,
            with_reason=bool(request.reason),
            before=before,
            paid=self.paid,
        )
        roster, registration = self.rejected_rows.without_corrected(
            reading.sha256, reading.roster, registration
        )
        reading = replace(reading, roster=roster)
        strangers = tuple(self.rejected_rows.strangers(roster, registration))
        registration = replace(registration, problems=(*registration.problems, *strangers))
        later = compare_with_registry(roster, registration, self.registered, self.listed, before)
        problems = changes = added = number = None
        if not request.dry_run:
            problems = hand_back(reading.path, roster, registration)
            changes = self.hand_changes(reading, registration, later)
            number = next(self.numbers)
            added = apply(self.work, number, reading, registration, request)
        take(self.people, roster, registration, added)
        return ImportedRoster(
            path=reading.path,
            sha256=reading.sha256,
            roster=roster,
            registration=registration,
            later=later,
            problems=(*roster.problems, *registration.problems),
            problem_workbook=problems,
            change_workbook=changes,
            import_id=None if number is None else import_id(number),
        )

    def hand_changes(
        self, reading: _Reading, registration: Registration, later: LaterRoster
    ) -> Path | None:
        """Write what is to be confirmed or looked into into a workbook beside the roster."""
        lines = change_lines(later, registration, self.states)
        if not lines:
            return None
        return beside(
            reading.path,
            CHANGE_FOLDER,
            lambda content: write_change_workbook(content, file_name(reading.path), lines),
        )


def apply(
    work: Work, number: int, reading: _Reading, registration: Registration, request: RosterRequest
) -> list[Payee]:
    """Write what a roster changes and what is held, with the original; return the new payees and
    those who were withdrawn and are back.
    """
    on = request.on
    with work.changing_records() as registry:
        kind = kind_of_roster(reading.roster)
        name, rows = file_name(reading.path), reading.roster.row_count
        sha256 = registry.keep_original(name, kind, reading.content)
        registry.imports.add(number, sha256, name, kind, rows, on=on)

        def source(row: RosterRow) -> Source:
            return Source(sha256, row.sheet, row.row)

        new = [one for one in registration.added if one.restores is None]
        added = registry.add([(one.payee, source(one.source)) for one in new], on=on)
        for one in registration.added:
            if one.restores is not None:
                place = source(one.source)
                added.append(registry.restore(one.restores, one.payee, place, on=on))
        for change in registration.changed:
            place = source(change.source)
            registry.change(change.payee, dict(change.changes), place, on=on, reason=request.reason)
        for change in registration.held:
            registry.held.hold(change.payee, change.changes, source(change.source))
    return added


def hand_back(path: Path, roster: Roster, registration: Registration) -> Path | None:
    """Write the bad rows into a workbook to be corrected, beside the roster in the folder 待改."""
    rows = [*roster.quarantined, *registration.quarantined]
    if not rows:
        return None
    problems = (*roster.problems, *registration.problems)
    return beside(
        path,
        PROBLEM_FOLDER,
        lambda content: write_problem_workbook(content, roster, rows, problems),
    )
