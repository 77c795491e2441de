"""The desk in a browser, served by the Windows edition and started as by a double click."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
from collections.abc import Iterable
from html import unescape
from http.client import HTTPConnection
from pathlib import PureWindowsPath
from urllib.parse import urlencode

from under_wine.carried import PEOPLE
from under_wine.demonstration import WineDemonstration
from under_wine.demonstration import shown

STARTER = "工作台.cmd"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/enter\?token=\w+)")
# A count of people on the page of towns leads to these people.
CLICK = re.compile(r'href="(/people\?[^"]+)"')
TOKEN = re.compile(r'name="token" value="([^"]+)"')
PATIENCE_SECONDS = 60
IN_USE = "已被别的程序占用"


class Browser:
    """A browser that the desk has let in, as far as it asks for pages and sends forms."""

    def __init__(self, port: int, entrance: str) -> None:
        self.port = port
        self.cookie = ""
        status, _page = self.get(entrance)
        require(status == 200, "the address that was printed does not let in")

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text of a page."""
        return self._asked("GET", path, {})

    def post(self, path: str, **fields: str) -> int:
        """Send a form; the status."""
        here = f"http://127.0.0.1:{self.port}"
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": here}
        return self._asked("POST", path, form, urlencode(fields))[0]

    def _asked(
        self, method: str, path: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[int, str]:
        if self.cookie:
            headers["Cookie"] = self.cookie
        caller = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        caller.request(method, path, body, headers)
        answer = caller.getresponse()
        text = answer.read().decode("utf-8")
        caller.close()
        self.cookie = self.cookie or (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status, text


def desk_in_the_browser(demo: WineDemonstration) -> None:
    """Enter, click on a link, log in; the port is taken from then on."""
    demo.say(f"A double click on {STARTER}.")
    starter = PureWindowsPath("C:/") / demo.command.with_name(STARTER).relative_to(demo.wine.drive)
    free = ("--port", "0")
    running = demo.wine.start("cmd", "/c", str(starter), "books", *free, cwd=demo.folder)
    assert running.stdout is not None
    clicks(Browser(*announced(running.stdout)))
    demo.say("A second start finds the first; another program's port is said to be in use.")
    demo.must("desk", "--no-open")
    shutil.copytree(demo.folder / "books", demo.folder / "others")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        status, said = demo.answer("-C", "others", "desk", "--no-open", "--port", taken)
    print(shown(said), end="")
    require(status == 1 and IN_USE in shown(said), "a port in use is not told")


def clicks(browser: Browser) -> None:
    """What somebody does there who has been let in."""
    status, towns = browser.get("/disbursement")
    links = CLICK.findall(towns)
    require(status == 200 and links != [], "the page of towns is not answered")
    status, page = browser.get(unescape(links[0]))
    require(status == 200 and 'id="people"' in page, "a click is not answered")
    status, people = browser.get("/people/list.json")
    require(status == 200 and len(json.loads(people)["rows"]) == PEOPLE, "people are not listed")
    require(browser.get("/books/ledger/income_statement/")[0] == 200, "Fava does not answer")
    _status, page = browser.get("/login")
    tokens = TOKEN.findall(page)
    require(tokens != [], "there is no form to log in")
    fields = {"token": tokens[0], "operator": "O01", "passphrase": "", "to": "/"}
    require(browser.post("/login", **fields) == 303, "the operator is not let in")
    status, page = browser.get("/")
    require(status == 200 and "张经办" in page, "the operator is not known")
    print("# Let in, a click answered, an operator logged in.")


def announced(lines: Iterable[bytes]) -> tuple[int, str]:
    """The port and the path that the starting desk prints."""
    said = ""
    for line in lines:
        said += shown(line)
        print(shown(line), end="", flush=True)
        if found := ADDRESS.search(said):
            return int(found[1]), found[2]
    sys.exit("The books were not opened; what was said is above.")


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"The test of the Windows edition stops here: {otherwise}.")
