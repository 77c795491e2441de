"""The desk pays: plan, batch, approvals, papers, bank; every step by a form of a page.

What a step enters is what the command enters; here it is looked at through the pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from ledger.base.books_folder import HELD
from ledger.base.books_folder import PAYOUTS
from tests.support.approving import APPROVER
from tests.support.approving import CASHIER
from tests.support.approving import CHECKER
from tests.support.approving import MAKER
from tests.support.approving import with_colleagues
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.taxed_office import TAXED_RULES

PLAN = "/disbursement/plan"
BATCH = "/disbursement/B2020-001"
DAY = "2020-11-10"


@beginning
def office(funded: Office) -> Office:
    """Six people in two towns, money for them, and colleagues who approve."""
    return with_colleagues(funded)


@pytest.fixture
def clerk(office: Office) -> DeskPages:
    return DeskPages(office).log_in(MAKER)


def colleague(pages: DeskPages, operator: str) -> DeskPages:
    return pages.another_browser().log_in(operator)


@pytest.fixture
def batch(clerk: DeskPages) -> DeskPages:
    """The clerk has made a batch of all."""
    made = clerk.send(f"{PLAN}?on={DAY}", "plan")
    assert made.headers["Location"] == BATCH, refusals(made)
    return clerk


def heading(page: str) -> str:
    found = BeautifulSoup(page, "html.parser").find(id="proposal")
    return " ".join(found.get_text().split()) if isinstance(found, Tag) else ""


def links(page: str) -> dict[str, str]:
    """The files of a batch page, by name."""
    html = BeautifulSoup(page, "html.parser")
    return {link.get_text(): str(link["href"]) for link in html.select("a[download]")}


def undoing(page: str) -> list[str]:
    """The links of a batch's history that take something back."""
    html = BeautifulSoup(page, "html.parser")
    return [str(link["href"]) for link in html.select("#history ~ .box td a")]


def test_the_plan_says_who_is_paid_and_what_the_money_reaches(clerk: DeskPages) -> None:
    page = clerk.page(f"{PLAN}?on={DAY}")
    assert heading(page) == "批次 B2020-001：6 人，4,800.00 元"
    assert "编制后须由他人办理：审核、审批" in page
    one_town = clerk.page(f"{PLAN}?on={DAY}&town=370481001")
    assert heading(one_town) == "批次 B2020-001：3 人，2,400.00 元"
    assert "1,217,600.00" in one_town
    assert not list(clerk.our(PLAN, on=DAY, town="370481999").text.split('id="proposal"')[1:])


def test_what_is_planned_is_no_event(office: Office, clerk: DeskPages) -> None:
    before = office.events()
    clerk.page(f"{PLAN}?on={DAY}&limit=1")
    assert office.events() == before


def test_if_the_money_does_not_reach_it_says_which_ceiling_binds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = new_office(tmp_path, capsys)
    office.receive(2_000)
    office.register(3)
    clerk = DeskPages(office).log_in(MAKER)
    page = clerk.our(PLAN, on=DAY)
    (sentence,) = refusals(page)
    assert sentence.startswith("需要 2,400.00 元，可用 2,000.00 元，够发 2 人")
    assert heading(page.text) == ""
    reached = clerk.page(f"{PLAN}?on={DAY}&limit=1")
    assert heading(reached) == "批次 B2020-001：2 人，1,600.00 元"
    assert "另有 1 人、800.00 元要等下一批次" in reached


