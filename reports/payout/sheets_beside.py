"""Payout sheets drawn by a second process, while this one writes the other files of a batch.

To draw the sheets of a county is a third of the work of a batch, and most machines have a second
core. The process is Python's own. It is handed the sheets and answers with their
bytes; it neither reads nor writes a file, and ends where nobody listens. Nobody waits for it
either: what it has not drawn yet is drawn here. So it decides how long a batch takes, and nothing
else.
"""

from __future__ import annotations

import gc
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from io import BytesIO
from typing import IO
from typing import TypeAlias

import msgspec

from ledger.base.records import Record
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import write_payout_sheet
from reports.pdf.fonts import register_fonts

# The sheets of fewer are drawn sooner than Python starts.
WORTH_A_PROCESS = 2000
# What it runs, and it finds modules where this process does.
PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:];"
    "from reports.payout.sheets_beside import draw; draw(sys.stdin.buffer, sys.stdout.buffer)"
)
# So many sheets fit into a pipe where Linux may choose that its reader need not be waited for.
PIPE_BYTES = 1 << 20
DrawingProcess: TypeAlias = "subprocess.Popen[bytes]"
# Objects: garbage is looked for after a sheet of thousands of rows, and not within one.
MADE_BY_A_SHEET = 100_000
LENGTH = struct.Struct(">I")
# No sheet is so long; what says it is was written by something else.
LONGEST = 1 << 28


class _Work(Record):
    """A sheet, and how it is drawn."""

    sheet: PayoutSheet
    boxes: tuple[str, ...]
    mask_identities: bool

    def drawn(self) -> bytes:
        pdf = BytesIO()
        write_payout_sheet(pdf, self.sheet, boxes=self.boxes, mask_identities=self.mask_identities)
        return pdf.getvalue()


class SheetsBeside:
    """The sheets of a batch, which another process draws from the first on, if there is one."""

    def __init__(
        self,
        sheets: Sequence[PayoutSheet],
        *,
        boxes: Sequence[str],
        mask_identities: bool,
        process: DrawingProcess | None,
    ) -> None:
        self._work = [_Work(sheet, tuple(boxes), mask_identities) for sheet in sheets]
        self._drawn: dict[int, bytes] = {}
        if process is not None:
            threading.Thread(target=self.converse, args=(process,), daemon=True).start()

    def converse(self, process: DrawingProcess) -> None:
        """Hand it the sheets, and take what it answers until it has drawn them all, or ends."""
        assert process.stdin is not None, "it was opened with pipes"
        assert process.stdout is not None, "it was opened with pipes"
        with suppress(OSError, ValueError):  # Whatever comes between, the sheets are drawn here.
            _send(process.stdin, [msgspec.msgpack.encode(one) for one in self._work])
            process.stdin.close()
            for place, pdf in enumerate(_received(process.stdout)):
                self._drawn[place] = pdf

    def sheet(self, place: int) -> bytes:
        """The PDF of a sheet, counted from 0. Whoever takes the last first is the soonest done.

        Raises :class:`~reports.pdf.fonts.MissingGlyphs`.
        """
        return self._drawn.pop(place, b"") or self._work[place].drawn()


@contextmanager
def drawing_process(people: int) -> Iterator[DrawingProcess | None]:
    """A process that draws the sheets of so many people, where that is worth one."""
    process = None
    if people >= WORTH_A_PROCESS:
        with suppress(OSError):  # There may be no room for another.
            process = start()
    try:
        yield process
    finally:
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def start() -> DrawingProcess:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", PROGRAM, *filter(None, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=PIPE_BYTES,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def draw(work: IO[bytes], answers: IO[bytes]) -> None:
    """What the other process does: to answer each sheet that it was handed with its PDF."""
    register_fonts()  # While the batch is planned.
    gc.freeze()
    gc.set_threshold(MADE_BY_A_SHEET)
    for one in list(_received(work)):
        _send(answers, [msgspec.msgpack.decode(one, type=_Work).drawn()])


def _send(pipe: IO[bytes], parts: Sequence[bytes]) -> None:
    # At once: a thread waits for its turn after each time that it writes.
    pipe.write(b"".join([LENGTH.pack(len(part)) + part for part in parts]))
    pipe.flush()


def _received(pipe: IO[bytes]) -> Iterator[bytes]:
    """The parts that come until the other side is gone; of one that is cut off, nothing."""
    while len(head := pipe.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        part = pipe.read(length) if length < LONGEST else b""
        if len(part) < length:
            return
        yield part
