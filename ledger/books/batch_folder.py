"""Where a batch's papers lie: among those that are handed out, or held until it is approved."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.base import durable
from ledger.base.books_folder import HELD
from ledger.base.books_folder import MANIFEST
from ledger.base.books_folder import PAYOUTS
from ledger.base.digests import Digest
from ledger.base.digests import file_digest
from ledger.base.money import fen
from ledger.base.plain_files import Kind
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import is_plain_tree
from ledger.base.plain_files import kind_of
from ledger.base.plain_files import read_plain
from ledger.base.plain_files import tree
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.kept_ledger import KeptLedger
from ledger.model.findings import without_facts
from ledger.model.history import Batch
from ledger.model.ids import BatchId


def place_of_papers(batch: BatchId, *, held: bool) -> str:
    """The batch's folder below the books, with slashes."""
    return f"{HELD if held else PAYOUTS}/{batch}"


def place_of_batch(batch: Batch) -> str:
    """The same of a batch as it stands. What is rejected or void before it was approved stays held:
    nobody pays by it.
    """
    return place_of_papers(batch.id, held=batch.is_held)


def place_of_files(books: Books, batch: Batch) -> str:
    """Where they lie now: what is approved stays held while something else stands in its place."""
    held = place_of_papers(batch.id, held=True)
    if batch.asked.roles and is_folder(books.folder / held):  # guard: place-of-files
        return held
    return place_of_batch(batch)


def taken_place(books: Books, batch: Batch) -> str:
    """Where the papers of a batch that are held now will be handed out, when something else stands
    there; empty when nothing does.
    """
    place = place_of_papers(batch.id, held=False)
    is_held = batch.is_held or place_of_files(books, batch) != place
    return place if is_held and kind_of(books.folder / place) else ""


def to_hand_out(books: Books) -> list[BatchId]:
    """The batches that have every approval and whose papers are held still.

    None in books with errors: what says that a batch is approved may be among them.
    """
    if not is_folder(books.folder / HELD) or without_facts(books.errors):
        return []  # guard: sound-books-hand-out
    return [
        batch.id
        for batch in books.history.batches.values()
        if batch.asked.roles
        and not batch.is_held
        and is_plain_tree(books.folder / HELD / batch.id)
        and _is_free(books.folder / PAYOUTS / batch.id, books.folder / HELD / batch.id)
    ]


def hand_out(books: Books) -> None:
    """Move the papers of batches that are approved to where everybody looks for them. The caller
    holds the lock.
    """
    kept = books.ledger
    # guard: handed-out-by-what-is-vouched-for
    if to_hand_out(books) and isinstance(kept, KeptLedger) and not kept.vouched:
        books = load_books(books.folder)
    for batch in to_hand_out(books):
        held, handed_out = books.folder / HELD / batch, books.folder / PAYOUTS / batch
        if kind_of(handed_out) is None:
            durable.rename(held, handed_out)
            durable.sync_folder(held.parent)
        else:
            durable.remove_tree(held)


def _is_free(place: Path, held: Path) -> bool:
    """Whether nothing stands there; or the very same, as a disk that lost its power shows it."""
    if kind_of(place) is None:
        return True
    return is_plain_tree(place) and _contents(place) == _contents(held)


def _contents(folder: Path) -> dict[Path, Digest | None]:
    return {
        path.relative_to(folder): file_digest(path) if kind is Kind.FILE else None
        for path, kind in tree(folder)
    }  # guard: same-papers-to-the-last-folder


def listed_files(folder: Path) -> list[dict[str, Any]]:
    """What a batch's manifest lists; nothing where it is missing, or not as it was written."""
    try:
        files = json.loads(read_plain(folder / MANIFEST))["files"]
        if all(isinstance(fen(Decimal(file["amount"])), int) and file["name"] and file["rows"]
               for file in files):  # fmt: skip
            return list(files)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError):
        pass
    return []
