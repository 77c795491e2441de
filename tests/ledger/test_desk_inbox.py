"""The desk takes files in: dropped, told what they are, previewed, confirmed, taken back."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from flask import Response
from werkzeug.test import TestResponse

from ledger.web.desk.progress import counted
from ledger.web.desk.tray import Tray
from ledger.web.desk.tray import plain_name
from ledger.web.door import HOST
from ledger.web.door import SESSION
from ledger.web.door import cookie_name
from ledger.web.private_folder import private_folder
from tests.support.approving import CASHIER
from tests.support.approving import CHECKER
from tests.support.approving import with_colleagues
from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.desk_pages import PORT
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

INBOX = "/inbox"
DAY = "2020-10-19"
NO_IDENTITY = "370481199901010000"


@pytest.fixture
def pages(office: Office) -> DeskPages:
    return DeskPages(office).log_in("O01")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return roster(tmp_path / "荆河街道.xlsx", row(1), row(2), row(3))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two good rows and one that goes back."""
    return roster(tmp_path / "混合.xlsx", row(4), row(5), row(6, 身份证号=NO_IDENTITY))


def drop(pages: DeskPages, *files: Path, names: tuple[str, ...] = ()) -> TestResponse:
    """Choose files in the form and send it."""
    fields = pages.fields(INBOX, "drop")
    given = names or tuple(path.name for path in files)
    sent = [(io.BytesIO(path.read_bytes()), name) for path, name in zip(files, given, strict=True)]
    return pages.post(fields.pop("action"), **fields | {"files": sent})


def articles(page: str) -> dict[str, str]:
    """What the page says of each file."""
    html = BeautifulSoup(page, "html.parser")
    return {
        article.find("h3").get_text(): " ".join(article.get_text(" ").split())  # type: ignore[union-attr]
        for article in html.select("article")
    }


def forms(page: str, beginning: str) -> list[str]:
    """The ids of forms for one file each."""
    html = BeautifulSoup(page, "html.parser")
    return [str(form["id"]) for form in html.select(f"form[id^={beginning}]")]


def chosen(pages: DeskPages, **options: str) -> None:
    answer = pages.send(INBOX, "choose", **{"on": DAY, **options})
    assert answer.status_code == 303, refusals(answer)


def people(office: Office) -> list[str]:
    with office.registry() as registry:
        return [payee.legal_name for payee in registry.payees()]


def test_what_is_dropped_is_previewed_and_not_taken(
    office: Office, pages: DeskPages, good: Path, mixed: Path
) -> None:
    answer = drop(pages, good, mixed)
    page = pages.our(INBOX)
    assert notes(page) == ["放入 2 个文件；还没有收下，请看下面的预览。"], answer.text
    said = articles(page.text)
    assert "花名册 共 3 行：新增 3。" in said["荆河街道.xlsx"]
    assert "共 3 行：新增 2，退回待改 1。" in said["混合.xlsx"]
    assert "第 5 行" in said["混合.xlsx"]
    # The desk is Chinese, whatever this machine's language is.
    assert re.findall("[A-Za-z]+", said["混合.xlsx"].replace("xlsx", "")) == []
    assert people(office) == []
    assert NO_IDENTITY not in page.text


def test_all_are_taken_together_and_leave_nothing_behind(
    office: Office, pages: DeskPages, good: Path, mixed: Path
) -> None:
    drop(pages, good, mixed)
    chosen(pages)
    answer = pages.send(INBOX, "take")
    assert answer.status_code == 303, refusals(answer)
    page = pages.our(INBOX)
    assert notes(page) == ["收下 2 个文件，没有收下 0 个。"]
    assert len(people(office)) == 5
    assert [path for path in private_folder().rglob("*") if path.suffix == ".xlsx"] == []
    html = BeautifulSoup(page.text, "html.parser")
    (link,) = html.select("a[download]")
    back = pages.our(str(link["href"]))
    assert back.data[:2] == b"PK"
    assert back.headers["Content-Disposition"].startswith("attachment")
    log = [" ".join(row.get_text(" ").split()) for row in html.select("table tbody tr")]
    assert {line.split()[1] for line in log} == {"混合.xlsx", "荆河街道.xlsx"}
    pages.send(INBOX, "logout")
    pages.log_in("O01")
    assert pages.our(str(link["href"])).status_code == 404


