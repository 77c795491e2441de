"""An office whose bank returns payments: results in parts, corrected records, paying again.

The commands on 840 people of 21 towns. After every one of them everybody is in one state.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sample_data
from samples.bank import Fate
from samples.bank_answers import icbc_result
from samples.bank_days import BankAnswer
from samples.bank_days import Plan

from tests.support.office_at_work import ADVANCE
from tests.support.office_at_work import OfficeAtWork
from tests.support.office_at_work import files_in
from tests.support.office_at_work import in_this_process
from tests.support.office_at_work import paid_in_the_books
from tests.support.office_at_work import sums_hold

PEOPLE = 840
FIRST = 200

# Among those who come back are some whose record was right: they wait for a release.
FIRST_PLAN = Plan(0.03, ("CLOSED", "NAME_MISMATCH", "FROZEN", "ID_MISMATCH", "LOST"), parts=2)
SECOND_PLAN = Plan(0.02, pending=2, later=1)
THIRD_PLAN = Plan(0.001, ("NAME_MISMATCH",))
NOTHING_RETURNED = Plan(0)


@dataclass(frozen=True)
class Story:
    """What the commands have said, and where everybody was then, by the name of the step."""

    office: OfficeAtWork
    said: dict[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, step: str, answer: Any) -> None:
        self.said[step] = answer
        self.people[step] = self.office.counts[-1]

    def files(self, step: str) -> list[dict[str, Any]]:
        """What an import has said of its files."""
        files: list[dict[str, Any]] = self.said[step]["files"]
        return files


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = Story(registered_office(tmp_path_factory.mktemp("office")))
    first_results(story)
    story.office.enter("journal/hand.beancount", ADVANCE.format(amount="4000000.00"))
    second_results(story)
    corrected_and_released(story)
    paid_again(story)
    report = story.office.do("report", "batch", "B2020-002", "--date", "2020-12-07")
    story.note("report", report)
    story.note("status", story.office("status", "--date", "2020-12-31")[1])
    story.note("check", story.office("check"))
    return story


def first_results(story: Story) -> None:
    """A file with a mistake of the bank's, then two parts, one of them twice."""
    office = story.office
    answer = sent(office, "B2020-001", FIRST_PLAN, "2020-10-20")
    refused = office("import", wrong_amount(office, answer), "--date", "2020-10-22")
    office.count()
    story.note("refused", refused)
    one, two, others = answer.files
    story.note("first part", office.do("import", one, "--date", "2020-10-22"))
    story.note("second part", office.do("import", two, others, "--date", "2020-10-23"))
    story.note("repeated", office.do("import", two, "--date", "2020-10-23"))
    office.enter_statement("B2020-001")


def second_results(story: Story) -> None:
    """Two payments that the bank does not know of, and one that comes back late."""
    office = story.office
    answer = sent(office, "B2020-002", SECOND_PLAN, "2020-11-10")
    story.note("unclear", office.do("import", *answer.files, "--date", "2020-11-13"))
    story.note("not debited", office("status", "--date", "2020-12-31")[1])
    story.note("news", office.do("import", answer.news_file, "--date", "2020-11-18"))
    office.enter_statement("B2020-002")


def corrected_and_released(story: Story) -> None:
    """What the towns send back; then a class of a batch, then the others by their ids."""
    office = story.office
    story.note(
        "corrected", office.do("import", *office.towns_correct(), "--yes", "--date", "2020-11-20")
    )
    waiting = office("payees", "list", "--waiting", "--date", "2020-11-23")[1]["payees"]
    story.note("waiting", waiting)
    frozen = ("--batch", "B2020-001", "--class", "FROZEN", "--reason", "已解冻")
    ending = ("--date", "2020-11-23", "--yes")
    named = office.do("payees", "release", *frozen, *ending)["released"]
    others = [person["id"] for person in waiting if person["id"] not in named]
    office.do("payees", "release", *others, "--reason", "本人已到柜台办理", *ending)


def paid_again(story: Story) -> None:
    """One comes back once more."""
    office = story.office
    third = sent(office, "B2020-003", THIRD_PLAN, "2020-11-24")
    story.note("reissued", office.do("import", *third.files, "--date", "2020-11-27"))
    office.do("import", *office.towns_correct(), "--yes", "--date", "2020-12-01")
    fourth = sent(office, "B2020-004", NOTHING_RETURNED, "2020-12-01")
    story.note("once more", office.do("import", *fourth.files, "--date", "2020-12-04"))
    office.enter_statement("B2020-003")
    office.enter_statement("B2020-004")


def registered_office(folder: Path) -> OfficeAtWork:
    """Everybody is registered, and there is money for the first of them."""
    office = OfficeAtWork(folder, in_this_process)
    enumerators, supervisors = sample_data.split_people(PEOPLE)
    sample_data.make(office.inputs, enumerators=enumerators, supervisors=supervisors)
    assert office("init", office.books)[0] == 0
    office.enter("journal/hand.beancount", ADVANCE.format(amount=f"{FIRST * 800}.00"))
    for name in ("rosters", "corrected"):
        assert office("import", *files_in(office.inputs / name), "--date", "2020-10-19")[0] == 0
    return office


