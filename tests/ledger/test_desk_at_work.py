"""The desk in a real browser: the work done by clicking alone, and clicks that come twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.support.approving import CASHIER
from tests.support.approving import CHECKER
from tests.support.approving import MAKER
from tests.support.approving import with_colleagues
from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.beginnings import beginning
from tests.support.browser import Served
from tests.support.browser import Window
from tests.support.browser import served
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

RULE = '2020-01-10 custom "census-approval" 0.00 CNY "审核"'
PASSPHRASE = "正确的口令"
LAPTOP = {"width": 1360, "height": 900}


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Money in the bank, nobody registered yet; the colleagues have a passphrase."""
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", PASSPHRASE)
    with_colleagues(office, RULE)
    monkeypatch.delenv("CENSUS_LEDGER_PASSPHRASE")
    return office


@contextmanager
def at_desk(browser: Browser, server: Served, operator: str, **look: Any) -> Iterator[Page]:
    """The page of somebody who has logged in; nothing goes wrong in it."""
    window = Window(browser, server, viewport=LAPTOP, accept_downloads=True, **look)
    try:
        page = window.enter().page
        page.get_by_role("link", name="登录").click()
        page.get_by_label("操作员").select_option(operator)
        page.get_by_label("口令").fill("" if operator == MAKER else PASSPHRASE)
        page.get_by_label("口令").press("Enter")
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        yield page
        # A refused form is answered with a status that the console tells of.
        assert [error for error in window.errors if "status of 4" not in error] == []
    finally:
        window.close()


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def kinds(office: Office) -> list[str]:
    """The events after those that have named the operators."""
    return [path.stem.split("-")[1] for path in office.events()[4:]]


