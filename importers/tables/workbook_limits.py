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
from ledger.language import gettext as _
from ledger.refusal import Refusal

UNPACKED_LIMIT_BYTES = 256 * 1024 * 1024
# Of all cells together: a text that stands once in the file may stand in each of a million cells.
TEXT_LIMIT_BYTES = 256 * 1024 * 1024
ROW_LIMIT = 200_000
COLUMN_LIMIT = 702  # ZZ, the last column with two letters
CELL_LIMIT = 11_000_000


def _cell_with_content(reference: str) -> re.Pattern[bytes]:
    """A cell element with content whose reference matches: formatting alone costs nothing."""
    text = rf"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']{reference}[\"'][^>]*(?<!/)>"
    return re.compile(text.encode("ascii"))


# A sheet without such a reference ends before row 10,000 and column AAA: small enough.
_PERHAPS_LARGE = re.compile(rb"r\s*=\s*[\"'](?:[A-Z]{3}|[A-Z]{0,2}[0-9]{5})")
_BEYOND_LIMITS = _cell_with_content("(?:[A-Z]{3,}[0-9]+|[A-Z]+(?:[2-9][0-9]{5}|[0-9]{7,}))")
_LONG = _cell_with_content("[A-Z]+[0-9]{5,}")
_SHARED = "xl/sharedStrings.xml"
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_REFERENCE = re.compile(rb"[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
_WIDE = _cell_with_content("[B-Z][A-Z][0-9]+")


def check_workbook(name: str, content: bytes) -> None:
    """Look through the zip archive of an .xlsx workbook without laying out its sheets.

    Raises NotATable when it is another kind of archive, TableTooLarge beyond the limits, and
    DamagedWorkbook when the archive cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise NotATable(name, _("another kind of document or archive"))
            # zipfile unpacks no more of a member than the size that is declared for it.
            if sum(member.file_size for member in members) > UNPACKED_LIMIT_BYTES:
                raise TableTooLarge(name)
            shared = _shared_texts(archive)
            for member in members:
                part = archive.read(member)
                if _too_large(part) or _bytes_of_shared_texts(part, shared) > TEXT_LIMIT_BYTES:
                    raise TableTooLarge(name)
    except Refusal:
        raise
    except Exception as error:  # zipfile has half a dozen ways to say it
        raise DamagedWorkbook(name) from error


def _too_large(part: bytes) -> bool:
    if not _PERHAPS_LARGE.search(part):
        return False
    if _BEYOND_LIMITS.search(part):
        return True
    return bool(_LONG.search(part) and _WIDE.search(part))


def _shared_texts(archive: zipfile.ZipFile) -> list[int]:
    """How many bytes each of the texts takes that cells refer to by number."""
    if _SHARED not in archive.namelist():
        return []
    return [len(text) for text in _SHARED_TEXT.split(archive.read(_SHARED))[1:]]


def _bytes_of_shared_texts(part: bytes, shared: list[int]) -> int:
    """An upper limit, and where that alarms the sum: to look at every cell takes time.

    A reference that cannot be followed counts as one to the longest text.
    """
    references = part.count(b'"s"') + part.count(b"'s'")
    longest = max(shared, default=0)
    if references * longest <= TEXT_LIMIT_BYTES:
        return references * longest
    numbers = [int(number) for number in _REFERENCE.findall(part)]
    followed = sum(shared[number] for number in numbers if number < len(shared))
    return followed + max(0, references - len(numbers)) * longest


def check_extent(name: str, *, rows: int, columns: int) -> None:
    """Raises TableTooLarge when a table of so many rows and columns is beyond the limits."""
    if rows > ROW_LIMIT or columns > COLUMN_LIMIT or rows * columns > CELL_LIMIT:
        raise TableTooLarge(name)
