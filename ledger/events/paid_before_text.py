"""The text of an event about payments that were made before these books."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from ledger.base.masks import mask_numbers
from ledger.base.money import CURRENCY
from ledger.base.money import plain
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import quoted
from ledger.events.event_text import subsidy_entry
from ledger.model.ids import NO_BATCH
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.recorded_rates import STAGE
from ledger.payments.payment_fold import DOCUMENT


class PaidBefore(NamedTuple):
    """Whom somebody has paid, when, how much and by which paper; ``expense`` and ``income`` are
    accounts.
    """

    payee: PayeeId
    name: str
    role: str
    day: datetime.date
    amount_fen: int
    paper: str
    expense: str
    income: str


def paid_before_event(
    at: Drafting,
    payments: Sequence[PaidBefore],
    stage: StageCode,
    *,
    payment: str,
    meta: Mapping[str, str],
) -> str:
    """Each payment an entry of its day; the header is of the first day, so that the books as of
    any day later have it. ``stage`` is empty where the books name none, ``payment`` says what is
    paid.

    The expense is charged, and the fund has received what somebody has paid for it: the bank
    account has no part in it.
    """
    ordered = sorted(payments, key=lambda one: (one.day, one.payee))
    amount = plain(sum(one.amount_fen for one in ordered))
    values = f'"paid-before" "" {len(ordered)} {amount} {CURRENCY}'
    parts = [header(ordered[0].day, at, values, {STAGE: stage, **meta})]
    for one in ordered:
        paper = mask_numbers(one.paper)
        facts = {"payee-id": one.payee, "role": one.role, STAGE: stage, DOCUMENT: paper}
        assert quoted(paper) != '""', "a payment rests on a paper"
        parts.append(
            subsidy_entry(
                one.day, one.name, f"{payment} {one.role} 建账前已付", NO_BATCH, [one.payee], facts,
                debit=one.expense, credit=one.income, amount_fen=one.amount_fen,
            )
        )  # fmt: skip
    return "\n".join(parts)
