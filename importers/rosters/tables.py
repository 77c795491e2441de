"""Where the tables of people on a sheet begin and end: many sheets have several."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from importers.rosters.body import is_long_number
from importers.rosters.header import FEWEST_FIELDS
from importers.rosters.header import Header
from importers.rosters.header import header_at
from importers.rosters.town import town_in
from importers.rosters.words import ends_as_title
from importers.rosters.words import role_in
from importers.rosters.words import roster_words
from importers.tables.cells import Cell
from importers.tables.headings import LONG_DIGITS
from importers.tables.headings import is_digits
from ledger.base.records import Record

_Rows = Sequence[Sequence[Cell]]
Head = Callable[[_Rows, int], Header | None]


class Table(Record):
    """Rows are counted from 0; people stand in ``start`` to ``end``, which is not one of them.

    ``titles`` are the lines above the headings, and ``inherited`` those of the table before where
    this one has none. ``headings`` are the rows of titles and headings that come again on every
    printed page.
    """

    header: Header
    start: int
    end: int
    titles: tuple[str, ...]
    inherited: tuple[str, ...]
    headings: frozenset[int]


def find_tables(
    cells: _Rows, head: Head = header_at, *, fewest: int = FEWEST_FIELDS
) -> list[Table]:
    """The tables of a sheet from above to below; none where no row names a person and a number.

    ``head`` knows the headings that begin in a row, of at least the ``fewest`` texts.
    """
    header = _first_header(cells, head)
    if header is None:
        return []
    titles = _texts([row for row in cells[: header.first] if not _has_people([row], header)])
    inherited: tuple[str, ...] = ()
    tables: list[Table] = []
    start, headings = 0, set(range(header.first, header.last + 1))
    for following in _later_headers(cells, header, head, fewest):
        above = _title_rows(cells, following.first, header.last + 1)
        own = _texts([cells[row] for row in above])
        rows = {*above, *range(following.first, following.last + 1)}
        # guard: title-of-second-table
        if following.columns == header.columns and not _differs(own, titles or inherited):
            headings |= rows
            continue
        end = min(rows)
        tables.append(Table(header, start, end, titles, inherited, frozenset(headings)))
        header, start, headings = following, end, rows
        titles, inherited = own, titles or inherited
    return [*tables, Table(header, start, len(cells), titles, inherited, frozenset(headings))]


def _first_header(cells: _Rows, head: Head) -> Header | None:
    """The headings that say most, or earlier ones that have people of their own."""
    searched = range(min(roster_words().headings.searched, len(cells)))
    found = _without_titles([header for row in searched if (header := head(cells, row))])
    if not found:
        return None
    best = max(found, key=lambda header: (header.score, -header.first))
    for header in found:
        # guard: small-table-above
        if header.first < best.first and _has_people(cells[header.last + 1 : best.first], header):
            return header
    return best


def _without_titles(headers: Sequence[Header]) -> list[Header]:
    """The headers without those whose first line says no more than a title does: of two that end
    in one row the one that says more, and else the shorter.
    """
    best: dict[int, Header] = {}
    for header in headers:
        other = best.get(header.last)
        # guard: title-is-no-group
        if other is None or header.score > other.score:
            best[header.last] = header
    return sorted(best.values(), key=lambda header: header.first)


def _has_people(rows: _Rows, header: Header) -> bool:
    numbers = [header.columns[name] for name in ("identity", "account") if name in header.columns]
    return any(is_long_number(row[column]) for row in rows for column in numbers)


def _later_headers(cells: _Rows, first: Header, head: Head, fewest: int) -> list[Header]:
    """Every further row of headings. A person's row has numbers and is passed over at once."""
    words = roster_words().headings
    headers: list[Header] = []
    number = first.columns.get("account", first.columns.get("identity", 0))
    for row in range(first.last + 1, len(cells)):
        cell = cells[row][number]
        if isinstance(cell, str) and len(cell) >= LONG_DIGITS and is_digits(cell):
            continue
        if headers and row <= headers[-1].last:
            continue
        texts = len(cells[row]) - cells[row].count("")
        if texts < fewest or words.has_data(cells[row]):
            continue
        header = head(cells, row)
        if header:
            headers.append(header)
    return headers


def _title_rows(cells: _Rows, below: int, start: int) -> list[int]:
    """The rows directly above some headings that hold nothing but a title, blank rows left out."""
    rows = []
    for row in range(below - 1, start - 1, -1):
        texts = _texts([cells[row]])
        if any(cell != "" for cell in cells[row]) and not (len(texts) == 1 and _is_title(texts[0])):
            break
        if texts:
            rows.append(row)
    return rows


def _is_title(text: str) -> bool:
    return ends_as_title(text) or role_in(text) is not None or town_in(text) is not None


def _differs(titles: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """Whether titles name another town or role than those before: they are no page's title."""
    own, earlier = " ".join(titles), " ".join(before)
    return any(
        (name := named(own)) is not None and name != named(earlier) for named in (town_in, role_in)
    )


def _texts(rows: _Rows) -> tuple[str, ...]:
    return tuple(
        cell for row in rows for cell in row if isinstance(cell, str) and cell and cell.strip()
    )
