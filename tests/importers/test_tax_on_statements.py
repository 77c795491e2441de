"""The tax office's debit on a statement clears what was withheld, where that is proven."""

from __future__ import annotations

import pytest

from ledger.base.money import plain
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import SUSPENSE
from tests.support.auditor import audit
from tests.support.bank_account import Account
from tests.support.bank_account import funded_account
from tests.support.bank_account import statement_taken
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office
from tests.support.pdf_text import by_pypdf
from tests.support.taxed_office import TAXED_RULES

OFFICE = "国家税务总局滕州市税务局"


@pytest.fixture
def account() -> Account:
    return funded_account()


@pytest.fixture
def paid(office: Office, account: Account) -> Office:
    """Six people of 2,080.00 each, five of them paid: 1,920.00 were withheld in November."""
    office.rule(TAXED_RULES)
    take_statement(office, account, name="首.csv")
    office.register(6)
    office.disburse()
    take_result(office, everyone(PAID, 1, 2, 3, 4, 5) | everyone(CLOSED, 6))
    account.move("2020-11-12", "-12480.00", "", "批量代发")
    return office


def owed(office: Office) -> str:
    return plain(-sum(change.amount_fen for change in office.books().flows.tax))


def sound(office: Office) -> None:
    assert office.check() == []
    found = audit(office.folder)
    assert found.status == 0, found.text


def test_the_tax_offices_debit_of_the_month_clears_it(paid: Office, account: Account) -> None:
    account.move("2020-12-10", "-1920.00", OFFICE, "实时扣税")
    assert statement_taken(paid, account)["suspense"] == 0
    assert owed(paid) == "0.00"
    assert INCOME_TAX in paid.events()[-1].read_text(encoding="utf-8")
    status = paid.status("2020-12-31")
    assert (status["cash"]["tax_due"], status["tax"]) == ("0.00", [])
    assert status["budget"]["spent"] == "14400.00"
    assert status["budget"]["paid"] == "12320.00", "the one who came back is owed 2,080.00"
    sound(paid)


@pytest.mark.parametrize(
    ("day", "amount", "who", "why"),
    [
        ("2020-12-10", "-1919.99", OFFICE, "实时扣税"),
        ("2020-12-10", "-1920.00", "某某印刷有限公司", "货款"),
        ("2020-11-30", "-1920.00", OFFICE, "实时扣税"),
    ],
    ids=["another amount", "nobody says tax", "the month is not over"],
)
def test_what_is_not_proven_waits_and_is_explained(
    paid: Office, account: Account, day: str, amount: str, who: str, why: str
) -> None:
    account.move(day, amount, who, why)
    assert statement_taken(paid, account)["suspense"] == 1
    assert SUSPENSE in paid.events()[-1].read_text(encoding="utf-8")
    (line,) = paid.status("2020-12-31")["suspense"]["unexplained"]
    explained = paid.run("explain", "--yes", line["line"], "个人所得税", "--date", "2020-12-31")
    assert explained.status == 0, explained.err
    assert owed(paid) == ("0.01" if amount == "-1919.99" else "0.00")
    sound(paid)


def test_the_same_amount_a_second_time_is_nobody_knows_what(paid: Office, account: Account) -> None:
    account.move("2020-12-10", "-1920.00", OFFICE, "实时扣税")
    account.move("2020-12-11", "-1920.00", OFFICE, "实时扣税")
    assert statement_taken(paid, account)["suspense"] == 1


def test_status_says_what_is_due_and_until_when(paid: Office, account: Account) -> None:
    statement_taken(paid, account)
    status = paid.status("2020-12-01")
    assert status["tax"] == [{"month": "2020-11", "due": "1920.00", "until": "2020-12-15"}]
    assert status["budget"]["paid"] == "10400.00", "five people; the tax is not paid"
    said = paid.run("status", "--date", "2020-12-01").out
    assert "1,920.00" in said
    assert "2020-12-15" in said


def test_what_was_cancelled_after_it_was_paid_is_in_hand_at_the_tax_office(
    paid: Office, account: Account
) -> None:
    account.move("2020-12-10", "-1920.00", OFFICE, "实时扣税")
    statement_taken(paid, account)
    cancelled = paid.run(
        "payees", "cancel", "P000006", "--reason", "不符合条件", "--date", "2020-12-20", "--yes"
    )
    assert cancelled.status == 0, cancelled.err
    assert owed(paid) == "-320.00"
    status = paid.status("2020-12-31")
    assert (status["cash"]["tax_due"], status["tax"]) == ("0.00", [])
    assert status["budget"]["spent"] == "12000.00"
    assert status["budget"]["paid"] == "12000.00"
    account.move("2021-01-05", "320.00", OFFICE, "退税")
    assert statement_taken(paid, account)["suspense"] == 1
    (line,) = paid.status("2021-01-31")["suspense"]["unexplained"]
    assert (
        paid.run("explain", "--yes", line["line"], INCOME_TAX, "--date", "2021-01-31").status == 0
    )
    assert owed(paid) == "0.00"
    sound(paid)


def test_the_monthly_report_has_the_tax_where_it_is_paid(paid: Office, account: Account) -> None:
    """Of 14,400.00 people have 10,400.00 in November; in December the tax office has 1,920.00."""
    account.move("2020-12-10", "-1920.00", OFFICE, "实时扣税")
    statement_taken(paid, account)
    november, december = (
        paid.run("report", "month", month, "--json").json["months"][0]
        for month in ("2020-11", "2020-12")
    )
    assert (november["paid_in_month"], november["paid"]) == ("10400.00", "10400.00")
    assert (december["paid_in_month"], december["paid"]) == ("1920.00", "12320.00")
    assert december["unpaid"] == "2080.00"
    text = "".join("".join(by_pypdf(paid.folder / november["path"])).split())
    assert "应缴个人所得税：1,920.00元" in text
    assert "2020年11月1,920.00元，2020年12月15日前申报缴纳" in text
