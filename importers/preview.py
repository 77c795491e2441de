"""Fava's page of imports shows a bank statement as it would be entered; it enters nothing.

``census-ledger import`` does that: it alone sees the payments of single people, which are in the
encrypted registry. Here a batch is known by its whole sums.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import beangulp
from beancount.core import data
from beancount.parser import parser

from importers.incoming import RefusedFile
from importers.incoming import open_file
from importers.matching.statement_lines import StatementLines
from importers.matching.statement_lines import place_lines
from importers.matching.statement_lines import read_own_statement
from importers.rosters.words import Vocabulary
from importers.rosters.words import reading_by
from importers.statements.layouts import fixed_layouts
from ledger.bank.bank_account import bank_account
from ledger.base.actor_and_clock import Stamp
from ledger.base.books_folder import ACCOUNTS_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.settings import read_settings
from ledger.events.event_file import NO_EVENT
from ledger.events.event_file import Drafting
from ledger.events.read_ledger import ReadLedger
from ledger.events.statement_text import statement_event
from ledger.model.accounts import BANK
from ledger.model.bank_lines import Statement
from ledger.model.history import LINE_LINK
from ledger.model.ids import BankLineId
from ledger.model.programme_file import read_programme

# By this beangulp and Fava know an entry that the books have already.
DUPLICATE = "__duplicate__"
SOURCE = "__source__"

# Of the event that would be, only the entries are shown.
NOWHERE = Drafting(NO_EVENT, Stamp("", ""))

Version = tuple[int, int] | None


class Read(Record):
    """A file as it was read: a statement, the refusal of one, or neither."""

    versions: tuple[Version, ...]
    statement: Statement | None = None
    refusal: Refusal | None = None


class StatementPreview(beangulp.Importer):  # type: ignore[misc]
    """Statements of the office's bank account, in any layout that ``import`` reads.

    Fava asks for every file of its folders at every look at the page: a file is read again only
    when it, or the settings, have changed.
    """

    def __init__(self, books: Path) -> None:
        self.books = books
        self.files: dict[Path, Read] = {}
        self.opened: tuple[Version, str] | None = None

    @property
    def name(self) -> str:
        return _("bank statement, preview only")

    def identify(self, filepath: str) -> bool:
        """Whether the file is a bank statement; what cannot be read is none."""
        read = self.read(Path(filepath))
        return read.statement is not None or read.refusal is not None

    def account(self, filepath: str) -> str:
        """The bank account of the books; the parent of all such accounts when it is unclear."""
        version = _version(self.books / ACCOUNTS_FILE)
        if self.opened is None or self.opened[0] != version:
            try:
                self.opened = version, bank_account(load_books(self.books))
            except Refusal:
                return BANK
        return self.opened[1]

    def date(self, filepath: str) -> datetime.date | None:
        """The day of the last line."""
        statement = self.read(Path(filepath)).statement
        return statement.lines[-1].date if statement else None

    def filename(self, filepath: str) -> str | None:
        """A name by which statements sort: ``2020-11-01--2020-11-30-对账单.xlsx``."""
        statement = self.read(Path(filepath)).statement
        if statement is None:
            return None
        first, last = statement.lines[0].date, statement.lines[-1].date
        return f"{first}--{last}-对账单{Path(filepath).suffix}"

    def extract(self, filepath: str, existing: data.Entries) -> data.Entries:
        """Every line as an entry: new ones as they would be entered, known ones as they were.

        A statement that would be refused gives a note that says why.
        """
        read = self.read(Path(filepath))
        try:
            if read.refusal is not None:
                raise read.refusal
            if read.statement is None:
                return []
            books = Books(
                self.books,
                read_settings(self.books),
                read_programme(self.books),
                ReadLedger(existing),
                (),
            )
            lines = place_lines(books, read.statement, lambda batch: ())
            return _entries(books, lines, filepath)
        except Refusal as refusal:
            day = self.date(filepath) or _today()
            # Fava's field for a note has two lines; what it was taken from is shown whole.
            meta = {"filename": filepath, SOURCE: str(refusal)}
            return [data.Note(meta, day, self.account(filepath), str(refusal), None, None)]

    def deduplicate(self, entries: data.Entries, existing: data.Entries) -> None:
        """Mark the lines that the books have, by their ids.

        By date and amount, as beangulp does it, one payment of 800 yuan is all others.
        """
        known = _line_links(existing)
        for entry in entries:
            if _line_links([entry]) & known:
                entry.meta[DUPLICATE] = True

    def sort(self, entries: data.Entries, reverse: bool = False) -> None:
        """Leave the lines in the order in which they happened."""
        if reverse:
            entries.reverse()

    def read(self, path: Path) -> Read:
        """The file as it is now, or as it was read before."""
        versions = _version(path), _version(self.books / SETTINGS_FILE)
        known = self.files.get(path)
        if known is None or known.versions != versions:
            known = self.files[path] = _read(path, self.books, versions)
        return known


def _read(path: Path, books: Path, versions: tuple[Version, ...]) -> Read:
    try:
        settings = read_settings(books)
        words = Vocabulary(read_programme(books), settings.roster_headings, settings.roster_footer)
        with reading_by(words):
            file = open_file(path, None, fixed_layouts(settings), settings.result_headings)
        if isinstance(file, RefusedFile) or file.kind != "statement":
            return Read(versions)
        return Read(versions, read_own_statement(path.name, file.sheets, settings, _today()))
    except Refusal as refusal:
        return Read(versions, refusal=refusal)


def _today() -> datetime.date:
    """Fava calls this importer with a file and nothing else, so this door asks the system."""
    return datetime.date.today()


def _version(path: Path) -> Version:
    """What changes with a file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _entries(books: Books, lines: StatementLines, file: str) -> data.Entries:
    """The lines as entries in their order, known ones first; their metadata are their own."""
    known = books.history.lines
    entered = [known[name].entry for name in lines.ids if name in known]
    return [
        *(entry._replace(meta=dict(entry.meta)) for entry in entered),
        *_new_entries(lines, file),
    ]


def _new_entries(lines: StatementLines, file: str) -> list[data.Transaction]:
    """The new lines as they would be entered, each from its row of the file."""
    if not lines.new:
        return []
    text = statement_event(NOWHERE, lines.account, lines.new, None, meta={})
    parsed, _errors, _options = parser.parse_string(text)
    entries = [entry for entry in parsed if isinstance(entry, data.Transaction)]
    return [
        entry._replace(meta={**entry.meta, "filename": file, "lineno": placed.line.row})
        for entry, placed in zip(entries, lines.new, strict=True)
    ]


def _line_links(entries: Iterable[data.Directive]) -> set[BankLineId]:
    return {
        BankLineId(link)
        for entry in entries
        if isinstance(entry, data.Transaction)
        for link in entry.links
        if LINE_LINK.fullmatch(link)
    }
