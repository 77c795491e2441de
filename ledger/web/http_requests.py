"""Requests as a browser makes them, and no others: two programs never read one in two ways.

cheroot takes the last of two headers of one name, joins lines, reads odd lengths, and gives a name
with an underscore for one with a hyphen.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from cheroot.server import HeaderReader
from cheroot.server import HTTPConnection
from cheroot.server import HTTPRequest
from cheroot.wsgi import Server

from ledger.base.language import gettext as _

_LINE = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r\n")
_LENGTH = re.compile(rb"[0-9]{1,15}")
MOST_OF_HEADERS = 64 * 1024
MOST_OF_A_BODY = 64 * 1024 * 1024
# A browser hears why its files are too many when it has sent them: so much is read and forgotten.
MOST_PASSED_OVER = 2 * 1024 * 1024 * 1024
_MEGABYTE = 1024 * 1024


class PlainHeaders(HeaderReader):
    """Each header once, on one line."""

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> dict[bytes, bytes]:
        headers: dict[bytes, bytes] = {} if hdict is None else hdict
        while (line := rfile.readline()) != b"\r\n":
            found = _LINE.fullmatch(line)
            if found is None:
                raise ValueError("Illegal header line.")
            name = found[1].title()
            if name in headers:
                raise ValueError("A header stands twice.")
            headers[name] = found[2]
        if b"Transfer-Encoding" in headers:
            raise ValueError("No browser sends this encoding.")
        if not _LENGTH.fullmatch(headers.get(b"Content-Length", b"0")):
            raise ValueError("Malformed Content-Length.")
        return headers


class PlainRequest(HTTPRequest):
    header_reader = PlainHeaders()

    def simple_response(self, status: str, msg: str = "") -> None:
        """What is said without asking the applications."""
        if not str(status).startswith("413"):
            super().simple_response(status, msg)
            return
        text = _("the files are more than {most} MB together: go back, and send them in parts")
        said = text.format(most=MOST_OF_A_BODY // _MEGABYTE).encode("utf-8")
        self.close_connection = True
        self._pass_over()
        head = (
            "HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(said)}\r\nConnection: close\r\n\r\n"
        )
        with suppress(OSError):
            self.conn.wfile.write(head.encode("ascii") + said)

    def _pass_over(self) -> None:
        """Read what is on its way and keep nothing of it."""
        left = min(int(self.inheaders.get(b"Content-Length", 0)), MOST_PASSED_OVER)
        with suppress(OSError):
            while left and (some := self.conn.rfile.read(min(left, _MEGABYTE))):
                left -= len(some)


class PlainConnection(HTTPConnection):
    RequestHandlerClass = PlainRequest


class PlainServer(Server):
    """cheroot's server, for such requests alone."""

    ConnectionClass = PlainConnection
    max_request_header_size = MOST_OF_HEADERS
    max_request_body_size = MOST_OF_A_BODY

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """A browser that goes away is no news, and a traceback is nothing to read."""
