"""Passphrases, as they are typed: from the environment, or asked where somebody is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.cli.terminal.consoles import is_terminal

PASSPHRASE_VARIABLE = "CENSUS_LEDGER_PASSPHRASE"
# Of backups and of keys that are carried. An operator's own is another, and opens no backup.
BACKUP_VARIABLE = "CENSUS_LEDGER_BACKUP_PASSPHRASE"


class PassphraseMissing(Refusal):
    """An operator's key wants a passphrase, and nobody is there to type it."""

    def __init__(self, operator: str) -> None:
        message = _("the key of operator {operator} opens with a passphrase, which is missing")
        super().__init__(message.format(operator=operator), operator=operator)


class FilePassphraseMissing(Refusal):
    """A backup, or a key that is carried, has a passphrase, and nobody is there to type it."""

    def __init__(self, path: Path) -> None:
        message = _("{path} takes a passphrase, which is missing or empty")
        super().__init__(message.format(path=path))


def new_passphrase_for(path: Path) -> str:
    """A passphrase for a file, typed twice; never empty. Raises FilePassphraseMissing."""
    question = _("New passphrase for {path}").format(path=path)
    return _given_for(path) or _asked_until_given(question, twice=True)


def passphrase_for(path: Path) -> str:
    """The passphrase of a file. Raises FilePassphraseMissing."""
    return _given_for(path) or _asked_until_given(_("Passphrase of {path}").format(path=path))


def _given_for(path: Path) -> str:
    given = os.environ.get(BACKUP_VARIABLE)
    # guard: no-empty-passphrase
    if given == "" or (given is None and not is_terminal(sys.stdin)):
        raise FilePassphraseMissing(path)
    return given or ""


def _asked_until_given(question: str, *, twice: bool = False) -> str:
    while not (answer := _asked(question, twice=twice)):
        continue
    return answer


def passphrase_of(operator: str) -> str:
    """The passphrase of a key that has one. Raises PassphraseMissing."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    if not is_terminal(sys.stdin):
        raise PassphraseMissing(operator)
    return _asked(_("Passphrase of operator {operator}").format(operator=operator))


def new_passphrase(operator: str) -> str:
    """A passphrase typed twice; empty for none, and where nobody is there to type."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None or not is_terminal(sys.stdin):
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
