"""An office whose bank returns payments: results in parts, mended records, paying again.

The commands on 840 people of 21 towns. After every one of them everybody is in one state.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sample_data
from samples.bank import Fate
from samples.bank_answers import icbc_result
from samples.bank_days import BankAnswer
from samples.bank_days import Plan

from tests.office_at_work import ADVANCE
from tests.office_at_work import OfficeAtWork
from tests.office_at_work import files_in
from tests.office_at_work import in_this_process
from tests.office_at_work import paid_in_the_books
from tests.office_at_work import sums_hold

PEOPLE = 840
FIRST = 200
RELEASED = ("FROZEN", "LOST")

# Among those who come back are some whose record was right: they wait for a release.
FIRST_PLAN = Plan(0.03, ("CLOSED", "NAME_MISMATCH", "FROZEN", "ID_MISMATCH", "LOST"), parts=2)
SECOND_PLAN = Plan(0.02, pending=2, later=1)
THIRD_PLAN = Plan(0.001, ("NAME_MISMATCH",))
NOTHING_RETURNED = Plan(0)


@dataclass(frozen=True)
class Story:
    """What the commands answered, one after another; ``states`` are counts by the step's name."""

    office: OfficeAtWork
    refused: tuple[int, Any]
    parts: list[Any]
    repeated: Any
    in_transit: str
    unclear: Any
    news: Any
    waiting: list[Any]
    reissued: Any
    again: Any
    report: Any
    status: Any
    check: tuple[int, Any]
    states: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    office = registered_office(tmp_path_factory.mktemp("office"))
    states = {}
    first = sent(office, "B2020-001", FIRST_PLAN, "2020-10-20")
    refused = office("import", wrong_amount(office, first), "--date", "2020-10-22")
    states["refused"] = office.count()
    one, two, others = first.files
    parts = [office.do("import", one, "--date", "2020-10-22")]
    states["first part"] = office.counts[-1]
    parts.append(office.do("import", two, others, "--date", "2020-10-23"))
    states["second part"] = office.counts[-1]
    repeated = office.do("import", two, "--date", "2020-10-23")
    states["repeated"] = office.counts[-1]
    office.enter_statement("B2020-001")

    office.enter("journal/hand.beancount", ADVANCE.format(amount="4000000.00"))
    second = sent(office, "B2020-002", SECOND_PLAN, "2020-11-10")
    unclear = office.do("import", *second.files, "--date", "2020-11-13")
    states["unclear"] = office.counts[-1]
    in_transit = office("status", "--date", "2020-12-31")[1]["cash"]["in_transit"]
    news = office.do("import", second.news_file, "--date", "2020-11-18")
    office.enter_statement("B2020-002")

    office.do("import", *office.towns_mend(), "--yes")
    waiting = office("payees", "list", "--waiting", "--date", "2020-11-23")[1]["payees"]
    released(office, waiting)
    office.do("disburse", "--date", "2020-11-24", "--dry-run")
    third = sent(office, "B2020-003", THIRD_PLAN, "2020-11-24")
    reissued = office.do("import", *third.files, "--date", "2020-11-27")
    office.do("import", *office.towns_mend(), "--yes")
    fourth = sent(office, "B2020-004", NOTHING_RETURNED, "2020-12-01")
    again = office.do("import", *fourth.files, "--date", "2020-12-04")
    for batch in ("B2020-003", "B2020-004"):
        office.enter_statement(batch)
    report = office.do("report", "batch", "B2020-002", "--date", "2020-12-07")
    _status, state = office("status", "--date", "2020-12-31")
    return Story(
        office=office,
        refused=refused,
        parts=parts,
        repeated=repeated,
        in_transit=in_transit,
        unclear=unclear,
        news=news,
        waiting=waiting,
        reissued=reissued,
        again=again,
        report=report,
        status=state,
        check=office("check"),
        states=states,
    )


def registered_office(folder: Path) -> OfficeAtWork:
    """Everybody is registered, and there is money for the first of them."""
    office = OfficeAtWork(folder, in_this_process)
    enumerators, supervisors = sample_data.split_people(PEOPLE)
    sample_data.make(office.inputs, enumerators=enumerators, supervisors=supervisors)
    assert office("init", office.books)[0] == 0
    office.enter("journal/hand.beancount", ADVANCE.format(amount=f"{FIRST * 800}.00"))
    for name in ("rosters", "corrected"):
        assert office("import", *files_in(office.inputs / name))[0] == 0
    return office


def sent(office: OfficeAtWork, batch: str, plan: Plan, on: str) -> BankAnswer:
    """Pay whoever can be paid; the bank has the batch on the same day."""
    made = office.do("disburse", "--limit-to-funds", "--yes", "--date", on)
    assert made["batch"] == batch
    office.do("batch", "submit", batch, "--date", on)
    return office.bank_gets(batch, plan, on)


def wrong_amount(office: OfficeAtWork, answer: BankAnswer) -> Path:
    """The bank's first file with another amount for its third payment."""
    own = [d for d in answer.decisions if d.row.file == answer.decisions[0].row.file]
    own[2] = replace(own[2], row=replace(own[2].row, amount="700.00"))
    path = office.inputs / "金额有误.xlsx"
    path.write_bytes(icbc_result(own))
    return path


