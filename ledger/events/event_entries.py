"""Directives of event files, and those that stand outside."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.base.books_folder import EVENTS_FOLDER

if TYPE_CHECKING:
    from beancount.core import data


def is_event_entry(entry: data.Directive) -> bool:
    """Whether the directive stands in an event file."""
    return is_in_events(entry.meta["filename"])


def is_in_events(filename: str) -> bool:
    """Whether a file is among the events."""
    return Path(filename).parent.name == EVENTS_FOLDER


def outside_events(entries: Sequence[data.Directive], day: datetime.date) -> list[data.Directive]:
    """Everything up to a day that stands in no event file: rules, accounts, entries by hand."""
    in_events: dict[str, bool] = {}
    found = []
    for entry in entries:
        filename = entry.meta["filename"]
        if filename not in in_events:
            in_events[filename] = is_in_events(filename)
        if entry.date <= day and not in_events[filename]:
            found.append(entry)
    return found