def sent(office: OfficeAtWork, batch: str, plan: Plan, on: str) -> BankAnswer:
    """Pay whoever can be paid; the bank has the batch on the same day."""
    made = office.do("disburse", "--limit-to-funds", "--yes", "--date", on)
    assert made["batch"] == batch
    office.do("batch", "submit", batch, "--yes", "--date", on)
    return office.bank_gets(batch, plan, on)


def wrong_amount(office: OfficeAtWork, answer: BankAnswer) -> Path:
    """The bank's first file with another amount for its third payment."""
    own = [d for d in answer.decisions if d.row.file == answer.decisions[0].row.file]
    own[2] = replace(own[2], row=replace(own[2].row, amount="700.00"))
    path = office.inputs / "金额有误.xlsx"
    path.write_bytes(icbc_result(own))
    return path


def by_fate(answer: BankAnswer) -> Counter[Fate]:
    return Counter(decision.outcome.fate for decision in answer.decisions)


def test_after_every_command_everybody_is_in_one_state(story: Story) -> None:
    assert len(story.office.counts) > 20
    assert sums_hold(story.office.counts, PEOPLE)


def test_a_file_with_one_wrong_amount_is_refused_and_the_row_is_named(story: Story) -> None:
    status, answer = story.said["refused"]
    assert status == 1
    (file,) = answer["files"]
    assert [finding["row"] for finding in file["findings"]] == [4]
    assert "700.00" in file["error"]
    assert story.people["refused"]["in_bank"] == FIRST


def test_a_result_in_parts_answers_for_the_whole_batch(story: Story) -> None:
    (first,) = story.files("first part")
    assert first["awaited"] == FIRST - first["changed"] == story.people["first part"]["in_bank"]
    last = story.files("second part")[-1]
    fates = by_fate(story.office.answers["B2020-001"])
    assert (last["paid"], last["returned"]) == (fates[Fate.PAID], fates[Fate.RETURNED]) == (194, 6)
    assert (last["unknown"], last["awaited"]) == (0, 0)


def test_the_same_file_again_changes_nothing(story: Story) -> None:
    (file,) = story.files("repeated")
    assert file["repeated"]
    assert file["changed"] == 0
    assert story.people["repeated"] == story.people["second part"]


def test_what_the_bank_does_not_know_is_unknown_until_it_does(story: Story) -> None:
    files = story.files("unclear")
    assert files[-1]["unknown"] == story.people["unclear"]["unknown"] == 2
    assert sum(len(file["questions"]) for file in files) == 2
    (news,) = story.files("news")
    assert (news["unknown"], news["late_returns"], news["changed"]) == (0, 1, 3)
    fates = by_fate(story.office.answers["B2020-002"])
    assert news["paid"] == fates[Fate.PAID] + 1
    assert news["returned"] == fates[Fate.RETURNED] + 2


def test_what_was_paid_and_not_yet_debited_is_in_transit(story: Story) -> None:
    paid = story.files("unclear")[-1]["paid"]
    assert story.said["not debited"]["cash"]["in_transit"] == f"-{paid * 800}.00"


def test_only_those_wait_whose_record_was_right(story: Story) -> None:
    """Everybody else was corrected by the towns, on the sheets that the imports have written."""
    assert all(file["quarantined"] == 0 for file in story.files("corrected"))
    assert {person["class"] for person in story.said["waiting"]} == {"FROZEN", "LOST"}
    assert {person["state"] for person in story.said["waiting"]} == {"returned"}


def test_a_payment_made_again_costs_no_budget(story: Story) -> None:
    last = story.files("reissued")[-1]
    assert (last["returned"], last["unknown"], last["awaited"]) == (1, 0, 0)
    assert story.files("once more")[-1]["paid"] == 1
    fund = story.said["status"]["funds"][0]
    assert fund["spent"] == fund["paid"] == f"{PEOPLE * 800}.00"


def test_in_the_end_everybody_was_paid_once(story: Story) -> None:
    """By the bank's own account, by the plain entries of the books, and by the status."""
    everybody = {payee.payee_id: 1 for payee in story.office.payees()}
    assert len(everybody) == PEOPLE
    assert story.office.paid_by_the_bank() == everybody
    assert paid_in_the_books(story.office.books) == everybody
    assert story.said["status"]["payees"]["paid"] == PEOPLE
    assert story.said["status"]["waiting"] == []
    assert story.said["check"] == (0, {"ok": True, "errors": []})


def test_debits_and_refunds_leave_nothing_in_transit(story: Story) -> None:
    cash = story.said["status"]["cash"]
    assert (cash["in_transit"], cash["promised"]) == ("0.00", "0.00")
    assert story.office.kept_by_the_bank() == PEOPLE * 800
    assert cash["bank"] == f"{FIRST * 800 + 4_000_000 - PEOPLE * 800}.00"


def test_the_statement_of_a_batch_says_what_became_of_it(story: Story) -> None:
    report = story.said["report"]
    (batch,) = (one for one in story.said["status"]["batches"] if one["id"] == "B2020-002")
    said = {name: report[name]["payees"] for name in ("due", "paid", "returned", "reissued")}
    assert said["due"] == batch["payees"] == PEOPLE - FIRST
    assert said["paid"] == batch["paid"] == len(story.office.answers["B2020-002"].paid)
    assert said["returned"] == said["reissued"] == batch["returned"]
    assert (story.office.books / report["path"]).is_file()
