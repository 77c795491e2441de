"""What people are owed in several stages, by lists and less tax: the other opinion on the ledger.

The first stage pays everybody the same, the second by days, the third what a list names; or each
pays everybody the same. The model knows nothing of the tool's code; money is fen.
"""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import NamedTuple

from tests.support.model import DUE
from tests.support.model import IN_BANK
from tests.support.model import NEWS
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import UNKNOWN

S1, S2, S3 = STAGES = ("S1", "S2", "S3")
EVERYBODY_FEN, DAY_FEN, LEAST_FEN, MOST_FEN, LISTED_FEN = 800_00, 50_01, 200_00, 1500_00, 500_00
LIMIT_FEN = 2400_00
AT_RISK = (IN_BANK, UNKNOWN, PAID)


class Line(NamedTuple):
    """What a list says of somebody: days or an amount in yuan, and what is taken off in yuan."""

    says: Decimal
    off: int = 0


NOTHING_DONE = Line(Decimal(0))


@dataclass
class TakenList:
    """A list that was taken, as the event ``event``; ``gone`` when that was reversed."""

    event: int
    stage: str
    file: str
    lines: dict[str, Line]
    gone: bool = False


@dataclass
class Payment:
    """Somebody's money in a stage, of the ``month`` and the batch that ``paid`` it first, which is
    none where that was before the books.

    ``fen`` is before ``tax``; ``came_back`` is the account from which it came back.
    """

    state: str = DUE
    batch: str = ""
    fen: int = 0
    tax: int = 0
    paid: str = ""
    month: str = ""
    came_back: str = ""
    cancelled: bool = False
    released: bool = False


@dataclass
class Batch:
    """``sent`` are account and fen of each payment, ``before`` what a void leads back to.

    ``lists`` is how many were taken by then, ``new`` who is paid in the stage for the first time.
    """

    stage: str
    month: str
    lists: int
    outcomes: dict[str, str]
    sent: dict[str, tuple[str, int]]
    before: dict[str, Payment]
    new: set[str]
    tax: int
    submitted: bool = False
    void: bool = False

    @property
    def state(self) -> str:
        if self.void:
            return "void"
        if not {IN_BANK, UNKNOWN} & set(self.outcomes.values()):
            return "settled"
        return "submitted" if self.submitted else "prepared"


@dataclass(frozen=True)
class Step:
    """What is done about one person in a stage; what does not belong to it is empty."""

    what: str
    payee: str
    stage: str
    on: datetime.date
    batch: str = ""
    word: str = ""
    file: str = ""
    event: int = 0
    line: Line = NOTHING_DONE
    fen: int = 0


