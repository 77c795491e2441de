"""Pages of others, open in the same browser beside the running ``desk``: nothing is read, nothing
is written, whatever they try.
"""

from __future__ import annotations

import http.server
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext

from ledger.web import browser_start
from ledger.web.private_folder import private_folder
from tests.support.browser import Served
from tests.support.browser import Window
from tests.support.browser import served
from tests.support.office import Office

# Everything that a page can ask without being asked back, and what it could see of the answer.
ATTACK = """
async (target) => {
  const heard = [];
  const hear = (how, what) => heard.push(`${how}: ${what}`);
  const wait = (element, how, place) => new Promise(done => {
    element.onload = () => { hear(how, "loaded"); done(); };
    element.onerror = () => done();
    place();
  });
  const put = element => document.body.append(element);
  const make = (name, values) => Object.assign(document.createElement(name), values);
  const query = `${target}/books/ledger/api/query?query_string=`;
  const addresses = [
    `${target}/budget`, `${target}/people/list.json`,
    `${target}/books/ledger/api/journal`,
    `${target}/books/ledger/journal/`, `${query}.output%20WRITTEN`,
    `${target}/books/static/app.css`,
    `${target}/books/static/favicon.ico`, `${target}/running?nonce=0&proof=0`,
  ];
  for (const address of addresses) {
    const kinds = [
      ["img", {src: address}], ["script", {src: address}],
      ["link", {rel: "stylesheet", href: address}],
      ["object", {data: address}], ["video", {src: address}],
    ];
    for (const [name, values] of kinds) {
      const element = make(name, values);
      await wait(element, `${name} ${address}`, () => put(element));
    }
    // It says that it has loaded whatever it was answered.
    put(make("embed", {src: address}));
    const frame = make("iframe", {src: address});
    put(frame);
    await new Promise(done => { frame.onload = done; });
    try { hear(`iframe ${address}`, frame.contentDocument?.body.innerText ? "read" : ""); }
    catch { /* another origin */ }
    for (const options of [
      {}, {credentials: "include"}, {mode: "no-cors", credentials: "include"},
      {method: "PUT", credentials: "include", body: "{}"},
      {method: "POST", mode: "no-cors", credentials: "include", body: "{}"},
      {method: "DELETE", credentials: "include"},
      {headers: {"Sec_Fetch_Site": "same-origin", "X-Forwarded-Host": "127.0.0.1"},
       credentials: "include"},
    ]) {
      try {
        const answer = await fetch(address, options);
        if (answer.type !== "opaque") hear(`fetch ${address}`, await answer.text());
      } catch { /* refused */ }
    }
  }
  for (const method of ["get", "post"]) {
    const name = `frame-${method}`;
    put(make("iframe", {name}));
    const form = make("form", {
      method, target: name, action: `${target}/books/ledger/api/query`,
      enctype: method === "post" ? "text/plain" : "application/x-www-form-urlencoded",
    });
    form.append(make("input", {name: "query_string", value: ".output WRITTEN"}));
    put(form);
    form.submit();
  }
  await new Promise(done => {
    const socket = new WebSocket(`${target.replace("http", "ws")}/books/ledger/api/changed`);
    socket.onopen = () => { hear("websocket", "open"); done(); };
    socket.onerror = done;
  });
  navigator.sendBeacon(`${target}/books/ledger/api/source`, "{}");
  return heard.filter(one => !one.endsWith(": "));
}
"""
OPEN = "target => { window.opened = window.open(`${target}/people`); }"
LOOK = "() => { try { return window.opened.document.body.innerText; } catch { return ''; } }"
PAGE = b"<!doctype html><meta charset=utf-8><title>x</title><body>"


