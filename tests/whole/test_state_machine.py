"""The state machines of :mod:`tests.support.state_machine` and of three stages, run."""

from __future__ import annotations

import os
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from tests.support.asked_twice import AskedOffice
from tests.support.asked_twice import AskedOfStages
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.office_and_model import prepare_approvals
from tests.support.office_and_model import prepare_template
from tests.support.staged_machine import STAGED
from tests.support.staged_machine import StagedOffice
from tests.support.staged_machine import prepare_stages
from tests.support.state_machine import CASES
from tests.support.state_machine import CensusOffice
from tests.support.state_machine import run_histories

# Of all cases together.
STEPS, STEPS_IF_THOROUGH = 2_500, 10_000
# Some of the cases are of three stages: a step of theirs costs several of the others.
ORDINARY = CASES - len(STAGED)
COST_OF_A_STAGED_STEP = 5
# A step that is taken twice and followed by questions.
COST_OF_A_STEP_TWICE = 8


@pytest.fixture
def template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """What every history begins with. No machine dies here, and nobody waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    (tmp_path / "template").mkdir()
    office = new_office(tmp_path / "template", capsys)
    prepare_template(office)
    return office


@pytest.mark.parametrize("case", range(ORDINARY))
def test_an_office_and_its_bank(
    case: int,
    template: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    prepare_approvals(template)
    run(case, CensusOffice, template, tmp_path, pytestconfig, capsys)


@pytest.mark.parametrize(("case", "tax_class"), [*enumerate(STAGED, ORDINARY)])
def test_an_office_of_three_stages(
    case: int,
    tax_class: str,
    template: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    prepare_stages(template, tax_class)
    run(case, STAGED[tax_class], template, tmp_path, pytestconfig, capsys)


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("tax_class", [None, "劳务报酬"])
def test_what_was_kept_changes_no_answer(
    tax_class: str | None,
    template: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    """Of one stage, and of three: every command with what was kept of the books, and without."""
    if tax_class is None:
        prepare_approvals(template)
        run(CASES, AskedOffice, template, tmp_path, pytestconfig, capsys)
    else:
        prepare_stages(template, tax_class)
        run(CASES, AskedOfStages, template, tmp_path, pytestconfig, capsys)


def run(
    case: int,
    machine: type[RuleBasedStateMachine],
    template: Office,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The case's share of the steps, in one office after the other."""
    steps = pytestconfig.getoption("machine_steps")
    steps = steps or (STEPS_IF_THOROUGH if pytestconfig.getoption("thorough") else STEPS)
    steps = -(-steps // CASES)
    if issubclass(machine, StagedOffice):
        steps = -(-steps // COST_OF_A_STAGED_STEP)
    if issubclass(machine, AskedOffice | AskedOfStages):
        steps = -(-steps // COST_OF_A_STEP_TWICE)
    said: Counter[str] = Counter()
    folders = (tmp_path / f"office-{number}" for number in count())
    numbers = count(case, CASES)
    while (left := steps - said["steps"]) > 0:
        run_histories(template, folders, said, number=next(numbers), steps=left, machine=machine)
    assert said["steps"] >= steps
    with capsys.disabled():
        print(f"\n{dict(said.most_common())}")
