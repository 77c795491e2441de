"""Text, lines and shapes on the pages of a document, written as PDF operators.

``drawString`` makes a text object, measures and formats numbers anew for every string, which is
most of what a sheet of four hundred rows costs. Here a page is one text object, a string that
comes again (a bank, a role, an amount) is encoded once a document, and so is every character.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from reports.pdf.colours import BLACK
from reports.pdf.colours import Colour
from reports.pdf.fonts import REGULAR
from reports.pdf.line_breaking import HALF
from reports.pdf.line_breaking import squeezed_parts

# Points. Thin enough for a photocopy not to fill the table, thick enough to survive one.
THIN = 0.45
HEAVY = 1.0
# Between the slanting lines of a hatched bar, and their width.
HATCH_STEP = 3
HATCH_WIDTH = 0.8

# A string in a font's subsets: the PDF's name of the subset, the codes in hex, and whether it is
# a mark that gives half its square to the next.
Pieces = tuple[tuple[str, str, bool], ...]


# The operators that show one in a size: the font it begins with, the others, the font it ends with.
Shown = tuple[str, str, str]
# The horizontal place of a string and its baseline, the string, and its size.
Placed = tuple[float, float, str, float]


class _Ascii(dict[str, str]):
    """The codes of ASCII characters, which ReportLab keeps in one subset of a font."""

    def __init__(self, meet: Callable[[str], tuple[str, str]]) -> None:
        self.meet = meet
        self.subset = ""

    def __missing__(self, character: str) -> str:
        subset, code = self.meet(character)
        assert self.subset in ("", subset), "ASCII is readable in a document's first subset"
        self.subset = subset
        self[character] = code
        return code


class PageCanvas:
    """Draws on a canvas, page after page. Coordinates and sizes are points."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._encoded: dict[str, dict[tuple[str, float], Shown]] = {}
        self._characters: dict[tuple[str, str], tuple[str, str]] = {}
        self._ascii: dict[str, _Ascii] = {}
        self._places: dict[float, str] = {}
        self._begin_page()

    def _begin_page(self) -> None:
        self._shapes: list[str] = []
        self._text: list[str] = []
        self._style = ""
        self._tone = BLACK
        self._thin: list[str] = []
        self._heavy: list[str] = []

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        font: str = REGULAR,
        colour: Colour = BLACK,
    ) -> None:
        """One string from ``x`` to the right."""
        self.texts([(x, baseline, text, size)], font, colour)

    def texts(self, placed: Iterable[Placed], font: str = REGULAR, colour: Colour = BLACK) -> None:
        """Strings, each from its place to the right."""
        if colour is not self._tone:
            self._tone = colour
            self._text.append(f"{colour.operands()} rg")
        encoded = self._encoded.setdefault(font, {})
        places, add = self._places, self._text.append
        style = self._style
        for x, baseline, text, size in placed:
            if not text:
                continue
            shown = encoded.get((text, size))
            if shown is None:
                shown = encoded[text, size] = self._shown(text, size, font)
            first, operators, last = shown
            # Rows stand below one another: most places come again.
            across = places.get(x) or places.setdefault(x, f"{x:.2f}")
            up = places.get(baseline) or places.setdefault(baseline, f"{baseline:.2f}")
            if first == style:
                add(f"1 0 0 1 {across} {up} Tm{operators}")
            else:
                add(f"1 0 0 1 {across} {up} Tm{first}{operators}")
            style = last
        self._style = style

    def _shown(self, text: str, size: float, font: str) -> Shown:
        """What shows a string: its first font, the operators with any other font, its last."""
        if text.isascii():
            # Figures, codes and numbers, which most strings are.
            known = self._ascii.get(font)
            if known is None:
                known = self._ascii[font] = _Ascii(lambda character: self._meet(character, font))
            codes = "".join(map(known.__getitem__, text))
            style = f"\n{known.subset} {size:g} Tf"
            return style, f"\n<{codes}> Tj", style
        pieces = self._encode(text, font)
        styles = [f"\n{name} {size:g} Tf" for name, _codes, _is_squeezed in pieces]
        operators = []
        for place, (_name, codes, is_squeezed) in enumerate(pieces):
            if place and styles[place] != styles[place - 1]:
                operators.append(styles[place])
            if is_squeezed:  # guard: marks-squeezed
                # By character spacing: programs take the space of a TJ array for a blank.
                operators.append(f"\n{-HALF * size:g} Tc <{codes}> Tj 0 Tc")
            else:
                operators.append(f"\n<{codes}> Tj")
        return styles[0], "".join(operators), styles[-1]

    def _encode(self, text: str, name: str) -> Pieces:
        return tuple(
            (subset, "".join([code for _subset, code in characters]), is_squeezed)
            for part, is_squeezed in squeezed_parts(text)
            for subset, characters in groupby(
                [self._characters.get((name, c)) or self._meet(c, name) for c in part],
                key=itemgetter(0),
            )
        )

    def _meet(self, character: str, name: str) -> tuple[str, str]:
        """The subset of the font and the code in it by which the document shows a character."""
        met = self._characters.get((name, character))
        if met is not None:
            return met
        font = pdfmetrics.getFont(name)
        # Fonts keep the subset of each document under this object; it has no public name.
        document = self._canvas._doc
        [(subset, code)] = font.splitString(character, document)
        met = (font.getSubsetInternalName(subset, document), code.hex())
        self._characters[name, character] = met
        return met

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A thin line."""
        self._thin.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l")

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        """A heavy rectangle."""
        self._heavy.append(f"{left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re")

    def bar(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle; it lies below lines and text, and above shapes drawn before it."""
        rectangle = f"{left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re"
        self._shapes.append(f"q {colour.operands()} rg {rectangle} f Q")

    def hatched(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A rectangle of slanting lines, which a print without colours shows too."""
        rise = top - bottom
        starts = range(int(left - rise), int(right) + 1, HATCH_STEP)
        lines = " ".join(f"{x} {bottom:.2f} m {x + rise:.2f} {top:.2f} l" for x in starts)
        box = f"{left:.2f} {bottom:.2f} {right - left:.2f} {rise:.2f} re"
        stroke = f"{colour.operands()} RG {HATCH_WIDTH} w"
        self._shapes.append(f"q {stroke} q {box} W n {lines} S Q {box} S Q")

    def curve(
        self,
        points: Sequence[tuple[float, float]],
        width: float,
        colour: Colour,
        dash: Sequence[float] = (),
    ) -> None:
        """A line through points, ``width`` points thick; ``dash`` are lengths on and off."""
        (x, y), *others = points
        path = [f"{x:.2f} {y:.2f} m", *(f"{x:.2f} {y:.2f} l" for x, y in others)]
        lengths = " ".join(f"{length:g}" for length in dash)
        style = f"{colour.operands()} RG {width:g} w [{lengths}] 0 d 1 j"
        self._shapes.append(f"q {style} {' '.join(path)} S Q")

    def finish_page(self) -> None:
        """Put everything onto the canvas's page."""
        operators = [*self._shapes]
        operators += [f"{THIN} w", *self._thin, "S", f"{HEAVY} w", *self._heavy, "S"]
        operators += ["BT", *self._text, "ET"]
        self._canvas.addLiteral("\n".join(operators))
        self._begin_page()
