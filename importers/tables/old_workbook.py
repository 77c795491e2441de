"""Old workbooks (.xls), read in another process: a damaged one can take the process with it."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import marshal
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import TypeAlias

import python_calamine

from importers.tables import old_code_pages
from importers.tables import old_workbook_process
from importers.tables.cells import Cell
from importers.tables.cells import MergedRange
from importers.tables.old_workbook_marks import marks_of_old
from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import EncryptedWorkbook
from importers.tables.refusals import NotATable
from importers.tables.refusals import UnknownCodePage
from importers.tables.workbook_limits import CELL_LIMIT
from importers.tables.workbook_limits import check_extent
from importers.tables.workbook_marks import NO_MARKS
from importers.tables.workbook_marks import SheetMarks
from ledger.base.language import gettext as _

TIME_LIMIT_SECONDS = 60

_MOMENTS: dict[str, Callable[..., Cell]] = {
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "timedelta": datetime.timedelta,
}

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

# Name, hidden, cells, merged ranges, marks.
SheetContent: TypeAlias = tuple[
    str, bool, Sequence[Sequence[Cell]], Sequence[MergedRange], SheetMarks
]


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
    older = old_code_pages.with_single_bytes(content)
    found = marshal.loads(_answer(name, older or content))
    marks = marks_of_old(content)
    if len(marks) != len(found):
        marks = [NO_MARKS] * len(found)
    for (sheet_name, hidden, rows, columns, cells, merged), own in zip(found, marks, strict=True):
        check_extent(name, rows=rows, columns=columns, cells_before=before)
        before += rows * columns
        laid_out = [list(map(_as_read, row)) for row in cells or ()]
        sheets.append((sheet_name, hidden, laid_out, merged, own))
    return _in_chinese(name, sheets) if older else sheets


def _as_read(cell: Any) -> Cell:
    """A cell as the reader gave it to :func:`~importers.tables.old_workbook_process.told`."""
    if type(cell) is not tuple:
        return cell  # type: ignore[no-any-return]
    kind, *parts = cell
    return _MOMENTS[kind](*parts)


def _in_chinese(name: str, sheets: list[SheetContent]) -> list[SheetContent]:
    try:
        return [
            (
                old_code_pages.decoded_text(title),
                hidden,
                old_code_pages.decoded_cells(cells),
                merged,
                marks,
            )
            for title, hidden, cells, merged, marks in sheets
        ]
    except UnicodeDecodeError as error:
        raise UnknownCodePage(name) from error


def _has_password(content: bytes) -> bool:
    """Whether the sheets are encrypted; the reader takes such a file for a damaged one."""
    _before, beginning, rest = content.partition(_BEGINNING)
    records = rest[_BEGINNING_BYTES - len(_BEGINNING) :].removeprefix(_WRITE_PROTECTED)
    return bool(beginning) and records.startswith(_PASSWORD)


def _answer(name: str, content: bytes) -> bytes:
    with _one_at_a_time:
        answer = _reader.read(content)
    if answer == old_workbook_process.PASSWORD:
        raise EncryptedWorkbook(name)
    if answer is None or answer == old_workbook_process.DAMAGED:
        raise DamagedWorkbook(name)
    return answer


class _Reader:
    """The other process, started when it is needed and kept for the files that follow: to start it
    takes longer than to read a town's roster.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._too_long = False

    def read(self, content: bytes) -> bytes | None:
        """Its answer, or None when it has died, or was ended because it took too long.

        One that has died of something else, between two files, is no fault of the second: it is
        read once more by a new one.
        """
        used_before = self._process is not None
        answer = self._asked(content)
        if answer is None and used_before and not self._too_long:
            answer = self._asked(content)
        return answer

    def _asked(self, content: bytes) -> bytes | None:
        answer = None
        self._too_long = False
        try:
            process = self._started()
            assert process.stdin is not None, "it was opened with pipes"
            assert process.stdout is not None, "it was opened with pipes"
            patience = threading.Timer(TIME_LIMIT_SECONDS, self._lose_patience, [process])
            patience.start()
            try:
                old_workbook_process.send(process.stdin, content)
                answer = old_workbook_process.receive(process.stdout)
            finally:
                patience.cancel()
        except OSError:
            pass
        finally:
            # Whatever has come between, an answer that is still to come would be the next file's.
            if answer is None or self._too_long:
                self.end()
        return answer

    def _lose_patience(self, process: subprocess.Popen[bytes]) -> None:
        self._too_long = True
        process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid():
            command = [
                *(sys.executable, "-I", "-S", str(old_workbook_process.__file__)),
                *(str(Path(python_calamine.__file__).parents[1]), str(CELL_LIMIT)),
            ]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._owner = os.getpid()
        return self._process

    def end(self) -> None:
        """It ends by itself where nothing more can come; what does not is killed."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.kill()
        process.wait()


_reader = _Reader()
_one_at_a_time = threading.Lock()
atexit.register(_reader.end)
