"""The text of events after a batch was sent: results of the bank, releases, cancellations."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.base.masks import mask_numbers
from ledger.base.money import CURRENCY
from ledger.base.money import plain
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import quoted
from ledger.events.event_text import subsidy_entry
from ledger.events.event_text import tax_meta
from ledger.model.accounts import PAYABLES
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import Place
from ledger.model.accounts import name_of
from ledger.model.history import Batch
from ledger.model.history import Standing
from ledger.model.history import outcome_text
from ledger.model.ids import FundComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.ids import TownComponent
from ledger.model.recorded_rates import STAGE
from ledger.model.transitions import State
from ledger.payments.settlement import Move
from ledger.payments.settlement import Settlement

# Where a payment stands by its state, and how an entry's narration speaks of the answer.
PLACES = {
    State.IN_BANK: Place.AWAITED,
    State.RETURNED: Place.RETURNED,
    State.UNKNOWN: Place.QUERIED,
}
WORDS = {State.PAID: "已支付", State.RETURNED: "退回", State.UNKNOWN: "待查"}


def result_event(
    on: datetime.date,
    at: Drafting,
    batch: Batch,
    settlement: Settlement,
    standings: Mapping[PayeeId, Standing],
    names: Mapping[PayeeId, str],
    *,
    payment: str,
    meta: Mapping[str, str],
) -> str:
    """The bank's answers: one entry a fund and town for those paid, one a person for others.

    ``names`` are legal names by payee id, ``payment`` says what is paid, ``meta`` is the evidence:
    the original's digest, or the bank's refusal. The header records where everybody of the batch
    stands after it.
    """
    outcomes = Counter(batch.outcomes.values())
    for answer, before in settlement.moves:
        outcomes[before] -= 1
        outcomes[answer.outcome] += 1
    amount_fen = sum(batch.amounts_fen[move.answer.payee] for move in settlement.moves)
    facts = {
        "outcome": outcome_text(outcomes),
        "disputed": " ".join(settlement.disputed),
        **meta,
    }
    count = len(settlement.moves)
    values = f'"result" {quoted(batch.id)} {count} {plain(amount_fen)} {CURRENCY}'
    parts = [header(on, at, values, facts)]
    parts += _paid_entries(on, batch, settlement.moves, payment)
    parts += [
        _single_entry(
            on, batch, move, standings[move.answer.payee], names[move.answer.payee], payment
        )
        for move in settlement.moves
        if move.answer.outcome != State.PAID
    ]
    return "\n".join(parts)


def _paid_entries(
    on: datetime.date, batch: Batch, moves: Sequence[Move], payment: str
) -> Iterator[str]:
    """One entry for everyone who was paid of a fund and town, with the links of all of them."""
    groups: dict[tuple[Place, FundComponent, TownComponent], list[PayeeId]] = {}
    for answer, before in moves:
        if answer.outcome == State.PAID:
            key = (PLACES[before], *batch.places[answer.payee])
            groups.setdefault(key, []).append(answer.payee)
    for (place, fund, town), payees in sorted(groups.items(), key=lambda group: group[0][1:]):
        yield subsidy_entry(
            on, f"{name_of(town)} {len(payees):,} 人", f"{payment} {WORDS[State.PAID]}", batch.id,
            sorted(payees), {},
            debit=f"{PAYABLES}:{place.value}:{fund}:{town}", credit=TRANSIT,
            amount_fen=sum(batch.amounts_fen[payee] for payee in payees),
        )  # fmt: skip


def _single_entry(
    on: datetime.date, batch: Batch, move: Move, standing: Standing, name: str, payment: str
) -> str:
    answer, before = move
    below = f"{standing.fund}:{standing.town}"
    credit = f"{PAYABLES}:{PLACES[answer.outcome].value}:{below}"
    late = before == State.PAID
    debit = TRANSIT if late else f"{PAYABLES}:{PLACES[before].value}:{below}"
    facts = {
        "payee-id": answer.payee,
        "role": standing.role,
        "reason-class": answer.reason_class,
        "reason": mask_numbers(answer.text),
    }
    words = f"{'付后' if late else ''}{WORDS[answer.outcome]}"
    return subsidy_entry(
        on, name, f"{payment} {standing.role} {words}", batch.id, [answer.payee], facts,
        debit=debit, credit=credit, amount_fen=batch.amounts_fen[answer.payee],
    )  # fmt: skip


def release_event(
    on: datetime.date, at: Drafting, stage: StageCode, payees: Sequence[PayeeId], reason: str
) -> str:
    """People may be paid in a stage although something speaks against it: by whom and why.

    ``stage`` is empty where the books name none.
    """
    meta = {STAGE: stage, "payees": " ".join(payees), "reason": mask_numbers(reason)}
    return header(on, at, quoted("released"), meta)


def cancelled_event(
    on: datetime.date,
    at: Drafting,
    payee: PayeeId,
    standing: Standing,
    name: str,
    expense: str,
    reason: str,
    payment: str,
) -> str:
    """A returned payment to somebody who is not entitled: the expense is taken back, and with it
    the tax that was withheld.
    """
    gross_fen = standing.amount_fen + standing.tax_fen
    values = f'"cancelled" {quoted(standing.batch)} 1 {plain(gross_fen)} {CURRENCY}'
    reason = mask_numbers(reason)
    debit = f"{PAYABLES}:{Place.RETURNED.value}:{standing.fund}:{standing.town}"
    entry = subsidy_entry(
        on, name, f"{payment} {standing.role} 取消", standing.batch, [payee],
        {"payee-id": payee, "role": standing.role, "reason": reason},
        debit=debit, credit=expense, amount_fen=standing.amount_fen, tax_fen=-standing.tax_fen,
    )  # fmt: skip
    facts = {"reason": reason, **tax_meta(standing.tax_fen)}
    return "\n".join([header(on, at, values, facts), entry])
