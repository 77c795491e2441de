"""How the tests are shared out among the cores: those that use the same stay together.

A plugin of pytest that ``scripts/test.py`` names. pytest-xdist's own ``loadgroup`` would do, but
its groups are lost with pytest 9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from typing import TypeVar

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

Test = TypeVar("Test")

# Each begins with commands that take up to a minute, and every test looks at what they have done:
# which story a file tells.
STORIES = {
    "tests/ledger/test_money_comes_back.py": "money comes back",
    "tests/whole/test_whole_office.py": "the whole office",
    "tests/ledger/test_rehearsal.py": "the whole office",
    "tests/ledger/test_desk_in_browser.py": "the year",
    "tests/whole/test_year_at_desk.py": "the year",
}
# All of these share one browser, which is started once.
IN_THE_BROWSER = {
    "tests/ledger/test_desk_at_work.py",
    "tests/ledger/test_desk_releasing.py",
    "tests/ledger/test_attacking_pages.py",
    "tests/ledger/test_fava_pages.py",
    "tests/importers/test_import_page.py",
}


# Each test of these takes long, and goes to whichever core is free.
LONG_TESTS = {
    "tests/whole/test_audit_agreement.py",
    "tests/whole/test_small_world.py",
    "tests/whole/test_state_machine.py",
    "tests/whole/test_two_stages.py",
}
# Few tests that take long: were they last, one core would wait for another.
LONG_FILES = {
    "tests/importers/test_damaged_rosters.py",
    "tests/importers/test_damaged_statements.py",
    "tests/importers/test_damaged_work_lists.py",
    "tests/ledger/test_desk_command.py",
    "tests/ledger/test_desk_in_english.py",
    "tests/ledger/test_desk_texts.py",
    "tests/ledger/test_first_visit.py",
    "tests/ledger/test_mistakes_undone.py",
    "tests/ledger/test_monthly_figures.py",
    "tests/project/test_locked_setup.py",
    "tests/reports/test_tax_declaration.py",
    "tests/reports/test_verify_properties.py",
    "tests/scripts/test_demo_stages.py",
}
# A command is prepared once for all that happens to it.
TRIALS = {"tests/whole/test_crash.py", "tests/whole/test_disk_faults.py"}
LOSSES = ("everything", "all_but_the_newest")


def unit_of(test: str) -> tuple[int, str]:
    """What a test is kept together with; what takes long has a lower number, and begins first.

    Other tests go by their files: what a file prepares once is prepared on one core.
    """
    file, _colons, name = test.partition("::")
    if file in STORIES:
        return 0, STORIES[file]
    if file in IN_THE_BROWSER:
        return 0, "browser"
    if file in LONG_TESTS:
        return 1, test
    if file in TRIALS:
        command = name.partition("[")[2].rstrip("]")
        for loss in LOSSES:
            command = command.removesuffix(f"-{loss}").removeprefix(f"{loss}-")
        return 2, f"trial of {command}"
    return (1 if file in LONG_FILES else 3), file


def in_order(tests: Sequence[Test], name_of: Callable[[Test], str]) -> list[Test]:
    """What begins first comes first, and then units of many tests: the last ones are short."""
    sizes = Counter(unit_of(name_of(test)) for test in tests)

    def place(test: Test) -> tuple[int, int, str]:
        first, unit = unit_of(name_of(test))
        return first, -sizes[first, unit], unit

    return sorted(tests, key=place)


class UnitsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """A unit goes to one core."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)[1]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = in_order(items, lambda item: item.nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> UnitsTogether:
    # By their order, not by how many tests are in them alone.
    config.option.loadscopereorder = False
    return UnitsTogether(config, log)
