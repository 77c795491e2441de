"""The page 发放: the batches, who was paid in which town, and who waits for what."""

from __future__ import annotations

from collections.abc import Collection

from ledger.model.ids import PayeeId
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.towns_table import batch_rows
from ledger.web.towns_table import town_rows
from ledger.web.towns_table import waiters

FORM = "release"


def show(desk: Desk) -> str:
    return page(desk)


def page(desk: Desk, problem: Problem | None = None, ticked: Collection[PayeeId] = ()) -> str:
    """The page, and why those who are ticked were not released."""
    view = desk.view()
    waiting = waiters(view)
    return desk.page(
        "disbursement.html",
        view,
        towns=view.once("towns", lambda: town_rows(view)),
        batches=batch_rows(view),
        waiting=waiting,
        # Codes and names of the towns where somebody waits.
        waiting_towns=sorted({(one.town, one.town_name) for one in waiting}),
        reasons=sorted({one.reason for one in waiting}),
        may_release=not view.is_cut and desk.may(CLERK) and any(one.for_a_word for one in waiting),
        ticked=ticked,
        person=Links.of(view).person,
        problem=problem,
    )


ROUTES = (Route(GET, "/disbursement", show),)