def test_a_batch_goes_from_hand_to_hand(office: Office, batch: DeskPages) -> None:
    """Maker, checker, approver, cashier: each is offered what is hers, and nothing else."""
    assert "这一批是您编制的，须由他人审核审批。" in batch.page(BATCH)
    checker, approver = colleague(batch, CHECKER), colleague(batch, APPROVER)
    cashier = colleague(batch, CASHIER)
    assert 'id="submit"' not in cashier.page(BATCH)
    page = checker.page(BATCH)
    assert "第一次收款的人：6 人" in page
    assert 'id="void"' not in page
    answer = checker.send(BATCH, "approve", on="2020-11-11")
    assert answer.headers["Location"] == BATCH
    said = "批次 B2020-001 已有“审核”；还要由他人办理：审批。"
    assert notes(checker.our(BATCH)) == [said]
    assert 'id="approve"' not in checker.page(BATCH)
    approver.send(BATCH, "approve", on="2020-11-11")
    assert notes(approver.our(BATCH)) == ["批次 B2020-001 审批齐全，银行文件可以交银行了。"]
    cashier.send(BATCH, "submit", on="2020-11-12")
    assert notes(cashier.our(BATCH)) == ["已记录：批次 B2020-001 的文件于 2020-11-12 交给银行。"]
    kinds = [path.name.split("-")[1] for path in office.events()[-4:]]
    assert kinds == ["prepared", "approved", "approved", "submitted"]
    assert office.check() == []
    history = [row.split() for row in table(batch.page(BATCH), "history")]
    assert [(row[0], row[1], row[2], row[3]) for row in history] == [
        ("2020-11-10", "编入批次", MAKER, "测试员"),
        ("2020-11-11", "审核审批（审核）", CHECKER, "审核员"),
        ("2020-11-11", "审核审批（审批）", APPROVER, "审批人"),
        ("2020-11-12", "提交银行", CASHIER, "出纳员"),
    ]


def table(page: str, name: str) -> Iterator[str]:
    html = BeautifulSoup(page, "html.parser")
    for row in html.select(f"table[aria-labelledby={name}] tbody tr"):
        yield " ".join(row.get_text(" ").split())


def test_papers_are_handed_out_by_role_and_bank_files_once_approved(
    office: Office, batch: DeskPages
) -> None:
    checker = colleague(batch, CHECKER)
    files = links(batch.page(BATCH))
    bank = "B2020-001-本行-1.xlsx"
    assert bank not in files
    files[bank] = f"{BATCH}/files/{bank}"
    sheets = [name for name in files if "发放表" in name]
    assert sheets
    for name in sheets:
        answer = checker.our(unescape(files[name]))
        assert answer.data == (office.folder / HELD / "B2020-001" / name).read_bytes()
        assert answer.headers["Content-Disposition"].startswith("attachment")
    for browser in (batch, checker):
        answer = browser.our(files[bank])
        assert (answer.status_code, refusals(answer)) == (
            403,
            ["审批齐全之前，银行文件由本机代管，不能取用。"],
        )
    checker.send(BATCH, "approve", on="2020-11-11")
    colleague(batch, APPROVER).send(BATCH, "approve", on="2020-11-11")
    assert refusals(checker.our(files[bank])) == ["银行文件只交给经办和出纳。"]
    cashier = colleague(batch, CASHIER)
    answer = cashier.our(links(cashier.page(BATCH))[bank])
    assert answer.data == (office.folder / PAYOUTS / "B2020-001" / bank).read_bytes()
    assert batch.our(f"{BATCH}/files/manifest.json").status_code == 404
    assert batch.our(f"{BATCH}/files/..").status_code == 404


