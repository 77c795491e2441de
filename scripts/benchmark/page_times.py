"""How long each page of the desk takes on the server, in a fresh process.

    python scripts/benchmark/page_times.py BOOKS REPEAT

The books are loaded, and every page is asked for: first, and ``REPEAT`` times again, of which the
median counts. Then events are written, on the desk and by commands, and the first page after each
counts: the desk's, and Fava's. At last an entry by hand is changed, with which all is loaded anew;
beside it stands Fava alone, which loads the same books with the plugin, as it does without us.
Milliseconds of processor time of whoever answers, which depends least on what else the machine
does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

from benchmark.stages import BATCH
from ledger.base.books_folder import HAND_FILE
from ledger.base.books_folder import MAIN_FILE

MOST_MS = 50
# Of what Fava alone takes to load the same books.
AFTER_AN_EVENT = 0.15
WHEN_ALL_IS_LOADED = 1.2
OPERATORS = "/settings/operators"
INCOME = "/books/ledger/api/income_statement"
PASSPHRASE = "a long passphrase"
PAGES = (
    "/",
    "/inbox",
    "/disbursement",
    f"/disbursement/{BATCH}",
    "/disbursement/plan",
    "/people",
    "/people/list.json",
    "/people/P000007",
    "/people/P000007.json",
    "/bank",
    "/budget",
    "/budget?on=2020-11-30",
    "/reports",
    "/reports/bank",
    "/reports/months/2020-11",
    "/settings",
    "/settings/operators",
    "/settings/log",
    "/settings/budget",
    "/settings/rates",
    "/settings/approvals",
    "/settings/towns",
    "/settings/roles",
    "/books/ledger/income_statement/",
    "/books/ledger/api/income_statement",
    "/books/ledger/api/trial_balance",
)


class Desk:
    """The desk on some books, asked as a browser of the operator O01 asks."""

    def __init__(self, books: Path) -> None:
        from werkzeug.test import Client

        from ledger.web.server import whole_application

        self.books = books
        self.browser = Client(whole_application(books))
        self.send("/login", "login", "/login", operator="O01", passphrase="")

    def ask(self, path: str) -> str:
        answer = self.browser.get(path)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}")
        return answer.text

    def send(self, page: str, form: str, path: str, **fields: str) -> None:
        text = self.ask(page)
        text = text[text.index(f'id="{form}"') :].partition("</form>")[0]
        hidden = re.findall(r'name="(token|seen)" value="([^"]*)"', text)
        answer: Any = self.browser.post(path, data={**dict(hidden), **fields})
        if answer.status_code != 303:
            sys.exit(f"{path} answers {answer.status_code}")

    def event_on_the_desk(self, number: int) -> None:
        """Somebody new signs from now on."""
        self.send(
            OPERATORS,
            "add",
            f"{OPERATORS}/add",
            name=f"a{number}",
            role="审批",
            on="2020-12-31",
            passphrase=PASSPHRASE,
            again=PASSPHRASE,
        )

    def event_by_a_command(self, number: int) -> None:
        run = "from ledger.cli import run; run()"
        add = ("operator", "add", f"b{number}", "--role", "审批", "--date", "2020-12-31")
        environment = {**os.environ, "CENSUS_LEDGER_PASSPHRASE": PASSPHRASE}
        command = (sys.executable, "-c", run, "-C", str(self.books), *add)
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    def entry_by_hand(self, number: int) -> None:
        with (self.books / HAND_FILE).open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"; {number}\n")


def timed(do: Callable[..., object], *arguments: str) -> float:
    start = thread_time()
    do(*arguments)
    return (thread_time() - start) * 1000


def lines(books: Path, repeat: int) -> Iterator[str]:
    desk = Desk(books)
    ask = desk.ask
    yield f"{'page':38} {'first':>8} {'then':>8}"
    for path in (*PAGES, *re.findall(r'href="(/bank/[^"/]+)"', ask("/bank"))[:1]):
        first = timed(ask, path)
        then = median(timed(ask, path) for _ in range(repeat))
        yield f"{path:38} {first:8.1f} {then:8.1f}{'  MISSED' if then > MOST_MS else ''}"
    alone = alone_in_fava(books, repeat)
    events = {
        "an event of its own": desk.event_on_the_desk,
        "an event of a command": desk.event_by_a_command,
    }
    for name, write in events.items():
        ours, fava = after(desk, write, repeat)
        missed = "  MISSED" if ours > AFTER_AN_EVENT * alone else ""
        yield f"{f'/ after {name}, then Fava':38} {ours:8.1f} {fava:8.1f}{missed}"
    ours, _fava = after(desk, desk.entry_by_hand, repeat)
    missed = "  MISSED" if ours > WHEN_ALL_IS_LOADED * alone else ""
    yield f"{'/ when all is loaded : Fava loads it':38} {ours:8.1f} {alone:8.1f}{missed}"


def after(desk: Desk, write: Callable[[int], None], repeat: int) -> tuple[float, float]:
    """The first page of the desk, and then of Fava, after something was written."""
    ours, fava = [], []
    for number in range(repeat):
        write(number)
        ours.append(timed(desk.ask, "/"))
        fava.append(timed(desk.ask, INCOME))
    return median(ours), median(fava)


def alone_in_fava(books: Path, repeat: int) -> float:
    """How Fava alone loads the same books."""
    from fava.core import FavaLedger

    plain = FavaLedger(str(books / MAIN_FILE), poll_watcher=True)
    return median(timed(plain.load_file) for _ in range(repeat))


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1]), int(sys.argv[2])):
        print(line, flush=True)
