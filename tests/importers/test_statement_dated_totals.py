"""Rows that are called totals: left out when they are, taken when the balance says a line."""

from __future__ import annotations

import pytest

from importers.statements.proof import prove
from importers.statements.refusals import UnreadableCell
from importers.statements.statement_file import read_statement
from importers.statements.words import is_no_line
from tests.support.statement_tables import amounts
from tests.support.statement_tables import cells
from tests.support.statement_tables import proven
from tests.support.statement_tables import read
from tests.support.statement_tables import sheet

CALLED = [
    *(
        "月计",
        "日结",
        "日合计",
        "当日合计",
        "承前余额",
        "2020-11-13小计",
        "合计",
        "本月累计",
        "【小计】",
        "本日结余",
    ),
    *(
        "11月合计",
        "11月13日小计",
        "第1页合计",
        "本年累计：",
        "月 计",
        "上页结转",
        "20201113日计",
        "过次页余额",
    ),
]


@pytest.mark.parametrize("called", CALLED)
def test_a_total_with_a_day_is_no_line(called: str) -> None:
    assert is_no_line(called)
    statement = proven(f"""
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 |        | 800.00 | 200.00 | 代发
        2020-11-13 | 100.00 |        | 300.00 | 退汇
        2020-11-13 | 100.00 | 800.00 | 300.00 | {called}
        2020-11-14 |        | 50.00  | 250.00 | 手续费
    """)
    assert amounts(statement) == ["-800.00", "100.00", "-50.00"]


@pytest.mark.parametrize("called", CALLED)
def test_a_total_of_one_side_is_known_by_the_balance_that_it_repeats(called: str) -> None:
    statement = proven(f"""
        日期       | 借贷 | 金额   | 余额   | 摘要
        2020-11-14 | 借   | 50.00  | 250.00 | 手续费
        2020-11-13 | 贷   | 100.00 | 300.00 | {called}
        2020-11-13 | 贷   | 100.00 | 300.00 | 退汇
        2020-11-12 | 借   | 800.00 | 200.00 | 代发
    """)
    assert amounts(statement) == ["-800.00", "100.00", "-50.00"]


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_real_line_is_known_by_its_balance_whatever_it_is_called(
    called: str, newest_first: bool, place: int
) -> None:
    rows = cells("""
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 |        | 800.00 | 200.00 | 代发
        2020-11-13 | 100.00 |        | 300.00 | 退汇
        2020-11-14 |        | 50.00  | 250.00 | 手续费
        2020-11-15 | 10.00  |        | 260.00 | 利息
    """)
    rows[place + 1][4] = called
    ordered = [rows[0], *(rows[:0:-1] if newest_first else rows[1:])]
    statement = read_statement("对账单.csv", [sheet(ordered)])
    prove(statement)
    assert amounts(statement) == ["-800.00", "100.00", "-50.00", "10.00"]


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize("who", ["", "木石镇东荒村村委会"])
def test_without_balances_a_row_that_may_be_either_is_refused(called: str, who: str) -> None:
    with pytest.raises(UnreadableCell, match="row 4"):
        read(f"""
            日期       | 借贷 | 金额   | 对方户名 | 摘要
            2020-11-12 | 贷   | 800.00 | 财政局   | 拨款
            2020-11-13 | 借   | 100.00 | 李四     | 办公用品
            2020-11-13 | 借   | 100.00 | {who}    | {called}
        """)


def test_without_balances_a_row_with_both_sides_is_a_total() -> None:
    statement = read("""
        日期       | 收入   | 支出   | 摘要
        2020-11-12 | 800.00 |        | 拨款
        2020-11-13 |        | 100.00 | 办公用品
        2020-11-30 | 800.00 | 100.00 | 本月合计
    """)
    assert amounts(statement) == ["800.00", "-100.00"]


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("2020-11-13 |        | 100.00 | 320.00 | 合计", True),
        ("2020-11-13 | 100.00 |        |        | 合计", False),
        ("2020-11-13 |        |        | 300.00 | 承前页", False),
        ("2020-11-13 | 100.00 |        | 250.00 | 合计", False),
        ("           | 100.00 | 800.00 |        | 合计", False),
    ],
)
def test_a_balance_that_neither_repeats_nor_goes_on_is_doubt(row: str, refused: bool) -> None:
    table = f"""
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 |        | 800.00 | 200.00 | 代发
        2020-11-13 | 100.00 |        | 300.00 | 退汇
        {row}
        2020-11-14 |        | 50.00  | 250.00 | 手续费
    """
    if refused:
        with pytest.raises(UnreadableCell, match="row 4"):
            read(table)
    else:
        assert amounts(proven(table)) == ["-800.00", "100.00", "-50.00"]


@pytest.mark.parametrize(
    "text", ["合计费", "小计量", "日结息", "结息", "总工会", "月票", "设计", "会计", "统计"]
)
def test_words_that_are_no_totals(text: str) -> None:
    assert not is_no_line(text)
