"""The one recogniser of headings: where they stand, in one line or in two, and what they name.

Rosters, results and statements hand it their words as data (:class:`HeadingWords`), and keep for
themselves only what must be there. What holds for the headings of any file belongs here: how they
are spelled, what a bracket or a unit beside them says, what two columns of one field mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from functools import lru_cache

from importers.tables.cell_text import HANZI
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import BRACKETED
from importers.tables.spelling import spoken
from ledger.base.records import Record

Row = Sequence[Cell]

LONG_DIGITS = 11
LONG_NUMBER = re.compile("[0-9]{6}")
DIGIT = re.compile("[0-9]")

_NUMBERED = re.compile("^[0-9一二三四五六七八九十]+[.、)]")
_SIGNS = re.compile(r"[()\[\]【】〔〕<>:;*★_-]")
# Also one in which no amount is read: it is named when the file is refused.
_UNIT = re.compile(
    "[/:_|,.·=—–-](?:单位[:为]?)?(?:人民币|RMB|CNY)?(?:(?:[十百千]?万|[十百千]|亿)?元?|[角分厘毫])$"
    "|[/:_|,.·=—–-](?:人民币|RMB|CNY)(?:元)?|/元|(?<=.)(?:[十百千]?万|[十百千]|亿)元$"
)
_HAS_HANZI = re.compile(f"[{HANZI}]")
_ENGLISH = re.compile(r"[A-Z][A-Z.,'&#]*[A-Z.]|\b[A-Z]\b")
_BETWEEN_LANGUAGES = "/、·|,.&"
_OPPOSITES = [{into, out} for into in ("in", "credit") for out in ("out", "debit")]
_BETWEEN_WORDS = re.compile("[/、或]")
MOST_LINES = 3
_BRACKETS = frozenset("()[]【】〔〕<>")
# The Chinese characters that a heading may lose before it is compared.
_DROPPED = frozenset("一二三四五六七八九十百千万亿元角分厘毫单位为人民币或")


class Named(Record):
    """What a heading names; of two columns of one field the lower rank counts."""

    field: str
    rank: int


def _nothing(_text: str) -> Named | None:
    return None


class HeadingWords(Record, dict=True, eq=False):
    """What the headings of one kind of file are called.

    ``fields`` has the words of each field, the one that counts most first. ``composed`` knows the
    headings that no list can hold. ``at_end`` knows a longer heading by its last words; it is
    asked only for fields that no heading names exactly. The headings begin in one of the first
    ``searched`` rows, with at most ``longest`` characters in a cell. A row below them with
    ``data`` in it is no second line of headings.
    """

    fields: Mapping[str, Sequence[str]]
    composed: Callable[[str], Named | None] = _nothing
    at_end: Callable[[str], Named | None] = _nothing
    searched: int = 60
    lines: int = 2
    longest: int = 40
    data: re.Pattern[str] = LONG_NUMBER

    @cached_property
    def known(self) -> Mapping[str, Named]:
        """Each word as :func:`spellings` spells it; a word of two fields is the first's."""
        known: dict[str, Named] = {}
        for field, words in self.fields.items():
            for rank, word in enumerate(words):
                known.setdefault(_SIGNS.sub("", spoken(word)), Named(field, rank))
        return known

    def named(self, heading: str) -> Named | None:
        """What a heading names exactly, what its brackets hold included or not."""
        return _named(self, heading)

    def has_data(self, row: Row) -> bool:
        """Whether a row holds numbers, or signs of them in its texts, as headings do not."""
        has_sign = self.data.search
        return any(not isinstance(cell, str) or has_sign(cell) for cell in row)

    def texts(self, row: Row) -> list[str]:
        """The text of each cell that may be a heading; a number is none."""
        return [
            cell.strip()
            if isinstance(cell, str) and len(cell) <= self.longest and not cell.isdigit()
            else ""
            for cell in row
        ]