def test_what_goes_back_under_one_name_is_kept_twice(
    office: Office, pages: DeskPages, mixed: Path, tmp_path: Path
) -> None:
    """Two towns call their rosters the same, or two answers of the bank concern one town."""
    (tmp_path / "另一").mkdir()
    another = roster(tmp_path / "另一" / mixed.name, row(7), row(8, 身份证号=NO_IDENTITY))
    drop(pages, mixed, another)
    chosen(pages)
    assert pages.send(INBOX, "take").status_code == 303
    assert len(people(office)) == 3
    links = BeautifulSoup(pages.our(INBOX).text, "html.parser").select("a[download]")
    assert [link.get_text() for link in links[1:]] == ["混合.xlsx", "混合-2.xlsx"]
    first, second = (pages.our(str(link["href"])).data for link in links[1:])
    assert first[:2] == second[:2] == b"PK"
    assert first != second
    with ZipFile(io.BytesIO(pages.our(str(links[0]["href"])).data)) as both:
        assert {name: both.read(name) for name in both.namelist()} == {
            "混合.xlsx": first, "混合-2.xlsx": second,
        }  # fmt: skip


def test_files_lie_together_so_that_a_town_gets_one_workbook_of_several(pages: DeskPages) -> None:
    """But those of one name, and what might be called as the folder of what goes back."""
    tray = Tray("books")
    first, second, again, bare = (
        tray.put(name, name.encode()) for name in ("回盘-1.csv", "回盘-2.csv", "回盘-1.csv", "待改")
    )
    assert first.path.parent == second.path.parent
    assert len({one.path.parent for one in (first, again, bare)}) == 3
    folder = first.path.parent / "退回更正"
    folder.mkdir()
    (folder / "荆河街道.xlsx").write_bytes(b"PK")
    tray.keep_returned([first.number, second.number, again.number])
    assert (tray.returned, list(folder.iterdir())) == ({"荆河街道.xlsx": b"PK"}, [])
    tray.remove(first.number)
    assert [one.path.exists() for one in (first, second, again, bare)] == [False, True, True, True]
    tray.empty()
    assert not second.path.parent.parent.exists()


def test_one_is_taken_and_one_put_away(
    office: Office, pages: DeskPages, good: Path, mixed: Path
) -> None:
    drop(pages, good, mixed)
    chosen(pages)
    first, second = forms(pages.page(INBOX), "take-")
    assert pages.send(INBOX, first).status_code == 303
    assert len(people(office)) == 3
    # The other is previewed anew, on the books as they are now.
    assert list(articles(pages.page(INBOX))) == ["荆河街道.xlsx", "混合.xlsx"]
    pages.send(INBOX, second.replace("take", "away"))
    assert len(people(office)) == 3
    assert 'id="waiting"' not in pages.page(INBOX)


def test_what_is_taken_is_what_was_shown(office: Office, pages: DeskPages, good: Path) -> None:
    """Neither after somebody has changed the books, nor after another tab has dropped a file."""
    drop(pages, good)
    chosen(pages)
    fields = pages.fields(INBOX, "take")
    action = fields.pop("action")
    drop(pages, good)
    answer = pages.post(action, **fields)
    assert answer.status_code == 422
    assert refusals(answer)[0].startswith("账簿在本页打开之后有了变动")
    fields = pages.fields(INBOX, "take")
    fields.pop("action")
    office.register(1, town="370481101")
    assert pages.post(action, **fields).status_code == 422
    assert len(people(office)) == 1
    assert pages.send(INBOX, "take").status_code == 303


