"""Nothing below the doors asks the system who acts, when it is, or for chance.

A door hands them down (:mod:`ledger.base.actor_and_clock`). The time to wait is no clock: a lock
waits by a monotonic count, and a rename on Windows sleeps before it tries again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT

# The command, the pages in a browser, and what Fava calls with a file and nothing else.
DOORS = ("ledger/cli/", "ledger/web/", "importers/preview.py")
BARRED_MODULES = {"getpass", "secrets", "random", "uuid", "pwd"}
# What of a module, or of a class in it, asks the system; ``import`` brings the module whole.
BARRED = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "asctime"},
    "os": {"getlogin", "getuid", "geteuid", "urandom", "getrandom"},
}
# Whose a file is can be judged only by whose the process is; it is never taken for a person.
OWNERS_OF_FILES = {
    "ledger/books/permissions.py": ["pwd", "os.geteuid"],
    "ledger/keys/private_file.py": ["getpass", "os.geteuid", "os.geteuid"],
}
OF_THE_ENVIRONMENT = {"USER", "LOGNAME", "USERNAME", "LNAME"}


def asked(text: str) -> Iterator[str]:
    """What a module asks the system for, however it is imported and called."""
    tree = ast.parse(text)
    own = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                whole = f"{module}.{alias.name}".strip(".")
                own[alias.asname or alias.name] = alias.name
                if whole.partition(".")[0] in BARRED_MODULES:
                    yield whole
                if module in BARRED and alias.name in BARRED[module]:
                    yield whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value.attr if isinstance(node.value, ast.Attribute) else ""
            of = own.get(node.value.id, "") if isinstance(node.value, ast.Name) else of
            if node.attr in BARRED.get(of, ()):
                yield f"{of}.{node.attr}"
        if isinstance(node, ast.Constant) and node.value in OF_THE_ENVIRONMENT:
            yield f"os.environ[{node.value!r}]"
        if isinstance(node, ast.Name) and node.id == "__import__":
            yield "__import__"


def below_the_doors() -> Iterator[Path]:
    for room in ("ledger", "importers", "reports"):
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            if not path.relative_to(CHECKOUT).as_posix().startswith(DOORS):
                yield path


def test_nothing_below_the_doors_asks_the_system() -> None:
    paths = list(below_the_doors())
    assert len(paths) > 200
    found = {
        str(path.relative_to(CHECKOUT)): things
        for path in paths
        if (things := list(asked(path.read_text(encoding="utf-8"))))
    }
    assert found == OWNERS_OF_FILES


@pytest.mark.parametrize(
    "text",
    [
        "import getpass",
        "import getpass as g\ng.getuser()",
        "from getpass import getuser",
        "from secrets import token_hex",
        "def late():\n    import secrets",
        "import datetime\ndatetime.datetime.now()",
        "import datetime\ndatetime.date.today()",
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "from datetime import date\ndate.today()",
        "from datetime import datetime as moment\nmoment.now()",
        "import datetime\ntoday = datetime.date.today",
        "import time\ntime.time()",
        "import time as t\nt.time_ns()",
        "from time import time",
        "import os\nos.getlogin()",
        "import os\nos.environ['USER']",
        "import uuid\nuuid.uuid4()",
        "import random",
    ],
)
def test_a_way_to_ask_is_seen(text: str) -> None:
    assert list(asked(text))


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.sleep(0.1)\ntime.monotonic()",
        "import datetime\ndatetime.date(2020, 11, 10)\ndatetime.datetime.combine(day, noon)",
        "from ledger.base.actor_and_clock import stamp\nstamp(actor, clock)\nwork.today",
    ],
)
def test_what_asks_nothing_is_let_be(text: str) -> None:
    assert not list(asked(text))
