"""Which rows of a table are people, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from importers.rosters.header import Header
from importers.rosters.words import Vocabulary
from importers.rosters.words import begins_footer
from importers.rosters.words import ends_as_total
from importers.rosters.words import is_label
from importers.rosters.words import role_of
from importers.rosters.words import roles_in
from importers.rosters.words import roster_words
from importers.rosters.words import vocabulary
from importers.tables.cell_text import HANZI
from importers.tables.cell_text import is_date
from importers.tables.cell_text import is_scientific
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from importers.tables.spelling import spoken
from importers.tables.spelling import squeezed
from ledger.base.records import Record
from ledger.base.records import field as record_field

# vacant: a numbered line, or a post, without anybody's name or numbers; sample: how to fill in;
# repeated: who stands on a sheet before; corrected: sent back before, and come back since.
Reason = Literal["blank", "vacant", "footer", "header", "sample", "repeated", "corrected"]

PERSONAL_FIELDS = ("name", "identity", "account", "phone")

SMALLEST_LONG_NUMBER = 10**11

_LONG_NUMBER = re.compile("[0-9]{12,}X?")
_LONGER_THAN_CODES = re.compile("[0-9]{16}")
_COLUMN_NUMBER = re.compile("[0-9]{1,2}|[甲乙丙丁]")
_SIGNS_ONLY = re.compile(r"[-—–−_/\\*·.…、~～]*")
# Compiled for the first row that is none beyond doubt: it takes two milliseconds.
_NAME = f"[{HANZI}]{{2,5}}|[{HANZI}]+·[{HANZI}]+"
_POST_CODE = re.compile("[0-9]{12}(?:[0-9]{3})?")
_BANK = re.compile("银行|农商|信用社|支行|分理处|营业|[农工建中邮]行|[商储]行")
# What a row below the headings says of how to fill in.
_INSTRUCTION = re.compile(
    "[0-9]+位|[必选应]填|填[写至到报]|写[到全至]|一致|格式|文本|下拉|选择|^如[:：]|例如|请|不得|勿|本人卡|全称"
)
FEWEST_INSTRUCTIONS = 2
# All with the character 例, which hardly a name has.
_EXAMPLES = ("示例", "样例", "范例")
# A line of its own above some of the people: 二、普查员, （一）普查指导员名单, 木石镇普查员（5人）.
_SECTION = (
    r"(?:第?[一二三四五六七八九十0-9]+[部分类组]*[、.:)]*|\([一二三四五六七八九十0-9]+\)[、.:]*)?(?:以下[为是]?)?[^:0-9。,]{0,14}"
    r"ROLE(?:[、和及与]|ROLE)*(?:花名册|名册|名单|人员|情况|部分|一?类|组|表)*(?:\([^)]*\))?:?"
)


@lru_cache(maxsize=2)
def _section_of(words: Vocabulary) -> re.Pattern[str]:
    roles = sorted(roster_words().roles, key=len, reverse=True)
    return re.compile(_SECTION.replace("ROLE", f"(?:{'|'.join(map(re.escape, roles))})"))


class Body(Record):
    """``people`` and ``skipped`` pair the spreadsheet's row number with cells, or a reason;
    ``sections`` with the role that a line between the people names for those below it, empty where
    it names two.
    """

    people: list[tuple[int, Sequence[Cell]]]
    skipped: list[tuple[int, Reason]]
    sections: list[tuple[int, str]] = record_field(default_factory=list)

    unshown = ("people",)


def read_body(
    cells: Sequence[Sequence[Cell]],
    header: Header,
    *,
    rows: range,
    titles: Iterable[str],
    headings: Collection[int],
) -> Body:
    """Sort the ``rows`` (from 0) of a table.

    All are told of, but for titles and headings of a sheet's first table. ``headings`` are rows
    of headings and titles, wherever they stand.
    """
    personal = [place for field in PERSONAL_FIELDS for place in header.all_of(field)]
    numbers = [place for field in ("identity", "account") for place in header.all_of(field)]
    names = header.all_of("name")
    samples = roster_words().samples
    title_words = frozenset(map(spoken, titles))
    body = Body([], [])
    for number, row in enumerate(cells[rows.start : rows.stop], rows.start + 1):
        # guard: displaced-row
        if any(map(is_long_number, map(row.__getitem__, numbers))) or (
            _is_displaced(row) and not _is_total(row, personal)
        ):
            # guard: sample-is-nobody
            if not samples.isdisjoint(row) or _has_sample(row, names):
                body.skipped.append((number, "sample"))
            else:
                body.people.append((number, row))
            continue
        if number <= header.last + 1 and rows.start == 0:  # guard: every-row-told
            continue
        reason: Reason | None = "header" if number - 1 in headings else None
        role = None if reason else _section(row)
        if role is not None:
            body.sections.append((number, role))
            reason = "header"
        reason = reason or _reason_to_skip(row, personal, header, title_words)
        if reason:
            body.skipped.append((number, reason))
        else:
            body.people.append((number, row))
    return body


def _has_sample(row: Sequence[Cell], columns: Iterable[int]) -> bool:
    for column in columns:
        name = row[column]
        if isinstance(name, str) and "例" in name and any(word in name for word in _EXAMPLES):
            return True
    return False


def _section(row: Sequence[Cell]) -> str | None:
    """The role that a line with nothing else names for the people below it; empty for two."""
    texts = [cell for cell in row if cell != "" and plain_text(cell)]
    if len(texts) != 1 or not isinstance(texts[0], str):
        return None
    roles = roles_in(texts[0])
    if not roles or not _section_of(vocabulary()).fullmatch(squeezed(texts[0])):
        return None
    return next(iter(roles)) if len(roles) == 1 else ""


def is_long_number(cell: Cell) -> bool:
    """Whether a cell in a column of numbers holds one, and its row so a person; one that was
    rounded to ``6.21521E+15`` was a long number too.
    """
    if isinstance(cell, str) and len(cell) >= 12 and cell.isdigit():
        return True
    if cell == "":
        return False
    text = number_text(cell)
    return bool(_LONG_NUMBER.match(text)) or (
        is_scientific(text) and float(text) >= SMALLEST_LONG_NUMBER
    )


def _is_displaced(row: Sequence[Cell]) -> bool:
    """Whether a row without a number in its place has one elsewhere, longer than any code: cells
    that were moved, or a table that has lost its headings. It comes back and is not passed over.
    """
    return any(
        cell != "" and not is_date(cell) and bool(_LONGER_THAN_CODES.match(number_text(cell)))
        for cell in row
    )


def _is_total(row: Sequence[Cell], personal: Sequence[int]) -> bool:
    """Whether a row is called a sum, and has nothing where a person stands."""
    first = next((cell for cell in row if cell != ""), "")
    own = [plain_text(row[place]) for place in personal]
    return ends_as_total(plain_text(first)) and not any(
        text and not ends_as_total(text) for text in own
    )


def _reason_to_skip(
    row: Sequence[Cell], personal: Sequence[int], header: Header, titles: frozenset[str]
) -> Reason | None:
    """Why a row without any long number is nobody's, or None when it is somebody's all the same."""
    texts = [text for cell in row if cell != "" and (text := plain_text(cell))]
    if not texts:
        return "blank"
    if _is_somebodys(row, header):  # guard: filled-row-no-footer
        return None
    if begins_footer(texts[0]) or any(ends_as_total(text) or is_label(text) for text in texts):
        return "footer"
    spoken_texts = {spoken(text) for text in texts}
    if spoken_texts <= header.texts or spoken_texts <= titles:
        return "header"
    if all(_COLUMN_NUMBER.fullmatch(text) for text in texts) and len(texts) > len(personal):
        return "header"
    if sum(bool(_INSTRUCTION.search(text)) for text in texts) >= FEWEST_INSTRUCTIONS:
        return "header"
    if all(_is_nothing(plain_text(row[column])) for column in personal):
        return "vacant"
    return None


def _is_somebodys(row: Sequence[Cell], header: Header) -> bool:
    """Whether a row has a name in its place, and beside it what a person has and a sum has not."""
    names = [person_name(row[place]) for place in header.all_of("name")]
    if not any(
        re.fullmatch(_NAME, name)
        and not (_is_nothing(name) or begins_footer(name) or is_label(name))
        and not _INSTRUCTION.search(name)
        for name in names
    ):
        return False
    return (
        any(role_of(words(row[place])) for place in header.all_of("role"))
        or any(
            _POST_CODE.fullmatch(number_text(row[header.columns[field]]))
            for field in ("area", "block", "area_or_name", "block_or_name")
            if field in header.columns
        )
        or any(_BANK.search(words(row[place])) for place in header.all_of("bank"))
    )


def _is_nothing(text: str) -> bool:
    """Whether a text stands for a name or a number that there is not: ——, 待定, 空缺."""
    return _SIGNS_ONLY.fullmatch(text) is not None or text in roster_words().vacant
