"""Bank statements: read by their headings, refused where a cell or a row cannot be relied on."""

from __future__ import annotations

import datetime
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies

from importers.incoming import kind_of
from importers.statements.proof import prove
from importers.statements.refusals import NoStatementHeader
from importers.statements.refusals import NoStatementLines
from importers.statements.refusals import OtherCurrency
from importers.statements.refusals import SeveralAccounts
from importers.statements.refusals import SeveralStatements
from importers.statements.refusals import UnreadableCell
from importers.statements.statement_file import read_statement
from importers.statements.words import is_total
from importers.statements.words import statement_words
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.reading import read_tables
from ledger.base.refusals import Refusal
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.statement_files import BANK_LAYOUTS
from tests.support.statement_files import BankLayout
from tests.support.statement_tables import amounts
from tests.support.statement_tables import cells
from tests.support.statement_tables import proven
from tests.support.statement_tables import read
from tests.support.statement_tables import sheet

TABLE = """
    日期       | 收入   | 支出   | 余额   | 币种   | 账号     | 对方户名 | 摘要
    2020-11-12 |        | 800.00 | 200.00 | 人民币 | 62150001 | 张三     | 代发
    2020-11-13 | 100.00 |        | 300.00 | 人民币 | 62150001 | 李四     | 退汇
"""


def test_a_file_without_such_headings_is_no_statement() -> None:
    with pytest.raises(NoStatementHeader):
        read("姓名 | 身份证号 | 银行卡号 | 金额\n张三 | 1 | 2 | 800.00")


