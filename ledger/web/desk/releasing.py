"""Letting people be paid again: one on her own page, several on the page 发放."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.wrappers import Response as Answer

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.disbursement.payable import eligibility_of_books
from ledger.disbursement.stage_choice import stage_named
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.services.releases import release
from ledger.services.unit_of_work import Work
from ledger.web.desk import disbursing
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route

Done = Answer | tuple[str, int]


class NobodyChosen(Refusal):
    """A decision about people, and none of them ticked."""

    def __init__(self) -> None:
        super().__init__(_("nobody was chosen: tick whom it is about"))


def released(desk: Desk) -> Done:
    """Those who are ticked may be paid although their records were right, or their posts taken."""
    form = desk.form()
    people = [PayeeId(one) for one in dict.fromkeys(form.all("payee"))]
    try:
        # guard: released-of-those-ticked
        if not people:
            raise NobodyChosen
        with desk.work(seen=form.seen) as work:
            release_people(work, people, form)
    except (Refusal, OSError) as refusal:
        problem = desk.problem(disbursing.FORM, refusal)
        return disbursing.page(desk, problem, set(people)), NOT_DONE
    return desk.go(
        "/disbursement",
        ngettext(
            "{count} person is released: the next batch pays.",
            "{count} people are released: the next batch pays.",
            len(people),
        ).format(count=f"{len(people):,}"),
    )


def release_people(work: Work, people: Sequence[PayeeId], form: Form) -> None:
    """By the day, the reason and the stage of a form."""
    on, everybody = form.day(), work.registry.payees()
    eligibility = eligibility_of_books(
        work.books, work.registry, everybody, on, stage=stage_of(work.books, form), to_pay=True
    )
    release(work, eligibility, people, form.reason(), on)


def stage_of(books: Books, form: Form) -> StageCode:
    """The stage of the page, without which nothing is decided about money."""
    if not books.rules.named_stages:
        return FIRST_STAGE
    return stage_named(books.rules, StageCode(form.text("stage")), form.day()).code


ROUTES = (Route(POST, "/disbursement/release", released, CLERK),)
