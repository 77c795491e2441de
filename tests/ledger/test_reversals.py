"""``reverse``: what is taken back, when, by whom, and what is not."""

from __future__ import annotations

import pytest

from tests.support.auditor import audit
from tests.support.bank_account import funded_account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import forge
from tests.support.office import Answer
from tests.support.office import Office

END = "2020-12-31"


@beginning
def sent(funded: Office) -> Office:
    """Six people in a batch that is with the bank."""
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    return funded


def reverse(office: Office, event: int | None = None, *, on: str = "2020-11-20") -> Answer:
    """The newest event, or one by its number."""
    number = len(office.events()) - 1 if event is None else event
    return office.run(
        "reverse", str(number), "--reason", "导错了文件", "--date", on, "--yes", "--json"
    )


def everybody_was_paid(office: Office, on: str = "2020-11-15") -> None:
    numbers = range(1, 7)
    assert take_result(office, everyone(PAID, *numbers), on=on).status == 0


def some_came_back(office: Office, on: str = "2020-11-15") -> None:
    answers = everyone(PAID, 1, 2) | everyone(CLOSED, 3, 4) | everyone(PENDING, 5, 6)
    assert take_result(office, answers, on=on).status == 0


def somebody_was_released(office: Office, on: str = "2020-11-16") -> None:
    assert release(office, "P000003", reason="已销户后重开", on=on).status == 0


def somebody_was_not_entitled(office: Office, on: str = "2020-11-16") -> None:
    done = office.run("payees", "cancel", "P000003", "--reason", "未上岗", "--date", on, "--yes")
    assert done.status == 0, done.err


def a_statement(office: Office, _on: str = "") -> None:
    account = funded_account()
    account.move("2020-11-12", "-4800.00", "", "代发")
    account.move("2020-11-13", "-66.00", "某店", "货款")
    take_statement(office, account)


def test_what_an_earlier_month_has_said_it_goes_on_saying(sent: Office) -> None:
    """The bank's word of November was taken back in December: November was as it was."""
    everybody_was_paid(sent)
    november = sent.status("2020-11-30")
    assert reverse(sent, on="2020-12-02").status == 0
    assert sent.status("2020-11-30") == november
    assert sent.status("2020-12-02")["payees"]["in_bank"] == 6


def test_a_statement_leaves_no_trace_on_any_day(sent: Office) -> None:
    before = sent.status("2020-06-30")
    a_statement(sent)
    reverse(sent)
    assert sent.status("2020-06-30") == before


def test_it_is_shown_and_asked_first(sent: Office) -> None:
    everybody_was_paid(sent)
    asked = sent.run("reverse", "3", "--reason", "导错了文件", "--date", "2020-11-20")
    assert asked.status == 2 and "B2020-001" in asked.out and "4,800.00" in asked.out
    tried = sent.run("reverse", "3", "--reason", "导错了文件", "--dry-run", "--json", "--date", END)
    assert tried.json == {
        "event": None, "reverses": 3, "kind": "result", "batch": "B2020-001",
        "count": 6, "amount": "4800.00", "dry_run": True,
    }  # fmt: skip
    assert len(sent.events()) == 4


def test_who_did_it_and_why_is_kept(sent: Office) -> None:
    everybody_was_paid(sent)
    assert reverse(sent).json["event"] == 4
    (entry,) = (
        one for one in sent.run("operator", "log", "--json").json["events"] if one["seq"] == 4
    )
    assert (entry["kind"], entry["operator"], entry["reason"]) == ("reversed", "O01", "导错了文件")


@pytest.mark.parametrize(
    ("event", "code"),
    [("0", "not-to-reverse"), ("1", "not-to-reverse"), ("2", "not-to-reverse"),
     ("9", "no-such-event")],
)  # fmt: skip
def test_what_has_another_answer_is_not_reversed(sent: Office, event: str, code: str) -> None:
    assert reverse(sent, int(event)).json["code"] == code
    assert len(sent.events()) == 3


def test_nothing_is_reversed_twice_and_no_reversal_is(sent: Office) -> None:
    everybody_was_paid(sent)
    assert reverse(sent).status == 0
    again = reverse(sent, 3)
    assert (again.json["code"], again.json["facts"]["by"]) == ("reversed-already", 4)
    assert reverse(sent, 4).json["code"] == "not-to-reverse"


