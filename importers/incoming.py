"""Files as they come in: read once, and told apart by what is in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from importers.results.header import is_result
from importers.results.words import OwnHeadings
from importers.statements.layouts import FixedLayout
from importers.statements.layouts import is_surely_statement
from importers.statements.layouts import statement_sheets
from importers.tables.reading import Sheet
from importers.tables.reading import read_tables
from importers.workload.header import is_work_list
from importers.workload.words import work_words
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason

Kind = Literal["roster", "result", "statement", "workload", "paid-before"]
Track = Callable[[Sequence[Path], str], Iterable[Path]]


class StatementNotResult(Refusal):
    """A statement of the account that was to be read as the bank's answers."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: this is a statement of the account (对账单), with balances or with money that "
            "came in, and no result of a batch"
        )
        super().__init__(message.format(file=file))


class FileUnreadable(Refusal):
    """A path that is no file, or one that the system does not let us read."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(_("{file}: {problem}").format(file=path, problem=problem))


class Incoming(Record):
    """A file whose cells could be read, and what it is."""

    path: Path
    content: bytes
    sheets: Sequence[Sheet]
    kind: Kind

    unshown = ("content", "sheets")


class RefusedFile(Record):
    """A file of which nothing was taken, and why."""

    path: Path
    refusal: Refusal


def open_file(
    path: Path,
    asked: Kind | None,
    layouts: Sequence[FixedLayout] = (),
    headings: OwnHeadings = (),
    counted: Sequence[str] | None = None,
) -> Incoming | RefusedFile:
    """The file's cells; what it is says its content unless the user does.

    ``layouts`` are those of statements that the settings fix, ``headings`` those of results that
    they add; ``counted`` are the units of stages that are paid by lists of work, None where no
    stage is. A statement is no result whoever says so: what went through on the account is no
    answer to a batch.
    """
    try:
        content = read_file(path)
        sheets = read_tables(file_name(path), content)
    except Refusal as refusal:
        return RefusedFile(path, refusal)
    # guard: statement-no-result
    if asked == "result" and is_surely_statement(statement_sheets(sheets, layouts)):
        return RefusedFile(path, StatementNotResult(file_name(path)))
    return Incoming(path, content, sheets, asked or kind_of(sheets, layouts, headings, counted))


def kind_of(
    sheets: Sequence[Sheet],
    layouts: Sequence[FixedLayout] = (),
    headings: OwnHeadings = (),
    counted: Sequence[str] | None = None,
) -> Kind:
    """What the cells are, by their headings.

    A statement may have a column of states as a result has; a result has no balances, and no
    money that came in.
    """
    found = statement_sheets(sheets, layouts)
    if is_surely_statement(found):
        return "statement"
    if is_result(sheets, headings):
        return "result"
    if found:
        return "statement"
    if counted is not None and is_work_list(sheets, lambda: work_words(counted)):
        return "workload"
    return "roster"


def read_file(path: Path) -> bytes:
    """The file's content. Raises FileUnreadable for a folder, a missing or a locked file."""
    try:
        if path.is_dir():
            raise FileUnreadable(path, _("this is a folder; name the files in it"))
        # A link is the user's own here; a pipe would have us wait.
        return read_plain(Path(os.path.realpath(path)))
    except FileNotFoundError:
        raise FileUnreadable(path, _("there is no such file")) from None
    except NotPlain as found:
        raise FileUnreadable(path, not_plain(found.kind)) from None
    except OSError as error:
        raise FileUnreadable(path, reason(error)) from None