def test_lists_go_to_the_towns_come_back_signed_and_can_be_taken_back(
    office: Office, batch: DeskPages
) -> None:
    """Scans are filed by the clerk, read by whoever reads papers, reversed from the history."""
    assert "towns.zip" not in batch.page(BATCH)  # Held: nobody signs these.
    assert "名单不发给镇街" in batch.our(f"{BATCH}/towns.zip").text
    checker, approver = colleague(batch, CHECKER), colleague(batch, APPROVER)
    checker.send(BATCH, "approve", on="2020-11-11")
    approver.send(BATCH, "approve", on="2020-11-11")
    packed = ZipFile(io.BytesIO(batch.our(f"{BATCH}/towns.zip").data))
    assert len(packed.namelist()) == 2
    one = batch.our(links(batch.page(BATCH))["荆河街道"])
    assert unquote(one.headers["Content-Disposition"]).endswith(packed.namelist()[0])
    assert load_workbook(io.BytesIO(one.data)).sheetnames == ["荆河街道"]
    assert batch.our(f"{BATCH}/towns/999.xlsx").status_code == 404

    def file(*scans: tuple[bytes, str]) -> TestResponse:
        fields = fields_of(batch.page(BATCH), "attach")
        sent = [(io.BytesIO(content), name) for content, name in scans]
        return batch.post(fields.pop("action"), **fields | {"on": "2020-11-20", "files": sent})

    hostile = "../../370481199003071232 <b>.pdf"
    assert file((b"%PDF-1", hostile), (b"\x89PNG\r\n\x1a\n", "二.png")).status_code == 303
    assert [said[-6:] for said in notes(batch.our(BATCH))] == ["事件 7）。", "事件 8）。"]
    page = checker.page(BATCH)
    assert "<b>" not in page and "370481199003071232" not in page
    assert [checker.our(links(page)[name]).data[:4] for name in links(page) if "png" in name] == [
        b"\x89PNG"
    ]
    refused = file((b"%PDF-1", "again.pdf"), (b"%PDF-2", "new.pdf"))
    assert refused.status_code == 422
    assert "已经归档" in refusals(refused)[0]
    assert refusals(file((b"GIF89a", "a.pdf")))[0].startswith("a.pdf 的内容不是 PDF")
    assert not undoing(page)  # The checker files none.
    back, _png = undoing(batch.page(BATCH))
    batch.send(back, "back", on="2020-11-21", reason="不是这一批的")
    assert notes(batch.our(BATCH))[0].startswith("事件 ")
    page = batch.page(BATCH)
    assert "已由事件" in page and "二.png" in page and "1232" not in page.split('id="history"')[0]
    assert office.check() == []


def test_a_paper_that_was_changed_is_not_handed_out_and_is_written_again(
    office: Office, batch: DeskPages
) -> None:
    files = links(batch.page(BATCH))
    name = next(name for name in files if "发放表" in name)
    path = office.folder / HELD / "B2020-001" / name
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    answer = batch.our(files[name])
    assert answer.status_code == 409
    assert f"{name} 与编制时不同，没有交出" in answer.text
    batch.send(BATCH, "restore")
    (said,) = notes(batch.our(BATCH))
    assert said.startswith("重新写出 1 个文件")
    assert batch.our(files[name]).data == content


def test_a_batch_is_rejected_with_a_reason_or_not_at_all(office: Office, batch: DeskPages) -> None:
    checker = colleague(batch, CHECKER)
    answer = checker.send(BATCH, "reject", on="2020-11-11", reason=" ​ ")
    assert answer.status_code == 422
    field = BeautifulSoup(answer.text, "html.parser").find(id="reject-reason-problem")
    assert isinstance(field, Tag)
    checker.send(BATCH, "reject", on="2020-11-11", reason="金额不对，账号 6215210000000018")
    assert notes(checker.our(BATCH))[0].startswith("批次 B2020-001 已退回并作废")
    assert "6215210000000018" not in office.events()[-1].read_text(encoding="utf-8")
    assert "金额不对" in batch.page(BATCH)


def test_a_day_before_the_batch_is_said_at_the_day(batch: DeskPages) -> None:
    for typed in ("2020-11-09", "2020-02-30", "x" * 1000, "", "9999-99-99"):
        answer = colleague(batch, CHECKER).send(BATCH, "approve", on=typed)
        assert answer.status_code == 422, typed
        field = BeautifulSoup(answer.text, "html.parser").find(id="approve-on-problem")
        assert isinstance(field, Tag), typed


def test_void_and_made_again(office: Office, batch: DeskPages) -> None:
    batch.send(BATCH, "void", on=DAY)
    assert notes(batch.our(BATCH))[0].startswith("批次 B2020-001 已作废")
    again = batch.send(f"{PLAN}?on={DAY}", "plan")
    assert again.headers["Location"] == "/disbursement/B2020-002"
    assert office.check() == []


