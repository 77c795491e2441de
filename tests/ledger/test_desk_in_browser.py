"""The liaison's pages in a real browser, on the books of a whole year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from ledger.model.payees import Payee
from ledger.web.server import whole_application
from tests.support.browser import Served
from tests.support.browser import Window
from tests.support.browser import answering
from tests.support.browser import office_window
from tests.support.demonstrated_year import MAKER
from tests.support.demonstrated_year import ByCommands
from tests.support.hostile_texts import HOSTILE
from tests.support.hostile_texts import office_of
from tests.support.office import Office

LAPTOP = {"width": 1360, "height": 768}
YEARS_END = "2020-12-31"
# Two days after the bank's answers for the second batch: some came back, two are unclear.
RETURNED = "2020-11-14"
PHONE = {"width": 400, "height": 800}
DESKTOP = {"width": 2000, "height": 1100}
PAGES = {"/budget": "预算执行", "/disbursement": "发放", "/people": "人员"}
STATES = ("registered", "due", "in_bank", "paid", "returned", "unknown", "blocked")


@pytest.fixture(scope="module")
def server(year: ByCommands) -> Iterator[Served]:
    with answering(whole_application(year.books, key_file=year.key), year.books) as found:
        yield found


@contextmanager
def opened(browser: Browser, server: Served, **look: Any) -> Iterator[Window]:
    """A window that has been let in; whatever a test does, nothing goes wrong in it."""
    window = Window(browser, server, **look)
    try:
        yield window.enter()
        assert window.errors == []
    finally:
        window.close()


@pytest.fixture(params=["light", "dark"])
def window(browser: Browser, server: Served, request: pytest.FixtureRequest) -> Iterator[Window]:
    with opened(browser, server, viewport=LAPTOP, color_scheme=request.param) as window:
        yield window


@pytest.fixture
def light(browser: Browser, server: Served) -> Iterator[Window]:
    with opened(browser, server, viewport=LAPTOP, accept_downloads=True) as window:
        yield window


def status(year: ByCommands, on: str) -> Any:
    return year.ask("status", "--date", on)


def table(page: Page, heading: str) -> list[list[str]]:
    """The texts of a table's rows, as they are seen."""
    page.locator(f"table[aria-labelledby={heading}]").wait_for()
    found: list[list[str]] = page.locator(
        f"table[aria-labelledby={heading}] tbody tr"
    ).evaluate_all(
        "rows => rows.filter(row => !row.hidden)"
        ".map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def first_cells(page: Page, heading: str) -> list[str]:
    return [row[0] for row in table(page, heading)]


def sort_button(page: Page, heading: str, name: str) -> Locator:
    return page.locator(f"table[aria-labelledby={heading}] thead button", has_text=name)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_one_click_away(window: Window, path: str) -> None:
    page = window.open("/")
    page.get_by_role("navigation").get_by_role("link", name=PAGES[path], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    expect(page.get_by_role("heading", name="需要关注")).to_be_visible()
    expect(page.locator("nav [aria-current=page]")).to_have_text(PAGES[path])


def test_the_entries_are_one_click_away_and_lead_back(light: Window) -> None:
    page = light.open("/people")
    page.get_by_role("navigation").get_by_role("link", name="账簿").click()
    page.wait_for_url(re.compile("/books/ledger/income_statement/"))
    expect(page.locator("article")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, LAPTOP, DESKTOP], ids=["phone", "laptop", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(
    browser: Browser, server: Served, size: Any, theme: Any
) -> None:
    """Wide tables scroll in boxes of their own, which the keyboard reaches; no text is cut off."""
    with opened(browser, server, viewport=size, color_scheme=theme) as window:
        for path in PAGES:
            page = window.open(f"{path}?on={RETURNED}")
            page.locator("main table tbody tr:visible").first.wait_for()
            wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide <= seen
            assert page.evaluate(OUTSIDE_OF_BOXES) == []
            assert page.locator(".box:not([tabindex='0'])").count() == 0
            assert page.locator("svg.course:visible").count() == (path == "/budget")


def test_what_can_be_done_with_a_line_is_seen_without_scrolling(
    browser: Browser, server: Served
) -> None:
    with opened(browser, server, viewport=DESKTOP) as window:
        page = window.open("/login?to=/bank")
        page.get_by_label("操作员").select_option(MAKER)
        page.get_by_label("口令").press("Enter")
        for width in (1000, 1360):
            page.set_viewport_size({"width": width, "height": 768})
            expect(page.get_by_role("link", name="冲销说明").first).to_be_in_viewport(ratio=1)
            assert page.evaluate(SCROLLING_BOXES) == 0


SCROLLING_BOXES = """
    [...document.querySelectorAll(".box")].filter((one) => one.scrollWidth > one.clientWidth).length
"""
# Elements that reach over the window's edge and are in no box that scrolls.
OUTSIDE_OF_BOXES = """
    [...document.querySelectorAll("body *")]
        .filter((one) => !one.closest(".box, .skip, [hidden], details:not([open]) > :not(summary)"))
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 0.5)
        .map((one) => one.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(browser: Browser, server: Served, theme: Any) -> None:
    """By the contrast that WCAG asks for, 4.5 to 1, in either theme."""
    with opened(browser, server, viewport=LAPTOP, color_scheme=theme) as window:
        for path in PAGES:
            page = window.open(f"{path}?on={RETURNED}")
            page.locator("main table tbody tr:visible").first.wait_for()
            faint = page.evaluate(FAINT)
            assert faint == []


FAINT = """
    (() => {
        const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
        const light = (colour) => {
            const [r, g, b] = parts(colour).map((one) => {
                const share = one / 255;
                return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (one) => {
            for (let at = one; at; at = at.parentElement) {
                const colour = getComputedStyle(at).backgroundColor;
                if (!/, 0\\)$/.test(colour)) {
                    return colour;
                }
            }
            return "rgb(255, 255, 255)";
        };
        return [...document.querySelectorAll("body *")]
            .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .filter((one) => one.checkVisibility())
            .filter((one) => {
                const style = getComputedStyle(one);
                const inChart = one instanceof SVGElement;
                const pair = [light(inChart ? style.fill : style.color), light(ground(one))];
                return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) < 4.5;
            })
            .map((one) => one.outerHTML.slice(0, 80));
    })()
"""


def test_budget_and_lines_are_those_of_status(year: ByCommands, window: Window) -> None:
    said = status(year, YEARS_END)
    page = window.open(f"/budget?on={YEARS_END}")
    shown = table(page, "budget")
    rows = {row[0]: [cell.replace(",", "") for cell in row[1:7]] for row in shown}
    whole = said["budget"]
    assert rows["合计"] == [
        whole[key] for key in ("total", "received", "spent", "paid", "committed", "remaining")
    ]
    for fund in said["funds"]:
        row = rows[f"{fund['code']} {fund['name']}"]
        assert row[:4] == [fund[key] for key in ("budget", "received", "spent", "paid")]
    assert len(rows) == len(said["lines"]) - 1 + len(said["funds"]) + 1
    chart = page.locator("svg.course:visible")
    for name in ("预算", "已到位", "已列支", "已支付"):
        expect(chart.get_by_text(name)).to_be_visible()


@pytest.mark.parametrize("on", [RETURNED, YEARS_END])
def test_towns_and_batches_are_those_of_status(year: ByCommands, window: Window, on: str) -> None:
    said = status(year, on)
    page = window.open(f"/disbursement?on={on}")
    rows = {row[0]: [cell.split("\n")[0] for cell in row[1:8]] for row in table(page, "towns")}
    assert rows == {
        town["name"]: [str(town[state]) for state in STATES]
        for town in [*said["towns"], {"name": "合计", **said["payees"]}]
    }
    batches = {row[0]: row for row in table(page, "batches")}
    assert list(batches) == [batch["id"] for batch in reversed(said["batches"])]
    for batch in said["batches"]:
        row = batches[batch["id"]]
        assert row[9].replace(" ", "") == batch["seal"]
        counts = [int(cell) for cell in (row[3], *row[5:9])]
        assert counts == [
            batch[key] for key in ("payees", "paid", "returned", "unknown", "awaited")
        ]


def test_towns_are_sorted_by_a_heading(light: Window) -> None:
    """By mouse and by keyboard, both ways; the sum stays below."""
    page = light.open(f"/disbursement?on={RETURNED}")
    before = first_cells(page, "towns")

    def counts() -> list[int]:
        return [int(row[5].split("\n")[0]) for row in table(page, "towns")[:-1]]

    button = sort_button(page, "towns", "退回")
    button.click()
    assert counts() == sorted(counts())
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("退回")
    button.focus()
    page.keyboard.press("Enter")
    assert counts() == sorted(counts(), reverse=True)
    assert first_cells(page, "towns")[-1] == "合计"
    sort_button(page, "towns", "镇街").click()
    assert first_cells(page, "towns") == before


def test_who_waits_is_filtered(year: ByCommands, light: Window) -> None:
    said = status(year, RETURNED)
    page = light.open(f"/disbursement?on={RETURNED}")
    waiting = sum(group["count"] for group in said["waiting"])
    assert len(table(page, "waiting")) == waiting
    form = page.locator(".filter")
    expect(form.locator("output")).to_have_text(f"{waiting} 人")
    form.get_by_label("状态").select_option("unknown")
    assert len(table(page, "waiting")) == said["payees"]["unknown"] == 2
    form.get_by_label("状态").select_option("")
    form.get_by_label("批次").select_option("B2020-001")
    of_batch = table(page, "waiting")
    assert {row[4] for row in of_batch} == {"B2020-001"}
    town = of_batch[0][2]
    form.get_by_label("镇街").select_option(label=town)
    assert {row[2] for row in table(page, "waiting")} == {town}


def test_a_count_leads_to_its_people(year: ByCommands, light: Window) -> None:
    said = status(year, RETURNED)
    town = max(said["towns"], key=lambda town: int(town["returned"]))
    page = light.open(f"/disbursement?on={RETURNED}")
    row = page.locator(f"tr[data-town='{town['code']}']").first
    row.locator("td").nth(4).locator("a").click()
    expect(page.locator("#search output")).to_have_text(
        f"{town['returned']} 人，显示 {town['returned']} 人"
    )
    assert page.get_by_label("状态").input_value() == "returned"


def people(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.locator("#people tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def somebody(year: ByCommands) -> Payee:
    """With a name that nobody else has, and one of the rare ones."""
    return next(payee for payee in year.payees() if "䶮" in payee.legal_name)


@pytest.mark.parametrize("by", ["name", "id", "identity", "account"])
def test_a_person_is_found(year: ByCommands, window: Window, by: str) -> None:
    """By name, id or the last four of a number: in the browser, so that no address has them."""
    payee = somebody(year)
    typed = {
        "name": payee.legal_name,
        "id": payee.payee_id,
        "identity": payee.identity[-4:],
        "account": payee.account[-4:],
    }[by]
    page = window.open("/people")
    page.locator("#people tbody tr").first.wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox").fill(typed)
    expect(page.locator("#people tbody").get_by_text(payee.payee_id)).to_be_visible()
    assert payee.payee_id in [row[0] for row in people(page)]
    assert asked == []
    assert typed not in page.url


def test_numbers_are_masked(year: ByCommands, light: Window) -> None:
    payee = somebody(year)
    page = light.open("/people")
    page.get_by_role("searchbox").fill(payee.payee_id)
    expect(page.locator("#people tbody tr")).to_have_count(1)
    ((_id, name, _state, _town, _role, identity, account, *_others),) = people(page)
    assert name == payee.legal_name
    assert re.fullmatch(r"\d{6}\*{8}\d{3}[\dX]", identity)
    assert account == f"****{payee.account[-4:]}"
    content = page.content()
    assert payee.identity not in content
    assert payee.account not in content


def test_one_persons_history_is_shown(year: ByCommands, window: Window) -> None:
    """Of somebody whose payment came back and was made again."""
    again = year.ask("payees", "list", "--batch", "B2020-003")["payees"][0]["id"]
    known = year.ask("payees", "show", again)
    page = window.open("/people")
    page.get_by_role("searchbox").fill(again)
    page.get_by_role("button", name=again).click()
    panel = page.locator("#person")
    expect(panel.locator("h2")).to_be_focused()
    expect(panel.locator("h2")).to_have_text(f"{again} {known['name']}")
    rows = panel.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    assert [(row[0], row[2]) for row in rows] == [
        (event["date"], event["batch"] or "—") for event in known["history"]
    ]
    panel.get_by_role("link", name="账簿中的分录").click()
    page.wait_for_url(re.compile("journal"))
    expect(page.locator("article").get_by_text(known["name"]).first).to_be_visible()


def test_more_people_are_shown_when_asked(year: ByCommands, light: Window) -> None:
    page = light.open("/people")
    rows = page.locator("#people tbody tr")
    expect(rows).to_have_count(100)
    expect(page.locator("#search output")).to_have_text(f"{year.people} 人，显示 100 人")
    page.get_by_role("button", name="再显示一些").click()
    expect(rows).to_have_count(200)


def test_the_monthly_report_is_downloaded(year: ByCommands, light: Window, tmp_path: Path) -> None:
    """The very file that the command writes."""
    page = light.open("/budget")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="2020年11月经费预算执行情况月报").click()
    download = waiting.value
    assert download.suggested_filename == "2020-11-经费预算执行情况月报.pdf"
    download.save_as(tmp_path / "here.pdf")
    made = year.books / "reports" / download.suggested_filename
    assert (tmp_path / "here.pdf").read_bytes() == made.read_bytes()


def test_the_pages_follow_the_day(year: ByCommands, light: Window) -> None:
    """Typed into the field on top, by the keyboard alone; links keep it."""
    page = light.open("/budget")
    field = page.get_by_label("截至", exact=True)
    field.fill("2020-10-31")
    field.press("Enter")
    expect(page.locator(".as-of")).to_contain_text("截至 2020-10-31（以后的记录不计入）")
    said = status(year, "2020-10-31")
    sums = {row[0]: row for row in table(page, "budget")}
    assert sums["合计"][4].replace(",", "") == said["budget"]["paid"]
    page.get_by_role("navigation").get_by_role("link", name="人员").click()
    expect(page.locator(".as-of")).to_contain_text("截至 2020-10-31")


def test_a_person_is_shown_as_of_the_day(year: ByCommands, light: Window) -> None:
    """Before the bank had answered nothing had come back."""
    again = year.ask("payees", "list", "--batch", "B2020-003")["payees"][-1]["id"]
    page = light.open("/people?on=2020年11月11日")
    page.get_by_role("searchbox").fill(again)
    page.get_by_role("button", name=again).click()
    panel = page.locator("#person")
    expect(panel.locator("h2")).to_be_focused()
    assert set(panel.locator("tbody td:nth-child(1)").all_inner_texts()) == {"2020-11-10"}


def test_a_refusal_is_a_sentence_on_the_page(
    browser: Browser, funded: Office, tmp_path: Path
) -> None:
    """Also where the page is open already when the key goes."""
    with office_window(browser, funded) as window:
        page = window.open("/people")
        expect(page.locator("#people tbody tr")).to_have_count(6)
        funded.register(1)
        funded.key.rename(tmp_path / "away.key")
        page.get_by_role("button", name="P000001").click()
        said = page.locator("#person .refusal")
        expect(said).to_contain_text("没有登记库的密钥")
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("没有登记库的密钥")
        # The browser says in its console what the server has answered, and nothing else went wrong.
        assert all("503" in error for error in window.errors)


def test_hostile_texts_do_nothing(browser: Browser, office: Office) -> None:
    """They are shown as they are, on every page and in somebody's history."""
    office_of(HOSTILE, office)
    with office_window(browser, office, viewport=LAPTOP) as window:
        window.page.on("dialog", lambda dialog: window.errors.append(dialog.message))
        for path in PAGES:
            page = window.open(path)
            page.locator("main table tbody tr:visible").first.wait_for()
            harmless(page)
        expect(page.locator("#people tbody tr")).to_have_count(len(HOSTILE) + 1)
        for number, text in enumerate(HOSTILE, start=1):
            payee = f"P{number:06d}"
            page.get_by_role("button", name=payee).click()
            expect(page.locator("#person h2")).to_have_text(f"{payee} {text}")
            expect(page.locator("#person")).to_contain_text(text)
            harmless(page)
        page.get_by_role("searchbox").fill(HOSTILE[0])
        expect(page.locator("#people tbody tr")).to_have_count(1)
        harmless(page)
        assert window.errors == []


def harmless(page: Page) -> None:
    assert page.evaluate("window.harmed") is None
    assert page.locator("img, iframe, body script, [onerror], [onload], [onfocus]").count() == 0


def test_tables_and_fields_can_be_read_aloud(window: Window) -> None:
    """Headings in order, a scope on every table head, a label on every field."""
    for name in PAGES:
        page = window.open(f"{name}?on={RETURNED}")
        page.locator("main table tbody tr:visible").first.wait_for()
        levels = page.locator("main :is(h1, h2, h3, h4)").evaluate_all(
            "all => all.map(one => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        assert set(levels[1:]) <= {2}
        assert page.locator("main table th:not([scope])").count() == 0
        tables = page.locator("main table")
        assert (
            tables.count() == page.locator("main table:is([aria-label], [aria-labelledby])").count()
        )
        fields = page.locator("form :is(input, select)")
        assert fields.count() == page.locator("form label :is(input, select)").count()
