"""The headings of a roster: a person, and a number of hers."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from importers.rosters.words import is_former
from importers.rosters.words import roster_words
from importers.rosters.words import speaks_of_others
from importers.tables.cell_text import number_text
from importers.tables.cells import Cell
from importers.tables.headings import Headings
from importers.tables.headings import filled
from importers.tables.headings import headings_at
from ledger.base.records import Record

LONGEST_GROUP = 8
FEWEST_FIELDS = 3


# Of these a second column is looked at, too: money goes by them, or a post does.
COMPARED = (
    "name",
    "bank_name",
    "identity",
    "account",
    "bank",
    "role",
    "block",
    "name_of_role",
    "remark",
)


class Header(Record):
    """Where the headings stand and what they mean.

    ``first`` and ``last`` are rows counted from 0, the same for a single line. ``columns`` maps
    a field to its column, ``others`` to those that fit it as well. ``titles`` has a heading for
    every column, ``whole`` with the group that it stands in, ``texts`` every heading as
    :func:`spoken` spells it.
    """

    first: int
    last: int
    columns: dict[str, int]
    others: dict[str, tuple[int, ...]]
    titles: tuple[str, ...]
    whole: tuple[str, ...]
    texts: frozenset[str]
    score: tuple[int, int, int]

    def all_of(self, field: str) -> tuple[int, ...]:
        """Every column that fits a field."""
        first = self.columns.get(field)
        return () if first is None else (first, *self.others.get(field, ()))


def header_at(cells: Sequence[Sequence[Cell]], row: int) -> Header | None:
    """The headings that begin in a row (from 0), if they name a person and a number of hers.

    The ``score`` is higher for headings that say more.
    """
    return header_among(headings_at(cells, row, roster_words().headings), _is_roster)


def header_among(
    candidates: Iterable[Headings],
    is_one: Callable[[Headings], bool],
    compared: Sequence[str] = COMPARED,
) -> Header | None:
    """The headings that say most of those that are of the kind asked for; of the fields that are
    ``compared`` every column counts.
    """
    best = max(filter(is_one, candidates), key=_score, default=None)
    if best is None:
        return None
    whole = tuple(map(_with_group, _groups(best), best.whole))
    columns = {field: _of_worker(best, whole, field) for field in best.columns}
    return Header(
        first=best.first,
        last=best.last,
        columns={field: places[0] for field, places in columns.items()},
        others={field: columns[field][1:] for field in compared if len(columns.get(field, ())) > 1},
        titles=best.titles,
        whole=whole,
        texts=best.texts,
        score=_score(best),
    )


def _score(headings: Headings) -> tuple[int, int, int]:
    """As ``Headings.rank``; 普查员 may be a heading, and the title of a few people as well."""
    fields, joined, lines = headings.rank
    return fields - ("name_of_role" in headings.columns), joined, lines


def _is_roster(headings: Headings) -> bool:
    columns = headings.columns
    if is_below_title(headings):
        return False
    person = any(field in columns for field in ("name", "bank_name", "name_of_role"))
    number = "identity" in columns or "account" in columns
    both = "name_and_identity" in columns
    return ((person and number) or both) and len(columns) >= FEWEST_FIELDS


def is_below_title(headings: Headings) -> bool:
    """Whether the first of the lines is a title, and the headings stand below it."""
    upper = headings.lines[0]
    return headings.last > headings.first and upper[0] != "" and not any(upper[1:])


def _groups(headings: Headings) -> Sequence[str]:
    """What reaches over each column from the row above the headings, unless that is a title."""
    words = roster_words().headings
    above = words.texts(headings.above[-1]) if headings.above else []
    short = [text if len(text) <= LONGEST_GROUP else "" for text in above]
    if not any(short[1:]):  # one text at the left is a title
        return [""] * len(headings.titles)
    return list(filled(short))


def _with_group(group: str, heading: str) -> str:
    return group + heading if heading else ""


def _of_worker(headings: Headings, whole: Sequence[str], field: str) -> tuple[int, ...]:
    """The columns of a field that are the worker's own, and of today, the one that counts most
    first; where none is, all: whose they are is seen by what stands in them.
    """
    places = headings.all_of(field)
    if field == "account":
        places += tuple(
            column
            for column, title in enumerate(headings.titles)
            if column not in places and title and _ends_as_account(title)
        )
    own = tuple(
        column
        for column in places
        if not speaks_of_others(whole[column]) and not is_former(whole[column])
    )
    return own or places  # guard: column-of-another


def _ends_as_account(title: str) -> bool:
    """Whether a heading beside one that is known exactly is of an account too: 其他银行卡号."""
    named = roster_words().headings.at_end(title)
    return named is not None and named.field == "account"


def settle_places(columns: dict[str, int], rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Columns headed 普查区 or 普查小区 hold codes in one town, names in the next: look at them.

    Returns the columns with ``area``, ``area_name`` and ``block`` only; a column of the names
    of blocks is left out.
    """
    settled = dict(columns)
    area = settled.pop("area_or_name", None)
    if area is not None:
        coded = "area" not in settled and _holds_codes(rows, area)
        settled.setdefault("area" if coded else "area_name", area)
    block = settled.pop("block_or_name", None)
    if block is not None and _holds_codes(rows, block):
        settled.setdefault("block", block)
    return settled


def _holds_codes(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    texts = [number_text(row[column]) for row in rows if row[column] != ""]
    return sum(map(str.isdecimal, texts)) * 2 > len(texts)
