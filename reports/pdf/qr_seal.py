"""A batch's seal in print: four groups for the eye, a QR code for the telephone."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from reports.pdf.qr_modules import qr_modules

PAYLOAD_PREFIX = "census-ledger"
# ISO/IEC 18004 asks for four light modules on every side.
QUIET_MODULES = 4
# Pixels: sharp on paper, and few enough for every sheet of a workbook.
PICTURE_MODULE = 4


def seal_payload(batch: BatchId, town_code: TownCode, seal: Seal) -> str:
    """What the QR code says: ``census-ledger:B2020-001:370481001:a1b2c3d4e5f60718``.

    The town's code is empty on documents of the whole batch.
    """
    return f"{PAYLOAD_PREFIX}:{batch}:{town_code}:{seal}"


@lru_cache(maxsize=64)
def _dark_runs(payload: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """The modules of a side, and every horizontal run of dark ones: row, column, length."""
    modules = qr_modules(payload)
    runs = []
    for row, dark in enumerate(modules):
        column = 0
        while column < len(dark):
            start = column
            while column < len(dark) and dark[column]:
                column += 1
            if column > start:
                runs.append((row, start, column - start))
            column += 1
    return len(modules), tuple(runs)


def qr_picture(payload: str) -> bytes:
    """The QR code as a PNG (ISO/IEC 15948) of one bit a pixel, for documents that are no PDF.

    A module is :data:`PICTURE_MODULE` pixels wide; the quiet zone is included.
    """
    modules, runs = _dark_runs(payload)
    side = (modules + 2 * QUIET_MODULES) * PICTURE_MODULE
    white = (1 << side) - 1
    rows = [white] * modules
    for row, column, length in runs:
        width = length * PICTURE_MODULE
        end = side - (QUIET_MODULES + column) * PICTURE_MODULE
        rows[row] &= ~(((1 << width) - 1) << (end - width))
    quiet = [white] * QUIET_MODULES
    padding = -side % 8
    lines = [
        b"\0" + (line << padding).to_bytes((side + padding) // 8, "big")
        for line in (*quiet, *rows, *quiet)
        for _pixel in range(PICTURE_MODULE)
    ]
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(b"".join(lines), 9)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )  # fmt: skip


def dark_modules(payload: str) -> frozenset[tuple[int, int]]:
    """Every dark module as :func:`define_qr` places it: from the left and from the bottom."""
    modules, runs = _dark_runs(payload)
    return frozenset(
        (QUIET_MODULES + column + place, QUIET_MODULES + modules - 1 - row)
        for row, column, length in runs
        for place in range(length)
    )


def define_qr(canvas: Canvas, name: str, payload: str, side: float) -> None:
    """Define the form ``name``: the QR code in a square of ``side`` points, quiet zone included.

    Encoded and written once for a document, each page then costs one operator
    (``canvas.doForm``). Error level M: a stamp or a fold over a part of it does no harm.
    """
    modules, runs = _dark_runs(payload)
    canvas.beginForm(name, 0, 0, side, side)
    # A path in whole modules under one scale: neighbours share their edge exactly.
    scale = side / (modules + 2 * QUIET_MODULES)
    canvas.scale(scale, scale)
    canvas.setFillGray(0)
    path = " ".join(
        f"{QUIET_MODULES + column} {QUIET_MODULES + modules - 1 - row} {length} 1 re"
        for row, column, length in runs
    )
    canvas.addLiteral(f"n {path}\nf*")
    canvas.endForm()
