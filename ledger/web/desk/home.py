"""The page 首页: what waits, each one click from being done, and where the year stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.figures.batch_outcomes import Count
from ledger.figures.month import NothingEntered
from ledger.figures.month import entered
from ledger.model.months import Month
from ledger.model.months import month_of
from ledger.services.custody import custody
from ledger.web.attention import Matter
from ledger.web.attention import matters
from ledger.web.cumulative_chart import cumulative_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.front import here
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.page_words import month_words
from ledger.web.page_words import role_words
from ledger.web.views import View
from reports.wording.open_matters import Matter as About
from reports.wording.open_matters import headcount
from reports.wording.open_matters import people_and_yuan


class Figure(NamedTuple):
    """A figure of the day, and the page that has more."""

    name: str
    text: str
    link: str


def show(desk: Desk) -> str:
    view = desk.view()
    found = matters(view, desk.books.errors, here)
    return desk.render(
        "home.html",
        view=view,
        on=view.on,
        # Each batch that waits has a line of its own.
        waiting=[
            *(one for one in found if one.about is not About.TO_APPROVE),
            *_tasks(desk, view),
        ],
        figures=list(_figures(view)),
        course=view.once("course", lambda: cumulative_of(view)),
    )


def _tasks(desk: Desk, view: View) -> Iterator[Matter]:
    """What waits for somebody of the office, whatever day is looked at."""
    books = view.whole
    for batch in books.history.batches.values():
        if not batch.is_here:
            continue
        what = people_and_yuan(Count(len(batch.amounts_fen), batch.amount_fen), _)
        link = here(f"/disbursement/{batch.id}")
        if batch.approvals_missing:
            missing = role_words(batch.approvals_missing)
            yield Matter(
                _("Batch {batch} waits for approval: {what}").format(batch=batch.id, what=what),
                _("Still to act: {missing}.").format(missing=missing),
                link,
            )
        else:
            detail = _("Give the bank files to the bank, then record it.")
            yield Matter(
                _("Batch {batch} can go to the bank: {what}").format(batch=batch.id, what=what),
                detail,
                link,
            )
    with desk.place.registry() as registry:
        held = len(registry.held.open())
    if held:
        detail = _(
            "Name, identity number, bank or account number differ from the record: "
            "confirm or decline."
        )
        yield Matter(
            _("Changes of people that wait for a decision: {held}").format(held=f"{held:,}"),
            detail,
            here("/people"),
        )
    month = _month_to_close(books, desk.today())
    if month is not None:
        detail = _(
            "The statement reaches the month's end: explain what is open, then "
            "close; the report becomes final."
        )
        yield Matter(
            _("Can be closed: {month}").format(month=month_words(month)),
            detail,
            f"/reports/months/{month}",
        )
    kept = custody(books, desk.place.registry_key())
    if kept.without_passphrase:
        detail = _("Whoever can use this machine can sign in their name: please set passphrases.")
        yield Matter(
            _("Operators without a passphrase: {names}").format(
                names=_(", ").join(kept.without_passphrase)
            ),
            detail,
            "/settings/operators",
        )
    if kept.missing_batch is not None:
        yield Matter(
            _("Batch {batch} is in no backup yet").format(batch=kept.missing_batch),
            _("Please make a backup on another disk."),
            "/settings",
        )


def _month_to_close(books: Books, today: datetime.date) -> Month | None:
    """The next month to close, if it is over and the bank's statements reach its end."""
    try:
        first, _last = entered(books)
    except NothingEntered:
        return None
    closed = books.history.closed
    month = closed[-1].month.next() if closed else month_of(first)
    stated = max((line.date for line in books.history.lines.values()), default=None)
    if stated is None or stated < month.last or today <= month.last:
        return None
    return month


def _figures(view: View) -> Iterator[Figure]:
    said, people = view.status, view.status.payees
    yield Figure(
        _("Budget of the year"),
        _("¥{yuan}").format(yuan=grouped(said.budget.total_fen)),
        here("/budget"),
    )
    yield Figure(
        _("Money received"),
        _("¥{yuan}").format(yuan=grouped(said.budget.received_fen)),
        here("/budget"),
    )
    yield Figure(
        _("Paid"), _("¥{yuan}").format(yuan=grouped(said.budget.paid_fen)), here("/budget")
    )
    yield Figure(
        _("In the bank"), _("¥{yuan}").format(yuan=grouped(said.cash.bank_fen)), here("/bank")
    )
    yield Figure(
        _("Free to use"),
        _("¥{yuan}").format(yuan=grouped(said.cash.available_fen)),
        here("/bank"),
    )
    for name, count, state in (
        (_("Registered"), people.registered, ""),
        (_("Paid so far"), people.paid, "paid"),
        (_("Awaited"), people.in_bank, "in_bank"),
        (_("Returned"), people.returned, "returned"),
        (_("Unknown"), people.unknown, "unknown"),
        (_("Due to be paid"), people.due, "due"),
    ):
        yield Figure(name, headcount(count, _), here("/people", state=state))


ROUTES = (Route(GET, "/", show),)
