"""The system's browser, and Fava with books in it as the office would see them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser_for_tests import WHAT_TO_INSTALL
from browser_for_tests import find_browser
from cheroot.wsgi import Server
from fava.application import create_app
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Page
from playwright.sync_api import Request
from playwright.sync_api import sync_playwright

HOST = "127.0.0.1"
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


@contextmanager
def served(books: Path) -> Iterator[str]:
    """Fava, read-only, on these books; the address of its first page."""
    application = create_app([books / "main.beancount"], load=True, read_only=True)
    with answering(application) as address:
        yield address


@contextmanager
def answering(application: Flask) -> Iterator[str]:
    """An application of Fava's on a port of its own; the address of its first page."""
    server = Server((HOST, 0), application)
    server.prepare()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        with application.test_client() as client:
            first = client.get("/", follow_redirects=True).request.path
        yield f"http://{HOST}:{server.bind_addr[1]}/{first.split('/')[1]}/"
    finally:
        server.stop()
        thread.join()


class Window:
    """A page in a profile of its own, and everything that went wrong in it."""

    def __init__(self, browser: Browser, address: str, **look: Any) -> None:
        self.address = address
        self.errors: list[str] = []
        self.context = browser.new_context(locale="zh-CN", **look)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def open(self, report: str) -> Page:
        self.page.goto(f"{self.address}{report}")
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
def fava_window(browser: Browser, books: Path) -> Iterator[Window]:
    """Fava's pages on these books in a new window."""
    with served(books) as address:
        window = Window(browser, address)
        try:
            yield window
        finally:
            window.close()
