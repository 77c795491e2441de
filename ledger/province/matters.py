"""What somebody at the province has to decide, or ask a county about. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from ledger.model.transitions import State
from ledger.province.consolidation import Consolidation
from ledger.province.consolidation import County

# Days after which what waits for the bank or for a correction is asked about.
WAITS_LONG = 30
# Of the month after: until then tax is paid.
TAX_DAY = 15


class Subject(StrEnum):
    """What a matter is about, the gravest first."""

    FAILED = "failed"
    DOUBLE = "double"
    FACT = "fact"
    RATE = "rate"
    REOPENED = "reopened"
    MISSING = "missing"
    NEW = "new"
    UNVERIFIED = "unverified"
    NOT_CLOSED = "not_closed"
    TAX = "tax"
    RETURNED = "returned"
    UNKNOWN = "unknown"
    SUSPENSE = "suspense"


class Matter(NamedTuple):
    """A matter of a county: how many it is about, how much, since when, and a word of its own."""

    subject: Subject
    county: str
    number: int = 0
    amount_fen: int = 0
    since: str = ""
    words: str = ""


def matters(consolidation: Consolidation) -> list[Matter]:
    """Everything, by subject and county."""
    order = list(Subject)
    found = [*_of_all(consolidation)]
    for county in consolidation.counties:
        found += _of_county(county, consolidation)
    return sorted(found, key=lambda one: (order.index(one.subject), one[1:]))


def label(county: County) -> str:
    """What a county is called: code and name, and of several censuses, which."""
    return f"{county.figures.county} {county.figures.county_name}"


def _of_all(consolidation: Consolidation) -> Iterator[Matter]:
    for failed in consolidation.failed:
        words = failed.findings[0].message if failed.findings else ""
        count = len(failed.findings) + failed.more
        yield Matter(Subject.FAILED, failed.county or failed.bundle, count, words=words)
    names = {county.books: label(county) for county in consolidation.counties}
    for double in consolidation.doubles:
        who = "、".join(f"{names[one.books]} {one.payee}" for one in double.paid)
        yield Matter(Subject.DOUBLE, who, len(double.paid), double.amount_fen, words=double.field)
    for books, known in consolidation.missing:
        yield Matter(Subject.MISSING, f"{books.county} {known.name}", known.seq)


def _of_county(county: County, consolidation: Consolidation) -> Iterator[Matter]:
    name, figures = label(county), county.figures
    for fact in county.facts:
        yield Matter(Subject.FACT, name, 1, words=fact.message)
    for rate, least_fen, most_fen in county.outside:
        words = f"{rate.stage} {rate.role} {least_fen} {most_fen} {rate.batch}".strip()
        yield Matter(Subject.RATE, name, 1, rate.rate_fen, rate.day, words)
    for month in county.reopened:
        yield Matter(Subject.REOPENED, name, 1, words=month)
    if county.is_new:
        yield Matter(Subject.NEW, name, words=county.fingerprint)
    if not county.is_verified:
        yield Matter(Subject.UNVERIFIED, name)
    newest = max((one.month for one in figures.closed), default="")
    if newest < consolidation.month:
        yield Matter(Subject.NOT_CLOSED, name, words=newest)
    overdue = [row for row in figures.tax if row.due_fen and _is_over(row.month, figures.day)]
    if overdue:
        due_fen = sum(row.due_fen for row in overdue)
        yield Matter(Subject.TAX, name, len(overdue), due_fen, overdue[0].month)
    yield from _waiting(county)
    if figures.money.suspense_fen or figures.money.suspense_lines:
        yield Matter(
            Subject.SUSPENSE, name, figures.money.suspense_lines, figures.money.suspense_fen
        )


def _waiting(county: County) -> Iterator[Matter]:
    figures = county.figures
    before = datetime.date.fromisoformat(figures.day) - datetime.timedelta(days=WAITS_LONG)
    for state, subject in (
        (State.RETURNED, Subject.RETURNED),
        (State.UNKNOWN, Subject.UNKNOWN),
    ):
        rows = [row for row in figures.people if row.state == state]
        if rows and min(row.since for row in rows) <= before.isoformat():
            yield Matter(
                subject,
                label(county),
                sum(row.people for row in rows),
                sum(row.amount_fen + row.tax_fen for row in rows),
                min(row.since for row in rows),
            )


def _is_over(month: str, day: str) -> bool:
    """Whether a month's tax should have been paid by a day."""
    year, number = int(month[:4]), int(month[5:])
    last = datetime.date(year + number // 12, number % 12 + 1, TAX_DAY)
    return datetime.date.fromisoformat(day) > last
