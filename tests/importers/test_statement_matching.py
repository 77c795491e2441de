"""What a statement line is: a batch's debit or refund, a person's, a rule's, or nobody knows."""

from __future__ import annotations

import pytest

from ledger.base.records import replace
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from tests.support.bank_account import Account
from tests.support.bank_account import funded_account
from tests.support.bank_account import statement_taken
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import rows_of
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office_and_model import of_other_bank

BATCH = "B2020-001"
OTHER = "01本级财政:30299"


@pytest.fixture
def account() -> Account:
    return funded_account()


@beginning
def sent(office: Office) -> Office:
    """Six people of the own bank and two of another are in B2020-001: two files."""
    take_statement(office, funded_account(), name="首.csv")
    office.register(6)
    office.register(2, town="370481101", change=of_other_bank)
    assert office.disburse().json["amount"] == "6400.00"
    return office


def in_transit(office: Office) -> dict[str, str]:
    """What statements have put into transit, and taken out of it, by batch."""
    sums: dict[str, int] = {}
    for line in office.books().history.lines.values():
        for batch, fen in line.batches:
            sums[batch] = sums.get(batch, 0) + fen
    return {batch: f"{fen / 100:.2f}" for batch, fen in sums.items()}


def test_the_debit_of_a_whole_batch_implies_its_submission(sent: Office, account: Account) -> None:
    assert sent.status()["batches"][0]["state"] == "prepared"
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    assert statement_taken(sent, account)["matched"] == 1
    assert in_transit(sent) == {BATCH: "6400.00"}
    assert sent.status()["batches"][0]["state"] == "submitted"
    assert sent.status()["cash"] == {
        "bank": "1213600.00", "promised": "0.00", "tax_due": "0.00", "available": "1213600.00",
        "in_transit": "6400.00",
    }  # fmt: skip
    assert sent.run("batch", "void", BATCH, "--yes").status == 1
    assert sent.check() == []


def test_a_debit_implies_the_submission_on_its_day(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    account.move("2020-11-30", "-5.00", "", "手续费")
    statement_taken(sent, account)
    for day, state in (("2020-11-11", "prepared"), ("2020-11-12", "submitted")):
        assert sent.status(day)["batches"][0]["state"] == state


def test_each_file_is_debited_alone(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-4800.00", "", "代发")
    account.move("2020-11-12", "-1600.00", "", "代发他行")
    assert statement_taken(sent, account)["matched"] == 2
    assert sent.status()["cash"]["promised"] == "0.00"
    assert sent.check() == []


def test_the_same_debit_twice_is_not_believed(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    account.move("2020-11-13", "-6400.00", "", "批量代发")
    file = statement_taken(sent, account)
    assert (file["matched"], file["suspense"]) == (1, 1)
    assert in_transit(sent) == {BATCH: "6400.00"}


def test_a_net_bank_debits_what_it_has_paid(sent: Office, account: Account) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 7, 8) | everyone(CLOSED, 6))
    account.move("2020-11-16", "-5600.00", "", "代发")
    assert statement_taken(sent, account)["matched"] == 1
    assert sent.status()["cash"]["in_transit"] == "0.00"
    assert sent.status()["cash"]["promised"] == "0.00"
    assert sent.check() == []


def test_a_bank_may_take_all_and_its_answer_come_in_before_its_statement(
    sent: Office, account: Account
) -> None:
    """It takes what it has said was returned too, file by file, and gives it back."""
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 7) | everyone(CLOSED, 5, 6, 8))
    account.move("2020-11-12", "-4800.00", "", "批量代发")
    account.move("2020-11-12", "-1600.00", "", "代发他行")
    account.move("2020-11-13", "-1600.00", "", "代发他行")
    account.move("2020-11-16", "2400.00", "", "代发退款")
    file = statement_taken(sent, account)
    assert (file["matched"], file["suspense"]) == (3, 1)
    assert in_transit(sent) == {BATCH: "4000.00"}
    assert sent.status()["cash"]["in_transit"] == sent.status()["cash"]["promised"] == "0.00"
    assert sent.check() == []


def test_a_net_bank_takes_nothing_for_a_file_that_came_back_whole(
    sent: Office, account: Account
) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 6) | everyone(CLOSED, 7, 8))
    account.move("2020-11-12", "-4800.00", "", "批量代发")
    account.move("2020-11-13", "-1600.00", "", "别的事")
    file = statement_taken(sent, account)
    assert (file["matched"], file["suspense"]) == (1, 1)


