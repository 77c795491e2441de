"""Results of the bank: paid, returned or unknown, in parts, twice, late and contradictory."""

from __future__ import annotations

import pytest

from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import SENT_BACK
from tests.support.bank_results import UNCLEAR
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import result_file
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import BANK
from tests.support.office import Office

TRANSIT = "Assets:1021其他货币资金:01代发在途"


@beginning
def sent(funded: Office) -> Office:
    """P000001 to P000006 are with the bank in B2020-001."""
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    return funded


def counts(office: Office) -> tuple[int, ...]:
    people = office.status()["payees"]
    assert people["registered"] == sum(
        people[state] for state in ("due", "in_bank", "paid", "returned", "unknown")
    )
    return tuple(people[state] for state in ("in_bank", "paid", "returned", "unknown"))


def test_a_result_in_parts_settles_the_batch(sent: Office) -> None:
    first = take_result(sent, everyone(PAID, 1, 2) | everyone(CLOSED, 3), name="一.csv")
    assert first.status == 0, first.err
    (file,) = first.json["files"]
    assert (file["kind"], file["batch"]) == ("result", "B2020-001")
    assert [file[key] for key in ("paid", "returned", "unknown", "awaited")] == [2, 1, 0, 3]
    second = take_result(sent, everyone(PAID, 4, 5) | everyone(PENDING, 6), name="二.csv")
    (file,) = second.json["files"]
    assert [file[key] for key in ("paid", "returned", "unknown", "awaited")] == [4, 1, 1, 0]
    assert counts(sent) == (0, 4, 1, 1)
    assert sent.status()["batches"][0]["state"] == "submitted"
    third = take_result(sent, everyone(PAID, 6), name="三.csv", on="2020-11-18")
    assert third.json["files"][0]["paid"] == 5
    assert counts(sent) == (0, 5, 1, 0)
    assert sent.status()["batches"][0]["state"] == "settled"
    assert sent.check() == []


def test_the_same_file_twice_changes_nothing(sent: Office) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5) | everyone(CLOSED, 6))
    events, status = sent.events(), sent.status()
    again = take_result(sent, everyone(PAID, 1, 2, 3, 4, 5) | everyone(CLOSED, 6))
    assert again.status == 0
    (file,) = again.json["files"]
    assert file["repeated"]
    assert (file["paid"], file["returned"], file["changed"]) == (5, 1, 0)
    assert (sent.events(), sent.status()) == (events, status)


@beginning
def sent_again(sent: Office) -> Office:
    """P000006 came back, was released too early, and is sent again to the same account."""
    take_result(sent, everyone(FROZEN, 6), name="回盘.csv")
    release(sent, "P000006", reason="银行已解冻", on="2020-11-16")
    assert sent.disburse(on="2020-11-17").json["payees"] == 1
    return sent


def test_the_same_words_for_a_second_batch_are_its_answer(sent_again: Office) -> None:
    """To the letter what the bank has said for the first: what its file is named for, or we say."""
    path = result_file(sent_again, everyone(FROZEN, 6), batch="B2020-002", name="回盘.csv")
    unnamed = sent_again.run("import", path, "--date", "2020-11-20")
    assert "this very file was taken before" in unnamed.out
    assert "Its rows fit B2020-002 too" in unnamed.out
    named = sent_again.run("import", path, "--date", "2020-11-20", "--batch", "B2020-002", "--json")
    (file,) = named.json["files"]
    assert (file["batch"], file["returned"], file["repeated"]) == ("B2020-002", 1, False)
    again = sent_again.run("import", path, "--date", "2020-11-21", "--json").json["files"][0]
    assert (again["repeated"], again["fits_too"], again["changed"]) == (True, [], 0)
    assert sent_again.check() == []


def test_a_file_named_for_the_second_batch_is_its_answer(sent_again: Office) -> None:
    name = "B2020-002-本行-1-回盘.csv"
    path = result_file(sent_again, everyone(FROZEN, 6), batch="B2020-002", name=name)
    (file,) = sent_again.run("import", path, "--date", "2020-11-20", "--json").json["files"]
    assert (file["batch"], file["returned"], file["repeated"]) == ("B2020-002", 1, False)


