"""The words by which lists of work name columns and units: ``data/workload_words.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from importers.rosters.words import RosterWords
from importers.rosters.words import Vocabulary
from importers.rosters.words import roster_words
from importers.rosters.words import vocabulary
from importers.tables.headings import HeadingWords
from importers.tables.headings import Named
from ledger.base.records import Record

WORDS_FILE = Path(__file__).parent / "data" / "workload_words.json"

QUANTITY = "quantity"
# A heading that names a unit (户数) counts before one that names none (数量).
ANY_UNIT_RANK = 100
# Of the fields of a roster, those that say who somebody is and where.
OF_PERSON = (
    *("name", "identity", "payee_id", "role", "town", "area", "area_or_name", "area_name"),
    *("block", "block_or_name", "remark", "name_of_role", "account", "bank", "bank_name", "phone"),
)
# A heading that may be one of a list of work has one of these; most of a roster have none.
SIGNS = frozenset("数量额补差发扣减酬劳")


class Unit(Record):
    """What is counted: ``words`` are its names, ``places`` the decimals that it may have, ``most``
    what nobody does.
    """

    words: tuple[str, ...]
    places: int
    most: int


# What a programme counts that no list knows is whole, and never so many.
UNKNOWN_PLACES, UNKNOWN_MOST = 0, 100_000


@cache
def _data() -> Any:
    return json.loads(WORDS_FILE.read_text(encoding="utf-8"))


@cache
def units() -> tuple[Unit, ...]:
    return tuple(Unit(tuple(one["words"]), one["places"], one["most"]) for one in _data()["units"])


def unit_of(word: str) -> Unit:
    """The unit that is called so; what no list knows is one of its own."""
    for unit in units():
        if word in unit.words:
            return unit
    return Unit((word,), UNKNOWN_PLACES, UNKNOWN_MOST)


def title_of(field: str) -> str:
    """How a column is headed that a list lacks."""
    title: str = _data()["titles"][field]
    return title


def field_of(unit: Unit) -> str:
    """The field of a column that counts a unit: ``quantity:户``."""
    return f"{QUANTITY}:{unit.words[0]}"


class WorkWords(Record, eq=False):
    """``headings`` knows the columns of lists whose stages count some units."""

    headings: HeadingWords


def work_words(counted: Sequence[str]) -> WorkWords:
    """The words of lists of stages that count these units."""
    return _work_words(vocabulary(), tuple(counted))


# One is in use at a time.
@lru_cache(maxsize=2)
def _work_words(_by: Vocabulary, counted: tuple[str, ...]) -> WorkWords:
    roster = roster_words()
    known = roster.headings.fields
    fields: dict[str, Sequence[str]] = dict(_data()["fields"])
    fields |= {field: known[field] for field in OF_PERSON if field in known}
    return WorkWords(HeadingWords(fields, composed=_composed(roster, counted)))


def _composed(roster: RosterWords, counted: Sequence[str]) -> Callable[[str], Named | None]:
    """What knows a quantity by its parts, and whatever a roster knows so."""
    data = _data()
    before = _any(data["before"])
    any_unit = frozenset(data["any_unit"])
    all_units = {word: unit for unit in (*units(), *map(unit_of, counted)) for word in unit.words}
    word = _any(sorted(all_units, key=len, reverse=True))
    counts = _any(data["counted"])
    # 登记户数, 户数, 户; 数量户 of 数量(户), 工作量户.
    of_unit = re.compile(
        f"{before}*(?P<unit>{word})(?:{counts})?|{before}*{_any(any_unit)}/?(?P<behind>{word})"
    )
    of_person = roster.headings.composed

    def named(text: str) -> Named | None:
        if text in any_unit:
            return Named(QUANTITY, ANY_UNIT_RANK)
        found = of_unit.fullmatch(text)
        if found:
            unit = all_units[found["unit"] or found["behind"]]
            # 村, 小区 and 人 alone are where or who, not how many.
            if text in unit.words and text not in counted:
                return None
            return Named(field_of(unit), 0)
        person = of_person(text)
        return person if person and person.field in (*OF_PERSON, "name_and_identity") else None

    return named


def _any(words: Collection[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def quantity_fields(columns: Mapping[str, object]) -> list[str]:
    """The fields that count something, of some columns by field."""
    return [field for field in columns if field.partition(":")[0] == QUANTITY]


def heading_of(field: str) -> str:
    """How a column is headed that a list lacks and a problem is about."""
    titles: Mapping[str, str] = _data()["titles"]
    return titles.get(field) or roster_words().headings.fields[field][0]
