"""The liaison's pages as a program asks for them: Fava's real application, without a browser."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reports.desk.server import desk_application
from tests.support.office import Office


class DeskPages:
    """The pages of an office's books; ``edit`` lets Fava write the file for entries by hand."""

    def __init__(self, office: Office, *, edit: bool = False) -> None:
        application = desk_application(office.folder, key_file=office.key, edit=edit)
        self.client: FlaskClient = application.test_client()
        first = self.client.get("/", follow_redirects=True)
        self.first = first.request.path
        self.slug = self.first.split("/")[1]

    def get(self, address: str, **query: str) -> TestResponse:
        """A page or another answer below the books' address."""
        return self.client.get(f"/{self.slug}/{address}", query_string=query)

    def page(self, name: str, **query: str) -> str:
        answer = self.get(f"extension/{name}/", **query)
        assert answer.status_code == 200, answer.text
        return answer.text

    def put(self, address: str, **values: object) -> TestResponse:
        return self.client.put(f"/{self.slug}/api/{address}", json=values)

    def delete(self, address: str, **query: str) -> TestResponse:
        return self.client.delete(f"/{self.slug}/api/{address}", query_string=query)


def document(pages: DeskPages, file: Path) -> TestResponse:
    """What Fava answers to whoever asks for a file as a document."""
    return pages.get("document/", filename=str(file))
