"""Text files as they are met: stray marks, unquoted thousands, separators, halves of characters."""

from __future__ import annotations

import pytest

from importers.tables import refusals
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.delimited_text import read_delimited
from importers.tables.quoted_text import LINE_BREAKS_IN_A_CELL
from importers.tables.reading import read_tables
from importers.tables.spelling import spoken
from ledger.base.refusals import Refusal

HEADINGS = "序号,账号,户名,金额,摘要,结果"
FIRST = "1,6223191003395634,王建国,800.00,补助,成功"
FAILED = "2,6223191034140025,刘洋,800.00,补助,失败"
LAST = "3,6223191021581769,张伟,800.00,补助,成功"


def rows(*lines: str, end: str = "\n") -> list[list[str]]:
    return read_delimited("回盘.csv", end.join(lines) + end)


def refused(*lines: str, end: str = "\n") -> Refusal:
    with pytest.raises(Refusal) as found:
        rows(*lines, end=end)
    return found.value


PLAIN = [line.split(",") for line in (HEADINGS, FIRST, FAILED, LAST)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "mark",
    ['"补助', '"补"助', '补"助', '补助"', '补""助', '"补助""', '"补"助"费'],
)
def test_a_mark_within_a_text_moves_no_cell(mark: str, end: str) -> None:
    """It does not close as it should, or is at no beginning: it is a sign like others."""
    found = rows(HEADINGS, FIRST, FAILED.replace("补助", mark), LAST, end=end)
    assert len(found) == 4
    assert [row[:4] + row[5:] for row in found] == [row[:4] + row[5:] for row in PLAIN]
    assert "补" in found[2][4]


@pytest.mark.parametrize("columns", [("补助", "补助"), ("王建国", "张伟"), ("成功", "成功")])
def test_a_mark_that_closes_in_a_row_below_is_refused(columns: tuple[str, str]) -> None:
    """What they hold would be a whole row: nobody says whether it is one."""
    opens, closes = columns
    refusal = refused(
        HEADINGS, FIRST.replace(opens, f'"{opens}'), FAILED, LAST.replace(closes, f'{closes}"')
    )
    assert isinstance(refusal, refusals.UnclosedQuote)
    assert refusal.facts()["row"] == 2


def test_a_mark_that_closes_in_another_column_moves_no_state() -> None:
    opened, closed = FAILED.replace("刘洋", '"刘洋'), LAST.replace("补助", '补助"')
    assert refused(HEADINGS, FIRST, opened, closed).facts()["row"] == 3


def test_marks_around_several_cells_of_a_row_are_refused() -> None:
    refusal = refused(HEADINGS, FIRST, FAILED.replace("补助,失败", '"补助,失败"'), LAST)
    assert refusal.facts()["row"] == 3


def test_a_text_in_marks_is_a_cell_with_all_that_it_holds() -> None:
    text = '"补助,第一批\n第二批 ""甲"""'
    found = rows(HEADINGS, FIRST.replace("补助", text), FAILED, LAST)
    assert found[1][4] == '补助,第一批\n第二批 "甲"'
    assert len(found) == 4


def test_an_amount_in_marks_may_stand_in_a_shorter_row() -> None:
    found = rows(HEADINGS, FIRST, FAILED, LAST, '合计,,3笔,"2,400.00",')
    assert found[-1][3] == "2,400.00"


@pytest.mark.parametrize("separator", ["||", "|+|", "@@", "~~", "#!#", "$$", "|@|", "&&"])
def test_a_separator_may_have_several_signs(separator: str) -> None:
    lines = [line.replace(",", separator) for line in (HEADINGS, FIRST, FAILED, LAST)]
    assert rows(*lines) == rows(HEADINGS, FIRST, FAILED, LAST)
    lacking = lines[1].replace(separator + "补助", separator)
    assert rows(lines[0], lacking, *lines[2:])[1][4] == ""


def test_empty_cells_side_by_side_are_no_separator() -> None:
    found = rows("序号|备注|姓名", "1||张三", "2||李四")
    assert found == [["序号", "备注", "姓名"], ["1", "", "张三"], ["2", "", "李四"]]


def test_a_line_of_many_lines_is_no_cell() -> None:
    text = '"补助' + "\n" * (LINE_BREAKS_IN_A_CELL + 1) + '"'
    assert refused(HEADINGS, FIRST.replace("补助", text), FAILED).facts()["row"] == 2


@pytest.mark.parametrize(
    "line",
    [
        "1,6223191003395634,王建国,10,000.00,补助,成功",
        "1,6223191003395634,王建国,1,600.50,补助,成功",
        "1,6223191003395634,王建国,-1,600.50,补助,成功",
        "1,6223191003395634,王建国,1,200,300.00,补助,成功",
        "1,6223191003395634,王建国,800.00,补助,纸,成功",
        "1,6223191003395634,王建国,10,000.00,成功",
    ],
)
def test_a_separator_within_an_amount_or_a_text_is_refused(line: str) -> None:
    refusal = refused(HEADINGS, FAILED, line)
    assert isinstance(refusal, refusals.WiderThanHeadings)
    assert refusal.facts()["row"] == 3


