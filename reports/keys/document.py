"""Keys on paper as a file to be printed and then removed."""

from __future__ import annotations

from pathlib import Path

from ledger.base import durable
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.registry_key import require_apart
from reports.keys.sheet import KeyPaper
from reports.keys.sheet import drawn


def write_key_paper(path: Path, books: Path, paper: KeyPaper) -> None:
    """Write the sheet outside the books' folder, for the owner alone, whole or not at all.

    Raises KeyBesideBooks, KeyInPlace or MissingGlyphs.
    """
    require_apart(path, books)
    try:
        durable.create_file(path, drawn(paper), mode=durable.FOR_THE_OWNER)
    except FileExistsError:
        raise KeyInPlace(path) from None
