"""What stands on more rows of a roster than it may: a person, an account, a post, a bank."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from importers.rosters.card_issuers import banks_named
from importers.rosters.card_issuers import card_of
from importers.rosters.checks import IDENTITY
from importers.rosters.checks import SHORTEST_ACCOUNT
from importers.rosters.checks import Finding

if TYPE_CHECKING:
    import pandas

OTHERS_NAMED = 5
# Fewer people than this may well have the same of anything.
FEWEST_FOR_CONSTANT = 5


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


def check_same_names(people: pandas.DataFrame) -> Iterator[Finding]:
    """Two identity numbers under one name in one town: two people, or one who is there twice.

    ``people`` has the columns town, name, identity and place. Across towns it means nothing.
    """
    for _named, rows in _repeated(people, ["town", "name"]):
        yield from _each(rows, "name", "same_name")


def check_constant_columns(people: pandas.DataFrame) -> Iterator[Finding]:
    """A bank or a phone that everybody of a table has: one finding, at its first row.

    ``people`` has the columns table (a number), bank, phone and account. Towns in which all have
    cards of one bank are common: where every card is known to be of it, the column is right.
    """
    for _table, rows in people.groupby("table", sort=False):
        if len(rows) < FEWEST_FOR_CONSTANT:
            continue
        for field in ("bank", "phone"):
            value = rows[field].iloc[0]
            if not value or rows[field].nunique() > 1:
                continue
            if field == "phone" or not _all_of(value, rows["account"]):
                parameters = {"people": str(len(rows))}
                yield Finding(int(rows.index[0]), field, "column_constant", parameters)


def _all_of(bank: str, accounts: Iterable[str]) -> bool:
    named = banks_named(bank)
    cards = map(card_of, accounts)
    return all(card is not None and card.issuer.name in named for card in cards)


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
