"""Refuse a workbook that would unpack to more than a list can be, before it is unpacked.

The reader lays a sheet out as a full rectangle, so that two cells in opposite corners of a
sheet cost as much as all the cells between them: sixteen thousand million.
"""

from __future__ import annotations

import io
import re
import zipfile

from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import NotATable
from importers.tables.refusals import TableTooLarge
from importers.tables.workbook_marks import SHEETS
from importers.tables.workbook_marks import SheetMarks
from importers.tables.workbook_marks import marks_of
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

UNPACKED_LIMIT_BYTES = 256 * 1024 * 1024
# Of all cells together: a text that stands once in the file may stand in each of a million cells.
TEXT_LIMIT_BYTES = 256 * 1024 * 1024
ROW_LIMIT = 200_000
COLUMN_LIMIT = 702  # ZZ, the last column with two letters
CELL_LIMIT = 11_000_000


_SHARED = "xl/sharedStrings.xml"
# Each goes on to the next tag and no further, and once: a tag that never closes costs its length.
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^<>]*)?)>(?:\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<)?")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]*)([0-9]+)[\"']")
_IS_SHARED = re.compile(rb"[\"']s[\"']")

# A sheet without such a reference ends before row 10,000 and column AAA: small enough.
_PERHAPS_LARGE = re.compile(rb"r\s*=\s*[\"'](?:[A-Za-z]{3}[0-9]|[A-Za-z]{0,2}[0-9]{5})")
_LONG_ROWS = 10_000
_WIDE_COLUMN = b"AZ"  # the columns behind it have two letters as well, of which the first is later


def check_workbook(name: str, content: bytes) -> list[SheetMarks]:
    """Look through the zip archive of an .xlsx workbook without laying out its sheets.

    What it says of rows and cells is returned for each sheet in their order; nothing where it says
    nothing. Raises RepeatedRow where a sheet has one row twice, NotATable when it is another kind
    of archive, TableTooLarge beyond the limits, and DamagedWorkbook when the archive cannot be
    unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in {member.orig_filename for member in members}:
                raise NotATable(name, _("another kind of document or archive"))
            # zipfile unpacks no more of a member than the size that is declared for it.
            if sum(member.file_size for member in members) > UNPACKED_LIMIT_BYTES:
                raise TableTooLarge(name)
            parts = [(member.orig_filename, archive.read(member)) for member in members]
            shared = dict(parts).get(_SHARED, b"")
            # As nearly every program writes a text; of another's the pieces are longer.
            longest = max(map(len, shared.split(b"<si>")))
            for _part_name, part in parts:
                if _too_large(part) or _has_too_much_text(part, shared, longest):
                    raise TableTooLarge(name)
            return marks_of(
                name, archive, {part: text for part, text in parts if part.startswith(SHEETS)}
            )
    except Refusal:
        raise
    except Exception as error:  # zipfile has half a dozen ways to say it
        raise DamagedWorkbook(name) from error


def _too_large(part: bytes) -> bool:
    """Whether cells with content stand so far apart; formatting alone costs nothing."""
    if not _PERHAPS_LARGE.search(part):
        return False
    long = wide = unplaced = False
    for cell in _CELL.finditer(part):
        attributes = cell[1]
        if attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
            return True  # a sign within quotes has cut it off, as no program writes it
        if attributes.endswith(b"/"):
            continue
        column, row = _place_in(attributes)
        if len(column) > 2 or row >= ROW_LIMIT:
            return True
        unplaced = unplaced or not column
        long = long or row >= _LONG_ROWS
        wide = wide or (len(column) == 2 and column.upper() > _WIDE_COLUMN)
        if long and wide:
            return True
    return unplaced and any(_place_in(row[1])[1] >= _LONG_ROWS for row in _ROW.finditer(part))


def _place_in(attributes: bytes) -> tuple[bytes, int]:
    """The column and the row of a cell or, without a column, of a row; a cell that says nothing
    stands behind the one before, in the row that it is a part of.
    """
    reference = _REFERENCE.search(attributes)
    return (reference[1], int(reference[2][:8])) if reference else (b"", 0)


def _has_too_much_text(part: bytes, shared: bytes, longest: int) -> bool:
    """Whether the texts that cells refer to by number are too many bytes together. Where an upper
    limit alarms, they are added up: to look at every cell takes time.

    No text is longer than ``longest``. A reference that cannot be followed counts as one to the
    longest text.
    """
    # A reference takes three bytes: to count them is only needed in a part of many.
    if len(part) // len(b'"s"') * longest <= TEXT_LIMIT_BYTES:
        return False
    references = part.count(b'"s"') + part.count(b"'s'")
    if references * longest <= TEXT_LIMIT_BYTES:
        return False
    texts = [len(text) for text in _SHARED_TEXT.split(shared)[1:]]
    numbers = [
        int(cell[2])
        for cell in _CELL.finditer(part)
        if cell[2] is not None and _IS_SHARED.search(cell[1])
    ]
    followed = sum(texts[number] for number in numbers if number < len(texts))
    unfollowed = max(0, references - len(numbers))
    return followed + unfollowed * max(texts, default=0) > TEXT_LIMIT_BYTES


def check_extent(name: str, *, rows: int, columns: int, cells_before: int = 0) -> None:
    """Raises TableTooLarge when a table of so many rows and columns is beyond the limits, or is
    with the cells of the sheets before it.
    """
    cells = cells_before + rows * columns
    if rows > ROW_LIMIT or columns > COLUMN_LIMIT or cells > CELL_LIMIT:
        raise TableTooLarge(name)
