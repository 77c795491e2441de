"""The history of the books: events, batches and where each person stands.

The records that :mod:`ledger.events.fold` derives from the event files, and the digests that bind a
batch's entries to its header.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeVar

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.money import nearest_fen
from ledger.base.records import Mutable
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.records import replace
from ledger.model.findings import Finding
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import Seal
from ledger.model.ids import StageCode
from ledger.model.ids import TownComponent
from ledger.model.kept_entries import DaySum
from ledger.model.kept_entries import KeptEntries
from ledger.model.months import Closing
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import TaxClass
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone

if TYPE_CHECKING:
    from beancount.core import data

T = TypeVar("T")

SUBSIDY_TAG = "census-subsidy"
# What a payment's entry says of the work that it is for.
QUANTITY, RATE, DEDUCTION = "quantity", "rate", "deduction"
PAYEE_LINK = re.compile(r"P\d{6,}")
BATCH_LINK = re.compile(r"B\d{4}-\d{3,}")
LINE_LINK = re.compile(r"L[0-9a-f]{12}")


class Event(Record):
    """An event file as the ledger reads it: its header and its transactions in their order."""

    seq: int
    kind: EventKind
    batch: BatchId
    date: datetime.date
    count: int
    amount_fen: int
    header: data.Custom
    entries: Sequence[data.Transaction]


class Return(NamedTuple):
    """A payment that came back: from which batch, when, and the bank's reason in class and text.

    ``disputed``: another answer of the bank speaks against it.
    """

    batch: BatchId
    date: datetime.date
    reason_class: str
    text: str
    disputed: bool = False


class Standing(NamedTuple):
    """Where one person's subsidy stands after the events so far.

    ``returned`` is the last payment that came back; it stays while the person is paid again,
    so that a void finds the way back, and so does ``cancelled``: she was found not entitled.
    ``text`` is the bank's own, of an unclear answer. ``tax_fen`` was withheld besides the amount.
    """

    state: State
    since: datetime.date
    batch: BatchId
    fund: FundComponent
    town: TownComponent
    line: LineComponent
    role: str
    amount_fen: int
    returned: Return | None = None
    cancelled: bool = False
    text: str = ""
    tax_fen: int = 0


class EnteredLine(NamedTuple):
    """A line of a bank statement in the books.

    ``amount_fen`` is what came in, below zero what went out; ``balance_fen`` what the bank had
    after it, None where it does not say. ``batches`` is what of it was debited for each batch,
    below zero what was refunded, and ``payee`` whose payment it was alone. ``suspense_fen`` is
    what came in and nobody has explained yet. ``by_hand`` is the day of the entry by hand that
    it stands for; ``void_batch`` is the void batch that it may be a debit of, ``barred_batch`` the
    one that nobody has approved and submitted.
    """

    id: BankLineId
    date: datetime.date
    amount_fen: int
    balance_fen: int | None
    entry: data.Transaction
    batches: tuple[tuple[BatchId, int], ...] = ()
    payee: PayeeId = NO_PAYEE
    suspense_fen: int = 0
    by_hand: datetime.date | None = None
    void_batch: BatchId = NO_BATCH
    barred_batch: BatchId = NO_BATCH


class Release(NamedTuple):
    """Somebody's word that a person may be paid although something speaks against it."""

    date: datetime.date
    reason: str


class Income(NamedTuple):
    """What somebody was paid by the batch that has paid it first, or before these books, by none:
    before tax, and the tax that was withheld of it. ``tax_class`` is what the role was to the tax,
    None where nobody had said it.

    ``fund``, ``line`` and ``town`` are the components that it was charged by.
    """

    batch: BatchId
    date: datetime.date
    gross_fen: int
    tax_fen: int
    tax_class: TaxClass | None
    fund: FundComponent
    line: LineComponent
    town: TownComponent
    stage: StageCode

    @property
    def is_labour(self) -> bool:
        """Whether it counts in the month's sum: whoever is in no class is not left out."""
        return self.tax_class in (None, TaxClass.LABOUR)


