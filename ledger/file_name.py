"""Names of files that come from another system, in characters."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.outside_text import cleaned


def file_name(path: Path) -> str:
    """The file's name as people read it, and as text that can be written anywhere.

    An archive from Windows, unpacked elsewhere, leaves names in the bytes of GBK. Python hands
    such bytes on as lone surrogates, which no database, workbook or JSON takes. A name may hold
    any character but a slash; what is not to be seen is left out.
    """
    content = os.fsencode(path.name)
    try:
        name = content.decode("utf-8")
    except UnicodeDecodeError:
        name = content.decode("gb18030", errors="replace")
    return cleaned(name)
