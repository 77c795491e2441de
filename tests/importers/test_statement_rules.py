"""The office's rules for statement lines: which line fits, and which rule of several counts."""

from __future__ import annotations

import datetime
import tomllib

import pytest

from ledger.base.refusals import Refusal
from ledger.base.toml_table import TomlTable
from ledger.model.bank_lines import BankLine
from ledger.model.statement_rules import StatementRule
from ledger.model.statement_rules import account_by_rules
from ledger.model.statement_rules import read_rule


def rules(toml: str) -> list[StatementRule]:
    document = TomlTable("census-ledger.toml", "", tomllib.loads(toml))
    return list(map(read_rule, document.table("statement").tables("rule")))


def line(fen: int, who: str = "滕州某印刷厂", text: str = "印刷费 普查表") -> BankLine:
    return BankLine(2, datetime.date(2020, 5, 8), "", fen, None, who, "", text, "")


PRINTING = """
[[statement.rule]]
counterparty = ["印刷", "文印"]
words = ["普查"]
direction = "out"
at_least = "50.00"
at_most = "5,000.00"
account = "印刷费"
"""


@pytest.mark.parametrize(
    ("fen", "fits"),
    [(-49_99, False), (-50_00, True), (-5_000_00, True), (-5_000_01, False), (50_00, False)],
)
def test_both_ends_of_the_amounts_count_and_the_direction(fen: int, fits: bool) -> None:
    assert bool(account_by_rules(line(fen), rules(PRINTING))) is fits


@pytest.mark.parametrize(
    ("who", "text", "fits"),
    [
        ("某文印社", "普查", True),
        ("某书店", "普查 印刷", False),
        ("滕州某印刷厂", "货款", False),
        ("", "普查", False),
    ],
)
def test_one_word_of_each_list_is_enough_and_each_list_counts(
    who: str, text: str, fits: bool
) -> None:
    assert bool(account_by_rules(line(-60_00, who, text), rules(PRINTING))) is fits


def test_without_a_direction_both_ways_fit_and_without_an_end_every_amount() -> None:
    anything = rules('[[statement.rule]]\nwords = ["普查"]\naccount = "其他"')
    for fen in (1, -1, 10**12):
        assert account_by_rules(line(fen), anything) == "其他"


def test_the_first_rule_that_fits_counts() -> None:
    small = '[[statement.rule]]\nwords = ["印刷费"]\nat_most = "60.00"\naccount = "小额"\n'
    both = rules(small + PRINTING)
    assert account_by_rules(line(-60_00), both) == "小额"
    assert account_by_rules(line(-60_01), both) == "印刷费"
    assert account_by_rules(line(-60_00), both[::-1]) == "印刷费"
    assert account_by_rules(line(-60_00, text="水费"), both) == ""


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('"50.00"', '"fifty"', "at_least"),
        ('"5,000.00"', '"5000.001"', "at_most"),
        ('"out"', '"away"', "direction"),
        ('counterparty = ["印刷", "文印"]\nwords = ["普查"]\n', "", "words"),
        ('account = "印刷费"', 'acount = "印刷费"', "account"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_by_its_key(
    right: str, wrong: str, key: str
) -> None:
    with pytest.raises(Refusal, match=key):
        rules(PRINTING.replace(right, wrong))
