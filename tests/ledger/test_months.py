"""``month close`` and ``month reopen``: a closed month is as it was closed, to the byte."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.controls.closed_months import outside_digest
from ledger.controls.closed_months import outside_lines
from ledger.model.months import MonthClosed
from ledger.registry.change_log import YES
from ledger.registry.change_log import Source
from ledger.services.unit_of_work import Work
from tests.support.acting import actor_of
from tests.support.auditor import audit
from tests.support.bank_account import Account
from tests.support.bank_account import funded_account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import anchored
from tests.support.forged_events import forge
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import codes
from tests.support.office import day
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

REASON = ("--reason", "漏记一笔")
# Not from the bank, whose statements say what it had.
SPENT = f"  {TRAINING}  5.00 CNY\n  Income:4604利息收入\n"


def close(office: Office, month: str = "2020-11", *options: str) -> Answer:
    return office.run("month", "close", month, "--json", "--yes", *options)


def reopen(office: Office, month: str = "2020-11", *options: str) -> Answer:
    return office.run("month", "reopen", month, "--json", "--yes", *(options or REASON))


def report(office: Office, month: str = "2020-11") -> bytes:
    """The month's report as it is handed out."""
    answer = office.run("report", "month", month, "--json")
    assert answer.status == 0, answer.err
    return office.folder.joinpath(str(answer.json["months"][0]["path"])).read_bytes()


@pytest.fixture
def account() -> Account:
    return account_of_a_winter()


def account_of_a_winter() -> Account:
    """Two lines of November nobody knows, and one of December."""
    account = funded_account()
    account.move("2020-11-05", "-66.00", "某店", "货款")
    account.move("2020-11-06", "-77.00", "某店", "货款")
    account.move("2020-12-01", "-88.00", "某店", "货款")
    return account


@beginning
def november(office: Office) -> Office:
    """Six people in a batch of November: four were paid, two came back; one was released. The
    bank's statement reaches into December.
    """
    office.register(3, town="370481001")
    office.register(3, town="370481101")
    take_statement(office, account_of_a_winter())
    assert office.disburse().status == 0
    assert office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    answers = everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6)
    assert take_result(office, answers, on="2020-11-15").status == 0
    return office


@beginning
def closed(november: Office) -> Office:
    assert close(november).status == 0
    return november


# A month is closed.


def test_a_month_that_is_over_is_closed(november: Office) -> None:
    assert november.status()["closed"] is None
    answer = november.run("month", "close", "2020-11", "--json")
    assert answer.status == 0, answer.err
    today = datetime.date.today().isoformat()
    assert answer.json | {"report": ""} == {
        "event": 5, "kind": "closed", "date": today, "month": "2020-11", "report": "",
        "unexplained": 2,
    }  # fmt: skip
    assert november.status()["closed"] == "2020-11"
    assert "The months up to 2020-11 are closed." in november.run("status").out
    (listed,) = november.run("month", "list", "--json").json["months"]
    assert listed == {
        "month": "2020-11", "event": 5, "date": today, "by": "O01",
        "report": answer.json["report"],
    }  # fmt: skip
    assert "2020-11" in november.run("month", "list").out
    assert digest(report(november)) == answer.json["report"]
    assert november.check() == []
    seen = audit(november.folder)
    assert (seen.findings, "已结账至 2020-11" in seen.text) == ([], True)
    assert "没有与结账时的摘要比对" not in seen.text


def test_where_the_banks_statement_does_not_reach_the_months_end_it_asks(
    office: Office, account: Account
) -> None:
    before = office.events()
    office.receive(100, on="2020-10-08")
    asked = office.run("month", "close", "2020-10")
    assert (asked.status, "No statement of the bank" in asked.err) == (2, True)
    take_statement(office, account, until="2020-11-06")
    before = office.events()
    asked = office.run("month", "close", "2020-11")
    assert (asked.status, "reach 2020-11-06" in asked.err) == (2, True)
    assert office.events() == before
    assert office.run("month", "close", "2020-10").status == 0


