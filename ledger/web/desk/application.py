"""The desk as a Flask application: its addresses, who is answered there, and what is said instead.

Texts are escaped by Jinja; in the browser they are put in as text. What cannot be answered is a
sentence in the pages' own frame.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import IO
from typing import Any

from flask import Flask
from flask import Request
from flask import Response
from flask import request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from ledger.bank.reconciliation import NoStatement
from ledger.base.language import in_language_of
from ledger.base.language import mark
from ledger.base.language import ngettext
from ledger.base.language import page_gettext
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.books.batch_lookup import NoSuchBatch
from ledger.disbursement.stage_choice import NoSuchStage
from ledger.figures.imports import NoSuchImport
from ledger.figures.month import BeforeFirstEntry
from ledger.figures.month import MonthAhead
from ledger.figures.month import NothingEntered
from ledger.figures.payee_listing import NoSuchPayee
from ledger.model.months import Month
from ledger.model.months import NotAMonth
from ledger.model.operators import Role
from ledger.model.operators import roles_text
from ledger.services.explanations import NoSuchLine
from ledger.web.day import NotADay
from ledger.web.desk import added_rules
from ledger.web.desk import approval_rules
from ledger.web.desk import bank_file
from ledger.web.desk import bank_lines
from ledger.web.desk import batch_files
from ledger.web.desk import batch_lists
from ledger.web.desk import batch_page
from ledger.web.desk import budget
from ledger.web.desk import disbursing
from ledger.web.desk import first_visit
from ledger.web.desk import home
from ledger.web.desk import inbox
from ledger.web.desk import logging_in
from ledger.web.desk import months
from ledger.web.desk import papers
from ledger.web.desk import people
from ledger.web.desk import person_page
from ledger.web.desk import planning
from ledger.web.desk import progress
from ledger.web.desk import releasing
from ledger.web.desk import reports
from ledger.web.desk import role_rules
from ledger.web.desk import settings_page
from ledger.web.desk import static_files
from ledger.web.desk import taking_back
from ledger.web.desk import towns_and_roles
from ledger.web.desk.compiled_templates import COMPILED
from ledger.web.desk.desk import Desk
from ledger.web.desk.first_visit import FirstVisit
from ledger.web.desk.front import Front
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.door import Environ
from ledger.web.door import StartResponse
from ledger.web.links import address
from ledger.web.page_words import month_words
from ledger.web.page_words import page_language
from ledger.web.page_words import role_word
from ledger.web.page_words import role_words
from ledger.web.page_words import use_word
from reports.payout.town_workbooks import TownNotInBatch

# A page is a module with a template and its own routes.
ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *inbox.ROUTES,
    *taking_back.ROUTES,
    *disbursing.ROUTES,
    *releasing.ROUTES,
    *planning.ROUTES,
    *batch_page.ROUTES,
    *batch_files.ROUTES,
    *batch_lists.ROUTES,
    *people.ROUTES,
    *bank_lines.ROUTES,
    *person_page.ROUTES,
    *budget.ROUTES,
    *reports.ROUTES,
    *months.ROUTES,
    *settings_page.ROUTES,
    *added_rules.ROUTES,
    *role_rules.ROUTES,
    *approval_rules.ROUTES,
    *towns_and_roles.ROUTES,
    *bank_file.ROUTES,
    *papers.ROUTES,
    *logging_in.ROUTES,
    *first_visit.AFTERWARDS,
    *progress.ROUTES,
    *static_files.ROUTES,
)
# What each refusal is to a browser; whatever else is refused cannot be shown for now.
NOT_FOUND = (
    BeforeFirstEntry,
    MonthAhead,
    NoSuchBatch,
    NoSuchImport,
    NoSuchLine,
    NoSuchPayee,
    NoSuchStage,
    NoStatement,
    NotAMonth,
    NothingEntered,
    TownNotInBatch,
)
# A sentence for every status that Flask itself answers with.
SENTENCES = {
    400: mark("This address is not written right."),
    404: mark("There is no such page."),
    405: mark("This can only be looked at, not changed."),
    413: mark(
        "Files are too large or too many: at most 64 MB and 1,000 at once. "
        "Please put them in one part after another."
    ),
}
DEFECT = mark(
    "The program has failed where it should not, and this page cannot be "
    "shown. The books were not changed; please tell who looks after the "
    "program."
)
LOG_IN_FIRST = mark("Please log in first: this step was not done.")
ANOTHER_ROLE = mark("Your role does not do this step (it needs: {roles}).")
SENT_BEFORE = mark("This form was sent before; it is not done twice.")
FORM_IS_OLD = mark(
    "This form is too old and was not done: please open the page and fill it in anew."
)
log = logging.getLogger(__name__)
Barred = Callable[[Route], Answer | None]


def desk_application(desk: Desk) -> Flask:
    """The pages of a desk."""
    application = pages_application(desk, ROUTES, partial(_barred, desk))
    application.config["DESK"] = desk
    _look_ahead(desk)
    return application


def first_visit_application(visit: FirstVisit) -> Flask:
    """The way to new books. Whoever has been let in may go it: nobody signs here yet."""
    return pages_application(visit, first_visit.ROUTES, lambda _route: None)


def pages_application(front: Front, routes: Iterable[Route], barred: Barred) -> Flask:
    """Some pages; ``barred`` says why whoever asks is not answered, and None for whoever is."""
    application = Flask("ledger.web", static_folder=None)
    # guard: pages-escape
    application.jinja_options = {
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": COMPILED,
    }
    application.jinja_env.filters["month"] = _month_in_words
    application.jinja_env.filters["role"] = role_word
    application.jinja_env.filters["roles"] = _roles_in_words
    application.jinja_env.filters["use"] = use_word
    application.jinja_env.globals["_"] = page_gettext
    application.jinja_env.globals["ngettext"] = ngettext
    application.jinja_env.globals["language"] = page_language
    application.json = _Json(application)
    application.request_class = _Request
    for route in routes:
        application.add_url_rule(
            route.path,
            endpoint=f"{route.method} {route.path}",
            view_func=partial(_answer, front, route, barred),
            methods=[route.method],
            provide_automatic_options=False,
        )
    application.register_error_handler(Refusal, partial(_refused, front))
    application.register_error_handler(OSError, lambda error: _refused(front, SystemRefused(error)))
    application.register_error_handler(HTTPException, partial(_not_answered, front))
    application.register_error_handler(Exception, partial(_failed, front))
    application.after_request(_keep_nowhere)
    application.wsgi_app = _in_language_of(front, application.wsgi_app)  # type: ignore[method-assign]
    return application


def _in_language_of(front: Front, pages: Callable[..., Iterable[bytes]]) -> Any:
    """The pages, in the language that the books name."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with in_language_of(front.names_english):
            return pages(environ, start_response)

    return answer


