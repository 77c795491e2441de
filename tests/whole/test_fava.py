"""The books in the real Fava: no errors when sound, the right line when not, and as an office reads
them: in Chinese, a part of the journal at a time, without what cannot be done there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import fava
import pytest
from bs4 import BeautifulSoup
from fava.application import create_app
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from ledger.web import fava_journal
from ledger.web.fava_ledgers import FavaLedgers
from ledger.web.fava_templates import REPLACED
from ledger.web.open_books import OpenBooks
from tests.support.beginnings import beginning
from tests.support.browser import office_window
from tests.support.desk_pages import FAVA
from tests.support.desk_pages import DeskPages
from tests.support.office import BANK
from tests.support.office import Office

# What Fava offers where entries may be written, and some that it offers in vain.
WRITING = (
    "a[href='#add-transaction']:visible, .fixed-fullsize-container button[type=submit]:visible,"
    " dialog .editor + .flex-row:visible"
)
IN_VAIN = "article input[type=file]:visible, .filelist button.round:visible"
ENGLISH_MONTH = re.compile("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")


def errors_in_fava(office: Office) -> list[dict[str, Any]]:
    """What Fava's page of errors shows."""
    application = create_app([office.folder / "main.beancount"], load=True, read_only=True)
    with application.test_client() as client:
        slug = client.get("/", follow_redirects=True).request.path.split("/")[1]
        errors: list[dict[str, Any]] = client.get(f"/{slug}/api/errors").get_json()["data"]
        assert client.get(f"/{slug}/errors/").status_code == 200
    return errors


@beginning
def paid(funded: Office) -> Office:
    funded.disburse()
    return funded


def test_sound_books_have_an_empty_page_of_errors(paid: Office) -> None:
    assert errors_in_fava(paid) == []


def test_a_payment_by_hand_is_shown_at_its_line(paid: Office) -> None:
    line = paid.hand(
        '2020-11-12 * "钱一甲" "两员补助" #census-subsidy ^P000001\n'
        "  Expenses:5001业务活动费用:01本级财政:30216培训费  800.00 CNY\n"
        "  Assets:1002银行存款:01滕州农商行\n"
    )
    (error,) = errors_in_fava(paid)
    assert error["source"]["filename"].endswith("hand.beancount")
    assert error["source"]["lineno"] == line
    assert "census-ledger alone" in error["message"]


def test_refused_books_have_no_entries_in_fava(paid: Office) -> None:
    """The page of errors names the lines; corrected books are loaded again."""
    ledgers = FavaLedgers(OpenBooks(paid.folder))
    hand = paid.folder / "journal" / "hand.beancount"
    before = hand.read_text(encoding="utf-8")
    line = paid.hand('option "plugin_processing_mode" "raw"')
    ledger = ledgers.now()
    (error,) = ledger.errors
    assert error.source is not None
    assert error.source["filename"] == "journal/hand.beancount"
    assert error.source["lineno"] == line
    assert ledger.all_entries == []
    hand.write_text(before, encoding="utf-8")
    os.utime(hand, (2_000_000_000, 2_000_000_000))
    ledger = ledgers.now()
    assert ledger.errors == []
    assert ledger.all_entries


def test_a_newer_fava_has_all_that_is_replaced_in_its_templates() -> None:
    for template, pairs in REPLACED.items():
        source = (Path(fava.__file__).parent / "templates" / template).read_text(encoding="utf-8")
        for old, _new in pairs:
            assert old in source


def journal_rows(page: Page) -> int:
    return page.locator(".journal > li:not(.head):not(.more)").count()


def test_journals_come_in_parts_until_they_are_whole(
    browser: Browser, paid: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Any = DeskPages(paid).get("api/journal_page?page=1&order=desc").json
    whole = answer["data"]["journal"]
    entries = len(BeautifulSoup(whole, "html.parser").find_all("li", recursive=False))
    monkeypatch.setattr(fava_journal, "AT_ONCE", 50)
    with office_window(browser, paid) as window:
        for address in ("journal/", f"account/{BANK}/"):
            page = window.open(f"{FAVA}/{address}")
            page.locator(".journal > li.transaction").first.wait_for()
            more = page.locator(".journal > li.more button")
            rows = 0
            while more.count():
                assert journal_rows(page) == rows + 50
                rows = journal_rows(page)
                asked = more.get_attribute("data-next")
                more.click()
                expect(page.locator(f'button[data-next="{asked}"]')).to_have_count(0)
            if address == "journal/":
                assert journal_rows(page) == entries > 50
    beyond = DeskPages(paid).get("api/journal_page?page=99&order=desc")
    assert beyond.status_code == 404


def test_months_headings_and_figures_are_those_of_a_chinese_office(
    browser: Browser, paid: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    with office_window(browser, paid, viewport={"width": 400, "height": 900}) as window:
        page = window.open(f"{FAVA}/income_statement/")
        chart = page.locator("article svg").first
        expect(chart).to_contain_text("2020年11月")
        assert not ENGLISH_MONTH.search(chart.text_content() or "")
        income = page.locator(".tree-table-new").first
        expect(income).to_contain_text("收入")
        expect(income).to_contain_text("1,220,000.00")
        assert "-" not in income.inner_text()
        page = window.open(f"{FAVA}/query/?query_string=run+%22各镇街发放%22")
        expect(page.locator("article thead")).to_contain_text("镇街")
        assert page.locator("article thead").inner_text().split() == ["镇街", "笔数", "金额"]
        assert window.errors == []


@pytest.mark.parametrize("edit", [False, True], ids=["reading", "editing"])
def test_what_cannot_be_done_in_fava_is_not_offered(
    browser: Browser, paid: Office, edit: bool
) -> None:
    offered = 0
    with office_window(browser, paid, edit=edit) as window:
        for address in ("editor/", "import/", "journal/"):
            page = window.open(f"{FAVA}/{address}")
            page.wait_for_load_state("networkidle")
            if address == "journal/":
                page.locator("li.transaction .datecell a").first.click()
                page.locator("dialog .editor").wait_for()
            offered += page.locator(WRITING).count()
            assert page.locator(IN_VAIN).count() == 0
    assert bool(offered) == edit
