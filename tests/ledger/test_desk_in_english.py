"""The desk in the language of the books: English where they name it, Chinese everywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ledger.base.books_folder import MAIN_FILE
from ledger.figures.imports import taken_files
from ledger.model.operators import Role
from ledger.web.desk.application import ROUTES
from ledger.web.desk.first_visit import AFTERWARDS
from ledger.web.desk.routes import GET
from tests.support.approving import with_colleagues
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.checkout import CHECKOUT
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.pdf_text import by_pypdf
from tests.support.roster_imports import roster
from tests.support.roster_imports import row
from tests.support.taxed_office import LABOUR

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
EXAMPLES = {"枣庄", "薛城", "滕州", "滕州农商行", "滕州市第七次全国人口普查领导小组办公室"}
ROLES = frozenset(role.value for role in Role)
ONE_OF_MANY = re.compile(
    r"\b1 (more |older |new )?(people|lines|rows|files|towns|events|days|changes|errors|answers)\b"
)
# Of what stands on a page the office has written these itself, or the bank gets them.
DATA = (
    "pre",
    "textarea",
    "input",
    "dd.seal",
    "a[download]",
    "#use1 ~ .box",
    "#use2 ~ .box",
    "#files ~ ul",
)
# Names that every office of the tool has, and examples of what is typed.
NAMES = ("回盘", "流水", "银行存款", "待核", "劳务费", "滕州", "枣庄", "薛城", "入户登记", "户")


def in_english(office: Office) -> Office:
    """The same books, which name English as their language."""
    main = office.folder / MAIN_FILE
    said = main.read_text(encoding="utf-8")
    assert '"language" "zh_CN"' in said
    main.write_text(said.replace('"language" "zh_CN"', '"language" "en"'), encoding="utf-8")
    return office


@pytest.fixture
def office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Something to see on every page. Whoever looks at it has Chinese as the own language."""
    office = with_colleagues(
        new_office(tmp_path, capsys),
        LABOUR.strip(),
        '2020-11-25 custom "census-approval" 0.00 CNY "审核"',
    )
    office.receive(1_000_000)
    office.register(3)
    account = Account(opening_fen=1_000_000_00)
    account.move("2020-11-11", "-66.00", "某店", "培训用品")
    assert take_statement(office, account).status == 0
    assert office.disburse(on="2020-11-12").status == 0
    take_result(office, everyone(CLOSED, 1, 2, 3), on="2020-11-20")
    roster_file = roster(tmp_path / "荆河街道.xlsx", row(4), row(5), row(6))
    assert office.run("import", roster_file, "--date", "2020-11-22", "--yes").status == 0
    assert office.disburse(on="2020-11-26").status == 0
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    return in_english(office)


def roster_of(office: Office) -> str:
    """The roster that was taken in."""
    with office.registry() as registry:
        files = taken_files(registry, office.books().history)
        return next(one.id for one in files if one.kind == "roster")


def addresses(office: Office) -> list[str]:
    """Every page that is looked at, with what it needs."""
    lines = office.books().history.lines.values()
    named = {
        "line": next(one.id for one in lines if one.suspense_fen),
        "batch": "B2020-002",
        "payee": "P000001",
        "month": "2020-11",
        "import_id": roster_of(office),
        "int:event": 1,
        "int:seq": next(int(path.name[:6]) for path in office.events() if "result" in path.name),
    }
    found = []
    for route in ROUTES:
        is_page = not re.search(r"\.|<name>|<int:event>|/first/", route.path)
        if route.method == GET and is_page and route not in AFTERWARDS:
            place = re.sub("<(.*?)>", lambda one: str(named[one[1]]), route.path)
            found.append(place)
    return [*found, "/disbursement/B2020-001", "/people?on=2020-11-15", "/no-such-page"]


def own_words(office: Office) -> set[str]:
    """Every Chinese word of the books and of the register, of its profiles and programmes."""
    with office.registry() as registry:
        texts = [repr(payee) for payee in registry.payees()]
    for path in (*office.folder.rglob("*"), *(CHECKOUT / "ledger").rglob("*.toml")):
        if path.is_file() and path.suffix in (".beancount", ".toml"):
            lines = path.read_text(encoding="utf-8").splitlines()
            texts += [line for line in lines if not line.lstrip().startswith((";", "#"))]
    return {word for text in texts for word in CHINESE.findall(text)} | set(NAMES)


def shown_words(page: str) -> list[str]:
    html = BeautifulSoup(page, "html.parser")
    for tag in html.select(", ".join(DATA)):
        tag.decompose()
    shown = [*html.stripped_strings]
    for name in ("aria-label", "title", "alt"):
        shown += [str(tag[name]) for tag in html.select(f"[{name}]")]
    return [text for text in shown if not re.search(r"\.(xlsx|pdf|csv)$", text)]


