"""What the bank had by its statements is what the books had.

A statement's header says what the bank had when its last day began, where books and bank did not
differ then. A later entry by hand before that day would make them differ.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal

from ledger.base.language import gettext as _
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import total_fen
from ledger.events.statement_text import BANK_HAD
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import History
from ledger.model.transitions import EventKind

_HAD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) (-?[0-9]{1,13}\.[0-9]{2})")


def check_stated_balances(history: History, flows: Flows) -> Iterator[Finding]:
    """A finding for each statement that says otherwise than the books."""
    for event in history.in_force:
        said = event.header.meta.get(BANK_HAD)
        if event.kind is not EventKind.STATEMENT or said is None:
            continue
        found = _HAD.fullmatch(str(said))
        day = _day(found[1]) if found else None
        if found is None or day is None:
            message = _("what the bank had by this statement cannot be read")
            yield at(event.header, "statement", message)
            continue
        stated_fen = fen(Decimal(found[2]))
        entered_fen = total_fen(change for change in flows.bank if change.date < day)
        if stated_fen != entered_fen:  # guard: bank-had-what-it-says
            message = _(
                "at the beginning of {day} the bank account should have {expected} and has"
                " {accumulated}: correct the entries by hand before it; what the bank had not paid"
                " or received by then has a date from this day on"
            ).format(day=day, expected=grouped(stated_fen), accumulated=grouped(entered_fen))
            yield at(event.header, "balance", message)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
