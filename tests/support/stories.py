"""How the tests are shared out among the cores: those that tell one story together stay together.

A plugin of pytest that ``scripts/test.py`` names. pytest-xdist's own ``loadgroup`` would do, but
its groups are lost with pytest 9.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

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


class StoriesTogether(LoadScopeScheduling):  # type: ignore[misc]
    """A story goes to one core, and begins first; any other test to whichever core is free."""

    def _split_scope(self, nodeid: str) -> str:
        file, _colons, _test = nodeid.partition("::")
        if file in IN_THE_BROWSER:
            return "browser"
        return STORIES.get(file, nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> StoriesTogether:
    return StoriesTogether(config, log)
