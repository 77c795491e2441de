"""Who is owed something now, and who of them may not be paid yet and why. Pure."""

from __future__ import annotations

import datetime
import enum
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

from ledger.history import History
from ledger.payees import Payee
from ledger.rules import Rate
from ledger.rules import Rules
from ledger.transitions import State


class Block(enum.StrEnum):
    """Why a person who is owed something may not be paid now.

    A bank file's own reasons (a name that the bank's encoding cannot carry …) stand beside
    these, as :mod:`reports.bank.unsendable` names them.
    """

    RETURNED = "returned_unmended"
    POST_PAID = "post_paid"
    NO_RATE = "no_rate"
    LATER_EVENT = "later_event"


class Claim(NamedTuple):
    """A person who may be paid now, and by which rate."""

    payee: Payee
    rate: Rate


class Blocked(NamedTuple):
    """A person who is owed something and may not be paid yet, and why."""

    payee: Payee
    reason: str


@dataclass(frozen=True)
class Claims:
    """Everyone who may be paid now in the order of payment, and why others may not.

    ``settled`` counts those to whom nothing is owed now, by their state or ``inactive``.
    """

    eligible: tuple[Claim, ...]
    blocked: tuple[Blocked, ...]
    settled: Mapping[str, int]

    @property
    def blocked_ids(self) -> set[str]:
        return {blocked.payee.payee_id for blocked in self.blocked}

    @property
    def needed_fen(self) -> int:
        return sum(claim.rate.amount_fen for claim in self.eligible)


def find_claims(
    payees: Sequence[Payee],
    history: History,
    rules: Rules,
    on: datetime.date,
    *,
    unsendable: Callable[[Payee, int], str | None],
) -> Claims:
    """Sort everyone into those who may be paid on a day and those who may not.

    ``unsendable`` says why a payee with an amount in fen cannot go into the bank's file.
    """
    paid_posts = {
        payee.post: payee.payee_id for payee in payees if payee.payee_id in history.standings
        and history.standings[payee.payee_id].state != State.DUE
    }  # fmt: skip
    eligible = []
    blocked: list[Blocked] = []
    settled: Counter[str] = Counter()
    rates = {role: rules.rate(role, on) for role in {payee.role for payee in payees}}
    for payee in sorted(payees, key=lambda payee: (payee.town, payee.serial)):
        state = state_of(payee.payee_id, history)
        if state in (State.PAID, State.IN_BANK, State.UNKNOWN):
            settled[state.value] += 1
            continue
        if not payee.active:
            settled["inactive"] += 1
            continue
        rate = rates[payee.role]
        reason = _why_blocked(payee, state, rate, paid_posts, unsendable)
        standing = history.standings.get(payee.payee_id)
        if standing is not None and standing.since > on:
            reason = Block.LATER_EVENT
        if reason is not None or rate is None:
            blocked.append(Blocked(payee, str(reason)))
            continue
        paid_posts[payee.post] = payee.payee_id
        eligible.append(Claim(payee, rate))
    return Claims(tuple(eligible), tuple(blocked), settled)


def state_of(payee_id: str, history: History) -> State:
    """The person's state: due until an event says otherwise."""
    standing = history.standings.get(payee_id)
    return standing.state if standing else State.DUE


def _why_blocked(
    payee: Payee,
    state: State,
    rate: Rate | None,
    paid_posts: Mapping[str, str],
    unsendable: Callable[[Payee, int], str | None],
) -> str | None:
    if state == State.RETURNED:
        return Block.RETURNED
    if rate is None:
        return Block.NO_RATE
    if paid_posts.get(payee.post, payee.payee_id) != payee.payee_id:
        return Block.POST_PAID
    return unsendable(payee, rate.amount_fen)


def skipped_json(claims: Claims) -> list[dict[str, Any]]:
    """Why people are not taken, as programs read it; ``payees`` are those to be mended."""
    payees: dict[str, list[str]] = {}
    for blocked in claims.blocked:
        payees.setdefault(blocked.reason, []).append(blocked.payee.payee_id)
    counts = {**claims.settled, **{reason: len(ids) for reason, ids in payees.items()}}
    return [
        {"reason": reason, "count": count, "payees": payees.get(reason, [])}
        for reason, count in sorted(counts.items())
    ]