class HeadingSigns(Record):
    """The signs that headings are spelled with, and those of which each has one: a quick look for
    what a kind of file needs. It says yes where there is none, and never no where
    :func:`headings_of` finds one.
    """

    used: frozenset[str]
    marks: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str], parts: Iterable[str] = ()) -> HeadingSigns:
        """Of headings that are one of ``words``; or are made of them, with one of ``parts``."""
        spelled = {_SIGNS.sub("", spoken(word)) for word in words} - {""}
        marks = {_SIGNS.sub("", spoken(part)) for part in parts} or spelled
        return cls(_DROPPED.union(*spelled, *marks), frozenset(word[-1] for word in marks))

    def may_head(self, rows: Iterable[Row], longest: int) -> bool:
        """Whether a cell of these rows may be such a heading, or a part of one."""
        return any(
            self._may_be_of(cell)
            for row in rows
            for cell in row
            if cell and isinstance(cell, str) and len(cell) <= longest
        )

    def _may_be_of(self, cell: str) -> bool:
        """Another Chinese character stays in whatever the cell becomes a part of, and no such
        heading has it; but for what stands in brackets, which may close in the next cell.
        """
        text = spoken(cell)
        signs = set(text)
        if not signs.isdisjoint(_BRACKETS):
            signs = set(BRACKETED.sub("", text))
            if not signs.isdisjoint(_BRACKETS):
                return True
        if self.marks.isdisjoint(text):
            return False
        return all(sign in self.used for sign in signs if _HAS_HANZI.match(sign))


def rows_of_headings(cells: Sequence[Row], searched: int) -> Iterator[Row]:
    """The rows in which :func:`headings_of` may find the first line of headings or a later one."""
    for row in cells[: searched + MOST_LINES - 1]:
        for cell in row:
            if isinstance(cell, str) and len(cell) >= LONG_DIGITS and is_digits(cell):
                break
        else:
            yield row


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=4096)
def _named(words: HeadingWords, heading: str) -> Named | None:
    full, short = spellings(heading)
    for text in (full, short, _BETWEEN_WORDS.sub("", short)):
        if found := words.known.get(text) or words.composed(text):
            return found
    return _named_in_two_languages(words, short)


def _named_in_two_languages(words: HeadingWords, text: str) -> Named | None:
    """What ``收入/CREDIT`` names: its Chinese, unless the English says the opposite."""
    if not (_HAS_HANZI.search(text) and _ENGLISH.search(text)):
        return None
    chinese, english = (
        side.strip(_BETWEEN_LANGUAGES)
        for side in (_ENGLISH.sub("", text), "".join(_ENGLISH.findall(text)))
    )
    found = words.known.get(chinese) or words.composed(chinese)
    if found is None:
        return None
    other = words.known.get(english) or words.composed(english)
    # guard: languages-agree
    if other and {found.field, other.field} in _OPPOSITES:
        return None
    return found


@lru_cache(maxsize=4096)
def spellings(heading: str) -> tuple[str, str]:
    """A heading with what its brackets hold, and without: ``*余额 (元)`` as 余额元 and 余额.

    Blanks, marks, a leading number, and a unit behind a stroke as in ``发生额/元`` say nothing.
    """
    text = _UNIT.sub("", _NUMBERED.sub("", spoken(heading)))
    return _SIGNS.sub("", text), _SIGNS.sub("", BRACKETED.sub("", text))


class Headings(Record, dict=True):
    """Headings in the rows ``first`` to ``last`` (from 0), the same for a single line.

    ``columns`` maps a field to its columns, the one that counts most first. ``titles`` has a
    heading for every column, ``whole`` all that stands over it. ``lines`` are the rows that they
    stand in, ``above`` those before. ``joined`` counts the columns known by two lines together.
    """

    first: int
    last: int
    columns: Mapping[str, tuple[int, ...]]
    titles: tuple[str, ...]
    whole: tuple[str, ...]
    lines: Sequence[Row]
    above: Sequence[Row]
    joined: int

    def all_of(self, field: str) -> tuple[int, ...]:
        return self.columns.get(field, ())

    @property
    def rank(self) -> tuple[int, int, int]:
        """The more they name the better; in one line rather than with a title above it."""
        return len(self.columns), self.joined, self.first - self.last

    @cached_property
    def texts(self) -> frozenset[str]:
        """What stands in their rows, as :func:`spoken` spells it."""
        return spoken_texts(self.lines)

    def column_headed(self, heading: str) -> int | None:
        """The first column with a heading, what its brackets hold included or not."""
        wanted, _short = spellings(heading)
        for texts in zip(*map(spellings, self.titles), strict=True):
            if wanted in texts:
                return texts.index(wanted)
        return None