def test_a_net_debit_before_its_result_waits_and_is_suggested_later(
    sent: Office, account: Account
) -> None:
    account.move("2020-11-12", "-5600.00", "", "代发")
    file = statement_taken(sent, account)
    assert (file["suspense"], file["unexplained"][0]["candidates"]) == (1, [])
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 7, 8) | everyone(CLOSED, 6))
    (line,) = sent.status()["suspense"]["unexplained"]
    assert line["candidates"] == [BATCH]
    done = sent.run("explain", "--yes", line["line"], BATCH, "--date", "2020-11-20")
    assert done.status == 0, done.err
    assert sent.status()["suspense"] == {"lines": 0, "amount": "0.00", "unexplained": []}
    assert sent.status()["cash"]["in_transit"] == "0.00"
    assert sent.check() == []


@pytest.mark.parametrize("masked", [False, True])
def test_payments_are_debited_person_by_person(
    sent: Office, account: Account, masked: bool
) -> None:
    for row in rows_of(sent)[:3]:
        number = f"{row.account[:4]}****{row.account[-4:]}" if masked else row.account
        account.move("2020-11-12", "-800.00", row.bank_name, "代发", number)
    assert statement_taken(sent, account)["matched"] == 3
    lines = [line for line in sent.books().history.lines.values() if line.batches]
    assert [line.payee for line in lines] == ["P000001", "P000002", "P000003"]
    assert sent.status()["cash"]["promised"] == "4000.00"
    assert sent.check() == []


def test_two_people_whom_the_bank_masks_alike_are_not_guessed(
    office: Office, account: Account
) -> None:
    """They share their name and the last digits of their accounts; the batch is named once."""
    take_statement(office, account, name="首.csv")
    for middle in ("10", "20"):
        office.register(
            1,
            change=lambda payee, middle=middle: replace(  # type: ignore[misc]
                payee, legal_name="王伟", bank_name="王伟", account=f"6215{middle}1234"
            ),
        )
    assert office.disburse().json["amount"] == "1600.00"
    account.move("2020-11-12", "-800.00", "王伟", "代发", "6215****1234")
    file = statement_taken(office, account)
    assert (file["matched"], file["suspense"]) == (0, 1)
    assert file["unexplained"][0]["candidates"] == [BATCH]


def test_a_person_is_debited_once(sent: Office, account: Account) -> None:
    row = rows_of(sent)[0]
    for _twice in range(2):
        account.move("2020-11-12", "-800.00", row.bank_name, "代发", row.account)
    file = statement_taken(sent, account)
    assert (file["matched"], file["suspense"]) == (1, 1)


def test_another_name_on_the_account_is_nobody_of_ours(sent: Office, account: Account) -> None:
    row = rows_of(sent)[0]
    account.move("2020-11-12", "-800.00", "某外人", "转账", row.account)
    assert statement_taken(sent, account)["suspense"] == 1


def test_the_refund_of_what_came_back(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 7) | everyone(CLOSED, 5, 6, 8))
    account.move("2020-11-16", "1600.00", "", "代发退款")
    account.move("2020-11-17", "800.00", "", "代发他行退款")
    assert statement_taken(sent, account)["matched"] == 2
    assert sent.status()["cash"]["in_transit"] == "0.00"
    assert sent.check() == []


def test_the_refund_of_an_earlier_answer_comes_after_a_later_one(
    sent: Office, account: Account
) -> None:
    """The bank gives back what it returned first; of what it returned later nothing yet."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, 1, 2, 3, 7, 8) | everyone(CLOSED, 4, 5), name="一.csv")
    take_result(sent, everyone(FROZEN, 6), name="二.csv", on="2020-11-18")
    account.move("2020-11-16", "1600.00", "", "代发退款")
    assert statement_taken(sent, account)["matched"] == 1
    account.move("2020-11-19", "800.00", "", "代发退款")
    assert statement_taken(sent, account)["matched"] == 1
    assert sent.status()["cash"]["in_transit"] == "0.00"


def test_a_refund_of_all_answers_of_a_day_comes_after_a_later_one(
    sent: Office, account: Account
) -> None:
    """The bank answers for its own people and for those of others apart, and gives back at once."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, 1, 2) | everyone(CLOSED, 3, 4), name="本行.csv")
    take_result(sent, everyone(PAID, 7) | everyone(CLOSED, 8), name="他行.csv")
    take_result(sent, everyone(FROZEN, 6), name="后续一.csv", on="2020-11-18")
    take_result(sent, everyone(FROZEN, 5), name="后续二.csv", on="2020-11-19")
    for day, amount in (("16", "2400.00"), ("20", "1600.00")):
        account.move(f"2020-11-{day}", amount, "", "代发退款")
    assert statement_taken(sent, account)["matched"] == 2
    assert sent.status()["cash"]["in_transit"] == "0.00"
    assert sent.check() == []