def test_the_same_answers_in_another_file_change_nothing(sent: Office) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3))
    events = sent.events()
    again = take_result(sent, everyone(PAID, 3, 2), name="另一份.csv")
    (file,) = again.json["files"]
    assert (file["changed"], file["unchanged"], file["repeated"]) == (0, 2, False)
    assert sent.events() == events


def test_one_wrong_amount_refuses_the_file_and_names_the_row(sent: Office) -> None:
    path = result_file(sent, everyone(PAID, 1, 2, 3), amounts={"P000002": 700_00})
    events, status = sent.events(), sent.status()
    refused = sent.run("import", path, "--date", "2020-11-15", "--json")
    assert refused.status == 1
    (file,) = refused.json["files"]
    assert [finding["row"] for finding in file["findings"]] == [3]
    assert "700.00" in file["error"]
    assert (sent.events(), sent.status()) == (events, status)


def test_a_result_of_a_prepared_batch_implies_its_submission(funded: Office) -> None:
    funded.disburse()
    assert take_result(funded, everyone(PAID, 1)).status == 0
    (batch,) = funded.status()["batches"]
    assert batch["state"] == "submitted"
    void = funded.run(
        "batch", "void", "B2020-001", "--yes", "--bank-refused", "x", "--date", "2020-11-16"
    )
    assert "the bank has answered for some of its people" in void.err
    assert funded.check() == []


def test_the_entries_of_a_result(sent: Office) -> None:
    """Everyone paid of a town in one entry; others by themselves with the bank's words."""
    take_result(sent, everyone(PAID, 1, 2, 4, 5) | everyone(CLOSED, 3) | everyone(PENDING, 6))
    text = sent.events()[-1].read_text(encoding="utf-8")
    assert text.count("^P000001 ^P000002") == 1
    assert text.count('batch: "B2020-001"') == 2
    assert 'reason-class: "CLOSED"' in text
    assert "账户已销户" in text
    assert 'outcome: "paid=4 returned=1 unknown=1 in_bank=0"' in text
    status = sent.status()
    assert status["funds"][0]["spent"] == "4800.00"
    assert status["funds"][0]["paid"] == "3200.00"
    assert status["cash"]["in_transit"] == "-3200.00"


@pytest.mark.parametrize("gross", [True, False])
def test_debits_and_refunds_empty_the_transit(sent: Office, gross: bool) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5) | everyone(CLOSED, 6))
    debit = "4800.00" if gross else "4000.00"
    sent.hand(f'2020-11-16 * "代发" ^B2020-001\n  {TRANSIT}  {debit} CNY\n  {BANK}  -{debit} CNY')
    if gross:
        assert sent.status()["cash"]["in_transit"] == "800.00"
        sent.hand(
            f'2020-11-17 * "退款"\n  {TRANSIT}  -800.00 CNY\n    batch: "B2020-001"\n'
            f"  {BANK}  800.00 CNY"
        )
    cash = sent.status()["cash"]
    assert (cash["in_transit"], cash["promised"], cash["bank"]) == ("0.00", "0.00", "1216000.00")
    assert sent.check() == []


def test_unknown_is_never_sent_again_and_the_bank_is_asked(sent: Office) -> None:
    answer = take_result(sent, everyone(PAID, 1, 2, 3, 4, 5) | everyone(PENDING, 6))
    (question,) = answer.json["files"][0]["questions"]
    assert "B2020-001" in question and "800.00" in question and "是否已经入账" in question
    again = sent.disburse(on="2020-12-20")
    assert again.json["refused"]["reason"] == "nothing_due"
    released = sent.run(
        "payees", "release", "P000006", "--reason", "着急", "--date", "2020-12-20", "--yes"
    )
    assert released.status == 1
    assert "P000006 is unknown" in released.err
    (person,) = sent.run("payees", "list", "--state", "unknown", "--json").json["payees"]
    assert person["question"] == question


