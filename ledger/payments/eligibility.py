"""Who is owed something now, and who of them may not be paid yet and why. Pure."""

from __future__ import annotations

import datetime
import enum
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.accounts import code_of
from ledger.model.history import History
from ledger.model.history import Release
from ledger.model.history import Return
from ledger.model.history import Standing
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import NO_LINE
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from ledger.model.recorded_rates import RecordedRate
from ledger.model.recorded_rates import limits_on
from ledger.model.recorded_rates import rates_on
from ledger.model.rules import Rules
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone
from ledger.payments.amount_owed import NOTHING
from ledger.payments.amount_owed import Owed
from ledger.payments.amount_owed import amount_owed
from ledger.payments.amount_owed import is_allowed
from ledger.payments.withholding import Withheld
from ledger.payments.withholding import withheld_of
from ledger.registry.distinctions import SameNumber

# Who was paid, or for whom the bank has still to answer: nothing more is owed to her now.
MONEY_OUT = (State.PAID, State.IN_BANK, State.UNKNOWN)  # guard: money-out-owed-nothing

# What a record may not do while she is so in any stage.
MOST_BINDING = (State.UNKNOWN, State.IN_BANK, State.PAID, State.RETURNED)

# The rows of payments that came back, by stage and payee id.
ReturnedRows = Mapping[StageCode, Mapping[PayeeId, Instruction]]


class Block(enum.StrEnum):
    """Why a person who is owed something may not be paid now.

    A bank file's own reasons (a name that the bank's encoding cannot carry …) stand beside
    these, as :mod:`ledger.disbursement.unsendable` names them, and those of the income tax in
    :class:`~ledger.payments.withholding.TaxDoubt`.
    """

    RETURNED = "returned_uncorrected"
    DISPUTED = "returned_disputed"
    CANCELLED = "cancelled"
    RETURNED_ELSEWHERE = "returned_elsewhere"
    ABOVE_LIMIT = "above_limit"
    POST_PAID = "post_paid"
    NO_RATE = "no_rate"
    NOT_OF_STAGE = "not_of_stage"
    NOT_LISTED = "not_listed"
    NOT_ALLOWED = "amount_not_allowed"
    LATER_EVENT = "later_event"
    IDENTITY_PAID = "identity_paid"
    ACCOUNT_PAID = "account_paid"


# Nobody waits for these: what the stage pays is for others.
OWED_NOTHING = (Block.NOT_OF_STAGE, Block.NOT_LISTED)


class DuePayment(Record):
    """A person who may be paid now: how much, on which budget line (``30226劳务费``).

    ``amount_fen`` is what the bank carries, after the ``tax_fen`` that is withheld. ``standing`` is
    the returned payment that is made again, with its fund, town and role; None for a new one, of
    which ``owed`` says how the amount comes about.
    """

    payee: Payee
    amount_fen: int
    line: LineComponent
    standing: Standing | None = None
    owed: Owed = NOTHING
    tax_fen: int = 0

    @property
    def gross_fen(self) -> int:
        """What it takes of line, fund and cash."""
        return self.amount_fen + self.tax_fen


class Blocked(Record):
    """A person who is owed something and may not be paid yet, and why.

    ``reason_class`` and ``since`` are the return's, where there was one. ``doubts`` say for whom
    money went by a number of hers.
    """

    payee: Payee
    reason: str
    reason_class: str = ""
    since: datetime.date | None = None
    doubts: tuple[SameNumber, ...] = ()


