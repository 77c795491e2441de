"""The page 发放: those who wait for somebody's word are ticked and released at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from playwright.sync_api import expect

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
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

WHY = {"reason": "已到柜台办理", "on": "2020-11-25"}
PAGE = "/disbursement"


@beginning
def returned(funded: Office) -> Office:
    """Of six people three came back, one is unclear, two are paid."""
    funded.disburse(on="2020-11-10")
    answers = {**everyone(PAID, 5, 6), **everyone(CLOSED, 1, 2, 4), **everyone(PENDING, 3)}
    take_result(funded, answers, on="2020-11-20")
    return funded


@pytest.fixture
def clerk(returned: Office) -> DeskPages:
    return DeskPages(returned).log_in()


def boxes(page: str) -> dict[str, bool]:
    """Who can be ticked, and whether she is."""
    found = BeautifulSoup(page, "html.parser").select("#waiters input[name=payee]")
    return {str(box["value"]): box.has_attr("checked") for box in found}


def test_those_ticked_are_released_by_one_event(returned: Office, clerk: DeskPages) -> None:
    before = len(returned.events())
    assert boxes(clerk.page(PAGE)) == dict.fromkeys(["P000001", "P000002", "P000004"], False)
    answer = clerk.send(PAGE, "release", payee=["P000001", "P000004"], **WHY)
    assert answer.headers["Location"] == PAGE, refusals(answer)
    assert notes(clerk.our(PAGE)) == ["2 人已放行，下一批次发放。"]
    (event,) = returned.events()[before:]
    assert event.name.split("-")[1].startswith("released")
    assert boxes(clerk.page(PAGE)) == {"P000002": False}
    assert returned.disburse(on="2020-12-01").json["payees"] == 2
    assert returned.check() == []


def test_nobody_ticked_is_refused(returned: Office, clerk: DeskPages) -> None:
    before = returned.events()
    answer = clerk.send(PAGE, "release", **WHY)
    assert answer.status_code == 422
    assert "没有勾选任何人" in refusals(answer)[0]
    assert returned.events() == before


def test_who_comes_second_is_told_though_the_form_is_gone(
    returned: Office, clerk: DeskPages
) -> None:
    everyone_ticked = {"payee": ["P000001", "P000002", "P000004"], **WHY}
    late = clerk.another_browser().log_in()
    fields = late.fields(PAGE, "release") | everyone_ticked
    assert clerk.send(PAGE, "release", **everyone_ticked).status_code == 303
    answer = late.post(str(fields.pop("action")), **fields)
    assert answer.status_code == 422
    assert "release" not in {
        form["id"] for form in BeautifulSoup(answer.text, "lxml").select("form[id]")
    }
    (said,) = refusals(answer)
    assert "测试员：放行" in said
    assert "没有办理" in said


def test_a_refusal_keeps_who_is_ticked(returned: Office, clerk: DeskPages) -> None:
    answer = clerk.send(PAGE, "release", payee=["P000002"], reason=" ", on="2020-11-25")
    assert answer.status_code == 422
    assert BeautifulSoup(answer.text, "html.parser").find(id="release-reason-problem")
    assert boxes(answer.text)["P000002"]
    unclear = clerk.send(PAGE, "release", payee=["P000002", "P000003"], **WHY)
    assert "P000003 的状态是“待查”" in refusals(unclear)[0]


def test_it_is_offered_to_whoever_may_and_for_today_alone(
    returned: Office, clerk: DeskPages
) -> None:
    returned.hand(f'2020-11-23 * "某某宾馆" "培训"\n  {TRAINING}  1.00 CNY\n  {BANK}')
    assert boxes(clerk.page(PAGE, on="2020-11-22")) == {}
    assert len(boxes(clerk.page(PAGE, on="2020-11-23"))) == 3
    assert boxes(clerk.another_browser().page(PAGE)) == {}


def test_nobody_is_released_who_is_not_seen(returned: Office, browser: Browser) -> None:
    """A filter takes the tick from those whom it hides; all is of those who are seen."""
    with office_window(browser, returned) as window:
        page = window.open("/login?to=/disbursement")
        page.select_option("select[name=operator]", "O01")
        page.click("main button")
        page.get_by_label("放行 P000004").check()
        page.locator(".filter").get_by_label("镇街").select_option("370481001")
        page.get_by_label("全选").check()
        page.get_by_label("放行的理由").fill("已到柜台办理")
        page.get_by_role("button", name="放行勾选的人").click()
        expect(page.locator(".done")).to_have_text("2 人已放行，下一批次发放。")
        assert window.errors == []
    assert boxes(DeskPages(returned).log_in().page(PAGE)) == {"P000004": False}