def test_a_late_return_of_somebody_who_was_paid(sent: Office) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 6))
    assert sent.status()["batches"][0]["state"] == "settled"
    late = take_result(sent, everyone(SENT_BACK, 2), name="退汇.csv", on="2020-11-25")
    (file,) = late.json["files"]
    assert (file["late_returns"], file["paid"], file["returned"]) == (1, 5, 1)
    assert counts(sent) == (0, 5, 1, 0)
    assert sent.status()["cash"]["in_transit"] == "-4000.00"
    assert sent.check() == []


def test_the_return_before_the_payment_that_it_undoes(sent: Office) -> None:
    """Out of order: the 退汇 is imported first, then the older result that calls it paid."""
    take_result(sent, everyone(SENT_BACK, 2), name="退汇.csv")
    older = take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 6))
    (file,) = older.json["files"]
    assert (file["paid"], file["returned"], file["superseded"]) == (5, 1, 1)
    assert file["disputed"] == []
    assert sent.check() == []


def test_paid_after_returned_is_disputed_until_somebody_has_asked(sent: Office) -> None:
    """A contradiction of the bank's: correction the record is not enough to pay again."""
    take_result(sent, everyone(CLOSED, 6), name="一.csv")
    second = take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 6), name="二.csv")
    (file,) = second.json["files"]
    assert file["disputed"] == ["P000006"]
    assert (file["paid"], file["returned"]) == (5, 1)
    assert len(file["questions"]) == 1
    correct(sent, "P000006")
    blocked = sent.disburse(on="2020-11-20")
    assert {skip["reason"] for skip in blocked.json["skipped"]} == {"paid", "returned_disputed"}
    third = take_result(sent, everyone(PAID, 6), name="三.csv", on="2020-11-20")
    assert third.json["files"][0]["disputed"] == []
    done = release(sent, "P000006", reason="银行书面确认未入账", on="2020-11-21")
    assert done.status == 0, done.err
    assert sent.disburse(on="2020-11-22").json["payees"] == 1
    assert sent.check() == []


def test_unclear_words_after_a_return_keep_it_from_being_paid_again(sent: Office) -> None:
    """The bank may have made the payment after all: a corrected record is not enough."""
    take_result(sent, everyone(CLOSED, 6), name="一.csv")
    (file,) = take_result(sent, everyone(UNCLEAR, 6), name="二.csv").json["files"]
    assert (file["disputed"], file["returned"], len(file["questions"])) == (["P000006"], 1, 1)
    correct(sent, "P000006")
    blocked = sent.disburse(on="2020-11-20").json["skipped"]
    assert {skip["reason"] for skip in blocked} == {"in_bank", "returned_disputed"}
    (waiting,) = sent.run("payees", "list", "--waiting", "--json").json["payees"]
    assert waiting["question"] == file["questions"][0]
    release(sent, "P000006", reason="银行确认未入账", on="2020-11-21")
    assert sent.run("payees", "show", "P000006", "--json").json["question"] is None
    assert sent.check() == []


def test_unclear_words_of_a_paid_person_are_asked_about_and_move_nothing(sent: Office) -> None:
    take_result(sent, everyone(PAID, 1, 2, 3, 4, 5, 6), name="一.csv")
    events = sent.events()
    path = result_file(sent, everyone(UNCLEAR, 2), name="二.csv")
    (file,) = sent.run("import", path, "--date", "2020-11-20", "--json").json["files"]
    assert (file["doubtful"], file["paid"], file["superseded"]) == (["P000002"], 6, 0)
    assert sent.events() == events
    said = sent.run("import", path, "--date", "2020-11-20").out
    assert "Paid before, and now the bank says what nobody knows" in said
    assert "P000002  请查询" in said


def test_a_result_of_a_void_batch_is_refused(sent: Office) -> None:
    void = sent.run(
        "batch",
        "void",
        "B2020-001",
        "--yes",
        "--bank-refused",
        "文件格式错",
        "--date",
        "2020-11-12",
    )
    assert void.status == 0
    answer = take_result(sent, everyone(PAID, 1))
    assert answer.status == 1
    assert sent.status()["payees"]["due"] == 6