def test_from_a_roster_to_the_bank_by_clicking_alone(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-06-01", "-66.00", "某店", "培训用品")
    statement = account.statement(tmp_path / "流水.csv")
    people = roster(tmp_path / "荆河街道.xlsx", row(1), row(2), row(3))
    with served(office) as server, at_desk(browser, server, MAKER) as clerk:
        go(clerk, "收件")
        clerk.get_by_label("文件", exact=True).set_input_files([statement, people])
        clerk.get_by_role("button", name="放入").click()
        expect(clerk.locator("article")).to_have_count(2)
        clerk.get_by_role("button", name="全部收下").click()
        expect(clerk.locator(".done")).to_have_text("收下 2 个文件，没有收下 0 个。")

        go(clerk, "首页")
        clerk.get_by_role("link", name="待核款项").click()
        clerk.get_by_role("link", name="说明", exact=True).click()
        clerk.get_by_label("记到哪个科目或批次").select_option(TRAINING)
        clerk.get_by_role("button", name="预览分录").click()
        expect(clerk.get_by_role("heading", name="将记入的分录")).to_be_visible()
        clerk.get_by_role("button", name="记入").click()
        expect(clerk.locator(".done")).to_contain_text("已说明")

        go(clerk, "首页")
        clerk.get_by_role("link", name="可以发放：3 人").click()
        clerk.get_by_label("荆河街道").check()
        expect(clerk.locator("#proposal")).to_contain_text("3 人，2,400.00 元")
        clerk.get_by_role("button", name="编制这一批次").click()
        expect(clerk.locator(".done")).to_contain_text("3 人，2,400.00 元")
        batch = clerk.get_by_role("heading", level=1).inner_text().split()[1]

        with at_desk(browser, server, CHECKER) as checker:
            checker.get_by_role("link", name=f"批次 {batch} 等待审批").click()
            checker.get_by_role("button", name="同意", exact=True).click()
            expect(checker.locator(".done")).to_contain_text("审批齐全")
        with at_desk(browser, server, CASHIER) as cashier:
            cashier.get_by_role("link", name=f"批次 {batch} 可以交银行").click()
            with cashier.expect_download() as download:
                cashier.get_by_role("link", name="本行").click()
            assert download.value.path().read_bytes()[:2] == b"PK"
            cashier.get_by_role("button", name="已交银行").click()
            expect(cashier.locator(".facts")).to_contain_text("已提交银行")
    assert kinds(office) == ["statement", "explained", "prepared", "approved", "submitted"]
    assert office.check() == []


@beginning
def due(office: Office) -> Office:
    office.receive(1_220_000)
    office.register(3)
    return office


def prepared(office: Office) -> int:
    return kinds(office).count("prepared")


def test_a_double_click_and_two_tabs_make_one_batch(browser: Browser, due: Office) -> None:
    with served(due) as server, at_desk(browser, server, MAKER) as page:
        page.goto(f"{server.address}/disbursement/plan")
        tab = page.context.new_page()
        tab.goto(f"{server.address}/disbursement/plan")
        page.get_by_role("button", name="编制这一批次").dblclick()
        page.wait_for_url("**/disbursement/B*")
        assert prepared(due) == 1
        tab.get_by_role("button", name="编制这一批次").click()
        expect(tab.locator(".refusal").first).to_be_visible()
        assert prepared(due) == 1
        # Back shows the plan as it is now, and a reload does nothing.
        page.go_back()
        expect(page.get_by_role("button", name="编制这一批次")).to_have_count(0)
        tab.reload()
        assert prepared(due) == 1


def test_two_clicks_at_once_without_scripts_make_one_batch(browser: Browser, due: Office) -> None:
    """The server alone decides it; and everything works without scripts."""
    with (
        served(due) as server,
        at_desk(browser, server, MAKER, java_script_enabled=False) as page,
    ):
        page.goto(f"{server.address}/disbursement/plan")
        button = page.get_by_role("button", name="编制这一批次")
        button.click(click_count=2, no_wait_after=True)
        page.wait_for_load_state()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("编制批次")
        assert prepared(due) == 1


PLAN, BATCH = "/disbursement/plan", "/disbursement/B2020-001"
MADE, VOIDED = "批次 B2020-001 已编制", "批次 B2020-001 已作废"


def making(page: Page, server: Served) -> Locator:
    page.goto(f"{server.address}{PLAN}?on=2020-11-10")
    return page.get_by_role("button", name="编制这一批次")


def voiding(page: Page, server: Served) -> Locator:
    page.goto(f"{server.address}{BATCH}")
    page.locator("summary", has_text="作废").click()
    return page.get_by_role("button", name="作废这一批次")


def test_a_tab_closed_right_after_the_click_does_it_once(browser: Browser, due: Office) -> None:
    """Or not at all, and then the other tab, which was opened before, does it. It says so."""
    with served(due) as server, at_desk(browser, server, MAKER) as page:
        for press, said in ((making, MADE), (voiding, VOIDED)):
            tab = page.context.new_page()
            closing, left = press(tab, server), press(page, server)
            closing.click(no_wait_after=True)
            tab.close()
            left.click()
            expect(page.locator(".done", has_text=said)).to_be_visible()
    assert [kind for kind in kinds(due) if kind in ("prepared", "void")] == ["prepared", "void"]
    assert due.check() == []


def test_of_two_operators_at_one_form_one_does_it(
    browser: Browser, due: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is told who has done what meanwhile."""
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", PASSPHRASE)
    clerk = due.run("operator", "add", "钱经办", "--role", "经办", "--json").json["id"]
    with (
        served(due) as server,
        at_desk(browser, server, MAKER) as first,
        at_desk(browser, server, clerk) as second,
    ):
        for press, what in ((making, "测试员：编入批次"), (voiding, "测试员：批次作废")):
            buttons = [press(page, server) for page in (first, second)]
            for button in buttons:
                button.click()
            told = second.locator(".refusal").first
            expect(told).to_contain_text(f"{what} B2020-001")
            assert second.locator(".refusal").count() == 1
    assert [kind for kind in kinds(due) if kind in ("prepared", "void")] == ["prepared", "void"]
    assert due.check() == []


def test_a_refusal_stands_at_its_field_and_is_told_to_a_reader(
    browser: Browser, due: Office
) -> None:
    due.disburse(on="2020-11-10")
    with served(due) as server, at_desk(browser, server, CHECKER) as page:
        page.goto(f"{server.address}/disbursement/B2020-001")
        page.get_by_label("日期").first.fill("2020-11-09")
        page.get_by_role("button", name="同意", exact=True).click()
        field = page.locator("[aria-invalid]")
        expect(field).to_have_attribute("aria-describedby", "approve-on-problem")
        expect(page.locator("#approve-on-problem")).to_be_visible()
        assert "approved" not in kinds(due)


PAGES = (
    "/", "/inbox", "/disbursement", "/disbursement/plan", "/disbursement/B2020-001", "/people",
    "/bank", "/bank/{line}", "/budget", "/events/{seq}/reverse",
)  # fmt: skip


def test_pages_fit_every_window_in_both_themes(browser: Browser, due: Office) -> None:
    """Wide tables scroll in boxes of their own; nothing is written to the console."""
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-06-01", "-66.00", "某店", "培训用品")
    due.run("import", account.statement(due.folder.with_name("流水.csv")))
    seq = int(due.events()[-1].name[:6])
    due.disburse(on="2020-11-10")
    (line,) = [one for one in due.books().history.lines.values() if one.suspense_fen]
    places = [path.format(line=line.id, seq=seq) for path in PAGES]
    with served(due) as server:
        for theme in ("light", "dark"):
            with at_desk(browser, server, MAKER, color_scheme=theme) as page:
                for width in (400, 1360, 2000):
                    page.set_viewport_size({"width": width, "height": 900})
                    for place in places:
                        page.goto(f"{server.address}{place}")
                        expect(page.get_by_role("heading", level=1)).to_be_visible()
                        assert page.locator("p.refusal").count() == 0, place
                        wide = page.evaluate("document.documentElement.scrollWidth")
                        assert wide <= width, (place, width, theme)