def _month_in_words(month: object) -> str:
    """``2020年11月``, also of a year in which no books are kept."""
    year, number = map(int, str(month).split("-"))
    return month_words(Month(year, number))


def _roles_in_words(roles: Iterable[Role]) -> str:
    """In their order, whatever order they come in."""
    return role_words(roles_text(roles).split())


class _Json(DefaultJSONProvider):
    """JSON as it comes: names in their own characters, keys in the order of the fields."""

    ensure_ascii = False
    sort_keys = False


class _Request(Request):
    """What is sent stays in memory: a temporary file would lie where others may look."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def _answer(desk: Front, route: Route, barred: Barred, **named: str) -> Any:
    """What a route answers to whoever asks."""
    if route.method != POST:
        return barred(route) or route.answer(desk, **named)
    session = desk.session
    # A second click waits here until the first is done.
    with session.lock:
        if refused := barred(route):
            return refused
        token = request.form.get("token", "")
        if not session.take_token(token):
            led_to = session.was_sent(token)
            sentence = FORM_IS_OLD if led_to is None else SENT_BEFORE
            back = led_to or request.path
            return desk.sentence(
                _(sentence), HTTPStatus.CONFLICT, back=back, name=_("See the result")
            )
        answer = route.answer(desk, **named)
        if isinstance(answer, Answer) and answer.location:
            session.led_to(token, answer.location)
        return answer


def _barred(desk: Desk, route: Route) -> Answer | None:
    """Why whoever asks is not answered; None for whoever is."""
    # Whoever is there has been seen, whatever is asked.
    is_somebody = desk.login is not None
    if route.roles is None:
        return None
    # Somebody may have retired a moment ago.
    desk.books.look_again()
    # guard: route-needs-login
    if not is_somebody or desk.operator() is None:
        if route.method == POST:
            return desk.sentence(
                _(LOG_IN_FIRST), HTTPStatus.FORBIDDEN, back="/login", name=_("Log in")
            )
        asked = address(request.path, **request.args.to_dict())
        return desk.go("/login", to=asked)
    # guard: route-needs-role
    if not desk.may(route.roles):
        roles = _roles_in_words(route.roles)
        return desk.sentence(_(ANOTHER_ROLE).format(roles=roles), HTTPStatus.FORBIDDEN)
    return None


def _refused(desk: Front, refusal: Refusal) -> Answer:
    """Why there is nothing to show, without the places of this machine's files."""
    status = 400 if isinstance(refusal, NotADay) else 503
    status = 404 if isinstance(refusal, NOT_FOUND) else status
    # guard: pages-tell-no-folder
    return desk.sentence(desk.without_folders(str(refusal)), status)


def _not_answered(desk: Front, error: HTTPException) -> Answer:
    response = error.get_response()
    if response.status_code < 400:
        return Response(response.response, response.status, response.headers)
    # What could not be read is not read again to show it.
    request.__dict__.setdefault("form", MultiDict())
    sentence = SENTENCES.get(response.status_code, SENTENCES[400])
    return desk.sentence(_(sentence), response.status_code)


def _failed(desk: Front, defect: Exception) -> Answer:
    """A failure that nobody foresaw; what it was about may be personal."""
    log.error("%s at %s", type(defect).__name__, request.endpoint)
    return desk.sentence(_(DEFECT), 500)


def _keep_nowhere(answer: Response) -> Response:
    """Pages have personal data; a browser keeps none of them."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if not request.path.startswith("/static/"):
        # guard: pages-not-kept
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _look_ahead(desk: Desk) -> None:
    """Work out today's view at once, so that nobody waits for it."""
    try:
        with in_language_of(desk.names_english):
            desk.books.view(desk.today())
    except (Refusal, OSError):
        # The pages say what is wrong when somebody asks for them.
        return
