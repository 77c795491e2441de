"""The town, the role and the post of a row: who works where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from importers.rosters.checks import UnplacedProblem
from importers.rosters.town import is_former
from importers.rosters.town import present_code
from importers.rosters.town import town_by_code
from importers.rosters.town import town_in
from importers.rosters.words import role_of
from importers.rosters.words import vocabulary
from importers.tables.cell_text import HAS_HANZI
from importers.tables.cell_text import is_date
from importers.tables.cell_text import number_text
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from ledger.base.records import Record
from ledger.model.ids import NO_TOWN
from ledger.model.ids import TownCode
from ledger.model.programme import Posts
from ledger.model.towns import Town

AREA_DIGITS = 12
_AREA = re.compile("[0-9]{12}")
_BLOCK = re.compile("[0-9]{15}")
_BLOCK_IN_AREA = re.compile("[0-9]{1,3}")
# 370481113001东荒村, 001号小区: the code of a post and its name in one cell.
_DIGITS = re.compile("[0-9]+")
_PARTED_DIGITS = re.compile("[0-9][^0-9]+[0-9]")
_CODE_LENGTHS = (12, 15)
_FEWEST_OF_CODE = 4


_Problem: TypeAlias = tuple[str, str]  # field, code


class Surroundings(Record, eq=False):  # one for each sheet, and quickly hashed
    """What the command, the file's name, the titles and the sheet say about all rows of a sheet.

    ``asked`` is the town that the user named: rows of another are refused. ``town`` and
    ``role`` hold for rows that say nothing themselves; ``doubted_roles`` are those between which
    nobody can decide. ``posts`` says whether the codes of posts must stand there.
    """

    asked: Town | None
    town: Town | None
    role: str | None
    doubted_roles: tuple[str, ...] = ()
    posts: Posts = "optional"


class Post(Record):
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
    mode = surroundings.posts
    area_text = _code_text(area_cell, optional=mode != "required")
    block_text = _code_text(block_cell, optional=mode != "required")
    if mode == "none":
        return Post(role, town, "", "", _placed(position, problems, town, surroundings))
    area, block, code_problem = _read_codes(
        role, town, area_text, block_text, optional=mode == "optional"
    )
    if code_problem and is_date({"area": area_cell, "block": block_cell}[code_problem[0]]):
        code_problem = (code_problem[0], "number_as_date")
    if code_problem:
        problems = (*problems, code_problem)
    if town and town.former:
        problems = (*problems, *_former(town_word, area_text, block_text))
    if code_problem and code_problem[1] == "code_of_town":
        code = area_text if code_problem[0] == "area" else block_text
        return Post(role, town, area, block, _placed(position, problems, town, surroundings, code))
    return Post(role, town, area, block, _placed(position, problems, town, surroundings))


def _placed(
    position: int,
    problems: Iterable[_Problem],
    town: Town | None,
    surroundings: Surroundings,
    code: str = "",
) -> tuple[UnplacedProblem, ...]:
    if not problems:
        return ()
    parameters = _parameters(town, surroundings)
    if other := town_by_code(code):
        parameters["code_town"] = other.name
    return tuple(UnplacedProblem(position, field, code, parameters) for field, code in problems)


def _code_text(cell: Cell, *, optional: bool) -> str:
    """The code in a cell, without the post's name behind or before it; empty where only a name is
    and a name will do. Digits that stand apart are no one number.
    """
    if isinstance(cell, str) and cell.isascii() and (cell.isdigit() or cell == ""):
        return cell
    text = unless_nothing(number_text(cell))
    if not text or text.isdigit():
        # guard: short-codes-apart
        apart = len(text) < min(_CODE_LENGTHS) and _PARTED_DIGITS.search(plain_text(cell))
        return plain_text(cell) if apart else text
    runs: list[str] = _DIGITS.findall(text)
    if is_date(cell):
        return text
    if not runs or max(map(len, runs)) < _FEWEST_OF_CODE:
        if len(runs) == 1 and len(runs[0]) == 3 and text.startswith(runs[0]):
            return runs[0]
        return "" if optional and HAS_HANZI.search(text) else text
    if len(runs) == 1 and len(runs[0]) in _CODE_LENGTHS and HAS_HANZI.search(text):
        return runs[0]
    return text


@lru_cache(maxsize=1024)
def name_beside_code(text: str) -> str:
    """What stands beside the code of a post in its cell; empty where there is no code."""
    runs = _DIGITS.findall(text)
    if len(runs) != 1 or len(runs[0]) not in _CODE_LENGTHS:
        return ""
    return text.replace(runs[0], "").strip("()（） -—:：")


def codes_in(cell: Cell) -> list[str]:
    """The codes of posts in full length that stand in a cell."""
    return [run for run in _DIGITS.findall(number_text(cell)) if len(run) in _CODE_LENGTHS]


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
        programme = vocabulary().programme
        return {"own_town": programme.county_name, "town_code": programme.county_code}
    asked = surroundings.asked or town
    return {
        "town": asked.name,
        "row_town": town.name,
        "own_town": town.name,
        "town_code": town.code,
    }


def _read_role(word: str, surroundings: Surroundings) -> tuple[str, _Problem | None]:
    if word:
        role = role_of(word)
        return (role, None) if role else ("", ("role", "role_unknown"))
    if surroundings.role:
        return surroundings.role, None
    roles = vocabulary().programme.role_names
    if len(roles) == 1:
        return roles[0], None
    return "", ("role", "role_doubted" if surroundings.doubted_roles else "role_missing")


def _read_town(word: str, surroundings: Surroundings) -> tuple[Town | None, _Problem | None]:
    """The user's word counts for more than a cell in which no town can be recognised."""
    town = town_in(word) if word else None
    if town and surroundings.asked and town != surroundings.asked:
        return town, ("town", "town_other")
    if not town and (not word or surroundings.asked):
        town = surroundings.asked or surroundings.town
    return town, None if town else ("town", "town_unknown")


