"""The proof of a statement: whatever was left out or changed is refused at its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies

from importers.statements.proof import prove
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.refusals import TotalsDiffer
from importers.statements.statement_file import read_statement
from ledger.base.money import plain
from ledger.model.bank_lines import Statement
from tests.support.statement_files import BANK_LAYOUTS
from tests.support.statement_files import BankLayout
from tests.support.statement_story import Moved
from tests.support.statement_tables import proven
from tests.support.statement_tables import sheet

BALANCED = [layout for layout in BANK_LAYOUTS if layout.shown.balances]
LINES = len(BALANCED[0].lines)


def statement_of(layout: BankLayout, lines: Sequence[Moved]) -> Statement:
    """The statement with other lines below the titles that the layout's own lines have."""
    columns = layout.columns.values()
    ordered = lines[::-1] if layout.newest_first else lines
    titles = [*layout.titles(layout.lines), list(layout.columns)]
    rows = [*titles, *([write(line) for write in columns] for line in ordered)]
    return read_statement(layout.file, [sheet(rows)])


def row_of(layout: BankLayout, lines: Sequence[Moved], place: int) -> int:
    """The row in which the line of a place stands, counted from the oldest."""
    titles = len(layout.titles(layout.lines)) + 1
    return titles + (len(lines) - place if layout.newest_first else place + 1)


@given(
    strategies.sampled_from(BALANCED),
    strategies.integers(1, LINES - 1),
    strategies.sampled_from([-100_00, -1, 1, 5_000_00]),
)
def test_an_amount_that_was_changed_is_found_at_its_row(
    layout: BankLayout, place: int, by: int
) -> None:
    lines = layout.lines
    lines[place] = replace(lines[place], fen=lines[place].fen + by)
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        prove(statement_of(layout, lines))
    assert refusal.value.row == row_of(layout, lines, place)


@given(strategies.sampled_from(BALANCED), strategies.integers(1, LINES - 2))
def test_a_balance_that_was_changed_is_found_at_its_row(layout: BankLayout, place: int) -> None:
    lines = layout.lines
    lines[place] = replace(lines[place], balance_fen=lines[place].balance_fen + 1)
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        prove(statement_of(layout, lines))
    assert refusal.value.row == row_of(layout, lines, place)


@given(strategies.sampled_from(BALANCED), strategies.integers(1, LINES - 2))
def test_a_line_that_was_left_out_is_missed_at_the_next(layout: BankLayout, place: int) -> None:
    lines = layout.lines
    gone = lines.pop(place)
    if not gone.fen:
        lines = [line for line in lines if line.fen]  # a line of 0.00 is nothing to miss
        lines.pop(place)
    following = place if lines[place].fen else place + 1
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        prove(statement_of(layout, lines))
    assert refusal.value.row == row_of(layout, lines, following)


@given(strategies.sampled_from(BALANCED), strategies.integers(2, LINES - 1))
def test_lines_in_no_order_are_refused(layout: BankLayout, place: int) -> None:
    """Within a day without times they are put in order: test_statement_day_order.py."""
    lines = layout.lines
    assume(lines[1].when.date() != lines[place].when.date())
    lines[1], lines[place] = lines[place], lines[1]
    with pytest.raises(StatementDoesNotAddUp):
        prove(statement_of(layout, lines))


WITH_TOTALS = [
    layout
    for layout in BALANCED
    if any(word in layout.file for word in ("中行企业", "工行个人", "农行企业", "邮储"))
]


@pytest.mark.parametrize("end", [0, -1], ids=["oldest", "newest"])
@pytest.mark.parametrize("layout", WITH_TOTALS, ids=lambda layout: layout.file)
def test_totals_miss_a_line_at_the_end_where_balances_do_not(layout: BankLayout, end: int) -> None:
    lines = layout.lines
    lines.pop(end)
    columns = layout.columns.values()
    ordered = lines[::-1] if layout.newest_first else lines
    rows = [
        *layout.titles(layout.lines),
        list(layout.columns),
        *([write(line) for write in columns] for line in ordered),
        *layout.footer(layout.lines),
    ]
    statement = read_statement(layout.file, [sheet(rows)])
    with pytest.raises(TotalsDiffer):
        prove(statement)


TOTALLED = """
    账号：6215 1234  | 总笔数：3笔 | 期末余额：1,250.00
    日期       | 收入   | 支出   | 余额    | 摘要
    2020-11-12 |        | 800.00 | 200.00  | 代发
    2020-11-13 | 100.00 |        | 300.00  | 退汇
    本页小计   | 100.00 | 800.00 |         |
    日期       | 收入   | 支出   | 余额    | 摘要
    2020-11-14 | 950.00 |        | 1250.00 | 拨款
    本页小计   | 950.00 |        |         |
    合计       | 1,050.00 | 800.00 |       |
    截止日期   | 2020-11-30 |    |         |
    以上数据仅供参考，不作为记账凭证
"""


def test_totals_of_all_lines_are_compared_and_those_of_a_page_are_not() -> None:
    statement = proven(TOTALLED)
    assert len(statement.lines) == 3
    assert {(total.row, total.label): total.found for total in statement.totals} == {
        (1, "总笔数"): "3",
        (1, "期末余额"): "1250.00",
        (9, "收入"): "1050.00",
        (9, "支出"): "800.00",
    }


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("总笔数：3", "总笔数：4"), ("余额：1,250.00", "余额：1,250.01"), ("1,050.00", "1,050.01")],
)
def test_a_total_that_the_lines_do_not_come_to_is_refused(right: str, wrong: str) -> None:
    with pytest.raises(TotalsDiffer):
        proven(TOTALLED.replace(right, wrong))


def test_the_proof_names_the_row_the_column_and_both_balances() -> None:
    table = TOTALLED.replace("| 1250.00", "| 1250.01")
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        proven(table)
    message = str(refusal.value)
    for part in ("7", "余额", "1,250.00", "1,250.01", "4"):
        assert part in message


def test_a_line_of_nothing_must_have_the_balance_of_its_neighbour() -> None:
    table = """
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 |        | 800.00 | 200.00 | 代发
        2020-11-13 | 0.00   |        | 200.00 | 利息税
        2020-11-13 | 100.00 |        | 300.00 | 退汇
    """
    assert [line.row for line in proven(table).lines] == [2, 4]
    with pytest.raises(StatementDoesNotAddUp) as refusal:
        proven(table.replace("200.00 | 利息税", "200.01 | 利息税"))
    assert refusal.value.row == 3


def test_opening_and_closing_are_those_of_the_lines() -> None:
    statement = proven(TOTALLED)
    assert plain(statement.opening_fen or 0) == "1000.00"
    assert plain(statement.closing_fen or 0) == "1250.00"