def released(office: OfficeAtWork, waiting: list[Any]) -> None:
    """One class of a batch, then the others by their ids."""
    frozen = ("--batch", "B2020-001", "--class", "FROZEN")
    ending = ("--date", "2020-11-23", "--yes")
    named = office.do("payees", "release", *frozen, "--reason", "已解冻", *ending)["released"]
    others = [person["id"] for person in waiting if person["id"] not in named]
    office.do("payees", "release", *others, "--reason", "本人已到柜台办理", *ending)


def by_fate(answer: BankAnswer) -> Counter[Fate]:
    return Counter(decision.outcome.fate for decision in answer.decisions)


def test_after_every_command_everybody_is_in_one_state(story: Story) -> None:
    assert len(story.office.counts) > 20
    assert sums_hold(story.office.counts, PEOPLE)


def test_a_file_with_one_wrong_amount_is_refused_and_the_row_is_named(story: Story) -> None:
    status, answer = story.refused
    assert status == 1
    (file,) = answer["files"]
    assert [finding["row"] for finding in file["findings"]] == [4]
    assert "700.00" in file["error"]
    assert story.states["refused"]["in_bank"] == FIRST


def test_a_result_in_parts_answers_for_the_whole_batch(story: Story) -> None:
    answer = story.office.answers["B2020-001"]
    (first,) = story.parts[0]["files"]
    assert first["awaited"] == FIRST - first["changed"] == story.states["first part"]["in_bank"]
    last = story.parts[1]["files"][-1]
    fates = by_fate(answer)
    assert (last["paid"], last["returned"]) == (fates[Fate.PAID], fates[Fate.RETURNED]) == (194, 6)
    assert (last["unknown"], last["awaited"]) == (0, 0)


def test_the_same_file_again_changes_nothing(story: Story) -> None:
    (file,) = story.repeated["files"]
    assert file["repeated"]
    assert file["changed"] == 0
    assert story.states["repeated"] == story.states["second part"]


def test_what_the_bank_does_not_know_is_unknown_until_it_does(story: Story) -> None:
    file = story.unclear["files"][-1]
    assert (file["unknown"], story.states["unclear"]["unknown"]) == (2, 2)
    questions = [question for file in story.unclear["files"] for question in file["questions"]]
    assert len(questions) == 2
    (news,) = story.news["files"]
    assert (news["unknown"], news["late_returns"], news["changed"]) == (0, 1, 3)
    fates = by_fate(story.office.answers["B2020-002"])
    assert news["paid"] == fates[Fate.PAID] + 1
    assert news["returned"] == fates[Fate.RETURNED] + 2


def test_only_those_wait_whose_record_was_right(story: Story) -> None:
    """Everybody else was mended by the towns from the sheets that the import has written."""
    assert {person["class"] for person in story.waiting} == set(RELEASED)
    assert {person["state"] for person in story.waiting} == {"returned"}


def test_what_was_paid_and_not_debited_is_in_transit(story: Story) -> None:
    assert (
        story.in_transit
        == f"-{(by_fate(story.office.answers['B2020-002'])[Fate.PAID] + 1) * 800}.00"
    )


def test_a_payment_made_again_costs_no_budget(story: Story) -> None:
    last = story.reissued["files"][-1]
    assert (last["returned"], last["unknown"], last["awaited"]) == (1, 0, 0)
    assert story.again["files"][-1]["paid"] == 1
    assert story.status["funds"][0]["spent"] == f"{PEOPLE * 800}.00"
    assert story.status["funds"][0]["paid"] == f"{PEOPLE * 800}.00"


def test_in_the_end_everybody_was_paid_once(story: Story) -> None:
    """By the bank's own account, by the plain entries of the books, and by the status."""
    everybody = {payee.payee_id: 1 for payee in story.office.payees()}
    assert len(everybody) == PEOPLE
    assert story.office.paid_by_the_bank() == everybody
    assert paid_in_the_books(story.office.books) == everybody
    assert story.status["payees"]["paid"] == PEOPLE
    assert story.status["waiting"] == []
    assert story.check == (0, {"ok": True, "errors": []})


def test_debits_and_refunds_leave_nothing_in_transit(story: Story) -> None:
    assert story.status["cash"]["in_transit"] == "0.00"
    assert story.status["cash"]["promised"] == "0.00"
    assert story.office.kept_by_the_bank() == PEOPLE * 800
    received = FIRST * 800 + 4_000_000
    assert story.status["cash"]["bank"] == f"{received - PEOPLE * 800}.00"


def test_the_statement_of_a_batch_says_what_became_of_it(story: Story) -> None:
    batch = next(batch for batch in story.status["batches"] if batch["id"] == "B2020-002")
    said = {name: story.report[name]["payees"] for name in ("due", "paid", "returned", "reissued")}
    assert said["due"] == batch["payees"] == PEOPLE - FIRST
    assert said["paid"] == batch["paid"] == len(story.office.answers["B2020-002"].paid)
    assert said["returned"] == said["reissued"] == batch["returned"]
    assert (story.office.books / story.report["path"]).is_file()
