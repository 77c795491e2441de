"""The province's workbook: every table of a consolidation on a sheet of its own, in Chinese."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

from ledger.base.money import yuan
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file
from ledger.model.return_reasons import return_reason
from ledger.model.transitions import State
from ledger.province.consolidation import Consolidation
from ledger.province.tables import Cell
from ledger.province.tables import Column
from ledger.province.tables import Kind
from ledger.province.tables import Table

if TYPE_CHECKING:
    import xlsxwriter

TITLE = "经费汇总"
# Rows of a sheet, below what a workbook can hold; what is longer stands in the Parquet files whole.
MOST_ROWS = 200_000
SHEETS = {
    "counties": "各县",
    "prefectures": "各市",
    "funds": "经费来源",
    "lines": "预算科目",
    "months": "逐月",
    "people": "补助人员状态",
    "returns": "退回原因和银行",
    "tax": "个人所得税",
    "rates_outside": "超限标准",
    "paid_twice": "两县重复支付",
    "findings": "未通过和提示",
    "heads": "账套HEAD",
}
HEADINGS = {
    "province": "省码", "prefecture": "市码", "prefecture_name": "市", "county": "县码",
    "county_name": "县", "programme": "项目", "verified": "账套已核", "bundle": "上报文件",
    "head_event": "事件号", "head": "HEAD", "fingerprint": "账套指纹", "newest_day": "最后一笔",
    "closed_month": "已结账至", "counties": "县数", "fund": "来源码", "fund_name": "经费来源",
    "line": "科目码", "line_name": "预算科目", "month": "月份", "stage": "阶段码",
    "stage_name": "阶段", "town": "镇街码", "town_name": "镇街", "state": "状态",
    "reason": "退回原因", "since": "最早日期", "people": "人数", "batch": "批次", "bank": "开户行",
    "day": "日期", "role": "岗位", "kind": "方式", "number": "序号", "field": "重复项",
    "payee": "人员编号", "file": "文件", "code": "代码", "message": "说明",
    "event": "事件号", "in_bank": "代发中（人）", "paid": "已支付（人）", "returned": "退回（人）",
    "unknown": "待查（人）", "budget_yuan": "预算", "received_yuan": "到位", "accrued_yuan": "列支",
    "paid_yuan": "支付", "bank_yuan": "银行存款", "tax_due_yuan": "待缴税款",
    "suspense_yuan": "待核", "in_bank_yuan": "代发中金额", "returned_yuan": "退回金额",
    "unknown_yuan": "待查金额", "committed_yuan": "合同占用", "amount_yuan": "金额",
    "tax_yuan": "代扣税", "withheld_yuan": "已代扣", "due_yuan": "未缴", "rate_yuan": "标准",
    "least_yuan": "下限", "most_yuan": "上限",
}  # fmt: skip
MANY = 20
# Of findings the line of a file; a budget line elsewhere.
LINE_OF_FILE = "行"
WORDS = {
    "verified": {"yes": "是", "no": "否，县报数"},
    "state": {state.value: state.chinese for state in State},
    "field": {"identity": "身份证号", "account": "银行账号"},
    "kind": {"fixed": "定额", "per-unit": "按量", "listed": "按名单"},
}


def workbook_name(consolidation: Consolidation) -> str:
    """``2020-11-经费汇总.xlsx``; the day where it is of no month."""
    return f"{consolidation.month or consolidation.day}-{TITLE}.xlsx"


def workbook_bytes(consolidation: Consolidation, tables: Sequence[Table]) -> bytes:
    """The workbook. No text of a county's becomes a formula or a link."""
    content = io.BytesIO()
    head = {"bold": True, "bottom": 1, "text_wrap": True}
    with workbook_file(content, title=TITLE) as workbook:
        formats = {
            "text": workbook.add_format({"num_format": "@"}),
            "count": workbook.add_format({"num_format": "#,##0"}),
            "money": workbook.add_format({"num_format": "#,##0.00"}),
            "head": workbook.add_format(head),
            "head of numbers": workbook.add_format(head | {"align": "right"}),
            "note": workbook.add_format({"italic": True}),
        }
        for table in tables:
            _sheet(workbook, table, formats, consolidation)
    return content.getvalue()


def _sheet(
    workbook: xlsxwriter.Workbook,
    table: Table,
    formats: dict[str, Any],
    consolidation: Consolidation,
) -> None:
    page = workbook.add_worksheet(SHEETS[table.name])
    # Of many columns a long fingerprint would take the room that all others need in print.
    most = 60 if len(table.columns) < MANY else 22
    for place, column in enumerate(table.columns):
        look = "head" if column.kind is Kind.TEXT else "head of numbers"
        page.write_string(1, place, heading_of(table, column), formats[look])
        shown = [_width(column, row[place]) for row in table.rows[:1000]]
        widest = max([2 * len(heading_of(table, column)), *shown])
        page.set_column(place, place, min(max(8, widest + 2), most))
    rows = table.rows[:MOST_ROWS]
    note = f"截至 {consolidation.day}，金额单位：元。共 {len(table.rows):,} 行"
    if len(rows) < len(table.rows):
        note += f"，这里只列前 {MOST_ROWS:,} 行，全部见 tables 文件夹"
    page.write_string(0, 0, f"{note}。", formats["note"])
    for line, row in enumerate(rows, 2):
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            form = formats[column.kind.value]
            if column.kind is Kind.TEXT:
                page.write_string(line, place, word_of(column, str(cell)), form)
            elif column.kind is Kind.MONEY:
                page.write_number(line, place, float(yuan(int(cell))), form)
            else:
                page.write_number(line, place, int(cell), form)
    page.freeze_panes(2, 0)
    print_as_list(page, 1)
    if rows:
        page.autofilter(1, 0, len(rows) + 1, len(table.columns) - 1)


def heading_of(table: Table, column: Column) -> str:
    """What stands above a column."""
    if (table.name, column.name) == ("findings", "line"):
        return LINE_OF_FILE
    return HEADINGS[column.name]


def word_of(column: Column, text: str) -> str:
    """What programs read in a column, as people read it."""
    if column.name == "reason" and text:
        return return_reason(text).meaning_text(chinese=True)
    return WORDS.get(column.name, {}).get(text, text)


def _width(column: Column, cell: Cell) -> int:
    if column.kind is not Kind.TEXT:
        return len(f"{cell:,}") + 1
    return sum(1 if sign.isascii() else 2 for sign in word_of(column, str(cell)))
