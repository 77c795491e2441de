"""What the registry remembers of changes: from where, when and by whom, done or held."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import NamedTuple

import msgspec

from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.model.payees import Payee

# What the log of changes calls the registration of somebody new.
ADDED = "added"
# What it calls somebody's word that she is another than one for whom money went by her number.
DISTINCT = "distinct"
# How it writes that a payee is on her post, that she has left, and that she came by a roster that
# was taken back.
YES, NO, WITHDRAWN = "1", "0", "2"
# What a record holds beside its serial: texts, and ``active``, which is one of these three.
FIELDS = Payee.__struct_fields__[1:-1]
TEXT_FIELDS = FIELDS[:-1]
_AsText = msgspec.defstruct("_AsText", [(field, str) for field in FIELDS])
_encoded = msgspec.json.Encoder().encode
_texts = attrgetter(*TEXT_FIELDS)


def active_text(payee: Payee) -> str:
    """Whether somebody is on her post, as the log says it."""
    return WITHDRAWN if payee.withdrawn else YES if payee.active else NO


def record_as_text(payee: Payee) -> str:
    """A whole record as the log holds it: a JSON object of texts.

    msgspec writes the same as ``json.dumps``, in a tenth of the time.
    """
    return _encoded(_AsText(*_texts(payee), active_text(payee))).decode()


def record_of_payee(payee: Payee) -> dict[str, str]:
    """A whole record as the log says it, by field."""
    return dict(zip(FIELDS, (*_texts(payee), active_text(payee)), strict=True))


def record_of_text(text: str) -> dict[str, str]:
    """What :func:`record_as_text` has written; nothing for what it has not."""
    try:
        record = json.loads(text)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


class Original(Record):
    """A file that was imported; ``number`` says which came later, ``kind`` what it was."""

    number: int
    sha256: Digest
    name: str
    kind: str


class Source(NamedTuple):
    """Where a change comes from: the original's SHA-256, its sheet and row (from 1).

    A decision that was typed is an original too; it has no sheet, and row 0. The log has them in
    this order.
    """

    sha256: Digest
    sheet: str
    row: int


class LoggedChange(Record):
    """One line of the log: ``field`` is ``added`` for a new payee, else the column's name."""

    field: str
    old: str
    new: str
    source: Source
    changed_by: str
    changed_at: str
    reason: str


class HeldChange(Record):
    """What a file says of a payee's ``field``, which is not done before somebody confirms it.

    ``verdict`` is ``confirmed``, ``declined``, ``overtaken`` by another change or ``withdrawn``
    with the file; empty while open. ``entry`` is that of the log with which it came,
    ``closing_entry`` that of the change, or of the other held change, which has closed it.
    """

    number: int
    serial: int
    field: str
    old: str
    new: str
    source: Source
    entry: int
    held_by: str
    held_at: str
    verdict: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at: str = ""
    closing_entry: int = 0
