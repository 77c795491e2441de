"""Signatures: those that RFC 8032 publishes, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signing import Signer
from ledger.keys.signing import is_public_key
from ledger.keys.signing import public_key_of
from ledger.keys.signing import verify
from tests.support.ed25519_vectors import KEYS_OF_NOBODY
from tests.support.ed25519_vectors import ORDER
from tests.support.ed25519_vectors import RFC_8032

seeds = st.binary(min_size=32, max_size=32)
digests = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_what_the_standard_publishes(seed: str, public: str, message: str, signature: str) -> None:
    content = bytes.fromhex(message)
    assert public_key_of(bytes.fromhex(seed)) == public
    assert Signer("O01", bytes.fromhex(seed)).sign(content) == signature
    assert verify(public, content, signature)


@given(seeds, digests)
def test_a_signature_is_its_signers_and_of_its_digest(seed: bytes, digest: bytes) -> None:
    signer = Signer("O01", seed)
    signature = signer.sign(digest)
    assert verify(signer.public, digest, signature)
    other = Signer("O01", bytes([seed[0] ^ 1]) + seed[1:])
    assert not verify(other.public, digest, signature)
    assert not verify(signer.public, bytes([digest[0] ^ 1]) + digest[1:], signature)


@given(seeds, digests, st.integers(0, 511))
def test_a_bit_that_was_changed(seed: bytes, digest: bytes, bit: int) -> None:
    signer = Signer("O01", seed)
    changed = bytearray.fromhex(signer.sign(digest))
    changed[bit // 8] ^= 1 << bit % 8
    assert not verify(signer.public, digest, changed.hex())


def test_a_signature_has_one_spelling() -> None:
    """By adding the group's order, or by capitals, a second one would say the same."""
    _seed, public, message, signature = RFC_8032[1]
    content = bytes.fromhex(message)
    number = int.from_bytes(bytes.fromhex(signature[64:]), "little")
    again = signature[:64] + (number + ORDER).to_bytes(32, "little").hex()
    assert not verify(public, content, again)
    assert not verify(public, content, signature.upper())
    assert not verify(public.upper(), content, signature)


@given(st.text(), st.binary(), st.text())
def test_whatever_is_no_signature_is_false(public: str, digest: bytes, signature: str) -> None:
    assert not verify(public, digest, signature)
    assert not verify(RFC_8032[0][1], digest, signature)


@pytest.mark.parametrize("public", KEYS_OF_NOBODY)
def test_a_key_under_which_anybody_could_sign(public: str) -> None:
    """A manager could name such a key for an operator, and everybody would be that operator."""
    assert not is_public_key(public)
    # Of the point that is nothing: with most of these keys it is the signature of some digest.
    nothing = "01" + "00" * 63
    assert not any(verify(public, bytes([number]) * 32, nothing) for number in range(32))


def test_a_signer_does_not_show_the_key() -> None:
    seed = bytes(range(32))
    assert seed.hex() not in repr(Signer("O01", seed))
    assert repr(seed) not in repr(Signer("O01", seed))
