"""Every long story of the tests is told once, on one core."""

from __future__ import annotations

import re

from tests.support.checkout import CHECKOUT
from tests.support.stories import STORIES
from tests.support.stories import in_order
from tests.support.stories import unit_of

TELLS_A_STORY = re.compile(
    r'scope="module"\)\ndef story\(|\bwhole_office: Story|\byear: ByCommands'
)


def test_every_file_that_tells_a_story_is_kept_together() -> None:
    files = (CHECKOUT / "tests").rglob("test_*.py")
    telling = {
        file.relative_to(CHECKOUT).as_posix()
        for file in files
        if TELLS_A_STORY.search(file.read_text(encoding="utf-8"))
    }
    assert telling == STORIES.keys()


def test_what_takes_long_begins_first_and_what_is_short_comes_last() -> None:
    tests = [
        "tests/ledger/test_a.py::test_one",
        "tests/ledger/test_b.py::test_one",
        "tests/ledger/test_b.py::test_two[x]",
        "tests/whole/test_crash.py::test_killed[batch void --file]",
        "tests/whole/test_disk_faults.py::test_power[batch void --file-everything]",
        "tests/whole/test_disk_faults.py::test_both[all_but_the_newest-disburse]",
        "tests/whole/test_state_machine.py::test_an_office[1]",
        "tests/whole/test_whole_office.py::test_end",
        "tests/ledger/test_rehearsal.py::test_end",
    ]
    order = list(dict.fromkeys(unit_of(test)[1] for test in in_order(tests, str)))
    assert order == [
        "the whole office",
        "tests/whole/test_state_machine.py::test_an_office[1]",
        "trial of batch void --file",
        "trial of disburse",
        "tests/ledger/test_b.py",
        "tests/ledger/test_a.py",
    ]
