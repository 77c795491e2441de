"""Results add up: accounts are summed, people are counted, and both say the same."""

from __future__ import annotations

from ledger.base.records import replace
from ledger.controls.balances import check_balances
from ledger.controls.balances import owed_by_accounts
from ledger.controls.balances import owed_by_people
from ledger.model.accounts import Place
from ledger.model.history import History
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import PayeeId
from ledger.model.transitions import State
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office

FUND = "01本级财政"
TOWN, OTHER = "370481001荆河街道", "370481101洪绪镇"


@beginning
def answered(funded: Office) -> Office:
    assert funded.disburse().status == 0
    answers = everyone(PAID, 1) | everyone(CLOSED, 2, 4) | everyone(PENDING, 5)
    assert take_result(funded, answers).status == 0
    return funded


def test_what_is_owed_by_batch_fund_and_town(answered: Office) -> None:
    history = answered.books().history
    owed = {key: fen for key, fen in owed_by_accounts(history).items() if fen}
    assert owed == {
        ("B2020-001", Place.AWAITED, FUND, TOWN): 800_00,
        ("B2020-001", Place.AWAITED, FUND, OTHER): 800_00,
        ("", Place.RETURNED, FUND, TOWN): 800_00,
        ("", Place.RETURNED, FUND, OTHER): 800_00,
        ("B2020-001", Place.QUERIED, FUND, OTHER): 800_00,
    }
    assert owed == owed_by_people(history)
    assert check_balances(history) == []


def test_an_account_that_does_not_agree_is_a_finding(answered: Office) -> None:
    """Somebody who would be paid by her state, and of whom the accounts know nothing."""
    history = answered.books().history
    payee = PayeeId("P000003")
    standings = history.standings_in(FIRST_STAGE)
    standing = standings[payee]._replace(state=State.PAID)
    other: History = replace(history, standings={FIRST_STAGE: {**standings, payee: standing}})
    (finding,) = check_balances(other)
    assert finding.code == "result"
    assert "holds 800.00; its people make 0.00" in finding.message
