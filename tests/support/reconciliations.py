"""Reconciliations made up field by field."""

from __future__ import annotations

import datetime
from typing import Any

from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import sum_fen

DAY = datetime.date(2020, 12, 31)


def record(**fields: Any) -> Reconciliation:
    """Books and bank that agree: the bank has 1,000,000.00 yuan."""
    values: dict[str, Any] = {
        "as_of": DAY,
        "bank_name": "滕州农商行",
        "bank_fen": 1_000_000_00,
        "bank_is_computed": False,
        "bank_as_of": DAY,
        "first_line": datetime.date(2020, 5, 8),
        "bank_opening_fen": 0,
        "books_opening_fen": 0,
        "bank_received": (),
        "bank_paid": (),
        "unit_received": (),
        "unit_paid": (),
        "in_transit": (),
    }
    values |= fields
    in_suspense = [
        [item for item in values[side] if item.by_hand is None]
        for side in ("bank_received", "bank_paid")
    ]
    values.setdefault("suspense_fen", sum_fen(in_suspense[1]) - sum_fen(in_suspense[0]))
    values.setdefault("unexplained", sum(map(len, in_suspense)))
    on_its_way_fen = sum_fen(values["unit_received"]) - sum_fen(values["unit_paid"])
    values.setdefault("books_fen", (values["bank_fen"] or 0) + on_its_way_fen)
    return Reconciliation(**values)