class Eligibility(Record):
    """Everyone who may be paid now in the order of payment, and why others may not.

    ``settled`` counts those to whom nothing is owed now, by their state or ``inactive``; all of it
    is about one stage.
    """

    eligible: tuple[DuePayment, ...]
    blocked: tuple[Blocked, ...]
    settled: Mapping[str, int]
    stage: StageCode = FIRST_STAGE

    @property
    def blocked_ids(self) -> set[PayeeId]:
        return {blocked.payee.payee_id for blocked in self.blocked}

    @property
    def owed_nothing_ids(self) -> set[PayeeId]:
        """Whom the stage owes nothing: their role has no rate in it, or no list names them."""
        return {one.payee.payee_id for one in self.blocked if one.reason in OWED_NOTHING}

    @property
    def doubts(self) -> list[SameNumber]:
        """Who has a number by which money went for somebody else, and nobody has decided it."""
        return [pair for blocked in self.blocked for pair in blocked.doubts]

    @property
    def needed_fen(self) -> int:
        return sum(due.gross_fen for due in self.eligible)

    def of_fund(self, fund_code: FundCode | None) -> Eligibility:
        """Without returned payments of other funds than the one asked for."""
        if fund_code is None:
            return self
        kept = [
            due
            for due in self.eligible
            if due.standing is None or code_of(due.standing.fund) == fund_code
        ]
        return replace(self, eligible=tuple(kept))


NOBODY = Eligibility((), (), {})


def judge_eligibility(
    payees: Sequence[Payee],
    history: History,
    rules: Rules,
    on: datetime.date,
    stage: StageCode = FIRST_STAGE,
    *,
    returned_rows: ReturnedRows,
    unsendable: Callable[[Payee, int], str | None],
    doubts: Callable[[Payee], tuple[SameNumber, ...]] = lambda _payee: (),
) -> Eligibility:
    """Sort everyone into those who may be paid in a stage on a day and those who may not.

    ``returned_rows`` are the rows as sent of payments that came back;
    ``unsendable`` says why a payee with an amount in fen cannot go into the bank's file, ``doubts``
    who else was sent money by her numbers.
    """
    judging = _Judging(
        history, rules, _OneStage.of(history, stage), _others(history, stage),
        _Owing.of(history, rules, on, stage), limits_on(rules, on), on,
        returned_rows, unsendable, doubts, _holders(payees, history, stage),
    )  # fmt: skip
    eligible = []
    blocked: list[Blocked] = []
    settled: Counter[str] = Counter()
    for payee in sorted(payees, key=lambda payee: (payee.town, payee.serial)):
        state = state_of(payee.payee_id, history, stage)
        if state in MONEY_OUT:
            settled[state.value] += 1
        elif not payee.active:  # guard: left-not-paid
            settled["inactive"] += 1
        else:
            found = judging.judge(payee)
            if isinstance(found, DuePayment):
                eligible.append(found)
                if payee.has_post:
                    judging.holders.setdefault(payee.post, {})[payee.payee_id] = State.IN_BANK
            else:
                blocked.append(found)
    return Eligibility(tuple(eligible), tuple(blocked), settled, stage)


def judge_owed(
    payees: Iterable[Payee], history: History, rules: Rules, on: datetime.date, stage: StageCode
) -> Eligibility:
    """Only whom the stage owes nothing; who of the others may be paid is not asked."""
    owing = _Owing.of(history, rules, on, stage)
    blocked = []
    for payee in payees:
        if payee.active and state_of(payee.payee_id, history, stage) is State.DUE:
            reason = owing.why_nothing(payee, *owing.to(payee))
            if reason in OWED_NOTHING:
                blocked.append(Blocked(payee, reason))
    return Eligibility((), tuple(blocked), {}, stage)


def state_of(payee_id: PayeeId, history: History, stage: StageCode) -> State:
    """The person's state in a stage: due until an event says otherwise."""
    standing = history.standings_in(stage).get(payee_id)
    return standing.state if standing else State.DUE


def state_over_stages(payee_id: PayeeId, history: History) -> State:
    """Of her states in all stages the one that binds most."""
    states = {standing.state for standing in history.standings_of(payee_id).values()}
    return next((state for state in MOST_BINDING if state in states), State.DUE)


def with_money_out(history: History) -> frozenset[PayeeId]:
    """The ids of those who were paid in any stage, or for whom the bank has still to answer."""
    return frozenset(
        payee
        for some in history.standings.values()
        for payee, standing in some.items()
        if standing.state in MONEY_OUT
    )


def is_corrected(payee: Payee, sent: Instruction, reason_class: str) -> bool:
    """Whether the record differs from what came back, so that it is worth sending again.

    The identity number counts where the bank complained of it.
    """
    fields = ["bank_name", "bank", "account"]
    if reason_class == "ID_MISMATCH":
        fields.append("identity")
    return any(getattr(payee, field) != getattr(sent, field) for field in fields)


