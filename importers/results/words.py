"""The words of result files, as data: headings, last lines, and what banks say of a payment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from typing import TypeAlias

from importers.tables.headings import DIGIT
from importers.tables.headings import HeadingSigns
from importers.tables.headings import HeadingWords
from importers.tables.headings import Named
from importers.tables.spelling import spoken
from ledger.base.records import Record

DATA_FOLDER = Path(__file__).parent / "data"

# The headings that the settings add to each field.
OwnHeadings: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


_NOT_DONE = re.compile("[不未]成功")
# Words of a list come before those that are put together; several such are as good as each other.
COMPOSED_RANK = 1000


class ResultWords(Record):
    """``failing`` and ``succeeding`` are what the heading of a column speaks of that says yes or
    ``no`` of each payment; ``own_texts`` head what we have written ourselves. ``failure_lists``
    are the two words that the title of a list of failures has.
    """

    headings: HeadingWords
    of_rosters: tuple[str, ...]
    footer: tuple[str, ...]
    own_texts: tuple[str, ...]
    failing: tuple[str, ...]
    succeeding: tuple[str, ...]
    no: frozenset[str]
    failure_lists: tuple[re.Pattern[str], re.Pattern[str]]


class ReasonWords(Record):
    """What banks say: ``texts`` are found anywhere, ``codes`` only standing alone.

    Both map to a class: a key of ``RETURN_REASONS``, PENDING or DUPLICATE. ``longest_first`` are
    the texts in the order in which they are looked for.
    """

    paid: frozenset[str]
    failed: frozenset[str]
    pending_in_text: tuple[str, ...]
    doubt_in_text: tuple[str, ...]
    success_in_text: tuple[str, ...]
    failure_beside_success: tuple[str, ...]
    texts: dict[str, str]
    codes: dict[str, str]
    longest_first: tuple[str, ...]


def _data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA_FOLDER / name).read_text(encoding="utf-8"))
    return data


@cache
def result_words(own: OwnHeadings = ()) -> ResultWords:
    """The usual words; ``own`` are headings that the settings add to a field."""
    data = _data("result_headings.json")
    fields: dict[str, list[str]] = {field: list(words) for field, words in own}
    for field, headings in data["fields"].items():
        base = data["of_recipients"].get(field, ())
        combined = [recipient + word for recipient in data["recipients"] for word in base]
        # 收款账号 before 账号: with both, the latter may be the payer's. A lone 名称 is no name.
        combined = [word for word in combined if word != "名称"]
        combined.sort(key=lambda word: word in base)
        fields[field] = [*fields.get(field, ()), *combined, *headings]
    words = HeadingWords(fields, composed=_composed, lines=2, data=DIGIT)
    lists = data["failure_lists"]
    return ResultWords(
        words,
        of_rosters=tuple(data["of_rosters"]),
        footer=tuple(data["footer"]),
        own_texts=tuple(data["own_texts"]),
        failing=tuple(data["failing"]),
        succeeding=tuple(data["succeeding"]),
        no=frozenset(map(spoken, data["no"])),
        failure_lists=(_any_of(lists["failed"]), _any_of(lists["list"])),
    )


@cache
def amount_signs(own: OwnHeadings = ()) -> HeadingSigns:
    """The signs of the headings of what was to be paid, without which nothing is a result."""
    fields, composed = result_words(own).headings.fields, _data("result_headings.json")["composed"]
    words, parts = [], []
    for field in ("amount", "amount_or_handled"):
        own_parts = composed[field]
        words += [*fields[field], *own_parts["any"], *own_parts["last"]]
        parts += [*fields[field], *own_parts.get("first", own_parts["last"])]
    return HeadingSigns.of(words, parts)


def _composed(text: str) -> Named | None:
    """The field of a heading that is put together of known words: 银行处理结果, 一卡通账号."""
    for field, pattern in _patterns().items():
        if pattern.fullmatch(text):
            return Named(field, COMPOSED_RANK)
    return None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The form of each field's headings, those of an answer before those of a payment."""
    composed = _data("result_headings.json")["composed"]
    order = (
        "reason",
        "code",
        "status",
        "handled",
        "amount_or_handled",
        "amount",
        "account",
        "name",
    )
    patterns = {}
    for field in order:
        parts = composed[field]
        begins = f"(?={_any_of(parts['first']).pattern})" if "first" in parts else ""
        before, last = _any_of(parts["any"]).pattern, _any_of(parts["last"]).pattern
        patterns[field] = re.compile(f"{begins}(?:{before})+(?:{last})")
    return patterns


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")")


@cache
def reason_words() -> ReasonWords:
    data = _data("answer_words.json")
    classes = data["classes"].items()
    texts = {spoken(text): name for name, known in classes for text in known["texts"]}
    return ReasonWords(
        paid=frozenset(map(spoken, data["paid"])),
        failed=frozenset(map(spoken, data["failed"])),
        pending_in_text=tuple(map(spoken, data["pending_in_text"])),
        doubt_in_text=tuple(map(spoken, data["doubt_in_text"])),
        success_in_text=tuple(map(spoken, data["success_in_text"])),
        failure_beside_success=tuple(map(spoken, data["failure_beside_success"])),
        texts=texts,
        codes={code: name for name, known in classes for code in known["codes"]},
        longest_first=tuple(sorted(texts, key=len, reverse=True)),
    )


def is_failure_list(title: str) -> bool:
    """Whether a title is that of a list of the payments that failed: 代发失败明细清单."""
    failed, listed = result_words().failure_lists
    text = spoken(title)
    return bool(failed.search(text) and listed.search(text)) and "成功" not in _NOT_DONE.sub(
        "", text
    )


def is_of_roster(heading: str) -> bool:
    """Whether only a list of census workers has such a column."""
    text = spoken(heading) if heading else ""
    return any(word in text for word in result_words().of_rosters)


def begins_footer(text: str) -> bool:
    """Whether a line that begins so is a total, a signature or a note."""
    return spoken(text).startswith(result_words().footer)
