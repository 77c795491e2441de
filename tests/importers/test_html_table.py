"""Web pages under the name of a workbook: their tables are read like any other table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from importers.rosters.roster import read_roster
from importers.tables import html_table
from importers.tables import refusals as table_refusals
from importers.tables.reading import read_tables
from importers.tables.workbook_limits import ROW_LIMIT
from ledger.base.refusals import Refusal
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import Rows
from tests.support.roster_files import person

PAGE = (
    '<html><head><meta charset="{charset}"></head><body><table>'
    "<tr><td>姓名</td><td>卡号</td></tr><tr><td>李䶮</td><td>6215210000000019</td></tr>"
    "</table></body></html>"
)
PAGE_CELLS = [["姓名", "卡号"], ["李䶮", "6215210000000019"]]


def table(rows: str) -> list[list[str]]:
    """The cells of a page whose only table has these rows."""
    ((cells, _merged),) = html_table.read_html("a.xls", f"<table>{rows}</table>")
    return cells


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "GBK", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_by_its_content_whatever_it_declares(encoding: str, declared: str) -> None:
    page = PAGE.format(charset=declared).encode(encoding)
    (sheet,) = read_tables("结果.xls", page)
    assert (sheet.name, sheet.hidden) == ("", False)
    assert sheet.cells == PAGE_CELLS


def test_big5_is_read_where_it_is_declared() -> None:
    page = PAGE.replace("李䶮", "張明").replace("号", "號").format(charset="Big5").encode("big5")
    (sheet,) = read_tables("a.xls", page)
    assert sheet.cells[1][0] == "張明"


@pytest.mark.parametrize(
    "beginning",
    [
        "<table>", "\n <TABLE border=1>", "<!DOCTYPE html><table>", "<style>td{}</style><table>",
        "<!-- made by a bank --><table>", '<meta charset="utf-8"><table>', "<div><table>",
        '<?xml version="1.0" encoding="UTF-8"?><html><table>',
    ],
)  # fmt: skip
def test_pages_begin_in_many_ways(beginning: str) -> None:
    (sheet,) = read_tables("a.xls", f"{beginning}<tr><td>张三</td></tr></table>".encode())
    assert sheet.cells == [["张三"]]


def test_every_cell_is_text_with_its_blanks_run_together() -> None:
    assert table(
        "<tr><td> 0215210000000001\n</td><td>800.00</td><td>张&nbsp;三</td><td>a&#44;&lt;b</td>"
        '<td>="0019"</td></tr>'
    ) == [["0215210000000001", "800.00", "张\xa0三", "a,<b", "0019"]]


def test_tags_within_a_cell_leave_its_text() -> None:
    assert table(
        "<tr><td><font color=red><b>张</b>三</font></td><td>姓名<br>(不超过60个字节)</td>"
        "<td><p>甲</p><p>乙</p></td><td><!-- 丙 -->"
        "<script>if (1 < 2) x = '</td>'</script>丁</td></tr>"
    ) == [["张三", "姓名\n(不超过60个字节)", "甲\n乙", "丁"]]


def test_the_first_of_spanned_cells_has_the_text() -> None:
    assert table(
        "<tr><td colspan=3>回盘文件</td></tr>"
        "<tr><td rowspan='2'>甲</td><td>乙</td><td rowspan=0>丙</td></tr>"
        "<tr><td>丁</td></tr>"
        "<tr><td>戊</td></tr>"
        "<tr><td rowspan=2 colspan=2>己</td></tr>"
        "<tr></tr>"
    ) == [
        ["回盘文件", "", ""],
        ["甲", "乙", "丙"],
        ["", "丁", ""],
        ["戊", "", ""],
        ["己", "", ""],
        ["", "", ""],
    ]


def test_tags_that_were_not_closed_are_closed_by_the_next() -> None:
    assert table("<tr><td>甲<td>乙<tr><td>丙<tbody><tr><th>丁</tbody>") == [
        ["甲", "乙"], ["丙", ""], ["丁", ""],
    ]  # fmt: skip
    assert table("<td>甲<td>乙") == [["甲", "乙"]]


def test_each_table_is_a_sheet_and_a_table_within_a_cell_too() -> None:
    page = (
        "<table><tr><td>标题<table><tr><td>姓名</td></tr></table>之后</td></tr></table>"
        "<table><tr><td> </td></tr></table><table><tr><td>卡号</td></tr></table>"
    )
    sheets = read_tables("a.xls", page.encode())
    assert [(sheet.name, sheet.cells) for sheet in sheets] == [
        ("1", [["标题\n之后"]]), ("2", [["姓名"]]), ("3", [["卡号"]]),
    ]  # fmt: skip


def test_a_roster_is_read_from_a_web_page() -> None:
    rows: Rows = [list(HEADINGS), person(1), person(2)]
    page = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    roster = read_roster("荆河街道.xls", f"<table>{page}</table>".encode("gb18030"))
    assert [row.account for row in roster.rows] == [rows[1][-1], rows[2][-1]]


def test_a_card_that_spans_two_people_of_a_web_page_is_one_card_for_two() -> None:
    headings = "".join(f"<td>{heading}</td>" for heading in HEADINGS)
    first, second = (
        "".join(f"<td>{cell}</td>" for cell in person(number)[:-1]) for number in (1, 2)
    )
    account = person(1)[-1]
    page = (
        f"<table><tr>{headings}</tr><tr>{first}<td rowspan=2>{account}</td></tr>"
        f"<tr>{second}</tr></table>"
    )
    roster = read_roster("荆河街道.xls", page.encode())
    assert [(problem.row, problem.code) for problem in roster.problems] == [
        (2, "account_shared"), (3, "account_shared"),
    ]  # fmt: skip


REFUSED: dict[str, tuple[str, type[Refusal]]] = {
    "no table": ("<html><body>会话超时，请重新登录</body></html>", table_refusals.NotATable),
    "a table without rows": ("<table></table>", table_refusals.NotATable),
    "an empty table": ("<table><tr><td> </td></tr></table>", table_refusals.NoRowsInWorkbook),
    "cut in a row": ("<table><tr><td>张三</td></tr><tr><td>李", table_refusals.DamagedWorkbook),
    "cut behind a cell": ("<table><tr><td>张三</td>", table_refusals.DamagedWorkbook),
    "cut in a tag": ("<table><tr><td>张三</td></tr></table", table_refusals.DamagedWorkbook),
    "cut in a comment": (
        "<table><tr><td>张三</td></tr></table><!--",
        table_refusals.DamagedWorkbook,
    ),
    "a strange section": ("<table><![x[<tr><td>张三</table>", table_refusals.DamagedWorkbook),
    "a wide cell": ("<table><tr><td colspan=703>张三</table>", table_refusals.TableTooLarge),
    "a wide row": ("<table><tr>" + "<td>甲" * 703 + "</table>", table_refusals.TableTooLarge),
    "many rows": (
        "<table>" + "<tr>" * (ROW_LIMIT + 2) + "<td>甲</table>",
        table_refusals.TableTooLarge,
    ),
    "many cells that span": (
        "<table><tr><td rowspan=0 colspan=700>甲" + "<tr>" * 20_000 + "</table>",
        table_refusals.TableTooLarge,
    ),
    "many tables": ("<table>" * 1001, table_refusals.TableTooLarge),
    "many tables that span": (
        ("<table><tr><td rowspan=0 colspan=700>甲" + "<tr>" * 9000 + "</table>") * 2,
        table_refusals.TableTooLarge,
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(kind: str) -> None:
    page, refusal = REFUSED[kind]
    with pytest.raises(refusal) as refused:
        read_tables("结果.xls", page.encode())
    assert str(refused.value).startswith("结果.xls: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("sign", ["<!--", "<!", "<?", "</", "<a ", "<![if ", "&", "<a b='", '<a "'])
def test_signs_that_never_close_cost_no_more_than_others(sign: str) -> None:
    """Two megabytes, of which a parser that begins anew at each sign would make days."""
    page = "<table><tr><td>张三</td></tr></table>" + sign * (2_000_000 // len(sign))
    try:
        (sheet,) = read_tables("a.xls", page.encode())
    except Refusal as refusal:
        assert isinstance(refusal, table_refusals.DamagedWorkbook)
    else:
        assert sheet.cells == [["张三"]]


def test_an_entity_that_a_page_defines_is_not_followed() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<table><tr><td>甲</td><td>&x;</td></tr></table>"
    )
    (sheet,) = read_tables("a.xls", page.encode())
    assert sheet.cells == [["甲", "&x;"]]


PIECES = (
    "<table> </table> <tr> </tr> <td> </td> <td/colspan=2> <th/rowspan=3> <td/rowspan=0>"
    " 甲 &nbsp; <br> <!-- --> <script> </script> <"
)
MARKUP = strategies.lists(strategies.sampled_from(PIECES.split()), max_size=40).map(" ".join)


@settings(max_examples=200)
@given(MARKUP)
def test_any_page_is_a_rectangle_or_refused(markup: str) -> None:
    try:
        tables = html_table.read_html("a.xls", f"<table>{markup}</table>")
    except Refusal as refusal:
        assert str(refusal).startswith("a.xls: ")
    else:
        for cells, _merged in tables:
            assert len({len(row) for row in cells}) == 1
            assert any(any(row) for row in cells)
