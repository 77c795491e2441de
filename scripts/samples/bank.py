"""The simulated bank: it decides, by a seed, what becomes of each payment of a batch.

How it writes its decisions down is the matter of :mod:`samples.bank_answers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import Enum
from random import Random

from samples.bank_upload import SentRow
from samples.bank_words import LATER_REASON
from samples.bank_words import PENDING_TEXTS
from samples.bank_words import RETURN_TEXTS
from samples.bank_words import USUAL_REASONS


class Fate(Enum):
    """What the bank does with one payment."""

    PAID = "paid"
    RETURNED = "returned"
    PENDING = "pending"  # the bank does not know yet
    LATER = "later"  # said to be paid; the other bank sends it back days after


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a payment, and the bank's words for it.

    ``reason_class`` is a key of ``RETURN_TEXTS`` for what is returned, else empty; ``text`` is
    empty for what is paid. ``handled`` is the amount that the bank claims to have paid, where
    that is neither the whole nor nothing.
    """

    fate: Fate
    text: str = ""
    reason_class: str = ""
    handled: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the bank says 成功: of what comes back later it does not know better yet."""
        return self.fate in (Fate.PAID, Fate.LATER)


@dataclass(frozen=True, slots=True)
class Decision:
    row: SentRow
    outcome: Outcome

    @property
    def handled(self) -> str:
        """Yuan that the bank says it has paid."""
        whole = self.row.amount if self.outcome.is_success else "0.00"
        return self.outcome.handled or whole


PAID = Outcome(Fate.PAID)


def returned(reason_class: str, random: Random) -> Outcome:
    """A return of that class, in one of the ways in which banks say it."""
    return Outcome(Fate.RETURNED, random.choice(RETURN_TEXTS[reason_class]), reason_class)


def decide(
    rows: Sequence[SentRow],
    *,
    seed: int,
    returned_share: float = 0.005,
    reasons: Sequence[str] = USUAL_REASONS,
    pending: int = 2,
    later: int = 1,
) -> list[Decision]:
    """A decision for each row, in the order of the rows; the same arguments decide the same.

    ``returned_share`` of the rows come back, one at least unless it is 0; their classes are dealt
    from ``reasons`` like cards, so that each is seen before any is seen more often than it stands
    there. ``pending`` rows get no answer yet; ``later`` rows are paid and come back afterwards.
    With too few rows, later ones are given up first, then pending ones.
    """
    random = Random(f"{seed}:bank")
    share = max(1, round(len(rows) * returned_share)) if returned_share else 0
    cards = _dealt(reasons, share, random)
    plan = [returned(reason, random) for reason in cards]
    plan += [Outcome(Fate.PENDING, random.choice(PENDING_TEXTS)) for _ in range(pending)]
    plan += [Outcome(Fate.LATER) for _ in range(later)]
    plan = plan[: len(rows)]
    special = dict(zip(random.sample(range(len(rows)), len(plan)), plan, strict=True))
    return [Decision(row, special.get(place, PAID)) for place, row in enumerate(rows)]


def _dealt(reasons: Sequence[str], count: int, random: Random) -> list[str]:
    dealt: list[str] = []
    while len(dealt) < count:
        dealt += random.sample(reasons, len(reasons))
    return dealt[:count]


def follow_up(
    decisions: Sequence[Decision], *, seed: int, returned_of_pending: int = 1
) -> list[Decision]:
    """What the bank says days later, of those alone of whom it has something new to say.

    The first ``returned_of_pending`` of the pending rows come back, the others are paid; what was
    to come back later does so now.
    """
    random = Random(f"{seed}:follow-up")
    news = []
    to_return = returned_of_pending
    for decision in decisions:
        if decision.outcome.fate is Fate.LATER:
            news.append(replace(decision, outcome=returned(LATER_REASON, random)))
        elif decision.outcome.fate is Fate.PENDING:
            back = to_return > 0
            to_return -= back
            outcome = returned(random.choice(USUAL_REASONS), random) if back else PAID
            news.append(replace(decision, outcome=outcome))
    return news
