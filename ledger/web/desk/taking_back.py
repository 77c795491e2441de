"""The pages that take a file back: a roster by its import, what is of the bank by its event."""

from __future__ import annotations

from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.refusals import Refusal
from ledger.figures.imports import taken_file
from ledger.model.operators import MAY_MAKE
from ledger.model.transitions import EventKind
from ledger.registry.record_fields import field_name
from ledger.services import take_back as service
from ledger.services.reversals import event_to_reverse
from ledger.services.reversals import reverse
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.page_words import event_word

Done = Answer | tuple[str, int]
REVERSERS = MAY_MAKE[EventKind.REVERSED]
NAMED = 20
WHY_KEPT = {
    "in_batch": mark("in a batch already"),
    "changed_since": mark("changed again since"),
    "taken": mark("the old number is somebody else's now"),
}


def show_roster(desk: Desk, import_id: str) -> str:
    """What taking a roster back would do."""
    return _roster_page(desk, import_id)


def take_roster_back(desk: Desk, import_id: str) -> Done:
    form = desk.form()
    try:
        with desk.work(seen=form.seen, with_errors=True) as work:
            found = taken_file(work.registry, work.books.history, import_id)
            taken = service.roster_to_take_back(found)
            judged = service.judge(work.registry, work.books.history, taken)
            service.take_back(work, judged, form.reason(), form.day(), dry_run=False)
    except (Refusal, OSError) as refusal:
        return _roster_page(desk, import_id, desk.problem("back", refusal)), NOT_DONE
    return desk.go(
        "/inbox",
        _(
            "{import_id} is taken back. Please put in the mended roster: those withdrawn come back."
        ).format(import_id=import_id),
    )


def _roster_page(desk: Desk, import_id: str, problem: Problem | None = None) -> str:
    books = desk.whole()
    judged: Any = None
    with desk.place.registry() as registry:
        found = taken_file(registry, books.history, import_id)
        try:
            taken = service.roster_to_take_back(found)
            judged = service.judge(registry, books.history, taken)
        except Refusal as refusal:
            problem = problem or desk.problem("", refusal)
    kept = [] if judged is None else judged.kept
    return desk.render(
        "take_back.html",
        file=found,
        judged=judged,
        kept=[
            (one.payee, field_name(one.field) if one.field else "—", _(WHY_KEPT[one.why]))
            for one in kept[:NAMED]
        ],
        more=max(0, len(kept) - NAMED),
        named=NAMED,
        problem=problem,
    )


def show_event(desk: Desk, seq: int) -> str:
    """What reversing an event would do."""
    return _event_page(desk, seq)


def reverse_event(desk: Desk, seq: int) -> Done:
    form = desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            target = event_to_reverse(work.books, seq)
            reverse(work, target, form.reason(), form.day(), dry_run=False)
            by = work.writer.head.seq
    except (Refusal, OSError) as refusal:
        return _event_page(desk, seq, desk.problem("back", refusal)), NOT_DONE
    back = f"/disbursement/{target.batch}" if target.batch else "/bank"
    return desk.go(back, _("Event {seq} is reversed by event {by}.").format(seq=seq, by=by))


def _event_page(desk: Desk, seq: int, problem: Problem | None = None) -> str:
    books = desk.whole()
    event = next((one for one in books.history.events if one.seq == seq), None)
    if event is None:
        raise NotFound
    may = True
    try:
        event_to_reverse(books, seq)
    except Refusal as refusal:
        may = False
        problem = problem or desk.problem("", refusal)
    return desk.render(
        "reverse.html",
        event=event,
        what=event_word(event.kind),
        yuan=grouped(event.amount_fen) if event.count else "",
        may=may,
        problem=problem,
    )


ROUTES = (
    Route(GET, "/inbox/imports/<import_id>", show_roster, CLERK),
    Route(POST, "/inbox/imports/<import_id>", take_roster_back, CLERK),
    Route(GET, "/events/<int:seq>/reverse", show_event, REVERSERS),
    Route(POST, "/events/<int:seq>/reverse", reverse_event, REVERSERS),
)
