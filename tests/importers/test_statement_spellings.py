"""What a statement's cells say, however a bank spells it: flags, currencies, days, balances."""

from __future__ import annotations

import pytest

from importers.statements.moments import moment
from importers.statements.moments import time_of_day
from importers.statements.refusals import OtherCurrency
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import UnreadableCell
from importers.statements.words import flag_named
from importers.statements.words import is_renminbi
from importers.tables.cells import Cell
from importers.tables.refusals import AmountsInOtherUnit
from tests.support.statement_tables import amounts
from tests.support.statement_tables import proven
from tests.support.statement_tables import read


@pytest.mark.parametrize(
    ("out", "into"),
    [
        ("1-借", "2-贷"),
        ("借 Dr", "贷 Cr"),
        ("借D", "贷C"),
        ("D-借", "C-贷"),
        ("借/DEBIT", "贷/CREDIT"),
        ("(借)", "(贷)"),
        ("1 支出", "2 收入"),
        ("支出（借）", "收入（贷）"),
        ("借方(支出)", "贷方(收入)"),
        ("往账-借", "来账-贷"),
        ("DR.", "CR."),
    ],
)
def test_a_flag_may_have_a_code_or_another_language_beside_it(out: str, into: str) -> None:
    statement = proven(f"""
        日期       | 借贷标志 | 金额   | 余额
        2020-11-12 | {out}    | 800.00 | 200.00
        2020-11-13 | {into}   | 100.00 | 300.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


@pytest.mark.parametrize(
    "word", ["借贷", "贷D", "收付", "半", "20贷款", "2", "贷款利息", "支票", ""]
)
def test_a_word_that_says_both_or_more_is_no_flag(word: str) -> None:
    assert flag_named(word) is None


@pytest.mark.parametrize(
    "currency",
    [
        "10",
        "人民币/CNY",
        "CNY/人民币",
        "156-人民币",
        "CNY（人民币）",
        "RMB-人民币元",
        "01 人民币",
        "人民币 CNY 156",
    ],
)
def test_renminbi_is_known_in_every_spelling(currency: str) -> None:
    assert is_renminbi(currency)
    read(f"""
        日期       | 收入 | 支出   | 余额   | 币种
        2020-11-12 |      | 800.00 | 200.00 | {currency}
    """)


@pytest.mark.parametrize("currency", ["14", "美元/USD", "人民币/USD", "HKD", "101", "CNYUSD", "13"])
def test_another_currency_is_none_of_its_spellings(currency: str) -> None:
    with pytest.raises(OtherCurrency, match="row 3"):
        read(f"""
            日期       | 收入 | 支出   | 余额   | 币种
            2020-11-12 |      | 800.00 | 200.00 | CNY
            2020-11-13 |      | 100.00 | 100.00 | {currency}
        """)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("单位：万元", ""),
        ("账户类型 | 活期 美元", ""),
        ("美元账户交易明细", ""),
        ("金额单位：人民币分", ""),
        ("账号：6215 1234 单位：千元", ""),
        ("", "（分）"),
        ("", "(USD)"),
        ("", "[万元]"),
        ("", "(港币)"),
        ("", "（千元）"),
    ],
)
def test_amounts_in_another_unit_are_refused(title: str, unit: str) -> None:
    with pytest.raises(AmountsInOtherUnit):
        read(f"""
            {title}
            日期       | 收入{unit} | 支出{unit} | 余额{unit}
            2020-11-12 |            | 800.00     | 200.00
        """)


@pytest.mark.parametrize(
    ("cell", "day", "time"),
    [
        ("2020-11-02 星期一", "2020-11-02", ""),
        ("2020-11-02(周一)", "2020-11-02", ""),
        ("2020年11月2日 星期一 10:20", "2020-11-02", "10:20:00"),
        ("周一 2020/11/2", "2020-11-02", ""),
        ("2020-11-02 Mon", "2020-11-02", ""),
        ("2020-11-02 10:20:30 +0800", "2020-11-02", "10:20:30"),
        ("2020-11-02T10:20:30+08:00", "2020-11-02", "10:20:30"),
        ("2020-11-02T10:20:30.123+08", "2020-11-02", "10:20:30"),
        ("2020-11-02 10:20:30 GMT+8", "2020-11-02", "10:20:30"),
        ("2020-11-02 下午3:05", "2020-11-02", "15:05:00"),
        ("2020-11-02 12:05:00 AM", "2020-11-02", "00:05:00"),
        ("2020-11-02 24:00:00", "2020-11-02", "24:00:00"),
        (44137.0, "2020-11-02", ""),
        (44137, "2020-11-02", ""),
        (44137.75, "2020-11-02", "18:00:00"),
        (20201102, "2020-11-02", ""),
    ],
)
def test_days_and_times_as_they_come(cell: Cell, day: str, time: str) -> None:
    found = moment(cell)
    assert found is not None
    assert (str(found.date), found.time) == (day, time)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2020-11-02T02:20:30Z",
            "2020-11-02 02:20:30 +0000",
            "2020-11-02 10:20:30 +0900",
            "44137",
        ),
        *(
            "2020-11-02 下午13:05",
            "2020-11-02 24:00:01",
            "2020-11-02 上午3:05 PM",
            "星期一",
            "11-02",
        ),
        *(12345.0, 441370, "02/11/2020", "2020-11-02小计"),
    ],
)
def test_what_may_be_another_day_is_none(cell: Cell) -> None:
    assert moment(cell) is None


@pytest.mark.parametrize(
    ("cell", "time"), [("240000", "24:00:00"), ("24:00", "24:00:00"), ("3:05 pm", "15:05:00")]
)
def test_times_of_day(cell: str, time: str) -> None:
    assert time_of_day(cell) == time


def test_a_note_of_many_lines_may_stand_above_the_headings() -> None:
    notes = "\n".join(f"说明{number}：仅供参考" for number in range(60))
    statement = proven(f"{notes}\n日期 | 收入 | 支出 | 余额\n2020-11-12 | 5.00 | | 5.00")
    assert statement.lines[0].row == 62


BALANCED = """
    日期       | 收入   | 支出   | {heading}
    2020-11-12 |        | 800.00 | {one}
    2020-11-13 | 100.00 |        | {other}
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("贷 200.00", "贷 300.00"),
        ("贷200.00", "贷300.00"),
        ("200.00 贷", "300.00 贷"),
        ("200.00Cr", "300.00Cr"),
        ("CR200.00", "CR300.00"),
        ("贷：200.00", "贷：300.00"),
        ("（贷）200.00", "（贷）300.00"),
    ],
)
def test_balances_on_the_credit_side_are_read_and_prove_the_lines(one: str, other: str) -> None:
    statement = proven(BALANCED.format(heading="余额", one=one, other=other))
    assert statement.closing_fen == 300_00
    with pytest.raises(StatementDoesNotAddUp):
        proven(BALANCED.format(heading="余额", one=one, other=other.replace("300", "301")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("借 200.00", "借 300.00"),
        ("约200.00", "约300.00"),
        ("200.00/0", "300.00/0"),
        ("贰佰元", "叁佰元"),
        ("2,00.00", "3,00.00"),
        ("20O.00", "30O.00"),
    ],
)
def test_balances_that_cannot_be_read_are_no_reason_to_go_without(one: str, other: str) -> None:
    with pytest.raises(UnreadableCell, match="余额"):
        read(BALANCED.format(heading="余额", one=one, other=other))


@pytest.mark.parametrize("hidden", ["****", "--", "xx,xxx.xx", "不显示"])
def test_balances_that_the_bank_does_not_show_are_said_to_be_missing(hidden: str) -> None:
    statement = proven(BALANCED.format(heading="余额", one=hidden, other=hidden))
    assert len(statement.warnings) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "当前结余",
        "本行账户余额",
        "实时账户余额",
        "账户结存",
        "交易后的余额",
        "Running Balance",
        "活期账户结余额",
    ],
)
def test_balances_prove_the_lines_whatever_word_stands_before(heading: str) -> None:
    assert proven(BALANCED.format(heading=heading, one="200.00", other="300.00")).closing_fen
    with pytest.raises(StatementDoesNotAddUp, match=heading.split(" ")[0]):
        proven(BALANCED.format(heading=heading, one="200.00", other="300.01"))


@pytest.mark.parametrize("heading", ["冻结余额", "上日余额", "期初余额", "日终余额", "对方余额"])
def test_the_balance_of_another_day_or_part_proves_nothing(heading: str) -> None:
    statement = proven(BALANCED.format(heading=heading, one="7.00", other="7.00"))
    assert len(statement.warnings) == 1