def _holders(
    payees: Sequence[Payee], history: History, stage: StageCode
) -> dict[str, dict[PayeeId, State]]:
    """Who has been sent money of a stage for each post, by payee id, and where it stands."""
    holders: dict[str, dict[PayeeId, State]] = {}
    for payee in payees:
        state = state_of(payee.payee_id, history, stage)
        if state != State.DUE and payee.has_post:
            holders.setdefault(payee.post, {})[payee.payee_id] = state
    return holders


class _OneStage(Record):
    """Where everybody stands in a stage, and who was released in it."""

    stage: StageCode
    standings: Mapping[PayeeId, Standing]
    releases: Mapping[PayeeId, Release]

    @classmethod
    def of(cls, history: History, stage: StageCode) -> _OneStage:
        return cls(stage, history.standings_in(stage), history.releases_in(stage))


class _Owing(Record):
    """What a stage owes by the rates and the lists of work of a day."""

    rules: Rules
    stage: StageCode
    rates: Mapping[str, RecordedRate]
    work: Mapping[PayeeId, WorkDone]
    on: datetime.date

    @classmethod
    def of(cls, history: History, rules: Rules, on: datetime.date, stage: StageCode) -> _Owing:
        return cls(rules, stage, rates_on(rules, on, stage), history.work.get(stage, {}), on)

    def to(self, payee: Payee) -> tuple[RecordedRate | None, Owed]:
        """The rate of the person's role, and what is owed by it."""
        rate = self.rates.get(payee.role)
        owed = amount_owed(rate, self.done_by(payee)) if rate else None
        return rate, owed or NOTHING

    def done_by(self, payee: Payee) -> WorkDone | None:
        """What lists of this day or before say of the person's work."""
        done = self.work.get(payee.payee_id)
        # guard: work-from-its-day
        if done is not None and done.date > self.on:
            return None
        return done

    def why_nothing(self, payee: Payee, rate: RecordedRate | None, owed: Owed) -> Block | None:
        if rate is None:  # guard: role-has-rate
            of_stage = self.rules.has_rate(payee.role, self.stage)
            return Block.NO_RATE if of_stage else Block.NOT_OF_STAGE
        if owed is NOTHING:  # guard: work-is-listed
            return Block.NOT_LISTED
        return None


def _others(history: History, stage: StageCode) -> list[_OneStage]:
    """The other stages in which somebody was sent money."""
    return [_OneStage.of(history, other) for other in history.standings if other != stage]


