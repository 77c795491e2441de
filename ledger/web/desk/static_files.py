"""The pages' style, scripts and picture."""

from __future__ import annotations

from pathlib import Path

from flask import Response
from flask import send_from_directory
from werkzeug.exceptions import NotFound

from ledger.web.desk.front import Front
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route

STATIC = Path(__file__).parents[1] / "static"
# Not guessed by the system, whose table of types anybody may have changed.
STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def static(_front: Front, name: str) -> Response:
    kind = STATIC_TYPES.get(Path(name).suffix)
    if kind is None:
        raise NotFound
    return send_from_directory(STATIC, name, mimetype=kind)


ROUTES = (Route(GET, "/static/<name>", static),)
