"""The quick look at headings never says no where the whole search finds what a file needs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.results.header import is_result
from importers.results.words import amount_signs
from importers.results.words import result_words
from importers.statements.layouts import statement_sheets
from importers.statements.words import LONGEST_HEADING
from importers.statements.words import SEARCHED_ROWS
from importers.statements.words import day_signs
from importers.statements.words import statement_words
from importers.tables.headings import HeadingSigns
from importers.tables.headings import HeadingWords
from importers.tables.headings import headings_of
from importers.tables.headings import rows_of_headings
from importers.tables.reading import Sheet

DAYS = statement_words().headings
AMOUNTS = result_words().headings
KINDS = {
    "statement": (day_signs(), DAYS, {"date", "moment"}),
    "result": (amount_signs(), AMOUNTS, {"amount", "amount_or_handled"}),
}
NAMES = [word for words, fields in ((DAYS, KINDS["statement"][2]), (AMOUNTS, KINDS["result"][2]))
         for field in fields for word in words.fields.get(field, ())]  # fmt: skip
# Composed, in two languages, with a number, a unit, a hint; and what makes a heading of none.
NAMES += [
    "实发补助",
    "应付劳务费",
    "补助金额/元",
    "金额(元)",
    "交易日期/Date",
    "1.金额",
    "一、日期",
]
PIECES = [
    *(
        "(",
        ")",
        "（",
        "[",
        "】",
        "元",
        "单位：元",
        "册",
        "花名册",
        "表",
        "的",
        "Date",
        "/元",
        "1)",
        "或",
    ),
    *(
        "姓名",
        "账号",
        "备注",
        "状态",
        "余额",
        "借方",
        "普查区",
        "20201104",
        "62231930882",
        "６２２３１９３０８８２",
    ),
]
PARTS = st.sampled_from(NAMES).flatmap(
    lambda name: st.tuples(st.integers(0, len(name)), st.integers(0, len(name))).map(
        lambda ends: name[min(ends) : max(ends)]
    )
)
CELLS = st.one_of(
    st.sampled_from(NAMES),
    st.lists(PARTS | st.sampled_from(PIECES), max_size=3).map("".join),
    st.just(""),
    st.just(800.0),
)
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4)
)


def may_head(signs: HeadingSigns, cells: Sequence[Sequence[str | float]], kind: str) -> bool:
    words = KINDS[kind][1]
    return signs.may_head(rows_of_headings(cells, words.searched), words.longest)


def test_the_looks_go_as_far_as_the_search() -> None:
    assert (DAYS.searched, DAYS.longest) == (SEARCHED_ROWS, LONGEST_HEADING)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_heading_is_seen(name: str) -> None:
    for kind, (signs, words, fields) in KINDS.items():
        for cell in (
            name,
            f"*{name}",
            f"{name}（见说明）",
            f" {name[:1]}　{name[1:]}",
            f"{name}(元)",
        ):
            if (named := words.named(cell)) and named.field in fields:
                assert may_head(signs, [[cell]], kind)


@given(GRIDS)
def test_what_the_search_finds_was_seen(cells: list[list[str | float]]) -> None:
    for kind, (signs, words, fields) in KINDS.items():
        if any(fields & one.columns.keys() for one in headings_of(cells, words)):
            assert may_head(signs, cells, kind)


class Always(HeadingSigns):
    """A look that passes everything on to the search."""

    def may_head(self, rows: object, longest: int) -> bool:
        return True


@given(
    GRIDS, st.sampled_from([["户名", "账号", "金额", "状态"], ["日期", "借方", "贷方", "余额"], []])
)
def test_the_kind_of_a_sheet_is_the_same_without_a_look(
    cells: list[list[str | float]], headings: list[str]
) -> None:
    width = max(len(headings), len(cells[0]))
    rows: list[Sequence[str | float]] = [*cells, headings] if headings else [*cells]
    sheet = Sheet("", False, [[*row, *[""] * (width - len(row))] for row in rows])
    quick = bool(statement_sheets([sheet])), is_result([sheet])
    with pytest.MonkeyPatch.context() as patched:
        nothing: frozenset[str] = frozenset()
        patched.setattr("importers.statements.header.day_signs", lambda: Always(nothing, nothing))
        patched.setattr(
            "importers.results.header.amount_signs", lambda _own: Always(nothing, nothing)
        )
        assert quick == (bool(statement_sheets([sheet])), is_result([sheet]))


@pytest.mark.parametrize(
    "cell",
    [
        "填报日期：2020年11月4日",
        "善南街道人口普查两员补助花名册（2020年）",
        "单位（盖章）：龙阳镇统计站",
    ],
)
def test_what_stands_above_a_roster_is_no_heading(cell: str) -> None:
    assert not any(may_head(signs, [[cell]], kind) for kind, (signs, *_rest) in KINDS.items())


def test_a_bracket_that_closes_in_the_next_cell_is_looked_into() -> None:
    words: HeadingWords = AMOUNTS
    cells = [["金额（", "名册", "账号"], ["", "花名册）", "卡号"]]
    for one in headings_of(cells, words):
        if "amount" in one.columns:
            assert may_head(amount_signs(), cells, "result")