@pytest.mark.parametrize("month", ["2020-11", "2020-12"])
def test_one_that_is_not_over_is_not_closed(office: Office, account: Account, month: str) -> None:
    take_statement(office, account)
    refused = close(office, month, "--date", "2020-11-30")
    assert refused.json["code"] == "month-not-over"


def test_months_close_in_order(november: Office) -> None:
    assert close(november, "2020-10").status == 0
    refused = close(november, "2020-12")
    assert refused.json["code"] == "earlier-month-open"
    assert "'census-ledger month close 2020-11'" in refused.err
    for earlier in ("2020-10", "2020-09"):
        assert close(november, earlier).json["code"] == "month-closed-already"
    assert close(november, "2020-11").status == close(november, "2020-12").status == 0
    assert [one["month"] for one in november.run("month", "list", "--json").json["months"]] == [
        "2020-10", "2020-11", "2020-12",
    ]  # fmt: skip
    assert audit(november.folder).findings == []


def test_what_came_before_the_first_closed_month_is_closed_with_it(november: Office) -> None:
    said = november.run("month", "close", "2020-11")
    assert "from 2020-05 on is closed with it" in said.err
    november.hand(f'2020-06-01 * "培训费"\n{SPENT}')
    assert codes(november.check()) >= {"closed_month"}


@pytest.mark.parametrize(
    ("month", "code"),
    [("2020-04", "before-first-entry"), ("9998-01", "month-ahead"), ("十一月", "not-a-month")],
)
def test_a_month_without_a_report_is_none_to_close(november: Office, month: str, code: str) -> None:
    assert close(november, month).json["code"] == code


def test_only_a_manager_closes_and_opens_months(november: Office) -> None:
    november.run("operator", "add", "李经办", "--role", "经办", "--role", "出纳")
    as_clerk = ("--operator", "O02", "month")
    assert (
        november.run(*as_clerk, "close", "2020-11", "--yes", "--json").json["code"]
        == "role-missing"
    )
    assert close(november).status == 0
    assert (
        november.run(*as_clerk, "reopen", "2020-11", "--yes", "--json", *REASON).json["code"]
        == "role-missing"
    )


# From then on nothing is dated in it.

IN_NOVEMBER = ("--date", "2020-11-20")


def result(office: Office) -> tuple[str | Path, ...]:
    path = result_file(office, everyone(CLOSED, 1), name="迟.csv")
    return "import", path, *IN_NOVEMBER


def later_people(office: Office) -> tuple[str | Path, ...]:
    roster(office.folder.with_name("后.xlsx"), row(101), row(102, 身份证号="370481199003071234"))
    return "import", office.folder.with_name("后.xlsx"), *IN_NOVEMBER


def reversal_of_the_statement(_office: Office) -> tuple[str, ...]:
    return "reverse", "1", *REASON, "--yes"


def explained(office: Office) -> tuple[str, ...]:
    line = office.status()["suspense"]["unexplained"][0]["line"]
    return "explain", line, TRAINING, "--yes", *IN_NOVEMBER


def typed(line: str) -> Callable[[Office], tuple[str, ...]]:
    return lambda _office: (*line.split(), *REASON, "--yes", *IN_NOVEMBER)


WRITES: dict[str, Callable[[Office], tuple[str | Path, ...]]] = {
    "result": result,
    "roster": later_people,
    "reverse a statement": reversal_of_the_statement,
    "reverse a result": typed("reverse 4"),
    "explain": explained,
    "disburse": lambda _office: ("disburse", "--yes", *IN_NOVEMBER),
    "release": typed("payees release P000005"),
    "cancel": typed("payees cancel P000005"),
    "set-bank-name": typed("payees set-bank-name P000005 李龑"),
    "deactivate": typed("payees deactivate P000005"),
    "operator": lambda _office: ("operator", "add", "某人", "--role", "查阅", *IN_NOVEMBER),
}


def everything(office: Office) -> dict[str, str]:
    """The folder around the books too: workbooks go back beside a roster."""
    names = (".lock", REGISTRY_FILE)
    return {
        str(path): digest(path.read_bytes())
        for path in sorted(office.folder.parent.rglob("*"))
        if path.is_file() and path.name not in names and office.key.stem not in path.name
    }


