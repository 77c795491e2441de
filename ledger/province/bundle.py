"""A bundle: what is in it, which HEAD it is of, and the signature of an operator over both.

bundle.json    kind, HEAD, operator, and of every other file its name, size and SHA-256
bundle.sig     the operator's signature over the SHA-256 of a word of our own and bundle.json
books/…        the books as text: what main.beancount includes, programme.toml, HEAD
events.txt     where the books do not go along: the SHA-256 of every event, one a line
events/…       there too, the events that name operators, and so tell who has signed
figures.json   there too, what the county says of its money
returns.json   what came back by bank, which the text of the books does not say
numbers.bin    identity and account numbers that money went to, sealed to the province
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any

from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.events.event_file import Head
from ledger.keys.signing import verify
from ledger.model.operators import OPERATOR_ID
from ledger.model.operators import SAFE_KEY
from ledger.model.operators import Operator
from ledger.province.bundle_file import members_of
from ledger.province.bundle_file import shown_name

MANIFEST = "bundle.json"
SIGNATURE = "bundle.sig"
BOOKS = "books/"
EVENTS = f"{EVENTS_FOLDER}/"
EVENTS_LIST = "events.txt"
FIGURES = "figures.json"
RETURNS = "returns.json"
NUMBERS = "numbers.bin"
_FORMAT = 1
# What an operator signs is nothing else that an operator signs.
_PURPOSE = b"census-ledger bundle 1\n"
_LONGEST_LIST = 8 * 2**20
_HEX = re.compile("[0-9a-f]{64}")
_OF_BOOKS = frozenset({HEAD_FILE, PROGRAMME_FILE, SETTINGS_FILE})


class BundleKind(StrEnum):
    """What a bundle holds: the text of the books, or what the county says of them."""

    BOOKS = "books"
    FIGURES = "figures"


class BundleIncomplete(Refusal):
    """What is in the bundle is not what its list says."""

    def __init__(self, name: str) -> None:
        message = _('"{name}" is missing in the bundle, was changed, or does not belong there')
        super().__init__(message.format(name=shown_name(name)))


class BundleListStrange(Refusal):
    """The list of a bundle cannot be read."""

    def __init__(self) -> None:
        message = _(
            "the list of the bundle is not as this program writes it: do not use the bundle"
        )
        super().__init__(message)


class BundleNotSigned(Refusal):
    """Nobody who may sign has signed it."""

    def __init__(self, operator: str) -> None:
        message = _(
            "the bundle is not signed by operator {operator} of these books: it was made or changed"
            " by somebody else"
        )
        super().__init__(message.format(operator=operator), operator=operator)


class Bundle(Record):
    """A bundle whose files are those of its list; who has signed it is to be judged yet."""

    kind: BundleKind
    head: Head
    operator: str
    files: Mapping[str, bytes]
    signature: str
    signed: bytes

    @property
    def books(self) -> dict[str, bytes]:
        """The files of the books, by their names in the books."""
        return {
            name.removeprefix(BOOKS): content
            for name, content in self.files.items()
            if name.startswith(BOOKS)
        }

    def require_signed(self, operators: Mapping[str, Operator]) -> None:
        """Raises BundleNotSigned unless one of these has, who might sign the next event."""
        operator = operators.get(self.operator)
        # guard: bundle-signed
        if (
            operator is None
            or operator.id == SAFE_KEY
            or not operator.is_active(self.head.seq + 1)
            or not verify(operator.key, self.signed, self.signature)
        ):
            raise BundleNotSigned(self.operator)


def to_sign(manifest: bytes) -> bytes:
    """The digest of 32 bytes that is signed."""
    return sha256(_PURPOSE + manifest).digest()


def manifest_text(
    kind: BundleKind, head: Head, operator: str, files: Sequence[tuple[str, bytes]]
) -> bytes:
    """The list of a bundle, in its one spelling."""
    listed = [[name, len(content), digest(content)] for name, content in files]
    return _text(kind, [head.seq, head.sha256], operator, listed)


def _text(kind: str, head: Sequence[Any], operator: str, files: Sequence[Any]) -> bytes:
    facts = {"format": _FORMAT, "kind": kind, "head": head, "operator": operator, "files": files}
    return (json.dumps(facts, ensure_ascii=True, indent=0) + "\n").encode("ascii")


def read_bundle(content: bytes) -> Bundle:
    """The bundle that a file's bytes are.

    Raises a refusal of :func:`members_of`, BundleListStrange or BundleIncomplete.
    """
    members = dict(members_of(content))
    manifest, signature = members.pop(MANIFEST, b""), members.pop(SIGNATURE, b"")
    kind, head, operator, listed = _parsed(manifest)
    there = {name: (len(content), digest(content)) for name, content in members.items()}
    # guard: bundle-as-listed
    for name in there.keys() | listed.keys():
        if there.get(name) != listed.get(name) or not _belongs(name, kind):
            raise BundleIncomplete(name)
    for name in _needed(kind):
        if name not in there:
            raise BundleIncomplete(name)
    signed = signature.decode("ascii", "replace").removesuffix("\n")
    return Bundle(kind, head, operator, members, signed, to_sign(manifest))


def _needed(kind: BundleKind) -> Sequence[str]:
    if kind is BundleKind.FIGURES:
        return (EVENTS_LIST, FIGURES)
    return tuple(f"{BOOKS}{name}" for name in ("main.beancount", *sorted(_OF_BOOKS)))


def _belongs(name: str, kind: BundleKind) -> bool:
    if name == NUMBERS:
        return True
    if kind is BundleKind.FIGURES:
        return name in (EVENTS_LIST, FIGURES) or is_event_of_operators(name)
    of_books = name.removeprefix(BOOKS)
    if of_books == name:
        return name == RETURNS
    return of_books in _OF_BOOKS or of_books.endswith(".beancount")


def is_event_of_operators(name: str) -> bool:
    """Whether a file may be an event that says who signs."""
    return re.fullmatch(rf"{EVENTS}[0-9]{{6,}}-(?:init|operator)\.beancount", name) is not None


def _parsed(
    manifest: bytes,
) -> tuple[BundleKind, Head, str, dict[str, tuple[int, Digest]]]:
    if len(manifest) > _LONGEST_LIST:
        raise BundleListStrange
    try:
        facts = json.loads(manifest.decode("ascii"))
        kind, (seq, head), operator = BundleKind(facts["kind"]), facts["head"], facts["operator"]
        files = {name: (size, Digest(sha)) for name, size, sha in facts["files"]}
        is_ours = _text(kind, [seq, head], operator, facts["files"]) == manifest
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BundleListStrange from None
    # guard: bundle-list-in-one-spelling
    if (
        not is_ours
        or type(seq) is not int
        or seq < 0
        or type(head) is not str
        or not _HEX.fullmatch(head)
        or type(operator) is not str
        or not OPERATOR_ID.fullmatch(operator)
    ):
        raise BundleListStrange
    return kind, Head(seq, Digest(head)), operator, files
