"""Opens the browser at an address that is good once, without telling it to others.

Whoever is logged in on the machine can read the command line of a program: the browser is given a
private file, whose form sends the token. The server removes the file when the token was used.
"""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from html import escape
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.web.door import ENTER
from ledger.web.door import HOST
from ledger.web.entry import nonce_of
from ledger.web.private_folder import NotPrivate
from ledger.web.private_folder import private_folder
from ledger.web.private_folder import write_private
from ledger.web.running import Running
from ledger.web.running import books_name


def address(running: Running, token: str) -> str:
    """The address to copy into a browser."""
    return f"http://{HOST}:{running.port}{ENTER}?token={token}"


def open_browser(books: Path, running: Running, token: str) -> bool:
    """Open it; False when there is none."""
    remove_files(books, but=token)
    file = _file(books, token)
    write_private(file, _page(running, token))
    try:
        return webbrowser.open(file.as_uri())
    except (OSError, webbrowser.Error):
        return False


def used(books: Path, token: str) -> None:
    """The token is void, and its file of no use."""
    with suppress(OSError, NotPrivate):
        _file(books, token).unlink(missing_ok=True)


def remove_files(books: Path, *, but: str = "") -> None:
    """Remove what was written for tokens that nobody has used."""
    for path in private_folder().glob(f"{books_name(books)}-*.html*"):
        if path != _file(books, but):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _file(books: Path, token: str) -> Path:
    return private_folder() / f"{books_name(books)}-{nonce_of(token)}.html"


def _page(running: Running, token: str) -> str:
    text = escape(_("Open the books"))
    return (
        f'<!doctype html><meta charset="utf-8"><title>{text}</title>'
        f'<form method="post" action="http://{HOST}:{running.port}{ENTER}">'
        f'<input type="hidden" name="token" value="{escape(token)}"><button>{text}</button></form>'
        "<script>document.forms[0].submit()</script>\n"
    )
