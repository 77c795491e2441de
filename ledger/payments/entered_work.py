"""The work that a payment's entry says it is for, and what that comes to. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from typing import NamedTuple

from ledger.base.money import plain
from ledger.model.history import DEDUCTION
from ledger.model.history import QUANTITY
from ledger.model.history import RATE
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import StageKind
from ledger.model.work_done import WorkDone
from ledger.payments.amount_owed import Owed
from ledger.payments.amount_owed import amount_owed
from ledger.payments.amount_owed import is_allowed

_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,8})\.[0-9]{2}")


class EnteredWork(NamedTuple):
    """What stands below a payment, as it stands there; empty what does not."""

    quantity: str = ""
    rate: str = ""
    deduction: str = ""

    @property
    def deduction_fen(self) -> int:
        """Nothing where it is no amount."""
        return _fen(self.deduction)


# Nearly everybody's, where the books count no work.
NO_WORK = EnteredWork()


def entered_work(meta: Mapping[str, Any]) -> EnteredWork:
    """What an entry says of the work."""
    if QUANTITY in meta or RATE in meta or DEDUCTION in meta:
        return EnteredWork(
            str(meta.get(QUANTITY) or ""), str(meta.get(RATE) or ""), str(meta.get(DEDUCTION) or "")
        )
    return NO_WORK


@lru_cache(maxsize=1 << 12)
def owed_as_entered(rate: RecordedRate, work: EnteredWork) -> Owed | None:
    """What is owed by a recorded rate for it; None where it is not what its stage has, or as the
    books write it. Remembered: thousands of entries say the same.
    """
    if work == NO_WORK and rate.kind is StageKind.FIXED:
        return Owed(rate.amount_fen, rate.amount_fen)
    listed_fen = _fen(work.rate) if rate.kind is StageKind.LISTED else 0
    owed = amount_owed(rate, WorkDone(work.quantity, listed_fen, work.deduction_fen))
    if owed is None or not is_allowed(rate, owed):
        return None
    # guard: work-as-computed
    return owed if work == work_of(owed, rate.kind) else None


def work_of(owed: Owed, kind: StageKind) -> EnteredWork:
    """How an entry says it."""
    return EnteredWork(
        owed.quantity,
        "" if kind is StageKind.FIXED else plain(owed.rate_fen),
        plain(owed.deduction_fen) if owed.deduction_fen else "",
    )


def _fen(text: str) -> int:
    return int(text.replace(".", "")) if _AMOUNT.fullmatch(text) else 0
