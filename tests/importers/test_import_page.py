"""Fava's page of imports in a real browser: a statement is looked at there, and nothing entered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest
from beancount.core import data
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page

from tests.support.bank_account import Account
from tests.support.bank_account import Movement
from tests.support.bank_account import a_year
from tests.support.bank_account import take_statement
from tests.support.browser import office_window
from tests.support.desk_pages import DeskPages
from tests.support.office import BANK
from tests.support.office import Office

IMPORTER = "银行对账单（只预览）"


class Shown(NamedTuple):
    """An entry as the page shows it."""

    day: str
    flag: str
    payee: str
    text: str
    postings: tuple[tuple[str, str], ...]


@pytest.fixture
def account() -> Account:
    return a_year()


@pytest.fixture
def half(office: Office, account: Account) -> Office:
    """Books with the statement of the half year; that of the whole year lies in their folder."""
    assert take_statement(office, account, until="2020-07-01", name="上半年.csv").status == 0
    account.statement(office.folder / "statements" / "全年.csv")
    (office.folder / "statements" / "说明.pdf").write_bytes(b"%PDF-1.4")
    return office


def open_preview(page: Page, file: str) -> Locator:
    """Press the button of our importer beside the file, and wait for the entries."""
    listed = page.locator(".header").filter(has_text=file).locator("+ div form")
    assert IMPORTER in listed.inner_text()
    listed.locator(f"button[title$='{IMPORTER}']").click()
    dialog = page.locator("dialog form")
    dialog.wait_for()
    return dialog


def entry_of(dialog: Locator) -> Shown:
    def values(kind: str) -> list[str]:
        found: list[str] = dialog.locator(kind).evaluate_all("all => all.map(one => one.value)")
        return found

    (day,), (flag,) = values("input[type=date]"), values("input[name=flag]")
    postings = dialog.locator("[role=group]")
    count = postings.count()
    pairs = [
        tuple(postings.nth(place).locator("input").evaluate_all("all => all.map(one => one.value)"))
        for place in range(count)
    ]
    payee, text = values("label input[type=text]")
    return Shown(day, flag, payee, text, tuple(pair for pair in pairs if any(pair)))


def in_books(entry: data.Transaction) -> Shown:
    """How the page shows an entry of the books."""
    (link,) = entry.links
    postings = ((posting.account, str(posting.units)) for posting in entry.postings)
    return Shown(
        str(entry.date), entry.flag or "", entry.payee or "", f"{entry.narration} ^{link}",
        tuple(postings),
    )  # fmt: skip


def walk(dialog: Locator) -> tuple[Sequence[Shown], Sequence[bool]]:
    """Every entry, one after another, and whether it is marked as known."""
    entries, known = [], []
    while True:
        entries.append(entry_of(dialog))
        known.append(dialog.locator("input[type=checkbox]").is_checked())
        forward = dialog.get_by_text("⏭")
        if not forward.count():
            return entries, known
        dialog.locator("button[type=submit]").click()


def test_a_statement_is_shown_as_it_will_be_entered(half: Office, browser: Browser) -> None:
    """The page has no key to the registry, and needs none."""
    away = half.key.rename(half.key.with_name("away.key"))
    with office_window(browser, half) as window:
        window.errors.clear()
        page = window.open("/books/ledger/import/")
        listed = page.locator(".header + div form")
        listed.first.wait_for()
        fields = listed.first.locator("input")
        assert fields.nth(0).input_value() == BANK
        assert fields.nth(1).input_value() == "2020-05-08--2020-11-05-对账单.csv"
        unknown = page.locator("details")
        assert "说明.pdf" in (unknown.text_content() or "")
        assert IMPORTER not in (unknown.text_content() or "")
        dialog = open_preview(page, "全年.csv")
        assert "Entry 1 of 5 (2 to import)" in " ".join(dialog.inner_text().split())
        entries, known = walk(dialog)
        assert known == [True, True, True, False, False]
        assert window.errors == []
    away.rename(half.key)
    assert half.run("import", half.folder / "statements" / "全年.csv").status == 0
    lines = half.books().history.lines.values()
    assert entries == [in_books(line.entry) for line in lines]


def test_an_edited_statement_says_why_it_is_refused(
    half: Office, account: Account, browser: Browser
) -> None:
    def raise_the_interest(lines: list[Movement]) -> None:
        lines[1] = replace(lines[1], yuan="2525.40")

    account.statement(half.folder / "statements" / "改过.csv", change=raise_the_interest)
    with office_window(browser, half) as window:
        window.errors.clear()
        dialog = open_preview(window.open("/books/ledger/import/"), "改过.csv")
        said = dialog.locator("textarea").input_value()
        assert "第 3 行" in said
        assert "1,222,525.40" in said
        assert dialog.locator("pre").inner_text() == said
        assert "Traceback" not in window.page.content()
        assert window.errors == []


def test_what_the_books_would_run_is_not_run(half: Office, browser: Browser) -> None:
    """The page shows what our reader reads, whatever the books say about importers."""
    ran = half.folder.parent / "ran"
    (half.folder / "import_config.py").write_text(f"open({str(ran)!r}, 'w')\n", encoding="utf-8")
    with office_window(browser, half) as window:
        window.errors.clear()
        page = window.open("/books/ledger/import/")
        page.locator(".header + div form").first.wait_for()
        assert "全年.csv" in page.content()
        assert window.errors == []
    assert not ran.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_only_files_of_the_folder_are_read(half: Office, account: Account) -> None:
    outside = half.folder.parent / "outside"
    outside.mkdir()
    account.statement(outside / "别处.csv")
    folder = half.folder / "statements"
    (folder / "链接.csv").symlink_to(outside / "别处.csv")
    (folder / "文件夹").symlink_to(outside, target_is_directory=True)
    pages = DeskPages(half)
    listed = {one["name"] for one in pages.get("api/imports").get_json()["data"]}
    assert "statements/全年.csv" in listed
    assert not any("链接" in name or "文件夹" in name for name in listed)
    for name in (
        "statements/链接.csv",
        "statements/文件夹/别处.csv",
        "statements/../../outside/别处.csv",
        str(outside / "别处.csv"),
        str(folder / "全年.csv"),
        "全年.csv",
        "registry.db",
    ):
        answer = pages.get("api/extract", filename=name, importer=IMPORTER)
        assert answer.status_code == 404, name
    good = pages.get("api/extract", filename="statements/全年.csv", importer=IMPORTER)
    assert good.status_code == 200
    assert str(half.folder) not in good.text
    assert pages.get("api/extract", filename="statements/全年.csv", importer="x").status_code == 404
