"""The words by which rosters name columns, roles and last lines: ``data/roster_words.json``."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from functools import lru_cache
from pathlib import Path

WORDS_FILE = Path(__file__).parent / "data" / "roster_words.json"

_BRACKETED = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】|〔[^〕]*〕|<[^>]*>")
_BRACKETS = re.compile(r"[()\[\]【】〔〕<>]")
_DECORATION = re.compile(r"^[0-9一二三四五六七八九十]+[.、)]|[*:★]")
_BLANK = re.compile(r"\s+")

_TITLE = re.compile(r"..(?:名册|名单|花名册|[^人]表|明细|清单)(?:\([^)]*\))?")

# The longest heading in which a known word is looked for at its end.
HEADING_CHARACTERS = 12
# A known word at the end of a longer heading counts from this length: 卡号 alone would find
# 社保卡号 and 微信账号 too.
WORD_CHARACTERS = 3


@dataclass(frozen=True)
class RosterWords:
    """``fields`` maps a heading to (field, rank): of two columns of one field the lower counts."""

    fields: dict[str, tuple[str, int]]
    headings: dict[str, tuple[str, ...]]
    ignored: frozenset[str]
    of_others: tuple[str, ...]
    roles: dict[str, str]
    footer: tuple[str, ...]


@cache
def roster_words() -> RosterWords:
    data = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return RosterWords(
        fields={
            heading: (field, rank)
            for field, headings in data["fields"].items()
            for rank, heading in enumerate(headings)
        },
        headings={field: tuple(headings) for field, headings in data["fields"].items()},
        ignored=frozenset(data["ignored"]),
        of_others=tuple(data["of_others"]),
        roles={word: role for role, words in data["roles"].items() for word in words},
        footer=tuple(data["footer"]),
    )


def squeezed(text: str) -> str:
    """Compatibility forms unified and every blank removed: ``合　计：`` as ``合计:``."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def field_named(heading: str) -> tuple[str, int] | None:
    """The field that a heading names exactly, and its rank.

    Blanks, asterisks, a leading number and brackets do not count: ``*姓　名（必填）`` is 姓名 and
    ``村（居）`` is 村居.
    """
    text = _DECORATION.sub("", squeezed(heading))
    fields = roster_words().fields
    return fields.get(_BRACKETS.sub("", text)) or fields.get(_BRACKETED.sub("", text))


@lru_cache(maxsize=4096)
def field_at_end(heading: str) -> tuple[str, int] | None:
    """The field whose word ends a longer heading (两员身份证号码), unless it speaks of others."""
    text = _BRACKETED.sub("", _DECORATION.sub("", squeezed(heading)))
    known = roster_words()
    if len(text) > HEADING_CHARACTERS or text in known.ignored:
        return None
    if speaks_of_others(text):
        return None
    endings = (text[start:] for start in range(1, len(text)))
    for ending in endings:
        if ending in known.fields and (len(ending) >= WORD_CHARACTERS or ending == "姓名"):
            return known.fields[ending]
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
