"""What of the books a backup holds, by name; nothing else is put back from one.

A backup may come from somebody who means harm: its names are judged as if the files lay in the
books already, and by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from pathlib import PurePosixPath

from ledger.base.books_folder import LOCK_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import STAGING
from ledger.base.file_names import is_litter
from ledger.base.plain_files import Kind
from ledger.base.plain_files import is_file
from ledger.books.places import Found
from ledger.books.places import listing
from ledger.books.places import strays
from ledger.model.operators import OPERATOR_ID

BOOKS = "books"
KEYS = "keys"
REGISTRY_KEY = f"{KEYS}/registry"
# What Git keeps of its own in the books begins with a dot, and so do these, which are ours.
_HIDDEN = frozenset({".gitattributes", ".gitignore"})
# Of the moment, and not of the books: the lock, the stage, what SQLite keeps while it writes.
_OF_THE_MOMENT = re.compile(
    rf"{re.escape(LOCK_FILE)}|{re.escape(STAGING)}|{re.escape(REGISTRY_FILE)}-\w+"
)
# Not on every system a part of a name: separators, streams of Windows, controls, and an end that
# Windows drops.
_PART = re.compile(r'(?!\.{1,2}\Z)[^\x00-\x1f\x7f/\\:<>"|?*]{1,255}(?<![ .])')
_OPERATOR_KEY = re.compile(rf"{KEYS}/({OPERATOR_ID.pattern})")


def operator_key_name(operator: str) -> str:
    """What an operator's key is called in a backup."""
    return f"{KEYS}/{operator}"


def operator_of_key(name: str) -> str | None:
    """Whose key a name in a backup stands for; None where it is nobody's."""
    match = _OPERATOR_KEY.fullmatch(name)
    return match.group(1) if match else None


def files_to_keep(books: Path) -> tuple[list[str], list[str]]:
    """The books' files by their names, and what stands beside them and is left out."""
    found = [one for one in listing(books) if not is_litter(PurePosixPath(one.name).name)]
    found += [Found(name, Kind.FILE) for name in sorted(_HIDDEN) if is_file(books / name)]
    kept = {one.name for one in found if one.kind is Kind.FILE and may_be_kept(one.name)}
    left_out = [
        one.name
        for one in found
        if one.name not in kept
        and one.kind is not Kind.FOLDER
        and not _OF_THE_MOMENT.fullmatch(one.name.partition("/")[0])
    ]
    return sorted(kept), left_out


def may_be_kept(name: str) -> bool:
    """Whether a file of that name, relative to the books, may be in a backup."""
    parts = name.split("/")
    # guard: plain-names
    if not all(map(_PART.fullmatch, parts)):
        return False
    if _OF_THE_MOMENT.fullmatch(parts[0]) or (parts[0][0] == "." and name not in _HIDDEN):
        return False
    # guard: names-of-the-layout
    return not any(strays(_with_folders(parts)))


def _with_folders(parts: list[str]) -> Iterable[Found]:
    for end in range(1, len(parts)):
        yield Found("/".join(parts[:end]), Kind.FOLDER)
    yield Found("/".join(parts), Kind.FILE)
