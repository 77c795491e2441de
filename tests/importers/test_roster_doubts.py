"""What looks wrong and may be right: cards, banks, names and columns that somebody should see."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from collections.abc import Sequence

import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from importers.rosters.card_issuers import CARD_ISSUERS_FILE
from importers.rosters.card_issuers import banks_named
from importers.rosters.card_issuers import card_of
from importers.rosters.roster import Roster
from importers.rosters.roster import read_roster
from importers.tables.cells import Cell
from ledger.model.name_characters import fits_gbk
from ledger.model.name_characters import is_printable
from reports.pdf.fonts import missing_characters
from tests.support.office import made_up
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import SUPERVISOR

ICBC = with_luhn_digit("622202160000000001")
POSTAL = with_luhn_digit("621797160000000001")
RURAL = made_up(1).account


def read(*people: Sequence[Cell]) -> Roster:
    return read_roster("荆河街道.xlsx", roster(*people))


def codes(result: Roster) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in result.problems]


# Cards and banks.


@pytest.mark.parametrize(
    ("bank", "account", "doubted"),
    [
        ("滕州农商行", RURAL, False),
        ("山东滕州农村商业银行股份有限公司", RURAL, False),
        ("荆河信用社", RURAL, False),
        ("工行滕州支行", ICBC, False),
        ("中国工商银行", ICBC, False),
        ("滕州农商行", ICBC, True),
        ("中国银行滕州支行", RURAL, True),
        ("滕州农村合作银行", RURAL, False),
        ("中国储蓄银行荆河支行", POSTAL, False),
        ("枣庄银行", POSTAL, True),
        ("滕州中银富登村镇银行", RURAL, True),
        ("枣庄银行", with_luhn_digit("91401140000000012"), False),
        ("荆河支行", ICBC, False),
        ("营业部", ICBC, False),
        ("开户银行", ICBC, False),
        ("银行卡", ICBC, False),
        ("农业银行", with_luhn_digit("91401140000000012"), False),
        ("农业银行", with_luhn_digit("955991234567890123"), False),
        ("邮储银行", with_luhn_digit("955991234567890123"), True),
    ],
)
def test_the_bank_that_is_named_has_issued_the_card(bank: str, account: str, doubted: bool) -> None:
    result = read(person(1, 开户行=bank, 银行卡号=account))
    assert codes(result) == ([(3, "开户行", "bank_not_of_card")] if doubted else [])
    assert len(result.rows) == 1


def test_the_warning_names_the_issuer_and_no_digit() -> None:
    (problem,) = read(person(1, 开户行="滕州农商行", 银行卡号=ICBC)).problems
    assert "中国工商银行" in problem.message()
    assert not any(character.isdigit() for character in problem.message(chinese=True))


@pytest.mark.parametrize(
    ("account", "digits"),
    [
        (with_luhn_digit("62152100000000001"), "16"),
        (with_luhn_digit("62152100000001"), "16"),
        (ICBC[:-1], "19"),
        (with_luhn_digit("6222021600000"), "19"),
    ],
)
def test_a_card_has_the_digits_of_its_kind(account: str, digits: str) -> None:
    """A digit too few is said as that, and not as a wrong last digit."""
    result = read(person(1, 开户行="某行", 银行卡号=account))
    assert codes(result) == [(3, "银行卡号", "account_length")]
    assert result.problems[0].parameters["digits"] == digits


def test_the_table_of_cards_is_sound() -> None:
    entries = json.loads(CARD_ISSUERS_FILE.read_text(encoding="utf-8"))
    prefixes = [prefix for entry in entries.values() for prefix in entry["cards"]]
    assert len(prefixes) == len(set(prefixes))
    for name, entry in entries.items():
        assert name in banks_named(name), name
        for prefix, digits in entry["cards"].items():
            assert prefix.isdecimal()
            assert 16 <= digits <= 19
            card = card_of(prefix.ljust(digits, "0"))
            assert card
            assert (card.issuer.name, card.digits) == (name, digits)
    assert card_of("914011400000000123") is None


def test_words_of_one_bank_are_not_those_of_another() -> None:
    assert banks_named("滕州农商行") == {"农村商业银行（农信社）"}
    assert banks_named("中国农业银行滕州市支行") == {"中国农业银行"}
    assert banks_named("荆河支行") == frozenset()


# Names.


def test_the_same_name_with_two_numbers_is_pointed_out_at_both() -> None:
    name = made_up(1).legal_name
    result = read(person(1), person(2), person(3, 姓名=f"{name[0]}　{name[1:]}"))
    assert codes(result) == [(3, "姓名", "same_name"), (5, "姓名", "same_name")]
    assert [problem.parameters["others"] for problem in result.problems] == ["5", "3"]
    assert len(result.rows) == 3


def test_the_same_name_in_two_towns_is_nothing_to_wonder_about() -> None:
    headings = ["镇街", *HEADINGS]
    name = made_up(1).legal_name
    rows = [
        ["荆河街道", *person(1)],
        ["龙泉街道", *person(2, 姓名=name, 普查小区编码="370481002001001")],
    ]
    assert read_roster("a.xlsx", workbook({"a": [headings, *rows]})).problems == ()


def test_a_name_that_cannot_be_printed_is_told_before_it_is_to_be_signed() -> None:
    """The bank may spell the name otherwise; the sheet prints what is on the identity card."""
    unprintable = next(chr(code) for code in range(0x20000, 0x20100) if not is_printable(chr(code)))
    headings = [*HEADINGS, "银行户名"]
    cells = person(1, headings, 姓名=f"李{unprintable}", 银行户名="李某")
    result = read_roster("荆河街道.xlsx", workbook({"Sheet1": [[""], headings, cells]}))
    assert codes(result) == [(3, "姓名", "name_not_printable")]
    assert len(result.rows) == 1
    assert [problem.code for problem in read(person(1, 姓名=f"李{unprintable}")).problems] == [
        "name_not_in_gbk", "name_not_printable",
    ]  # fmt: skip


def test_the_list_of_printable_characters_is_the_fonts() -> None:
    characters = list(map(chr, range(sys.maxunicode + 1)))
    missing = missing_characters(characters)
    assert {character for character in characters if not is_printable(character)} == missing


def test_what_an_ordinary_name_has_is_in_gbk_and_in_the_font() -> None:
    ordinary = [chr(code) for code in range(0x4E00, 0x9FA6)]
    assert "".join(ordinary).encode("gbk")
    assert missing_characters(ordinary) == set()
    assert all(map(fits_gbk, ("张三", "买买提·阿不都", "王〇")))


# Columns.


def people(count: int, **same: Cell) -> list[list[Cell]]:
    return [person(number, changes=same) for number in range(1, count + 1)]


def test_a_bank_that_everybody_has_is_pointed_out_once_where_no_card_proves_it() -> None:
    passbooks = [
        person(number, 银行卡号=with_luhn_digit(f"914011400000000{number}"))
        for number in range(1, 7)
    ]
    result = read(*passbooks)
    assert codes(result) == [(3, "开户行", "column_constant")]
    assert "6 people" in result.problems[0].message()
    assert codes(read(*passbooks[:4])) == []


def test_a_bank_that_all_cards_prove_is_no_wonder() -> None:
    assert codes(read(*people(6))) == []


def test_one_phone_for_everybody_is_pointed_out() -> None:
    assert codes(read(*people(6, 联系电话="13900000001"))) == [
        (3, "联系电话", "column_constant")
    ]  # fmt: skip
    assert codes(read(*people(6, 联系电话=""))) == []


def test_one_card_for_everybody_brings_everybody_back() -> None:
    result = read(*people(6, 银行卡号=RURAL))
    assert {code for _row, _column, code in codes(result)} == {"account_shared"}
    assert result.rows == ()


def test_each_table_is_looked_at_by_itself() -> None:
    same = people(5, 联系电话="13900000001")
    other = [person(number) for number in range(6, 8)]
    content = workbook({"甲": [list(HEADINGS), *same], "乙": [list(HEADINGS), *other]})
    result = read_roster("荆河街道.xlsx", content)
    assert [(problem.sheet, problem.row) for problem in result.problems] == [("甲", 2)]


# Under two roles, and numbers that became dates.


def test_one_person_under_two_roles_brings_both_rows_back() -> None:
    headings = ["普查区编码", *HEADINGS]
    rows = [
        ["", *person(1)],
        ["370481001001", *person(1, 岗位=SUPERVISOR, 普查小区编码="")],
    ]
    result = read_roster("荆河街道.xlsx", workbook({"a": [headings, *rows]}))
    assert [(problem.row, problem.code) for problem in result.problems] == [
        (2, "duplicate_in_file"), (3, "duplicate_in_file"),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["身份证号", "银行卡号", "普查小区编码"])
@pytest.mark.parametrize("cell", [datetime.date(2020, 1, 2), datetime.datetime(1990, 3, 7, 12)])
def test_a_number_that_became_a_date_is_not_taken_for_its_digits(heading: str, cell: Cell) -> None:
    result = read(person(1, changes={heading: cell}))
    assert codes(result) == [(3, heading, "number_as_date")]
    assert result.rows == ()


def test_a_number_in_scientific_notation_is_lost_even_as_text() -> None:
    result = read(person(1, 身份证号="3.70481E+17"), person(2, 银行卡号="6.21521E+15"))
    assert [code for _row, _column, code in codes(result)] == [
        "identity_rounded", "account_rounded",
    ]  # fmt: skip


def test_the_age_counts_on_the_census_day() -> None:
    born = [f"{2002 - years}{day}" for years, day in ((0, "1101"), (0, "1102"), (75, "1101"))]
    numbers = [with_check_digit(f"370481{date}023") for date in born]
    result = read(*(person(n, 身份证号=identity) for n, identity in enumerate(numbers, 1)))
    assert codes(result) == [(4, "身份证号", "identity_age"), (5, "身份证号", "identity_elderly")]


# Numbers that a spreadsheet has rounded before they became text.


def rounded(number: str) -> str:
    """Excel keeps fifteen digits."""
    return number[:15] + "0" * (len(number) - 15)


def with_sound_zeros(make: Callable[[int], str], sound: Callable[[str], bool]) -> str:
    """The first number of its kind whose check digit is right although it was rounded."""
    return next(number for number in map(rounded, map(make, range(1000))) if sound(number))


SOUND_IDENTITY = with_sound_zeros(
    lambda n: f"37048119{50 + n // 10 % 40}0307{n % 10}00X", mod_11_2.is_valid
)
WRONG_IDENTITY = rounded(made_up(6).identity)
SOUND_CARD = with_sound_zeros(lambda n: f"6222021600{n:05d}0000", luhn.is_valid)
WRONG_CARD = SOUND_CARD[:14] + str((int(SOUND_CARD[14]) + 1) % 10) + "0000"


@pytest.mark.parametrize(
    ("identity", "other", "expected"),
    [
        (WRONG_IDENTITY, made_up(9).identity, "identity_rounded"),
        (SOUND_IDENTITY, made_up(9).identity, "number_zeros"),
        (SOUND_IDENTITY, "370481199003071235", "number_zeros"),  # mistyped, and no company
        (SOUND_IDENTITY, WRONG_IDENTITY, "identity_rounded"),
        (SOUND_IDENTITY, 370481199003071232, "identity_rounded"),
        (SOUND_IDENTITY, "3.70481E+17", "identity_rounded"),
    ],
)
def test_an_identity_number_that_ends_in_zeros_is_known_by_its_company(
    identity: str, other: Cell, expected: str
) -> None:
    result = read(person(1, 身份证号=identity), person(2, changes={"身份证号": other}))
    assert codes(result)[0] == (3, "身份证号", expected)
    assert [row.row for row in result.rows if row.row == 3] == (
        [3] if expected == "number_zeros" else []
    )


@pytest.mark.parametrize(
    ("account", "other", "expected"),
    [
        (WRONG_CARD, ICBC, "account_rounded"),
        (SOUND_CARD, ICBC, "number_zeros"),
        (SOUND_CARD, WRONG_CARD, "account_rounded"),
        (SOUND_CARD, 6215210000000001, "account_rounded"),
        (WRONG_CARD[:-1], ICBC, "account_rounded"),  # and not one that is a digit too short
        (SOUND_CARD[:15], ICBC, "account_length"),
        (rounded(RURAL), ICBC, "account_luhn"),  # one zero says nothing
        (with_luhn_digit("914011400000000100000"), ICBC, ""),
    ],
)
def test_an_account_that_ends_in_zeros_is_known_by_its_company(
    account: str, other: Cell, expected: str
) -> None:
    result = read(
        person(1, 开户行="某行", 银行卡号=account),
        person(2, changes={"开户行": "某行", "银行卡号": other}),
    )
    found = [code for row, _column, code in codes(result) if row == 3]
    assert found == ([expected] if expected else [])


def test_a_number_that_ends_in_zeros_is_told_beside_its_owner_who_may_be_too_old() -> None:
    old = with_sound_zeros(
        lambda n: f"370481{1901 + n // 10 % 40}0307{n % 10}00X", mod_11_2.is_valid
    )
    assert codes(read(person(1, 身份证号=old))) == [(3, "身份证号", "number_zeros")]


def with_cards(*cards: str) -> list[list[Cell]]:
    return [person(n, 开户行="某行", 银行卡号=card) for n, card in enumerate(cards, 1)]


RURAL_CARDS = [rounded(f"62152100000{number:04d}0") for number in range(1, 7)]


def test_five_cards_of_sixteen_digits_that_all_end_in_a_zero_were_rounded() -> None:
    assert {code for _row, _column, code in codes(read(*with_cards(*RURAL_CARDS[:5])))} == {
        "account_rounded"
    }
    mixed = [*RURAL_CARDS[:4], WRONG_CARD, "914011400000000"]
    found = codes(read(*with_cards(*mixed)))
    assert [row for row, _column, code in found if code == "account_rounded"] == [3, 4, 5, 6, 7]


def test_four_of_them_or_one_that_ends_otherwise_prove_nothing() -> None:
    for cards in (RURAL_CARDS[:4], [*RURAL_CARDS, RURAL]):
        found = {code for _row, _column, code in codes(read(*with_cards(*cards)))}
        assert found <= {"account_luhn", "column_constant"}


def test_one_card_on_five_rows_is_shared_and_not_rounded() -> None:
    found = {code for _row, _column, code in codes(read(*with_cards(*RURAL_CARDS[:1] * 5)))}
    assert found == {"account_shared", "account_luhn"}


def test_the_company_of_a_number_stands_in_its_own_table() -> None:
    rows: dict[str, Rows] = {
        "甲": [list(HEADINGS), person(1, 身份证号=SOUND_IDENTITY), person(3, 银行卡号=SOUND_CARD)],
        "乙": [list(HEADINGS), person(2, 身份证号=WRONG_IDENTITY), person(4, 银行卡号=WRONG_CARD)],
    }
    result = read_roster("荆河街道.xlsx", workbook(rows))
    found = [(p.sheet, p.code) for p in result.problems if p.code != "bank_not_of_card"]
    assert found == [
        ("甲", "number_zeros"), ("甲", "number_zeros"),
        ("乙", "identity_rounded"), ("乙", "account_rounded"),
    ]  # fmt: skip


def test_text_that_excel_saved_as_csv_is_told_as_its_cells_were() -> None:
    """The seventh of them has the right check digit."""
    people = [person(n, 身份证号=rounded(made_up(n).identity)) for n in range(1, 9)]
    text = "".join(",".join(map(str, line)) + "\r\n" for line in (HEADINGS, *people))
    result = read_roster("荆河街道.csv", text.encode("gb18030"))
    assert [code for _row, _column, code in codes(result)] == ["identity_rounded"] * 8
