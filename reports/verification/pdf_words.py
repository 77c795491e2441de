"""The words of a PDF, page by page, by pypdf; and what lies over them that nobody can read."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from ledger.file_name import file_name
from ledger.language import gettext as _
from reports.verification.refusals import Damaged
from reports.verification.refusals import Encrypted
from reports.verification.refusals import NoText

if TYPE_CHECKING:
    from pypdf import PageObject

# Links lead somewhere; every other annotation can lie over what is printed.
HARMLESS_ANNOTATIONS = ("/Link",)
FORMS_WITHIN_FORMS = 4
# How ReportLab names the form of reports.paper.page, and a run of dark modules in it.
QR_FORM_NAME = "/FormXob.seal"
_RECTANGLE = re.compile(rb"(\d+) (\d+) (\d+) 1 re")


@dataclass(frozen=True)
class PageWords:
    """A page: its number in the file from 1, its text, and what may hide it, in words.

    ``qr`` are the dark modules of the QR code, from the left and from the bottom; None where it is
    drawn otherwise than by us, as after printing into a file.
    """

    number: int
    text: str
    overlays: tuple[str, ...] = ()
    qr: frozenset[tuple[int, int]] | None = None


def read_pages(path: Path) -> list[PageWords]:
    """Every page. Raises Encrypted, Damaged, or NoText when no page has any."""
    import pypdf
    from pypdf.errors import FileNotDecryptedError

    with _quietly():
        try:
            reader = pypdf.PdfReader(path)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Encrypted(file_name(path))
            pages = [
                PageWords(number, page.extract_text(), tuple(_overlays(page)), _dark_modules(page))
                for number, page in enumerate(reader.pages, 1)
            ]
        except (Encrypted, OSError):
            raise
        except (FileNotDecryptedError, pypdf.errors.DependencyError) as error:
            raise Encrypted(file_name(path)) from error
        except Exception as error:  # a damaged file can break a reader of PDFs in any way
            raise Damaged(file_name(path)) from error
    if not any(page.text.strip() for page in pages):
        raise NoText(file_name(path))
    return pages


@contextmanager
def _quietly() -> Iterator[None]:
    """pypdf logs what it forgives; the user is told what matters."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _overlays(page: PageObject) -> Iterator[str]:
    """What is on the page beside its text: a picture can show another amount than the text."""
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") not in HARMLESS_ANNOTATIONS:
            yield _("a remark or field laid over the page")
            break
    if _has_picture(page.get("/Resources"), FORMS_WITHIN_FORMS):
        yield _("a picture")
    contents = page.get_contents()
    if contents is not None:
        drawn = contents.get_data()
        if b" ID " in drawn and b"BI " in drawn:
            yield _("a picture")
        if b"3 Tr" in drawn:
            yield _("invisible text")


def _dark_modules(page: PageObject) -> frozenset[tuple[int, int]] | None:
    form = _drawn_objects(page.get("/Resources")).get(QR_FORM_NAME)
    if form is None:
        return None
    runs = _RECTANGLE.findall(form.get_data())
    dark = frozenset(
        (int(left) + place, int(bottom))
        for left, bottom, width in runs
        for place in range(int(width))
    )
    return dark or None


def _has_picture(resources: Any, depth: int) -> bool:
    for form in _drawn_objects(resources).values():
        if form.get("/Subtype") == "/Image":
            return True
        if depth and _has_picture(form.get("/Resources"), depth - 1):
            return True
    return False


def _drawn_objects(resources: Any) -> dict[str, Any]:
    """The forms and pictures that a page or a form may draw, by their names."""
    found = resources.get_object().get("/XObject") if resources is not None else None
    if found is None:
        return {}
    return {name: reference.get_object() for name, reference in found.get_object().items()}
