"""Workbooks in odd containers: what any spreadsheet program opens, put as our reader expects it.

A program may call the parts of an .xlsx as it likes, so long as the archive says which is which;
some separate its folders by a backslash, or say the extent of a sheet in a way of their own.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from importers.tables.workbook_limits import UNPACKED_LIMIT_BYTES

WORKBOOK = "xl/workbook.xml"
RELATIONS = "_rels/.rels"

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_OF_WORKBOOK = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/officeDocument[\"']")
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']+)[\"']")
# A reader needs no extent: the cells say where they stand.
_EXTENT = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*/>")
_BEGINNING_BYTES = 4096
_USUAL_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org'
    b'/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org'
    b'/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def with_usual_names(content: bytes) -> bytes:
    """An archive whose workbook is where it is looked for, if its first page says where it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # On Windows zipfile calls a part by another name than the archive does.
            own = {part.filename: part.orig_filename for part in archive.infolist()}
            if WORKBOOK in own.values():
                return content
            names = {name: own[name].replace("\\", "/").lstrip("/") for name in own}
            main = _main_part(archive, names)
            if main is None:
                return content
            folder = posixpath.dirname(main)
            moved = {name: _moved(usual, main, folder) for name, usual in names.items()}
            return _rebuilt(archive, moved) or content
    except Exception:  # zipfile has half a dozen ways to say it; whoever reads it says it again
        return content


def without_extents(content: bytes) -> bytes:
    """The workbook without what its sheets say of their own extent."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name: name for name in archive.namelist()}
            return _rebuilt(archive, names, extents=False) or content
    except Exception:
        return content


def _main_part(archive: zipfile.ZipFile, names: dict[str, str]) -> str | None:
    """The part that the archive calls its workbook, None where there is none of that name."""
    for name, usual in names.items():
        if usual == RELATIONS and archive.getinfo(name).file_size < UNPACKED_LIMIT_BYTES:
            for relation in _RELATION.findall(archive.read(name)):
                target = _TARGET.search(relation)
                if target and _OF_WORKBOOK.search(relation):
                    main = posixpath.normpath(target[1].decode().lstrip("/"))
                    return main if main in names.values() and main.endswith(".xml") else None
    return None


def _moved(name: str, main: str, folder: str) -> str:
    """A part of the workbook's folder in the usual one, the workbook under the usual name."""
    relations = posixpath.join(folder, "_rels", posixpath.basename(main) + ".rels")
    if name == main:
        return WORKBOOK
    if name == relations:
        return "xl/_rels/workbook.xml.rels"
    if not folder and "/" not in name.removeprefix("worksheets/"):
        return name if name.startswith("[") else f"xl/{name}"
    return f"xl/{name.removeprefix(folder + '/')}" if name.startswith(folder + "/") else name


def _rebuilt(
    archive: zipfile.ZipFile, names: dict[str, str], *, extents: bool = True
) -> bytes | None:
    """The archive with its parts so called, None where it would unpack to too much."""
    members = archive.infolist()
    if sum(member.file_size for member in members) > UNPACKED_LIMIT_BYTES:
        return None
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(rebuilt, "w") as copy:
        for member in members:
            part = archive.read(member)
            if names[member.filename] == RELATIONS and extents:
                part = _USUAL_RELATIONS
            if not extents:
                start = part[:_BEGINNING_BYTES]
                part = _EXTENT.sub(b"", start) + part[_BEGINNING_BYTES:]
            copy.writestr(names[member.filename], part)
    return rebuilt.getvalue()
