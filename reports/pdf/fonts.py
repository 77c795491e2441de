"""The two fonts of every printed document, and whether they can draw a text.

ReportLab drops a character without a glyph silently: a sheet would pay 李□ under the name of 李.
So every text is asked for its missing characters before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTEncoding
from reportlab.pdfbase.ttfonts import TTFont

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from reports.pdf.font_face import FontFace
from reports.pdf.line_breaking import squeeze

FONTS_FOLDER = Path(__file__).parent / "font_files"
REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"

# The PDF reference allows at most 100 entries between beginbfchar and endbfchar.
BFCHAR_LIMIT = 100
# Stands for what the fonts cannot draw in texts that nobody can correct, such as the bank's words.
GETA = "〓"
# Names listed in one message: more would not help, and the message must stay on one line.
NAMES_SHOWN = 10


class MissingGlyphs(Refusal):
    """Texts that the document's font cannot draw: a printed sheet would lose characters."""

    def __init__(self, texts: Sequence[str], characters: Iterable[str]) -> None:
        self.texts = tuple(texts)
        self.characters = frozenset(characters)
        shown = "、".join(self.texts[:NAMES_SHOWN])
        if len(self.texts) > NAMES_SHOWN:
            shown += "…"
        points = listed(f"{c} (U+{ord(c):04X})" for c in sorted(self.characters))
        message = _(
            "the document's font has no glyph for {characters}, which {texts} needs:"
            " correct the spelling in the roster, or the text in census-ledger.toml"
        )
        super().__init__(message.format(characters=_printable(points), texts=_printable(shown)))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)


@cache
def _spelled(width: float) -> bytes:
    """A width as ReportLab writes it, of which fonts have few and documents many."""
    spelled: bytes = pdfdoc.format(width, None)
    return spelled


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """A TrueType font from whose text every character can be copied.

    ReportLab writes a character beyond U+FFFF (the 𬭚 of a name) into the ToUnicode map with
    five hex digits where the PDF reference asks for UTF-16BE, so it prints right and copies
    wrong. The maps are written anew after ReportLab has made its objects.
    """

    def __init__(self, name: str, file: str) -> None:
        # What ReportLab's own is made of, but for the face.
        self.fontName = name
        self.face = FontFace(file)
        self.encoding = TTEncoding()
        self.state: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self._asciiReadable = rl_config.ttfAsciiReadable
        self.shapable = False

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        subsets = self.state[doc].subsets
        names = [self.getSubsetInternalName(n, doc)[1:] for n in range(len(subsets))]
        super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for name, subset in zip(names, subsets, strict=True):
            base_name = fonts[name].BaseFont
            stream = doc.idToObject[fonts[name].ToUnicode.name]
            stream.content = to_unicode_map(base_name, subset)
            widths = fonts[name].Widths
            widths.sequence = [_spelled(width) for width in widths.sequence]


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """The ToUnicode CMap of a simple font whose code n shows the character ``subset[n]``.

    See PDF 32000-1:2008, 9.10.3: values are UTF-16BE, blocks have at most 100 entries. A code
    that shows nothing (0) gets no entry.
    """
    entries = [
        f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(subset)
        if character
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), BFCHAR_LIMIT):
        block = entries[start : start + BFCHAR_LIMIT]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@cache
def register_fonts() -> None:
    """Register :data:`REGULAR` and :data:`BOLD` with ReportLab, once a process.

    Reading a font costs as much as drawing a small town, so every document of the process
    shares the two; ReportLab keeps what a document uses of them apart.
    """
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(EmbeddedFont(name, str(FONTS_FOLDER / f"{name}.ttf")))


class _Widths(dict[str, int]):
    """The widths of a font's characters, in thousandths of an em."""

    def __init__(self, font: str) -> None:
        register_fonts()
        self._widths: Mapping[int, int] = pdfmetrics.getFont(font).face.charWidths

    def __missing__(self, character: str) -> int:
        width = self[character] = self._widths[ord(character)]
        return width


_character_widths = cache(_Widths)


@lru_cache(maxsize=1 << 16)
def text_width(text: str, font: str = REGULAR) -> float:
    """The width of a text in ems: times the size in points it is a width in points."""
    ems = sum(map(_character_widths(font).__getitem__, text)) / 1000
    return ems if text.isascii() else ems - squeeze(text)


def missing_characters(texts: str | Iterable[str]) -> set[str]:
    """The characters of a text, or of several, that the fonts cannot draw."""
    register_fonts()
    used = set().union(*([texts] if isinstance(texts, str) else texts))
    drawable = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return {character for character in used if ord(character) not in drawable}


def drawable(text: str) -> str:
    """The text with a mark for every character that the fonts cannot draw."""
    missing = missing_characters(text)
    return "".join(GETA if character in missing else character for character in text)


def require_glyphs(texts: Iterable[str]) -> None:
    """Raise :class:`MissingGlyphs`, naming the texts, unless the fonts can draw all of them."""
    texts = list(texts)
    missing = missing_characters(texts)
    if missing:
        raise MissingGlyphs(list(dict.fromkeys(t for t in texts if missing & set(t))), missing)
