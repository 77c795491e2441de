"""Tables: files are read by what is in them, and what cannot be read is refused in one line."""

from __future__ import annotations

import codecs
import datetime
import io
import re
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from importers.tables import old_workbook as old_workbook_module
from importers.tables import refusals as table_refusals
from importers.tables.reading import read_tables
from importers.tables.refusals import NotATable
from ledger.base.refusals import Refusal
from tests.support.roster_files import Rows
from tests.support.roster_files import workbook

ROWS = (("姓名", "银行卡号"), ("张三", "6215210000000001"), ("李䶮", "6215210000000019"))


def delimited(delimiter: str = ",", rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def old_workbook() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名册")
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            page.write(number, column, cell)
    book.add_sheet("备用").visibility = 1
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rebuilt(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The zip archive with each member changed."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return result.getvalue()


def test_cells_keep_their_type_and_rows_their_number() -> None:
    rows: Rows = [[], [], ["", "姓名", 370481199003071232, 2.5, True, datetime.date(2020, 11, 1)]]
    (sheet,) = read_tables("a.xlsx", workbook({"名册": rows}))
    assert sheet.name == "名册"
    assert [list(row) for row in sheet.cells[:2]] == [[""] * 6, [""] * 6]
    assert list(sheet.cells[2]) == [
        "", "姓名", 370481199003071232.0, 2.5, True, datetime.date(2020, 11, 1),
    ]  # fmt: skip


def test_days_and_times_of_an_old_workbook_keep_their_type() -> None:
    moments = {
        datetime.date(2020, 11, 1): "YYYY-MM-DD",
        datetime.datetime(2020, 11, 1, 8, 30, 5): "YYYY-MM-DD HH:MM:SS",
        datetime.time(8, 30): "HH:MM",
        1.25: "[h]:mm:ss",
    }
    book = xlwt.Workbook()
    page = book.add_sheet("名册")
    for column, (moment, form) in enumerate(moments.items()):
        page.write(0, column, moment, xlwt.easyxf(num_format_str=form))
    page.write(0, len(moments), True)
    content = io.BytesIO()
    book.save(content)
    (sheet,) = read_tables("a.xls", content.getvalue())
    expected = [*list(moments)[:3], datetime.timedelta(days=1, hours=6), True]
    assert list(sheet.cells[0]) == expected
    assert list(map(type, sheet.cells[0])) == list(map(type, expected))


@pytest.mark.parametrize(
    "text",
    [
        "姓名,身分證號,銀行帳號",
        "木石鎮兩員花名冊",
        "序號,戶名,開戶行,聯絡電話",
        "普查員名單\n王小明,李大同",
    ],
)
def test_text_in_big5_is_refused_because_of_its_encoding(text: str) -> None:
    with pytest.raises(NotATable, match="Big5"):
        read_tables("a.csv", f"{text}\n{text}".encode("big5"))
    assert read_tables("a.csv", f"{text}\n{text}".encode("gb18030"))


@pytest.mark.parametrize("sign", ["~", "│", "^", "｜"])
def test_an_unusual_delimiter_far_down_is_only_a_character(sign: str) -> None:
    text = "姓名,金额\n" + "张三,1\n" * 60 + f"王{sign}五,2\n"
    (sheet,) = read_tables("a.csv", text.encode())
    assert list(sheet.cells[-1]) == [f"王{sign}五", "2"]


def test_every_sheet_is_given_and_hidden_ones_are_marked() -> None:
    content = workbook({"甲": ROWS, "乙": ROWS, "丙": []}, hidden=["乙"])
    sheets = read_tables("a.xlsx", content)
    assert [(sheet.name, sheet.hidden, len(sheet.cells)) for sheet in sheets] == [
        ("甲", False, 3), ("乙", True, 3), ("丙", False, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_an_old_workbook_is_read_whatever_its_name(name: str) -> None:
    first, second = read_tables(name, old_workbook())
    assert tuple(map(tuple, first.cells)) == ROWS
    assert (first.hidden, second.name, second.hidden) == (False, "备用", True)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("gb18030", b""),
    ],
)
def test_text_is_read_in_any_of_its_encodings(delimiter: str, encoding: str, mark: bytes) -> None:
    (sheet,) = read_tables("a.xls", mark + delimited(delimiter).encode(encoding))
    assert (sheet.name, sheet.hidden) == ("", False)
    assert tuple(map(tuple, sheet.cells)) == ROWS


def test_the_order_of_bytes_is_not_mistaken_for_a_name() -> None:
    """一 is U+4E00 and has its NUL where digits have none."""
    rows = (("姓名", "小区"), *[("一丁", "1")] * 9)
    (sheet,) = read_tables("a.csv", delimited(rows=rows).encode("utf-16-le"))
    assert tuple(map(tuple, sheet.cells)) == rows


def test_rows_of_text_are_counted_as_a_spreadsheet_counts_them() -> None:
    """A line break inside a cell begins no row, an empty line is one; the table is a rectangle."""
    (sheet,) = read_tables("a.csv", '名册\n\n"身份证\n号",姓名\n1,2,3\n'.encode())
    assert [list(row) for row in sheet.cells] == [
        ["名册", "", ""], ["", "", ""], ["身份证\n号", "姓名", ""], ["1", "2", "3"],
    ]  # fmt: skip


def test_numbers_guarded_as_formulas_are_text() -> None:
    (sheet,) = read_tables("a.csv", '姓名,卡号\n张三,="0215210000000001"\n'.encode())
    assert sheet.cells[1][1] == "0215210000000001"


def test_characters_that_gb18030_moved_are_the_standard_ones() -> None:
    (sheet,) = read_tables("a.csv", "姓名,备注\n".encode("gb18030") + b"\xfe\x59,x\n")
    assert sheet.cells[1][0] == "\u9fb4"


def test_tabs_within_quotes_do_not_decide_the_delimiter() -> None:
    """Some banks put one behind every text of a row, so that there are more TABs than commas."""
    row = '"张三\t","6215210000000001\t"\r\n'
    (sheet,) = read_tables("a.csv", f"姓名,银行卡号\r\n{row * 60}".encode("gb18030"))
    assert [list(cells) for cells in sheet.cells[1:]] == [["张三\t", "6215210000000001\t"]] * 60


def test_a_title_with_commas_does_not_decide_the_delimiter() -> None:
    text = "名册,一,二\n" + "姓名;卡号;电话;岗位\n" + "张三;1;2;普查员\n" * 3
    (sheet,) = read_tables("a.csv", text.encode())
    assert list(sheet.cells[2]) == ["张三", "1", "2", "普查员"]


def empty_workbook() -> bytes:
    return workbook({"Sheet1": [], "旧": ROWS}, hidden=["旧"])


def word_document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return content.getvalue()


def encrypted_workbook() -> bytes:
    """An encrypted .xlsx is an OLE file with a stream of this name."""
    return old_workbook() + "EncryptedPackage".encode("utf-16-le")


def far_corners() -> bytes:
    return workbook_with_cells((0, 0), (1_048_575, 16_383))


def workbook_with_cells(*places: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        for row, column in places:
            page.write_string(row, column, "x")
    return content.getvalue()


def zip_bomb() -> bytes:
    blanks = b" " * (300 * 1024 * 1024)
    return rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: part + blanks if name.endswith("sheet1.xml") else part,
    )


def with_password(content: bytes, *, protected: bool = False) -> bytes:
    """The first record of an .xls file as one of a password, as Excel writes it."""
    beginning = content.index(bytes.fromhex("0908100000060500"))
    record = ("86000000" if protected else "") + "2f003600010001000100"
    changed = bytes.fromhex(record)
    place = beginning + 20
    return content[:place] + changed + content[place + len(changed) :]


def long_text_in_many_cells() -> bytes:
    """A hundred kilobytes whose every cell refers to one long text: four gigabytes of cells."""
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>2</v></c></row>' % (row, row) for row in range(4, 9000)
    )
    return rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: (
            part.replace("张三".encode(), b"A" * 32_767 * 15)
            if name.endswith("sharedStrings.xml")
            else part.replace(b"</sheetData>", cells + b"</sheetData>")
        ),
    )


