"""What the liaison's pages say: the figures of ``status``, links to entries, nothing unmasked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag

from ledger.model.payees import Payee
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.desk_pages import DeskPages
from tests.support.monthly_text import Printed
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

PAGES = ("BudgetPage", "DisbursementPage", "PeoplePage")
STATES = ("registered", "due", "blocked", "in_bank", "paid", "returned", "unknown")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
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


def test_the_first_page_is_what_may_still_be_spent(pages: DeskPages) -> None:
    assert pages.first.endswith("/extension/BudgetPage/")


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_a_heading_and_what_needs_attention(pages: DeskPages, name: str) -> None:
    html = BeautifulSoup(pages.page(name), "html.parser")
    assert len(html.find_all("h2")) == 1
    attention = html.find("section", attrs={"aria-labelledby": "desk-attention"})
    assert isinstance(attention, Tag)
    said = text(attention)
    assert "银行退回待重发：1 人、800.00 元" in said
    assert "银行答复不明（待查）：1 人、800.00 元" in said
    assert "预算资金未到位：4,580,000.00 元" in said


def test_lines_and_funds_are_those_of_status(november: Office, pages: DeskPages) -> None:
    status = november.status()
    found: dict[str, list[str]] = {}
    sums: dict[str, list[str]] = {}
    for name, *cells in rows(pages.page("BudgetPage"), "desk-budget"):
        figures = [plain(cell) for cell in cells[:6]]
        row = name.find_parent("tr")
        assert isinstance(row, Tag)
        (sums if "desk-sum" in row.get_attribute_list("class") else found)[text(name)] = figures
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
    table = {text(cells[0]): cells for cells in rows(pages.page("BudgetPage"), "desk-budget")}
    summed = 0
    for row in table.values():
        for cell in row[1:7]:
            anchor = cell.find("a")
            if not isinstance(anchor, Tag):
                continue
            answer = pages.client.get(str(anchor["href"]))
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
    table = rows(DeskPages(november).page("BudgetPage"), "desk-budget")
    (line,) = [cells for cells in table if "30216" in text(cells[0])]
    assert plain(line[5]) == "120.00"
    number = (november.folder / "rules.beancount").read_text(encoding="utf-8").count("\n")
    assert f"line={number}" in str(line[5].a and line[5].a["href"])


def test_the_time_filter_is_the_day_that_counts(november: Office, pages: DeskPages) -> None:
    html = pages.page("BudgetPage", time="2020-10")
    assert "截至 2020-10-31（以后的记录不计入）" in html
    (line,) = [cells for cells in rows(html, "desk-budget") if "30226" in text(cells[0])]
    assert plain(line[3]) == "0.00"
    found = {text(name): cells for name, *cells in rows(html, "desk-budget")}
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
    for name, *cells in rows(pages.page("DisbursementPage"), "desk-towns"):
        shares = [plain(cell).split() for cell in cells[: len(STATES)]]
        found[text(name)] = [people for people, _yuan in shares]
        assert all(float(yuan) == 800 * int(people) for people, yuan in shares)
    assert found == expected


def test_batches_with_their_seals(november: Office, pages: DeskPages) -> None:
    (batch,) = november.status()["batches"]
    ((name, *cells),) = rows(pages.page("DisbursementPage"), "desk-batches")
    said = [plain(cell) for cell in cells]
    assert text(name) == batch["id"]
    assert said[:2] == [batch["date"], "已提交银行，未完结"]
    counts = [str(batch[key]) for key in ("paid", "returned", "unknown", "awaited")]
    assert said[2:8] == [str(batch["payees"]), batch["amount"], *counts]
    assert said[8].replace(" ", "") == batch["seal"]


def test_who_waits_for_what_and_for_how_long(pages: DeskPages) -> None:
    waiting = rows(pages.page("DisbursementPage", time="2020-11-30"), "desk-waiting")
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
    said = pages.get("extension/PeoplePage/people")
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


@pytest.mark.parametrize("name", [*(f"{page}/" for page in PAGES), "PeoplePage/people"])
def test_nothing_unmasked_leaves_the_server(november: Office, pages: DeskPages, name: str) -> None:
    said = pages.get(f"extension/{name}").text
    said += pages.get("extension/PeoplePage/history", payee="P000001").text
    with november.registry() as registry:
        for payee in registry.payees():
            for secret in (payee.identity, payee.account, payee.phone):
                assert secret not in said


def test_one_persons_history(november: Office, pages: DeskPages) -> None:
    person = pages.get("extension/PeoplePage/history", payee="P000001").get_json()
    assert (person["id"], person["state"]) == ("P000001", "退回")
    assert [(one["date"], one["batch"], one["amount"]) for one in person["history"]] == [
        ("2020-11-10", "B2020-001", "800.00"),
        ("2020-11-20", "B2020-001", "800.00"),
    ]
    assert person["history"][1]["reason"] == "账户已销户（交易失败 账户已销户）"
    assert pages.client.get(person["entries"]).status_code == 200
    assert "filter=%5EP000001" in person["entries"]


@pytest.mark.parametrize("payee", ["P999999", "", "../../registry.db", SCRIPT])
def test_nobody_of_that_id_is_a_clear_line(pages: DeskPages, payee: str) -> None:
    answer = pages.get("extension/PeoplePage/history", payee=payee)
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert "Traceback" not in answer.text


def test_a_name_is_no_html(office: Office) -> None:
    """A payee's name and the bank's own words are text, whatever is in them."""
    office.receive(10_000)
    office.register(1, change=lambda payee: named(payee, SCRIPT))
    office.disburse(on="2020-11-10")
    office.hand(
        f'2020-11-11 ! "{SCRIPT}" "{SCRIPT}"\n  {BANK}  1.00 CNY\n  Assets:1218其他应收款:99待核'
    )
    pages = DeskPages(office)
    for name in PAGES:
        assert SCRIPT not in pages.page(name)
    assert pages.get("extension/PeoplePage/people").mimetype == "application/json"


def named(payee: Payee, name: str) -> Payee:
    return replace(payee, legal_name=name)


def test_the_monthly_statement_is_made_on_demand(november: Office, pages: DeskPages) -> None:
    """The same file as the command's, with its name; nothing is written."""
    answer = pages.get("extension/BudgetPage/monthly", month="2020-11")
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()
    assert not list((november.folder / "reports").glob("*.pdf"))
    assert november.run("report", "month", "2020-11").status == 0
    (made,) = (november.folder / "reports").glob("*.pdf")
    assert answer.data == made.read_bytes()
    assert Printed(made).rates[0] == "0.0%"
    assert 'href="monthly?month=2020-11"' in pages.page("BudgetPage")


