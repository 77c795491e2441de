"""The two tables in which the simulated bank answers, as cells; any rows, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.bank import Decision
from samples.bank import Fate

# Text, or an amount in yuan with two decimals.
Cell = str | Decimal
Table = list[list[Cell]]

ICBC_HEADINGS = (
    "姓名\n(不超过60个字节)",
    "卡号",
    "应处理金额(必须小于1亿)",
    "备注(不超过12个字节)",
    "实处理金额",
    "处理标志",
)
ICBC_SUCCESS = "全部成功"
PLAIN_HEADINGS = ("序号", "收款账号", "收款户名", "交易金额", "交易状态", "失败原因")
PLAIN_SUCCESS = "交易成功"
PLAIN_FAILURE = "交易失败"


def icbc_table(decisions: Sequence[Decision], *, masked: bool = False) -> Table:
    """The upload of the own bank again, its last two columns filled in."""
    table: Table = [list(ICBC_HEADINGS)]
    for decision in decisions:
        row, outcome = decision.row, decision.outcome
        table.append(
            [
                row.name,
                masked_account(row.account) if masked else row.account,
                Decimal(row.amount),
                row.remark,
                Decimal(decision.handled),
                ICBC_SUCCESS if outcome.is_success else outcome.text,
            ]
        )
    return table


def plain_table(
    decisions: Sequence[Decision], *, masked: bool = False, renumbered: bool = False
) -> Table:
    """The bank's own list. 序号 is what the office sent, or the list's own where it sent none.

    ``renumbered``: the list's own in any case, so that it says nothing about the upload.
    """
    table: Table = [list(PLAIN_HEADINGS)]
    for line, decision in enumerate(decisions, 1):
        row, outcome = decision.row, decision.outcome
        # What is under way is a state of its own and has no reason.
        words = (outcome.text, "")
        if outcome.is_success:
            words = (PLAIN_SUCCESS, "")
        elif outcome.fate is Fate.RETURNED:
            words = (PLAIN_FAILURE, outcome.text)
        table.append(
            [
                str(line) if renumbered or not row.number else row.number,
                masked_account(row.account) if masked else row.account,
                row.name,
                Decimal(row.amount),
                *words,
            ]
        )
    return table


def framed(table: Table, title: str) -> Table:
    """The table as bankers print it: a title and a line about it above, a total below."""
    headings = [str(cell) for cell in table[0]]
    amount = next(place for place, word in enumerate(headings) if "金额" in word)
    total = sum((Decimal(line[amount]) for line in table[1:]), Decimal("0.00"))
    count = f"总笔数：{len(table) - 1}"
    bottom: list[Cell] = [""] * len(headings)
    bottom[0], bottom[amount] = "合计", total
    return [[title], [count, "", f"总金额：{total}"], *table, bottom]


def masked_account(account: str) -> str:
    """As a careful bank shows it: the first four and the last four digits, stars between."""
    return f"{account[:4]}{'*' * (len(account) - 8)}{account[-4:]}"
