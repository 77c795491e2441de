"""Result files of any bank: found by their headings, read row by row, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from importers.results.header import is_result
from importers.results.refusals import NoResultHeader
from importers.results.refusals import NoResultRows
from importers.results.refusals import NotAnswered
from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import amount_fen
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.reading import read_tables
from ledger.base.masks import name_fits
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.model.transitions import State
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.result_files import FORMS
from tests.support.result_files import ICBC
from tests.support.result_files import PLAIN
from tests.support.result_files import icbc_row
from tests.support.result_files import plain_row
from tests.support.result_files import result
from tests.support.roster_files import Rows
from tests.support.roster_files import workbook

OTHER_BANK = (
    "姓名", "卡号", "行别", "跨行行号", "业务种类", "协议书号", "账号地址",
    "应处理金额(必须小于1亿)", "备注", "实处理金额", "处理标志",
)  # fmt: skip
CCB = (
    "序号", "账户", "户名", "金额", "跨行标识", "行名", "联行行号", "摘要", "备注",
    "处理结果", "失败原因",
)  # fmt: skip


def said(read: ResultFile) -> list[tuple[str, str]]:
    """Outcome and class of each row."""
    return [
        (row.answer.outcome.value, row.answer.reason_class) if row.answer else ("", "")
        for row in read.rows
    ]


def codes(read: ResultFile) -> list[tuple[int, str]]:
    return [(finding.row, finding.code) for finding in read.findings]


def sheets(*rows: Sequence[Cell]) -> list[Sheet]:
    return [Sheet("", False, rows)]


@pytest.mark.parametrize("form", FORMS)
def test_the_own_banks_workbook_in_every_form(form: str) -> None:
    first, second, third = payments(3)
    rows: Rows = [
        ["批量代发处理结果", *[""] * 5],
        list(ICBC),
        icbc_row(first),
        icbc_row(second, "账号、户名不符", handled="0.00"),
        icbc_row(third, "处理中", handled=""),
        ["合计", "", 2400, "", 800, ""],
    ]
    tables = read_tables("回盘.xls", FORMS[form](rows))
    assert is_result(tables)
    read = read_result("回盘.xls", tables)
    assert [(row.account, row.name, row.amount_fen) for row in read.rows] == [
        (sent.account, sent.bank_name, 800_00) for sent in (first, second, third)
    ]
    assert said(read) == [("paid", ""), ("returned", "NAME_MISMATCH"), ("unknown", "PENDING")]
    assert [(row.row, row.number, row.handled_fen) for row in read.rows] == [
        (3, 1, 800_00), (4, 2, 0), (5, 3, None),
    ]  # fmt: skip
    assert (read.skipped, read.findings) == (1, ())


def test_the_own_banks_list_for_other_banks() -> None:
    sent = payment()
    row: list[Cell] = [
        sent.bank_name,
        sent.account,
        "103",
        "",
        "",
        "",
        "",
        800,
        "补助",
        0,
        "已销户",
    ]
    assert said(read_result("a.xlsx", sheets(OTHER_BANK, row))) == [("returned", "CLOSED")]


def test_the_table_of_another_bank() -> None:
    sent = payment()
    cells: list[Cell] = ["7", sent.account, sent.bank_name, 800.0, "", "", "", "补助", ""]
    read = read_result("a.xlsx", sheets(CCB, [*cells, "失败", "3030 账号不存在"]))
    assert said(read) == [("returned", "ACCOUNT_NOT_FOUND")]
    assert [(row.sequence, row.status, row.reason) for row in read.rows] == [
        (7, "失败", "3030 账号不存在")
    ]


HEADINGS = {
    "account": [
        "账号",
        "收款账号",
        "卡号",
        "客户账号",
        "收款帐号",
        "收款人账号/卡号",
        "账户",
        "*账　号",
    ],
    "name": ["户名", "收款人名称", "姓名", "收款户名", "客户名称", "账户名称", "收款人"],
    "amount": ["金额", "交易金额", "应发金额", "金额（元）", "应处理金额(必须小于1亿)", "付款金额"],
    "status": ["状态", "处理结果", "交易状态", "成功标志", "处理标志", "入账状态"],
    "reason": ["原因", "失败原因", "返回信息", "错误信息"],
    "code": ["返回码", "错误码"],
    "sequence": ["序号", "顺序号"],
    "other": ["摘要", "开户行", "付款账号", "付款账号名称", "交易日期"],
}


@settings(max_examples=150)
@given(strategies.data())
def test_columns_in_any_order_under_any_of_their_words(data: strategies.DataObject) -> None:
    sent = payment()
    values = {
        "account": sent.account,
        "name": sent.bank_name,
        "amount": plain(sent.amount_fen),
        "status": "失败",
        "reason": "请联系网点",
        "code": "3006",
        "sequence": "12",
        "other": "6222000000000001",
    }
    fields = data.draw(strategies.permutations(sorted(HEADINGS)))
    headings = [data.draw(strategies.sampled_from(HEADINGS[field])) for field in fields]
    above = data.draw(strategies.integers(0, 14))
    row = [values[field] for field in fields]
    titles = [["代发结果"] + [""] * (len(row) - 1)] * above
    form = data.draw(strategies.sampled_from(["csv", "html"]))
    read = read_result("a.xls", read_tables("a.xls", FORMS[form]([*titles, headings, row])))
    (found,) = read.rows
    assert (found.account, found.name, found.amount_fen) == (sent.account, sent.bank_name, 800_00)
    assert (found.sequence, found.row) == (12, above + 2)
    assert said(read) == [("returned", "LOST")]


def test_the_payees_account_and_not_the_payers() -> None:
    sent = payment()
    headings = ["账号", "收款账号", "户名", "收款人名称", "金额", "状态"]
    row: list[Cell] = ["1605000100000001", sent.account, "普查办", sent.bank_name, "800", "成功"]
    (found,) = read_result("a.csv", sheets(headings, row)).rows
    assert (found.account, found.name) == (sent.account, sent.bank_name)


def test_two_columns_of_state_must_not_contradict_each_other() -> None:
    sent = payment()
    headings = ["账号", "户名", "金额", "交易状态", "处理结果"]
    start: list[Cell] = [sent.account, sent.bank_name, "800"]
    rows: Rows = [[*start, "成功", "失败"], [*start, "成功", "处理成功"], [*start, "", "成功"]]
    assert said(read_result("a.csv", sheets(headings, *rows))) == [
        ("unknown", "UNCLEAR"), ("paid", ""), ("paid", ""),
    ]  # fmt: skip


def test_the_remark_is_ours_unless_it_names_a_reason() -> None:
    sent = payment()
    headings = ["账号", "户名", "金额", "状态", "备注"]
    start: list[Cell] = [sent.account, sent.bank_name, "800"]
    rows: Rows = [
        [*start, "失败", "两员补助"],
        [*start, "失败", "已销户"],
        [*start, "成功", "退汇"],
    ]
    assert said(read_result("a.csv", sheets(headings, *rows))) == [
        ("returned", "OTHER"), ("returned", "CLOSED"), ("unknown", "UNCLEAR"),
    ]  # fmt: skip


def test_a_code_of_noughts_says_nothing_beside_words() -> None:
    sent = payment()
    headings = ["账号", "户名", "金额", "返回码", "返回信息", "状态"]
    start: list[Cell] = [sent.account, sent.bank_name, "800"]
    rows: Rows = [
        [*start, "0000", "交易成功", ""],
        [*start, "0000", "", "成功"],
        [*start, "0000", "", ""],
    ]
    assert said(read_result("a.csv", sheets(headings, *rows))) == [
        ("paid", ""), ("paid", ""), ("unknown", "UNCLEAR"),
    ]  # fmt: skip


def test_a_payroll_is_no_result() -> None:
    """What was to be paid out (实发金额) is no word of the bank's."""
    headings = ["账号", "户名", "应发金额", "代扣", "实发金额"]
    rows = [[sent.account, sent.bank_name, "800", "0", "800.00"] for sent in payments(4)]
    assert not is_result(sheets(headings, *rows))
    with pytest.raises(NoResultHeader):
        read_result("a.csv", sheets(headings, *rows))


