"""Money that came back goes out again: when the record was corrected, or somebody says why."""

from __future__ import annotations

import pytest

from ledger.base.records import replace
from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import result_file
from tests.support.bank_results import rows_of
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import BANK
from tests.support.office import Answer
from tests.support.office import Office

OTHER = "Assets:1218其他应收款:01暂付"


@beginning
def returned(funded: Office) -> Office:
    """Of six people P000005 (closed) and P000006 (frozen) came back; the others are paid."""
    assert funded.disburse().status == 0
    answers = everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5) | everyone(FROZEN, 6)
    assert take_result(funded, answers).status == 0
    return funded


def reasons(office: Office, on: str = "2020-11-20") -> dict[str, int]:
    skipped = office.disburse("--dry-run", on=on).json["skipped"]
    return {skip["reason"]: skip["count"] for skip in skipped}


def test_nobody_is_paid_again_without_a_reason(returned: Office) -> None:
    refused = returned.disburse(on="2020-11-20")
    assert refused.json["refused"]["reason"] == "nothing_due"
    assert reasons(returned) == {"paid": 4, "returned_uncorrected": 2}
    waiting = {group["class"]: group["payees"] for group in returned.status()["waiting"]}
    assert waiting == {"CLOSED": ["P000005"], "FROZEN": ["P000006"]}


@pytest.mark.parametrize(
    "field", ["account", "bank_name", "bank"], ids=["account", "name at the bank", "bank"]
)
def test_a_corrected_record_is_paid_again(returned: Office, field: str) -> None:
    new = {"account": "6215210000000999", "bank_name": "李改", "bank": "中国邮政储蓄银行"}
    correct(returned, "P000005", **{field: new[field]})
    again = returned.disburse(on="2020-11-20")
    assert (again.json["payees"], again.json["amount"]) == (1, "800.00")
    (row,) = rows_of(returned, "B2020-002")
    assert (row.payee_id, row.reissue) == ("P000005", True)
    assert getattr(row, field) == new[field]
    event = returned.events()[-1].read_text(encoding="utf-8")
    assert "重发" in event and "Expenses" not in event
    assert returned.status()["funds"][0]["spent"] == "4800.00"
    assert returned.check() == []


@pytest.mark.parametrize("field", ["phone", "area_name", "legal_name", "identity"])
def test_what_the_bank_never_saw_corrects_nothing(returned: Office, field: str) -> None:
    correct(returned, "P000005", **{field: "370481198001010014"})
    assert reasons(returned)["returned_uncorrected"] == 2


def test_a_corrected_identity_number_counts_where_the_bank_complained_of_it(funded: Office) -> None:
    funded.disburse()
    take_result(funded, everyone(("交易失败", "证件号码不符"), 1))
    correct(funded, "P000001", identity="370481198001010014")
    assert funded.disburse(on="2020-11-20").json["payees"] == 1


def test_a_released_person_is_paid_again_to_the_same_account(returned: Office) -> None:
    assert release(returned, "P000006", reason="已解冻", on="2020-11-18").status == 0
    assert 'reason: "已解冻"' in returned.events()[-1].read_text(encoding="utf-8")
    again = returned.disburse(on="2020-11-20")
    assert again.json["payees"] == 1
    (before,) = [row for row in rows_of(returned) if row.payee_id == "P000006"]
    (after,) = rows_of(returned, "B2020-002")
    assert after.account == before.account
    assert returned.check() == []


def test_a_release_does_not_count_before_its_day(returned: Office) -> None:
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    assert returned.disburse(on="2020-11-17").json["refused"]["reason"] == "nothing_due"


def test_a_release_is_for_one_return(returned: Office) -> None:
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    returned.disburse(on="2020-11-20")
    take_result(returned, everyone(FROZEN, 6), batch="B2020-002", on="2020-11-22", name="再.csv")
    assert returned.disburse(on="2020-11-23").json["refused"]["reason"] == "nothing_due"
    assert release(returned, "P000006", reason="这次真的", on="2020-11-23").status == 0
    assert returned.disburse(on="2020-11-23").json["batch"] == "B2020-003"


@pytest.mark.parametrize(
    ("payees", "said"),
    [
        pytest.param(["P000001"], "P000001 is paid", id="paid"),
        pytest.param(["P000009"], "P000009 is not registered", id="a stranger"),
        pytest.param(["P000006", "P000001"], "P000001 is paid", id="one of two"),
    ],
)
def test_whoever_waits_for_nothing_is_not_released(
    returned: Office, payees: list[str], said: str
) -> None:
    before = returned.events()
    refused = release(returned, *payees, reason="某因", on="2020-11-18")
    assert (refused.status, returned.events()) == (1, before)
    assert said in refused.err


