"""A folder that comes in: the files in it, without what programs keep beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ledger.base.books_folder import MAIN_FILE
from ledger.base.file_names import file_name
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import children
from ledger.base.records import Record
from ledger.base.refusals import Refusal


class NothingInFolder(Refusal):
    """A folder without a file that could be taken in."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_("{folder}: there is no file in this folder").format(folder=folder))


class FolderOfBooks(Refusal):
    """The folder of a set of books was named instead of one with files to take in."""

    def __init__(self, folder: Path) -> None:
        message = _("{folder} holds books, and no files to take in: name the folder with the files")
        super().__init__(message.format(folder=folder))


class Named(Record):
    """The files that were named, those in named folders among them; ``passed_over`` are what a
    folder has besides: hidden files, what an open document leaves, folders.
    """

    files: tuple[Path, ...]
    passed_over: tuple[Path, ...]


def files_named(paths: Iterable[Path]) -> Named:
    """The files, those of a folder by their names. Raises NothingInFolder or FolderOfBooks."""
    files: list[Path] = []
    passed_over: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        if (path / MAIN_FILE).exists():  # guard: books-not-taken-in
            raise FolderOfBooks(path)
        # A link to a folder is the user's own here.
        found = [
            (path / child.name, kind) for child, kind in children(Path(os.path.realpath(path)))
        ]
        found.sort(key=lambda child: file_name(child[0]))
        inside = [child for child, kind in found if _is_document(child, kind)]
        if not inside:
            raise NothingInFolder(path)
        files += inside
        passed_over += [child for child, _kind in found if child not in inside]
    return Named(tuple(dict.fromkeys(files)), tuple(passed_over))


def _is_document(path: Path, kind: Kind | None) -> bool:
    return kind is not Kind.FOLDER and not is_litter(path.name) and path.name[:1] != "."
