"""Reading a snapshot: from its form to a ledger as it was kept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import cast

import msgspec

from ledger.base.records import Record
from ledger.books.kept_ledger import KeptLedger
from ledger.books.kept_ledger import Outside
from ledger.books.snapshot_form import NOTHING
from ledger.books.snapshot_form import Buffer
from ledger.books.snapshot_form import Kept
from ledger.books.snapshot_form import KeptBatch
from ledger.books.snapshot_form import KeptChange
from ledger.books.snapshot_form import KeptEvent
from ledger.books.snapshot_form import KeptFlows
from ledger.books.snapshot_form import KeptLine
from ledger.books.snapshot_form import KeptSums
from ledger.books.snapshot_form import People
from ledger.books.snapshot_form import unpacked
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import Changes
from ledger.budget.ceilings import Flows
from ledger.model.history import Batch
from ledger.model.history import EnteredLine
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.kept_entries import DaySum
from ledger.model.kept_entries import KeptEntries
from ledger.model.kept_entries import KeptHeader
from ledger.model.kept_entries import written_back
from ledger.model.months import Closing
from ledger.model.work_done import WorkDone

if TYPE_CHECKING:
    from beancount.core import data

    from ledger.events.read_ledger import ReadLedger

T = TypeVar("T")


class Sources(Record):
    """Where what is asked for later comes from: entries of events, the whole ledger, an earlier
    day's, what stands outside events.
    """

    entries: Callable[[KeptEvent], bytes]
    whole: Callable[[], ReadLedger]
    cut: Callable[[datetime.date], KeptLedger | ReadLedger]
    outside: Callable[[], Outside]


def read_back(content: Buffer, folder: Path, sources: Sources) -> KeptLedger:
    """The ledger of a snapshot, of books in a folder. Raises msgspec.MsgspecError."""
    return _Reader(_decoder().decode(content), folder, sources).ledger()


def events_in(content: Buffer) -> list[KeptEvent]:
    """The events of a snapshot. Raises msgspec.MsgspecError."""
    return _decoder().decode(content).events


def _decoder() -> msgspec.msgpack.Decoder[Kept]:
    return msgspec.msgpack.Decoder(Kept, ext_hook=written_back)


class _Sums:
    """The sums of events, read when somebody asks for them."""

    def __init__(self, content: msgspec.Raw, events: list[KeptEvent]) -> None:
        self._content = content
        self._events = events

    def of(self, seq: int) -> list[DaySum]:
        return self._by_event[seq]

    @cached_property
    def _by_event(self) -> dict[int, list[DaySum]]:
        kept = msgspec.msgpack.decode(self._content, type=KeptSums)
        return {
            event.seq: [DaySum(date, kept.accounts[place], fen) for date, place, fen in sums]
            for event, sums in zip(self._events, kept.by_event, strict=True)
        }


class _Reader:
    def __init__(self, kept: Kept, folder: Path, sources: Sources) -> None:
        self.kept = kept
        self.folder = folder
        self.sources = sources
        for entry in kept.entries:
            entry.meta["filename"] = str(folder / entry.meta["filename"])
        self.entries = cast("Sequence[data.Transaction]", kept.entries)
        self.headers: dict[int, data.Custom] = {}
        people = kept.tables.people
        self.lists = [[people[place] for place in unpacked(one)] for one in kept.tables.lists]
        self.sums = _Sums(kept.sums.copy(), kept.events)

    def ledger(self) -> KeptLedger:
        kept = self.kept
        return KeptLedger(
            kept.rules,
            self.history(),
            self.flows(kept.flows),
            kept.opened,
            kept.entered,
            kept.newest,
            kept.newest_to_cut,
            kept.printed_outside,
            self.sources.whole,
            self.sources.cut,
            self.sources.outside,
        )

    def history(self) -> History:
        kept, tables = self.kept, self.kept.tables
        events = tuple(map(self.event, kept.events))
        works = [self.of(some, tables.work) for some in kept.works]
        batches = {one.id: self.batch(one, works) for one in kept.batches}
        return History(
            events,
            self.by_stage(kept.standings, tables.standings),
            batches,
            (),
            self.by_stage(kept.releases, tables.releases),
            {one.id: self.line(one) for one in kept.lines},
            kept.operators,
            kept.reversed_by,
            tuple(Closing(*one, self.headers[one.seq]) for one in kept.closed),
            {stage: works[place] for stage, place in kept.work.items()},
            incomes=self.of(kept.incomes, tables.incomes),
            taken_back=tuple(kept.taken_back),
        )

    def event(self, one: KeptEvent) -> Event:
        filename = str(self.folder / one.file)
        header = cast("data.Custom", KeptHeader({"filename": filename, **one.meta}, one.date))
        self.headers[one.seq] = header
        read, add_up = partial(self.sources.entries, one), partial(self.sums.of, one.seq)
        entries = KeptEntries(read, filename, one.entries, add_up)
        return Event(
            one.seq, one.kind, one.batch, one.date, one.said, one.amount_fen, header, entries
        )

    def of(self, some: People, table: list[T]) -> dict[PayeeId, T]:
        return dict(
            zip(self.lists[some.who], map(table.__getitem__, unpacked(some.what)), strict=True)
        )

    def numbers(self, some: People) -> dict[PayeeId, int]:
        return dict(zip(self.lists[some.who], unpacked(some.what), strict=True))

    def by_stage(
        self, stages: Mapping[StageCode, People], table: list[T]
    ) -> dict[StageCode, dict[PayeeId, T]]:
        found: dict[StageCode, dict[PayeeId, T]] = defaultdict(dict)
        found.update((stage, self.of(some, table)) for stage, some in stages.items())
        return found

    def line(self, one: KeptLine) -> EnteredLine:
        return EnteredLine(
            one.id,
            one.date,
            one.amount_fen,
            one.balance_fen,
            self.entries[one.entry],
            one.batches,
            one.payee,
            one.suspense_fen,
            one.by_hand,
            one.void_batch,
            one.barred_batch,
        )

    def batch(self, one: KeptBatch, works: list[dict[PayeeId, WorkDone]]) -> Batch:
        tables = self.kept.tables
        charges_fen: dict[tuple[FundComponent, LineComponent], int] = defaultdict(int)
        charges_fen.update(((fund, line), fen) for fund, line, fen in one.charges_fen)
        answer = None if one.barred_answer == NOTHING else self.headers[one.barred_answer]
        return Batch(
            one.id,
            one.date,
            one.seal,
            one.rows,
            one.salt,
            one.manifest,
            self.headers[one.header],
            one.stage,
            one.rates,
            one.tax_classes,
            one.limits_fen,
            one.made_by,
            one.asked,
            one.together_fen,
            dict(one.approvals),
            answer,
            one.attached,
            self.numbers(one.amounts_fen),
            self.numbers(one.taxes_fen),
            self.of(one.places, tables.places),
            charges_fen,
            self.of(one.outcomes, tables.states),
            self.of(one.reasons, tables.reasons),
            one.submitted,
            one.voided,
            one.last_date,
            works[one.work],
        )

    def flows(self, kept: KeptFlows) -> Flows:
        return Flows(
            self.lines(kept.budget),
            self.lines(kept.spent),
            self.lines(kept.undrawn),
            {fund: self.changes(some) for fund, some in kept.received},
            self.funds(kept.payable),
            self.changes(kept.bank),
            self.changes(kept.transit),
            self.changes(kept.suspense),
            self.changes(kept.tax),
            kept.owed_fen,
            kept.held_fen,
        )

    def lines(
        self, lines: list[tuple[FundCode, LineComponent, list[KeptChange]]]
    ) -> dict[BudgetLine, Changes]:
        found: dict[BudgetLine, Changes] = defaultdict(list)
        found.update((BudgetLine(fund, line), self.changes(some)) for fund, line, some in lines)
        return found

    def funds(self, funds: list[tuple[FundCode, list[KeptChange]]]) -> dict[FundCode, Changes]:
        found: dict[FundCode, Changes] = defaultdict(list)
        found.update((fund, self.changes(some)) for fund, some in funds)
        return found

    def changes(self, changes: list[KeptChange]) -> Changes:
        entries = self.entries
        return [
            Change(date, amount_fen, None if place == NOTHING else entries[place])
            for date, amount_fen, place in changes
        ]