@pytest.mark.parametrize("write", WRITES)
def test_a_tool_that_would_write_into_it_refuses_before(closed: Office, write: str) -> None:
    arguments = WRITES[write](closed)
    before, people = everything(closed), closed.run("payees", "list", "--json").out
    refused = closed.run(*arguments)
    assert refused.status == 1, refused
    assert "is closed" in refused.err
    assert "'census-ledger month reopen 2020-11 --reason R'" in refused.err
    assert everything(closed) == before
    assert closed.run("payees", "list", "--json").out == people
    assert closed.check() == []
    assert reopen(closed).status == 0
    done = closed.run(*arguments)
    assert "is closed" not in done.err
    if write not in ("reverse a statement", "disburse"):
        assert done.status == 0, done.err


def test_a_line_of_it_that_the_bank_states_later_is_refused_with_its_statement(
    office: Office, account: Account
) -> None:
    take_statement(office, account, until="2020-11-05")
    assert close(office).status == 0
    path = account.statement(office.folder.with_name("全.csv"))
    before = office.events()
    refused = office.run("import", path)
    assert refused.status == 1
    assert "2020-11-06 is in 2020-11, which is closed" in refused.err
    assert "'census-ledger month reopen 2020-11 --reason R'" in refused.err
    assert office.events() == before
    assert reopen(office).status == 0
    assert office.run("import", path).status == 0
    assert office.check() == []


@pytest.mark.parametrize(("command", "on"), [("submit", "2020-11-28"), ("void", "2020-11-28")])
def test_a_batch_that_is_open_at_the_months_end(november: Office, command: str, on: str) -> None:
    november.register(1)
    assert november.disburse(on="2020-11-28").status == 0
    assert close(november).status == 0
    arguments = ("batch", command, "B2020-002", "--yes", "--json")
    refused = november.run(*arguments, "--date", on)
    assert refused.json["code"] == "month-closed"
    assert november.run(*arguments, "--date", "2020-12-01").status == 0
    assert november.check() == []


def test_a_batch_is_refused_before_its_papers_are_shown(closed: Office) -> None:
    closed.register(1)
    assert closed.disburse("--dry-run", on="2020-11-20").json["code"] == "month-closed"


def test_no_record_counts_from_a_closed_month_on(closed: Office) -> None:
    """Whatever command changes it: the unit of work looks at what the transaction has changed."""

    def change(work: Work, on: str) -> None:
        with work.changing_records() as registry:
            source = Source(registry.keep_original("x", "decision", b"x"), "", 0)
            registry.change(registry.payees()[0], {"active": (YES, "0")}, source, on=day(on))

    with closed.work() as work:
        with pytest.raises(MonthClosed):
            change(work, "2020-11-30")
        assert work.registry.payees()[0].active
        change(work, "2020-12-01")
        assert not work.registry.payees()[0].active


def test_a_record_that_was_changed_in_it_all_the_same_is_found(closed: Office) -> None:
    closed.register(1)
    found = codes(closed.check())
    assert found == {"closed_record", "closed_figures"}


# What stands outside events.

BALANCE = f"2020-11-04 balance {BANK}  1220000.00 ~ 0.00 CNY"


@pytest.mark.parametrize(
    "text",
    [
        f'2020-11-30 * "培训费"\n{SPENT}',
        f'2020-01-31 ! "某店" "培训费" #x ^y\n{SPENT}',
        BALANCE,
    ],
)
def test_what_is_added_by_hand_is_an_error_at_its_line(closed: Office, text: str) -> None:
    line = closed.hand(text)
    errors = [one for one in closed.check() if one["code"] == "closed_month"]
    assert [(one["file"], one["line"]) for one in errors] == [("journal/hand.beancount", line)]
    assert text[:7] in errors[0]["message"]
    shown = closed.run("check")
    assert "'census-ledger month reopen YYYY-MM --reason R'" in shown.err
    assert closed.disburse(on="2020-12-02").json["code"] == "books-broken"
    # Beancount's own tool, and so Fava.
    _entries, found, _options = loader.load_file(str(closed.folder / "main.beancount"))
    assert any("2020-11" in error.message or text[:7] in error.message for error in found)
    assert any("结账以后" in problem for _file, _line, problem in audit(closed.folder).findings)
    # Opening the month again is an answer to it.
    assert reopen(closed).status == 0
    assert "closed_month" not in codes(closed.check())


