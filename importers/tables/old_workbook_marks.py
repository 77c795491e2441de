"""What an old workbook (.xls) says of rows and cells beside their content.

Hidden rows, cells that are struck out, formulas without a value: the reader of cells tells none of
them. Only the records that do are looked at ([MS-XLS]; those of 1995 have them alike). A workbook
of which they cannot be read has no marks: whether it is damaged the reader of cells says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from importers.tables.compound_file import CompoundFile
from importers.tables.compound_file import Damaged
from importers.tables.workbook_marks import NO_MARKS
from importers.tables.workbook_marks import SheetMarks
from ledger.base.records import Mutable
from ledger.base.records import field

_STREAMS = ("Workbook", "Book")
_BEGINNING, _END, _SHEET, _FONT, _LOOK, _ROW = 0x0809, 0x000A, 0x0085, 0x0031, 0x00E0, 0x0208
_FORMULA, _BOOLEAN_OR_ERROR, _NUMBERS = 0x0006, 0x0205, 0x00BD
# Of cells with content, each with its row, its column and its look.
_CELLS = frozenset({_FORMULA, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E})
_WORKSHEET = 0
_STRUCK, _HIDDEN = 0x08, 0x20
# No font has the number 4: that of the fifth is 5.
_NO_FONT = 4
_BYTES_OF_A_NUMBER = 6
_ERROR, _EMPTY = 2, 3

# Records that may be a hidden row, one of no height, an error or a formula without a number; where
# there is none and no font is struck out, the records need not be gone through.
_PERHAPS = re.compile(
    rb"\x08\x02\x10\x00.{12}[\x20-\x3f\x60-\x7f\xa0-\xbf\xe0-\xff]"
    rb"|\x08\x02\x10\x00.{6}\x00\x00"
    rb"|\x05\x02\x08\x00.{7}\x01"
    rb"|\x06\x00.{2}.{6}[\x02\x03].{5}\xff\xff",
    re.DOTALL,
)


class _Marks(Mutable):
    hidden: set[int] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    unvalued: set[tuple[int, int]] = field(default_factory=set)


def marks_of_old(content: bytes) -> list[SheetMarks]:
    """The marks of each worksheet in their order; empty where none has any."""
    try:
        records = CompoundFile(content).stream(*_STREAMS)
        starts, struck = _globals(records)
        if not struck and not _PERHAPS.search(records):
            return []
        marks = [_marks(records, start, struck) for start in starts]
    except Damaged:
        return []
    return [] if all(found == NO_MARKS for found in marks) else marks


def _records(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of a part of the workbook, parts within it passed over."""
    place, within = start, 0
    while place + 4 <= len(content):
        kind = int.from_bytes(content[place : place + 2], "little")
        length = int.from_bytes(content[place + 2 : place + 4], "little")
        within += kind == _BEGINNING
        if within == 1:
            yield kind, content[place + 4 : place + 4 + length]
        within -= kind == _END
        if not within:
            return
        place += 4 + length


def _globals(content: bytes) -> tuple[Sequence[int], frozenset[int]]:
    """Where the worksheets begin, and the numbers of the looks whose font is struck out."""
    starts: list[int] = []
    struck_fonts: set[int] = set()
    fonts_of_looks: list[int] = []
    fonts = 0
    for kind, record in _records(content, 0):
        if kind == _SHEET and len(record) > 5 and record[5] == _WORKSHEET:
            starts.append(int.from_bytes(record[:4], "little"))
        elif kind == _FONT:
            fonts += fonts == _NO_FONT
            if len(record) > 2 and record[2] & _STRUCK:
                struck_fonts.add(fonts)
            fonts += 1
        elif kind == _LOOK:
            fonts_of_looks.append(_at(record, 0))
    looks = enumerate(fonts_of_looks)
    return starts, frozenset(look for look, font in looks if font in struck_fonts)


def _marks(content: bytes, start: int, struck: frozenset[int]) -> SheetMarks:
    marks = _Marks()
    for kind, record in _records(content, start):
        if kind == _ROW and len(record) > 12 and (record[12] & _HIDDEN or not _at(record, 6)):
            marks.hidden.add(_at(record, 0) + 1)
        elif kind in _CELLS:
            cell = _at(record, 0) + 1, _at(record, 2)
            if _at(record, 4) in struck:
                marks.struck.add(cell)
            if _has_no_value(kind, record):
                marks.unvalued.add(cell)
        elif kind == _NUMBERS and struck:
            row, first = _at(record, 0) + 1, _at(record, 2)
            for column in range((len(record) - _BYTES_OF_A_NUMBER) // _BYTES_OF_A_NUMBER):
                if _at(record, 4 + column * _BYTES_OF_A_NUMBER) in struck:
                    marks.struck.add((row, first + column))
    return SheetMarks(frozenset(marks.hidden), frozenset(marks.struck), frozenset(marks.unvalued))


def _has_no_value(kind: int, record: bytes) -> bool:
    """Whether a cell has an error for its value, or a formula none."""
    if kind == _BOOLEAN_OR_ERROR:
        return record[7:8] == b"\x01"
    return kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] in (_ERROR, _EMPTY)


def _at(record: bytes, place: int) -> int:
    return int.from_bytes(record[place : place + 2], "little")