def test_no_other_sum_of_what_came_back_is_a_refund(sent: Office, account: Account) -> None:
    """Four of five: the bank has told of one, of three and of five, in answers of one and two."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(CLOSED, 1), name="一.csv", on="2020-11-15")
    take_result(sent, everyone(CLOSED, 2, 7), name="二.csv", on="2020-11-16")
    take_result(sent, everyone(CLOSED, 3, 8), name="三.csv", on="2020-11-17")
    account.move("2020-11-18", "3200.00", "", "代发退款")
    assert statement_taken(sent, account)["suspense"] == 1


def test_the_same_refund_twice_is_not_believed(sent: Office, account: Account) -> None:
    """Something is to be given back still, but not so much."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, 1, 2, 3, 7, 8) | everyone(CLOSED, 4, 5), name="一.csv")
    take_result(sent, everyone(FROZEN, 6), name="二.csv", on="2020-11-15")
    account.move("2020-11-16", "1600.00", "", "代发退款")
    account.move("2020-11-17", "1600.00", "", "代发退款")
    file = statement_taken(sent, account)
    assert (file["matched"], file["suspense"]) == (1, 1)


def test_a_refund_before_the_result_waits(sent: Office, account: Account) -> None:
    """Nothing says yet that the money did not arrive."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    account.move("2020-11-13", "800.00", "", "代发退款")
    assert statement_taken(sent, account)["suspense"] == 1
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 7, 8) | everyone(CLOSED, 6))
    (line,) = sent.status()["suspense"]["unexplained"]
    assert line["candidates"] == [BATCH]


def test_a_late_return_comes_back_to_the_person(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, *range(1, 9)))
    row = rows_of(sent)[2]
    account.move("2020-11-20", "800.00", row.bank_name, "退汇", row.account)
    assert statement_taken(sent, account)["matched"] == 1
    assert sent.status()["cash"]["in_transit"] == "-800.00"
    assert sent.check() == []


@pytest.fixture
def twice_returned(sent: Office, account: Account) -> Office:
    """Two batches, each debited whole; of the first two came back, of the second one."""
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    statement_taken(sent, account)
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 7, 8) | everyone(CLOSED, 5) | everyone(FROZEN, 6))
    sent.register(2)
    correct(sent, "P000005")
    assert sent.disburse(on="2020-11-18").json["amount"] == "2400.00"
    account.move("2020-11-19", "-2400.00", "", "批量代发")
    statement_taken(sent, account)
    answers = everyone(PAID, 5, 9) | everyone(CLOSED, 10)
    take_result(sent, answers, batch="B2020-002", name="二.csv", on="2020-11-20")
    return sent


def test_a_lump_refund_is_split_over_its_batches(twice_returned: Office, account: Account) -> None:
    account.move("2020-11-21", "2400.00", "", "代发退款")
    assert statement_taken(twice_returned, account)["matched"] == 1
    assert in_transit(twice_returned) == {BATCH: "4800.00", "B2020-002": "1600.00"}
    assert twice_returned.status()["cash"]["in_transit"] == "0.00"
    assert twice_returned.check() == []


def third_batch(office: Office, account: Account, *answers: int) -> None:
    """B2020-003, debited whole, of which answers of the bank return so many people each."""
    office.register(sum(answers))
    assert office.disburse(on="2020-11-22").json["payees"] == sum(answers)
    account.move("2020-11-23", f"-{sum(answers) * 800}.00", "", "批量代发")
    statement_taken(office, account)
    person = 11
    for number, people in enumerate(answers):
        returned = everyone(CLOSED, *range(person, person + people))
        take_result(office, returned, batch="B2020-003", name=f"三{number}.csv", on="2020-11-24")
        person += people


def test_a_lump_refund_has_what_one_answer_of_a_batch_has_returned(
    twice_returned: Office, account: Account
) -> None:
    """The second answer for B2020-003 came in before the statement with the refund of the first."""
    third_batch(twice_returned, account, 1, 6)
    account.move("2020-11-24", "3200.00", "", "代发退款")
    assert statement_taken(twice_returned, account)["matched"] == 1
    assert in_transit(twice_returned) == {
        BATCH: "4800.00", "B2020-002": "1600.00", "B2020-003": "4800.00",
    }  # fmt: skip
    account.move("2020-11-26", "4800.00", "", "代发退款")
    assert statement_taken(twice_returned, account)["matched"] == 1
    assert twice_returned.status()["cash"]["in_transit"] == "0.00"
    assert twice_returned.check() == []


def test_two_ways_to_split_a_lump_are_not_guessed_and_each_can_be_typed(
    twice_returned: Office, account: Account
) -> None:
    """1,600 of B2020-001 and 1,600 of B2020-003, or 800 of B2020-002 and 2,400 of B2020-003."""
    office = twice_returned
    third_batch(office, account, 2, 3, 9)
    account.move("2020-11-24", "3200.00", "", "代发退款")
    statement_taken(office, account)
    (line,) = office.status()["suspense"]["unexplained"]
    ways = [f"{BATCH}=1600.00+B2020-003=1600.00", "B2020-002=800.00+B2020-003=2400.00"]
    assert line["candidates"] == [*ways]
    before = office.events()
    for wrong in (f"{BATCH}+B2020-003", f"{BATCH}=1600.00+B2020-003=800.00", f"{ways[0]}+", "B9+"):
        assert (
            office.run("explain", "--yes", line["line"], wrong, "--date", "2020-11-25").status == 1
        )
    assert office.events() == before
    done = office.run("explain", "--yes", line["line"], ways[1], "--date", "2020-11-25")
    assert done.status == 0, done.err
    assert in_transit(office) == {BATCH: "6400.00", "B2020-002": "1600.00", "B2020-003": "8800.00"}
    assert office.status()["suspense"]["lines"] == 0
    assert office.check() == []


def test_two_batches_that_fit_are_not_guessed(office: Office, account: Account) -> None:
    take_statement(office, account, name="首.csv")
    office.register(2)
    office.disburse()
    office.register(2)
    office.disburse(on="2020-11-11")
    account.move("2020-11-12", "-1600.00", "", "批量代发")
    file = statement_taken(office, account)
    assert file["suspense"] == 1
    assert file["unexplained"][0]["candidates"] == [BATCH, "B2020-002"]
    assert "B2020-001 or B2020-002" in office.run("status", "--date", "2020-12-31").out


def test_the_batch_that_the_bank_names_is_the_one(office: Office, account: Account) -> None:
    take_statement(office, account, name="首.csv")
    office.register(2)
    office.disburse()
    office.register(2)
    office.disburse(on="2020-11-11")
    account.move("2020-11-12", "-1600.00", "", "代发 B2020-002-本行-1.xlsx")
    assert statement_taken(office, account)["matched"] == 1
    assert in_transit(office) == {"B2020-002": "1600.00"}


def test_a_rule_and_a_batch_that_fit_are_not_guessed(sent: Office, account: Account) -> None:
    settings = sent.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").replace('at_most = "1000.00"\n', "")
    settings.write_text(text, encoding="utf-8", newline="\n")
    account.move("2020-11-12", "-6400.00", "", "代发手续费")
    file = statement_taken(sent, account)
    assert file["suspense"] == 1
    assert len(file["unexplained"][0]["candidates"]) == 2


def test_a_debit_before_its_batch_was_made_is_not_its(sent: Office, account: Account) -> None:
    account.move("2020-11-09", "-6400.00", "", "转账")
    assert statement_taken(sent, account)["suspense"] == 1


def test_the_debit_of_a_void_batch_is_an_error_until_it_is_explained(
    sent: Office, account: Account
) -> None:
    assert sent.run("batch", "void", BATCH, "--yes", "--date", "2020-11-11").status == 0
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    file = statement_taken(sent, account)
    assert (file["suspense"], file["unexplained"][0]["void_batch"]) == (1, BATCH)
    assert "void batch B2020-001" in file["facts"][0]
    (error,) = sent.check()
    assert error["code"] == "void_debit"
    assert sent.disburse(on="2020-11-13").status == 1
    assert sent.run("explain", "--yes", file["unexplained"][0]["line"], BATCH).status == 1
    account.move("2020-11-14", "6400.00", "", "冲正")
    (back,) = statement_taken(sent, account)["unexplained"]
    for line in (file["unexplained"][0], back):
        done = sent.run(
            "explain",
            "--yes",
            line["line"],
            OTHER,
            "--date",
            "2020-11-15",
            "--note",
            "银行误扣，已退回",
        )
        assert done.status == 0, done.err
    assert sent.check() == []
    assert sent.disburse(on="2020-11-16").status == 0


def test_a_debit_of_a_live_batch_is_not_that_of_a_void_one(sent: Office, account: Account) -> None:
    sent.run("batch", "void", BATCH, "--yes", "--date", "2020-11-11")
    sent.disburse(on="2020-11-11")
    account.move("2020-11-12", "-6400.00", "", "批量代发")
    assert statement_taken(sent, account)["matched"] == 1
    assert in_transit(sent) == {"B2020-002": "6400.00"}
    assert sent.check() == []


def test_suspense_is_flagged_in_the_books(sent: Office, account: Account) -> None:
    account.move("2020-11-12", "-66.00", "某店", "货款")
    statement_taken(sent, account)
    (line,) = [one for one in sent.books().history.lines.values() if one.suspense_fen]
    assert line.entry.flag == "!"
    assert {posting.account for posting in line.entry.postings} >= {SUSPENSE}
    assert TRANSIT not in {posting.account for posting in line.entry.postings}
