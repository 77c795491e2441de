"""Who runs a command and when: what events and the registry's log record."""

from __future__ import annotations

import datetime
import getpass


def who() -> str:
    """The user's login name, or ``unknown`` where the system has none."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "unknown"


def now() -> str:
    """Now, to the second, with the offset of the local clock: ``2020-11-10T17:50:00+08:00``."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")
