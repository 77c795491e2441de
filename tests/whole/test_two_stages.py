"""Two instalments of 400: nobody over 800 in all, whatever the order of what happens.

Every step is tried in the books, in memory, and foretold by a few lines that know nothing of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.actor_and_clock import Acting
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.events.result_text import result_event
from ledger.model.history import names_of
from ledger.model.history import payees_in
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.transitions import State
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import settle
from ledger.registry.frozen_rows import returned_rows
from ledger.services.batches import plan_void
from ledger.services.batches import void
from ledger.services.cancellations import cancel
from ledger.services.releases import release
from ledger.services.reversals import event_to_reverse
from ledger.services.reversals import reverse
from ledger.services.unit_of_work import Work
from tests.support.acting import actor_of
from tests.support.model import LATE
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.office import Office
from tests.support.office_and_model import TOWNS
from tests.support.small_world import OTHER_BANKS
from tests.support.small_world import WORDS
from tests.support.small_world import SmallOffice
from tests.support.small_world import World
from tests.support.small_world import WriterInMemory
from tests.support.small_world import make_batch
from tests.support.small_world import new_world

S1, S2 = StageCode("S1"), StageCode("S2")
INSTALMENT, ITEM = 400_00, "30226劳务费:01两员补助"
AT_RISK = (State.IN_BANK, State.UNKNOWN, State.PAID)
ME = PayeeId("P000001")


@dataclass
class Stage:
    """Where her money of a stage is, and what the bank sent when it came back."""

    state: str = "due"
    batch: str = ""
    sent: str = ""
    came_back: str = ""
    cancelled: bool = False
    released: bool = False


@dataclass
class Told:
    """What ought to be: ``steps`` are those that count, each with the state that it began in."""

    limit_fen: int
    stages: dict[str, Stage] = field(default_factory=lambda: {S1: Stage(), S2: Stage()})
    stage_of: dict[str, str] = field(default_factory=dict)
    before: dict[str, Stage] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)
    bank: str = OTHER_BANKS[0]
    steps: list[tuple[str, ...]] = field(default_factory=list)

    def may(self, step: tuple[str, ...]) -> bool:
        """Whether the books allow it."""
        what, name, *_rest = step
        at = self.stages[self.stage_of.get(name, name)]
        if what == "pay":
            owed_fen = INSTALMENT * sum(one.state != "due" for one in self.stages.values())
            fits = at.state == RETURNED or owed_fen + INSTALMENT <= self.limit_fen
            return at.state in ("due", RETURNED) and fits and (not at.cancelled or at.released)
        if what == "void":
            return at.batch == name and at.state == "in_bank" and name not in self.void
        if what == "answer":
            moves = {"in_bank": (PAID, RETURNED, LATE), PAID: (LATE, RETURNED)}
            return at.batch == name and step[2] in moves.get(at.state, ())
        return at.state == RETURNED if what == "cancel" else at.state in ("due", RETURNED)

    def why_not(self, stage: str) -> str:
        """Why ``disburse`` does not take her, who is due or returned; empty when it does."""
        at = self.stages[stage]
        if at.state == RETURNED:
            fits = at.released or at.came_back != self.bank
            return "" if fits else "returned_uncorrected"
        owed_fen = INSTALMENT * sum(one.state != "due" for one in self.stages.values())
        if owed_fen + INSTALMENT > self.limit_fen:
            return "above_limit"
        if at.released:
            return ""
        for other in self.stages.values():
            if other.state == RETURNED and not other.released and other.came_back == self.bank:
                return "returned_elsewhere"
        return "cancelled" if at.cancelled else ""

    def do(self, step: tuple[str, ...]) -> None:
        what, name, *_rest = step
        at = self.stages[self.stage_of.get(name, name)]
        if what == "pay":
            batch = step[2]
            self.stage_of[batch], self.before[batch] = name, deepcopy(at)
            at.state, at.batch, at.sent, at.cancelled = "in_bank", batch, step[3], False
        elif what == "void":
            back = self.before[name]
            self.stages[self.stage_of[name]] = replace(back, released=at.released)
            self.void.add(name)
        elif what == "answer":
            at.state = PAID if step[2] == PAID else RETURNED
            if at.state == RETURNED:
                at.came_back, at.released, at.cancelled = at.sent, False, False
        elif what == "cancel":
            at.state, at.cancelled, at.released = "due", True, False
        else:
            at.released = True
        self.steps.append(step)

    def without(self, number: int) -> Told | None:
        """The same without one step; None where a later one was built upon it."""
        after = Told(self.limit_fen, bank=self.bank)
        for place, step in enumerate(self.steps):
            if place == number:
                continue
            name = step[1]
            here, there = (
                one.stages[one.stage_of.get(name, name)].state for one in (after, self.at(place))
            )
            moved = step[0] != "release" and here != there
            if moved or not after.may(step):
                return None
            after.do(step)
        return after

    def at(self, place: int) -> Told:
        """What was before a step."""
        then = Told(self.limit_fen)
        for step in self.steps[:place]:
            then.do(step)
        return then


@dataclass(frozen=True)
class Office2:
    """A world and what was told of it."""

    small: SmallOffice
    world: World
    told: Told

    def steps(self) -> Iterator[tuple[str, ...]]:
        """What may be tried next, whether it is allowed or not."""
        number = len(self.told.stage_of) + 1
        for stage, at in self.told.stages.items():
            if at.state in AT_RISK or not self.told.why_not(stage):
                yield "pay", stage, f"B2020-{number:03d}", self.told.bank
            yield "cancel", stage
            if self.told.why_not(stage) in ("returned_uncorrected", "cancelled"):
                yield "release", stage
        for name in self.told.stage_of:
            at = self.told.stages[self.told.stage_of[name]]
            yield "void", name
            if at.batch == name and at.state in ("in_bank", PAID) and name not in self.told.void:
                for word in (PAID, RETURNED, LATE):
                    if word != at.state and (at.state, word) != (PAID, RETURNED):
                        yield "answer", name, word
        yield ("correct",)
        for place, step in enumerate(self.told.steps):
            if step[0] in ("answer", "cancel", "release"):
                yield "reverse", str(place)

    def after(self, step: tuple[str, ...]) -> Office2:
        """The step tried: done or refused, as it was told."""
        told, world = deepcopy(self.told), self.world
        if step[0] == "correct":
            told.bank = next(bank for bank in OTHER_BANKS if bank != told.bank)
            payees = tuple(replace(one, bank=told.bank) for one in world.payees)
            return replace(self, world=replace(world, payees=payees), told=told).checked()
        if step[0] == "reverse":
            place = int(step[1])
            then = told.without(place)
            event = counted(world)[place]
            done = self.attempt(
                lambda work: reverse(
                    work, event_to_reverse(work.books, event), "导错了", world.today, dry_run=False
                )
            )
            assert (done is not world) == (then is not None), (step, told.steps)
            return replace(self, world=done, told=then or told).checked()
        what, name, *rest = step
        may = told.may(step) and not (what == "pay" and told.why_not(name))
        after = self.attempt(partial(self.command, what, name, *rest))
        assert (after is not world) == may, (step, told.steps)
        if may:
            told.do(step)
        return replace(self, world=after, told=told).checked()

    def command(self, what: str, name: str, *rest: str | Work) -> None:
        """The step in the books; the last of ``rest`` is where it is done."""
        work, today = rest[-1], self.world.today
        assert isinstance(work, Work)
        if what == "pay":
            make_batch(work, self.small.registry, self.world.payees, today, StageCode(name))
        elif what == "void":
            void(work, plan_void(work, BatchId(name), today))
        elif what == "cancel":
            cancel(work, ME, "离职", today, StageCode(name))
        elif what == "release":
            release(work, self.eligibility(work.books, name), [ME], "已核实", today)
        else:
            answer(work, BatchId(name), str(rest[0]))

    def eligibility(self, books: Books, stage: str) -> Eligibility:
        return judge_eligibility(
            self.world.payees, books.history, books.rules, self.world.today, StageCode(stage),
            returned_rows=returned_rows(books.history, self.small.registry),
            unsendable=lambda _payee, _fen: None,
        )  # fmt: skip

    def attempt(self, command: Callable[[Work], object]) -> World:
        """What comes of a command: the same world where it is refused."""
        world = self.world
        acting = Acting(self.small.actor, world.noon)
        writer = WriterInMemory(world.books.folder, world.head, acting, self.small.registry)
        work = Work(writer, world.books)
        try:
            command(work)
        except Refusal:
            return world
        tomorrow = world.today + datetime.timedelta(1)
        return replace(world, books=work.books, head=writer.head, today=tomorrow)

    def checked(self) -> Office2:
        """Nobody has or may get more than an instalment a stage, or than the limit in all."""
        history = self.world.books.history
        assert not self.world.books.errors
        for stage, at in self.told.stages.items():
            standing = history.standings_in(StageCode(stage)).get(ME)
            assert (standing.state.value if standing else "due") == at.state
            found = self.eligibility(self.world.books, stage)
            waits = {one.payee.payee_id: str(one.reason) for one in found.blocked}
            waits |= {due.payee.payee_id: "" for due in found.eligible}
            expected = {ME: self.told.why_not(stage)} if at.state in ("due", RETURNED) else {}
            assert waits == expected
        at_risk = [
            (batch.stage, batch.amounts_fen[ME])
            for batch in history.batches.values()
            if batch.outcomes.get(ME) in AT_RISK
        ]
        assert len({stage for stage, _fen in at_risk}) == len(at_risk)
        assert sum(fen for _stage, fen in at_risk) <= self.told.limit_fen
        return self


def answer(work: Work, name: BatchId, word: str) -> None:
    """The bank's word for the only payment of a batch."""
    outcome, reason = WORDS[word]
    history = work.books.history
    batch = history.batches[name]
    settlement = settle(history, batch, [PayeeAnswer(ME, State(outcome), reason)])
    text = result_event(
        work.today, work.writer.drafting, batch, settlement, history.standings_in(batch.stage),
        names_of(history, batch), payment="两员补助", meta={},
    )  # fmt: skip
    work.commit(Draft("result", name, text))


