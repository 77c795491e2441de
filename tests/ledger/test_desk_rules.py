"""The desk's dated rules of limits, taxes and approvals: at their fields, as shown, by whom."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import expect

from ledger.base.books_folder import RULES_FILE
from ledger.model.operators import Role
from ledger.model.rules import ApprovalRule
from ledger.model.rules import Limit
from ledger.model.rules import TaxClass
from ledger.model.rules import TaxRule
from tests.support.approving import CHECKER
from tests.support.approving import with_colleagues
from tests.support.browser import office_window
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import at_field
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.desk_pages import text_of
from tests.support.office import Office

LIMITS, TAXES, APPROVALS = "/settings/limits", "/settings/taxes", "/settings/approvals"
ON = "2020-11-02"
DAY = datetime.date.fromisoformat(ON)
CHECKED, BOTH = (Role.CHECKER,), (Role.CHECKER, Role.APPROVER)


@pytest.fixture
def manager(office: Office) -> DeskPages:
    return DeskPages(office).log_in()


@pytest.fixture
def several(office: Office) -> Office:
    """Six people and their money, and others who look at the batches."""
    office.receive(1_220_000)
    office.register(3, town="370481001")
    office.register(3, town="370481101")
    return with_colleagues(office)


def rules_file(office: Office) -> str:
    return (office.folder / RULES_FILE).read_text(encoding="utf-8")


def written(office: Office, pages: DeskPages, path: str, **typed: str) -> str:
    """Look at what would be written and confirm it: that, and nothing else, is in the file."""
    before = rules_file(office)
    shown = pages.page(path, on=ON, **typed)
    assert rules_file(office) == before
    sent = fields_of(shown, "rules")
    answer = pages.post(sent.pop("action"), **sent)
    assert answer.headers.get("Location") == path, refusals(answer)
    assert notes(pages.our(path)) == ["已写入账套的资金规则。"]
    assert rules_file(office) == f"{before}\n{text_of(shown)}"
    assert office.check() == []
    return shown


def test_a_limit_is_shown_as_text_and_then_written(office: Office, manager: DeskPages) -> None:
    typed = {"limit-普查员": "2,000", "document": "鲁统 3 号"}
    shown = written(office, manager, LIMITS, **typed)
    assert text_of(shown).splitlines()[1:] == [
        f'{ON} custom "census-limit" "普查员" 2000.00 CNY',
        '  document: "鲁统 3 号"',
    ]
    assert office.books().rules.limits == (Limit(DAY, "普查员", 200_000),)
    assert "2,000.00" in manager.page(LIMITS)


def test_a_tax_class_is_shown_as_text_and_then_written(office: Office, manager: DeskPages) -> None:
    shown = written(office, manager, TAXES, **{"tax-普查员": "不征税", "document": "税函 1 号"})
    assert text_of(shown).splitlines()[1:] == [
        f'{ON} custom "census-tax" "普查员" "不征税"',
        '  document: "税函 1 号"',
    ]
    newest = office.books().rules.taxes[-1]
    assert newest == TaxRule(DAY, "普查员", TaxClass.NONE, "税函 1 号")
    assert "税函 1 号" in manager.page(TAXES)


@pytest.mark.parametrize(
    ("path", "typed", "field", "said"),
    [
        (LIMITS, {"limit-普查员": "两千"}, "limit-普查员", "请写金额"),
        (LIMITS, {"limit-普查员": "0"}, "limit-普查员", "请写金额"),
        (LIMITS, {"limit-普查指导员": "-1"}, "limit-普查指导员", "请写金额"),
        (LIMITS, {"limit-普查员": "1", "on": "2020-02-30"}, "on", "2020-02-30"),
        (TAXES, {"tax-普查员": "不征税"}, "document", "要有文件依据"),
        (TAXES, {"tax-普查员": "免税"}, "tax-普查员", "请从列出的里面选一个"),
        (APPROVALS, {"from": "五十万", "by": "审核"}, "from", "请写金额"),
        (APPROVALS, {"from": "-1", "by": "审核"}, "from", "请写金额"),
        (APPROVALS, {"by": "审核"}, "from", "请写金额"),
        (APPROVALS, {"from": "0"}, "by", "请从列出的里面选一个"),
        (APPROVALS, {"from": "0", "by": "管理"}, "by", "请从列出的里面选一个"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    office: Office, manager: DeskPages, path: str, typed: dict[str, str], field: str, said: str
) -> None:
    before = rules_file(office)
    fields = {"on": ON, **typed}
    page = manager.our(path, **fields)
    assert said in at_field(page.text, "rules", field), refusals(page)
    assert text_of(page.text) == ""
    token = manager.fields("/", "logout")["token"]
    posted = manager.post(path, token=token, digest="x", **fields)
    assert posted.status_code == 422
    assert said in at_field(posted.text, "rules", field)
    assert rules_file(office) == before


def test_another_rule_of_the_same_day_is_refused_at_the_day(
    office: Office, manager: DeskPages
) -> None:
    written(office, manager, LIMITS, **{"limit-普查员": "2000"})
    page = manager.our(LIMITS, on=ON, **{"limit-普查员": "2500"})
    assert "从以后的一天起生效" in at_field(page.text, "rules", "on")
    written(office, manager, APPROVALS, **{"from": "0", "by": "审核"})
    page = manager.our(APPROVALS, on=ON, **{"approval-0": "不需要"})
    assert "从以后的一天起生效" in at_field(page.text, "rules", "on")
    page = manager.our(APPROVALS, on=ON, **{"from": "0.00", "by": "审批"})
    assert "这个金额已有一行" in at_field(page.text, "rules", "from")


def test_if_the_file_was_changed_meanwhile_the_text_is_shown_anew(
    office: Office, manager: DeskPages
) -> None:
    sent = fields_of(manager.page(APPROVALS, on=ON, **{"from": "0", "by": "审核"}), "rules")
    office.rule("; 在记事本里写的")
    answer = manager.post(sent.pop("action"), **sent)
    assert answer.status_code == 422
    assert "刚才被改动过" in refusals(answer)[0]
    sent = fields_of(answer.text, "rules")
    assert manager.post(sent.pop("action"), **sent).status_code == 303


def test_approvals_of_several_amounts_are_changed_at_once(several: Office) -> None:
    """That more money is asked less means something else: it is refused, or both are said anew."""
    pages = DeskPages(several).log_in()
    less = pages.our(APPROVALS, on=ON, **{"approval-0": "审批"})
    assert text_of(less.text) != ""
    less = pages.our(APPROVALS, on=ON, **{"approval-400000": "不需要"})
    assert "要求的审批反而比" in refusals(less)[0]
    assert text_of(less.text) == ""
    shown = written(
        several,
        pages,
        APPROVALS,
        **{"approval-0": "不需要", "approval-400000": "审核", "from": "500000", "by": "审核、审批"},
    )
    assert text_of(shown).splitlines()[1:] == [
        f'{ON} custom "census-approval" 0.00 CNY',
        f'{ON} custom "census-approval" 4000.00 CNY "审核"',
        f'{ON} custom "census-approval" 500000.00 CNY "审核" "审批"',
    ]
    assert several.books().rules.approvals_on(DAY) == (
        ApprovalRule(DAY, 0, ()),
        ApprovalRule(DAY, 400_000, CHECKED),
        ApprovalRule(DAY, 50_000_000, BOTH),
    )


def test_that_less_is_asked_is_said_before_and_until_a_batch_is_approved_by_it(
    several: Office,
) -> None:
    """As of a change by hand: whoever approves sees it, and each page says it until then."""
    several.disburse("--town", "370481001", on="2020-11-01")
    pages = DeskPages(several).log_in()
    assert "有的批次要的审批比现在少" not in pages.page(
        APPROVALS, on=ON, **{"from": "300000", "by": "审核、审批"}
    )
    shown = written(several, pages, APPROVALS, **{"approval-400000": "审核"})
    assert "有的批次要的审批比现在少" in shown
    assert "规则改过：以前各批按“0.00 元起 审核；4,000.00 元起 审核、审批”" in pages.page(APPROVALS)
    assert "审批规则改过" in pages.page("/")
    assert "4,000.00=审核+审批" in several.run("status").out
    several.disburse("--town", "370481101", on="2020-11-10")
    checker = pages.another_browser().log_in(CHECKER)
    assert "4,000.00 元起 审核、审批" in checker.page("/disbursement/B2020-002")
    answer = checker.send("/disbursement/B2020-002", "approve", on="2020-11-11")
    assert answer.status_code == 303, refusals(answer)
    assert "规则改过" not in pages.page(APPROVALS)
    assert "审批规则改过" not in pages.page("/")


def test_rules_are_not_changed_behind_a_batch(several: Office) -> None:
    """A rule of an earlier day would ask another thing of a batch that was made."""
    several.disburse(on="2020-11-10")
    before = rules_file(several)
    pages = DeskPages(several).log_in()
    both = {"approval-0": "不需要", "approval-400000": "不需要"}
    refused = pages.our(APPROVALS, on="2020-11-09", **both)
    assert text_of(refused.text) == ""
    assert "B2020-001" in refusals(refused)[-1]
    assert text_of(pages.page(APPROVALS, on="2020-11-11", **both)) != ""
    assert rules_file(several) == before


def test_an_approval_that_nobody_could_give_is_said(office: Office) -> None:
    office.run("operator", "add", "李主任", "--role", "管理", "--role", "审核")
    asked = {"from": "0", "by": "审核、审批"}
    pages = DeskPages(office).log_in("O02")
    assert "现在没有" not in pages.page(APPROVALS, on=ON, **asked)
    retired = office.run("operator", "retire", "O01", "--reason", "调离")
    assert retired.status == 0, retired.err
    shown = pages.page(APPROVALS, on=ON, **asked)
    assert "O02 李主任" in shown
    assert "现在没有“审批”角色的操作员" in shown
    assert "现在没有“审核”角色的操作员" not in shown


def test_only_a_manager_adds_rules(several: Office) -> None:
    before = rules_file(several)
    checker = DeskPages(several).log_in(CHECKER)
    assert APPROVALS not in checker.page("/settings")
    for path, typed in (
        (APPROVALS, {"approval-0": "不需要"}),
        (LIMITS, {"limit-普查员": "1"}),
        (TAXES, {"tax-普查员": "工资薪金"}),
    ):
        assert checker.our(path, on=ON, **typed).status_code == 403
        token = checker.fields("/", "logout")["token"]
        assert checker.post(path, token=token, on=ON, digest="x", **typed).status_code == 403
    assert rules_file(several) == before


def test_approvals_are_filled_in_by_clicking(office: Office, browser: Browser) -> None:
    with office_window(browser, office, viewport={"width": 400, "height": 800}) as window:
        page = window.open(f"/login?to={APPROVALS}")
        page.select_option("select[name=operator]", "O01")
        page.click("main button")
        page.get_by_label("生效日期").fill(ON)
        page.get_by_label("另一个金额", exact=True).fill("十万")
        page.get_by_label("另一个金额由谁看").select_option("审核")
        page.get_by_role("button", name="看看写成什么").click()
        expect(page.get_by_label("另一个金额", exact=True)).to_have_attribute(
            "aria-invalid", "true"
        )
        page.get_by_label("另一个金额", exact=True).fill("0")
        page.keyboard.press("Enter")
        expect(page.locator("pre")).to_contain_text('0.00 CNY "审核"')
        page.get_by_role("button", name="写入").dblclick()
        expect(page.locator("pre")).to_have_count(0)
        wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= seen
    assert office.books().rules.approvals_on(DAY) == (ApprovalRule(DAY, 0, CHECKED),)
    assert office.check() == []
