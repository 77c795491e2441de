"""The account's statement as the rural commercial bank's web site exports it to an office."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from pathlib import Path

import xlsxwriter

from ledger.base.money import grouped
from samples.account import AccountLine
from samples.account import lines_between

ACCOUNT_NUMBER = "91370481000000202011"
OWNER = "滕州市第七次全国人口普查领导小组办公室"
CURRENCY = "人民币"
HEADINGS = (
    "交易日期",
    "对方户名",
    "收入金额",
    "支出金额",
    "余额",
    "账号",
    "币种",
    "对方账号",
    "用途",
    "附言",
    "核心流水号",
)
WIDTHS = (12, 26, 15, 15, 15, 24, 8, 24, 32, 16, 20)
# The same lines make the same bytes, whenever.
EXPORTED = datetime(2020, 12, 31, 17, 0)


def statement_table(
    lines: Sequence[AccountLine],
    since: date,
    until: date,
    *,
    newest_first: bool = False,
    owner: str = OWNER,
) -> list[list[str]]:
    """The cells: four rows of titles, the headings, then the lines of the days since to until."""
    chosen = lines_between(lines, since, until)
    if newest_first:
        chosen.reverse()
    return [
        ["账户交易明细"],
        ["账号", ACCOUNT_NUMBER, "户名", owner],
        ["开户行", "滕州农商行营业部", "币种", CURRENCY],
        ["起始日期", since.isoformat(), "截止日期", until.isoformat()],
        list(HEADINGS),
        *map(_cells, chosen),
    ]


def _cells(line: AccountLine) -> list[str]:
    moved = line.movement
    amount = grouped(abs(moved.amount_fen))
    return [
        moved.day.isoformat(),
        moved.counterparty,
        *((amount, "") if moved.amount_fen > 0 else ("", amount)),
        grouped(line.balance_fen),
        ACCOUNT_NUMBER,
        CURRENCY,
        moved.account,
        moved.purpose,
        moved.remark,
        line.serial,
    ]


def statement_workbook(table: Sequence[Sequence[str]]) -> bytes:
    """The cells, all of them text, on the one sheet of an .xlsx file."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": EXPORTED})
        page = workbook.add_worksheet("账户交易明细")
        text = workbook.add_format({"num_format": "@"})
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        for row, cells in enumerate(table):
            for place, cell in enumerate(cells):
                if cell:
                    page.write_string(row, place, cell, text)
    return content.getvalue()


def export_statement(
    folder: Path,
    lines: Sequence[AccountLine],
    since: date,
    until: date,
    *,
    newest_first: bool = False,
    owner: str = OWNER,
) -> Path:
    """Write the statement of some days, both included, under the name that the bank gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"账户明细_{since:%Y%m%d}_{until:%Y%m%d}.xlsx"
    table = statement_table(lines, since, until, newest_first=newest_first, owner=owner)
    path.write_bytes(statement_workbook(table))
    return path
