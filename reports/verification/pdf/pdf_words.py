"""The words of a PDF, page by page, by pypdf."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.base.file_names import file_name
from ledger.base.records import Record
from reports.verification.comparison.refusals import Damaged
from reports.verification.comparison.refusals import Encrypted
from reports.verification.comparison.refusals import NoText
from reports.verification.comparison.refusals import TooLarge
from reports.verification.pdf.pdf_drawing import drawn_objects
from reports.verification.pdf.pdf_drawing import overlays

if TYPE_CHECKING:
    from pypdf import PageObject

# A scan of every sheet of a county.
MOST_BYTES = 512 * 1024 * 1024
# How ReportLab names the form of reports.pdf.signed_document, and a run of dark modules in it.
QR_FORM_NAME = "/FormXob.seal"
_RECTANGLE = re.compile(rb"(\d+) (\d+) (\d+) 1 re")


class PageWords(Record):
    """A page: its number in the file from 1, its text, and what may hide it, in words.

    ``qr`` are the dark modules of the QR code, from the left and from the bottom; None where it is
    drawn otherwise than by us, as after printing into a file.
    """

    number: int
    text: str
    overlays: tuple[str, ...] = ()
    qr: frozenset[tuple[int, int]] | None = None


def read_pages(path: Path) -> list[PageWords]:
    """Every page. Raises TooLarge, Encrypted, Damaged, or NoText when no page has any."""
    import pypdf
    from pypdf.errors import FileNotDecryptedError

    if path.stat().st_size > MOST_BYTES:  # guard: file-too-large
        raise TooLarge(file_name(path))
    with _quietly():
        try:
            reader = pypdf.PdfReader(path)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Encrypted(file_name(path))
            pages = [
                PageWords(number, page.extract_text(), tuple(overlays(page)), _dark_modules(page))
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


def _dark_modules(page: PageObject) -> frozenset[tuple[int, int]] | None:
    form = drawn_objects(page.get("/Resources")).get(QR_FORM_NAME)
    if form is None:
        return None
    runs = _RECTANGLE.findall(form.get_data())
    dark = frozenset(
        (int(left) + place, int(bottom))
        for left, bottom, width in runs
        for place in range(int(width))
    )
    return dark or None
