"""The page 预算执行: the course of the year, funds and lines, and the months' statements."""

from __future__ import annotations

from io import BytesIO

from flask import Response
from flask import send_file

from ledger.base.refusals import Refusal
from ledger.figures.month import reportable_months
from ledger.figures.month import require_reportable
from ledger.model.months import read_month
from ledger.web.budget_table import budget_rows
from ledger.web.cumulative_chart import cumulative_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.views import View
from reports.monthly.document import file_name_of
from reports.monthly.document import statement_bytes
from reports.monthly.document import statement_of


def show(desk: Desk) -> str:
    view = desk.view()
    return desk.page(
        "budget.html",
        view,
        rows=budget_rows(view, Links.of(view)),
        course=cumulative_of(view),
        months=_months(desk, view),
    )


def statement(desk: Desk, month: str) -> Response:
    """The statement of a month as a PDF, made from the books as they are."""
    wanted = read_month(month)
    desk.books.look_again()
    books = desk.books.books()
    require_reportable(books, wanted, desk.today())
    books.require_sound(but_for_facts=True)
    with desk.place.registry() as registry:
        found = statement_of(books, registry, wanted)
    return send_file(
        BytesIO(statement_bytes(books, found)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=file_name_of(wanted),
    )


def _months(desk: Desk, view: View) -> list[str]:
    """The months that have a statement, the newest first."""
    try:
        return [str(month) for month in reportable_months(view.whole, desk.today())][::-1]
    except Refusal:
        return []


ROUTES = (Route(GET, "/budget", show), Route(GET, "/months/<month>.pdf", statement))