def counted(world: World) -> list[int]:
    """The numbers of the events that count, in their order: one for every step that was told."""
    history = world.books.history
    gone = {*history.reversed_by, *history.reversed_by.values()}
    kinds = ("prepared", "void", "result", "released", "cancelled")
    return [
        event.seq
        for event in history.events
        if event.kind in kinds
        and event.seq not in gone
        and (event.entries or payees_in(event.header, "payees"))
    ]


@pytest.fixture
def staged(office: Office) -> Office:
    path = office.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in text if "census-rate" not in line]
    for stage, name in ((S1, "清查摸底"), (S2, "入户登记")):
        kept.append(f'2020-01-10 custom "census-stage" "{stage}" "{name}" "fixed"')
        kept.append(f'2020-01-10 custom "census-rate" "普查员" "{stage}" 400.00 CNY "{ITEM}"')
    path.write_text("\n".join([*kept, ""]), encoding="utf-8", newline="\n")
    return office


@pytest.mark.parametrize("limit_fen", [800_00, 799_99])
def test_whatever_happens_in_two_stages(staged: Office, limit_fen: int) -> None:
    """Steps are drawn; each is done or refused as it was told, and the sum stays within."""
    yuan = f"{limit_fen // 100}.{limit_fen % 100:02d}"
    staged.rule(f'2020-01-10 custom "census-limit" "普查员" {yuan} CNY')
    start = new_world(staged, TOWNS[:1], subsidies=5)
    start = replace(start, payees=tuple(replace(p, bank=OTHER_BANKS[0]) for p in start.payees))
    with staged.registry() as registry:
        small = SmallOffice(registry, actor_of(staged.folder, staged.key))

        @settings(
            max_examples=80, deadline=None, phases=[Phase.generate], database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )  # fmt: skip
        @given(st.data())
        def story(data: st.DataObject) -> None:
            here = Office2(small, start, Told(limit_fen))
            for _step in range(12):
                here = here.after(data.draw(st.sampled_from(list(here.steps()))))

        story()
