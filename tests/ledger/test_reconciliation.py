"""The bank reconciliation: the books and the bank on a day, and everything that lies between."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from ledger.bank.reconciliation import NoStatement
from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import reconciliation
from ledger.bank.reconciliation import sum_fen
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import day
from tests.support.statement_events import BankFeed

INTEREST = "Income:4604利息收入"
TITLE = "银行存款余额调节表"


@pytest.fixture
def bank(office: Office) -> BankFeed:
    """The office's bank, which has received the advance on 8 May; books and bank agree."""
    feed = BankFeed()
    feed.move("2020-05-08", "1220000.00", APPROPRIATION, who="滕州市财政局", text="普查经费")
    feed.enter(office)
    return feed


def spend(office: Office, on: str, yuan: str, text: str = "培训费") -> int:
    """An entry by hand of money that was paid out, or received when ``yuan`` is below zero."""
    paper = '  document: "退款单"\n' if yuan.startswith("-") else ""
    postings = f"  {TRAINING}  {yuan} CNY\n  {BANK}  -{yuan} CNY".replace("--", "")
    return office.hand(f'{on} * "某某宾馆" "{text}"\n{paper}{postings}')


def as_of(office: Office, on: str) -> Reconciliation:
    return reconciliation(office.books(), day(on))


def report(office: Office, on: str = "2020-12-31") -> Any:
    answer = office.run("report", "reconciliation", "--date", on, "--json")
    assert answer.status == 0, answer.err
    return answer.json


def reported(office: Office, on: str = "2020-12-31") -> Answer:
    return office.run("report", "reconciliation", "--date", on)


def pdf(office: Office, on: str) -> Path:
    return office.folder / "reports" / f"{on}-{TITLE}.pdf"


def test_books_and_bank_that_agree_have_nothing_between(office: Office, bank: BankFeed) -> None:
    answer = report(office, "2020-05-08")
    assert answer == {
        "as_of": "2020-05-08",
        "books": "1220000.00",
        "suspense": "0.00",
        "bank": "1220000.00",
        "bank_is_computed": False,
        "bank_as_of": "2020-05-08",
        "bank_received": [],
        "bank_paid": [],
        "unit_received": [],
        "unit_paid": [],
        "adjusted_books": "1220000.00",
        "adjusted_bank": "1220000.00",
        "difference": "0.00",
        "in_transit": [],
        "path": f"reports/2020-05-08-{TITLE}.pdf",
        "pages": 1,
    }
    assert pdf(office, "2020-05-08").is_file()


def test_what_nobody_has_explained_is_taken_out_and_added_again(
    office: Office, bank: BankFeed
) -> None:
    bank.move("2020-06-01", "500.00", who="某某公司", text="退款 卡号6215210000012345")
    bank.move("2020-06-02", "-66.00", who="某某商店", text="货款")
    received, paid = bank.enter(office)
    answer = report(office)
    assert answer["bank_received"] == [
        {
            "line": received,
            "date": "2020-06-01",
            "amount": "500.00",
            "counterparty": "某某公司",
            "text": "退款 卡号****2345",
            "by_hand": None,
        }
    ]
    (item,) = answer["bank_paid"]
    assert (item["line"], item["amount"], item["text"]) == (paid, "66.00", "货款")
    # Above zero what went out, as in the status.
    assert answer["suspense"] == "-434.00" == office.status()["suspense"]["amount"]
    assert (answer["books"], answer["bank"]) == ("1220434.00", "1220434.00")
    assert as_of(office, "2020-12-31").confirmed_fen == 1_220_000_00
    assert (answer["adjusted_books"], answer["adjusted_bank"]) == ("1220434.00", "1220434.00")


def test_a_line_is_an_item_until_the_day_on_which_it_was_explained(
    office: Office, bank: BankFeed
) -> None:
    bank.move("2020-06-02", "-66.00")
    (line,) = bank.enter(office)
    assert office.run("explain", "--yes", line, TRAINING, "--date", "2020-06-10").status == 0
    before, after = as_of(office, "2020-06-09"), as_of(office, "2020-06-10")
    assert [item.line for item in before.bank_paid] == [line]
    assert (before.unexplained, before.suspense_fen) == (1, 66_00)
    assert (after.bank_paid, after.unexplained, after.suspense_fen) == ((), 0, 0)
    assert before.difference_fen == after.difference_fen == 0


