"""A snapshot as bytes: a ledger's rules, history and flows, in a form of their own.

What many people have alike is written once, and who has it by place: so a hundred thousand people
are a few lists of numbers. Entries are apart from it (:mod:`ledger.model.kept_entries`): most
commands ask for none. No identity number, account or phone number stands in books, and so in none
of this.
"""

from __future__ import annotations

import datetime
import sys
from array import array
from collections.abc import Collection
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import TypeAlias

import msgspec

from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.model.history import Approval
from ledger.model.history import Asked
from ledger.model.history import Attachment
from ledger.model.history import Income
from ledger.model.history import Release
from ledger.model.history import Standing
from ledger.model.history import TakenBack
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import Seal
from ledger.model.ids import StageCode
from ledger.model.ids import TownComponent
from ledger.model.kept_entries import KeptEntry
from ledger.model.months import Month
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import Rules
from ledger.model.rules import TaxClass
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone

NOTHING = -1
# Kinds of numbers, each with what does not go into it any more.
_ENDS = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))
Buffer: TypeAlias = bytes | memoryview


class Numbers(NamedTuple):
    """Numbers, each in as few bytes as the largest needs: a list of a hundred thousand takes ten
    times as much memory, and as long as all else to be read.
    """

    kind: str
    packed: bytes


class People(NamedTuple):
    """Who, by the place of a list of them, and what of a table each of them has, by its place."""

    who: int
    what: Numbers


def packed(numbers: Collection[int]) -> Numbers:
    """Raises OverflowError for what does not go into 64 bits."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    kind = "q" if least < 0 else next((one for one, end in _ENDS if most < end), "q")
    return Numbers(kind, _swapped(array(kind, numbers)).tobytes())


def unpacked(numbers: Numbers) -> Sequence[int]:
    """Raises ValueError for what :func:`packed` has not made."""
    found = array(numbers.kind)
    found.frombytes(numbers.packed)
    return _swapped(found)


def _swapped(numbers: array[int]) -> array[int]:
    """Between this machine's order of bytes and that of snapshots, which is that of most."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class KeptChange(NamedTuple):
    """A change; ``entry`` is its entry's place among the entries."""

    date: datetime.date
    amount_fen: int
    entry: int


class KeptEvent(NamedTuple):
    """An event: its file's name, the header's metadata, where its entries stand, and their digest.

    ``said`` and ``amount_fen`` are the people and the money that the header says, ``entries`` is
    how many there are.
    """

    seq: int
    kind: EventKind
    batch: BatchId
    date: datetime.date
    said: int
    amount_fen: int
    file: str
    meta: dict[str, Any]
    entries: int
    start: int
    size: int
    sha256: Digest


class KeptLine(NamedTuple):
    """A line of a statement, as :class:`~ledger.model.history.EnteredLine` has it."""

    id: BankLineId
    date: datetime.date
    amount_fen: int
    balance_fen: int | None
    entry: int
    batches: tuple[tuple[BatchId, int], ...]
    payee: PayeeId
    suspense_fen: int
    by_hand: datetime.date | None
    void_batch: BatchId
    barred_batch: BatchId


class KeptClosing(NamedTuple):
    """A closing; its header is that of event ``seq``."""

    month: Month
    seq: int
    report: Digest
    figures: Digest
    outside: Digest
    log: str
    marks: tuple[str, ...]


class KeptBatch(NamedTuple):
    """A batch; headers are those of events, by their numbers, and ``work`` is one of the maps."""

    id: BatchId
    date: datetime.date
    seal: Seal
    rows: Digest
    salt: str
    manifest: Digest
    header: int
    stage: StageCode
    rates: dict[str, RecordedRate]
    tax_classes: dict[str, TaxClass]
    limits_fen: dict[str, int]
    made_by: str
    asked: Asked
    together_fen: int
    approvals: list[tuple[Role, Approval]]
    barred_answer: int
    attached: list[Attachment]
    amounts_fen: People
    taxes_fen: People
    places: People
    charges_fen: list[tuple[FundComponent, LineComponent, int]]
    outcomes: People
    reasons: People
    submitted: datetime.date | None
    voided: datetime.date | None
    last_date: datetime.date
    work: int


class KeptFlows(NamedTuple):
    """Flows; what many people's entries of an event move on a day is one change."""

    budget: list[tuple[FundCode, LineComponent, list[KeptChange]]]
    spent: list[tuple[FundCode, LineComponent, list[KeptChange]]]
    undrawn: list[tuple[FundCode, LineComponent, list[KeptChange]]]
    received: list[tuple[FundCode, list[KeptChange]]]
    payable: list[tuple[FundCode, list[KeptChange]]]
    bank: list[KeptChange]
    transit: list[KeptChange]
    suspense: list[KeptChange]
    tax: list[KeptChange]
    owed_fen: dict[BatchId, int]
    held_fen: dict[BatchId, int]


class KeptSums(NamedTuple):
    """What each event has put into accounts, day by day, in fen; accounts are by their places."""

    accounts: list[str]
    by_event: list[list[tuple[datetime.date, int, int]]]


class Tables(NamedTuple):
    """What is written once. ``lists`` are of people, by their places: most of what a batch says
    is of the same ones.
    """

    people: list[PayeeId]
    lists: list[Numbers]
    standings: list[Standing]
    releases: list[Release]
    incomes: list[tuple[Income, ...]]
    work: list[WorkDone]
    places: list[tuple[FundComponent, TownComponent]]
    states: list[State]
    reasons: list[str]


class Kept(Record, array_like=True):
    """Everything. ``entries`` are those that flows and lines of statements name.

    ``sums`` are :class:`KeptSums`, for who writes an event: most commands ask for none.
    """

    rules: Rules
    tables: Tables
    entries: list[KeptEntry]
    events: list[KeptEvent]
    standings: dict[StageCode, People]
    releases: dict[StageCode, People]
    batches: list[KeptBatch]
    lines: list[KeptLine]
    operators: dict[str, Operator]
    reversed_by: dict[int, int]
    closed: list[KeptClosing]
    works: list[People]
    work: dict[StageCode, int]
    incomes: People
    taken_back: list[TakenBack]
    flows: KeptFlows
    opened: list[tuple[str, datetime.date]]
    entered: tuple[datetime.date, datetime.date] | None
    newest: datetime.date
    newest_to_cut: datetime.date
    printed_outside: list[tuple[datetime.date, str]]
    sums: msgspec.Raw