def test_every_visible_sheet_is_read() -> None:
    first, second = payments(2)
    content = workbook(
        {
            "本行": [list(ICBC), icbc_row(first)],
            "隐藏": [list(ICBC), icbc_row(first)],
            "说明": [["本文件由银行生成"]],
            "他行": [list(ICBC), icbc_row(second)],
        },
        hidden=["隐藏"],
    )
    read = read_result("a.xlsx", read_tables("a.xlsx", content))
    assert [(row.sheet, row.row, row.number) for row in read.rows] == [
        ("本行", 2, 1),
        ("他行", 2, 2),
    ]


def test_lines_that_are_nobodys_are_counted() -> None:
    sent = payment()
    read = result(
        plain_row(sent),
        [""] * 6,
        list(PLAIN),
        ["", "", "", "800.00", "", ""],
        ["合计", "1", "", "800.00", "", ""],
        ["总笔数：1", "", "成功笔数：1", "", "失败笔数：0", ""],
        ["", "", "以上数据仅供参考", "", "", ""],
        ["", "", "制表人：张三", "", "", "复核"],
    )
    assert (len(read.rows), read.skipped, read.findings) == (1, 6, ())


BAD_CELLS: dict[str, dict[str, str]] = {
    "account_rounded": {"account": "6.2152E+17"},
    "account_form": {"account": "见附件"},
    "incomplete": {"account": ""},
    "name_masked": {"account": "6215****0001", "name": "王*"},
    "amount_unreadable": {"amount": "八百"},
}


