"""Events that somebody forged: rightly named and chained, with a HEAD that fits.

The chain has no complaint about them, so each guard of the fold stands alone here.
"""

from __future__ import annotations

import pytest

from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import digest
from ledger.base.records import replace
from tests.support.bank_results import CLOSED
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import AWAITED
from tests.support.forged_events import DAY
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import OTHER_TOWN
from tests.support.forged_events import RETURNED
from tests.support.forged_events import TOWN
from tests.support.forged_events import TRANSIT
from tests.support.forged_events import anchored
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.forged_events import result
from tests.support.office import BANK
from tests.support.office import GRANT
from tests.support.office import Office

pytestmark = pytest.mark.attacks


@beginning
def paid(funded: Office) -> Office:
    """P000001 to P000003 of one town and P000004 to P000006 of another are in B2020-001."""
    assert funded.disburse().status == 0
    return funded


@pytest.mark.parametrize(
    ("kind", "entries", "said"),
    [
        pytest.param(
            "result", [entry(AWAITED, TRANSIT, payees="P000009")], "not in batch", id="a stranger"
        ),
        pytest.param(
            "result", [entry(RETURNED, TRANSIT)], "no entry of a result", id="no row of the table"
        ),
        pytest.param(
            "result",
            [entry(AWAITED, TRANSIT), entry(AWAITED, RETURNED)],
            "P000001 is paid, and for a result of the bank must be in the bank",
            id="paid and returned",
        ),
        pytest.param(
            "result",
            [entry(AWAITED, TRANSIT, payees="P000001 P000002", yuan="1600.01")],
            "is 1,600.01, but its payees were sent 1,600.00",
            id="a common amount",
        ),
        pytest.param(
            "result",
            [entry(AWAITED, TRANSIT, yuan="799.99")],
            "is 799.99, but its payees were sent 800.00",
            id="one person's amount",
        ),
        pytest.param(
            "result",
            [entry(AWAITED, RETURNED.replace(TOWN, OTHER_TOWN))],
            "stays with its fund and its town",
            id="from town to town",
        ),
        pytest.param(
            "result",
            [entry(AWAITED.replace(TOWN, OTHER_TOWN), TRANSIT)],
            "stays with its fund and its town",
            id="another town's money",
        ),
        pytest.param(
            "result",
            [entry(AWAITED, TRANSIT, on="2020-11-13")],
            "of the event's day",
            id="another day",
        ),
        pytest.param(
            "result",
            [entry(AWAITED, TRANSIT, batch="B2020-002")],
            "linked with it and with its payees",
            id="another batch",
        ),
        pytest.param(
            "result", [entry(AWAITED, BANK)], "debits one subsidy account", id="past transit"
        ),
        pytest.param(
            "void",
            [entry(AWAITED, EXPENSE)],
            "a void takes back everyone of the batch",
            id="half a void",
        ),
        pytest.param(
            "cancelled", [entry(RETURNED, EXPENSE)], "must be returned", id="cancelled in bank"
        ),
    ],
)
def test_a_movement_that_the_table_does_not_have(
    paid: Office, kind: str, entries: list[str], said: str
) -> None:
    values = " 1 800.00 CNY" if kind == "void" else ""
    forge(paid, kind, values, *entries)
    assert said in messages(paid)


def test_a_person_is_paid_by_the_table(paid: Office) -> None:
    """Results that are rightly made fold without a complaint."""
    both = entry(AWAITED, TRANSIT, payees="P000002 P000003", yuan="1600.00")
    outcome = "paid=2 returned=0 unknown=0 in_bank=4"
    result(paid, both, people=2, yuan="1600.00", outcome=outcome)
    assert messages(paid) == ""
    outcome = "paid=2 returned=1 unknown=0 in_bank=3"
    result(paid, entry(AWAITED, RETURNED), people=1, yuan="800.00", outcome=outcome)
    assert messages(paid) == ""
    people = paid.status()["payees"]
    assert (people["paid"], people["returned"], people["in_bank"]) == (2, 1, 3)
    assert (people["due"], people["blocked"]) == (0, 1)
    anchored(paid)
    waiting = paid.disburse(on="2020-11-20")
    assert waiting.json["refused"]["reason"] == "nothing_due"
    assert {skip["reason"]: skip["count"] for skip in waiting.json["skipped"]} == {
        "in_bank": 3, "paid": 2, "returned_uncorrected": 1,
    }  # fmt: skip


