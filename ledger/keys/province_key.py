"""The province's pair of keys: counties seal numbers to the public one, the other opens them.

X25519 (RFC 7748) with a pair made for each sealing alone, HKDF (RFC 5869), AES-256-GCM: whoever has
sealed something cannot open it again, and what it was sealed for is authenticated along with it.
The public key is a line of text that may go anywhere; the other lies under a passphrase.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from ledger.base import durable
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import open_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.keys.sealed_archive import ArchiveReader
from ledger.keys.sealed_archive import ArchiveStrange
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import SealedInPlace
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.model.seal import grouped_seal

PRIVATE_FILE = "province.key"
PUBLIC_FILE = "province.pub"
KEY_BYTES = 32
_MEMBER = "x25519"
_WORD = "census-ledger province 1"
_LINE = re.compile(rf"{_WORD} ([0-9a-f]{{64}})\s*")
_LONGEST_LINE = 200
_NONCE = bytes(12)
_TAG_BYTES = 16


class NotAProvinceKey(Refusal):
    """A file is no public key of a province."""

    def __init__(self, path: Path) -> None:
        message = _("{path} is no public key of a province: ask the province for its {name}")
        super().__init__(message.format(path=path, name=PUBLIC_FILE))


class SealedToAnother(Refusal):
    """Numbers that this key does not open."""

    def __init__(self) -> None:
        message = _(
            "the numbers in the bundle are sealed to another key, or for other books: the county"
            " makes the bundle anew with the province's key of today"
        )
        super().__init__(message)


class ProvinceKey(Record):
    """The private key: whoever has it reads what counties have sealed."""

    seed: bytes
    unshown = ("seed",)

    @property
    def public(self) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def open(self, sealed: bytes, purpose: bytes) -> bytes:
        """What was sealed for a purpose. Raises SealedToAnother."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        once, content = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        if len(content) < _TAG_BYTES:
            raise SealedToAnother
        try:
            own = X25519PrivateKey.from_private_bytes(self.seed)
            shared = own.exchange(X25519PublicKey.from_public_bytes(once))
            return AESGCM(_stretched(shared, once, self.public)).decrypt(_NONCE, content, purpose)
        # A point of small order gives no shared secret: ValueError.
        except (InvalidTag, ValueError):
            raise SealedToAnother from None


def fingerprint_of_key(public: bytes) -> str:
    """What is compared by telephone: sixteen hex digits in groups."""
    return grouped_seal(digest(public)[:16])


def seal_to(public: bytes, content: bytes, purpose: bytes, seed: bytes) -> bytes:
    """The content, for the owner of the other key alone. The seed is chance, and new every time.

    Raises ValueError for a public key that gives no secret.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = X25519PrivateKey.from_private_bytes(seed)
    once = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    return once + AESGCM(_stretched(shared, once, public)).encrypt(_NONCE, content, purpose)


def _stretched(shared: bytes, once: bytes, public: bytes) -> bytes:
    """The key of one sealing: of the secret, and of both public keys."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"census-ledger numbers 1" + once + public
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(shared)


def require_no_pair(folder: Path) -> None:
    """Raises SealedInPlace for a folder that has one of the two."""
    for path in (folder / PRIVATE_FILE, folder / PUBLIC_FILE):
        # guard: province-key-stays
        if path.exists():
            raise SealedInPlace(path)


def write_pair(folder: Path, passphrase: str, *, seed: bytes, salt: bytes) -> ProvinceKey:
    """Make a pair in a folder. Raises SealedInPlace rather than replace one, or OSError."""
    key = ProvinceKey(seed)
    private, public = folder / PRIVATE_FILE, folder / PUBLIC_FILE
    require_no_pair(folder)
    durable.make_folder(folder, private=True)
    write_archive(private, Purpose.PROVINCE, passphrase, [Member(_MEMBER, seed)], salt)
    durable.create_file(public, f"{_WORD} {key.public.hex()}\n".encode("ascii"))
    return key


def read_province_key(path: Path, passphrase: str) -> ProvinceKey:
    """The private key. Raises a refusal of the sealed file."""
    with ArchiveReader(path, Purpose.PROVINCE, passphrase) as archive:
        listed = [(one.name, one.size) for one in archive.members]
        # guard: one-province-key
        if listed != [(_MEMBER, KEY_BYTES)]:
            raise ArchiveStrange(path)
        ((_listed, content),) = ((one, b"".join(pieces)) for one, pieces in archive)
    return ProvinceKey(content)


def read_public_key(path: Path) -> bytes:
    """The public key in a file. Raises NotAProvinceKey or FileNotFoundError."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            line = file.read(_LONGEST_LINE).decode("ascii", "replace")
    except NotPlain:
        raise NotAProvinceKey(path) from None
    found = _LINE.fullmatch(line)
    # guard: key-of-a-province
    if found is None:
        raise NotAProvinceKey(path)
    public = bytes.fromhex(found[1])
    try:
        seal_to(public, b"", b"", bytes(range(KEY_BYTES)))
    except ValueError:
        raise NotAProvinceKey(path) from None
    return public
