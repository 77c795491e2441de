"""The money rules: what cannot be followed is an error at its line."""

from __future__ import annotations

import pytest
from beancount import loader

from ledger.budget.rules_reader import read_rules
from tests.support.office import day

PREAMBLE = """\
2020-01-01 open Income:4001财政拨款收入:01本级财政 CNY
2020-01-01 open Expenses:5001业务活动费用:01本级财政:30216培训费 CNY
2020-01-01 open Expenses:5001业务活动费用:01本级财政:30202印刷费 CNY
2020-01-01 custom "census-fund" "01" "本级财政" Income:4001财政拨款收入:01本级财政 \
Expenses:5001业务活动费用:01本级财政
"""
LINE = "Expenses:5001业务活动费用:01本级财政:30216培训费"
OTHER_LINE = "Expenses:5001业务活动费用:01本级财政:30202印刷费"


def findings(text: str) -> list[tuple[int, str]]:
    """The line, counted from the first of the text, and the message of each finding."""
    entries, errors, _options = loader.load_string(PREAMBLE + text, dedent=False)
    assert not errors
    offset = PREAMBLE.count("\n")
    return [
        (int(finding.source["lineno"]) - offset, finding.message)
        for finding in read_rules(entries)[1]
    ]


def test_transfers_of_one_document_sum_to_zero() -> None:
    text = f"""\
2020-07-01 custom "census-budget" {LINE} -50000.00 CNY "transfer"
  document: "滕财预〔2020〕8号"
2020-07-01 custom "census-budget" {OTHER_LINE} 50000.00 CNY "transfer"
  document: "滕财预〔2020〕8号"
"""
    assert findings(text) == []
    ((line, message),) = findings(text.replace(" 50000.00", " 50000.01"))
    assert line == 3
    assert "滕财预〔2020〕8号 sum to 0.01" in message


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        (f'custom "census-budget" {LINE} 1.00 CNY "gift"', "a budget is initial"),
        (f'custom "census-budget" {LINE} 1.00 USD "initial"', "amounts are in CNY"),
        (f'custom "census-budget" {LINE} 1.001 CNY "initial"', "whole fen"),
        (f'custom "census-budget" {LINE} "initial"', "takes 3 values and has 2"),
        (f'custom "census-budget" "{LINE}" "1.00" "initial"', "value 2 of census-budget"),
        (f'custom "census-budget" {LINE}:01专家 1.00 CNY "initial"', "is no budget line"),
        (
            'custom "census-budget" Expenses:5001业务活动费用:01本级财政:30299其他 1.00 CNY'
            ' "initial"',
            "no account is open",
        ),
        ('custom "census-rate" "普查员" 800.01 CNY "30226劳务费:01两员补助"', "at most 800.00"),
        ('custom "census-rate" "普查员" 0.00 CNY "30226劳务费:01两员补助"', "above 0.00"),
        ('custom "census-rates" "普查员"', 'no rule "census-rates"'),
        (
            'custom "census-fund" "01" "本级财政" Income:4001财政拨款收入:01本级财政'
            " Expenses:5001业务活动费用:01本级财政",
            "a second time",
        ),
        (
            'custom "census-fund" "03" "捐赠" Income:4001财政拨款收入:01本级财政'
            " Expenses:5001业务活动费用:01本级财政",
            "must end in 03捐赠",
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_is_an_error_at_its_line(
    directive: str, message: str
) -> None:
    ((line, said),) = findings(f"2020-01-10 {directive}\n")
    assert line == 1
    assert message in said


def test_the_rate_in_force_is_the_latest_that_has_begun() -> None:
    entries, _errors, _options = loader.load_string(
        PREAMBLE
        + '2020-01-10 custom "census-rate" "普查员" 800.00 CNY "30226劳务费:01两员补助"\n'
        + '2020-10-01 custom "census-rate" "普查员" 750.00 CNY "30226劳务费:01两员补助"\n'
    )
    rules, _findings = read_rules(entries)
    on = {text: rules.rate("普查员", day(text)) for text in (
        "2020-01-09", "2020-09-30", "2020-10-01")}  # fmt: skip
    assert [rate and rate.amount_fen for rate in on.values()] == [None, 800_00, 750_00]