class TakenBack(NamedTuple):
    """An income that somebody was found not entitled to, and from when on."""

    payee: PayeeId
    date: datetime.date
    income: Income


class Asked(NamedTuple):
    """Which approvals a batch asks for, and the approval rules in force that say so, as text."""

    roles: tuple[Role, ...] = ()
    rules: str = ""


ASKS_NOTHING = Asked()


class Approval(NamedTuple):
    """Who has approved a batch in a role, and of which day that is."""

    operator: str
    date: datetime.date


class Attachment(NamedTuple):
    """A signed and scanned list that an event has filed: the file's digest, name, type and size in
    bytes, by which operator and of which day.
    """

    event: int
    sha256: Digest
    name: str
    kind: str
    size: int
    by: str
    date: datetime.date


class Batch(Mutable):
    """A batch after the events so far.

    ``rates`` are those of its ``stage`` that it was made by, by role, ``limits_fen`` what was then
    owed at most over all stages, and ``tax_classes`` what the roles were to the income tax.
    ``amounts_fen`` are what each payee is sent, ``taxes_fen`` what is withheld of whom, ``places``
    their components of fund and town; ``charges_fen`` is what was newly accrued, by the components
    of fund and line. ``outcomes`` is what became of this batch's payment to each person: a later
    batch does not change it; ``reasons`` are the classes of those that came back.

    ``attached`` are the signed lists that are filed with it.

    It was ``made_by`` an operator, recorded what it ``asked`` for, by what it is with the batches
    around it (``together_fen``), and has ``approvals`` by role. ``barred_answer`` is the bank's
    answer for a batch that it should not have had. ``work`` is what lists said when it was made,
    ``unlisted`` are entries that pay for other work.
    """

    id: BatchId
    date: datetime.date
    seal: Seal
    rows: Digest
    salt: str
    manifest: Digest
    header: data.Custom
    stage: StageCode = FIRST_STAGE
    rates: Mapping[str, RecordedRate] = field(default_factory=dict)
    tax_classes: Mapping[str, TaxClass] = field(default_factory=dict)
    limits_fen: Mapping[str, int] = field(default_factory=dict)
    made_by: str = ""
    asked: Asked = ASKS_NOTHING
    together_fen: int = 0
    approvals: dict[Role, Approval] = field(default_factory=dict)
    barred_answer: data.Custom | None = None
    attached: list[Attachment] = field(default_factory=list)
    amounts_fen: dict[PayeeId, int] = field(default_factory=dict)
    taxes_fen: dict[PayeeId, int] = field(default_factory=dict)
    places: dict[PayeeId, tuple[FundComponent, TownComponent]] = field(default_factory=dict)
    charges_fen: dict[tuple[FundComponent, LineComponent], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    outcomes: dict[PayeeId, State] = field(default_factory=dict)
    reasons: dict[PayeeId, str] = field(default_factory=dict)
    submitted: datetime.date | None = None
    voided: datetime.date | None = None
    last_date: datetime.date = datetime.date.min
    work: Mapping[PayeeId, WorkDone] = field(default_factory=dict)
    unlisted: dict[PayeeId, data.Transaction] = field(default_factory=dict)

    def copy(self) -> Batch:
        """The batch as it stands, whatever later events do to it."""
        return replace(
            self,
            amounts_fen=dict(self.amounts_fen),
            taxes_fen=dict(self.taxes_fen),
            places=dict(self.places),
            charges_fen=self.charges_fen.copy(),
            outcomes=dict(self.outcomes),
            reasons=dict(self.reasons),
            unlisted=dict(self.unlisted),
            approvals=dict(self.approvals),
            attached=list(self.attached),
        )

    @property
    def counts(self) -> Counter[State]:
        """The people of the batch by the state of its payment; nobody once it is void."""
        return Counter(self.outcomes.values())

    @property
    def amount_fen(self) -> int:
        """What the bank carries."""
        return sum(self.amounts_fen.values())

    @property
    def tax_fen(self) -> int:
        """What is withheld."""
        return sum(self.taxes_fen.values())

    @property
    def gross_fen(self) -> int:
        """What it takes of lines, funds and cash."""
        return self.amount_fen + self.tax_fen

    def taxes_by_town(self) -> Counter[TownComponent]:
        """What is withheld of each town's people, in fen."""
        taxes_fen: Counter[TownComponent] = Counter()
        for payee, tax_fen in self.taxes_fen.items():
            taxes_fen[self.places[payee][1]] += tax_fen
        return taxes_fen

    @property
    def state(self) -> str:
        """prepared | approved | submitted | settled (nobody awaited or unknown) | void.

        A batch that asks for no approval is never approved.
        """
        if self.voided:
            return "void"
        if {State.IN_BANK, State.UNKNOWN}.isdisjoint(self.outcomes.values()):
            return "settled"
        if self.submitted:
            return "submitted"
        return "approved" if self.asked.roles and not self.approvals_missing else "prepared"

    @property
    def is_here(self) -> bool:
        """Whether it was neither given to the bank nor taken back."""
        return self.state in ("prepared", "approved")

    @property
    def approvals_missing(self) -> tuple[Role, ...]:
        """The approvals that it asks for and has not."""
        return tuple(role for role in self.asked.roles if role not in self.approvals)

    @property
    def is_held(self) -> bool:
        """Whether its papers are held back, because somebody has not approved it."""
        return bool(self.approvals_missing)

    @property
    def is_barred(self) -> bool:
        """Whether the bank should move nothing for it: it asks for approvals, and nobody has
        submitted it, or explained why the bank has paid it all the same.
        """
        if not self.asked.roles:
            return False
        return self.submitted is None or self.barred_answer is not None

    @property
    def state_word(self) -> str:
        """The state in the user's language."""
        return batch_state_word(self.state)


class History(Record, dict=True):
    """The events, and what follows from them.

    ``standings`` and ``releases`` are by stage: in each, people stand where they stand in it alone.
    ``lines`` are the bank's, ``operators`` those who sign, both by their ids. ``reversed_by`` are
    the numbers of events that were reversed, each with that of the event that has done it.
    ``closed`` are the months that are closed, in their order; ``work`` is what lists say of what
    people have done, by stages. ``incomes`` are what everybody was paid, each where it was paid
    first, and ``taken_back`` what was found to be nobody's.
    """

    events: tuple[Event, ...]
    standings: Mapping[StageCode, Mapping[PayeeId, Standing]]
    batches: Mapping[BatchId, Batch]
    findings: tuple[Finding, ...]
    releases: Mapping[StageCode, Mapping[PayeeId, Release]] = field(default_factory=dict)
    lines: Mapping[BankLineId, EnteredLine] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=dict)
    reversed_by: Mapping[int, int] = field(default_factory=dict)
    closed: tuple[Closing, ...] = ()
    work: Mapping[StageCode, Mapping[PayeeId, WorkDone]] = field(default_factory=dict)
    incomes: Mapping[PayeeId, tuple[Income, ...]] = field(default_factory=dict)
    taken_back: tuple[TakenBack, ...] = ()

    def standings_in(self, stage: StageCode) -> Mapping[PayeeId, Standing]:
        """Where everybody stands in a stage whom an event has moved in it."""
        return self.standings.get(stage, {})

    def releases_in(self, stage: StageCode) -> Mapping[PayeeId, Release]:
        """Who was released in a stage."""
        return self.releases.get(stage, {})

    def standings_of(self, payee: PayeeId) -> dict[StageCode, Standing]:
        """Where one person stands in every stage in which an event has moved her."""
        return {stage: some[payee] for stage, some in self.standings.items() if payee in some}

    @cached_property
    def everybody(self) -> frozenset[PayeeId]:
        """Everyone whom an event has moved, in whatever stage."""
        return frozenset().union(*self.standings.values())

    def every_standing(self) -> Iterator[tuple[StageCode, PayeeId, Standing]]:
        """Where everybody stands, stage by stage."""
        for stage, some in self.standings.items():
            for payee, standing in some.items():
                yield stage, payee, standing

    @cached_property
    def standings_counted(self) -> list[tuple[Standing, int]]:
        """In which ways people stand, stage by stage, and how many in each: as good as all stand
        in one of few.
        """
        return [one for some in self.standings.values() for one in _counted(some.values())]

    @cached_property
    def incomes_counted(self) -> list[tuple[Income, int]]:
        """What people were paid, and how many of them each: as good as all were paid alike."""
        alike = _counted(self.incomes.values())
        return [(income, count) for incomes, count in alike for income in incomes]

    @cached_property
    def came_back(self) -> dict[BatchId, set[PayeeId]]:
        """Who is returned now, by the batch whose payment has come back."""
        found: dict[BatchId, set[PayeeId]] = {}
        for some in self.standings.values():
            for payee, standing in some.items():
                if standing.state == State.RETURNED and standing.returned is not None:
                    found.setdefault(standing.returned.batch, set()).add(payee)
        return found

    @cached_property
    def in_force(self) -> tuple[Event, ...]:
        """The events without those that were reversed, and without what has reversed them."""
        gone = {*self.reversed_by, *self.reversed_by.values()}
        return tuple(event for event in self.events if event.seq not in gone)

    @property
    def last_prepared(self) -> int:
        """The number of the last event that prepared a batch, -1 when there is none."""
        prepared = (e.seq for e in self.events if e.kind == EventKind.PREPARED)
        return max(prepared, default=-1)


