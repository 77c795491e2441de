"""What Fava would do and must not: answer strangers, hand out private files, edit other files.

A page of another site can make a browser ask 127.0.0.1 for something, or give our address a name of
its own (DNS rebinding): such requests name another Host or another Origin.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fava.beans.funcs import get_position
from fava.context import g
from fava.helpers import FavaAPIError
from flask import Flask
from flask import Response
from flask import jsonify
from flask import request

from ledger.base.books_folder import HAND_FILE
from ledger.base.language import gettext as _
from reports.desk.private_files import is_private

READING = ("GET", "HEAD", "OPTIONS")
# What the editor asks for without changing a file.
HARMLESS = ("json_api.put_format_source",)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class OwnBrowserOnly:
    """Refuses requests that do not come from a page of this very server."""

    def __init__(self, application: Application, port: int) -> None:
        self.application = application
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.origins = {f"http://{host}" for host in self.hosts}

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN")
        is_strange = origin is not None and origin not in self.origins
        if environ.get("HTTP_HOST") not in self.hosts or is_strange:
            text = _("only a browser on this machine, at this address, is answered").encode()
            headers = [("Content-Type", "text/plain; charset=utf-8")]
            start_response("403 Forbidden", [*headers, ("Content-Length", str(len(text)))])
            return [text]
        return self.application(environ, start_response)


def guard(application: Flask, folder: Path, *, edit: bool) -> None:
    """Refuse private files, and every change but those of the file for entries by hand."""

    @application.before_request
    def keep_private_files() -> Response | None:
        asked = _file_asked_for()
        if asked is not None and is_private(folder, asked):
            return _refused(_("files with personal data are not handed out"))
        return None

    if edit:

        @application.before_request
        def edit_one_file_alone() -> Response | None:
            if request.method in READING or request.endpoint in HARMLESS:
                return None
            changed = _file_to_change()
            if changed is None or changed.resolve() != (folder / HAND_FILE).resolve():
                message = _("only {file} is edited here")
                return _refused(message.format(file=HAND_FILE))
            return None


def _refused(message: str) -> Response:
    answer = jsonify({"error": message})
    answer.status_code = 403
    return answer


def _file_asked_for() -> Path | None:
    """The document, or the statement of an entry, that Fava is about to send."""
    if request.endpoint == "document":
        return Path(request.args.get("filename", ""))
    if request.endpoint == "statement":
        try:
            arguments = (request.args.get("entry_hash", ""), request.args.get("key", ""))
            return Path(g.ledger.statement_path(*arguments))
        except FavaAPIError:
            # Fava says what is wrong.
            return None
    return None


def _file_to_change() -> Path | None:
    """The file that a request would change; None when that cannot be told beforehand."""
    endpoint, ledger = request.endpoint, g.ledger
    said = request.get_json(silent=True)
    values = said if isinstance(said, dict) else request.args
    if endpoint == "json_api.put_source":
        return Path(str(values.get("file_path", "")))
    if endpoint in ("json_api.put_source_slice", "json_api.delete_source_slice"):
        try:
            entry = ledger.get_entry(str(values.get("entry_hash", "")))
        except FavaAPIError:
            return None
        return Path(get_position(entry)[0])
    if endpoint == "json_api.put_add_entries" and not ledger.fava_options.insert_entry:
        return Path(ledger.fava_options.default_file or ledger.beancount_file_path)
    return None
