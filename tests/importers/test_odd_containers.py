"""Workbooks and pages in odd containers: what a spreadsheet program opens is read."""

from __future__ import annotations

import io
import quopri
import struct
import zipfile
from base64 import encodebytes

import pytest

from importers.tables import refusals
from importers.tables.old_code_pages import decoded_text
from importers.tables.old_code_pages import with_single_bytes
from importers.tables.reading import read_tables
from tests.support.roster_files import workbook

ROWS = [["姓名", "银行卡号"], ["张三", "6215210000000001"]]
MAIN = (
    '<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="{}"/>'
    "</Relationships>"
)
PAGE = (
    "<html><body><table><tr><td>姓名</td><td>银行卡号</td></tr>"
    "<tr><td>张三</td><td>6215210000000001</td></tr></table></body></html>"
)


def renamed(names: dict[str, str], main: str = "") -> bytes:
    """A workbook whose parts are called otherwise."""
    rebuilt = io.BytesIO()
    given = zipfile.ZipFile(io.BytesIO(workbook({"a": ROWS})))
    with given, zipfile.ZipFile(rebuilt, "w") as archive:
        for name in given.namelist():
            part = given.read(name)
            if main and name == "_rels/.rels":
                part = MAIN.format(main).encode()
            info = zipfile.ZipInfo(name)
            # Set afterwards, it is written as it is, on Windows too.
            info.filename = names.get(name, name)
            archive.writestr(info, part)
    return rebuilt.getvalue()


def with_extent(extent: str) -> bytes:
    rebuilt = io.BytesIO()
    given = zipfile.ZipFile(io.BytesIO(workbook({"a": ROWS})))
    with given, zipfile.ZipFile(rebuilt, "w") as archive:
        for name in given.namelist():
            part = given.read(name).replace(b'ref="A1:B2"', f'ref="{extent}"'.encode())
            archive.writestr(name, part)
    return rebuilt.getvalue()


WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
OTHERWISE = {
    "a second workbook": renamed(
        {WORKBOOK: "xl/workbook2.xml", RELATIONS: "xl/_rels/workbook2.xml.rels"}, "xl/workbook2.xml"
    ),
    "an absolute place": renamed(
        {WORKBOOK: "xl/book.xml", RELATIONS: "xl/_rels/book.xml.rels"}, "/xl/book.xml"
    ),
    "backslashes": renamed({name: name.replace("/", "\\") for name in (
        WORKBOOK, RELATIONS, "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
        "_rels/.rels", "xl/theme/theme1.xml",
    )}, WORKBOOK),
    "rows alone as its extent": with_extent("1:8"),
    "nothing as its extent": with_extent(""),
    "a word as its extent": with_extent("all"),
    "a line break before it": b"\r\n" + workbook({"a": ROWS}),
    "a mark before it": b"\xef\xbb\xbf" + workbook({"a": ROWS}),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERWISE)
def test_a_workbook_is_read_whatever_its_parts_are_called(kind: str) -> None:
    (sheet,) = read_tables("a.xlsx", OTHERWISE[kind])
    assert [list(row) for row in sheet.cells] == ROWS


@pytest.mark.parametrize("main", ["xl/nothing.xml", "../../etc/passwd", "word/document.bin"])
def test_an_archive_without_a_workbook_is_none(main: str) -> None:
    with pytest.raises(refusals.NotATable):
        read_tables("a.xlsx", renamed({WORKBOOK: "xl/other.xml"}, main))


def single_file(page: bytes, how: str, *, kind: str = "text/html", headers: str = "") -> bytes:
    return (
        f'{headers}MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=_B"\r\n\r\n'
        f"----=_B\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {how}\r\n\r\n"
    ).encode() + page + b"\r\n----=_B--\r\n"  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        single_file(quopri.encodestring(PAGE.encode("gb18030")), "quoted-printable"),
        single_file(encodebytes(PAGE.encode()), "base64"),
        single_file(PAGE.encode("gb18030"), "8bit"),
        single_file(PAGE.encode(), "8bit", headers="From: <Saved by WPS>\r\nSubject: a\r\n"),
        single_file(PAGE.encode("utf-16"), "binary", kind='text/html; charset="unicode"'),
    ],
)
def test_a_page_in_one_file_is_read(content: bytes) -> None:
    (sheet,) = read_tables("a.xls", content)
    assert sheet.cells == ROWS


def test_a_single_file_without_a_page_is_refused() -> None:
    with pytest.raises(refusals.NotATable):
        read_tables("a.xls", single_file(b"GIF89a", "8bit", kind="image/gif"))


@pytest.mark.parametrize(
    "page",
    [
        "<tr><td>姓名<td>银行卡号<tr><td>张三<td>6215210000000001</tr>",
        "<table><tr><td>姓名</td><td>银行卡号</td></tr><tr><td>张三</td><td>6215210000000001</td></tr>",
        "<tbody><tr><td>姓名</td><td>银行卡号</td></tr><tr><td>张三</td><td>6215210000000001</td></tr>",
        "<html><body><table><thead><tr><th>姓名</th><th>银行卡号</th></tr></thead>"
        "<tr><td>张三</td><td>6215210000000001</td></tr></body></html>",
        "<TR><TD>姓名</TD><TD>银行卡号</TD></TR>\n<TR><TD>张三</TD><TD>6215210000000001</TD></TR>",
    ],
)
def test_a_page_is_read_as_browsers_forgive_it(page: str) -> None:
    (sheet,) = read_tables("a.xls", page.encode("gb18030"))
    assert sheet.cells == ROWS


def test_headings_in_a_table_of_their_own_belong_to_the_next() -> None:
    headings = "<table><tr><td>序号</td><td>姓名</td><td>卡号</td></tr></table>"
    body = "<table><tr><td>1</td><td>张三</td><td>6215210000000001</td></tr></table>"
    (sheet,) = read_tables("a.xls", (headings + body).encode())
    assert sheet.cells == [["序号", "姓名", "卡号"], ["1", "张三", "6215210000000001"]]
    assert len(read_tables("a.xls", (body + headings).encode())) == 2


def old_records(code_page: int) -> bytes:
    """The first records of a workbook of Excel 95, somewhere in a file."""
    start = bytes.fromhex("0908080000050500") + bytes(4)
    return bytes(512) + start + struct.pack("<HHH", 0x42, 2, code_page) + bytes(600)


@pytest.mark.parametrize("code_page", [936, 1252, 0, 54936, 1200])
def test_an_older_workbook_is_read_by_its_bytes_whatever_page_it_names(code_page: int) -> None:
    assert with_single_bytes(old_records(code_page)) == old_records(1252)


def test_a_newer_workbook_is_left_as_it_is() -> None:
    assert with_single_bytes(old_records(936).replace(b"\x00\x05\x05", b"\x00\x06\x05")) is None


@pytest.mark.parametrize(
    "text", ["木石镇两员花名册", "王䶮", "6215210000000001", "滕州农商行 A", "㐂〇"]
)
def test_single_bytes_are_decoded_as_chinese(text: str) -> None:
    western = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("gb18030")
    )
    assert decoded_text(western) == text
