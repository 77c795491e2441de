"""The simulated bank's result files (回盘), as bytes: the same decisions give the same bytes."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from samples.bank import Decision
from samples.bank_tables import Table
from samples.bank_tables import framed
from samples.bank_tables import icbc_table
from samples.bank_tables import plain_table

TITLE = "批量代发处理结果"
ANSWERED = datetime(2020, 11, 12, 16, 0)


def icbc_result(decisions: Sequence[Decision], *, masked: bool = False) -> bytes:
    """The own bank's workbook: text but for the two amounts, the headings in row 1."""
    return as_workbook(icbc_table(decisions, masked=masked))


def csv_result(
    decisions: Sequence[Decision], *, masked: bool = False, renumbered: bool = False
) -> bytes:
    """A list in GB18030 with other words in another order."""
    return as_csv(plain_table(decisions, masked=masked, renumbered=renumbered))


def xls_result(decisions: Sequence[Decision], *, masked: bool = False) -> bytes:
    """The own bank's table in the old format, with a title above and a total below."""
    return as_old_workbook(framed(icbc_table(decisions, masked=masked), TITLE))


def html_result(decisions: Sequence[Decision], *, masked: bool = False) -> bytes:
    """A web page that its bank names .xls, because Excel opens it."""
    return as_html(plain_table(decisions, masked=masked))


# How the bank may answer: the suffix of the file's name, and the writer of its bytes.
Form = tuple[str, Callable[..., bytes]]
FORMS: dict[str, Form] = {
    "icbc": (".xlsx", icbc_result),
    "csv": (".csv", csv_result),
    "xls": (".xls", xls_result),
    "html": (".xls", html_result),
}


def write_results(folder: Path, decisions: Sequence[Decision], *, word: str = "回盘") -> list[Path]:
    """A result file for each upload that the decisions are about, in its own format.

    They are named after the upload: ``B2020-001-本行-1-回盘.xlsx``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for upload in dict.fromkeys(decision.row.file for decision in decisions):
        own = [decision for decision in decisions if decision.row.file == upload]
        suffix, result = FORMS["csv" if upload.endswith(".csv") else "icbc"]
        path = folder / f"{Path(upload).stem}-{word}{suffix}"
        path.write_bytes(result(own))
        written.append(path)
    return written


def as_workbook(table: Table) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": ANSWERED})
        page = workbook.add_worksheet("Sheet1")
        text = workbook.add_format({"num_format": "@"})
        amount = workbook.add_format({"num_format": "0.00"})
        page.set_column(0, len(table[0]) - 1, 24)
        for line, cells in enumerate(table):
            for place, cell in enumerate(cells):
                if isinstance(cell, Decimal):
                    page.write_number(line, place, cell, amount)
                elif cell:
                    page.write_string(line, place, cell, text)
    return content.getvalue()


def as_old_workbook(table: Table) -> bytes:
    workbook = xlwt.Workbook(encoding="utf-8")
    page: Any = workbook.add_sheet("Sheet1")
    text = xlwt.easyxf(num_format_str="@")
    amount = xlwt.easyxf(num_format_str="0.00")
    for line, cells in enumerate(table):
        for place, cell in enumerate(cells):
            if cell != "":
                page.write(line, place, cell, amount if isinstance(cell, Decimal) else text)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def as_csv(table: Table, *, encoding: str = "gb18030") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode(encoding)


def as_html(table: Table) -> bytes:
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells) + "</tr>"
        for cells in table
    )
    head = '<html><head><meta charset="gbk"></head><body><table border="1">'
    page = f"{head}\n{lines}\n</table></body></html>\n"
    return page.encode("gb18030")
