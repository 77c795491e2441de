"""The liaison's pages in a real browser, on the books of 8,350 people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from ledger.model.payees import Payee
from reports.desk.server import desk_application
from tests.support.browser import Window
from tests.support.browser import answering
from tests.support.whole_office import Story

LAPTOP = {"width": 1366, "height": 768}
YEARS_END = "2020-12-31"
# Two days after the bank's answers for the second batch: some came back, two are unclear.
RETURNED = "2020-11-14"
PAGES = {"BudgetPage": "预算执行", "DisbursementPage": "补助发放", "PeoplePage": "人员"}
STATES = ("registered", "due", "blocked", "in_bank", "paid", "returned", "unknown")


@pytest.fixture(scope="module")
def address(whole_office: Story) -> Iterator[str]:
    key = whole_office.folder / "registry.key"
    with answering(desk_application(whole_office.books, key_file=key)) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def window(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window on the pages; whatever a test does, nothing goes wrong in it."""
    window = Window(browser, address, viewport=LAPTOP, color_scheme=request.param)
    try:
        yield window
        assert window.errors == []
    finally:
        window.close()


@pytest.fixture
def light(browser: Browser, address: str) -> Iterator[Window]:
    window = Window(browser, address, viewport=LAPTOP, accept_downloads=True)
    try:
        yield window
        assert window.errors == []
    finally:
        window.close()


def status(story: Story, on: str) -> Any:
    return story.office("status", "--date", on)[1]


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


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_one_click_away(window: Window, name: str) -> None:
    page = window.open("")
    page.locator("aside").get_by_role("link", name=PAGES[name], exact=True).click()
    expect(page.locator("article h2")).to_have_text(PAGES[name])
    expect(page.locator(".desk-attention h3")).to_be_visible()
    assert f"/extension/{name}/" in page.url


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_laptop(window: Window, name: str) -> None:
    page = window.open(f"extension/{name}/?time={YEARS_END}")
    page.locator("table.desk tbody tr").first.wait_for()
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen


def test_budget_and_lines_are_those_of_status(whole_office: Story, window: Window) -> None:
    said = status(whole_office, YEARS_END)
    page = window.open(f"extension/BudgetPage/?time={YEARS_END}")
    shown = table(page, "desk-budget")
    rows = {row[0]: [cell.replace(",", "") for cell in row[1:7]] for row in shown}
    whole = said["budget"]
    assert rows["合计"] == [
        whole[key] for key in ("total", "received", "spent", "paid", "committed", "remaining")
    ]
    for fund in said["funds"]:
        row = rows[f"{fund['code']} {fund['name']}"]
        assert row[:4] == [fund[key] for key in ("budget", "received", "spent", "paid")]
    assert len(rows) == len(said["lines"]) - 1 + len(said["funds"]) + 1
    expect(page.locator("svelte-component svg").first).to_be_visible()
    for name in ("预算", "已到位", "已列支", "已支付"):
        expect(page.locator("svelte-component").get_by_text(name, exact=True)).to_be_visible()


@pytest.mark.parametrize("on", [RETURNED, YEARS_END])
def test_towns_and_batches_are_those_of_status(
    whole_office: Story, window: Window, on: str
) -> None:
    said = status(whole_office, on)
    page = window.open(f"extension/DisbursementPage/?time={on}")
    rows = {row[0]: [cell.split("\n")[0] for cell in row[1:8]] for row in table(page, "desk-towns")}
    assert rows == {
        town["name"]: [str(town[state]) for state in STATES]
        for town in [*said["towns"], {"name": "合计", **said["payees"]}]
    }
    batches = {row[0]: row for row in table(page, "desk-batches")}
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
    page = light.open(f"extension/DisbursementPage/?time={RETURNED}")
    before = first_cells(page, "desk-towns")

    def counts() -> list[int]:
        return [int(row[6].split("\n")[0]) for row in table(page, "desk-towns")[:-1]]

    button = sort_button(page, "desk-towns", "退回")
    button.click()
    assert counts() == sorted(counts())
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("退回")
    button.focus()
    page.keyboard.press("Enter")
    assert counts() == sorted(counts(), reverse=True)
    assert first_cells(page, "desk-towns")[-1] == "合计"
    sort_button(page, "desk-towns", "镇街").click()
    assert first_cells(page, "desk-towns") == before


