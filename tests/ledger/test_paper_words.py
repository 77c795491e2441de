"""A key on paper: what is typed in again is the key, or the line that is wrong is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.paper_words import LINES
from ledger.keys.paper_words import PaperIncomplete
from ledger.keys.paper_words import PaperLineWrong
from ledger.keys.paper_words import digits_of_line
from ledger.keys.paper_words import key_from_paper
from ledger.keys.paper_words import paper_lines

KEY = bytes(range(7, 231, 7))
keys = st.binary(min_size=32, max_size=32)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def test_the_lines_on_paper() -> None:
    assert paper_lines(KEY) == [
        "070e 151c 232a 3138  3d",
        "3f46 4d54 5b62 6970  15",
        "777e 858c 939a a1a8  bc",
        "afb6 bdc4 cbd2 d9e0  14",
    ]


@given(keys)
def test_what_is_typed_as_it_stands_is_the_key(key: bytes) -> None:
    lines = paper_lines(key)
    assert key_from_paper("\n".join(lines)) == key
    assert "".join(digits_of_line(n, line) for n, line in enumerate(lines, 1)) == key.hex()


@given(keys)
def test_blanks_capitals_and_full_width_make_no_difference(key: bytes) -> None:
    text = "\r\n\n".join(paper_lines(key))
    for typed in (
        text.upper(),
        text.replace(" ", ""),
        text.replace(" ", "　"),
        text.replace(" ", " - "),
        text.translate(FULL_WIDTH),
        f"\n{text}\n",
        text.replace("0", "O").replace("1", "l"),
    ):
        assert key_from_paper(typed) == key


@given(keys)
def test_the_code_for_the_telephone(key: bytes) -> None:
    assert key_from_paper(key.hex()) == key
    assert key_from_paper(f" {key.hex().upper()}\n") == key


def test_another_digit_is_noticed_and_the_line_named() -> None:
    """A check of two digits lets one mistake of 256 pass; these it does not."""
    lines = paper_lines(KEY)
    missed = 0
    for number, line in enumerate(lines, 1):
        for place, digit in enumerate(line):
            for other in "0123456789abcdef":
                if digit in (" ", other):
                    continue
                try:
                    digits_of_line(number, line[:place] + other + line[place + 1 :])
                    missed += 1
                except PaperLineWrong as refusal:
                    assert refusal.facts() == {"line": number}
                    assert line.split()[0] not in str(refusal)
    assert missed <= LINES * 18 * 15 // 100


def test_lines_in_each_others_place() -> None:
    lines = paper_lines(KEY)
    with pytest.raises(PaperLineWrong, match="line 2"):
        key_from_paper("\n".join([lines[0], lines[2], lines[1], lines[3]]))


def test_digits_in_each_others_place() -> None:
    with pytest.raises(PaperLineWrong, match="line 1"):
        digits_of_line(1, "070e 151c 232a 3138  d3")
    with pytest.raises(PaperLineWrong, match="line 1"):
        digits_of_line(1, "070e 15c1 232a 3138  3d")


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("070e 151c 232a 3138", 16), ("070e 151c 232a 313 3d", 17), ("070e 151c 232a 31388 3d", 19)],
)
def test_too_few_or_too_many_digits(typed: str, digits: int) -> None:
    with pytest.raises(PaperLineWrong, match=f"line 3 has {digits} digits instead of 18"):
        digits_of_line(3, typed)


@pytest.mark.parametrize("typed", ["070e 151c 232a 313g 3d", "零70e 151c 232a 3138 3d"])
def test_letters_that_are_no_digits(typed: str) -> None:
    with pytest.raises(PaperLineWrong, match="line 1 is mistyped"):
        digits_of_line(1, typed)


@pytest.mark.parametrize("lines", [0, 1, 3, 5])
def test_too_few_or_too_many_lines(lines: int) -> None:
    with pytest.raises(PaperIncomplete, match=f"{lines} were typed"):
        key_from_paper("\n".join([*paper_lines(KEY), *paper_lines(KEY)][:lines]))


@given(st.text())
def test_whatever_is_typed_is_a_key_or_a_refusal(text: str) -> None:
    with pytest.raises((PaperLineWrong, PaperIncomplete)):
        key_from_paper(text)
