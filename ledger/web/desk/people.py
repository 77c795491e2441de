"""The page 人员: everybody, masked, and one person's history."""

from __future__ import annotations

from flask import Response
from flask import jsonify

from ledger.model.ids import PayeeId
from ledger.web.desk.desk import Desk
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.people_list import history_json
from ledger.web.people_list import people_json


def show(desk: Desk) -> str:
    return desk.page("people.html", desk.view())


def everybody(desk: Desk) -> Response:
    """Everybody, masked."""
    return jsonify(people_json(desk.view()))


def history(desk: Desk, payee: PayeeId) -> Response:
    """What happened to one person."""
    view = desk.view()
    return jsonify(history_json(view, payee, Links.of(view)))


ROUTES = (
    Route(GET, "/people", show),
    Route(GET, "/people/list.json", everybody),
    Route(GET, "/people/<payee>.json", history),
)
