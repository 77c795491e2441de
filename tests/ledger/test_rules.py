"""The money rules: what cannot be followed is an error at its line."""

from __future__ import annotations

import pytest
from beancount import loader

from ledger.budget.rules_reader import read_rules
from tests.support.office import Office
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
        ('custom "census-approval" 0.00 CNY "经办"', "given by 审核, 审批"),
        ('custom "census-approval" 0.00 CNY "审核" "审核"', "by each once"),
        ('custom "census-approval" -0.01 CNY "审核"', "not below zero"),
        ('custom "census-approval" 0.001 CNY "审核"', "whole fen"),
        ('custom "census-approval" 0.00 USD "审核"', "amounts are in CNY"),
        ('custom "census-approval" "0.00" "审核"', "value 1 of census-approval"),
        ('custom "census-rate" "普查员" "S1" 1.00 CNY "30226劳务费" "x"', "takes 3 values"),
        ('custom "census-rate" "普查员" "S2" 1.00 CNY "30226劳务费:01两员补助"', "no stage S2"),
        ('custom "census-stage" "第一" "入户" "fixed"', "a code such as S1"),
        ('custom "census-stage" "S01" "入户" "fixed"', "a code such as S1"),
        ('custom "census-stage" "S1" " " "fixed"', "and a name"),
        ('custom "census-stage" "S1" "入户" "hourly"', "fixed | per-unit | listed, not hourly"),
        ('custom "census-stage" "S1" "入户" "fixed" "户"', "per-unit says of what"),
        ('custom "census-stage" "S1" "入户" "per-unit"', "per-unit says of what"),
        ('custom "census-stage" "S1" "入户" "per-unit" ""', "per-unit says of what"),
        ('custom "census-limit" "普查员" 0.00 CNY', "above 0.00"),
        ('custom "census-limit" "普查员" "S1" 1.00 CNY', "takes 2 values"),
        ('custom "census-rate" "普查员" 0.00 CNY "30226劳务费:01两员补助"', "above 0.00"),
        ('custom "census-tax" "普查员" "稿酬"', "劳务报酬 | 工资薪金 | 不征税 to the income tax"),
        ('custom "census-tax" "普查员" "不征税"', "what a paper says"),
        ('custom "census-tax" "普查员" "不征税"\n  document: " "', "what a paper says"),
        ('custom "census-tax" "普查员"', "takes 2 values and has 1"),
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


def test_what_payments_are_to_the_income_tax_is_dated() -> None:
    text = (
        '2020-01-10 custom "census-tax" "普查员" "不征税"\n  document: "滕财预〔2020〕9号"\n'
        '2020-10-01 custom "census-tax" "普查员" "劳务报酬"\n'
    )
    rules, found = read_rules(loader.load_string(PREAMBLE + text)[0])
    assert not found
    on = {text: rules.tax_class("普查员", day(text)) for text in (
        "2020-01-09", "2020-09-30", "2020-10-01")}  # fmt: skip
    assert list(on.values()) == [None, "不征税", "劳务报酬"]
    assert rules.tax_class("普查指导员", day("2020-10-01")) is None
    assert rules.as_of(day("2020-09-30")).tax_class("普查员", day("2020-10-01")) == "不征税"
    again = '2020-10-01 custom "census-tax" "普查员" "工资薪金"\n'
    assert "already for that day" in findings(text + again)[0][1]


STAGES = """\
2020-01-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-01-01 custom "census-stage" "S2" "入户登记" "per-unit" "户"
2020-01-01 custom "census-stage" "S3" "验收补差" "listed"
"""
RATE = '2020-01-10 custom "census-rate" "普查员" "{stage}" 10.00 CNY "30226劳务费:01两员补助"\n'


def test_stages_rates_and_limits() -> None:
    text = (
        STAGES
        + RATE.format(stage="S1")
        + "  listed: TRUE\n"
        + RATE.format(stage="S2")
        + "  minimum: 200.00 CNY\n  maximum: 1500.00 CNY\n"
        + '2020-03-01 custom "census-limit" "普查员" 2000.00 CNY\n'
    )
    assert findings(text) == []
    entries, _errors, _options = loader.load_string(PREAMBLE + text, dedent=False)
    rules, _findings = read_rules(entries)
    on = day("2020-03-01")
    assert [(stage.code, stage.kind, stage.unit) for stage in rules.stages] == [
        ("S1", "fixed", ""), ("S2", "per-unit", "户"), ("S3", "listed", "")]  # fmt: skip
    fixed, by_unit, none = (rules.rate("普查员", on, stage.code) for stage in rules.stages)
    assert fixed and fixed.listed
    assert by_unit and (by_unit.minimum_fen, by_unit.maximum_fen) == (200_00, 1500_00)
    assert none is None
    limits = [rules.limit("普查员", day(text)) for text in ("2020-02-29", "2020-03-01")]
    assert [limit and limit.amount_fen for limit in limits] == [None, 2000_00]


