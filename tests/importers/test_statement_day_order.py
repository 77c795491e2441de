"""Lines that stand in another order than they happened: taken in the only one that adds up."""

from __future__ import annotations

import datetime
import random
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies

from importers.statements.proof import prove
from importers.statements.refusals import StatementDoesNotAddUp
from importers.statements.statement_file import read_statement
from ledger.base.money import plain
from tests.support.statement_tables import cells
from tests.support.statement_tables import proven
from tests.support.statement_tables import sheet

DAY_1 = datetime.date(2020, 11, 2)
HEADINGS = ["交易日期", "收入", "支出", "余额", "摘要"]


def rows_of(days: list[list[int]]) -> list[list[list[str]]]:
    """The rows of each day from the oldest to the newest, each amount with its balance."""
    balance, found = 100_000, []
    for number, amounts in enumerate(days):
        rows = []
        for at, fen in enumerate(amounts):
            balance += fen
            sides = [plain(fen), ""] if fen > 0 else ["", plain(-fen)]
            day = str(DAY_1 + datetime.timedelta(days=number))
            rows.append([day, *sides, plain(balance), f"{number}.{at}"])
        found.append(rows)
    return found


def read_rows(days: list[list[list[str]]]) -> list[str]:
    statement = read_statement(
        "对账单.csv", [sheet([HEADINGS, *(row for day in days for row in day)])]
    )
    prove(statement)
    return [line.text for line in statement.lines]


# No sum of some of a day's amounts is nothing, so that no balance comes back.
DAYS = [[100, 20, -7], [-1000, -2000], [30_000, -40, -500, 6], [-8]]
INORDER = [f"{number}.{at}" for number, day in enumerate(DAYS) for at in range(len(day))]


@pytest.mark.parametrize("days_back", [False, True])
@pytest.mark.parametrize("lines_back", [False, True])
def test_days_one_way_and_lines_the_other(days_back: bool, lines_back: bool) -> None:
    days = [day[::-1] if lines_back else day for day in rows_of(DAYS)]
    assert read_rows(days[::-1] if days_back else days) == INORDER


@given(strategies.integers(), strategies.booleans())
def test_any_order_within_the_days(seed: int, days_back: bool) -> None:
    days = rows_of(DAYS)
    chance = random.Random(seed)
    for day in days:
        chance.shuffle(day)
    assert read_rows(days[::-1] if days_back else days) == INORDER


@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_days_are_never_left(which: int) -> None:
    days = rows_of(DAYS)
    days[which][0], days[which - 1][-1] = days[which - 1][-1], days[which][0]
    with pytest.raises(StatementDoesNotAddUp):
        read_rows(days)


@given(strategies.integers(), strategies.sampled_from(["left out", "amount", "balance"]))
def test_what_was_left_out_or_changed_is_found_in_any_order(seed: int, how: str) -> None:
    chance = random.Random(seed)
    days = rows_of(DAYS)
    # The first line and the last have no neighbour that would miss them.
    day, at = chance.choice([(0, 1), (0, 2), (1, 0), (2, 1), (2, 3)])
    if how == "left out":
        del days[day][at]
    elif how == "balance":
        days[day][at][3] = plain(round(float(days[day][at][3]) * 100) + 1)
    else:
        side = 1 if days[day][at][1] else 2
        days[day][at][side] = plain(round(float(days[day][at][side]) * 100) + 1)
    for lines in days:
        chance.shuffle(lines)
    with pytest.raises(StatementDoesNotAddUp):
        read_rows(days)


def test_several_orders_that_add_up_are_none() -> None:
    table = """
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 | 100.00 |        | 200.00 | 甲
        2020-11-13 |        | 100.00 | 200.00 | 乙
        2020-11-13 | 100.00 |        | 300.00 | 丙
        2020-11-13 |        | 100.00 | 200.00 | 丁
        2020-11-13 | 100.00 |        | 300.00 | 戊
        2020-11-13 | 7.00   |        | 207.00 | 己
    """
    with pytest.raises(StatementDoesNotAddUp):
        proven(table)


def test_a_balance_that_comes_back_may_still_leave_one_order() -> None:
    statement = proven("""
        日期       | 收入   | 支出   | 余额   | 摘要
        2020-11-12 | 100.00 |        | 200.00 | 甲
        2020-11-13 | 7.00   |        | 207.00 | 丁
        2020-11-13 |        | 100.00 | 200.00 | 丙
        2020-11-13 | 100.00 |        | 300.00 | 乙
    """)
    assert [line.text for line in statement.lines] == ["甲", "乙", "丙", "丁"]


def test_lines_of_one_second_change_places_and_others_do_not() -> None:
    table = """
        日期                | 收入   | 支出   | 余额   | 摘要
        2020-11-12 09:00:00 | 100.00 |        | 600.00 | 甲
        2020-11-12 15:00:01 |        | 30.00  | 560.00 | 丙
        2020-11-12 15:00:{} |        | 10.00  | 590.00 | 乙
        2020-11-13 09:00:00 |        | 60.00  | 500.00 | 丁
    """
    statement = proven(table.format("01"))
    assert [line.text for line in statement.lines] == ["甲", "乙", "丙", "丁"]
    with pytest.raises(StatementDoesNotAddUp):
        proven(table.format("02"))


def test_times_put_lines_in_order_where_they_stand_in_none() -> None:
    statement = proven("""
        日期                | 收入   | 支出   | 余额   | 摘要
        2020-11-12 15:00:01 |        | 10.00  | 590.00 | 乙
        2020-11-12 16:00:00 |        | 30.00  | 560.00 | 丙
        2020-11-12 09:00:00 | 100.00 |        | 600.00 | 甲
        2020-11-13 09:00:00 |        | 60.00  | 500.00 | 丁
    """)
    assert [line.text for line in statement.lines] == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(("balance", "fits"), [("590.00", True), ("560.00", True), ("1.00", False)])
def test_a_line_of_nothing_has_a_balance_of_its_day(balance: str, fits: bool) -> None:
    rows = cells(f"""
        日期       | 收入   | 支出   | 余额      | 摘要
        2020-11-12 | 100.00 |        | 600.00    | 甲
        2020-11-13 |        | 30.00  | 560.00    | 丙
        2020-11-13 | 0.00   |        | {balance} | 利息税
        2020-11-13 |        | 10.00  | 590.00    | 乙
        2020-11-14 |        | 60.00  | 500.00    | 丁
    """)
    statement = read_statement("对账单.csv", [sheet(rows)])
    if fits:
        prove(statement)
        assert [line.text for line in statement.lines] == ["甲", "乙", "丙", "丁"]
    else:
        with pytest.raises(StatementDoesNotAddUp):
            prove(statement)


def test_many_lines_of_one_day_are_put_in_order_at_once() -> None:
    days = rows_of([[1 << (number % 40) for number in range(3000)]])
    random.Random(1).shuffle(days[0])
    assert read_rows(days) == [f"0.{at}" for at in range(3000)]


def test_days_of_a_shuffled_file_are_as_they_were() -> None:
    days = rows_of(DAYS)
    found = [text.split(".")[0] for text in read_rows([day[::-1] for day in days])]
    assert [day for day, _texts in groupby(found)] == ["0", "1", "2", "3"]
