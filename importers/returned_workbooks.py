"""Workbooks that go back to whoever sent a file: never in place of one that is being mended."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from ledger.base import durable

MOST = 1000
_NUMBERED = re.compile(r"(.+)-[0-9]{1,3}")


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


def first_name(folder: Path, stem: str) -> str:
    """What the workbook was called that ``stem`` is a later one of: ``名册`` for ``名册-2``.

    A name that only ends in a number, without the first beside it, is its own.
    """
    numbered = _NUMBERED.fullmatch(stem)
    first = numbered.group(1) if numbered else stem
    return first if (folder / f"{first}.xlsx").is_file() else stem
