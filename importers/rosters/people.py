"""The people of a roster as columns: their cells as they stood, their texts, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache

from importers.rosters import checks as roster_checks
from importers.rosters.card_issuers import card_of
from importers.rosters.checks import UnplacedProblem
from importers.rosters.correction_rows import around_each
from importers.rosters.correction_rows import columns_of_return
from importers.rosters.correction_rows import source_of
from importers.rosters.holders import check_holders
from importers.rosters.posts import Post
from importers.rosters.posts import name_beside_code
from importers.rosters.posts import read_post
from importers.rosters.repetitions import Columns
from importers.rosters.repetitions import check_repetitions
from importers.rosters.several_columns import chosen
from importers.rosters.sheets import RosterTable
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.base.outside_text import cleaned

# In the order of RosterRow's fields.
FIELDS = (
    "name",
    "bank_name",
    "identity",
    "role",
    "town",
    "area",
    "area_name",
    "block",
    "phone",
    "bank",
    "account",
    "payee_id",
)


def cells_by_field(tables: Iterable[RosterTable]) -> dict[str, list[Cell]]:
    """The people's cells as they stood, one list a field over all tables.

    Of several columns of a field the first one counts that is filled in; where they differ,
    :mod:`importers.rosters.several_columns` finds it.
    """
    cells: dict[str, list[Cell]] = {field: [] for field in FIELDS}
    for table in tables:
        rows = [row for _number, row in table.body.people]
        for field, column in cells.items():
            places = table.all_of(field)
            if len(places) > 1:
                column += [chosen(row, places, field) for row in rows]
            elif places:
                place = places[0]
                column += [row[place] for row in rows]
            elif field == "role" and table.ticks.columns:
                column += map(table.ticks.role, rows)
            else:
                column += [""] * len(rows)
    return cells


def read_posts(tables: Iterable[RosterTable], cells: dict[str, list[Cell]]) -> list[Post]:
    surroundings = [around for table in tables for around in around_each(table)]
    columns = zip(
        cells["role"], cells["town"], cells["area"], cells["block"], surroundings, strict=True
    )
    return [read_post(position, *row) for position, row in enumerate(columns)]


def normalised(
    tables: Sequence[RosterTable], cells: dict[str, list[Cell]], posts: list[Post]
) -> dict[str, list[str]]:
    """The texts of each field, the towns as codes, ``post`` and ``place``."""
    several = len({table.sheet for table in tables}) > 1
    return {
        "name": list(map(person_name, cells["name"])),
        "bank_name": list(map(_bank_name, cells["bank_name"])),
        "identity": list(map(number_text, cells["identity"])),
        "role": [post.role for post in posts],
        "town": [post.town.code if post.town else "" for post in posts],
        "area": [post.area for post in posts],
        "area_name": list(map(_area_name, cells["area_name"], cells["area"])),
        "block": [post.block for post in posts],
        "phone": list(map(_phone, cells["phone"])),
        "bank": list(map(_bank, map(words, cells["bank"]))),
        "account": list(map(number_text, cells["account"])),
        "payee_id": _ids(tables, ["" if cell == "" else words(cell) for cell in cells["payee_id"]]),
        "post": [post.block or post.area for post in posts],
        "place": [place for table in tables for place in _places(table, with_sheet=several)],
    }


@lru_cache(maxsize=4096)
def _bank(text: str) -> str:
    """A bank; what stands for it, as 同上 does, is none."""
    return unless_nothing(cleaned(text))


def _area_name(name: Cell, code: Cell) -> str:
    """The area's name, which may stand behind its code: 370481113001东荒村."""
    if name == "" and isinstance(code, str) and not code.isdigit():
        return cleaned(name_beside_code(words(code)))
    return _cleaned(words(name))


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    """Remembered: many rows are of one area."""
    return cleaned(text)


def _bank_name(cell: Cell) -> str:
    """How the bank spells the name; most rosters do not say it."""
    return "" if cell == "" else unless_nothing(person_name(cell))


def _phone(cell: Cell) -> str:
    """A phone, which is registered whatever it says: of a name or a number, damage is an error."""
    text = number_text(cell)
    return text if text.isdigit() else unless_nothing(cleaned(text))


def _ids(tables: Sequence[RosterTable], texts: list[str]) -> list[str]:
    """The ids of the office's own sheets; a table with plain numbers in their place numbers its
    people in a way of its own.
    """
    ids: list[str] = []
    for table in tables:
        own = texts[len(ids) : len(ids) + len(table.body.people)]
        ids += own if any(text and not text.isdigit() for text in own) else [""] * len(own)
    return ids


def _places(table: RosterTable, *, with_sheet: bool) -> list[str]:
    """Where the people of a table stand, as the town knows it: of rows that were sent back, where
    each stood first.
    """
    if columns_of_return(table):
        return [source_of(table, row) or str(number) for number, row in table.body.people]
    return [
        f"{table.sheet}!{number}" if with_sheet else str(number)
        for number, _row in table.body.people
    ]


def check(
    cells: dict[str, list[Cell]], people: Columns, posts: list[Post], tables: Sequence[int]
) -> list[UnplacedProblem]:
    """Every finding about single rows and about repetitions that are errors, column by column.

    ``tables`` are the numbers of the tables where the people stand.
    """
    identities, accounts = people["identity"], people["account"]
    cards = list(map(card_of, accounts))
    return [
        *roster_checks.check_names(cells["name"], people["name"], people["bank_name"]),
        *check_holders(people["name"], people["bank_name"], people["payee_id"]),
        *roster_checks.check_identities(cells["identity"], identities, tables),
        *(finding for post in posts for finding in post.findings),
        *roster_checks.check_banks(people["bank"], cards, people["name"]),
        *roster_checks.check_accounts(cells["account"], accounts, identities, cards, tables),
        *roster_checks.check_phones(people["phone"]),
        *check_repetitions(people),
    ]
