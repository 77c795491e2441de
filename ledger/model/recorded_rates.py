"""The rates that a batch was made by, as its header records them.

``普查员:30226劳务费:01两员补助=80000``: the role, the account's path below the fund, and fen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ledger.model.ids import LineComponent
from ledger.model.rules import Rate

RATES = "rates"


class RecordedRate(NamedTuple):
    """What a role was owed by a batch; ``item`` is the account's path below the fund."""

    amount_fen: int
    item: str

    @property
    def line(self) -> LineComponent:
        """The budget line's component."""
        return LineComponent(self.item.partition(":")[0])


def write_rates(rates: Iterable[Rate]) -> str:
    """The rates in the form that a batch's header records."""
    return " ".join(sorted({f"{rate.role}:{rate.item}={rate.amount_fen}" for rate in rates}))


def read_rates(text: str) -> dict[str, RecordedRate]:
    """The rates of a header by role; what is unreadable is left out."""
    found = re.findall(r"([^\s:=]+):([^\s=]+)=(\d+)", text)
    return {role: RecordedRate(int(amount_fen), item) for role, item, amount_fen in found}