def many_sheets_just_within_the_limits() -> bytes:
    """A sheet is as large as its last cell is far: eight of them in some kilobytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for _number in range(8):
            page = book.add_worksheet()
            page.write_string(0, 0, "x")
            page.write_string(9_998, 700, "x")
    return content.getvalue()


def far_away(cell: bytes, beginning: bytes = b"A5") -> Callable[[], bytes]:
    """A cell in the last row, written as some program might: laid out it would take all memory."""
    first = b'<row r="5"><c r="%s"><v>1</v></c></row>' % beginning
    rows = first + b'<row r="1048576">%s</row></sheetData>' % cell
    return lambda: rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: (
            part.replace(b"</sheetData>", rows) if name.endswith("sheet1.xml") else part
        ),
    )


def in_another_encoding() -> bytes:
    return rebuilt(
        far_away(b'<c r="XFD1048576"><v>1</v></c>')(),
        lambda name, part: (
            part.decode().replace("UTF-8", "UTF-16").encode("utf-16")
            if name.endswith("sheet1.xml")
            else part
        ),
    )


def tags_that_never_close() -> bytes:
    """Who looks for the end of each from its beginning looks for ever."""
    noise = b' r="AAA1"' + b"<c " * 1_000_000 + b'"s"' * 1_000_000
    return rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: (
            part.replace(b"</sheetData>", noise + b"</sheetData>")
            if name.endswith("sheet1.xml")
            else part.replace("张三".encode(), b"A" * 1000)
        ),
    )


def entities_that_multiply() -> bytes:
    """Each entity is ten of the one before; a reader that follows them runs out of memory."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: (
            part.replace("张三".encode(), b"&a9;").replace(
                b"<sst", f"<!DOCTYPE sst [{entities}]><sst".encode(), 1
            )
            if name.endswith("sharedStrings.xml")
            else part
        ),
    )


