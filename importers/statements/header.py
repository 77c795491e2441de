"""Find the headings of a statement among the first rows of a sheet, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand; ``row`` counts from 0.

    ``columns`` maps a field to its columns, the one that counts most first. ``headings`` has
    the text of every column on one line; ``titles`` are the rows above.
    """

    row: int
    columns: Mapping[str, tuple[int, ...]]
    headings: tuple[str, ...]
    titles: Sequence[Sequence[Cell]]

    @property
    def texts(self) -> frozenset[str]:
        return frozenset(spoken(heading) for heading in self.headings if heading)

    @property
    def title_texts(self) -> frozenset[str]:
        return frozenset(spoken(plain_text(cell)) for row in self.titles for cell in row if cell)

    def all_of(self, field: str) -> tuple[int, ...]:
        return self.columns.get(field, ())

    def column_headed(self, heading: str) -> int | None:
        """The first column with a heading, what its brackets hold included or not."""
        wanted = heading_texts(heading)[0]
        for place in (0, 1):
            for column, text in enumerate(self.headings):
                if text and heading_texts(text)[place] == wanted:
                    return column
        return None


def find_header(
    cells: Sequence[Sequence[Cell]], fits: Callable[[Header], bool] | None = None
) -> Header | None:
    """The headings of a statement: the row that names the most, None when no row is one.

    Any row that ``fits`` is one too, and before all others.
    """
    best: Header | None = None
    for row in range(min(SEARCHED_ROWS, len(cells))):
        headings = _line(cells[row])
        if sum(map(bool, headings)) < FEWEST_HEADINGS:
            continue
        header = Header(row, _columns(headings), headings, cells[:row])
        if fits and fits(header):
            return header
        better = best is None or len(header.columns) > len(best.columns)
        if better and _is_statement(header):
            best = header
    return best


def _line(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(
        " ".join(cell.split()) if isinstance(cell, str) and len(cell) <= LONGEST_HEADING else ""
        for cell in row
    )


def _columns(headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, heading in enumerate(headings):
        named = field_named(heading) if heading else None
        if named:
            ranked.setdefault(named.field, []).append((named.rank, column))
    return {
        field: tuple(column for _rank, column in sorted(places)) for field, places in ranked.items()
    }


def _is_statement(header: Header) -> bool:
    """A day, an amount, and something that only a statement has beside them."""
    known = header.columns.keys()
    if not known & {"date", "moment"} or any(map(is_of_others, header.headings)):
        return False
    if has_two_columns(header):
        return True
    beside = {"balance", "flag", "perhaps_flag", "other_name", "other_account"}
    beside |= {"payer_name", "payee_name", "payer_account", "payee_account"}
    return "amount" in known and bool(known & beside)


def has_two_columns(header: Header) -> bool:
    """Whether money in and money out have a column each."""
    known = header.columns.keys()
    return bool(known & {"in", "credit"}) and bool(known & {"out", "debit"})
