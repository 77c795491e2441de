"""Every address of both applications keeps the same promises; a new one is not forgotten.

The tests are made from the applications' own lists of addresses. What is in none of the tables here
fails the first test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple
from urllib.parse import quote

import pytest
from flask import Flask

from ledger.web.door import cookie_name
from ledger.web.fava_application import EDITING
from ledger.web.fava_application import READING
from ledger.web.headers import FOR_FAVA
from ledger.web.headers import FOR_OUR_PAGES
from tests.support.desk_pages import FAVA
from tests.support.desk_pages import HERE
from tests.support.desk_pages import PORT
from tests.support.desk_pages import DeskPages
from tests.support.fava_addresses import ADDRESSES
from tests.support.fava_addresses import CLOSED
from tests.support.fava_addresses import ODD_BODIES
from tests.support.fava_addresses import ODD_PARAMETERS
from tests.support.fava_addresses import ODD_QUERIES
from tests.support.homes import live_in
from tests.support.hostile_ledger import hostile_office
from tests.support.office import Office

# Our own pages and what they ask: an address of each, and its methods.
OURS = (
    "/",
    "/budget",
    "/disbursement",
    "/disbursement/plan",
    "/disbursement/B2020-001",
    "/disbursement/B2020-001/files/manifest.json",
    "/disbursement/B2020-001/lists/3",
    "/disbursement/B2020-001/towns.zip",
    "/disbursement/B2020-001/towns/001.xlsx",
    "/inbox",
    "/inbox/returned.zip",
    "/inbox/returned/x.xlsx",
    "/inbox/imports/I000001",
    "/bank",
    "/bank/L1",
    "/bank/L1/rule",
    "/events/1/reverse",
    "/people",
    "/people/list.json",
    "/people/P000001.json",
    "/people/P000001",
    # Of a month before the books: these have errors, and no statement.
    "/months/2019-05.pdf",
    "/settings",
    "/settings/operators",
    "/settings/log",
    "/settings/budget",
    "/settings/rates",
    "/settings/stages",
    "/settings/limits",
    "/settings/taxes",
    "/settings/approvals",
    "/settings/towns",
    "/settings/roles",
    "/settings/bank",
    "/settings/bank/profile",
    "/settings/papers",
    "/reports",
    "/reports/bank",
    "/reports/bank.pdf",
    "/reports/batches/B2020-001.pdf",
    "/reports/months/2019-05",
    "/reports/tax/2019-05",
    "/reports/tax/2019-05/x.pdf",
    "/login",
    "/first/unit",
    "/progress.json",
    "/static/desk.css",
)
# What is posted to our own pages.
SENT = (
    "/login",
    "/first/unit",
    "/logout",
    "/disbursement/plan",
    "/disbursement/release",
    "/disbursement/B2020-001/approve",
    "/disbursement/B2020-001/reject",
    "/disbursement/B2020-001/submit",
    "/disbursement/B2020-001/void",
    "/disbursement/B2020-001/refuse",
    "/disbursement/B2020-001/restore",
    "/disbursement/B2020-001/lists",
    "/inbox/files",
    "/inbox/options",
    "/inbox/away",
    "/inbox/take",
    "/inbox/imports/I000001",
    "/bank/L1",
    "/bank/L1/rule",
    "/events/1/reverse",
    "/settings/backup",
    "/settings/language",
    "/settings/operators/add",
    "/settings/operators/retire",
    "/settings/operators/passphrase",
    "/settings/budget",
    "/settings/rates",
    "/settings/stages",
    "/settings/limits",
    "/settings/taxes",
    "/settings/approvals",
    *(f"/settings/towns/{done}" for done in ("add", "rename", "remove")),
    *(f"/settings/roles/{done}" for done in ("add", "call", "remove")),
    "/settings/bank/profile",
    "/settings/papers",
    "/settings/papers/unit",
    "/reports/months/2019-05/close",
    "/reports/months/2019-05/reopen",
    "/people/held",
    *(
        f"/people/P000001/{done}"
        for done in (
            "release",
            "cancel",
            "confirm",
            "decline",
            "distinguish",
            "withdraw",
            "name",
            "post",
            "deactivate",
            "activate",
        )
    ),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW")


class Route(NamedTuple):
    """An address that is answered by a method."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path.partition('?')[0]}"


def address_of(endpoint: str) -> str:
    """An address of one of Fava's endpoints."""
    if endpoint == "static":
        return "/books/static/app.css"
    plain = f"api/{endpoint.partition('.')[2].partition('_')[2]}"
    return f"{FAVA}/{ADDRESSES.get(endpoint, plain)}"


