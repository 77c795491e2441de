"""The modules of a QR code (ISO/IEC 18004), the same as ReportLab's encoder makes them.

Of eight masks the one is taken that leaves the fewest long runs, blocks and false finder patterns.
ReportLab makes the whole code with each of them and looks at it module by module, which is a fourth
of what a small document takes. Here a line of modules is a number, the first module its last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec
from importlib.util import spec_from_loader
from itertools import pairwise
from pathlib import Path
from typing import Any

import reportlab

# The module of ReportLab's that encodes; the packages that it lies in load all of its graphics.
ENCODER = Path(reportlab.__file__).parent / "graphics" / "barcode" / "qrencoder.py"

MASKS = range(8)
# From this version on a code says its version.
NUMBERED = 7
# Dark, light, three dark, light, dark and four light.
FINDER = (True, False, True, True, True, False, True, False, False, False, False)
# Points for a block of four, for what looks like a finder, and for each twentieth by which the dark
# ones are more or fewer than half.
BLOCK, LIKE_FINDER, TWENTIETH = 3, 40, 10


def qr_modules(payload: str) -> Sequence[Sequence[bool]]:
    """Whether each module is dark, row by row, of a code of error level M."""
    code = _code()
    code.addData(payload)
    code.version = code.calculate_version()
    code.makeImpl(True, 0)
    lines = [_number(line) for line in (*code.modules, *zip(*code.modules, strict=True))]
    mask = _best_mask(lines, code.version)
    turned = _turned(code.version, mask)[: code.moduleCount]
    code.modules = [
        [bool((line ^ bits) >> place & 1) for place in range(code.moduleCount)]
        for line, bits in zip(lines, turned, strict=False)
    ]
    code.setupTypeInfo(False, mask)
    if code.version >= NUMBERED:
        code.setupTypeNumber(False)
    modules: Sequence[Sequence[bool]] = code.modules
    return modules


@cache
def _encoder() -> Any:
    loader = SourceFileLoader("reportlab_qrencoder", str(ENCODER))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None, "a loader has a name"
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _code() -> Any:
    encoder = _encoder()
    return encoder.QRCode(None, encoder.QRErrorCorrectLevel.M)


def _best_mask(lines: Sequence[int], version: int) -> int:
    """The first of those with the fewest points, for the lines of a code that has mask 0."""
    points = []
    for mask in MASKS:
        turned = _turned(version, mask)
        points.append(_points([line ^ bits for line, bits in zip(lines, turned, strict=True)]))
    return points.index(min(points))


@cache
def _turned(version: int, mask: int) -> list[int]:
    """Which modules of each row and then of each column mask 0 and another do not have alike."""
    code = _code()
    code.version, code.moduleCount = version, 4 * version + 17
    zeroth, other = (_mask(number) for number in (0, mask))
    turned = [[False] * code.moduleCount for _row in range(code.moduleCount)]
    for column, row in code.dataPosIterator():
        turned[row][column] = zeroth(row, column) != other(row, column)
    return [_number(line) for line in (*turned, *zip(*turned, strict=True))]


def _mask(number: int) -> Any:
    return _encoder().QRUtil.getMask(number)


def _number(modules: Iterable[bool]) -> int:
    return sum(dark << place for place, dark in enumerate(modules))


def _points(lines: Sequence[int]) -> int:
    """Of the rows and then the columns of a code, as ReportLab counts them."""
    side = len(lines) // 2
    whole = (1 << side) - 1
    rows = lines[:side]
    points = 0
    for line in lines:
        # A run of five or more is three points, and one more for each module above five.
        alike = ~(line ^ line >> 1) & whole >> 1
        long = alike & alike >> 1 & alike >> 2 & alike >> 3
        points += long.bit_count() + 2 * (long & ~(long << 1)).bit_count()
    # ReportLab looks for finders in rows alone.
    for row in rows:
        found = whole >> len(FINDER)
        for place, dark in enumerate(FINDER):
            found &= row >> place if dark else ~(row >> place)
        points += LIKE_FINDER * found.bit_count()
    for above, below in pairwise(rows):
        alike = ~(above ^ below)
        points += BLOCK * (alike & alike >> 1 & ~(above ^ above >> 1) & whole >> 1).bit_count()
    dark_modules = sum(row.bit_count() for row in rows)
    return points + TWENTIETH * (abs(100 * dark_modules // side**2 - 50) // 5)
