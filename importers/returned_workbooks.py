"""Workbooks that go back to whoever sent a file: never in place of one that is being mended."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from ledger import durable

MOST = 1000


def keep_beside(folder: Path, stem: str, write: Callable[[io.BytesIO], object]) -> Path:
    """Make ``stem.xlsx`` in the folder by ``write`` and return its path.

    A workbook that somebody may have begun to mend is never replaced: the next free name is
    taken, unless the very same workbook is there already. It is on the disk when it has its name.
    Raises OSError.
    """
    fresh = io.BytesIO()
    write(fresh)
    content = fresh.getvalue()
    durable.make_folder(folder)
    for number in range(1, MOST):
        target = folder / (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx")
        try:
            durable.create_file(target, content)
            return target
        except FileExistsError:
            if target.read_bytes() == content:
                return target
    raise AssertionError("a thousand workbooks of one name")
