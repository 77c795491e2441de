"""Two commands at once: one batch, and the other refuses or takes what is left."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from ledger.base.books_folder import LOCK_FILE
from ledger.base.file_lock import LockHeld
from ledger.base.file_lock import file_lock
from ledger.books import lock
from tests.support.office import Office


def start(office: Office, *arguments: str) -> subprocess.Popen[str]:
    program = Path(sys.executable).with_name("census-ledger")
    return subprocess.Popen(
        [program, "-C", office.folder, "--key", office.key, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_two_disbursements_at_once_pay_everyone_once(funded: Office) -> None:
    arguments = ("disburse", "--yes", "--json", "--date", "2020-11-10")
    both = [start(funded, *arguments) for _number in range(2)]
    ended = [(process.communicate()[0], process.returncode) for process in both]
    assert sorted(status for _out, status in ended) == [0, 1]
    made, refused = sorted((json.loads(out) for out, _status in ended), key=lambda a: "error" in a)
    assert made["payees"] == 6
    assert refused["refused"]["reason"] == "nothing_due"
    assert funded.status()["payees"]["in_bank"] == 6
    assert funded.check() == []


def test_a_command_waits_for_the_lock_and_then_says_so(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 0.1)
    with filelock.FileLock(funded.folder / LOCK_FILE):
        refused = funded.disburse()
    assert refused.status == 1
    assert "another command is writing" in refused.json["error"]
    assert funded.disburse().status == 0


def test_the_lock_is_the_one_that_filelock_takes(tmp_path: Path) -> None:
    path = tmp_path / LOCK_FILE
    with filelock.FileLock(path), pytest.raises(LockHeld), file_lock(path, 0.1):
        pass
    with file_lock(path, 0.1), pytest.raises(filelock.Timeout):
        filelock.FileLock(path, timeout=0.1).acquire()
    with pytest.raises(KeyError), file_lock(path, 0.1):
        raise KeyError
    with file_lock(path, 0.1), pytest.raises(LockHeld), file_lock(path, 0.1):
        pass


def test_books_that_moved_since_the_preview_are_not_written_to(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one liaison reads the preview, another registers one more person."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def answer_late(*_arguments: object, **_options: object) -> bool:
        funded.register(1)
        return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("click.confirm", answer_late)
    refused = funded.run("disburse", "--date", "2020-11-10")
    assert refused.status == 1
    assert "changed since the preview" in refused.err
    assert len(funded.events()) == 1
    monkeypatch.setattr("click.confirm", lambda *_arguments, **_options: True)
    assert funded.run("disburse", "--date", "2020-11-10").status == 0
    assert funded.status()["payees"]["in_bank"] == 7
