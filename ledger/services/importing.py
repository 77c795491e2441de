"""``import``: files in, each by what it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeAlias

from importers.incoming import Incoming
from importers.incoming import Kind
from importers.incoming import RefusedFile
from importers.incoming import Track
from importers.incoming import open_file
from importers.rosters.sheets import NoRosterHeader
from importers.rosters.words import Vocabulary
from importers.rosters.words import reading_by
from importers.statements.layouts import fixed_layouts
from ledger.base.actor_and_clock import require_near
from ledger.base.collector import collector_off
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.budget.listed_stages import counted_units
from ledger.budget.listed_stages import stages_with_lists
from ledger.model.bank_lines import Statement
from ledger.model.ids import BatchId
from ledger.model.months import require_open
from ledger.model.towns import Town
from ledger.services.roster_import import ImportedRoster
from ledger.services.roster_import import RosterRequest
from ledger.services.roster_import import import_rosters
from ledger.services.unit_of_work import Work

if TYPE_CHECKING:
    from ledger.services.paid_before import ImportedPayments
    from ledger.services.result_import import ImportedResult
    from ledger.services.statement_import import ImportedStatement
    from ledger.services.workload_import import ImportedWorkload

Outcome: TypeAlias = (
    "ImportedRoster | ImportedResult | ImportedStatement | ImportedWorkload | ImportedPayments"
    " | RefusedFile"
)


class NotRecognised(Refusal):
    """A table with none of the headings that are known."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no row of headings was found by which this would be a roster, or a result or"
            " a statement of the bank. Say which it is, and it will be said what is missing"
        )
        super().__init__(message.format(file=file))


class ImportRequest(Record):
    """How the files are to be taken, as the user asked.

    ``town``, ``consent`` and ``reason`` are for rosters; ``batch`` and ``on``, the day of the
    entries, for results; ``stage`` for lists of work, with ``town`` and ``on``, and for payments
    from before the books. ``ask`` asks, before anything is taken, whether an account in these names
    is the office's; ``consent`` says that it is, and that payments from before the books, of which
    ``ask_of_payments`` tells, are right.
    """

    kind: Kind | None
    town: Town | None
    batch: BatchId | None
    on: datetime.date
    consent: bool
    reason: str
    dry_run: bool
    stage: str = ""
    ask: Callable[[Sequence[str]], None] = lambda _holders: None
    ask_of_payments: Callable[[Sequence[ImportedPayments]], None] = lambda _planned: None


def import_files(
    work: Work, paths: Sequence[Path], request: ImportRequest, *, track: Track
) -> list[Outcome]:
    """Import files; each is taken whole or not at all. The outcomes are in the order of ``paths``.

    Rosters are taken in the order of their towns, then lists of work and results in the order
    given, then statements by their days: a refund is known by the result before it. With
    ``dry_run`` nothing is written anywhere. Raises NoSuchBatch.
    """
    if request.batch is not None:
        find_batch(work.books, request.batch)
    with reading_by(vocabulary_of(work.books)):
        return _import_files(work, paths, request, track=track)


def vocabulary_of(books: Books) -> Vocabulary:
    """What rosters of the books are read by."""
    settings = books.settings
    return Vocabulary(books.programme, settings.roster_headings, settings.roster_footer)


def _import_files(
    work: Work, paths: Sequence[Path], request: ImportRequest, *, track: Track
) -> list[Outcome]:
    layouts = fixed_layouts(work.books.settings)
    headings = work.books.settings.result_headings
    rules = work.books.rules
    counted = counted_units(rules) if stages_with_lists(rules) else None
    files = [
        open_file(path, request.kind, layouts, headings, counted)
        for path in track(paths, _("files"))
    ]
    outcomes: dict[int, Outcome] = {
        number: file for number, file in enumerate(files) if isinstance(file, RefusedFile)
    }
    with collector_off():
        statements = read_statements(work, _of_kind(files, "statement"), request)
    rosters = _of_kind(files, "roster")
    if rosters:
        require_near(request.on, work.today)
        # guard: no-roster-in-a-closed-month
        require_open(work.books.history.closed, request.on)
    asked = RosterRequest(
        on=request.on,
        town=request.town,
        consent=request.consent,
        reason=request.reason,
        dry_run=request.dry_run,
    )
    # Without rosters nobody is read from the registry for them.
    imported = import_rosters(work, [file for _number, file in rosters], asked) if rosters else []
    for (number, _file), outcome in zip(rosters, imported, strict=True):
        if request.kind is None and _has_no_header(outcome):
            outcome = RefusedFile(outcome.path, NotRecognised(file_name(outcome.path)))
        outcomes[number] = outcome
    outcomes |= import_work(work, _of_kind(files, "workload"), request)
    outcomes |= import_results(work, _of_kind(files, "result"), request)
    with collector_off():
        outcomes |= import_statements(work, statements, request)
    outcomes |= import_payments(work, _of_kind(files, "paid-before"), request)
    return [outcomes[number] for number in range(len(paths))]


