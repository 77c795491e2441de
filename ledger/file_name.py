"""Names of files that come from another system, in characters."""

from __future__ import annotations

import os
from pathlib import Path


def file_name(path: Path) -> str:
    """The file's name as people read it, and as text that can be written anywhere.

    An archive from Windows, unpacked elsewhere, leaves names in the bytes of GBK. Python hands
    such bytes on as lone surrogates, which no database, workbook or JSON takes.
    """
    content = os.fsencode(path.name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")