def test_an_entry_moves_one_subsidy_from_one_place_to_another(paid: Office) -> None:
    """Two credits in one: nobody could say who was paid and who came back."""
    split = entry(AWAITED, TRANSIT, payees="P000001 P000002", yuan="1600.00").replace(
        f"  {TRANSIT}  -1600.00 CNY", f"  {RETURNED}  -800.00 CNY\n  {TRANSIT}  -800.00 CNY"
    )
    outcome = "paid=0 returned=0 unknown=0 in_bank=6"
    result(paid, split, people=0, yuan="0.00", outcome=outcome)
    assert "an entry of an event debits one subsidy account and credits another" in messages(paid)


def test_a_result_records_where_everybody_stands(paid: Office) -> None:
    """An event that was left out, or put in, shows by the sums of the next."""
    outcome = "paid=2 returned=0 unknown=0 in_bank=4"
    result(paid, entry(AWAITED, TRANSIT), people=1, yuan="800.00", outcome=outcome)
    assert "stands at paid=1 returned=0 unknown=0 in_bank=5" in messages(paid)


def test_money_in_transit_names_its_batch(paid: Office) -> None:
    nameless = entry(AWAITED, TRANSIT).replace('    batch: "B2020-001"\n', "")
    outcome = "paid=1 returned=0 unknown=0 in_bank=5"
    result(paid, nameless, people=1, yuan="800.00", outcome=outcome)
    assert messages(paid) == "money in transit says of which batch it is: batch: B2020-001"


@beginning
def reissued(paid: Office) -> Office:
    """P000001 came back and is with the bank again, in B2020-002."""
    take_result(paid, everyone(CLOSED, 1), on=DAY)
    correct(paid, "P000001")
    assert paid.disburse(on=DAY).json["batch"] == "B2020-002"
    return paid


def test_an_answer_for_the_first_batch_does_not_move_the_second_payment(reissued: Office) -> None:
    outcome = "paid=1 returned=0 unknown=0 in_bank=5"
    result(reissued, entry(AWAITED, TRANSIT), people=1, yuan="800.00", outcome=outcome)
    assert "P000001 was sent again by batch B2020-002, and no longer by B2020-001" in messages(
        reissued
    )


def test_a_person_is_not_answered_for_before_she_was_sent_again(reissued: Office) -> None:
    """The batch allows the day, the person does not."""
    events = reissued.events()
    text = events[-1].read_text(encoding="utf-8").replace(DAY, "2020-11-11")
    events[-1].write_text(text, encoding="utf-8", newline="\n")
    head = f"{len(events) - 1} {digest(events[-1].read_bytes())}\n"
    (reissued.folder / HEAD_FILE).write_text(head, encoding="ascii")
    assert "dates never go back for P000001: 2020-11-12 is entered already" in messages(reissued)


def test_whoever_is_not_entitled_is_not_prepared_again(paid: Office) -> None:
    take_result(paid, everyone(CLOSED, 1), on=DAY)
    assert paid.run(
        "payees", "cancel", "P000001", "--reason", "不在岗", "--date", DAY, "--yes"
    ).status == 0  # fmt: skip
    forge(paid, "prepared", " 1 800.00 CNY", entry(EXPENSE, AWAITED, batch="B2020-002"),
          batch="B2020-002")  # fmt: skip
    assert "P000001 was found not entitled, and nobody has released" in messages(paid)


@pytest.mark.parametrize(
    ("payees", "reason", "said"),
    [
        ("P000001", "某因", "P000001 is in the bank and cannot be released"),
        ("P000001", "", "a release names its payees and a reason"),
        ("", "某因", "a release names its payees and a reason"),
    ],
)
def test_a_release_that_is_none(paid: Office, payees: str, reason: str, said: str) -> None:
    meta = f'  payees: "{payees}"\n  reason: "{reason}"\n'
    forge(paid, "released", "", batch="", meta=meta)
    assert said in messages(paid)


def test_a_release_moves_no_money(paid: Office) -> None:
    take_result(paid, everyone(CLOSED, 1), on=DAY)
    meta = '  payees: "P000001"\n  reason: "某因"\n'
    forge(paid, "released", "", entry(RETURNED, EXPENSE), batch="", meta=meta)
    assert "moves no money" in messages(paid)


def test_nothing_happens_to_a_void_batch(paid: Office) -> None:
    paid.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    forge(paid, "submitted")
    assert "batch B2020-001 is void: nothing happens to it any more" in messages(paid)


def test_a_batch_is_not_prepared_twice(paid: Office) -> None:
    forge(paid, "prepared", " 0 0.00 CNY")
    assert "batch B2020-001 was prepared before" in messages(paid)


def test_a_day_before_the_batch(paid: Office) -> None:
    paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-20")
    outcome = "paid=1 returned=0 unknown=0 in_bank=5"
    result(paid, entry(AWAITED, TRANSIT), people=1, yuan="800.00", outcome=outcome)
    assert "dates never go back within a batch" in messages(paid)


