"""Fava on this machine alone, with our pages, read-only but for one file."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from cheroot.wsgi import Server
from fava.application import create_app
from flask import Flask

from ledger.base.books_folder import MAIN_FILE
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from reports.desk.guards import OwnBrowserOnly
from reports.desk.guards import guard
from reports.desk.views import name_key

HOST = "127.0.0.1"


class PortInUse(Refusal):
    """Something else listens there."""

    def __init__(self, port: int) -> None:
        message = _("port {port} is in use, perhaps by an earlier 'browse'; take another: --port N")
        super().__init__(message.format(port=port))


class PortRefused(Refusal):
    """The system does not let us listen there."""

    def __init__(self, port: int, error: OSError) -> None:
        message = _("port {port} cannot be used ({error}); take another: --port N")
        super().__init__(message.format(port=port, error=error.strerror or error))


def desk_application(folder: Path, *, key_file: Path | None = None, edit: bool = False) -> Flask:
    """Fava with the books in ``folder`` loaded, and our guards around it."""
    name_key(folder, key_file)
    main = folder.resolve() / MAIN_FILE
    # Polled: a page asked for after an event shows it, on network drives too.
    application = create_app([main], load=True, read_only=not edit, poll_watcher=True)
    guard(application, folder, edit=edit)
    return application


def serve(application: Flask, port: int, ready: Callable[[str], None]) -> None:
    """Answer until Ctrl-C; ``ready`` is told the address as soon as it is answered there.

    Port 0 is any that is free. Raises PortInUse or PortRefused.
    """
    server = Server((HOST, port), application)
    try:
        server.prepare()
    except OSError as error:
        busy = error.errno == errno.EADDRINUSE or "in use" in str(error)
        raise PortInUse(port) if busy else PortRefused(port, error) from error
    bound = server.bind_addr[1]
    server.wsgi_app = OwnBrowserOnly(application, bound)
    try:
        ready(f"http://{HOST}:{bound}/")
        server.serve()
    except KeyboardInterrupt:
        return
    finally:
        server.stop()
