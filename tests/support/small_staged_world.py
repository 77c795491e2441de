"""One person and several stages without files: every step leads from one frozen world to another.

As :mod:`.small_world` does for one stage: what a step does is foretold by :mod:`.staged_model`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from functools import partial

from importers.incoming import Incoming
from importers.incoming import RefusedFile
from ledger.base import records
from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.events.event_file import Head
from ledger.events.result_text import result_event
from ledger.model.history import names_of
from ledger.model.ids import BatchId
from ledger.model.ids import StageCode
from ledger.model.payees import Payee
from ledger.model.transitions import State
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.sent_before import sent_before
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import settle
from ledger.registry.registry import Registry
from ledger.services.batches import plan_void
from ledger.services.batches import void
from ledger.services.cancellations import cancel
from ledger.services.releases import release
from ledger.services.unit_of_work import Work
from ledger.services.workload_import import WorkloadRequest
from ledger.services.workload_import import import_workloads
from tests.support.model import NEWS
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import UNKNOWN
from tests.support.small_world import NotEntered
from tests.support.small_world import WriterInMemory
from tests.support.small_world import enter_payments
from tests.support.small_world import make_batch
from tests.support.small_world import payments_before
from tests.support.small_world import taken_back
from tests.support.staged_comparison import assert_as_the_model_says
from tests.support.staged_model import Line
from tests.support.staged_model import StagedModel
from tests.support.staged_model import Step
from tests.support.staged_model import Steps
from tests.support.staged_model import without

# The bank's words, with the class of the reason: what was paid comes back later.
REASONS = {PAID: "", RETURNED: "CLOSED", UNKNOWN: "UNCLEAR"}
BEFORE_THE_BOOKS = datetime.date(2020, 11, 2)
REVERSIBLE = ("answer", "cancel", "release", "list", "before")


@dataclass(frozen=True, repr=False)
class StagedWorld:
    """Where a history has led to; ``steps`` are those that count, ``events`` their numbers."""

    books: Books
    head: Head
    me: Payee
    model: StagedModel
    today: datetime.date
    steps: Steps = ()
    events: tuple[int, ...] = ()

    def eligibility(self, registry: Registry, stage: str) -> Eligibility:
        history = self.books.history
        return judge_eligibility(
            [self.me], history, self.books.rules, self.today, StageCode(stage),
            returned_rows=sent_before(history, registry, (), self.today).returned,
            unsendable=lambda _payee, _fen: None,
        )  # fmt: skip


def answer(work: Work, name: BatchId, payee: Payee, word: str) -> None:
    """The bank's word for the only payment of a batch."""
    history = work.books.history
    batch = history.batches[name]
    answers = [PayeeAnswer(payee.payee_id, State(word), REASONS[word])]
    text = result_event(
        work.today, work.writer.drafting, batch, settle(history, batch, answers),
        history.standings_in(batch.stage), names_of(history, batch), payment="两员补助", meta={},
    )  # fmt: skip
    work.commit(Draft("result", name, text.encode("utf-8")))


def take_list(work: Work, file: Incoming, stage: StageCode) -> None:
    """Raises what the list is refused for, or NotEntered where it changes nothing."""
    (outcome,) = import_workloads(work, [file], WorkloadRequest(work.today, stage))
    if isinstance(outcome, RefusedFile):
        raise outcome.refusal
    if not outcome.lines:
        raise NotEntered(str(outcome))


