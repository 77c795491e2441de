"""What stands beside the amounts or above them and contradicts them is refused, not passed over."""

from __future__ import annotations

import pytest

from importers.statements.refusals import AmountInDoubt
from importers.statements.refusals import OutsideStatedPeriod
from importers.statements.refusals import UnreadableCell
from importers.statements.statement_file import read_statement
from ledger.model.bank_lines import Statement
from tests.support.statement_tables import amounts
from tests.support.statement_tables import cells
from tests.support.statement_tables import layouts_in
from tests.support.statement_tables import proven
from tests.support.statement_tables import read
from tests.support.statement_tables import sheet

BARE = """
    日期       | 收入   | 支出   | 对方户名 | {heading} | 摘要
    2020-11-12 | 900.00 |        | 财政局   | {first}   | {text}
    2020-11-13 |        | 800.00 | 张三     | {second}  | {other}
"""
BALANCED = """
    日期       | 收入   | 支出   | 余额    | {heading} | 摘要
    2020-11-12 | 900.00 |        | 1000.00 | {first}   | {text}
    2020-11-13 |        | 800.00 | 200.00  | {second}  | {other}
"""
FEES = ["手续费", "手续费(元)", "交易手续费", "汇费", "转账手续费", "手续费金额", "工本费", "FEE"]
ACTUAL = ["实际支出", "实付金额", "实际扣款金额", "实际支付", "扣款金额", "实际交易金额", "净额"]
RED_HEADINGS = ["红蓝字", "红字", "红/蓝字", "红字标识", "红蓝标志", "是否红字", "冲红标志"]
RED_TEXTS = ["红字", "红字冲销", "（红字）", "红冲", "冲红", "红字更正-2020110300001"]
OTHERS = {"text": "拨款", "other": "补助"}


def bare(heading: str, first: str, second: str, **texts: str) -> str:
    return BARE.format(heading=heading, first=first, second=second, **{**OTHERS, **texts})


def balanced(heading: str, first: str, second: str, **texts: str) -> str:
    return BALANCED.format(heading=heading, first=first, second=second, **{**OTHERS, **texts})


@pytest.mark.parametrize("heading", FEES)
@pytest.mark.parametrize("fee", ["5.00", "-5.00", "5元", "5元/笔"])
def test_a_fee_beside_the_amount_is_refused_without_balances(heading: str, fee: str) -> None:
    with pytest.raises(AmountInDoubt, match=r"row 3, column .*balances"):
        read(bare(heading, "", fee))
    assert amounts(proven(balanced(heading, "", fee))) == ["900.00", "-800.00"]


@pytest.mark.parametrize("nothing", ["", "0", "0.00", "-", "--", "免收", "无"])
def test_no_fee_is_no_doubt(nothing: str) -> None:
    assert amounts(read(bare("手续费", "0.00", nothing))) == ["900.00", "-800.00"]


def test_a_fee_of_a_line_without_amount_is_seen() -> None:
    line = "\n2020-11-14 | | 0.00 | 农商行 | 5.00 | 收费"
    with pytest.raises(AmountInDoubt, match="row 4"):
        read(bare("手续费", "", "").rstrip() + line)


@pytest.mark.parametrize("heading", ACTUAL)
@pytest.mark.parametrize("amount", ["805.00", "795.00", "8OO.00 1"])
def test_another_amount_beside_it_is_refused_without_balances(heading: str, amount: str) -> None:
    with pytest.raises(AmountInDoubt, match=f"row 3, column {heading}"):
        read(bare(heading, "", amount))
    if amount[1] == "0":
        assert amounts(proven(balanced(heading, "", amount))) == ["900.00", "-800.00"]


@pytest.mark.parametrize("heading", ACTUAL)
@pytest.mark.parametrize("amount", ["800.00", "", "-800.00", "-"])
def test_the_same_amount_again_is_no_doubt(heading: str, amount: str) -> None:
    assert amounts(read(bare(heading, "", amount))) == ["900.00", "-800.00"]


@pytest.mark.parametrize(
    ("heading", "first", "second", "row"),
    [
        ("实际支出", "900.00", "800.00", 2),
        ("实际支出", "0.00", "0.00", 3),
        ("实收金额", "0.00", "0.00", 2),
        ("实收金额", "899.00", "", 2),
        ("到账金额", "900.00", "795.00", 3),
    ],
)
def test_an_amount_of_the_other_side_or_of_none_is_a_contradiction(
    heading: str, first: str, second: str, row: int
) -> None:
    with pytest.raises(AmountInDoubt, match=f"row {row}, column {heading}"):
        read(bare(heading, first, second))


def test_the_settings_may_say_which_amount_counts() -> None:
    layouts = layouts_in('[[statement.layout]]\nin = "收入"\nout = "实际支出"')
    assert amounts(read(bare("实际支出", "", "805.00"), *layouts)) == ["900.00", "-805.00"]


@pytest.mark.parametrize("heading", RED_HEADINGS)
@pytest.mark.parametrize("red", ["红", "红字", "R", "1", "是"])
def test_a_red_line_is_refused_where_nothing_shows_its_sign(heading: str, red: str) -> None:
    with pytest.raises(UnreadableCell, match=f"row 3, column {heading}"):
        read(bare(heading, "", red))
    assert amounts(read(bare(heading, "蓝", "蓝字"))) == ["900.00", "-800.00"]
    back = balanced(heading, "蓝", red).replace("200.00 ", "1800.00")
    assert amounts(proven(back)) == ["900.00", "800.00"]


