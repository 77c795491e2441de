"""Rows without money: what failed, waits or was reversed is not booked as if it had moved."""

from __future__ import annotations

import pytest

from importers.statements.refusals import UnreadableCell
from importers.statements.words import state_named
from tests.support.statement_tables import amounts
from tests.support.statement_tables import proven
from tests.support.statement_tables import read

HEADINGS = ["交易状态", "状态", "记账状态", "处理结果", "是否成功", "执行状态"]
FAILED = ["失败", "交易失败", "已拒绝", "未成功", "已取消", "FAILED", "作废"]
PENDING = ["处理中", "未记账", "待处理", "银行受理中", "未入账", "预约", "PENDING"]
DOUBTFUL = ["已冲正", "已撤销", "已退汇", "未知", "部分成功", "超时", "哎", "失败处理中"]

BALANCED = """
    日期       | 收支 | 金额   | 余额    | {heading} | 摘要
    2020-11-12 | 收   | 900.00 | 1000.00 | {done}    | 拨款
    2020-11-13 | 支   | 800.00 | {after} | {state}   | 补助
    2020-11-14 | 支   | 100.00 | {last}  | {done}    | 手续费
"""
BARE = """
    日期       | 收支 | 金额   | 对方户名 | {heading} | 摘要
    2020-11-12 | 收   | 900.00 | 财政局   | {done}    | 拨款
    2020-11-13 | 支   | 800.00 | 张三     | {state}   | 补助
    2020-11-14 | 支   | 100.00 | 农商行   | {done}    | 手续费
"""


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("state", [*FAILED, *PENDING])
@pytest.mark.parametrize("after", ["1000.00"])
def test_balances_prove_that_a_row_carried_no_money(heading: str, state: str, after: str) -> None:
    table = BALANCED.format(heading=heading, state=state, after=after, done="成功", last="900.00")
    statement = proven(table)
    assert amounts(statement) == ["900.00", "-100.00"]
    (warning,) = statement.warnings
    assert heading in warning
    assert "row 3" in warning


@pytest.mark.parametrize("state", ["失败", "未记账"])
def test_a_state_that_the_balance_contradicts_is_refused(state: str) -> None:
    table = BALANCED.format(heading="状态", state=state, after="200.00", done="成功", last="100.00")
    last = "\n".join(table.strip().split("\n")[:3])
    with pytest.raises(UnreadableCell, match="row 3, column 状态"):
        read(last)


@pytest.mark.parametrize("state", DOUBTFUL)
def test_balances_prove_what_a_doubtful_state_does_not_say(state: str) -> None:
    table = BALANCED.format(heading="状态", state=state, after="200.00", done="成功", last="100.00")
    assert amounts(proven(table)) == ["900.00", "-800.00", "-100.00"]


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("state", FAILED)
def test_what_failed_is_left_out_and_told(heading: str, state: str) -> None:
    statement = read(BARE.format(heading=heading, state=state, done="成功"))
    assert amounts(statement) == ["900.00", "-100.00"]
    assert any("row 3" in warning and heading in warning for warning in statement.warnings)


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("state", [*PENDING, *DOUBTFUL])
def test_without_balances_what_waits_or_is_doubtful_is_refused(heading: str, state: str) -> None:
    with pytest.raises(UnreadableCell, match=f"row 3, column {heading}"):
        read(BARE.format(heading=heading, state=state, done="成功"))


@pytest.mark.parametrize("done", ["成功", "已记账", "正常", "交易成功", "00", "", "处理完成"])
def test_one_word_beside_every_line_is_no_doubt(done: str) -> None:
    statement = read(BARE.format(heading="状态", state=done, done=done))
    assert amounts(statement) == ["900.00", "-800.00", "-100.00"]


@pytest.mark.parametrize(
    ("text", "state"), [("不成功", "failed"), ("未完成", "pending"), ("非正常", ""), ("0", "")]
)
def test_states(text: str, state: str) -> None:
    assert state_named(text) == state


FLAGS = ["冲正标志", "冲正标识", "撤销标志", "抹账标志", "红字标志", "是否冲正"]


@pytest.mark.parametrize("heading", FLAGS)
@pytest.mark.parametrize("flag", ["1", "Y", "是", "冲正", "R"])
def test_a_line_that_came_back_and_repeats_its_direction(heading: str, flag: str) -> None:
    table = f"""
        日期       | 借贷标志 | 交易金额 | {{balance}} | {heading} | 摘要
        2020-11-12 | 贷       | 900.00   | 1000.00     |           | 拨款
        2020-11-13 | 借       | 800.00   | 200.00      | 0         | 补助
        2020-11-13 | 借       | 800.00   | 1000.00     | {flag}    | 补助
        2020-11-14 | 借       | 100.00   | 900.00      | 否        | 手续费
    """
    statement = proven(table.format(balance="余额"))
    assert amounts(statement) == ["900.00", "-800.00", "800.00", "-100.00"]
    with pytest.raises(UnreadableCell, match=f"row 4, column {heading}"):
        read(table.format(balance="对方行号"))


@pytest.mark.parametrize("flag", ["1", "是"])
def test_a_line_that_came_back_by_its_sign_or_its_direction(flag: str) -> None:
    table = f"""
        日期       | 借贷标志 | 交易金额 | 余额    | 冲正标志
        2020-11-12 | 贷       | 900.00   | 1000.00 |
        2020-11-13 | 借       | 800.00   | 200.00  | {flag}
        2020-11-13 | 贷       | 800.00   | 1000.00 | {flag}
    """
    assert amounts(proven(table)) == ["900.00", "-800.00", "800.00"]
    signed = f"""
        日期       | 借贷标志 | 交易金额 | 对方户名 | 冲正标志
        2020-11-13 | 借       | 800.00   | 张三     |
        2020-11-13 | 借       | -800.00  | 张三     | {flag}
    """
    assert amounts(read(signed)) == ["-800.00", "800.00"]


@pytest.mark.parametrize("flag", ["", "0", "N", "否", "正常", "未冲正"])
def test_a_flag_that_says_no_reversal(flag: str) -> None:
    table = f"""
        日期       | 借贷标志 | 交易金额 | 对方户名 | 冲正标志
        2020-11-13 | 借       | 800.00   | 张三     | {flag}
    """
    assert amounts(read(table)) == ["-800.00"]