def test_what_is_changed_or_taken_out_is_an_error_of_the_closing(november: Office) -> None:
    path = november.folder / "journal" / "hand.beancount"
    empty = path.read_text(encoding="utf-8")
    november.hand(f'2020-11-07 * "某店" "培训费"\n{SPENT}')
    written = path.read_text(encoding="utf-8")
    assert close(november).status == 0
    path.write_text(empty, encoding="utf-8")
    (error,) = november.check()
    assert error["file"] == f"events/{november.events()[5].name}"
    assert "was changed or taken out" in error["message"]
    path.write_text(written, encoding="utf-8")
    rules = november.folder / "rules.beancount"
    was = rules.read_text(encoding="utf-8")
    rules.write_text(was.replace("800.00 CNY", "700.00 CNY", 1), encoding="utf-8")
    errors = [one for one in november.check() if one["code"] == "closed_month"]
    assert {one["file"] for one in errors} == {
        "rules.beancount", f"events/{november.events()[5].name}",
    }  # fmt: skip
    rules.write_text(was, encoding="utf-8")
    assert november.check() == []


def test_a_rule_that_counts_from_then_on_is_added_beside_them(closed: Office) -> None:
    rule = f'custom "census-budget" {TRAINING} 5.00 CNY "supplement"'
    closed.rule(f"2020-12-01 {rule}")
    assert closed.check() == []
    closed.rule(f"2020-11-20 {rule}")
    (error,) = closed.check()
    assert (error["file"], error["code"]) == ("rules.beancount", "closed_month")


def test_how_it_is_written_and_where_it_stands_changes_nothing(closed: Office) -> None:
    """Comments, zeros and commas, other lines; where accounts open, and what Fava is told."""
    rules = closed.folder / "rules.beancount"
    lines = rules.read_text(encoding="utf-8").replace(" 800.00 CNY", "  800 CNY")
    turned = [f"{line} ; 规则" for line in reversed(lines.splitlines()) if line[:1].isdigit()]
    assert len(turned) > 5
    rules.write_text("\n".join(["; 规则", *turned, ""]), encoding="utf-8")
    closed.hand("2020-01-01 open Expenses:5001业务活动费用:01本级财政:30299其他 CNY")
    closed.hand('2020-11-01 note Assets:1002银行存款:01滕州农商行 "换了印鉴"')
    closed.hand(f'2020-12-01 * "培训费" "本月"\n{SPENT}')
    assert closed.check() == []
    assert audit(closed.folder).findings == []


_word = st.text(st.sampled_from('甲乙 "\\#^;x1'), max_size=4)
_amount = st.integers(1, 10**9).map(lambda fen: f"{fen // 100:,}.{fen % 100:02d}")
_day = st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def _transaction(draw: st.DrawFn) -> str:
    words = " ".join(_string(draw(_word)) for _each in range(draw(st.integers(1, 2))))
    signs = draw(st.sampled_from(["", " #a", " ^b", " #b #a ^c"]))
    flag = draw(st.sampled_from("*!"))
    fact = draw(st.sampled_from(["", '  document: "发票 1"\n']))
    amount = draw(_amount)
    rest = draw(st.sampled_from(["", f"  -{amount} CNY", f"  -{amount}00 CNY ; 付"]))
    of_posting = draw(st.sampled_from(["", '    why: "因 \\"此\\""\n']))
    return (
        f"{draw(_day)} {flag} {words}{signs}\n{fact}  {TRAINING}  {amount} CNY\n{of_posting}"
        f"  {BANK}{rest}\n"
    )


