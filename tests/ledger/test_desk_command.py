"""``desk``: the installed command serves the books on this machine until Ctrl-C."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from ledger.web.entry import new_secret
from ledger.web.private_folder import private_folder
from ledger.web.running import Running
from ledger.web.running import announce
from ledger.web.running import find_running
from tests.support.office import Office

PATIENCE_SECONDS = 60
PROGRAM = (sys.executable, "-c", "from ledger.cli import run; run()")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/enter\?token=[0-9a-f]{80}")


def words(office: Office, *options: str) -> list[str]:
    books = ("-C", str(office.folder), "--key", str(office.key))
    return [*PROGRAM, *books, "desk", "--no-open", *options]


def environment() -> dict[str, str]:
    return {**os.environ, "LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}


@contextmanager
def browsing(office: Office, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at work, and the address that it has printed."""
    with subprocess.Popen(
        words(office, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment(),
    ) as process:
        assert process.stdout is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                if found := ADDRESS.search(line):
                    yield process, found.group()
                    break
            else:
                pytest.fail(f"it ended: {said}")
        finally:
            process.kill()


def start(office: Office, *options: str) -> tuple[int, str]:
    """Start it to the end, where it ends by itself."""
    done = subprocess.run(
        words(office, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment(),
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout


def get(address: str, cookie: str = "") -> tuple[int, str, str]:
    """Status, text and cookie of what a browser gets there."""
    where = urlsplit(address)
    caller = http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE_SECONDS)
    try:
        path = where.path + (f"?{where.query}" if where.query else "")
        caller.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = caller.getresponse()
        text = answer.read().decode("utf-8")
        return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]
    finally:
        caller.close()


def home_of(address: str) -> str:
    where = urlsplit(address)
    return f"{where.scheme}://{where.netloc}"


def test_it_answers_as_soon_as_it_says_where_and_on_this_machine_alone(funded: Office) -> None:
    with browsing(funded, "--port", "0") as (_process, address):
        home = home_of(address)
        assert get(f"{home}/budget")[0] == 403
        status, _text, cookie = get(address)
        assert status == 200
        status, text, _none = get(f"{home}/budget", cookie)
        assert (status, "预算执行" in text) == (200, True)
        assert get(f"{home}/books/ledger/api/errors", cookie)[0] == 200
        assert get(address)[0] == 403
        port = int(str(urlsplit(address).port))
        others = {
            found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)
        } - {"127.0.0.1", "127.0.1.1"}
        for other in others:
            with socket.socket() as caller:
                caller.settimeout(2)
                assert caller.connect_ex((str(other), port)) != 0
        # What it keeps of itself is outside the books.
        (state,) = private_folder().glob("*.json")
        assert not state.is_relative_to(funded.folder)
        assert set(json.loads(state.read_text(encoding="utf-8"))) == {"port", "secret", "edit"}


@pytest.mark.skipif(os.name == "nt", reason="a console event stands for Ctrl-C there")
def test_ctrl_c_ends_it_cleanly(funded: Office) -> None:
    with browsing(funded, "--port", "0") as (process, _address):
        assert list(private_folder().iterdir())
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said, _none = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    assert "Stopped." in said
    assert "Traceback" not in said
    assert list(private_folder().iterdir()) == []


def test_a_second_start_finds_the_first(funded: Office) -> None:
    """It opens a new address there, says so and ends; options that differ are named."""
    with browsing(funded, "--port", "0") as (_process, address):
        assert get(address)[0] == 200
        status, said = start(funded)
        assert status == 0
        assert "These books are open already" in said
        found = ADDRESS.search(said)
        assert found is not None
        assert home_of(found.group()) == home_of(address)
        assert get(found.group())[0] == 200
        assert get(found.group())[0] == 403
        status, said = start(funded, "--edit")
        assert status == 0
        assert "It was started without --edit" in said


def test_a_first_start_with_edit_is_named_too(funded: Office) -> None:
    with browsing(funded, "--port", "0", "--edit") as (process, _address):
        assert process.stdout is not None
        assert "journal/hand.beancount" in process.stdout.readline()
        assert "It was started with --edit" in start(funded)[1]


