"""A layout that nobody has listed reads when its words are known, in any order of its columns."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies

from importers.incoming import kind_of
from importers.statements.proof import prove
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.statement_file import read_statement
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.model.bank_lines import BankLine
from tests.support.statement_files import BANK_LAYOUTS
from tests.support.statement_files import BankLayout
from tests.support.statement_story import Moved
from tests.support.statement_story import story

_HEADINGS = """
date      交易日期 记账日期 日期 入账日期 交易日 业务日期 交易　日期
time      交易时间 时间 记账时间 交易时刻
both      交易时间 交易日期时间 记账时间 交易日期 日期/时间 记账日期
in        收入 收入金额 贷方发生额(收入) 转入金额 存入金额 交易金额（收入） 贷方发生额/元(收入)
out       支出 支出金额 借方发生额(支取) 转出金额 支取金额 交易金额（支出） 借方发生额/元(支取)
credit    贷方 贷方发生额 贷方金额 贷方发生金额 金额（贷） 贷方　金额
debit     借方 借方发生额 借方金额 借方发生金额 金额（借） 借方　金额
amount    金额 交易金额 发生额 交易金额(元) 发生金额 交易发生额
flag      借/贷 借贷标志 收支标志 交易方向 借贷标识 收/支 来往账标志
balance   余额 账户余额 交易后余额 本次余额 余额（元） 结余 余　额 余额/元
who       对方户名 对方名称 对方单位 交易对手 对方账户名称 收（付）方名称
account   对方账号 对方帐号 对方账户 对方卡号/账号 收/付款人账号
text      摘要 用途 附言 备注 交易附言 交易用途 摘要说明 交易名称
serial    交易流水号 核心流水号 流水号 日志号 交易序列号 凭证号 主机交易流水号
currency  币种 币别 货币 交易币种
nothing   序号 渠道 网点名称 对方开户行 起息日期 企业流水号 钞/汇 汇率
"""
HEADINGS = {line.split(" ")[0]: re.split(" +", line)[1:] for line in _HEADINGS.strip().split("\n")}
WORDS = (
    ("借", "贷"),
    ("支", "收"),
    ("支出", "收入"),
    ("往账", "来账"),
    ("D", "C"),
    ("借方", "贷方"),
)
CURRENCIES = ("人民币", "CNY", "RMB", "156", "人民币元")
DATES = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d")
TIMES = ("%H:%M:%S", "%H%M%S")
UNUSED = ("", "0", "0.00", "-", " ", "--")

Write = Callable[[Moved], str]


def unlisted_layout(chosen: random.Random) -> dict[str, Write]:
    """The columns of a layout made up of words that banks use, one for each thing."""

    def heading(name: str) -> str:
        return chosen.choice(HEADINGS[name])

    date, time = chosen.choice(DATES), chosen.choice(TIMES)
    unused, amount = chosen.choice(UNUSED), chosen.choice((plain, grouped))
    columns: dict[str, Write] = {}
    if chosen.random() < 0.5:
        columns[heading("both")] = lambda line: line.when.strftime(f"{date} %H:%M:%S")
    else:
        columns[heading("date")] = lambda line: line.when.strftime(date)
        columns[heading("time")] = lambda line: line.when.strftime(time)
    style = chosen.choice(("explicit", "bare", "flag", "signed"))
    if style in ("explicit", "bare"):
        came, went = ("in", "out") if style == "explicit" else ("credit", "debit")
        columns[heading(came)] = lambda line: amount(line.fen) if line.fen > 0 else unused
        columns[heading(went)] = lambda line: amount(-line.fen) if line.fen < 0 else unused
    elif style == "flag":
        out, into = chosen.choice(WORDS)
        columns[heading("flag")] = lambda line: into if line.fen >= 0 else out
        columns[heading("amount")] = lambda line: amount(abs(line.fen))
    else:
        columns[heading("amount")] = lambda line: amount(line.fen)
    columns[heading("balance")] = lambda line: amount(line.balance_fen)
    columns[heading("who")] = lambda line: line.who
    columns[heading("account")] = lambda line: line.account
    columns[heading("text")] = lambda line: line.use
    columns[heading("serial")] = lambda line: line.serial
    currency = chosen.choice(CURRENCIES)
    columns[heading("currency")] = lambda _line: currency
    for other in chosen.sample(HEADINGS["nothing"], 3):
        columns[other] = lambda _line: "102"
    names = list(columns)
    chosen.shuffle(names)
    return {name: columns[name] for name in names}


def read(rows: Sequence[Sequence[str]]) -> tuple[BankLine, ...]:
    width = max(map(len, rows))
    sheets = [Sheet("", False, [[*row, *[""] * (width - len(row))] for row in rows])]
    assert kind_of(sheets) == "statement"
    statement = read_statement("对账单.csv", sheets)
    prove(statement)
    return statement.lines


@given(strategies.integers(0, 2**32), strategies.integers(0, 6), strategies.booleans())
def test_a_layout_never_seen_before_reads(seed: int, titles: int, newest_first: bool) -> None:
    lines = story()
    columns = unlisted_layout(random.Random(seed))
    body = [[write(line) for write in columns.values()] for line in lines]
    rows = [[f"第{number}行"] for number in range(titles)]
    rows += [list(columns), *(body[::-1] if newest_first else body)]
    read_lines = read(rows)
    expected = [line for line in lines if line.fen]
    assert [
        (str(line.date), line.time, line.amount_fen, line.balance_fen) for line in read_lines
    ] == [(f"{m.when:%Y-%m-%d}", f"{m.when:%H:%M:%S}", m.fen, m.balance_fen) for m in expected]
    assert [(line.account, line.text, line.serial) for line in read_lines] == [
        (m.account, m.use, m.serial) for m in expected
    ]


@given(
    strategies.integers(0, 2**32),
    strategies.integers(1, len(story()) - 1),
    strategies.sampled_from([-1, 1]),
    strategies.booleans(),
)
def test_an_amount_changed_by_a_fen_is_found_at_its_row(
    seed: int, place: int, fen: int, newest_first: bool
) -> None:
    """In a layout never seen before, whatever stands for in and out, and in whichever order."""
    lines = story()
    lines[place] = replace(lines[place], fen=lines[place].fen + fen)
    columns = unlisted_layout(random.Random(seed))
    body = [[write(line) for write in columns.values()] for line in lines]
    rows = [list(columns), *(body[::-1] if newest_first else body)]
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        read(rows)
    assert refusal.value.row == (len(lines) - place if newest_first else place + 1) + 1


@pytest.mark.parametrize("layout", BANK_LAYOUTS, ids=lambda layout: layout.file)
def test_the_order_of_the_columns_does_not_matter(layout: BankLayout) -> None:
    """Ten orders of the columns of a listed layout, without its titles and its footer."""
    rows: list[list[Cell]] = [list(layout.columns)]
    rows += [[write(line) for write in layout.columns.values()] for line in layout.lines]
    sheets = [Sheet("", False, rows)]
    expected = read_statement(layout.file, sheets)
    for seed in range(10):
        order = random.Random(seed).sample(range(len(layout.columns)), len(layout.columns))
        shuffled = [Sheet("", False, [[row[place] for place in order] for row in rows])]
        assert read_statement(layout.file, shuffled) == expected