_balance = st.builds(
    lambda on, amount, near: f"{on} balance {BANK}   {amount}{near} CNY\n",
    _day, _amount, st.sampled_from(["", " ~ 0.00"]),
)  # fmt: skip
_rule = st.builds(
    lambda on, amount: f'{on} custom "census-rate" "普查员" {amount} CNY "30226劳务费"\n',
    _day, _amount,
)  # fmt: skip
_hand = st.lists(st.one_of(_transaction(), _balance, _rule), max_size=6)


def _read(texts: list[str]) -> list[data.Directive]:
    entries, _errors, options = parser.parse_string("\n".join(texts))
    booked, _more = booking.book(entries, options)  # type: ignore[no-untyped-call]
    return list(booked)


@given(texts=_hand, added=st.one_of(_transaction(), _balance, _rule), month=st.integers(1, 12))
def test_what_is_dated_up_to_the_months_end_makes_another_digest_and_nothing_else_does(
    texts: list[str], added: str, month: int
) -> None:
    last = datetime.date(2020, month, 28)

    def digest_of(some: list[str]) -> str:
        return outside_digest(outside_lines(_read(some), last), last)

    before = digest_of(texts)
    assert digest_of(texts[::-1]) == before
    dated_in_it = datetime.date.fromisoformat(added[:10]) <= last
    assert (digest_of([*texts, added]) != before) == dated_in_it


@given(texts=_hand)
def test_the_auditor_reads_the_same_lines(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    import audit as script

    folder = tmp_path_factory.mktemp("hand")
    (folder / "main.beancount").write_text("\n".join(texts), encoding="utf-8", newline="\n")
    lines = outside_lines(_read(texts), datetime.date.max)
    read = script.Audit(folder).read_outside("main.beancount")
    assert sorted(read or []) == [line.text for line in lines]
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "text", [f'2020-11-20 * "x"\n  {TRAINING}  5/5 CNY\n  {BANK}\n', "pushtag #x\npoptag #x"]
)
def test_what_the_auditor_cannot_read_is_said_and_not_compared(november: Office, text: str) -> None:
    november.hand(text.replace("2020-11-20", "2020-12-20"))
    assert close(november).status == 0
    seen = audit(november.folder)
    assert (seen.findings, "没有与结账时的摘要比对" in seen.text) == ([], True)


# An explanation stands on the line's own day while that is open.


def test_a_line_that_is_explained_before_its_month_is_closed_stands_in_it(november: Office) -> None:
    line, _other, _later = november.status()["suspense"]["unexplained"]
    done = november.run("explain", line["line"], TRAINING, "--yes", "--json")
    assert done.json["date"] == "2020-11-05"
    assert november.status("2020-11-30")["suspense"]["lines"] == 1


def test_a_line_that_is_explained_afterwards_stands_in_the_next(closed: Office) -> None:
    before = report(closed)
    line, other, _later = closed.status()["suspense"]["unexplained"]
    done = closed.run("explain", line["line"], TRAINING, "--yes")
    assert "2020-11 is closed, so it stands on 2020-12-01" in done.err
    assert "'census-ledger month reopen 2020-11 --reason R'" in done.err
    on_its_day = ("explain", other["line"], TRAINING, "--yes", "--json", "--date", other["date"])
    refused = closed.run(*on_its_day)
    assert (refused.json["code"], refused.json["facts"]["newest"]) == ("month-closed", "2020-11")
    assert closed.status("2020-11-30")["suspense"]["lines"] == 2
    assert closed.status("2020-12-31")["suspense"]["lines"] == 2
    assert report(closed) == before
    assert closed.check() == []
    # That explanation is of an open day, and can be taken back.
    assert closed.run("reverse", "6", *REASON, "--yes").status == 0
    assert reopen(closed).status == 0
    assert closed.run(*on_its_day).json["date"] == other["date"]
    assert closed.check() == []