def test_a_reason_is_needed_and_no_day_before_it(sent: Office) -> None:
    everybody_was_paid(sent)
    assert sent.run("reverse", "3", "--reason", " ", "--yes", "--json").json["code"] == (
        "reason-missing"
    )
    assert reverse(sent, on="2020-11-14").json["code"] == "before-the-event"


def test_what_was_built_upon_stands(sent: Office) -> None:
    """Somebody came back and was sent money again: first that has to go."""
    some_came_back(sent)
    correct(sent, "P000003")
    assert sent.disburse(on="2020-11-18").json["batch"] == "B2020-002"
    refused = reverse(sent, 3)
    assert refused.json["code"] == "built-upon"
    assert refused.json["facts"]["later"] == 4
    void = ("batch", "void", "B2020-002", "--yes", "--date", "2020-11-19")
    assert sent.run(*void).status == 0
    assert sent.check() == []


def test_a_statement_that_another_goes_on_from_stands(sent: Office) -> None:
    account = funded_account()
    take_statement(sent, account, name="五月.csv")
    account.move("2020-06-30", "2.00", "", "结息")
    take_statement(sent, account, name="六月.csv", since="2020-06-01")
    account.move("2020-07-10", "3.00", "", "结息")
    take_statement(sent, account, name="七月.csv", since="2020-07-01")
    assert reverse(sent, 4).json["code"] == "built-upon"
    assert reverse(sent, 5).status == 0
    assert reverse(sent, 4).status == 0


def test_nothing_of_the_batch_is_dated_before_the_reversal(sent: Office) -> None:
    """Else the books as of a day between would have both."""
    everybody_was_paid(sent)
    assert reverse(sent, on="2020-11-20").status == 0
    early = take_result(sent, everyone(CLOSED, 1), on="2020-11-18", name="新.csv")
    assert early.status == 1
    assert take_result(sent, everyone(CLOSED, 1), on="2020-11-20", name="新.csv").status == 0


def test_nothing_of_the_person_is_dated_before_the_reversal(sent: Office) -> None:
    """Between the cancellation and its reversal her subsidy was due, and after it is returned."""
    some_came_back(sent)
    somebody_was_not_entitled(sent)
    assert reverse(sent, on="2020-11-20").status == 0
    correct(sent, "P000003")
    assert sent.disburse(on="2020-11-18").status == 1
    assert sent.disburse(on="2020-11-20").json["payees"] == 1
    assert sent.check() == []


def test_whoever_may_make_it_may_reverse_it(sent: Office) -> None:
    everybody_was_paid(sent)
    sent.run("operator", "add", "李经办", "--role", "经办")
    as_clerk = ("--operator", "O02", "reverse", "3", "--reason", "导错了", "--date", END)
    refused = sent.run(*as_clerk, "--yes", "--json")
    assert refused.json["code"] == "role-missing"
    somebody = sent.run("operator", "add", "王出纳", "--role", "出纳")
    assert somebody.status == 0
    as_cashier = ("--operator", "O03", "reverse", "3", "--reason", "导错了", "--date", END)
    assert sent.run(*as_cashier, "--yes").status == 0
    assert sent.check() == []


MIRROR = """\
2020-11-20 * "x" "冲销" #census-subsidy {links}
  Assets:1021其他货币资金:01代发在途  4800.00 CNY
    batch: "B2020-001"
  Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道  -4800.00 CNY
"""


@pytest.mark.parametrize(
    "facts",
    [
        {"reverses": "3", "of": "result"},
        {"reverses": "9", "of": "result", "reason": "x"},
        {"reverses": "2", "of": "submitted", "reason": "x"},
        {"reverses": "3", "of": "statement", "reason": "x"},
        {"reverses": "", "of": "result", "reason": "x"},
        {"reverses": "3", "of": "result", "reason": "x"},
    ],
)
def test_a_reversal_that_somebody_wrote(sent: Office, facts: dict[str, str]) -> None:
    """Without a reason, of nothing, of another kind, or with entries that are not its opposite."""
    everybody_was_paid(sent)
    meta = "".join(f'  {key}: "{value}"\n' for key, value in facts.items() if value)
    links = "^B2020-001 " + " ".join(f"^P00000{number}" for number in range(1, 7))
    forge(sent, "reversed", " 6 4800.00 CNY", MIRROR.format(links=links), meta=meta)
    assert "reversal" in {error["code"] for error in sent.check()}
    assert any("冲销" in finding[2] for finding in audit(sent.folder).findings)
