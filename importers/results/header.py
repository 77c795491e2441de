"""Find the headings of a result among the first rows of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importers.results.words import field_named
from importers.results.words import is_of_roster
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.spelling import spoken

SEARCHED_ROWS = 15
LONGEST_HEADING = 40
REQUIRED = ("account", "name", "amount")
# A line above the headings with so many texts is a line of headings itself, not a title.
GROUP_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class ResultHeader:
    """Where the headings stand: ``row`` counts from 0.

    ``columns`` maps a field to its columns, the one that counts most first. ``texts`` are the
    headings as :func:`spoken` spells them, ``answer_title`` the heading below which the bank
    says what became of a payment.
    """

    row: int
    columns: dict[str, tuple[int, ...]]
    texts: frozenset[str]
    answer_title: str

    def first(self, field: str) -> int | None:
        columns = self.columns.get(field)
        return columns[0] if columns else None


def is_result(sheets: Sequence[Sheet]) -> bool:
    """Whether any visible sheet has the headings of a result."""
    return any(not sheet.hidden and find_header(sheet.cells) for sheet in sheets)


def find_header(cells: Sequence[Sequence[Cell]]) -> ResultHeader | None:
    """The headings, or None when no row names a payment and what became of it.

    An amount that was handled is no answer without the bank's word: 实发金额 of a payroll would
    make everybody paid. None too for a list of census workers, whatever else it has.
    """
    best: ResultHeader | None = None
    for row in range(min(SEARCHED_ROWS, len(cells))):
        columns = _columns(_line(cells[row]))
        if not all(field in columns for field in REQUIRED):
            continue
        if "status" not in columns or _is_roster(cells, row):  # guard: result-needs-word
            continue
        if best is None or len(columns) > len(best.columns):
            best = _header(row, _line(cells[row]), columns)
    return best


def _line(row: Sequence[Cell]) -> list[str]:
    """The text of each cell that may be a heading; a number is none."""
    return [
        cell.strip()
        if isinstance(cell, str) and len(cell) <= LONGEST_HEADING and not cell.isdigit()
        else ""
        for cell in row
    ]


def _columns(headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, heading in enumerate(headings):
        found = field_named(heading) if heading else None
        if found:
            field, rank = found
            ranked.setdefault(field, []).append((rank, column))
    columns = {
        field: tuple(column for _rank, column in sorted(places)) for field, places in ranked.items()
    }
    # 实发金额 is what was to be paid, unless another column says that.
    either = columns.pop("amount_or_handled", None)
    if either:
        columns.setdefault("handled" if "amount" in columns else "amount", either)
    return columns


def _is_roster(cells: Sequence[Sequence[Cell]], row: int) -> bool:
    headings = _line(cells[row])
    above = _line(cells[row - 1]) if row else []
    if sum(map(bool, above)) >= GROUP_HEADINGS:
        headings += above
    return any(map(is_of_roster, headings))


def _header(row: int, headings: Sequence[str], columns: dict[str, tuple[int, ...]]) -> ResultHeader:
    answer = columns["status"]
    texts = frozenset(spoken(heading) for heading in headings if heading)
    return ResultHeader(row, columns, texts, "".join(headings[answer[0]].split()))
