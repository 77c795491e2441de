"""The ledger that Fava shows: the books as they were loaded, without what they would tell Fava.

Entries can make Fava load code of the books, write and hand out other files, lead elsewhere. What
is ours to decide is set here; a few harmless options of the books count. Names of files are
relative to the books, so that no answer tells where they lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from beancount.core import data
from fava.beans.prices import FavaPriceMap
from fava.core import FavaLedger
from fava.core.fava_options import parse_options
from fava.core.group_entries import group_entries_by_type

from ledger.base.books_folder import MAIN_FILE
from ledger.base.collector import collector_off
from ledger.base.language import gettext as _
from ledger.base.language import in_language_of
from ledger.base.language import user_prefers_english
from ledger.books.loading import Loaded
from ledger.web.hand_file import HAND_FILE
from ledger.web.hand_file import HandFile
from ledger.web.queries import Queries
from ledger.web.statements_page import STATEMENTS
from ledger.web.statements_page import Statements

OPTION = "fava-option"
# They change how figures look, and nothing else.
OPTIONS_OF_THE_BOOKS = frozenset(
    {
        "account-journal-include-children",
        "invert-gains-losses-colors",
        "invert-income-liabilities-equity",
        "language",
        "locale",
        "show-accounts-with-zero-balance",
        "show-accounts-with-zero-transactions",
        "show-closed-accounts",
        "show-metadata-indicators",
        "sidebar-show-queries",
    }
)
# Fava reads budgets of its own from these; ours are rules.
NOT_FOR_FAVA = "budget"


class OfficeLedger(FavaLedger):
    """The books as they were loaded. It never changes: other books are another ledger.

    What it has in common with the ledger ``before`` is not made again. Whoever writes the file for
    entries by hand holds the lock ``writing``.
    """

    file: HandFile

    def __init__(
        self,
        folder: Path,
        loaded: Loaded,
        writing: Lock,
        *,
        edit: bool = False,
        before: OfficeLedger | None = None,
    ) -> None:
        self.folder = folder
        self.loaded = loaded
        self.edit = edit
        # Few files hold many entries.
        self._names: dict[str, str] = {}
        super().__init__(str(self.folder / MAIN_FILE), poll_watcher=True)
        self.beancount_file_path = MAIN_FILE
        self.file = HandFile(self, writing)
        self.ingest = Statements(self)
        self.query_shell: Any = Queries(self)
        with collector_off():
            self._show(before.copies if before else {})
        self.watcher.update(map(Path, loaded.options["include"]), ())
        # The browser loads its page anew when this has grown.
        self._mtime = max(self.watcher.last_checked, before.mtime + 1 if before else 0)

    @property
    def mtime(self) -> int:
        """When the books changed last, in nanoseconds; more than of the ledger before."""
        return self._mtime

    def load_file(self) -> None:
        """Fava would load the books here."""

    def changed(self) -> bool:
        """It never does."""
        return False

    def _show(self, known: Mapping[int, Any]) -> None:
        """Give Fava's modules what they may see of the books. ``known`` are copies of entries that
        were made before.
        """
        shown = list(filter(is_shown, self.loaded.ledger.entries))
        self.copies = {
            id(entry): known.get(id(entry)) or self.with_relative_names(entry) for entry in shown
        }
        self.all_entries = [self.copies[id(entry)] for entry in shown]
        self.load_errors = [self._shown_error(error) for error in self.loaded.errors]
        self.options: Any = self._shown_options()
        self.all_entries_by_type = group_entries_by_type(self.all_entries)
        self.prices = FavaPriceMap(self.all_entries_by_type.Price)
        self.fava_options, _errors = parse_options(self.all_entries_by_type.Custom)
        self.fava_options_errors = []
        self._look_as_offices_do()
        self.fava_options.default_file = HAND_FILE
        # What Fava's page of imports wants to see set; nothing reads it.
        self.fava_options.import_config = STATEMENTS
        self.fava_options.import_dirs = [STATEMENTS]
        # Not the extensions: they are code.
        for module in (
            self.accounts,
            self.attributes,
            self.budgets,
            self.charts,
            self.commodities,
            self.file,
            self.format_decimal,
            self.misc,
            self.query_shell,
            self.ingest,
        ):
            module.load_file()
        with in_language_of(lambda: names_english(self.loaded)):
            self.misc.sidebar_links = our_pages()

    def _look_as_offices_do(self) -> None:
        """What the books say of how figures look, or else: income is positive, thousands apart."""
        said = {entry.values[0].value for entry in self.all_entries_by_type.Custom if entry.values}
        options = self.fava_options
        options.language = options.language or _language()
        options.locale = options.locale or options.language
        if "invert-income-liabilities-equity" not in said:
            options.invert_income_liabilities_equity = True
        if "show-metadata-indicators" not in said:
            options.show_metadata_indicators = False

    def join_path(self, *args: str) -> Path:
        """A path below the folder of the books."""
        return self.folder.joinpath(*args)

    def with_relative_names(self, entry: Any) -> Any:
        """An entry whose names of files are relative to the books."""
        entry = entry._replace(meta=self._relative_meta(entry.meta))
        if isinstance(entry, data.Transaction):
            postings = [
                posting._replace(meta=self._relative_meta(posting.meta))
                if posting.meta and "filename" in posting.meta
                else posting
                for posting in entry.postings
            ]
            return entry._replace(postings=postings)
        if isinstance(entry, data.Document):
            return entry._replace(filename=self._relative(entry.filename))
        return entry

    def _relative_meta(self, meta: Mapping[str, Any]) -> dict[str, Any]:
        return {**meta, "filename": self._relative(str(meta.get("filename", "")))}

    def _relative(self, name: str) -> str:
        """The name below the books, and the mere name of what lies outside."""
        if name not in self._names:
            path = Path(name)
            if path.is_absolute():
                inside = self._is_inside(path)
                name_here = path.relative_to(self.folder).as_posix() if inside else path.name
            else:
                name_here = name
            self._names[name] = name_here
        return self._names[name]

    def _is_inside(self, path: Path) -> bool:
        return path.is_relative_to(self.folder)

    def _shown_error(self, error: Any) -> Any:
        source = self._relative_meta(error.source) if error.source else None
        return error._replace(
            source=source, message=without_folder(str(error.message), self.folder)
        )

    def _shown_options(self) -> dict[str, Any]:
        included = [Path(name) for name in self.loaded.options["include"]]
        return {
            **self.loaded.options,
            "filename": MAIN_FILE,
            "include": [self._relative(str(path)) for path in included if self._is_inside(path)],
            "documents": [],
            "pythonpath": [],
        }


def names_english(loaded: Loaded) -> bool:
    """Whether the books name English as their language."""
    said: list[Any] = [
        entry
        for entry in loaded.ledger.entries
        if isinstance(entry, data.Custom) and entry.type == OPTION and is_shown(entry)
    ]
    options, _errors = parse_options(said)
    return (options.language or "").startswith("en")


def without_folder(text: str, folder: Path) -> str:
    """A text in which files of the books are named as they are within the books."""
    return text.replace(f"{folder}/", "").replace(f"{folder}\\", "").replace(str(folder), ".")


def our_pages() -> list[tuple[str, str]]:
    """The link in Fava's sidebar that leads back to the desk."""
    return [(_("Back to the desk"), "/")]


def _language() -> str:
    return "en" if user_prefers_english() else "zh_CN"


def is_shown(entry: Any) -> bool:
    """Whether Fava may see an entry."""
    if not isinstance(entry, data.Custom):
        return True
    if entry.type == OPTION:
        name = entry.values[0].value if entry.values else None
        return isinstance(name, str) and name.replace("_", "-") in OPTIONS_OF_THE_BOOKS
    # guard: nothing-told-to-fava
    return not entry.type.startswith("fava-") and entry.type != NOT_FOR_FAVA
