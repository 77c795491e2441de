"""How far something is that takes longer than a moment, for the page that waits for it.

Nobody has to ask: what is done is done without it, and goes on when the tab is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from flask import Response
from flask import after_this_request
from flask import jsonify

from ledger.base.language import gettext as _
from ledger.base.language import page_gettext
from ledger.web.desk.desk import Desk
from ledger.web.desk.front import Front
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route


def counted(desk: Desk, items: Sequence[Any], title: str) -> Iterator[Any]:
    """What a service goes through, one after another; the browser may ask which it is at."""
    session, many = desk.session, len(items)
    words = {
        _("files"): page_gettext("Read {done} of {many} files"),
        _("payout sheets"): page_gettext("Made {done} of {many} payout sheets"),
    }
    sentence = words.get(title, page_gettext("Done {done} of {many}"))

    @after_this_request
    def nothing_is_on_its_way(answer: Response) -> Response:
        session.progress = ""
        return answer

    for done, item in enumerate(items):
        session.progress = page_gettext("{progress}…").format(
            progress=sentence.format(done=done, many=many)
        )
        yield item
    session.progress = page_gettext("{progress}; checking and writing…").format(
        progress=sentence.format(done=many, many=many)
    )


def show(desk: Front) -> Response:
    """A short text; empty while nothing is counted."""
    return jsonify({"text": desk.session.progress})


ROUTES = (Route(GET, "/progress.json", show),)
