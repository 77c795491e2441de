"""Anonymised exports of personal cards that some machines have beside the checkout.

Their goldens were taken from the files by hand: day, time, what came in, balance.
"""

from __future__ import annotations

import pytest

from importers.incoming import kind_of
from importers.statements.proof import prove
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import TotalsDiffer
from importers.statements.statement_file import read_statement
from importers.tables.reading import read_tables
from ledger.base.money import plain
from ledger.model.bank_lines import Statement
from tests.support.checkout import CHECKOUT

SAMPLES = CHECKOUT.parent / "shared" / "samples"

BOC = """
2025-08-01 08:57:00 1000.00 3813.58
2025-08-01 08:57:22 -3000.00 813.58
2025-08-03 16:46:40 -196.90 616.68
2025-08-04 16:10:21 3000.00 3616.68
2025-08-04 16:11:00 -2769.59 847.09
2025-08-05 16:00:44 5771.00 6618.09
2025-08-06 19:06:14 -16.00 6602.09
2025-08-07 08:07:59 -15.48 6586.61
2025-08-09 18:35:45 -13.50 6573.11
2025-08-12 16:49:29 -2600.00 3973.11
2025-08-14 13:43:07 -68.14 3904.97
2025-08-14 13:43:29 -206.80 3698.17
2025-08-19 10:52:29 -60.00 3638.17
2025-08-22 12:22:50 -50.00 3588.17
2025-08-22 12:23:04 50.00 3638.17
2025-08-22 12:24:20 -326.00 3312.17
2025-08-22 17:57:17 -71.89 3240.28
"""
# Whoever made this one anonymous has put letters in place of the balances.
ICBC = """
2023-02-08 - 1.04 -
2023-02-09 - -24.00 -
2023-02-10 - 30.00 -
2023-02-20 - -1234.56 -
2023-02-28 - 341.58 -
2023-04-14 - -500.00 -
2023-04-14 - 1234.56 -
2023-04-20 - -1234.56 -
2023-04-22 - 1234.56 -
2023-04-25 - -1234.56 -
2023-05-02 - -13.40 -
"""
# A last line of 0.00 is left out.
ABC = """
2024-01-01 12:34:56 10000.00 11000.00
2024-01-02 13:23:24 -10.00 11000.00
2024-01-03 - -12345.89 1943.12
2024-01-04 - 0.01 123.35
"""


def sample(name: str) -> Statement:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"there is no {name} beside the checkout")
    sheets = read_tables(name, path.read_bytes())
    assert kind_of(sheets) == "statement"
    return read_statement(name, sheets)


def said(statement: Statement) -> str:
    lines = (
        (
            str(line.date),
            line.time or "-",
            plain(line.amount_fen),
            "-" if line.balance_fen is None else plain(line.balance_fen),
        )
        for line in statement.lines
    )
    return "".join(f"\n{' '.join(line)}" for line in lines) + "\n"


def test_newest_first_with_times_and_a_proof() -> None:
    statement = sample("boc_personal.csv")
    prove(statement)
    assert statement.newest_first
    assert said(statement) == BOC
    assert [line.row for line in statement.lines] == list(range(19, 2, -1))
    assert (statement.lines[-1].counterparty, statement.lines[-1].text) == ("张三", "无卡支付")


def test_balances_that_nobody_can_read_are_absent_and_said_to_be() -> None:
    statement = sample("icbc_personal_v1.csv")
    assert said(statement) == ICBC
    assert statement.number == "1234****9876"
    assert len(statement.warnings) == 1


def test_made_up_totals_are_found_out_at_their_row() -> None:
    with pytest.raises(TotalsDiffer, match="row 20"):
        prove(sample("icbc_personal_v1.csv"))


def test_made_up_balances_are_found_out_at_their_row() -> None:
    statement = sample("abc_personal.csv")
    assert said(statement) == ABC
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        prove(statement)
    assert refusal.value.row == 3
