"""Find the headings of a statement among its first rows, in one line or in two."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from importers.statements.words import Named
from importers.statements.words import field_named
from importers.statements.words import heading_texts
from importers.statements.words import is_of_others
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import spoken

SEARCHED_ROWS = 30
# BOC's headings have their English beside them.
LONGEST_HEADING = 100
FEWEST_HEADINGS = 3

_DIGIT = re.compile(r"\d")

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand; ``row`` is their last line, counted from 0.

    ``columns`` maps a field to its columns, the one that counts most first. ``headings`` has
    the text of every column on one line, ``lines`` the rows that they stand in, ``titles`` the
    rows above.
    """

    row: int
    columns: Mapping[str, tuple[int, ...]]
    headings: tuple[str, ...]
    lines: Sequence[Row]
    titles: Sequence[Row]

    def all_of(self, field: str) -> tuple[int, ...]:
        return self.columns.get(field, ())

    @property
    def rank(self) -> tuple[int, int]:
        """The more it names the better; in one line rather than with a title above it."""
        return len(self.columns), -len(self.lines)

    def column_headed(self, heading: str) -> int | None:
        """The first column with a heading, what its brackets hold included or not."""
        wanted = heading_texts(heading)[0]
        for place in (0, 1):
            for column, text in enumerate(self.headings):
                if text and heading_texts(text)[place] == wanted:
                    return column
        return None

    def is_repeated_in(self, texts: set[str]) -> bool:
        """Whether a row with these texts has headings or titles once more, as new pages do."""
        return texts <= _texts(self.lines) or texts <= _texts(self.titles)

    @property
    def is_statement(self) -> bool:
        """Whether it names a day, an amount, and what only a statement has beside them."""
        known = self.columns.keys()
        if not known & {"date", "moment"} or any(map(is_of_others, self.headings)):
            return False
        if known & {"in", "credit"} and known & {"out", "debit"}:
            return True
        beside = {"balance", "flag", "other_name", "other_account"}
        # A list of payments has payees alone.
        both = {"payer_name", "payer_account"} & known and {"payee_name", "payee_account"} & known
        return "amount" in known and bool(known & beside or both)


def _texts(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(spoken(plain_text(cell)) for row in rows for cell in row if cell != "")


def find_header(
    cells: Sequence[Row], fits: Callable[[Header], bool] | None = None
) -> Header | None:
    """The headings of a statement: those that name the most, None when no row has any.

    Any that ``fits`` are taken before all others.
    """
    best: Header | None = None
    for row in range(min(SEARCHED_ROWS, len(cells))):
        for header in _headers(cells, row):
            if fits and fits(header):
                return header
            if (best is None or header.rank > best.rank) and header.is_statement:
                best = header
    return best


def _headers(cells: Sequence[Row], row: int) -> Iterator[Header]:
    """The headings of a row, and of the row with the one below it."""
    upper = _line(cells[row])
    if sum(map(bool, upper)) < FEWEST_HEADINGS:
        return
    named = list(map(_named, upper))
    yield Header(row, _columns(named), upper, cells[row : row + 1], cells[:row])
    if row + 1 < len(cells) and not _has_data(cells[row + 1]):
        lower = _line(cells[row + 1])
        pairs = [_joined(*heading) for heading in zip(upper, _filled(upper), lower, strict=True)]
        headings, named = tuple(text for text, _name in pairs), [name for _text, name in pairs]
        yield Header(row + 1, _columns(named), headings, cells[row : row + 2], cells[:row])


def _line(row: Row) -> tuple[str, ...]:
    """The text of each cell that may be a heading; a number is none."""
    return tuple(
        " ".join(cell.split())
        if isinstance(cell, str) and len(cell) <= LONGEST_HEADING and not cell.isdigit()
        else ""
        for cell in row
    )


def _has_data(row: Row) -> bool:
    """Whether a row is a line of the statement, or empty, and so no second line of headings."""
    texts = [cell for cell in row if isinstance(cell, str) and len(cell) <= LONGEST_HEADING]
    return not any(map(str.strip, texts)) or bool(_DIGIT.search("".join(texts)))


def _filled(texts: Sequence[str]) -> Iterator[str]:
    """The text that reaches over each column: a merged cell keeps it in its first column."""
    reaching = ""
    for text in texts:
        reaching = text or reaching
        yield reaching


def _joined(own: str, group: str, word: str) -> tuple[str, Named | None]:
    """The heading of a column in two lines: 发生额 over 借方 is 发生额借方."""
    if not word:
        return own, _named(own)
    for heading in (group + word, word):
        if named := _named(heading):
            return heading, named
    return group + word, None


def _named(heading: str) -> Named | None:
    return field_named(heading) if heading else None


def _columns(named: Sequence[Named | None]) -> dict[str, tuple[int, ...]]:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, name in enumerate(named):
        if name:
            ranked.setdefault(name.field, []).append((name.rank, column))
    return {
        field: tuple(column for _rank, column in sorted(places)) for field, places in ranked.items()
    }