def _read_codes(
    role: str, town: Town | None, area_text: str, block_text: str, *, optional: bool
) -> tuple[str, str, _Problem | None]:
    """(area, block, the first problem): codes in full length and of the present town.

    Who has a whole area has no block; what stands in its place is read only for her area. A role
    without posts has neither, whatever is written. Where the role is unknown, so is what may be
    missing.
    """
    kind = vocabulary().programme.post_kind(role)
    town_code = town.code if town else NO_TOWN
    area = _of_today(area_text, town)
    if area and not (_AREA.fullmatch(area) and area.startswith(town_code)):
        return "", "", ("area", _wrong_code("area_code", _AREA, area, town))
    block = _of_today(block_text, town)
    if kind == "area":
        return _area_without_block(area, block, town_code, optional=optional)
    if area and len(block) < _FEWEST_OF_CODE and _BLOCK_IN_AREA.fullmatch(block):
        block = area + block.zfill(3)
    if block and not (_BLOCK.fullmatch(block) and block.startswith(area or town_code)):
        return area, "", ("block", _wrong_code("block_code", _BLOCK, block, town))
    if role and kind == "none":
        return "", "", None
    if not block and kind == "block" and not optional:
        return area, "", ("block", "block_missing")
    return area or block[:AREA_DIGITS], block, None


def _of_today(code: str, town: Town | None) -> str:
    """A code with the present code of its town, as most are written."""
    return code if town and code.startswith(town.code) else present_code(code)


def _wrong_code(wrong: str, form: re.Pattern[str], code: str, town: Town | None) -> str:
    """Why a code is wrong: it may be a right one, of another town."""
    other = town_by_code(code) if form.fullmatch(code) else None
    return "code_of_town" if town and other and other != town else wrong


def _area_without_block(
    area: str, block: str, town_code: TownCode, *, optional: bool
) -> tuple[str, str, _Problem | None]:
    if area:
        return area, "", None
    if not block:
        return "", "", None if optional else ("area", "area_missing")
    if not ((_AREA.fullmatch(block) or _BLOCK.fullmatch(block)) and block.startswith(town_code)):
        return "", "", ("block", "block_code")
    return block[:AREA_DIGITS], "", None
