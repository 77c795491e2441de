"""Who may sign: operators are named, get another passphrase, and retire."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from ledger.base import durable
from ledger.base.actor_and_clock import Actor
from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.registry_access import put_under_new_key
from ledger.books.rehearsal import Draft
from ledger.events.event_file import digests_of_events
from ledger.events.event_text import operator_added_event
from ledger.events.event_text import operator_retired_event
from ledger.keys.operator_key import NONCE_BYTES
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import read_operator_key
from ledger.keys.operator_key import replace_operator_key
from ledger.keys.operator_key import with_passphrase
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.places import operators_with_keys
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import new_key
from ledger.keys.signing import Signer
from ledger.keys.signing import public_key_of
from ledger.keys.stretching import SALT_BYTES
from ledger.model.history import reason_of
from ledger.model.ids import NO_BATCH
from ledger.model.operators import SAFE_KEY
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.operators import leaves_a_manager
from ledger.model.operators import operator_name
from ledger.model.transitions import EventKind
from ledger.services.unit_of_work import Work

_SEED_BYTES = 32


class NoSuchOperator(Refusal):
    """Nobody signs under that id."""

    def __init__(self, operator: str) -> None:
        message = _("there is no operator {operator}")
        super().__init__(message.format(operator=operator), operator=operator)


class NotToRetire(Refusal):
    """The last manager, somebody who has retired, or the key in the safe."""

    def __init__(self, operator: str) -> None:
        message = _(
            "operator {operator} cannot retire: somebody must be left who names operators, and"
            " whoever has retired stays so"
        )
        super().__init__(message.format(operator=operator), operator=operator)


class NotTheSafeKey(Refusal):
    """A key was typed in that is none of these books' safe."""

    def __init__(self) -> None:
        super().__init__(
            _("the key that was typed is not the one that these books have in the safe")
        )


class SignedEvent(Record):
    """An event and who signed it. ``digest`` is the SHA-256 of its file."""

    seq: int
    digest: Digest
    kind: EventKind
    date: datetime.date
    operator: str
    recorded: str
    reason: str


def safe_actor(books: Books, seed: bytes) -> Actor:
    """Whoever has the paper from the safe, which names operators. Raises NotTheSafeKey."""
    # guard: safe-key-of-these-books
    if public_key_of(seed) != books.history.operators[SAFE_KEY].key:
        raise NotTheSafeKey
    return Actor(SAFE_KEY, Signer(SAFE_KEY, seed))


def add(
    work: Work,
    name: str,
    roles: Sequence[Role],
    on: datetime.date,
    *,
    registry_key: Path,
    random_hex: RandomHex,
    passphrase: str,
) -> Operator:
    """Name an operator, whose key is new and lies beside the registry's.

    The key is written before the event: a key that nothing names signs nothing. Raises
    OperatorNameRefused, KeyInPlace, RoleMissing or DiskRefused.
    """
    # A key that lies there may be of an operator whom older books do not name any more.
    taken = {*work.books.history.operators, *operators_with_keys(registry_key)}
    number = 1 + max(int(one[1:]) for one in taken)
    operator = f"O{number:02d}"
    key = new_operator_key(
        bytes.fromhex(random_hex(_SEED_BYTES)),
        operator,
        work.books.settings.key,
        passphrase,
        salt=bytes.fromhex(random_hex(SALT_BYTES)),
        nonce=bytes.fromhex(random_hex(NONCE_BYTES)),
    )
    named = Operator(operator, operator_name(name), frozenset(roles), key.public, work.writer.seq)
    text = operator_added_event(on, work.writer.drafting, named)
    draft = Draft("operator", NO_BATCH, text.encode("utf-8"))
    work.writer.rehearse(work.books, draft)
    path = operator_key_path(registry_key, operator)
    write_operator_key(path, key)
    before = work.writer.head
    try:
        work.commit(draft)
    except BaseException:
        if work.writer.head == before:
            durable.remove_file(path)
        raise
    return named


def retire(
    work: Work,
    operator: str,
    on: datetime.date,
    *,
    reason: str,
    registry_key: Path,
    random_hex: RandomHex,
) -> Operator:
    """Let somebody sign nothing any more. What was signed stands.

    Whoever retires has had the registry's key, so the registry is put under a new one. That comes
    first: a new key and nobody who has retired does no harm. Raises NoSuchOperator, NotToRetire,
    RoleMissing or RegistryRefused.
    """
    operators = work.books.history.operators
    if operator not in operators:
        raise NoSuchOperator(operator)
    may = operators[operator].retire(work.writer.seq) is not None
    if not may or not leaves_a_manager(operators, operator):
        raise NotToRetire(operator)
    text = operator_retired_event(on, work.writer.drafting, operator, reason)
    draft = Draft("operator", NO_BATCH, text.encode("utf-8"))
    work.writer.rehearse(work.books, draft)
    # guard: re-keyed-after-retirement
    put_under_new_key(work.registry, work.books.folder, registry_key, new_key(random_hex))
    work.commit(draft)
    return work.books.history.operators[operator]


def change_passphrase(
    books: Books, operator: str, old: str, new: str, *, registry_key: Path, random_hex: RandomHex
) -> None:
    """Put an operator's key under another passphrase. Raises WrongPassphrase, or of the key."""
    path = operator_key_path(registry_key, operator)
    key = read_operator_key(path, operator=operator, books=books.settings.key)
    salt, nonce = (bytes.fromhex(random_hex(size)) for size in (SALT_BYTES, NONCE_BYTES))
    replace_operator_key(path, with_passphrase(key, old, new, salt=salt, nonce=nonce))


def operators_of(books: Books) -> list[Operator]:
    """Everybody who signs or has signed, but for the key in the safe."""
    return [one for one in books.history.operators.values() if one.id != SAFE_KEY]


def signed_events(
    books: Books,
    operator: str | None = None,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> Iterator[SignedEvent]:
    """What was done, in its order: by one operator, from one day to another.

    The day is that on which it was done; an event's own may be another.
    """
    digests = digests_of_events(books.folder)
    for event, digest in zip(books.history.events, digests, strict=False):
        meta = event.header.meta
        by, recorded = (str(meta.get(key, "")) for key in ("by", "recorded"))
        day = recorded[:10]
        if operator not in (None, by):
            continue
        if (first and day < first.isoformat()) or (last and day > last.isoformat()):
            continue
        yield SignedEvent(
            event.seq, digest, event.kind, event.date, by, recorded, reason_of(event.header)
        )