def test_a_dry_run_writes_nothing(sent: Office) -> None:
    path = result_file(sent, everyone(PAID, 1, 2) | everyone(CLOSED, 3))
    before = {file: file.read_bytes() for file in sent.folder.rglob("*") if file.is_file()}
    answer = sent.run("import", path, "--date", "2020-11-15", "--dry-run", "--json")
    assert answer.json["files"][0]["paid"] == 2
    after = {file: file.read_bytes() for file in sent.folder.rglob("*") if file.is_file()}
    assert after == before
    assert not (path.parent / "退回更正").exists()


def test_one_refused_file_of_a_batch(sent: Office) -> None:
    """The bank refuses a file: its people are returned and wait for a release alone."""
    refused = sent.run(
        "batch", "void", "B2020-001", "--yes", "--file", "B2020-001-本行-1.xlsx", "--bank-refused",
        "模板版本不符", "--date", "2020-11-12", "--json",
    )  # fmt: skip
    assert (refused.status, refused.json["returned"]) == (0, 6)
    assert counts(sent) == (0, 0, 6, 0)
    assert sent.disburse(on="2020-11-13").json["refused"]["reason"] == "nothing_due"
    done = sent.run(
        "payees", "release", "--batch", "B2020-001", "--class", "FILE_REFUSED",
        "--reason", "已换新模板", "--date", "2020-11-13", "--yes", "--json",
    )  # fmt: skip
    assert len(done.json["released"]) == 6
    again = sent.disburse(on="2020-11-13")
    assert (again.json["payees"], again.json["amount"]) == (6, "4800.00")
    assert sent.status()["funds"][0]["spent"] == "4800.00"
    assert sent.check() == []


def test_a_file_of_which_the_bank_has_answered_is_not_refused(sent: Office) -> None:
    take_result(sent, everyone(FROZEN, 1))
    refused = sent.run(
        "batch", "void", "B2020-001", "--file", "B2020-001-本行-1.xlsx", "--bank-refused", "x",
        "--yes", "--date", "2020-11-16",
    )  # fmt: skip
    assert refused.status == 1
    assert "answered" in refused.err


def test_a_file_that_the_bank_has_debited_is_not_refused(sent: Office) -> None:
    sent.hand(f'2020-11-12 * "代发" ^B2020-001\n  {TRANSIT}  4800.00 CNY\n  {BANK}  -4800.00 CNY')
    refused = sent.run(
        "batch", "void", "B2020-001", "--file", "B2020-001-本行-1.xlsx", "--bank-refused", "x",
        "--yes", "--date", "2020-11-16",
    )  # fmt: skip
    assert refused.status == 1
    assert "the bank has debited money for it" in refused.err


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--file", "没有.xlsx", "--bank-refused", "x"], 1, "has no bank file 没有.xlsx"),
        (["--file", "B2020-001-本行-1.xlsx"], 2, "--bank-refused"),
    ],
)
def test_a_refused_file_is_one_of_the_batch_and_has_a_reason(
    sent: Office, options: list[str], status: int, said: str
) -> None:
    refused = sent.run("batch", "void", "B2020-001", "--yes", *options, "--date", "2020-11-16")
    assert refused.status == status
    assert said in refused.err


def test_a_contradiction_takes_an_earlier_release_back(sent: Office) -> None:
    take_result(sent, everyone(CLOSED, 6), name="一.csv")
    assert release(sent, "P000006", reason="本人已办妥", on="2020-11-16").status == 0
    take_result(sent, everyone(PAID, 6), name="二.csv", on="2020-11-17")
    refused = sent.disburse(on="2020-11-18")
    assert refused.json["refused"]["reason"] == "nothing_due"


def test_a_dispute_that_is_forged_names_somebody_who_came_back(sent: Office) -> None:
    forge(sent, "result", " 0 0.00 CNY", meta=(
        '  outcome: "paid=0 returned=0 unknown=0 in_bank=6"\n  disputed: "P000001"\n'
    ))  # fmt: skip
    assert "P000001 was not returned, so no answer disputes it" in messages(sent)
