"""``import``: files in, each by what it is."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeAlias

from importers.incoming import Incoming
from importers.incoming import Kind
from importers.incoming import RefusedFile
from importers.incoming import Track
from importers.incoming import open_file
from importers.rosters.sheets import NoRosterHeader
from importers.statements.layouts import fixed_layouts
from ledger.base.actor_and_clock import require_near
from ledger.base.collector import collector_off
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.writing import Writer
from ledger.model.bank_lines import Statement
from ledger.model.towns import Town
from ledger.registry.registry import Registry
from ledger.services.roster_import import ImportedRoster
from ledger.services.roster_import import RosterRequest
from ledger.services.roster_import import import_rosters

if TYPE_CHECKING:
    from ledger.services.result_import import ImportedResult
    from ledger.services.statement_import import ImportedStatement

Outcome: TypeAlias = "ImportedRoster | ImportedResult | ImportedStatement | RefusedFile"


class NotRecognised(Refusal):
    """A table with none of the headings that are known."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: no row of headings was found by which this would be a roster, or a result or"
            " a statement of the bank. Say what it is with --as roster, --as result or"
            " --as statement, and it will be said what is missing"
        )
        super().__init__(message.format(file=file))


@dataclass(frozen=True)
class ImportRequest:
    """How the files are to be taken, as the user asked.

    ``town``, ``consent`` and ``reason`` are for rosters; ``batch`` and ``on``, the day of the
    entries, for results.
    """

    kind: Kind | None
    town: Town | None
    batch: str | None
    on: datetime.date
    consent: bool
    reason: str
    dry_run: bool


def import_files(
    writer: Writer,
    books: Books,
    registry: Registry,
    paths: Sequence[Path],
    request: ImportRequest,
    *,
    track: Track,
) -> list[Outcome]:
    """Import files; each is taken whole or not at all. The outcomes are in the order of ``paths``.

    Rosters are taken in the order of their towns, then results in the order given, then
    statements by their days: a refund is known by the result before it. The caller holds the lock
    of the books. With ``dry_run`` nothing is written anywhere.
    """
    layouts = fixed_layouts(books.settings)
    files = [open_file(path, request.kind, layouts) for path in track(paths, _("files"))]
    outcomes: dict[int, Outcome] = {
        number: file for number, file in enumerate(files) if isinstance(file, RefusedFile)
    }
    rosters = _of_kind(files, "roster")
    if rosters:
        require_near(request.on)
    imported = import_rosters(
        registry,
        books.history,
        [file for _number, file in rosters],
        RosterRequest(
            on=request.on,
            town=request.town,
            consent=request.consent,
            reason=request.reason,
            dry_run=request.dry_run,
        ),
    )
    for (number, _file), outcome in zip(rosters, imported, strict=True):
        if request.kind is None and _has_no_header(outcome):
            outcome = RefusedFile(outcome.path, NotRecognised(file_name(outcome.path)))
        outcomes[number] = outcome
    results, books = import_results(writer, books, registry, _of_kind(files, "result"), request)
    outcomes |= results
    with collector_off():
        statements = _of_kind(files, "statement")
        outcomes |= import_statements(writer, books, registry, statements, request)
    return [outcomes[number] for number in range(len(paths))]


def import_results(
    writer: Writer,
    books: Books,
    registry: Registry,
    files: Sequence[tuple[int, Incoming]],
    request: ImportRequest,
) -> tuple[dict[int, Outcome], Books]:
    """Take the bank's results in the order given; the books as they stand after them."""
    if not files:
        return {}, books
    # Rosters come without results, and without what reads and matches them.
    from importers.results.answers import answer_words
    from ledger.services.result_import import ResultImporter

    words = answer_words(paid=books.settings.paid_words, failed=books.settings.returned_words)
    importer = ResultImporter(writer, books, registry, words=words, dry_run=request.dry_run)
    numbers = [number for number, _file in files]
    taken = importer.take([file for _number, file in files], request.on, batch=request.batch)
    if not request.dry_run:
        taken = importer.with_sheets(taken)
    return dict(zip(numbers, taken, strict=True)), importer.books


def import_statements(
    writer: Writer,
    books: Books,
    registry: Registry,
    files: Sequence[tuple[int, Incoming]],
    request: ImportRequest,
) -> dict[int, Outcome]:
    """Take the bank's statements by their days, whatever the order of the files."""
    if not files:
        return {}
    from ledger.services.statement_import import StatementImporter

    importer = StatementImporter(writer, books, registry, dry_run=request.dry_run)
    outcomes: dict[int, Outcome] = {}
    read: list[tuple[int, Incoming, Statement]] = []
    for number, file in files:
        try:
            read.append((number, file, importer.read(file)))
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
    for number, file, statement in sorted(read, key=lambda one: one[2].lines[0].date):
        try:
            outcomes[number] = importer.take(file, statement)
        except Refusal as refusal:
            outcomes[number] = RefusedFile(file.path, refusal)
    return outcomes


def _has_no_header(outcome: ImportedRoster | RefusedFile) -> bool:
    return isinstance(outcome, RefusedFile) and isinstance(outcome.refusal, NoRosterHeader)


def _of_kind(files: Sequence[Incoming | RefusedFile], kind: Kind) -> list[tuple[int, Incoming]]:
    return [
        (number, file)
        for number, file in enumerate(files)
        if isinstance(file, Incoming) and file.kind == kind
    ]
