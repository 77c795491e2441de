"""Rules are added to the file of rules: as meant, sound, whole or not at all, whatever happens."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base import durable
from ledger.base.books_folder import RULES_FILE
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.figures.budget_lines import budget_lines
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.rules import BudgetChange
from ledger.model.rules import Rate
from ledger.services.rules import AddedRules
from ledger.services.rules import MayNotAddRules
from ledger.services.rules import NothingAdded
from ledger.services.rules import PlannedRules
from ledger.services.rules import RuleOfThatDay
from ledger.services.rules import RulesChanged
from ledger.services.rules import RulesRefused
from ledger.services.rules import add_rules
from ledger.services.rules import plan_rules
from tests.support.acting import actor_of
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.faulty_disk import FullDisk
from tests.support.faulty_disk import Killed
from tests.support.faulty_disk import PowerCut
from tests.support.faulty_disk import TornWrites
from tests.support.hostile_texts import HOSTILE
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import day

LABOUR, TRAINING = LineComponent("30226劳务费"), LineComponent("30216培训费")
TODAY = datetime.date(2020, 11, 2)


def change(yuan: int, line: LineComponent = LABOUR, kind: str = "supplement") -> BudgetChange:
    return BudgetChange(TODAY, FundCode("01"), line, yuan * 100, kind)


def supplement(yuan: int = 20_000, document: str = "鲁财〔2020〕12 号") -> AddedRules:
    return AddedRules((change(yuan),), document=document)


def clock() -> datetime.datetime:
    return datetime.datetime(2020, 11, 2, 9).astimezone()


def plan(office: Office, added: AddedRules) -> PlannedRules:
    books = office.books()
    return plan_rules(books, books.history.operators["O01"], added, TODAY)


def add(office: Office, added: AddedRules) -> PlannedRules:
    expected = plan(office, added).digest
    with office.work(clock=clock) as work:
        return add_rules(work, added, expected)


def rules_text(office: Office) -> str:
    return (office.folder / RULES_FILE).read_text(encoding="utf-8")


def labour(office: Office) -> int:
    return next(one.given_fen for one in budget_lines(office.books()) if one.line == LABOUR)


def test_what_is_added_stands_at_the_end_with_who_and_by_which_paper(office: Office) -> None:
    before, given_fen = rules_text(office), labour(office)
    planned = add(office, supplement())
    assert planned.text == (
        "; 2020-11-02 O01 测试员\n"
        '2020-11-02 custom "census-budget" Expenses:5001业务活动费用:01本级财政:30226劳务费'
        ' 20000.00 CNY "supplement"\n'
        '  document: "鲁财〔2020〕12 号"\n'
    )
    assert rules_text(office) == f"{before}\n{planned.text}"
    assert labour(office) == given_fen + 2_000_000
    assert office.check() == []


def test_a_transfer_moves_money_between_lines(office: Office) -> None:
    moved = (change(-500, LABOUR, "transfer"), change(500, TRAINING, "transfer"))
    given_fen = labour(office)
    add(office, AddedRules(moved, document="内部调剂"))
    assert labour(office) == given_fen - 50_000
    assert office.check() == []
    with pytest.raises(RulesRefused, match="not to zero"):
        plan(office, AddedRules((change(-500, LABOUR, "transfer"),), document="另一份"))


def test_a_later_rate(office: Office) -> None:
    rate = replace(office.books().rules.rates[0], date=TODAY, amount_fen=90_000)
    add(office, AddedRules((rate,), document="鲁统〔2020〕3 号"))
    found = office.books().rules.rate(rate.role, TODAY)
    assert found == rate
    with pytest.raises(RuleOfThatDay):
        plan(office, AddedRules((rate,)))


def test_a_rate_of_a_stage_keeps_its_bounds(office: Office) -> None:
    office.rule('2020-10-01 custom "census-stage" "S1" "入户" "per-unit" "户"')
    role, item = office.books().rules.rates[0].role, office.books().rules.rates[0].item
    rate = Rate(TODAY, role, 350, item, minimum_fen=10_000, maximum_fen=200_000)
    add(office, AddedRules((rate,)))
    assert office.books().rules.rate(role, TODAY) == rate
    assert office.check() == []


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        pytest.param(supplement(-3_399_000), "more than its budget", id="below what is spent"),
        pytest.param(supplement(-9_000_000), "more than its budget", id="below zero"),
        pytest.param(
            AddedRules(
                (BudgetChange(TODAY, FundCode("01"), LineComponent("99999没有"), 1, "initial"),)
            ),
            "no account is open",
            id="no such account",
        ),
        pytest.param(AddedRules((change(1, kind="gift"),)), "a budget is", id="no such kind"),
    ],
)
def test_what_would_break_the_books_is_not_written(
    funded: Office, added: AddedRules, sentence: str
) -> None:
    funded.disburse()
    before = rules_text(funded)
    with pytest.raises(RulesRefused, match=sentence):
        plan(funded, added)
    assert rules_text(funded) == before


def test_what_a_contract_binds_is_not_taken_away(office: Office) -> None:
    account = f"Expenses:5001业务活动费用:01本级财政:{TRAINING}"
    office.rule(f'2020-06-01 custom "census-commitment" "C-1" {account} 1000.00 CNY')
    plan(office, AddedRules((change(-479_000, TRAINING),)))
    with pytest.raises(RulesRefused, match="more is spent or bound"):
        plan(office, AddedRules((change(-479_500, TRAINING),)))


def test_a_closed_month_takes_no_rule(funded: Office) -> None:
    assert funded.run("month", "close", "2020-11", "--yes").status == 0
    with pytest.raises(RulesRefused, match="2020-11"):
        plan(funded, supplement())


def test_a_line_that_would_be_read_as_something_else_is_refused(office: Office) -> None:
    other = LineComponent('30226劳务费 9.00 CNY "initial" ;')
    with pytest.raises(RulesRefused, match="read as something else"):
        plan(office, AddedRules((change(7, other),)))


def test_nothing_is_no_rule(office: Office) -> None:
    with pytest.raises(NothingAdded):
        plan(office, AddedRules(document="鲁财〔2020〕12 号"))


def test_rules_are_added_by_a_manager(office: Office) -> None:
    office.run("operator", "add", "经办员", "--role", "经办")
    before = rules_text(office)
    expected = plan(office, supplement()).digest
    by = actor_of(office.folder, office.key, "O02")
    with office.work(actor=by) as work, pytest.raises(MayNotAddRules):
        add_rules(work, supplement(), expected)
    assert rules_text(office) == before


def test_a_file_that_was_changed_meanwhile_is_shown_anew(office: Office) -> None:
    expected = plan(office, supplement()).digest
    office.rule("; 别人在记事本里写的")
    before = rules_text(office)
    with office.work(clock=clock) as work, pytest.raises(RulesChanged):
        add_rules(work, supplement(), expected)
    assert rules_text(office) == before


def test_line_ends_and_an_unended_last_line_stay(office: Office) -> None:
    path = office.folder / RULES_FILE
    path.write_bytes(path.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    add(office, supplement())
    after = path.read_bytes()
    assert after.startswith(before + b"\r\n\r\n; ")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert office.check() == []


@settings(max_examples=25)
@given(document=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)))
def test_whatever_a_paper_is_called_it_is_one_text(shared_office: Office, document: str) -> None:
    """No text of a person's becomes a directive: it is read as what was meant, or refused."""
    try:
        planned = plan(shared_office, supplement(7, document))
    except Refusal:
        return
    old, new = shared_office.books(), planned.books
    assert Counter(new.rules.budget) - Counter(old.rules.budget) == Counter([change(7)])
    assert len(new.entries) == len(old.entries) + 1


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    from tests.support.office import new_office

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        return new_office(tmp_path_factory.mktemp("rules"), None)  # type: ignore[arg-type]


