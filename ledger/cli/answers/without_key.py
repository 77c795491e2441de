"""What is said where the registry's key is missing: what is not known, and how it comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ledger.base.language import gettext as _

# What of a status is counted in the registry.
PEOPLE = ("payees", "stages", "towns", "waiting", "registered_later", "held_changes")


def without_people(status: dict[str, Any]) -> dict[str, Any]:
    """A status in which nobody could be counted: null for each number, and what is missing."""
    for people in (status["payees"], *status["stages"], *status["towns"]):
        people.update({name: None for name, value in people.items() if isinstance(value, int)})
    for line in status["suspense"]["unexplained"]:
        line["candidates"] = None
    unknown = dict.fromkeys(("waiting", "registered_later", "held_changes"))
    return {**status, **unknown, "missing": [*PEOPLE, "suspense.unexplained.candidates"]}


def say_missing(key: Path, unknown: str, *, err: bool = False) -> None:
    """That the key is not here, what is therefore not known, and how it comes back."""
    message = _(
        "The key of the registry is not at {path}: {unknown} 'census-ledger key import FILE' brings"
        " it here, from paper or from another machine; 'census-ledger restore' from a backup."
    )
    click.echo(message.format(path=key, unknown=unknown), err=err)
