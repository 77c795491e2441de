"""What the monthly report says needs a decision, in the words that leaders read."""

from __future__ import annotations

import datetime

from ledger.base.records import replace
from ledger.figures.monthly_report import MonthlyReport
from ledger.model.months import read_month
from reports.monthly.document import statement_of
from reports.wording.open_matters import Item
from reports.wording.open_matters import open_matter_items
from tests.support.approving import RULES
from tests.support.approving import with_colleagues
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.statement_events import BankFeed


def unexplained(office: Office, *lines: tuple[str, str], before: int) -> None:
    """Lines of the bank's that nobody knows, on an account that had so many yuan."""
    account = Account(opening_fen=before * 100)
    for on, yuan in lines:
        account.move(on, yuan, "不明", "不明")
    assert take_statement(office, account).status == 0


def statement(office: Office, month: str) -> MonthlyReport:
    with office.registry() as registry:
        return statement_of(office.books(), registry, read_month(month))


def items(office: Office, month: str = "2020-11") -> dict[str, str]:
    """The details by the titles."""
    return {item.title: item.detail for item in every(office, month)}


def received_in_full(office: Office) -> None:
    office.receive(5_800_000)


def test_nobody_waits_and_all_money_is_there(office: Office) -> None:
    received_in_full(office)
    assert items(office) == {}


def test_the_money_does_not_reach_everybody(office: Office) -> None:
    """How many people and yuan are short, after those whom it still reaches."""
    office.receive(2_000)
    office.register(5)
    found = items(office)
    assert found["补助资金缺口：3 人、2,400.00 元"] == (
        "现有资金还可支付 2 人、1,600.00 元；其余不足以支付，须等资金到位、追加或调剂预算。"
    )
    assert found["预算资金未到位：5,798,000.00 元"] == (
        "本级财政 5,798,000.00 元（预算 5,800,000.00 元，已到位 2,000.00 元）。"
    )
    assert not any(title.startswith("可以发放") for title in found)


def test_money_that_reaches_everybody_may_be_paid_out(office: Office) -> None:
    received_in_full(office)
    office.register(5)
    assert items(office) == {"可以发放：5 人、4,000.00 元": "资金已经到位，可编制下一批次发放。"}


def test_returned_and_unknown_with_their_age_and_reasons(office: Office) -> None:
    received_in_full(office)
    office.register(6)
    office.disburse(on="2020-11-10")
    first = {**everyone(CLOSED, 1, 2), **everyone(FROZEN, 3), **everyone(PENDING, 4)}
    take_result(office, first, on="2020-11-20")
    take_result(office, everyone(PAID, 5, 6), on="2020-11-24", name="2.csv")
    found = items(office)
    assert found["银行退回待重发：3 人、2,400.00 元"] == (
        "最早自2020年11月20日起，已 10 天。退回原因：账户已销户 2 人、账户冻结或锁定 1 人。"
    )
    assert found["银行答复不明（待查）：1 人、800.00 元"] == (
        "最早自2020年11月20日起，已 10 天。查明之前不得重发，请督促银行书面答复。"
    )
    later = items(office, "2020-12")
    assert "已 41 天" in later["银行退回待重发：3 人、2,400.00 元"]


def test_a_bank_that_does_not_answer_is_a_matter_after_some_days(office: Office) -> None:
    received_in_full(office)
    office.register(2)
    office.disburse(on="2020-11-26")
    assert items(office) == {}
    detail = "最早自2020年11月26日起，已 35 天，请向银行催要回盘文件。"
    assert items(office, "2020-12") == {"代发尚无结果：2 人、1,600.00 元": detail}


def test_whoever_may_not_be_paid_is_named_by_reason(office: Office) -> None:
    """A second person on a block for which somebody has been paid."""
    received_in_full(office)
    (first, _second) = office.register(2)
    office.disburse(on="2020-11-10")
    take_result(office, everyone(PAID, 1, 2), on="2020-11-12")
    office.register(1, change=lambda payee: replace(payee, area=first.area, block=first.block))
    assert items(office)["暂缓发放：1 人"] == "该普查小区或普查区已发给他人（1 人）。"


def test_lines_that_nobody_has_explained(office: Office) -> None:
    received_in_full(office)
    unexplained(office, ("2020-11-05", "66.00"), ("2020-11-09", "-100.00"), before=5_800_000)
    assert items(office) == {
        "待核款项：2 笔，净支出 34.00 元": ("最早一笔为2020年11月5日，已 25 天，须查明用途后入账。")
    }


def test_a_line_that_is_used_up_asks_for_nothing_and_one_that_is_exceeded_does(
    office: Office,
) -> None:
    received_in_full(office)
    office.hand(f'2020-11-05 * "宾馆" "培训"\n  {TRAINING}  480000.00 CNY\n  {BANK}')
    assert items(office) == {}
    office.hand(f'2020-11-07 * "宾馆" "培训"\n  {TRAINING}  2000.01 CNY\n  {BANK}')
    assert items(office) == {"科目超预算：1 个": "本级财政培训费超 2,000.01 元，须调剂或追加预算。"}


def test_money_that_has_not_arrived_is_no_matter_while_nobody_waits_for_it(office: Office) -> None:
    office.receive(100_000)
    office.register(5)
    assert titles(office) == ["可以发放"]


def test_a_batch_that_nobody_has_approved_waits_for_it(office: Office) -> None:
    received_in_full(office)
    with_colleagues(office, RULES[1].replace("4000.00", "0.00"))
    office.register(2)
    office.disburse(on="2020-11-10")
    assert items(office)["待审批的批次：1 个"] == "B2020-001（2 人、1,600.00 元）待审核、审批。"


def test_money_that_stays_in_transit(office: Office) -> None:
    """Debited for a batch of which somebody came back, and not given back."""
    received_in_full(office)
    office.register(2)
    office.disburse(on="2020-11-10")
    feed = BankFeed(balance_fen=None)
    feed.move("2020-11-11", "-1600.00", "B2020-001")
    feed.enter(office)
    take_result(office, everyone(PAID, 1), on="2020-11-12")
    assert "代发在途不平" not in titles(office)
    take_result(office, everyone(CLOSED, 2), on="2020-11-13", name="2.csv")
    found = items(office)
    assert found["代发在途不平：800.00 元"] == (
        "各批次均已有结果，银行已扣款而未支付也未退回，须与银行核对。"
    )
    feed.move("2020-11-16", "800.00", "B2020-001")
    feed.enter(office)
    assert "代发在途不平" not in titles(office)


def test_the_order_is_that_of_urgency(office: Office) -> None:
    office.receive(2_000)
    office.register(5)
    unexplained(office, ("2020-11-05", "66.00"), before=2_000)
    assert titles(office) == ["补助资金缺口", "预算资金未到位", "待核款项"]


def every(office: Office, month: str = "2020-11") -> list[Item]:
    said = statement(office, month)
    return open_matter_items(said.open_matters, said.status)


def titles(office: Office) -> list[str]:
    return [item.title.partition("：")[0] for item in every(office)]


def test_ages_are_counted_to_the_months_end(office: Office) -> None:
    office.receive(800)
    office.register(1)
    office.disburse(on="2020-11-10")
    take_result(office, everyone(CLOSED, 1), on="2020-11-30")
    held = statement(office, "2020-11").open_matters.returned
    assert held.since == datetime.date(2020, 11, 30)
    assert any("已 0 天" in item.detail for item in every(office))
