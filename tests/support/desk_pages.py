"""The pages as a program asks for them that has been let in: the whole application behind its door,
without a browser.
"""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4 import Tag
from werkzeug.test import Client
from werkzeug.test import TestResponse

from ledger.base.actor_and_clock import Clock
from ledger.web.door import HOST
from ledger.web.door import Application
from ledger.web.door import Door
from ledger.web.entry import Entry
from ledger.web.entry import Proofs
from ledger.web.entry import new_secret
from ledger.web.fava_ledgers import FavaLedgers
from ledger.web.server import whole_application
from tests.support.acting import clock
from tests.support.office import Office

PORT = 5000
HERE = f"http://{HOST}:{PORT}"
FAVA = "/books/ledger"
# A form as it is filled in, with the address where it goes as its action.
Fields = dict[str, Any]


class DeskPages:
    """The pages of an office's books; ``edit`` lets Fava write the file for entries by hand.

    ``client`` has the cookie, ``stranger`` has none. Both name our Host.
    """

    def __init__(
        self,
        office: Office,
        *,
        edit: bool = False,
        clock: Clock = clock,
        application: Application | None = None,
    ) -> None:
        self.application = application or whole_application(
            office.folder, key_file=office.key, edit=edit, clock=clock
        )
        self.entry = Entry(Proofs(new_secret(), PORT))
        self.door = Door(self.application, PORT, self.entry)
        self.client = Client(self.door)
        self.stranger = Client(self.door)
        self.enter(self.client)

    def enter(self, client: Client) -> None:
        """Let a browser in."""
        token = self.entry.proofs.one_time_token()
        entered = client.get("/enter", query_string={"token": token}, base_url=HERE)
        assert entered.status_code == 200

    def another_browser(self) -> DeskPages:
        """The same server, asked by another browser that has been let in."""
        other = copy(self)
        other.client = Client(self.door)
        other.enter(other.client)
        return other

    @property
    def ledgers(self) -> FavaLedgers:
        """Where Fava gets what it shows."""
        both: Any = self.application
        ledgers: FavaLedgers = both.mounts["/books"].config["LEDGERS"]
        return ledgers

    def keep(self) -> None:
        """What the desk does in the background: it keeps what the books have come to."""
        both: Any = self.application
        both.app.config["DESK"].keeping.afterwards.run()

    @property
    def ledger(self) -> Any:
        """The ledger that Fava shows."""
        return self.ledgers.now()

    def ask(self, method: str, path: str, **more: object) -> TestResponse:
        """Any request of a page of ours; ``path`` may hold a query."""
        split = urlsplit(path)
        headers = {"Sec-Fetch-Site": "same-origin"}
        if method not in ("GET", "HEAD"):
            headers["Origin"] = HERE
        given: dict[str, object] = {"headers": headers, "base_url": HERE, "method": method, **more}
        if split.query:
            given["query_string"] = split.query
        return self.client.open(split.path, **given)  # type: ignore[arg-type]

    def our(self, path: str, **query: str) -> TestResponse:
        """One of our own pages: ``/budget``."""
        return self.ask("GET", path, query_string=query)

    def page(self, path: str, **query: str) -> str:
        """The text of one of our own pages."""
        answer = self.our(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.text

    def fields(self, path: str, form: str) -> dict[str, str]:
        """A form of a page of ours as it is shown: where it goes, and what stands in its fields."""
        return fields_of(self.page(path), form)

    def send(self, path: str, form: str, **typed: object) -> TestResponse:
        """Open a page of ours, fill in a form and send it."""
        fields = {**self.fields(path, form), **typed}
        return self.post(str(fields.pop("action")), **fields)

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.ask("POST", path, data=fields)

    def log_in(self, operator: str = "O01", passphrase: str = "") -> DeskPages:
        """The same browser, with an operator logged in."""
        answer = self.send("/login", "login", operator=operator, passphrase=passphrase)
        assert answer.status_code == 303, refusals(answer)
        return self

    def get(self, address: str, **query: str) -> TestResponse:
        """A page or another answer of Fava's: ``api/journal``."""
        return self.ask("GET", f"{FAVA}/{address}", query_string=query)

    def put(self, address: str, **values: object) -> TestResponse:
        return self.ask("PUT", f"{FAVA}/api/{address}", json=values)

    def delete(self, address: str, **query: str) -> TestResponse:
        return self.ask("DELETE", f"{FAVA}/api/{address}", query_string=query)


def fields_of(page: str, form: str) -> dict[str, str]:
    """A form of a page: its action, and the fields as a browser would send them."""
    found = BeautifulSoup(page, "html.parser").find("form", id=form)
    assert isinstance(found, Tag), f"the page has no form {form}"
    fields = {"action": str(found["action"])}
    for field in found.find_all(["input", "select", "textarea"]):
        name, kind = str(field.get("name", "")), field.get("type")
        if not name or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            if isinstance(chosen, Tag):
                fields[name] = str(chosen.get("value", chosen.get_text()))
        elif field.name == "textarea":
            fields[name] = field.get_text()
        else:
            fields[name] = str(field.get("value", ""))
    return fields


def text_of(page: str) -> str:
    """The text that a page shows as it will be written."""
    found = BeautifulSoup(page, "html.parser").find("pre")
    return found.get_text() if isinstance(found, Tag) else ""


def at_field(page: str, *field: str) -> str:
    """What is said at a field, which is named by its form and its own name."""
    found = BeautifulSoup(page, "html.parser").find(id="-".join((*field, "problem")))
    return " ".join(found.get_text().split()) if isinstance(found, Tag) else ""


def notes(answer: TestResponse) -> list[str]:
    """What a page says was done."""
    return _texts(answer, ".done")


def refusals(answer: TestResponse) -> list[str]:
    """What a page says could not be done."""
    return _texts(answer, ".refusal")


def _texts(answer: TestResponse, kind: str) -> list[str]:
    html = BeautifulSoup(answer.text, "html.parser")
    return [" ".join(one.get_text(" ").split()) for one in html.select(kind)]


def document(pages: DeskPages, file: Path) -> TestResponse:
    """What is answered to whoever asks for a file as a document."""
    return pages.get("document/", filename=str(file))
