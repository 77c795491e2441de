"""New books, with the sheet for the safe: what both doors do for an office that has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ledger.base.actor_and_clock import Clock
from ledger.base.language import CHINESE
from ledger.base.toml_edit import Value
from ledger.books.first_keys import FirstKeys
from ledger.books.new_books import NO_VALUES
from ledger.books.new_books import Approvals
from ledger.books.new_books import create_books
from ledger.books.new_programme import NewProgramme
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import require_apart


def make_books(
    folder: Path,
    clock: Clock,
    random_hex: RandomHex,
    *,
    programme: NewProgramme,
    unit: str,
    name: str,
    passphrase: str,
    approvals: Approvals,
    safe: Path | None,
    key_file: Path | None = None,
    settings: Mapping[str, Value] = NO_VALUES,
    language: str = CHINESE,
) -> FirstKeys:
    """Make the books; the key for the safe is on the sheet in the file ``safe`` and nowhere else.

    Without such a file nobody has the key. Raises what :func:`create_books` raises, and KeyInPlace
    or KeyBesideBooks for a place where the sheet must not go.
    """
    if safe is not None:
        require_place_for_safe(safe, folder)

    def onto_paper(books: str, fingerprint: str, seed: bytes) -> None:
        from reports.keys.document import write_key_paper
        from reports.keys.sheet import safe_key_paper

        assert safe is not None
        paper = safe_key_paper(unit, books, clock().date(), seed, fingerprint)
        write_key_paper(safe, folder, paper)

    return create_books(
        folder,
        clock,
        random_hex,
        programme=programme,
        unit=unit,
        key_file=key_file,
        name=name,
        passphrase=passphrase,
        onto_paper=onto_paper if safe else None,
        approvals=approvals,
        settings=settings,
        language=language,
    )


def require_place_for_safe(safe: Path, folder: Path) -> None:
    """Raises KeyBesideBooks or KeyInPlace for a place where the sheet must not go."""
    require_apart(safe, folder)
    if safe.exists():
        raise KeyInPlace(safe)
