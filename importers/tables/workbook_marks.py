"""What an .xlsx workbook says of rows and cells beside their content: hidden, struck, a formula.

The reader of cells does not tell it. A row that a filter hides is read like any other; a formula
whose value was never stored is an empty cell, and is none to whoever looks at the sheet.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping

from importers.tables.refusals import RepeatedRow
from ledger.base.records import Record

SHEETS = "xl/worksheets/"
_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"

_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,7})[\"']")
# As nearly every program writes a row, and as any may; they are found in a tenth of the time.
_USUAL_ROW_NUMBER = re.compile(rb"<row r=\"([0-9]{1,7})\"")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s(?:[^<>]*\s)?r\s*=\s*[\"']([0-9]{1,7})[\"']")
_CELLS = b"sheetData"
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]{1,5})[\"']")
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
# A formula, and behind it no value or an empty one.
_UNVALUED = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b.*?</(?:\w+:)?fonts>", re.DOTALL)
_FONT = re.compile(rb"<(?:\w+:)?font\s*/>|<(?:\w+:)?font\b[^>]*>.*?</(?:\w+:)?font>", re.DOTALL)
_STRUCK = re.compile(rb"<(?:\w+:)?strike\s*(?:val\s*=\s*[\"'](?:1|true)[\"']\s*)?/>")
_LOOKS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_LOOK = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
_FONT_OF = re.compile(rb"\bfontId\s*=\s*[\"']([0-9]{1,5})[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")


class SheetMarks(Record):
    """``hidden`` are rows as the spreadsheet counts them; ``struck`` and ``unvalued`` are cells as
    (row, column from 0): struck out, and formulas without a value or with an error for one.
    """

    hidden: frozenset[int] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()
    unvalued: frozenset[tuple[int, int]] = frozenset()


NO_MARKS = SheetMarks()


def marks_of(name: str, archive: zipfile.ZipFile, parts: Mapping[str, bytes]) -> list[SheetMarks]:
    """The marks of each sheet in the order of the workbook; empty where none has any.

    ``parts`` are the sheets' parts by name. Raises RepeatedRow.
    """
    struck = _struck_looks(archive)
    marks = {part: _marks(name, content, struck) for part, content in parts.items()}
    if all(found is NO_MARKS for found in marks.values()):
        return []
    return [marks.get(part, NO_MARKS) for part in _in_order(archive)]


def _marks(name: str, part: bytes, struck: frozenset[bytes]) -> SheetMarks:
    numbers = _USUAL_ROW_NUMBER.findall(part)
    if len(numbers) != part.count(b"<row") + part.count(b":row"):
        numbers = _ROW_NUMBER.findall(part)
    if len(set(numbers)) < len(numbers):  # guard: rows-not-repeated
        (number, _times), *_others = Counter(numbers).most_common(1)
        raise RepeatedRow(name, int(number))
    # Where the cells are. A letter that is nowhere is told in a tenth of the time of a tag.
    within = part.find(_CELLS) + len(_CELLS), part.rfind(_CELLS)
    has_f, has_e = part.find(b"f", *within) >= 0, part.find(b"e", *within) >= 0
    hidden: set[int] = set()
    for row in _ROW.finditer(part) if b"hidden" in part else ():
        found = _NUMBER.search(row[1])
        if found and _HIDDEN.search(row[1]):
            hidden.add(int(found[1]))
    unvalued: set[tuple[int, int]] = set()
    if has_f and (b"<f" in part or b":f" in part):
        unvalued.update(place for cell in _UNVALUED.finditer(part) for place in _place(cell[1]))
    if has_e and (b't="e"' in part or b"t='e'" in part):
        unvalued.update(
            place
            for cell in _CELL.finditer(part)
            if _IS_ERROR.search(cell[1])
            for place in _place(cell[1])
        )
    crossed: set[tuple[int, int]] = set()
    if struck:
        for cell in _CELL.finditer(part):
            look = _STYLE.search(cell[1])
            if look and look[1] in struck and not cell[1].endswith(b"/"):
                crossed.update(_place(cell[1]))
    if not (hidden or unvalued or crossed):
        return NO_MARKS
    return SheetMarks(frozenset(hidden), frozenset(crossed), frozenset(unvalued))


def _place(attributes: bytes) -> Iterator[tuple[int, int]]:
    if found := _PLACE.search(attributes):
        column = 0
        for letter in found[1].upper():
            column = column * 26 + letter - ord("A") + 1
        yield int(found[2]), column - 1


def _struck_looks(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the cell formats whose font is struck out."""
    if _STYLES not in archive.namelist():
        return frozenset()
    styles = archive.read(_STYLES)
    if b"strike" not in styles:
        return frozenset()
    fonts, looks = _FONTS.search(styles), _LOOKS.search(styles)
    if fonts is None or looks is None:
        return frozenset()
    struck = {number for number, font in enumerate(_FONT.findall(fonts[0])) if _STRUCK.search(font)}
    return frozenset(
        str(number).encode()
        for number, look in enumerate(_LOOK.findall(looks[0]))
        if (font := _FONT_OF.search(look)) and int(font[1]) in struck
    )


def _in_order(archive: zipfile.ZipFile) -> list[str]:
    """The parts of the sheets in the order of the workbook."""
    targets = {
        identifier: target
        for relation in _RELATION.findall(archive.read(_RELATIONS))
        if (identifier := _attribute(relation, rb"Id"))
        and (target := _attribute(relation, rb"Target"))
    }
    parts = []
    for sheet in _SHEET.findall(archive.read(_WORKBOOK)):
        target = targets.get(_attribute(sheet, rb"\w+:id"), "")
        if target.startswith("/"):
            parts.append(target.lstrip("/"))
        else:
            parts.append(posixpath.normpath(posixpath.join("xl", target)))
    return parts


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)[\"']", tag)
    return found[1].decode("utf-8", "replace") if found else ""