def _counted(values: Collection[T]) -> list[tuple[T, int]]:
    """What are one and the same, once each, and how many they are. None is looked into."""
    one_by_one = dict(zip(map(id, values), values, strict=True))
    return [(one_by_one[number], count) for number, count in Counter(map(id, values)).items()]


def payee_links(entry: data.Transaction) -> list[PayeeId]:
    """The payees whom an entry is linked with."""
    return [PayeeId(link) for link in entry.links if link[0] == "P" and PAYEE_LINK.fullmatch(link)]


def entries_of(event: Event, payee: PayeeId) -> Sequence[data.Transaction]:
    """The event's entries that are linked with somebody."""
    if isinstance(event.entries, KeptEntries):
        return event.entries.linked_with(payee)
    return [entry for entry in event.entries if payee in entry.links]


def sums_of(event: Event) -> Sequence[DaySum]:
    """What the event's entries put into each account on each day."""
    if isinstance(event.entries, KeptEntries):
        return event.entries.sums
    sums_fen: dict[tuple[datetime.date, str], int] = {}
    for entry in event.entries:
        for posting in entry.postings:
            if posting.units is not None and posting.units.number is not None:
                key = entry.date, posting.account
                sums_fen[key] = sums_fen.get(key, 0) + nearest_fen(posting.units.number)
    return [DaySum(date, account, fen) for (date, account), fen in sums_fen.items()]


