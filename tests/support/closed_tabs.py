"""A browser whose tab is closed right after the click: a form is sent, and nobody hears the answer.

The server is the one that ``desk`` starts, at a port of this machine.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from threading import Thread
from typing import Any

from werkzeug.test import EnvironBuilder

from ledger.web.door import HOST
from ledger.web.door import Environ
from ledger.web.door import StartResponse
from ledger.web.http_requests import PlainServer
from tests.support.desk_pages import HERE
from tests.support.desk_pages import PORT
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import Fields

PATIENCE_S = 60


class Line:
    """The way to a server, on which one form is sent after another."""

    def __init__(self) -> None:
        self.pages: DeskPages | None = None
        self.port = 0
        self.status = ""
        self._answered = Event()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """As the door answers, of whom the system may say that he has gone already."""
        assert self.pages is not None
        environ.pop("REMOTE_PORT", None)

        def start(status: str, *more: Any) -> Any:
            self.status = status
            return start_response(status, *more)

        try:
            return [b"".join(self.pages.door(environ, start))]
        finally:
            self._answered.set()

    def hang_up(self, pages: DeskPages, request: bytes) -> int:
        """Send a request, or the first part of it, and be gone; the status that nobody heard."""
        self.pages = pages
        self._answered.clear()
        with socket.create_connection((HOST, self.port)) as connection:
            connection.sendall(request)
        assert self._answered.wait(PATIENCE_S)
        return int(self.status.split()[0])


@contextmanager
def open_line() -> Iterator[Line]:
    """A server that listens until the end of the block."""
    line = Line()
    server = PlainServer((HOST, 0), line, numthreads=2)
    server.prepare()
    line.port = server.bind_addr[1]
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield line
    finally:
        server.stop()
        thread.join()


def as_sent(pages: DeskPages, fields: Fields) -> bytes:
    """A form as the bytes that a browser sends."""
    typed = dict(fields)
    builder = EnvironBuilder(str(typed.pop("action")), base_url=HERE, method="POST", data=typed)
    environ = builder.get_environ()
    body: bytes = environ["wsgi.input"].read()
    cookie = pages.client.get_cookie(pages.door.cookie, domain=HOST)
    assert cookie is not None
    head = (
        f"POST {environ['PATH_INFO']} HTTP/1.1",
        f"Host: {HOST}:{PORT}",
        f"Origin: {HERE}",
        "Sec-Fetch-Site: same-origin",
        f"Cookie: {cookie.key}={cookie.value}",
        f"Content-Type: {environ['CONTENT_TYPE']}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
