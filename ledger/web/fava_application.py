"""Fava at ``/books``: its pages and what they ask, by a table; everything else is not there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import fava
from fava.application import create_app
from fava.context import g
from fava.core import EntryNotFoundForHashError
from fava.core.filters import FilterError
from fava.core.ingest import ImporterMethodCallError
from fava.helpers import FavaAPIError
from fava.json_api import SourceSlice
from fava.json_api import ValidationError
from fava.json_api import json_success
from flask import Flask
from flask import Response
from flask import abort
from flask import jsonify
from flask import redirect
from flask import request
from flask import send_file
from flask import url_for
from werkzeug.exceptions import HTTPException

from ledger.base.language import gettext as _
from ledger.base.language import in_language_of
from ledger.base.refusals import Refusal
from ledger.web.fava_journal import send_journals_in_parts
from ledger.web.fava_ledger import without_folder
from ledger.web.fava_ledgers import SLUG
from ledger.web.fava_ledgers import FavaLedgers
from ledger.web.fava_templates import use_our_templates
from ledger.web.headers import FAVA
from ledger.web.headers import FOR_DOCUMENTS
from ledger.web.time_filter import in_fava_time

GET = ("GET", "HEAD")
PAGES = (
    "account", "document", "download_journal", "download_query", "help_page", "holdings_by",
    "index", "report", "statement", "static",
)  # fmt: skip
QUESTIONS = (
    "account_report", "balance_sheet", "changed", "commodities", "context", "documents", "errors",
    "events", "extract", "help", "imports", "income_statement", "journal", "journal_page",
    "ledger_data", "narration_transaction", "narrations", "options", "payee_accounts",
    "payee_transaction", "query", "source", "source_slice", "statistics", "trial_balance",
)  # fmt: skip
# Fava's endpoints that are answered, with their methods.
READING: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(PAGES, GET),
    **{f"json_api.get_{name}": GET for name in QUESTIONS},
}
# Those that are answered as well where the file for entries by hand may be edited.
EDITING: Mapping[str, tuple[str, ...]] = {
    "json_api.put_add_entries": ("PUT",),
    "json_api.put_format_source": ("PUT",),
    "json_api.put_source": ("PUT",),
    "json_api.put_source_slice": ("PUT",),
    "json_api.delete_source_slice": ("DELETE",),
}
# Where documents of the books lie. Everything else in their folder is handed out by nobody.
DOCUMENTS = ("journal", "documents")

Answer = Response | tuple[Response, int]
log = logging.getLogger(__name__)


def fava_application(ledgers: FavaLedgers) -> Flask:
    """Fava on the books; it writes only where they may be edited."""
    application = create_app([])
    application.config["LEDGERS"] = ledgers
    use_our_templates(application)
    send_journals_in_parts(application)
    application.add_template_global(_static_url, "static_url")
    # Fava's handlers answer 500 and print what they know.
    application.error_handler_spec.pop("json_api", None)
    for kind in (Exception, FavaAPIError, ValidationError, HTTPException):
        application.register_error_handler(kind, _say_what_is_wrong)
    allowed = {**READING, **EDITING} if ledgers.edit else READING

    def refuse_what_is_not_listed() -> None:
        if request.url_rule is None:
            # No address of Fava's, or one by another method: Flask says which.
            return
        methods = allowed.get(request.url_rule.endpoint)
        # guard: favas-endpoints
        if methods is None:
            abort(HTTPStatus.NOT_FOUND)
        if request.method not in methods:
            abort(HTTPStatus.METHOD_NOT_ALLOWED)

    # Before Fava's own, which look at the books.
    application.before_request_funcs.setdefault(None, []).insert(0, refuse_what_is_not_listed)
    application.view_functions["index"] = _first_page
    application.view_functions["document"] = _document
    application.view_functions["statement"] = _statement
    application.view_functions["json_api.get_source_slice"] = _source_slice
    answer = application.wsgi_app

    def with_chinese_periods(environ: dict[str, Any], start_response: Any) -> Any:
        environ["QUERY_STRING"] = in_fava_time(environ.get("QUERY_STRING", ""))
        with in_language_of(lambda: ledgers.books.names_english):
            return answer(environ, start_response)

    application.wsgi_app = with_chinese_periods  # type: ignore[method-assign]
    return application


def _first_page() -> Any:
    return redirect(url_for("report", bfile=SLUG, report_name="income_statement"))


def _document() -> Response:
    return _send(request.args.get("filename", ""))


def _statement() -> Response:
    arguments = (request.args.get("entry_hash", ""), request.args.get("key", ""))
    return _send(g.ledger.statement_path(*arguments))


def _send(name: str) -> Response:
    """A document that an entry names, as a file to keep and never as a page to look at."""
    ledger: Any = g.ledger
    named = {document.filename for document in ledger.all_entries_by_type.Document}
    path = ledger.folder / name
    parts = Path(name).parts
    # guard: documents-of-their-folders
    if name not in named or len(parts) < 2 or parts[0] not in DOCUMENTS or ".." in parts:
        abort(HTTPStatus.NOT_FOUND)
    steps = [ledger.folder.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
    if any(step.is_symlink() for step in steps) or not path.is_file():
        abort(HTTPStatus.NOT_FOUND)
    answer = send_file(path, as_attachment=True, download_name=path.name)
    answer.headers["Content-Security-Policy"] = FOR_DOCUMENTS
    return answer


def _source_slice() -> Response:
    ledger: Any = g.ledger
    text, digest = ledger.file.get_slice(ledger.get_entry(request.args.get("entry_hash", "")))
    return json_success(SourceSlice(digest, text))


def _static_url(filename: str) -> str:
    """A file of Fava's; a newer Fava has other files."""
    return f"{FAVA}/static/{filename}?v={fava.__version__}"


def _say_what_is_wrong(error: Exception) -> Answer:
    """One sentence, with the status of a request that cannot be answered; never a traceback.

    What was asked for makes Fava stumble in many places, and a program that waits for a figure is
    not helped by another status than that of a bad request.
    """
    status, sentence = _status_and_sentence(error)
    ledger = getattr(g, "ledger", None)
    if ledger is not None:
        sentence = without_folder(sentence, ledger.folder)
    if request.blueprint == "json_api":
        answer = jsonify({"error": sentence})
    else:
        answer = Response(sentence, content_type="text/plain; charset=utf-8")
    answer.status_code = status
    return answer


def _status_and_sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        status = error.code or HTTPStatus.BAD_REQUEST
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return status, _("this is not done here")
        if status == HTTPStatus.NOT_FOUND:
            return status, _("there is no such page")
        return min(status, 499), _("this is not understood")
    if isinstance(error, Refusal):
        return HTTPStatus.SERVICE_UNAVAILABLE, str(error)
    if isinstance(error, FilterError):
        if error.filter_type == "time":
            return HTTPStatus.BAD_REQUEST, _(
                "the period is not understood: write 2020, 2020-10, 2020年10月 or 2020-05 - 2020-07"
            )
        return HTTPStatus.BAD_REQUEST, _("the filter is not understood")
    if isinstance(error, EntryNotFoundForHashError):
        return HTTPStatus.NOT_FOUND, _("the books have no such entry")
    if isinstance(error, FavaAPIError) and not isinstance(error, ImporterMethodCallError):
        status = getattr(error, "status", HTTPStatus.BAD_REQUEST)
        return status, (error.message or _("this is not understood"))[:500]
    log.info("%s at %s", type(error).__name__, request.endpoint)
    return HTTPStatus.BAD_REQUEST, _("this is not understood")
