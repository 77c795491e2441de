"""Who runs a command and when: what events and the registry's log record."""

from __future__ import annotations

import datetime
import getpass

from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.base.refusals import Refusal

DAYS_AHEAD = 31


class DateAhead(Refusal):
    """A day so far ahead that it must be a slip of the pen; an event can never be taken out."""

    def __init__(self, on: datetime.date) -> None:
        message = _("{day} is more than {days} days ahead; give the day with --date YYYY-MM-DD")
        super().__init__(message.format(day=on, days=DAYS_AHEAD))


def is_ahead(on: datetime.date) -> bool:
    """Whether a day is more than DAYS_AHEAD after today."""
    return (on - datetime.date.today()).days > DAYS_AHEAD


def require_near(on: datetime.date) -> None:
    """Raises DateAhead for a day more than DAYS_AHEAD after today."""
    if is_ahead(on):
        raise DateAhead(on)


def who() -> str:
    """The user's login name, or ``unknown`` where the system has none."""
    try:
        return cleaned(getpass.getuser()).strip() or "unknown"
    except (KeyError, ImportError, OSError):
        return "unknown"


def now() -> str:
    """Now, to the second, with the offset of the local clock: ``2020-11-10T17:50:00+08:00``."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")
