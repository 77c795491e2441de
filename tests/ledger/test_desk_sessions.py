"""The desk's frame: who is logged in, for how long, and forms that are good once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.keys.places import operator_key_path
from ledger.web.private_folder import private_folder
from ledger.web.running import books_name
from ledger.web.server import whole_application
from tests.support.approving import CASHIER
from tests.support.approving import CHECKER
from tests.support.approving import with_colleagues
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office

PASSPHRASE = "correct horse"
LOGGED_OUT = '<a href="/login">登录</a>'


class Watch:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2020, 11, 10, 9, 0).astimezone()

    def __call__(self) -> datetime.datetime:
        return self.now

    def wait(self, **time: int) -> None:
        self.now += datetime.timedelta(**time)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def staffed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose first operator has no passphrase, and the others have one."""
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", PASSPHRASE)
    return with_colleagues(office)


@pytest.fixture
def pages(staffed: Office, watch: Watch) -> DeskPages:
    return DeskPages(staffed, clock=watch)


def test_an_operator_logs_in_by_name_and_passphrase_and_out_again(pages: DeskPages) -> None:
    assert LOGGED_OUT in pages.page("/")
    pages.log_in(CHECKER, PASSPHRASE)
    assert "O02 审核员" in pages.page("/people")
    answer = pages.send("/budget", "logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    page = pages.our("/login")
    assert notes(page) == ["已退出。"]
    assert notes(pages.our("/login")) == []
    assert LOGGED_OUT in pages.page("/people")


@pytest.mark.parametrize(
    ("operator", "passphrase", "said"),
    [
        ("O02", "", "口令不对，打不开操作员 O02 的密钥"),
        ("O02", PASSPHRASE + " ", "口令不对，打不开操作员 O02 的密钥"),
        ("O00", "", "没有操作员 O00"),
        ("O09", "", "没有操作员 O09"),
        ("", "", "没有操作员"),
        ("../../O01", "", "没有操作员"),
        ("O02\n\x00", "x" * 5000, "口令不对，打不开操作员 O02 的密钥"),
    ],
)
def test_nobody_else_is_let_at_the_desk(
    pages: DeskPages, operator: str, passphrase: str, said: str
) -> None:
    answer = pages.send("/login", "login", operator=operator, passphrase=passphrase)
    assert answer.status_code == 422
    (sentence,) = refusals(answer)
    assert said in sentence
    assert LOGGED_OUT in pages.page("/")
    assert passphrase == "" or passphrase not in answer.text


def test_a_page_that_asks_for_a_login_is_gone_on_to_and_no_other_site_is(
    pages: DeskPages,
) -> None:
    for wanted, led_to in {
        "/people?on=2020-10": "/people?on=2020-10",
        "": "/",
        "//evil.example/": "/",
        "https://evil.example/": "/",
        "/\\evil.example": "/",
        "/people\r\nX: y": "/",
    }.items():
        answer = pages.send("/login", "login", operator=CHECKER, passphrase=PASSPHRASE, to=wanted)
        assert answer.headers["Location"] == led_to


def test_after_a_quarter_of_an_hour_of_nothing_nobody_is_there(
    pages: DeskPages, watch: Watch
) -> None:
    pages.log_in(CHECKER, PASSPHRASE)
    for _time in range(3):
        watch.wait(minutes=14)
        assert "O02 审核员" in pages.page("/people")
    page = pages.page("/people")
    watch.wait(minutes=15)
    # A form of before is worth nothing.
    old = fields_of(page, "logout")
    answer = pages.post(old.pop("action"), **old)
    assert answer.status_code == 409
    assert "审核员 已有 15 分钟没有操作，已自动退出。" in answer.text
    assert LOGGED_OUT in pages.page("/people")


def test_a_clock_that_is_put_back_keeps_nobody_in(pages: DeskPages, watch: Watch) -> None:
    pages.log_in(CHECKER, PASSPHRASE)
    watch.wait(days=-1)
    assert LOGGED_OUT in pages.page("/people")


def test_two_browsers_have_an_operator_each(pages: DeskPages) -> None:
    other = pages.another_browser()
    pages.log_in(CHECKER, PASSPHRASE)
    assert LOGGED_OUT in other.page("/")
    other.log_in(CASHIER, PASSPHRASE)
    assert "O02 审核员" in pages.page("/")
    assert "O04 出纳员" in other.page("/")
    other.send("/", "logout")
    assert "O02 审核员" in pages.page("/")


def test_who_retires_is_not_there_any_more(staffed: Office, pages: DeskPages) -> None:
    pages.log_in(CHECKER, PASSPHRASE)
    retired = staffed.run("operator", "retire", CHECKER, "--reason", "调离", "--json")
    assert retired.status == 0, retired.err
    assert f'<option value="{CHECKER}"' not in pages.page("/login")


def test_who_has_no_key_here_is_not_offered(staffed: Office, pages: DeskPages) -> None:
    operator_key_path(staffed.key, CHECKER).unlink()
    page = pages.page("/login")
    assert f'<option value="{CHECKER}"' not in page
    assert f'<option value="{CASHIER}"' in page
    answer = pages.send("/login", "login", operator=CHECKER, passphrase=PASSPHRASE)
    assert refusals(answer) == ["没有操作员 O02"]


def test_a_form_is_good_once(pages: DeskPages) -> None:
    """A double click, a reload, the back button: what was done is not done again."""
    fields = pages.fields("/login", "login") | {"operator": CHECKER, "passphrase": PASSPHRASE}
    action = fields.pop("action")
    assert pages.post(action, **fields).status_code == 303
    again = pages.post(action, **fields)
    assert again.status_code == 409
    assert "这张表已经提交过，不会办理两次。" in again.text
    assert '<a class="button" href="/">' in again.text


@pytest.mark.parametrize("token", [None, "", "x", "\x00", "a" * 22])
def test_a_form_without_its_token_is_not_answered(pages: DeskPages, token: str | None) -> None:
    fields = {} if token is None else {"token": token}
    answer = pages.post("/login", operator=CHECKER, passphrase=PASSPHRASE, **fields)
    assert answer.status_code == 409
    assert "这张表已经过期" in answer.text
    assert LOGGED_OUT in pages.page("/")


def test_a_token_is_of_one_browser_and_of_who_is_logged_in(pages: DeskPages) -> None:
    other = pages.another_browser()
    fields = pages.fields("/login", "login") | {"operator": CHECKER, "passphrase": PASSPHRASE}
    action = fields.pop("action")
    assert other.post(action, **fields).status_code == 409
    pages.log_in(CASHIER, PASSPHRASE)
    assert pages.post(action, **fields).status_code == 409
    assert "O04 出纳员" in pages.page("/")


def test_what_a_killed_server_has_left_in_trays_is_put_away(staffed: Office) -> None:
    ours = private_folder() / f"tray-{books_name(staffed.folder)}-1"
    others = private_folder() / f"tray-{books_name(Path('/elsewhere'))}-1"
    for folder in (ours, others):
        folder.mkdir()
        (folder / "名单.csv").write_text("甲", encoding="utf-8")
    whole_application(staffed.folder, key_file=staffed.key)
    assert not ours.exists()
    assert others.exists()
