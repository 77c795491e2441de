"""The words by which rosters name columns, roles and last lines: ``data/roster_words.json``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from importers.tables.headings import HeadingWords
from importers.tables.headings import Named
from importers.tables.headings import spellings
from importers.tables.spelling import squeezed

WORDS_FILE = Path(__file__).parent / "data" / "roster_words.json"

_TITLE = re.compile(r"..(?:名册|名单|花名册|[^人]表|明细|清单)(?:\([^)]*\))?")

# The longest heading in which a known word is looked for at its end.
HEADING_CHARACTERS = 12
# A known word at the end of a longer heading counts from this length: 卡号 alone would find
# 社保卡号 and 微信账号 too.
WORD_CHARACTERS = 3


@dataclass(frozen=True)
class RosterWords:
    headings: HeadingWords
    ignored: frozenset[str]
    of_others: tuple[str, ...]
    roles: dict[str, str]
    footer: tuple[str, ...]


@cache
def roster_words() -> RosterWords:
    data = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return RosterWords(
        headings=HeadingWords(data["fields"], at_end=_named_at_end),
        ignored=frozenset(data["ignored"]),
        of_others=tuple(data["of_others"]),
        roles={word: role for role, words in data["roles"].items() for word in words},
        footer=tuple(data["footer"]),
    )


def _named_at_end(heading: str) -> Named | None:
    """The field whose word ends a longer heading (两员身份证号码), unless it speaks of others."""
    _full, text = spellings(heading)
    words = roster_words()
    if len(text) > HEADING_CHARACTERS or text in words.ignored or speaks_of_others(text):
        return None
    for start in range(1, len(text)):
        ending = text[start:]
        named = words.headings.known.get(ending)
        if named and (len(ending) >= WORD_CHARACTERS or ending == "姓名"):
            return named
    return None


def speaks_of_others(heading: str) -> bool:
    """Whether a heading speaks of somebody else than the worker: 配偶姓名, 推荐人电话."""
    return any(word in heading for word in roster_words().of_others)


def role_of(word: str) -> str | None:
    """The role that a cell's word stands for: 指导员 is 普查指导员."""
    return roster_words().roles.get(word)


def role_in(text: str) -> str | None:
    """The one role that a title or a sheet's name speaks of; None for none and for both."""
    squeezed_text = squeezed(text)
    found = {role for word, role in roster_words().roles.items() if word in squeezed_text}
    return found.pop() if len(found) == 1 else None


def ends_as_title(text: str) -> bool:
    """Whether a text is called a list or a table: ``西岗镇两员名册（二）``."""
    squeezed_text = squeezed(text)
    return _TITLE.search(squeezed_text) is not None and len(squeezed_text) > WORD_CHARACTERS


def begins_footer(text: str) -> bool:
    """Whether a line that begins so is a total, a signature or a note, and nobody's row."""
    return squeezed(text).startswith(roster_words().footer)
