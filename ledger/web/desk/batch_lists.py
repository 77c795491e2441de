"""Lists of a batch that towns sign: workbooks to send them, and their scans to be filed."""

from __future__ import annotations

from flask import Response
from flask import request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.filed_lists import filed_content
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from ledger.model.operators import MAY_MAKE
from ledger.model.transitions import EventKind
from ledger.services.attachments import attach
from ledger.web.desk.batch_page import BATCH
from ledger.web.desk.batch_page import page
from ledger.web.desk.desk import Desk
from ledger.web.desk.downloads import handed_out
from ledger.web.desk.downloads import handed_out_together
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.inbox import NothingChosen
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import READERS_OF_PAPERS
from ledger.web.desk.routes import Route
from reports.payout.town_workbooks import town_workbooks_bytes

Done = Answer | tuple[str, int]


def attached(desk: Desk, batch: str) -> Done:
    """File scans of signed lists, each in an event of its own."""
    form, tray = desk.form(), desk.session.tray
    sent = [file for file in request.files.getlist("files") if file.filename]
    name, seen = BatchId(batch), form.seen
    try:
        if not sent:
            raise NothingChosen
        on = form.day()
        with desk.work(seen=seen) as work:
            for file in sent:
                kept = tray.put(str(file.filename), file.read())
                try:
                    filed = attach(work, name, kept.path, on).attachment
                finally:
                    tray.remove(kept.number)
                desk.session.note(
                    _("{filed} is filed with batch {batch} (event {event}).").format(
                        filed=filed.name, batch=batch, event=filed.event
                    )
                )
    except (Refusal, OSError) as refusal:
        return page(desk, batch, desk.problem("attach", refusal)), NOT_DONE
    return desk.go(f"/disbursement/{batch}")


def filed_list(desk: Desk, batch: str, event: int) -> Response:
    """A scan as it was filed."""
    found = find_batch(desk.whole(), BatchId(batch))
    for one in found.attached:
        if one.event == event:
            with desk.place.registry() as registry:
                content = filed_content(registry, one)
            return handed_out(content, f"{batch}-签字名单-{event}.{one.kind}")
    raise NotFound


def every_town(desk: Desk, batch: str) -> Response:
    """The workbooks of all towns in one file."""
    return handed_out_together(_workbooks(desk, batch), f"{batch}-各镇街发放表.zip")


def one_town(desk: Desk, batch: str, town: str) -> Response:
    """The workbook of a town."""
    for name, content in _workbooks(desk, batch, TownCode(town)).items():
        return handed_out(content, name)
    raise NotFound


def _workbooks(desk: Desk, batch: str, town: TownCode | None = None) -> dict[str, bytes]:
    books = desk.whole()
    books.require_sound(but_for_facts=True)
    with desk.place.registry() as registry:
        return town_workbooks_bytes(books, registry, BatchId(batch), desk.today(), town)


ROUTES = (
    Route(POST, f"{BATCH}/lists", attached, MAY_MAKE[EventKind.ATTACHED]),
    Route(GET, f"{BATCH}/lists/<int:event>", filed_list, READERS_OF_PAPERS),
    Route(GET, f"{BATCH}/towns.zip", every_town, READERS_OF_PAPERS),
    Route(GET, f"{BATCH}/towns/<town>.xlsx", one_town, READERS_OF_PAPERS),
)
