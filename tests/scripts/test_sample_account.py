"""The office's account at the sample bank: it adds up, and every statement of it says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from demo_account import SPENDING
from python_calamine import CalamineWorkbook
from samples.account import AccountLine
from samples.account import Movement
from samples.account import account_lines
from samples.account_export import HEADINGS
from samples.account_export import export_statement
from samples.account_export import statement_table
from samples.account_memory import remember
from samples.account_memory import remembered
from samples.account_year import UNKNOWN
from samples.account_year import year_2020

from tests.support.office import Office

FIRST_BATCH = Movement(date(2020, 10, 22), -1_220_000_00, "代发业务过渡户", "8", "批量代发")
YEAR_END = date(2020, 12, 31)


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


def moved(text: str, amount_fen: int) -> Movement:
    return Movement(day(text), amount_fen, "", "", "")


def interest_in(lines: Sequence[AccountLine]) -> list[tuple[date, int]]:
    return [
        (line.day, line.movement.amount_fen) for line in lines if line.movement.purpose == "结息"
    ]


def test_each_balance_is_the_one_before_and_what_has_moved() -> None:
    lines = account_lines([*year_2020(), FIRST_BATCH], until=YEAR_END)
    assert lines[0].balance_fen == lines[0].movement.amount_fen == 1_220_000_00
    for before, line in pairwise(lines):
        assert line.balance_fen == before.balance_fen + line.movement.amount_fen
    assert [line.day for line in lines] == sorted(line.day for line in lines)
    assert len({line.serial for line in lines}) == len(lines) == len(year_2020()) + 1 + 3


def test_interest_is_what_the_balances_of_all_days_have_borne() -> None:
    """0.30 % of 1,200,000 for 44 days of 360, then for 92 days; the interest bears interest."""
    lines = account_lines([moved("05-08", 1_200_000_00)], until=day("09-30"))
    first = 1_200_000_00 * 44 * 30 // 360 // 10_000
    second = (1_200_000_00 + first) * 92 * 30 // 360 // 10_000
    assert (first, second) == (440_00, 920_33)
    assert interest_in(lines) == [(day("06-20"), first), (day("09-20"), second + 1)]
    assert interest_in(account_lines([moved("06-21", 100_00)], until=day("09-19"))) == []


def test_an_earlier_day_says_nothing_of_what_comes_later() -> None:
    whole = account_lines([*year_2020(), FIRST_BATCH], until=YEAR_END)
    for until in ("06-20", "10-22", "11-06", "12-20"):
        early = account_lines([*year_2020(), FIRST_BATCH], until=day(until))
        assert early == whole[: len(early)]


def test_the_bank_lends_nothing() -> None:
    with pytest.raises(ValueError, match=r"overdrawn on 2020-10-22: -0\.01"):
        account_lines([moved("10-21", 5_00), moved("10-22", -5_01)], until=YEAR_END)


def test_before_the_first_batch_nothing_is_spent_of_the_advance() -> None:
    lines = account_lines(year_2020(), until=day("10-20"))
    assert [line.movement.amount_fen > 0 for line in lines] == [True, True, True]
    assert lines[-1].balance_fen > 1_220_000_00


def test_what_is_spent_stays_within_the_budget_of_new_books(office: Office) -> None:
    """Each purpose is known by one rule of the demonstration, but one by none."""
    spent: Counter[str] = Counter()
    unknown = []
    for movement in year_2020():
        lines = [
            line for words, line in SPENDING if any(word in movement.purpose for word in words)
        ]
        if lines:
            (line,) = lines
            spent[line] -= movement.amount_fen
        elif movement.counterparty and movement.amount_fen < 0:
            unknown.append(movement)
    assert [(movement.counterparty, movement.amount_fen) for movement in unknown] == [
        (UNKNOWN[0], -3_600_00)
    ]
    budget: dict[str, int] = {
        change.line: change.amount_fen for change in office.books().rules.budget
    }
    assert spent.keys() == {line for _words, line in SPENDING}
    assert all(0 < spent[line] <= budget[line] for line in spent)


def test_a_statement_is_what_the_banks_web_site_exports(tmp_path: Path) -> None:
    """Text alone, the account's number in the second row, the headings in the fifth."""
    lines = account_lines(year_2020(), until=YEAR_END)
    path = export_statement(tmp_path / "new", lines, day("11-03"), day("11-06"))
    assert path.name == "账户明细_20201103_20201106.xlsx"
    cells = cells_of(path)
    number = cells[1][1]
    assert number.isdigit()
    assert tuple(cells[4]) == HEADINGS
    fee, grant, training, printing = cells[5:]
    assert fee == [
        "2020-11-03", "", "", "152.50", "5,801,230.51", number, "人民币", "", "10月代发手续费", "",
        "2020110300000001",
    ]  # fmt: skip
    assert (grant[2], grant[3]) == ("3,280,000.00", "")
    assert (training[1], training[3]) == ("滕州宾馆", "286,500.00")
    assert (printing[0], printing[-1]) == ("2020-11-06", "2020110600000002")
    assert cells_of(path) == padded(statement_table(lines, day("11-03"), day("11-06")))


def test_the_newest_line_comes_first_if_that_is_the_order(tmp_path: Path) -> None:
    lines = account_lines(year_2020(), until=YEAR_END)
    whole = (day("11-01"), day("11-30"))
    newest = statement_table(lines, *whole, newest_first=True)
    assert newest[5:] == statement_table(lines, *whole)[:4:-1]
    assert newest[:5] == statement_table(lines, *whole)[:5]


def test_statements_that_overlap_agree_line_by_line() -> None:
    """Also where one was exported before the bank knew of what came afterwards."""
    early = statement_table(
        account_lines(year_2020(), until=day("11-16")), day("11-01"), day("11-16")
    )
    batch = Movement(day("11-17"), -5_000_000_00, "代发业务过渡户", "8", "批量代发")
    later = account_lines([*year_2020(), batch], until=YEAR_END)
    whole = statement_table(later, day("11-01"), day("11-30"))
    assert whole[5 : len(early)] == early[5:]
    assert len(whole) > len(early) > 10


def test_the_same_lines_give_the_same_bytes(tmp_path: Path) -> None:
    lines = account_lines(year_2020(), until=YEAR_END)
    one, two = (
        export_statement(tmp_path / name, lines, day("11-01"), day("11-30")) for name in "ab"
    )
    assert one.read_bytes() == two.read_bytes()


def test_the_bank_remembers_what_it_has_done_with_batches(tmp_path: Path) -> None:
    assert remembered(tmp_path) == []
    refund = Movement(day("10-26"), 6_400_00, "代发业务过渡户", "8", "代发退款", "第一批")
    remember(tmp_path, [FIRST_BATCH])
    remember(tmp_path, [refund])
    assert remembered(tmp_path) == [FIRST_BATCH, refund]


def cells_of(path: Path) -> list[list[str]]:
    workbook = CalamineWorkbook.from_path(path)
    table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert all(isinstance(cell, str) for row in table for cell in row)
    return [[str(cell) for cell in row] for row in table]


def padded(table: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[*row, *[""] * (len(HEADINGS) - len(row))] for row in table]