def half_a_sheet() -> bytes:
    return rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: part[: len(part) // 2] if name.endswith("sheet1.xml") else part,
    )


REFUSED: dict[str, tuple[Callable[[], bytes], type[Refusal], str]] = {
    "nothing": (lambda: b"", table_refusals.EmptyFile, "empty"),
    "blanks": (lambda: codecs.BOM_UTF8 + b"\r\n", table_refusals.EmptyFile, "empty"),
    "a PDF": (lambda: b"%PDF-1.7\n", table_refusals.NotATable, "a PDF document"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0", table_refusals.NotATable, "a picture"),
    "a .docx": (word_document, table_refusals.NotATable, "another kind of document"),
    "a .doc": (
        lambda: old_workbook() + "WordDocument".encode("utf-16-le"),
        table_refusals.NotATable,
        "a document of another kind",
    ),
    "binary": (lambda: bytes(range(256)), table_refusals.NotATable, ".csv file"),
    "no encoding": (lambda: b"\xff,\xff\n" * 9, table_refusals.NotATable, "GB18030"),
    "UTF-16 cut in two": (
        lambda: delimited().encode("utf-16-le")[:-1],
        table_refusals.NotATable,
        ".csv file",
    ),
    "UTF-8 filled up with NUL": (
        lambda: delimited().encode() + b"\0" * 400,
        table_refusals.NotATable,
        ".csv file",
    ),
    "text with a few NULs": (
        lambda: delimited().encode("gb18030").replace(b"\r", b"\0"),
        table_refusals.NotATable,
        ".csv file",
    ),
    "a record of small numbers": (
        lambda: b"".join(number.to_bytes(2, "little") for number in range(200)),
        table_refusals.NotATable,
        ".csv file",
    ),
    "XML": (
        lambda: b'<?xml version="1.0"?><Workbook><Worksheet><Table/></Worksheet></Workbook>',
        table_refusals.XmlTable,
        "XML table; open it in WPS or Excel and save as .xlsx",
    ),
    "encrypted": (encrypted_workbook, table_refusals.EncryptedWorkbook, "password"),
    "an old one encrypted": (
        lambda: with_password(old_workbook()),
        table_refusals.EncryptedWorkbook,
        "password",
    ),
    "an old one encrypted and protected": (
        lambda: with_password(old_workbook(), protected=True),
        table_refusals.EncryptedWorkbook,
        "password",
    ),
    "cut short": (
        lambda: workbook({"a": ROWS})[:-40],
        table_refusals.DamagedWorkbook,
        "open it in WPS or Excel",
    ),
    "an old one cut": (
        lambda: old_workbook()[:2000],
        table_refusals.DamagedWorkbook,
        "damaged",
    ),
    "half a sheet": (half_a_sheet, table_refusals.DamagedWorkbook, "damaged"),
    "no visible rows": (empty_workbook, table_refusals.NoRowsInWorkbook, "no visible sheet"),
    "far corners": (far_corners, table_refusals.TableTooLarge, "too large"),
    "a million rows": (
        lambda: workbook_with_cells((0, 0), (1_048_575, 0)),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "all columns": (
        lambda: workbook_with_cells((0, 0), (5, 16_383)),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a zip bomb": (zip_bomb, table_refusals.TableTooLarge, "too large"),
    "one long text in many cells": (
        long_text_in_many_cells,
        table_refusals.TableTooLarge,
        "too large",
    ),
    "many sheets just within the limits": (
        many_sheets_just_within_the_limits,
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a far cell in small letters": (
        far_away(b'<c r="xfd1048576"><v>1</v></c>'),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a far cell that its row alone places": (
        far_away(b"<c ><v>1</v></c>", b"ZZ5"),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a far cell without any attribute": (
        far_away(b"<c><v>1</v></c>", b"ZZ5"),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a far cell behind a sign in quotes": (
        far_away(b'<c x=">" r="XFD1048576"><v>1</v></c>'),
        table_refusals.TableTooLarge,
        "too large",
    ),
    "a far cell in another encoding": (
        in_another_encoding,
        table_refusals.NoRowsInWorkbook,
        "no visible sheet",
    ),
    "tags that never close": (
        tags_that_never_close,
        table_refusals.TableTooLarge,
        "too large",
    ),
    "entities that multiply": (
        entities_that_multiply,
        table_refusals.DamagedWorkbook,
        "damaged",
    ),
    "wide text": (lambda: b"," * 20_000, table_refusals.TableTooLarge, "too large"),
    "an open quote": (
        lambda: '姓名,卡号\n"张三,1\n'.encode() + b"a,2\n" * 30,
        table_refusals.UnclosedQuote,
        "row 2",
    ),
}


@pytest.mark.parametrize("empty_row", ["\n", "\r\n", "\r", '""\n', ",,\n", '"",\n'])
def test_rows_of_text_without_end_are_refused_before_they_are_built(empty_row: str) -> None:
    """A million empty lines are a megabyte of text, and would be a hundred of rows."""
    content = (delimited() + empty_row * 1_000_000).encode()
    tracemalloc.start()
    try:
        with pytest.raises(table_refusals.TableTooLarge):
            read_tables("荆河街道.csv", content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 60_000_000


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_is_refused_in_one_line(kind: str) -> None:
    content, refusal, words = REFUSED[kind]
    with pytest.raises(refusal) as refused:
        read_tables("荆河街道.xlsx", content())
    message = str(refused.value)
    assert message.startswith("荆河街道.xlsx: ")
    assert words in message
    assert "\n" not in message


def test_formatting_far_below_the_list_is_not_content() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, "姓名")
        page.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert [list(row) for row in sheet.cells] == [["姓名"]]


@pytest.mark.parametrize("row", [b'<row r="%d" ht="15"/>', b'<row r="%d"><c r="ZZ9" s="1"/></row>'])
def test_a_million_empty_rows_are_no_rows(row: bytes) -> None:
    empty = b"".join(row % number for number in range(4, 1_048_577, 7))
    content = rebuilt(
        workbook({"a": ROWS}),
        lambda name, part: (
            part.replace(b"</sheetData>", empty + b"</sheetData>") if "sheet1" in name else part
        ),
    )
    (sheet,) = read_tables("a.xlsx", content)
    assert tuple(map(tuple, sheet.cells)) == ROWS


def test_formulas_count_by_what_they_showed_and_are_not_followed() -> None:
    """A link to another file is neither opened nor asked for: the value that it had is there."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_formula(0, 0, '=CONCATENATE("张","三")', None, "张三")
        page.write_formula(0, 1, "='[C:\\secret.xlsx]Sheet1'!$A$1", None, "6215210000000001")
        page.write_formula(0, 2, "=VLOOKUP(1,A1:B2,9)", None, "#N/A")
        page.write_string(0, 3, '=HYPERLINK("http://example.invalid")')
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert list(sheet.cells[0]) == [
        "张三", "6215210000000001", "", "=HYPERLINK(\"http://example.invalid\")",
    ]  # fmt: skip


def test_parts_that_lead_elsewhere_are_left_alone() -> None:
    content = io.BytesIO(workbook({"a": ROWS}))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(
            "xl/externalLinks/externalLink1.xml",
            '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        )
        archive.writestr("xl/connections.xml", "<connections/>")
        archive.writestr("../../outside.txt", "x")
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert tuple(map(tuple, sheet.cells)) == ROWS


def test_protected_sheets_are_read() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.protect("secret")
        page.write_row(0, 0, ROWS[0])
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert tuple(sheet.cells[0]) == ROWS[0]
    old = xlwt.Workbook(encoding="utf-8")
    old.protect, old.wnd_protect = True, True
    old_page = old.add_sheet("名册")
    old_page.protect, old_page.password = True, "secret"
    old_page.write(0, 0, "姓名")
    content = io.BytesIO()
    old.save(content)
    (sheet,) = read_tables("a.xls", content.getvalue())
    assert sheet.cells[0][0] == "姓名"


WPS_SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><sheetPr/>
<dimension ref="A1:B2"/><sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5"/>
<sheetData><row r="1" spans="1:2"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
</row><row r="2" spans="1:2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="str"><f>"6215"&amp;"21"</f>
<v>621521</v></c></row></sheetData><pageMargins left="0.75" right="0.75" top="1" bottom="1"
 header="0.5" footer="0.5"/><headerFooter/></worksheet>"""
WPS_TEXTS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3">
<si><t>姓名</t></si><si><t>银行卡号</t></si>
<si><r><rPr><rFont val="宋体"/></rPr><t>张</t></r><r><t>三</t></r><phoneticPr fontId="1"/></si>
</sst>
"""


def test_a_workbook_of_wps_is_read() -> None:
    """Its own namespaces and parts, texts in pieces, and .et files that are .xls inside."""
    parts = {"xl/worksheets/sheet1.xml": WPS_SHEET, "xl/sharedStrings.xml": WPS_TEXTS}
    content = io.BytesIO(
        rebuilt(
            workbook({"名册": ROWS}),
            lambda name, part: parts[name].encode() if name in parts else part,
        )
    )
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(
            "docProps/custom.xml",
            '<Properties><property name="KSOProductBuildVer"/></Properties>',
        )
        archive.writestr("xl/cellimages.xml", "<etc:cellImages/>")
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert [list(row) for row in sheet.cells] == [["姓名", "银行卡号"], ["张三", "621521"]]
    first, _second = read_tables("荆河街道.et", old_workbook())
    assert tuple(map(tuple, first.cells)) == ROWS


def test_merged_cells_are_told_and_only_the_first_has_content() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 2, "名册")
        page.merge_range(1, 1, 3, 1, "东区")
    (sheet,) = read_tables("a.xlsx", content.getvalue())
    assert sorted(sheet.merged) == [((0, 0), (0, 2)), ((1, 1), (3, 1))]
    assert [row[1] for row in sheet.cells] == ["", "东区"]
    old = xlwt.Workbook(encoding="utf-8")
    old.add_sheet("a").write_merge(1, 3, 1, 1, "东区")
    content = io.BytesIO()
    old.save(content)
    (sheet,) = read_tables("a.xls", content.getvalue())
    assert list(sheet.merged) == [((1, 1), (3, 1))]


def test_an_old_workbook_that_asks_for_too_much_memory_ends_in_a_refusal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The reader aborts its whole process: the dimensions of the sheet are a lie."""
    content = old_workbook()
    dimensions = re.search(rb"\x00\x02[\x0a\x0e]\x00", content)
    assert dimensions
    start = dimensions.end()
    spoiled = content[:start] + b"\0\0\0\0\xff\xff\xff\xff\0\0\xff\xff" + content[start + 12 :]
    with pytest.raises(table_refusals.DamagedWorkbook):
        read_tables("a.xls", spoiled)
    assert capfd.readouterr() == ("", "")
    # The next is read by another process.
    assert len(read_tables("b.xls", content)) == 2


def test_old_workbooks_are_read_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = subprocess.Popen

    def watched(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", watched)
    read_tables("a.xls", old_workbook())
    started.clear()
    for _file in range(3):
        assert len(read_tables("b.xls", old_workbook())) == 2
    assert started == []


def test_a_process_that_has_died_between_two_files_is_no_fault_of_the_second() -> None:
    read_tables("a.xls", old_workbook())
    process = old_workbook_module._reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert len(read_tables("b.xls", old_workbook())) == 2


def test_after_an_interruption_no_file_gets_the_cells_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_stream: object) -> bytes:
        raise KeyboardInterrupt

    other = xlwt.Workbook(encoding="utf-8")
    other.add_sheet("另一个").write(0, 0, "别人")
    content = io.BytesIO()
    other.save(content)
    with monkeypatch.context() as patch:
        patch.setattr("importers.tables.old_workbook_process.receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read_tables("a.xls", content.getvalue())
    assert [sheet.name for sheet in read_tables("b.xls", old_workbook())] != ["另一个"]


def test_an_old_workbook_that_takes_too_long_ends_in_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process waits for the rest of a file that never comes."""
    with monkeypatch.context() as patch:
        patch.setattr("importers.tables.old_workbook.TIME_LIMIT_SECONDS", 0.2)
        patch.setattr(
            "importers.tables.old_workbook_process.send",
            lambda stream, message: (stream.write(len(message).to_bytes(8, "big")), stream.flush()),
        )
        with pytest.raises(table_refusals.DamagedWorkbook):
            read_tables("a.xls", old_workbook())
    assert len(read_tables("b.xls", old_workbook())) == 2


CONTENTS = {"xlsx": workbook({"a": ROWS}), "csv": delimited().encode("gb18030")}


@settings(max_examples=60)
@given(
    kind=strategies.sampled_from(sorted(CONTENTS)),
    place=strategies.floats(0, 1, exclude_max=True),
    noise=strategies.binary(min_size=1, max_size=40),
)
def test_a_damaged_file_is_read_or_refused(kind: str, place: float, noise: bytes) -> None:
    content = CONTENTS[kind]
    start = int(place * len(content))
    spoiled = content[:start] + noise + content[start + len(noise) :]
    try:
        sheets = read_tables("a.xlsx", spoiled)
    except Refusal as refusal:
        assert str(refusal).startswith("a.xlsx: ")
    else:
        assert any(sheet.cells for sheet in sheets)