def test_a_result_of_it_is_taken_back_on_an_open_day(closed: Office) -> None:
    before = report(closed)
    done = closed.run("reverse", "4", *REASON, "--yes", "--date", "2020-12-02")
    assert done.status == 0, done.err
    assert closed.status("2020-12-02")["payees"]["in_bank"] == 6
    assert closed.status("2020-11-30")["payees"]["paid"] == 4
    assert report(closed) == before
    assert closed.check() == []


# Its report.


def test_who_leaves_in_a_closed_month_is_refused_before_her_batch_is_told_of(
    closed: Office,
) -> None:
    closed.register(1, on="2020-12-02")
    assert closed.disburse(on="2020-12-03").status == 0
    answer = closed.run("payees", "deactivate", "P000007", *REASON, "--date", "2020-11-20", "--yes")
    assert answer.status == 1
    assert "2020-11-20 is in 2020-11, which is closed" in answer.err
    assert "B2020-002" not in answer.out + answer.err


def test_the_report_of_a_closed_month_is_what_was_printed_then(closed: Office) -> None:
    """Whatever settings say later, and whatever happens."""
    before = report(closed)
    settings = closed.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("滕州市第七次", "滕州市第八次"), encoding="utf-8")
    programme = closed.folder / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    assert '"荆河街道"' in text
    renamed = text.replace("第七次", "第八次").replace('"荆河街道"', '"荆水街道"')
    programme.write_text(renamed, encoding="utf-8")
    assert closed.run("payees", "deactivate", "P000005", *REASON, "--yes").status == 0
    closed.hand(f'2020-12-02 * "培训费"\n{SPENT}')
    assert report(closed) == before
    answer = closed.run("report", "month", "2020-11", "--json").json["months"][0]
    assert (answer["closed"], answer["paid_in_month"]) == (True, "3200.00")
    assert "2020-11 is closed" in closed.run("report", "month", "2020-11").out
    assert closed.run("report", "month", "2020-12", "--json").json["months"][0]["closed"] is False
    printed = closed.folder / "reports" / "2020-11-经费预算执行情况月报.pdf"
    seen = closed.run("verify", printed, "--json")
    assert (seen.json["ok"], seen.json["matched"]) == (True, "bytes")
    assert closed.check() == []


def test_it_comes_back_out_of_a_backup(
    closed: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = report(closed)
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "四季平安")
    assert closed.run("backup", tmp_path / "备份").status == 0
    shutil.rmtree(closed.folder)
    assert closed.run("restore", tmp_path / "备份", closed.folder).status == 0
    assert report(closed) == before
    assert closed.check() == []


def test_check_says_when_the_kept_report_is_lost_or_another(closed: Office) -> None:
    with closed.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update closed_months set content = ?", (b"another",))
    assert codes(closed.check()) == {"closed_report"}
    refused = closed.run("report", "month", "2020-11", "--json")
    assert refused.json["code"] == "closed-month-missing"


