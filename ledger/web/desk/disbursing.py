"""The page 发放: the batches, who was paid in which town, and who waits for what."""

from __future__ import annotations

from ledger.web.desk.desk import Desk
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.towns_table import batch_rows
from ledger.web.towns_table import town_rows
from ledger.web.towns_table import waiters


def show(desk: Desk) -> str:
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
        person=Links.of(view).person,
    )


ROUTES = (Route(GET, "/disbursement", show),)
