"""Files in the folder of the books that no page may hand out, whoever links to them."""

from __future__ import annotations

from pathlib import Path

from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import STAGING
from ledger.base.books_folder import STATEMENTS

# What is printed and sent, statements as the bank exports them, and what is not yet committed.
PRIVATE_FOLDERS = (PAYOUTS, STATEMENTS, STAGING)


def is_private(folder: Path, file: Path) -> bool:
    """Whether a file holds personal data or lies outside the folder of the books."""
    books, found = folder.resolve(), (folder / file).resolve()
    if not found.is_relative_to(books):
        return True
    parts = found.relative_to(books).parts
    return not parts or parts[0] in PRIVATE_FOLDERS or parts[0].startswith(REGISTRY_FILE)
