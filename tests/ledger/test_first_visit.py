"""The first visit: five steps in the browser from an empty folder to books that take a roster."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from playwright.sync_api import expect

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.books.books import load_books
from ledger.web.desk import first_visit
from ledger.web.desk.first_answers import keep_answers
from ledger.web.desk.first_answers import read_answers
from ledger.web.private_folder import private_folder
from ledger.web.server import NewOffice
from tests.support.acting import clock
from tests.support.browser import PATIENCE_MS
from tests.support.browser import Window
from tests.support.browser import answering
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import dying
from tests.support.crash import is_change
from tests.support.desk_pages import HERE
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import at_field
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.faulty_disk import FullDisk
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

SECRET = "一二三四"
UNIT = {"q": "滕州", "county": "370481", "unit": "滕州市普查办公室"}
PROGRAMME = {"programme": "population-census-2020"}
BUDGET = {
    "document": "滕财预〔2020〕1号",
    "rate-普查员": "800",
    "rate-普查指导员": "1,000.50",
    "line-01-30226劳务费": "1,220,000",
    "line-02-30216培训费": "5000",
}
BANK = {
    "account": "滕州农商行", "words": "农商、农信", "remark": "两员补助", "number": "0017",
    "own_profile": "ccb", "other_profile": "plain-csv",
}  # fmt: skip
OPERATOR = {
    "name": "王会计", "passphrase": SECRET, "again": SECRET, "approvals": "check", "safe": "",
}  # fmt: skip
STEPS = {"unit": UNIT, "programme": PROGRAMME, "budget": BUDGET, "bank": BANK, "operator": OPERATOR}


@pytest.fixture
def nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office that has no books yet: the folder is not there."""
    return Office(tmp_path / "账套", tmp_path / "keys" / "registry.key", capsys)


def visited(office: Office) -> DeskPages:
    """A server in the folder, started anew."""
    application = NewOffice(office.folder, key_file=office.key, edit=False, clock=clock)
    return DeskPages(office, application=application)


def step(pages: DeskPages, name: str, /, **typed: object) -> Any:
    return pages.send(f"/first/{name}", name, **{**STEPS[name], **typed})


def walked(pages: DeskPages, *names: str) -> DeskPages:
    for name in names:
        answer = step(pages, name)
        assert answer.status_code == 303, (name, refusals(answer))
    return pages


def here(pages: DeskPages) -> str:
    """Where the first page leads to."""
    return pages.our("/").headers["Location"]


def test_five_steps_make_books_that_take_a_roster_and_pay(nobody: Office, tmp_path: Path) -> None:
    pages = visited(nobody)
    assert here(pages) == "/first/unit"
    assert "滕州市" in pages.page("/first/unit", q="滕州")
    safe = tmp_path / "保险柜.pdf"
    walked(pages, "unit", "programme", "budget", "bank")
    assert not nobody.folder.exists()
    answer = step(pages, "operator", safe=str(safe))
    assert answer.headers["Location"] == "/settings/operators", refusals(answer)
    said = notes(pages.our("/settings/operators"))
    assert "您是操作员 O01（王会计）" in said[0]
    assert "保险柜密钥在 保险柜.pdf" in " ".join(said)
    assert safe.read_bytes().startswith(b"%PDF")
    # She is logged in, and the desk is that of the books.
    assert "王会计" in pages.page("/")
    assert pages.our("/first/unit").headers["Location"] == "/"

    books = load_books(nobody.folder)
    assert books.errors == []
    assert books.settings.unit == "滕州市普查办公室"
    assert (books.settings.own_profile, books.settings.statement_number) == ("ccb", "0017")
    assert books.programme.county_code == "370481"
    assert books.programme.bank.words == ("农商", "农信")
    rates = {rate.role: rate.amount_fen for rate in books.rules.rates}
    assert rates == {"普查员": 80_000, "普查指导员": 100_050}
    budget = {(one.fund, one.line): one.amount_fen for one in books.rules.budget}
    assert budget == {("01", "30226劳务费"): 122_000_000, ("02", "30216培训费"): 500_000}
    assert [rule.roles for rule in books.rules.approvals] == [("审核",)]
    assert nobody.check() == []
    # The key has the passphrase, and a roster is taken.
    assert pages.another_browser().send(
        "/login", "login", operator="O01", passphrase="x"
    ).status_code == 422  # fmt: skip
    file = roster(tmp_path / "花名册.xlsx", row(1), row(2))
    token = fields_of(pages.page("/inbox"), "drop")["token"]
    sent = {"token": token, "files": (file.open("rb"), file.name)}
    assert pages.ask("POST", "/inbox/files", data=sent).status_code == 303
    assert "花名册.xlsx" in pages.page("/inbox")


