"""Printing: JSON for programs, tables for people."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import TypeVar

import click

from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.records import asdict
from ledger.cli.terminal.consoles import is_terminal

Item = TypeVar("Item")

AMOUNT = re.compile(r"-?[\d,]+\.\d+")
BETWEEN = "   "


def print_json(answer: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def record_json(record: Any) -> dict[str, Any]:
    """A record's fields as programs read them: what is fen by its name is text in yuan."""
    return {
        key.removesuffix("_fen"): plain(value) if key.endswith("_fen") else value
        for key, value in asdict(record).items()
    }


def print_table(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    *,
    err: bool = False,
) -> None:
    """A table whose numbers are aligned on the right; Chinese characters count twice.

    No cell is ever broken or cut off: an amount in two pieces would be read as another amount.
    A table that is wider than the terminal goes on in the next line. With ``err`` it is for who
    is asked a question, and goes to stderr.
    """
    from rich.cells import cell_len

    texts = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    columns = list(zip(headings, *texts, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    right = [bool(rows) and all(_is_number(row[place]) for row in rows)
             for place in range(len(headings))]  # fmt: skip

    def line(cells: Sequence[str]) -> str:
        padded = []
        for cell, width, is_right in zip(cells, widths, right, strict=True):
            blanks = " " * (width - cell_len(cell))
            padded.append(blanks + cell if is_right else cell + blanks)
        return f" {BETWEEN.join(padded)}".rstrip()

    rule = "─" * (sum(widths) + len(BETWEEN) * (len(widths) - 1))
    click.echo("\n".join([title, "", line(headings), f" {rule}", *map(line, texts), ""]), err=err)


def print_marked(files: Sequence[str]) -> None:
    """Which files of the books begin with a byte order mark, on stderr."""
    for file in files:
        message = _(
            "{file} begins with a byte order mark, which was passed over: save it as UTF-8 without"
            " one, for other programs."
        )
        click.echo(message.format(file=file), err=True)


def track(items: Sequence[Item], description: str) -> Iterable[Item]:
    """The items, with a progress bar on stderr when somebody is looking at it."""
    if not is_terminal(sys.stderr):
        return items
    from rich.console import Console
    from rich.progress import track as track_with_bar

    # The bar is drawn on the terminal itself; sys.stderr writes control sequences out in words.
    console = Console(file=sys.__stderr__)
    return track_with_bar(items, description, console=console, transient=True)


def _is_number(cell: str | int) -> bool:
    """A count or an amount; a code such as 01 is a name."""
    return isinstance(cell, int) or bool(AMOUNT.fullmatch(cell))


def confirm(question: str) -> None:
    """Ask before something is written.

    Raises click.Abort when the answer is no, and click.UsageError when nobody is there to ask.
    """
    if not is_terminal(sys.stdin):
        raise click.UsageError(_("this asks for an answer: give it with --yes"))
    click.confirm(question, abort=True, err=True)
