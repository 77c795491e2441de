"""The page 人员: everybody, masked; one person's history; changes that wait for a decision."""

from __future__ import annotations

from flask import Response
from flask import jsonify
from werkzeug.wrappers import Response as Answer

from ledger.base.language import mark
from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.model.ids import PayeeId
from ledger.services.payee_records import chosen
from ledger.services.payee_records import confirm
from ledger.services.payee_records import decline
from ledger.services.payee_records import held_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.person_page import of_batches
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.links import Links
from ledger.web.page_words import field_word
from ledger.web.page_words import value_word
from ledger.web.people_list import history_json
from ledger.web.people_list import people_json

FORM = "held"
NOBODY = mark("Nobody is chosen: please tick the people it is about.")


def show(desk: Desk) -> str:
    return _page(desk)


def _page(desk: Desk, problem: Problem | None = None) -> str:
    view = desk.view()
    by_serial = {one.payee.serial: one.payee for one in view.everybody}
    with desk.place.registry() as registry:
        held = [
            (
                by_serial[one.serial],
                field_word(one.field),
                value_word(one.field, one.old),
                value_word(one.field, one.new),
            )
            for one in registry.held.open()
            if one.serial in by_serial
        ]
    return desk.page(
        "people.html",
        view,
        held=held,
        problem=problem,
        may_decide=desk.may(CLERK),
        stages=desk.stages(view),
        stage=desk.stage(view),
    )


def decided(desk: Desk) -> Answer | tuple[str, int]:
    """The changes of several people are made at once, or are not."""
    form = desk.form()
    ids = [PayeeId(one) for one in form.all("payee")]
    is_confirmed = form.text("decision") == "confirm"
    if not ids:
        return _page(desk, Problem(FORM, "", _(NOBODY))), NOT_DONE
    try:
        with desk.work(seen=form.seen, with_errors=True) as work:
            payees = chosen(work.registry.payees(), ids)
            held = held_of(work.registry, payees)
            (confirm if is_confirmed else decline)(work, held, form.reason(), form.day())
            said = [
                sentence
                for payee in payees
                if is_confirmed
                for sentence in of_batches(work.books.history, payee, leaving=False)
            ]
    except (Refusal, OSError) as refusal:
        return _page(desk, desk.problem(FORM, refusal)), NOT_DONE
    for sentence in dict.fromkeys(said):
        desk.session.note(sentence)
    word = _("confirmed") if is_confirmed else _("turned down")
    return desk.go(
        "/people",
        ngettext(
            "Changes of {count} person are {word} ({count2}).",
            "Changes of {count} people are {word} ({count2}).",
            len(payees),
        ).format(count=len(payees), count2=len(held), word=word),
    )


def everybody(desk: Desk) -> Response:
    """Everybody, masked."""
    view = desk.view()
    stage = desk.stage(view)
    # A person's row is read in a fortieth of the time in which it is made.
    text = view.once(("people", stage), lambda: jsonify(people_json(view, stage)).get_data())
    return Response(text, mimetype="application/json")


def history(desk: Desk, payee: PayeeId) -> Response:
    """What happened to one person."""
    view = desk.view()
    return jsonify(history_json(view, desk.stage(view), payee, Links.of(view)))


ROUTES = (
    Route(GET, "/people", show),
    Route(POST, "/people/held", decided, CLERK),
    Route(GET, "/people/list.json", everybody),
    Route(GET, "/people/<payee>.json", history),
)
