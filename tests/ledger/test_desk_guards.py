"""The door of ``desk``: who is let in, by what, and what everybody else is told: one sentence."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from ledger.web.door import Door
from ledger.web.door import cookie_name
from ledger.web.entry import Entry
from ledger.web.entry import Proofs
from ledger.web.entry import new_secret
from ledger.web.http_requests import MOST_OF_A_BODY
from ledger.web.private_folder import NotPrivate
from ledger.web.private_folder import private_folder
from ledger.web.running import find_running
from tests.support.browser import Served
from tests.support.browser import answering

SECRET = b"what only the owner may see"


def application(environ, start_response):  # type: ignore[no-untyped-def]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [SECRET]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir()
    return tmp_path / "books"


@pytest.fixture
def server(books: Path) -> Iterator[Served]:
    with answering(application, books) as served:
        yield served


def said(server: Served, request: str, *, port: int | None = None) -> bytes:
    """What is answered to these very bytes; lines end as the protocol wants it."""
    with socket.create_connection(("127.0.0.1", port or server.running.port), timeout=20) as caller:
        caller.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        answer = b""
        # A server that has refused the beginning does not wait for the end.
        with suppress(OSError):
            caller.shutdown(socket.SHUT_WR)
        while part := caller.recv(65536):
            answer += part
    return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def let_in(server: Served) -> str:
    """The cookie that an address gives that is good once."""
    answer = said(server, f"GET {path_of(server)} HTTP/1.1\n{host(server)}\n\n")
    found = re.search(rb"Set-Cookie: ([^;\r]+)", answer)
    assert found, answer
    return found[1].decode()


def path_of(server: Served) -> str:
    return server.one_time_address().removeprefix(server.address)


def host(server: Served) -> str:
    return f"Host: 127.0.0.1:{server.running.port}\nConnection: close"


def test_an_address_lets_a_browser_in_once(server: Served) -> None:
    address = f"GET {path_of(server)} HTTP/1.1\n{host(server)}\n\n"
    first, second = said(server, address), said(server, address)
    assert status_of(first) == 200
    assert b'<meta http-equiv="refresh" content="0;url=/">' in first
    name = cookie_name(server.running.port).encode()
    (cookie,) = re.findall(rb"Set-Cookie: ([^\r]+)", first)
    assert re.fullmatch(rb"%s=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict" % name, cookie)
    assert status_of(second) == 403
    assert b"this address was good once and has been used" in second
    assert b"Set-Cookie" not in second


def test_a_form_lets_in_too_though_it_comes_from_a_file(server: Served) -> None:
    token = path_of(server).partition("=")[2]
    form = (
        f"POST /enter HTTP/1.1\n{host(server)}\nOrigin: null\nSec-Fetch-Site: cross-site\n"
        f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(token) + 6}\n\n"
        f"token={token}"
    )
    assert status_of(said(server, form)) == 200
    assert status_of(said(server, form)) == 403


@Request.application
def form_as_sent(request: Request) -> Response:
    return Response(request.form.get("last", "nothing"))


def test_a_form_is_answered_once_its_end_has_come(books: Path) -> None:
    with answering(form_as_sent, books) as server:
        cookie, form = let_in(server), "first=1&last=two"
        for came, answer in ((form, (200, b"two")), (form[:-2], (400, b"Bad Request"))):
            answered = said(
                server,
                f"POST / HTTP/1.1\n{host(server)}\nCookie: {cookie}\nOrigin: {server.address}\n"
                "Content-Type: application/x-www-form-urlencoded\n"
                f"Content-Length: {len(form)}\n\n{came}",
            )
            assert (status_of(answered), answer[1] in answered) == (answer[0], True)


def test_whoever_was_let_in_is_answered(server: Served) -> None:
    cookie = let_in(server)
    for more in ("", "\nSec-Fetch-Site: none", f"\nOrigin: {server.address}"):
        answer = said(server, f"GET / HTTP/1.1\n{host(server)}\nCookie: {cookie}{more}\n\n")
        assert status_of(answer) == 200
        assert SECRET in answer
    answer = said(server, f"GET / HTTP/1.1\n{host(server)}\nCookie: a=b; {cookie}; c=d\n\n")
    assert SECRET in answer


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "0" * 80, "{nonce}" + "0" * 64, "{upper}", "{token}0", "{token}%00", "0{token}",
        "{nonce}", "{proof}", "{token}&token={token}0" , "token={token}", "{ask}", "{answer}",
    ],
)  # fmt: skip
def test_no_other_token_lets_in(server: Served, token: str) -> None:
    good = path_of(server).partition("=")[2]
    proofs, nonce = server.running.proofs, good[:16]
    forms = {
        "token": good,
        "nonce": nonce,
        "proof": good[16:],
        "upper": good.upper(),
        "ask": nonce + proofs.of("ask", nonce),
        "answer": nonce + proofs.of("answer", nonce),
    }
    asked = token.format(**forms)
    if asked.startswith(f"{good}&"):
        # The first of two counts, whatever the second is.
        return
    answer = said(server, f"GET /enter?token={asked} HTTP/1.1\n{host(server)}\n\n")
    assert status_of(answer) == 403
    assert b"Set-Cookie" not in answer


def test_a_token_is_of_one_port_and_one_server() -> None:
    secret = new_secret()
    entry = Entry(Proofs(secret, 5000))
    for other in (Proofs(secret, 5001), Proofs(new_secret(), 5000)):
        assert entry.enter(other.one_time_token()) is None
    assert entry.enter(Proofs(secret, 5000).one_time_token()) is not None


def test_sessions_do_not_grow_without_end() -> None:
    entry = Entry(Proofs(new_secret(), 5000))
    sessions = [entry.enter(entry.proofs.one_time_token()) or "" for _number in range(40)]
    assert [entry.knows(session) for session in sessions] == [False] * 8 + [True] * 32
    assert not entry.knows("")


REQUESTS = {
    "no cookie": "GET / HTTP/1.1\n{host}\n\n",
    "no Host": "GET / HTTP/1.1\nCookie: {cookie}\n\n",
    "HTTP/1.0 without Host": "GET / HTTP/1.0\nCookie: {cookie}\n\n",
    "another Host": "GET / HTTP/1.1\nHost: evil.example\nCookie: {cookie}\n\n",
    "two Hosts": "GET / HTTP/1.1\nHost: evil.example\n{host}\nCookie: {cookie}\n\n",
    "two Hosts, ours first": "GET / HTTP/1.1\n{host}\nHost: evil.example\nCookie: {cookie}\n\n",
    "a whole address as target": "GET {address}/ HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "another address as target": "GET http://evil/ HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "options of a whole address": "OPTIONS http://evil/ HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "a host as target": "GET //evil/ HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "a tunnel": "CONNECT 127.0.0.1:80 HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "all of the server": "OPTIONS * HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "options": "OPTIONS / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: {address}\n\n",
    "trace": "TRACE / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: {address}\n\n",
    "small letters": "get / HTTP/1.1\n{host}\nCookie: {cookie}\n\n",
    "two cookie lines": "GET / HTTP/1.1\n{host}\nCookie: a=b\nCookie: {cookie}\n\n",
    "two Origins": "GET / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: null\nOrigin: {address}\n\n",
    "two sites": "GET / HTTP/1.1\n{host}\nCookie: {cookie}\nSec-Fetch-Site: cross-site\n"
    "Sec-Fetch-Site: none\n\n",
    "a site by another name": "GET / HTTP/1.1\n{host}\nCookie: {cookie}\n"
    "Sec-Fetch-Site: cross-site\nSec_Fetch_Site: none\n\n",
    "a line that goes on": "GET / HTTP/1.1\n{host}\nCookie: a=b;\n {cookie}\n\n",
    "a blank before the colon": "GET / HTTP/1.1\n{host}\nCookie : {cookie}\n\n",
    "a change without Origin": "PUT / HTTP/1.1\n{host}\nCookie: {cookie}\nContent-Length: 0\n\n",
    "a web socket of another site": "GET / HTTP/1.1\n{host}\nCookie: {cookie}\nUpgrade: websocket\n"
    "Origin: http://evil.example\nSec-WebSocket-Key: x\nSec-WebSocket-Version: 13\n\n",
    "chunks": "POST / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: {address}\n"
    "Transfer-Encoding: chunked\n\n0\n\n",
    "two lengths": "POST / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: {address}\n"
    "Content-Length: 0\nContent-Length: 5\n\nhello",
    "an odd length": "POST / HTTP/1.1\n{host}\nCookie: {cookie}\nOrigin: {address}\n"
    "Content-Length: +5\n\nhello",
    "huge headers": "GET / HTTP/1.1\n{host}\nCookie: {cookie}\nX: {long}\n\n",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_odd_requests_learn_nothing(server: Served, name: str) -> None:
    request = REQUESTS[name].format(
        host=host(server), cookie=let_in(server), address=server.address, long="x" * 100_000
    )
    answer = said(server, request)
    assert 400 <= status_of(answer) < 500
    assert SECRET not in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize("size", [MOST_OF_A_BODY + 1, 1 << 30, 5 * 10**12])
def test_too_much_is_said_when_it_has_been_sent(server: Served, size: int) -> None:
    """Nothing of it is kept, and the browser is not cut off before it hears why."""
    start = (
        f"POST /inbox/files HTTP/1.1\n{host(server)}\nCookie: {let_in(server)}\n"
        f"Origin: {server.address}\nContent-Length: {size}\n\n"
    )
    answer = said(server, f"{start}{'0' * 3_000_000}")
    assert status_of(answer) == 413
    assert "64 MB" in answer.decode("utf-8")


def test_a_body_that_nobody_reads_is_no_second_request(server: Served) -> None:
    """A form of another site could hold a whole request of its own."""
    cookie = let_in(server)
    inner = f"GET / HTTP/1.1\n{host(server)}\nCookie: {cookie}\n\n"
    length = len(inner.replace("\n", "\r\n"))
    for path in ("/", "/enter"):
        answer = said(
            server,
            f"POST {path} HTTP/1.1\nHost: 127.0.0.1:{server.running.port}\nOrigin: null\n"
            f"Content-Length: {length}\n\n{inner}",
        )
        assert answer.count(b"HTTP/1.1") == 1
        assert SECRET not in answer


def test_only_who_has_the_secret_is_told_that_it_runs(server: Served, books: Path) -> None:
    assert find_running(books) == server.running
    proofs = server.running.proofs
    good = f"nonce=00&proof={proofs.of('ask', '00')}"
    for query, origin, expected in (
        (good, "", 200),
        (good, "\nOrigin: http://evil.example", 403),
        ("nonce=01&proof=" + proofs.of("ask", "00"), "", 403),
        ("nonce=00&proof=" + proofs.of("answer", "00"), "", 403),
        ("nonce=00", "", 403),
        ("", "", 403),
    ):
        answer = said(server, f"GET /running?{query} HTTP/1.1\n{host(server)}{origin}\n\n")
        assert status_of(answer) == expected, query
    assert SECRET not in answer


as_root = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.getuid() != 0,
    reason="another user's program is started by root",
)
NOBODY = 65534
ANOTHER_USER = """
import encodings.idna, os, socket, sys
os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
caller = socket.create_connection((sys.argv[1], int(sys.argv[2])))
caller.sendall(sys.argv[3].encode())
print(caller.recv(65536).decode("latin-1"))
"""


def by_another_user(server: Served, request: str, *, address: str = "127.0.0.1") -> str:
    """What another user of the machine is answered."""
    words = [sys.executable, "-c", ANOTHER_USER.format(nobody=NOBODY)]
    more = [address, str(server.running.port), request.replace("\n", "\r\n")]
    done = subprocess.run([*words, *more], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@as_root
@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_another_user_of_the_machine_gets_nothing_even_with_the_cookie(
    server: Served, address: str
) -> None:
    """Browsers send cookies to every port: a server of somebody else's could have been given it."""
    cookie = let_in(server)
    asked = f"GET / HTTP/1.1\n{host(server)}\nCookie: {cookie}\n\n"
    assert SECRET in said(server, asked)
    for request in (asked, f"GET {path_of(server)} HTTP/1.1\n{host(server)}\n\n"):
        answer = by_another_user(server, request, address=address)
        assert "403 FORBIDDEN" in answer
        assert "Set-Cookie" not in answer


@as_root
def test_another_user_cannot_read_what_a_second_start_reads(server: Served, books: Path) -> None:
    folder = private_folder()
    (state,) = folder.glob("*.json")
    assert state.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    code = (
        f"import os; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY});"
        f" open({str(state)!r}).read()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_private_folder_is_made_private_or_refused(tmp_path: Path) -> None:
    folder = private_folder()
    folder.chmod(0o755)
    assert private_folder().stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(NotPrivate):
        private_folder()


def test_port_80_is_named_or_not() -> None:
    """Browsers leave it out."""
    entry = Entry(Proofs(new_secret(), 80))
    client = Client(Door(application, 80, entry))
    token = entry.proofs.one_time_token()
    home = "http://127.0.0.1/"
    assert client.get("/enter", query_string={"token": token}, base_url=home).status_code == 200
    assert client.get("/", base_url=home).data == SECRET