def test_who_waits_is_filtered(whole_office: Story, light: Window) -> None:
    said = status(whole_office, RETURNED)
    page = light.open(f"extension/DisbursementPage/?time={RETURNED}")
    waiting = sum(group["count"] for group in said["waiting"])
    assert len(table(page, "desk-waiting")) == waiting
    form = page.locator(".desk-filter")
    expect(form.locator("output")).to_have_text(f"{waiting} 人")
    form.get_by_label("状态").select_option("unknown")
    assert len(table(page, "desk-waiting")) == said["payees"]["unknown"] == 2
    form.get_by_label("状态").select_option("")
    form.get_by_label("批次").select_option("B2020-001")
    of_batch = table(page, "desk-waiting")
    assert {row[4] for row in of_batch} == {"B2020-001"}
    town = of_batch[0][2]
    form.get_by_label("镇街").select_option(label=town)
    assert {row[2] for row in table(page, "desk-waiting")} == {town}


def test_a_count_leads_to_its_people(whole_office: Story, light: Window) -> None:
    said = status(whole_office, RETURNED)
    town = max(said["towns"], key=lambda town: int(town["returned"]))
    page = light.open(f"extension/DisbursementPage/?time={RETURNED}")
    row = page.locator(f"tr[data-town='{town['code']}']").first
    row.locator("td").nth(5).locator("a").click()
    expect(page.locator("#desk-search output")).to_have_text(
        f"{town['returned']} 人，显示 {town['returned']} 人"
    )
    assert page.get_by_label("状态").input_value() == "returned"