def test_every_page_is_english_but_for_what_the_office_has_written(office: Office) -> None:
    pages = DeskPages(office).log_in()
    known = own_words(office)
    left = []
    for place in addresses(office):
        answer = pages.our(place)
        assert answer.status_code == (404 if place == "/no-such-page" else 200), place
        assert '<html lang="en">' in answer.text
        for shown in shown_words(answer.text):
            words = set(CHINESE.findall(shown))
            if words & ROLES or words - known or ONE_OF_MANY.search(shown):
                left.append((place, shown))
    assert left == [], "\n".join(map(str, left))


def test_what_is_refused_is_said_in_english(office: Office) -> None:
    """By the pages themselves and by the services behind them."""
    pages = DeskPages(office)
    for place in ("/bank?on=tomorrow", "/disbursement/B2020-009", "/reports/months/2019-01"):
        answer = pages.our(place)
        assert answer.status_code >= 400
        assert CHINESE.findall(" ".join(refusals(answer))) == [], place
    pages.log_in()
    answer = pages.send("/disbursement/B2020-002", "void", on="2020-11-01", reason="")
    assert answer.status_code == 422
    assert [text for text in refusals(answer) if CHINESE.search(text)] == []


def printed(pages: DeskPages, folder: Path) -> list[str]:
    """The words of a month's report, but for what identifies the books."""
    path = folder / "month.pdf"
    path.write_bytes(pages.our("/months/2020-11.pdf").data)
    return [re.sub("[0-9a-f]{4}( ?[0-9a-f]{4})+", "", text) for text in by_pypdf(path)]


def test_papers_stay_chinese(office: Office, tmp_path: Path) -> None:
    """What is printed and signed does not follow the pages."""
    english = DeskPages(office).log_in()
    month = printed(english, tmp_path)
    main = office.folder / MAIN_FILE
    said = main.read_text(encoding="utf-8").replace('"language" "en"', '"language" "zh_CN"')
    main.write_text(said, encoding="utf-8")
    chinese = DeskPages(office).log_in()
    assert printed(chinese, tmp_path) == month


def test_pages_follow_when_the_language_is_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, while they are being shown; and a town's name or a figure is the same in both."""
    monkeypatch.setenv("LANGUAGE", "en")
    pages, main = DeskPages(office), office.folder / MAIN_FILE
    said = main.read_text(encoding="utf-8")
    assert "Nobody has explained" in pages.page("/bank")
    for language in ('"zh_CN"', '"zh"'):
        changed = said.replace('"language" "en"', f'"language" {language}')
        main.write_text(changed, encoding="utf-8")
        page = pages.page("/bank")
        assert '<html lang="zh-CN">' in page
        assert "Nobody" not in page
    main.write_text(said.replace('"language" "en"', '"locale" "zh"'), encoding="utf-8")
    assert '<html lang="zh-CN">' in pages.page("/bank")
    main.write_text(said, encoding="utf-8")
    assert '<html lang="en">' in pages.page("/bank")


def test_the_language_is_chosen_in_the_settings(office: Office) -> None:
    """By a dated line, signed by whoever adds it; what stands there already is not said again."""
    main = office.folder / MAIN_FILE
    before = main.read_text(encoding="utf-8")
    pages = DeskPages(office).log_in()
    for language, lang, word in (("zh_CN", "zh-CN", "设置"), ("en", "en", "Settings")):
        assert pages.send("/settings", "language", language=language).status_code == 303
        answer = pages.our("/settings")
        page = answer.text
        assert [bool(CHINESE.search(note)) for note in notes(answer)] == [lang != "en"]
        assert f'<html lang="{lang}">' in page
        assert f"<h1>{word}</h1>" in page
        assert main.read_text(encoding="utf-8").count(f'"language" "{language}"\n') >= 1
    assert main.read_text(encoding="utf-8").startswith(before)
    now = main.read_bytes()
    for language in ("en", "fr"):
        answer = pages.send("/settings", "language", language=language)
        assert answer.status_code == 422
        assert "the pages are in that language already" in refusals(answer)
    assert main.read_bytes() == now
    assert office.check() == []


def test_templates_have_no_chinese_of_their_own() -> None:
    """All of it is in the catalogue, which has every message; examples are typed as they are."""
    for path in sorted((CHECKOUT / "ledger" / "web" / "templates").glob("*.html")):
        source = re.sub(r"_\((['\"]).*?\1\)", "", path.read_text(encoding="utf-8"))
        assert set(CHINESE.findall(source)) <= EXAMPLES, path.name
