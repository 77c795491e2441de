"""The state machine of :mod:`tests.support.state_machine`, run."""

from __future__ import annotations

from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.state_machine import CASES
from tests.support.state_machine import run_histories


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