def test_a_file_that_was_left_behind_is_no_server(funded: Office) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    announce(funded.folder, Running(port, new_secret(), edit=False))
    assert find_running(funded.folder) is None
    with browsing(funded, "--port", str(port)) as (_process, address):
        assert urlsplit(address).port == port
        running = find_running(funded.folder)
        assert running is not None
        assert running.port == port


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"port": "x"}', '{"port": 1, "secret": "zz", "edit": 1}', "\0"]
)
def test_a_damaged_file_is_no_server(funded: Office, text: str) -> None:
    announce(funded.folder, Running(1, new_secret(), edit=False))
    (state,) = private_folder().glob("*.json")
    state.write_text(text, encoding="utf-8")
    assert find_running(funded.folder) is None


def test_another_program_at_the_port_learns_nothing_that_opens(funded: Office) -> None:
    """It is asked for a proof that it cannot give, and what it hears opens no door."""
    heard: list[str] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def pretend() -> None:
            caller, _address = listener.accept()
            with caller:
                heard.append(caller.recv(65536).decode("latin-1"))
                proof = re.search("proof=([0-9a-f]+)", heard[0])
                text = proof[1] if proof else ""
                caller.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{text}".encode())

        thread = Thread(target=pretend)
        thread.start()
        secret = new_secret()
        running = Running(listener.getsockname()[1], secret, edit=False)
        announce(funded.folder, running)
        assert find_running(funded.folder) is None
        thread.join()
    assert secret not in heard[0]
    nonce = re.search("nonce=([0-9a-f]+)", heard[0])
    proof = re.search("proof=([0-9a-f]+)", heard[0])
    assert nonce is not None
    assert proof is not None
    assert not running.proofs.holds("enter", nonce[1], proof[1])
    assert not running.proofs.holds("answer", nonce[1], proof[1])


def test_where_nothing_is_yet_the_pages_are_the_way_to_books(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path / "新", tmp_path / "registry.key", capsys)
    for _twice in range(2):
        with browsing(office, "--port", "0") as (_process, address):
            _status, _text, cookie = get(address)
            status, text, _cookie = get(f"{home_of(address)}/first/unit", cookie)
            assert status == 200
            assert "新建账套" in text
            assert str(tmp_path) not in text
    assert not office.folder.exists()


def test_a_used_port_says_so(funded: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = funded.run("desk", "--no-open", "--port", port)
    assert answer.status == 1
    assert f"port {port} is in use" in answer.err
    assert answer.err.count("\n") == 1


def test_a_file_for_favas_imports_is_not_run(funded: Office, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    text = f"open({str(ran)!r}, 'w')\n"
    (funded.folder / "import_config.py").write_text(text, encoding="utf-8")
    with browsing(funded, "--port", "0") as (_process, address):
        _status, _text, cookie = get(address)
        assert get(f"{home_of(address)}/books/ledger/import/", cookie)[0] == 200
    assert not ran.exists()


def test_the_browser_is_given_a_private_file_and_no_address(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at the programs that run reads their command lines."""
    opened: list[str] = []
    held: dict[str, object] = {}

    def open_it(address: str) -> bool:
        opened.append(address)
        path = Path(address.removeprefix("file://"))
        held["text"] = path.read_text(encoding="utf-8")
        held["mode"] = path.stat().st_mode & 0o777
        return True

    monkeypatch.setattr("webbrowser.open", open_it)
    with browsing(funded, "--port", "0") as (_process, _address):
        answer = funded.run("desk")
        assert answer.status == 0
        (found,) = ADDRESS.finditer(answer.out)
        token = found.group().partition("=")[2]
        assert token not in opened[0]
        assert opened[0].startswith("file://")
        assert f'value="{token}"' in str(held["text"])
        assert os.name == "nt" or held["mode"] == 0o600
        assert list(private_folder().glob("*.html"))
        assert get(found.group())[0] == 200
        # When the token was used, the file goes.
        assert not list(private_folder().glob("*.html"))


def test_without_books_or_key_nothing_is_served(office: Office, tmp_path: Path) -> None:
    office.key.rename(tmp_path / "away.key")
    answer = office.run("desk", "--no-open", "--port", "0")
    assert answer.status == 1
    assert "key" in answer.err
    (office.folder / "main.beancount").unlink()
    answer = office.run("desk", "--no-open", "--port", "0")
    assert answer.status == 1
    assert "there are no books" in answer.err
