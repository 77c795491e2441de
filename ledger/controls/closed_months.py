"""What stands outside events up to the end of a closed month is as it was when it was closed.

Transactions, balances and the money rules count, each as one line that says the same however it is
written; where accounts open and how Fava shows them does not. A closing has the digest of all the
lines, and a mark of each that no closing before it has, by which what was added is found.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from beancount.core import amount
from beancount.core import data

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.controls.known_directives import RULES
from ledger.events.event_entries import outside_events
from ledger.model.findings import CLOSED_MONTH
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.months import Closing
from ledger.model.months import dated_in_closed

MARK_LENGTH = 8
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class OutsideLine(Record):
    """A directive that stands in no event file, as a line."""

    text: str
    entry: data.Directive

    @property
    def mark(self) -> str:
        return digest(self.text.encode())[:MARK_LENGTH]


def outside_lines(entries: Sequence[data.Directive], last: datetime.date) -> list[OutsideLine]:
    """What counts up to a day, in the order of the lines."""
    lines = [
        OutsideLine(_text(said), entry)
        for entry in outside_events(entries, last)
        if (said := _said(entry))
    ]
    return sorted(lines, key=lambda line: line.text)


def outside_digest(lines: Iterable[OutsideLine], last: datetime.date) -> Digest:
    """SHA-256 over those of the lines that are not after a day."""
    return digest("\n".join(line.text for line in lines if line.entry.date <= last).encode())


def new_marks(lines: Sequence[OutsideLine], closed: Sequence[Closing]) -> list[str]:
    """The marks of what no closing has."""
    return sorted(line.mark for line in _without_marks(lines, closed))


def check_closed_months(
    entries: Sequence[data.Directive], closed: Sequence[Closing]
) -> Iterator[Finding]:
    """What was added, at its own line; what was changed or is gone, at the closing that had it."""
    if not closed:
        return
    lines = outside_lines(entries, closed[-1].month.last)
    if all(outside_digest(lines, one.month.last) == one.outside for one in closed):
        return
    added = _without_marks(lines, closed)
    for line in added:  # guard: added-to-a-closed-month
        yield at(line.entry, CLOSED_MONTH, dated_in_closed(line.entry.date))
    left = Counter(line.mark for line in lines)
    for one in closed:
        had = Counter(one.marks)
        # guard: gone-from-a-closed-month
        if had - left or not (added or outside_digest(lines, one.month.last) == one.outside):
            message = _(
                "{month} is closed, and an entry by hand or a rule up to its end was changed or"
                " taken out: put it back, or let the months be opened again, the newest one first"
            )
            yield at(one.header, CLOSED_MONTH, message.format(month=one.month))
        left -= had


def _without_marks(lines: Iterable[OutsideLine], closed: Iterable[Closing]) -> list[OutsideLine]:
    known = Counter(mark for one in closed for mark in one.marks)
    new = []
    for line in lines:
        if known[line.mark]:
            known[line.mark] -= 1
        else:
            new.append(line)
    return new


def _said(entry: data.Directive) -> list[Any] | None:
    """What a directive says, for those that count."""
    day = str(entry.date)
    if isinstance(entry, data.Transaction):
        signs = [f"#{tag}" for tag in entry.tags] + [f"^{link}" for link in entry.links]
        words = [entry.flag, entry.payee or "", entry.narration or "", sorted(signs)]
        return [day, *words, _facts(entry.meta), [_posting(each) for each in entry.postings]]
    if isinstance(entry, data.Balance):
        words = [entry.account, _value(entry.amount), _value(entry.tolerance)]
        return [day, "balance", *words, _facts(entry.meta)]
    if isinstance(entry, data.Custom) and entry.type in RULES:
        values = [_value(each.value) for each in entry.values]
        return [day, entry.type, *values, _facts(entry.meta)]
    return None


def _posting(posting: data.Posting) -> list[Any]:
    amounts = [_value(each) for each in (posting.units, posting.cost, posting.price)]
    return [f"{posting.flag or ''}{posting.account}", *amounts, _facts(posting.meta or {})]


def _facts(meta: Mapping[str, Any]) -> dict[str, str]:
    """The metadata that somebody has written."""
    written = {key: value for key, value in meta.items() if not key.startswith("__")}
    return {key: _value(written[key]) for key in sorted(written.keys() - {"filename", "lineno"})}


def _value(value: Any) -> str:
    """A number as it is written shortest, whatever zeros and commas it was written with."""
    if value is None:
        return ""
    if isinstance(value, amount.Amount):
        return f"{_value(value.number)} {value.currency}"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value)
