"""Printing: JSON for programs, tables for people."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import TypeVar

import click

from ledger.language import gettext as _

Item = TypeVar("Item")


def print_json(answer: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    """A table whose numbers are aligned on the right; Chinese characters count twice."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        numeric = bool(rows) and all(_is_number(row[place]) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else cell) for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    Console(width=width, highlight=False).print(table)


def track(items: Sequence[Item], description: str) -> Iterable[Item]:
    """The items, with a progress bar on stderr when somebody is looking at it."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track as track_with_bar

    return track_with_bar(items, description, console=Console(stderr=True), transient=True)


def _is_number(cell: str | int) -> bool:
    return isinstance(cell, int) or cell.replace(",", "").replace(".", "").lstrip("-").isdigit()


def confirm(question: str) -> None:
    """Ask before something is written.

    Raises click.Abort when the answer is no, and click.UsageError when nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(_("this asks for an answer: give it with --yes"))
    click.confirm(question, abort=True, err=True)
