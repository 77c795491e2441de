"""The desk on people: one person's page, and each decision about her, by a form with its reason.

The decisions are those of ``payees``; what they enter is looked at through the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag
from playwright.sync_api import Browser
from playwright.sync_api import expect

from ledger.base.records import replace
from ledger.registry.change_log import Source
from ledger.web.desk.meanwhile import done_since
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.browser import office_window
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

WHY = {"reason": "派出所来函", "on": "2020-11-25"}
DECISIONS = (
    "release", "cancel", "confirm", "decline", "distinguish", "withdraw", "name", "post",
    "deactivate", "activate",
)  # fmt: skip


@beginning
def november(funded: Office) -> Office:
    """Of six people one came back, one is unclear, two are paid; two are at the bank."""
    funded.disburse(on="2020-11-10")
    answers = {**everyone(PAID, 3, 4), **everyone(CLOSED, 1), **everyone(PENDING, 2)}
    take_result(funded, answers, on="2020-11-20")
    return funded


@pytest.fixture
def clerk(november: Office) -> DeskPages:
    return DeskPages(november).log_in()


def person(number: int) -> str:
    return f"/people/P{number:06d}"


def shown(office: Office, number: int) -> Any:
    return office.run("payees", "show", f"P{number:06d}", "--json").json


def offered(page: str) -> set[str]:
    html = BeautifulSoup(page, "html.parser")
    return {str(form["id"]) for form in html.select("main form")} & set(DECISIONS)


def table(page: str, name: str) -> list[list[str]]:
    html = BeautifulSoup(page, "html.parser")
    rows = html.select(f"table[aria-labelledby={name}] tbody tr")
    return [[" ".join(c.get_text(" ").split()) for c in r.find_all(["th", "td"])] for r in rows]


def test_a_page_says_who_she_is_and_what_happened(clerk: DeskPages) -> None:
    page = clerk.page(person(1))
    text = BeautifulSoup(page, "html.parser").get_text(" ")
    assert f"P000001 {made_up(1).legal_name}" in text
    assert "退回，账户已销户；请改填本人其他银行账户" in text
    assert [(r[0], r[2], r[3]) for r in table(page, "history")] == [
        ("2020-11-10", "B2020-001", "800.00"),
        ("2020-11-20", "B2020-001", "800.00"),
    ]
    assert table(page, "history")[1][5].startswith("账户已销户")
    (added,) = table(page, "changes")
    assert (added[1], added[5]) == ("新增", "O01 测试员")
    assert "请问银行：" in clerk.page(person(2))
    assert "请问银行：" not in page


def test_pages_of_people_hold_no_whole_number(november: Office, clerk: DeskPages) -> None:
    """Of those neither who were changed, nor of reasons."""
    number = "6215210000000018"
    clerk.send(person(5), "deactivate", reason=f"账号 {number} 已停用")
    with november.registry() as registry:
        numbers = {n for p in registry.payees() for n in (p.identity, p.account, p.phone)}
    for path in (person(1), person(5), "/people"):
        page = clerk.page(path)
        assert not [one for one in numbers | {number} if one in page]


def test_what_is_offered_is_what_can_be_done(november: Office, clerk: DeskPages) -> None:
    """By where her money is, and to a clerk alone."""
    assert offered(clerk.page(person(1))) == {"release", "cancel", "name", "deactivate"}
    assert offered(clerk.page(person(2))) == {"name", "deactivate"}
    november.register(1)
    assert offered(clerk.page(person(7))) == {"name", "deactivate"}
    assert 'id="look"' in clerk.page(person(7))
    november.run("operator", "add", "查阅员", "--role", "查阅")
    reader = clerk.another_browser().log_in("O02")
    assert offered(reader.page(person(1))) == set()


def test_who_came_back_is_released(november: Office, clerk: DeskPages) -> None:
    answer = clerk.send(person(1), "release", **WHY)
    assert answer.headers["Location"] == person(1), refusals(answer)
    (said,) = notes(clerk.our(person(1)))
    assert said == f"P000001 {made_up(1).legal_name} 已放行，下一批次发放。"
    assert "release" not in offered(clerk.page(person(1)))
    assert november.disburse(on="2020-12-01").json["payees"] == 1
    assert november.check() == []


def test_money_that_came_back_is_the_funds_again(november: Office, clerk: DeskPages) -> None:
    clerk.send(person(1), "cancel", **WHY)
    assert "取消" in notes(clerk.our(person(1)))[0]
    assert november.events()[-1].name.split("-")[1] == "cancelled"
    assert november.status()["payees"]["returned"] == 0
    assert november.check() == []


@pytest.mark.parametrize("name", ["release", "cancel", "name", "deactivate"])
def test_nothing_is_decided_without_a_reason(november: Office, clerk: DeskPages, name: str) -> None:
    before = shown(november, 1)
    answer = clerk.send(person(1), name, reason=" \u200b ", name="李龑")
    assert answer.status_code == 422
    field = BeautifulSoup(answer.text, "html.parser").find(id=f"{name}-reason-problem")
    assert isinstance(field, Tag)
    # The form that was refused is open, so that the reason can be seen.
    assert field.find_parent("details", open=True)
    assert shown(november, 1) == before


def test_the_banks_spelling(november: Office, clerk: DeskPages) -> None:
    """Who is with the bank by the old one: it is said."""
    clerk.send(person(5), "name", name="  李  龑 ", **WHY)
    said = notes(clerk.our(person(5)))
    assert said[0].endswith("的银行户名已改为 李 龑。")
    assert said[1].startswith("批次 B2020-001 已按原登记交给银行")
    assert shown(november, 5)["bank_name"] == "李 龑"
    wrong = clerk.send(person(5), "name", name="李4", **WHY)
    field = BeautifulSoup(wrong.text, "html.parser").find(id="name-name-problem")
    assert isinstance(field, Tag)


def test_a_post_is_shown_before_it_is_changed(november: Office, clerk: DeskPages) -> None:
    """With who is on it; what is no post is said at its field."""
    november.register(2)
    taken = made_up(8).block
    page = clerk.page(f"{person(7)}?post={taken}")
    assert f"荆河街道 普查员 {taken}" in page
    assert f"这个岗位上已有：P000008 {made_up(8).legal_name}" in page
    free = taken[:12] + "999"
    clerk.send(f"{person(7)}?post={free}", "post", **WHY)
    assert notes(clerk.our(person(7)))[0].endswith(f"荆河街道 普查员 {free}。")
    for wrong in ("1", "x" * 15, "370481999001001", "9" * 5000):
        answer = clerk.our(person(7), post=wrong)
        field = BeautifulSoup(answer.text, "html.parser").find(id="post-post-problem")
        assert isinstance(field, Tag), wrong
        assert 'id="post"' not in answer.text


def test_who_has_left_is_found_and_comes_back(november: Office, clerk: DeskPages) -> None:
    """Somebody who was never sent money too; by the list she is left, and nothing is due to her."""
    november.register(1)
    clerk.send(person(7), "deactivate", **WHY)
    assert notes(clerk.our(person(7)))[0].endswith("已记为离岗，不再发放。")
    listed = clerk.our("/people/list.json").get_json()
    column = {name: place for place, name in enumerate(listed["columns"])}
    row = next(one for one in listed["rows"] if one[column["id"]] == "P000007")
    assert (row[column["state"]], row[column["left"]]) == ("left", "已离岗")
    assert listed["states"]["left"] == "已离岗"
    page = clerk.page(person(7))
    assert offered(page) == {"name", "activate"}
    clerk.send(person(7), "activate", **WHY)
    assert shown(november, 7)["active"] is True
    # Who leaves while her money is under way: what can be done is said.
    clerk.send(person(5), "deactivate", **WHY)
    assert "已交银行，款在途中" in notes(clerk.our(person(5)))[1]


@pytest.fixture
def held(november: Office, tmp_path: Path) -> Office:
    """A later roster has other accounts for two whom money went to: it is held."""
    accounts = {"银行卡号": made_up(30).account}, {"银行卡号": made_up(31).account}
    rows = [row(3, **accounts[0]), row(2, **accounts[1])]
    (file,) = imported(november, roster(tmp_path / "新.xlsx", *rows))
    assert file["held"] == 2
    return november


def test_held_changes_are_shown_masked_and_confirmed(held: Office, clerk: DeskPages) -> None:
    page = clerk.page(person(3))
    old, new = made_up(3).account[-4:], made_up(30).account[-4:]
    assert table(page, "held") == [["银行账号", f"****{old}", f"****{new}"]]
    clerk.send(person(3), "confirm", **WHY)
    assert notes(clerk.our(person(3)))[0].endswith("的 1 项更改已确认。")
    assert shown(held, 3)["account"] == f"****{new}"
    page = clerk.page(person(3))
    assert table(page, "held") == []
    assert table(page, "decided")[0][4:] == ["已确认", "O01 测试员", "派出所来函"]
    assert table(page, "changes")[-1][1:4] == ["银行账号", f"****{old}", f"****{new}"]


def test_held_changes_are_declined(held: Office, clerk: DeskPages) -> None:
    clerk.send(person(2), "decline", **WHY)
    assert "登记不变" in notes(clerk.our(person(2)))[0]
    assert shown(held, 2)["account"] == f"****{made_up(2).account[-4:]}"


def test_changes_of_several_are_decided_at_once(held: Office, clerk: DeskPages) -> None:
    rows = table(clerk.page("/people"), "held-changes")
    assert [one[0] for one in rows] == ["P000002", "P000003"]
    nobody = clerk.send("/people", "held", decision="confirm", **WHY)
    assert refusals(nobody)[:1] == ["没有选人：请在要办理的人前面打勾。"]
    both = ["P000002", "P000003"]
    no_reason = clerk.send("/people", "held", decision="confirm", payee=both, reason="")
    assert no_reason.status_code == 422
    assert len(table(clerk.page("/people"), "held-changes")) == 2
    answer = clerk.send("/people", "held", decision="confirm", payee=both, **WHY)
    assert answer.status_code == 303, refusals(answer)
    assert notes(clerk.our("/people"))[-1] == "2 人的 2 项更改已确认。"
    assert 'id="held"' not in clerk.page("/people")


@pytest.mark.parametrize("state", ["", "x", "1", "9" * 5000 + "-1-a", "1-" + "9" * 5000])
def test_a_state_that_nobody_was_shown_says_nothing_of_what_was_done(
    office: Office, state: str
) -> None:
    with office.registry() as registry:
        assert done_since(state, office.books(), registry) == ""


def test_if_she_was_changed_meanwhile_her_page_is_shown_anew(
    november: Office, clerk: DeskPages
) -> None:
    fields = clerk.fields(person(1), "deactivate")
    november.run("payees", "set-bank-name", "P000001", "李龑", "--reason", "更正", "--yes")
    answer = clerk.post(fields.pop("action"), **fields | WHY)
    assert answer.status_code == 422
    assert refusals(answer)[0].startswith("账簿在本页打开之后有了变动")
    assert shown(november, 1)["active"] is True


def test_two_people_with_one_number(november: Office, clerk: DeskPages) -> None:
    """Money of another went to her account: she waits until somebody says that they are two."""
    account = made_up(3).account
    with november.recording() as registry:
        paid = next(one for one in registry.payees() if one.serial == 3)
        source = Source(registry.keep_original("x", "decision", b"x"), "", 0)
        changes = {"account": (account, made_up(40).account)}
        registry.change(paid, changes, source, on=day("2020-11-21"), reason="换卡")
    november.register(1, change=lambda payee: replace(payee, account=account))
    page = clerk.page(person(7))
    assert "账号：曾为 P000003 付过款" in BeautifulSoup(page, "html.parser").get_text()
    assert "release" not in offered(page)
    clerk.send(person(7), "distinguish", **WHY)
    assert "不是同一人，照常发放" in notes(clerk.our(person(7)))[0]
    # It was a mistake: from the other's page too it is taken back, and she waits again.
    for payee in (3, 7):
        assert "不是同一人" in clerk.page(person(payee))
        assert "withdraw" in offered(clerk.page(person(payee)))
    clerk.send(person(3), "withdraw", **WHY)
    assert notes(clerk.our(person(3)))[0].startswith("已撤回：P000003")
    page = clerk.page(person(7))
    assert {"distinguish"} <= offered(page) and "withdraw" not in offered(page)
    assert november.disburse(on="2020-12-01").status == 1
    clerk.send(person(7), "distinguish", **WHY)
    assert november.disburse(on="2020-12-01").json["payees"] == 1


def test_from_the_list_to_a_decision_by_clicking(november: Office, browser: Browser) -> None:
    with office_window(browser, november) as window:
        page = window.open("/login")
        page.select_option("select[name=operator]", "O01")
        page.click("main button")
        page.get_by_role("navigation").get_by_role("link", name="人员").click()
        page.get_by_role("searchbox").fill(made_up(1).legal_name)
        page.get_by_role("button", name="P000001").click()
        page.get_by_role("link", name="办理、登记经过").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("P000001")
        page.get_by_text("放行：登记无误").click()
        release = page.locator("#release")
        release.get_by_label("理由").fill("已与本人核实")
        release.get_by_role("button", name="放行").dblclick()
        expect(page.get_by_role("status").or_(page.get_by_text("不会办理两次"))).to_be_visible()
        window.open(person(1))
        expect(page.locator("#release")).to_have_count(0)
    names = [path.name for path in november.events()]
    assert sum("released" in name for name in names) == 1


def test_each_stage_has_its_people_and_decisions(november: Office) -> None:
    """Money of the first stage came back when the second has begun: it is released in the first."""
    november.rule(
        """
2020-10-01 custom "census-stage" "S1" "摸底" "fixed"
2020-11-23 custom "census-stage" "S2" "登记" "fixed"
2020-11-23 custom "census-rate" "普查员" "S2" 100.00 CNY "30226劳务费:01两员补助"
"""
    )
    clerk = DeskPages(november).log_in()
    newest, first = clerk.page(person(1)), clerk.page(f"{person(1)}?stage=S1")
    assert "release" not in offered(newest)
    assert "release" in offered(first)
    links = BeautifulSoup(first, "html.parser").select(".stages a")
    assert [(one.get_text(), one.get("aria-current")) for one in links] == [
        ("S1 摸底", "true"), ("S2 登记", None),
    ]  # fmt: skip
    states = {
        stage: clerk.our("/people/list.json", stage=stage).get_json()["rows"][0][6]
        for stage in ("S1", "S2")
    }
    assert states == {"S1": "returned", "S2": "due"}
    answer = clerk.send(f"{person(1)}?stage=S1", "release", **WHY)
    assert answer.headers["Location"] == f"{person(1)}?stage=S1", refusals(answer)
    assert november.check() == []
    for path in (person(1), "/people", "/people/list.json"):
        assert clerk.our(path, stage="S3").status_code == 404