@pytest.mark.parametrize("line", ["", "2020-11-13 | 0.00 | 0.00 | 200.00 | | | | 利息税"])
def test_headings_without_money_below_them_are_refused(line: str) -> None:
    headings = TABLE.strip().splitlines()[0]
    with pytest.raises(NoStatementLines):
        read(f"{headings}\n{line}")


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("2020-11-13", "2020-13-11", "日期"),
        ("2020-11-13", "", "日期"),
        ("2020-11-13", "13日", "日期"),
        ("100.00 |", "100.0O |", "收入"),
        ("100.00 |", "1,00.00 |", "收入"),
        ("100.00 |", "100.005 |", "收入"),
        ("300.00", "三百", "余额"),
        ("300.00", "", "余额"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place(
    right: str, wrong: str, column: str
) -> None:
    with pytest.raises(UnreadableCell) as refusal:
        read(TABLE.replace(right, wrong))
    message = str(refusal.value)
    assert "对账单.csv" in message
    assert column in message
    assert " 3" in message
    for personal in ("李四", "62150001", "100.0", "三百"):
        assert personal not in message


def test_a_sheet_is_named_with_the_row() -> None:
    rows = cells(TABLE.replace("2020-11-13", "昨天"))
    with pytest.raises(UnreadableCell, match="明细表"):
        read_statement("对账单.xlsx", [sheet(rows, "明细表")])


@pytest.mark.parametrize("currency", ["美元", "USD", "840", "港币"])
def test_another_currency_is_refused_with_its_row(currency: str) -> None:
    with pytest.raises(OtherCurrency, match="3"):
        read(TABLE.replace("300.00 | 人民币", f"300.00 | {currency}"))


@pytest.mark.parametrize(
    "titles", ["账号：62150001 | 币种：美元", "币种 | USD", "户名：某办 币种：港币"]
)
def test_another_currency_in_the_titles_is_refused(titles: str) -> None:
    with pytest.raises(OtherCurrency, match="1"):
        read(f"{titles}\n{TABLE}")


@pytest.mark.parametrize(
    "titles",
    [
        "账号：6215 0001 户名：普查办 币种：人民币 单位：元",
        "对公账户明细 | 账号 | 6215 0001 | 币种 | CNY",
        "查询账号[ Inquirer account number ] | 6215 0001",
        "账号:  6215 0001",
    ],
)
def test_the_titles_name_the_account(titles: str) -> None:
    table = TABLE.replace("账号    ", "网点").replace("62150001", "营业部")
    assert read(f"{titles}\n{table}").number == "62150001"


def test_two_accounts_in_one_file_are_refused() -> None:
    with pytest.raises(SeveralAccounts):
        read(TABLE.replace("300.00 | 人民币 | 62150001", "300.00 | 人民币 | 62150002"))


def test_a_second_account_further_down_is_refused() -> None:
    table = "账号：62150001\n" + TABLE.replace("| 62150001", "|")
    assert read(table).number == "62150001"
    with pytest.raises(SeveralAccounts, match="5"):
        read(table + "账号：62150002\n" + table.split("\n", 1)[1])


def test_two_sheets_are_imported_one_by_one() -> None:
    one, other = sheet(cells(TABLE), "十一月"), sheet(cells(TABLE), "十二月")
    empty = sheet(cells(TABLE)[:1], "空表")
    assert len(read_statement("对账单.xlsx", [one, empty]).lines) == 2
    with pytest.raises(SeveralStatements, match="十二月"):
        read_statement("对账单.xlsx", [one, other])


def test_a_hidden_sheet_is_not_read() -> None:
    hidden = Sheet("旧", True, sheet(cells(TABLE)).cells)
    assert kind_of([hidden]) != "statement"
    assert len(read_statement("对账单.xlsx", [hidden, sheet(cells(TABLE))]).lines) == 2


@pytest.mark.parametrize(
    "row",
    [
        "合计 | 100.00 | 800.00",
        "本页小计 | 100.00 | 800.00 | 300.00",
        "承前页 | | | 1000.00",
        "2020-11-30 | 100.00 | 800.00 | 300.00 | | | | 本月合计",
        "汇总收入金额 | 100.00 | 汇总支出金额 | 800.00",
        "截止日期 | 20201130",
        "总笔数:2",
        "以上数据仅供参考 | | 滕州农商行",
        "日期 | 收入 | 支出 | 余额 | 币种 | 账号 | 对方户名 | 摘要",
        "--- | --- | --- | ---",
        "第1页 | 共1页",
    ],
)
def test_totals_and_notes_are_no_lines(row: str) -> None:
    assert amounts(proven(TABLE + row)) == ["-800.00", "100.00"]


def test_a_line_whose_day_is_gone_is_no_total_whatever_its_first_word() -> None:
    for first in ("打印费", "总工会", "第一中学", "收入", "合计人员经费"):
        with pytest.raises(UnreadableCell):
            read(TABLE + f"{first} | 100.00 | | 400.00")


def test_what_an_account_showed_of_lines_of_nothing_is_left_out() -> None:
    statement = proven(TABLE + "2020-11-14 | 0.00 | | 300.00 | | | | 利息税")
    assert [line.row for line in statement.lines] == [2, 3]


@pytest.mark.parametrize(
    ("serials", "read_as"),
    [
        (("77", "78"), ["77", "78"]),
        (("00077", "0"), ["00077", ""]),
        (("0", "00000"), ["", ""]),
        (("77", "77"), ["", ""]),
        (("", ""), ["", ""]),
        (("12-77", "12-78"), ["12-77", "12-78"]),
    ],
)
def test_a_serial_number_must_tell_lines_apart(
    serials: tuple[str, str], read_as: list[str]
) -> None:
    table = TABLE.replace("账号    ", "凭证号")
    for serial in serials:
        table = table.replace("62150001", serial, 1)
    assert [line.serial for line in read(table).lines] == read_as


def test_the_better_serial_number_counts() -> None:
    table = TABLE.replace("账号    ", "核心流水号").replace("摘要", "凭证号")
    assert [line.serial for line in read(table).lines] == ["", ""]
    table = table.replace("62150001", "9001", 1).replace("62150001", "9002")
    assert [line.serial for line in read(table).lines] == ["9001", "9002"]


def test_texts_are_joined_without_repeats_and_without_what_only_fills() -> None:
    statement = read("""
        日期       | 收入   | 支出 | 余额   | 备注 | 摘要 | 用途 | 附言
        2020-11-13 | 100.00 |      | 300.00 | 退汇 | 退汇 | ---- | 户名不符
    """)
    assert statement.lines[0].text == "退汇 户名不符"


def test_headings_in_two_lines() -> None:
    statement = proven("""
        日期       | 发生额 |        | 余额   | 对方 |
                   | 支出   | 收入   |        | 户名 | 账号
        2020-11-12 | 800.00 |        | 200.00 | 张三 | 62150002
        2020-11-13 |        | 100.00 | 300.00 | 李四 | 62150003
    """)
    assert amounts(statement) == ["-800.00", "100.00"]
    assert [line.account for line in statement.lines] == ["62150002", "62150003"]


def test_headings_in_three_lines() -> None:
    statement = proven("""
        交易         |          |        |        | 对方   |
        日期         | 发生额   |        | 余额   | 信息   |
                     | 支出     | 收入   |        | 户名   | 账号
        2020-11-12   | 800.00   |        | 200.00 | 张三   | 62150002
        2020-11-13   |          | 100.00 | 300.00 | 李四   | 62150003
    """)
    assert amounts(statement) == ["-800.00", "100.00"]


def test_days_and_times_of_a_workbook() -> None:
    day = datetime.datetime(2020, 11, 12)
    rows: list[list[Cell]] = [
        ["日期", "时间", "收入", "支出", "余额"],
        [day, datetime.time(9, 30), "", 800.0, 200],
        [day, 93115.0, 100, "", 300.0],
    ]
    lines = read_statement("对账单.xlsx", [sheet(rows)]).lines
    assert [(str(line.date), line.time) for line in lines] == [
        ("2020-11-12", "09:30:00"),
        ("2020-11-12", "09:31:15"),
    ]
    assert [line.amount_fen for line in lines] == [-80000, 10000]


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_workbook_with_merged_cells_and_days_from_either_beginning(since_1904: bool) -> None:
    """Title, groups of headings and the last note are merged; Macs count days from 1904."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"date_1904": since_1904}) as book:
        page = book.add_worksheet("明细")
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        page.merge_range("A1:E1", "滕州农商行账户明细")
        page.merge_range("A2:B2", "账号：6215 0001")
        page.merge_range("C2:E2", "币种：人民币")
        page.merge_range("A3:A4", "交易日期")
        page.merge_range("B3:C3", "发生额")
        page.write_row("B4", ["收入", "支出"])
        page.merge_range("D3:D4", "余额")
        page.merge_range("E3:E4", "对方户名")
        for row, (day, into, out, balance) in enumerate(
            [(12, "", 800, 200), (13, 100, "", 300)], 4
        ):
            page.write_datetime(row, 0, datetime.datetime(2020, 11, day), dated)
            page.write_row(row, 1, [into, out, balance, "某人"])
        page.merge_range("A7:E7", "以上数据仅供参考")
    sheets = read_tables("对账单.xlsx", content.getvalue())
    statement = read_statement("对账单.xlsx", sheets)
    prove(statement)
    assert statement.number == "62150001"
    assert [(str(line.date), line.amount_fen) for line in statement.lines] == [
        ("2020-11-12", -80000),
        ("2020-11-13", 10000),
    ]


@pytest.mark.parametrize(("hour", "time"), [(0, ""), (9, "09:00:00")])
def test_midnight_is_no_time_whatever_the_other_lines_say(hour: int, time: str) -> None:
    rows: list[list[Cell]] = [
        ["日期", "收入", "支出", "余额"],
        [datetime.datetime(2020, 11, 12), "", "800.00", "200.00"],
        [datetime.datetime(2020, 11, 13, hour), "100.00", "", "300.00"],
    ]
    lines = read_statement("对账单.xlsx", [sheet(rows)]).lines
    assert [line.time for line in lines] == ["", time]


def test_the_day_that_goes_on_counts_when_another_goes_back() -> None:
    """A payment of the evening before is booked the next morning, after one of that morning."""
    statement = proven("""
        交易日期   | 记账日期   | 收入   | 支出   | 余额
        2020-11-12 | 2020-11-12 |        | 800.00 | 200.00
        2020-11-13 | 2020-11-13 | 100.00 |        | 300.00
        2020-11-12 | 2020-11-13 | 50.00  |        | 350.00
    """)
    assert [line.date.day for line in statement.lines] == [12, 13, 13]


def test_rosters_and_results_are_no_statements() -> None:
    sheets = read_tables("名册.xlsx", roster(person(1), person(2)))
    assert kind_of(sheets) != "statement"
    headings = ["收款账号", "收款户名", "交易日期", "交易金额", "余额", "交易状态"]
    assert kind_of([sheet([headings, ["1", "张三", "20201112", "8", "9", "成功"]])]) == "result"


@pytest.mark.parametrize(
    "headings",
    [
        "姓名 | 出生日期 | 银行卡号 | 金额",
        "日期 | 金额 | 类型 | 备注",
        "交易日期 | 收款人名称 | 收款人账号 | 交易金额 | 失败原因",
        "序号 | 名称 | 数量 | 单价 | 金额",
        "发生日期 | 收入 | 身份证号 | 支出",
        "日期 | 余额 | 摘要",
    ],
)
def test_other_tables_are_no_statements(headings: str) -> None:
    rows = cells(f"{headings}\n20201112 | 1.00 | 2.00 | 3.00")
    assert kind_of([sheet(rows)]) != "statement"


HOSTILE: strategies.SearchStrategy[Cell] = strategies.one_of(
    strategies.text(max_size=12),
    strategies.integers(),
    strategies.floats(),
    strategies.booleans(),
    strategies.dates(),
    strategies.datetimes(),
    strategies.times(),
    strategies.timedeltas(),
    strategies.sampled_from(["2020-11-12", "20201112", "800.00", "-1.00", "合计", "账号:123"]),
    strategies.sampled_from(
        ["借", "贷", "来账", "人民币", "余额", "--", "总笔数：2", "汇总收入金额"]
    ),
)
WORDS = [
    *("交易日期", "交易时间", "记账日期", "收入", "支出", "借方", "贷方", "金额", "借/贷", "余额"),
    *("对方户名", "对方账号", "付款人", "收款人", "摘要", "交易类型", "币种", "账号", "流水号"),
]


@given(
    strategies.lists(strategies.sampled_from(WORDS), min_size=3, max_size=9),
    strategies.lists(strategies.lists(HOSTILE, max_size=9), max_size=8),
    strategies.lists(strategies.lists(HOSTILE, max_size=4), max_size=3),
)
def test_hostile_cells_are_read_or_refused(
    headings: list[Cell], lines: list[list[Cell]], titles: list[list[Cell]]
) -> None:
    rows = [*titles, headings, *(line[: len(headings)] for line in lines)]
    try:
        kind_of([sheet(rows)])
        prove(read_statement("对账单.xlsx", [sheet(rows)]))
    except Refusal as refusal:
        assert str(refusal)


@given(
    strategies.sampled_from(BANK_LAYOUTS),
    strategies.lists(
        strategies.tuples(strategies.integers(0, 25), strategies.integers(0, 30), HOSTILE),
        min_size=1,
        max_size=5,
    ),
)
def test_hostile_cells_in_a_banks_statement_are_read_or_refused(
    layout: BankLayout, changes: list[tuple[int, int, Cell]]
) -> None:
    rows = layout.rows()
    for row, column, cell in changes:
        line = rows[row % len(rows)]
        line[column % len(line)] = cell
    try:
        prove(read_statement("对账单.xlsx", [sheet(rows)]))
    except Refusal as refusal:
        assert str(refusal)


@pytest.mark.parametrize("word", ["发生额", "借方", "合计承前页"])
def test_a_text_of_the_same_word_again_and_again_is_looked_at_once(word: str) -> None:
    """Trying every way to cut it into words would take for ever."""
    assert statement_words().headings.named(word * 30 + "！") is None
    assert not is_total(word * 3000 + "！")


def test_headings_that_are_repeated_hide_no_line_above_them() -> None:
    """Twice in two rows they look like headings in two lines, which name more."""
    statement = proven("""
        日期       | 收入   | 支出   | 余额
        2020-11-12 |        | 800.00 | 200.00
        日期       | 收入   | 支出   | 余额
        日期       | 收入   | 支出   | 余额
        2020-11-13 | 100.00 |        | 300.00
    """)
    assert amounts(statement) == ["-800.00", "100.00"]