def test_a_second_preparation_of_people_who_are_in_the_bank(paid: Office) -> None:
    forge(paid, "prepared", " 1 800.00 CNY", entry(EXPENSE, AWAITED, batch="B2020-002"),
          batch="B2020-002")  # fmt: skip
    said = messages(paid)
    assert "P000001 is in the bank, and for a new instruction must be due" in said
    assert "not those that batch B2020-002 was prepared with" in said
    assert "above the ceilings that it recorded" in said


def test_a_batch_prepared_twice_or_never(paid: Office) -> None:
    forge(paid, "prepared", " 0 0.00 CNY")
    assert "prepared before" in messages(paid)
    forge(paid, "submitted", batch="B2020-005")
    assert "no batch B2020-005 before this event" in messages(paid)


def test_a_submission_twice_and_a_void_after_it(paid: Office) -> None:
    forge(paid, "submitted")
    assert messages(paid) == ""
    forge(paid, "submitted")
    assert "cannot be submitted" in messages(paid)
    everyone = [
        entry(AWAITED.replace(TOWN, town), EXPENSE.replace(TOWN, town), payees=f"P{number:06d}")
        for number, town in enumerate([TOWN] * 3 + [OTHER_TOWN] * 3, start=1)
    ]
    forge(paid, "void", " 6 4800.00 CNY", *everyone)
    assert messages(paid) == "batch B2020-001 was submitted: only a refusal by the bank voids it"


def test_a_void_whose_header_says_another_number(paid: Office) -> None:
    forge(paid, "void", " 5 4000.00 CNY", entry(AWAITED, EXPENSE))
    assert "the header says 5 people and 4,000.00" in messages(paid)


def test_a_second_beginning_with_a_payment_in_it(paid: Office) -> None:
    forge(paid, "init", "", entry(EXPENSE, BANK), batch="")
    assert "the books begin once" in messages(paid)


def test_an_event_has_a_header_and_entries_and_nothing_else(paid: Office) -> None:
    """Neither a rule that nobody would look for there, nor an account that is closed."""
    others = (
        f'{DAY} custom "census-budget" {EXPENSE} 1.00 CNY "supplement"',
        f"{DAY} open Assets:1009别的 CNY",
        f"2021-01-01 close {TRANSIT}",
        f"{DAY} balance {BANK} 1220000.00 CNY",
        f'{DAY} note {BANK} "别的"',
    )
    forge(paid, "accepted", "", *others, batch="")
    assert messages(paid).count("nothing else") == len(others)


def test_an_event_of_an_unknown_kind_is_no_event(paid: Office) -> None:
    forge(paid, "banana")
    assert "this file is no event" in messages(paid)


def test_an_event_under_another_name(paid: Office) -> None:
    """The name says which batch's papers belong to an event."""
    event = paid.events()[1]
    renamed = event.rename(event.with_name("000001-submitted-B2020-001.beancount"))
    assert f"the name of this file must be {event.name}" in messages(paid)
    assert renamed.exists()
    assert "chain" in {error["code"] for error in paid.check()}
    assert paid.disburse(on="2020-11-20").status == 1
    assert (paid.folder / "payouts" / "B2020-001" / "manifest.json").is_file()


def test_a_copy_that_a_shared_folder_has_made_is_to_be_moved_away(paid: Office) -> None:
    """Two machines have written to a synchronised folder: both versions are there."""
    event = paid.events()[1]
    copy = event.with_name(f"{event.stem} (冲突副本).beancount")
    copy.write_bytes(event.read_bytes())
    refused = paid.disburse(on="2020-11-20")
    assert refused.status == 1
    assert "this is a copy of event 1: move the file out" in refused.json["error"]
    assert (error := paid.check()[0])["file"] == f"events/{copy.name}"
    assert error["code"] == "chain"
    copy.unlink()
    assert paid.check() == []


def test_an_event_that_is_missing_is_named(paid: Office) -> None:
    paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    paid.events()[1].unlink()
    assert "event 1 is missing here" in messages(paid)


def test_books_that_were_put_back_do_not_pay_again(paid: Office) -> None:
    """The newest event gone and HEAD with it, as in an old checkout: the registry knows better."""
    paid.lose_events(1)
    refused = paid.disburse(on="2020-11-20")
    assert refused.status == 1
    assert "older than the registry: event 1" in refused.json["error"]
    assert (paid.folder / "payouts" / "B2020-001" / "manifest.json").is_file()
    assert {error["code"] for error in paid.check()} == {
        "registry", "witness", "artefacts",
    }  # fmt: skip


