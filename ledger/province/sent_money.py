"""To whom a county's money went, or may have gone, and which sealed rows say so.

It is read of the books as text: payee ids and amounts. By which identity and account number stands
in the rows alone, whose digests are in signed events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.digests import Digest
from ledger.model.history import History
from ledger.model.history import payee_links
from ledger.model.ids import PayeeId
from ledger.model.transitions import EventKind
from ledger.payments.eligibility import MONEY_OUT


class Sent(NamedTuple):
    """Money of one payment: ``rows`` is the digest of the rows that it stands in."""

    rows: Digest
    payee: PayeeId
    state: str
    amount_fen: int


def sent_money(history: History) -> tuple[Sent, ...]:
    """Every payment whose money is out, as batches and payments from before the books have it."""
    return tuple(sorted({*_of_batches(history), *_paid_before(history)}))


def _of_batches(history: History) -> Iterator[Sent]:
    for batch in history.batches.values():
        for payee, state in batch.outcomes.items():
            if state in MONEY_OUT:
                amount_fen = batch.amounts_fen[payee] + batch.taxes_fen.get(payee, 0)
                yield Sent(batch.rows, payee, state.value, amount_fen)


def _paid_before(history: History) -> Iterator[Sent]:
    for event in history.in_force:
        if event.kind is EventKind.PAID_BEFORE:
            rows = Digest(str(event.header.meta.get("rows", "")))
            for payee in sorted({link for one in event.entries for link in payee_links(one)}):
                for standing in history.standings_of(payee).values():
                    yield Sent(rows, payee, standing.state.value, standing.amount_fen)
