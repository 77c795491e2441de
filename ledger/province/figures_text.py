"""A county's figures as text, in one spelling, and read again with nothing believed."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from typing import NamedTuple
from typing import TypeVar
from typing import get_type_hints

from ledger.base.language import gettext as _
from ledger.base.outside_text import is_plain
from ledger.base.refusals import Refusal
from ledger.model.months import NotAMonth
from ledger.model.months import read_month
from ledger.province import county_figures
from ledger.province.county_figures import ClosedRow
from ledger.province.county_figures import CountyFigures
from ledger.province.county_figures import FundRow
from ledger.province.county_figures import LineRow
from ledger.province.county_figures import Money
from ledger.province.county_figures import MonthRow
from ledger.province.county_figures import PeopleRow
from ledger.province.county_figures import RateRow
from ledger.province.county_figures import ReturnRow
from ledger.province.county_figures import TaxRow

Row = TypeVar("Row", bound=tuple[Any, ...])

LONGEST_TEXT = 200
# A hundred thousand million yuan: what no county has, and what any table can hold.
MOST_FEN = 10**13
MOST_PEOPLE = 10**7
_TABLES: dict[str, type[NamedTuple]] = {
    "funds": FundRow,
    "lines": LineRow,
    "months": MonthRow,
    "people": PeopleRow,
    "returns": ReturnRow,
    "rates": RateRow,
    "tax": TaxRow,
    "closed": ClosedRow,
}
_TEXTS = ("county", "county_name", "programme", "unit", "day", "newest")
_COUNTY = re.compile("[0-9]{6}")
_DAYS = frozenset({"day", "newest", "since"})


class FiguresStrange(Refusal):
    """Figures that are none."""

    def __init__(self, where: str) -> None:
        message = _("the figures are not as this program writes them: {where}")
        super().__init__(message.format(where=where), where=where)


def figures_text(figures: CountyFigures) -> bytes:
    """The figures in their one spelling: JSON, a row on a line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = [encode([name, getattr(figures, name)]) for name in _TEXTS]
    lines.append(encode(["money", list(figures.money)]))
    for name in _TABLES:
        lines += [encode([name, *row]) for row in getattr(figures, name)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def read_figures(content: bytes) -> CountyFigures:
    """The figures that a text holds. Raises FiguresStrange."""
    try:
        lines = [json.loads(line) for line in content.decode("utf-8").split("\n")[:-1]]
    except (ValueError, RecursionError):
        raise FiguresStrange("JSON") from None
    if not all(type(line) is list and line and type(line[0]) is str for line in lines):
        raise FiguresStrange("JSON")
    texts = {name: _text_of(name, lines) for name in _TEXTS}
    money = _row(Money, "money", _values("money", lines)[0])
    tables = {
        name: tuple(_row(kind, name, line[1:]) for line in lines if line[0] == name)
        for name, kind in _TABLES.items()
    }
    figures = CountyFigures(**texts, money=money, **tables)  # type: ignore[arg-type]
    # guard: figures-in-one-spelling
    if figures_text(figures) != content:
        raise FiguresStrange("JSON")
    _require_agreement(figures)
    return figures


def _values(name: str, lines: list[Any]) -> list[Any]:
    found = [line[1:] for line in lines if line[0] == name]
    if len(found) != 1 or len(found[0]) != 1 or (name == "money" and type(found[0][0]) is not list):
        raise FiguresStrange(name)
    return list(found[0])


def _text_of(name: str, lines: list[Any]) -> str:
    (value,) = _values(name, lines)
    _require_text(name, value)
    if name == "county" and not _COUNTY.fullmatch(value):
        raise FiguresStrange(name)
    return str(value)


def _row(kind: type[Any], table: str, values: Any) -> Any:
    fields = kind._fields
    if len(values) != len(fields):
        raise FiguresStrange(table)
    types = get_type_hints(kind, vars(county_figures))
    for name, value in zip(fields, values, strict=True):
        if types[name] is str:
            _require_text(name, value)
        # guard: figures-are-numbers
        elif type(value) is not int or not _is_possible(name, value):
            raise FiguresStrange(f"{table} {name}")
    return kind(*values)


def _is_possible(name: str, value: int) -> bool:
    if name in ("people", "suspense_lines"):
        return 0 <= value <= MOST_PEOPLE
    return abs(value) <= MOST_FEN


def _require_text(name: str, value: Any) -> None:
    # guard: figures-are-plain-texts
    if type(value) is not str or len(value) > LONGEST_TEXT or not is_plain(value):
        raise FiguresStrange(name)
    try:
        if name in _DAYS:
            datetime.date.fromisoformat(value)
        elif name == "month":
            read_month(value)
    except (ValueError, NotAMonth):
        raise FiguresStrange(name) from None


def _require_agreement(figures: CountyFigures) -> None:
    """Sums that a county has written must be those of its rows: it cannot say two things."""
    for fund in figures.funds:
        lines = [row for row in figures.lines if row.fund == fund.fund]
        months = [row for row in figures.months if row.fund == fund.fund]
        accrued_fen = sum(row.accrued_fen for row in lines)
        # guard: figures-add-up
        if (
            (fund.budget_fen, fund.accrued_fen) != (sum(r.budget_fen for r in lines), accrued_fen)
            or fund.budget_fen != sum(row.budget_fen for row in months)
            or fund.received_fen != sum(row.received_fen for row in months)
            or fund.accrued_fen != sum(row.accrued_fen for row in months)
            or fund.paid_fen != sum(row.paid_fen for row in months)
        ):
            raise FiguresStrange(f"funds {fund.fund}")
