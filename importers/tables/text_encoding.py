"""The text of a file: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from importers.tables.cell_text import PRIVATE_TO_STANDARD
from importers.tables.refusals import NotATable
from ledger.language import gettext as _

# Where a web page or an XML file says how it is encoded.
_DECLARATION_BYTES = 4096
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([0-9A-Za-z_-]+)", re.IGNORECASE)
# Encodings that GB 18030 does not cover; every other declaration is either true of what the
# content shows, or a slip of whoever made the page.
_FOREIGN_ENCODINGS = {b"big5": "big5hkscs", b"big5-hkscs": "big5hkscs"}

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decoded(name: str, content: bytes) -> str:
    """The text, by its byte order mark, else as UTF-8, else as it says itself or as GB18030.

    Raises NotATable for what is no text, UTF-16 without a byte order mark included.
    """
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _checked(name, content.decode("utf-16"))
        try:
            return _checked(name, content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            text = content.decode(_declared_encoding(content) or "gb18030")
            return _checked(name, text.translate(PRIVATE_TO_STANDARD))
    except UnicodeDecodeError as error:
        raise NotATable(name, _("neither UTF-8 nor GB18030 text")) from error


def _declared_encoding(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_DECLARATION_BYTES])
    if not found or not content.lstrip().startswith(b"<"):
        return None
    return _FOREIGN_ENCODINGS.get(found.group(1).lower())


def _checked(name: str, text: str) -> str:
    text = text.rstrip("\x1a")  # the end-of-file mark of DOS programs
    if _CONTROL_CHARACTERS.search(text):
        raise NotATable(name, _("a file of a binary kind"))
    return text