def test_the_way_goes_on_where_it_was_when_the_server_was_killed(nobody: Office) -> None:
    for name in STEPS:
        pages = visited(nobody)
        assert here(pages) == f"/first/{name}"
        assert not nobody.folder.exists()
        assert step(pages, name).status_code == 303
        if name != "operator":
            again = fields_of(visited(nobody).page(f"/first/{name}"), name)
            assert {key: again[key] for key in STEPS[name]} == {
                key: str(value) for key, value in STEPS[name].items()
            }
    assert load_books(nobody.folder).errors == []
    assert not list(private_folder().glob("first-*"))


def test_no_passphrase_is_kept(nobody: Office) -> None:
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    assert step(pages, "operator", again="另一个").status_code == 422
    (kept,) = private_folder().glob("first-*")
    assert SECRET not in kept.read_text(encoding="utf-8")
    assert SECRET not in step(pages, "operator", name="").text


@pytest.mark.parametrize("count", [1, 4, 9, 14])
def test_what_fails_while_the_books_are_made_leaves_nothing_and_is_done_again(
    nobody: Office, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    with monkeypatch.context() as full:
        full.setattr(durable, "disk", FullDisk(count))
        answer = step(pages, "operator")
    assert answer.status_code == 422
    assert refusals(answer) != []
    assert not (nobody.folder / "main.beancount").exists()
    assert step(pages, "operator").status_code == 303
    assert nobody.check() == []


@needs_fork
def test_a_server_killed_while_it_makes_the_books_has_made_none_or_all(
    nobody: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not whole is taken for nothing, and the last step makes the books from the start."""
    # No machine dies here, and nobody waits for its disk.
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    answers = read_answers(nobody.folder)
    safe = tmp_path / "保险柜.pdf"

    def make() -> Answer:
        seen: list[str] = []
        sys.addaudithook(lambda event, said: seen.append(event) if is_change(event, said) else None)
        return Answer(step(pages, "operator", safe=str(safe)).status_code, " ".join(seen), "")

    def made() -> bool:
        return (nobody.folder / MAIN_FILE).exists()

    whole = in_child(make)
    assert whole is not None
    assert whole.status == 303
    changes, outcomes = whole.out.split(), []
    # The sheet, each key and the main file come into their places one after another.
    placed = [number for number, change in enumerate(changes, 1) if change == "os.rename"]
    in_between = (placed[0] // 4, placed[0] // 2, placed[0], *(one + 1 for one in placed))
    for moment in (*in_between, len(changes)):
        for folder in (nobody.folder, nobody.key.parent):
            shutil.rmtree(folder, ignore_errors=True)
        safe.unlink(missing_ok=True)
        keep_answers(nobody.folder, answers)
        assert in_child(lambda: dying(moment, make)) is None  # noqa: B023
        outcomes.append(made())
        later = visited(nobody)
        if not made():
            assert here(later) == "/first/operator"
            assert "滕州市普查办公室" in later.page("/first/operator")
            if safe.exists():
                # A sheet of books that never were: it is not written over.
                answer = step(later, "operator", safe=str(safe))
                assert at_field(answer.text, "operator", "safe")
                safe.unlink()
            assert step(later, "operator", safe=str(safe)).status_code == 303
        assert safe.read_bytes().startswith(b"%PDF")
        assert later.another_browser().log_in("O01", SECRET).page("/")
        assert nobody.check() == []
        assert read_answers(nobody.folder) == {}
    assert outcomes == [False] * (len(in_between) - 1) + [True] * 2


def test_the_way_and_the_books_speak_the_language_that_is_chosen(nobody: Office) -> None:
    """On the page where it was chosen, after another start, and in the books that come of it."""
    pages = visited(nobody)
    for language, step_at, title in (("en", "unit", "New books"), ("zh_CN", "unit", "新建账套")):
        answer = pages.send(f"/first/{step_at}", "language", language=language)
        assert answer.headers["Location"] == f"/first/{step_at}"
        assert f"<h1>{title}</h1>" in pages.page(f"/first/{step_at}")
    walked(pages, "unit", "programme")
    assert pages.send("/first/budget", "language", language="en").status_code == 303
    # What nobody speaks, and a step that nobody knows, change nothing.
    fields = pages.fields("/first/budget", "language") | {"language": "fr", "step": "x"}
    assert pages.post(fields.pop("action"), **fields).headers["Location"] == "/first/budget"
    pages = visited(nobody)
    assert '<html lang="en">' in pages.page("/first/budget")
    refused = step(pages, "budget", **{"rate-普查员": "8oo"})
    assert "no amount" in at_field(refused.text, "budget", "rate-普查员")
    walked(pages, "budget", "bank", "operator")
    main = (nobody.folder / MAIN_FILE).read_text(encoding="utf-8")
    assert '"language" "en"' in main
    assert "<h1>Home</h1>" in pages.page("/")
    assert nobody.check() == []


def test_a_later_step_waits_for_the_earlier_ones(nobody: Office) -> None:
    pages = visited(nobody)
    assert pages.our("/first/bank").headers["Location"] == "/first/unit"
    token = fields_of(pages.page("/first/unit"), "unit")["token"]
    answer = pages.post("/first/operator", token=token, **OPERATOR)
    assert answer.headers["Location"] == "/first/unit"
    assert not nobody.folder.exists()
    assert pages.our("/first/nothing").status_code == 404
    assert pages.our("/settings").status_code == 404
    assert pages.our("/progress.json").json == {"text": ""}
    assert pages.ask("GET", "/books/ledger/income_statement/").status_code == 404


def test_an_earlier_step_can_be_mended(nobody: Office) -> None:
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    assert step(pages, "programme", programme="one-off-subsidy").status_code == 303
    page = pages.page("/first/operator")
    assert "一次性补助" in page
    assert "还没有标准" in page


REFUSED = [
    ("unit", {"county": ""}, "county"),
    ("unit", {"county": "999999"}, "county"),
    ("unit", {"unit": ""}, "unit"),
    ("unit", {"unit": 'a"b'}, "unit"),
    ("unit", {"unit": "\U0001f600"}, "unit"),
    ("programme", {"programme": "/etc/passwd"}, "programme"),
    ("budget", {"rate-普查员": "八百"}, "rate-普查员"),
    ("budget", {"rate-普查员": "-1"}, "rate-普查员"),
    ("budget", {"line-01-30226劳务费": "1e9"}, "line-01-30226劳务费"),
    ("bank", {"account": ""}, "account"),
    ("bank", {"account": "农 商"}, "account"),
    ("bank", {"number": "12-3"}, "number"),
    ("bank", {"words": "\U0001f600"}, "words"),
    ("bank", {"own_profile": "../x"}, "own_profile"),
    ("operator", {"name": ""}, "name"),
    ("operator", {"passphrase": "", "again": ""}, "passphrase"),
    ("operator", {"again": "x"}, "again"),
    ("operator", {"approvals": "all"}, "approvals"),
    ("operator", {"safe": "x.pdf"}, "safe"),
    ("operator", {"safe": "{books}/x.pdf"}, "safe"),
    ("operator", {"safe": __file__}, "safe"),
]


def test_what_is_wrong_is_refused_at_its_field_and_makes_nothing(nobody: Office) -> None:
    pages = visited(nobody)
    for name in STEPS:
        for form, typed, field in REFUSED:
            if form == name:
                said = {k: v.format(books=nobody.folder) for k, v in typed.items()}
                answer = step(pages, name, **said)
                assert answer.status_code == 422, typed
                assert at_field(answer.text, name, field), (typed, refusals(answer))
                assert here(pages) == f"/first/{name}"
        if name != "operator":
            walked(pages, name)
    assert not nobody.folder.exists()
    assert not nobody.key.exists()


def test_a_double_click_and_two_browsers_make_one_set_of_books(nobody: Office) -> None:
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    other = pages.another_browser()
    late = fields_of(other.page("/first/operator"), "operator") | OPERATOR
    fields = fields_of(pages.page("/first/operator"), "operator") | OPERATOR
    path = fields.pop("action")
    assert pages.post(path, **fields).status_code == 303
    head = (nobody.folder / "HEAD").read_bytes()
    again = pages.post(path, **fields)
    assert again.status_code == 409
    assert 'href="/settings/operators"' in again.text
    assert other.post(late.pop("action"), **late).headers["Location"] == "/"
    assert (nobody.folder / "HEAD").read_bytes() == head


def test_books_that_a_command_makes_meanwhile_are_opened(nobody: Office) -> None:
    pages = walked(visited(nobody), "unit")
    assert nobody.run("init", nobody.folder, "--unit", "某单位").status == 0
    assert "某单位" in pages.page("/")


def test_a_folder_with_something_else_in_it_is_refused(nobody: Office) -> None:
    nobody.folder.mkdir()
    pages = walked(visited(nobody), "unit", "programme", "budget", "bank")
    (nobody.folder / "信.docx").write_bytes(b"x")
    answer = step(pages, "operator")
    assert "这个文件夹里有了别的东西" in refusals(answer)[0]
    assert [path.name for path in nobody.folder.iterdir()] == ["信.docx"]
    # And the command does not begin there.
    started = nobody.run("desk", "--no-open", "--port", "0")
    assert started.status == 1
    assert "there are no books" in started.err


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Cookie": ""}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 409),
    ],
)
def test_only_the_browser_that_was_let_in_goes_the_way(
    nobody: Office, headers: dict[str, str], status: int
) -> None:
    """The last needs a token of its own besides."""
    pages = visited(nobody)
    given = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", **headers}
    client = pages.stranger if "Cookie" in headers else pages.client
    answer = client.post("/first/unit", base_url=HERE, headers=given, data=UNIT)
    assert answer.status_code == status
    assert here(pages) == "/first/unit"


def test_no_page_has_an_english_word_or_a_path(nobody: Office) -> None:
    pages = visited(nobody)
    for name in STEPS:
        html = BeautifulSoup(pages.page(f"/first/{name}", q="滕州"), "html.parser")
        for field in html.select("[name=safe], [lang=en]"):
            field.decompose()
        text = html.get_text(" ")
        assert str(nobody.folder) not in str(html)
        assert not [word for word in text.split() if word.isascii() and word.isalpha()], name
        if name != "operator":
            walked(pages, name)
    assert first_visit.STEPS.keys() == STEPS.keys()


def test_books_are_made_by_clicking(browser: Browser, nobody: Office) -> None:
    application = NewOffice(nobody.folder, key_file=nobody.key, edit=False)
    with answering(application, nobody.folder) as server:
        window = Window(browser, server, viewport={"width": 400, "height": 800})
        page = window.enter().page
        page.get_by_role("searchbox").fill("滕州")
        page.get_by_role("button", name="查找").click()
        page.get_by_label("滕州市（").check()
        page.get_by_label("单位全称").fill("滕州市普查办公室")
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("第七次全国人口普查").check()
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("普查员 每人").fill("800")
        page.get_by_label("本级财政 30226 劳务费").fill("500000")
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("银行的简称").fill("滕州农商行")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_text("500,000.00 元")).to_be_visible()
        page.get_by_label("您的姓名").fill("王会计")
        page.get_by_label("口令").first.fill(SECRET)
        page.get_by_label("再输入一次").fill(SECRET)
        page.get_by_label("只有我一人办理").check()
        page.get_by_label("保险柜密钥").fill("")
        page.get_by_role("button", name="建账套").dblclick()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(
            "新建账套", timeout=PATIENCE_MS
        )
        page = window.open("/inbox")
        expect(page.get_by_text("O01 王会计")).to_be_visible()
        wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= seen
        window.close()
    assert nobody.check() == []
