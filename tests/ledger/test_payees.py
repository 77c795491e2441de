"""``payees``: where each one's money is, masked; cancelled payments."""

from __future__ import annotations

import json

import pytest

from ledger.base.masks import mask_numbers
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Answer
from tests.support.office import Office


@beginning
def answered(funded: Office) -> Office:
    """P000001 to P000004 are paid, P000005 came back, P000006 is unclear."""
    assert funded.disburse().status == 0
    answers = everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5) | everyone(PENDING, 6)
    assert take_result(funded, answers).status == 0
    return funded


def cancel(
    office: Office, payee: str, reason: str = "已查实不在岗", on: str = "2020-11-18"
) -> Answer:
    return office.run("payees", "cancel", payee, "--reason", reason, "--date", on, "--yes")


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--state", "returned"], ["P000005"]),
        (["--state", "unknown"], ["P000006"]),
        (["--waiting"], ["P000005", "P000006"]),
        (["--town", "洪绪镇"], ["P000004", "P000005", "P000006"]),
        (["--town", "370481101", "--state", "paid"], ["P000004"]),
        (["--state", "due"], []),
    ],
)
def test_people_by_town_and_state(answered: Office, options: list[str], ids: list[str]) -> None:
    people = answered.run("payees", "list", *options, "--json").json["payees"]
    assert [person["id"] for person in people] == ids


def test_the_list_says_who_waits_for_what(answered: Office) -> None:
    returned, unknown = answered.run("payees", "list", "--waiting", "--json").json["payees"]
    assert (returned["waits_for"], returned["class"]) == ("returned_uncorrected", "CLOSED")
    assert (unknown["waits_for"], unknown["since"]) == ("unknown", "2020-11-15")
    text = answered.run("payees", "list", "--waiting").out
    assert "the account has been closed: enter another account of the person" in text
    assert "请查询" in text


def test_nothing_personal_is_shown_whole(answered: Office) -> None:
    with answered.registry() as registry:
        payees = registry.payees()
    answered.run("payees", "list")
    said = "".join(
        answer.out + answer.err
        for answer in (
            answered.run("payees", "list"),
            answered.run("payees", "list", "--json"),
            answered.run("payees", "show", "P000005"),
            answered.run("payees", "show", "P000005", "--json"),
            answered.run("status"),
        )
    )
    for payee in payees:
        for secret in (payee.identity, payee.account, payee.phone):
            assert secret not in said
    assert payees[4].account[-4:] in said


def test_the_history_of_one_person(answered: Office) -> None:
    person = answered.run("payees", "show", "P000005", "--json").json
    assert (person["state"], person["waits_for"]) == ("returned", "returned_uncorrected")
    kinds = [(event["kind"], event["amount"], event["class"]) for event in person["history"]]
    assert kinds == [("prepared", "800.00", None), ("result", "800.00", "CLOSED")]
    assert person["history"][1]["reason"] == "交易失败 账户已销户"
    assert [change["field"] for change in person["changes"]] == ["added"]
    text = answered.run("payees", "show", "P000005").out
    assert "账户已销户" in text


def test_a_history_reads_as_the_journal_does(answered: Office) -> None:
    """Those who were paid together share an entry, which names their town and their number."""
    event = answered.events()[-1].read_text(encoding="utf-8")
    assert '2020-11-15 * "荆河街道 3 人" "两员补助 已支付"' in event
    assert '2020-11-15 * "洪绪镇 1 人" "两员补助 已支付"' in event
    said = answered.run("payees", "show", "P000002").out
    assert "两员补助 普查员" in said
    assert "两员补助 已支付" in said


def test_changes_of_the_record_are_named_in_the_users_words(answered: Office) -> None:
    new = "6215219999998888"
    correct(answered, "P000005", account=new, bank_name="王户名", identity="370481199003071232")
    answer = answered.run("payees", "show", "P000005")
    for name in ("added", "account", "name at the bank", "identity number"):
        assert f"\n {name} " in answer.out
    assert "bank_name" not in answer.out
    assert new not in answer.out
    changes = answered.run("payees", "show", "P000005", "--json").json["changes"]
    assert [change["field"] for change in changes] == ["added", "account", "bank_name", "identity"]


def test_nobody_of_that_id(answered: Office) -> None:
    refused = answered.run("payees", "show", "P999999")
    assert (refused.status, "P999999" in refused.err) == (1, True)


def test_a_cancelled_payment_is_the_funds_again(answered: Office) -> None:
    before = answered.status()
    assert cancel(answered, "P000005").status == 0
    after = answered.status()
    assert float(before["funds"][0]["spent"]) - float(after["funds"][0]["spent"]) == 800
    assert (after["payees"]["returned"], after["payees"]["due"]) == (0, 1)
    assert after["payees"]["blocked"] == 1
    assert [group["reason"] for group in after["waiting"]] == ["cancelled", "unknown"]
    assert answered.disburse(on="2020-11-20").json["refused"]["reason"] == "nothing_due"
    assert answered.check() == []


def test_a_cancellation_is_undone_by_a_release_alone(answered: Office) -> None:
    cancel(answered, "P000005")
    assert release(answered, "P000005", reason="查错了人", on="2020-11-19").status == 0
    again = answered.disburse(on="2020-11-20")
    assert again.json["payees"] == 1
    assert "Expenses" in answered.events()[-1].read_text(encoding="utf-8")
    assert answered.check() == []


