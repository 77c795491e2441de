"""Explaining a statement line that nobody knew: what it was, by the word of a human."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.events.statement_text import BookedPart
from ledger.events.statement_text import explained_event
from ledger.model.history import EnteredLine
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BankLineId
from ledger.model.months import Month
from ledger.model.months import first_open_day
from ledger.model.months import month_of
from ledger.model.months import require_open
from ledger.services.explanation_targets import NAMED
from ledger.services.explanation_targets import explained_parts
from ledger.services.unit_of_work import Work


class NoSuchLine(Refusal):
    """No statement line, or several, by the id that was typed."""

    def __init__(self, typed: str, found: Sequence[str]) -> None:
        if found:
            message = _("{line} is the beginning of several lines: {lines}")
        else:
            message = _("there is no statement line {line}")
        super().__init__(message.format(line=typed, lines=listed(found[:NAMED])), found=list(found))


class LineExplained(Refusal):
    """A line that is not in suspense."""

    def __init__(self, line: BankLineId) -> None:
        message = _(
            "statement line {line} awaits no explanation: reverse the one that it has, if that was"
            " wrong"
        )
        super().__init__(message.format(line=line))


class BeforeTheLine(Refusal):
    """A day before the bank's."""

    def __init__(self, line: EnteredLine, on: datetime.date) -> None:
        message = _("{day} is before {line_day}, the day of the statement line")
        super().__init__(
            message.format(day=on, line_day=line.date),
            day=on.isoformat(),
            line_day=line.date.isoformat(),
        )


def find_line(books: Books, typed: str) -> EnteredLine:
    """A line by its id or the beginning of it. Raises NoSuchLine."""
    lines = books.history.lines
    if exact := lines.get(BankLineId(typed)):
        return exact
    found = [name for name in lines if name.lower().startswith(typed.lower())] if typed else []
    if len(found) != 1:
        raise NoSuchLine(typed, found)
    return lines[found[0]]


class Explanation(Record):
    """What a line will be: its ``parts``, on a day, and the account or the batches by ``name``.

    ``closed_month`` is that of the line's own day, where that is why it is on another.
    """

    line: EnteredLine
    day: datetime.date
    parts: Sequence[BookedPart]
    name: str
    closed_month: Month | None = None


def plan_explanation(
    work: Work, typed: str, target: str, on: datetime.date | None = None
) -> Explanation:
    """What would be booked for an unexplained line: against an account, or the money in transit of
    batches. On the line's own day, or the first that is in no closed month, unless another is said.

    Raises NoSuchLine, LineExplained, BeforeTheLine, MonthClosed or a refusal of the target.
    """
    line = find_line(work.books, typed)
    if not line.suspense_fen:
        raise LineExplained(line.id)
    closed = work.books.history.closed
    day = on or max(line.date, first_open_day(closed))  # guard: explained-on-an-open-day
    require_near(day, work.today)
    require_open(closed, day)
    if day < line.date:
        raise BeforeTheLine(line, day)
    parts, name = explained_parts(work.books, line, target)
    moved = on is None and day > line.date
    return Explanation(line, day, parts, name, month_of(line.date) if moved else None)


def explain(work: Work, planned: Explanation, *, note: str = "") -> None:
    """Book what was planned."""
    facts = {"note": mask_numbers(note)}
    text = explained_event(
        planned.day, work.writer.drafting, planned.line, planned.parts, meta=facts
    )
    work.commit(Draft("explained", NO_BATCH, text.encode("utf-8")))
