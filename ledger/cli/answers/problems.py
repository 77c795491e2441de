"""What ``import`` says of rows that go back, whatever list they are of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

import click

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.language import ngettext

if TYPE_CHECKING:
    from importers.rosters.problems import Problem

PROBLEMS_SHOWN = 10


def problem_json(problem: Problem) -> dict[str, Any]:
    """What is wrong with a cell, as programs read it."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message(),
    }


def place_of(path: Path, sheet: str) -> str:
    return " ".join(filter(None, (file_name(path), sheet)))


class OfARow(Protocol):
    """A problem of a list, whichever it is: a roster, work, payments from before."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    def message(self) -> str: ...


def where_it_stands(path: Path, problem: OfARow) -> str:
    """The file, the sheet and the row of a problem, and its column where it is of one."""
    words = _("{place}, row {row}, {column}") if problem.column else _("{place}, row {row}")
    return words.format(place=place_of(path, problem.sheet), row=problem.row, column=problem.column)


def print_problem(path: Path, problem: OfARow) -> None:
    """A line about a row that was not taken."""
    where = where_it_stands(path, problem)
    click.echo(_("{file}: {problem}").format(file=where, problem=problem.message()))


def print_errors(path: Path, problems: Sequence[Problem], workbook: Path | None) -> None:
    """The first errors of a file by sheet, row and column, and where all of them are."""
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors[:PROBLEMS_SHOWN]:
        print_problem(path, problem)
    if len(errors) > PROBLEMS_SHOWN:
        click.echo(_("... and {count} more.").format(count=len(errors) - PROBLEMS_SHOWN))
    if workbook:
        click.echo(_("  To correct and import again: {path}").format(path=workbook))


def print_warnings_of(files: Sequence[tuple[Path, Sequence[Problem]]]) -> None:
    """Each kind of warning once, with its number and the first place."""
    found: dict[str, list[tuple[Path, Problem]]] = {}
    for path, problems in files:
        for problem in problems:
            if problem.severity == "warning":
                found.setdefault(problem.code, []).append((path, problem))
    for warnings in found.values():
        path, problem = warnings[0]
        message = ngettext(
            "Warning, in {where}: {message}",
            "Warning, {count} times, first in {where}: {message}",
            len(warnings),
        )
        click.echo(
            message.format(
                count=f"{len(warnings):,}",
                where=where_it_stands(path, problem),
                message=problem.message(),
            )
        )
