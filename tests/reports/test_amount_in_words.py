"""Amounts in capital numerals, against the rules of the People's Bank and its examples."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies

from reports.pdf.amount_in_words import LIMIT_FEN
from reports.pdf.amount_in_words import amount_in_words

DIGITS = {numeral: value for value, numeral in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}
SECTIONS = {"万": 10**4, "亿": 10**8}


def read_yuan(numerals: str) -> int:
    """What a cashier reads: sections of four digits, 零 only for the eye."""
    total = section = digit = 0
    for numeral in numerals:
        if numeral in DIGITS:
            digit = DIGITS[numeral]
        elif numeral in UNITS:
            assert digit, f"{numeral} without a digit before it in {numerals}"
            section, digit = section + digit * UNITS[numeral], 0
        else:
            total, section, digit = total + (section + digit) * SECTIONS[numeral], 0, 0
    return total + section + digit


def read_fen(words: str) -> int:
    match = re.fullmatch(
        r"人民币(?:(?P<yuan>[^元角分整]+)元)?零?(?:(?P<jiao>[^元角分整零])角)?"
        r"(?:(?P<fen>[^元角分整零])分)?(?P<whole>整)?",
        words,
    )
    assert match, words
    assert bool(match["whole"]) == (not match["jiao"] and not match["fen"]), words
    jiao = DIGITS[match["jiao"] or "零"]
    return read_yuan(match["yuan"] or "零") * 100 + jiao * 10 + DIGITS[match["fen"] or "零"]


@pytest.mark.parametrize(
    ("amount_fen", "words"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角"),
        (55, "人民币伍角伍分"),
        (10_00, "人民币壹拾元整"),
        (12_00, "人民币壹拾贰元整"),
        (800_00, "人民币捌佰元整"),
        (318_400_00, "人民币叁拾壹万捌仟肆佰元整"),
        (1_220_000_00, "人民币壹佰贰拾贰万元整"),
        (1_220_000_05, "人民币壹佰贰拾贰万元零伍分"),
        (5_800_000_00, "人民币伍佰捌拾万元整"),
        (6_680_000_00, "人民币陆佰陆拾捌万元整"),
        (1_000_000_50, "人民币壹佰万元伍角"),
        (10_007_02, "人民币壹万零柒元零贰分"),
        (100_000_000_00, "人民币壹亿元整"),
        (100_010_000_00, "人民币壹亿零壹万元整"),
        # Zeros in 万's place need not be written before thousands; a whole section of them is.
        (101_000_00, "人民币壹拾万壹仟元整"),
        (100_001_000_00, "人民币壹亿零壹仟元整"),
        # The examples of the regulation itself.
        (1_409_50, "人民币壹仟肆佰零玖元伍角"),
        (6_007_14, "人民币陆仟零柒元壹角肆分"),
        (1_680_32, "人民币壹仟陆佰捌拾元叁角贰分"),
        (107_000_53, "人民币壹拾万柒仟元伍角叁分"),
        (16_409_02, "人民币壹万陆仟肆佰零玖元零贰分"),
        (325_04, "人民币叁佰贰拾伍元零肆分"),
    ],
)
def test_words(amount_fen: int, words: str) -> None:
    assert amount_in_words(amount_fen) == words


def amounts() -> strategies.SearchStrategy[int]:
    """Amounts of every length, and those full of zeros in which the rules differ."""
    sparse = strategies.lists(strategies.sampled_from("000015"), min_size=1, max_size=14).map(
        lambda digits: int("".join(digits))
    )
    return strategies.one_of(sparse, strategies.integers(0, LIMIT_FEN - 1))


@given(amounts())
def test_reading_the_words_gives_the_amount(amount_fen: int) -> None:
    assert read_fen(amount_in_words(amount_fen)) == amount_fen


@given(amounts())
def test_zero_is_written_once_and_never_before_a_unit(amount_fen: int) -> None:
    words = amount_in_words(amount_fen)
    assert "零零" not in words
    assert not re.search("零[拾佰仟万亿角分]", words)
    assert not re.search(".零元", words.removeprefix("人民币"))


@given(amounts())
def test_no_gap_lets_a_numeral_be_added(amount_fen: int) -> None:
    assert re.fullmatch(
        "人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+", amount_in_words(amount_fen)
    )


@given(amounts())
def test_a_zero_inside_a_section_of_four_digits_is_written(amount_fen: int) -> None:
    """Article 4 (1): 1,409.50 has 零 between 佰 and 玖; leaving it out invites an insertion."""
    yuan = str(amount_fen // 100)
    last_section = yuan[-4:]
    if re.search("[1-9]0+[1-9]", last_section):
        assert "零" in amount_in_words(amount_fen // 100 * 100)


@pytest.mark.parametrize("amount_fen", [-1, LIMIT_FEN])
def test_amounts_that_are_no_payment(amount_fen: int) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        amount_in_words(amount_fen)
