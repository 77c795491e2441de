"""The extensions that Fava loads: one for each page, and one that all of them share.

Fava finds templates and scripts by the names of these classes, and shows the pages in the order of
these names.
"""

from __future__ import annotations

import datetime
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from typing import ClassVar

from fava.application import url_for
from fava.context import g
from fava.core import FavaLedger
from fava.ext import FavaExtensionBase
from fava.ext import extension_endpoint
from flask import Response
from flask import abort
from flask import jsonify
from flask import request
from flask import send_file
from markupsafe import Markup

from ledger.books import Books
from ledger.monthly.month import Month
from ledger.monthly.month import read_month
from ledger.monthly.month import reportable_months
from ledger.monthly.month import require_reportable
from ledger.refusal import Refusal
from ledger.settings import read_settings
from reports.desk.attention import Matter
from reports.desk.attention import matters
from reports.desk.budget_table import TableRow
from reports.desk.budget_table import budget_rows
from reports.desk.budget_table import course_chart
from reports.desk.links import Links
from reports.desk.people_list import history_json
from reports.desk.people_list import people_json
from reports.desk.towns_table import STATES
from reports.desk.towns_table import BatchRow
from reports.desk.towns_table import TownRow
from reports.desk.towns_table import Waiter
from reports.desk.towns_table import batch_rows
from reports.desk.towns_table import town_rows
from reports.desk.towns_table import waiters
from reports.desk.view import View
from reports.desk.views import Views
from reports.desk.views import open_registry
from reports.monthly.sheet import TITLE as MONTHLY_TITLE
from reports.monthly.sheet import write_monthly_sheet
from reports.monthly_statement import statement_of

# The views of each ledger that Fava has loaded; its extensions share them.
_views: dict[str, Views] = {}


def views_of(ledger: FavaLedger) -> Views:
    """The views of Fava's ledger."""
    path = ledger.beancount_file_path
    if path not in _views:
        folder = Path(path).parent

        def load() -> Books:
            # Fava's types stand for Beancount's own entries, which it has loaded.
            entries: Any = ledger.all_entries
            return Books(folder, read_settings(folder), entries, ledger.errors)

        _views[path] = Views(folder, load)
    return _views[path]


class Desk(FavaExtensionBase):
    """What the pages share: it forgets what is out of date, and has their common script."""

    has_js_module = True

    def after_load_file(self) -> None:
        """Look at today anew at once, so that nobody waits for it."""
        views = views_of(self.ledger)
        views.forget()
        try:
            views.of(datetime.date.today())
        except (Refusal, OSError):
            # The pages say what is wrong when somebody asks for them.
            return


class Page(FavaExtensionBase):
    """A page about the books as of a day: today, or the end of Fava's time filter."""

    @property
    def on(self) -> datetime.date:
        """The day that counts."""
        return g.filtered.end_date or datetime.date.today()

    @property
    def view(self) -> View:
        return views_of(self.ledger).of(self.on)

    @property
    def refusal(self) -> str:
        """Why there is nothing to show, in a sentence; empty when there is."""
        try:
            self.view  # noqa: B018
        except Refusal as refusal:
            return str(refusal)
        except OSError as error:
            return f"{error.filename}：{error.strerror}"
        return ""

    @property
    def links(self) -> Links:
        return Links(url_for, self.view.whole, self.on)

    def matters(self) -> list[Matter]:
        return matters(self.view, len(self.ledger.errors), url_for)

    @property
    def style(self) -> Markup:
        """The style sheet of the pages, which Fava would not serve."""
        style = (Path(__file__).parent / "desk.css").read_text(encoding="utf-8")
        return Markup(f"<style>{style}</style>")


class BudgetPage(Page):
    """预算执行: what may still be spent, of what and why."""

    report_title = "预算执行"

    def rows(self) -> list[TableRow]:
        return budget_rows(self.view, self.links)

    def chart(self) -> list[dict[str, Any]]:
        return course_chart(self.view)

    def months(self) -> list[Month]:
        """The months that have a statement, the newest first."""
        try:
            return list(reportable_months(self.view.whole, datetime.date.today()))[::-1]
        except Refusal:
            return []

    @extension_endpoint
    def monthly(self) -> Response:
        """The statement of ``month=2020-11`` as a PDF, made from the books as they are."""
        try:
            books = self.view.whole
            month = read_month(request.args.get("month", ""))
            require_reportable(books, month, datetime.date.today())
            books.require_sound(but_for_facts=True)
            with open_registry(books.folder) as registry:
                statement = statement_of(books, registry, month)
            with tempfile.TemporaryDirectory() as desk:
                path = Path(desk) / "statement.pdf"
                write_monthly_sheet(path, statement, project=books.settings.period)
                content = path.read_bytes()
        except Refusal as refusal:
            return Response(str(refusal), status=404, mimetype="text/plain")
        return send_file(
            BytesIO(content),
            mimetype="application/pdf",
            as_attachment=True,
            download_name=f"{month}-{MONTHLY_TITLE}.pdf",
        )


class DisbursementPage(Page):
    """补助发放: towns by state, batches, who waits for what."""

    report_title = "补助发放"
    has_js_module = True
    states: ClassVar = {state.value: word for state, word in STATES.items()}

    def towns(self) -> list[TownRow]:
        return town_rows(self.view)

    def batches(self) -> list[BatchRow]:
        return batch_rows(self.view)

    def waiters(self) -> list[Waiter]:
        return waiters(self.view)

    @staticmethod
    def waiting_towns(waiting: list[Waiter]) -> list[tuple[str, str]]:
        """Codes and names of the towns where somebody waits."""
        return sorted({(one.town, one.town_name) for one in waiting})


class PeoplePage(Page):
    """人员: everybody, found in the browser; one person's history."""

    report_title = "人员"
    has_js_module = True

    @extension_endpoint
    def people(self) -> Response:
        """Everybody, masked."""
        if self.refusal:
            return abort(503)
        return jsonify(people_json(self.view))

    @extension_endpoint
    def history(self) -> Response:
        """What happened to ``payee=P000123``."""
        try:
            return jsonify(history_json(self.view, request.args.get("payee", ""), self.links))
        except Refusal as refusal:
            return Response(str(refusal), status=404, mimetype="text/plain")
