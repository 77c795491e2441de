"""Writing a snapshot: from a ledger to its form."""

from __future__ import annotations

import datetime
from collections.abc import Hashable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypeVar
from typing import cast

import msgspec

from ledger.base.digests import digest
from ledger.base.records import Record
from ledger.books.snapshot_form import NOTHING
from ledger.books.snapshot_form import Kept
from ledger.books.snapshot_form import KeptBatch
from ledger.books.snapshot_form import KeptChange
from ledger.books.snapshot_form import KeptClosing
from ledger.books.snapshot_form import KeptEvent
from ledger.books.snapshot_form import KeptFlows
from ledger.books.snapshot_form import KeptLine
from ledger.books.snapshot_form import KeptSums
from ledger.books.snapshot_form import Numbers
from ledger.books.snapshot_form import People
from ledger.books.snapshot_form import Tables
from ledger.books.snapshot_form import packed
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Changes
from ledger.budget.ceilings import Flows
from ledger.model.history import SUBSIDY_TAG
from ledger.model.history import Batch
from ledger.model.history import EnteredLine
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.history import Income
from ledger.model.history import Release
from ledger.model.history import Standing
from ledger.model.history import sums_of
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.ids import TownComponent
from ledger.model.kept_entries import KeptEntry
from ledger.model.kept_entries import kept_entry
from ledger.model.kept_entries import kept_meta
from ledger.model.months import Closing
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone

if TYPE_CHECKING:
    from beancount.core import data

    from ledger.books.kept_ledger import KeptLedger
    from ledger.events.read_ledger import ReadLedger

T = TypeVar("T", bound=Hashable)


class CannotBeKept(Exception):
    """Something in a ledger has no place in a snapshot."""


class Written(Record):
    """A snapshot in two parts: what every command reads, and entries of events."""

    ledger: bytes
    entries: bytes


def written(ledger: ReadLedger | KeptLedger, folder: Path, known: Mapping[str, bytes]) -> Written:
    """The snapshot of a sound ledger, whose files are in a folder. Raises CannotBeKept.

    ``known`` are the entries of events that were written before, by the files' names.
    """
    return _Writer(folder, known).write(ledger)


def encoded(entries: Sequence[data.Transaction]) -> bytes:
    """The entries of an event."""
    content = BytesIO()
    _add_encoded(entries, content)
    return content.getvalue()


def _add_encoded(entries: Sequence[data.Transaction], content: BytesIO) -> None:
    """Entries behind others, as a list of MessagePack's: one after another, so that of those of a
    hundred thousand people no second list is made.
    """
    content.write(b"\xdd" + len(entries).to_bytes(4, "big"))
    encode = msgspec.msgpack.Encoder().encode
    for entry in entries:
        content.write(encode(kept_entry(entry)))


class _Table(Generic[T]):
    """Values, each once, and their places."""

    def __init__(self) -> None:
        self.places: dict[T, int] = {}

    def place(self, value: T) -> int:
        return self.places.setdefault(value, len(self.places))

    @property
    def values(self) -> list[T]:
        return list(self.places)