@pytest.mark.parametrize("code", BAD_CELLS)
def test_what_cannot_be_read_is_a_finding_of_its_row(code: str) -> None:
    read = result(plain_row(payment(1)), plain_row(payment(2), **BAD_CELLS[code]))
    assert codes(read) == [(3, code)]
    assert len(read.rows) == 1


def test_more_cells_that_cannot_be_read() -> None:
    first, second, third, fourth = payments(4)
    read = result(
        plain_row(first, account="**"),
        plain_row(second, name="**"),
        plain_row(third, name=""),
        plain_row(fourth, amount=""),
        plain_row(payment(5)),
    )
    assert codes(read) == [
        (2, "account_form"), (3, "name_masked"), (4, "incomplete"), (5, "incomplete"),
    ]  # fmt: skip


def test_an_account_stored_as_a_number_has_lost_digits() -> None:
    sent = payment()
    content = workbook({"a": [list(ICBC), icbc_row(sent, account=6215210000000001)]})
    read = read_result("a.xlsx", read_tables("a.xlsx", content))
    assert codes(read) == [(2, "account_rounded")]
    assert "stored as a number" in read.findings[0].message()
    short = workbook({"a": [list(ICBC), icbc_row(sent, account=621521000000001)]})
    (row,) = read_result("a.xlsx", read_tables("a.xlsx", short)).rows
    assert row.account == "621521000000001"


def test_part_of_an_amount_is_neither_paid_nor_returned() -> None:
    first, second, third = payments(3)
    rows = [
        icbc_row(first, "全部成功", handled=500),
        icbc_row(second, "户名不符", handled="1.00"),
        icbc_row(third, "全部成功", handled="见附件"),
    ]
    read = read_result("a.xlsx", sheets(ICBC, *rows))
    assert codes(read) == [(2, "other_handled"), (3, "other_handled"), (4, "handled_unreadable")]
    assert "(sent 800.00, handled 500.00)" in read.findings[0].message()


