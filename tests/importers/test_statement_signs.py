"""Which way the money went: what the words say, and the running balance decides."""

from __future__ import annotations

import pytest

from importers.statements.layouts import fixed_layout
from importers.statements.refusals import AmbiguousStatement
from importers.statements.refusals import DirectionsUnknown
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import UnreadableCell
from ledger.base.toml_table import MalformedToml
from ledger.base.toml_table import TomlTable
from tests.support.statement_tables import amounts
from tests.support.statement_tables import layouts_in
from tests.support.statement_tables import proven
from tests.support.statement_tables import read


def test_credit_is_money_in_on_the_banks_paper() -> None:
    statement = proven("""
        日期       | 借方   | 贷方   | 余额
        2020-11-12 | 800.00 |        | 200.00
        2020-11-13 |        | 100.00 | 300.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


def test_debit_is_money_in_on_the_offices_own_paper() -> None:
    statement = proven("""
        日期       | 借方   | 贷方   | 余额
        2020-11-12 | 800.00 |        | 1000.00
        2020-11-13 |        | 100.00 | 900.00
    """)
    assert amounts(statement) == ["800.00", "-100.00"]


def test_explicit_words_are_not_read_the_other_way_round() -> None:
    statement = read("""
        日期       | 支出   | 收入   | 余额
        2020-11-12 | 800.00 |        | 1000.00
        2020-11-13 |        | 100.00 | 900.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


ONE_LINE = """
    日期       | 借方   | 贷方   | 余额
    2020-11-12 | 800.00 |        | 200.00
"""


def test_one_line_proves_nothing_and_both_readings_are_shown() -> None:
    with pytest.raises(AmbiguousStatement) as refusal:
        read(ONE_LINE)
    message = str(refusal.value)
    assert "2020-11-12" in message
    assert "-800.00" in message
    assert " 800.00" in message
    assert len(refusal.value.readings) == 2
    for _says, toml in refusal.value.readings:
        assert len(toml.splitlines()) == 5


@pytest.mark.parametrize(("reading", "amount"), [(0, "-800.00"), (1, "800.00")])
def test_the_lines_that_the_refusal_offers_settle_it(reading: int, amount: str) -> None:
    with pytest.raises(AmbiguousStatement) as refusal:
        read(ONE_LINE)
    (layout,) = layouts_in(refusal.value.readings[reading][1])
    assert amounts(proven(ONE_LINE, layout)) == [amount]


def test_a_layout_that_is_listed_needs_no_balance_to_be_believed() -> None:
    statement = proven("""
        对方账号|交易时间           |借贷标志|对方单位|对方行号|用途|摘要|附言|发生额|余额  |币种
                |2020-11-12 10:20:30|借      |        |        |    |代发|    |800.00|200.00|人民币
    """)
    assert amounts(statement) == ["-800.00"]


def test_what_the_bank_says_was_there_before_decides() -> None:
    table = "期初余额：1,000.00元\n" + ONE_LINE
    assert amounts(proven(table)) == ["-800.00"]


def test_a_balance_carried_over_on_a_line_of_its_own_decides() -> None:
    table = ONE_LINE.replace("    2020", "    2020-11-12 | 0.00 | | 1000.00\n    2020")
    assert amounts(proven(table)) == ["-800.00"]


SENT_AND_BACK = """
    日期       | 收入   | 支出   | 余额
    2020-11-12 | 800.00 |        | 1000.00
    2020-11-12 |        | 800.00 | 200.00
"""


def test_lines_that_add_up_in_both_orders_are_ambiguous_without_times() -> None:
    with pytest.raises(AmbiguousStatement) as refusal:
        read(SENT_AND_BACK)
    found = [
        amounts(proven(SENT_AND_BACK, *layouts_in(toml))) for _says, toml in refusal.value.readings
    ]
    assert found == [["800.00", "-800.00"], ["-800.00", "800.00"]]


def test_times_tell_the_order() -> None:
    table = SENT_AND_BACK.replace("12 |", "12 10:00:00 |", 1).replace("12 |", "12 09:00:00 |", 1)
    statement = proven(table)
    assert statement.newest_first
    assert amounts(statement) == ["-800.00", "800.00"]


def test_the_settings_tell_the_order_where_times_are_wrong() -> None:
    table = """
        日期                | 收入   | 支出   | 余额
        2020-11-12 09:00:01 | 100.00 |        | 100.00
        2020-11-12 09:00:00 | 50.00  |        | 150.00
    """
    with pytest.raises(StatementDoesNotAddUp):
        proven(table)
    (layout,) = layouts_in(
        '[[statement.layout]]\nin = "收入"\nout = "支出"\norder = "oldest first"\n'
    )
    assert amounts(proven(table, layout)) == ["100.00", "50.00"]


def test_days_tell_the_order_whatever_the_settings_say() -> None:
    (layout,) = layouts_in(
        '[[statement.layout]]\nin = "收入"\nout = "支出"\norder = "oldest first"\n'
    )
    statement = proven(
        """
        日期       | 收入   | 支出   | 余额
        2020-11-13 | 100.00 |        | 300.00
        2020-11-12 |        | 800.00 | 200.00
        """,
        layout,
    )
    assert amounts(statement) == ["-800.00", "100.00"]


def test_times_that_some_lines_lack_tell_nothing() -> None:
    statement = proven("""
        日期                | 收入   | 支出 | 余额
        2020-11-12 09:00:00 | 100.00 |      | 100.00
        2020-11-12          | 50.00  |      | 150.00
    """)
    assert amounts(statement) == ["100.00", "50.00"]


def test_a_sign_counts_where_there_is_no_flag() -> None:
    statement = proven("""
        日期       | 交易金额  | 余额
        2020-11-12 | +1,000.00 | 1,200.00
        2020-11-13 | -800.00   | 400.00
        2020-11-14 | (100.00)  | 300.00
    """)
    assert amounts(statement) == ["1000.00", "-800.00", "-100.00"]


@pytest.mark.parametrize(
    ("out", "into"), [("借", "贷"), ("往账", "来账"), ("支出", "收入"), ("D", "C"), ("-", "+")]
)
def test_a_flag_says_which_way(out: str, into: str) -> None:
    statement = proven(f"""
        日期       | 借贷标志 | 金额   | 余额
        2020-11-12 | {out}    | 800.00 | 200.00
        2020-11-13 | {into}   | 100.00 | 300.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


def test_a_flag_and_a_sign_may_say_the_same() -> None:
    statement = proven("""
        交易类型 | 交易日期 | 交易金额 | 交易后余额
        往账     | 20201112 | -800.00  | 200.00
        来账     | 20201113 | 100.00   | 300.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


def test_what_is_reversed_stands_below_zero_in_its_own_column() -> None:
    statement = proven("""
        日期       | 收入    | 支出    | 余额
        2020-11-12 |         | 800.00  | 200.00
        2020-11-12 |         | -800.00 | 1000.00
        2020-11-13 | -100.00 |         | 900.00
        合计       | -100.00 | 0.00    |
    """)
    assert amounts(statement) == ["-800.00", "800.00", "-100.00"]


def test_what_is_reversed_stands_below_zero_beside_its_flag() -> None:
    statement = proven("""
        日期       | 借贷 | 金额    | 余额
        2020-11-12 | 借   | 800.00  | 200.00
        2020-11-12 | 借   | -800.00 | 1000.00
        2020-11-13 | 贷   | 50.00   | 1050.00
    """)
    assert amounts(statement) == ["-800.00", "800.00", "50.00"]


def test_some_banks_write_what_went_out_with_a_sign_in_a_column_of_its_own() -> None:
    table = """
        日期       | 收入   | 支出    | 余额
        2020-11-12 |        | -800.00 | 200.00
        2020-11-13 | 100.00 |         | 300.00
        2020-11-14 |        | -50.00  | 250.00
    """
    assert amounts(proven(table)) == ["-800.00", "100.00", "-50.00"]


def test_a_sign_in_a_column_of_its_own_can_be_fixed() -> None:
    table = """
        日期       | 收入   | 支出    | 余额
        2020-11-12 |        | -800.00 | 200.00
    """
    with pytest.raises(AmbiguousStatement) as refusal:
        read(table)
    found = [amounts(proven(table, *layouts_in(toml))) for _says, toml in refusal.value.readings]
    assert found == [["800.00"], ["-800.00"]]


def test_the_amount_that_is_booked_counts_before_the_amount_of_the_deal() -> None:
    statement = proven("""
        交易日期 | 交易金额(支出) | 交易币种 | 记账金额(收入) | 记账金额(支出) | 记账币种 | 余额
        20201112 | 100.00         | 美元     |                | 670.00         | 人民币   | 330.00
        20201113 |                | -        | 67.00          |                | 人民币   | 397.00
    """)
    assert amounts(statement) == ["-670.00", "67.00"]


def test_a_word_that_says_neither_in_nor_out_is_refused_with_its_place() -> None:
    with pytest.raises(UnreadableCell, match=r"3.*借贷标志"):
        read("""
            日期       | 借贷标志 | 金额   | 余额
            2020-11-12 | 借       | 800.00 | 200.00
            2020-11-13 | 半       | 100.00 | 300.00
        """)


def test_what_adds_up_in_no_way_is_read_in_the_usual_one_for_the_proof_to_refuse() -> None:
    table = """
        日期       | 借方   | 贷方   | 余额
        2020-11-12 | 800.00 |        | 200.00
        2020-11-13 |        | 100.00 | 300.00
        2020-11-14 | 50.00  |        | 250.01
        2020-11-15 | 1.00   |        | 249.01
    """
    assert amounts(read(table)) == ["-800.00", "100.00", "-50.00", "-1.00"]
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        proven(table)
    assert refusal.value.row == 4


def test_without_balances_the_usual_reading_is_taken_and_said_to_be_unproven() -> None:
    statement = proven("""
        日期       | 借方   | 贷方   | 对方户名
        2020-11-13 | 800.00 |        | 张三
        2020-11-12 |        | 100.00 | 李四
    """)
    assert amounts(statement) == ["100.00", "-800.00"]
    assert statement.newest_first
    assert len(statement.warnings) == 1


def test_without_balances_and_signs_nothing_says_which_way() -> None:
    with pytest.raises(DirectionsUnknown):
        read("""
            日期       | 金额   | 对方户名
            2020-11-12 | 800.00 | 张三
        """)


def test_a_fixed_layout_reads_headings_that_nobody_knows() -> None:
    (layout,) = layouts_in("""
        [[statement.layout]]
        date = "哪天"
        in = "进项"
        out = "出项"
        balance = "剩余"
    """)
    statement = proven(
        """
        某地方银行
        哪天       | 进项   | 出项   | 剩余   | 对方户名
        2020-11-12 |        | 800.00 | 200.00 | 张三
        2020-11-13 | 100.00 |        | 300.00 | 李四
        """,
        layout,
    )
    assert amounts(statement) == ["-800.00", "100.00"]
    assert [line.counterparty for line in statement.lines] == ["张三", "李四"]
    assert statement.layout == "census-ledger.toml"


def test_a_fixed_layout_names_everything_if_it_must() -> None:
    (layout,) = layouts_in("""
        [[statement.layout]]
        name = "某行"
        header = ["渠道"]
        date = "日"
        time = "几点"
        amount = "数"
        flag = "方向"
        in = "进/收"
        out = "出"
        balance = "剩余"
        counterparty = "谁"
        account = "谁的账户"
        text = ["为何", "又及"]
        serial = "号"
    """)
    (line,) = proven(
        """
        渠道 | 日       | 几点  | 数     | 方向 | 剩余   | 谁   | 谁的账户 | 为何 | 又及 | 号
        网银 | 20201112 | 10:20 | 800.00 | 出   | 200.00 | 张三 | 62152100 | 代发 | 补助 | 77
        """,
        layout,
    ).lines
    assert (line.time, line.amount_fen, line.balance_fen) == ("10:20:00", -80000, 20000)
    assert (line.counterparty, line.account) == ("张三", "62152100")
    assert (line.text, line.serial) == ("代发 补助", "77")


def test_a_fixed_day_counts_before_one_that_would_be_taken() -> None:
    (layout,) = layouts_in('[[statement.layout]]\ndate = "记账日期"\nin = "收入"\nout = "支出"\n')
    table = """
        交易日期   | 记账日期   | 收入   | 支出   | 余额
        2020-11-11 | 2020-11-12 |        | 800.00 | 200.00
    """
    assert read(table).lines[0].date.day == 11
    assert read(table, layout).lines[0].date.day == 12


def test_a_fixed_layout_for_other_headings_is_left_alone() -> None:
    (layout,) = layouts_in('[[statement.layout]]\nin = "进项"\nout = "出项"\n')
    with pytest.raises(AmbiguousStatement):
        read(ONE_LINE, layout)


def test_a_fixed_layout_is_proven_like_any_other() -> None:
    (layout,) = layouts_in('[[statement.layout]]\nin = "借方"\nout = "贷方"\n')
    with pytest.raises(StatementDoesNotAddUp):
        proven(ONE_LINE + "    2020-11-13 | | 100.00 | 300.00\n", layout)


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('in = "收入"', "out"),
        ('flag = "借贷"\nin = "贷"\nout = "借"', "flag"),
        ('amount = "金额"\nin = "收入"\nout = "支出"', "amount"),
        ('in = "收入"\nout = "支出"\norder = "oldest"', "order"),
        ('in = "收入"\nout = "支出"\nbalances = "余额"', "balances"),
        ("in = 1\nout = 2", "in"),
    ],
)
def test_what_is_wrong_with_a_fixed_layout_is_said_with_its_key(toml: str, key: str) -> None:
    with pytest.raises(MalformedToml) as refusal:
        layouts_in("[[statement.layout]]\n" + toml)
    assert refusal.value.key == f"statement.layout[1].{key}"


