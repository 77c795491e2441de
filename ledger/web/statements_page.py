"""Fava's page of imports: what lies in ``statements/``, looked at by code of ours alone.

Fava would run a file of the books for its importers. Here nothing in the books is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from fava.core.ingest import FileImporters
from fava.core.ingest import ImporterMethodCallError
from fava.core.ingest import IngestModule
from fava.core.ingest import LoadedImportConfig
from fava.core.ingest import WrappedImporter
from fava.core.ingest import extract_from_file
from fava.helpers import FavaAPIError

from importers.preview import StatementPreview
from ledger.base.language import gettext as _

if TYPE_CHECKING:
    from ledger.web.fava_ledger import OfficeLedger

STATEMENTS = "statements"
# Fava does not look at larger files either.
MOST_BYTES = 8 * 1024 * 1024


class NoStatement(FavaAPIError):
    """What was asked for is no file that the page lists."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(_("there is no such statement in {folder}/").format(folder=STATEMENTS))


class Statements(IngestModule):
    """The page's files, by names relative to the books. Links are neither followed nor listed."""

    ledger: OfficeLedger

    def __init__(self, ledger: OfficeLedger) -> None:
        super().__init__(ledger)
        self.importer = WrappedImporter(StatementPreview(ledger.folder))
        self.loaded_config = LoadedImportConfig({self.importer.name: self.importer}, ())

    @property
    def module_path(self) -> Path | None:
        """No file of the books is run."""
        return None

    def load_file(self) -> None:
        """Nothing of the books says what is imported."""

    def import_data(self) -> list[FileImporters]:
        """The files, and our reader with those that are statements."""
        return [
            FileImporters(name, path.name, self._importers(path))
            for name, path in self._files().items()
        ]

    def extract(self, filename: str, importer_name: str) -> list[Any]:
        """What a statement would enter. Raises NoStatement for any file that is not listed."""
        path = self._files().get(filename)
        if path is None or importer_name != self.importer.name:
            raise NoStatement
        known: Any = self.ledger.loaded.ledger.entries
        try:
            entries = extract_from_file(self.importer, path, known)
        except Exception as error:
            raise NoStatement from error
        return [self.ledger.with_relative_names(entry) for entry in entries]

    def _importers(self, path: Path) -> list[Any]:
        try:
            if self.importer.identify(path):
                return [self.importer.file_import_info(path)]
        except ImporterMethodCallError:
            # It cannot be read: no statement.
            pass
        return []

    def _files(self) -> dict[str, Path]:
        folder = self.ledger.folder
        return {path.relative_to(folder).as_posix(): path for path in _plain(folder / STATEMENTS)}


def _plain(folder: Path) -> Iterator[Path]:
    """The regular files below a folder that are reached without a link."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _plain(path)
        elif path.is_file() and path.stat().st_size <= MOST_BYTES:
            yield path
