"""``kill -9`` at any file operation leaves no batch or a whole one, and the next command mends it.

A forked child runs the real command and kills itself just before its n-th change to the disk,
for every n until the command runs to its end. Python's audit events name every operation that
opens a file for writing, renames, removes or makes one.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.cli import execute
from tests.office import Office

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")

CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.utime", "os.link",
    "shutil.rmtree", "os.chmod",
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
FAR_TOO_MANY = 400


def is_change(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        _path, _mode, flags = arguments
        return bool(flags & WRITING)
    return event in CHANGES


def run_and_die(command: Callable[[], int], moment: int) -> int | None:
    """Run a command in a child that dies before its n-th change; its exit status if it lived."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if is_change(event, arguments):
                seen += 1
                if seen == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        status = 70
        try:
            status = command()
        finally:
            os._exit(status)
    _child, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return None
    return os.WEXITSTATUS(ended)


def copy_of(funded: Office, name: str) -> Office:
    folder = funded.folder.with_name(name)
    shutil.copytree(funded.folder, folder)
    return Office(folder, funded.key, funded.capture)


def kill_everywhere(
    start: Office, command: tuple[str, ...], check: Callable[[Office], None]
) -> int:
    """Kill the command at every change, check what the next one finds; how often it died."""
    for moment in range(1, FAR_TOO_MANY):
        office = copy_of(start, f"killed-{moment}")
        arguments = ["-C", str(office.folder), "--key", str(office.key), *command]
        status = run_and_die(lambda: execute(arguments), moment)  # noqa: B023
        check(office)
        shutil.rmtree(office.folder)
        if status is not None:
            assert status == 0
            return moment - 1
    raise AssertionError("the command never ends")


def test_disburse_killed_at_every_operation(funded: Office) -> None:
    outcomes = set()

    def check(office: Office) -> None:
        assert office.check() == []
        status = office.status()
        batches = status["batches"]
        outcomes.add(len(batches))
        assert status["payees"]["in_bank"] == 6 * len(batches)
        assert not (office.folder / ".staging").exists()
        folders = [path.name for path in (office.folder / "payouts").iterdir()]
        assert folders == [batch["id"] for batch in batches]
        again = office.disburse()
        if batches:
            assert again.json["refused"]["reason"] == "nothing_due"
        else:
            assert again.json["payees"] == 6
        assert office.check() == []

    died = kill_everywhere(funded, ("disburse", "--yes", "--date", "2020-11-10"), check)
    assert died > 15
    assert outcomes == {0, 1}


@pytest.mark.parametrize(
    ("command", "states"),
    [
        (("submit", "B2020-001"), ("prepared", "submitted")),
        (("void", "B2020-001"), ("prepared", "void")),
    ],
)
def test_submit_and_void_killed_at_every_operation(
    funded: Office, command: tuple[str, ...], states: tuple[str, str]
) -> None:
    funded.disburse()
    seen = set()

    def check(office: Office) -> None:
        assert office.check() == []
        (batch,) = office.status()["batches"]
        seen.add(batch["state"])

    died = kill_everywhere(funded, ("batch", *command, "--date", "2020-11-11"), check)
    assert died > 4
    assert seen == set(states)


def test_a_full_disk_leaves_nothing(funded: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes the sheets and refuses the event."""
    from ledger import durable

    def refuse(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "write_file", refuse)
    answer = funded.disburse()
    assert answer.status == 1
    assert "the disk is full" in answer.json["error"]
    monkeypatch.undo()
    assert len(funded.events()) == 1
    assert list((funded.folder / "payouts").iterdir()) == []
    assert funded.check() == []
