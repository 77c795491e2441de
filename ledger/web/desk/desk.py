"""What every page has at hand: the books, who is logged in, how to work at them, how to answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Response
from flask import g
from flask import jsonify
from flask import render_template
from flask import request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from ledger.base.actor_and_clock import Actor
from ledger.base.digests import digest
from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.books.books import Books
from ledger.books.settings import read_settings
from ledger.disbursement.stage_choice import stage_to_show
from ledger.disbursement.stage_choice import stage_words
from ledger.events.event_file import read_head
from ledger.model.ids import StageCode
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.registry.registry import Registry
from ledger.services.unit_of_work import Work
from ledger.services.workplace import Workplace
from ledger.web.attention import matters
from ledger.web.day import NotADay
from ledger.web.day import read_day
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import ShownAnew
from ledger.web.desk.forms import problem_of
from ledger.web.desk.sessions import Login
from ledger.web.desk.sessions import Session
from ledger.web.desk.sessions import Sessions
from ledger.web.door import SESSION
from ledger.web.http_requests import MOST_OF_A_BODY
from ledger.web.links import ENTRIES
from ledger.web.links import address
from ledger.web.open_books import OpenBooks
from ledger.web.towns_table import STATES
from ledger.web.views import Made
from ledger.web.views import View

# The pages in the order of the work, and what each is called.
PAGES = {
    "/": "首页",
    "/inbox": "收件",
    "/disbursement": "发放",
    "/people": "人员",
    "/bank": "流水",
    "/budget": "预算执行",
    "/reports": "报表",
    "/settings": "设置",
}
SEE_OTHER = 303
NOT_DONE = 422
FIRST_WRITE = "本机是第一次写入这套账，账中已注明。请将此前各批次与纸质材料核对。"


class Desk:
    """The books on the desk, and the browsers before it."""

    def __init__(self, books: OpenBooks, place: Workplace, sessions: Sessions) -> None:
        self.books = books
        self.place = place
        self.sessions = sessions
        self._at_work = Lock()

    # What is there.

    def now(self) -> datetime.datetime:
        return self.sessions.clock()

    def today(self) -> datetime.date:
        return self.now().date()

    def view(self) -> View:
        """The books as of the day that the address names, or today."""
        self.remember_state()
        self.books.look_again()
        typed = request.args.get("on", "").strip()
        return self.books.view(read_day(typed) if typed else self.today())

    def whole(self) -> Books:
        """The books with all that is in them, for pages on which something is done."""
        self.remember_state()
        self.books.look_again()
        return self.known()

    def known(self) -> Books:
        """The books as they were looked at last."""
        return self.books.view(self.today()).whole

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from the books and the registry as they are today, made once."""
        return self.books.view(self.today()).once(name, make)

    def remember_state(self) -> None:
        """Of what state the page is: that before the books are looked at, or older."""
        with self.place.registry() as registry:
            g.state = state_of(self.books.folder, registry)

    @property
    def state(self) -> str:
        """Of what state the page is, once it has looked at the books."""
        return str(g.get("state", ""))

    def stage(self, view: View) -> StageCode:
        """The stage that the address names, or the last begun. Raises NoSuchStage."""
        typed = request.args.get("stage", "").strip()[:40]
        code = StageCode(typed) if typed else None
        return stage_to_show(view.books.rules, code, view.on).code

    def stages(self, view: View) -> list[tuple[StageCode, str]]:
        """The stages to choose from, in words; empty where the books name none."""
        rules = view.books.rules
        if not rules.named_stages:
            return []
        return [(one.code, stage_words(one)) for one in rules.begun(view.on)]

    # Who is there.

    @property
    def session(self) -> Session:
        """The browser that asks. The door has let it in."""
        return self.sessions.of(str(request.environ.get(SESSION, "")))

    @property
    def login(self) -> Login | None:
        """Who is logged in there, asked once for each request."""
        if "login" not in g:
            g.login = self.session.login(self.now())
        login: Login | None = g.login
        return login

    def operator(self) -> Operator | None:
        """Who is logged in there, as the books know the operator; nobody who has retired."""
        if self.login is None:
            return None
        known = self.known().history.operators.get(self.login.operator)
        return known if known is not None and known.retired_seq is None else None

    def may(self, roles: frozenset[Role] | None) -> bool:
        """Whether whoever is there has one of the roles."""
        operator = self.operator()
        return roles is None or (operator is not None and not roles.isdisjoint(operator.roles))

    # What is done.

    def form(self) -> Form:
        """What was filled in."""
        return Form(request.form)

    @contextmanager
    def work(
        self, *, seen: str | None = None, with_errors: bool = False, signs: bool = True
    ) -> Iterator[Work]:
        """A unit of work of whoever is logged in; one at a time.

        With ``seen`` the books are as they were on the page that was confirmed, or ShownAnew is
        raised. What is only tried is not signed.
        """
        login = self.login
        assert login is not None, "the route asks for a role"
        actor = login.actor if signs else Actor(login.operator)
        with (
            self._at_work,
            self.place.work(actor, self.sessions.clock, with_errors=with_errors) as work,
        ):
            # guard: done-as-shown
            if seen is not None and seen != state_of(self.books.folder, work.registry):
                raise ShownAnew
            yield work
        if work.seen is None and work.has_written:
            self.session.note(FIRST_WRITE)

    # What is answered.

    def go(self, path: str, note: str = "", **query: str) -> Answer:
        """Go on to a page, which says what was done."""
        if note:
            self.session.note(note)
        return redirect(address(path, **query), SEE_OTHER, Response)

    def page(self, template: str, view: View, **values: Any) -> str:
        """A page about the books as of a day."""
        return self.render(
            template,
            view=view,
            on=view.on,
            matters=matters(view, self.books.errors, here),
            states={state.value: word for state, word in STATES.items()},
            **values,
        )

    def render(self, template: str, **values: Any) -> str:
        """A page in the frame that all have; ``problem`` says why its form was refused."""
        values.setdefault("on", self.today())
        values.setdefault("problem", None)
        # Such a page can be looked at as of another day.
        values["is_dated"] = "view" in values or "is_cut" in values
        return render_template(
            template,
            unit=self._unit(),
            pages=PAGES,
            path=request.path,
            entries=ENTRIES,
            here=here,
            desk=self,
            most_of_files=MOST_OF_A_BODY,
            login=self.login,
            notes=self.session.take_notes(),
            token=self.session.new_token,
            state=self.state,
            today=self.today(),
            sent=request.form,
            **values,
        )

    def problem(self, form: str, refusal: Refusal | OSError) -> Problem:
        """A refusal at its field, without the places of this machine's files."""
        if isinstance(refusal, OSError):
            refusal = SystemRefused(refusal)
        return problem_of(form, refusal, self.without_folders(str(refusal)))

    def sentence(self, sentence: str, status: int, *, back: str = "", name: str = "") -> Answer:
        """One sentence in the frame of the pages, as JSON for scripts, and where to go on."""
        if request.path.endswith(".json"):
            said = jsonify({"error": sentence})
        else:
            text = self.render("sentence.html", sentence=sentence, back=back, name=name)
            said = Response(text)
        said.status_code = status
        return said

    def _unit(self) -> str:
        try:
            return read_settings(self.books.folder).unit
        except (Refusal, OSError):
            return "经费账套"

    def without_folders(self, text: str) -> str:
        """The text with files named by their names alone."""
        folders = {self.books.folder.absolute(), self.books.folder.resolve(), Path.home()}
        try:
            key = self.place.registry_key()
            folders |= {key.parent.absolute(), key.parent.resolve()}
        except (Refusal, OSError):
            pass
        below_roots = (str(folder) for folder in folders if folder.name)
        for folder in sorted(below_roots, key=len, reverse=True):
            for separator in ("/", "\\"):
                text = text.replace(f"{folder}{separator}", "")
            text = text.replace(folder, Path(folder).name)
        return text


def here(path: str, **query: str) -> str:
    """The address of a page of ours that keeps the day of this one."""
    typed = request.args.get("on", "").strip()
    try:
        return address(path, on=read_day(typed).isoformat() if typed else "", **query)
    except NotADay:
        return address(path, **query)


def state_of(folder: Path, registry: Registry) -> str:
    """What books and registry are, in a short text: any event and any record changes it."""
    head = read_head(folder)
    return digest(f"{head} {registry.log.head()}".encode())[:32]
