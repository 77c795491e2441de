"""A set of books (账套), loaded: directives, rules, history and money flows."""

from __future__ import annotations

import datetime
import os
from codecs import BOM_UTF8
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.collector import collector_off
from ledger.base.language import gettext as _
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.base.toml_table import parse_toml
from ledger.books.beancount_messages import in_the_users_words
from ledger.books.settings import Settings
from ledger.books.settings import read_settings
from ledger.budget.ceilings import Ceilings
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import ceilings
from ledger.controls.known_directives import PLUGIN
from ledger.model.accounts import code_of
from ledger.model.accounts import subsidy_account
from ledger.model.findings import in_file
from ledger.model.findings import without_closed_months
from ledger.model.findings import without_facts
from ledger.model.history import History
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent
from ledger.model.programme import Programme
from ledger.model.programme_file import programme_of
from ledger.model.programme_file import read_programme
from ledger.model.rules import Rules

if TYPE_CHECKING:
    from beancount.core import data

    from ledger.books.kept_ledger import KeptLedger
    from ledger.controls.books_text import Texts
    from ledger.events.fold import Fold
    from ledger.events.read_ledger import ReadLedger


class NoBooks(Refusal):
    """A folder holds no books."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_("there are no books in {folder}").format(folder=folder))


class FolderUnreadable(Refusal):
    """The path of the books has a character that means something else to Beancount."""

    def __init__(self, folder: Path) -> None:
        message = _(
            "books in {folder} cannot be read by Beancount: give it, or the folder above it that"
            " has them, a name without [ ] {{ }} * ? $ % and damaged characters"
        )
        super().__init__(message.format(folder=folder.absolute()))


class BooksBroken(Refusal):
    """The ledger has errors, and nothing is written to a ledger that has errors."""

    def __init__(self, count: int, first: str) -> None:
        super().__init__(
            _(
                "the books have {count} error(s) and nothing is written until they are corrected."
                " The first: {first}"
            ).format(count=count, first=first),
            errors=count,
        )


class Books(Record, dict=True):
    """The books as they stand. ``errors`` are Beancount's and the plugin's, ``marked`` the files
    whose byte order mark was passed over.
    """

    folder: Path
    settings: Settings
    programme: Programme
    ledger: ReadLedger | KeptLedger
    errors: Sequence[Any]
    marked: Sequence[str] = ()

    @property
    def entries(self) -> Sequence[data.Directive]:
        return self.ledger.entries

    @property
    def rules(self) -> Rules:
        return self.ledger.rules

    @property
    def fold(self) -> Fold:
        return self.ledger.fold

    @cached_property
    def components(self) -> Mapping[TownCode, TownComponent]:
        """The part of accounts' names that is a town's, by its code, present or former.

        A town that is called otherwise now keeps the accounts that are open for it, with their code
        and name.
        """
        opened = {
            code_of(place.town): place.town
            for account, _day in self.ledger.opened
            if (place := subsidy_account(account, {})) is not None and place.town
        }
        found: dict[TownCode, TownComponent] = {}
        for town in self.programme.towns:
            codes = [town.code, *(one.code for one in town.former if one.code)]
            kept = next((opened[code] for code in codes if code in opened), town.component)
            found |= dict.fromkeys(codes, kept)
        return found | opened

    @property
    def history(self) -> History:
        return self.ledger.history

    @property
    def flows(self) -> Flows:
        return self.ledger.flows

    def ceilings(self, on: datetime.date) -> Ceilings:
        """What is available from a day on."""
        return ceilings(self.flows, self.rules, on)

    def as_of(self, day: datetime.date) -> Books:
        """The books as if nothing after a day had been entered; themselves if nothing was."""
        ledger = self.ledger.as_of(day)
        return self if ledger is self.ledger else replace(self, ledger=ledger)

    def require_sound(
        self, *, but_for_facts: bool = False, but_for_closed_months: bool = False
    ) -> None:
        """Raises BooksBroken when the ledger has errors.

        ``but_for_facts``: an excess that the bank's statement has revealed does not keep other
        facts from being entered; it keeps money from being paid.
        """
        errors = without_facts(self.errors) if but_for_facts else self.errors
        if but_for_closed_months:
            errors = without_closed_months(errors)
        if errors:  # guard: broken-books-not-written
            raise BooksBroken(len(errors), describe(errors[0], self.folder))


def require_books(folder: Path) -> None:
    """Raises NoBooks unless the folder holds books, or FolderUnreadable."""
    if not (folder / MAIN_FILE).is_file():
        raise NoBooks(folder)
    require_plain_path(folder)


def require_plain_path(folder: Path) -> None:
    """Raises FolderUnreadable where Beancount would read another path than this.

    It takes the whole path for a pattern of files, for a text with variables in it and for a
    format, and wants it in UTF-8.
    """
    path = str(folder.absolute())
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise FolderUnreadable(folder) from None
    if set(path) & set("[]{}*?") or os.path.expandvars(path) != path:
        raise FolderUnreadable(folder)


def load_books(folder: Path, instead: Mapping[str, bytes] | None = None) -> Books:
    """Load the books in a folder, with some files read as they would be ``instead``.

    Raises NoBooks, MalformedToml or BooksNotPlain.
    """
    return load_with_texts(folder, instead)[0]


def load_with_texts(
    folder: Path, instead: Mapping[str, bytes] | None = None
) -> tuple[Books, Texts | None]:
    """The same, and the texts that were loaded."""
    # What was kept of the books is read without any of Beancount's modules.
    from ledger.books.loading import load_ledger

    require_books(folder)
    settings, programme = read_settings(folder), _programme(folder, instead or {})
    with collector_off():
        ledger, errors, options, marked, texts = load_ledger(folder / MAIN_FILE, programme, instead)
    if not any(name == PLUGIN for name, _configuration in options["plugin"]):
        message = _('the books check nothing: put plugin "{plugin}" back into this file')
        path = str(folder.absolute() / MAIN_FILE)
        errors = [in_file(path, 1, "plugin", message.format(plugin=PLUGIN)), *errors]
    marked = [*marked, *marked_tables(folder)]
    return Books(folder, settings, programme, ledger, errors, marked), texts


def marked_tables(folder: Path) -> list[str]:
    """Which of the files beside Beancount's begin with a byte order mark. Raises OSError."""
    tables = (SETTINGS_FILE, PROGRAMME_FILE)
    return [name for name in tables if read_plain(folder / name).startswith(BOM_UTF8)]


def _programme(folder: Path, instead: Mapping[str, bytes]) -> Programme:
    content = instead.get(PROGRAMME_FILE)
    if content is None:
        return read_programme(folder)
    return programme_of(parse_toml(PROGRAMME_FILE, content.decode("utf-8")))


def place(source: Mapping[str, Any], folder: Path) -> tuple[str, int]:
    """The file, relative to the books where it can be, and the line of a directive or error."""
    filename = str(source.get("filename", ""))
    path = Path(filename)
    if path.is_absolute() and path.is_relative_to(folder.absolute()):
        filename = path.relative_to(folder.absolute()).as_posix()
    return filename, int(source.get("lineno", 0))


def describe(error: Any, folder: Path) -> str:
    """A ledger error on one line: ``rules.beancount:12: …``."""
    filename, line = place(error.source or {}, folder)
    return f"{filename}:{line}: {in_the_users_words(str(error.message))}"