def test_an_entry_by_hand_is_on_its_way_until_its_line(office: Office, bank: BankFeed) -> None:
    begin = spend(office, "2020-12-30", "2000.50", "支票 00012345678")
    received = spend(office, "2020-12-31", "-88.00")
    bank.move("2021-01-04", "-2000.50", by_hand="2020-12-30")
    bank.enter(office)
    answer = report(office, "2020-12-31")
    assert answer["unit_paid"] == [
        {
            "date": "2020-12-30",
            "amount": "2000.50",
            "text": "某某宾馆 支票 ****5678",
            "file": "journal/hand.beancount",
            "line": begin,
        }
    ]
    (item,) = answer["unit_received"]
    assert (item["amount"], item["line"]) == ("88.00", received)
    assert (answer["books"], answer["bank"]) == ("1218087.50", "1220000.00")
    assert (answer["adjusted_books"], answer["adjusted_bank"]) == ("1218087.50", "1218087.50")
    after = as_of(office, "2021-01-04")
    assert (after.unit_paid, sum_fen(after.unit_received)) == ((), 88_00)
    assert after.difference_fen == 0


def test_what_was_entered_before_the_first_line_is_in_its_opening(office: Office) -> None:
    spend(office, "2020-04-01", "-700.00")
    feed = BankFeed(700_00)
    feed.move("2020-05-08", "1.00", INTEREST)
    feed.enter(office)
    record = as_of(office, "2020-12-31")
    assert (record.unit_received, record.unit_paid) == ((), ())
    assert (record.bank_opening_fen, record.books_opening_fen) == (700_00, 700_00)
    assert record.difference_fen == 0


def test_a_cheque_older_than_the_first_line_was_on_its_way_when_a_later_line_shows_it(
    office: Office,
) -> None:
    spend(office, "2020-04-01", "-700.00")
    spend(office, "2020-05-07", "100.00")
    feed = BankFeed(700_00)
    feed.move("2020-05-08", "1.00", INTEREST)
    feed.move("2020-05-20", "-100.00", by_hand="2020-05-07")
    feed.enter(office)
    between = as_of(office, "2020-05-10")
    assert [item.amount_fen for item in between.unit_paid] == [100_00]
    assert between.difference_fen == 0
    after = as_of(office, "2020-05-20")
    assert (after.unit_paid, after.difference_fen) == ((), 0)


def test_a_line_whose_entry_by_hand_comes_later_is_an_item_outside_suspense(
    office: Office, bank: BankFeed
) -> None:
    spend(office, "2020-12-02", "120.00")
    bank.move("2020-11-30", "-120.00", by_hand="2020-12-02")
    bank.enter(office)
    before = as_of(office, "2020-11-30")
    (item,) = before.bank_paid
    assert (item.amount_fen, item.by_hand) == (120_00, day("2020-12-02"))
    assert (before.unexplained, before.suspense_fen, before.difference_fen) == (0, 0, 0)
    after = as_of(office, "2020-12-02")
    assert (after.bank_paid, after.difference_fen) == ((), 0)


def test_an_entry_by_hand_that_was_changed_after_its_line_shows_on_both_sides(
    office: Office, bank: BankFeed
) -> None:
    spend(office, "2020-12-02", "120.00")
    bank.move("2020-12-03", "-120.00", by_hand="2020-12-02")
    bank.enter(office)
    journal = office.folder / "journal" / "hand.beancount"
    text = journal.read_text(encoding="utf-8").replace("120.00", "1200.00")
    journal.write_text(text, encoding="utf-8", newline="\n")
    record = as_of(office, "2020-12-31")
    assert [item.amount_fen for item in record.bank_paid] == [120_00]
    assert [item.amount_fen for item in record.unit_paid] == [1200_00]
    assert record.difference_fen == 0


def test_two_equal_entries_of_a_day_and_one_line(office: Office, bank: BankFeed) -> None:
    spend(office, "2020-12-02", "120.00")
    spend(office, "2020-12-02", "120.00")
    bank.move("2020-12-03", "-120.00", by_hand="2020-12-02")
    bank.enter(office)
    record = as_of(office, "2020-12-31")
    assert [item.amount_fen for item in record.unit_paid] == [120_00]
    assert (record.bank_paid, record.difference_fen) == ((), 0)


def test_money_between_two_own_accounts_of_the_bank_is_no_item(
    office: Office, bank: BankFeed
) -> None:
    office.hand(f'2020-12-02 * "更正" "一进一出"\n  {BANK}  5.00 CNY\n  {BANK}  -5.00 CNY')
    assert report(office)["unit_paid"] == []


