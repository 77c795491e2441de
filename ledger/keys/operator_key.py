"""An operator's own key file: an Ed25519 seed under a passphrase, which may be empty.

The file is JSON. Everybody who may read it sees whose it is, of which books, and the public key;
the seed is under AES-256-GCM, whose key scrypt makes of the passphrase. What is seen is
authenticated along with the seed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from ledger.base import durable
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.keys.private_file import read_private
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.signing import Signer
from ledger.keys.signing import is_public_key
from ledger.keys.signing import public_key_of
from ledger.keys.stretching import BLOCK
from ledger.keys.stretching import COST
from ledger.keys.stretching import COST_OF_NONE
from ledger.keys.stretching import PARALLEL
from ledger.keys.stretching import SALT_BYTES
from ledger.keys.stretching import stretched
from ledger.model.operators import OPERATOR_ID

NONCE_BYTES = 12
_FORMAT = 1
_SEED_BYTES = 32
_SEALED_BYTES = _SEED_BYTES + 16
_FIELDS = {
    "format": int,
    "books": str,
    "operator": str,
    "public": str,
    "passphrase": bool,
    "scrypt": list,
    "salt": str,
    "nonce": str,
    "sealed": str,
}
_BOOKS = re.compile(r"[\w.-]{1,80}")
_HEX = re.compile("(?:[0-9a-f]{2})+")


class OperatorKeyMissing(Refusal):
    """The operator has no key file on this machine."""

    def __init__(self, operator: str, path: Path) -> None:
        message = _("the key of operator {operator} is not at {path}: bring it here")
        super().__init__(message.format(operator=operator, path=path), operator=operator)


class OperatorKeyUnreadable(Refusal):
    """A file is no operator's key, or it was changed."""

    def __init__(self, path: Path) -> None:
        message = _("{path} is no operator's key, or was changed: bring a copy of the key")
        super().__init__(message.format(path=path))


class OperatorKeyOfAnother(Refusal):
    """A file is the key of another operator, or of other books."""

    def __init__(self, path: Path, key: OperatorKey, operator: str) -> None:
        message = _(
            "{path} is the key of operator {found} of the books {books}, and not that of"
            " {operator} of these books: bring the right one"
        )
        message = message.format(path=path, found=key.operator, books=key.books, operator=operator)
        super().__init__(message, operator=operator)


class WrongPassphrase(Refusal):
    """The passphrase does not open the operator's key."""

    def __init__(self, operator: str) -> None:
        message = _("this passphrase does not open the key of operator {operator}: type it again")
        super().__init__(message.format(operator=operator), operator=operator)


