"""What a page draws beside the text that can be read: it may show something else than that.

Our pages draw their rules and the QR code first and then the text, and programs that print a PDF
into another keep that order. What is drawn later lies over the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from ledger.base.language import gettext as _

if TYPE_CHECKING:
    from pypdf import PageObject

# Links lead somewhere; every other annotation can lie over what is printed.
HARMLESS_ANNOTATIONS = ("/Link",)
FORMS_WITHIN_FORMS = 4
# Operators of PDF 32000-1:2008, annex A.
SHOWING_TEXT = frozenset({b"Tj", b"TJ", b"'", b'"'})
PAINTING = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"})
CURVES = frozenset({b"c", b"v", b"y"})
# Colours by their parts; of one part in a space of its own, 1 may be black.
GREY = b"g"
RED_GREEN_BLUE = frozenset({b"rg", b"sc", b"scn"})
CYAN_TO_BLACK = b"k"
# Text is neither filled nor stroked; or it only clips what is drawn later.
INVISIBLE_MODES = (3, 7)
NEARLY_WHITE = 0.9


def overlays(page: PageObject) -> Iterator[str]:
    """What on the page may show something else than its text, in words, each once."""
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") not in HARMLESS_ANNOTATIONS:
            yield _("a remark or field laid over the page")
            break
    resources = page.get("/Resources")
    contents = page.get_contents()
    seen = _Seen()
    if contents is not None:
        _follow(contents.operations, resources, page.pdf, seen, FORMS_WITHIN_FORMS)
    if seen.picture or _has_picture(resources, FORMS_WITHIN_FORMS):
        yield _("a picture")
    if seen.invisible:
        yield _("invisible text")
    if seen.covered:
        yield _("a drawing over its text")
    if seen.layer:
        yield _("a layer that can be switched off")


@dataclass
class _Seen:
    """What has been drawn so far; ``mode`` and ``is_white`` are of the text that comes next."""

    text: bool = False
    picture: bool = False
    invisible: bool = False
    covered: bool = False
    layer: bool = False
    mode: int = 0
    is_white: bool = False


def _follow(operations: Any, resources: Any, pdf: Any, seen: _Seen, depth: int) -> None:
    """Follow the operators of a page or of a form, in the order in which they draw."""
    saved: list[tuple[int, bool]] = []
    for operands, operator in operations:
        if operator in SHOWING_TEXT:
            seen.text = True
            seen.invisible |= seen.mode in INVISIBLE_MODES or seen.is_white  # guard: white-text
        elif operator == b"q":
            saved.append((seen.mode, seen.is_white))
        elif operator == b"Q" and saved:
            seen.mode, seen.is_white = saved.pop()
        elif operator == b"Tr":
            seen.mode = int(operands[0])
        elif operator == GREY or (operator in RED_GREEN_BLUE and len(operands) == 3):
            # Not a number is the name of a pattern.
            seen.is_white = all(isinstance(c, int | float) and c >= NEARLY_WHITE for c in operands)
        elif operator == CYAN_TO_BLACK:
            seen.is_white = all(c <= 1 - NEARLY_WHITE for c in operands)
        elif operator in RED_GREEN_BLUE:
            seen.is_white = False
        elif operator in CURVES:
            seen.covered = True
        elif operator in PAINTING:
            seen.covered |= seen.text  # guard: text-covered
        elif operator == b"INLINE IMAGE":
            seen.picture = True
        elif operator == b"BDC":
            seen.layer |= operands[0] == "/OC"
        elif operator == b"Do" and depth:  # guard: forms-followed
            _follow_form(drawn_objects(resources).get(operands[0]), pdf, seen, depth - 1)


def _follow_form(form: Any, pdf: Any, seen: _Seen, depth: int) -> None:
    from pypdf.generic import ContentStream

    if form is None or form.get("/Subtype") != "/Form":
        return
    seen.layer |= "/OC" in form
    before = seen.mode, seen.is_white
    _follow(ContentStream(form, pdf).operations, form.get("/Resources"), pdf, seen, depth)
    seen.mode, seen.is_white = before


def _has_picture(resources: Any, depth: int) -> bool:
    for form in drawn_objects(resources).values():
        if form.get("/Subtype") == "/Image":
            return True
        if depth and _has_picture(form.get("/Resources"), depth - 1):
            return True
    return False


def drawn_objects(resources: Any) -> dict[str, Any]:
    """The forms and pictures that a page or a form may draw, by their names."""
    found = resources.get_object().get("/XObject") if resources is not None else None
    if found is None:
        return {}
    return {name: reference.get_object() for name, reference in found.get_object().items()}
