"""What every page has at hand, with books or without: who asks, and how to answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response
from flask import g
from flask import jsonify
from flask import render_template
from flask import request
from markupsafe import escape
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.web.day import NotADay
from ledger.web.day import read_day
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import problem_of
from ledger.web.desk.sessions import Login
from ledger.web.desk.sessions import Session
from ledger.web.desk.sessions import Sessions
from ledger.web.door import SESSION
from ledger.web.http_requests import MOST_OF_A_BODY
from ledger.web.links import ENTRIES
from ledger.web.links import address

SEE_OTHER = 303
NOT_DONE = 422


class Front:
    """The browsers before a folder, in which there may be no books yet.

    ``pages`` are those that each page leads to, by their addresses.
    """

    pages: Mapping[str, str] = {}

    def __init__(self, folder: Path, sessions: Sessions) -> None:
        self.folder = folder
        self.sessions = sessions

    def now(self) -> datetime.datetime:
        return self.sessions.clock()

    def today(self) -> datetime.date:
        return self.now().date()

    @property
    def state(self) -> str:
        """Of what state the page is, once it has looked at the books."""
        return str(g.get("state", ""))

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

    # What is answered.

    def form(self) -> Form:
        """What was filled in."""
        return Form(request.form)

    def go(self, path: str, note: str = "", **query: str) -> Answer:
        """Go on to a page, which says what was done."""
        if note:
            self.session.note(note)
        return redirect(address(path, **query), SEE_OTHER, Response)

    def render(self, template: str, **values: Any) -> str:
        """A page in the frame that all have; ``problem`` says why its form was refused."""
        values.setdefault("on", self.today())
        values.setdefault("problem", None)
        # Such a page can be looked at as of another day.
        values["is_dated"] = "view" in values or "is_cut" in values
        notes = self.session.take_notes()
        text = self._rendered(template, notes=notes, **values)
        problem: Problem | None = values["problem"]
        # Its form may be gone: what was to be done, another has done meanwhile.
        if problem and escape(problem.sentence) not in text:  # guard: refusal-always-said
            text = self._rendered(template, notes=notes, refusal=problem.sentence, **values)
        return text

    def _rendered(self, template: str, **values: Any) -> str:
        return render_template(
            template,
            unit=self.unit(),
            pages={path: _(name) for path, name in self.pages.items()},
            path=request.path,
            entries=ENTRIES,
            here=here,
            desk=self,
            most_of_files=MOST_OF_A_BODY,
            login=self.login,
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

    def names_english(self) -> bool:
        """Whether the books name English as their language."""
        return False

    def unit(self) -> str:
        """Whose books they are."""
        return ""

    def folders(self) -> Iterator[Path]:
        """The places of this machine that no answer tells."""
        yield from (self.folder.absolute(), self.folder.resolve(), Path.home())

    def without_folders(self, text: str) -> str:
        """The text with files named by their names alone."""
        below_roots = (str(folder) for folder in set(self.folders()) if folder.name)
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
