"""Whose account: masks over the own number, and columns that do not say whose 户名 they have."""

from __future__ import annotations

import pytest

from importers.statements.account_numbers import is_of_account
from importers.statements.account_numbers import same_account
from importers.statements.refusals import SeveralAccounts
from tests.support.statement_tables import proven
from tests.support.statement_tables import read


@pytest.mark.parametrize(
    "masked",
    [
        *(
            "909010****567",
            "9090101234567",
            "****4567",
            "90901*",
            "909010XXXX567",
            "9090 10** **567",
        ),
        *("909010####567", "909010-1234567", "*********4567"),
    ],
)
def test_the_own_number_may_be_masked_on_another_page(masked: str) -> None:
    for first, second in ((masked, "9090101234567"), ("9090101234567", masked)):
        statement = read(f"""
            账号：{first} | 第1页
            日期       | 收入   | 支出   | 余额
            2020-11-12 |        | 800.00 | 200.00
            账号：{second} | 第2页
            日期       | 收入   | 支出   | 余额
            2020-11-13 | 100.00 |        | 300.00
        """)
        assert len(statement.lines) == 2
        assert statement.number == first.replace(" ", "")


@pytest.mark.parametrize("other", ["909010****568", "9090101234568", "****4568", "90902*", "909"])
def test_a_number_that_cannot_be_the_same_is_another_account(other: str) -> None:
    with pytest.raises(SeveralAccounts, match="row 4"):
        read(f"""
            账号：9090101234567
            日期       | 收入   | 支出   | 余额
            2020-11-12 |        | 800.00 | 200.00
            账号：{other} |
            2020-11-13 | 100.00 |        | 300.00
        """)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("909010****567", "9090****567", True),
        ("909010****567", "****4567", True),
        ("909010****567", "9091****567", False),
        ("62*1", "6211", True),
        ("6211****6211", "6211", False),
    ],
)
def test_two_masks_may_be_of_one_number(one: str, other: str, same: bool) -> None:
    assert same_account(one, other) is same
    assert same_account(other, one) is same


@pytest.mark.parametrize(
    ("shown", "ending", "fits"),
    [
        ("", "4567", True),
        ("9090101234567", "4567", True),
        ("4567", "9090101234567", True),
        ("909010****567", "9090101234567", True),
        ("909010****567", "4567", True),
        ("909010****567", "4568", False),
        ("909011****567", "9090101234567", False),
        ("90901012345**", "9090101234567", True),
        ("90-90101234567", "4567", True),
        ("9090101234568", "4567", False),
    ],
)
def test_the_settings_give_the_number_or_its_end(shown: str, ending: str, fits: bool) -> None:
    assert is_of_account(shown, ending) is fits


OTHERS = """
    {title}
    日期       | 收支 | 金额   | 余额   | {name}     | {account}       | 用途
    2020-11-12 | 支   | 800.00 | 200.00 | 张三       | 6217384614047992 | 办公用品
    2020-11-13 | 收   | 100.00 | 300.00 | 滕州财政局 | 37050100990500   | 拨款
"""


@pytest.mark.parametrize(
    ("name", "account"),
    [
        *(
            ("户名", "账号"),
            ("账户名称", "账户号"),
            ("账户名", "卡号"),
            ("名称", "账号"),
            ("户名", "帐号"),
        ),
        *(("账户户名", "账号/卡号"), ("姓名", "卡号")),
    ],
)
@pytest.mark.parametrize("title", ["", "本方账号：9090101234567001"])
def test_names_and_numbers_that_change_are_the_other_sides(
    name: str, account: str, title: str
) -> None:
    statement = proven(OTHERS.format(name=name, account=account, title=title))
    found = [(line.counterparty, line.account) for line in statement.lines]
    assert found == [("张三", "6217384614047992"), ("滕州财政局", "37050100990500")]
    assert statement.number == title.partition("：")[2]


def test_one_line_is_the_other_sides_when_the_title_has_another_number() -> None:
    table = OTHERS.rsplit("\n", 2)[0]
    (line,) = read(table.format(name="户名", account="账号", title="账号：9090101234567001")).lines
    assert (line.counterparty, line.account) == ("张三", "6217384614047992")
    own = read(table.format(name="户名", account="账号", title=""))
    assert (own.number, own.lines[0].counterparty) == ("6217384614047992", "")


@pytest.mark.parametrize(
    ("name", "account", "other"),
    [
        ("本方户名", "本方账号", "用途"),
        ("户名", "本方账号", "用途"),
        ("渠道", "账号", "用途"),
        ("户名", "账号", "对方户名"),
        ("户名", "账号", "付款人名称"),
    ],
)
def test_numbers_that_change_under_another_heading_are_several_accounts(
    name: str, account: str, other: str
) -> None:
    table = OTHERS.replace("用途", other)
    with pytest.raises(SeveralAccounts):
        read(table.format(name=name, account=account, title=""))


def test_without_balances_nothing_proves_that_the_rows_are_of_one_account() -> None:
    with pytest.raises(SeveralAccounts):
        read(OTHERS.format(name="户名", account="账号", title="").replace("余额", "网点"))


def titled(*titles: str) -> str:
    lines = [
        "日期 | 收入 | 支出 | 余额",
        "2020-11-12 | | 800.00 | 200.00",
        "2020-11-13 | 100.00 | | 300.00",
    ]
    return "\n".join([*titles, *lines])


@pytest.mark.parametrize("label", ["账号", "卡号", "账户号", "本方账号"])
def test_titles_that_name_two_accounts_are_of_neither(label: str) -> None:
    with pytest.raises(SeveralAccounts, match="row 2"):
        read(titled(f"{label}：9090101234567", f"{label}：8123456789012"))


def test_an_account_may_have_a_card() -> None:
    statement = read(titled("账号：9090101234567 | 卡号：6215210000000011", "账号：909010****567"))
    assert statement.number == "9090101234567"
