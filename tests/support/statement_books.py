"""What books know of statement lines, for tests of overlapping exports."""

from __future__ import annotations

import datetime
from typing import Any

from beancount.core import data

from importers.matching.continuity import new_lines
from importers.matching.known_lines import names_in_books
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import Statement
from ledger.model.bank_lines import line_ids
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId

FIRST_DAY = datetime.date(2020, 1, 1)
ACCOUNT = "Assets:1002银行存款:01滕州农商行"
NO_ENTRY: Any = data.Transaction({}, FIRST_DAY, "*", None, "", frozenset(), frozenset(), [])


def statement(lines: list[BankLine]) -> Statement:
    return Statement("流水.csv", "Sheet1", "", "", tuple(lines))


class Books:
    """What the books know: lines by their ids in the order in which they were entered."""

    def __init__(self) -> None:
        self.known: dict[BankLineId, EnteredLine] = {}

    def take(self, lines: list[BankLine]) -> int:
        ids = names_in_books(statement(lines), line_ids(ACCOUNT, lines), self.known)
        places = new_lines(statement(lines), ids, self.known)
        for place in places:
            line = lines[place]
            self.known[ids[place]] = EnteredLine(
                ids[place], line.date, line.amount_fen, line.balance_fen, NO_ENTRY
            )
        return len(places)

    def amounts(self) -> list[int]:
        return [line.amount_fen for line in self.known.values()]
