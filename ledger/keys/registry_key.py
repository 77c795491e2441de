"""The registry's key: 32 random bytes in a file outside the books."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from ledger.base import durable
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.keys.private_file import read_private

KEY_VARIABLE = "CENSUS_LEDGER_KEY"
# So many bytes of chance in hexadecimal digits, as ``secrets.token_hex`` gives them.
RandomHex: TypeAlias = Callable[[int], str]
_KEY = re.compile(r"[0-9a-f]{64}")


class KeyMissing(Refusal):
    """There is no key file for these books on this machine."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("the key of the registry is not at {path}: bring it here").format(path=path)
        )


class KeyUnreadable(Refusal):
    """A file is not a key."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("{path} is no key: a key file holds 64 hexadecimal digits").format(path=path)
        )


class KeyBesideBooks(Refusal):
    """A copy of the key in the books would open them to whoever gets a copy of the books."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} is inside the books, and whoever copies them would have the key too: name a"
            " place apart from them"
        )
        super().__init__(message.format(path=path))


class KeyInPlace(Refusal):
    """A key would replace another."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("{path} is there already and is not replaced").format(path=path))


def require_apart(key: Path, books: Path) -> None:
    """Raises KeyBesideBooks for a key in the books' folder or below it, by whatever path."""
    if key.resolve().is_relative_to(books.resolve()):
        raise KeyBesideBooks(key)


def new_key_name(random_hex: RandomHex) -> str:
    """A name for new books' key, so that several books on one machine keep theirs apart."""
    return f"k-{random_hex(4)}"


def key_path(name: str, chosen: Path | None = None) -> Path:
    """The key file: the one that was chosen, the environment's, or the user's own by name."""
    if chosen is not None:
        return chosen
    if from_environment := os.environ.get(KEY_VARIABLE):
        return Path(from_environment)
    # Loaded where no other place was named.
    import platformdirs

    return Path(platformdirs.user_config_dir("census-ledger", appauthor=False)) / f"{name}.key"


def read_key(path: Path) -> str:
    """The key as 64 hexadecimal digits.

    Raises KeyMissing, KeyUnreadable, KeyStrange, or KeyOpen when others can read or change it.
    """
    try:
        content = read_private(path)
    except FileNotFoundError:
        raise KeyMissing(path) from None
    except ValueError:
        raise KeyUnreadable(path) from None
    return key_in(content, path)


def key_in(content: bytes, path: Path) -> str:
    """The key, as ``path`` holds it. Raises KeyUnreadable."""
    try:
        key = content.decode("ascii").strip()
    except ValueError:
        raise KeyUnreadable(path) from None
    if not _KEY.fullmatch(key):
        raise KeyUnreadable(path)
    return key


def new_key(random_hex: RandomHex) -> str:
    """A key that nobody has."""
    return random_hex(32)


def write_key(path: Path, key: str) -> None:
    """Write a key that only its owner may read, whole or not at all.

    Raises KeyInPlace rather than replace another.
    """
    try:
        durable.create_file(path, key_content(key), mode=durable.FOR_THE_OWNER)
    except FileExistsError:
        raise KeyInPlace(path) from None


def replace_key(path: Path, key: str) -> None:
    """Put the registry's new key in the place of the one that does not open it any more."""
    durable.replace_file(path, key_content(key), mode=durable.FOR_THE_OWNER)


def key_content(key: str) -> bytes:
    """What a key file holds."""
    return f"{key}\n".encode("ascii")
