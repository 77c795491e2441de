"""A consolidation as flat tables, in one order, for programs and for a workbook. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ledger.province.consolidation import Consolidation
from ledger.province.consolidation import County
from ledger.province.consolidation import Sums
from ledger.province.consolidation import sums_of

Cell = str | int


class Kind(StrEnum):
    """What stands in a column: ``MONEY`` is fen here, and yuan where it is written."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"


class Column(NamedTuple):
    """A column by the name that programs read."""

    name: str
    kind: Kind


class Table(NamedTuple):
    """Rows in their order."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


_OF_COUNTY = "county county_name programme"
_SUMS = tuple(name for name in Sums._fields if name != "counties")


def tables(consolidation: Consolidation) -> list[Table]:
    """All tables. Each row of a county's begins with its code, name and programme."""
    counties = consolidation.counties
    return [
        _table("counties", f"province prefecture prefecture_name {_OF_COUNTY} verified bundle"
               " head_event# head fingerprint newest_day closed_month", _SUMS,
               map(_county_row, counties)),
        _table("prefectures", "province prefecture prefecture_name counties#", _SUMS,
               _prefectures(consolidation)),
        _table("funds", f"{_OF_COUNTY} fund fund_name",
               ("budget_fen", "received_fen", "accrued_fen", "paid_fen"),
               _rows(counties, "funds")),
        _table("lines", f"{_OF_COUNTY} fund line line_name",
               ("budget_fen", "accrued_fen", "paid_fen", "committed_fen"),
               _rows(counties, "lines")),
        _table("months", f"{_OF_COUNTY} month fund line",
               ("budget_fen", "received_fen", "accrued_fen", "paid_fen"),
               _rows(counties, "months")),
        _table("people", f"{_OF_COUNTY} month fund line stage stage_name town town_name state"
               " reason since people#", ("amount_fen", "tax_fen"), _rows(counties, "people")),
        _table("returns", f"{_OF_COUNTY} batch reason bank people#", ("amount_fen",),
               _rows(counties, "returns")),
        _table("tax", f"{_OF_COUNTY} month", ("withheld_fen", "due_fen"), _rows(counties, "tax")),
        _table("rates_outside", f"{_OF_COUNTY} batch day stage role kind",
               ("rate_fen", "least_fen", "most_fen"),
               ((*_names(county), *one.rate, one.least_fen, one.most_fen)
                for county in counties for one in county.outside)),
        _table("paid_twice", f"number# field {_OF_COUNTY} payee state", ("amount_fen",),
               _doubles(consolidation)),
        _table("findings", "bundle county file line# code message", (), _findings(consolidation)),
        _table("heads", f"{_OF_COUNTY} event# head", (),
               ((books.county, known.name, books.programme, known.seq, known.head)
                for books, known in sorted(consolidation.heads.books.items()))),
    ]  # fmt: skip


def _table(name: str, texts: str, sums: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """Columns by their names: of counts with ``#`` or known as such, of money with ``_fen``."""
    columns = [
        Column(one.rstrip("#"), Kind.COUNT if one.endswith("#") else Kind.TEXT)
        for one in texts.split()
    ]
    for one in sums:
        kind = Kind.MONEY if one.endswith("_fen") else Kind.COUNT
        columns.append(Column(one.replace("_fen", "_yuan"), kind))
    return Table(name, tuple(columns), tuple(tuple(row) for row in rows))


def _names(county: County) -> tuple[str, str, str]:
    return county.figures.county, county.figures.county_name, county.figures.programme


def _rows(counties: Iterable[County], field: str) -> Iterator[tuple[Cell, ...]]:
    for county in counties:
        for row in getattr(county.figures, field):
            yield (*_names(county), *row)


def _county_row(county: County) -> tuple[Cell, ...]:
    figures = county.figures
    return (
        county.region.province,
        county.region.prefecture,
        county.region.prefecture_name,
        *_names(county),
        "yes" if county.is_verified else "no",
        county.bundle,
        county.known.seq,
        county.known.head,
        county.fingerprint,
        figures.newest,
        figures.closed[-1].month if figures.closed else "",
        *sums_of([county])[1:],
    )


def _prefectures(consolidation: Consolidation) -> Iterator[tuple[Cell, ...]]:
    for (code, name), sums in consolidation.prefectures.items():
        yield (code[:2], code, name, *sums)


def _doubles(consolidation: Consolidation) -> Iterator[tuple[Cell, ...]]:
    names = {county.books: _names(county) for county in consolidation.counties}
    for number, double in enumerate(consolidation.doubles, 1):
        for one in double.paid:
            yield (number, double.field, *names[one.books], one.payee, one.state, one.amount_fen)


def _findings(consolidation: Consolidation) -> Iterator[tuple[Cell, ...]]:
    for failed in consolidation.failed:
        for one in failed.findings:
            yield (failed.bundle, failed.county, *one)
    for county in consolidation.counties:
        for one in county.facts:
            yield (county.bundle, f"{_names(county)[0]} {_names(county)[1]}", *one)
