"""The books in a browser, served by the Windows edition and started as by a double click."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterable
from http.client import HTTPConnection
from pathlib import PureWindowsPath

from under_wine.carried import PEOPLE
from under_wine.demonstration import WineDemonstration
from under_wine.demonstration import shown

STARTER = "工作台.cmd"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/enter\?token=\w+)")
# A count of people on the page of towns leads to these people.
CLICK = re.compile(r'href="(/people\?[^"]+)"')
PATIENCE_SECONDS = 60
IN_USE = "已被别的程序占用"


def books_in_the_browser(demo: WineDemonstration) -> None:
    """Enter, look at a page, and click on one of its links; the port is taken from then on."""
    demo.say(f"A double click on {STARTER}.")
    starter = PureWindowsPath("C:/") / demo.command.with_name(STARTER).relative_to(demo.wine.drive)
    running = demo.wine.start("cmd", "/c", str(starter), "books", cwd=demo.folder)
    assert running.stdout is not None
    port, entrance = announced(running.stdout)
    status, _text, cookie = got(port, entrance)
    require(status == 200, "the address that was printed does not let in")
    status, towns, _none = got(port, "/disbursement", cookie)
    links = CLICK.findall(towns)
    require(status == 200 and links != [], "the page of towns is not answered")
    status, page, _none = got(port, links[0].replace("&amp;", "&"), cookie)
    require(status == 200 and 'id="people"' in page, "a click is not answered")
    status, people, _none = got(port, "/people/list.json", cookie)
    require(status == 200 and len(json.loads(people)["rows"]) == PEOPLE, "people are not listed")
    require(got(port, "/books/ledger/income_statement/", cookie)[0] == 200, "Fava does not answer")
    require(got(port, "/budget")[0] == 403, "somebody without the cookie is let in")
    print("# Let in, and a click answered.")
    demo.say("A second start finds the first; another program's port is said to be in use.")
    demo.must("browse", "--no-open")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        status, said = demo.answer("-C", "others", "browse", "--no-open", "--port", taken)
    print(shown(said), end="")
    require(status == 1 and IN_USE in shown(said), "a port in use is not told")


def announced(lines: Iterable[bytes]) -> tuple[int, str]:
    """The port and the path that a starting ``browse`` prints."""
    said = ""
    for line in lines:
        said += shown(line)
        print(shown(line), end="", flush=True)
        if found := ADDRESS.search(said):
            return int(found[1]), found[2]
    sys.exit("The books were not opened; what was said is above.")


def got(port: int, path: str, cookie: str = "") -> tuple[int, str, str]:
    """Status, text and cookie of what a browser gets."""
    caller = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    caller.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = caller.getresponse()
    text = answer.read().decode("utf-8")
    caller.close()
    return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"The test of the Windows edition stops here: {otherwise}.")
