"""Lists of work in: what people have done into the books as an event, bad rows back to the town."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from importers.corrections.problem_workbook import KindOfList
from importers.corrections.problem_workbook import write_problem_workbook
from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.rosters.problems import Problem
from importers.workload.people import RegisteredPeople
from importers.workload.words import heading_of
from importers.workload.work_list import StageRules
from importers.workload.work_list import WorkList
from importers.workload.work_list import WorkRow
from importers.workload.work_list import work_list_of
from ledger.base.actor_and_clock import require_near
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.rehearsal import Draft
from ledger.budget.listed_stages import counted_units
from ledger.budget.listed_stages import stages_with_lists
from ledger.disbursement.stage_choice import StageNotNamed
from ledger.events.workload_text import STAGE
from ledger.events.workload_text import workload_event
from ledger.figures.imports import IMPORT
from ledger.figures.imports import next_import
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.ids import NO_BATCH
from ledger.model.ids import ImportId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.months import require_open
from ledger.model.recorded_rates import rates_on
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.towns import Town
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone
from ledger.registry.imports import import_id
from ledger.services.handing_back import PROBLEM_FOLDER
from ledger.services.handing_back import beside
from ledger.services.unit_of_work import Work

# What the registry keeps a list as, and what its event is.
WORKLOAD = "workload"
WORKBOOK = KindOfList("工作量表", heading_of)


class NoStageWithLists(Refusal):
    """Nothing in the rules is paid by what a list says."""

    def __init__(self) -> None:
        message = _(
            "no stage of these books is paid by a list of work: the rules name a stage that is"
            " per-unit or listed, or a rate that is listed"
        )
        super().__init__(message)


class StageWithoutLists(Refusal):
    """The rules have no stage that is called so and takes lists."""

    def __init__(self, name: str, stages: Sequence[Stage]) -> None:
        names = listed(f"{stage.code} {stage.name}" for stage in stages)
        message = _("no stage {name} is paid by lists of work; these are: {stages}")
        super().__init__(message.format(name=name, stages=names), stage=name)


class ImportedWorkload(Record):
    """What became of a list. ``lines`` are what its event says: ``added`` and ``replaced`` count
    those that are new in the books, ``unchanged`` those that say what the books say already.

    ``sent`` are people who were sent money of the stage, and whose work stays as it was, though the
    list says otherwise. ``newer`` had theirs from a later list, where the very same file came
    before. ``left_out`` are those of the list's towns whom an earlier list has and this one has
    not: what that says of them stays. ``repeated``: the very same file was taken before.
    """

    path: Path
    sha256: Digest
    work: WorkList
    lines: Mapping[PayeeId, WorkDone]
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    sent: tuple[PayeeId, ...] = ()
    newer: tuple[PayeeId, ...] = ()
    left_out: tuple[PayeeId, ...] = ()
    repeated: bool = False
    problem_workbook: Path | None = None
    import_id: ImportId | None = None

    @property
    def applied(self) -> bool:
        """Whether the books hold what the list says, as far as it was good."""
        return bool(self.lines or self.unchanged or self.sent or self.newer)


class WorkloadRequest(Record):
    """How lists are to be taken: of the day ``on``, for a ``stage`` by its code or name, of a
    ``town``. With ``dry_run`` nothing is written anywhere.
    """

    on: datetime.date
    stage: str = ""
    town: Town | None = None
    dry_run: bool = False


def stage_of(rules: Rules, name: str) -> Stage:
    """The stage that lists are of. Raises NoStageWithLists, StageWithoutLists or StageNotNamed."""
    stages = stages_with_lists(rules)
    if not stages:
        raise NoStageWithLists
    if name:
        named = [one for one in stages if name.strip() in (one.code, one.code.lower(), one.name)]
        if len(named) != 1:
            raise StageWithoutLists(name, stages)
        return named[0]
    if len(stages) > 1:  # guard: stage-asked-for
        raise StageNotNamed(stages)
    return stages[0]


def import_workloads(
    work: Work, files: Sequence[Incoming], request: WorkloadRequest
) -> list[ImportedWorkload | RefusedFile]:
    """Import lists in the order given; each is taken whole or not at all.

    Whoever stands on several of them is on none: nobody can know whether they add up.
    """
    try:
        stage = stage_of(work.books.rules, request.stage)
        require_near(request.on, work.today)
        # guard: no-list-in-a-closed-month
        require_open(work.books.history.closed, request.on)
    except Refusal as refusal:
        return [RefusedFile(file.path, refusal) for file in files]
    rules = work.books.rules
    rates = rates_on(rules, request.on, stage.code)
    stage_rules = StageRules(stage, counted_units(rules), rates)
    payees = work.registry.payees()
    people = RegisteredPeople(payees)
    outcomes: dict[int, ImportedWorkload | RefusedFile] = {}
    read: dict[int, WorkList] = {}
    for number, file in enumerate(files):
        try:
            read[number] = work_list_of(
                file_name(file.path), file.sheets, stage_rules, people, town=request.town
            )
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
    towns = {payee.payee_id: payee.town for payee in payees}
    importer = _Importer(work, stage, request, towns)
    for number, one in _without_those_on_several(files, read).items():
        try:
            outcomes[number] = importer.take(files[number], one)
        except Refusal as refusal:
            outcomes[number] = RefusedFile(files[number].path, refusal)
    return [outcomes[number] for number in range(len(files))]


def _without_those_on_several(
    files: Sequence[Incoming], read: Mapping[int, WorkList]
) -> dict[int, WorkList]:
    """The lists, with the rows sent back of whoever stands on another one too; the very same file
    under two names is one list.
    """
    places: dict[PayeeId, dict[Digest, tuple[int, WorkRow]]] = {}
    digests = {number: digest(files[number].content) for number in read}
    for number, one in read.items():
        for payee, row in one.people:
            own = places.setdefault(payee.payee_id, {})
            own.setdefault(digests[number], (number, row))
    several = {payee for payee, own in places.items() if len(own) > 1}
    judged = {}
    for number, one in read.items():
        problems: dict[tuple[str, int], Problem] = {}
        for payee, row in one.people:
            if payee.payee_id in several:  # guard: work-on-one-list
                others = [
                    f"{read[other].file} {there.place}"
                    for sha256, (other, there) in places[payee.payee_id].items()
                    if sha256 != digests[number]
                ]
                parameters = {"place": "、".join(others)}
                problems[row.sheet, row.row] = one.problem(
                    row, "name", "person_on_lists", parameters
                )
        judged[number] = one.without(problems)
    return judged


class _Importer(Record):
    """Takes one list after another; each sees what those before it say."""

    work: Work
    stage: Stage
    request: WorkloadRequest
    towns: Mapping[PayeeId, TownCode]

    def take(self, file: Incoming, one: WorkList) -> ImportedWorkload:
        """Compare a list with the books, hand back what has to go back, and write its event."""
        self.work.books.require_sound(but_for_facts=True)
        sha256 = digest(file.content)
        history = self.work.books.history
        before = list_event(history, sha256, self.stage.code)
        found = _compared(one, history, self.stage.code, before)
        found = replace(found, left_out=self._left_out(one))
        found = replace(found, path=file.path, sha256=sha256, repeated=before is not None)
        if self.request.dry_run:
            if found.lines:
                draft = self._draft(found, ImportId(""))
                self.work.books = self.work.writer.rehearse(self.work.books, draft)
            return found
        workbook = self._hand_back(file.path, one)
        number = self._enter(file, found) if found.lines else None
        return replace(found, problem_workbook=workbook, import_id=number)

    def _left_out(self, one: WorkList) -> tuple[PayeeId, ...]:
        """Whom an earlier list of a town has, and this list of it has not; a workbook that was sent
        back has some of them alone.
        """
        if any(table.returned for table in one.tables):
            return ()
        here = {
            row.payee.payee_id for row in (*one.rows, *one.quarantined) if row.payee is not None
        }
        towns = {self.towns[payee] for payee in here}
        known = self.work.books.history.work.get(self.stage.code, {})
        return tuple(
            payee for payee in sorted(known) if payee not in here and self.towns.get(payee) in towns
        )

    def _hand_back(self, path: Path, one: WorkList) -> Path | None:
        """Write the bad rows into a workbook to be corrected, beside the list in 待改."""
        if not one.quarantined:
            return None
        return beside(
            path,
            PROBLEM_FOLDER,
            lambda content: write_problem_workbook(
                content, one, one.quarantined, one.problems, WORKBOOK
            ),
        )

    def _enter(self, file: Incoming, found: ImportedWorkload) -> ImportId:
        number = import_id(next_import(self.work.registry, self.work.books.history))
        rehearsal = self.work.writer.rehearsal(self.work.books)
        rehearsal.add(self._draft(found, number))
        after = rehearsal.check()
        with self.work.keeping_evidence() as registry:
            registry.keep_original(file_name(file.path), WORKLOAD, file.content)
        self.work.writer.write(rehearsal.drafts)
        self.work.books = after
        return number

    def _draft(self, found: ImportedWorkload, number: ImportId) -> Draft:
        text = workload_event(
            self.request.on,
            self.work.writer.drafting,
            self.stage,
            found.lines,
            meta={IMPORT: number, "original": found.sha256},
        )
        return Draft(WORKLOAD, NO_BATCH, text.encode("utf-8"))


def list_event(history: History, sha256: Digest, stage: StageCode) -> Event | None:
    """The newest event of this very file and stage, if it was taken and stands."""
    found = None
    for event in history.in_force:
        meta = event.header.meta
        if event.kind is EventKind.WORKLOAD and meta.get("original") == sha256:
            found = event if meta.get(STAGE) == stage else found
    return found


def _compared(
    one: WorkList, history: History, stage: StageCode, before: Event | None
) -> ImportedWorkload:
    """What a list changes, and what stays; ``before`` is the event by which it came earlier."""
    known = history.work.get(stage, {})
    lines: dict[PayeeId, WorkDone] = {}
    sent: list[PayeeId] = []
    newer: list[PayeeId] = []
    unchanged = replaced = added = 0
    for payee, row in one.people:
        name, line = payee.payee_id, row.line
        was = known.get(name)
        if was is not None and was.says(line):
            unchanged += 1
            if not _is_sent(history, stage, name):
                lines[name] = line
        elif _is_sent(history, stage, name):  # guard: work-of-the-sent-stays
            sent.append(name)
        # guard: older-list-changes-nothing
        elif was is not None and before is not None and was.seq > before.seq:
            newer.append(name)
        else:
            lines[name] = line
            replaced += was is not None
            added += was is None
    return ImportedWorkload(
        path=Path(),
        sha256=Digest(""),
        work=one,
        # The very same file is entered again only for what is new of it.
        lines=lines if added or replaced or before is None else {},
        added=added,
        replaced=replaced,
        unchanged=unchanged,
        sent=tuple(sorted(sent)),
        newer=tuple(sorted(newer)),
    )


def _is_sent(history: History, stage: StageCode, payee: PayeeId) -> bool:
    """Whether money of the stage went to somebody, and was not taken back."""
    standing = history.standings_in(stage).get(payee)
    return standing is not None and standing.state is not State.DUE