@dataclass(frozen=True)
class StagedOffice:
    """What may happen in a world. What is refused, or changes nothing, leads to no other world.

    Somebody may be said to have been paid before the books what ``before_fen`` has of a stage, and
    ``lists`` are lists of the second stage, each with what it says.
    """

    registry: Registry
    actor: Actor
    accounts: tuple[str, str]
    before_fen: Mapping[str, int]
    lists: tuple[tuple[Incoming, Line], ...] = ()

    def options(self, world: StagedWorld) -> Iterator[Callable[[], StagedWorld]]:
        """Whatever may be tried in a world."""
        for step in self.steps(world):
            yield partial(self.after, world, step)
        yield partial(self.corrected, world)
        for number, (step, _was) in enumerate(world.steps):
            if step.what in REVERSIBLE:
                yield partial(self.reversed, world, number)

    def steps(self, world: StagedWorld) -> Iterator[Step]:
        """What is no reversal and no correction, whether it is allowed or not."""
        me, model = world.me.payee_id, world.model
        for stage, at in model.payments[me].items():
            step = Step("", me, stage, world.today)
            batch = f"B2020-{len(model.batches) + 1:03d}"
            yield replace(step, what="pay", batch=batch)
            yield replace(step, what="cancel")
            yield replace(step, what="release")
            if stage in self.before_fen:
                fen = self.before_fen[stage]
                yield replace(step, what="before", fen=fen, on=BEFORE_THE_BOOKS)
            if at.batch and not model.batches[at.batch].void:
                yield replace(step, what="void", batch=at.batch)
                for word in NEWS.get(at.state, ()):
                    yield replace(step, what="answer", batch=at.batch, word=word)
            if stage == "S2":
                for file, line in self.lists:
                    event = world.head.seq + 1
                    yield replace(step, what="list", file=file.path.name, line=line, event=event)

    def after(self, world: StagedWorld, step: Step) -> StagedWorld:
        """The step tried: done or refused, as the model says."""
        model = world.model.copied()
        done = self._attempted(world, partial(self._do, step, world), expected=model.do(step))
        if done is world:
            return world
        return self._checked(
            replace(
                done, model=model, steps=(*world.steps, (step, world.model)),
                events=(*world.events, done.head.seq),
            )
        )  # fmt: skip

    def corrected(self, world: StagedWorld) -> StagedWorld:
        """Her other account."""
        model, me = world.model.copied(), world.me
        account = next(one for one in self.accounts if one != me.account)
        model.accounts[me.payee_id] = account
        return self._checked(replace(world, me=records.replace(me, account=account), model=model))

    def reversed(self, world: StagedWorld, number: int) -> StagedWorld:
        """A step that counts is taken back, unless something was built upon it."""
        then = without(world.steps, number)
        done = self._attempted(
            world, partial(taken_back, world.events[number]), expected=then is not None
        )
        if then is None:
            return world
        steps, model = then
        model.accounts = dict(world.model.accounts)
        events = (*world.events[:number], *world.events[number + 1 :])
        return self._checked(replace(done, model=model, steps=steps, events=events))

    def _attempted(
        self, world: StagedWorld, command: Callable[[Work], object], *, expected: bool
    ) -> StagedWorld:
        """What comes of a command: the same world where it is refused."""
        noon = datetime.datetime.combine(world.today, datetime.time(12), datetime.UTC)
        writer = WriterInMemory(
            world.books.folder, world.head, Acting(self.actor, lambda: noon), self.registry
        )
        work = Work(writer, world.books)
        told = [step for step, _was in world.steps]
        try:
            command(work)
        except Refusal as refusal:
            assert not expected, (str(refusal), told)
            return world
        assert expected == (writer.head != world.head), told
        if not expected:
            return world
        tomorrow = world.today + datetime.timedelta(1)
        return replace(world, books=work.books, head=writer.head, today=tomorrow)

    def _do(self, step: Step, world: StagedWorld, work: Work) -> None:
        """A step in the books."""
        stage, name = StageCode(step.stage), BatchId(step.batch)
        match step.what:
            case "pay":
                make_batch(work, self.registry, [world.me], work.today, stage)
            case "void":
                void(work, plan_void(work, name, work.today))
            case "answer":
                answer(work, name, world.me, step.word)
            case "cancel":
                cancel(work, world.me.payee_id, "离职", work.today, stage)
            case "release":
                waiting = world.eligibility(self.registry, stage)
                release(work, waiting, [world.me.payee_id], "已核实", work.today)
            case "list":
                (file,) = (one for one, _line in self.lists if one.path.name == step.file)
                take_list(work, file, stage)
            case "before":
                incoming = payments_before(
                    world.books.folder, world.me.payee_id, world.me.legal_name, step.on,
                    plain(step.fen), f"记-{step.stage}",
                )  # fmt: skip
                enter_payments(work, incoming, stage)

    def _checked(self, world: StagedWorld) -> StagedWorld:
        """The books are where the model is, and so is who waits for what."""
        assert_as_the_model_says(world.books, world.model)
        for stage in world.model.stages:
            found = world.eligibility(self.registry, stage)
            waits = {one.payee.payee_id: str(one.reason) for one in found.blocked}
            waits |= {due.payee.payee_id: "" for due in found.eligible}
            assert waits == world.model.waiting(stage, world.today), (
                stage,
                [step for step, _was in world.steps],
            )
        return world