@dataclass
class StagedModel:
    """People by their accounts, and where the money of each stage is.

    Every stage that is ``fixed_fen`` pays everybody so much.
    """

    taxed: bool
    fixed_fen: Mapping[str, int] = field(default_factory=lambda: {S1: EVERYBODY_FEN})
    limit_fen: int = LIMIT_FEN
    stages: Sequence[str] = STAGES
    accounts: dict[str, str] = field(default_factory=dict)
    payments: dict[str, dict[str, Payment]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    lists: list[TakenList] = field(default_factory=list)

    def copied(self) -> StagedModel:
        """Another one, to be changed; pickle is several times faster than deepcopy."""
        model: StagedModel = pickle.loads(pickle.dumps(self))
        return model

    def register(self, payee: str, account: str) -> None:
        self.accounts[payee] = account
        self.payments[payee] = {stage: Payment() for stage in self.stages}

    # What is owed.

    def work(
        self, stage: str, *, first: int | None = None, without: TakenList | None = None
    ) -> dict[str, tuple[Line, int]]:
        """What the lists say by now, or the ``first`` of them: each line with its event."""
        return {
            payee: (line, one.event)
            for one in self.lists[:first]
            if one.stage == stage and not one.gone and one is not without
            for payee, line in one.lines.items()
        }

    def owed(self, payee: str, stage: str) -> int | None:
        """How much before tax; None where she has done nothing of it."""
        if stage in self.fixed_fen:
            return self.fixed_fen[stage]
        line, _event = self.work(stage).get(payee, (None, 0))
        if line is None or (stage == S2 and not line.says):
            return None
        exact = line.says * (DAY_FEN if stage == S2 else 100)
        fen = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        if stage == S2:
            fen = min(MOST_FEN, max(LEAST_FEN, fen))
        return fen - 100 * line.off

    def had(self, payee: str) -> list[Payment]:
        """What she was sent and is not taken back, wherever it is by now."""
        return [one for one in self.payments[payee].values() if one.state != DUE]

    def tax(self, payee: str, fen: int, month: str) -> int:
        """What is withheld of so much more in a month."""
        earlier = [one for one in self.had(payee) if one.month == month]
        whole = tax_of_month(sum(one.fen for one in earlier) + fen) if self.taxed else 0
        return max(0, whole - sum(one.tax for one in earlier))

    def tax_doubt(self, payee: str, fen: int, month: str) -> str:
        """Why nobody knows the tax of so much more: in the month she was paid before the books, or
        the bank has not answered for a payment of it.
        """
        earlier = [one for one in self.had(payee) if one.month == month]
        if not self.taxed or not tax_of_month(sum(one.fen for one in earlier) + fen):
            return ""
        if any(not one.paid for one in earlier):
            return "tax_paid_before"
        waits = [self.batches[one.paid].outcomes[payee] in (IN_BANK, UNKNOWN) for one in earlier]
        return "tax_awaits" if any(waits) else ""

    def fits(self, payee: str, fen: int) -> bool:
        """Whether she may be owed so much more, over all stages."""
        return sum(one.fen for one in self.had(payee)) + fen <= self.limit_fen

    def why_not(self, payee: str, stage: str, on: datetime.date) -> str:
        """Why a person who is due or returned is not paid; empty: the next batch pays her."""
        at = self.payments[payee][stage]
        if at.state == RETURNED:
            stays = at.came_back == self.accounts[payee] and not at.released
            return "returned_uncorrected" if stays else ""
        fen = self.owed(payee, stage)
        if fen is None:
            return "not_listed"
        if fen <= 0:
            return "amount_not_allowed"
        if not self.fits(payee, fen):
            return "above_limit"
        if not at.released:
            for other in self.had(payee):
                back = other.state == RETURNED and other.came_back == self.accounts[payee]
                if back and not other.released:
                    return "returned_elsewhere"
            if at.cancelled:
                return "cancelled"
        return self.tax_doubt(payee, fen, str(on)[:7])

    def waiting(self, stage: str, on: datetime.date) -> dict[str, str]:
        """Everybody who is due or returned, and what she waits for."""
        return {
            payee: self.why_not(payee, stage, on)
            for payee, stages in self.payments.items()
            if stages[stage].state in (DUE, RETURNED)
        }

    # What happens.

    def takes(self, event: int, stage: str, file: str, said: Mapping[str, Line]) -> bool:
        """A list: who was sent money keeps her line, and so does who had one of a later list when
        the same file comes again. Whether anything of it is new.
        """
        known = self.work(stage)
        before = [
            one.event
            for one in self.lists
            if (one.file, one.stage, one.gone) == (file, stage, False)
        ]
        lines, news = {}, not before
        for payee, line in said.items():
            was, since = known.get(payee, (None, 0))
            sent = self.payments[payee][stage].state != DUE
            if sent or (was not in (None, line) and before and since > before[-1]):
                continue
            lines[payee] = line
            news = news or was != line
        if lines and news:
            self.lists.append(TakenList(event, stage, file, lines))
        return bool(lines and news)

    def loses(self, one: TakenList) -> bool:
        """A list is taken back, unless a batch that stands has paid by it."""
        for batch in self.batches.values():
            if batch.stage == one.stage and not batch.void:
                was = self.work(one.stage, first=batch.lists)
                rest = self.work(one.stage, first=batch.lists, without=one)
                for payee in batch.new:
                    if was.get(payee, (None,))[0] != rest.get(payee, (None,))[0]:
                        return False
        one.gone = True
        return True

    def prepare(self, name: str, stage: str, on: datetime.date) -> bool:
        waiting = self.waiting(stage, on).items()
        plan = {payee: self.owed(payee, stage) or 0 for payee, reason in waiting if not reason}
        self.send(name, stage, on, plan)
        return bool(plan)

    def send(self, name: str, stage: str, on: datetime.date, plan: Mapping[str, int]) -> None:
        """Each of them is sent what she is owed, or what came back."""
        month = str(on)[:7]
        batch = Batch(stage, month, len(self.lists), {}, {}, {}, set(), 0)
        for payee, fen in plan.items():
            at = self.payments[payee][stage]
            batch.before[payee] = replace(at)
            if at.state == DUE:
                at.fen, at.tax = fen, self.tax(payee, fen, month)
                at.paid, at.month = name, month
                batch.tax += at.tax
                batch.new.add(payee)
            at.state, at.batch, at.cancelled = IN_BANK, name, False
            batch.outcomes[payee] = IN_BANK
            batch.sent[payee] = (self.accounts[payee], at.fen - at.tax)
        if plan:
            self.batches[name] = batch

    def is_owed(self, payee: str, stage: str, fen: int) -> bool:
        """Whether so much is what she is owed; of whom no list names nobody knows more than the
        bound.
        """
        owed = self.owed(payee, stage)
        return fen == owed if owed is not None else fen <= MOST_FEN

    def pay_before(self, payee: str, stage: str, fen: int, month: str) -> bool:
        """She was paid before the books, in a stage in which no batch has ever paid her."""
        at = self.payments[payee][stage]
        sent = any(one.stage == stage and payee in one.sent for one in self.batches.values())
        fits = self.is_owed(payee, stage, fen) and self.fits(payee, fen)
        if at.state != DUE or sent or not fits:
            return False
        self.payments[payee][stage] = replace(at, state=PAID, fen=fen, month=month)
        return True

    def submit(self, name: str, on: datetime.date) -> bool:
        """Once, by the records of today, and in its month if tax is withheld."""
        batch = self.batches[name]
        if batch.state != "prepared" or (batch.tax and batch.month != str(on)[:7]):
            return False
        if any(self.accounts[payee] != account for payee, (account, _fen) in batch.sent.items()):
            return False
        batch.submitted = True
        return True

    def take_back(self, name: str) -> bool:
        """A void: everybody is where she was, if the bank has answered for nobody."""
        batch = self.batches[name]
        if batch.void or set(batch.outcomes.values()) != {IN_BANK}:
            return False
        batch.void = True
        for payee, before in batch.before.items():
            at = self.payments[payee][batch.stage]
            self.payments[payee][batch.stage] = replace(before, released=at.released)
        return True

    def answers(self, name: str, words: Mapping[str, str]) -> bool:
        """The bank's words, each of which is news."""
        batch = self.batches[name]
        batch.submitted = True
        for payee, word in words.items():
            at = self.payments[payee][batch.stage]
            assert word in NEWS[at.state]
            batch.outcomes[payee] = at.state = word
            if word == RETURNED:
                at.came_back, at.released, at.cancelled = batch.sent[payee][0], False, False
        return True

    def with_payments_of(self, name: str, payees: Sequence[str]) -> list[str]:
        """The batches that have sent as much to the same accounts as this one to some people."""
        wanted = {self.batches[name].sent[payee] for payee in payees}
        return [other for other, one in self.batches.items() if wanted <= {*one.sent.values()}]

    def release(self, payee: str, stage: str, on: datetime.date) -> bool:
        at = self.payments[payee][stage]
        if at.state not in (DUE, RETURNED) or at.released or not self.why_not(payee, stage, on):
            return False
        at.released = True
        return True

    def cancel(self, payee: str, stage: str) -> bool:
        at = self.payments[payee][stage]
        if at.state != RETURNED:
            return False
        self.payments[payee][stage] = Payment(cancelled=True)
        return True

    # Mistakes.

    def stands(self, step: Step, was: StagedModel, *, void: bool) -> bool:
        """Whether a step can have happened here as it has happened after ``was``: her money is
        where it was, and it pays the same. A batch that is ``void`` by now may say other work than
        the lists.
        """
        here, there = (one.payments[step.payee][step.stage] for one in (self, was))
        if step.what == "release":
            return here.state in (DUE, RETURNED)
        if step.what == "list":
            return here.state == DUE
        if (here.state, here.batch, here.fen) != (there.state, there.batch, there.fen):
            return False
        if step.what == "before":
            owed = self.is_owed(step.payee, step.stage, step.fen)
            return owed and self.fits(step.payee, step.fen)
        if step.what != "pay":
            return True
        if here.cancelled and not here.released:
            return False
        if here.state == RETURNED:
            return True
        fen, month = was.owed(step.payee, step.stage), str(step.on)[:7]
        assert fen is not None, step
        if not void and fen != self.owed(step.payee, step.stage):
            return False
        tax = [one.tax(step.payee, fen, month) for one in (self, was)]
        doubt = self.tax_doubt(step.payee, fen, month)
        return tax[0] == tax[1] and not doubt and self.fits(step.payee, fen)

    def do(self, step: Step) -> bool:
        """A step by the rules of the day on which it happens; whether it is done."""
        match step.what:
            case "pay":
                return self.prepare(step.batch, step.stage, step.on)
            case "void":
                return self.take_back(step.batch)
            case "answer":
                at = self.payments[step.payee][step.stage]
                news = at.batch == step.batch and step.word in NEWS.get(at.state, ())
                return news and self.answers(step.batch, {step.payee: step.word})
            case "cancel":
                return self.cancel(step.payee, step.stage)
            case "release":
                return self.release(step.payee, step.stage, step.on)
            case "list":
                return self.takes(step.event, step.stage, step.file, {step.payee: step.line})
            case "before":
                return self.pay_before(step.payee, step.stage, step.fen, str(step.on)[:7])
        raise ValueError(step)

    def redo(self, step: Step, was: StagedModel) -> None:
        """A step that has happened after ``was``, whatever would be done today."""
        at = self.payments[step.payee][step.stage]
        if step.what == "pay":
            owed = was.owed(step.payee, step.stage)
            self.send(step.batch, step.stage, step.on, {step.payee: owed or 0})
        elif step.what == "release":
            at.released = True
        elif step.what == "list":
            self.lists.append(TakenList(step.event, step.stage, step.file, {step.payee: step.line}))
        else:
            assert self.do(step), step

    # What holds.

    def every(self) -> Iterator[tuple[str, str, Payment]]:
        """Every payment that there is: of whom, and in which stage."""
        for payee, stages in self.payments.items():
            for stage, at in stages.items():
                if at.state != DUE:
                    yield payee, stage, at


# What has happened and counts, each step with what was before it.
Steps = tuple[tuple[Step, StagedModel], ...]


def without(steps: Steps, number: int) -> tuple[Steps, StagedModel] | None:
    """What would be if a step had never been; None where a later one was built upon it."""
    model = steps[number][1].copied()
    kept, later = steps[:number], steps[number + 1 :]
    void = {step.batch for step, _was in later if step.what == "void"}
    for step, was in later:
        model.accounts = dict(was.accounts)
        if not model.stands(step, was, void=step.batch in void):
            return None
        kept += ((step, model.copied()),)
        model.redo(step, was)
    return kept, model


def tax_of_month(fen: int) -> int:
    """The tax of what somebody has in a month: a fifth of what is above 800.00, up to 4,000.00."""
    assert fen <= 4_000_00
    exact = Decimal(max(0, fen - 800_00)) / 5
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
