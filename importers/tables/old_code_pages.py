"""Texts of workbooks older than 1997 (BIFF5): bytes in a code page, which the file may say wrongly.

Whatever page such a workbook names, its texts are read as single bytes and decoded here: Chinese
programs wrote GBK and named the page of Windows' western edition as often as their own.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Sequence

from importers.tables.cells import Cell

# The beginning of the workbook ([MS-XLS] has it for 1997 and later, with 0006 for 0005).
_BEGINNING = bytes.fromhex("0908080000050500")
_SECTOR_BYTES = 512
_BEGINNING_BYTES = 12
_CODE_PAGE = 0x0042
_WESTERN = 1252
# Its bytes without a character stand for themselves.
_BYTE_OF = {
    bytes([byte]).decode("cp1252", "replace"): byte
    for byte in range(256)
    if bytes([byte]).decode("cp1252", "replace") != "\ufffd"
}
_BYTE_OF |= {chr(byte): byte for byte in range(256) if chr(byte) not in _BYTE_OF}


def with_single_bytes(content: bytes) -> bytes | None:
    """The file with the western code page named, None for one that is not so old."""
    start = content.find(_BEGINNING)
    if start < 0:
        return None
    place, end = start + _BEGINNING_BYTES, start + _SECTOR_BYTES
    while place + 4 <= min(end, len(content)):
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == _CODE_PAGE and length == 2:
            return content[: place + 4] + struct.pack("<H", _WESTERN) + content[place + 6 :]
        place += 4 + length
    return content


def decoded_cells(cells: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The cells with their texts decoded. Raises UnicodeDecodeError where they are not Chinese."""
    return [
        [decoded_text(cell) if isinstance(cell, str) else cell for cell in row] for row in cells
    ]


def decoded_text(text: str) -> str:
    if text.isascii():
        return text
    if any(sign not in _BYTE_OF for sign in text):
        return text
    return codecs.decode(bytes(_BYTE_OF[sign] for sign in text), "gb18030")