class _Evil(http.server.BaseHTTPRequestHandler):
    """A page at another port of this machine; it keeps the cookies that it is sent."""

    cookies: list[str]

    def do_GET(self) -> None:
        type(self).cookies.append(self.headers.get("Cookie", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def evil() -> Iterator[str]:
    _Evil.cookies = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Evil)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server(funded: Office) -> Iterator[Served]:
    """Books that may even be edited."""
    funded.disburse(on="2020-11-10")
    with served(funded, edit=True) as found:
        yield found


@pytest.fixture
def victim(browser: Browser, server: Served) -> Iterator[BrowserContext]:
    """A browser with our pages open in it."""
    window = Window(browser, server).enter()
    try:
        window.open("/people").wait_for_load_state("networkidle")
        yield window.context
    finally:
        window.close()


def contents(books: Path) -> dict[str, bytes]:
    return {
        path.relative_to(books.parent).as_posix(): path.read_bytes()
        for path in sorted(books.parent.rglob("*"))
        if path.is_file() and not path.name.startswith("registry.db")
    }


def asked_for(context: BrowserContext, server: Served) -> list[tuple[int, str]]:
    """Status and address of every answer of our server to a page that is opened after this."""
    found: list[tuple[int, str]] = []
    context.on(
        "response",
        lambda answer: (
            found.append((answer.status, answer.url)) if server.address in answer.url else None
        ),
    )
    return found


@pytest.mark.parametrize("where", ["another port", "a file", "a frame of no origin", "a data page"])
def test_a_page_of_others_reads_and_writes_nothing(
    victim: BrowserContext, server: Served, evil: str, tmp_path: Path, where: str
) -> None:
    file = tmp_path / "evil.html"
    file.write_bytes(PAGE)
    before = contents(server.books)
    statuses = asked_for(victim, server)
    page = victim.new_page()
    frame: Any = page.main_frame
    if where == "another port":
        page.goto(evil)
    elif where == "a file":
        page.goto(file.as_uri())
    elif where == "a data page":
        page.goto(f"data:text/html,{quote(PAGE)}")
    else:
        page.goto(evil)
        page.set_content('<iframe sandbox="allow-scripts allow-popups allow-forms" srcdoc="x">')
        frame = page.frames[-1]
        frame.wait_for_load_state()
    assert frame.evaluate(ATTACK, server.address) == []
    with victim.expect_page() as popup:
        frame.evaluate(OPEN, server.address)
    popup.value.wait_for_load_state()
    # A sentence, or the browser's own words that it is blocked.
    assert "370481" not in popup.value.content()
    assert frame.evaluate(LOOK) == ""
    # The browser itself lets a page of no origin ask for little.
    assert len(statuses) > (0 if where == "a data page" else 20)
    assert [answer for answer in statuses if answer[0] != 403] == []
    assert contents(server.books) == before


def test_a_name_that_leads_here_is_refused(
    browser: Browser, server: Served, victim: BrowserContext
) -> None:
    """DNS rebinding: the page of evil.example asks evil.example, which has become 127.0.0.1."""
    port = server.running.port
    cookie = victim.cookies()[0]
    for name in ("evil.example", "localhost", "127.0.0.1.evil.example"):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
            caller.sendall(
                f"GET /people/list.json HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n"
                f"Origin: http://{name}:{port}\r\nSec-Fetch-Site: same-origin\r\n"
                f"Cookie: {cookie['name']}={cookie['value']}\r\n\r\n".encode()
            )
            answer = b""
            while part := caller.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 403")


def test_a_link_of_others_opens_a_sentence(
    victim: BrowserContext, server: Served, evil: str
) -> None:
    page = victim.new_page()
    page.goto(evil)
    page.evaluate("target => { location = `${target}/people`; }", server.address)
    page.wait_for_url(f"{server.address}/people")
    assert "only a browser" in page.inner_text("body")
    # What the user opens herself is answered.
    page.goto(f"{server.address}/people")
    assert page.title() != ""
    assert "only a browser" not in page.inner_text("body")


def test_a_used_address_opens_nothing_for_the_next(browser: Browser, server: Served) -> None:
    address = server.one_time_address()
    first, second = browser.new_context(), browser.new_context()
    try:
        page = first.new_page()
        page.goto(address)
        page.wait_for_url(f"{server.address}/")
        page = second.new_page()
        page.goto(address)
        assert "has been used" in page.inner_text("body")
        page.goto(f"{server.address}/budget")
        assert "only a browser" in page.inner_text("body")
    finally:
        first.close()
        second.close()


def test_the_file_that_the_browser_is_given_lets_it_in(
    browser: Browser, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form comes from a file, which is another site; the page after it has the cookie."""
    opened: list[str] = []

    def open_it(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_it)
    token = server.running.proofs.one_time_token()
    assert browser_start.open_browser(server.books, server.running, token)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(opened[0])
        page.wait_for_url(f"{server.address}/")
        (cookie,) = context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        assert page.evaluate("document.cookie") == ""
        assert json.dumps(token) not in page.content()
    finally:
        context.close()
    assert not list(private_folder().glob("*.html"))