def test_a_registry_that_was_put_back_gives_nobodys_serial_away(
    funded: Office,
) -> None:
    """The same serials would name other people, and those who were paid would be paid again."""
    older = (funded.folder / "registry.db").read_bytes()
    funded.register(2)
    funded.disburse()
    (funded.folder / "registry.db").write_bytes(older)
    refused = funded.disburse(on="2020-11-20")
    assert "registry is older than the books" in refused.json["error"]


def test_a_registry_from_before_the_batch(funded: Office) -> None:
    """Everybody is known, but what was sent to them is not: nothing could be proven any more."""
    older = (funded.folder / "registry.db").read_bytes()
    funded.disburse()
    funded.register(2)
    (funded.folder / "registry.db").write_bytes(older)
    refused = funded.disburse(on="2020-11-20")
    assert "it does not hold event 1" in refused.json["error"]


@pytest.mark.parametrize(
    "debit",
    [
        pytest.param(EXPENSE.rpartition(":")[0], id="above the town"),
        pytest.param(f"{EXPENSE}:01现金", id="below the town"),
        pytest.param("Liabilities:2307其他应付款:01待发:99其他", id="another payable"),
    ],
)
def test_a_subsidy_by_hand_through_an_account_beside_the_towns(paid: Office, debit: str) -> None:
    paid.hand(f"2020-01-01 open {debit} CNY")
    line = paid.hand(f'{DAY} * "再发"\n  {debit}  800.00 CNY\n  {BANK}  -800.00 CNY')
    assert ("outside_event", line) in [(error["code"], error["line"]) for error in paid.check()]


@pytest.mark.parametrize(
    ("link", "other"),
    [("", BANK), ("^B2020-001", "Income:4604利息收入"), ("^B2020-001 ^B2020-002", BANK)],
)
def test_a_debit_by_hand_is_of_one_batch_and_from_the_bank(
    paid: Office, link: str, other: str
) -> None:
    if "B2020-002" in link:
        paid.register(1)
        assert paid.disburse(on="2020-11-11").status == 0
    line = paid.hand(f'{DAY} * "代发" {link}\n  {TRANSIT}  4800.00 CNY\n  {other}  -4800.00 CNY')
    assert [(error["code"], error["line"]) for error in paid.check()] == [("transit", line)]


def test_money_of_another_currency_is_not_counted(office: Office) -> None:
    office.hand("2020-01-01 open Assets:1002银行存款:02外币\n2020-01-01 open Income:4609其他收入")
    line = office.hand(
        f'{DAY} * "外币"\n  Assets:1002银行存款:02外币  1000000.00 USD\n  Income:4609其他收入'
    )
    assert [(error["code"], error["line"]) for error in office.check()] == [("currency", line)]
    assert office.status()["cash"]["bank"] == "0.00"


def test_a_fund_without_its_accounts_is_refused_before_the_event(office: Office) -> None:
    """An event can never be corrected: Beancount's own validation comes before it."""
    office.receive(10_000)
    office.receive(10_000, income=GRANT)
    path = office.folder / "accounts.beancount"
    spent = "Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:370481001荆河街道"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"2020-01-01 open {spent} CNY\n", ""), encoding="utf-8")
    office.register(1)
    refused = office.disburse()
    assert refused.status == 1
    assert spent in refused.json["error"]
    assert len(office.events()) == 1
    assert office.check() == []


def test_rules_stand_where_fava_cannot_edit_them(office: Office) -> None:
    line = office.hand(
        '2020-01-01 custom "census-rate" "普查员" 700.00 CNY "30226劳务费:01两员补助"'
    )
    assert [(error["code"], error["line"]) for error in office.check()] == [("rule", line)]


def test_a_file_that_does_not_belong_to_the_batch(paid: Office) -> None:
    """A second bank file beside the real one would be uploaded by mistake, or not by mistake."""
    folder = paid.folder / "payouts" / "B2020-001"
    (folder / "B2020-001-本行-2.xlsx").write_bytes(b"more")
    (error,) = paid.check()
    assert error["file"] == "payouts/B2020-001/B2020-001-本行-2.xlsx"
    assert "do not send it" in error["message"]


def test_a_name_in_the_ledger_that_is_not_the_one_that_was_sent(funded: Office) -> None:
    """Name and HEAD forged together: the registry's rows still know."""
    funded.register(1, change=lambda payee: replace(payee, legal_name="独特名"))
    funded.disburse()
    event = funded.events()[1]
    text = event.read_text(encoding="utf-8")
    event.write_text(text.replace("独特名", "别的名"), encoding="utf-8", newline="\n")
    head = f"1 {digest(event.read_bytes())}\n"
    (funded.folder / HEAD_FILE).write_text(head, encoding="ascii")
    assert {error["code"] for error in funded.check()} >= {"rows"}