def test_every_day_of_a_story_agrees(office: Office, bank: BankFeed) -> None:
    spend(office, "2020-06-01", "10.00")
    spend(office, "2020-06-09", "20.00")
    spend(office, "2020-06-09", "-40.00")
    spend(office, "2020-06-28", "80.00")
    bank.move("2020-06-03", "-10.00", by_hand="2020-06-01")
    bank.move("2020-06-08", "-20.00", by_hand="2020-06-09")
    bank.move("2020-06-10", "160.00")
    bank.move("2020-06-12", "-320.00")
    bank.move("2020-06-12", "0.64", INTEREST)
    first, second, third, fourth, _interest = bank.enter(office)
    bank.move("2020-06-20", "40.00", by_hand="2020-06-09")
    bank.enter(office)
    assert office.run("explain", "--yes", fourth, TRAINING, "--date", "2020-06-15").status == 0
    books = office.books()
    seen = set()
    for number in range(1, 31):
        record = reconciliation(books, datetime.date(2020, 6, number))
        assert record.difference_fen == 0
        assert record.bank_fen is not None
        on_its_way_fen = sum_fen(record.unit_received) - sum_fen(record.unit_paid)
        not_yet_entered_fen = sum(
            item.amount_fen for item in record.bank_paid if item.by_hand is not None
        )
        assert record.books_fen == record.bank_fen + on_its_way_fen + not_yet_entered_fen
        seen |= {item.line for item in (*record.bank_received, *record.bank_paid)}
    assert seen == {second, third, fourth}
    assert first not in seen


def test_a_difference_is_said_in_words_and_printed_all_the_same(
    office: Office, bank: BankFeed
) -> None:
    spend(office, "2020-04-01", "-1000.00")
    answer = reported(office)
    assert answer.status == 1
    assert "the books have 1,000.00 more than the bank" in answer.err
    assert (
        "Before the first statement line, of 2020-05-08, the bank had 0.00 and the books 1,000.00"
    ) in answer.err
    assert " Difference of the adjusted balances             1,000.00" in answer.out
    assert pdf(office, "2020-12-31").is_file()
    as_json = office.run("report", "reconciliation", "--date", "2020-12-31", "--json")
    assert (as_json.status, as_json.json["difference"]) == (1, "1000.00")
    assert as_json.json["pages"] == 1


def test_less_in_the_books_than_in_the_bank(office: Office) -> None:
    feed = BankFeed(5_00)
    feed.move("2020-05-08", "1.00", INTEREST)
    feed.enter(office)
    answer = reported(office)
    assert answer.status == 1
    assert "the books have 5.00 less than the bank" in answer.err


def test_statements_without_balances_leave_the_bank_unknown(office: Office) -> None:
    feed = BankFeed(None)
    feed.move("2020-05-08", "100.00", INTEREST)
    feed.enter(office)
    spend(office, "2020-05-09", "30.00")
    answer = office.run("report", "reconciliation", "--date", "2020-12-31", "--json")
    assert answer.status == 1
    assert (answer.json["bank"], answer.json["adjusted_bank"], answer.json["difference"]) == (
        None, None, None,
    )  # fmt: skip
    assert "ask the bank for its balance of 2020-12-31. It is 100.00 when nothing is wrong" in (
        answer.err
    )
    assert pdf(office, "2020-12-31").is_file()
    shown = reported(office).out
    assert "adjusted balance of the books" in shown
    assert "adjusted balance of the bank" not in shown


def test_a_last_line_without_balance_is_computed_and_said_to_be(
    office: Office, bank: BankFeed
) -> None:
    bank.balance_fen = None
    bank.move("2020-06-01", "3.00", INTEREST)
    bank.enter(office)
    answer = reported(office)
    assert answer.status == 0
    assert "is computed from the one before" in answer.err
    answer = report(office)
    assert (answer["bank"], answer["bank_is_computed"]) == ("1220003.00", True)


def test_without_a_statement_there_is_nothing_to_compare(office: Office) -> None:
    answer = reported(office)
    assert answer.status == 1
    assert "no statement of the bank was imported by 2020-12-31" in answer.err
    assert answer.out == ""
    assert not pdf(office, "2020-12-31").exists()


def test_a_day_before_the_first_line_is_refused(office: Office, bank: BankFeed) -> None:
    with pytest.raises(NoStatement, match=r"the first line is of 2020-05-08"):
        as_of(office, "2020-05-07")
    assert reported(office, "2020-05-07").status == 1
    assert not pdf(office, "2020-05-07").exists()


