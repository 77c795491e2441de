"""Result files for tests, as bytes: a bank's table in each of the forms in which banks send it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Any

import xlwt

from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.tables.cells import Cell
from importers.tables.reading import read_tables
from ledger.base.money import plain
from ledger.base.money import yuan
from ledger.model.instructions import Instruction
from tests.support.roster_files import Rows
from tests.support.roster_files import workbook

ICBC = (
    "姓名\n(不超过60个字节)",
    "卡号",
    "应处理金额(必须小于1亿)",
    "备注(不超过12个字节)",
    "实处理金额",
    "处理标志",
)
PLAIN = ("序号", "收款账号", "收款户名", "交易金额", "交易状态", "失败原因")


def icbc_row(
    payment: Instruction, status: str = "全部成功", handled: Cell | None = None, **cells: Cell
) -> list[Cell]:
    """A row of the own bank: the whole amount is handled unless ``handled`` says otherwise."""
    amount = float(yuan(payment.amount_fen))
    handled = amount if handled is None else handled
    values: dict[str, Cell] = {"name": payment.bank_name, "account": payment.account} | cells
    return [values["name"], values["account"], amount, "两员补助", handled, status]


def plain_row(
    payment: Instruction, status: str = "交易成功", reason: str = "", **cells: Cell
) -> list[Cell]:
    """A row of a bank's own list, some cells as given."""
    values: dict[str, Cell] = {
        "sequence": str(payment.number),
        "account": payment.account,
        "name": payment.bank_name,
        "amount": plain(payment.amount_fen),
        "status": status,
        "reason": reason,
    }
    return list((values | cells).values())


def old_workbook(rows: Rows) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page: Any = book.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "":
                page.write(number, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def delimited(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("gb18030")


def web_page(rows: Rows) -> bytes:
    lines = (
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<html><meta charset="gbk"><table>{"".join(lines)}</table></html>'.encode("gb18030")


FORMS = {
    "xlsx": lambda rows: workbook({"Sheet1": rows}),
    "xls": old_workbook,
    "csv": delimited,
    "html": web_page,
}


def result(
    *rows: Sequence[Cell], name: str = "结果.csv", headings: Sequence[str] = PLAIN
) -> ResultFile:
    """The result in a text file with these rows below the headings."""
    return read_result(name, read_tables(name, delimited([list(headings), *rows])))
