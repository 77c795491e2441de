"""The page 预算执行: the course of the year, funds and lines, and the months' statements."""

from __future__ import annotations

from ledger.base.refusals import Refusal
from ledger.figures.month import reportable_months
from ledger.web.budget_table import budget_rows
from ledger.web.cumulative_chart import cumulative_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.views import View


def show(desk: Desk) -> str:
    view = desk.view()
    return desk.page(
        "budget.html",
        view,
        rows=budget_rows(view, Links.of(view)),
        course=view.once("course", lambda: cumulative_of(view)),
        months=months_of(desk, view),
    )


def months_of(desk: Desk, view: View) -> list[str]:
    """The months that have a statement, the newest first."""
    try:
        return [str(month) for month in reportable_months(view.whole, desk.today())][::-1]
    except Refusal:
        return []


ROUTES = (Route(GET, "/budget", show),)
