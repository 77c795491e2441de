"""What stands on more rows of a roster than it may: a person, an account, a post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from importers.rosters.checks import IDENTITY
from importers.rosters.checks import SHORTEST_ACCOUNT
from importers.rosters.checks import Finding

if TYPE_CHECKING:
    import pandas

OTHERS_NAMED = 5


def check_repetitions(people: pandas.DataFrame) -> Iterator[Finding]:
    """One person on two rows, one account of two people: all rows concerned.

    ``people`` has the columns identity, account, name (texts) and place (where the row stands).
    """
    for identity, rows in _repeated(people, "identity"):
        if IDENTITY.fullmatch(identity):
            yield from _each(rows, "identity", "duplicate_in_file")
    for account, rows in _repeated(people, "account"):
        holders = rows["identity"].where(rows["identity"] != "", rows["name"])
        if len(account) >= SHORTEST_ACCOUNT and holders.nunique() > 1:
            yield from _each(rows, "account", "account_shared")


def check_shared_posts(people: pandas.DataFrame) -> Iterator[Finding]:
    """Two people on one block or area; ``people`` has the columns role, post, block and place."""
    for (_role, post), rows in _repeated(people, ["role", "post"]):
        if post:
            field = "block" if rows["block"].iloc[0] else "area"
            yield from _each(rows, field, "post_shared")


def _repeated(
    people: pandas.DataFrame, columns: str | list[str]
) -> Iterator[tuple[Any, pandas.DataFrame]]:
    """(value, its rows) for every value that stands on more than one row."""
    repeated = people[people.duplicated(columns, keep=False)]
    if len(repeated):
        yield from repeated.groupby(columns, sort=False)


def _each(rows: pandas.DataFrame, field: str, code: str) -> Iterator[Finding]:
    """The finding for every row of a group, naming some of the others: all could be thousands."""
    first = list(zip(rows.index, rows["place"], strict=True))[: OTHERS_NAMED + 1]
    for position in rows.index:
        others = [place for other, place in first if other != position][:OTHERS_NAMED]
        more = len(rows) - 1 > len(others)
        named = ", ".join(others) + (" …" if more else "")
        yield Finding(position, field, code, {"others": named})