class OperatorKey(Record):
    """A key as its file holds it. ``has_passphrase`` is whether one has to be typed."""

    books: str
    operator: str
    public: str
    has_passphrase: bool
    salt: bytes
    nonce: bytes
    sealed: bytes

    def open(self, passphrase: str) -> Signer:
        """The operator, ready to sign. Raises WrongPassphrase."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        cipher = AESGCM(_stretched(passphrase, self.salt))
        try:
            seed = cipher.decrypt(self.nonce, self.sealed, _seen(self))
        except InvalidTag:
            raise WrongPassphrase(self.operator) from None
        return Signer(self.operator, seed)

    def to_text(self) -> str:
        """The file's text."""
        content = {
            "format": _FORMAT,
            "books": self.books,
            "operator": self.operator,
            "public": self.public,
            "passphrase": self.has_passphrase,
            "scrypt": _parameters(self.has_passphrase),
            "salt": self.salt.hex(),
            "nonce": self.nonce.hex(),
            "sealed": self.sealed.hex(),
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def new_operator_key(
    seed: bytes, operator: str, books: str, passphrase: str, *, salt: bytes, nonce: bytes
) -> OperatorKey:
    """A key that opens by the passphrase. Seed, salt and nonce are chance, and new every time."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sizes = (len(seed), len(salt), len(nonce))
    if sizes != (_SEED_BYTES, SALT_BYTES, NONCE_BYTES):
        raise ValueError(sizes)
    public = public_key_of(seed)
    unsealed = OperatorKey(books, operator, public, bool(passphrase), salt, nonce, b"")
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, seed, _seen(unsealed))
    return OperatorKey(books, operator, public, bool(passphrase), salt, nonce, sealed)


def with_passphrase(
    key: OperatorKey, old: str, new: str, *, salt: bytes, nonce: bytes
) -> OperatorKey:
    """The same key under another passphrase. Raises WrongPassphrase."""
    seed = key.open(old).seed
    return new_operator_key(seed, key.operator, key.books, new, salt=salt, nonce=nonce)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return stretched(passphrase, salt, COST if passphrase else COST_OF_NONE)


def _parameters(has_passphrase: bool) -> list[int]:
    return [COST if has_passphrase else COST_OF_NONE, BLOCK, PARALLEL]


def _seen(key: OperatorKey) -> bytes:
    """What of the file is open, and must not be changed."""
    facts = [_FORMAT, key.books, key.operator, key.public, key.has_passphrase]
    return json.dumps(facts, ensure_ascii=True).encode("ascii")


def read_operator_key(path: Path, *, operator: str, books: str) -> OperatorKey:
    """The key of an operator of some books; no passphrase is needed to read it.

    Raises OperatorKeyMissing, OperatorKeyUnreadable, OperatorKeyOfAnother, KeyStrange or KeyOpen
    (:func:`ledger.keys.private_file.read_private`).
    """
    try:
        content = read_private(path)
    except FileNotFoundError:
        raise OperatorKeyMissing(operator, path) from None
    except ValueError:
        raise OperatorKeyUnreadable(path) from None
    return operator_key_in(content, path, operator=operator, books=books)


def operator_key_in(content: bytes, path: Path, *, operator: str, books: str) -> OperatorKey:
    """The key of an operator of some books, as ``path`` holds it.

    Raises OperatorKeyUnreadable or OperatorKeyOfAnother.
    """
    try:
        key = _parsed(content)
    # JSON can be nested deeper than Python counts.
    except (ValueError, RecursionError):
        raise OperatorKeyUnreadable(path) from None
    # guard: key-of-whom
    if (key.operator, key.books) != (operator, books):
        raise OperatorKeyOfAnother(path, key, operator)
    return key


def _parsed(content: bytes) -> OperatorKey:
    """Raises ValueError for whatever is no key as we write it."""
    facts = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    shape = {name: type(value) for name, value in facts.items()} if type(facts) is dict else {}
    if shape != _FIELDS or facts["format"] != _FORMAT:
        raise ValueError("shape")
    # guard: bounded-work
    if facts["scrypt"] != _parameters(facts["passphrase"]):
        raise ValueError("scrypt")
    if not _BOOKS.fullmatch(facts["books"]) or not OPERATOR_ID.fullmatch(facts["operator"]):
        raise ValueError("whose")
    if not is_public_key(facts["public"]):
        raise ValueError("public")
    sizes = {"salt": SALT_BYTES, "nonce": NONCE_BYTES, "sealed": _SEALED_BYTES}
    parts = {name: _bytes_of(facts[name], size) for name, size in sizes.items()}
    return OperatorKey(
        facts["books"], facts["operator"], facts["public"], facts["passphrase"], **parts
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def _bytes_of(text: str, size: int) -> bytes:
    if not _HEX.fullmatch(text) or len(text) != 2 * size:
        raise ValueError("hex")
    return bytes.fromhex(text)


def write_operator_key(path: Path, key: OperatorKey) -> None:
    """Write a key that only its owner may read, whole or not at all.

    Raises KeyInPlace rather than replace another.
    """
    try:
        durable.create_file(path, key.to_text().encode("utf-8"), mode=durable.FOR_THE_OWNER)
    except FileExistsError:
        raise KeyInPlace(path) from None


def replace_operator_key(path: Path, key: OperatorKey) -> None:
    """Put the same key under another passphrase in the file's place."""
    durable.replace_file(path, key.to_text().encode("utf-8"), mode=durable.FOR_THE_OWNER)
