"""The words by which rosters name columns, roles and last lines: ``data/roster_words.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from functools import lru_cache
from pathlib import Path

from importers.rosters.composed_headings import named_by_parts
from importers.tables.headings import HeadingWords
from importers.tables.headings import Named
from importers.tables.headings import spellings
from importers.tables.spelling import squeezed
from ledger.base.records import Record
from ledger.model.programme import Programme

WORDS_FILE = Path(__file__).parent / "data" / "roster_words.json"

_TITLE = re.compile(r"..(?:名册|名单|花名册|[^人]表|明细|清单)(?:\([^)]*\))?")

# The longest heading in which a known word is looked for at its end.
HEADING_CHARACTERS = 12
# A known word at the end of a longer heading counts from this length: 卡号 alone would find
# 社保卡号 and 微信账号 too.
WORD_CHARACTERS = 3


class RosterWords(Record):
    headings: HeadingWords
    ignored: frozenset[str]
    of_others: tuple[str, ...]
    former: tuple[str, ...]
    jobs: frozenset[str]
    roles: dict[str, str]
    footer: tuple[str, ...]
    signatures: tuple[str, ...]
    labels: tuple[str, ...]
    totals: tuple[str, ...]
    samples: frozenset[str]
    vacant: frozenset[str]
    ditto: frozenset[str]


class Vocabulary(Record, eq=False):
    """What rosters of one office are read by: the towns, roles and words of its programme, and
    what it calls things beside the words that are known: ``headings`` of a field, beginnings of
    ``footer`` lines. A heading that is known already keeps its meaning.
    """

    programme: Programme
    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    footer: tuple[str, ...] = ()


_in_use: ContextVar[Vocabulary] = ContextVar("vocabulary of rosters")


@contextmanager
def reading_by(words: Vocabulary) -> Iterator[None]:
    """Rosters are read by the words of an office."""
    before = _in_use.set(words)
    try:
        yield
    finally:
        _in_use.reset(before)


def vocabulary() -> Vocabulary:
    """What rosters are read by here."""
    return _in_use.get()


def words_of_messages() -> dict[str, str]:
    """What problems say in the programme's own words."""
    programme = vocabulary().programme
    return {
        "reference_day": programme.reference_day.isoformat(),
        "roles": "、".join(programme.role_names),
        "area_word": programme.words.area,
        "block_word": programme.words.block,
    }


def roster_words() -> RosterWords:
    return _roster_words(_in_use.get())


# One is in use at a time.
@lru_cache(maxsize=2)
def _roster_words(added: Vocabulary) -> RosterWords:
    data = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    fields = data["fields"]
    programme = added.programme
    roles = {word: role.name for role in programme.roles for word in role.words}
    area, block, people = programme.words.area, programme.words.block, programme.words.people
    for field, own_words in _of_programme(programme):
        fields[field] += own_words
    known = HeadingWords(fields).known
    for field, words in added.headings:
        fields[field] += [word for word in words if spellings(word)[0] not in known]
    listed = HeadingWords(fields)
    return RosterWords(
        headings=HeadingWords(
            fields,
            composed=named_by_parts(
                listed.known.get,
                {
                    "roles": roles,
                    "people": [*roles, people, *data["people"]],
                    "kinds": data["kinds"],
                    "area": [area],
                    "block": [block],
                },
            ),
            at_end=_named_at_end,
        ),
        ignored=frozenset(data["ignored"]),
        of_others=tuple(data["of_others"]),
        former=tuple(data["former"]),
        jobs=frozenset(data["jobs"]),
        roles=roles,
        footer=(*data["footer"], *added.footer),
        signatures=tuple(data["signatures"]),
        labels=tuple(data["labels"]),
        totals=tuple(data["totals"]),
        samples=frozenset(_as_typed(data["samples"])),
        vacant=frozenset(data["vacant"]),
        ditto=frozenset(data["ditto"]),
    )


