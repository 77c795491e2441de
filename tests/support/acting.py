"""Who acts, and the clock, in tests that call what stands below the command."""

from __future__ import annotations

import datetime
import secrets
from pathlib import Path

from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Stamp
from ledger.base.actor_and_clock import stamp
from ledger.books.new_books import create_books

ACTOR = Actor("tester")


def clock() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


def stamped() -> Stamp:
    """By the tester, now."""
    return stamp(ACTOR, clock)


def new_books(folder: Path, key: Path | None = None) -> None:
    create_books(folder, ACTOR, clock, secrets.token_hex, key_file=key)
