"""Our pages and Fava's on this machine alone, behind one door."""

from __future__ import annotations

import atexit
import datetime
import errno
import re
import signal
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from threading import Thread
from typing import NamedTuple

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from ledger.base.actor_and_clock import Clock
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.services.workplace import Workplace
from ledger.web.browser_start import remove_files
from ledger.web.browser_start import used
from ledger.web.desk.application import desk_application
from ledger.web.desk.application import first_visit_application
from ledger.web.desk.desk import Desk
from ledger.web.desk.first_answers import forget_answers
from ledger.web.desk.first_visit import FirstVisit
from ledger.web.desk.sessions import Sessions
from ledger.web.desk.tray import remove_left_trays
from ledger.web.door import HOST
from ledger.web.door import Application
from ledger.web.door import Door
from ledger.web.door import Environ
from ledger.web.door import StartResponse
from ledger.web.entry import Entry
from ledger.web.entry import new_secret
from ledger.web.fava_application import fava_application
from ledger.web.fava_ledgers import FavaLedgers
from ledger.web.headers import FAVA
from ledger.web.http_requests import PlainServer
from ledger.web.open_books import OpenBooks
from ledger.web.running import Running
from ledger.web.running import announce
from ledger.web.running import books_name
from ledger.web.running import forget

_SYSTEM_ERROR = re.compile(r"\[(?:Errno|WinError) (\d+)\]")


class PortInUse(Refusal):
    """Something else listens there."""

    def __init__(self, port: int) -> None:
        message = _("port {port} is in use by another program: take another")
        super().__init__(message.format(port=port), port=port)


class PortRefused(Refusal):
    """The system does not let us listen there."""

    def __init__(self, port: int, error: OSError) -> None:
        message = _("port {port} cannot be used ({error}): take another")
        super().__init__(message.format(port=port, error=error.strerror or error), port=port)


class Listening(NamedTuple):
    """A server that has its port, and what a start of the command needs to enter it."""

    server: PlainServer
    running: Running


def system_clock() -> datetime.datetime:
    """Now, with the offset of the local time."""
    return datetime.datetime.now().astimezone()


def whole_application(
    folder: Path,
    *,
    key_file: Path | None = None,
    edit: bool = False,
    clock: Clock = system_clock,
    sessions: Sessions | None = None,
) -> Application:
    """Our pages at ``/`` and Fava's at ``/books``, on the books in ``folder``. No door yet.

    ``sessions`` are of browsers that are there already.
    """
    books = OpenBooks(folder, key_file=key_file)
    name = books_name(folder)
    remove_left_trays(name)
    forget_answers(folder)
    desk = Desk(
        books,
        Workplace(folder, key_file),
        sessions or Sessions(clock, name),
    )
    # However the program ends, keys and what lies in trays end with it.
    atexit.register(desk.sessions.end)
    return DispatcherMiddleware(
        desk_application(desk), {FAVA: fava_application(FavaLedgers(books, edit=edit))}
    )


class NewOffice:
    """A WSGI application: the way to new books in ``folder``, and their pages once they are there.

    They may be made here, or by a command meanwhile.
    """

    def __init__(
        self, folder: Path, *, key_file: Path | None, edit: bool, clock: Clock = system_clock
    ) -> None:
        sessions = Sessions(clock, books_name(folder))
        self._visit = FirstVisit(folder, sessions, key_file, self.open_books)
        self._pages: Application = first_visit_application(self._visit)
        self._books: Application | None = None
        self._lock = Lock()
        self._open = partial(
            whole_application, folder, key_file=key_file, edit=edit, sessions=sessions
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # guard: made-elsewhere-meanwhile
        if self._books is None and self._visit.has_books() and not self._visit.at_work.locked():
            self.open_books()
        return (self._books or self._pages)(environ, start_response)

    def open_books(self) -> None:
        """The books are there: from now on their pages answer."""
        with self._lock:
            if self._books is None:
                self._books = self._open()


def _in_use(error: OSError) -> bool:
    """cheroot hands on what the system says as text: its number, and words of its language."""
    numbers = {int(number) for number in _SYSTEM_ERROR.findall(str(error))}
    return errno.EADDRINUSE in (error.errno, *numbers)


@contextmanager
def listening(
    application: Application, folder: Path, port: int, *, edit: bool = False
) -> Iterator[Listening]:
    """A server with the door before the application, which the next start of the command finds.

    Port 0 is any that is free. Raises PortInUse or PortRefused.
    """
    server = PlainServer((HOST, port), application)
    try:
        server.prepare()
    except OSError as error:
        raise PortInUse(port) if _in_use(error) else PortRefused(port, error) from error
    running = Running(server.bind_addr[1], new_secret(), edit)
    try:
        server.wsgi_app = Door(
            application,
            running.port,
            Entry(running.proofs),
            entered=lambda token: used(folder, token),
        )
        announce(folder, running)
        yield Listening(server, running)
    finally:
        server.stop()
        forget(folder, running)
        remove_files(folder)


def serve(
    application: Application,
    folder: Path,
    port: int,
    ready: Callable[[Running], None],
    *,
    edit: bool = False,
) -> None:
    """Answer until Ctrl-C; ``ready`` is told where as soon as it is answered there."""
    with (
        listening(application, folder, port, edit=edit) as (server, running),
        stopped_by_ctrl_c(server),
    ):
        ready(running)
        server.serve()


@contextmanager
def stopped_by_ctrl_c(server: PlainServer) -> Iterator[None]:
    """Ctrl-C ends what is served inside, wherever in its loop the server is.

    An exception in the middle of the loop would leave it waiting for itself for ever.
    """

    def stop(_signal: int, _frame: object) -> None:
        Thread(target=server.stop, daemon=True).start()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
