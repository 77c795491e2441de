"""What ``import`` says of rows that go back, whatever list they are of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

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


def print_errors(path: Path, problems: Sequence[Problem], workbook: Path | None) -> None:
    """The first errors of a file by sheet, row and column, and where all of them are."""
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors[:PROBLEMS_SHOWN]:
        message = _("{place}, row {row}, {column}: {message}")
        click.echo(
            message.format(
                place=place_of(path, problem.sheet),
                row=problem.row,
                column=problem.column or "—",
                message=problem.message(),
            )
        )
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
            "Warning, in {place}, row {row}, {column}: {message}",
            "Warning, {count} times, first in {place}, row {row}, {column}: {message}",
            len(warnings),
        )
        click.echo(
            message.format(
                count=f"{len(warnings):,}",
                place=place_of(path, problem.sheet),
                row=problem.row,
                column=problem.column or "—",
                message=problem.message(),
            )
        )