def test_a_corrected_person_needs_no_release(returned: Office) -> None:
    correct(returned, "P000005")
    refused = release(returned, "P000005", reason="某因", on="2020-11-18")
    assert "can be paid as it is" in refused.err


def test_a_release_without_a_reason_is_refused(returned: Office) -> None:
    assert "--reason" in release(returned, "P000006", reason=" ", on="2020-11-18").err


def test_a_release_before_the_banks_contradiction_is_refused(returned: Office) -> None:
    """Nobody can have asked the bank about an answer that it had not given."""
    take_result(returned, everyone(PAID, 6), name="矛盾.csv", on="2020-11-19")
    refused = release(returned, "P000006", reason="银行确认未付", on="2020-11-18")
    assert "2020-11-18 is before 2020-11-19" in refused.err
    assert release(returned, "P000006", reason="银行确认未付", on="2020-11-19").status == 0


def test_a_second_release_changes_nothing(returned: Office) -> None:
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    before = returned.events()
    for day in ("2020-11-17", "2020-11-18", "2020-11-19"):
        refused = release(returned, "P000006", reason="又一次", on=day)
        assert "P000006 was released on 2020-11-18 already" in refused.err
    assert returned.events() == before


def test_a_release_before_the_return_is_refused(returned: Office) -> None:
    refused = release(returned, "P000006", reason="已解冻", on="2020-11-14")
    assert "2020-11-14 is before 2020-11-15" in refused.err


def test_a_whole_class_is_released_at_once(returned: Office) -> None:
    done = returned.run(
        "payees", "release", "--batch", "B2020-001", "--class", "FROZEN", "--reason", "银行已解冻",
        "--date", "2020-11-18", "--yes", "--json",
    )  # fmt: skip
    assert done.json["released"] == ["P000006"]
    none = returned.run(
        "payees", "release", "--batch", "B2020-001", "--class", "LOST", "--reason", "x", "--yes"
    )
    assert (none.status, "nobody of batch B2020-001" in none.err) == (1, True)


def release_frozen(office: Office, *options: str) -> Answer:
    return office.run(
        "payees", "release", "--batch", "B2020-001", "--class", "FROZEN", "--reason", "银行已解冻",
        "--date", "2020-11-20", "--yes", *options,
    )  # fmt: skip


def test_a_class_is_whoever_of_it_still_waits(funded: Office) -> None:
    """Who was corrected or released before does not keep the others from being released."""
    funded.disburse()
    take_result(funded, everyone(FROZEN, 1, 2, 3, 4))
    correct(funded, "P000001")
    release(funded, "P000002", reason="已解冻", on="2020-11-18")
    assert release_frozen(funded, "--json").json["released"] == ["P000003", "P000004"]
    assert release_frozen(funded).status == 1


def test_nobody_is_released_among_others_of_whom_the_bank_has_to_be_asked(funded: Office) -> None:
    """A whole class is released unread; a contradiction of the bank's is one person's matter."""
    funded.disburse()
    take_result(funded, everyone(FROZEN, 1, 2, 3))
    take_result(funded, everyone(PAID, 3), name="二.csv", on="2020-11-16")
    done = release_frozen(funded)
    assert "Released: 2" in done.out
    assert "Not among them, for the bank has said something else since: P000003" in done.out
    assert reasons(funded, "2020-11-21")["returned_disputed"] == 1
    alone = release_frozen(funded)
    assert (alone.status, "nobody waits because of FROZEN but P000003" in alone.err) == (1, True)


def test_a_void_re_issue_leaves_the_return_as_it_was(returned: Office) -> None:
    """The second file never reached the bank: corrected or released as before."""
    correct(returned, "P000005")
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    assert returned.disburse(on="2020-11-20").json["payees"] == 2
    void = returned.run("batch", "void", "B2020-002", "--yes", "--date", "2020-11-21")
    assert void.status == 0
    people = returned.status()["payees"]
    assert (people["returned"], people["blocked"]) == (2, 0)
    assert returned.disburse(on="2020-11-22").json["payees"] == 2
    assert returned.check() == []


def test_a_late_answer_for_the_first_batch_does_not_touch_the_second(returned: Office) -> None:
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    returned.disburse(on="2020-11-20")
    same = take_result(returned, everyone(FROZEN, 6), name="旧.csv", on="2020-11-21")
    assert same.json["files"][0]["changed"] == 0
    assert returned.status()["payees"]["in_bank"] == 1
    paid = take_result(
        returned, everyone(PAID, 6), batch="B2020-002", name="新.csv", on="2020-11-22"
    )
    assert paid.json["files"][0]["paid"] == 1
    assert returned.status()["payees"]["paid"] == 5
    assert returned.check() == []


