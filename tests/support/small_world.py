"""A census office without files: every step leads from one frozen world to another.

Events are made, read back, held against the rules and folded by the functions that the commands
use; the disk alone has no part in it, so that histories with the same beginning can share it.
Every step is foretold by the model (:mod:`tests.support.model`).
"""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import cache
from functools import partial
from pathlib import Path
from typing import Any

from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.incoming import open_file
from ledger.base import records
from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.books.writing import Writer
from ledger.controls.closed_months import new_marks
from ledger.controls.closed_months import outside_digest
from ledger.controls.closed_months import outside_lines
from ledger.disbursement.proposal import Request
from ledger.disbursement.proposal import propose
from ledger.events.approvals import asked_meta
from ledger.events.event_file import Head
from ledger.events.event_file import read_head
from ledger.events.event_text import prepared_event
from ledger.events.event_text import submitted_event
from ledger.events.month_text import closed_event
from ledger.events.month_text import reopened_event
from ledger.events.result_text import result_event
from ledger.figures.month_figures import differing
from ledger.figures.month_figures import month_figures
from ledger.model.history import Event
from ledger.model.history import names_of
from ledger.model.history import payee_links
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.months import Month
from ledger.model.months import read_month
from ledger.model.operators import Role
from ledger.model.payees import Payee
from ledger.model.recorded_tax_classes import TAX_CLASSES
from ledger.model.transitions import State
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.sent_before import sent_before
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import settle
from ledger.registry.registry import Registry
from ledger.services.approvals import approve
from ledger.services.approvals import plan_rejection
from ledger.services.attachments import attach
from ledger.services.batches import plan_void
from ledger.services.batches import void
from ledger.services.cancellations import cancel
from ledger.services.disburse import recorded_ceilings
from ledger.services.disburse import recorded_limits
from ledger.services.disburse import recorded_rates
from ledger.services.disburse import recorded_tax_classes
from ledger.services.paid_before import PaymentsImporter
from ledger.services.releases import release
from ledger.services.reversals import event_to_reverse
from ledger.services.reversals import reverse
from ledger.services.unit_of_work import Work
from tests.support.model import BEGAN
from tests.support.model import LATE
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import SUBSIDY
from tests.support.model import UNKNOWN
from tests.support.model import Model
from tests.support.model import first_of_next
from tests.support.model import may_have_been_paid
from tests.support.model_comparison import differences
from tests.support.office import Office
from tests.support.office_and_model import BUDGET
from tests.support.office_and_model import person_of
from tests.support.office_and_model import prepare_approvals
from tests.support.office_and_model import prepare_template

# The bank's words, with the class of the reason.
WORDS = {
    PAID: (PAID, ""),
    RETURNED: (RETURNED, "CLOSED"),
    LATE: (RETURNED, LATE),
    UNKNOWN: (UNKNOWN, "UNCLEAR"),
}
# Where a payment was made, or may be made yet.
AT_RISK = (State.IN_BANK, State.UNKNOWN, State.PAID)
# What a human or the bank has said can be taken back.
MOVING_TODAY = ("result", "released", "cancelled")
WORDS_TAKEN_BACK = (*MOVING_TODAY, "paid-before", "attached")
OTHER_BANKS = ("滕州农商行", "中国邮政储蓄银行")


@dataclass(frozen=True)
class World:
    """Where a history has led to: the books, the registry's people, and the model of both.

    ``newest_event`` has led here from ``before``; None where there is nothing to take back.
    ``kept`` are the closed months, each with the figures that it was closed with.
    """

    books: Books
    head: Head
    payees: tuple[Payee, ...]
    model: Model
    today: datetime.date
    newest_event: Event | None = None
    before: World | None = None
    kept: tuple[tuple[Month, Any], ...] = ()

    @property
    def newest(self) -> BatchId:
        """The last batch; ``B2020-000`` before the first."""
        return BatchId(f"B2020-{len(self.model.batches):03d}")

    def noon(self) -> datetime.datetime:
        """The clock of its day."""
        return datetime.datetime.combine(self.today, datetime.time(12), datetime.UTC)

    def own_model(self) -> Model:
        """The model, to be changed; pickle is several times faster than deepcopy."""
        model: Model = pickle.loads(pickle.dumps(self.model))
        return model

    def sent(self, name: str) -> dict[str, dict[str, str]]:
        """The record of everybody in a batch, as it was sent."""
        return self.model.batches[name].sent


