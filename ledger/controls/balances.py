"""Results add up: what the accounts hold is what the people's states say.

The fold follows people and never adds up accounts; here the postings are summed and people
are only counted, so that neither can be wrong unseen.
"""

from __future__ import annotations

from collections import defaultdict

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.model.accounts import Place
from ledger.model.accounts import subsidy_account
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import History
from ledger.model.history import sums_of
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import FundComponent
from ledger.model.ids import TownComponent
from ledger.model.transitions import State

# (batch, place, fund, town) -> fen owed; returned money belongs to no batch: it may go out again.
Owed = dict[tuple[BatchId, Place, FundComponent, TownComponent], int]

_PLACES = {
    State.IN_BANK: Place.AWAITED,
    State.UNKNOWN: Place.QUERIED,
    State.RETURNED: Place.RETURNED,
}


def check_balances(history: History) -> list[Finding]:
    """Invariant 5, per batch, fund and town: a finding for every account that does not agree."""
    by_accounts, by_people = owed_by_accounts(history), owed_by_people(history)
    findings = []
    for key in sorted(by_accounts.keys() | by_people.keys(), key=str):
        batch, place, fund, town = key
        here_fen, there_fen = by_accounts.get(key, 0), by_people.get(key, 0)
        if here_fen != there_fen:  # guard: accounts-hold-states
            message = _("{place} of {batch} {fund} {town} holds {here}; its people make {there}")
            header = history.batches[batch].header if batch else history.events[-1].header
            text = message.format(
                place=place.word,
                batch=batch,
                fund=fund,
                town=town,
                here=grouped(here_fen),
                there=grouped(there_fen),
            )
            findings.append(at(header, "result", text))
    return findings


def owed_by_accounts(history: History) -> Owed:
    """What the postings of the events leave on the 2307 accounts."""
    owed_fen: Owed = defaultdict(int)
    keys: dict[str, tuple[Place, FundComponent, TownComponent] | None] = {}
    for event in history.events:
        if event.batch not in history.batches:
            continue
        for _day, account, amount_fen in sums_of(event):
            if account not in keys:
                keys[account] = _payable(account)
            key = keys[account]
            if key is not None:
                batch = NO_BATCH if key[0] == Place.RETURNED else event.batch
                owed_fen[batch, *key] -= amount_fen
    return owed_fen


def _payable(account: str) -> tuple[Place, FundComponent, TownComponent] | None:
    place = subsidy_account(account, {})
    if place is None or not place.fund:
        return None
    return place.place, place.fund, place.town


def owed_by_people(history: History) -> Owed:
    """The same by the states of the people."""
    owed_fen: Owed = defaultdict(int)
    for _stage, _payee, standing in history.every_standing():
        place = _PLACES.get(standing.state)
        if place is not None:
            batch = NO_BATCH if place == Place.RETURNED else standing.batch
            owed_fen[batch, place, standing.fund, standing.town] += standing.amount_fen
    return owed_fen
