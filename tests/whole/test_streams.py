"""What becomes of an answer never decides what becomes of the work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import Office

DISBURSE = ("disburse", "--yes", "--date", "2020-11-10")

needs_shell = pytest.mark.skipif(os.name == "nt", reason="closes streams as a POSIX shell does")


def words(office: Office, *arguments: str) -> list[str]:
    """The installed command at work on the office's books."""
    program = Path(sys.executable).with_name("census-ledger")
    return [str(program), "-C", str(office.folder), "--key", str(office.key), *arguments]


def in_shell(office: Office, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command with its streams redirected."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirection}', *words(office, *arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LANGUAGE": "en"},
    )


def in_bank(office: Office) -> int:
    return int(office.status()["payees"]["in_bank"])


@needs_shell
@pytest.mark.parametrize(("options", "unbuffered"), [((), ""), (("--json",), "1")])
def test_a_reader_that_has_gone_stops_nothing(
    funded: Office, options: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with ``| head -1``: it had what it wanted, and the batch is made."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = words(funded, *DISBURSE, *options)
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, encoding="utf-8")
    os.close(write_end)
    assert done.returncode == 0
    assert done.stderr == ""
    assert in_bank(funded) == 6


@needs_shell
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_answer_for_which_there_is_no_room_is_said_to_be_lost(
    funded: Office, options: tuple[str, ...]
) -> None:
    """Not that the command was refused: the batch is made."""
    done = in_shell(funded, ">/dev/full", *DISBURSE, *options)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("The answer could not be written (the disk is full).")
    assert in_bank(funded) == 6


@needs_shell
@pytest.mark.parametrize(
    ("redirection", "said"), [(">&-", ""), ("2>&-", "B2020-001"), (">&- 2>&- <&-", "")]
)
def test_closed_streams_stop_nothing(funded: Office, redirection: str, said: str) -> None:
    done = in_shell(funded, redirection, *DISBURSE)
    assert done.returncode == 0
    assert said in done.stdout
    assert done.stderr == ""
    assert in_bank(funded) == 6
    assert funded.check() == []


@needs_shell
def test_a_question_without_anybody_to_ask_is_wrong_usage(funded: Office) -> None:
    done = in_shell(funded, "<&-", "disburse", "--date", "2020-11-10")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert in_bank(funded) == 0