def headings_of(cells: Sequence[Row], words: HeadingWords) -> Iterator[Headings]:
    """Whatever may be headings among the first rows of a sheet, from above to below."""
    for row in range(min(words.searched, len(cells))):
        yield from headings_at(cells, row, words)


def headings_at(cells: Sequence[Row], row: int, words: HeadingWords) -> Iterator[Headings]:
    """What may be headings from a row on: it alone, and it with the row or the two rows below.

    Most rows of a list hold an account or another long number, and are passed over at once.
    """
    for cell in cells[row]:
        if isinstance(cell, str) and len(cell) >= LONG_DIGITS and cell.isdigit():
            return
    upper = words.texts(cells[row])
    yield _headings(cells, row, row, [[text] if text else [] for text in upper], words)
    if words.lines > 1 and row + 1 < len(cells) and not words.has_data(cells[row + 1]):
        lower = words.texts(cells[row + 1])
        if any(lower):
            options = list(map(_options, upper, filled(upper), lower))
            yield _headings(cells, row, row + 1, options, words)
            if sum(map(bool, upper)) > 1 and sum(map(bool, lower)) > 1:
                yield from _in_three_lines(cells, row, options, words)


def _in_three_lines(
    cells: Sequence[Row], row: int, upper: Sequence[list[str]], words: HeadingWords
) -> Iterator[Headings]:
    """What may be headings in three lines: ``upper`` are what the first two say together."""
    if row + 2 >= len(cells) or words.has_data(cells[row + 2]):
        return
    lowest = words.texts(cells[row + 2])
    if any(lowest):
        groups = list(filled([options[0] if options else "" for options in upper]))
        options = [
            _options("", group, word) if word else own
            for own, group, word in zip(upper, groups, lowest, strict=True)
        ]
        yield _headings(cells, row, row + 2, options, words)


def _options(own: str, group: str, word: str) -> list[str]:
    """What a column in two lines may be called, the best first: 发生额 over 借方 is 发生额借方."""
    if not word:
        return [own] if own else []
    if not _HAS_HANZI.search(group):
        return [word]
    # 交易日期 over Transaction Date.
    in_english = [own] if own and not _HAS_HANZI.search(word) else []
    return [group + word, word, *in_english]


def filled(texts: Sequence[str]) -> Iterator[str]:
    """The text that reaches over each column: a merged cell keeps it in its first column."""
    reaching = ""
    for text in texts:
        reaching = text or reaching
        yield reaching


def spoken_texts(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(spoken(plain_text(cell)) for row in rows for cell in row if cell != "")


def _headings(
    cells: Sequence[Row], first: int, last: int, options: list[list[str]], words: HeadingWords
) -> Headings:
    """The columns that these headings name: each field's, and none that names two."""
    whole = tuple(texts[0] if texts else "" for texts in options)
    titles = list(whole)
    places: dict[str, list[tuple[int, int]]] = {}
    joined = 0
    unnamed = []
    for column, texts in enumerate(options):
        title = next(filter(words.named, texts), "")
        if named := words.named(title):
            places.setdefault(named.field, []).append((named.rank, column))
            titles[column] = title
            joined += len(texts) > 1 and title in (texts[0], *texts[2:])
        elif texts:
            unnamed.append(column)
    longer: dict[str, list[tuple[int, int]]] = {}
    for column in unnamed:
        named = words.at_end(options[column][-1])
        if named and named.field not in places:
            longer.setdefault(named.field, []).append((named.rank, column))
            titles[column] = options[column][-1]
    return Headings(
        first=first,
        last=last,
        columns={
            field: tuple(column for _rank, column in sorted(found))
            for field, found in (places | longer).items()
        },
        titles=tuple(titles),
        whole=whole,
        lines=cells[first : last + 1],
        above=cells[:first],
        joined=joined,
    )
