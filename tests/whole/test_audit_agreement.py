"""The auditor's script and ``check`` agree: on events that somebody forged, and on what is sound.

The script shares no code with the fold of the events, and comes to the same states.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ledger.model.ids import NO_BATCH
from ledger.model.transitions import State
from tests.support.auditor import Report
from tests.support.auditor import audit
from tests.support.auditor import tell
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.forged_events import AWAITED
from tests.support.forged_events import DAY
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import OTHER_TOWN
from tests.support.forged_events import RETURNED
from tests.support.forged_events import TOWN
from tests.support.forged_events import TRANSIT
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.office_and_model import prepare_approvals
from tests.support.office_and_model import prepare_template
from tests.support.state_machine import CensusOffice
from tests.support.state_machine import Step
from tests.support.state_machine import run_histories

STEPS_BETWEEN_AUDITS = 10
QUERIED = AWAITED.replace("01待发", "03待查")
AGAIN = "B2020-002"
STATES = {
    "代发中": State.IN_BANK,
    "已支付": State.PAID,
    "退回": State.RETURNED,
    "待查": State.UNKNOWN,
    "取消发放": State.RETURNED,
}


def result(office: Office, *entries: str, outcome: str = "", people: int = 1) -> None:
    values = f" {people} {people * 800}.00 CNY"
    meta = f'  outcome: "{outcome}"\n  bank-refused: "某因"\n'
    forge(office, "result", values, *entries, meta=meta)


def prepared(office: Office, *entries: str, people: int = 1, yuan: str = "800.00") -> None:
    forge(office, "prepared", f" {people} {yuan} CNY", *entries, batch=AGAIN)


def returned(office: Office) -> None:
    take_result(office, everyone(CLOSED, 1), on=DAY)


def paid(office: Office) -> None:
    take_result(office, everyone(PAID, 1), on=DAY)


def sent_again(office: Office) -> None:
    returned(office)
    correct(office, "P000001")
    assert office.disburse(on=DAY).json["batch"] == AGAIN


def in_the_bank_and_prepared(office: Office) -> None:
    prepared(office, entry(EXPENSE, AWAITED, batch=AGAIN))


def paid_and_prepared(office: Office) -> None:
    paid(office)
    prepared(office, entry(EXPENSE, AWAITED, batch=AGAIN))


def unknown_and_prepared(office: Office) -> None:
    result(office, entry(AWAITED, QUERIED), outcome="paid=0 returned=0 unknown=1 in_bank=5")
    prepared(office, entry(EXPENSE, AWAITED, batch=AGAIN))


def returned_and_charged_anew(office: Office) -> None:
    returned(office)
    prepared(office, entry(EXPENSE, AWAITED, batch=AGAIN))


def sent_again_without_a_return(office: Office) -> None:
    paid(office)
    prepared(office, entry(RETURNED, AWAITED, batch=AGAIN))


def sent_again_for_more(office: Office) -> None:
    returned(office)
    more = entry(RETURNED, AWAITED, batch=AGAIN, yuan="900.00")
    prepared(office, more, yuan="900.00")


def over_the_rate(office: Office) -> None:
    office.register(1)
    more = entry(EXPENSE, AWAITED, payees="P000007", batch=AGAIN, yuan="1600.00")
    prepared(office, more, yuan="1600.00")


def twice_in_one_batch(office: Office) -> None:
    office.register(1)
    one = entry(EXPENSE, AWAITED, payees="P000007", batch=AGAIN)
    prepared(office, one, one, people=2, yuan="1600.00")


def of_no_role(office: Office) -> None:
    one = entry(EXPENSE, AWAITED, payees="P000007", batch=AGAIN)
    prepared(office, one.replace('"普查员"', '"组长"'))


def of_two_people(office: Office) -> None:
    two = entry(EXPENSE, AWAITED, payees="P000007 P000008", batch=AGAIN)
    prepared(office, two, people=2)


def a_batch_prepared_twice(office: Office) -> None:
    forge(office, "prepared", " 0 0.00 CNY")


def paid_twice(office: Office) -> None:
    paid(office)
    result(office, entry(AWAITED, TRANSIT), outcome="paid=1 returned=0 unknown=0 in_bank=5")


def paid_after_a_return(office: Office) -> None:
    returned(office)
    result(office, entry(AWAITED, TRANSIT), outcome="paid=1 returned=0 unknown=0 in_bank=5")


def paid_and_returned(office: Office) -> None:
    result(
        office, entry(AWAITED, TRANSIT), entry(AWAITED, RETURNED), people=2,
        outcome="paid=0 returned=1 unknown=0 in_bank=5",
    )  # fmt: skip


def the_first_batch_of_two(office: Office) -> None:
    sent_again(office)
    result(office, entry(AWAITED, TRANSIT), outcome="paid=1 returned=0 unknown=0 in_bank=5")


def a_stranger(office: Office) -> None:
    result(office, entry(AWAITED, TRANSIT, payees="P000009"))


def no_row_of_the_table(office: Office) -> None:
    result(office, entry(RETURNED, TRANSIT))


def past_transit(office: Office) -> None:
    result(office, entry(AWAITED, BANK))


def another_amount(office: Office) -> None:
    result(office, entry(AWAITED, TRANSIT, yuan="799.99"))


def another_town(office: Office) -> None:
    result(office, entry(AWAITED, RETURNED.replace(TOWN, OTHER_TOWN)))


def another_towns_money(office: Office) -> None:
    result(office, entry(AWAITED.replace(TOWN, OTHER_TOWN), TRANSIT))


def another_batch(office: Office) -> None:
    result(office, entry(AWAITED, TRANSIT, batch=AGAIN))


def another_day(office: Office) -> None:
    result(office, entry(AWAITED, TRANSIT, on="2020-11-13"))


def another_outcome(office: Office) -> None:
    result(office, entry(AWAITED, TRANSIT), outcome="paid=2 returned=0 unknown=0 in_bank=4")


def no_batch(office: Office) -> None:
    forge(office, "submitted", batch="B2020-005")


def half_a_void(office: Office) -> None:
    forge(office, "void", " 1 800.00 CNY", entry(AWAITED, EXPENSE))


def a_void_of_what_was_submitted(office: Office) -> None:
    assert office.run("batch", "submit", "B2020-001", "--yes", "--date", DAY).status == 0
    towns = [TOWN] * 3 + [OTHER_TOWN] * 3
    everybody = [
        entry(AWAITED.replace(TOWN, town), EXPENSE.replace(TOWN, town), payees=f"P{number:06d}")
        for number, town in enumerate(towns, 1)
    ]
    forge(office, "void", " 6 4800.00 CNY", *everybody)


def after_a_void(office: Office) -> None:
    assert office.run("batch", "void", "B2020-001", "--yes", "--date", DAY).status == 0
    result(office, entry(AWAITED, TRANSIT))


def cancelled_in_the_bank(office: Office) -> None:
    forge(office, "cancelled", " 1 800.00 CNY", entry(RETURNED, EXPENSE))


def a_payment_in_a_submission(office: Office) -> None:
    forge(office, "submitted", "", entry(AWAITED, TRANSIT))


FORGED: list[Callable[[Office], None]] = [
    in_the_bank_and_prepared, paid_and_prepared, unknown_and_prepared, returned_and_charged_anew,
    sent_again_without_a_return, sent_again_for_more, over_the_rate, twice_in_one_batch,
    of_no_role, of_two_people, a_batch_prepared_twice, paid_twice, paid_after_a_return,
    paid_and_returned, the_first_batch_of_two, a_stranger, no_row_of_the_table, past_transit,
    another_amount, another_town, another_towns_money, another_batch, another_day,
    another_outcome, no_batch, half_a_void, a_void_of_what_was_submitted, after_a_void,
    cancelled_in_the_bank, a_payment_in_a_submission,
]  # fmt: skip


@pytest.mark.attacks
@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_event_is_found_where_check_finds_it(
    funded: Office, forgery: Callable[[Office], None]
) -> None:
    """The chain fits: file and line are those of the rule that is broken."""
    assert funded.disburse().status == 0
    forgery(funded)
    newest = f"events/{funded.events()[-1].name}"
    by_check = {
        error["line"]
        for error in funded.check()
        # That accounts then hold other sums than the people is a consequence.
        if error["file"] == newest and "its people make" not in error["message"]
    }
    report = audit(funded.folder)
    assert report.status == 1
    assert by_check
    assert by_check <= {line for file, line in report.places if file == newest}, report.text


def test_results_that_are_rightly_made(funded: Office) -> None:
    """What the table has is no finding, so that no forgery above is found by chance."""
    assert funded.disburse().status == 0
    result(
        funded, entry(AWAITED, TRANSIT, payees="P000002 P000003", yuan="1600.00"), people=2,
        outcome="paid=2 returned=0 unknown=0 in_bank=4",
    )  # fmt: skip
    result(funded, entry(AWAITED, QUERIED), outcome="paid=2 returned=0 unknown=1 in_bank=3")
    result(funded, entry(QUERIED, RETURNED), outcome="paid=2 returned=1 unknown=0 in_bank=3")
    forge(funded, "cancelled", " 1 800.00 CNY", entry(RETURNED, EXPENSE))
    assert audit(funded.folder).findings == []


# Histories.


def test_what_anybody_has_received(funded: Office) -> None:
    """Paid by two batches, each of which looks right by itself."""
    assert funded.disburse().status == 0
    the_first_batch_of_two_is_paid(funded)
    assert "P000001 共收到 1,600.00，标准是 800.00" in audit(funded.folder).text


def the_first_batch_of_two_is_paid(office: Office) -> None:
    the_first_batch_of_two(office)
    take = entry(AWAITED, TRANSIT, batch=AGAIN)
    meta = '  outcome: "paid=1 returned=0 unknown=0 in_bank=0"\n  bank-refused: "某因"\n'
    forge(office, "result", " 1 800.00 CNY", take, batch=AGAIN, meta=meta)


class AuditedOffice(CensusOffice):
    """Anything may happen; now and then the auditor comes."""

    def happen(self, step: Step) -> None:
        super().happen(step)
        if self.steps % STEPS_BETWEEN_AUDITS == 0:
            report = audit(self.office.folder, "--list")
            assert report.findings == []
            assert_agreement(report, self.office)
            self.said["audits"] += 1


def assert_agreement(report: Report, office: Office) -> None:
    """Every payment of every batch, and the last that stands of every person."""
    history = office.books().history
    outcomes = {
        (batch.id, payee): state
        for batch in history.batches.values()
        for payee, state in batch.outcomes.items()
    }
    # Who was paid before the books is in no batch.
    outcomes |= {
        (standing.batch, payee): standing.state
        for _stage, payee, standing in history.every_standing()
        if standing.batch == NO_BATCH and standing.state != State.DUE
    }
    listed = [row for row in report.payments if row["状态"] != "作废"]
    assert {(row["批次"], row["人员"]): STATES[row["状态"]] for row in listed} == outcomes
    last = {row["人员"]: row for row in listed}
    for _stage, payee, standing in history.every_standing():
        state, batch = standing.state, standing.batch
        if state == State.DUE:
            assert payee not in last or last[payee]["状态"] == "取消发放"
        else:
            assert (STATES[last[payee]["状态"]], last[payee]["批次"]) == (state, batch)
    originals = {
        f"events/{Path(event.header.meta['filename']).name}": event.header.meta.get("original")
        for event in history.events
    }
    assert all(
        row["凭据"] == originals[row["事件"]]
        for row in listed
        if row["状态"] in ("已支付", "待查") and re.fullmatch("[0-9a-f]{64}", row["凭据"])
    )


def test_an_auditor_agrees_with_the_books_of_a_story(tmp_path: Path) -> None:
    """Everything that happens to books is in it."""
    office = tell(tmp_path)
    report = audit(office.folder, "--list")
    assert {row["状态"] for row in report.payments} == {*STATES, "作废"}
    assert_agreement(report, office)


def test_an_auditor_agrees_with_the_books_of_any_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    (tmp_path / "template").mkdir()
    template = new_office(tmp_path / "template", capsys)
    prepare_template(template)
    prepare_approvals(template)
    said: Counter[str] = Counter()
    folders = (tmp_path / f"office-{number}" for number in count())
    run_histories(template, folders, said, number=2, steps=300, machine=AuditedOffice)
    assert said["audits"] > 20
