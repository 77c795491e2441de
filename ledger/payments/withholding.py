"""What is withheld of a payment: by the role's class and by what the month has brought so far."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.budget.income_tax import table_on
from ledger.model.history import Batch
from ledger.model.history import Income
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.months import month_of
from ledger.model.rules import TaxClass
from ledger.model.transitions import State

UNANSWERED = (State.IN_BANK, State.UNKNOWN)


class TaxDoubt(enum.StrEnum):
    """Why nobody can say what is to be withheld of a payment."""

    NO_CLASS = "no_tax_class"
    NO_TABLE = "no_tax_table"
    AWAITS = "tax_awaits"
    BEFORE = "tax_paid_before"


class Withheld(NamedTuple):
    """The tax of a payment in fen, or why it cannot be paid now."""

    tax_fen: int
    doubt: TaxDoubt | None = None


NOTHING = Withheld(0)


def withheld_of(
    payee: PayeeId,
    gross_fen: int,
    on: datetime.date,
    tax_class: TaxClass | None,
    incomes: Sequence[Income],
    batches: Mapping[BatchId, Batch],
) -> Withheld:
    """What is withheld of a payment on a day after ``incomes``, which are the payee's so far.

    Whose tax depends on a payment of the month that the bank has not answered waits: its batch may
    still be void. So does who was paid in the month before these books: of that nobody here knows
    what was withheld.
    """
    if not incomes:
        return _of_the_first(gross_fen, on, tax_class)
    return _after(incomes, payee, gross_fen, on, tax_class, batches)


@lru_cache(maxsize=1 << 10)
def _of_the_first(gross_fen: int, on: datetime.date, tax_class: TaxClass | None) -> Withheld:
    """Remembered: thousands of people are paid the same, and nothing before."""
    return _after((), NO_PAYEE, gross_fen, on, tax_class, {})


def _after(
    incomes: Sequence[Income],
    payee: PayeeId,
    gross_fen: int,
    on: datetime.date,
    tax_class: TaxClass | None,
    batches: Mapping[BatchId, Batch],
) -> Withheld:
    if tax_class not in (None, TaxClass.LABOUR):
        return NOTHING
    table = table_on(on)
    if table is None:  # guard: table-of-the-day
        return Withheld(0, TaxDoubt.NO_TABLE)
    month = month_of(on)
    # guard: month-is-one-sum
    earlier = [one for one in incomes if one.is_labour and month_of(one.date) == month]
    before_fen = sum(one.gross_fen for one in earlier)
    if not table.tax_fen(before_fen + gross_fen):
        return NOTHING
    if tax_class is None:  # guard: taxed-in-a-class
        return Withheld(0, TaxDoubt.NO_CLASS)
    if any(one.batch == NO_BATCH for one in earlier):  # guard: tax-of-other-hands
        return Withheld(0, TaxDoubt.BEFORE)
    for one in earlier:
        batch = batches.get(one.batch)
        # guard: tax-awaits-the-bank
        if batch is not None and batch.outcomes.get(payee) in UNANSWERED:
            return Withheld(0, TaxDoubt.AWAITS)
    withheld_fen = sum(one.tax_fen for one in earlier)
    return Withheld(table.withheld_now_fen(before_fen, withheld_fen, gross_fen))


def taxed_in_another_month(batch: Batch) -> str:
    """Why a batch is not given to the bank after its month: its tax is of that month's sums."""
    message = _(
        "batch {batch} withholds tax of what people have in {month}, and is submitted in that month"
        " or void"
    )
    return message.format(batch=batch.id, month=month_of(batch.date))
