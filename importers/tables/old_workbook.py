"""Old workbooks (.xls), read in another process: a damaged one can take the process with it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import python_calamine

from importers.tables import old_workbook_process
from importers.tables.cells import Cell
from importers.tables.cells import MergedRange
from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import EncryptedWorkbook
from importers.tables.refusals import NotATable
from importers.tables.workbook_limits import CELL_LIMIT
from importers.tables.workbook_limits import check_extent
from ledger.language import gettext as _

TIME_LIMIT_SECONDS = 60

_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_STREAMS = [
    stream.encode("utf-16-le") for stream in ("WordDocument", "PowerPoint Document", "__substg1.0")
]

# How the workbook within an .xls file begins; a record of a password follows, or one that only
# says that there is one for writing and then that of the password ([MS-XLS], Globals Substream).
_BEGINNING = bytes.fromhex("0908100000060500")
_BEGINNING_BYTES = 20
_WRITE_PROTECTED = bytes.fromhex("86000000")
_PASSWORD = bytes.fromhex("2f00")

# Name, hidden, cells, merged ranges.
SheetContent: TypeAlias = tuple[str, bool, Sequence[Sequence[Cell]], Sequence[MergedRange]]


def read_old_workbook(name: str, content: bytes) -> list[SheetContent]:
    """Every worksheet of an .xls file.

    Raises NotATable for another kind of OLE document, EncryptedWorkbook (a password hides an
    .xlsx in such a document too), TableTooLarge or DamagedWorkbook.
    """
    if _ENCRYPTED_STREAM in content or _has_password(content):
        raise EncryptedWorkbook(name)
    if any(stream in content for stream in _OTHER_STREAMS):
        raise NotATable(name, _("a document of another kind"))
    sheets: list[SheetContent] = []
    before = 0
    for sheet_name, hidden, rows, columns, cells, merged in pickle.loads(_answer(name, content)):
        check_extent(name, rows=rows, columns=columns, cells_before=before)
        before += rows * columns
        sheets.append((sheet_name, hidden, cells or [], merged))
    return sheets


def _has_password(content: bytes) -> bool:
    """Whether the sheets are encrypted; the reader takes such a file for a damaged one."""
    _before, beginning, rest = content.partition(_BEGINNING)
    records = rest[_BEGINNING_BYTES - len(_BEGINNING) :].removeprefix(_WRITE_PROTECTED)
    return bool(beginning) and records.startswith(_PASSWORD)


def _answer(name: str, content: bytes) -> bytes:
    command = [
        *(sys.executable, "-I", "-S", str(old_workbook_process.__file__)),
        *(str(Path(python_calamine.__file__).parents[1]), str(CELL_LIMIT)),
    ]
    try:
        process = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DamagedWorkbook(name) from error
    if process.returncode == old_workbook_process.EXIT_PASSWORD:
        raise EncryptedWorkbook(name)
    if process.returncode != 0:
        raise DamagedWorkbook(name)
    return process.stdout
