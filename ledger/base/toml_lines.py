"""On which line of a TOML file a key stands: the reader of the format does not say."""

from __future__ import annotations

import re

_PART = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<number>\d+)\])?")
_LINE_OF_READER = re.compile(r"\(at line (\d+)")


def line_of_key(text: str, key: str) -> int:
    """The line of ``columns[2].kind``, of the table in which it is missing, or else the first."""
    lines = text.splitlines()
    found = at = 0
    for part in _PART.finditer(key):
        name = re.escape(part["name"])
        number = int(part["number"] or 0)
        table = rf"\s*\[\[\s*{name}\s*\]\]" if number else rf"\s*\[\s*{name}\s*\]"
        pattern = re.compile(rf"{table}|\s*\"?{name}\"?\s*=")
        places = [place for place in range(at, len(lines)) if pattern.match(lines[place])]
        if not places:
            break
        found = places[min(number, len(places)) - 1 if number else 0] + 1
        at = found
    return found or 1


def line_of_error(message: str) -> int:
    """The line that the reader of the format has named, or else the first."""
    found = _LINE_OF_READER.search(message)
    return int(found.group(1)) if found else 1
