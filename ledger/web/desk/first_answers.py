"""What somebody has answered on the way to new books, kept until the books are there.

It lies in the user's private folder, so that the way goes on where it was after the server has
ended. Nothing of a person is in it, and no passphrase.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.web.private_folder import private_folder
from ledger.web.private_folder import write_private
from ledger.web.running import books_name

# By the step, by the field.
Answers = dict[str, dict[str, str]]


def read_answers(folder: Path) -> Answers:
    """The answers for books in a folder; none where there are none, or they cannot be read."""
    try:
        said = json.loads(_file(folder).read_text(encoding="utf-8"))
        return {
            str(step): {str(name): str(text) for name, text in fields.items()}
            for step, fields in said.items()
        }
    except (OSError, ValueError, AttributeError):
        return {}


def keep_answers(folder: Path, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Put the answers in the place of older ones."""
    write_private(_file(folder), json.dumps(answers, ensure_ascii=False))


def forget_answers(folder: Path) -> None:
    """The books are there, though the server that made them may have been killed right after."""
    with suppress(OSError):
        durable.remove_file(_file(folder))


def _file(folder: Path) -> Path:
    return private_folder() / f"first-{books_name(folder)}.json"
