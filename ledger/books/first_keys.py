"""The keys that come with new books: the registry's, the first operator's, the one for the safe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from ledger.base import durable
from ledger.base.actor_and_clock import Actor
from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.keys.default_operator import write_default_operator
from ledger.keys.operator_key import NONCE_BYTES
from ledger.keys.operator_key import OperatorKey
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import read_operator_key
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import new_key
from ledger.keys.registry_key import read_key
from ledger.keys.registry_key import write_key
from ledger.keys.signing import Signer
from ledger.keys.signing import public_key_of
from ledger.keys.stretching import SALT_BYTES
from ledger.keys.witness import Witness
from ledger.keys.witness import write_witness
from ledger.model.operators import EVERY_ROLE
from ledger.model.operators import FIRST_OPERATOR
from ledger.model.operators import Operator

_SEED_BYTES = 32
# Brings the seed of the safe's key onto paper, with the name and the fingerprint of the books.
OntoPaper: TypeAlias = Callable[[str, str, bytes], None]


class FirstKeys(Record):
    """The keys of new books called ``books``. The seed for the safe is on no disk."""

    books: str
    registry_path: Path
    registry: str
    operator: Operator
    operator_key: OperatorKey
    signer: Signer
    safe_seed: bytes

    unshown = ("registry", "safe_seed")

    @property
    def actor(self) -> Actor:
        return Actor(self.operator.id, self.signer)

    @property
    def safe(self) -> str:
        """The public key of the safe."""
        return public_key_of(self.safe_seed)

    def write(self) -> None:
        """Put what is not there yet in its place. Raises KeyInPlace."""
        durable.make_folder(self.registry_path.parent, private=True)
        if not self.registry_path.exists():
            write_key(self.registry_path, self.registry)
        write_operator_key(self._operator_path, self.operator_key)
        write_default_operator(default_operator_path(self.registry_path), self.operator.id)

    def witness(self, folder: Path, event: Digest) -> None:
        """This machine has seen the first event of the books in the folder. Raises OSError."""
        seen = Witness(self.books, str(folder.resolve()), (event,))
        write_witness(witness_path(self.registry_path), seen)

    def take_back(self) -> None:
        """Remove what was just written for the operator."""
        names = (default_operator_path, witness_path)
        for path in (self._operator_path, *(name(self.registry_path) for name in names)):
            with suppress(OSError):
                durable.remove_file(path)

    @property
    def _operator_path(self) -> Path:
        return operator_key_path(self.registry_path, self.operator.id)


def first_keys(
    books: str, registry_path: Path, random_hex: RandomHex, *, name: str, passphrase: str
) -> FirstKeys:
    """Keys that nobody has; the registry's is the one that is there, if one is."""
    seed = bytes.fromhex(random_hex(_SEED_BYTES))
    key = new_operator_key(
        seed,
        FIRST_OPERATOR,
        books,
        passphrase,
        salt=bytes.fromhex(random_hex(SALT_BYTES)),
        nonce=bytes.fromhex(random_hex(NONCE_BYTES)),
    )
    return FirstKeys(
        books,
        registry_path,
        read_key(registry_path) if registry_path.exists() else new_key(random_hex),
        Operator(FIRST_OPERATOR, name, EVERY_ROLE, key.public, since_seq=0),
        key,
        Signer(FIRST_OPERATOR, seed),
        bytes.fromhex(random_hex(_SEED_BYTES)),
    )


def require_no_other_operator(registry_path: Path, half_made: str | None) -> None:
    """Raises KeyInPlace where an operator's key lies beside the registry's already.

    One that belongs to the books ``half_made``, which a killed command has left, is removed.
    """
    path = operator_key_path(registry_path, FIRST_OPERATOR)
    if half_made is not None:
        with suppress(Refusal):
            read_operator_key(path, operator=FIRST_OPERATOR, books=half_made)
            durable.remove_file(path)
            durable.remove_file(witness_path(registry_path))
    for there in (path, witness_path(registry_path)):
        if there.exists():
            raise KeyInPlace(there)