class _Writer:
    def __init__(self, folder: Path, known: Mapping[str, bytes]) -> None:
        self.folder = folder
        self.known = known
        self.encoder = msgspec.msgpack.Encoder()
        self.people: _Table[PayeeId] = _Table()
        self.lists: _Table[Numbers] = _Table()
        self.standings: _Table[Standing] = _Table()
        self.releases: _Table[Release] = _Table()
        self.incomes: _Table[tuple[Income, ...]] = _Table()
        self.work: _Table[WorkDone] = _Table()
        self.places: _Table[tuple[FundComponent, TownComponent]] = _Table()
        self.states: _Table[State] = _Table()
        self.reasons: _Table[str] = _Table()
        self.works: list[People] = []
        self.work_places: dict[int, int] = {}
        self.entries: list[KeptEntry] = []
        self.entry_places: dict[int, int] = {}
        self.seq_of_header: dict[int, int] = {}
        self.first_of_file: dict[str, data.Transaction] = {}
        self.before_the_books: set[str] = set()

    def write(self, ledger: ReadLedger | KeptLedger) -> Written:
        history = ledger.history
        content = BytesIO()
        events = [self.event(event, content) for event in history.events]
        kept = Kept(
            rules=ledger.rules,
            tables=cast("Tables", None),
            entries=self.entries,
            events=events,
            standings=self.by_stage(history.standings, self.standings),
            releases=self.by_stage(history.releases, self.releases),
            batches=[self.batch(batch) for batch in history.batches.values()],
            lines=[self.line(line) for line in history.lines.values()],
            operators=dict(history.operators),
            reversed_by=dict(history.reversed_by),
            closed=[_closing(one) for one in history.closed],
            works=self.works,
            work={stage: self.work_of(some) for stage, some in history.work.items()},
            incomes=self.of(history.incomes, self.incomes),
            taken_back=list(history.taken_back),
            flows=self.flows(ledger.flows),
            opened=list(ledger.opened),
            entered=ledger.entered,
            newest=ledger.newest,
            newest_to_cut=ledger.newest_to_cut,
            printed_outside=list(ledger.printed_outside),
            sums=msgspec.Raw(self.encoder.encode(_sums(history))),
        )
        kept = msgspec.structs.replace(kept, tables=self.tables())
        return Written(self.encoder.encode(kept), content.getvalue())

    def tables(self) -> Tables:
        return Tables(
            self.people.values,
            self.lists.values,
            self.standings.values,
            self.releases.values,
            self.incomes.values,
            self.work.values,
            self.places.values,
            self.states.values,
            self.reasons.values,
        )

    def file(self, meta: Mapping[str, Any]) -> str:
        """Where a directive stands, below the folder."""
        try:
            return Path(meta["filename"]).relative_to(self.folder).as_posix()
        except ValueError:
            raise CannotBeKept from None

    def event(self, event: Event, content: BytesIO) -> KeptEvent:
        self.seq_of_header[id(event.header)] = event.seq
        file = self.file(event.header.meta)
        if event.kind is EventKind.PAID_BEFORE:
            self.before_the_books.add(event.header.meta["filename"])
        start = content.tell()
        known = self.known.get(file)
        if known:
            content.write(known)
        else:
            _add_encoded(event.entries, content)
        with content.getbuffer() as everything, everything[start:] as entries:
            size, sha256 = len(entries), digest(entries)
        return KeptEvent(
            event.seq,
            event.kind,
            event.batch,
            event.date,
            event.count,
            event.amount_fen,
            file,
            kept_meta(event.header.meta),
            len(event.entries),
            start,
            size,
            sha256,
        )

    def who(self, some: Iterable[PayeeId]) -> int:
        return self.lists.place(packed([*map(self.people.place, some)]))

    def of(self, some: Mapping[PayeeId, T], table: _Table[T]) -> People:
        """People with what each has, in their order."""
        return People(self.who(some), packed([*map(table.place, some.values())]))

    def numbers(self, some: Mapping[PayeeId, int]) -> People:
        return People(self.who(some), packed(some.values()))

    def by_stage(
        self, stages: Mapping[StageCode, Mapping[PayeeId, T]], table: _Table[T]
    ) -> dict[StageCode, People]:
        return {stage: self.of(some, table) for stage, some in stages.items()}

    def work_of(self, some: Mapping[PayeeId, WorkDone]) -> int:
        """The place of a list of work among all: a batch has that of its stage."""
        place = self.work_places.get(id(some))
        if place is None:
            place = self.work_places[id(some)] = len(self.works)
            self.works.append(self.of(some, self.work))
        return place

    def entry(self, entry: data.Transaction | None) -> int:
        """The place of an entry. Of an event that pays people the first one stands for all."""
        if entry is None:
            return NOTHING
        if SUBSIDY_TAG in entry.tags:
            entry = self.first_of_file.setdefault(entry.meta["filename"], entry)
        place = self.entry_places.get(id(entry))
        if place is None:
            place = self.entry_places[id(entry)] = len(self.entries)
            kept = kept_entry(entry)
            kept.meta["filename"] = self.file(entry.meta)
            self.entries.append(kept)
        return place

    def line(self, line: EnteredLine) -> KeptLine:
        return KeptLine(
            line.id,
            line.date,
            line.amount_fen,
            line.balance_fen,
            self.entry(line.entry),
            line.batches,
            line.payee,
            line.suspense_fen,
            line.by_hand,
            line.void_batch,
            line.barred_batch,
        )

    def batch(self, batch: Batch) -> KeptBatch:
        answer = batch.barred_answer
        return KeptBatch(
            batch.id,
            batch.date,
            batch.seal,
            batch.rows,
            batch.salt,
            batch.manifest,
            self.seq_of_header[id(batch.header)],
            batch.stage,
            dict(batch.rates),
            dict(batch.tax_classes),
            dict(batch.limits_fen),
            batch.made_by,
            batch.asked,
            batch.together_fen,
            list(batch.approvals.items()),
            NOTHING if answer is None else self.seq_of_header[id(answer)],
            batch.attached,
            self.numbers(batch.amounts_fen),
            self.numbers(batch.taxes_fen),
            self.of(batch.places, self.places),
            [(fund, line, fen) for (fund, line), fen in batch.charges_fen.items()],
            self.of(batch.outcomes, self.states),
            self.of(batch.reasons, self.reasons),
            batch.submitted,
            batch.voided,
            batch.last_date,
            self.work_of(batch.work),
        )

    def flows(self, flows: Flows) -> KeptFlows:
        return KeptFlows(
            self.lines(flows.budget),
            self.lines(flows.spent),
            self.lines(flows.undrawn),
            [(fund, self.changes(some)) for fund, some in flows.received.items()],
            [(fund, self.changes(some)) for fund, some in flows.payable.items()],
            self.changes(flows.bank),
            self.changes(flows.transit),
            self.changes(flows.suspense),
            self.changes(flows.tax),
            dict(flows.owed_fen),
            dict(flows.held_fen),
        )

    def lines(
        self, lines: Mapping[BudgetLine, Changes]
    ) -> list[tuple[FundCode, LineComponent, list[KeptChange]]]:
        return [(fund, line, self.changes(some)) for (fund, line), some in lines.items()]

    def changes(self, changes: Changes) -> list[KeptChange]:
        """What the entries of one event move on a day together, where they pay people by batches.

        Who was paid before the books is counted by changes: each stays one.
        """
        kept: list[KeptChange] = []
        together: dict[tuple[datetime.date, int], int] = {}
        for date, amount_fen, entry in changes:
            place = self.entry(entry)
            if (
                entry is None
                or SUBSIDY_TAG not in entry.tags
                or entry.meta["filename"] in self.before_the_books
            ):
                kept.append(KeptChange(date, amount_fen, place))
                continue
            at = together.setdefault((date, place), len(kept))
            if at == len(kept):
                kept.append(KeptChange(date, amount_fen, place))
            else:
                kept[at] = KeptChange(date, kept[at].amount_fen + amount_fen, place)
        return kept


def _sums(history: History) -> KeptSums:
    accounts: _Table[str] = _Table()
    by_event = [
        [(one.date, accounts.place(one.account), one.amount_fen) for one in sums_of(event)]
        for event in history.events
    ]
    return KeptSums(accounts.values, by_event)


def _closing(one: Closing) -> KeptClosing:
    return KeptClosing(*(getattr(one, name) for name in KeptClosing._fields))
