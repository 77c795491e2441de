"""Damaged statements: never a wrong amount, day or line; only what happened, or a refusal."""

from __future__ import annotations

import datetime
from collections import Counter

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from importers.incoming import kind_of
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from importers.tables.reading import read_tables
from ledger.base.refusals import Refusal
from ledger.model.bank_lines import Statement
from tests.support.damaged_statements import Damaged
from tests.support.damaged_statements import damaged_statements
from tests.support.damaged_statements import truth

LOOKS = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TRUE = [(line.day, line.fen) for line in truth()]


def read_or_refused(damaged: Damaged) -> Statement | None:
    """The statement; None when the file was refused with a reason that names it."""
    try:
        sheets = read_tables(damaged.name, damaged.content)
        kind_of(sheets)
        statement = read_statement(damaged.name, sheets)
        prove(statement)
    except Refusal as refusal:
        assert str(refusal).startswith(damaged.name)
        return None
    return statement


def is_run_of_the_truth(lines: list[tuple[datetime.date, int]]) -> bool:
    """Whether the lines follow one another without a gap, as balances prove."""
    return any(TRUE[at : at + len(lines)] == lines for at in range(len(TRUE)))


@LOOKS
@given(damaged_statements())
def test_what_is_taken_happened(damaged: Damaged) -> None:
    statement = read_or_refused(damaged)
    if statement is None:
        return
    lines = [(line.date, line.amount_fen) for line in statement.lines]
    if statement.balance_heading:
        # The oldest amount is proven by the statement before, or by the balance that is stated.
        inner, amounts = lines[1:], [fen for _day, fen in lines[1:]]
        if damaged.page.changed:
            # A day may have been typed anew; what moved may not.
            true = [fen for _day, fen in TRUE]
            assert any(true[at : at + len(amounts)] == amounts for at in range(len(true)))
        else:
            assert is_run_of_the_truth(lines) or is_run_of_the_truth(inner)
        stated = {total.label for total in statement.totals}
        if {"期初余额", "期末余额", "总笔数"} <= stated:
            assert [fen for _day, fen in lines] == [fen for _day, fen in TRUE]
    elif not damaged.page.changed:
        # Without balances nothing shows a row that is gone: each that is there is taken once.
        assert Counter(lines) == Counter(TRUE[at] for at in damaged.written)


def test_undamaged_statements_are_read() -> None:
    """That the damage above is what is refused."""
    taken = refused = 0

    @settings(LOOKS, max_examples=200)
    @given(damaged_statements())
    def count(damaged: Damaged) -> None:
        nonlocal taken, refused
        statement = read_or_refused(damaged)
        taken, refused = taken + (statement is not None), refused + (statement is None)

    count()
    assert taken > refused / 4
