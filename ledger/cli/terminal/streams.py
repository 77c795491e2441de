"""The streams of the installed command: what nobody takes of an answer never stops the work.

A reader that goes away, as in ``census-ledger disburse --yes | head -1``, a full disk behind
``> answer.json`` or a stream that was closed would else end a command between its commit and its
last word, or with a traceback. And what a text of somebody else's holds never works the terminal:
it is told, and cannot move a cursor, fill a clipboard or hide a line.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from pathlib import Path
from typing import Any
from typing import TextIO

import click

from ledger.base.language import gettext as _
from ledger.base.outside_text import shown
from ledger.base.records import Record
from ledger.base.refusals import reason
from ledger.cli.terminal.consoles import is_terminal

# Windows calls a pipe without a reader an invalid argument.
READER_HAS_GONE = {errno.EPIPE, *([errno.EINVAL] if os.name == "nt" else [])}


class Dropping(io.FileIO):
    """Hands on what is written until that fails, and drops the rest. ``lost`` says why."""

    lost: OSError | None = None

    def write(self, content: Any, /) -> int:
        if self.lost is None:
            try:
                return super().write(content)
            except OSError as error:
                self.lost = error
        return len(content)


class Shown(io.TextIOWrapper):
    """Writes texts with nothing in them that a terminal obeys or does not show.

    Our own control sequences, of a progress bar, go to the stream beneath: ``sys.__stderr__``.
    """

    def write(self, text: str, /) -> int:
        super().write(shown(text))
        return len(text)


class Output(Record):
    """Standard output as it was prepared; ``raw`` is None for a terminal."""

    stream: TextIO
    raw: Dropping | None

    def was_lost(self) -> OSError | None:
        """Why a part of the answer has reached nobody; None also when its reader wanted no more."""
        self.stream.flush()
        lost = self.raw.lost if self.raw else None
        return None if lost and lost.errno in READER_HAS_GONE else lost


def prepare_streams(*, as_json: bool) -> Output:
    """Put streams in place that show every character and never fail; standard output is returned.

    A Windows console of code page 936 cannot show every name. What goes into a file or a pipe is
    UTF-8, but for text on Windows, whose other programs expect the code page.
    """
    in_code_page = os.name == "nt" and not as_json
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    sys.stdout, raw = _prepare(sys.stdout, in_code_page=in_code_page)
    sys.stderr, _raw = _prepare(sys.stderr, in_code_page=in_code_page)
    return Output(sys.stdout, raw)


def _prepare(stream: TextIO | None, *, in_code_page: bool) -> tuple[TextIO, Dropping | None]:
    if stream is None:
        # It was closed; the next file that is opened would be taken for it.
        return Path(os.devnull).open("w", encoding="utf-8"), None
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    if is_terminal(stream):
        stream.reconfigure(errors="backslashreplace")
        # Click goes round every stream that has the number of Windows' own console, and round
        # those in ASCII. A copy of the number, and UTF-8, are nothing to go round.
        copy = os.fdopen(os.dup(stream.fileno()), "wb")
        is_ascii = codecs.lookup(stream.encoding).name == "ascii"
        encoding = "utf-8" if is_ascii else stream.encoding
        return Shown(copy, encoding=encoding, errors="backslashreplace", line_buffering=True), None
    raw = Dropping(stream.fileno(), "w", closefd=False)
    text = Shown(
        io.BufferedWriter(raw),
        encoding=stream.encoding if in_code_page else "utf-8",
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
    )
    return text, raw


def report_lost_answer(lost: OSError) -> int:
    """One line on stderr: the command has run to its end, whatever became of its answer."""
    message = _(
        "The answer could not be written ({reason}). What the command has done stands:"
        " 'census-ledger status' and 'census-ledger batch list' say how things are."
    )
    click.echo(message.format(reason=reason(lost)), err=True)
    return 1