def test_a_full_disk_leaves_the_file_as_it_was(office: Office) -> None:
    path = office.folder / RULES_FILE
    old, expected = path.read_bytes(), plan(office, supplement()).digest
    outcomes = []
    for moment in range(1, 30):
        durable.disk = FullDisk(moment)
        try:
            with office.work(clock=clock) as work:
                add_rules(work, supplement(), expected)
        except (OSError, Refusal):
            pass
        finally:
            durable.disk = durable.Disk()
        outcomes.append(path.read_bytes() != old)
        assert office.check() == []
        if outcomes[-1]:
            assert digest(path.read_bytes()) == expected
            path.write_bytes(old)
    assert set(outcomes) == {True, False}


@needs_fork
def test_killed_or_without_power_at_any_moment_the_file_is_the_old_one_or_the_new(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    path = office.folder / RULES_FILE
    old, planned = path.read_bytes(), plan(office, supplement())

    def write(moment: int, kind: str) -> Answer:
        cut = PowerCut(moment, office.folder, list if kind == "all lost" else tuple)
        cut.kill_before = moment if kind == "killed" else 0
        durable.disk = TornWrites(moment) if kind == "torn" else cut
        try:
            durable.replace_file(path, planned.content)
        except Killed:
            return Answer(1, "", "")
        return Answer(0, "", "")

    for kind in ("killed", "torn", "all lost"):
        seen = set()
        for moment in range(1, 8):
            in_child(partial(write, moment, kind))
            content = path.read_bytes()
            assert content in (old, planned.content), (kind, moment)
            seen.add(content)
            path.write_bytes(old)
        assert planned.content in seen, kind
    assert office.check() == []


def test_what_a_killed_one_has_left_is_in_nobodys_way(office: Office) -> None:
    (office.folder / f"{RULES_FILE}.new").write_bytes(b"half of")
    assert office.check() == []
    add(office, supplement())
    assert not Path(office.folder / f"{RULES_FILE}.new").exists()
    assert digest(rules_text(office).encode()) == digest((office.folder / RULES_FILE).read_bytes())
    assert day("2020-11-02") in {one.date for one in office.books().rules.budget}
