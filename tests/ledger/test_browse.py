"""``browse``: the installed command serves the books on this machine until Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.office import Office

PATIENCE_SECONDS = 60
PROGRAM = Path(sys.executable).with_name("census-ledger")


@contextmanager
def browsing(office: Office, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at work, and the address that it has printed."""
    books = ("-C", str(office.folder), "--key", str(office.key))
    words = [str(PROGRAM), *books, "browse", "--no-open", *options]
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                    yield process, found.group()
                    break
            else:
                pytest.fail(f"it ended: {said}")
        finally:
            process.kill()


def test_it_answers_as_soon_as_it_says_where(funded: Office) -> None:
    with (
        browsing(funded, "--port", "0") as (_process, address),
        urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer,
    ):
        assert answer.status == 200
        text = answer.read().decode("utf-8")
    assert "预算执行" in text
    assert "滕州市第七次全国人口普查领导小组办公室" in text


@pytest.mark.skipif(os.name == "nt", reason="a console event stands for Ctrl-C there")
def test_ctrl_c_ends_it_cleanly(funded: Office) -> None:
    with browsing(funded, "--port", "0") as (process, _address):
        process.send_signal(signal.SIGINT)
        said, _none = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    assert "Stopped." in said
    assert "Traceback" not in said


def test_it_listens_on_this_machine_alone(funded: Office) -> None:
    with browsing(funded, "--port", "0") as (_process, address):
        port = int(address.rstrip("/").rpartition(":")[2])
        others = {
            found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)
        } - {"127.0.0.1", "127.0.1.1"}
        for other in others:
            with socket.socket() as caller:
                caller.settimeout(2)
                assert caller.connect_ex((str(other), port)) != 0


def test_a_used_port_says_so(funded: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = funded.run("browse", "--no-open", "--port", port)
    assert answer.status == 1
    assert f"port {port} is in use" in answer.err
    assert answer.err.count("\n") == 1


def test_editing_is_announced(funded: Office) -> None:
    with browsing(funded, "--port", "0", "--edit") as (process, _address):
        assert process.stdout is not None
        assert "journal/hand.beancount" in process.stdout.readline()


def test_without_books_or_key_nothing_is_served(office: Office, tmp_path: Path) -> None:
    office.key.rename(tmp_path / "away.key")
    answer = office.run("browse", "--no-open", "--port", "0")
    assert answer.status == 1
    assert "key" in answer.err
    (office.folder / "main.beancount").unlink()
    answer = office.run("browse", "--no-open", "--port", "0")
    assert answer.status == 1
    assert "there are no books" in answer.err
