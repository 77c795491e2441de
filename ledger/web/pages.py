"""The liaison's pages: a Flask application that only answers, and changes nothing.

Texts are escaped by Jinja; in the browser they are put in as text. What cannot be answered is a
sentence in the pages' own frame.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask import Response
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import send_file
from flask import send_from_directory
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.books.settings import read_settings
from ledger.figures.month import BeforeFirstEntry
from ledger.figures.month import MonthAhead
from ledger.figures.month import NothingEntered
from ledger.figures.month import reportable_months
from ledger.figures.month import require_reportable
from ledger.figures.payee_listing import NoSuchPayee
from ledger.keys.registry_key import key_path
from ledger.model.ids import PayeeId
from ledger.model.months import NotAMonth
from ledger.model.months import read_month
from ledger.web.attention import matters
from ledger.web.budget_table import budget_rows
from ledger.web.cumulative_chart import cumulative_of
from ledger.web.day import NotADay
from ledger.web.day import read_day
from ledger.web.links import ENTRIES
from ledger.web.links import Links
from ledger.web.links import address
from ledger.web.open_books import OpenBooks
from ledger.web.people_list import history_json
from ledger.web.people_list import people_json
from ledger.web.towns_table import STATES
from ledger.web.towns_table import batch_rows
from ledger.web.towns_table import town_rows
from ledger.web.towns_table import waiters
from ledger.web.views import View
from ledger.web.views import open_registry
from reports.monthly.document import file_name_of
from reports.monthly.document import statement_bytes
from reports.monthly.document import statement_of

PAGES = {"/budget": "预算执行", "/disbursement": "补助发放", "/people": "人员"}
STATIC = Path(__file__).parent / "static"
# Not guessed by the system, whose table of types anybody may have changed.
STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What each refusal is to a browser; whatever else is refused cannot be shown for now.
NOT_FOUND = (BeforeFirstEntry, MonthAhead, NoSuchPayee, NotAMonth, NothingEntered)
# A sentence for every status that Flask itself answers with.
SENTENCES = {
    400: "这个地址写得不对。",
    404: "没有这一页。",
    405: "这里只能查看，不能修改。",
}
log = logging.getLogger(__name__)
DEFECT = "程序出了不该出的错，这一页显示不了。账簿没有改动；请告诉维护程序的人。"


def desk_application(books: OpenBooks) -> Flask:
    """The pages about these books."""
    application = Flask("ledger.web", static_folder=None)
    # guard: pages-escape
    application.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    application.json = _Json(application)
    pages = _Pages(books)
    for path, answer in pages.answers.items():
        application.add_url_rule(
            path,
            endpoint=path,
            view_func=answer,
            methods=["GET"],
            provide_automatic_options=False,
        )
    application.register_error_handler(Refusal, pages.refused)
    application.register_error_handler(OSError, lambda error: pages.refused(SystemRefused(error)))
    application.register_error_handler(HTTPException, pages.not_answered)
    application.register_error_handler(Exception, pages.failed)
    application.after_request(_keep_nowhere)
    pages.look_ahead()
    return application


class _Json(DefaultJSONProvider):
    """JSON as it comes: names in their own characters, keys in the order of the fields."""

    ensure_ascii = False
    sort_keys = False


def _keep_nowhere(answer: Response) -> Response:
    """Pages have personal data; a browser keeps none of them."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if not request.path.startswith("/static/"):
        # guard: pages-not-kept
        answer.headers["Cache-Control"] = "no-store"
    return answer