def test_the_bank_refuses_a_file_or_all(office: Office, funded: Office) -> None:
    pages = DeskPages(office).log_in(MAKER)
    office.disburse(on=DAY)
    for operator in (CHECKER, APPROVER):
        colleague(pages, operator).send(BATCH, "approve", on="2020-11-11")
    cashier = colleague(pages, CASHIER)
    cashier.send(BATCH, "submit", on="2020-11-12")
    # The clerk cannot void what may be paid without the bank's word.
    answer = pages.send(BATCH, "void", on="2020-11-13")
    assert answer.status_code == 422
    assert "银行可能正在代发" in answer.text
    before = office.events()
    answer = cashier.send(BATCH, "refuse", on="2020-11-13", reason="  ")
    assert answer.status_code == 422
    assert 'id="refuse-reason-problem"' in answer.text
    assert office.events() == before
    answer = cashier.send(BATCH, "refuse", on="2020-11-13", reason="文件格式不对")
    assert answer.status_code == 303, refusals(answer)
    assert "6 人记为退回" in notes(cashier.our(BATCH))[0]


def test_who_was_not_paid_stands_there_with_the_reason_or_the_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = new_office(tmp_path, capsys)
    office.receive(10_000)
    office.register(3)
    office.disburse(on=DAY)
    take_result(office, {**everyone(PAID, 3), **everyone(CLOSED, 1), **everyone(PENDING, 2)})
    found = list(table(DeskPages(office).page(BATCH), "unpaid"))
    assert [row.split()[0] for row in found] == ["P000001", "P000002"]
    assert "退回" in found[0] and "销户" in found[0]
    assert "请查询" in found[1] and "账号尾号" in found[1]


def test_if_the_books_moved_the_page_is_shown_anew(office: Office, batch: DeskPages) -> None:
    checker = colleague(batch, CHECKER)
    fields = checker.fields(BATCH, "approve")
    office.register(1)
    answer = checker.post(fields.pop("action"), **fields | {"on": "2020-11-11"})
    assert answer.status_code == 422
    assert refusals(answer)[0].startswith("账簿在本页打开之后有了变动")
    fields = fields_of(answer.text, "approve")
    assert checker.post(fields.pop("action"), **fields | {"on": "2020-11-11"}).status_code == 303


def test_if_the_books_moved_another_plan_is_shown_and_nothing_is_made(
    office: Office, clerk: DeskPages
) -> None:
    fields = clerk.fields(f"{PLAN}?on={DAY}", "plan")
    office.register(1)
    before = office.events()
    answer = clerk.post(fields.pop("action"), **fields)
    assert answer.status_code == 422
    assert "账簿在本页打开之后有了变动" in answer.text
    assert heading(answer.text) == "批次 B2020-001：7 人，5,600.00 元"
    assert office.events() == before
    fields = fields_of(answer.text, "plan")
    assert clerk.post(fields.pop("action"), **fields).status_code == 303


def test_what_is_confirmed_twice_is_done_once(office: Office, clerk: DeskPages) -> None:
    """A double click, and two tabs."""
    path = f"{PLAN}?on={DAY}"
    one, other = clerk.fields(path, "plan"), clerk.fields(path, "plan")
    action = one.pop("action")
    other.pop("action")
    assert clerk.post(action, **one).status_code == 303
    again = clerk.post(action, **one)
    assert again.status_code == 409
    assert f'href="{BATCH}"' in again.text
    tab = clerk.post(action, **other)
    assert tab.status_code == 422
    batches = [path.name for path in office.events() if "prepared" in path.name]
    assert len(batches) == 1


def test_pages_hold_no_whole_number(office: Office, batch: DeskPages) -> None:
    with office.registry() as registry:
        numbers = {n for payee in registry.payees() for n in (payee.identity, payee.account)}
    for page in (
        colleague(batch, CHECKER).page(BATCH),
        batch.page(f"{PLAN}?on={DAY}"),
        batch.page("/disbursement"),
        batch.page("/"),
    ):
        assert not [number for number in numbers if number in page]


def test_plan_and_batch_say_what_is_withheld(office: Office) -> None:
    """Of 2,400.00 each 320.00 is the tax office's."""
    office.rule(TAXED_RULES)
    clerk = DeskPages(office).log_in(MAKER)
    planned = "6 人，14,400.00 元（代扣税 1,920.00 元，实发 12,480.00 元）"
    assert planned in heading(clerk.page(f"{PLAN}?on={DAY}"))
    clerk.send(f"{PLAN}?on={DAY}", "plan")
    page = " ".join(clerk.page(BATCH).split())
    assert "6 人，12,480.00 元（税前 14,400.00 元，代扣税 1,920.00 元）" in page
