"""Names of files that come from another system, in characters."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.base.outside_text import cleaned


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


# Windows Explorer and the macOS Finder.
_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
# A document that is open in Excel or WPS, in LibreOffice; macOS on a stick of another system.
_BEGINNINGS = ("~$", ".~", "._")


def is_litter(name: str) -> bool:
    """Whether a file of that name is no document but what some program keeps beside one."""
    return name.lower() in _NAMES or name.startswith(_BEGINNINGS)
