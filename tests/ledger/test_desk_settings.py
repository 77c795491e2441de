"""The desk's settings: money rules after a look at their text, operators, the backup."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from playwright.sync_api import expect

from ledger.base.books_folder import RULES_FILE
from ledger.figures.budget_lines import budget_lines
from tests.support.browser import office_window
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import at_field
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.desk_pages import text_of
from tests.support.office import Office

BUDGET, RATES, OPERATORS = "/settings/budget", "/settings/rates", "/settings/operators"
STAGES = "/settings/stages"
LABOUR, TRAINING = "line-01-30226劳务费", "line-01-30216培训费"
ON = "2020-11-02"


@pytest.fixture
def manager(office: Office) -> DeskPages:
    return DeskPages(office).log_in()


def given(office: Office, code: str) -> int:
    return next(one.given_fen for one in budget_lines(office.books()) if one.line[:5] == code)


def test_a_supplement_is_shown_as_text_and_then_written(office: Office, manager: DeskPages) -> None:
    before = (office.folder / RULES_FILE).read_bytes()
    was = given(office, "30226")
    asked = {"kind": "supplement", "on": ON, "document": '鲁财"1"号', LABOUR: "20,000"}
    shown = manager.page(BUDGET, **asked)
    assert '30226劳务费 20000.00 CNY "supplement"\n  document: "鲁财\\"1\\"号"' in text_of(shown)
    assert (office.folder / RULES_FILE).read_bytes() == before
    sent = fields_of(shown, "rules")
    answer = manager.post(sent.pop("action"), **sent)
    assert answer.headers["Location"] == BUDGET, refusals(answer)
    assert notes(manager.our(BUDGET)) == ["已写入账套的资金规则。"]
    after = (office.folder / RULES_FILE).read_bytes()
    assert after.decode() == f"{before.decode()}\n{text_of(shown)}"
    assert given(office, "30226") == was + 2_000_000
    assert office.check() == []
    again = manager.post(BUDGET, **sent)
    assert again.status_code == 409
    assert (office.folder / RULES_FILE).read_bytes() == after


def test_what_would_break_the_books_is_said_and_not_written(
    office: Office, manager: DeskPages
) -> None:
    before = (office.folder / RULES_FILE).read_bytes()
    for fields, said in (
        ({"kind": "transfer", LABOUR: "-500"}, "应为零"),
        ({"kind": "gift", LABOUR: "1"}, "预算种类应为"),
    ):
        page = manager.our(BUDGET, on=ON, **fields)
        assert said in refusals(page)[0], fields
        assert text_of(page.text) == ""
        token = manager.fields("/", "logout")["token"]
        posted = manager.post(BUDGET, token=token, on=ON, digest="x", **fields)
        assert posted.status_code == 422
        assert said in refusals(posted)[0]
    assert (office.folder / RULES_FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("path", "field", "typed"),
    [
        (BUDGET, LABOUR, "8oo"),
        (BUDGET, LABOUR, "0"),
        (BUDGET, LABOUR, "1e9"),
        (RATES, "rate-S1-普查员", "8oo"),
        (RATES, "rate-S1-普查员-most", "一百"),
    ],
)
def test_a_wrong_amount_is_marked_where_it_was_typed(
    office: Office, manager: DeskPages, path: str, field: str, typed: str
) -> None:
    """Nothing is lost of what was typed in the other fields."""
    office.rule('2020-10-02 custom "census-stage" "S1" "清查摸底" "per-unit" "户"')
    before = (office.folder / RULES_FILE).read_bytes()
    other = TRAINING if path == BUDGET else "rate-S1-普查指导员"
    fields = {"on": ON, "document": "鲁财 1 号", other: "2000", field: typed}
    shown = manager.our(path, **fields)
    token = manager.fields("/", "logout")["token"]
    posted = manager.post(path, token=token, digest="x", **fields)
    assert (shown.status_code, posted.status_code) == (200, 422)
    for page in (shown.text, posted.text):
        assert f"“{typed}”不是金额" in at_field(page, "rules", field)
        assert text_of(page) == ""
        assert fields.items() <= fields_of(page, "choice").items()
        (marked,) = BeautifulSoup(page, "html.parser").select("[aria-invalid]")
        assert marked["name"] == field
    assert (office.folder / RULES_FILE).read_bytes() == before


def test_if_the_file_was_changed_meanwhile_the_text_is_shown_anew(
    office: Office, manager: DeskPages
) -> None:
    sent = fields_of(manager.page(BUDGET, kind="supplement", on=ON, **{LABOUR: "1"}), "rules")
    office.rule("; 在记事本里写的")
    answer = manager.post(sent.pop("action"), **sent)
    assert answer.status_code == 422
    assert "刚才被改动过" in refusals(answer)[0]
    sent = fields_of(answer.text, "rules")
    assert manager.post(sent.pop("action"), **sent).status_code == 303


def test_a_later_rate_is_added(office: Office, manager: DeskPages) -> None:
    shown = manager.page(RATES, on=ON, document="鲁统 3 号", **{"rate-S1-普查员": "900"})
    assert 'custom "census-rate" "普查员" 900.00 CNY' in text_of(shown)
    sent = fields_of(shown, "rules")
    assert manager.post(sent.pop("action"), **sent).headers["Location"] == RATES
    rate = max(office.books().rules.rates, key=lambda one: one.date)
    assert (rate.role, rate.amount_fen, str(rate.date)) == ("普查员", 90_000, ON)
    assert "900.00" in manager.page(RATES)


def test_a_stage_is_added_and_then_its_first_rate(office: Office, manager: DeskPages) -> None:
    typed = {"code": "S1", "name": "入户登记", "kind": "fixed", "on": "2020-01-01"}
    shown = manager.page(STAGES, **typed)
    assert '2020-01-01 custom "census-stage" "S1" "入户登记" "fixed"' in text_of(shown)
    sent = fields_of(shown, "rules")
    assert manager.post(sent.pop("action"), **sent).headers["Location"] == STAGES
    listed = {"code": "S2", "name": "户数", "kind": "per-unit", "on": ON}
    assert refusals(manager.our(STAGES, **listed)) != []
    shown = manager.page(STAGES, **listed, unit="户")
    sent = fields_of(shown, "rules")
    assert manager.post(sent.pop("action"), **sent).status_code == 303
    typed = {"rate-S2-普查员": "1.5", "rate-S2-普查员-least": "100", "rate-S2-普查员-most": "900"}
    shown = manager.page(RATES, on=ON, **typed)
    assert '"S2" 1.50 CNY "30226劳务费:01两员补助"\n  minimum: 100.00 CNY' in text_of(shown)
    sent = fields_of(shown, "rules")
    assert manager.post(sent.pop("action"), **sent).status_code == 303
    rules = office.books().rules
    assert [(one.code, one.unit) for one in rules.named_stages] == [("S1", ""), ("S2", "户")]
    (rate,) = [one for one in rules.rates if one.stage == "S2"]
    assert (rate.minimum_fen, rate.maximum_fen) == (10_000, 90_000)
    assert 'name="rate-S1-普查员-least"' not in manager.page(RATES)
    assert office.check() == []


def test_somebody_new_signs_after_typing_a_passphrase(office: Office, manager: DeskPages) -> None:
    typed = {"name": "王经办", "passphrase": "一二三", "on": ON}
    differing = manager.send(OPERATORS, "add", role="经办", again="一二", **typed)
    assert at_field(differing.text, "add-again") == "两次输入的口令不同。"
    nothing = manager.send(OPERATORS, "add", again="一二三", **typed)
    assert at_field(nothing.text, "add-role") == "请至少选一个角色。"
    assert len(office.events()) == 1
    answer = manager.send(OPERATORS, "add", role=["经办", "出纳"], again="一二三", **typed)
    assert answer.headers["Location"] == OPERATORS, refusals(answer)
    assert "O02 王经办" in notes(manager.our(OPERATORS))[0]
    other = manager.another_browser()
    wrong = other.send("/login", "login", operator="O02", passphrase="x")
    assert wrong.status_code == 422
    other.log_in("O02", "一二三")
    assert 'id="add"' not in other.page(OPERATORS)
    # She changes her own passphrase; nobody else's.
    answer = other.send(OPERATORS, "passphrase", old="一二三", passphrase="四五六", again="四五六")
    assert answer.status_code == 303, refusals(answer)
    assert manager.another_browser().log_in("O02", "四五六")
    wrong = other.send(OPERATORS, "passphrase", old="一二三", passphrase="七", again="七")
    assert wrong.status_code == 422
    assert office.check() == []


def test_somebody_retires_with_a_reason(office: Office, manager: DeskPages) -> None:
    office.run("operator", "add", "李出纳", "--role", "出纳")
    last = manager.send(OPERATORS, "retire", operator="O01", reason="调离", on=ON)
    assert last.status_code == 422
    nothing = manager.send(OPERATORS, "retire", operator="O02", reason="", on=ON)
    assert at_field(nothing.text, "retire-reason")
    answer = manager.send(OPERATORS, "retire", operator="O02", reason="调离", on=ON)
    assert answer.status_code == 303, refusals(answer)
    assert notes(manager.our(OPERATORS))[-1] == "O02 李出纳 已停用，以前签的仍然有效。"
    assert "已停用" in manager.page(OPERATORS)
    assert "调离" in manager.page("/settings/log")
    assert office.check() == []


def test_a_backup_is_written_apart_and_opens_again(
    office: Office, manager: DeskPages, tmp_path: Path
) -> None:
    file = tmp_path / "u盘" / "x.backup"
    file.parent.mkdir()
    typed = {"passphrase": "密码", "again": "密码"}
    for path, one, again, field in (
        ("x.backup", "密码", "密码", "file"),
        (str(office.folder / "x.backup"), "密码", "密码", ""),
        (str(file), "", "", "passphrase"),
        (str(file), "密码", "码", "again"),
    ):
        answer = manager.send("/settings", "backup", file=path, passphrase=one, again=again)
        assert answer.status_code == 422, path
        assert not field or at_field(answer.text, f"backup-{field}")
        assert not file.exists()
    answer = manager.send("/settings", "backup", file=str(file), **typed)
    assert answer.status_code == 303, refusals(answer)
    assert "已备份到事件 0" in notes(manager.our("/settings"))[0]
    assert "最新的备份包含全部事件" in manager.page("/settings")
    assert file.read_bytes()
    there = manager.send("/settings", "backup", file=str(file), **typed)
    assert there.status_code == 422


def test_the_settings_say_what_is_paid_for_and_where(office: Office, manager: DeskPages) -> None:
    page = manager.page("/settings")
    text = BeautifulSoup(page, "html.parser").get_text(" ")
    assert "滕州市" in text
    assert "370481001" in text and "荆河街道" in text
    assert "本行 中国工商银行批量代发（本行）" in text
    office.run("operator", "add", "查阅员", "--role", "查阅")
    reader = manager.another_browser().log_in("O02")
    assert 'id="backup"' not in reader.page("/settings")
    assert BUDGET not in reader.page("/settings")


def test_a_budget_is_filled_in_by_clicking(office: Office, browser: Browser) -> None:
    with office_window(browser, office) as window:
        page = window.open("/login")
        page.select_option("select[name=operator]", "O01")
        page.click("main button")
        page.get_by_role("navigation").get_by_role("link", name="设置").click()
        page.get_by_role("link", name="预算：").click()
        page.get_by_label("事项").select_option(label="调剂")
        page.get_by_label("文号").fill("内部调剂 1 号")
        page.locator(f'[name="{LABOUR}"]').fill("-1,000")
        page.locator(f'[name="{TRAINING}"]').fill("1000")
        page.get_by_role("button", name="看看写成什么").click()
        expect(page.locator("pre")).to_contain_text("-1000.00 CNY")
        was = given(office, "30216")
        page.get_by_role("button", name="写入").dblclick()
        expect(page.locator("pre")).to_have_count(0)
        expect(page.get_by_role("status").or_(page.get_by_text("不会办理两次"))).to_be_visible()
    assert given(office, "30216") == was + 100_000
    assert office.check() == []
