"""The desk's settings: how the bank wants its file, and what stands on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from playwright.sync_api import expect

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.base.toml_table import parse_toml
from ledger.disbursement import profile_text as profile_texts
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import known_profiles
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.bank_profile import read_profile
from ledger.disbursement.profile_text import profile_text
from ledger.disbursement.unsendable import UnsendableInstruction
from ledger.model.operators import Role
from ledger.services import bank_profiles
from ledger.services.bank_profiles import ProfileExists
from ledger.services.bank_profiles import ProfileNameUnfit
from ledger.services.bank_profiles import ProfileNotAsMeant
from ledger.services.bank_profiles import WantedProfile
from ledger.services.bank_profiles import keep_profile
from ledger.services.bank_profiles import plan_profile
from ledger.services.bank_profiles import try_out
from ledger.services.settings import MayNotChangeSettings
from ledger.services.settings import NothingChanged
from ledger.services.settings import SettingsChanged
from ledger.web.desk import profile_form
from reports.bank.readback import BankFileDiffers
from tests.support.browser import office_window
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import at_field
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office

BANK, EDITOR, PAPERS = "/settings/bank", "/settings/bank/profile", "/settings/papers"
OWN = "本行"


@pytest.fixture
def manager(office: Office) -> DeskPages:
    return DeskPages(office).log_in()


def files(office: Office) -> dict[str, bytes]:
    paths = [path for path in office.folder.rglob("*.toml") if path.is_file()]
    return {path.relative_to(office.folder).as_posix(): path.read_bytes() for path in paths}


def sheet(page: str, heading: str = "preview") -> list[list[str]]:
    """The made-up file as it is shown, without the numbers of its rows."""
    rows = BeautifulSoup(page, "html.parser").select(f"table[aria-labelledby={heading}] tbody tr")
    return [[cell.get_text() for cell in row.find_all("td")] for row in rows]


@pytest.mark.parametrize("name", known_profiles())
def test_a_profile_is_the_same_as_a_form_and_as_text(office: Office, name: str) -> None:
    profile = load_profile(name)
    assert profile_form.profile_in(profile_form.fields_of(profile)) == profile
    assert read_profile(name, parse_toml("x.toml", profile_text(profile, "# 说明\n"))) == profile
    trial = try_out(office.books(), profile)
    assert len(trial.rows) == profile.first_row - 1 + 3


def edited(pages: DeskPages, begin: str = "plain-csv", **typed: object) -> Any:
    """The form for a profile, filled in and tried."""
    fields = fields_of(pages.page(EDITOR, begin=begin, use=OWN), "profile")
    fields["use"] = OWN
    return pages.post(fields.pop("action"), **{**fields, **typed, "step": "look"})


def kept(pages: DeskPages, page: str) -> Any:
    sent = fields_of(page, "keep")
    return pages.post(sent.pop("action"), **sent)


def test_columns_are_chosen_tried_on_three_payments_and_kept(
    office: Office, manager: DeskPages
) -> None:
    settings = office.folder / SETTINGS_FILE
    before = settings.read_text(encoding="utf-8")
    typed = {"title": "滕州农商行代发", "name": "农商行", "file_type": "xlsx", "encoding": "gbk",
             "amount_unit": "fen", "c1-is": "", "c2-at": "9", "c5-header": "金额(分)\n不带小数",
             "c7-is": "fixed", "c7-header": "币种", "c7-text": "156"}  # fmt: skip
    shown = edited(manager, **typed)
    assert shown.status_code == 200, refusals(shown)
    assert sheet(shown.text) == [
        ["账号", "开户行", "金额(分)\n不带小数", "备注", "币种", "户名"],
        *(
            [account, "农商某支行", fen, "两员补助", "156", name]
            for account, fen, name in (
                ("6200000000000000017", "80000", "张三"),
                ("6200000000000000025", "123456", "李四"),
                ("6200000000000000033", "5", "欧阳小样"),
            )
        ),
    ]
    lines = '- own_profile = "icbc-own"\n+ own_profile = "农商行"'
    assert lines in shown.text.replace("&#34;", '"')
    assert set(files(office)) == {SETTINGS_FILE, PROGRAMME_FILE}
    assert settings.read_text(encoding="utf-8") == before
    answer = kept(manager, shown.text)
    assert answer.headers["Location"] == BANK, refusals(answer)
    assert notes(manager.our(BANK))[0].startswith("已写入")
    after = settings.read_text(encoding="utf-8")
    assert after == before.replace('own_profile = "icbc-own"', 'own_profile = "农商行"')
    own = load_profile("农商行", office.folder / "bank_profiles")
    assert [column.value for column in own.columns] == [
        "account", "bank", "amount", "remark", "", "bank_name",
    ]  # fmt: skip
    assert office.check() == []
    assert "滕州农商行代发" in manager.page(BANK)


def test_a_batch_goes_out_by_the_new_profile(funded: Office) -> None:
    pages = DeskPages(funded).log_in()
    assert kept(pages, edited(pages, name="新", amount_unit="fen").text).status_code == 303
    funded.disburse()
    (file,) = (funded.folder / "payouts" / "B2020-001").glob("*-本行-*")
    assert file.suffix == ".csv"
    assert ",80000," in file.read_text(encoding="gb18030")
    assert funded.run("verify", file).status == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "../x"}, "name"),
        ({"name": "icbc-own"}, "name"),
        ({"row_limit": "很多"}, "row_limit"),
        ({"row_limit": "0"}, "row_limit"),
        ({"encoding": "latin-1"}, "encoding"),
        ({"c5-header": "金额（万元）"}, "c5-header"),
        ({"c2-is": "empty"}, "columns"),
        ({"c6-max_bytes": "3"}, "remark"),
        ({"c3-max_bytes": "3"}, "c3-is"),
        ({"c4-is": "bank_code"}, "codes"),
        ({"c4-is": "bank_code", "codes": "农商银行 1234"}, "codes"),
        ({"first_row": "1"}, "first_row"),
        ({"t1-is": "total_amount", "t1-at": "A9"}, "t1-at"),
        ({"quoting": "none", "c1-header": "序,号"}, "c1-header"),
    ],
)
def test_a_broken_profile_is_refused_at_its_field_and_never_written(
    office: Office, manager: DeskPages, typed: dict[str, str], field: str
) -> None:
    before = files(office)
    answer = edited(manager, **{"name": "x", "title": "某银行", **typed})
    assert answer.status_code == 422
    assert at_field(answer.text, "profile", field), refusals(answer)
    assert 'id="keep"' not in answer.text
    fields = fields_of(answer.text, "profile") | {"step": "write", "digest": "0" * 64}
    assert manager.post(fields.pop("action"), **fields).status_code == 422
    assert files(office) == before


def test_a_refusal_speaks_in_the_words_of_the_form(office: Office, manager: DeskPages) -> None:
    answer = edited(manager, **{"name": "x", "c2-is": "empty"})
    assert at_field(answer.text, "profile", "columns") == "缺少 “户名” 列"
    answer = edited(manager, **{"name": "x", "c5-header": "金额（万元）"})
    assert "“金额的单位”" in at_field(answer.text, "profile", "c5-header")


def test_the_tools_own_profiles_are_taken_as_they_are(office: Office, manager: DeskPages) -> None:
    fields = fields_of(manager.page(EDITOR, begin="ccb"), "profile")
    shown = manager.post(fields.pop("action"), **{**fields, "use": OWN, "step": "look"})
    assert "bank_profiles/" not in shown.text
    assert kept(manager, shown.text).status_code == 303
    assert office.books().settings.own_profile == "ccb"
    assert not (office.folder / "bank_profiles").exists()
    # And nothing is to be done when nothing is changed.
    fields = fields_of(manager.page(EDITOR, begin="ccb"), "profile")
    again = manager.post(fields.pop("action"), **{**fields, "use": OWN, "step": "look"})
    assert again.status_code == 422


def test_a_profile_of_the_books_is_edited_in_its_place(office: Office, manager: DeskPages) -> None:
    assert kept(manager, edited(manager, name="a", title="甲").text).status_code == 303
    path = office.folder / "bank_profiles" / "a.toml"
    path.write_text(f"# 手写的说明\n\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert kept(manager, edited(manager, begin="a", debit="net").text).status_code == 303
    assert path.read_text(encoding="utf-8").startswith("# 手写的说明\n")
    assert load_profile("a", path.parent).debit == "net"
    # Another one does not take its name.
    assert at_field(edited(manager, name="a", title="乙").text, "profile", "name")


def test_what_was_shown_is_what_is_kept(office: Office, manager: DeskPages) -> None:
    sent = fields_of(edited(manager, name="a", title="甲").text, "keep")
    before = files(office)
    changed = manager.post(sent["action"], **{**sent, "title": "另一个"})
    assert changed.status_code == 422
    assert files(office) == before
    path = office.folder / SETTINGS_FILE
    path.write_bytes(path.read_bytes() + "# 在记事本里写的\n".encode())
    sent = fields_of(edited(manager, name="a", title="甲").text, "keep")
    path.write_bytes(path.read_bytes() + "# 又写\n".encode())
    answer = manager.post(sent.pop("action"), **sent)
    assert "刚才被改动过" in " ".join(refusals(answer))
    assert kept(manager, answer.text).status_code == 303


def test_the_service_refuses_what_the_page_would(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = office.books()
    manager = books.history.operators["O01"]
    mine = replace(load_profile("plain-csv"), name="mine", title="我的")
    clerk = replace(manager, roles=frozenset({Role.CLERK}))
    with pytest.raises(MayNotChangeSettings):
        plan_profile(books, clerk, WantedProfile(mine))
    with pytest.raises(ProfileNameUnfit):
        plan_profile(books, manager, WantedProfile(replace(mine, name="a/b")))
    with pytest.raises(ProfileExists):
        plan_profile(books, manager, WantedProfile(replace(mine, name="ccb"), edited="ccb"))
    with pytest.raises(NothingChanged):
        plan_profile(books, manager, WantedProfile(load_profile("ccb")))
    columns = [replace(one, max_bytes=2) if one.value == "bank" else one for one in mine.columns]
    short = replace(mine, columns=tuple(columns))
    with pytest.raises(UnsendableInstruction):
        plan_profile(books, manager, WantedProfile(short))
    with office.work() as work, pytest.raises(SettingsChanged):
        keep_profile(work, WantedProfile(mine), Digest("0" * 64))
    assert not (office.folder / "bank_profiles").exists()
    with monkeypatch.context() as slip:
        slip.setattr(bank_profiles, "profile_text", lambda one, _heading: another(one))
        with pytest.raises(ProfileNotAsMeant):
            plan_profile(books, manager, WantedProfile(mine))
    with monkeypatch.context() as slip:
        slip.setattr(bank_profiles, "write_bank_files", a_digit_off)
        with pytest.raises(BankFileDiffers):
            plan_profile(books, manager, WantedProfile(mine))


def another(profile: BankProfile) -> str:
    return profile_texts.profile_text(replace(profile, debit="net"))


def a_digit_off(folder: Path, rows: Any, **how: Any) -> Any:
    from reports.bank.files import write_bank_files

    wrong = [rows[0]._replace(amount_fen=rows[0].amount_fen + 1), *rows[1:]]
    return write_bank_files(folder, wrong, **how)


def test_boxes_and_titles_are_changed_after_a_look_at_their_lines(
    office: Office, manager: DeskPages
) -> None:
    path = office.folder / PROGRAMME_FILE
    before = path.read_text(encoding="utf-8")
    typed = {"boxes": "制表、审核、批准", "title": "补助发放表", "step": "look"}
    shown = manager.send(PAPERS, "papers", **typed)
    assert '+ boxes = ["制表", "审核", "批准"]' in shown.text.replace("&#34;", '"')
    assert path.read_text(encoding="utf-8") == before
    assert kept(manager, shown.text).headers["Location"] == PAPERS
    after = path.read_text(encoding="utf-8")
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        'title = "补助发放表"',
        'boxes = ["制表", "审核", "批准"]',
    ]
    documents = office.books().programme.documents
    assert documents.boxes == ("制表", "审核", "批准")
    assert "补助发放表" in manager.page("/settings")


def test_the_unit_gets_another_name(office: Office, manager: DeskPages) -> None:
    shown = manager.send(PAPERS, "unit", name="滕州市普查中心", number="0017", step="look")
    assert kept(manager, shown.text).status_code == 303
    settings = office.books().settings
    assert (settings.unit, settings.statement_number) == ("滕州市普查中心", "0017")
    assert "滕州市普查中心" in manager.page("/")


@pytest.mark.parametrize(
    ("form", "field", "text"),
    [
        ("unit", "name", ""),
        ("unit", "name", 'a"b'),
        ("unit", "number", "6217 0000"),
        ("papers", "title", "\U0001f600"),
        ("papers", "boxes", "、".join("一二三四五六七八九")),
        ("papers", "boxes", ""),
        ("papers", "words", "，"),
    ],
)
def test_what_paper_cannot_hold_is_refused_at_its_field(
    office: Office, manager: DeskPages, form: str, field: str, text: str
) -> None:
    before = files(office)
    answer = manager.send(PAPERS, form, step="look", **{field: text})
    assert answer.status_code == 422
    assert at_field(answer.text, form, field), refusals(answer)
    assert files(office) == before


def test_only_a_manager_is_offered_the_settings(office: Office, manager: DeskPages) -> None:
    office.run("operator", "add", "经办员", "--role", "经办")
    clerk = manager.another_browser().log_in("O02")
    assert PAPERS in manager.page("/settings")
    for path in (PAPERS, BANK):
        assert path not in clerk.page("/settings")
        assert clerk.our(path).status_code == 403


def test_a_bank_file_is_made_by_clicking(office: Office, browser: Browser) -> None:
    with office_window(browser, office) as window:
        page = window.open("/login")
        page.select_option("select[name=operator]", "O01")
        page.click("main button")
        page.get_by_role("navigation").get_by_role("link", name="设置").click()
        page.get_by_role("link", name="银行文件的格式").click()
        page.get_by_role("link", name="修改").first.click()
        page.get_by_label("格式的名字").fill("农商行")
        page.get_by_label("第 4 行的内容").select_option(label="开户行")
        page.get_by_label("金额的单位").select_option(label="分（123456）")
        page.get_by_role("button", name="试写三笔看看").click()
        expect(page.get_by_role("cell", name="123456", exact=True)).to_be_visible()
        page.get_by_role("button", name="写入").dblclick()
        expect(page.get_by_role("status").or_(page.get_by_text("不会办理两次"))).to_be_visible()
    assert office.books().settings.own_profile == "农商行"
    assert office.check() == []
