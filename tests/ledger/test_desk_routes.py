"""Which operators each address of the desk answers, and that nothing is done for anybody else.

Without the cookie and from other sites: ``test_routes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.model.operators import APPROVING
from ledger.model.operators import EVERY_ROLE
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.operators import MAY_CHANGE_RECORDS
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.model.operators import MAY_MAKE
from ledger.model.operators import Role
from ledger.model.transitions import EventKind
from ledger.web.desk.application import ROUTES
from ledger.web.desk.routes import Route
from tests.support.approving import with_colleagues
from tests.support.desk_pages import DeskPages
from tests.support.office import Office
from tests.support.office import new_office

BATCH = "/disbursement/<batch>"
PERSON = "/people/<payee>"
CLERK, CASHIER = MAY_MAKE[EventKind.PREPARED], MAY_MAKE[EventKind.RESULT]
# What the page does is an event or a record, and takes who may make that. Whatever is not here
# only reads, or is about logging in.
ROLES = {
    "GET /disbursement/plan": MAY_MAKE[EventKind.PREPARED],
    "POST /disbursement/plan": MAY_MAKE[EventKind.PREPARED],
    "POST /disbursement/release": MAY_MAKE[EventKind.RELEASED],
    f"POST {BATCH}/approve": MAY_MAKE[EventKind.APPROVED],
    f"POST {BATCH}/reject": MAY_MAKE[EventKind.APPROVED],
    f"POST {BATCH}/submit": MAY_MAKE[EventKind.SUBMITTED],
    f"POST {BATCH}/void": MAY_MAKE[EventKind.VOID],
    f"POST {BATCH}/refuse": MAY_MAKE[EventKind.RESULT],
    f"POST {BATCH}/restore": MAY_MAKE[EventKind.PREPARED],
    f"POST {BATCH}/lists": MAY_MAKE[EventKind.ATTACHED],
    **dict.fromkeys(
        [f"GET {BATCH}/{name}" for name in ("lists/<int:event>", "towns.zip", "towns/<town>.xlsx")],
        CLERK | CASHIER | frozenset(APPROVING),
    ),
    **dict.fromkeys(
        [
            *(f"POST /inbox/{name}" for name in ("files", "options", "away", "take")),
            "GET /inbox/returned.zip",
            "GET /inbox/returned/<name>",
        ],
        MAY_MAKE[EventKind.STATEMENT] | MAY_MAKE[EventKind.RESULT],
    ),
    "GET /inbox/imports/<import_id>": MAY_CHANGE_RECORDS,
    "POST /inbox/imports/<import_id>": MAY_CHANGE_RECORDS,
    "GET /bank/<line>": MAY_MAKE[EventKind.EXPLAINED],
    "POST /bank/<line>": MAY_MAKE[EventKind.EXPLAINED],
    "GET /bank/<line>/rule": MAY_MAKE[EventKind.EXPLAINED],
    "POST /bank/<line>/rule": MAY_MAKE[EventKind.EXPLAINED],
    "GET /events/<int:seq>/reverse": MAY_MAKE[EventKind.REVERSED],
    "POST /events/<int:seq>/reverse": MAY_MAKE[EventKind.REVERSED],
    f"GET {BATCH}/files/<name>": CLERK | CASHIER | frozenset(APPROVING),
    f"POST {PERSON}/release": MAY_MAKE[EventKind.RELEASED],
    f"POST {PERSON}/cancel": MAY_MAKE[EventKind.CANCELLED],
    "GET /reports/batches/<batch>.pdf": CLERK | CASHIER | frozenset(APPROVING),
    "GET /reports/tax/<month>/<name>": CLERK | CASHIER | frozenset(APPROVING),
    "POST /reports/months/<month>/close": MAY_MAKE[EventKind.CLOSED],
    "POST /reports/months/<month>/reopen": MAY_MAKE[EventKind.REOPENED],
    "GET /settings/budget": MAY_ADD_RULES,
    "POST /settings/budget": MAY_ADD_RULES,
    "GET /settings/rates": MAY_ADD_RULES,
    "POST /settings/rates": MAY_ADD_RULES,
    "GET /settings/stages": MAY_ADD_RULES,
    "POST /settings/stages": MAY_ADD_RULES,
    "GET /settings/limits": MAY_ADD_RULES,
    "POST /settings/limits": MAY_ADD_RULES,
    "GET /settings/taxes": MAY_ADD_RULES,
    "POST /settings/taxes": MAY_ADD_RULES,
    "GET /settings/approvals": MAY_ADD_RULES,
    "POST /settings/approvals": MAY_ADD_RULES,
    "GET /settings/towns": MAY_CHANGE_SETTINGS,
    **{f"POST /settings/towns/{done}": MAY_CHANGE_SETTINGS for done in ("add", "rename", "remove")},
    "GET /settings/roles": MAY_CHANGE_SETTINGS,
    **{f"POST /settings/roles/{done}": MAY_CHANGE_SETTINGS for done in ("add", "call", "remove")},
    "GET /settings/bank": MAY_CHANGE_SETTINGS,
    "GET /settings/bank/profile": MAY_CHANGE_SETTINGS,
    "POST /settings/bank/profile": MAY_CHANGE_SETTINGS,
    "GET /settings/papers": MAY_CHANGE_SETTINGS,
    "POST /settings/papers": MAY_CHANGE_SETTINGS,
    "POST /settings/papers/unit": MAY_CHANGE_SETTINGS,
    "POST /settings/language": MAY_CHANGE_SETTINGS,
    "POST /settings/backup": MAY_ADD_RULES | CLERK,
    "POST /settings/operators/add": MAY_MAKE[EventKind.OPERATOR],
    "POST /settings/operators/retire": MAY_MAKE[EventKind.OPERATOR],
    "POST /settings/operators/passphrase": EVERY_ROLE,
    "POST /people/held": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/confirm": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/decline": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/distinguish": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/withdraw": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/name": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/post": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/deactivate": MAY_CHANGE_RECORDS,
    f"POST {PERSON}/activate": MAY_CHANGE_RECORDS,
}
GUARDED = [route for route in ROUTES if route.roles is not None]
POSTED = [route for route in ROUTES if route.method == "POST"]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def address_of(route: Route) -> str:
    named = {
        "batch": "B2020-001",
        "name": "x.pdf",
        "line": "L1",
        "number": "1",
        "import_id": "I000001",
        "int:seq": "1",
        "int:event": "3",
        "town": "001",
        "payee": "P000001",
        "month": "2020-11",
        "step": "unit",
    }
    path = route.path
    for key, value in named.items():
        path = path.replace(f"<{key}>", value)
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("home")))
        yield new_office(tmp_path_factory.mktemp("desk"), NoCapture())  # type: ignore[arg-type]


class NoCapture:
    """Nobody reads what the commands say."""

    def readouterr(self) -> tuple[str, str]:
        return "", ""


@pytest.fixture(scope="module")
def pages(office: Office) -> DeskPages:
    for role in Role:
        office.run("operator", "add", role.value, "--role", role.value)
    return DeskPages(office)


@pytest.fixture
def before(office: Office) -> Iterator[None]:
    """Whatever a test sends, nothing is entered."""
    events = [path.name for path in office.events()]
    yield
    assert [path.name for path in office.events()] == events


def test_every_route_is_for_whom_the_table_says() -> None:
    assert {name_of(route): route.roles for route in GUARDED} == ROLES
    assert {name_of(route) for route in POSTED if route.roles is None} == {
        "POST /login",
        "POST /first/<step>",
        "POST /logout",
    }


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_without_a_login_nothing_is_done(pages: DeskPages, before: None, route: Route) -> None:
    stranger = pages.another_browser()
    answer = stranger.ask(route.method, address_of(route))
    if route.method == "POST":
        assert answer.status_code == 403
        assert "请先登录：这一步没有办理。" in answer.text
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/login?to=%2F")


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_another_role_is_refused(pages: DeskPages, before: None, route: Route) -> None:
    assert route.roles is not None
    for number, role in enumerate(Role, start=2):
        browser = pages.another_browser().log_in(f"O{number:02d}")
        answer = browser.ask(route.method, address_of(route))
        if role in route.roles:
            assert answer.status_code != 403 or "您的角色" not in answer.text
        else:
            assert answer.status_code == 403
            assert "您的角色不办这一步" in answer.text


@pytest.mark.parametrize("route", POSTED, ids=name_of)
def test_without_a_token_nothing_is_done(pages: DeskPages, before: None, route: Route) -> None:
    browser = pages.another_browser().log_in("O01")
    for token in ({}, {"token": ""}, {"token": "x" * 22}):
        answer = browser.post(address_of(route), **token)
        assert answer.status_code == 409
        assert "这张表已经过期，没有办理" in answer.text


@pytest.mark.parametrize("route", POSTED, ids=name_of)
def test_a_replayed_token_does_nothing(pages: DeskPages, before: None, route: Route) -> None:
    """Whatever the first has led to: here no form is filled in, and nothing comes of it."""
    browser = pages.another_browser().log_in("O01")
    token = browser.fields("/", "logout")["token"]
    first = browser.post(address_of(route), token=token, operator="O01")
    assert first.status_code < 500
    browser.log_in("O01")
    again = browser.post(address_of(route), token=token, operator="O01")
    assert again.status_code == 409
    assert "这张表已经提交过，不会办理两次。" in again.text


def test_who_has_retired_is_answered_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = with_colleagues(new_office(tmp_path, capsys))
    pages = DeskPages(office).log_in("O02")
    assert pages.post("/disbursement/B2020-001/approve").status_code == 409
    office.run("operator", "retire", "O02", "--reason", "调离")
    assert pages.post("/disbursement/B2020-001/approve").status_code == 403
