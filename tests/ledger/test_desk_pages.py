"""What the liaison's pages say: the figures of ``status``, links to entries, nothing unmasked."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.web.day import read_day
from ledger.web.server import whole_application
from reports.wording.figures import in_wan
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.hostile_texts import HARMLESS
from tests.support.hostile_texts import HOSTILE
from tests.support.hostile_texts import office_of
from tests.support.monthly_text import Printed
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.office import new_office

PAGES = {"/budget": "预算执行", "/disbursement": "发放", "/people": "人员"}
NAVIGATION = ["首页", "收件", "发放", "人员", "流水", "预算执行", "报表", "设置", "账簿"]
PEOPLE = "/people/list.json"
STATES = ("registered", "due", "in_bank", "paid", "returned", "unknown", "blocked")
SCRIPT = "<script>alert(1)</script>"


@beginning
def november(funded: Office) -> Office:
    """Of six people two are paid, one came back, one is unclear; two are at the bank."""
    funded.hand(f'2020-11-03 * "某某宾馆" "培训"\n  {TRAINING}  812.34 CNY\n  {BANK}')
    funded.disburse(on="2020-11-10")
    answers = {**everyone(PAID, 3, 4), **everyone(CLOSED, 1), **everyone(PENDING, 2)}
    take_result(funded, answers, on="2020-11-20")
    return funded


@pytest.fixture
def pages(november: Office) -> DeskPages:
    return DeskPages(november)


def rows(html: str, heading: str) -> list[list[Tag]]:
    """The cells of the table with that heading."""
    table = BeautifulSoup(html, "html.parser").find("table", attrs={"aria-labelledby": heading})
    assert isinstance(table, Tag)
    body = table.find("tbody")
    assert isinstance(body, Tag)
    return [list(row.find_all(["th", "td"])) for row in body.find_all("tr")]


def text(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split())


def plain(cell: Tag) -> str:
    return text(cell).replace(",", "")


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_a_heading_and_what_needs_attention(pages: DeskPages, name: str) -> None:
    html = BeautifulSoup(pages.page(name), "html.parser")
    assert [heading.get_text() for heading in html.find_all("h1")] == [PAGES[name]]
    (here,) = html.select("nav [aria-current=page]")
    assert (here.get_text(), here["href"]) == (PAGES[name], name)
    attention = html.find("section", attrs={"aria-labelledby": "attention"})
    assert isinstance(attention, Tag)
    said = text(attention)
    assert "银行退回待重发：1 人、800.00 元" in said
    assert "银行答复不明（待查）：1 人、800.00 元" in said
    assert "代发尚无结果：2 人、1,600.00 元" in said


def test_lines_and_funds_are_those_of_status(november: Office, pages: DeskPages) -> None:
    status = november.status()
    found: dict[str, list[str]] = {}
    sums: dict[str, list[str]] = {}
    for name, *cells in rows(pages.page("/budget"), "budget"):
        figures = [plain(cell) for cell in cells[:6]]
        row = name.find_parent("tr")
        assert isinstance(row, Tag)
        (sums if "sum" in row.get_attribute_list("class") else found)[text(name)] = figures
    assert found == {
        f"{line['code']} {line['name']}": [
            line["budget"], "", line["spent"], line["paid"], line["committed"], line["remaining"]
        ]
        for line in status["lines"]
    }  # fmt: skip
    for fund in status["funds"]:
        budget, received, spent, paid, *_others = sums[f"{fund['code']} {fund['name']}"]
        assert (budget, received) == (fund["budget"], fund["received"])
        assert (spent, paid) == (fund["spent"], fund["paid"])
    whole = status["budget"]
    assert sums["合计"] == [
        whole["total"], whole["received"], whole["spent"], whole["paid"], whole["committed"],
        whole["remaining"],
    ]  # fmt: skip


def test_every_figure_leads_to_its_entries(pages: DeskPages) -> None:
    """What was received and paid by a page of queries, whose sum it is."""
    table = {text(cells[0]): cells for cells in rows(pages.page("/budget"), "budget")}
    summed = 0
    for row in table.values():
        for cell in row[1:7]:
            anchor = cell.find("a")
            if not isinstance(anchor, Tag):
                continue
            answer = pages.ask("GET", str(anchor["href"]))
            assert answer.status_code == 200
            if query := answer.request.args.get("query_string"):
                result = pages.get("api/query", query_string=query).get_json()["data"]["rows"]
                assert sum(number for _account, number in result) == float(plain(cell))
                summed += 1
    assert summed == len(table) + 2
    line = table["30226 劳务费"]
    assert [bool(cell.find("a")) for cell in line[1:7]] == [True, False, True, True, False, True]
    assert plain(line[4]) == "1600.00"
    assert "rules.beancount" in str(line[1].a and line[1].a["href"])


def test_a_contract_leads_to_its_rule(november: Office) -> None:
    november.rule(f'2020-06-01 custom "census-commitment" "C-1" {TRAINING} 120.00 CNY')
    table = rows(DeskPages(november).page("/budget"), "budget")
    (line,) = [cells for cells in table if "30216" in text(cells[0])]
    assert plain(line[5]) == "120.00"
    number = (november.folder / "rules.beancount").read_text(encoding="utf-8").count("\n")
    assert f"line={number}" in str(line[5].a and line[5].a["href"])


def test_the_books_are_shown_as_of_the_day_that_is_asked_for(
    november: Office, pages: DeskPages
) -> None:
    html = pages.page("/budget", on="2020-10")
    assert "截至 2020-10-31（以后的记录不计入）" in html
    (line,) = [cells for cells in rows(html, "budget") if "30226" in text(cells[0])]
    assert plain(line[3]) == "0.00"
    found = {text(name): cells for name, *cells in rows(html, "budget")}
    status = november.status("2020-10-31")
    assert plain(found["合计"][1]) == status["budget"]["received"]


def test_towns_by_state_are_those_of_status(november: Office, pages: DeskPages) -> None:
    """People, and what they were sent or are owed."""
    status = november.status()
    expected = {
        town["name"]: [str(town[state]) for state in STATES]
        for town in [*status["towns"], {"name": "合计", **status["payees"]}]
        if town["registered"]
    }
    found = {}
    for name, *cells in rows(pages.page("/disbursement"), "towns"):
        shares = [plain(cell).split() for cell in cells[: len(STATES)]]
        found[text(name)] = [people for people, _yuan in shares]
        assert all(float(yuan) == 800 * int(people) for people, yuan in shares)
    assert found == expected


def test_batches_with_their_seals(november: Office, pages: DeskPages) -> None:
    (batch,) = november.status()["batches"]
    ((name, *cells),) = rows(pages.page("/disbursement"), "batches")
    said = [plain(cell) for cell in cells]
    assert text(name) == batch["id"]
    assert said[:2] == [batch["date"], "已提交银行，未完结"]
    counts = [str(batch[key]) for key in ("paid", "returned", "unknown", "awaited")]
    assert said[2:8] == [str(batch["payees"]), batch["amount"], *counts]
    assert said[8].replace(" ", "") == batch["seal"]


def test_who_waits_for_what_and_for_how_long(pages: DeskPages) -> None:
    waiting = rows(pages.page("/disbursement", on="2020-11-30"), "waiting")
    said = [[text(cell) for cell in row] for row in waiting]
    assert [row[0] for row in said] == ["P000001", "P000002"]
    (returned, unknown) = said
    assert returned[2:5] == ["荆河街道", "退回", "B2020-001"]
    assert returned[5] == "退回，账户已销户；请改填本人其他银行账户"
    assert returned[6:] == ["2020-11-20", "10"]
    assert unknown[3] == "待查"
    assert "查清前不得重发" in unknown[5]


def test_everybody_is_listed_masked(november: Office, pages: DeskPages) -> None:
    """By the same states as ``payees list``; no number but its last four digits."""
    said = pages.our(PEOPLE)
    listed = said.get_json()
    column = {name: place for place, name in enumerate(listed["columns"])}
    people = november.run("payees", "list", "--json").json["payees"]
    assert [(r[column["id"]], r[column["state"]], r[column["batch"]]) for r in listed["rows"]] == [
        (one["id"], one["state"], one["batch"] or "") for one in people
    ]
    with november.registry() as registry:
        for payee, row in zip(registry.payees(), listed["rows"], strict=True):
            assert row[column["account"]] == f"****{payee.account[-4:]}"
            assert row[column["identity"]][-4:] == payee.identity[-4:]


@pytest.mark.parametrize("name", [*PAGES, PEOPLE])
def test_nothing_unmasked_leaves_the_server(november: Office, pages: DeskPages, name: str) -> None:
    said = pages.our(name).text
    said += pages.our("/people/P000001.json").text
    with november.registry() as registry:
        for payee in registry.payees():
            for secret in (payee.identity, payee.account, payee.phone):
                assert secret not in said


def test_one_persons_history(november: Office, pages: DeskPages) -> None:
    person = pages.our("/people/P000001.json").get_json()
    assert (person["id"], person["state"][:7]) == ("P000001", "退回，账户已销")
    assert [(one["date"], one["batch"], one["amount"]) for one in person["history"]] == [
        ("2020-11-10", "B2020-001", "800.00"),
        ("2020-11-20", "B2020-001", "800.00"),
    ]
    assert person["history"][1]["reason"] == "账户已销户（交易失败 账户已销户）"
    assert pages.ask("GET", person["entries"]).status_code == 200
    assert "filter=%5EP000001" in person["entries"]


ASKED_WRONGLY = {
    "/nothing": 404,
    "/budget/": 404,
    "/index.html": 404,
    "/people/P999999.json": 404,
    "/people/.json": 404,
    "/people/P999999": 404,
    "/people/nobody": 404,
    f"/people/{quote(SCRIPT)}.json": 404,
    "/people/..%2F..%2Fregistry.db.json": 404,
    "/people/%00.json": 404,
    "/people/%FF%FE.json": 404,
    "/months/.pdf": 404,
    "/months/2019-01.pdf": 404,
    "/months/9998-01.pdf": 404,
    "/months/2020-13.pdf": 404,
    "/months/2020-11": 404,
    f"/months/{quote(SCRIPT)}.pdf": 404,
    "/months/..%2F..%2Fetc%2Fpasswd.pdf": 404,
    "/months/2020-11/../x.pdf": 404,
    "/static/": 404,
    "/static/pages.py": 404,
    "/static/nothing.js": 404,
    "/static/..%2Fpages.py": 404,
    "/static/../templates/base.html": 404,
    "/static/%2Fetc%2Fpasswd.css": 404,
    "/budget?on=yesterday": 400,
    "/budget?on=2020-02-30": 400,
    "/budget?on=2020-13": 400,
    "/budget?on=0000": 400,
    "/disbursement?on=1899-12-31": 400,
    "/disbursement?on=9999-12-31": 400,
    f"/people?on={quote(SCRIPT)}": 400,
    "/people?on=%00%FF": 400,
    "/people?on=" + 5000 * "9": 400,
    f"/people/list.json?on={quote(SCRIPT)}": 400,
    "/people/P000001.json?on=x": 400,
}


@pytest.mark.parametrize("path", ASKED_WRONGLY, ids=lambda path: path[:40])
def test_what_is_not_there_is_a_sentence(november: Office, path: str) -> None:
    """In the pages' own frame, for a program as JSON; it tells no path of this machine."""
    answer = alone(november).get(path)
    assert answer.status_code == ASKED_WRONGLY[path]
    is_a_sentence(answer, november)


