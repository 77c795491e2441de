"""The three pages, each an extension that Fava loads.

Fava finds templates and scripts by the names of these classes, and shows the pages in the order of
these names.
"""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any
from typing import ClassVar

from fava.ext import extension_endpoint
from flask import Response
from flask import abort
from flask import jsonify
from flask import request
from flask import send_file

from ledger.base.refusals import Refusal
from ledger.figures.month import Month
from ledger.figures.month import read_month
from ledger.figures.month import reportable_months
from ledger.figures.month import require_reportable
from reports.desk.budget_table import TableRow
from reports.desk.budget_table import budget_rows
from reports.desk.budget_table import course_chart
from reports.desk.page import Page
from reports.desk.people_list import history_json
from reports.desk.people_list import people_json
from reports.desk.towns_table import STATES
from reports.desk.towns_table import BatchRow
from reports.desk.towns_table import TownRow
from reports.desk.towns_table import Waiter
from reports.desk.towns_table import batch_rows
from reports.desk.towns_table import town_rows
from reports.desk.towns_table import waiters
from reports.desk.views import open_registry
from reports.monthly.document import file_name_of
from reports.monthly.document import statement_bytes
from reports.monthly.document import statement_of


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
            content = statement_bytes(books, statement)
        except Refusal as refusal:
            return Response(str(refusal), status=404, mimetype="text/plain")
        return send_file(
            BytesIO(content),
            mimetype="application/pdf",
            as_attachment=True,
            download_name=file_name_of(month),
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
