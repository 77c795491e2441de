"""How a command ends that could not do what it was asked. Never with a traceback."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.masks import mask_all_numbers
from ledger.base.refusals import Refusal
from ledger.cli.terminal.next_steps import sentence_of
from ledger.cli.terminal.output import print_json


def report_refusal(refusal: Refusal, *, as_json: bool) -> int:
    """One line on stderr that says why and what to do; with JSON, an object on stdout too."""
    message = " ".join(sentence_of(refusal).split())
    if as_json:
        print_json(refusal_json(refusal, message))
    click.echo(_("Refused: {message}").format(message=message), err=True)
    return 1


def refusal_json(refusal: Refusal, message: str) -> dict[str, Any]:
    """What a program reads: the sentence, its code, and the facts, which stand at the top too."""
    facts = refusal.facts()
    return {"error": message, "code": refusal.code, **facts, "facts": facts}


def report_click_exception(problem: click.ClickException | click.Abort) -> int:
    """Wrong usage, or a question that was not answered."""
    if isinstance(problem.__cause__, KeyboardInterrupt):
        # Control-C may come after the commit. A question that was answered with it was not begun.
        message = _(
            "Interrupted. What was committed stands, the rest was not written:"
            " 'census-ledger status' says how things are."
        )
        click.echo(message, err=True)
        return 1
    if isinstance(problem, click.Abort):
        click.echo(_("Stopped. Nothing was changed."), err=True)
        return 1
    problem.show()
    return 2


def report_defect(defect: Exception) -> int:
    """A failure that nobody foresaw: one line, and the details in a file for the maintainers."""
    import tempfile

    details = "".join(traceback.format_exception(defect))
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="census-ledger-", suffix=".txt", delete=False
    ) as file:
        file.write(mask_all_numbers(details))
    click.echo(
        _(
            "census-ledger failed in a way it should not ({kind}). What was committed stands,"
            " the rest was not written. Please send {path} to those who look after it."
        ).format(kind=type(defect).__name__, path=Path(file.name)),
        err=True,
    )
    return 1
