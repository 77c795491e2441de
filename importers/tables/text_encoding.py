"""The text of a file: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from importers.tables.cell_text import PRIVATE_TO_STANDARD
from importers.tables.refusals import NotATable
from ledger.base.language import gettext as _

# Where a web page or an XML file says how it is encoded.
_DECLARATION_BYTES = 4096
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([0-9A-Za-z_-]+)", re.IGNORECASE)
# Encodings that GB 18030 does not cover; every other declaration is either true of what the
# content shows, or a slip of whoever made the page.
_FOREIGN_ENCODINGS = {b"big5": "big5hkscs", b"big5-hkscs": "big5hkscs"}

# By which UTF-16 without a byte order mark is told: how many bytes are looked at, of how many
# characters one at least is of ASCII, and how many bytes that are NUL in the order of the bytes
# there are for one in the other order, since 一 (U+4E00) has one there.
_ORDER_BYTES = 64 * 1024
_CHARACTERS_FOR_ONE_OF_ASCII = 8
_NULS_FOR_ONE_ELSEWHERE = 4

# A half stands where a text ends, and is rare among whole characters.
_HALF = re.compile('\ufffd(?=[,;\t|~"\\s<]|$)')
_CHARACTERS_FOR_A_HALF = 20

# Of the characters from the kana on, those of the first level of GB 2312 are common.
_LOOKED_AT, _FIRST_RARE, _FEWEST_SIGNS = 4096, "\u3040", 8
_COMMON_LEADS, _COMMON_TRAIL = range(0xB0, 0xD8), 0xA1
_PRIVATE_LEAD = b"\xfe"
_PRIVATE = re.compile("[\ue800-\ue8ff]")
# None of them is a part of a longer character in any of the encodings, but for UTF-16.
_CONTROL_CHARACTERS = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_END_OF_FILE = "\x1a"  # of DOS programs


def decoded(name: str, content: bytes) -> str:
    """The text, by its byte order mark, else as UTF-16 if every other byte of much of it is NUL,
    else as UTF-8, else as it says itself or as GB18030.

    Raises NotATable for what is no text.
    """
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _checked(name, content.decode("utf-16"))
        encoding = _utf16_order(content)
        if encoding:
            return _checked(name, content.decode(encoding))
        try:
            return _checked(name, content.decode("utf-8-sig"), content)
        except UnicodeDecodeError as error:
            # Text of another encoding has no whole character of UTF-8 before its first wrong one.
            is_utf8 = not content[len(codecs.BOM_UTF8) : error.start].isascii()
            if is_utf8 and (mended := _mended(content, "utf-8-sig")):
                return _checked(name, mended, content)
            encoding = _declared_encoding(content) or "gb18030"
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                if not (mended := _mended(content, encoding)):
                    raise
                text = mended
            if encoding == "gb18030" and _is_misread_big5(text, content):  # guard: big5-not-misread
                kind = _("text in the encoding Big5 (繁体编码): open it in WPS, save it as .xlsx")
                raise NotATable(name, kind) from None
            # Looking costs a twentieth of translating.
            if _PRIVATE_LEAD in content and _PRIVATE.search(text):
                text = text.translate(PRIVATE_TO_STANDARD)
            return _checked(name, text, content)
    except UnicodeDecodeError as error:
        raise NotATable(name, _("neither UTF-8 nor GB18030 text")) from error


def _mended(content: bytes, encoding: str) -> str | None:
    """The text where a cell is cut in the middle of a character, as a field of so many bytes is.

    What is left of the character is U+FFFD. None where anything else is wrong with the bytes, or
    so much that it is text of another kind.
    """
    text = content.decode(encoding, "replace")
    halves = text.count("\ufffd")
    if not halves or halves * _CHARACTERS_FOR_A_HALF > len(text):
        return None
    return text if halves == len(_HALF.findall(text)) else None


def _utf16_order(content: bytes) -> str | None:
    """The order of the bytes of UTF-16: one half of every character of ASCII is NUL.

    No text in another encoding has a NUL byte at all.
    """
    beginning = content[:_ORDER_BYTES]
    if len(content) % 2 or b"\0" not in beginning:
        return None
    nuls = {"utf-16-be": beginning[::2].count(0), "utf-16-le": beginning[1::2].count(0)}
    encoding = max(nuls, key=lambda order: nuls[order])
    most, fewest = nuls[encoding], min(nuls.values())
    enough = most * 2 * _CHARACTERS_FOR_ONE_OF_ASCII >= len(beginning)
    return encoding if enough and most >= fewest * _NULS_FOR_ONE_ELSEWHERE else None


def _is_misread_big5(text: str, content: bytes) -> bool:
    """Whether a text was written in Big5: read as GB 18030 most of its characters are rare ones."""
    signs = [sign for sign in text[:_LOOKED_AT] if sign >= _FIRST_RARE]
    if len(signs) < _FEWEST_SIGNS:
        return False
    common = [
        sign
        for sign in signs
        if (code := sign.encode("gb18030"))[0] in _COMMON_LEADS and code[1] >= _COMMON_TRAIL
    ]
    if len(common) * 2 >= len(signs):
        return False
    try:
        content.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    return True


def _declared_encoding(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_DECLARATION_BYTES])
    if not found or not content.lstrip().startswith(b"<"):
        return None
    return _FOREIGN_ENCODINGS.get(found.group(1).lower())


def _checked(name: str, text: str, content: bytes | None = None) -> str:
    """The text, if there are no control characters in the content that it was decoded from."""
    text = text.rstrip(_END_OF_FILE)
    content = text.encode("utf-8", "replace") if content is None else content.rstrip(b"\x1a")
    if len(content.translate(None, _CONTROL_CHARACTERS)) != len(content):
        raise NotATable(name, _("a file of a binary kind"))
    return text
