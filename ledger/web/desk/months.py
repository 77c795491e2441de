"""The page of one month: its figures, closing it once they are right, opening it again."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response as Answer

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.figures.month import require_reportable
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.months import Month
from ledger.model.months import read_month
from ledger.model.operators import MAY_MAKE
from ledger.model.transitions import EventKind
from ledger.services.month_reports import closing_of
from ledger.services.month_reports import figures_to_show
from ledger.services.months import PlannedClosing
from ledger.services.months import close_month
from ledger.services.months import plan_closing
from ledger.services.months import reopen_month
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.page_words import month_words

Done = Answer | tuple[str, int]
# The columns of a month's figures, as the kept ones name them.
COLUMNS = {
    "initial": mark("Initial budget"),
    "adjusted": mark("Budget as changed"),
    "received": mark("Money received"),
    "month": mark("Spent this month"),
    "year": mark("Spent this year"),
    "project": mark("Spent in all"),
    "unpaid": mark("Accrued, not paid"),
    "committed": mark("Committed"),
    "remaining": mark("Remaining"),
}
PEOPLE = {
    "registered": mark("Registered"),
    "due": mark("Due"),
    "in_bank": mark("Awaited"),
    "paid": mark("Paid"),
    "returned": mark("Returned"),
    "unknown": mark("Unknown"),
}
SURE = mark(
    "The statement does not reach the month's end: please read what is said "
    "below and tick it, then close."
)


def show(desk: Desk, month: str) -> str:
    return _page(desk, read_month(month))


def closed(desk: Desk, month: str) -> Done:
    """The month is closed with the figures of the page."""
    wanted, form = read_month(month), desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            planned = plan_closing(work, wanted, form.day())
            # guard: unstated-month-asks
            if not planned.is_stated and not form.is_on("sure"):
                problem = Problem("close", "sure", _(SURE))
                return _page(desk, wanted, problem, list(_doubts(planned))), NOT_DONE
            close_month(work, planned)
    except (Refusal, OSError) as refusal:
        return _page(desk, wanted, desk.problem("close", refusal)), NOT_DONE
    for doubt in _doubts(planned):
        desk.session.note(doubt)
    return desk.go(
        f"/reports/months/{wanted}",
        _("{month} is closed, its report is final.").format(month=month_words(wanted)),
    )


def reopened(desk: Desk, month: str) -> Done:
    """The last closed month is opened again."""
    wanted, form = read_month(month), desk.form()
    try:
        with desk.work(seen=form.seen, with_errors=True) as work:
            reopen_month(work, wanted, form.reason(), form.day(), dry_run=False)
    except (Refusal, OSError) as refusal:
        return _page(desk, wanted, desk.problem("reopen", refusal)), NOT_DONE
    return desk.go(
        f"/reports/months/{wanted}", _("{month} is open again.").format(month=month_words(wanted))
    )


def _doubts(planned: PlannedClosing) -> Iterator[str]:
    """What whoever closes a month should know."""
    if planned.stated is None:
        yield _("The books have no bank statement yet.")
    elif not planned.is_stated:
        yield _("Bank statements reach {stated}, not the month's end.").format(
            stated=planned.stated
        )
    if planned.unexplained:
        yield _(
            "At the month's end {unexplained} bank lines are not explained; later "
            "explanations are entered in the next month."
        ).format(unexplained=planned.unexplained)
    if planned.before:
        yield _("The months from {before} on are closed with it.").format(before=planned.before)


def _page(
    desk: Desk, month: Month, problem: Problem | None = None, doubts: list[str] | None = None
) -> str:
    desk.remember_state()
    desk.books.look_again()
    view = desk.books.view(desk.today())
    books, lines = view.whole, {(one.fund, one.code): one.name for one in view.status.lines}
    require_reportable(books, month, desk.today())

    def make() -> dict[str, Any]:
        with desk.place.registry() as registry:
            return figures_to_show(books, registry, month)

    figures = view.once(("month", month), make)
    closing = closing_of(books, month)
    newest = books.history.closed[-1].month if books.history.closed else None
    may = desk.may(MAY_MAKE[EventKind.CLOSED])
    return desk.render(
        "month.html",
        month=month,
        closing=closing,
        closed_with=newest if newest is not None and month < newest else None,
        names={one.id: one.name for one in books.history.operators.values()},
        columns=[_(word) for word in COLUMNS.values()],
        rows=list(_rows(books, lines, figures)),
        people=[(_(word), figures["payees"][name]) for name, word in PEOPLE.items()],
        can_close=may and closing is None and (newest is None or month == newest.next()),
        can_reopen=may and month == newest,
        is_over=month.last < desk.today(),
        doubts=doubts or [],
        problem=problem,
    )


def _rows(
    books: Books, lines: Mapping[tuple[FundCode, LineCode], str], figures: dict[str, Any]
) -> Iterator[tuple[str, bool, list[str]]]:
    """What each row is about, whether it is a sum, and its amounts."""
    for name, row in figures["rows"].items():
        code, _blank, line = name.partition(" ")
        fund = books.rules.fund(FundCode(code)) if code else None
        words = f"{code} {fund.name}" if fund else code or _("Total")
        if line:
            words = f"{line} {lines.get((FundCode(code), LineCode(line)), '')}".strip()
        yield words, not line, [_grouped(row[column]) for column in COLUMNS]


def _grouped(yuan: str | None) -> str:
    """An amount as it is kept, with its thousands apart."""
    if not yuan:
        return ""
    whole, point, cents = yuan.partition(".")
    return f"{int(whole):,}{point}{cents}" if whole != "-0" else yuan


MONTH = "/reports/months/<month>"
ROUTES = (
    Route(GET, MONTH, show),
    Route(POST, f"{MONTH}/close", closed, MAY_MAKE[EventKind.CLOSED]),
    Route(POST, f"{MONTH}/reopen", reopened, MAY_MAKE[EventKind.REOPENED]),
)
