"""A key typed in from paper, line by line."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from ledger.base.language import gettext as _
from ledger.cli.terminal.consoles import is_terminal
from ledger.keys.paper_words import LINES
from ledger.keys.paper_words import PaperIncomplete
from ledger.keys.paper_words import PaperLineWrong
from ledger.keys.paper_words import digits_of_line
from ledger.keys.paper_words import key_from_paper


def typed_key() -> bytes:
    """The key. At a terminal each line is asked for until it is right; it is seen there, to be
    compared with the paper. Elsewhere the lines are read. What the paper's code says is all of it.

    Raises PaperLineWrong or PaperIncomplete.
    """
    if not is_terminal(sys.stdin):
        return key_from_paper(sys.stdin.read(4096))
    first = _prompt(1)
    with suppress(PaperLineWrong, PaperIncomplete):
        return key_from_paper(first)
    lines = [_right(1, first), *(_right(line, _prompt(line)) for line in range(2, LINES + 1))]
    return bytes.fromhex("".join(lines))


def _prompt(number: int) -> str:
    question = _("Line {line} of {lines} on the paper").format(line=number, lines=LINES)
    return str(click.prompt(question, err=True))


def _right(number: int, typed: str) -> str:
    """The digits of a line, which is asked for again until it is right."""
    while True:
        try:
            return digits_of_line(number, typed)
        except PaperLineWrong as wrong:
            click.echo(str(wrong), err=True)
        typed = _prompt(number)
