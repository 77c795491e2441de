"""What is wrong with a row: every code of the closed list, at its cell, with a clear message."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies

from importers.rosters.checks import account_problem
from importers.rosters.checks import identity_problem
from importers.rosters.problems import ERRORS
from importers.rosters.problems import WARNINGS
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.rosters.words import words_of_messages
from importers.tables.cells import Cell
from importers.tables.refusals import NoRowsInWorkbook
from tests.support.office import made_up
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import find_town

ACCOUNT = made_up(1).account


def born(date: str) -> str:
    return with_check_digit(f"370481{date}023")


def problems_of(*people: Sequence[Cell], title: str = "荆河街道两员花名册") -> list[Problem]:
    return list(read_roster("a.xlsx", roster(*people, title=title)).problems)


# One cell.

IDENTITY = made_up(1).identity
WRONG_CHECK = IDENTITY[:-1] + ("3" if IDENTITY[-1] != "3" else "8")

BAD_CELLS: list[tuple[str, Cell, str]] = [
    ("姓名", "", "name_missing"),
    ("姓名", "张三1", "name_characters"),
    ("姓名", "张三（组长）", "name_characters"),
    ("姓名", "张？", "name_characters"),
    ("姓名", "张\ue000", "name_characters"),
    ("姓名", "张", "name_short"),
    ("姓名", "·张三", "name_characters"),
    ("姓名", 42, "name_characters"),
    ("身份证号", "", "identity_missing"),
    ("身份证号", "37048119900307123", "identity_form"),
    ("身份证号", "3704811990030712345", "identity_form"),
    ("身份证号", "X70481199003071234", "identity_form"),
    ("身份证号", "无", "identity_form"),
    ("身份证号", "370481900307123", "identity_old"),
    ("身份证号", 370481900307123, "identity_old"),
    ("身份证号", WRONG_CHECK, "identity_check_digit"),
    ("身份证号", born("19900231"), "identity_date"),
    ("身份证号", born("18990101"), "identity_date"),
    ("身份证号", born("20021102"), "identity_age"),
    ("身份证号", born("20251101"), "identity_age"),
    ("身份证号", 370481199003071232, "identity_rounded"),
    ("身份证号", 37048119900307123, "identity_rounded"),
    ("身份证号", "3.70481E+17", "identity_rounded"),
    ("身份证号", "３.70481e17", "identity_rounded"),
    ("身份证号", "370481199003071000", "identity_rounded"),
    ("岗位", "", "role_missing"),
    ("岗位", "厨师", "role_unknown"),
    ("岗位", "普查员兼指导员", "role_unknown"),
    ("普查小区编码", "37048100100100", "block_code"),
    ("普查小区编码", "370481002001001", "code_of_town"),
    ("普查小区编码", "3704810010010AB", "block_code"),
    ("普查小区编码", "007", "block_code"),
    ("银行卡号", "", "account_missing"),
    ("银行卡号", "62152100000", "account_form"),
    ("银行卡号", "6" * 31, "account_form"),
    ("银行卡号", "62152100O0000001", "account_form"),
    ("银行卡号", 6215210000000001, "account_rounded"),
    ("银行卡号", 215210000001, "account_rounded"),
    ("银行卡号", "6.21521E+15", "account_rounded"),
    ("银行卡号", IDENTITY, "account_is_identity"),
    ("银行卡号", made_up(2).identity, "account_is_identity"),
    ("开户行", "", "bank_missing"),
    ("开户行", "无", "bank_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "cell", "code"), BAD_CELLS)
def test_a_wrong_cell_keeps_its_row_out(heading: str, cell: Cell, code: str) -> None:
    result = read_roster("荆河街道.xlsx", roster(person(5), person(1, changes={heading: cell})))
    (problem,) = result.problems
    assert (problem.sheet, problem.row, problem.column) == ("Sheet1", 4, heading)
    assert (problem.code, problem.severity) == (code, "error")
    assert [row.row for row in result.quarantined] == [4]
    assert [row.row for row in result.rows] == [3]


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("身份证号", born("19451031"), ""),
        ("身份证号", born("19441101"), "identity_elderly"),
        ("身份证号", born("20021101"), ""),
        ("银行卡号", ACCOUNT[:-1] + str((int(ACCOUNT[-1]) + 1) % 10), "account_luhn"),
        ("银行卡号", with_luhn_digit("91401140000000000000012"), ""),
        ("联系电话", "1234", "phone_form"),
        ("联系电话", "13900000001/13900000002", "phone_form"),
        ("联系电话", "5512345", ""),
        ("联系电话", "", ""),
        ("姓名", "李䶮", "name_not_in_gbk"),
        ("姓名", "孙㛃", "name_not_in_gbk"),
        ("姓名", "赵𬭚", "name_not_in_gbk"),
        ("姓名", "杜龑", ""),
        ("姓名", "买买提•阿不都", ""),
        ("姓名", "王〇", ""),
    ],
)
def test_a_doubtful_cell_is_only_a_warning(heading: str, cell: Cell, code: str) -> None:
    result = read_roster("荆河街道.xlsx", roster(person(1, changes={heading: cell})))
    assert [(problem.code, problem.severity) for problem in result.problems] == (
        [(code, "warning")] if code else []
    )
    assert [row.row for row in result.rows] == [3]


def test_the_banks_spelling_must_fit_its_files() -> None:
    headings = [*HEADINGS, "银行户名"]
    title = "荆河街道两员花名册"
    rows = [person(1, headings, 姓名="李䶮", 银行户名=name) for name in ("李龑", "李?", "李䶮")]
    result = read_roster("a.xlsx", workbook({"a": [[title], headings, rows[0]]}))
    assert result.problems == ()
    assert result.rows[0].bank_name == "李龑"
    result = read_roster("a.xlsx", workbook({"a": [[title], headings, rows[1]]}))
    assert result.problems == ()
    (problem,) = read_roster("a.xlsx", workbook({"a": [[title], headings, rows[2]]})).problems
    assert (problem.code, problem.column) == ("name_not_in_gbk", "银行户名")


def with_columns(*columns: str, cells: Sequence[Cell], town: str | None = None) -> Roster:
    rows = [["荆河街道"], [*columns, *HEADINGS], cells]
    return read_roster("a.xlsx", workbook({"Sheet1": rows}), town=find_town(town) if town else None)


@pytest.mark.parametrize("code", ["37048100100", "370481999001", "37048100100A"])
def test_the_code_of_an_area_has_twelve_digits_of_its_town(code: str) -> None:
    result = with_columns("普查区编码", cells=[code, *person(1, 岗位=SUPERVISOR, 普查小区编码="")])
    (problem,) = result.problems
    assert (problem.code, problem.column) == ("area_code", "普查区编码")
    assert "370481001" in problem.message()


def test_a_supervisor_needs_an_area() -> None:
    supervisor = ["", *person(1, 岗位=SUPERVISOR, 普查小区编码="")]
    rows: Rows = [["荆河街道"], ["普查区编码", *HEADINGS], supervisor]
    result = read_roster("a.xlsx", workbook({"Sheet1": rows}), posts="required")
    assert [problem.code for problem in result.problems] == ["area_missing"]


def test_a_block_lies_in_its_area() -> None:
    cells = ["370481001002", *person(1, 普查小区编码="370481001001001")]
    result = with_columns("普查区编码", cells=cells)
    assert [(problem.code, problem.column) for problem in result.problems] == [
        ("block_code", "普查小区编码")
    ]


def test_a_town_that_the_county_does_not_have() -> None:
    result = with_columns("镇街", cells=["南沙镇", *person(1)])
    (problem,) = result.problems
    assert (problem.code, problem.column) == ("town_unknown", "镇街")


def test_a_row_of_another_town_than_the_user_named() -> None:
    block = "370481002001001"
    result = with_columns("镇街", cells=["龙泉街道", *person(1, 普查小区编码=block)], town="荆河")
    (problem,) = result.problems
    assert problem.code == "town_other"
    assert problem.message().startswith("The row belongs to 龙泉街道, the roster to 荆河街道")


def test_the_users_word_settles_a_town_that_cannot_be_recognised() -> None:
    result = with_columns("镇街", cells=["城区", *person(1)], town="荆河街道")
    assert [row.town for row in result.rows] == ["370481001"]


def test_every_wrong_cell_of_a_row_is_named() -> None:
    problems = problems_of(person(1, 姓名="", 身份证号="1", 岗位="厨师", 开户行="", 银行卡号="2"))
    assert {problem.code for problem in problems} == {
        "name_missing", "identity_form", "role_unknown", "bank_missing", "account_form",
    }  # fmt: skip


# Several rows.


def codes_by_row(result: Roster) -> list[tuple[int, str, str]]:
    return [
        (problem.row, problem.code, problem.parameters.get("others", ""))
        for problem in result.problems
    ]


def test_one_person_on_two_rows_brings_both_back() -> None:
    result = read_roster("荆河街道.xlsx", roster(person(1), person(2), person(1)))
    assert codes_by_row(result) == [(3, "duplicate_in_file", "5"), (5, "duplicate_in_file", "3")]
    assert [row.row for row in result.rows] == [4]


def test_one_person_on_two_sheets_in_other_words_brings_both_back() -> None:
    rows: Rows = [list(HEADINGS), person(1)]
    others: Rows = [list(HEADINGS), person(1, 开户行="荆河农商行")]
    result = read_roster("荆河街道.xlsx", workbook({"甲": rows, "乙": others}))
    assert [(p.sheet, p.row, p.parameters["others"]) for p in result.problems] == [
        ("甲", 2, "乙!2"), ("乙", 2, "甲!2"),
    ]  # fmt: skip


def test_one_account_of_two_people_brings_both_back() -> None:
    result = read_roster("荆河街道.xlsx", roster(person(1), person(2, 银行卡号=ACCOUNT), person(3)))
    assert codes_by_row(result) == [(3, "account_shared", "4"), (4, "account_shared", "3")]
    assert {problem.column for problem in result.problems} == {"银行卡号"}


def test_many_who_share_an_account_are_not_all_named() -> None:
    people = [person(number, 银行卡号=ACCOUNT) for number in range(1, 11)]
    result = read_roster("荆河街道.xlsx", roster(*people))
    assert codes_by_row(result)[0] == (3, "account_shared", "4, 5, 6, 7, 8 …")
    assert codes_by_row(result)[9] == (12, "account_shared", "3, 4, 5, 6, 7 …")


def test_a_post_of_two_people_is_a_warning_for_both() -> None:
    block = made_up(1).block
    result = read_roster("荆河街道.xlsx", roster(person(1), person(2, 普查小区编码=block)))
    assert codes_by_row(result) == [(3, "post_shared", "4"), (4, "post_shared", "3")]
    assert len(result.rows) == 2


def test_a_post_is_not_shared_with_somebody_who_is_kept_out() -> None:
    wrong = person(2, 普查小区编码=made_up(1).block, 姓名="")
    assert [code for _row, code, _others in codes_by_row(
        read_roster("荆河街道.xlsx", roster(person(1), wrong))
    )] == ["name_missing"]  # fmt: skip


# Numbers by themselves.


@given(strategies.integers(0, 10**17 - 1))
def test_any_wrong_last_character_is_found(number: int) -> None:
    right = with_check_digit(
        f"370481{1950 + number % 50}0{1 + number % 9}1{number % 9}{number % 1000:03d}"
    )
    assert identity_problem(right, right) in ("", "identity_elderly")
    for last in set("0123456789X") - {right[-1]}:
        wrong = right[:-1] + last
        assert identity_problem(wrong, wrong) in ("identity_check_digit", "identity_rounded")


def test_the_area_of_an_identity_number_is_not_looked_at() -> None:
    """It tells where the number was given out, and the tables of codes begin too late."""
    for area in ("370481", "653121", "110102", "830000"):
        number = with_check_digit(f"{area}19580307123")
        assert identity_problem(number, number) == ""


@given(strategies.text(alphabet="0123456789Xx-/. ", max_size=32))
def test_any_text_is_an_account_or_has_a_problem(text: str) -> None:
    code = account_problem(text, text, IDENTITY)
    if code in ("", "account_luhn"):
        assert re.fullmatch("[0-9]{12,30}", text)
    else:
        assert code in ERRORS


# Messages.


@pytest.mark.parametrize("key", sorted(ERRORS | WARNINGS))
def test_every_message_says_what_to_do_and_shows_nothing_personal(key: str) -> None:
    parameters = dict.fromkeys(
        ("town", "town_code", "row_town", "others", "payee", "role", "post", "place"), "?"
    ) | dict.fromkeys(
        (
            "issuer",
            "digits",
            "people",
            "code_town",
            "columns",
            "sign",
            "own_town",
            "row_role",
            "row_post",
        ),
        "?",
    )
    code, _, variant = key.partition(".")
    problem = Problem("a", 1, "", "", code, parameters, variant, words_of_messages())
    for message in (problem.message(), problem.message(chinese=True)):
        assert message
        assert "{" not in message
        assert not re.search("[0-9]{5}", message)
    assert problem.severity == ("error" if key in ERRORS else "warning")


def test_a_sheet_of_blanks_is_no_roster() -> None:
    with pytest.raises(NoRowsInWorkbook):
        read_roster("荆河街道.xlsx", workbook({"a": []}))