def people(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.locator("#desk-people tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def somebody(story: Story) -> Payee:
    """With a name that nobody else has, and one of the rare ones."""
    return next(payee for payee in story.payees() if "䶮" in payee.legal_name)


@pytest.mark.parametrize("by", ["name", "id", "identity", "account"])
def test_a_person_is_found(whole_office: Story, window: Window, by: str) -> None:
    """By name, id or the last four of a number: in the browser, so that no address has them."""
    payee = somebody(whole_office)
    typed = {
        "name": payee.legal_name,
        "id": payee.payee_id,
        "identity": payee.identity[-4:],
        "account": payee.account[-4:],
    }[by]
    page = window.open("extension/PeoplePage/")
    page.locator("#desk-people tbody tr").first.wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox").fill(typed)
    expect(page.locator("#desk-people tbody").get_by_text(payee.payee_id)).to_be_visible()
    assert payee.payee_id in [row[0] for row in people(page)]
    assert asked == []
    assert typed not in page.url


def test_numbers_are_masked(whole_office: Story, light: Window) -> None:
    payee = somebody(whole_office)
    page = light.open("extension/PeoplePage/")
    page.get_by_role("searchbox").fill(payee.payee_id)
    expect(page.locator("#desk-people tbody tr")).to_have_count(1)
    ((_id, name, _town, _role, identity, account, *_others),) = people(page)
    assert name == payee.legal_name
    assert re.fullmatch(r"\d{6}\*{8}\d{3}[\dX]", identity)
    assert account == f"****{payee.account[-4:]}"
    content = page.content()
    assert payee.identity not in content
    assert payee.account not in content


def test_one_persons_history_is_shown(whole_office: Story, window: Window) -> None:
    """Of somebody whose payment came back and was made again."""
    again = whole_office.office("payees", "list", "--batch", "B2020-003")[1]["payees"][0]["id"]
    known = whole_office.office("payees", "show", again)[1]
    page = window.open("extension/PeoplePage/")
    page.get_by_role("searchbox").fill(again)
    page.get_by_role("button", name=again).click()
    panel = page.locator("#desk-person")
    expect(panel.locator("h3")).to_be_focused()
    expect(panel.locator("h3")).to_have_text(f"{again} {known['name']}")
    rows = panel.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    assert [(row[0], row[2]) for row in rows] == [
        (event["date"], event["batch"] or "—") for event in known["history"]
    ]
    panel.get_by_role("link", name="账簿中的分录").click()
    page.wait_for_url(re.compile("journal"))
    expect(page.locator("article").get_by_text(known["name"]).first).to_be_visible()


def test_more_people_are_shown_when_asked(light: Window) -> None:
    page = light.open("extension/PeoplePage/")
    rows = page.locator("#desk-people tbody tr")
    expect(rows).to_have_count(100)
    expect(page.locator("#desk-search output")).to_have_text("8350 人，显示 100 人")
    page.get_by_role("button", name="再显示一些").click()
    expect(rows).to_have_count(200)


def test_the_monthly_statement_is_downloaded(
    whole_office: Story, light: Window, tmp_path: Path
) -> None:
    """The very file that the command writes."""
    page = light.open("extension/BudgetPage/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="2020-11 经费预算执行情况月报").click()
    download = waiting.value
    assert download.suggested_filename == "2020-11-经费预算执行情况月报.pdf"
    download.save_as(tmp_path / "here.pdf")
    made = whole_office.books / "reports" / download.suggested_filename
    assert (tmp_path / "here.pdf").read_bytes() == made.read_bytes()


def test_the_pages_follow_the_time_filter(whole_office: Story, light: Window) -> None:
    """Typed into Fava's own field."""
    page = light.open("extension/BudgetPage/")
    page.locator(".desk-day").wait_for()
    field = page.locator("header input").first
    field.fill("2020-10")
    field.press("Enter")
    expect(page.locator(".desk-day")).to_contain_text("截至 2020-10-31")
    said = status(whole_office, "2020-10-31")
    sums = {row[0]: row for row in table(page, "desk-budget")}
    assert sums["合计"][4].replace(",", "") == said["budget"]["paid"]


def test_tables_and_fields_can_be_read_aloud(window: Window) -> None:
    """Headings in order, a scope on every table head, a label on every field."""
    for name in PAGES:
        page = window.open(f"extension/{name}/?time={RETURNED}")
        page.locator("table.desk tbody tr").first.wait_for()
        levels = page.locator("article :is(h1, h2, h3, h4)").evaluate_all(
            "all => all.map(one => Number(one.tagName[1]))"
        )
        assert levels[0] == 2
        assert set(levels[1:]) <= {3}
        assert page.locator("table.desk th:not([scope])").count() == 0
        tables = page.locator("table.desk")
        assert (
            tables.count() == page.locator("table.desk:is([aria-label], [aria-labelledby])").count()
        )
        fields = page.locator("article form :is(input, select)")
        assert fields.count() == page.locator("article form label :is(input, select)").count()


def test_nothing_can_be_changed(browser: Browser, address: str) -> None:
    """The browser itself says in its console that it was refused: that is right here."""
    window = Window(browser, address)
    try:
        page = window.open("extension/BudgetPage/")
        page.locator("table.desk").first.wait_for()
        answers = page.evaluate(
            """async (base) => {
                const ask = (path, method) => fetch(base + path, {
                    method, headers: {"Content-Type": "application/json"}, body: "{}",
                }).then((answer) => answer.status);
                return [
                    await ask("api/add_entries", "PUT"),
                    await ask("api/source", "PUT"),
                    await ask("extension/BudgetPage/monthly?month=2020-11", "POST"),
                ];
            }""",
            address,
        )
        assert answers == [401, 401, 401]
    finally:
        window.close()
