"""The page 首页: what waits, each one click from being done, and where the year stands."""

from __future__ import annotations

from ledger.web.cumulative_chart import cumulative_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route


def show(desk: Desk) -> str:
    view = desk.view()
    return desk.page("home.html", view, course=cumulative_of(view))


ROUTES = (Route(GET, "/", show),)
