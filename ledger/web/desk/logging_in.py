"""The page 登录: an operator opens the own key with a passphrase, and leaves again."""

from __future__ import annotations

import re

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.actor_and_clock import Actor
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.keys.places import operators_with_keys
from ledger.model.operators import Operator
from ledger.services.operators import NoSuchOperator
from ledger.services.operators import operators_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.desk.sessions import Login

FORM = "login"
# A page of ours, to go on to; two slashes would lead to another host.
_OURS = re.compile(r"/(?!/)[A-Za-z0-9/_.%?=&+-]*")


def show(desk: Desk) -> str:
    return _page(desk)


def log_in(desk: Desk) -> Answer | tuple[str, int]:
    """Open an operator's key, for this browser alone."""
    form = desk.form()
    operator = form.text("operator")
    try:
        named = next((one for one in _offered(desk) if one.id == operator), None)
        # guard: login-of-operators-here
        if named is None:
            raise NoSuchOperator(operator[:8])
        signer = desk.place.operator_key(operator).open(form.secret("passphrase"))
    except (Refusal, OSError) as refusal:
        return _page(desk, desk.problem(FORM, refusal)), NOT_DONE
    desk.session.log_in(Login(Actor(operator, signer), named.name), desk.now())
    return desk.go(_wanted(form.sent.get("to", "")))


def log_out(desk: Desk) -> Answer:
    """Forget the key."""
    desk.session.log_out()
    return desk.go("/login", _("Logged out."))


def _page(desk: Desk, problem: Problem | None = None) -> str:
    wanted = request.form.get("to") or request.args.get("to", "")
    return desk.render(
        "login.html",
        operators=_offered(desk),
        usual=desk.place.default_operator(),
        to=_wanted(wanted),
        problem=problem,
    )


def _offered(desk: Desk) -> list[Operator]:
    """Operators of the books whose keys are on this machine."""
    desk.books.look_again()
    keys = set(operators_with_keys(desk.place.registry_key()))
    known = operators_of(desk.known())
    return [one for one in known if one.retired_seq is None and one.id in keys]


def _wanted(path: str) -> str:
    # guard: login-leads-here
    return path if _OURS.fullmatch(path) else "/"


ROUTES = (
    Route(GET, "/login", show),
    Route(POST, "/login", log_in),
    Route(POST, "/logout", log_out),
)
