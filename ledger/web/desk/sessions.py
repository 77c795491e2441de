"""Browsers that were let in: who is logged in there, which forms they have, what they are told.

An operator's key is open in the memory of the server while the operator is logged in, and nowhere
else. A form's token is good once; what became of it is remembered, so that a second click is told
where the first one led.
"""

from __future__ import annotations

import datetime
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from dataclasses import field
from threading import Lock
from threading import RLock

from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.language import page_gettext as _
from ledger.base.records import Record
from ledger.web.desk.tray import Tray
from ledger.web.entry import MOST_SESSIONS

IDLE = datetime.timedelta(minutes=15)
# Forms of pages that lie open in tabs; the oldest are shown anew when somebody sends them.
MOST_FORMS = 400


class Login(Record):
    """An operator whose key is open."""

    actor: Actor
    name: str

    @property
    def operator(self) -> str:
        return self.actor.operator


@dataclass
class Session:
    """One browser. Whoever changes something in it holds its ``lock`` until that is done, and
    ``progress`` says how far that is.
    """

    tray: Tray
    progress: str = ""
    lock: RLock = field(default_factory=RLock)
    _login: Login | None = None
    _seen: datetime.datetime | None = None
    _forms: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _sent: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _notes: list[str] = field(default_factory=list)

    def login(self, now: datetime.datetime) -> Login | None:
        """Who is logged in. After a quarter of an hour of nothing it is nobody."""
        # guard: idle-logged-out
        if self._seen is not None and not (datetime.timedelta() <= now - self._seen < IDLE):
            name = self._login.name if self._login else ""
            self.log_out()
            self.note(_("{name}: 15 minutes of nothing, logged out.").format(name=name))
        if self._login is not None:
            self._seen = now
        return self._login

    def is_at_work(self, login: Login) -> bool:
        """Whether nobody has logged out since."""
        return self._login is login  # guard: key-forgotten-at-logout

    def log_in(self, login: Login, now: datetime.datetime) -> None:
        """Somebody is there now; forms that another has opened are worth nothing."""
        self.log_out()
        self._login, self._seen = login, now

    def log_out(self) -> None:
        """The key is forgotten, and with it what lies in the tray and every open form."""
        self._login = self._seen = None
        self._forms.clear()  # guard: forms-of-the-one-logged-in
        self.tray.empty()

    def new_token(self) -> str:
        """A token for one form."""
        token = secrets.token_urlsafe(16)
        self._forms[token] = None
        while len(self._forms) > MOST_FORMS:
            self._forms.popitem(last=False)
        return token

    def take_token(self, token: str) -> bool:
        """Whether a form with this token may be answered; not a second time."""
        # guard: token-good-once
        if token not in self._forms:
            return False
        del self._forms[token]
        self._sent[token] = ""
        while len(self._sent) > MOST_FORMS:
            self._sent.popitem(last=False)
        return True

    def led_to(self, token: str, address: str) -> None:
        """Where the answer to a form is."""
        if token in self._sent:
            self._sent[token] = address

    def was_sent(self, token: str) -> str | None:
        """Where a form's answer is that was sent before, empty when it has none; else None."""
        return self._sent.get(token)

    def note(self, sentence: str) -> None:
        """Say a sentence on the next page."""
        self._notes.append(sentence)

    def take_notes(self) -> list[str]:
        """What is to be said now."""
        notes, self._notes = self._notes, []
        return notes


class Sessions:
    """The browsers of a running server on some ``books``, by what their cookies say."""

    def __init__(self, clock: Clock, books: str) -> None:
        self.clock = clock
        self.books = books
        self._lock = Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def of(self, cookie: str) -> Session:
        """The session of a browser that the door has let in."""
        with self._lock:
            session = self._sessions.setdefault(cookie, Session(Tray(self.books)))
            self._sessions.move_to_end(cookie)
            while len(self._sessions) > MOST_SESSIONS:
                _cookie, gone = self._sessions.popitem(last=False)
                gone.log_out()
            return session

    def end(self) -> None:
        """The server stops: keys and files in trays are gone."""
        with self._lock:
            for session in self._sessions.values():
                session.log_out()
