"""A file under a passphrase: a stream in chunks, of which none can be changed, moved or missed.

A line that says what for, a salt, and then chunks of AES-256-GCM, whose key scrypt makes of the
passphrase. The key is good for one file alone, since its salt is chance; so a chunk's nonce is its
number, and whether it is the last. The line and the salt are authenticated with every chunk. It
is the construction STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age and Tink have it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.keys.stretching import SALT_BYTES
from ledger.keys.stretching import stretched

# Bytes of a chunk: enough for speed, and little in memory.
CHUNK = 2**16
TAG = 16
_COUNTER_BYTES = 11


class Purpose(enum.Enum):
    """What a sealed file is; its first line says so."""

    BACKUP = b"census-ledger backup 1\n"
    KEY = b"census-ledger key 1\n"
    PROVINCE = b"census-ledger province 1\n"


class NotSealed(Refusal):
    """A file does not begin as ours do."""

    def __init__(self, path: Path, purpose: Purpose) -> None:
        messages = {
            Purpose.BACKUP: _("{path} is no backup: name the file that is one"),
            Purpose.KEY: _("{path} is no key under a passphrase: name the file that is one"),
            Purpose.PROVINCE: _("{path} is no key of a province: name the file that is one"),
        }
        message = messages[purpose]
        super().__init__(message.format(path=path))


class NotOpened(Refusal):
    """The passphrase is another, or the first part of the file was changed: nobody can tell."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} does not open: the passphrase is another one, or the file was damaged at its"
            " beginning; type it again, or take another copy"
        )
        super().__init__(message.format(path=path))


class SealedDamaged(Refusal):
    """The passphrase is right, and something of the file is missing or another."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} is damaged or incomplete, and nothing was taken from it: take another copy"
        )
        super().__init__(message.format(path=path))


def sealed(
    parts: Iterable[bytes], purpose: Purpose, passphrase: str, salt: bytes
) -> Iterator[bytes]:
    """The file's content, piece by piece. The salt is chance, and new every time."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(salt) != SALT_BYTES or not passphrase:
        raise ValueError(len(salt))
    header = purpose.value + salt
    cipher = AESGCM(stretched(passphrase, salt))
    yield header
    number = 0
    waiting = bytearray()
    for part in parts:
        waiting += part
        # What is left may be the last chunk.
        while len(waiting) > CHUNK:
            content = bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
            yield cipher.encrypt(_nonce(number, is_last=False), content, header)
            number += 1
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(waiting), header)


def opened(file: BinaryIO, path: Path, purpose: Purpose, passphrase: str) -> Iterator[bytes]:
    """What was sealed, chunk by chunk. Only when it ends is it known to be whole.

    Raises NotSealed, NotOpened or SealedDamaged.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = file.read(len(purpose.value) + SALT_BYTES)
    if len(header) < len(purpose.value) + SALT_BYTES or not header.startswith(purpose.value):
        raise NotSealed(path, purpose)
    cipher = AESGCM(stretched(passphrase, header[len(purpose.value) :]))
    number = 0
    chunk = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            content = cipher.decrypt(_nonce(number, is_last=not following), chunk, header)
        except InvalidTag:
            raise (SealedDamaged if number else NotOpened)(path) from None
        yield content
        if not following:
            return
        chunk = following
        number += 1


def sealed_size(size: int, purpose: Purpose) -> int:
    """How long a file is that holds so many bytes."""
    chunks = max(1, -(-size // CHUNK))
    return len(purpose.value) + SALT_BYTES + size + chunks * TAG


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])
