"""The system's browser, and the pages in it as the office would see them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from browser_for_tests import WHAT_TO_INSTALL
from browser_for_tests import find_browser
from playwright.sync_api import Browser
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Page
from playwright.sync_api import Request
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright

from ledger.web import browser_start
from ledger.web.door import HOST
from ledger.web.door import Application
from ledger.web.running import Running
from ledger.web.server import listening
from ledger.web.server import whole_application
from tests.support.office import Office

# What keeps a browser from asking its maker for anything, and from writing outside its profile,
# which Playwright makes anew and removes.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
)
PATIENCE_MS = 20_000


@contextmanager
def running_browser(home: Path) -> Iterator[Browser]:
    """The browser, headless; ``home`` is the only folder that it knows."""
    program = find_browser()
    if program is None:
        pytest.fail(WHAT_TO_INSTALL)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=QUIET,
            env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)},
        )
        try:
            yield browser
        finally:
            browser.close()


class Served(NamedTuple):
    """The whole application at a port of this machine, as ``desk`` serves it."""

    address: str
    running: Running
    books: Path

    def one_time_address(self) -> str:
        """An address that lets a browser in."""
        return browser_start.address(self.running, self.running.proofs.one_time_token())


@contextmanager
def served(office: Office, *, edit: bool = False) -> Iterator[Served]:
    """Our pages and Fava's on an office's books, until the end of the block."""
    application = whole_application(office.folder, key_file=office.key, edit=edit)
    with answering(application, office.folder, edit=edit) as found:
        yield found


@contextmanager
def answering(application: Application, books: Path, *, edit: bool = False) -> Iterator[Served]:
    """An application behind the door, on a port of its own."""
    with listening(application, books, 0, edit=edit) as (server, running):
        thread = Thread(target=server.serve)
        thread.start()
        try:
            yield Served(f"http://{HOST}:{running.port}", running, books)
        finally:
            server.stop()
            thread.join()


class Window:
    """A page in a profile of its own, and everything that went wrong in it."""

    def __init__(self, browser: Browser, server: Served, **look: Any) -> None:
        self.server = server
        self.errors: list[str] = []
        self.context = browser.new_context(locale="zh-CN", **look)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def enter(self) -> Window:
        """Come in by an address that is good once, and end at the first page."""
        self.page.goto(self.server.one_time_address())
        self.page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/enter"))
        return self

    def open(self, path: str) -> Page:
        """Go to a page of ours: ``/budget``, or of Fava's: ``/books/ledger/journal/``."""
        self.page.goto(f"{self.server.address}{path}")
        return self.page

    def close(self) -> None:
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != HOST:
            self.errors.append(f"asked for {request.url}")


@contextmanager
def office_window(
    browser: Browser, office: Office, *, edit: bool = False, **look: Any
) -> Iterator[Window]:
    """The pages of an office's books in a new window that has been let in."""
    with served(office, edit=edit) as server:
        window = Window(browser, server, **look)
        try:
            yield window.enter()
        finally:
            window.close()
