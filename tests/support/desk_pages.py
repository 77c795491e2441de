"""The pages as a program asks for them that has been let in: the whole application behind its door,
without a browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client
from werkzeug.test import TestResponse

from ledger.web.door import HOST
from ledger.web.door import Application
from ledger.web.door import Door
from ledger.web.entry import Entry
from ledger.web.entry import Proofs
from ledger.web.entry import new_secret
from ledger.web.server import whole_application
from tests.support.office import Office

PORT = 5000
HERE = f"http://{HOST}:{PORT}"
FAVA = "/books/ledger"


class DeskPages:
    """The pages of an office's books; ``edit`` lets Fava write the file for entries by hand.

    ``client`` has the cookie, ``stranger`` has none. Both name our Host.
    """

    def __init__(self, office: Office, *, edit: bool = False) -> None:
        self.application: Application = whole_application(
            office.folder, key_file=office.key, edit=edit
        )
        self.entry = Entry(Proofs(new_secret(), PORT))
        self.door = Door(self.application, PORT, self.entry)
        self.client = Client(self.door)
        self.stranger = Client(self.door)
        token = self.entry.proofs.one_time_token()
        entered = self.client.get("/enter", query_string={"token": token}, base_url=HERE)
        assert entered.status_code == 200

    @property
    def ledger(self) -> Any:
        """The ledger that Fava shows."""
        both: Any = self.application
        return both.mounts["/books"].config["LEDGERS"]["ledger"]

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

    def get(self, address: str, **query: str) -> TestResponse:
        """A page or another answer of Fava's: ``api/journal``."""
        return self.ask("GET", f"{FAVA}/{address}", query_string=query)

    def put(self, address: str, **values: object) -> TestResponse:
        return self.ask("PUT", f"{FAVA}/api/{address}", json=values)

    def delete(self, address: str, **query: str) -> TestResponse:
        return self.ask("DELETE", f"{FAVA}/api/{address}", query_string=query)


def document(pages: DeskPages, file: Path) -> TestResponse:
    """What is answered to whoever asks for a file as a document."""
    return pages.get("document/", filename=str(file))
