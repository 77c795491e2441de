"""Which files main.beancount includes by a name or a pattern."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path

from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import kind_of


def included_names(books: Path, pattern: str) -> list[str]:
    """The files, relative to the books, in the order of their names.

    A pattern finds no hidden files, as everywhere; links on the way are not followed. Raises
    NotPlain where one is on the way.
    """
    *folders, last = pattern.split("/")
    folder = books
    for part in folders:
        folder /= part
        kind = kind_of(folder)
        if kind is not None and not is_folder(folder):
            raise NotPlain(folder, kind)
    names = [last]
    if "*" in last:
        like = re.compile(fnmatch.translate(last))
        names = [name for name in _names_in(folder) if name[:1] != "." and like.match(name)]
    found = [name for name in names if kind_of(folder / name) is not None]
    return ["/".join([*folders, name]) for name in sorted(found)]


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []
