"""The text of an event that takes in a list of work done: a line for every person of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal

from ledger.base.money import CURRENCY
from ledger.base.money import plain
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import quoted
from ledger.model.history import Event
from ledger.model.ids import PayeeId
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.model.work_done import SAYS_AMOUNT
from ledger.model.work_done import SAYS_LISTED
from ledger.model.work_done import SAYS_QUANTITY
from ledger.model.work_done import WorkDone
from ledger.model.work_done import line_text

STAGE, UNIT, QUANTITY = "stage", "unit", "quantity"
SAYS_OF_KIND = {
    StageKind.PER_UNIT: SAYS_QUANTITY,
    StageKind.LISTED: SAYS_AMOUNT,
    StageKind.FIXED: SAYS_LISTED,
}
# Metadata of Beancount begins with a small letter: p000123 is the line of P000123.
_LINE = re.compile("p[0-9]{6,}")


def workload_event(
    on: datetime.date,
    at: Drafting,
    stage: Stage,
    lines: Mapping[PayeeId, WorkDone],
    *,
    meta: Mapping[str, str],
) -> str:
    """What a list says of people, in the order of their ids.

    The header counts the people and adds up the amounts that the list names; ``quantity`` adds up
    what is counted.
    """
    amount_fen, quantity = sums_of(lines)
    says = SAYS_OF_KIND[stage.kind]
    values = f'"workload" {quoted("")} {len(lines)} {plain(amount_fen)} {CURRENCY}'
    facts = {STAGE: stage.code, UNIT: stage.unit, QUANTITY: quantity, **meta}
    texts = {payee.lower(): line_text(says, line) for payee, line in sorted(lines.items())}
    return header(on, at, values, {**facts, **texts})


def sums_of(lines: Mapping[PayeeId, WorkDone]) -> tuple[int, str]:
    """What amounts (in fen) and quantities of lines add up to."""
    quantities = (Decimal(line.quantity or 0) for line in lines.values())
    quantity = format(sum(quantities, Decimal(0)).normalize(), "f")
    return sum(line.amount_fen for line in lines.values()), quantity


def line_texts(event: Event) -> dict[PayeeId, str]:
    """What a list says of each person, in the words of the event."""
    return {
        PayeeId(key.upper()): str(value)
        for key, value in event.header.meta.items()
        if _LINE.fullmatch(key)
    }
