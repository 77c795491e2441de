"""The forms in which banks hand out the cells of a statement, as the bytes of a file."""

from __future__ import annotations

import csv
import datetime
import io
from html import escape

import xlsxwriter

from tests.support.result_files import old_workbook
from tests.support.roster_files import Rows


def comma_separated(rows: Rows, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def with_byte_order_mark(rows: Rows) -> bytes:
    return comma_separated(rows, "utf-8-sig")


def national(rows: Rows) -> bytes:
    return comma_separated(rows, "gb18030")


def quoted_with_tabs(rows: Rows) -> bytes:
    """Every cell below the headings in quotes, a TAB behind its text: ICBC's web site for firms."""
    titles = sum(len(row) == 1 for row in rows)
    lines = [",".join(map(str, row)) for row in rows[: titles + 1]]
    lines += [",".join(f'"{cell}\t"' for cell in row) for row in rows[titles + 1 :]]
    return "".join(line + "\r\n" for line in lines).encode("gb18030")


def padded(rows: Rows) -> bytes:
    """Blanks and a TAB fill every cell up to a width: ICBC's web site for people."""
    lines = [
        ",".join(f'"{cell!s:<20}\t"' if len(row) > 10 and number > 6 else str(cell) for cell in row)
        for number, row in enumerate(rows)
    ]
    return "".join(line + "\n" for line in lines).encode("utf-8")


def barred(rows: Rows) -> bytes:
    """Bars between the cells and one behind the last: BOC's text file."""
    lines = ("".join(f"{cell}|" for cell in row) for row in rows)
    return "".join(line + "\r\n" for line in lines).encode("gb18030")


def tabbed(rows: Rows) -> bytes:
    lines = ("\t".join(map(str, row)) for row in rows)
    return "".join(line + "\n" for line in lines).encode("gb18030")


def web_page(rows: Rows) -> bytes:
    lines = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f'<html><meta charset="gbk"><table border=1>\n{table}</table></html>'.encode("gb18030")


def workbook(rows: Rows) -> bytes:
    """An .xlsx file; numbers and dates keep their type."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"created": datetime.datetime(2020, 12, 31)})
        page = book.add_worksheet("Sheet0")
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime.datetime):
                    page.write_datetime(number, column, cell, dated)
                elif isinstance(cell, str):
                    page.write_string(number, column, cell)
                else:
                    page.write(number, column, cell)
    return content.getvalue()


FORMS = {
    "comma-separated": comma_separated,
    "with-byte-order-mark": with_byte_order_mark,
    "national": national,
    "quoted-with-tabs": quoted_with_tabs,
    "padded": padded,
    "barred": barred,
    "tabbed": tabbed,
    "web-page": web_page,
    "workbook": workbook,
    "old-workbook": old_workbook,
}
