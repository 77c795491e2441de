"""The words of result files, as data: headings, last lines, and what banks say of a payment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from importers.tables.headings import HeadingWords
from importers.tables.spelling import spoken

DATA_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class ResultWords:
    headings: HeadingWords
    of_rosters: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True)
class ReasonWords:
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
def result_words() -> ResultWords:
    data = _data("result_headings.json")
    fields = {}
    for field, headings in data["fields"].items():
        base = data["of_recipients"].get(field, ())
        combined = [recipient + word for recipient in data["recipients"] for word in base]
        # 收款账号 before 账号: with both, the latter may be the payer's. A lone 名称 is no name.
        combined = [word for word in combined if word != "名称"]
        fields[field] = [*sorted(combined, key=lambda word: word in base), *headings]
    words = HeadingWords(fields, lines=1)
    return ResultWords(words, tuple(data["of_rosters"]), tuple(data["footer"]))


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


def is_of_roster(heading: str) -> bool:
    """Whether only a list of census workers has such a column."""
    return any(word in spoken(heading) for word in result_words().of_rosters)


def begins_footer(text: str) -> bool:
    """Whether a line that begins so is a total, a signature or a note."""
    return spoken(text).startswith(result_words().footer)