def import_work(
    work: Work, files: Sequence[tuple[int, Incoming]], request: ImportRequest
) -> dict[int, Outcome]:
    """Take lists of work in the order given."""
    if not files:
        return {}
    from ledger.services.workload_import import WorkloadRequest
    from ledger.services.workload_import import import_workloads

    taken = import_workloads(
        work,
        [file for _number, file in files],
        WorkloadRequest(request.on, request.stage, request.town, request.dry_run),
    )
    return dict(zip((number for number, _file in files), taken, strict=True))


def import_results(
    work: Work, files: Sequence[tuple[int, Incoming]], request: ImportRequest
) -> dict[int, Outcome]:
    """Take the bank's results in the order given."""
    if not files:
        return {}
    # Rosters come without results, and without what reads and matches them.
    from importers.results.answers import answer_words
    from ledger.services.result_import import ResultImporter

    settings = work.books.settings
    words = answer_words(
        paid=settings.paid_words,
        failed=settings.returned_words,
        pending=settings.pending_words,
    )
    importer = ResultImporter(
        work, words=words, headings=settings.result_headings, dry_run=request.dry_run
    )
    numbers = [number for number, _file in files]
    taken = importer.take([file for _number, file in files], request.on, batch=request.batch)
    if not request.dry_run:
        taken = importer.with_sheets(taken)
    return dict(zip(numbers, taken, strict=True))


def read_statements(
    work: Work, files: Sequence[tuple[int, Incoming]], request: ImportRequest
) -> list[tuple[int, Incoming, Statement | Refusal]]:
    """Read the bank's statements, and ask whose account it is where that is not known."""
    if not files:
        return []
    from ledger.services.statement_import import StatementImporter

    importer = StatementImporter(work, dry_run=request.dry_run)
    found: list[tuple[int, Incoming, Statement | Refusal]] = []
    doubted: dict[str, None] = {}
    for number, file in files:
        try:
            statement = importer.read(file)
        except Refusal as refusal:
            found.append((number, file, refusal))
        else:
            found.append((number, file, statement))
            doubted[importer.doubted_holder(statement)] = None
    doubted.pop("", None)
    if doubted and not (request.consent or request.dry_run):  # guard: holder-asked
        request.ask(list(doubted))
    return found


def import_statements(
    work: Work,
    files: Sequence[tuple[int, Incoming, Statement | Refusal]],
    request: ImportRequest,
) -> dict[int, Outcome]:
    """Take the bank's statements by their days, whatever the order of the files."""
    if not files:
        return {}
    from ledger.services.statement_import import StatementImporter

    importer = StatementImporter(work, dry_run=request.dry_run)
    outcomes: dict[int, Outcome] = {}
    read: list[tuple[int, Incoming, Statement]] = []
    for number, file, statement in files:
        if isinstance(statement, Refusal):
            outcomes[number] = RefusedFile(file.path, statement)
        else:
            read.append((number, file, statement))
    for number, file, statement in sorted(read, key=lambda one: one[2].lines[0].date):
        try:
            outcomes[number] = importer.take(file, statement)
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
    return outcomes


def import_payments(
    work: Work, files: Sequence[tuple[int, Incoming]], request: ImportRequest
) -> dict[int, Outcome]:
    """Take lists of payments from before the books in the order given, once they are shown."""
    if not files:
        return {}
    from ledger.services.paid_before import PaymentsImporter

    def ask(planned: Sequence[ImportedPayments]) -> None:
        if not request.consent:  # guard: payments-before-asked
            request.ask_of_payments(planned)

    importer = PaymentsImporter(work, request.stage, request.dry_run, ask)
    numbers = [number for number, _file in files]
    return dict(zip(numbers, importer.take([file for _number, file in files]), strict=True))


def _has_no_header(outcome: ImportedRoster | RefusedFile) -> bool:
    return isinstance(outcome, RefusedFile) and isinstance(outcome.refusal, NoRosterHeader)


def _of_kind(files: Sequence[Incoming | RefusedFile], kind: Kind) -> list[tuple[int, Incoming]]:
    return [
        (number, file)
        for number, file in enumerate(files)
        if isinstance(file, Incoming) and file.kind == kind
    ]
