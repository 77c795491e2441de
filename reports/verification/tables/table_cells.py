"""The cells of a workbook or of a delimited text, whatever program has saved it last."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Callable
from collections.abc import Sequence
from decimal import Decimal
from decimal import InvalidOperation
from pathlib import Path

from importers.tables import refusals as unreadable
from importers.tables.cells import Cell
from importers.tables.reading import read_tables
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from reports.verification.comparison.refusals import CannotSay
from reports.verification.comparison.refusals import Damaged
from reports.verification.comparison.refusals import EmptyFile
from reports.verification.comparison.refusals import Encrypted
from reports.verification.comparison.refusals import TooLarge
from reports.verification.comparison.refusals import UnknownKind

# Text, or a number of a workbook with exactly the digits that it shows.
ReadCell = str | Decimal

WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Ten times a workbook of everyone whom a county could pay.
MOST_BYTES = 64 * 1024 * 1024
_FORMULA = re.compile(rb"<f[ >/]")
# Every other reason is a damage.
_WHY: dict[type[Refusal], Callable[[str], CannotSay]] = {
    unreadable.EmptyFile: EmptyFile,
    unreadable.NoRowsInWorkbook: EmptyFile,
    unreadable.EncryptedWorkbook: Encrypted,
    unreadable.NotATable: UnknownKind,
    unreadable.XmlTable: UnknownKind,
    unreadable.TableTooLarge: TooLarge,
}


class Grid(Record):
    """A sheet: its name, and its rows without the empty cells at their ends."""

    name: str
    rows: tuple[tuple[ReadCell, ...], ...]
    has_numbers: bool


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, hidden ones too, or the one table of a text file.

    Raises TooLarge, EmptyFile, Encrypted, UnknownKind or Damaged.
    """
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(file_name(path))
    content = path.read_bytes()
    try:
        sheets = read_tables(file_name(path), content)
    except Refusal as refusal:
        raise _WHY.get(type(refusal), Damaged)(file_name(path)) from refusal
    has_numbers = content.startswith(WORKBOOK_MARKS)
    return [
        Grid(
            sheet.name,
            tuple(_trimmed([_read_cell(cell) for cell in row]) for row in sheet.cells),
            has_numbers,
        )
        for sheet in sheets
    ]


def _read_cell(cell: Cell) -> ReadCell:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _trimmed(cells: list[ReadCell]) -> tuple[ReadCell, ...]:
    while cells and (isinstance(cells[-1], str) and not cells[-1].strip()):
        cells.pop()
    return tuple(cells)


def has_formulas(path: Path) -> bool:
    """Whether a cell of an .xlsx is a formula: what is read of it is what it came to once."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                _FORMULA.search(archive.read(name))
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Damaged(file_name(path)) from error


def as_text(cell: ReadCell, *, has_numbers: bool) -> str:
    """A cell of a column of texts; where the file has numbers, one that has become a number says
    so: it may have lost digits.
    """
    if isinstance(cell, Decimal):
        return a_number(whole(cell)) if has_numbers else whole(cell)
    return cell.strip()


def as_amount(cell: ReadCell, *, has_numbers: bool) -> str:
    """A cell of a column of amounts, in yuan with two decimals; text in a workbook says so."""
    text = cell if isinstance(cell, str) else str(cell)
    try:
        amount = Decimal(text.strip().replace(",", ""))
        shown = plain(int(amount * 100)) if amount * 100 == int(amount * 100) else whole(amount)
    except (InvalidOperation, ValueError, OverflowError):
        return text.strip()
    # guard: amount-as-text
    return a_text(shown) if has_numbers and isinstance(cell, str) else shown


def as_count(cell: ReadCell, *, has_numbers: bool) -> str:
    """A cell of a column of whole numbers."""
    if isinstance(cell, str):
        text = cell.strip()
        return a_text(text) if has_numbers and text else text
    return whole(cell)


def a_text(shown: str) -> str:
    """What stands as text where a number belongs."""
    return _("{cell} (a text)").format(cell=shown)


def a_number(shown: str) -> str:
    """What stands as a number where text belongs."""
    return _("{cell} (a number)").format(cell=shown)


def whole(number: Decimal) -> str:
    """A number without an exponent and without a decimal part that is zero."""
    return f"{number.quantize(Decimal(1)) if number == number.to_integral_value() else number:f}"


def padded(cells: Sequence[ReadCell], width: int) -> tuple[ReadCell, ...]:
    """At least so many cells."""
    return (*cells, *[""] * (width - len(cells)))
