"""Bank profiles that are broken or not there, before somebody wants to pay by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ledger.base.books_folder import BANK_PROFILES
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import read_plain
from ledger.base.toml_lines import line_of_error
from ledger.base.toml_lines import line_of_key
from ledger.base.toml_table import MalformedToml
from ledger.books.books import Books
from ledger.books.checking import Complaint
from ledger.disbursement.bank_profile import UnknownBankProfile
from ledger.disbursement.bank_profile import known_profiles
from ledger.disbursement.bank_profile import load_profile

CODE = "bank_profile"


def check_profiles(books: Books) -> Iterator[Complaint]:
    """A complaint for each profile of the books that is broken, and each that is named in vain."""
    folder = books.folder / BANK_PROFILES
    known = known_profiles(folder)
    for name, file in known.items():
        if file.parent == folder:
            try:
                load_profile(name, folder)
            except MalformedToml as refusal:
                line = _line(file, refusal)
                # guard: broken-profile-checked
                yield Complaint(f"{BANK_PROFILES}/{file.name}", line, CODE, str(refusal))
    settings = books.settings
    named = {"own_profile": settings.own_profile, "other_profile": settings.other_profile}
    for key, name in named.items():
        if name not in known:  # guard: unknown-profile-checked
            line = line_of_key(_text(books.folder / SETTINGS_FILE), f"bank.{key}")
            message = str(UnknownBankProfile(name, sorted(known)))
            yield Complaint(SETTINGS_FILE, line, CODE, message)


def _line(file: Path, refusal: MalformedToml) -> int:
    if refusal.key:
        return line_of_key(_text(file), refusal.key)
    return line_of_error(str(refusal))


def _text(file: Path) -> str:
    try:
        return read_plain(file).decode("utf-8-sig", "replace")
    except (OSError, NotPlain):
        return ""