OUR_ROUTES = [*(Route("GET", path) for path in OURS), *(Route("POST", path) for path in SENT)]
READ = [
    *(Route("GET", path) for path in OURS),
    *(Route("GET", address_of(endpoint)) for endpoint in READING),
]
POSTS = [Route("POST", path) for path in SENT]
WRITE = [Route(method, address_of(name)) for name, (method,) in EDITING.items()] + POSTS
ROUTES = READ + WRITE


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return hostile_office(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        live_in(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture(scope="module")
def reading(home: None, office: Office) -> DeskPages:
    return DeskPages(office)


@pytest.fixture(scope="module")
def editing(home: None, office: Office) -> DeskPages:
    return DeskPages(office, edit=True)


def applications(pages: DeskPages) -> tuple[Flask, Flask]:
    both: Any = pages.application
    return both.app, both.mounts["/books"]


def test_every_address_is_in_a_table(reading: DeskPages) -> None:
    ours, favas = applications(reading)
    adapter = ours.url_map.bind("127.0.0.1")
    reached = {
        adapter.match(path, route.method)[0] for route in OUR_ROUTES for path in [route.path]
    }
    assert {rule.endpoint for rule in ours.url_map.iter_rules()} == reached
    endpoints = {rule.endpoint for rule in favas.url_map.iter_rules()}
    assert endpoints == {*READING, *EDITING, *CLOSED}


STRANGE: dict[str, dict[str, str]] = {
    "no cookie": {"Cookie": ""},
    "another's cookie": {"Cookie": f"{cookie_name(PORT)}={'a' * 43}"},
    "an empty cookie": {"Cookie": f"{cookie_name(PORT)}="},
    "the cookie twice": {"Cookie": "{own}; {own}"},
    "another port's cookie": {"Cookie": "census-ledger-5001={value}"},
    "another Host": {"Host": "evil.example"},
    "a Host that means us": {"Host": f"localhost:{PORT}"},
    "our Host and another port": {"Host": "127.0.0.1:5001"},
    "our Host without its port": {"Host": "127.0.0.1"},
    "our Host with a dot": {"Host": f"127.0.0.1.:{PORT}"},
    "our Host in another spelling": {"Host": f"127.1:{PORT}"},
    "our Host as a number": {"Host": f"2130706433:{PORT}"},
    "our Host in IPv6": {"Host": f"[::ffff:127.0.0.1]:{PORT}"},
    "our Host behind a user": {"Host": f"user@127.0.0.1:{PORT}"},
    "our Host and a list": {"Host": f"127.0.0.1:{PORT}, evil.example"},
    "no Host": {"Host": ""},
    "another Origin": {"Origin": "http://evil.example"},
    "another port's Origin": {"Origin": "http://127.0.0.1:5001"},
    "no Origin that can be named": {"Origin": "null"},
    "our Origin by another scheme": {"Origin": f"https://127.0.0.1:{PORT}"},
    "our Origin and another": {"Origin": f"{HERE}, http://evil.example"},
    "an empty Origin": {"Origin": ""},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another port": {"Sec-Fetch-Site": "same-site"},
    "an odd site": {"Sec-Fetch-Site": "same-origin, cross-site"},
    "no site": {"Sec-Fetch-Site": ""},
}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_strangers_get_a_sentence(editing: DeskPages, route: Route) -> None:
    cookie = editing.client.get_cookie(cookie_name(PORT), domain="127.0.0.1")
    assert cookie is not None
    own = f"{cookie_name(PORT)}={cookie.value}"
    path, _mark, query = route.path.partition("?")
    answers = {}
    for name, changed in STRANGE.items():
        headers = {"Host": f"127.0.0.1:{PORT}", "Cookie": own, "Origin": HERE} | changed
        if changed.get("Cookie"):
            headers["Cookie"] = changed["Cookie"].format(own=own, value=cookie.value)
        answer = editing.stranger.open(
            path, method=route.method, query_string=query, headers=headers, base_url=None
        )
        answers[name] = answer.status_code
        assert answer.status_code == 403, name
        assert answer.mimetype == "text/plain"
        assert answer.text.startswith("only a browser")
        assert answer.headers["Cache-Control"] == "no-store"
    assert set(answers.values()) == {403}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_other_methods_are_refused(editing: DeskPages, reading: DeskPages, route: Route) -> None:
    path = route.path.partition("?")[0]
    for pages, listed in ((editing, ROUTES), (reading, READ + POSTS)):
        known = {one.method for one in listed if one.path.partition("?")[0] == path}
        known |= {"HEAD"} if "GET" in known else set()
        for method in METHODS:
            if method not in known:
                assert pages.ask(method, route.path).status_code in (404, 405), method


@pytest.mark.parametrize("route", READ, ids=str)
def test_every_answer_has_the_headers(reading: DeskPages, route: Route) -> None:
    answer = reading.ask(route.method, route.path)
    head = reading.ask("HEAD", route.path)
    assert head.status_code == answer.status_code < 500
    assert head.data == b""
    for headers in (answer.headers, head.headers):
        policies = headers.getlist("Content-Security-Policy")
        assert policies == [FOR_FAVA if route.path.startswith("/books") else FOR_OUR_PAGES]
        assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
        assert headers.getlist("X-Frame-Options") == ["DENY"]
        assert headers.getlist("Referrer-Policy") == ["same-origin"]
        assert headers.getlist("Cross-Origin-Opener-Policy") == ["same-origin"]
        assert headers.getlist("Cross-Origin-Resource-Policy") == ["same-origin"]
        cached = headers.getlist("Cache-Control")
        assert cached == (["no-cache"] if "/static/" in route.path else ["no-store"])
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("route", READ, ids=str)
def test_no_answer_says_where_the_books_lie(
    reading: DeskPages, office: Office, route: Route
) -> None:
    for path in (route.path, f"{route.path}&x" if "?" in route.path else f"{route.path}?time=x"):
        assert_no_path(reading.ask(route.method, path).text, office)


def assert_no_path(text: str, office: Office) -> None:
    for folder in (office.folder, office.key.parent):
        for form in (str(folder), quote(str(folder)), json.dumps(str(folder))[1:-1]):
            assert form not in text


def path_with(route: Route, odd: str) -> str:
    """The route with a parameter in the place of its own of that name."""
    path, _mark, query = route.path.partition("?")
    name = odd.partition("=")[0]
    kept = [pair for pair in query.split("&") if pair and not pair.startswith(f"{name}=")]
    return f"{path}?{'&'.join([*kept, odd])}"


def assert_a_sentence(answer: Any, office: Office) -> None:
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert_no_path(answer.text, office)


@pytest.mark.parametrize("route", READ, ids=str)
def test_whatever_is_typed_is_answered(
    reading: DeskPages, office: Office, route: Route, *, thorough: bool
) -> None:
    # Fava's pages are empty and ask for their figures; what they look at are a few.
    asks = thorough or "/api/" in route.path or "/download-" in route.path
    for odd in (*(ODD_PARAMETERS if asks else ODD_PARAMETERS[::9]), *ODD_QUERIES):
        assert_a_sentence(reading.ask(route.method, path_with(route, odd)), office)


@pytest.mark.parametrize("route", WRITE, ids=str)
def test_whatever_is_sent_is_answered(
    editing: DeskPages, office: Office, route: Route, *, thorough: bool
) -> None:
    before = contents(office)
    for body in ODD_BODIES:
        for kind in ("application/json", "text/plain", "multipart/form-data", "x", ""):
            answer = editing.ask(route.method, route.path, data=body, content_type=kind)
            assert_a_sentence(answer, office)
    # Our own forms look at what was posted, and first at who has logged in.
    of_all = thorough or route.path.startswith(FAVA)
    for odd in (*(ODD_PARAMETERS if of_all else ODD_PARAMETERS[::9]), *ODD_QUERIES):
        assert_a_sentence(editing.ask(route.method, path_with(route, odd)), office)
    assert contents(office) == before


def contents(office: Office) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(office.folder.rglob("*"))
        if path.is_file() and not path.name.startswith("registry.db")
    }


@pytest.mark.parametrize(
    "path",
    [
        "//books/ledger/journal/", "/books//ledger/journal/", "/books/ledger//journal/",
        "/books/../budget", "/./budget", "/books/ledger/../../budget", "/books/%2e%2e/budget",
        "/books/ledger/account/a%2fb/", "/books%2fledger/journal/", "/%2fbooks/", "\\books\\ledger",
        "/books/ledger/journal/..", "/books/ledger/%00/", "/books/ledger/static/..%2f..%2fcli.py",
        "/books/ledger/static/%2e%2e/cli.py", "/books/ledger/\r\n/", "/books/other/journal/",
        "/books/ledger/journal//", "/booksx", "/books/ledger/nothing/", "/jump", "/books/jump",
    ],
)  # fmt: skip
def test_tricks_with_paths_find_nothing(reading: DeskPages, office: Office, path: str) -> None:
    answer = reading.client.open(
        environ_overrides={"PATH_INFO": path, "REQUEST_URI": path, "RAW_URI": path}, base_url=HERE
    )
    assert answer.status_code in (403, 404)
    assert_a_sentence(answer, office)
