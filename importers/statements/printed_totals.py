"""What the bank says that the lines come to, in titles and last rows: sums, counts, balances."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from importers.statements.body import Body
from importers.statements.readings import Reading
from importers.statements.words import is_total
from importers.statements.words import statement_words
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import signed_amount_fen
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.headings import Row
from importers.tables.spelling import BRACKETED
from importers.tables.spelling import spoken
from ledger.base.money import plain
from ledger.model.bank_lines import StatedTotal

_LABELLED = re.compile(
    r"(?P<label>[^\s:,;0-9.+-]{2,30}) ?:? ?"
    r"(?P<value>[-+]?[0-9][0-9,]*(?:\.[0-9]{1,2})?) ?(?:元|CNY|RMB)?(?=[\s,;、。]|$)"
)
# 支出2笔，共850.25元: a count, and behind it what it comes to.
_COUNTED = re.compile(
    r"(?P<label>[^\s:,;0-9.+-]{1,30}) ?:? ?(?P<count>[0-9]{1,9}) ?[笔条]"
    r"(?:(?:记录|交易|明细)?[\s,;、]*(?:(?:共计?|合计|总?金额|总额|发生额|计) ?:? ?)?"
    r"(?P<sum>[0-9][0-9,]*\.[0-9]{2}) ?元?)?"
)
_OF_THE_FILE = re.compile("本次(?:查询|下载|导出|打印)|查询|全部|所有")


class Stated(NamedTuple):
    """What a label says of the value beside it.

    ``what`` is ``sum``, ``count``, ``opening`` or ``closing``; ``side`` is ``in``, ``out``,
    ``credit``, ``debit`` or empty for all lines.
    """

    what: str
    side: str


@lru_cache(maxsize=4096)
def stated_by(label: str) -> Stated | None:
    """What a label such as 贷方发生总额, 汇总收入金额, 总笔数 or 期初余额 stands for.

    None for any other text, and for what is of a part of the lines only, such as 本页合计.
    """
    text = BRACKETED.sub("", spoken(label)).rstrip(":")
    known = statement_words().stated
    said = {name for name, pattern in known.items() if pattern.search(text)}
    for balance in ("opening", "closing"):
        if known[balance].fullmatch(text):
            return Stated(balance, "")
    if "of_a_part" in said or not is_total(text) or "余额" in text:
        return None
    sides = [side for side in ("in", "out", "credit", "debit") if side in said]
    if "count" in said and len(sides) <= 1:
        return Stated("count", "".join(sides))
    if "sum" in said and len(sides) == 1:
        return Stated("sum", sides[0])
    return None


def is_of_all_lines(label: str) -> bool:
    """Whether a row that begins so has the sums of all lines below the headings."""
    text = BRACKETED.sub("", spoken(label)).rstrip(":")
    return bool(statement_words().stated["of_all_lines"].fullmatch(text))


class StatedValue(NamedTuple):
    """A value where it stands; fen for a sum or a balance."""

    row: int
    label: str
    stated: Stated
    value: int


def stated_values(body: Body) -> list[StatedValue]:
    """Every value that can be read, in the titles and in the rows that are no lines."""
    titles = list(enumerate(body.header.above, 1))
    values = [value for number, row in (*titles, *body.others) for value in _in_row(number, row)]
    sums = [value for number, row in body.others for value in _below_columns(body, number, row)]
    # One such row for every page says nothing of all lines.
    rows = {value.row for value in sums}
    return values + (sums if len(rows) == 1 else [])


def _in_row(number: int, row: Row) -> Iterator[StatedValue]:
    """``贷方发生总额:12.00`` in one cell, or a label and the value in the next cell with a text."""
    label = ""
    for cell in row:
        text = plain_text(cell)
        if not text:
            continue
        stated = stated_by(label) if label else None
        value = _value(cell, stated) if stated else None
        if stated and value is not None:
            yield StatedValue(number, label, stated, value)
        for found in _LABELLED.finditer(text):
            stated = stated_by(found["label"])
            value = _value(found["value"], stated) if stated else None
            if stated and value is not None:
                yield StatedValue(number, found["label"], stated, value)
        yield from _counted(number, text)
        label = text.rstrip(": ")


def _counted(number: int, text: str) -> Iterator[StatedValue]:
    for found in _COUNTED.finditer(text):
        label = _OF_THE_FILE.sub("", found["label"])
        for word, value in (("笔数", found["count"]), ("总额", found["sum"])):
            stated = stated_by(label + word)
            if stated and value and (what := _value(value, stated)) is not None:
                yield StatedValue(number, found["label"], stated, what)


def _value(cell: Cell, stated: Stated) -> int | None:
    try:
        fen = signed_amount_fen(cell)
    except UnreadableAmount:
        return None
    if fen is None or stated.what != "count":
        return fen
    return fen // 100 if fen % 100 == 0 else None


def _below_columns(body: Body, number: int, row: Row) -> Iterator[StatedValue]:
    """The sums in the columns of what came in and what went out, in a row that begins 合计."""
    first = next((text for cell in row if (text := plain_text(cell))), "")
    if not is_of_all_lines(first):
        return
    for side in ("in", "out", "credit", "debit"):
        for column in body.header.all_of(side)[:1]:
            stated = Stated("sum", side)
            value = _value(row[column], stated)
            if value is not None:
                yield StatedValue(number, body.header.titles[column], stated, value)


def compared(
    values: Sequence[StatedValue],
    reading: Reading,
    balances_fen: Sequence[int] | None,
    *,
    newest_first: bool,
    zero_lines: int,
) -> tuple[StatedTotal, ...]:
    """Each value beside what the lines come to when they are read in one way."""
    found: list[StatedTotal] = []
    for value in values:
        what, side = value.stated
        if what in ("opening", "closing"):
            if balances_fen is not None:
                oldest, newest = (-1, 0) if newest_first else (0, -1)
                opening_fen = balances_fen[oldest] - reading.amounts_fen[oldest]
                fen = opening_fen if what == "opening" else balances_fen[newest]
                found.append(_total(value, [fen], plain))
        elif what == "count" and not side:
            lines = len(reading.amounts_fen)
            found.append(_total(value, [lines, lines + zero_lines], str))
        else:
            inward = side == "in" or side == ("debit" if reading.debit_is_in else "credit")
            sides = [amounts_fen[0 if inward else 1] for amounts_fen in _sides(reading)]
            if what == "sum":
                found.append(_total(value, [sum(amounts_fen) for amounts_fen in sides], plain))
            else:
                counts = [sum(map(bool, amounts_fen)) for amounts_fen in sides]
                most = [count + zero_lines for count in counts]
                between = range(min(counts), max(most) + 1)
                found.append(_total(value, [*counts, *between], str))
    return tuple(found)


def _sides(reading: Reading) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """What came in and what went out: by the sign, and as the bank counts what it has reversed."""
    amounts_fen = reading.amounts_fen
    yield [max(fen, 0) for fen in amounts_fen], [max(-fen, 0) for fen in amounts_fen]
    if reading.sides_fen:
        yield reading.sides_fen


def _total(
    value: StatedValue, possible: Sequence[int], written: Callable[[int], str]
) -> StatedTotal:
    """The value beside the one of the possible ones that it is, or else beside the first."""
    found = value.value if value.value in possible else possible[0]
    return StatedTotal(value.row, value.label, written(value.value), written(found))
