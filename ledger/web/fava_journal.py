"""Fava's journals a part at a time: what the page begins with, and the rest when it is asked for.

Fava sends a journal whole. Of 8,350 people it has tens of thousands of rows, over which a browser
thinks for half a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fava.context import g
from fava.internal_api import ChartApi
from fava.json_api import AccountReportJournal
from fava.json_api import JournalPage
from fava.json_api import json_success
from flask import Flask
from flask import Response
from flask import abort
from flask import get_template_attribute
from flask import request
from flask_babel import gettext

from ledger.web.fava_templates import page_language

AT_ONCE = 300
_ENDPOINT = "json_api.get_"


def send_journals_in_parts(application: Flask) -> None:
    """Put ours in the place of Fava's two journals."""
    functions: dict[str, Any] = application.view_functions
    functions[f"{_ENDPOINT}journal_page"] = journal_page
    functions[f"{_ENDPOINT}account_report"] = _account_report(
        functions[f"{_ENDPOINT}account_report"]
    )


def journal_page() -> Response:
    """A part of the journal. Fava's page asks for the first, and hears that there is no other."""
    number = _number()
    entries = list(enumerate(g.filtered.entries_without_prices))
    if request.args.get("order") != "asc":
        entries.reverse()
    return json_success(JournalPage(number, 1, _part(entries, number)))


def _account_report(of_fava: Callable[[], Response]) -> Callable[[], Response]:
    """Fava's report of an account, the journal of which comes in parts."""

    def answer() -> Response:
        if request.args.get("r") in {"changes", "balances"}:
            return of_fava()
        number, account = _number(), request.args.get("a", "")
        charts = [
            ChartApi.account_balance(account),
            ChartApi.interval_totals(g.interval, account, label=gettext("Changes")),
        ]
        entries: Any = g.ledger.account_journal(
            g.filtered,
            account,
            g.conv,
            with_children=g.ledger.fava_options.account_journal_include_children,
        )
        rows = _part(entries[::-1], number, show_change_and_balance=True)
        return json_success(AccountReportJournal(charts, rows))

    return answer


def _number() -> int:
    """Which part is asked for; with the first the books are looked at for changes."""
    number = int(request.args.get("page", "1"))
    if number == 1:
        g.ledger.changed()
    return number


def _part(entries: Sequence[Any], number: int, **how: bool) -> str:
    """The rows of a part, and a last one that asks for the next."""
    begin = (number - 1) * AT_ONCE
    if number < 1 or (number > 1 and begin >= len(entries)):
        abort(HTTPStatus.NOT_FOUND)
    contents = get_template_attribute("_journal_table.html", "journal_table_contents")
    rows: str = contents(entries[begin : begin + AT_ONCE], **how)
    left = len(entries) - begin - AT_ONCE
    if left <= 0:
        return rows
    address = f"{request.path.rpartition('/')[2]}?" + urlencode(
        {**request.args.to_dict(), "page": number + 1}
    )
    more = get_template_attribute("_journal_table.html", "more_of_the_journal")
    last: str = more(address, min(left, AT_ONCE), left, page_language())
    return rows + last
