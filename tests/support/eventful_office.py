"""A small office in which events of every kind have come one after another."""

from __future__ import annotations

from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import file_digest
from tests.support.bank_account import Account
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office
from tests.support.writing_commands import a_list_of_work
from tests.support.writing_commands import payments_before

SPENDING = "Expenses:5001业务活动费用:01本级财政:30216培训费"


def an_eventful_year(office: Office) -> None:
    """Six people are paid, two of them before the books and one by hand; what came back is sent
    again, taken back and cancelled. A month is closed and opened, a list is reversed.
    """
    desk = office.folder.parent
    a_list_of_work(office)
    payments_before(office)
    (desk / "签字.pdf").write_bytes(b"%PDF-1.4 signed")
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-3200.00", "", "代发")
    account.move("2020-11-13", "-66.00", "某店", "货款")
    account.move("2020-11-17", "1600.00", "", "代发退回")
    account.statement(desk / "流水.csv")

    def done(line: str) -> None:
        before = len(office.events())
        answer = office.run(*line.format(desk=desk).split(), "--json")
        assert len(office.events()) == before + 1, (line, answer)

    done("import {desk}/已付.csv --as paid-before --stage S1 --yes")
    done("disburse --stage S1 --yes --date 2020-11-10")
    done("batch attach B2020-001 {desk}/签字.pdf --date 2020-11-11")
    done("batch submit B2020-001 --yes --date 2020-11-11")
    answers = everyone(PAID, 3) | everyone(PENDING, 4) | everyone(CLOSED, 5, 6)
    assert take_result(office, answers).status == 0
    done("import {desk}/流水.csv")
    lines = office.books().history.lines.values()
    (unknown,) = (line.id for line in lines if line.suspense_fen)
    done(f"explain --yes {unknown} 01本级财政:30216 --date 2020-11-20")
    assert take_result(office, everyone(PAID, 4), on="2020-11-21", name="回盘2.csv").status == 0
    correct(office, "P000005")
    done("payees release P000005 --reason 已核实 --yes --date 2020-11-22")
    done("disburse --stage S1 --yes --date 2020-11-23")
    done("batch void B2020-002 --yes --date 2020-11-24")
    done("payees cancel P000006 --reason 不在岗 --yes --date 2020-11-24")
    done("import {desk}/量.xlsx --stage S2 --date 2020-11-25")
    done("operator add 李主任 --role 管理")
    done("month close 2020-11 --yes --date 2020-12-01")
    done("month reopen 2020-11 --reason 漏记 --yes --date 2020-12-02")
    done("reverse 13 --reason 导错了文件 --yes --date 2020-12-03")


def go_back(office: Office, seq: int) -> None:
    """The books as they were when event ``seq`` was the newest. The registry is not asked."""
    for path in office.events()[seq + 1 :]:
        path.unlink()
    newest = office.events()[seq]
    (office.folder / HEAD_FILE).write_text(f"{seq} {file_digest(newest)}\n", encoding="ascii")
