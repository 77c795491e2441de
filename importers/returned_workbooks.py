"""Workbooks that go back to whoever sent a file: never in place of one that is being mended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST = 1000


def keep_beside(folder: Path, stem: str, write: Callable[[Path], object]) -> Path:
    """Make ``stem.xlsx`` in the folder by ``write`` and return its path.

    A workbook that somebody may have begun to mend is never replaced: the next free name is
    taken, unless the very same workbook is there already. Raises OSError.
    """
    folder.mkdir(exist_ok=True)
    fresh = folder / f"~{stem}.xlsx"
    try:
        write(fresh)
        for number in range(1, MOST):
            target = folder / (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx")
            if not target.exists():
                return fresh.replace(target)
            if target.read_bytes() == fresh.read_bytes():
                return target
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    raise AssertionError("a thousand workbooks of one name")