def test_the_first_batch_called_paid_while_the_second_is_in_the_bank(returned: Office) -> None:
    """When the second comes back too, nothing but the bank's word on the first lets a third go."""
    correct(returned, "P000005")
    returned.disburse(on="2020-11-20")
    first = take_result(returned, everyone(PAID, 5), name="矛盾.csv", on="2020-11-21")
    assert first.json["files"][0]["disputed"] == ["P000005"]
    take_result(returned, everyone(CLOSED, 5), batch="B2020-002", name="再.csv", on="2020-11-22")
    correct(returned, "P000005", account="6215210000000998")
    assert reasons(returned, "2020-11-23")["returned_disputed"] == 1
    assert release(returned, "P000005", reason="银行确认未付", on="2020-11-23").status == 0
    assert returned.disburse(on="2020-11-23").json["batch"] == "B2020-003"
    take_result(returned, everyone(CLOSED, 5), batch="B2020-003", name="三.csv", on="2020-11-24")
    correct(returned, "P000005", account="6215210000000997")
    assert returned.disburse(on="2020-11-25").json["batch"] == "B2020-004"
    assert returned.check() == []


def test_a_result_that_fits_two_batches_asks_for_which(returned: Office) -> None:
    """The same person, account and amount in both: the file alone does not say which it is."""
    release(returned, "P000006", reason="已解冻", on="2020-11-18")
    returned.disburse(on="2020-11-20")
    path = result_file(returned, everyone(PAID, 6), batch="B2020-002", name="哪个.csv")
    asked = returned.run("import", path, "--date", "2020-11-22")
    assert asked.status == 1
    assert "--batch" in asked.err
    assert returned.status()["payees"]["in_bank"] == 1


def test_a_re_issue_needs_no_budget_and_no_fund(returned: Office) -> None:
    """The line was charged when the payment was made first: here it is all used up."""
    account = "Expenses:5001业务活动费用:01本级财政:30226劳务费"
    returned.rule(f'2020-11-16 custom "census-budget" {account} -3395200.00 CNY "supplement"')
    correct(returned, "P000005")
    lines = {line["code"]: line["remaining"] for line in returned.status()["lines"]}
    assert lines["30226"] == "0.00"
    assert returned.disburse(on="2020-11-20").json["payees"] == 1


def test_a_re_issue_needs_cash(returned: Office) -> None:
    """Of 1,220,000 the bank has still to debit 3,200; money that nobody has explained is gone."""
    correct(returned, "P000005")
    spent = "1216000.01"
    returned.hand(f"2020-01-01 open {OTHER} CNY")
    returned.hand(f'2020-11-17 * "不明"\n  {OTHER}  {spent} CNY\n  {BANK}  -{spent} CNY')
    refused = returned.disburse(on="2020-11-20").json["refused"]
    assert refused == {
        "reason": "cash",
        "needed": "800.00",
        "available": "799.99",
        "payable_payees": 0,
    }


def test_a_fund_that_is_named_pays_only_its_own_returns(returned: Office) -> None:
    correct(returned, "P000005")
    other = returned.disburse("--fund", "02", on="2020-11-20")
    assert other.json["refused"]["reason"] == "nothing_due"
    assert returned.disburse("--fund", "01", on="2020-11-20").json["payees"] == 1


def test_the_second_person_of_a_post_waits_for_a_release(returned: Office) -> None:
    (first,) = [row for row in rows_of(returned) if row.payee_id == "P000001"]
    with returned.registry() as registry:
        block = next(p.block for p in registry.payees() if p.payee_id == first.payee_id)
    (second,) = returned.register(1, change=lambda payee: replace(payee, block=block))
    assert reasons(returned)["post_paid"] == 1
    done = release(returned, second.payee_id, reason="前任已离任，经批准另发", on="2020-11-18")
    assert done.status == 0
    assert returned.disburse(on="2020-11-20").json["payees"] == 1
    assert returned.check() == []


def test_a_returned_person_waits_when_a_successor_was_paid_for_the_post(returned: Office) -> None:
    with returned.registry() as registry:
        block = next(p.block for p in registry.payees() if p.payee_id == "P000005")
    (successor,) = returned.register(1, change=lambda payee: replace(payee, block=block))
    release(returned, successor.payee_id, reason="接任", on="2020-11-18")
    assert returned.disburse(on="2020-11-18").json["payees"] == 1
    correct(returned, "P000005")
    assert reasons(returned)["post_paid"] == 1
