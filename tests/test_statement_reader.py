"""Bank statements: read by their headings, refused where a cell or a row cannot be relied on."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.statements.proof import prove
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.statement_file import is_statement
from importers.statements.statement_file import read_statement
from importers.tables.reading import read_tables
from ledger.bank_lines import Statement
from ledger.money import plain

# Anonymised exports of personal cards that some machines have beside the checkout.
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"


def sample(name: str) -> Statement:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"there is no {name} beside the checkout")
    sheets = read_tables(name, path.read_bytes())
    assert is_statement(sheets)
    return read_statement(name, sheets)


def test_newest_first_with_times_and_a_proof() -> None:
    statement = sample("boc_personal.csv")
    prove(statement)
    assert statement.newest_first
    assert len(statement.lines) == 17
    assert [line.row for line in statement.lines] == list(range(19, 2, -1))
    oldest, newest = statement.lines[0], statement.lines[-1]
    assert (str(oldest.date), oldest.time, plain(oldest.amount_fen)) == (
        "2025-08-01",
        "08:57:00",
        "1000.00",
    )
    assert newest.counterparty == "张三"
    assert newest.text == "无卡支付"
    assert plain(statement.closing_fen or 0) == "3240.28"


def test_balances_that_nobody_can_read_are_absent_and_said_to_be() -> None:
    statement = sample("icbc_personal_v1.csv")
    assert len(statement.lines) == 11
    assert {line.balance_fen for line in statement.lines} == {None}
    assert plain(statement.lines[-1].amount_fen) == "-13.40"
    assert statement.number == "1234****9876"
    assert len(statement.warnings) == 1


def test_made_up_balances_are_found_out_at_their_row() -> None:
    statement = sample("abc_personal.csv")
    assert [plain(line.amount_fen) for line in statement.lines] == [
        "10000.00",
        "-10.00",
        "-12345.89",
        "0.01",
    ]
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        prove(statement)
    assert refusal.value.row == 3
