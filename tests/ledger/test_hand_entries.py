"""By hand nothing goes into suspense, and no budget line gets money back without a paper."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ledger.model.accounts import SUSPENSE
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

pytestmark = pytest.mark.attacks

PRINTING = "Expenses:5001业务活动费用:01本级财政:30202印刷费"
CHILD = f"{SUSPENSE}:01其他"
LIKE = "Assets:1219其他:99待核"


def found(office: Office, text: str) -> list[tuple[str, int, str]]:
    """What ``check`` says of an entry by hand: file, line counted from its first, code."""
    for account in (CHILD, LIKE):
        office.hand(f"2020-01-01 open {account}")
    line = office.hand(text)
    return [(error["file"], error["line"] - line, error["code"]) for error in office.check()]


@pytest.mark.parametrize("account", [SUSPENSE, CHILD, LIKE])
@pytest.mark.parametrize(
    "entry",
    [
        '2020-06-01 * "不明"\n  {bank}  66.00 CNY\n  {account}  -66.00 CNY',
        '2020-06-01 ! "不明"\n  {bank}  66.00 CNY\n  {account}',
        '2020-06-01 * "不明"\n  {bank}\n  {account}  0.00 CNY',
        '2020-06-01 txn "不明"\n  {account}  -66.00 CNY\n  ! {bank}  66.00 CNY',
        '2020-06-01 * "不明"\n  document: "合同.pdf"\n  {bank}  66.00 CNY\n  {account}',
        '2020-06-01 * "不明"\n  ! {account}  66.00 CNY\n  {account}  -66.00 CNY',
    ],
)
def test_suspense_is_the_banks_lines_alone(funded: Office, entry: str, account: str) -> None:
    assert found(funded, entry.format(bank=BANK, account=account)) == [
        ("journal/hand.beancount", 0, "suspense")
    ]


def test_suspense_is_not_padded(funded: Office) -> None:
    said = found(
        funded, f"2020-06-01 pad {SUSPENSE} {BANK}\n2020-06-02 balance {SUSPENSE} 1.00 CNY"
    )
    assert ("journal/hand.beancount", 0, "pad") in said


CREDITS = [
    "{bank}  5.00 CNY\n  {line}  -5.00 CNY",
    "{bank}  5.00 CNY\n  {line}",
    "{line}\n  {bank}  5.00 CNY",
    "{other}  5.00 CNY\n  ! {line}  -5.00 CNY",
    "{line}  5.00 CNY\n  {line}  -5.00 CNY",
    "{line}  -2.00 CNY\n  {line}  -3.00 CNY\n  {bank}  5.00 CNY",
]


@pytest.mark.parametrize("postings", CREDITS)
@pytest.mark.parametrize("flag", ["*", "!", "txn"])
def test_a_line_gets_no_money_back_without_a_paper(
    funded: Office, postings: str, flag: str
) -> None:
    text = f'2020-06-01 {flag} "退款"\n  ' + postings
    said = found(funded, text.format(bank=BANK, line=TRAINING, other=PRINTING))
    assert said == [("journal/hand.beancount", 0, "no_document")]


@pytest.mark.parametrize("postings", CREDITS)
@pytest.mark.parametrize("document", ["", " ", "\u200b", "\u3000"], ids=ascii)
def test_an_empty_paper_is_none(funded: Office, postings: str, document: str) -> None:
    text = f'2020-06-01 * "退款"\n  document: "{document}"\n  ' + postings
    said = found(funded, text.format(bank=BANK, line=TRAINING, other=PRINTING))
    assert said == [("journal/hand.beancount", 0, "no_document")]


@pytest.mark.parametrize("document", ["2020-06-01", "5.00", "TRUE"])
def test_a_paper_is_named_in_words(funded: Office, document: str) -> None:
    text = f'2020-06-01 * "退款"\n  document: {document}\n  {BANK}  5.00 CNY\n  {TRAINING}'
    assert found(funded, text) == [("journal/hand.beancount", 0, "no_document")]


@pytest.mark.parametrize(
    "text",
    [
        '2020-06-01 * "退款"\n  document: "退款单.pdf"\n  {bank}  5.00 CNY\n  {line}  -5.00 CNY',
        '2020-06-01 * "退款"\n  {bank}  5.00 CNY\n  {line}  -5.00 CNY\n    document: "退款单 3 号"',
        '2020-06-01 * "调整"\n  {other}  5.00 CNY\n  {line}\n    document: "更正单"',
        '2020-06-01 * "培训"\n  {line}  5.00 CNY\n  {bank}  -5.00 CNY',
        '2020-06-01 * "拨款"\n  {bank}  5.00 CNY\n  Income:4604利息收入',
    ],
)
def test_honest_entries_stand(funded: Office, text: str) -> None:
    assert found(funded, text.format(bank=BANK, line=TRAINING, other=PRINTING)) == []


@pytest.mark.parametrize(
    "postings",
    [
        "{line}  5.00 CNY @ 0.20 CNY\n  {bank}  -1.00 CNY",
        "{line}  5.00 CNY @@ 0.00 CNY\n  {bank}  0.00 CNY",
        "{line}  5.00 CNY {{0.20 CNY}}\n  {bank}  -1.00 CNY",
    ],
)
def test_an_amount_is_what_it_says(funded: Office, postings: str) -> None:
    """At a price, a line would be charged another amount than the bank has paid."""
    text = '2020-06-01 * "x"\n  ' + postings.format(line=TRAINING, bank=BANK)
    assert ("journal/hand.beancount", 0, "currency") in found(funded, text)


def test_an_entry_does_not_pass_for_one_of_an_event(funded: Office) -> None:
    """Beancount takes the metadata ``filename`` for the true one."""
    event = funded.events()[0]
    line = funded.hand(
        f'2020-06-01 * "退款"\n  filename: "{event.as_posix()}"\n  {BANK}  5.00 CNY\n  {TRAINING}'
    )
    errors = funded.check()
    assert errors != []
    assert any(error["file"] == "journal/hand.beancount" for error in errors), (line, errors)


def test_bean_check_says_so_too(funded: Office) -> None:
    line = funded.hand(f'2020-06-01 * "不明"\n  {BANK}  66.00 CNY\n  {SUSPENSE}')
    command = [sys.executable, "-m", "beancount.scripts.check", "--no-cache"]
    done = subprocess.run(
        [*command, funded.folder / "main.beancount"], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert f"hand.beancount:{line}" in done.stderr + done.stdout
