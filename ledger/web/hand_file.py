"""Fava reads the sources of the books and, when it may edit, writes one: that for entries by hand.

Whatever asks for a change, by whatever method and parameters, ends here; so here it is decided.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from typing import Any

from beancount.core.data import Balance
from beancount.core.data import Transaction
from beancount.parser import lexer
from fava.beans.str import to_string
from fava.core import EntryNotFoundForHashError
from fava.core.file import _EXCL_FLAGS
from fava.core.file import FileModule
from fava.core.file import GeneratedEntryError
from fava.core.file import _incomplete_sortkey
from fava.core.file import find_entry_lines
from fava.helpers import FavaAPIError
from markupsafe import Markup

from ledger.base import durable
from ledger.base.language import gettext as _

if TYPE_CHECKING:
    from ledger.web.fava_ledger import OfficeLedger

HAND_FILE = "journal/hand.beancount"
# What stands in main.beancount and the rules, by Beancount's own lexer.
NO_ENTRIES = frozenset(
    {"PLUGIN", "INCLUDE", "OPTION", "PUSHTAG", "POPTAG", "PUSHMETA", "POPMETA", "CUSTOM"}
)


class NotEdited(FavaAPIError):
    """Something else than the file for entries by hand would be written."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        message = _("only {file} is edited here, when the books were opened for it")
        super().__init__(message.format(file=HAND_FILE))


class NoEntries(FavaAPIError):
    """What would be written is no text of entries."""

    status = HTTPStatus.BAD_REQUEST


class NoSource(FavaAPIError):
    """A file that was asked for is no source of the books."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(_("the books have no such source file"))


class ChangedMeanwhile(FavaAPIError):
    """The text is no longer what the editor was given."""

    status = HTTPStatus.CONFLICT

    def __init__(self) -> None:
        message = _("{file} has been changed meanwhile: load the page again")
        super().__init__(message.format(file=HAND_FILE))


class HandFile(FileModule):
    """Fava's way to the files. Paths are relative to the folder of the books."""

    ledger: OfficeLedger

    def __init__(self, ledger: OfficeLedger, writing: Lock) -> None:
        super().__init__(ledger)
        # Whoever writes by another ledger of the same books waits.
        self._lock = writing

    def get_source(self, path: Path) -> tuple[str, str]:
        """The text of a source and its digest. Raises NoSource."""
        text = self._read(path.as_posix())
        return text, _digest(text)

    def set_source(self, path: Path, source: str, sha256sum: str) -> str:
        """Write the whole file."""
        with self._lock:
            self._require_hand_file(path.as_posix())
            if _digest(self._read(HAND_FILE)) != sha256sum:
                raise ChangedMeanwhile
            self._write(source)
        return _digest(source)

    def get_slice(self, entry: Any) -> tuple[str, str]:
        """The lines of an entry, and their digest."""
        name, place = _place_of(entry)
        text = _slice(self._read(name), place)
        return text, _digest(text)

    def save_entry_slice(self, entry_hash: str, source_slice: str, sha256sum: str) -> str:
        """Write other lines in the place of an entry's."""
        self._replace(entry_hash, sha256sum, source_slice + "\n")
        return _digest(source_slice)

    def delete_entry_slice(self, entry_hash: str, sha256sum: str) -> None:
        """Take an entry's lines away."""
        self._replace(entry_hash, sha256sum, "")

    def insert_entries(self, entries: Sequence[Any]) -> None:
        """Write new entries after those that stand there."""
        with self._lock:
            self._require_hand_file(HAND_FILE)
            options = self.ledger.fava_options
            text = self._read(HAND_FILE)
            for entry in sorted(entries, key=_incomplete_sortkey):
                written = to_string(entry, options.currency_column, options.indent)
                text = f"{text.rstrip()}\n\n{written.strip()}\n"
            self._write(text)

    def insert_metadata(self, entry_hash: str, basekey: str, value: str) -> None:
        """Documents are not attached here."""
        raise NotEdited

    def render_entries(self, entries: Sequence[Any]) -> Iterable[Markup]:
        """Transactions and balances as they stand in their files."""
        texts: dict[str, list[str]] = {}
        entry: Any
        for entry in entries:
            generated = isinstance(entry, Transaction) and entry.flag in _EXCL_FLAGS
            if generated or not isinstance(entry, (Balance, Transaction)):
                continue
            try:
                name, place = _place_of(entry)
                if name not in texts:
                    texts[name] = self._read(name).splitlines(keepends=True)
                text = "".join(find_entry_lines(texts[name], place)).rstrip("\n")
            except (FavaAPIError, IndexError):
                options = self.ledger.fava_options
                generated_entry: Any = entry
                text = to_string(generated_entry, options.currency_column, options.indent)
            yield Markup(text + "\n")

    def _replace(self, entry_hash: str, digest: str, text: str) -> None:
        with self._lock:
            try:
                name, place = _place_of(self.ledger.get_entry(entry_hash))
            except EntryNotFoundForHashError:
                # It was there when its lines were read.
                raise ChangedMeanwhile from None
            self._require_hand_file(name)
            whole = self._read(HAND_FILE)
            if _digest(_slice(whole, place)) != digest:
                raise ChangedMeanwhile
            lines = whole.splitlines(keepends=True)
            after = lines[place + len(find_entry_lines(lines, place)) :]
            if not text:
                while after and not after[0].strip():
                    del after[0]
            self._write("".join([*lines[:place], text, *after]))

    def _require_hand_file(self, name: str) -> None:
        """Raises NotEdited for any other file, for a link, and where nothing is edited."""
        path = self.ledger.folder / HAND_FILE
        is_plain = path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
        # guard: editor-writes-hand-file
        if name != HAND_FILE or not self.ledger.edit or not is_plain:
            raise NotEdited

    def _read(self, name: str) -> str:
        if name not in self.ledger.options["include"]:
            raise NoSource
        try:
            return (self.ledger.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise NoSource from None

    def _write(self, text: str) -> None:
        """The one place where anything is written. A reader sees the old text or the new."""
        text = text.replace("\r\n", "\n")
        require_entries(text)
        path = self.ledger.folder / HAND_FILE
        if b"\r\n" in path.read_bytes():
            text = text.replace("\n", "\r\n")
        durable.replace_file(path, text.encode("utf-8"))


def require_entries(text: str) -> None:
    """Raises NoEntries for a text that holds more than entries: with it the books would be refused.

    A text that Beancount does not understand may be saved, and is shown as an error of the books.
    """
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            message = _("the text holds a character that cannot be seen (U+{code}): remove it")
            raise NoEntries(message.format(code=f"{ord(character):04X}"))
    for kind, line, matched, _value in lexer.lex_iter_string(text):  # type: ignore[no-untyped-call]
        # guard: editor-writes-entries
        if kind in NO_ENTRIES:
            message = _(
                "line {line}: “{word}” does not stand in {file}: write entries here, rules and"
                " options in their own files"
            )
            word = matched.decode("utf-8", "replace") if isinstance(matched, bytes) else matched
            raise NoEntries(message.format(line=line, word=word, file=HAND_FILE))


def _place_of(entry: Any) -> tuple[str, int]:
    """The file of an entry and its line, counted from 0. Raises GeneratedEntryError."""
    name, line = entry.meta.get("filename", ""), entry.meta.get("lineno", 0)
    if not name or name.startswith("<") or not line:
        raise GeneratedEntryError
    return name, line - 1


def _slice(text: str, place: int) -> str:
    lines = text.splitlines(keepends=True)
    if place >= len(lines):
        raise ChangedMeanwhile
    return "".join(find_entry_lines(lines, place)).rstrip("\n")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
