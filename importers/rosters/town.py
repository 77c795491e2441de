"""Which town a cell or a title speaks of, under its present or its former name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from importers.rosters.words import vocabulary
from importers.tables.spelling import squeezed
from ledger.model.ids import TownCode
from ledger.model.programme import Programme
from ledger.model.towns import Town

TOWN_DIGITS = 9
_CODE = re.compile("(?<![0-9])([0-9]{9})(?:000)?(?![0-9])")


@lru_cache(maxsize=2)
def _full_names(programme: Programme) -> tuple[tuple[str, Town], ...]:
    return _longest_first(
        (squeezed(name), town)
        for town in programme.towns
        for name in (town.name, *(former.name for former in town.former))
        if name
    )


@lru_cache(maxsize=2)
def _short_names(programme: Programme) -> tuple[tuple[str, Town], ...]:
    return _longest_first((squeezed(town.short_name), town) for town in programme.towns)


def _longest_first(names: Iterable[tuple[str, Town]]) -> tuple[tuple[str, Town], ...]:
    return tuple(sorted(names, key=lambda named: -len(named[0])))


def town_in(text: str) -> Town | None:
    """The one town that a text names, by its full name, its code or its short name.

    None when it names none, or two of them by equally good names.
    """
    return _town_in(vocabulary().programme, text)


@lru_cache(maxsize=4096)
def _town_in(programme: Programme, text: str) -> Town | None:
    words, by_code = squeezed(text), programme.by_code
    codes = {by_code[code] for code in map(TownCode, _CODE.findall(words)) if code in by_code}
    full, short = _full_names(programme), _short_names(programme)
    for found in (_named(words, full), codes, _named(words, short)):
        if found:
            return found.pop() if len(found) == 1 else None
    return None


# A street, a village or a school that is called like a town is not the town: 荆河路社区.
_PLACES = "路|村|社区|居委|小区|小学|中学|学校|庄|大道|广场"


def town_around(text: str) -> Town | None:
    """The one town that a title or a name speaks of; 荆河路社区 does not speak of 荆河街道."""
    return _town_around(vocabulary().programme, text)


@lru_cache(maxsize=1024)
def _town_around(programme: Programme, text: str) -> Town | None:
    words = squeezed(text)
    for name, town in _short_names(programme):
        if name in words and name + town.kind not in words:
            words = re.sub(f"{re.escape(name)}(?={_PLACES})", "", words)
    return _town_in(programme, words)


def town_by_code(code: str) -> Town | None:
    """The town whose present or former code a longer code begins with."""
    return vocabulary().programme.by_code.get(TownCode(code[:TOWN_DIGITS]))


def _named(words: str, names: tuple[tuple[str, Town], ...]) -> set[Town]:
    """The towns that a text names; a longer name counts before one that it holds: 大沙河镇."""
    found = set()
    for name, town in names:
        if name in words:
            found.add(town)
            words = words.replace(name, "\n")
    return found


def is_former(text: str) -> bool:
    """Whether a text uses the former name or code of a town."""
    return _is_former(vocabulary().programme, text)


@lru_cache(maxsize=4096)
def _is_former(programme: Programme, text: str) -> bool:
    words = squeezed(text)
    return any(
        word and word in words
        for town in programme.towns
        for former in town.former
        for word in former
    )


def present_code(code: str) -> str:
    """An area or block code with the present code of its town; nothing else of it changes."""
    town = town_by_code(code)
    return code if town is None else town.code + code[TOWN_DIGITS:]
