"""The stage and the rates that a batch was made by, as its header records them.

``普查员:30226劳务费:01两员补助=80000``: the role, the account's path below the fund, and fen; after
these how the stage owes, where it is not the same to everybody: ``=1000,per-unit,min=20000``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import NamedTuple

from ledger.model.ids import LineComponent
from ledger.model.ids import StageCode
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import StageKind

RATES, STAGE, LIMITS = "rates", "stage", "limits"
_RATE = re.compile(
    r"([^\s:=]+):([^\s=]+)=(\d+)(?:,(per-unit|listed))?(?:,min=(\d+))?(?:,max=(\d+))?(,only-listed)?"
    r"(?!\S)"
)


class RecordedRate(NamedTuple):
    """What a role was owed by a batch; ``item`` is the account's path below the fund.

    The rest is as in :class:`~ledger.model.rules.Rate`, with the kind of its stage.
    """

    amount_fen: int
    item: str
    kind: StageKind = StageKind.FIXED
    minimum_fen: int = 0
    maximum_fen: int | None = None
    only_listed: bool = False

    @property
    def most_fen(self) -> int | None:
        """What one person of the role is owed at most in the stage; None without a bound."""
        return self.maximum_fen if self.kind is StageKind.PER_UNIT else self.amount_fen

    @property
    def line(self) -> LineComponent:
        """The budget line's component."""
        return LineComponent(self.item.partition(":")[0])


def recorded_rate(rate: Rate, rules: Rules) -> RecordedRate:
    """A rate of the rules as a batch records it."""
    stage = rules.stage(rate.stage)
    kind = stage.kind if stage else StageKind.FIXED
    return RecordedRate(
        rate.amount_fen, rate.item, kind, rate.minimum_fen, rate.maximum_fen, rate.listed
    )


def rates_on(rules: Rules, on: datetime.date, stage: StageCode) -> dict[str, RecordedRate]:
    """The rates of a stage in force on a day, by role, as a batch would record them."""
    roles = {rate.role for rate in rules.rates}
    rates = {role: rules.rate(role, on, stage) for role in roles}
    return {role: recorded_rate(rate, rules) for role, rate in rates.items() if rate is not None}


def limits_on(rules: Rules, on: datetime.date) -> dict[str, int]:
    """What somebody of a role is owed at most over all stages, by the rules of a day, in fen."""
    limits = (rules.limit(role, on) for role in {limit.role for limit in rules.limits})
    return {limit.role: limit.amount_fen for limit in limits if limit is not None}


def write_limits(limits_fen: Mapping[str, int]) -> str:
    """Limits by role in the form that a batch's header records."""
    return " ".join(f"{role}={amount_fen}" for role, amount_fen in sorted(limits_fen.items()))


def read_limits(text: str) -> dict[str, int]:
    """The limits of a header by role, in fen; what is unreadable is left out."""
    return {role: int(fen) for role, fen in re.findall(r"([^\s=]+)=(\d+)(?!\S)", text)}


def write_rates(rates: Mapping[str, RecordedRate]) -> str:
    """Rates by role in the form that a batch's header records."""
    return " ".join(sorted(f"{role}:{_text(rate)}" for role, rate in rates.items()))


def read_rates(text: str) -> dict[str, RecordedRate]:
    """The rates of a header by role; what is unreadable is left out."""
    return {
        role: RecordedRate(
            int(amount_fen),
            item,
            StageKind(kind or StageKind.FIXED),
            int(least or 0),
            int(most) if most else None,
            bool(only_listed),
        )
        for role, item, amount_fen, kind, least, most, only_listed in _RATE.findall(text)
    }


def _text(rate: RecordedRate) -> str:
    parts = [f"{rate.item}={rate.amount_fen}"]
    parts += [rate.kind] if rate.kind is not StageKind.FIXED else []
    parts += [f"min={rate.minimum_fen}"] if rate.minimum_fen else []
    parts += [f"max={rate.maximum_fen}"] if rate.maximum_fen is not None else []
    return ",".join([*parts, *(["only-listed"] if rate.only_listed else [])])