def test_check_compares_its_figures_with_figures_made_anew(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer version that counts otherwise is found out."""
    from ledger.figures import month_figures

    monkeypatch.setattr(month_figures, "_PEOPLE", ("registered", "due"))
    (found,) = closed.check()
    assert found["code"] == "closed_figures"
    assert "2020-11" in found["message"] and "the people" in found["message"]


# It is opened again.


def test_the_last_closed_month_is_opened_again(november: Office) -> None:
    for month in ("2020-11", "2020-12"):
        assert close(november, month).status == 0
    refused = reopen(november, "2020-11")
    assert refused.json["code"] == "not-to-reopen"
    assert "that is 2020-12" in refused.err
    assert reopen(november, "2021-01").json["code"] == "not-to-reopen"
    answer = reopen(november, "2020-12")
    assert answer.json == {
        "event": 7, "kind": "reopened", "date": datetime.date.today().isoformat(),
        "month": "2020-12",
    }  # fmt: skip
    assert november.status()["closed"] == "2020-11"
    assert reopen(november).status == 0
    assert november.status()["closed"] is None
    assert reopen(november).json["code"] == "not-to-reopen"
    assert november.run("month", "list").out.strip() == "No month is closed."
    assert november.check() == []
    assert audit(november.folder).findings == []


def test_opening_asks_and_wants_a_reason(closed: Office) -> None:
    before = closed.events()
    assert closed.run("month", "reopen", "2020-11", *REASON).status == 2
    assert reopen(closed, "2020-11", "--reason", " ").json["code"] == "reason-missing"
    assert closed.events() == before


def test_with_other_errors_nothing_is_opened(closed: Office) -> None:
    closed.hand('2020-12-05 * "x"\n  Assets:1002银行存款:01滕州农商行  5.00 CNY\n')
    assert reopen(closed).json["code"] == "books-broken"


def test_done_reopened_and_closed_again_the_figures_are_those_without(november: Office) -> None:
    """What was forgotten is entered, the month is closed anew with another report; taken out
    again, it has the figures that it had.
    """
    figures = november.status("2020-11-30")
    assert close(november).status == 0
    before = report(november)
    assert reopen(november).status == 0
    assert november.status("2020-11-30") == figures
    line = november.status()["suspense"]["unexplained"][0]["line"]
    assert november.run("explain", line, TRAINING, "--yes").status == 0
    assert close(november).status == 0
    refused = november.run("reverse", "7", *REASON, "--yes", "--json")
    assert refused.json["code"] == "month-closed"
    assert report(november) != before
    assert november.status("2020-11-30") != figures
    assert reopen(november).status == 0
    assert november.run("reverse", "7", *REASON, "--yes").status == 0
    assert {**november.status("2020-11-30"), "closed": None} == figures
    assert close(november).status == 0
    assert november.check() == []
    assert audit(november.folder).findings == []


# Whatever somebody forges.

DIGESTS = "".join(f'  {name}: "{"0" * 64}"\n' for name in ("report", "figures", "outside", "log"))


@pytest.mark.parametrize(
    ("kind", "meta"),
    [
        ("closed", f'  month: "2020-11"\n{DIGESTS}'),
        ("closed", f'  month: "2020-09"\n{DIGESTS}'),
        ("closed", f'  month: "十月"\n{DIGESTS}'),
        ("closed", '  month: "2020-11"\n  report: "x"\n'),
        ("reopened", '  month: "2020-09"\n  reason: "x"\n'),
        ("reopened", '  month: "2020-10"\n'),
    ],
)
def test_a_closing_that_somebody_wrote(november: Office, kind: str, meta: str) -> None:
    """It is dated 2020-11-12, after October was closed."""
    assert close(november, "2020-10").status == 0
    forge(november, kind, batch="", meta=meta)
    anchored(november)
    newest = f"events/{november.events()[-1].name}"
    assert ("event", newest) in {(one["code"], one["file"]) for one in november.check()}
    assert any(file == newest for file, _line, _problem in audit(november.folder).findings)


def test_a_closing_without_what_it_names(november: Office) -> None:
    """The registry has no report of it and other records by then, and outside events is more."""
    forge(november, "closed", batch="", meta=f'  month: "2020-10"\n{DIGESTS}')
    anchored(november)
    assert codes(november.check()) == {"closed_month", "closed_report", "closed_record"}
    assert any("结账以后" in problem for _file, _line, problem in audit(november.folder).findings)


def test_a_closing_by_somebody_who_is_no_manager(november: Office) -> None:
    november.run("operator", "add", "李经办", "--role", "经办")
    signer = actor_of(november.folder, november.key, "O02").signer
    meta = f'  month: "2020-10"\n{DIGESTS}'
    forge(november, "closed", batch="", meta=meta, by="O02", signer=signer)
    assert "role" in codes(november.check())
    assert any("不能签" in problem for _file, _line, problem in audit(november.folder).findings)


def test_an_event_that_somebody_dated_in_it(closed: Office) -> None:
    forge(closed, "released", batch="", meta='  payees: "P000005"\n  reason: "x"\n')
    anchored(closed)
    newest = f"events/{closed.events()[-1].name}"
    errors = [one for one in closed.check() if one["code"] == "closed_month"]
    assert [one["file"] for one in errors] == [newest]
    assert any("已经结账" in problem for _file, _line, problem in audit(closed.folder).findings)
