"""Statements over several sheets, days over several lines, and which kind a file is."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from importers.incoming import RefusedFile
from importers.incoming import kind_of
from importers.incoming import open_file
from importers.statements.proof import prove
from importers.statements.refusals import SeveralStatements
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import UnreadableCell
from importers.statements.statement_file import read_statement
from importers.tables.cells import Cell
from importers.tables.cells import MergedRange
from importers.tables.reading import Sheet
from ledger.model.bank_lines import Statement
from tests.support.statement_tables import amounts
from tests.support.statement_tables import cells
from tests.support.statement_tables import sheet

MONTHS = {
    "9月": """
        日期       | 收入   | 支出   | 余额
        2020-09-12 | 800.00 |        | 1000.00
        2020-09-30 |        | 100.00 | 900.00
    """,
    "10月": """
        日期       | 收入   | 支出   | 余额
        2020-10-12 | 50.00  |        | 950.00
    """,
    "11月": """
        账号：6215 1234
        日期       | 收入   | 支出   | 余额
        2020-11-30 |        | 7.00   | 893.00
        2020-11-12 |        | 50.00  | 900.00
    """,
}


def read_sheets(months: dict[str, str]) -> Statement:
    statement = read_statement(
        "对账单.xlsx", [sheet(cells(table), name) for name, table in months.items()]
    )
    prove(statement)
    return statement


@pytest.mark.parametrize(
    "order", [["9月", "10月", "11月"], ["11月", "10月", "9月"], ["10月", "11月", "9月"]]
)
def test_sheets_that_go_on_are_one_statement(order: list[str]) -> None:
    statement = read_sheets({name: MONTHS[name] for name in order})
    assert amounts(statement) == ["800.00", "-100.00", "50.00", "-50.00", "-7.00"]
    places = [(line.sheet, line.row) for line in statement.lines]
    assert places == [("9月", 2), ("9月", 3), ("10月", 2), ("11月", 4), ("11月", 3)]
    assert statement.number == "62151234"
    assert (statement.opening_fen, statement.closing_fen) == (200_00, 893_00)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("800.00 |        | 1000.00", "800.00 |        | 1000.01"),
        ("2020-10-12", "2020-09-12"),
        ("2020-10-12 | 50.00  |        | 950.00", "2020-10-12 | 50.00  |        | 951.00"),
        (
            "日期       | 收入   | 支出   | 余额\n        2020-10",
            "日期 | 收入 | 支出 | 机构\n 2020-10",
        ),
        ("2020-10-12 | 50.00", "2020-12-12 | 50.00"),
        ("2020-11-12", "2020-09-29"),
    ],
)
def test_sheets_that_do_not_go_on_are_imported_one_by_one(right: str, wrong: str) -> None:
    tables = [table.replace(right, wrong) for table in MONTHS.values()]
    assert tables != list(MONTHS.values())
    months = {f"Sheet{at}": table for at, table in enumerate(tables)}
    with pytest.raises((SeveralStatements, StatementDoesNotAddUp)):
        read_sheets(months)


def test_a_month_that_is_missing_or_twice_there_is_refused() -> None:
    for names in (["9月", "11月"], ["9月", "9月", "10月"]):
        sheets = [sheet(cells(MONTHS[name]), f"{name}{at}") for at, name in enumerate(names)]
        with pytest.raises(SeveralStatements):
            read_statement("对账单.xlsx", sheets)


def test_a_sheet_of_another_account_is_no_part() -> None:
    months = MONTHS | {"9月": "账号：6215 9999\n" + MONTHS["9月"]}
    with pytest.raises(SeveralStatements):
        read_sheets(months)


def test_a_sheet_that_does_not_add_up_is_named() -> None:
    months = MONTHS | {"11月": MONTHS["11月"].replace("893.00", "894.00")}
    with pytest.raises(StatementDoesNotAddUp, match="11月, row 3"):
        read_sheets(months)


MERGED = """
    日期       | 收入   | 支出   | 余额
    2020-09-12 | 800.00 |        | 1000.00
               |        | 100.00 | 900.00
               |        | 50.00  | 850.00
    2020-09-13 | 5.00   |        | 855.00
    合计       | 805.00 | 150.00 |
