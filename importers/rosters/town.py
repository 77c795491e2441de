"""Which town a cell or a title speaks of, under its present or its former name."""

from __future__ import annotations

import re
from functools import cache
from functools import lru_cache

from importers.tables.spelling import squeezed
from ledger.model.ids import TownCode
from ledger.model.towns import Town
from ledger.model.towns import towns

TOWN_DIGITS = 9
_CODE = re.compile("(?<![0-9])([0-9]{9})(?:000)?(?![0-9])")


@cache
def _full_names() -> tuple[tuple[str, Town], ...]:
    return tuple((name, town) for town in towns() for name in (town.name, town.former_name) if name)


@cache
def _short_names() -> tuple[tuple[str, Town], ...]:
    return tuple((town.name.removesuffix(town.kind), town) for town in towns())


@cache
def _codes() -> dict[TownCode, Town]:
    present = {town.code: town for town in towns()}
    return present | {town.former_code: town for town in towns() if town.former_code}


@lru_cache(maxsize=4096)
def town_in(text: str) -> Town | None:
    """The one town that a text names, by its full name, its code or its short name.

    None when it names none, or two of them by equally good names.
    """
    words = squeezed(text)
    codes = {_codes()[code] for code in map(TownCode, _CODE.findall(words)) if code in _codes()}
    for found in (_named(words, _full_names()), codes, _named(words, _short_names())):
        if found:
            return found.pop() if len(found) == 1 else None
    return None


# A street, a village or a school that is called like a town is not the town: 荆河路社区.
_PLACES = "路|村|社区|居委|小区|小学|中学|学校|庄|大道|广场"


@lru_cache(maxsize=1024)
def town_around(text: str) -> Town | None:
    """The one town that a title or a name speaks of; 荆河路社区 does not speak of 荆河街道."""
    words = squeezed(text)
    for name, town in _short_names():
        if name in words and name + town.kind not in words:
            words = re.sub(f"{name}(?={_PLACES})", "", words)
    return town_in(words)


def town_by_code(code: str) -> Town | None:
    """The town whose present or former code a longer code begins with."""
    return _codes().get(TownCode(code[:TOWN_DIGITS]))


def _named(words: str, names: tuple[tuple[str, Town], ...]) -> set[Town]:
    return {town for name, town in names if name in words}


@lru_cache(maxsize=4096)
def is_former(text: str) -> bool:
    """Whether a text uses the former name or code of a town."""
    words = squeezed(text)
    return any(
        town.former_code and (town.former_name in words or town.former_code in words)
        for town in towns()
    )


@cache
def _former_codes() -> tuple[tuple[str, str], ...]:
    return tuple((town.former_code, town.code) for town in towns() if town.former_code)


def present_code(code: str) -> str:
    """An area or block code with the present code of its town; nothing else of it changes."""
    for former, present in _former_codes():
        if code.startswith(former):
            return present + code[len(former) :]
    return code
