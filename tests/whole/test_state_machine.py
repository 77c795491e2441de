"""The state machine of :mod:`tests.support.state_machine`, run."""

from __future__ import annotations

import os
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.office import new_office
from tests.support.office_and_model import prepare_approvals
from tests.support.office_and_model import prepare_template
from tests.support.state_machine import CASES
from tests.support.state_machine import run_histories


@pytest.fixture
def template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """What every history begins with. No machine dies here, and nobody waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    (tmp_path / "template").mkdir()
    office = new_office(tmp_path / "template", capsys)
    prepare_template(office)
    prepare_approvals(office)
    return office


@pytest.mark.parametrize("case", range(CASES))
def test_an_office_and_its_bank(
    case: int,
    template: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    steps = -(-pytestconfig.getoption("machine_steps") // CASES)
    said: Counter[str] = Counter()
    folders = (tmp_path / f"office-{number}" for number in count())
    numbers = count(case, CASES)
    while (left := steps - said["steps"]) > 0:
        run_histories(template, folders, said, number=next(numbers), steps=left)
    assert said["steps"] >= steps
    with capsys.disabled():
        print(f"\n{dict(said.most_common())}")
