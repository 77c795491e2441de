"""Files that a desktop leaves beside ours: they are nobody's, and say nothing of the books."""

from __future__ import annotations

# Windows Explorer and the macOS Finder.
_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
# A document that is open in Excel or WPS, in LibreOffice; macOS on a stick of another system.
_BEGINNINGS = ("~$", ".~", "._")


def is_litter(name: str) -> bool:
    """Whether a file of that name is no document but what some program keeps beside one."""
    return name.lower() in _NAMES or name.startswith(_BEGINNINGS)