def test_a_cancellation_undoes_an_earlier_release(answered: Office) -> None:
    release(answered, "P000005", reason="已解冻", on="2020-11-18")
    cancel(answered, "P000005", on="2020-11-19")
    refused = answered.disburse(on="2020-11-20").json["refused"]
    assert refused["reason"] == "nothing_due"
    assert [group["reason"] for group in answered.status()["waiting"]] == ["cancelled", "unknown"]


def test_a_cancelled_person_whose_batch_was_taken_back_is_still_cancelled(answered: Office) -> None:
    """The bank then says that the first payment was made: no release stands against that."""
    cancel(answered, "P000005", on="2020-11-18")
    release(answered, "P000005", reason="查错了人", on="2020-11-19")
    answered.disburse(on="2020-11-20")
    assert answered.run("batch", "void", "B2020-002", "--yes", "--date", "2020-11-21").status == 0
    take_result(answered, everyone(PAID, 5), name="矛盾.csv", on="2020-11-22")
    assert answered.disburse(on="2020-11-23").json["refused"]["reason"] == "nothing_due"
    assert "cancelled" in [group["reason"] for group in answered.status()["waiting"]]
    assert answered.check() == []


@pytest.mark.parametrize("payee", ["P000001", "P000006", "P000009"])
def test_only_money_that_came_back_is_cancelled(answered: Office, payee: str) -> None:
    before = answered.events()
    assert "only a payment that was returned can be cancelled" in cancel(answered, payee).err
    assert answered.events() == before


def test_a_cancellation_needs_a_reason(answered: Office) -> None:
    said = cancel(answered, "P000005", reason="").err
    assert "say why: it is kept in the books; give it with --reason R" in said


def test_long_numbers_in_a_reason_do_not_reach_the_books(answered: Office) -> None:
    release(answered, "P000005", reason="本人 370481199001011234 来电 13912345678", on="2020-11-18")
    event = answered.events()[-1].read_text(encoding="utf-8")
    assert "199001011234" not in event and "12345678" not in event
    assert "****1234" in event and "****5678" in event


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2020-11-20 已到柜台", "2020-11-20 已到柜台"),
        ("卡号 6215 2100 0000 0011，2020-11-20 补办", "卡号 ****0011，2020-11-20 补办"),
        ("20201120", "****1120"),
        ("2020-11-20 6215", "****6215"),
        ("1990-01-011234", "****1234"),
        ("2020-11-2012", "****2012"),
    ],
)
def test_days_in_a_text_stay_and_long_numbers_do_not(said: str, kept: str) -> None:
    assert mask_numbers(said) == kept


def test_a_release_asks_before_it_writes(answered: Office) -> None:
    asked = answered.run("payees", "release", "P000005", "--reason", "某因")
    assert asked.status == 2
    assert "--yes" in asked.err


@pytest.mark.parametrize(
    "options", [[], ["--batch", "B2020-001"], ["--class", "CLOSED"], ["P000005", "--batch", "B"]]
)
def test_a_release_names_people_or_a_class_of_a_batch(answered: Office, options: list[str]) -> None:
    assert answered.run("payees", "release", *options, "--reason", "x", "--yes").status == 2


def test_the_list_on_an_earlier_day(answered: Office) -> None:
    people = answered.run("payees", "list", "--date", "2020-11-12", "--json").json["payees"]
    assert {person["state"] for person in people} == {"in_bank"}
    assert json.dumps(people).count("returned") == 0


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("P000005", ["P000005"]), ("p5", ["P000005"]), ("没有的人", []), (" ", []), ("01", []),
        ("洪绪镇", ["P000004", "P000005", "P000006"]), ("洪绪", ["P000004", "P000005", "P000006"]),
    ],
)  # fmt: skip
def test_somebody_is_found(answered: Office, text: str, ids: list[str]) -> None:
    people = answered.run("payees", "find", text, "--json").json["payees"]
    assert [person["id"] for person in people] == ids


def test_somebody_is_found_by_name_and_by_the_end_of_a_number(answered: Office) -> None:
    with answered.registry() as registry:
        payee = registry.payees()[4]
    for text in (
        payee.legal_name, payee.identity[-4:], payee.account[-6:], payee.phone[-4:], payee.identity,
    ):  # fmt: skip
        found = answered.run("payees", "find", text)
        assert "P000005" in found.out and payee.identity not in found.out
    assert "Nobody is found" in answered.run("payees", "find", "9999999999").out


@pytest.mark.parametrize("typed", ["returned", "退回", " 退回 "])
def test_a_state_is_typed_as_it_is_printed(answered: Office, typed: str) -> None:
    people = answered.run("payees", "list", "--state", typed, "--json").json["payees"]
    assert [person["id"] for person in people] == ["P000005"]


@pytest.mark.parametrize("typed", ["账户", "销户", "CLOSED"])
def test_a_class_is_typed_by_a_part_that_no_other_has(answered: Office, typed: str) -> None:
    done = answered.run(
        "payees", "release", "--batch", "B2020-001", "--class", typed, "--reason", "x", "--yes"
    )
    assert done.status == (2 if typed == "账户" else 0), done.err


@pytest.mark.parametrize("typed", ["发", "支付宝", ""])
def test_a_word_that_fits_none_or_several_is_refused_with_the_list(
    answered: Office, typed: str
) -> None:
    refused = answered.run("payees", "list", "--state", typed)
    assert refused.status == 2
    assert "退回 (returned)" in refused.err and "待查 (unknown)" in refused.err
