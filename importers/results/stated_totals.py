"""The counts and sums that a bank states beside a result: 总笔数, 合计, 入账总金额, 成功笔数.

A file whose end was cut off shows in nothing else, so what is stated has to agree with what was
read. What the bank calls a success may be one of which we are not sure: those count for either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Literal

from importers.results.header import ResultHeader
from importers.results.refusals import StatedTotalsDiffer
from importers.results.refusals import place_text
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import amount_fen
from importers.tables.cells import Cell
from importers.tables.spelling import spoken
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.model.transitions import State

if TYPE_CHECKING:
    from importers.results.result_file import ResultRow

Scope = Literal["all", "paid", "failed"]
Rows = Sequence[tuple[int, Sequence[Cell]]]

_FAILED = "失败|未成功|不成功|退汇|退票|退回|拒付"
_PAID = "成功|入账|到账|实发|实付|已付"
_ALL = "合计|总计|共计|累计|汇总|总|共|全部"
_COUNT = "笔数|条数|人数|户数|记录数|总笔|总数|笔|人|条|户"
_SUM = "金额|总额|额|合计|总计|共计|款"
_ABOUT = (
    "处理|代发|代付|发放|交易|支付|付款|转账|批次|本批|本次|应发"
    "|明细|文件|清单|其中|小计|记录|数|元"
)
_WORDS = sorted("|".join((_FAILED, _PAID, _ALL, _COUNT, _SUM, _ABOUT)).split("|"), key=len)
# The longest word first, and none is tried a second time.
_LABEL = f"(?:{'|'.join(reversed(_WORDS))})++"
_STATED = re.compile(
    rf"({_LABEL})[:=]?(?:人民币|¥|CNY|RMB)?([0-9][0-9,]*+(?:\.[0-9]+)?)(笔|条|人|户|元)?(?![0-9])"
)
_LABEL_ALONE = re.compile(rf"({_LABEL})[:=]?(?:\(元\)|元)?")
_LINE_OF_TOTALS = re.compile(rf"{_LABEL}:?(?:{_LABEL})?")
_VALUE = re.compile(r"(?:人民币|¥|CNY|RMB)?([0-9][0-9,]*(?:\.[0-9]+)?)(笔|条|人|户|元)?")
_PART = re.compile("本页|当页|小计|累计")
_BRACKETS = re.compile(r"[\[\]【】()]")


class Stated(Record):
    """A count, or a sum in fen, of all payments or of those that were made or failed."""

    sheet: str
    row: int
    label: str
    scope: Scope
    is_sum: bool
    value: int

    @property
    def shown(self) -> str:
        return plain(self.value) if self.is_sum else str(self.value)


def stated_totals(sheet: str, titles: Rows, notes: Rows, header: ResultHeader) -> Iterator[Stated]:
    """What the rows above the headings and the lines that are nobody's state."""
    for row, cells in titles:
        yield from _labelled(sheet, row, cells)
    for row, cells in notes:
        found = list(_labelled(sheet, row, cells))
        yield from found or _below_columns(sheet, row, cells, header)


def _labelled(sheet: str, row: int, cells: Sequence[Cell]) -> Iterator[Stated]:
    """``总笔数：4``, or ``总笔数`` with 4 in the next cell."""
    label = ""
    for cell in cells:
        text = _BRACKETS.sub(" ", spoken(str(cell))).replace(" ", "") if cell != "" else ""
        if not text:
            continue
        value = _VALUE.fullmatch(text)
        if label and value:
            yield from _stated(sheet, row, label, value[1], value[2] or "")
            label = ""
            continue
        alone = _LABEL_ALONE.fullmatch(text)
        label = alone[1] if alone else ""
        if not alone:
            for found in _STATED.finditer(text):
                yield from _stated(sheet, row, found[1], found[2], found[3] or "")


def _below_columns(
    sheet: str, row: int, cells: Sequence[Cell], header: ResultHeader
) -> Iterator[Stated]:
    """A line of totals: the sum below the amounts, ``4笔`` in another column."""
    texts = [spoken(str(cell)) for cell in cells]
    label = next(filter(None, texts), "").rstrip(":")
    scope = _scope(label)
    if scope is None or not _LINE_OF_TOTALS.fullmatch(label):
        return
    for column in header.all_of("amount")[:1]:
        try:
            value = amount_fen(cells[column])
        except UnreadableAmount:
            continue
        if value is not None:
            yield Stated(sheet, row, label, scope, True, value)
    for text in texts[1:]:
        counted = re.fullmatch("共?([0-9]{1,7})(?:笔|人|条|户)", text)
        if counted:
            yield Stated(sheet, row, label, scope, False, int(counted[1]))


def _stated(sheet: str, row: int, label: str, value: str, unit: str) -> Iterator[Stated]:
    scope = _scope(label)
    if scope is None:
        return
    is_count = (
        unit in ("笔", "条", "人", "户") if unit else bool(re.search(f"(?:{_COUNT})$", label))
    )
    is_sum = not is_count and (unit == "元" or bool(re.search(f"(?:{_SUM})$", label)))
    digits = value.replace(",", "")
    if is_count and digits.isdecimal():
        yield Stated(sheet, row, label, scope, False, int(digits))
    elif is_sum and (unit or "." in value or re.search("额$|款$", label)):
        fen_value = amount_fen(value)
        if fen_value is not None:
            yield Stated(sheet, row, label, scope, True, fen_value)


def _scope(label: str) -> Scope | None:
    """Of whom a label speaks; None for a part of the list, and for nobody in particular."""
    failed, paid = re.search(_FAILED, label), re.search(_PAID, label)
    if failed:
        return "failed" if not re.search(_PAID, re.sub(_FAILED, "", label)) else None
    if paid:
        return "paid"
    if _PART.search(label):
        return None
    return "all" if re.search(f"{_ALL}|笔数|人数|条数|户数|记录数", label) else None


def compare_totals(
    file: str, stated: Sequence[Stated], rows: Sequence[ResultRow], *, only_failures: bool
) -> None:
    """Raises StatedTotalsDiffer where a total is neither its sheet's nor the whole file's."""
    no_success = all(row.answer and row.answer.outcome is State.RETURNED for row in rows)
    for one in stated:
        # A list of failures states how many there were of all.
        if (only_failures or no_success) and one.scope != "failed":
            continue
        of_sheet = [row for row in rows if row.sheet == one.sheet]
        spans = [_span(one, of_sheet), _span(one, rows)]
        # guard: totals-stated
        if not any(least <= one.value <= most for least, most in spans):
            least, most = spans[0]
            read = _shown(one, least) + (f"–{_shown(one, most)}" if most != least else "")
            place = place_text(one.sheet, one.row)
            raise StatedTotalsDiffer(file, place, one.label, one.shown, read)


def _span(stated: Stated, rows: Sequence[ResultRow]) -> tuple[int, int]:
    """The least and the most that the rows have of what is stated."""
    sure = {"paid": State.PAID, "failed": State.RETURNED}
    if stated.scope == "all":
        total = _measure(stated, rows)
        return total, total
    certain = [row for row in rows if row.answer and row.answer.outcome is sure[stated.scope]]
    open_ = [row for row in rows if not row.answer or row.answer.outcome is State.UNKNOWN]
    least = _measure(stated, certain)
    return least, least + _measure(stated, open_)


def _measure(stated: Stated, rows: Iterable[ResultRow]) -> int:
    return sum(row.amount_fen if stated.is_sum else 1 for row in rows)


def _shown(stated: Stated, value: int) -> str:
    return plain(value) if stated.is_sum else str(value)
