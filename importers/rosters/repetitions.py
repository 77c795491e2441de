"""What stands on more rows of a roster than it may: a person, an account, a post, a bank.

People are columns: a list of texts for each field, all of one length. ``rows`` are the places in
these lists that are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias
from typing import TypeVar

from importers.rosters.card_issuers import banks_named
from importers.rosters.card_issuers import card_of
from importers.rosters.checks import IDENTITY
from importers.rosters.checks import SHORTEST_ACCOUNT
from importers.rosters.checks import UnplacedProblem
from importers.rosters.words import vocabulary
from ledger.model.payees import same_account
from ledger.model.payees import same_phone

OTHERS_NAMED = 5
# Fewer people than this may well have the same of anything.
FEWEST_FOR_CONSTANT = 5

Columns: TypeAlias = Mapping[str, Sequence[str]]
_Value = TypeVar("_Value")


def check_repetitions(people: Columns) -> Iterator[UnplacedProblem]:
    """One person on two rows, one account of two people: all rows concerned.

    ``people`` has the columns identity, account, name and place (where the row stands).
    """
    identities, names, places = people["identity"], people["name"], people["place"]
    every_row = range(len(identities))
    for identity, rows in _repeated(every_row, identities):
        if IDENTITY.fullmatch(identity):
            yield from _each(rows, places, "identity", "duplicate_in_file")  # guard: identity-once
    accounts = people["account"]
    for _account, rows in _repeated(every_row, list(map(same_account, accounts))):
        holders = {identities[row] or names[row] for row in rows}
        is_account = any(len(accounts[row]) >= SHORTEST_ACCOUNT for row in rows)
        if is_account and len(holders) > 1:
            yield from _each(rows, places, "account", "account_shared")


def check_shared_posts(people: Columns, rows: Sequence[int]) -> Iterator[UnplacedProblem]:
    """Two people on one block or area; ``people`` has the columns role, post, block and place."""
    roles, posts, blocks = people["role"], people["post"], people["block"]
    for _post, shared in _repeated(rows, [(roles[row], posts[row]) for row in rows]):
        if posts[shared[0]]:
            field = "block" if blocks[shared[0]] else "area"
            yield from _each(shared, people["place"], field, "post_shared")


def check_missing_posts(people: Columns, rows: Sequence[int]) -> Iterator[UnplacedProblem]:
    """One finding for all who have no code of a post and should, at the first of them.

    Whom the office itself lists it has registered so, and said it then.
    """
    kind_of = vocabulary().programme.post_kind
    roles, posts, ids = people["role"], people["post"], people["payee_id"]
    without = [
        row for row in rows if not posts[row] and not ids[row] and kind_of(roles[row]) != "none"
    ]
    if without:
        yield UnplacedProblem(without[0], "block", "posts_missing", {"people": str(len(without))})


def check_same_names(people: Columns, rows: Sequence[int]) -> Iterator[UnplacedProblem]:
    """Two identity numbers under one name in one town: two people, or one who is there twice.

    ``people`` has the columns town, name and place. Across towns it means nothing.
    """
    towns, names = people["town"], people["name"]
    for _named, shared in _repeated(rows, [(towns[row], names[row]) for row in rows]):
        yield from _each(shared, people["place"], "name", "same_name")


def check_same_people(people: Columns, rows: Sequence[int]) -> Iterator[UnplacedProblem]:
    """One name with one phone number in two towns: one person, most likely, who is there twice.

    ``people`` has the columns town, name, phone and place.
    """
    towns, names, phones = people["town"], people["name"], people["phone"]
    for (_name, phone), shared in _repeated(
        rows, [(names[row], same_phone(phones[row])) for row in rows]
    ):
        if phone and len({towns[row] for row in shared}) > 1:
            yield from _each(shared, people["place"], "name", "same_person_elsewhere")


def check_constant_columns(
    people: Columns, rows: Sequence[int], tables: Sequence[int]
) -> Iterator[UnplacedProblem]:
    """A bank or a phone that everybody of a table has: one finding, at its first row.

    ``people`` has the columns bank, phone and account; ``tables`` are the numbers of the tables
    where they stand. Towns in which all have cards of one bank are common: where every card is
    known to be of it, the column is right.
    """
    for _table, listed in _repeated(rows, [tables[row] for row in rows]):
        if len(listed) < FEWEST_FOR_CONSTANT:
            continue
        for field in ("bank", "phone"):
            value = people[field][listed[0]]
            if not value or any(people[field][row] != value for row in listed):
                continue
            if field == "phone" or not _all_of(value, (people["account"][row] for row in listed)):
                yield UnplacedProblem(
                    listed[0], field, "column_constant", {"people": str(len(listed))}
                )


def _all_of(bank: str, accounts: Iterable[str]) -> bool:
    named = banks_named(bank)
    cards = map(card_of, accounts)
    return all(card is not None and card.issuer.name in named for card in cards)


def _repeated(rows: Sequence[int], values: Sequence[_Value]) -> list[tuple[_Value, list[int]]]:
    """(value, its rows) for every value that stands on more than one row, by its first row.

    Mostly there is none, which is told at once.
    """
    if len(set(values)) == len(values):
        return []
    rows_of: dict[_Value, list[int]] = {}
    for row, value in zip(rows, values, strict=True):
        rows_of.setdefault(value, []).append(row)
    return [(value, rows) for value, rows in rows_of.items() if len(rows) > 1]


def _each(
    rows: Sequence[int], places: Sequence[str], field: str, code: str
) -> Iterator[UnplacedProblem]:
    """The finding for every row of a group, naming some of the others: all could be thousands."""
    for row in rows:
        others = [places[other] for other in rows[: OTHERS_NAMED + 1] if other != row]
        others = others[:OTHERS_NAMED]
        more = len(rows) - 1 > len(others)
        named = ", ".join(others) + (" …" if more else "")
        yield UnplacedProblem(row, field, code, {"others": named})
