"""Addresses as data: what is answered where, by which method, and to which operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.base.records import Record
from ledger.model.operators import APPROVING
from ledger.model.operators import Role

GET, POST = "GET", "POST"
CLERK = frozenset({Role.CLERK})
CASHIER = frozenset({Role.CASHIER})
CHECKERS = frozenset(APPROVING)
# Who takes files in: rosters and statements by one, results by the other. Each file asks again.
TAKERS = CLERK | CASHIER
# Papers have whole numbers of people. Bank files are for whoever makes them and gives them away.
READERS_OF_PAPERS = CLERK | CASHIER | CHECKERS
READERS_OF_BANK_FILES = CLERK | CASHIER


class Route(Record):
    """An address. ``answer`` is called with the desk and with what the path names.

    ``roles`` are those of which an operator needs one; None answers whoever has been let in, as
    commands do that only read. Whatever is posted bears a token that is good once.
    """

    method: str
    path: str
    answer: Callable[..., Any]
    roles: frozenset[Role] | None = None
