"""A command that dies before its n-th change of the disk."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from typing import TypeVar

from tests.support.child_process import in_child
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.writing_commands import Command

T = TypeVar("T")

CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.utime", "os.link",
    "shutil.rmtree", "os.chmod",
}  # fmt: skip


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def is_change(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        _path, _mode, flags = arguments
        return bool(flags & WRITING)
    return event in CHANGES


def dying(moment: int, work: Callable[[], T]) -> T:
    """Do something in this process, which dies before its n-th change."""
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if is_change(event, arguments):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    return work()


def run_and_die(command: Command, office: Office, moment: int) -> Answer | None:
    """Run a command in a child that dies before its n-th change; its answer if it lived."""
    return in_child(lambda: dying(moment, lambda: command.run(office)))
