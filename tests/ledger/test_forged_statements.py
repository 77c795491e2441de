"""Statements and explanations that somebody forged: each guard of the fold of lines alone.

They are rightly named and chained, with a HEAD that fits, so that no chain complains.
"""

from __future__ import annotations

import pytest

from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.beginnings import beginning
from tests.support.forged_events import AWAITED
from tests.support.forged_events import DAY
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

pytestmark = pytest.mark.attacks

ONE, OTHER = "L111111111111", "L222222222222"


@beginning
def sent(funded: Office) -> Office:
    """B2020-001 is prepared; on the day before, 66.00 went out that nobody has explained."""
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-11", "-66.00", "某店", "货款")
    take_statement(funded, account)
    assert funded.disburse().status == 0
    return funded


def line(
    name: str = ONE,
    bank: str | None = "-10.00",
    other: str = TRAINING,
    amount: str = "10.00",
    *,
    on: str = DAY,
    facts: str = "",
) -> str:
    """An entry of a statement as the tool would write it."""
    link = f"^{name}" if name else ""
    text = f'{on} * "某人" "摘要" {link}\n{facts}'
    if bank is not None:
        text += f"  {BANK}  {bank} CNY\n"
    text += f"  {other}  {amount} CNY\n"
    return text + ('    batch: "B2020-001"\n' if other == TRANSIT else "")


def statement(office: Office, *entries: str, count: int = 1, yuan: str = "10.00") -> str:
    forge(office, "statement", f' "" {count} {yuan} CNY', *entries, batch="")
    return messages(office)


def explanation(office: Office, *entries: str) -> str:
    forge(office, "explained", ' "" 1 66.00 CNY', *entries, batch="")
    return messages(office)


def test_an_honest_statement_has_no_fault(sent: Office) -> None:
    assert statement(sent, line()) == ""


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (line(name=""), "is linked with its line"),
        (line(bank=None, other=TRAINING, amount="0.00"), "moves money on the bank account"),
        (line(on="2020-11-11"), "not before the statement begins"),
        (line(other=EXPENSE), "moves no subsidy"),
        (line(other=AWAITED), "moves no subsidy"),
        (line(other=TRANSIT).replace("B2020-001", "B2020-007"), "prepared and not void"),
        (line(facts="  balance: 5.00\n"), "the bank had 1,219,934.00 before this line"),
    ],
)
def test_a_line_that_is_none(sent: Office, entry: str, said: str) -> None:
    assert said in statement(sent, entry)


def test_a_line_is_entered_once(sent: Office) -> None:
    assert "is entered twice" in statement(sent, line(), line(), count=2, yuan="20.00")


def test_a_line_of_another_statement_is_not_entered_again(sent: Office) -> None:
    (known,) = [one.id for one in sent.books().history.lines.values() if one.suspense_fen]
    assert "is entered twice" in statement(sent, line(name=known))


@pytest.mark.parametrize(("count", "yuan"), [(2, "10.00"), (1, "10.01")])
def test_the_header_counts_the_lines(sent: Office, count: int, yuan: str) -> None:
    assert f"the header says {count} lines and {yuan}" in statement(
        sent, line(), count=count, yuan=yuan
    )


def test_a_void_batch_is_not_debited(sent: Office) -> None:
    assert sent.run("batch", "void", "B2020-001", "--yes", "--date", DAY).status == 0
    assert "prepared and not void" in statement(sent, line(other=TRANSIT))


def open_line(office: Office) -> str:
    (known,) = [one.id for one in office.books().history.lines.values() if one.suspense_fen]
    return known


def explained(
    name: str, *, yuan: str = "66.00", on: str = DAY, by: str = TRAINING, to: str = SUSPENSE
) -> str:
    return f'{on} * "某人" "摘要" ^{name}\n  {to}  -{yuan} CNY\n  {by}  {yuan} CNY\n'


def test_an_honest_explanation_has_no_fault(sent: Office) -> None:
    assert explanation(sent, explained(open_line(sent))) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"yuan": "65.00"}, "moves the whole of -66.00 out of suspense"),
        ({"by": BANK}, "moves the whole of -66.00 out of suspense"),
        ({"to": TRAINING, "by": SUSPENSE}, "moves the whole of -66.00 out of suspense"),
        ({"on": "2020-11-10"}, "of one statement line that awaits it"),
        ({"by": AWAITED}, "moves no subsidy"),
    ],
)
def test_an_explanation_that_is_none(sent: Office, change: dict[str, str], said: str) -> None:
    assert said in explanation(sent, explained(open_line(sent), **change))


def test_an_unknown_line_is_not_explained(sent: Office) -> None:
    assert "of one statement line" in explanation(sent, explained(OTHER))


def test_a_line_is_not_explained_twice_in_one_event(sent: Office) -> None:
    entry = explained(open_line(sent))
    assert "of one statement line" in explanation(sent, entry, entry)


def test_suspense_holds_what_its_lines_say(sent: Office) -> None:
    """An explanation is an event; an entry by hand takes no line out of suspense."""
    sent.hand(explained(open_line(sent)).replace(f"^{open_line(sent)}", ""))
    assert sent.status()["suspense"]["lines"] == 2
