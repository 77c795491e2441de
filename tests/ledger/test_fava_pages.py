"""Fava's own pages in a real browser: all of them work behind the door and under its policy, and no
text of the books makes an element or runs.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from beancount.core.data import Document
from beancount.parser.parser import parse_string
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from ledger.web.fava_ledger import is_shown
from tests.support.browser import Served
from tests.support.browser import Window
from tests.support.browser import served
from tests.support.desk_pages import FAVA
from tests.support.desk_pages import DeskPages
from tests.support.fava_addresses import PAGES
from tests.support.homes import live_in
from tests.support.hostile_ledger import ELEMENT
from tests.support.hostile_ledger import NAME
from tests.support.hostile_ledger import hostile_office
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

# What shows that a page has its data.
SHOWN = {
    "income_statement/": "4001财政拨款收入",
    "balance_sheet/": "1002银行存款",
    "trial_balance/": "1002银行存款",
    "journal/": "甲<",
    "query/": "",
    "holdings/": "CNY",
    "commodities/": "USD",
    "documents/": "1002银行存款",
    "events/": "place<",
    "statistics/": "账目",
    "editor/": "甲<",
    "errors/": "Balance failed",
    "import/": "",
    "options/": "operating_currency",
    "help/": "Fava",
    f"account/{BANK}/": "甲<",
    "holdings/by_account/": "CNY",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = hostile_office(tmp_path_factory.mktemp("hostile"))
    statement = office.folder / "statements" / f"<{ELEMENT}>.csv"
    statement.write_text(f"<{ELEMENT}>,账号\n", encoding="utf-8")
    return office


@pytest.fixture(scope="module")
def server(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        live_in(tmp_path_factory.mktemp("home"), patch)
        with served(office) as found:
            yield found


@pytest.fixture
def window(browser: Browser, server: Served) -> Iterator[Window]:
    window = Window(browser, server)
    try:
        yield window.enter()
        assert window.errors == []
    finally:
        window.close()


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.owned") is None
    assert page.locator(ELEMENT).count() == 0
    assert page.locator("img[src=x], [onmouseover], [onerror]").count() == 0


def test_there_are_17_pages() -> None:
    assert [unquote(page) for page in PAGES] == list(SHOWN)
    assert len(PAGES) == 17


@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_and_shows_texts_as_texts(window: Window, name: str) -> None:
    page = window.open(f"{FAVA}/{name}")
    shown = SHOWN[unquote(name)]
    if name == "journal/":
        # What a click would open.
        page.evaluate(
            "document.querySelectorAll('li').forEach(li => li.classList.add('show-full'))"
        )
    expect(page.locator("article")).to_contain_text(shown)
    page.wait_for_load_state("networkidle")
    assert_nothing_ran(page)


def test_everything_of_the_journal_is_shown_as_text(window: Window) -> None:
    """Payee, narration, remark, place, note, custom, query: all kinds of entries."""
    page = window.open(f"{FAVA}/journal/")
    page.locator("li.transaction").first.wait_for()
    inside = page.locator("article").inner_html()
    for text in ("甲", "乙", "丙", "丁", "odd", "问"):
        assert f"{text}&lt;{ELEMENT}&gt;" in inside or f"{text}' onmouseover" in inside, text
    assert f"&lt;{ELEMENT}&gt;" in page.locator("li.note").first.inner_html()
    assert_nothing_ran(page)


def test_an_entry_in_its_context_is_shown_as_text(window: Window) -> None:
    page = window.open(f"{FAVA}/journal/?filter=%23tag")
    page.locator("li.transaction .datecell a").first.click()
    page.locator("dialog, .overlay").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert_nothing_ran(page)


def test_results_of_queries_are_shown_as_text(window: Window) -> None:
    page = window.open(f"{FAVA}/query/?query_string=SELECT+payee,narration,any_meta('remark')")
    expect(page.locator("article")).to_contain_text("甲<")
    assert_nothing_ran(page)
    page = window.open(f"{FAVA}/query/?query_string=PRINT")
    expect(page.locator("article")).to_contain_text("甲<")
    assert_nothing_ran(page)


def test_a_bad_query_is_a_sentence(browser: Browser, server: Served) -> None:
    window = Window(browser, server).enter()
    try:
        page = window.open(f"{FAVA}/query/?query_string=.output+x<{ELEMENT}>")
        expect(page.locator("article")).to_contain_text("看不懂这条查询")
        assert_nothing_ran(page)
    finally:
        window.close()


def test_the_side_leads_back_to_the_desk(window: Window) -> None:
    page = window.open(f"{FAVA}/journal/")
    page.locator("aside a[href='/']").click()
    page.wait_for_url(f"{window.server.address}/")
    assert_nothing_ran(page)


def test_a_chinese_period_is_a_filter(window: Window) -> None:
    page = window.open(f"{FAVA}/income_statement/")
    field = page.locator("header input").first
    field.fill("2020年5月")
    field.press("Enter")
    page.wait_for_url("**time=2020*")
    expect(page.locator("article")).to_contain_text(re.compile("1,?220,?000"))
    page.wait_for_load_state("networkidle")


def test_the_journal_is_downloaded_as_it_stands(office: Office) -> None:
    answer = DeskPages(office).get("download-journal/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "甲<in-jected>" in answer.text


def test_a_title_adds_no_line_to_the_downloaded_journal(office: Office, tmp_path: Path) -> None:
    """Somebody may open it with Beancount, which runs plugins."""
    pages = DeskPages(office)
    ledger = pages.ledger
    ledger.options["title"] = 'x"\nplugin "os'
    ledger.options["operating_currency"] = ['CNY"\nplugin "os']
    text = pages.get("download-journal/").text
    assert [line for line in text.splitlines() if line.startswith("plugin")] == [
        'plugin "beancount.plugins.auto_accounts"'
    ]


def test_documents_are_files_and_never_pages(office: Office) -> None:
    """What somebody else has made would run as a page of ours."""
    pages = DeskPages(office)
    office.hand(f'2020-11-12 document {BANK} "合同.html"')
    (office.folder / "journal" / "合同.html").write_text("<script>1</script>", encoding="utf-8")
    for name in (NAME, "合同.html"):
        answer = pages.get("document/", filename=f"journal/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        policies = answer.headers.getlist("Content-Security-Policy")
        assert policies[0].startswith("sandbox; default-src 'none'")
        assert len(policies) == 1
    entry = _entry_with_document(pages)
    assert pages.get("statement/", entry_hash=entry, key="document").status_code == 200


def _entry_with_document(pages: DeskPages) -> str:
    query = f"SELECT id WHERE account = '{TRAINING}' LIMIT 1"
    said = pages.get("api/query", query_string=query).get_json()
    found: str = said["data"]["rows"][0][0]
    return found


def test_no_other_file_is_handed_out(office: Office, tmp_path: Path) -> None:
    """Not even when an entry names it."""
    (sheet,) = (office.folder / "payouts" / "B2020-001").glob("*发放表-370481001*.pdf")
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(b"%PDF-1.4")
    (office.folder / "journal" / "link.pdf").symlink_to(outside)
    names = [
        f"../payouts/B2020-001/{sheet.name}",
        "../registry.db",
        "../census-ledger.toml",
        "../statements/x.csv",
        "../.staging/x",
        str(office.key),
        "/etc/passwd",
        str(outside),
        "link.pdf",
        ".",
        "..",
    ]
    for name in names:
        office.hand(f'2020-11-12 document {BANK} "{name}"')
    pages = DeskPages(office)
    named = {document.filename for document in pages.ledger.all_entries_by_type.Document}
    asked = {
        *named, *names, str(sheet), str(office.folder / "registry.db"), "registry.db",
        "payouts/B2020-001/manifest.json", "journal/../registry.db", "/etc/passwd", "",
    } - {f"journal/{NAME}", "journal/合同.html"}  # fmt: skip
    for name in sorted(asked):
        assert pages.get("document/", filename=name).status_code == 404, name


def test_nor_when_the_ledger_has_the_entry(office: Office) -> None:
    """What the reading of the books would have refused is not handed out where it came in."""
    sheet = next(iter((office.folder / "payouts" / "B2020-001").glob("*.pdf")))
    pages = DeskPages(office)
    named = pages.ledger.all_entries_by_type.Document
    for name in (sheet.relative_to(office.folder).as_posix(), "registry.db"):
        named.append(
            Document({}, datetime.date(2020, 11, 12), BANK, name, frozenset(), frozenset())
        )
        assert pages.get("document/", filename=name).status_code == 404, name


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('"fava-extension" "evil"', False), ('"fava-sidebar-link" "x" "//evil.example"', False),
        ('"fava-option" "import-config" "x"', False), ('"fava-option" 5.00 CNY', False),
        ('"budget" Assets:A "daily" 5.00 CNY', False), ('"fava-option" "locale" "zh"', True),
        ('"census-rate" "x"', True),
    ],
)  # fmt: skip
def test_fava_sees_no_custom_of_its_own(words: str, shown: bool) -> None:
    """Nor is one seen that the books' own reading would have refused."""
    (entry,), _errors, _options = parse_string(f"2020-01-01 custom {words}\n")
    assert is_shown(entry) is shown


