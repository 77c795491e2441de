"""Passphrases, as they are typed: from the environment, or asked where somebody is there."""

from __future__ import annotations

import os
import sys

import click

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

PASSPHRASE_VARIABLE = "CENSUS_LEDGER_PASSPHRASE"


class PassphraseMissing(Refusal):
    """An operator's key wants a passphrase, and nobody is there to type it."""

    def __init__(self, operator: str) -> None:
        message = _("the key of operator {operator} opens with a passphrase, which is missing")
        super().__init__(message.format(operator=operator), operator=operator)


def passphrase_of(operator: str) -> str:
    """The passphrase of a key that has one. Raises PassphraseMissing."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise PassphraseMissing(operator)
    return _asked(_("Passphrase of operator {operator}").format(operator=operator))


def new_passphrase(operator: str) -> str:
    """A passphrase typed twice; empty for none, and where nobody is there to type."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None or not sys.stdin.isatty():
        return given or ""
    question = _("New passphrase of operator {operator} (empty for none)")
    return _asked(question.format(operator=operator), twice=True)


def _asked(question: str, *, twice: bool = False) -> str:
    answer = click.prompt(
        question,
        default="",
        show_default=False,
        hide_input=True,
        confirmation_prompt=_("Once more") if twice else False,
        err=True,
    )
    return str(answer)
