"""A month is closed, with its report as it stands, and opened again when that was a mistake."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

from ledger.base.actor_and_clock import require_near
from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import place
from ledger.books.checking import Complaint
from ledger.books.provenance import provenance_of
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import require_role
from ledger.controls.closed_months import new_marks
from ledger.controls.closed_months import outside_digest
from ledger.controls.closed_months import outside_lines
from ledger.events.month_text import closed_event
from ledger.events.month_text import reopened_event
from ledger.figures.month import entered
from ledger.figures.month import require_reportable
from ledger.figures.month_figures import differing
from ledger.figures.month_figures import figures_of
from ledger.figures.month_figures import month_figures
from ledger.figures.month_figures import part_word
from ledger.model.findings import without_facts
from ledger.model.ids import NO_BATCH
from ledger.model.months import Month
from ledger.model.months import month_of
from ledger.model.transitions import EventKind
from ledger.registry.closed_months import ClosedMonthMissing
from ledger.registry.registry import Registry
from ledger.services.month_reports import kept_month
from ledger.services.releases import ReasonMissing
from ledger.services.unit_of_work import Work
from reports.monthly.document import printed
from reports.monthly.document import statement_of


class MonthNotOver(Refusal):
    """A month in which something may still happen."""

    def __init__(self, month: Month) -> None:
        message = _("{month} is not over: it can be closed from {day} on")
        super().__init__(
            message.format(month=month, day=month.next().first),
            month=str(month),
            day=month.next().first.isoformat(),
        )


class MonthClosedAlready(Refusal):
    """A month that is closed."""

    def __init__(self, month: Month, newest: Month) -> None:
        message = _("{month} is closed already: the months up to {newest} are")
        super().__init__(
            message.format(month=month, newest=newest), month=str(month), newest=str(newest)
        )


class EarlierMonthOpen(Refusal):
    """Months close in order, and one before this one is open."""

    def __init__(self, month: Month, first: Month) -> None:
        message = _("months close in order: {first} comes before {month}")
        super().__init__(
            message.format(month=month, first=first), month=str(month), first=str(first)
        )


class NotToReopen(Refusal):
    """A month that is not the last closed one."""

    def __init__(self, month: Month, newest: Month | None) -> None:
        if newest is None:
            message = _("no month is closed")
        elif month > newest:
            message = _("{month} is not closed: the months up to {newest} are")
        else:
            message = _("months are opened again from the newest one on, and that is {newest}")
        super().__init__(
            message.format(month=month, newest=newest),
            month=str(month),
            newest=str(newest) if newest else None,
        )


class PlannedClosing(Record):
    """A month that may be closed on a day.

    ``stated`` is the day of the last line of the bank's statements, None without one, and
    ``is_stated`` whether that reaches the month's end. ``unexplained`` counts the lines up to then
    that nobody has explained, and ``before`` is the first month with entries where that is earlier
    and nothing is closed yet.
    """

    month: Month
    day: datetime.date
    stated: datetime.date | None
    unexplained: int
    before: Month | None

    @property
    def is_stated(self) -> bool:
        return self.stated is not None and self.stated >= self.month.last


def plan_closing(work: Work, month: Month, on: datetime.date) -> PlannedClosing:
    """Whether a month can be closed on a day, and what to know before.

    Raises RoleMissing, MonthClosedAlready, EarlierMonthOpen, MonthNotOver, DateAhead or what
    reports refuse.
    """
    books = work.books
    history = books.history
    require_role(history, work.acting.actor.operator, EventKind.CLOSED)
    if history.closed and month <= history.closed[-1].month:
        raise MonthClosedAlready(month, history.closed[-1].month)
    # guard: closed-in-order
    if history.closed and month != history.closed[-1].month.next():
        raise EarlierMonthOpen(month, history.closed[-1].month.next())
    require_reportable(books, month, work.today)
    if on <= month.last:  # guard: closed-when-over
        raise MonthNotOver(month)
    require_near(on, work.today)
    first = month_of(entered(books)[0])
    lines = history.lines.values()
    return PlannedClosing(
        month,
        on,
        max((line.date for line in lines), default=None),
        sum(bool(line.suspense_fen) and line.date <= month.last for line in lines),
        first if first < month and not history.closed else None,
    )


def close_month(work: Work, planned: PlannedClosing) -> Digest:
    """Close the month: its report and figures are kept. Returns the report's digest."""
    books, month = work.books, planned.month
    statement = statement_of(books, work.registry, month)
    report, pages = printed(books, statement, provenance_of(books))
    kept = {
        "pages": pages,
        "books_digest": statement.digest,
        "is_quiet": statement.is_quiet,
        "figures": figures_of(statement),
    }
    figures = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    lines = outside_lines(books.ledger.outside.entries, month.last)
    with work.keeping_evidence() as registry:
        digests = registry.closed.keep(report), registry.closed.keep(figures)
    text = closed_event(
        planned.day,
        work.writer.drafting,
        month,
        report=digests[0],
        figures=digests[1],
        outside=outside_digest(lines, month.last),
        log=work.registry.log.head(),
        marks=new_marks(lines, books.history.closed),
    )
    work.commit(Draft("closed", NO_BATCH, text.encode("utf-8")))
    return digests[0]


def reopen_month(
    work: Work, month: Month, reason: str, on: datetime.date, *, dry_run: bool
) -> None:
    """Open the last closed month again, also in books with errors in closed months.

    ``dry_run`` tries it alone. Raises BooksBroken, RoleMissing, NotToReopen, ReasonMissing,
    MonthClosed or DateAhead.
    """
    reason = mask_numbers(cleaned(reason)).strip()
    if not reason:
        raise ReasonMissing
    books = work.books
    books.require_sound(but_for_facts=True, but_for_closed_months=True)
    require_role(books.history, work.acting.actor.operator, EventKind.REOPENED)
    newest = books.history.closed[-1].month if books.history.closed else None
    if month != newest:  # guard: last-closed-reopens
        raise NotToReopen(month, newest)
    require_near(on, work.today)
    text = reopened_event(on, work.writer.drafting, month, reason)
    draft = Draft("reopened", NO_BATCH, text.encode("utf-8"))
    if dry_run:
        work.writer.rehearse(work.books, draft)
    else:
        work.commit(draft)


def check_figures(books: Books, registry: Registry) -> Iterator[Complaint]:
    """The figures of the last closed month, which add up all before it, are those that it was
    closed with. To make them for each would take as long as the rest of a check, month by month.
    """
    if not books.history.closed or without_facts(books.errors):
        return  # What is wrong with the books is said, and figures follow from it.
    closing = books.history.closed[-1]
    try:
        kept = kept_month(registry, closing)
    except ClosedMonthMissing:
        return  # It is said already.
    names = differing(kept.figures, month_figures(books, registry, closing.month))
    if names:  # guard: figures-as-closed
        file, line = place(closing.header.meta, books.folder)
        message = _(
            "the figures of {month} are not those that it was closed with ({names}): its report"
            " is kept as it was; find out what has changed since"
        )
        message = message.format(month=closing.month, names=listed(map(part_word, names)))
        yield Complaint(file, line, "closed_figures", message)