"""


def with_merged(*merged: MergedRange) -> list[str]:
    statement = read_statement(
        "对账单.xlsx", [Sheet("S", False, sheet(cells(MERGED)).cells, merged)]
    )
    prove(statement)
    return [f"{line.date:%d} {line.amount_fen}" for line in statement.lines]


@pytest.mark.parametrize(
    "merged",
    [
        [((1, 0), (3, 0))],
        [((1, 0), (2, 0)), ((2, 0), (3, 0))],
        [((1, 0), (3, 0)), ((0, 0), (0, 3))],
        [((1, 0), (3, 0)), ((1, 1), (2, 1))],
        [((1, 0), (3, 0)), ((5, 0), (9, 0))],
    ],
)
def test_a_day_that_is_merged_over_its_lines_is_that_of_each(merged: list[MergedRange]) -> None:
    if merged[0][1] == (2, 0):
        with pytest.raises(UnreadableCell, match="row 4"):
            with_merged(merged[0])
        return
    assert with_merged(*merged) == ["12 80000", "12 -10000", "12 -5000", "13 500"]


def test_a_day_that_is_missing_and_not_merged_is_refused() -> None:
    with pytest.raises(UnreadableCell, match="row 3"):
        with_merged()


STATES = """
    交易时间   | {money} | 对方户名 | 对方账号         | 交易状态 | 摘要
    2020-11-12 | {came}  | 财政局   | 3705010099307400 | 成功     | 拨款
    2020-11-13 | {went}  | 张三     | 6217471344307946 | 成功     | 补助
"""
SURELY = [
    ("金额 | 余额", "900.00 | 900.00", "-800.00 | 100.00"),
    ("收支 | 金额", "收入 | 900.00", "支出 | 800.00"),
    ("收入金额 | 支出金额", "900.00 |", "| 800.00"),
    ("借贷标志 | 金额", "贷 | 900.00", "借 | 800.00"),
    ("借方 | 贷方", "| 900.00", "800.00 |"),
    ("收/付 | 金额 | 账户余额", "收 | 900.00 | 900.00", "付 | 800.00 | 100.00"),
]


@pytest.mark.parametrize(("money", "came", "went"), SURELY)
def test_a_statement_with_states_is_no_result(
    tmp_path: Path, money: str, came: str, went: str
) -> None:
    rows = cells(STATES.format(money=money, came=came, went=went))
    assert kind_of([sheet(rows)]) == "statement"
    path = tmp_path / "流水.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    refused = open_file(path, "result")
    assert isinstance(refused, RefusedFile)
    assert "对账单" in str(refused.refusal)


@pytest.mark.parametrize(
    "headings",
    [
        "收款账号 | 收款户名 | 金额 | 处理结果",
        "交易日期 | 对方账号 | 对方户名 | 金额 | 交易状态",
        "序号 | 账号 | 户名 | 应发金额 | 实发金额 | 状态",
        "账号 | 户名 | 金额 | 处理标志 | 失败原因",
        "收款账号 | 收款户名 | 交易日期 | 金额 | 余额 | 交易状态",
        "收付标志 | 交易日期 | 对方账号 | 对方户名 | 金额 | 交易状态",
    ],
)
def test_a_list_of_payments_with_states_is_a_result(headings: str) -> None:
    assert kind_of([sheet(cells(headings))]) == "result"


def test_a_day_may_be_merged_in_a_workbook_of_days() -> None:
    rows: list[list[Cell]] = [
        ["日期", "收入", "支出", "余额"],
        [datetime.date(2020, 9, 12), 800.0, "", 1000.0],
        ["", "", 100.0, 900.0],
    ]
    found = read_statement("对账单.xlsx", [Sheet("S", False, rows, [((1, 0), (2, 0))])])
    assert [line.date.day for line in found.lines] == [12, 12]
