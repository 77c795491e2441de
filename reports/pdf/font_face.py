"""A font's file, of which a document takes a little: mapped into memory, and read table by table.

ReportLab copies all of it, and reads it number by number, which takes as long as all else that a
page needs.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from struct import unpack_from

from reportlab.pdfbase.ttfonts import TTFontFace

_WINDOWS = 3


class _Outlines:
    """The table of outlines, ten megabytes, which ReportLab would copy for every document."""

    def __init__(self, font: mmap.mmap, begin: int) -> None:
        self._font = font
        self._begin = begin

    def __getitem__(self, part: slice) -> bytes:
        return self._font[self._begin + part.start : self._begin + part.stop]


class _Metrics:
    """The width of a glyph and the room before it, in thousandths of an em."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __getitem__(self, glyph: int) -> tuple[int, int]:
        return self._numbers[2 * glyph], self._numbers[2 * glyph + 1]


class _CharacterWidths:
    """The widths of characters, of which a document has a few and the font thirty thousand."""

    def __init__(self, glyphs: Mapping[int, int], metrics: _Metrics) -> None:
        self._glyphs = glyphs
        self._metrics = metrics

    def __getitem__(self, character: int) -> int:
        return self._metrics[self._glyphs[character]][0]

    def get(self, character: int, default: int) -> int:
        return self[character] if character in self._glyphs else default


class FontFace(TTFontFace):  # type: ignore[misc]
    """A face of our fonts: what ReportLab's own says of them, but which characters a glyph is of.

    They have a table of all characters for Windows (of format 12), every glyph has a width of its
    own, in thousandths of an em, and places of outlines are 32 bits wide.
    """

    def readFile(self, file: str) -> None:  # noqa: N802
        self.filename = file
        with Path(file).open("rb") as font:
            self._ttf_data = mmap.mmap(font.fileno(), 0, access=mmap.ACCESS_READ)
        self._pos = 0

    def extractInfo(self, charInfo: int = 1) -> None:  # noqa: N802, N803
        super().extractInfo(charInfo=0)
        self.hmetrics = _Metrics(self._numbers("hmtx", 0, f"{2 * self.numGlyphs}H"))
        self.defaultWidth, _before = self.hmetrics[0]
        self.glyphPos = self._numbers("loca", 0, f"{self.numGlyphs + 1}L")
        glyphs: dict[int, int] = {}
        for first, last, glyph in self._groups():
            characters = range(first, last + 1)
            glyphs.update(zip(characters, range(glyph, glyph + len(characters)), strict=True))
        glyphs[ord("\N{NO-BREAK SPACE}")] = glyphs[ord(" ")]
        self.charToGlyph = glyphs
        self.charWidths = _CharacterWidths(glyphs, self.hmetrics)

    def get_table(self, tag: str) -> bytes | _Outlines:
        if tag == "glyf":
            return _Outlines(self._ttf_data, self.get_table_pos(tag)[0])
        table: bytes = super().get_table(tag)
        return table

    def _groups(self) -> zip[tuple[int, ...]]:
        """Characters whose glyphs stand in a row: the first, the last, the glyph of the first."""
        (count,) = self._numbers("cmap", 2, "H")
        tables = [self._numbers("cmap", 4 + 8 * place, "HHL") for place in range(count)]
        begin = [begin for platform, _coding, begin in tables if platform == _WINDOWS][-1]
        (size,) = self._numbers("cmap", begin + 12, "L")
        numbers = self._numbers("cmap", begin + 16, f"{3 * size}L")
        return zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)

    def _numbers(self, table: str, place: int, form: str) -> tuple[int, ...]:
        return unpack_from(f">{form}", self._ttf_data, self.get_table_pos(table)[0] + place)
