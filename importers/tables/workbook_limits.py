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
            for member in members:
                if _too_large(archive.read(member)):
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


def check_extent(name: str, *, rows: int, columns: int) -> None:
    """Raises TableTooLarge when a table of so many rows and columns is beyond the limits."""
    if rows > ROW_LIMIT or columns > COLUMN_LIMIT or rows * columns > CELL_LIMIT:
        raise TableTooLarge(name)
