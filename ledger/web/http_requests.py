"""Requests as a browser makes them, and no others: two programs never read one in two ways.

cheroot takes the last of two headers of one name, joins lines, reads odd lengths, and gives a name
with an underscore for one with a hyphen.
"""

from __future__ import annotations

import re
from typing import Any

from cheroot.server import HeaderReader
from cheroot.server import HTTPConnection
from cheroot.server import HTTPRequest
from cheroot.wsgi import Server

_LINE = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r\n")
_LENGTH = re.compile(rb"[0-9]{1,9}")
MOST_OF_HEADERS = 64 * 1024
MOST_OF_A_BODY = 16 * 1024 * 1024


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


class PlainConnection(HTTPConnection):
    RequestHandlerClass = PlainRequest


class PlainServer(Server):
    """cheroot's server, for such requests alone."""

    ConnectionClass = PlainConnection
    max_request_header_size = MOST_OF_HEADERS
    max_request_body_size = MOST_OF_A_BODY

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """A browser that goes away is no news, and a traceback is nothing to read."""