class _Pages:
    """What is answered at each address."""

    def __init__(self, books: OpenBooks) -> None:
        self.books = books
        self.answers: dict[str, Callable[..., Any]] = {
            "/": self.first,
            "/budget": self.budget,
            "/disbursement": self.disbursement,
            "/people": self.people,
            "/people/list.json": self.people_list,
            "/people/<payee>.json": self.history,
            "/months/<month>.pdf": self.statement,
            "/static/<name>": self.static,
        }

    def look_ahead(self) -> None:
        """Work out today's view at once, so that nobody waits for it."""
        try:
            self.books.view(datetime.date.today())
        except (Refusal, OSError):
            # The pages say what is wrong when somebody asks for them.
            return

    def first(self) -> Answer:
        return redirect(_here("/budget"))

    def budget(self) -> str:
        view = self._view()
        return self._page(
            "budget.html",
            view,
            rows=budget_rows(view, Links.of(view)),
            course=cumulative_of(view),
            months=_months(view),
        )

    def disbursement(self) -> str:
        view = self._view()
        waiting = waiters(view)
        return self._page(
            "disbursement.html",
            view,
            towns=town_rows(view),
            batches=batch_rows(view),
            waiting=waiting,
            # Codes and names of the towns where somebody waits.
            waiting_towns=sorted({(one.town, one.town_name) for one in waiting}),
            person=Links.of(view).person,
        )

    def people(self) -> str:
        return self._page("people.html", self._view())

    def people_list(self) -> Response:
        """Everybody, masked."""
        return jsonify(people_json(self._view()))

    def history(self, payee: PayeeId) -> Response:
        """What happened to one person."""
        view = self._view()
        return jsonify(history_json(view, payee, Links.of(view)))

    def statement(self, month: str) -> Response:
        """The statement of a month as a PDF, made from the books as they are."""
        wanted = read_month(month)
        self.books.look_again()
        books = self.books.books()
        require_reportable(books, wanted, datetime.date.today())
        books.require_sound(but_for_facts=True)
        with open_registry(books.folder, self.books.key_file) as registry:
            statement = statement_of(books, registry, wanted)
        return send_file(
            BytesIO(statement_bytes(books, statement)),
            mimetype="application/pdf",
            as_attachment=True,
            download_name=file_name_of(wanted),
        )

    def static(self, name: str) -> Response:
        kind = STATIC_TYPES.get(Path(name).suffix)
        if kind is None:
            raise NotFound
        return send_from_directory(STATIC, name, mimetype=kind)

    def refused(self, refusal: Exception) -> Answer:
        """Why there is nothing to show, without the places of this machine's files."""
        status = 400 if isinstance(refusal, NotADay) else 503
        status = 404 if isinstance(refusal, NOT_FOUND) else status
        # guard: pages-tell-no-folder
        return self._sentence(self._without_folders(str(refusal)), status)

    def not_answered(self, error: Exception) -> Answer:
        assert isinstance(error, HTTPException), "it is registered for these alone"
        response = error.get_response()
        if response.status_code < 400:
            return response
        sentence = SENTENCES.get(response.status_code, SENTENCES[400])
        return self._sentence(sentence, response.status_code)

    def failed(self, defect: Exception) -> Answer:
        """A failure that nobody foresaw; what it was about may be personal."""
        log.error("%s at %s", type(defect).__name__, request.endpoint)
        return self._sentence(DEFECT, 500)

    def _view(self) -> View:
        """The view of the day that counts."""
        self.books.look_again()
        typed = request.args.get("on", "").strip()
        return self.books.view(read_day(typed) if typed else datetime.date.today())

    def _page(self, template: str, view: View, **values: Any) -> str:
        return self._render(
            template,
            view=view,
            on=view.on,
            matters=matters(view, self.books.errors, _here),
            states={state.value: word for state, word in STATES.items()},
            **values,
        )

    def _sentence(self, sentence: str, status: int) -> Answer:
        if request.path.endswith(".json"):
            said = jsonify({"error": sentence})
        else:
            text = self._render("sentence.html", on=datetime.date.today(), sentence=sentence)
            said = Response(text)
        said.status_code = status
        return said

    def _render(self, template: str, **values: Any) -> str:
        return render_template(
            template,
            unit=self._unit(),
            pages=PAGES,
            path=request.path,
            entries=ENTRIES,
            here=_here,
            **values,
        )

    def _unit(self) -> str:
        try:
            return read_settings(self.books.folder).unit
        except (Refusal, OSError):
            return "经费账套"

    def _without_folders(self, text: str) -> str:
        """The text with files named by their names alone."""
        folders = {self.books.folder.absolute(), self.books.folder.resolve(), Path.home()}
        try:
            key = key_path(read_settings(self.books.folder).key, self.books.key_file)
            folders |= {key.parent.absolute(), key.parent.resolve()}
        except (Refusal, OSError):
            pass
        below_roots = (str(folder) for folder in folders if folder.name)
        for folder in sorted(below_roots, key=len, reverse=True):
            for separator in ("/", "\\"):
                text = text.replace(f"{folder}{separator}", "")
            text = text.replace(folder, Path(folder).name)
        return text


def _here(path: str, **query: str) -> str:
    """The address of a page of ours that keeps the day of this one."""
    typed = request.args.get("on", "").strip()
    try:
        return address(path, on=read_day(typed).isoformat() if typed else "", **query)
    except NotADay:
        return address(path, **query)


def _months(view: View) -> list[str]:
    """The months that have a statement, the newest first."""
    try:
        return [str(month) for month in reportable_months(view.whole, datetime.date.today())][::-1]
    except Refusal:
        return []
