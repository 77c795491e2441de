"""Signatures of digests by operators: Ed25519 (RFC 8032), keys and signatures in hex digits."""

from __future__ import annotations

import re

from ledger.base.records import Record

_PUBLIC = re.compile("[0-9a-f]{64}")
_SIGNATURE = re.compile("[0-9a-f]{128}")
_PRIME = 2**255 - 19
# The points of which eight are nothing, by their y. Under such a key anybody can make a signature
# without any secret, and OpenSSL takes it.
_OF_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL = frozenset({0, 1, _PRIME - 1, _OF_EIGHT, _PRIME - _OF_EIGHT})


class Signer(Record):
    """An operator whose key is open. The seed, 32 bytes, is the private key."""

    operator: str
    seed: bytes

    unshown = ("seed",)

    def sign(self, digest_bytes: bytes) -> str:
        """The signature of a digest, as 128 hex digits. The same digest gives the same."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(digest_bytes).hex()

    @property
    def public(self) -> str:
        """The public key, by which everybody verifies."""
        return public_key_of(self.seed)


def public_key_of(seed: bytes) -> str:
    """The public key of a seed of 32 bytes, as 64 hex digits."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def is_public_key(text: str) -> bool:
    """Whether the text can be an operator's public key, in its one spelling."""
    if not _PUBLIC.fullmatch(text):
        return False
    y = int.from_bytes(bytes.fromhex(text), "little") % 2**255
    # guard: no-key-of-anybody
    if y in _SMALL:
        return False
    return y < _PRIME


def verify(public_hex: str, digest_bytes: bytes, signature_hex: str) -> bool:
    """Whether the signature of the digest is by the owner of the key. False for what is none."""
    if not is_public_key(public_hex) or not _SIGNATURE.fullmatch(signature_hex):
        return False
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex))
        key.verify(bytes.fromhex(signature_hex), digest_bytes)
    except (InvalidSignature, ValueError):
        return False
    return True
