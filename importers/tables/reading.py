"""The cells of a file that a town or a bank sent, read by its content and not by its name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from collections.abc import Sequence

import python_calamine

from importers.tables.cells import Cell
from importers.tables.cells import MergedRange
from importers.tables.delimited_text import read_delimited
from importers.tables.odd_containers import with_usual_names
from importers.tables.odd_containers import without_extents
from importers.tables.old_workbook import read_old_workbook
from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import EmptyFile
from importers.tables.refusals import NoRowsInWorkbook
from importers.tables.refusals import NotATable
from importers.tables.refusals import TableTooLarge
from importers.tables.single_file_page import is_single_file_page
from importers.tables.single_file_page import pages_within
from importers.tables.text_encoding import decoded
from importers.tables.workbook_limits import check_extent
from importers.tables.workbook_limits import check_workbook
from importers.tables.workbook_marks import NO_MARKS
from importers.tables.workbook_marks import SheetMarks
from ledger.base.collector import collector_off
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal

TEXT_LIMIT_BYTES = 64 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLANKS_BEFORE = 64
# Put together when it is asked for: most files are workbooks.
_MARKUP = (
    r"<(?:!doctype|!--|\?xml|(?:html|head|body|table|meta|title|style|script|link|div"
    r"|form|span|font|p|b|br|center|t(?:head|body|foot|r|d|h))[\s/>])"
)
_OTHER_KINDS = {
    b"%PDF": mark("a PDF document"),
    b"\x89PNG": mark("a picture"),
    b"\xff\xd8\xff": mark("a picture"),
    b"GIF8": mark("a picture"),
    b"II*\x00": mark("a picture"),
    b"MM\x00*": mark("a picture"),
    b"{\\rtf": mark("a text document"),
    b"PK\x05\x06": mark("an empty archive"),
    b"Rar!": mark("an archive"),
    b"7z\xbc\xaf\x27\x1c": mark("an archive"),
}


class Sheet(Record):
    """One sheet: ``cells[0][0]`` is A1, whatever the first row with content is.

    The cells form a rectangle and keep their type: a number where text is expected is a
    finding. An empty cell is ``""``. A text file is one sheet without a name, and so is a web
    page with one table; several tables are called 1, 2, … in their order.

    ``merged`` are the ranges of merged cells: of each only the first cell has content. ``marks``
    is what a workbook says of rows and cells beside their content.
    """

    name: str
    hidden: bool
    cells: Sequence[Sequence[Cell]]
    merged: Sequence[MergedRange] = ()
    marks: SheetMarks = NO_MARKS

    unshown = ("cells",)


def read_tables(name: str, content: bytes) -> list[Sheet]:
    """Every sheet of the file in its order, hidden sheets and sheets without rows included.

    Raises a refusal of ``importers.tables.refusals`` for anything that cannot be read, and
    when no visible sheet has rows.
    """
    if not content.strip():
        raise EmptyFile(name)
    with collector_off():
        sheets = _read(name, content)
    if not any(sheet.cells for sheet in sheets if not sheet.hidden):
        raise NoRowsInWorkbook(name)
    return sheets


def _read(name: str, content: bytes) -> list[Sheet]:
    content = _without_blanks_before(content)
    if content.startswith(_ZIP):
        return _read_archive(name, with_usual_names(content))
    if content.startswith(_OLE):
        return [Sheet(*sheet) for sheet in read_old_workbook(name, content)]
    _refuse_other_kinds(name, content)
    return _read_text(name, content)


def _without_blanks_before(content: bytes) -> bytes:
    """A workbook from its first byte on: some servers send a line break or a mark before it."""
    workbook = content[:_BLANKS_BEFORE].lstrip(b"\r\n\t \xef\xbb\xbf")
    if workbook.startswith((_ZIP, _OLE)):
        return content[min(len(content), _BLANKS_BEFORE) - len(workbook) :]
    return content


def _read_archive(name: str, content: bytes) -> list[Sheet]:
    marks = check_workbook(name, content)
    try:
        return _read_workbook(name, content, marks)
    except DamagedWorkbook:
        mended = without_extents(content)
        marks = check_workbook(name, mended)
        return _read_workbook(name, mended, marks)


def _refuse_other_kinds(name: str, content: bytes) -> None:
    for beginning, kind in _OTHER_KINDS.items():
        if content.startswith(beginning):
            raise NotATable(name, _(kind))


def _read_text(name: str, content: bytes) -> list[Sheet]:
    if len(content) > TEXT_LIMIT_BYTES:
        raise TableTooLarge(name)
    if is_single_file_page(content):
        pages = pages_within(name, content)
        return _read_pages(name, pages)
    text = decoded(name, content)
    if not text.strip():
        raise EmptyFile(name)
    if not is_markup(text):
        return [Sheet("", False, read_delimited(name, text))]
    return _read_pages(name, [text])


def is_markup(text: str) -> bool:
    """Whether the text begins like a web page, or like XML."""
    beginning = text.lstrip()
    return beginning.startswith("<") and bool(re.match(_MARKUP, beginning, re.IGNORECASE))


def _read_pages(name: str, pages: Iterable[str]) -> list[Sheet]:
    """The tables of pages as sheets: one has no name, several have their numbers."""
    from importers.tables.html_table import read_html

    tables = [table for page in pages for table in read_html(name, page)]
    if len(tables) == 1:
        return [Sheet("", False, *tables[0])]
    return [Sheet(str(number), False, *table) for number, table in enumerate(tables, 1)]


def _read_workbook(name: str, content: bytes, marks: Sequence[SheetMarks]) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets: list[Sheet] = []
            for number, metadata in enumerate(workbook.sheets_metadata):
                if metadata.typ is python_calamine.SheetTypeEnum.WorkSheet:
                    sheet = _read_sheet(name, workbook, metadata, _cells_of(sheets))
                    if number < len(marks):
                        sheet = replace(sheet, marks=marks[number])
                    sheets.append(sheet)
            return sheets
    except (KeyboardInterrupt, SystemExit, Refusal):
        raise
    except BaseException as error:  # a panic of the reader is not an Exception
        raise DamagedWorkbook(name) from error


def _cells_of(sheets: Iterable[Sheet]) -> int:
    return sum(len(sheet.cells) * len(sheet.cells[0]) for sheet in sheets if sheet.cells)


def _read_sheet(
    name: str,
    workbook: python_calamine.CalamineWorkbook,
    metadata: python_calamine.SheetMetadata,
    cells_before: int,
) -> Sheet:
    hidden = metadata.visible is not python_calamine.SheetVisibleEnum.Visible
    sheet = workbook.get_sheet_by_name(metadata.name)
    if sheet.end is None:
        return Sheet(metadata.name, hidden, [])
    rows, columns = (place + 1 for place in sheet.end)
    check_extent(name, rows=rows, columns=columns, cells_before=cells_before)
    # The reader drops empty rows above the first one with content unless told otherwise, and
    # the row numbers of every finding would be wrong.
    cells = sheet.to_python(skip_empty_area=False)
    return Sheet(metadata.name, hidden, cells, sheet.merged_cell_ranges or ())
