"""What changed and where it is proven, in words that somebody can follow to the paper itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ledger.figures.month_trail import StatedLine
from ledger.figures.month_trail import Trail
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.period_changes import BUDGETED
from ledger.figures.period_changes import Happening
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from reports.pdf.signed_document import chinese_date

if TYPE_CHECKING:
    from beancount.core import data

BUDGET_KINDS = {"initial": "年初预算", "supplement": "追加预算", "transfer": "预算调剂"}
BY_HAND = "手工凭证"
BUDGET_RULES = "预算文件（资金规则）"


def matter_of(one: Happening, names: Mapping[tuple[FundCode, LineCode], str]) -> str:
    """What it was: the entry's words, or the batch's people, and the line of the budget."""
    line = one.line.lstrip("0123456789")
    fund = names.get((one.fund, LineCode("")), one.fund)
    if one.kind == BUDGETED:
        return f"{fund}{line} {BUDGET_KINDS.get(one.note, one.note)}"
    if one.batch:
        return f"{fund}{line}：补助 {one.people:,} 人"
    if one.people is not None and one.entry is None:
        return f"{fund}{line}：建账前已付 {one.people:,} 人"
    if one.entry is None:
        return line
    words = " ".join(text for text in (one.entry.payee, one.entry.narration) if text)
    return f"{line}：{words}" if line else words


def evidence_of(one: Happening, trail: Trail) -> str:
    """Where it is proven: a batch, a contract, a document, a line of a statement, or by hand."""
    if one.batch:
        return f"批次 {one.batch}"
    if one.kind == BUDGETED:
        return BUDGET_RULES
    if one.entry is None:
        return ""
    return "、".join(_of_entry(one.entry, trail)) or BY_HAND


def _of_entry(entry: data.Transaction, trail: Trail) -> Iterator[str]:
    links = sorted(entry.links or ())
    yield from (f"合同 {link}" for link in links if link in trail.contracts)
    for key, value in sorted(entry.meta.items()):
        if key.startswith("document") and isinstance(value, str):
            yield PurePosixPath(value).name
    stated = [trail.lines[link] for link in links if link in trail.lines]
    yield from (_of_line(one) for one in stated)


def _of_line(one: StatedLine) -> str:
    return f"银行对账单 {one.statement} 第 {one.place} 笔".replace("  ", " ")


def evidence_note(statement: MonthlyReport, listed: Sequence[Happening]) -> str:
    """Which statements those are that are named, by their days; empty where none is."""
    lines = statement.trail.lines
    named = {
        lines[link].statement: lines[link].period
        for one in listed
        if one.entry is not None and not one.batch
        for link in one.entry.links or ()
        if link in lines and lines[link].statement
    }
    parts = [f"{number} 为 {_days(period)}的对账单" for number, period in sorted(named.items())]
    return f"注：对账单编号为导入编号，{'；'.join(parts)}。" if parts else ""


def _days(period: str) -> str:
    """``2020年5月8日至2020年11月9日`` of ``2020-05-08 2020-11-09``."""
    days = [chinese_date(datetime.date.fromisoformat(day)) for day in period.split()]
    return "至".join(dict.fromkeys(days))
