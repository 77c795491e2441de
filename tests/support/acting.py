"""Who acts, and the clock, in tests that call what stands below the command."""

from __future__ import annotations

import datetime
import secrets
import shutil
from pathlib import Path

from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Stamp
from ledger.books.new_books import create_books
from ledger.books.settings import read_settings
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.model.operators import FIRST_OPERATOR


def clock() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


def stamped() -> Stamp:
    """By the first operator, now."""
    return Acting(Actor(FIRST_OPERATOR), clock).stamp()


def new_books(folder: Path, key: Path | None = None) -> None:
    create_books(folder, clock, secrets.token_hex, key_file=key, name="测试员")


def actor_of(folder: Path, key: Path, operator: str = FIRST_OPERATOR) -> Actor:
    """An operator whose key lies beside the registry's and has no passphrase."""
    books = read_settings(folder).key
    path = operator_key_path(key, operator)
    return Actor(operator, read_operator_key(path, operator=operator, books=books).open(""))


def copied_keys(key: Path, folder: Path) -> Path:
    """The keys on another machine, which has seen nothing yet; where the registry's is."""
    for path in key.parent.glob(f"{key.stem}.*"):
        if path.is_file() and path != witness_path(key):
            shutil.copy2(path, folder / path.name)
    return folder / key.name
