"""A taxed office without files: batches of three stages, answers, voids, cancellations, day by day.

Events are made, read back and held against the rules by the functions that the commands use. What
everybody has in a month is kept here a second time, and its tax is computed from the text of the
rules, so that the ledger has another opinion beside it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import TypeVar

from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.disbursement.proposal import Request
from ledger.disbursement.proposal import propose
from ledger.events.approvals import asked_meta
from ledger.events.event_file import Head
from ledger.events.event_text import prepared_event
from ledger.events.result_text import result_event
from ledger.model.history import names_of
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.payees import Payee
from ledger.model.recorded_tax_classes import TAX_CLASSES
from ledger.model.transitions import State
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import settle
from ledger.payments.withholding import TaxDoubt
from ledger.registry.registry import Registry
from ledger.services.batches import plan_void
from ledger.services.batches import void
from ledger.services.cancellations import cancel
from ledger.services.disburse import recorded_ceilings
from ledger.services.disburse import recorded_rates
from ledger.services.disburse import recorded_tax_classes
from ledger.services.unit_of_work import Work
from tests.support.small_world import WriterInMemory

STAGES = {"S1": 800_00, "S2": 20_000_00, "S3": 2_400_01}
RULES = (
    '2020-10-01 custom "census-stage" "S1" "清查" "fixed"\n'
    '2020-10-01 custom "census-stage" "S2" "登记" "fixed"\n'
    '2020-10-01 custom "census-stage" "S3" "验收" "fixed"\n'
    '2020-10-01 custom "census-rate" "普查员" "S2" 20000.00 CNY "30226劳务费:01两员补助"\n'
    '2020-10-01 custom "census-rate" "普查员" "S3" 2400.01 CNY "30226劳务费:01两员补助"\n'
    '2020-10-01 custom "census-tax" "普查员" "劳务报酬"\n'
)
BANKS = ("滕州农商行", "中国邮政储蓄银行")
T = TypeVar("T")
REASONS = {State.RETURNED: "CLOSED", State.UNKNOWN: "UNCLEAR"}


def tax_of(income_fen: int) -> int:
    """The tax of one month's income, by the text of the rules."""
    income = Decimal(income_fen) / 100
    taxable = income - 800 if income <= 4_000 else income * Decimal("0.8")
    tax = max(
        Decimal(0),
        taxable * Decimal("0.2"),
        taxable * Decimal("0.3") - 2_000,
        taxable * Decimal("0.4") - 7_000,
    )
    return int((tax * 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Paid:
    """What somebody was paid first by a batch, of a month such as 2020-11."""

    batch: str
    month: str
    gross_fen: int
    tax_fen: int
    answered: bool = False


@dataclass(repr=False)
class TaxedWorld:
    """``incomes`` are by payee and stage; ``declared`` is what each month is to declare: what was
    withheld in it, less what it takes back of months before.
    """

    books: Books
    head: Head
    registry: Registry
    actor: Actor
    payees: tuple[Payee, ...]
    today: datetime.date
    incomes: dict[tuple[PayeeId, str], Paid] = field(default_factory=dict)
    gone: list[Paid] = field(default_factory=list)
    taken_back: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __repr__(self) -> str:
        return f"<a taxed office on {self.today}>"

    # What happens.

    def prepare(self, stage: str) -> str | None:
        """The next batch of a stage, withheld as the month says; None where nobody is paid.

        Who waits for other reasons is the ledger's affair: nobody waits for a tax that is known.
        """

        def command(work: Work) -> tuple[str, dict[PayeeId, int]]:
            books, request = work.books, Request(self.today, stage=StageCode(stage))
            proposal = propose(books, self.registry, self.payees, request)
            facts = {
                "entries": proposal.entries,
                "rows": self.registry.keep_frozen(proposal.rows)[0],
                "ceilings": recorded_ceilings(proposal),
                "stage": stage,
                "rates": recorded_rates(proposal, books.rules),
                TAX_CLASSES: recorded_tax_classes(proposal, books.rules),
                "manifest": proposal.entries,
                **asked_meta(proposal.asked),
            }
            content = prepared_event(
                self.today, work.writer.drafting, proposal.batch, proposal.instructions,
                books.rules, books.components, payment="补助", meta=facts,
            )  # fmt: skip
            work.commit(Draft("prepared", proposal.batch, content))
            rows = [row for row in proposal.instructions if not row.reissue]
            for row in rows:
                assert (row.payee_id, stage) not in self.incomes
                assert row.tax_fen == self.expected(row.payee_id, STAGES[stage])
                assert row.gross_fen == STAGES[stage]
            for blocked in proposal.plan.eligibility.blocked:
                if blocked.reason == TaxDoubt.AWAITS:
                    assert self.expected(blocked.payee.payee_id, STAGES[stage]) is None
            return proposal.batch, {row.payee_id: row.tax_fen for row in rows}

        made = self.do(command)
        if made is None:
            return None
        name, withheld = made
        for payee, tax_fen in withheld.items():
            self.incomes[payee, stage] = Paid(name, self.month, STAGES[stage], tax_fen)
        return name

    def expected(self, payee: PayeeId, gross_fen: int) -> int | None:
        """What is withheld of a payment now; None where it hangs on one without an answer."""
        of_month = [
            paid
            for (of, _stage), paid in self.incomes.items()
            if of == payee and paid.month == self.month
        ]
        sum_fen = tax_of(gross_fen + sum(paid.gross_fen for paid in of_month))
        if sum_fen and not all(paid.answered for paid in of_month):
            return None
        return max(0, sum_fen - sum(paid.tax_fen for paid in of_month))

    def answer(self, name: str, words: Mapping[PayeeId, State]) -> None:
        """The bank's word for some people of a batch."""
        sent = self.books.history.batches[BatchId(name)].outcomes
        answers = [
            PayeeAnswer(payee, word, REASONS.get(word, ""))
            for payee, word in words.items()
            if payee in sent
        ]

        def command(work: Work) -> None:
            history = work.books.history
            batch = history.batches[BatchId(name)]
            settlement = settle(history, batch, answers)
            if not settlement.changes_nothing:
                text = result_event(
                    self.today, work.writer.drafting, batch, settlement,
                    history.standings_in(batch.stage), names_of(history, batch), payment="补助",
                    meta={},
                )  # fmt: skip
                work.commit(Draft("result", batch.id, text.encode("utf-8")))

        self.do(command)
        outcomes = self.books.history.batches[BatchId(name)].outcomes
        for (payee, _stage), paid in self.incomes.items():
            if paid.batch == name:
                paid.answered = outcomes.get(payee) in (State.PAID, State.RETURNED)

    def void(self, name: str) -> None:
        """A batch is taken back, if nobody has answered for it."""

        def command(work: Work) -> bool:
            void(work, plan_void(work, BatchId(name), self.today))
            return True

        if self.do(command):
            self.incomes = {key: paid for key, paid in self.incomes.items() if paid.batch != name}

    def cancel(self, payee: PayeeId, stage: str) -> None:
        """A returned payment is given back to the fund, with its tax."""

        def command(work: Work) -> bool:
            cancel(work, payee, "不符合条件", self.today, stage=StageCode(stage))
            return True

        if self.do(command):
            paid = self.incomes.pop((payee, stage))
            if paid.month != self.month:
                self.taken_back[self.month] += paid.tax_fen
                self.gone.append(paid)

    def correct(self, payee: PayeeId) -> None:
        """Another bank in the registry, so that what came back is paid again. It is no event."""
        self.payees = tuple(
            replace(one, bank=BANKS[one.bank == BANKS[0]]) if one.payee_id == payee else one
            for one in self.payees
        )

    def do(self, command: Callable[[Work], T]) -> T | None:
        """It is done by the functions of the commands, or refused and nothing changed."""
        noon = datetime.datetime.combine(self.today, datetime.time(12), datetime.UTC)
        writer = WriterInMemory(
            self.books.folder, self.head, Acting(self.actor, lambda: noon), self.registry
        )
        work = Work(writer, self.books)
        said = None
        with suppress(Refusal):
            said = command(work)
        if writer.head != self.head:
            self.books, self.head = work.books, writer.head
        return said

    # What holds.

    @property
    def month(self) -> str:
        return str(self.today)[:7]

    def declared(self, month: str) -> int:
        """What a month declares, in fen."""
        live = [paid for paid in (*self.incomes.values(), *self.gone) if paid.month == month]
        return sum(paid.tax_fen for paid in live) - self.taken_back[month]

    def withheld(self) -> int:
        """What is on the account of the tax."""
        return sum(paid.tax_fen for paid in self.incomes.values())