def test_a_table_of_the_settings_can_be_read_again() -> None:
    table = TomlTable("census-ledger.toml", "", {"in": "收入", "out": "支出"})
    assert fixed_layout(table) == fixed_layout(table)


@pytest.mark.parametrize(
    ("came", "went"), [("100.00", "5.00"), ("0.01", "800.00"), ("-1.00", "2.00"), ("7.00", "7.00")]
)
def test_without_balances_a_line_goes_one_way(came: str, went: str) -> None:
    with pytest.raises(UnreadableCell, match="row 3"):
        read(f"""
            日期       | 收入   | 支出   | 对方户名
            2020-11-12 | 800.00 | 0.00   | 张三
            2020-11-13 | {came} | {went} | 李四
        """)


def test_without_balances_a_line_that_reaches_beyond_the_headings_is_refused() -> None:
    table = """
        日期       | 支出   | 收入   | 摘要 {}
        2020-11-12 |        | 800.00 | 拨款 | {}
        2020-11-13 |        | 100.00 |      | 印刷费
    """
    with pytest.raises(UnreadableCell, match="row 3"):
        read(table.format("", ""))
    # A column without a heading is filled in every line.
    assert amounts(read(table.format("", "财政局"))) == ["800.00", "100.00"]
    assert amounts(read(table.format("| 单位", ""))) == ["800.00", "100.00"]


@pytest.mark.parametrize("amount", ["200.00", "-5.00", "1,200.00", "0.00"])
def test_amounts_under_no_heading_may_be_balances(amount: str) -> None:
    with pytest.raises(UnreadableCell, match="row 2"):
        read(f"""
            日期       | 支出   | 收入   |          | 摘要
            2020-11-12 |        | 800.00 | {amount} | 拨款
        """)


@pytest.mark.parametrize(
    "row",
    ["贷 | 800.00 | 财政局 | 拨款", "| 张三 | 贷 | 800.00 | 拨款", "贷 | 拨款 | 财政局 | 800.00"],
)
def test_without_balances_a_line_whose_cells_have_moved_is_not_dropped(row: str) -> None:
    with pytest.raises(UnreadableCell, match="row 2"):
        read(f"""
            日期       | 借贷 | 金额   | 对方户名 | 摘要
            {row}
            2020-11-13 | 借   | 100.00 | 李四     | 印刷费
        """)