def test_it_says_how_far_the_statements_reach(office: Office, bank: BankFeed) -> None:
    warning = "The statements reach to 2020-05-08"
    assert warning in reported(office, "2020-05-31").err
    assert report(office, "2020-05-31")["bank_as_of"] == "2020-05-08"
    # A line of June shows that nothing has happened in the rest of May.
    bank.move("2020-06-20", "1.00", INTEREST)
    bank.enter(office)
    assert reported(office, "2020-05-31").err == ""
    answer = report(office, "2020-05-31")
    assert (answer["bank_as_of"], answer["bank"]) == ("2020-05-31", "1220000.00")


def test_money_on_its_way_stands_by_batch(office: Office, bank: BankFeed) -> None:
    office.register(6)
    office.disburse(on="2020-11-10")
    assert report(office, "2020-11-10")["in_transit"] == [
        {"batch": "B2020-001", "held": "0.00", "promised": "4800.00"}
    ]
    bank.move("2020-11-12", "-4800.00", "B2020-001", text="代发")
    bank.enter(office)
    answers = everyone(PAID, 1, 2, 3) | everyone(CLOSED, 4)
    assert take_result(office, answers, on="2020-11-15").status == 0
    bank.move("2020-11-16", "800.00", "B2020-001", text="代发退款")
    bank.enter(office)
    books = office.books()
    held = {}
    for on in ("2020-11-12", "2020-11-15", "2020-11-16"):
        (batch,) = reconciliation(books, day(on)).in_transit
        held[on] = (batch.held_fen, batch.promised_fen)
    assert held == {
        "2020-11-12": (4800_00, 0),
        "2020-11-15": (2400_00, 0),
        "2020-11-16": (1600_00, 0),
    }
    answers = everyone(PAID, 5, 6)
    assert take_result(office, answers, on="2020-11-20", name="二.csv").status == 0
    assert report(office)["in_transit"] == []


def test_payments_that_the_bank_has_confirmed_and_not_debited(
    office: Office, bank: BankFeed
) -> None:
    office.register(2)
    office.disburse(on="2020-11-10")
    assert take_result(office, everyone(PAID, 1), on="2020-11-15").status == 0
    assert report(office)["in_transit"] == [
        {"batch": "B2020-001", "held": "-800.00", "promised": "1600.00"}
    ]


def test_facts_that_the_statement_revealed_do_not_keep_it_from_being_made(
    office: Office, bank: BankFeed
) -> None:
    bank.move("2020-06-01", "-1220001.00")
    bank.enter(office)
    assert {error["code"] for error in office.check()} == {"bank_below_zero"}
    assert report(office)["books"] == "-1.00"


def test_books_with_errors_are_refused(office: Office, bank: BankFeed) -> None:
    office.hand("2020-06-01 open Assets:没有编码")
    answer = reported(office)
    assert answer.status == 1
    assert "the books have" in answer.err


def test_the_terminal_shows_both_sides_and_the_items(office: Office, bank: BankFeed) -> None:
    bank.move("2020-06-02", "-66.00", who="某某商店", text="货款")
    (line,) = bank.enter(office)
    begin = spend(office, "2020-06-03", "30.00")
    answer = reported(office)
    assert answer.status == 0
    lines = [" ".join(text.split()) for text in answer.out.splitlines()]
    for expected in (
        "Bank account by the books (1002) 1,219,904.00",
        "+ balance of suspense, not explained yet 66.00",
        "= confirmed by the office 1,219,970.00",
        "- paid by the bank, not by the office 66.00",
        "= adjusted balance of the books 1,219,904.00",
        "Balance of the bank, 2020-06-02 1,219,934.00",
        "- paid by the office, not by the bank 30.00",
        "= adjusted balance of the bank 1,219,904.00",
        f"paid by the bank, not by the office 2020-06-02 66.00 {line} 某某商店 货款",
        f"paid by the office, not by the bank 2020-06-03 30.00 journal/hand.beancount:{begin}"
        " 某某宾馆 培训费",
        f"{pdf(office, '2020-12-31')}: 1 page(s).",
    ):
        assert expected in lines
    assert "1 statement line awaits an explanation" in answer.err


def test_the_same_books_give_the_same_bytes(office: Office, bank: BankFeed) -> None:
    bank.move("2020-06-02", "-66.00")
    bank.enter(office)
    report(office)
    kept = shutil.copy(pdf(office, "2020-12-31"), office.folder.parent)
    report(office)
    assert pdf(office, "2020-12-31").read_bytes() == Path(kept).read_bytes()
