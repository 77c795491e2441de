"""The monthly report's figures: as bean-query counts them, and as ``status`` says them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import SENT_BACK
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.monthly_agreement import last_day
from tests.support.monthly_agreement import printed
from tests.support.monthly_agreement import require_as_queried
from tests.support.monthly_agreement import require_as_status
from tests.support.monthly_agreement import year_gone
from tests.support.monthly_by_query import Queries
from tests.support.office import BANK
from tests.support.office import GRANT
from tests.support.office import TRAINING
from tests.support.office import Office

FUND = "Expenses:5001业务活动费用:01本级财政"
SECOND = "Expenses:5001业务活动费用:02上级补助:30226劳务费"
PRINTING = f"{FUND}:30202印刷费"


@beginning
def two_years(office: Office) -> Office:
    """Two funds, a transfer, returns and unknown answers, expenses by hand, into a second year."""
    office.receive(4_000)
    office.rule(f'2020-08-01 custom "census-budget" {SECOND} 8000.00 CNY "supplement"')
    for account, change in ((PRINTING, "-500.50"), (TRAINING, "500.50")):
        office.rule(
            f'2020-09-01 custom "census-budget" {account} {change} CNY "transfer"\n'
            '  document: "滕财预〔2020〕18号"'
        )
    office.rule(f'2021-01-05 custom "census-budget" {TRAINING} 1000.00 CNY "supplement"')
    office.hand(f'2020-09-03 * "宾馆" "培训"\n  {TRAINING}  812.34 CNY\n  {BANK}')
    office.receive(8_000, on="2020-10-08", income=GRANT)
    office.register(8)
    office.disburse(on="2020-11-10")
    take_result(
        office,
        {**everyone(PAID, 1, 2, 3), **everyone(CLOSED, 4), **everyone(PENDING, 5)},
        on="2020-11-20",
    )
    take_result(
        office, {**everyone(PAID, 5, 6), **everyone(SENT_BACK, 1)}, on="2021-01-15", name="2.csv"
    )
    office.hand(f'2021-01-20 * "印刷厂" "表册"\n  {PRINTING}  66.06 CNY\n  {BANK}')
    assert office.check() == []
    return office


@pytest.mark.parametrize(
    "month", ["2020-05", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02"]
)
def test_every_figure_is_that_of_bean_query(two_years: Office, month: str) -> None:
    assert two_years.run("report", "month", month).status == 0
    year, number = map(int, month.split("-"))
    expected = Queries(two_years.folder).month(year, number)
    require_as_queried(printed(two_years.folder, month), expected, year_gone(month))


@pytest.mark.parametrize("month", ["2020-10", "2020-11", "2020-12", "2021-01"])
def test_it_says_what_status_says_of_the_months_end(two_years: Office, month: str) -> None:
    assert two_years.run("report", "month", month).status == 0
    require_as_status(two_years.status(last_day(month)), printed(two_years.folder, month))


def test_payables_by_hand_stand_in_a_line_of_their_own(two_years: Office) -> None:
    """Paid for a fund and charged to no line: the fund's sum is still what status says."""
    account = "Liabilities:2307其他应付款:09其他:01本级财政:01押金"
    two_years.hand(f"2020-01-01 open {account} CNY")
    two_years.hand(f'2020-12-20 * "退押金"\n  {account}  30.00 CNY\n  {BANK}')
    answer = two_years.run("report", "month", "2020-12")
    assert answer.status == 0, answer
    paper = printed(two_years.folder, "2020-12")
    (_sums, rows), *_others = paper.funds
    zero = Decimal(0)
    paid = Decimal("30.00")
    assert rows["2307"].amounts == [zero, zero, paid, paid, paid, -paid, zero]
    status = two_years.status("2020-12-31")
    assert str(paper.headline["已支付"][0]) == status["budget"]["paid"]
    assert paper.sum_of("支付") is None


def test_contracts_have_a_column_while_they_are_not_paid(two_years: Office) -> None:
    two_years.rule(f'2020-06-01 custom "census-commitment" "C-1" {PRINTING} 120.00 CNY')
    assert two_years.run("report", "month", "2020-11").status == 0
    paper = printed(two_years.folder, "2020-11")
    assert paper.headline["合同占用"] == (Decimal("120.00"), "0.01")
    assert paper.headline["结余（预算指标）"][1] == "580.07"
    *_funds, (whole, _none) = paper.funds
    remaining = whole.amounts[-1]
    assert whole.amounts[-2] == Decimal("120.00")
    assert str(remaining) == two_years.status("2020-11-30")["budget"]["remaining"]


def test_what_is_entered_later_changes_nothing(two_years: Office) -> None:
    """Neither money nor people nor rules of a later day; the same books give the same bytes."""
    path = two_years.folder / "reports" / "2020-11-经费预算执行情况月报.pdf"
    assert two_years.run("report", "month", "2020-11").status == 0
    first = path.read_bytes()
    two_years.hand(f'2020-12-03 * "宾馆" "培训"\n  {TRAINING}  99.00 CNY\n  {BANK}')
    two_years.rule(f'2020-12-01 custom "census-budget" {SECOND} 800.00 CNY "supplement"')
    take_result(two_years, everyone(PAID, 7), on="2020-12-09", name="3.csv")
    assert two_years.run("report", "month", "2020-11").status == 0
    assert path.read_bytes() == first


def test_what_is_entered_into_the_month_changes_figures_and_digest(two_years: Office) -> None:
    digests = set()
    for yuan in ("1.00", "2.00"):
        two_years.hand(f'2020-11-30 * "宾馆" "培训"\n  {TRAINING}  {yuan} CNY\n  {BANK}')
        (month,) = two_years.run("report", "month", "2020-11", "--json").json["months"]
        digests.add((month["digest"], month["paid"]))
    assert len({digest for digest, _paid in digests}) == len({paid for _d, paid in digests}) == 2


def test_an_entry_by_hand_that_moves_to_another_line_of_its_file_changes_nothing(
    two_years: Office,
) -> None:
    path = two_years.folder / "reports" / "2020-11-经费预算执行情况月报.pdf"
    assert two_years.run("report", "month", "2020-11").status == 0
    first = path.read_bytes()
    hand = two_years.folder / "journal" / "hand.beancount"
    hand.write_text(f"\n\n{hand.read_text(encoding='utf-8')}", encoding="utf-8", newline="\n")
    assert two_years.run("report", "month", "2020-11").status == 0
    assert path.read_bytes() == first