def test_what_the_books_tell_fava_does_not_count(office: Office) -> None:
    ran = office.folder.parent / "ran"
    (office.folder / "evil.py").write_text(
        f"open({str(ran)!r}, 'w')\nfrom fava.ext import FavaExtensionBase\n"
        "class Evil(FavaExtensionBase):\n    report_title = 'x'\n",
        encoding="utf-8",
    )
    for words in (
        '"fava-extension" "evil"',
        '"fava-option" "import-config" "evil.py"',
        '"fava-option" "import-dirs" "/etc"',
        '"fava-option" "default-page" "//evil.example/"',
        '"fava-option" "default-file" "/etc/passwd"',
        '"fava-option" "use-external-editor" "true"',
        '"fava-option" "indent" "999999999"',
        '"fava-option" "currency-column" "999999999"',
        '"fava-option"',
        '"fava-option" 5.00 CNY',
        '"fava-sidebar-link" "x" "javascript:alert(1)"',
        '"fava-sidebar-link"',
        '"budget" 5 "x"',
    ):
        office.rule(f"2020-01-01 custom {words}")
    pages = DeskPages(office)
    assert not ran.exists()
    said = pages.get("api/ledger_data").get_json()["data"]
    assert said["extensions"] == []
    assert [link for _name, link in said["sidebar_links"]] == ["/"]
    options = said["fava_options"]
    assert options["import_dirs"] == ["statements"]
    assert options["default_page"] == "income_statement/"
    assert options["use_external_editor"] is False
    assert options["indent"] == 2
    assert pages.get("extension/Evil/").status_code == 404
    first = pages.get("")
    assert first.headers["Location"] == f"{FAVA}/income_statement/"