def _of_programme(programme: Programme) -> Iterator[tuple[str, list[str]]]:
    """How rosters head columns in the programme's own words."""
    area, block, people = programme.words.area, programme.words.block, programme.words.people
    roles = [word for role in programme.roles for word in role.words]
    yield "name", [f"{word}姓名" for word in (*roles, people)]
    yield "name_of_role", roles
    yield (
        "role",
        [people, *(f"{people}{kind}" for kind in ("类别", "类型", "岗位", "职务", "身份"))],
    )
    yield "area", [area + kind for kind in ("编码", "代码", "码", "编号")]
    yield "area_name", [f"{area}名称"]
    yield "area_or_name", [area]
    yield "block", [block + kind for kind in ("编码", "代码", "码", "编号")]
    yield "block_or_name", [block]


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


def is_former(heading: str) -> bool:
    """Whether a heading speaks of what was before: 原银行卡号, 更换前姓名."""
    return heading.startswith(roster_words().former)


def is_job(heading: str) -> bool:
    """Whether a heading may be that of a job in the village as well as of a role: 职务."""
    return spellings(heading)[1] in roster_words().jobs


def role_of(word: str) -> str | None:
    """The role that a cell's word stands for: 指导员 is 普查指导员."""
    return roster_words().roles.get(word)


def role_in(text: str) -> str | None:
    """The one role that a title or a sheet's name speaks of; None for none and for both."""
    found = roles_in(text)
    return next(iter(found)) if len(found) == 1 else None


def roles_in(text: str) -> frozenset[str]:
    """Every role that a text speaks of."""
    return _roles_in(vocabulary(), text)


@lru_cache(maxsize=4096)
def _roles_in(_by: Vocabulary, text: str) -> frozenset[str]:
    """A longer word counts before one that it holds: 副指导员 is no 指导员."""
    rest, found = squeezed(text), set()
    for word, role in sorted(roster_words().roles.items(), key=lambda item: -len(item[0])):
        if word in rest:
            found.add(role)
            rest = rest.replace(word, "\n")
    return frozenset(found)


def ends_as_title(text: str) -> bool:
    """Whether a text is called a list or a table: ``西岗镇两员名册（二）``."""
    squeezed_text = squeezed(text)
    return _TITLE.search(squeezed_text) is not None and len(squeezed_text) > WORD_CHARACTERS


def begins_footer(text: str) -> bool:
    """Whether a line that begins so is a total, a signature or a note, and nobody's row."""
    line = squeezed(text)
    return line.startswith(roster_words().footer) or _signatures().match(line) is not None


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Whether a text leaves room for a signature or a date: 审核人：, 村负责人：张三."""
    return _labels().match(squeezed(text)) is not None


_WHO = "(?:人|员|者|单位|部门|机关|日期|时间|意见|签字|签名|签章|盖章)*"


@cache
def _signatures() -> re.Pattern[str]:
    """审核, 审核人（签字）: and not 审核通过, which is said of a person."""
    return re.compile(f"(?:{'|'.join(map(re.escape, roster_words().signatures))}){_WHO}(?:$|[:(])")


@cache
def _labels() -> re.Pattern[str]:
    words = map(re.escape, (*roster_words().signatures, *roster_words().labels))
    return re.compile(f"[^:0-9]{{0,10}}(?:{'|'.join(words)}){_WHO}:")


@lru_cache(maxsize=4096)
def ends_as_total(text: str) -> bool:
    """Whether a text is called a sum or a count: 东荒村小计, 西荒村 计数, 合计：."""
    return squeezed(text).rstrip(":").endswith(roster_words().totals)


def _as_typed(words: Iterable[str]) -> Iterator[str]:
    """Each word in the ways in which clerks set it off: 示例：, （示例）, 【示例】."""
    for word in words:
        for before, behind in (
            ("", ""),
            ("", ":"),
            ("", "："),
            ("(", ")"),
            ("（", "）"),
            ("【", "】"),
        ):
            yield f"{before}{word}{behind}"