def test_a_changed_account_waits_for_consent_and_a_reason(
    office: Office, pages: DeskPages, good: Path, tmp_path: Path
) -> None:
    drop(pages, good)
    chosen(pages)
    pages.send(INBOX, "take")
    drop(pages, roster(tmp_path / "新账号.xlsx", row(1, 银行卡号=row(9)[6]), row(2), row(3)))
    said = articles(pages.page(INBOX))["新账号.xlsx"]
    assert "待确认 1" in said
    assert row(9)[6] not in said
    chosen(pages, consent="1", reason="本人书面申请 370481196101010014")
    said = articles(pages.page(INBOX))["新账号.xlsx"]
    assert "变更 1" in said and "将变更" in said
    pages.send(INBOX, "take")
    with office.registry() as registry:
        assert row(9)[6] in [payee.account for payee in registry.payees()]


def test_a_result_and_a_statement_are_taken_in_the_order_of_the_work(
    funded: Office, tmp_path: Path
) -> None:
    funded.disburse(on="2020-11-10")
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-10")
    result = result_file(funded, everyone(PAID, 1, 2, 3, 4, 5, 6))
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-11-10", "-4800.00", "代发", "批量代发")
    statement = account.statement(tmp_path / "流水.csv")
    pages = DeskPages(funded).log_in("O01")
    drop(pages, statement, result)
    chosen(pages, on="2020-11-15")
    said = articles(pages.page(INBOX))
    assert "银行回盘 批次 B2020-001：新答复 6 条。" in said["回盘.csv"]
    assert "银行对账单 2020-05-08 至 2020-11-10，共 2 笔，新 2 笔" in said["流水.csv"]
    pages.send(INBOX, "take")
    assert funded.books().history.batches["B2020-001"].state == "settled"  # type: ignore[index]
    # What is of the bank is taken back by its event.
    assert "/reverse" in pages.page(INBOX)


def test_an_account_in_another_name_is_asked_about(
    office: Office, pages: DeskPages, tmp_path: Path
) -> None:
    account = Account()
    account.move("2020-05-08", "1000.00", FINANCE_BUREAU, "普查经费")
    path = account.statement(tmp_path / "流水.csv")
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(f"户名：别的单位\n{text}", encoding="utf-8")
    drop(pages, path)
    said = articles(pages.page(INBOX))["流水.csv"]
    assert "用途不明" in said and "别的单位" in said
    fields = pages.fields(INBOX, "take")
    action = fields.pop("action")
    fields.pop("holder", None)
    answer = pages.post(action, **fields)
    assert answer.status_code == 422
    assert "账户的户名是“别的单位”" in answer.text
    assert pages.send(INBOX, "take", holder="1").status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.xlsx", b"", "不能收"),
        ("图.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "不能收"),
        ("字.csv", "甲,乙\n1,2\n".encode(), "不能收"),
        ("乱码.csv", bytes(range(256)), "不能收"),
        ("../../x.csv", b"a,b\n", "不能收"),
        ("文件夹/子/花名册.xlsx", b"PK\x03\x04", "不能收"),
        ("a\x00b\u202e.csv", b"a\n", "不能收"),
        ("长" * 300 + ".xlsx", b"x", "不能收"),
        ("CON|?*.csv", b"x", "不能收"),
        (" . ", b"x", "不能收"),
    ],
)
def test_what_is_no_file_of_ours_is_said(
    pages: DeskPages, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    answer = drop(pages, file, names=(name,))
    assert answer.status_code == 303, refusals(answer)
    page = pages.page(INBOX)
    (text,) = articles(page).values()
    assert said in text
    assert str(private_folder()) not in page
    assert 'id="take"' not in page


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/荆河.xlsx", "荆河.xlsx"),
        ("C:\\Users\\x\\荆河.xlsx", "荆河.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("NUL", "_NUL"),
        ("Com1 .csv", "_Com1 .csv"),
        ("console.xlsx", "console.xlsx"),
        ("\u202excod.xlsx", "xcod.xlsx"),
        ("a\x00\r\nb:<img>.xlsx", "a  b__img_.xlsx"),
        (". . .", "无名"),
        ("甲" * 300 + ".csv", "甲" * 53 + ".csv"),
    ],
)
def test_a_file_lies_under_a_name_that_every_system_can_have(name: str, kept: str) -> None:
    assert plain_name(name) == kept


