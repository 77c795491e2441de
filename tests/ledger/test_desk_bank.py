"""The page 流水: what nobody knows is explained after a look at the entry, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag

from tests.support.approving import CASHIER
from tests.support.approving import with_colleagues
from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import TRAINING
from tests.support.office import Office

CARD = "6215210000012345678"
IN_WORDS = "5001业务活动费用 · 01本级财政 · 30216培训费"


@pytest.fixture
def line(office: Office) -> str:
    """A line of 66.00 that no rule knows."""
    account = Account()
    account.move("2020-05-08", "1000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-06-01", "-66.00", "某店", f"货款 {CARD}")
    take_statement(office, account)
    (found,) = office.status()["suspense"]["unexplained"]
    return str(found["line"])


@pytest.fixture
def pages(office: Office, line: str) -> DeskPages:
    return DeskPages(office).log_in("O01")


def rows(page: str, name: str) -> list[str]:
    html = BeautifulSoup(page, "html.parser")
    found = html.select(f"table[aria-labelledby={name}] tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in found]


def test_lines_are_shown_without_numbers(pages: DeskPages, line: str) -> None:
    page = pages.page("/bank")
    (unknown,) = rows(page, "unexplained")
    assert unknown.startswith("2020-06-01 -66.00 某店 货款")
    # What stands in the heading is not said of each line again.
    assert not BeautifulSoup(page, "html.parser").select(".reason small")
    assert CARD not in page
    assert len(rows(page, "lines")) == 2
    assert rows(pages.page("/bank", on="2020-05-31"), "unexplained") == []


def test_an_entry_is_previewed_and_booked(office: Office, pages: DeskPages, line: str) -> None:
    before = office.events()
    path = f"/bank/{line}?target={TRAINING}"
    page = pages.page(path)
    assert rows(page, "entry") == [f"2020-06-01 {IN_WORDS} 66.00"]
    assert office.events() == before
    answer = pages.send(path, "explain", note=f"见发票 {CARD}")
    assert answer.headers["Location"] == "/bank"
    assert notes(pages.our("/bank")) == [f"{line} 已说明：{IN_WORDS}。"]
    text = office.events()[-1].read_text(encoding="utf-8")
    assert "见发票" in text and CARD not in text
    assert office.check() == []


def test_an_explanation_is_reversed_and_given_again(
    office: Office, pages: DeskPages, line: str
) -> None:
    pages.send(f"/bank/{line}?target={TRAINING}", "explain")
    page = pages.page("/bank")
    link = BeautifulSoup(page, "html.parser").find("a", string="冲销说明")
    assert isinstance(link, Tag)
    path = str(link["href"])
    answer = pages.send(path, "back", on="2020-06-02", reason=" ")
    assert answer.status_code == 422
    assert 'id="back-reason-problem"' in answer.text
    answer = pages.send(path, "back", on="2020-06-02", reason="记错科目")
    assert answer.status_code == 303, refusals(answer)
    assert len(rows(pages.page("/bank"), "unexplained")) == 1
    # It is reversed already: nothing is offered, and the sentence says so.
    again = pages.our(path)
    assert 'id="back"' not in again.text
    assert "已由事件 3 冲销" in again.text
    assert pages.send(f"/bank/{line}?target={TRAINING}", "explain").status_code == 303
    assert office.check() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("target=没有的科目", "target"),
        ("target=Assets:1002银行存款:01滕州农商行", "target"),
        ("target=B2020-009", "target"),
        ("split=B2020-001=1.00", "split"),
        (f"target={TRAINING}&on=2020-05-01", "on"),
        (f"target={TRAINING}&on=x", "on"),
        ("target=" + "长" * 3000, "target"),
    ],
)
def test_what_is_no_explanation_is_said_at_its_field(
    pages: DeskPages, line: str, query: str, field: str
) -> None:
    page = pages.page(f"/bank/{line}?{query}")
    assert isinstance(BeautifulSoup(page, "html.parser").find(id=f"explain-{field}-problem"), Tag)
    assert 'id="explain"' not in page


def test_what_is_booked_is_what_was_shown(office: Office, pages: DeskPages, line: str) -> None:
    path = f"/bank/{line}?target={TRAINING}"
    fields = pages.fields(path, "explain")
    action = fields.pop("action")
    # Another target than the one that was shown.
    other = fields | {"target": "Income:4604利息收入"}
    answer = pages.post(action, **other)
    assert answer.status_code == 422
    assert "账簿在本页打开之后有了变动" in answer.text
    fields = pages.fields(path, "explain")
    fields.pop("action")
    office.register(1)
    answer = pages.post(action, **fields)
    assert answer.status_code == 422
    anew = fields_of(answer.text, "explain")
    assert pages.post(anew.pop("action"), **anew).status_code == 303


def test_another_role_sees_and_does_not_explain(
    office: Office, pages: DeskPages, line: str
) -> None:
    with_colleagues(office)
    cashier = pages.another_browser().log_in(CASHIER)
    assert "说明</a>" not in cashier.page("/bank")
    assert cashier.our(f"/bank/{line}").status_code == 403
    assert pages.our("/bank/L9999").status_code == 404
    assert pages.our("/events/9999/reverse").status_code == 404


def test_the_first_page_leads_to_what_waits(
    office: Office, pages: DeskPages, tmp_path: Path
) -> None:
    office.receive(100_000, on="2020-06-02")
    office.register(2)
    office.disburse(on="2020-11-10")
    html = BeautifulSoup(pages.page("/", on="2020-11-11"), "html.parser")
    waiting = {link.get_text(): str(link["href"]) for link in html.select(".attention a")}
    found = {title.partition("：")[0]: link.partition("?")[0] for title, link in waiting.items()}
    assert found["待核款项"] == "/bank"
    assert found["批次 B2020-001 可以交银行"] == "/disbursement/B2020-001"
    assert found["操作员 O01 没有口令"] == "/settings/operators"
    assert found["批次 B2020-001 还没有备份"] == "/settings"
    figures = [" ".join(one.get_text(" ").split()) for one in html.select(".figures div")]
    assert "代发中 2 人" in figures
    for link in waiting.values():
        assert pages.ask("GET", link).status_code == 200


def test_a_rule_is_made_from_a_line_after_a_look(
    office: Office, pages: DeskPages, line: str
) -> None:
    settings = office.folder / "census-ledger.toml"
    before = settings.read_text(encoding="utf-8")
    path = f"/bank/{line}/rule?counterparty=某店&words=&target={TRAINING}"
    page = pages.page(path)
    assert "[[statement.rule]]" in page and "现在用途不明的款项里有 1 笔符合" in page
    assert settings.read_text(encoding="utf-8") == before
    answer = pages.send(path, "rule")
    assert answer.status_code == 303, refusals(answer)
    after = settings.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())
    assert 'counterparty = ["某店"]\ndirection = "out"' in after
    # The line has a suggestion now, and the next of its kind is booked at once.
    assert IN_WORDS in rows(pages.page("/bank"), "unexplained")[0]
    account = Account(opening_fen=93_400)
    account.move("2020-06-03", "-30.00", "某店", "又一次")
    done = take_statement(office, account, name="六月.csv")
    assert done.status == 0, done.err
    assert office.status()["suspense"]["lines"] == 1
    assert office.check() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"counterparty=&words=&target={TRAINING}", "words"),
        (f"counterparty=别家&words=&target={TRAINING}", "words"),
        (f'counterparty=某店&words="]&target={TRAINING}', "words"),
        ("counterparty=某店&words=&target=没有的科目", "target"),
        ("counterparty=某店&words=&target=Assets:1218其他应收款:99待核", "target"),
    ],
)
def test_what_is_no_rule_is_said_at_its_field(
    pages: DeskPages, line: str, query: str, field: str
) -> None:
    page = pages.page(f"/bank/{line}/rule?{query}")
    assert isinstance(BeautifulSoup(page, "html.parser").find(id=f"rule-{field}-problem"), Tag)
    assert 'id="rule"' not in page


@pytest.mark.parametrize(
    "word", ['店"]\nx=1', "店\\", "店'''", "[[店", "店 # 不是注释", "店\u202e"]
)
def test_whatever_a_line_says_is_one_rule(office: Office, tmp_path: Path, word: str) -> None:
    account = Account()
    account.move("2020-05-08", "1000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-06-01", "-66.00", "某店", f"货款{word}")
    take_statement(office, account)
    (found,) = office.status()["suspense"]["unexplained"]
    known = len(office.books().settings.statement_rules)
    pages = DeskPages(office).log_in("O01")
    form = pages.fields(f"/bank/{found['line']}/rule?counterparty=某店&target={TRAINING}", "rule")
    assert pages.post(form.pop("action"), **form).status_code == 303
    rules = office.books().settings.statement_rules
    assert len(rules) == known + 1
    assert rules[-1].counterparty == ("某店",)


def test_settings_that_take_no_rule_stay_as_they_are(
    office: Office, pages: DeskPages, line: str
) -> None:
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").partition("[[statement.rule]]")[0] + "rule = []\n"
    settings.write_text(text, encoding="utf-8", newline="\n")
    answer = pages.send(f"/bank/{line}/rule?counterparty=某店&target={TRAINING}", "rule")
    assert answer.status_code == 422
    assert "census-ledger.toml" in answer.text
    assert settings.read_text(encoding="utf-8") == text


def test_a_rule_that_was_not_shown_is_not_written(
    office: Office, pages: DeskPages, line: str
) -> None:
    fields = pages.fields(f"/bank/{line}/rule?counterparty=某店&target={TRAINING}", "rule")
    action = fields.pop("action")
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8") + "\n# 后来的改动\n"
    settings.write_text(text, encoding="utf-8", newline="\n")
    assert pages.post(action, **fields).status_code == 422
    assert settings.read_text(encoding="utf-8") == text
