"""A key typed in from paper, line by line."""

from __future__ import annotations

import sys

import click

from ledger.base.language import gettext as _
from ledger.keys.paper_words import LINES
from ledger.keys.paper_words import PaperLineWrong
from ledger.keys.paper_words import digits_of_line
from ledger.keys.paper_words import key_from_paper


def typed_key() -> bytes:
    """The key. At a terminal each line is asked for until it is right; it is seen there, to be
    compared with the paper. Elsewhere the lines are read.

    Raises PaperLineWrong or PaperIncomplete.
    """
    if not sys.stdin.isatty():
        return key_from_paper(sys.stdin.read(4096))
    return bytes.fromhex("".join(_asked(number) for number in range(1, LINES + 1)))


def _asked(number: int) -> str:
    question = _("Line {line} of {lines} on the paper").format(line=number, lines=LINES)
    while True:
        try:
            return digits_of_line(number, click.prompt(question, err=True))
        except PaperLineWrong as wrong:
            click.echo(str(wrong), err=True)
