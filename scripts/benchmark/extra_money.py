"""Lets the simulated bank know of a receipt for offices that are larger than the real one.

python scripts/benchmark/extra_money.py INPUTS YUAN
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from samples.account import Movement
from samples.account_memory import remember
from samples.account_year import UPPER_OFFICE

if __name__ == "__main__":
    inputs, yuan = Path(sys.argv[1]), int(sys.argv[2])
    receipt = Movement(date(2020, 11, 5), yuan * 100, *UPPER_OFFICE, "两员补助上级补助资金")
    remember(inputs, [receipt])