def test_our_own_upload_is_no_result() -> None:
    rows = [[*icbc_row(sent)[:4], "", ""] for sent in payments(3)]
    tables = sheets(ICBC, *rows)
    assert is_result(tables)
    with pytest.raises(NotAnswered, match="处理标志"):
        read_result("B2020-001-本行-1.xlsx", tables)


def test_a_result_without_payments() -> None:
    with pytest.raises(NoResultRows):
        read_result("a.csv", sheets(PLAIN, ["合计", "", "", "0.00", "", ""]))


NO_RESULTS: dict[str, Rows] = {
    "a roster": [
        ["姓名", "岗位", "银行卡号", "金额", "状态"],
        ["张三", "普查员", "6215", 800, "成功"],
    ],
    "a payout list": [
        ["户名", "普查区编码", "账号", "金额", "实发金额"],
        ["张三", "1", "6215", 800, 800],
    ],
    "a grouped roster": [
        ["基本信息", "岗位", "发放情况", "", ""],
        ["姓名", "类别", "账号", "金额", "状态"],
    ],
    "an upload without answers": [["序号", "户名", "账号", "开户行", "金额", "备注"]],
    "a statement": [["交易日期", "对方户名", "对方账号", "收入金额", "支出金额", "余额"]],
    "headings too low": [*[["说明"] + [""] * 5] * 61, list(PLAIN)],
}


@pytest.mark.parametrize("kind", NO_RESULTS)
def test_what_is_no_result(kind: str) -> None:
    tables = sheets(*NO_RESULTS[kind])
    assert not is_result(tables)
    with pytest.raises(NoResultHeader):
        read_result("a.xlsx", tables)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("800", 800_00), ("800.00", 800_00), ("1,234,567.89", 1_234_567_89), ("800元", 800_00),
        ("￥800.5", 800_50), ("８００．００", 800_00), (" 800 ", 800_00), ("CNY 800.00", 800_00),
        (800, 800_00), (800.1, 800_10), (0.07, 7), ("0", 0), (0.0, 0), ("-", None), ("", None),
        (" ", None), ("800.000", 800_00),
    ],
)  # fmt: skip
def test_amounts(cell: Cell, fen: int | None) -> None:
    assert amount_fen(cell) == fen


@pytest.mark.parametrize(
    "cell",
    [
        "八百", "-800", -800.0, "800.005", 0.001, "1,23", "8.0E2", "1e5", True, float("nan"),
        float("inf"), "800/1", "9" * 16, "12.5.1",
    ],
)  # fmt: skip
def test_what_is_no_amount(cell: Cell) -> None:
    with pytest.raises(UnreadableAmount):
        amount_fen(cell)


@given(strategies.integers(0, 10**11))
def test_an_amount_is_read_as_it_was_written(fen: int) -> None:
    for cell in (plain(fen), grouped(fen), f"{plain(fen)}元", float(Decimal(fen) / 100)):
        assert amount_fen(cell) == fen


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ("张小三", True), ("张*三", True), ("张**", True), ("*小三", True), ("**三", True),
        ("张?三", True), ("张□三", True), ("张三", False), ("李*三", False), ("张*四", False),
        ("张小三*", False), ("*张小三", False), ("张小*三", False), ("*小*", True),
    ],
)  # fmt: skip
def test_masks_stand_for_characters_of_a_name(shown: str, fits: bool) -> None:
    assert name_fits(shown, "张小三") is fits


def test_no_name_or_account_is_in_what_is_logged() -> None:
    read = result(plain_row(payment(1)), plain_row(payment(2), amount="x"))
    for secret in (payment(1).account, payment(1).bank_name, payment(2).account):
        assert secret not in repr(read)


def test_states_are_the_ledgers() -> None:
    (row,) = result(plain_row(payment())).rows
    assert row.answer is not None
    assert row.answer.outcome is State.PAID