def test_books_that_name_no_stage_have_one() -> None:
    """A rate without a stage is of the first one, also once there are more."""
    without = '2020-01-10 custom "census-rate" "普查员" 10.00 CNY "30226劳务费:01两员补助"\n'
    for text in (without, STAGES + without):
        entries, _errors, _options = loader.load_string(PREAMBLE + text, dedent=False)
        rules, _findings = read_rules(entries)
        assert rules.stages[0].code == "S1"
        rate = rules.rate("普查员", day("2020-01-10"))
        assert rate and (rate.stage, rate.amount_fen) == ("S1", 10_00)
    ((_line, message),) = findings(STAGES.replace('"S1"', '"S4"') + without)
    assert "there is no stage S1: a rate names one of these: S4, S2, S3" in message


@pytest.mark.parametrize(
    ("stage", "below", "message"),
    [
        ("S2", "maximun: 1500.00 CNY", "below a rate stand minimum, maximum, listed and document"),
        ("S1", "maximum: 1500.00 CNY", "maximum is an amount, below the rate of a stage that"),
        ("S3", "minimum: 1.00 CNY", "minimum is an amount, below the rate of a stage that"),
        ("S2", 'maximum: "1500"', "maximum is an amount"),
        ("S2", "maximum: 1500.00 USD", "amounts are in CNY"),
        ("S2", "maximum: 0.00 CNY", "the maximum not below it"),
        ("S2", "minimum: -1.00 CNY", "the minimum is not below zero"),
        ("S2", "minimum: 200.00 CNY\n  maximum: 199.99 CNY", "the maximum not below it"),
        ("S2", "listed: TRUE", "listed is TRUE, below the rate of a stage that is fixed"),
        ("S1", 'listed: "TRUE"', "listed is TRUE"),
    ],
)
def test_what_stands_below_a_rate(stage: str, below: str, message: str) -> None:
    ((_line, said),) = findings(STAGES + RATE.format(stage=stage) + f"  {below}\n")
    assert message in said


def test_a_stage_stands_once_and_a_limit_once_a_day() -> None:
    limit = '2020-03-01 custom "census-limit" "普查员" 2000.00 CNY\n'
    assert "has a limit of that day already" in findings(limit + limit)[0][1]
    again = STAGES + '2020-02-01 custom "census-stage" "S1" "复查" "fixed"\n'
    assert "stands here already" in findings(again)[0][1]


CHECKED = '2020-07-01 custom "census-approval" 0.00 CNY "审核"\n'


@pytest.mark.parametrize(
    "text",
    [
        CHECKED + '2020-07-01 custom "census-approval" 500000.00 CNY "审核" "审批"\n',
        # Nobody is asked below, nor any more from a later day on.
        '2020-07-01 custom "census-approval" 500000.00 CNY "审核"\n',
        CHECKED + '2020-08-01 custom "census-approval" 0.00 CNY\n',
        # On one day both are stated anew.
        CHECKED
        + '2020-07-01 custom "census-approval" 500000.00 CNY "审核" "审批"\n'
        + '2020-08-01 custom "census-approval" 0.00 CNY\n'
        + '2020-08-01 custom "census-approval" 500000.00 CNY "审核"\n',
    ],
)
def test_approval_rules(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    "higher",
    [
        '2020-07-01 custom "census-approval" 500000.00 CNY\n',
        '2020-07-01 custom "census-approval" 500000.00 CNY "审批"\n',
        '2020-08-01 custom "census-approval" 500000.00 CNY\n',
    ],
)
def test_more_money_is_not_asked_less(higher: str) -> None:
    found = findings(CHECKED + higher)
    assert "is asked less than one of 0.00 or more" in found[-1][1]


@pytest.mark.parametrize(
    "kind", ["fund", "budget", "stage", "rate", "limit", "commitment", "approval", "event"]
)
def test_a_rule_without_a_word(office: Office, kind: str) -> None:
    office.rule(f'2020-12-01 custom "census-{kind}"')
    assert office.run("check").status == 1


def test_approvals_from_one_amount_on_are_ruled_once_a_day() -> None:
    assert findings(CHECKED) == []
    ((line, message),) = findings(CHECKED + CHECKED)
    assert (line, message) == (2, "approvals from 0.00 on are ruled on that day already")
