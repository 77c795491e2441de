"""The town, the role and the post of a row: who works where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from importers.rosters.checks import UnplacedProblem
from importers.rosters.town import is_former
from importers.rosters.town import present_code
from importers.rosters.town import town_in
from importers.rosters.words import role_of
from importers.tables.cell_text import is_date
from importers.tables.cell_text import number_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.model.ids import NO_TOWN
from ledger.model.ids import TownCode
from ledger.model.payees import ENUMERATOR
from ledger.model.payees import SUPERVISOR
from ledger.model.towns import Town

COUNTY_CODE = "370481"
AREA_DIGITS = 12
_AREA = re.compile("[0-9]{12}")
_BLOCK = re.compile("[0-9]{15}")
_BLOCK_IN_AREA = re.compile("[0-9]{1,3}")


_Problem: TypeAlias = tuple[str, str]  # field, code


@dataclass(frozen=True, slots=True, eq=False)  # one for each sheet, and quickly hashed
class Surroundings:
    """What the command, the file's name, the titles and the sheet say about all rows of a sheet.

    ``asked`` is the town that the user named: rows of another are refused. ``town`` and
    ``role`` hold for rows that say nothing themselves.
    """

    asked: Town | None
    town: Town | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """``town`` is None when it cannot be told; the texts are empty where they cannot."""

    role: str
    town: Town | None
    area: str
    block: str
    findings: tuple[UnplacedProblem, ...]


def read_post(
    position: int, role_cell: Cell, town_cell: Cell, area_cell: Cell, block_cell: Cell,
    surroundings: Surroundings,
) -> Post:  # fmt: skip
    """The post that the cells of one row speak of, and what is wrong with them."""
    town_word = words(town_cell)
    role, town, problems = _read_role_and_town(words(role_cell), town_word, surroundings)
    area_text = unless_nothing(number_text(area_cell))
    block_text = unless_nothing(number_text(block_cell))
    area, block, code_problem = _read_codes(role, town, area_text, block_text)
    if code_problem and is_date({"area": area_cell, "block": block_cell}[code_problem[0]]):
        code_problem = (code_problem[0], "number_as_date")
    if code_problem:
        problems = (*problems, code_problem)
    if town and town.former_code:
        problems = (*problems, *_former(town_word, area_text, block_text))
    if not problems:
        return Post(role, town, area, block, ())
    parameters = _parameters(town, surroundings)
    findings = [UnplacedProblem(position, field, code, parameters) for field, code in problems]
    return Post(role, town, area, block, tuple(findings))


@lru_cache(maxsize=1024)
def _read_role_and_town(
    role_word: str, town_word: str, surroundings: Surroundings
) -> tuple[str, Town | None, tuple[_Problem, ...]]:
    """Remembered: the words of a roster repeat from row to row."""
    role, role_problem = _read_role(role_word, surroundings)
    town, town_problem = _read_town(town_word, surroundings)
    return role, town, tuple(problem for problem in (role_problem, town_problem) if problem)


def _former(town_word: str, area_text: str, block_text: str) -> list[_Problem]:
    """One warning a row, for the first of its cells that uses a former name or code."""
    if is_former(town_word):
        return [("town", "former_town")]
    for field, text in (("area", area_text), ("block", block_text)):
        if present_code(text) != text:
            return [(field, "former_town")]
    return []


def _parameters(town: Town | None, surroundings: Surroundings) -> dict[str, str]:
    if town is None:
        return {"town_code": COUNTY_CODE}
    asked = surroundings.asked or town
    return {"town": asked.name, "row_town": town.name, "town_code": town.code}


def _read_role(word: str, surroundings: Surroundings) -> tuple[str, _Problem | None]:
    if word:
        role = role_of(word)
        return (role, None) if role else ("", ("role", "role_unknown"))
    if surroundings.role:
        return surroundings.role, None
    return "", ("role", "role_missing")


def _read_town(word: str, surroundings: Surroundings) -> tuple[Town | None, _Problem | None]:
    """The user's word counts for more than a cell in which no town can be recognised."""
    town = town_in(word) if word else None
    if town and surroundings.asked and town != surroundings.asked:
        return town, ("town", "town_other")
    if not town and (not word or surroundings.asked):
        town = surroundings.asked or surroundings.town
    return town, None if town else ("town", "town_unknown")


def _read_codes(
    role: str, town: Town | None, area_text: str, block_text: str
) -> tuple[str, str, _Problem | None]:
    """(area, block, the first problem): codes in full length and of the present town.

    A supervisor has no block; what stands in its place is read only for her area. Where the
    role is unknown, so is what may be missing.
    """
    town_code = town.code if town else NO_TOWN
    area = present_code(area_text)
    if area and not (_AREA.fullmatch(area) and area.startswith(town_code)):
        return "", "", ("area", "area_code")
    block = present_code(block_text)
    if role == SUPERVISOR:
        return _area_of_supervisor(area, block, town_code)
    if area and _BLOCK_IN_AREA.fullmatch(block):
        block = area + block.zfill(3)
    if block and not (_BLOCK.fullmatch(block) and block.startswith(area or town_code)):
        return area, "", ("block", "block_code")
    if not block and role == ENUMERATOR:
        return area, "", ("block", "block_missing")
    return area or block[:AREA_DIGITS], block, None


def _area_of_supervisor(
    area: str, block: str, town_code: TownCode
) -> tuple[str, str, _Problem | None]:
    if area:
        return area, "", None
    if not block:
        return "", "", ("area", "area_missing")
    if not ((_AREA.fullmatch(block) or _BLOCK.fullmatch(block)) and block.startswith(town_code)):
        return "", "", ("block", "block_code")
    return block[:AREA_DIGITS], "", None