class _Judging(Record):
    """Everything that a decision about one person needs."""

    history: History
    rules: Rules
    here: _OneStage
    others: Sequence[_OneStage]
    owing: _Owing
    limits_fen: Mapping[str, int]
    on: datetime.date
    returned_rows: ReturnedRows
    unsendable: Callable[[Payee, int], str | None]
    doubts: Callable[[Payee], tuple[SameNumber, ...]]
    holders: dict[str, dict[PayeeId, State]]

    def judge(self, payee: Payee) -> DuePayment | Blocked:
        """What may be paid, or why nothing may be now. The person is due or returned."""
        standing = self.here.standings.get(payee.payee_id)
        returned = standing.returned if standing and standing.state == State.RETURNED else None
        if standing is not None and standing.state == State.RETURNED:
            due = DuePayment(payee, standing.amount_fen, standing.line, standing)
            reason = self.why_not_again(payee, returned)
        else:
            rate, owed = self.owing.to(payee)
            tax_fen, doubt = self.withheld_of(payee, owed.gross_fen)
            line = rate.line if rate else NO_LINE
            due = DuePayment(payee, owed.gross_fen - tax_fen, line, None, owed, tax_fen)
            reason = self.why_not_new(payee, standing, rate, owed) or doubt  # guard: untaxed-waits
        if standing is not None and standing.since > self.on:  # guard: payment-not-backdated
            reason = Block.LATER_EVENT
        reason = reason or self.unsendable(payee, due.amount_fen)  # guard: bank-can-carry
        doubts = self.doubts(payee)
        if doubts and reason not in OWED_NOTHING:  # guard: number-paid-waits
            reason = Block(f"{doubts[0].field}_paid")
        if reason is None:
            return due
        if returned is not None:
            return Blocked(payee, reason, returned.reason_class, returned.date, doubts)
        return Blocked(payee, reason, doubts=doubts)

    def withheld_of(self, payee: Payee, gross_fen: int) -> Withheld:
        """The tax of a new payment, or why it cannot be told."""
        history = self.history
        return withheld_of(
            payee.payee_id,
            gross_fen,
            self.on,
            self.rules.tax_class(payee.role, self.on),
            history.incomes.get(payee.payee_id, ()),
            history.batches,
        )

    def why_not_again(self, payee: Payee, returned: Return | None) -> str | None:
        """A returned payment is made again when it was released or the record was corrected."""
        if self.is_released(payee):
            return None
        if returned is not None and returned.disputed:  # guard: disputed-waits
            return Block.DISPUTED
        if self.is_uncorrected(payee, self.here.stage, returned):
            return Block.RETURNED  # guard: returned-waits
        return self.why_not_post(payee, MONEY_OUT)

    def why_not_new(
        self, payee: Payee, standing: Standing | None, rate: RecordedRate | None, owed: Owed
    ) -> str | None:
        nothing = self.owing.why_nothing(payee, rate, owed)
        if rate is None or nothing is not None:
            return nothing
        if not is_allowed(rate, owed):  # guard: allowed-amounts
            return Block.NOT_ALLOWED
        limit_fen = self.limits_fen.get(payee.role)
        # guard: limit-over-stages
        if limit_fen is not None and self.owed_before_fen(payee) + owed.gross_fen > limit_fen:
            return Block.ABOVE_LIMIT
        if self.is_released(payee):
            return None
        if any(self.came_back_in(other, payee) for other in self.others):
            return Block.RETURNED_ELSEWHERE  # guard: returned-elsewhere-waits
        if standing is not None and standing.cancelled:  # guard: cancelled-waits
            return Block.CANCELLED
        return self.why_not_post(payee, tuple(State))

    def is_uncorrected(self, payee: Payee, stage: StageCode, returned: Return | None) -> bool:
        """Whether her record is still what has come back in a stage."""
        sent = self.returned_rows.get(stage, {}).get(payee.payee_id)
        return (
            returned is None or sent is None or not is_corrected(payee, sent, returned.reason_class)
        )

    def came_back_in(self, other: _OneStage, payee: Payee) -> bool:
        """Whether money of another stage has come back, and nobody has mended or answered it."""
        standing = other.standings.get(payee.payee_id)
        if standing is None or standing.state != State.RETURNED:
            return False
        release = other.releases.get(payee.payee_id)
        if release is not None and release.date <= self.on:
            return False
        disputed = standing.returned is not None and standing.returned.disputed
        return disputed or self.is_uncorrected(payee, other.stage, standing.returned)

    def owed_before_fen(self, payee: Payee) -> int:
        """What she was sent in all stages and is not taken back, wherever it is by now."""
        return sum(one.gross_fen for one in self.history.incomes.get(payee.payee_id, ()))

    def why_not_post(self, payee: Payee, states: Sequence[State]) -> str | None:
        """One paid person a block or area."""
        others = self.holders.get(payee.post, {})
        taken = any(state in states for other, state in others.items() if other != payee.payee_id)
        return Block.POST_PAID if taken else None  # guard: one-paid-a-post

    def is_released(self, payee: Payee) -> bool:
        release = self.here.releases.get(payee.payee_id)
        return release is not None and release.date <= self.on  # guard: release-from-its-day


def skipped_json(eligibility: Eligibility) -> list[dict[str, Any]]:
    """Why people are not taken, as programs read it; ``payees`` are those to be corrected."""
    payees: dict[str, list[PayeeId]] = {}
    for blocked in eligibility.blocked:
        payees.setdefault(blocked.reason, []).append(blocked.payee.payee_id)
    counts = {**eligibility.settled, **{reason: len(ids) for reason, ids in payees.items()}}
    return [
        {"reason": reason, "count": count, "payees": payees.get(reason, [])}
        for reason, count in sorted(counts.items())
    ]
