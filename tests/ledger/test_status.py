"""``status``: one source of figures, on any day."""

from __future__ import annotations

from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office


def test_it_says_what_was_on_a_day(funded: Office) -> None:
    """What is entered later does not change what was."""
    funded.disburse(on="2020-11-10")
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    before, prepared, submitted = map(funded.status, ("2020-11-09", "2020-11-10", "2020-11-11"))
    assert before["batches"] == []
    assert before["payees"]["due"] == 6
    assert before["cash"] == {
        "bank": "1220000.00", "promised": "0.00", "tax_due": "0.00", "available": "1220000.00",
        "in_transit": "0.00",
    }  # fmt: skip
    assert prepared["batches"][0]["state"] == "prepared"
    assert prepared["cash"] == {
        "bank": "1220000.00", "promised": "4800.00", "tax_due": "0.00", "available": "1215200.00",
        "in_transit": "0.00",
    }  # fmt: skip
    assert submitted["batches"][0]["state"] == "submitted"
    assert funded.status("2020-05-07")["budget"]["received"] == "0.00"


def test_accrued_is_not_yet_paid(funded: Office) -> None:
    funded.hand(f'2020-06-01 * "培训费"\n  {TRAINING}  300.00 CNY\n  {BANK}  -300.00 CNY')
    funded.disburse()
    status = funded.status()
    assert (status["budget"]["spent"], status["budget"]["paid"]) == ("5100.00", "300.00")
    (fund, _second) = status["funds"]
    assert (fund["spent"], fund["paid"], fund["available"]) == ("5100.00", "300.00", "1214900.00")
    lines = {line["code"]: (line["spent"], line["paid"]) for line in status["lines"]}
    assert lines["30226"] == ("4800.00", "0.00")
    assert lines["30216"] == ("300.00", "300.00")


def test_people_add_up_in_every_town(funded: Office) -> None:
    funded.disburse("--town", "370481001")
    status = funded.status()
    states = ("due", "in_bank", "paid", "returned", "unknown")
    for counts in (status["payees"], *status["towns"]):
        assert counts["registered"] == sum(counts[state] for state in states)
    assert [(t["code"], t["due"], t["in_bank"]) for t in status["towns"] if t["registered"]] == [
        ("370481001", 0, 3),
        ("370481101", 3, 0),
    ]


def test_the_tables_say_the_same_as_the_json(funded: Office) -> None:
    funded.disburse()
    said = funded.run("status", "--date", "2020-12-31").out
    for text in ("5,800,000.00", "1,220,000.00", "4,800.00", "荆河街道", "B2020-001", "劳务费"):
        assert text in said


def test_money_in_transit_is_shown_from_the_first_batch_on(funded: Office) -> None:
    """Nought says that debits, results and refunds are all in, and not that nobody has looked."""
    assert "In transit" not in funded.run("status", "--date", "2020-12-31").out
    funded.disburse()
    assert "In transit 0.00" in funded.run("status", "--date", "2020-12-31").out


def test_books_with_errors_still_answer_and_warn(funded: Office) -> None:
    funded.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    answer = funded.run("status", "--json")
    assert answer.status == 0
    assert "census-ledger check" in answer.err
    assert answer.json["payees"]["registered"] == 6


def test_a_line_that_nobody_has_explained_is_counted(funded: Office) -> None:
    account = Account(opening_fen=1_220_000_00)
    account.move("2020-06-01", "66.00", "不明", "转入")
    assert take_statement(funded, account).status == 0
    suspense = funded.status()["suspense"]
    assert (suspense["lines"], suspense["amount"]) == (1, "-66.00")
    assert [line["amount"] for line in suspense["unexplained"]] == ["66.00"]
