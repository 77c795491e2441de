"""People whom a file lists on two sheets in the same words: a summary, and village by village.

Once is enough. Whoever stands there in other words, or twice on one sheet, goes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from operator import itemgetter

from importers.rosters.body import Body
from importers.rosters.body import is_long_number
from importers.rosters.sheets import RosterTable
from importers.tables.cell_text import number_text
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.base.records import replace

# What is the same of somebody who stands there again; 序号 and 金额 say nothing of her.
COMPARED = ("name", "identity", "account", "bank", "block", "role", "phone", "town")


def without_repeated(tables: Sequence[RosterTable]) -> list[RosterTable]:
    """The tables, of people on several sheets only the first row."""
    # A workbook of bad rows has a sheet for each table, and whoever is twice in it is to be mended.
    if len({table.sheet for table in tables}) < 2 or any(table.returned for table in tables):
        return list(tables)
    first: dict[str, tuple[RosterTable, Sequence[Cell]]] = {}
    kept = []
    for table in tables:
        again = set()
        place = table.columns.get("identity")
        for number, row in table.body.people:
            if place is None:
                break
            identity = number_text(row[place])
            if not is_long_number(identity):
                continue
            before, first_row = first.setdefault(identity, (table, row))
            # guard: repeated-in-other-words
            if before.sheet != table.sheet and _agree(
                _texts(before, first_row), _texts(table, row)
            ):
                again.add(number)
        kept.append(_without(table, again) if again else table)
    return kept


def _texts(table: RosterTable, row: Sequence[Cell]) -> Mapping[str, str]:
    texts = {}
    for field in COMPARED:
        place = table.columns.get(field)
        if place is not None:
            texts[field] = number_text(words(row[place]))
    return texts


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows say the same of all that both have, the name and the account among them."""
    return {"name", "account"} <= one.keys() & other.keys() and all(
        one[field] == other[field] for field in one.keys() & other.keys()
    )


def _without(table: RosterTable, rows: set[int]) -> RosterTable:
    people = [(number, row) for number, row in table.body.people if number not in rows]
    skipped = [*table.body.skipped, *((number, "repeated") for number in rows)]
    return replace(
        table, body=Body(people, sorted(skipped, key=itemgetter(0)), table.body.sections)
    )
