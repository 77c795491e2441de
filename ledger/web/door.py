"""The one door before both applications.

Who does not come from a page of this very server is answered with one sentence, and learns nothing
of the books.

A page of another site, or of another program on this machine, can make a browser ask for any
address here, and can give 127.0.0.1 a name of its own (DNS rebinding); another user of the machine
can ask without a browser. The first are told by Host, Origin and Sec-Fetch-Site, all of them by the
cookie, which came for an address that is good once. What the door decides does not depend on the
path but for its own two addresses, so that it cannot disagree with the applications about one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

from werkzeug.wrappers import Response

from ledger.base.language import gettext as _
from ledger.web.entry import Entry
from ledger.web.headers import PAGE_OF_THE_DOOR
from ledger.web.headers import with_headers
from ledger.web.peers import is_other_user

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HOST = "127.0.0.1"
ENTER = "/enter"
RUNNING = "/running"
# What the applications are told of who asks: the value of the cookie.
SESSION = "census_ledger.session"
READING = ("GET", "HEAD")
METHODS = (*READING, "POST", "PUT", "DELETE")
# A token and its name.
MOST_OF_A_FORM = 1024
# Two slashes, steps up, backslashes, what is encoded twice, control characters: no address of ours
# has them, and servers differ about what they mean.
_ODD_PATH = re.compile(r"//|/\.{1,2}(/|$)|[\\%\x00-\x1f\x7f]|^[^/]|^$")


def cookie_name(port: int) -> str:
    """Cookies are shared by all ports of a host, so each server's has a name of its own."""
    return f"census-ledger-{port}"


class Door:
    """A WSGI application around another. ``entered`` is told each token that was used."""

    def __init__(
        self,
        application: Application,
        port: int,
        entry: Entry,
        entered: Callable[[str], object] = lambda token: None,
    ) -> None:
        self.application = application
        self.entry = entry
        self.entered = entered
        self.port = port
        self.cookie = cookie_name(port)
        self.hosts = {f"{HOST}:{port}", *([HOST] if port == 80 else [])}
        self.origins = {f"http://{host}" for host in self.hosts}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._own_answer(environ)
        if answer is None:
            environ[SESSION] = self._session(environ.get("HTTP_COOKIE", ""))
            # cheroot says of every request that it knows its end; but it does not see that a body
            # ends too early, of which Werkzeug takes what has come.
            environ.pop("wsgi.input_terminated", None)  # guard: forms-come-whole
            started = with_headers(start_response, environ.get("PATH_INFO", ""))
            return self.application(environ, started)
        return answer(environ, with_headers(start_response, ""))

    def _own_answer(self, environ: Environ) -> Response | None:
        """What the door says itself; None when the request may go on."""
        target = environ.get("REQUEST_URI", "/")
        # guard: our-host
        if (
            environ.get("HTTP_HOST") not in self.hosts
            or not target.startswith("/")
            or self._is_of_another_user(environ)
        ):
            return _sentence(403, _only_the_own_browser())
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == RUNNING and method == "GET":
            return self._say_that_it_runs(environ)
        if path == ENTER and method in ("GET", "POST"):
            return self._let_in(environ, method)
        if not self._comes_from_here(environ, method):
            return _sentence(403, _only_the_own_browser())
        if method not in METHODS:
            refused = _sentence(405, _("this is not done here"))
            refused.headers["Allow"] = ", ".join(METHODS)
            return refused
        if _ODD_PATH.search(path):
            return _sentence(404, _("there is no such page"))
        return None

    def _is_of_another_user(self, environ: Environ) -> bool:
        port = environ.get("REMOTE_PORT") or ""
        return port.isdecimal() and is_other_user(int(port), self.port)

    def _comes_from_here(self, environ: Environ, method: str) -> bool:
        origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
        if origin is None:
            # A browser names the origin of whatever may change something.
            if method not in READING:
                return False
        elif origin not in self.origins:
            return False
        # guard: own-site
        if site is not None and site not in ("same-origin", "none"):
            return False
        session = self._session(environ.get("HTTP_COOKIE", ""))
        # guard: session-needed
        return session is not None and self.entry.knows(session)

    def _session(self, cookies: str) -> str | None:
        """The value of our cookie; None when it is not there, or there twice."""
        pairs = (cookie.strip().partition("=") for cookie in cookies.split(";"))
        found = [value for name, _equals, value in pairs if name == self.cookie]
        return found[0] if len(found) == 1 else None

    def _let_in(self, environ: Environ, method: str) -> Response:
        """A page that goes on to the first page by itself: a redirect that began on another site,
        or in a file, would not bring the cookie along.
        """
        token = _token_of(environ, method)
        session = self.entry.enter(token)
        if session is None:
            if self.entry.was_used(token):
                return _sentence(
                    403,
                    _(
                        "this address was good once and has been used: run 'census-ledger desk'"
                        " again, which opens a new one"
                    ),
                )
            return _sentence(403, _only_the_own_browser())
        self.entered(token)
        text = _("The books are open: go on")
        answer = Response(
            '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">'
            f'<title>{escape(text)}</title><p><a href="/">{escape(text)}</a></p>',
            mimetype="text/html",
        )
        answer.headers["Content-Security-Policy"] = PAGE_OF_THE_DOOR
        answer.set_cookie(self.cookie, session, path="/", httponly=True, samesite="Strict")
        return answer

    def _say_that_it_runs(self, environ: Environ) -> Response:
        """The answer to a second start of the command, for whoever has the secret."""
        asked = parse_qs(environ.get("QUERY_STRING", ""), max_num_fields=4)
        nonce, proof = asked.get("nonce", [""])[0], asked.get("proof", [""])[0]
        proofs = self.entry.proofs
        if "HTTP_ORIGIN" in environ or not proofs.holds("ask", nonce, proof):
            return _sentence(403, _only_the_own_browser())
        return _sentence(200, proofs.of("answer", nonce))


def _token_of(environ: Environ, method: str) -> str:
    """The token of an address or of a form; empty when there is none."""
    text: str = environ.get("QUERY_STRING", "")
    if method == "POST":
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MOST_OF_A_FORM:
            return ""
        sent: bytes = environ["wsgi.input"].read(int(length))
        text = sent.decode("ascii", "replace")
    try:
        return parse_qs(text, max_num_fields=4).get("token", [""])[0]
    except ValueError:
        return ""


def _only_the_own_browser() -> str:
    return _(
        "only a browser that 'census-ledger desk' has opened on this machine is answered: run it"
        " again, and it opens a new page"
    )


def _sentence(status: int, text: str) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