@pytest.mark.parametrize(
    "month", ["", "2019-01", "9998-01", "2020-13", "../../../etc/passwd", "2020-11/../x"]
)
def test_another_month_is_a_clear_line(pages: DeskPages, month: str) -> None:
    answer = pages.get("extension/BudgetPage/monthly", month=month)
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert "Traceback" not in answer.text


def test_a_new_event_is_shown_without_a_restart(november: Office, pages: DeskPages) -> None:
    def paid() -> str:
        *_towns, (_name, *cells) = rows(pages.page("DisbursementPage"), "desk-towns")
        return text(cells[STATES.index("paid")]).split()[0]

    assert paid() == "2"
    take_result(november, everyone(PAID, 5), on="2020-11-22", name="2.csv")
    assert paid() == "3"


def test_a_new_roster_is_shown_without_a_restart(november: Office, pages: DeskPages) -> None:
    """It is in the registry alone, and changes no file of the ledger."""
    before = len(pages.get("extension/PeoplePage/people").get_json()["rows"])
    november.register(2)
    assert len(pages.get("extension/PeoplePage/people").get_json()["rows"]) == before + 2


def test_errors_of_the_books_come_first(november: Office) -> None:
    november.hand("2020-01-01 open Assets:1002银行存款:X滕州 CNY")
    pages = DeskPages(november)
    html = BeautifulSoup(pages.page("BudgetPage"), "html.parser")
    first = html.select_one(".desk-attention li")
    assert first is not None
    assert text(first).startswith("账簿有 1 处错误")


def test_without_the_key_a_page_says_so(november: Office) -> None:
    pages = DeskPages(november)
    november.register(1)
    november.key.rename(november.key.with_name("away.key"))
    for name in PAGES:
        said = pages.page(name)
        assert "desk-refusal" in said
        assert "Traceback" not in said
    assert pages.get("extension/PeoplePage/people").status_code == 503


def test_empty_books_have_pages(office: Office) -> None:
    pages = DeskPages(office)
    assert "还没有编制过批次。" in pages.page("DisbursementPage")
    assert "没有人在等待。" in pages.page("DisbursementPage")
    assert "5,800,000.00" in pages.page("BudgetPage")
    assert pages.get("extension/PeoplePage/people").get_json()["rows"] == []


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