@pytest.mark.parametrize("text", RED_TEXTS)
def test_a_summary_that_says_red_is_refused_where_nothing_shows_its_sign(text: str) -> None:
    with pytest.raises(UnreadableCell, match="row 3, column 摘要"):
        read(bare("柜员", "", "", other=text))
    signed = bare("柜员", "", "", other=text).replace("800.00", "-800.00")
    assert amounts(read(signed)) == ["900.00", "800.00"]


@pytest.mark.parametrize("text", ["红字发票退款", "红十字会", "红旗街道", "口红", "分红"])
def test_other_words_with_the_sign_for_red_say_nothing(text: str) -> None:
    assert amounts(read(bare("柜员", "", "", other=text))) == ["900.00", "-800.00"]


LINES = """
    日期       | 收入   | 支出   | 余额    | 摘要
    2020-11-12 | 900.00 |        | 1000.00 | 拨款
    2020-11-13 |        | 800.00 | 200.00  | 补助
"""


def named(title: str = "", *, file: str = "对账单.csv", tab: str = "") -> Statement:
    rows = cells(LINES)
    return read_statement(file, [sheet([[title], *rows] if title else rows, tab)])


@pytest.mark.parametrize(
    "period",
    [
        "查询日期：{} 至 {}",
        "起止日期:{}-{}",
        "交易期间: {} 到 {}",
        "查询时间 {} 00:00:00 ～ {} 23:59:59",
        "对账单（{}—{}）",
        "起始日期：{} 截止日期：{}",
        "开始日期:{}  结束日期:{}  打印日期:2021-01-05",
    ],
)
@pytest.mark.parametrize("form", ["{}-{}-{}", "{}/{}/{}", "{}年{}月{}日", "{}{}{}", "{}.{}.{}"])
def test_a_line_outside_of_the_period_in_the_title_is_refused(period: str, form: str) -> None:
    def stated(*days: str) -> str:
        return period.format(*(form.format(*day.split("-")) for day in days))

    assert amounts(named(stated("2020-11-01", "2020-11-30"))) == ["900.00", "-800.00"]
    for first, last, row in (("2020-10-01", "2020-10-31", 3), ("2020-11-01", "2020-11-12", 4)):
        with pytest.raises(OutsideStatedPeriod, match=f"row {row}, .*title says {first} – {last}"):
            named(stated(first, last))


@pytest.mark.parametrize(
    "title",
    [
        "打印日期：2020-12-01",
        "下载时间 2019-01-01 10:00:00",
        "手续费优惠期间：2019-01-01 至 2019-12-31",
        "2020年10月至2020年12月交易明细",
        "2020年11月交易明细",
        "2020年度对账单",
    ],
)
def test_a_day_in_a_title_that_is_no_period_says_nothing(title: str) -> None:
    assert amounts(named(title)) == ["900.00", "-800.00"]


@pytest.mark.parametrize(
    "title", ["2020年10月交易明细", "2020年12月份账户对账单", "2019年11月的流水"]
)
def test_a_month_in_a_title_is_that_of_its_lines(title: str) -> None:
    with pytest.raises(OutsideStatedPeriod, match="row 3"):
        named(title)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("2020年11月明细.xlsx", "2020年10月明细.xlsx"),
        ("流水202011.csv", "流水202012.csv"),
        ("对账单_2020-11.xls", "对账单_2020-12.xls"),
        ("11月流水.xlsx", "10月流水.xlsx"),
        ("2020年/11月.xls", "2020年/12月.xls"),
        ("普查办11月份对账单.csv", "普查办1月份对账单.csv"),
    ],
)
def test_a_month_in_the_name_of_the_file_is_that_of_its_lines(right: str, wrong: str) -> None:
    assert amounts(named(file=right)) == ["900.00", "-800.00"]
    with pytest.raises(OutsideStatedPeriod, match="name of the file"):
        named(file=wrong)


@pytest.mark.parametrize(
    "file",
    [
        "交易明细20201201.xls",
        "对账单20201201103000.csv",
        "明细2020-10-01至2020-12-31.xlsx",
        "流水10月-12月.xlsx",
        "2020年10月至12月明细.xlsx",
        "12月3日下载的明细.xlsx",
        "10月11月流水.csv",
        "62150000202010明细.csv",
        "入户补助10月.csv",
        "明细202013.csv",
    ],
)
def test_another_number_in_the_name_of_the_file_is_no_month(file: str) -> None:
    assert amounts(named(file=file)) == ["900.00", "-800.00"]


@pytest.mark.parametrize("tab", ["10月", "2020年12月", "2020-10", "202012", "10月份明细"])
def test_a_month_for_a_name_of_a_sheet_is_that_of_its_lines(tab: str) -> None:
    with pytest.raises(OutsideStatedPeriod, match="name of the sheet"):
        named(tab=tab)


@pytest.mark.parametrize("tab", ["11月", "2020年11月", "202011", "Sheet1", "10月下载", "1", "2020"])
def test_another_name_of_a_sheet_says_nothing(tab: str) -> None:
    assert amounts(named(tab=tab)) == ["900.00", "-800.00"]


def test_either_day_of_a_line_may_be_the_one_of_the_period() -> None:
    rows = cells("""
        查询日期：2020-11-01 至 2020-11-30
        交易日期   | 记账日期   | 收入   | 支出   | 余额    | 摘要
        2020-10-31 | 2020-11-01 | 900.00 |        | 1000.00 | 拨款
    """)
    assert amounts(read_statement("对账单.csv", [sheet(rows)])) == ["900.00"]