class WriterInMemory(Writer):
    """Reads an event back and holds it against the rules as ever, and writes no file."""

    def commit(self, books: Books, draft: Draft) -> Books:
        rehearsal = self.rehearsal(books)
        rehearsal.add(draft)
        after = rehearsal.check()
        self.write(rehearsal.drafts)
        return after

    def write(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self.head = Head(self.seq, digest(draft.content))


def new_world(
    office: Office,
    towns: tuple[str, ...],
    *,
    subsidies: int,
    asking: Sequence[tuple[int, tuple[str, ...]]] = (),
) -> World:
    """Somebody in each of the towns, and so much money; batches may ask for approvals."""
    prepare_template(office)
    if asking:
        prepare_approvals(office, asking)
    office.receive(subsidies * SUBSIDY // 100)
    payees = tuple(payee for town in towns for payee in office.register(1, town=town))
    model = Model(BUDGET, asking=asking)
    model.receive("01", subsidies * SUBSIDY)
    model.people |= {payee.payee_id: person_of(payee) for payee in payees}
    head = read_head(office.folder)
    assert head is not None
    return World(office.books(), head, payees, model, datetime.date(2020, 11, 10))


def make_batch(
    work: Work,
    registry: Registry,
    payees: Sequence[Payee],
    on: datetime.date,
    stage: StageCode | None = None,
) -> None:
    """The next batch, without papers."""
    books = work.books
    proposal = propose(books, registry, payees, Request(on, stage=stage))
    facts = {
        "entries": proposal.entries,
        "rows": registry.keep_frozen(proposal.rows)[0],
        "ceilings": recorded_ceilings(proposal),
        "stage": proposal.instructions[0].stage,
        "rates": recorded_rates(proposal, books.rules),
        TAX_CLASSES: recorded_tax_classes(proposal, books.rules),
        "limits": recorded_limits(proposal, books.rules),
        # There are no papers.
        "manifest": proposal.entries,
        **asked_meta(proposal.asked),
    }
    content = prepared_event(
        on, work.writer.drafting, proposal.batch, proposal.instructions, books.rules,
        books.components, payment="两员补助", meta=facts,
    )  # fmt: skip
    work.commit(Draft("prepared", proposal.batch, content))


class NotEntered(Refusal):
    """The only row of a list goes back."""


@cache
def payments_before(
    folder: Path,
    payee: PayeeId,
    name: str,
    day: datetime.date,
    yuan: str = "800.00",
    paper: str = "记-1",
) -> Incoming:
    """A list that says that somebody was paid on a day; the same one whenever it is asked for."""
    path = folder.with_name(f"建账前已付-{payee}-{day}-{yuan}-{paper}.csv")
    headings = ("姓名", "人员编号", "发放日期", "金额", "凭证号")
    lines = [headings, (name, payee, str(day), yuan, paper)]
    path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    incoming = open_file(path, "paid-before")
    assert isinstance(incoming, Incoming)
    return incoming


def enter_payments(work: Work, incoming: Incoming, stage: str = "") -> None:
    """Raises what the list is refused for, or NotEntered; no workbook is made of its row."""
    for dry_run in (True, False):
        importer = PaymentsImporter(work, stage, dry_run, lambda _planned: None)
        (outcome,) = importer.take([incoming])
        if isinstance(outcome, RefusedFile):
            raise outcome.refusal
        if not outcome.applied:
            raise NotEntered(", ".join(one.code for one in outcome.judged.problems))


def taken_back(seq: int, work: Work) -> None:
    """An event is reversed today."""
    reverse(work, event_to_reverse(work.books, seq), "导错了", work.today, dry_run=False)


@dataclass(frozen=True)
class SmallOffice:
    """What may happen in a world. What is refused, or changes nothing, leads to no other world.

    ``registry`` keeps what was sent: of all worlds, for the rows are known by their digest.
    """

    registry: Registry
    actor: Actor

    def prepare(self, world: World) -> World:
        """The next batch, of whom the model takes; nobody to whom an earlier one may be paid."""
        plan = world.model.plan(world.today, [], "", limit=False)
        for payee in plan:
            assert not any(map(may_have_been_paid, world.model.people[payee].heard.values()))

        def command(work: Work) -> None:
            make_batch(work, self.registry, world.payees, world.today)

        def effect(model: Model) -> bool:
            if plan:
                name = f"B2020-{len(model.batches) + 1:03d}"
                model.prepare(name, plan, world.today, self.actor.operator)
            return bool(plan)

        return self._do(world, command, effect)

    def answer(self, world: World, name: BatchId, words: Mapping[str, str]) -> World:
        """The bank's word for some people of a batch that is not void."""
        said = {payee: WORDS[word] for payee, word in words.items() if word}
        answers = [
            PayeeAnswer(PayeeId(payee), State(word), reason)
            for payee, (word, reason) in said.items()
        ]

        def command(work: Work) -> None:
            history = work.books.history
            batch = history.batches[name]
            settlement = settle(history, batch, answers)
            if not settlement.changes_nothing:
                text = result_event(
                    world.today, work.writer.drafting, batch, settlement,
                    history.standings_in(batch.stage), names_of(history, batch), payment="两员补助",
                    meta={},
                )  # fmt: skip
                work.commit(Draft("result", name, text.encode("utf-8")))

        return self._do(world, command, lambda model: model.answers(name, said, world.today))

    def void(self, world: World) -> World:
        """The newest batch is taken back, before it was submitted; on the first day that fits."""
        name = world.newest
        on = max(world.model.batches[name].last, world.model.open_from)

        def command(work: Work) -> None:
            void(work, plan_void(work, name, on))

        def effect(model: Model) -> bool:
            return model.take_back(name, on, bank_refused=False)

        return self._do(world, command, effect)

    def approve(self, world: World) -> World:
        """The newest batch, in the first role that it lacks."""
        name = world.newest

        def command(work: Work) -> None:
            batch = work.books.history.batches[name]
            role = next(iter(batch.approvals_missing), Role.CHECKER)
            approve(work, batch, role, world.today)

        return self._do(
            world, command, lambda model: model.approve(name, world.today, self.actor.operator)
        )

    def reject(self, world: World) -> World:
        name = world.newest

        def command(work: Work) -> None:
            void(work, plan_rejection(work, name, world.today, reason="金额不对"))

        return self._do(
            world, command, lambda model: model.reject(name, world.today, self.actor.operator)
        )

    def submit(self, world: World) -> World:
        name = world.newest

        def command(work: Work) -> None:
            text = submitted_event(world.today, work.writer.drafting, name)
            work.commit(Draft("submitted", name, text.encode("utf-8")))

        return self._do(world, command, lambda model: model.submit(name, world.today))

    def correct(self, world: World, payee_id: str) -> World:
        """A new bank in the registry. It is no event."""
        before = world.model.people[payee_id].record["bank"]
        bank = next(bank for bank in OTHER_BANKS if bank != before)
        payees = tuple(
            records.replace(payee, bank=bank) if payee.payee_id == payee_id else payee
            for payee in world.payees
        )
        model = world.own_model()
        model.people[payee_id].record["bank"] = bank
        after = replace(world, payees=payees, model=model, newest_event=None, before=None)
        self.check(after)
        return after

    def release(self, world: World, payee: PayeeId) -> World:
        def command(work: Work) -> None:
            release(work, self.eligibility(world), [payee], "已核实", world.today)

        return self._do(world, command, lambda model: model.release([payee], world.today))

    def cancel(self, world: World, payee: PayeeId) -> World:
        def command(work: Work) -> None:
            cancel(work, payee, "离职", world.today)

        return self._do(world, command, lambda model: model.cancel(payee, world.today))

    def reverse(self, world: World) -> World:
        """The newest event that counts is taken back; then the one before it is the newest."""
        event, before = world.newest_event, world.before
        if event is None or before is None:
            return world
        # What was entered on days of its own, and what has moved nothing, has never been.
        moves = event.kind in MOVING_TODAY
        moved = [payee for entry in event.entries for payee in payee_links(entry) if moves]

        def effect(model: Model) -> bool:
            back = before.model if event.kind in WORDS_TAKEN_BACK else None
            return model.be_again(back, event.batch if moves else "", moved, world.today)

        after = self._do(world, partial(taken_back, event.seq), effect)
        if after is world:
            return world
        return replace(after, newest_event=before.newest_event, before=before.before)

    def pay_before(self, world: World, payee: PayeeId, day: datetime.date) -> World:
        """A list says that she was paid on a day before the books."""
        name = next(one.legal_name for one in world.payees if one.payee_id == payee)
        incoming = payments_before(world.books.folder, payee, name, day)
        return self._do(
            world,
            lambda work: enter_payments(work, incoming),
            lambda model: model.pay_before([payee], day, world.today),
        )

    def never_paid_before(self, world: World, payee: PayeeId) -> World:
        """It was not so, whatever has happened to others since."""
        events = [event for event in world.books.history.in_force if event.kind == "paid-before"]
        of_her = [one.seq for one in events if payee in payee_links(one.entries[0])]
        if not of_her:
            return world
        command = partial(taken_back, of_her[0])
        return self._do(world, command, lambda model: model.never_paid_before(payee))

    def attach(self, world: World, name: BatchId, scan: Path) -> World:
        """A signed list is filed with a batch."""

        def command(work: Work) -> None:
            attach(work, name, scan, world.today)

        content = scan.read_bytes()
        return self._do(world, command, lambda model: model.attach(name, content, world.today))

    def detach(self, world: World, name: BatchId, scan: Path) -> World:
        """It is taken back, whatever has happened since."""
        content = scan.read_bytes()
        filed = world.books.history.batches[name].attached
        events = [one.event for one in filed if one.sha256 == digest(content)]
        if not events:
            return world
        command = partial(taken_back, events[0])
        return self._do(world, command, lambda model: model.detach(name, content))

    def register(self, world: World, payee: Payee) -> World:
        """One more is on the roster. It is no event."""
        if payee in world.payees:
            return world
        model = world.own_model()
        model.people[payee.payee_id] = person_of(payee)
        payees = (*world.payees, payee)
        after = replace(world, payees=payees, model=model, newest_event=None, before=None)
        self.check(after)
        return after

    def close(self, world: World) -> World:
        """The first month is closed, on the first day after it."""
        name = BEGAN
        month, on = read_month(name), first_of_next(name)
        later = replace(world, today=max(world.today, on))
        figures = month_figures(world.books, self.registry, month)

        def command(work: Work) -> None:
            lines = outside_lines(work.books.entries, month.last)
            digest = Digest("0" * 64)
            text = closed_event(
                later.today, work.writer.drafting, month, report=digest, figures=digest,
                outside=outside_digest(lines, month.last), log=digest,
                marks=new_marks(lines, work.books.history.closed),
            )  # fmt: skip
            work.commit(Draft("closed", NO_BATCH, text.encode("utf-8")))

        after = self._do(later, command, lambda model: model.close(name, later.today))
        return replace(after, kept=(*world.kept, (month, figures)))

    def reopen(self, world: World) -> World:
        """The last closed month is opened again."""
        if not world.kept:
            return world
        month, _figures = world.kept[-1]

        def command(work: Work) -> None:
            text = reopened_event(world.today, work.writer.drafting, month, "漏记")
            work.commit(Draft("reopened", NO_BATCH, text.encode("utf-8")))

        after = self._do(world, command, lambda model: model.reopen(str(month)))
        return replace(after, kept=world.kept[:-1])

    def _do(
        self,
        world: World,
        command: Callable[[Work], object],
        effect: Callable[[Model], bool],
    ) -> World:
        """It is done, or refused, as the model says; the next step is on the next day."""
        model = world.own_model()
        done = effect(model)
        writer = WriterInMemory(
            world.books.folder, world.head, Acting(self.actor, world.noon), self.registry
        )
        work = Work(writer, world.books)
        try:
            command(work)
        except Refusal as refusal:
            assert not done, refusal
            assert writer.head == world.head
            return world
        assert done
        if writer.head == world.head:
            return world
        tomorrow = world.today + datetime.timedelta(1)
        newest = work.books.history.events[-1]
        after = World(
            work.books, writer.head, world.payees, model, tomorrow, newest, world, world.kept
        )
        self.check(after)
        return after

    # What holds.

    def check(self, world: World) -> None:
        """The books are where the model is, and nobody has money, or may get it, in two batches;
        closed months are as they were closed.
        """
        found = differences(world.books, world.model)
        assert found == [], found
        for month, figures in world.kept:
            changed = differing(figures, month_figures(world.books, self.registry, month))
            assert changed == [], (month, changed)
        eligibility = self.eligibility(world)
        waiting = {due.payee.payee_id: "" for due in eligibility.eligible}
        waiting |= {blocked.payee.payee_id: blocked.reason for blocked in eligibility.blocked}
        assert waiting == world.model.waiting(world.today)
        for payee in map(PayeeId, world.model.people):
            at_risk = [
                batch.amounts_fen[payee]
                for batch in world.books.history.batches.values()
                if batch.outcomes.get(payee) in AT_RISK
            ]
            assert sum(at_risk) <= SUBSIDY

    def eligibility(self, world: World) -> Eligibility:
        history = world.books.history
        return judge_eligibility(
            world.payees, history, world.books.rules, world.today,
            returned_rows=sent_before(history, self.registry, (), world.today).returned,
            unsendable=lambda _payee, _fen: None,
        )  # fmt: skip
