"""What a bank states of all lines, in whichever words: sums, counts and balances are compared."""

from __future__ import annotations

import pytest

from importers.statements.printed_totals import stated_by
from importers.statements.refusals import TotalsDiffer
from tests.support.statement_tables import proven

TABLE = """
    {titles}
    日期       | 收入   | 支出   | 余额    | 摘要
    2020-11-12 |        | 800.00 | 200.00  | 代发
    2020-11-13 | 100.00 |        | 300.00  | 退汇
    2020-11-14 |        | 50.25  | 249.75  | 手续费
    {footer}
"""
# What the bank states, and the same gone wrong.
STATED = [
    ("出账总笔数 | 2", "出账总笔数 | 3"),
    ("入账总金额 | 100.00", "入账总金额 | 999999.00"),
    ("出账总金额：850.25", "出账总金额：850.24"),
    ("付款笔数：2 | 付款总额：850.25", "付款笔数：2 | 付款总额：1,850.25"),
    ("收款笔数：1 | 收款总额：100.00", "收款笔数：2 | 收款总额：100.00"),
    ("贷记总笔数：1笔", "贷记总笔数：2笔"),
    ("借方合计笔数：2 借方合计金额：850.25", "借方合计笔数：2 借方合计金额：860.25"),
    ("支出2笔，共850.25元", "支出3笔，共850.25元"),
    ("支出2笔，共850.25元", "支出2笔，共950.25元"),
    (
        "收入：1笔 合计100.00元；支出：2笔 合计850.25元",
        "收入：1笔 合计100.00元；支出：2笔 合计850.26元",
    ),
    ("共3笔", "共4笔"),
    ("共 3 条记录", "共 5 条记录"),
    ("本次查询共计3笔", "本次查询共计2笔"),
    ("期末余额：249.75", "期末余额：250.75"),
    ("期初结余 | 1,000.00", "期初结余 | 1,000.01"),
    ("汇出总额：850.25 汇入总额：100.00", "汇出总额：850.25 汇入总额：100.01"),
]


@pytest.mark.parametrize(("right", "wrong"), STATED)
def test_what_is_stated_above_or_below_is_compared(right: str, wrong: str) -> None:
    for place in ("titles", "footer"):
        empty = {"titles": "", "footer": ""}
        assert proven(TABLE.format(**empty | {place: right})).totals
        with pytest.raises(TotalsDiffer):
            proven(TABLE.format(**empty | {place: wrong}))


@pytest.mark.parametrize("stated", [right for right, _wrong in STATED if "期" not in right[:2]])
def test_a_tail_that_was_cut_is_seen_by_what_is_stated(stated: str) -> None:
    lines = TABLE.format(titles=stated, footer="").split("\n")
    cut = [line for line in lines if "手续费" not in line and "退汇" not in line]
    with pytest.raises(TotalsDiffer):
        proven("\n".join(cut))


@pytest.mark.parametrize(
    "title",
    [
        "本页共2笔",
        "每页20条",
        "第1页共3页",
        "单笔限额：50000.00",
        "本日收入合计：5.00",
        "手续费：2.00",
        "共计3页",
    ],
)
def test_what_is_said_of_a_part_or_of_something_else_is_not_compared(title: str) -> None:
    assert not proven(TABLE.format(titles=title, footer="")).totals


@pytest.mark.parametrize("label", ["付款方", "收款银行", "余额合计", "本月累计收入"])
def test_labels_of_other_things(label: str) -> None:
    assert stated_by(label) is None
