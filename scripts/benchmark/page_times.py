"""How long each page of the desk takes on the server, in a fresh process.

    python scripts/benchmark/page_times.py BOOKS REPEAT

The books are loaded, and every page is asked for: first, and ``REPEAT`` times again, of which the
median counts. Then the books change, and the first page that is asked for loads them anew; beside
it stands Fava alone, which loads the same books with the plugin, as it does without us.
Milliseconds of processor time, which depends least on what else the machine does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from benchmark.stages import BATCH
from ledger.base.books_folder import MAIN_FILE

MOST_MS = 50
AFTER_AN_EVENT = 1.2
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


def client(books: Path) -> Callable[[str], str]:
    """Ask for a page as a browser of the operator O01 does."""
    from werkzeug.test import Client

    from ledger.web.server import whole_application

    browser = Client(whole_application(books))
    page = browser.get("/login").text
    form = page[page.index('id="login"') :]
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token is not None, "the form has a token"
    sent = {"token": token[1], "operator": "O01", "passphrase": ""}
    if browser.post("/login", data=sent).status_code != 303:
        sys.exit("nobody can log in")

    def ask(path: str) -> str:
        answer = browser.get(path)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}")
        return answer.text

    return ask


def timed(do: Callable[..., object], *arguments: str) -> float:
    start = process_time()
    do(*arguments)
    return (process_time() - start) * 1000


def lines(books: Path, repeat: int) -> Iterator[str]:
    ask = client(books)
    yield f"{'page':38} {'first':>8} {'then':>8}"
    for path in (*PAGES, *re.findall(r'href="(/bank/[^"/]+)"', ask("/bank"))[:1]):
        first = timed(ask, path)
        then = median(timed(ask, path) for _ in range(repeat))
        yield f"{path:38} {first:8.1f} {then:8.1f}{'  MISSED' if then > MOST_MS else ''}"
    ours, fava = after_an_event(books, ask, repeat)
    missed = "  MISSED" if ours > AFTER_AN_EVENT * fava else ""
    yield f"{'/ after an event : Fava loads it':38} {ours:8.1f} {fava:8.1f}{missed}"


def after_an_event(books: Path, ask: Callable[[str], str], repeat: int) -> tuple[float, float]:
    """The first page, and how Fava alone loads the same books, in turn."""
    from fava.core import FavaLedger

    plain = FavaLedger(str(books / MAIN_FILE), poll_watcher=True)
    ours, fava = [], []
    for _ in range(repeat):
        (books / MAIN_FILE).touch()
        ours.append(timed(ask, "/"))
        fava.append(timed(plain.load_file))
    return median(ours), median(fava)


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1]), int(sys.argv[2])):
        print(line, flush=True)