@pytest.mark.parametrize(
    "line",
    [
        "1,6223191003395634,王建国,800.00,补助,成功,,,",
        "合计,笔数:,3,金额:,2400.00,成功笔数:,2",
        "1,6223191003395634,王建国,800.00,补助,成功, ",
        "1,001,王建国,800.00,补助,成功",
        '1,6223191003395634,王建国,"10,000.00",补助,成功',
    ],
)
def test_rows_that_only_look_wide_are_read(line: str) -> None:
    assert len(rows(HEADINGS, line)) == 2


@pytest.mark.parametrize("sign", [*",\t;|~^│┃¦｜；", "，"])
def test_any_sign_that_makes_columns_of_the_rows_separates_them(sign: str) -> None:
    lines = ["关于补助，请查收", *(line.replace(",", sign) for line in (HEADINGS, FIRST, FAILED))]
    found = rows(*lines)
    assert [cell for cell in found[2] if cell] == FIRST.split(",")


@pytest.mark.parametrize(
    ("side", "line"), [("│", "├────┼────┤"), ("|", "+----+----+"), ("┃", "━━")]
)
def test_a_drawn_table_is_read_without_its_lines(side: str, line: str) -> None:
    drawn = [side + text.replace(",", f" {side} ") + side for text in (HEADINGS, FIRST, FAILED)]
    found = rows(line, drawn[0], line, drawn[1], line, drawn[2], line)
    assert [row for row in found if any(row)] == PLAIN[:3]
    assert found[3] == PLAIN[1]


def test_signs_in_texts_separate_nothing() -> None:
    found = rows(
        "日期,摘要,金额", "2020-11-02,10~11月~补助~甲,1.00", "2020-11-03,11~12月~补助~甲,2.00"
    )
    assert found[1] == ["2020-11-02", "10~11月~补助~甲", "1.00"]


@pytest.mark.parametrize("behind", [",1,2", '",1,2', "\r\n1,2,3", " ,1,2"])
@pytest.mark.parametrize(("encoding", "cut"), [("gb18030", 1), ("utf-8", 1), ("utf-8", 2)])
def test_half_a_character_at_the_end_of_a_text_costs_no_more_than_itself(
    encoding: str, cut: int, behind: str
) -> None:
    text = f"{HEADINGS}\n{FIRST}\n{FAILED}\n"
    opening = '"' if behind.startswith('"') else ""
    content = text.encode(encoding) + f"{opening}滕州市第七中".encode(encoding)[:-cut]
    (sheet,) = read_tables("a.csv", content + behind.encode() + b"\n")
    assert str(sheet.cells[3][0]).startswith("滕州市第七\ufffd")


@pytest.mark.parametrize(
    ("wrong", "encoding"),
    [(b"\xffabc", "gb18030"), (b"\xb2,\xff\xfex", "gb18030")],
)
def test_other_wrong_bytes_are_refused(wrong: bytes, encoding: str) -> None:
    with pytest.raises(refusals.NotATable):
        read_tables("a.csv", f"{HEADINGS}\n{FIRST}\n".encode(encoding) + wrong + b"\n")


@pytest.mark.parametrize(
    "name",
    [
        "王⽂⽅",
        "王\u200b文方",
        "王文\ufeff方",
        "王\u00ad文方",
        "王\u2800文方",
        "王文方\ufffc",
        "\u3164王文方",
    ],
)
def test_a_name_is_read_without_what_only_looks_so(name: str) -> None:
    assert person_name(name) == "王文方"


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("银\u200b行卡号", "银行卡号"), ("⾦额", "金额"), ("⻄岗镇", "西岗镇"),
        ("账\u2060号", "账号"),
        ("ＢＡＮＫ", "BANK"), ("帐号\ufeff", "账号"), ("\uf90a额", "金额"), ("⻢⼀⻰", "马一龙"),
    ],
)  # fmt: skip
def test_words_are_read_without_what_only_looks_so(word: str, plain: str) -> None:
    assert spoken(word) == plain


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("6223193082880791.0", "6223193082880791"),
        ("6217003180266124826.00", "6217003180266124826"),
        ("370481200003090583.0", "370481200003090583"),
        ("18798030187.0", "18798030187"),
        ("６２２３１９３０８２８８０７９１．０", "6223193082880791"),
        ("370481200003090560.0", "370481200003090560.0"),
        ("6223193082880791.5", "6223193082880791.5"),
    ],
)
def test_a_number_that_a_program_wrote_with_a_point_is_whole(cell: str, number: str) -> None:
    """One whose last digits a floating point number would have lost stays, and is no number."""
    assert number_text(cell) == number