def alone(office: Office) -> FlaskClient:
    """The pages without the door before them."""
    both: Any = whole_application(office.folder, key_file=office.key)
    client: FlaskClient = both.app.test_client()
    return client


def is_a_sentence(answer: TestResponse, office: Office) -> None:
    assert "Traceback" not in answer.text
    assert str(office.folder.parent) not in answer.text
    assert "site-packages" not in answer.text
    if answer.mimetype == "application/json":
        assert list(answer.get_json()) == ["error"]
        return
    html = BeautifulSoup(answer.text, "html.parser")
    assert len(html.find_all("h1")) == 1
    assert [text(link) for link in html.select("nav a")] == NAVIGATION
    (said,) = html.select("p.refusal")
    assert len(text(said)) > 5
    assert [script.get("src") for script in html.find_all("script")] == ["/static/desk.js"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize(
    "path", ["/", "/people", PEOPLE, "/months/2020-11.pdf", "/static/desk.css"]
)
def test_pages_only_answer(funded: Office, method: str, path: str) -> None:
    answer = alone(funded).open(path, method=method)
    assert answer.status_code == 405
    is_a_sentence(answer, funded)


@pytest.mark.parametrize("path", [*PAGES, PEOPLE, "/people/P000001.json", "/months/2020-11.pdf"])
def test_pages_are_kept_nowhere(november: Office, path: str) -> None:
    """The application says so itself, whatever stands before it."""
    answer = alone(november).get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("desk.css", "text/css"),
        ("desk.svg", "image/svg+xml"),
        ("language.js", "text/javascript"),
        ("people.js", "text/javascript"),
        ("tables.js", "text/javascript"),
    ],
)
def test_files_of_the_pages_have_their_types(pages: DeskPages, name: str, kind: str) -> None:
    """Whatever the system's table of types says: with another type nothing runs."""
    answer = pages.our(f"/static/{name}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_a_page_needs_more_than_our_files(pages: DeskPages, path: str) -> None:
    """No style and no script within, nothing from elsewhere: the policy is 'self' alone."""
    answer = pages.our(path)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    html = BeautifulSoup(answer.text, "html.parser")
    assert html.select("style, [style], script:not([src]), img, iframe, object, base") == []
    for tag in html.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        for name in ("href", "src", "action"):
            assert str(tag.get(name, "/")).startswith(("/", "#content")), tag


def test_no_page_has_an_english_word(pages: DeskPages) -> None:
    for path in PAGES:
        html = BeautifulSoup(pages.page(path), "html.parser")
        for seal in html.select("td.seal"):
            seal.clear()
        shown = [*html.stripped_strings]
        for name in ("aria-label", "placeholder", "title"):
            shown += [str(tag[name]) for tag in html.select(f"[{name}]")]
        for words in shown:
            assert not re.search("[A-Za-z]{2,}", words), words


def test_texts_from_outside_make_no_elements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pages with hostile texts have the same elements and attributes as with harmless ones."""
    hostile, harmless = (
        DeskPages(office_of(texts, new_office(tmp_path / name, capsys)))
        for name, texts in {"hostile": HOSTILE, "harmless": HARMLESS}.items()
    )
    for path in (*PAGES, "/nothing", "/people?on=x"):
        said = hostile.ask("GET", path).text
        assert shape(said) == shape(harmless.ask("GET", path).text)
        assert "&lt;script&gt;" in said
    for path in (PEOPLE, "/people/P000001.json"):
        answer = hostile.our(path)
        assert answer.mimetype == "application/json"
        assert HOSTILE[0] in str(answer.get_json())


def shape(html: str) -> list[tuple[str, list[str]]]:
    return [
        (tag.name, sorted(tag.attrs)) for tag in BeautifulSoup(html, "html.parser").find_all(True)
    ]


def test_the_monthly_report_is_made_on_demand(november: Office, pages: DeskPages) -> None:
    """The same file as the command's, with its name; nothing is written."""
    answer = pages.our("/months/2020-11.pdf")
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()
    assert not list((november.folder / "reports").glob("*.pdf"))
    assert november.run("report", "month", "2020-11").status == 0
    (made,) = (november.folder / "reports").glob("*.pdf")
    assert answer.data == made.read_bytes()
    assert Printed(made).rates[0] == "0.0%"
    assert 'href="/months/2020-11.pdf"' in pages.page("/budget")


def test_broken_books_have_no_monthly_report(november: Office) -> None:
    november.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    answer = DeskPages(november).our("/months/2020-11.pdf")
    assert answer.status_code == 503
    is_a_sentence(answer, november)


@pytest.mark.parametrize(
    ("typed", "day"),
    {
        "2020-10-05": "2020-10-05",
        "2020-10-5": "2020-10-05",
        "2020.10.5": "2020-10-05",
        "2020/10/05": "2020-10-05",
        "2020年10月5日": "2020-10-05",
        " 2020 年 10 月 5 号 ": "2020-10-05",
        "２０２０年１０月": "2020-10-31",
        "2020年2月": "2020-02-29",
        "2020-10": "2020-10-31",
        "2020年": "2020-12-31",
        "2020": "2020-12-31",
        "2020年第三季度": "2020-09-30",
        "2020-Q1": "2020-03-31",
        "1900": "1900-12-31",
        "9998-12": "9998-12-31",
    }.items(),
)
def test_a_day_is_understood_as_it_is_typed(typed: str, day: str) -> None:
    """A month, a quarter or a year is its end."""
    assert read_day(typed).isoformat() == day


@pytest.mark.parametrize("path", PAGES)
def test_links_keep_the_day(pages: DeskPages, path: str) -> None:
    html = BeautifulSoup(pages.page(path, on="2020年11月"), "html.parser")
    links = [str(link["href"]) for link in html.select("a[href]")]
    ours = [link for link in links if link.startswith(tuple(PAGES))]
    assert len(ours) >= 3
    assert all("on=2020-11-30" in link for link in ours)
    (field,) = html.select("input[type=date]")
    assert field["value"] == "2020-11-30"


def test_entries_behind_a_figure_end_with_the_day(november: Office, pages: DeskPages) -> None:
    """Later entries are not behind it."""
    html = pages.page("/disbursement", on="2020-11-20")
    assert not BeautifulSoup(html, "html.parser").select("a[href*='time=']")
    november.hand(f'2020-11-29 * "某某宾馆" "培训"\n  {TRAINING}  1.00 CNY\n  {BANK}')
    (line,) = [
        cells
        for cells in rows(pages.page("/budget", on="2020-11-20"), "budget")
        if "30216" in text(cells[0])
    ]
    link = urlsplit(str(line[3].a and line[3].a["href"]))
    (until,) = parse_qs(link.query)["time"]
    name = unquote(link.path).split("/")[4]
    shown = pages.get("api/account_report", a=name, r="journal", time=until).get_json()["data"]
    assert "812.34" in shown["journal"]
    assert "813.34" not in shown["journal"]


@pytest.mark.parametrize("on", ["1900", "2020-01-01", "2020-05-08", "9998-12-31"])
@pytest.mark.parametrize("path", [*PAGES, PEOPLE])
def test_any_day_has_pages(pages: DeskPages, path: str, on: str) -> None:
    assert pages.our(path, on=on).status_code == 200


def test_the_course_says_what_it_has_come_to(november: Office, pages: DeskPages) -> None:
    """Once for wide windows and once for narrow ones; its figures are in a table too."""
    html = BeautifulSoup(pages.page("/budget", on="2020-11-30"), "html.parser")
    whole = november.status("2020-11-30")["budget"]
    keys = ("total", "received", "spent", "paid")
    charts = html.select("svg.course")
    assert [chart["class"] for chart in charts] == [["course", "wide"], ["course", "narrow"]]
    for chart in charts:
        ends = [text(end) for end in chart.select("text.end")]
        names = ("预算", "已到位", "已列支", "已支付")
        assert ends == [
            f"{name} {in_wan(round(100 * float(whole[key])))}"
            for name, key in zip(names, keys, strict=True)
        ]
        assert len(chart.select("path.curve")) == 4
        label = str(chart["aria-label"]).replace(",", "")
        assert all(whole[key] in label for key in keys)
    newest, *_others = html.select("details tbody tr")
    assert [plain(cell) for cell in newest.find_all(["th", "td"])] == [
        "2020-11-30", *(whole[key] for key in keys)
    ]  # fmt: skip


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_cumulative_of_a_strange_year_is_drawn(november: Office, year: str) -> None:
    """The axis has no more names than it has room for."""
    november.hand(f'{year}-03-03 * "某某" "培训"\n  {TRAINING}  1.00 CNY\n  {BANK}')
    pages = DeskPages(november)
    html = BeautifulSoup(pages.page("/budget", on="9998"), "html.parser")
    for chart in html.select("svg.course"):
        assert 1 <= len(chart.select("text.month")) <= 24


def test_a_new_event_is_shown_without_a_restart(november: Office, pages: DeskPages) -> None:
    def paid() -> str:
        *_towns, (_name, *cells) = rows(pages.page("/disbursement"), "towns")
        return text(cells[STATES.index("paid")]).split()[0]

    assert paid() == "2"
    take_result(november, everyone(PAID, 5), on="2020-11-22", name="2.csv")
    assert paid() == "3"


def test_a_new_roster_is_shown_without_a_restart(november: Office, pages: DeskPages) -> None:
    """It is in the registry alone, and changes no file of the ledger."""
    before = len(pages.our(PEOPLE).get_json()["rows"])
    november.register(2)
    assert len(pages.our(PEOPLE).get_json()["rows"]) == before + 2


def test_errors_of_the_books_come_first(november: Office) -> None:
    november.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    pages = DeskPages(november)
    html = BeautifulSoup(pages.page("/budget"), "html.parser")
    first = html.select_one(".attention li")
    assert first is not None
    assert text(first).startswith("账簿有 1 处错误")


LOST = {
    "key": lambda office: office.key.rename(office.key.with_name("away.key")),
    "another key": lambda office: office.key.write_text("0" * 64, encoding="ascii"),
    "no key": lambda office: office.key.write_text("none", encoding="ascii"),
    "registry": lambda office: (office.folder / "registry.db").unlink(),
    "settings": lambda office: (office.folder / "census-ledger.toml").unlink(),
    "programme": lambda office: (office.folder / "programme.toml").unlink(),
    "broken settings": lambda office: (office.folder / "census-ledger.toml").write_text("unit"),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_cannot_be_read_is_a_sentence(november: Office, lost: str) -> None:
    """It names the file and not its place on this machine."""
    pages = DeskPages(november)
    november.register(1)
    LOST[lost](november)
    for path in (*PAGES, PEOPLE, "/months/2020-11.pdf"):
        answer = pages.our(path)
        assert answer.status_code == 503
        is_a_sentence(answer, november)


def test_a_defect_is_a_sentence(november: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = DeskPages(november)

    def fail(*_arguments: object) -> None:
        raise KeyError("370481196001010018")

    monkeypatch.setattr("ledger.web.desk.disbursing.batch_rows", fail)
    answer = pages.our("/disbursement")
    assert answer.status_code == 500
    assert "370481196001010018" not in answer.text
    is_a_sentence(answer, november)


def test_empty_books_have_pages(office: Office) -> None:
    pages = DeskPages(office)
    assert "还没有编制过批次。" in pages.page("/disbursement")
    assert "没有人在等待。" in pages.page("/disbursement")
    assert "5,800,000.00" in pages.page("/budget")
    assert pages.our(PEOPLE).get_json()["rows"] == []


def test_the_named_queries_run(november: Office, pages: DeskPages) -> None:
    queries = re.findall(
        r'query "([^"]+)" "([^"]+)"',
        (november.folder / "main.beancount").read_text(encoding="utf-8"),
    )
    assert {"各镇街发放", "各科目支出", "退回名单"} <= {name for name, _query in queries}
    found = {
        name: pages.get("api/query", query_string=query).get_json()["data"]["rows"]
        for name, query in queries
    }
    assert all(isinstance(result, list) for result in found.values())
    assert [row[2] for row in found["退回名单"]] == ["P000001"]
    assert [row[2] for row in found["待查名单"]] == ["P000002"]
    assert {row[0]: row[2] for row in found["各镇街发放"]} == {
        "370481001荆河街道": 2400.0,
        "370481101洪绪镇": 2400.0,
    }


def test_what_a_page_has_worked_out_is_of_the_books_and_the_registry_as_they_are(
    november: Office, pages: DeskPages
) -> None:
    """After an event, a record that is changed, a rule, and a file that was put back."""
    batch, people = "/disbursement/B2020-001", "/people/list.json"
    pages.log_in()
    assert "已支付 2，退回 1，待查 1" in pages.page(batch)
    before = pages.page(people)
    assert pages.page(people) == before
    take_result(november, everyone(PAID, 5, 6), on="2020-11-21")
    assert "已支付 4，退回 1，待查 1" in pages.page(batch)
    before = pages.page(people)
    reason = ("--reason", "已辞职", "--date", "2020-11-22", "--yes")
    assert november.run("payees", "deactivate", "P000006", *reason).status == 0
    assert pages.page(people) != before

    def given() -> list[str]:
        return re.findall('class="num">([0-9,.]+)<', pages.page("/settings/budget"))

    rules, at_first = november.folder / "rules.beancount", given()
    text, look = rules.read_bytes(), rules.stat()
    november.rule(f'2020-11-02 custom "census-budget" {TRAINING} 54321.00 CNY "supplement"')
    assert given() != at_first
    rules.write_bytes(text)
    os.utime(rules, ns=(look.st_atime_ns, look.st_mtime_ns - 1_000_000_000))
    assert given() == at_first
