"""What has become of a batch: by town and fund, and why payments came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from ledger.base.money import plain
from ledger.base.records import Record
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent
from ledger.model.rules import Rules
from ledger.model.transitions import State


class Count(NamedTuple):
    """How many people, and how much money in fen."""

    people: int
    amount_fen: int


NOBODY = Count(0, 0)


class TownOutcome(Record):
    """A town's part of a batch that one fund pays: ``due`` is everyone of it, and the sum of
    ``paid``, ``returned``, ``unknown``, ``awaited`` and ``voided``.

    ``reissued`` are those of the returned who were sent again in a later batch; ``voided`` is
    everyone of a batch that was taken back or refused, and nobody of any other.
    """

    town_code: TownCode
    town_name: str
    fund_code: FundCode
    fund_name: str
    due: Count
    paid: Count
    returned: Count
    unknown: Count
    awaited: Count
    reissued: Count
    voided: Count = NOBODY


class ReasonShare(Record):
    """Those who came back for one reason: ``code`` is a key of ``RETURN_REASONS``."""

    code: str
    count: Count


def outcomes_by_town(history: History, batch: Batch, rules: Rules) -> list[TownOutcome]:
    """A row for every town and fund of the batch, in the order of towns and of the rules' funds."""
    again = sent_again(history, batch)
    sums: dict[tuple[TownComponent, FundComponent], dict[State | str, Count]] = {}
    for payee, (fund, town) in batch.places.items():
        of_place = sums.setdefault((town, fund), {})
        amount_fen = batch.amounts_fen[payee]
        # A void batch has no outcomes.
        outcome = batch.outcomes.get(payee, "voided")
        for key in ("due", outcome, *(["reissued"] if payee in again else [])):
            people, fen = of_place.get(key, NOBODY)
            of_place[key] = Count(people + 1, fen + amount_fen)
    order = [fund.component for fund in rules.funds]
    return [
        TownOutcome(
            town_code=code_of(town),
            town_name=name_of(town),
            fund_code=code_of(fund),
            fund_name=name_of(fund),
            due=counts["due"],
            paid=counts.get(State.PAID, NOBODY),
            returned=counts.get(State.RETURNED, NOBODY),
            unknown=counts.get(State.UNKNOWN, NOBODY),
            awaited=counts.get(State.IN_BANK, NOBODY),
            reissued=counts.get("reissued", NOBODY),
            voided=counts.get("voided", NOBODY),  # guard: voided-counted
        )
        for (town, fund), counts in sorted(
            sums.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        )
    ]


def sent_again(history: History, batch: Batch) -> set[PayeeId]:
    """Who of the batch was returned and is in a later batch that was not taken back."""
    returned = {payee for payee, state in batch.outcomes.items() if state == State.RETURNED}
    later = False
    again: set[PayeeId] = set()
    for other in history.batches.values():
        if later and not other.voided:
            again |= returned & other.amounts_fen.keys()
        later = later or other.id == batch.id
    return again


def reason_shares(batch: Batch) -> list[ReasonShare]:
    """Everyone of the batch who came back, by the class of the bank's reason, the most first."""
    sums: dict[str, Count] = {}
    for payee, reason_class in batch.reasons.items():
        if batch.outcomes.get(payee) == State.RETURNED:
            people, fen = sums.get(reason_class, NOBODY)
            sums[reason_class] = Count(people + 1, fen + batch.amounts_fen[payee])
    shares = [ReasonShare(code, count) for code, count in sums.items()]
    return sorted(shares, key=lambda share: (-share.count.people, share.code))


def totals_of(rows: Sequence[TownOutcome]) -> dict[str, Any]:
    """The sums over all towns and funds, as programs read them: people and yuan by outcome."""
    totals = {}
    for name in ("due", "paid", "returned", "unknown", "awaited", "reissued", "voided"):
        counts: list[Count] = [getattr(row, name) for row in rows]
        people, fen = sum(c.people for c in counts), sum(c.amount_fen for c in counts)
        totals[name] = {"payees": people, "amount": plain(fen)}
    return totals
