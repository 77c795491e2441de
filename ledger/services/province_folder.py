"""The province's folder: what the last consolidation has left, and what this one puts there.

Each file is whole or not there, and the HEADs go last: a command that was killed has consolidated
nothing, and the same command does it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.base.file_lock import LockHeld
from ledger.base.file_lock import file_lock
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.province.consolidation import Consolidation
from ledger.province.heads import HEADS_FILE
from ledger.province.heads import heads_text
from ledger.province.matters import matters
from ledger.province.parquet import parquet_bytes
from ledger.province.tables import tables
from reports.province.document import report_bytes
from reports.province.document import report_name
from reports.province.workbook import workbook_bytes
from reports.province.workbook import workbook_name

TABLES = "tables"
_LOCK = ".lock"
_SECONDS = 5.0


class ProvinceBusy(Refusal):
    """Another command is consolidating into the folder."""

    def __init__(self) -> None:
        super().__init__(_("another command is consolidating into this folder: wait until it ends"))


class BooksInFolder(Refusal):
    """A county's books are no place for a province's."""

    def __init__(self, folder: Path) -> None:
        message = _("{folder} holds books of a county: name a folder of its own")
        super().__init__(message.format(folder=folder))


@contextmanager
def province_folder(folder: Path) -> Iterator[None]:
    """Make the folder, for this user alone, and hold its lock.

    Raises BooksInFolder, ProvinceBusy or OSError.
    """
    # guard: province-apart-from-books
    if (folder / MAIN_FILE).exists():
        raise BooksInFolder(folder)
    durable.make_folder(folder, private=True)
    try:
        with file_lock(folder / _LOCK, _SECONDS):
            yield
    except LockHeld:
        raise ProvinceBusy from None


def write_all(folder: Path, consolidation: Consolidation) -> list[str]:
    """Write tables, workbook, report and at last the HEADs; the names of what was written."""
    durable.make_folder(folder / TABLES, private=True)
    written = []

    def write(name: str, content: bytes) -> None:
        durable.replace_file(folder / name, content, mode=durable.FOR_THE_OWNER)
        written.append(name)

    found = matters(consolidation)
    made = tables(consolidation)
    for table in made:
        write(f"{TABLES}/{table.name}.parquet", parquet_bytes(table))
    write(workbook_name(consolidation), workbook_bytes(consolidation, made))
    write(report_name(consolidation), report_bytes(consolidation, found))
    write(HEADS_FILE, heads_text(consolidation.heads))
    return written