def test_more_files_than_a_form_may_have_are_refused_with_a_sentence(pages: DeskPages) -> None:
    fields = pages.fields("/inbox", "drop")
    sent = [(io.BytesIO(b"x"), f"{number}.csv") for number in range(3000)]
    answer = pages.post(fields.pop("action"), **fields | {"files": sent})
    assert answer.status_code == 413
    assert refusals(answer) == ["文件太大或太多：一次最多 64 MB、1,000 个，请分几次放入。"]


def test_the_page_that_waits_is_told_how_far_it_is(pages: DeskPages, good: Path) -> None:
    def told() -> str:
        return str(json.loads(pages.page("/progress.json"))["text"])

    drop(pages, good)
    pages.page("/inbox")
    assert told() == ""
    application: Any = pages.application
    ours = application.app
    (desk, _route, _barred) = ours.view_functions["GET /inbox"].args
    cookie = pages.client.get_cookie(cookie_name(PORT), domain=HOST)
    assert cookie is not None
    with ours.test_request_context("/inbox/take", environ_base={SESSION: cookie.value}):
        files = counted(desk, ["a.xlsx", "b.xlsx"], "files")
        next(files)
        assert told() == "已读 0 / 2 个文件……"
        assert list(files) == ["b.xlsx"]
        assert told() == "已读 2 / 2 个文件，正在核对、写入……"
        ours.process_response(Response())
        assert told() == ""


def test_no_file_and_litter_are_said(pages: DeskPages, tmp_path: Path) -> None:
    fields = pages.fields(INBOX, "drop")
    fields.pop("files")
    answer = pages.post(fields.pop("action"), **fields)
    assert refusals(answer) == ["没有选择文件：请选择文件或文件夹"]
    file = tmp_path / "x"
    file.write_bytes(b"x")
    assert drop(pages, file, names=("名单/.DS_Store",)).status_code == 422


def test_a_roster_is_taken_back_after_a_look(office: Office, pages: DeskPages, good: Path) -> None:
    drop(pages, good)
    chosen(pages)
    pages.send(INBOX, "take")
    path = f"{INBOX}/imports/I000001"
    page = pages.page(path)
    assert "由它登记的 3 人撤下" in page
    answer = pages.send(path, "back", on=DAY, reason="")
    assert answer.status_code == 422
    assert 'id="back-reason-problem"' in answer.text
    pages.send(path, "back", on=DAY, reason="收错了镇街的名册")
    assert people(office) == []
    assert "已撤回" in pages.page(INBOX)
    again = pages.our(path)
    assert refusals(again) and 'id="back"' not in again.text
    assert pages.our(f"{INBOX}/imports/I000009").status_code == 404


def test_a_cashier_takes_results_and_no_rosters(
    office: Office, pages: DeskPages, good: Path
) -> None:
    with_colleagues(office)
    cashier = pages.another_browser().log_in(CASHIER)
    drop(cashier, good)
    answer = cashier.send(INBOX, "take")
    assert answer.status_code == 422
    assert "不能改人员登记" in answer.text
    checker = pages.another_browser().log_in(CHECKER)
    assert 'id="drop"' not in checker.page(INBOX)


def test_trays_are_of_one_browser(office: Office, pages: DeskPages, good: Path) -> None:
    drop(pages, good)
    other = pages.another_browser().log_in("O01")
    assert articles(other.page(INBOX)) == {}
    pages.send(INBOX, "away")
    assert articles(pages.page(INBOX)) == {}
    assert list(private_folder().rglob("*.xlsx")) == []
