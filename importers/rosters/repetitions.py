"""What stands on more rows of a roster than it may: a person, an account, a post."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeVar

from importers.rosters.checks import IDENTITY
from importers.rosters.checks import SHORTEST_ACCOUNT
from importers.rosters.checks import Finding

OTHERS_NAMED = 5

_Value = TypeVar("_Value")


def check_repetitions(people: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """One person on two rows, one account of two people: all rows concerned.

    ``people`` has the columns identity, account, name (texts) and place (where the row stands).
    """
    identities, names, places = people["identity"], people["name"], people["place"]
    for identity, rows in _repeated(enumerate(identities)):
        if IDENTITY.fullmatch(identity):
            yield from _each(rows, places, "identity", "duplicate_in_file")
    for account, rows in _repeated(enumerate(people["account"])):
        holders = {identities[row] or names[row] for row in rows}
        if len(account) >= SHORTEST_ACCOUNT and len(holders) > 1:
            yield from _each(rows, places, "account", "account_shared")


def check_shared_posts(
    people: Mapping[str, Sequence[str]], without: Collection[int]
) -> Iterator[Finding]:
    """Two people on one block or area, on other rows than those ``without``.

    ``people`` has the columns role, post, block and place.
    """
    posts = zip(people["role"], people["post"], strict=True)
    counted = ((row, post) for row, post in enumerate(posts) if row not in without)
    for (_role, post), rows in _repeated(counted):
        if post:
            field = "block" if people["block"][rows[0]] else "area"
            yield from _each(rows, people["place"], field, "post_shared")


def _repeated(values: Iterable[tuple[int, _Value]]) -> list[tuple[_Value, list[int]]]:
    """(value, its rows) for every value that stands on more than one row, by its first row."""
    rows_of: dict[_Value, list[int]] = {}
    for row, value in values:
        rows_of.setdefault(value, []).append(row)
    return [(value, rows) for value, rows in rows_of.items() if len(rows) > 1]


def _each(rows: Sequence[int], places: Sequence[str], field: str, code: str) -> Iterator[Finding]:
    """The finding for every row of a group, naming some of the others: all could be thousands."""
    for row in rows:
        others = [places[other] for other in rows[: OTHERS_NAMED + 1] if other != row]
        others = others[:OTHERS_NAMED]
        more = len(rows) - 1 > len(others)
        named = ", ".join(others) + (" …" if more else "")
        yield Finding(row, field, code, {"others": named})