def payees_in(header: data.Custom, key: str) -> list[PayeeId]:
    """The payees whom a header names under a key, in its order."""
    return list(map(PayeeId, str(header.meta.get(key, "")).split()))


def reason_of(header: data.Custom) -> str:
    """Why somebody, a checker or the bank has it so, in the words of an event; empty without."""
    words = (header.meta.get(key) for key in ("reason", "rejected", "bank-refused"))
    return next((str(word) for word in words if word), "")


def names_of(history: History, batch: Batch) -> dict[PayeeId, str]:
    """The names in the entries that prepared a batch, by payee id."""
    return {
        PayeeId(str(entry.meta.get("payee-id"))): entry.payee or ""
        for event in history.events
        if event.kind == EventKind.PREPARED and event.batch == batch.id
        for entry in event.entries
    }


def batch_state_word(state: str) -> str:
    """A batch's state in the user's language."""
    words = {
        "prepared": _("prepared"),
        "approved": _("approved"),
        "submitted": _("submitted"),
        "settled": _("settled"),
        "void": _("void"),
    }
    return words[state]


def outcome_text(counts: Mapping[State, int]) -> str:
    """What a result's header says of its batch: everybody who was sent, by state."""
    states = (State.PAID, State.RETURNED, State.UNKNOWN, State.IN_BANK)
    return " ".join(f"{state.value}={counts.get(state, 0)}" for state in states)
