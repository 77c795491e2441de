"""The people of a roster as columns: their cells as they stood, their texts, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING

from importers.rosters import checks as roster_checks
from importers.rosters.checks import Finding
from importers.rosters.posts import Post
from importers.rosters.posts import read_post
from importers.rosters.repetitions import check_repetitions
from importers.rosters.sheets import RosterSheet
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell

if TYPE_CHECKING:
    import pandas

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


def cells_by_field(sheets: Iterable[RosterSheet]) -> dict[str, list[Cell]]:
    """The people's cells as they stood, one list a field over all sheets."""
    cells: dict[str, list[Cell]] = {field: [] for field in FIELDS}
    for sheet in sheets:
        rows = [row for _number, row in sheet.body.people]
        for field, column in cells.items():
            place = sheet.columns.get(field)
            column += [""] * len(rows) if place is None else [row[place] for row in rows]
    return cells


def read_posts(sheets: Iterable[RosterSheet], cells: dict[str, list[Cell]]) -> list[Post]:
    surroundings = [sheet.surroundings for sheet in sheets for _person in sheet.body.people]
    columns = zip(
        cells["role"], cells["town"], cells["area"], cells["block"], surroundings, strict=True
    )
    return [read_post(position, *row) for position, row in enumerate(columns)]


def normalised(
    sheets: Sequence[RosterSheet], cells: dict[str, list[Cell]], posts: list[Post]
) -> pandas.DataFrame:
    """A frame of texts with a column for each field, the towns as codes, ``post`` and ``place``."""
    # It takes a third of a second, and most commands read no roster.
    import pandas

    columns: dict[str, list[str]] = {
        "name": list(map(person_name, cells["name"])),
        "bank_name": list(map(unless_nothing, map(person_name, cells["bank_name"]))),
        "identity": list(map(number_text, cells["identity"])),
        "role": [post.role for post in posts],
        "town": [post.town.code if post.town else "" for post in posts],
        "area": [post.area for post in posts],
        "area_name": list(map(words, cells["area_name"])),
        "block": [post.block for post in posts],
        "phone": list(map(unless_nothing, map(number_text, cells["phone"]))),
        "bank": list(map(unless_nothing, map(words, cells["bank"]))),
        "account": list(map(number_text, cells["account"])),
        "payee_id": list(map(words, cells["payee_id"])),
        "post": [post.block or post.area for post in posts],
        "place": [
            f"{sheet.name}!{number}" if len(sheets) > 1 else str(number)
            for sheet in sheets
            for number, _row in sheet.body.people
        ],
    }
    return pandas.DataFrame(columns, dtype=object)


def check(
    cells: dict[str, list[Cell]], people: pandas.DataFrame, posts: list[Post]
) -> list[Finding]:
    """Every finding but those about posts that rows share, column by column."""
    identities, accounts = people["identity"], people["account"]
    return [
        *roster_checks.check_names(people["name"], people["bank_name"]),
        *roster_checks.check_identities(cells["identity"], identities),
        *(finding for post in posts for finding in post.findings),
        *roster_checks.check_banks(people["bank"]),
        *roster_checks.check_accounts(cells["account"], accounts, identities),
        *roster_checks.check_phones(people["phone"]),
        *check_repetitions(people),
    ]
