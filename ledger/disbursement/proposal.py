"""A batch as it would be: planned and instructed. Writes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.budget.approvals import asked_of
from ledger.budget.approvals import rules_of_more
from ledger.budget.approvals import together_fen
from ledger.budget.ceilings import Ceilings
from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.payable import Profiles
from ledger.disbursement.payable import eligibility_of_books
from ledger.disbursement.payable import profiles_of_books
from ledger.disbursement.stage_choice import only_stage
from ledger.disbursement.stage_choice import stage_named
from ledger.events.event_file import NOTHING_BEFORE
from ledger.events.event_file import read_head
from ledger.model.accounts import code_of
from ledger.model.history import Asked
from ledger.model.ids import NO_SEAL
from ledger.model.ids import NO_STAGE
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import Seal
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.instructions import freeze
from ledger.model.payees import Payee
from ledger.model.rules import Stage
from ledger.model.seal import entries_digest
from ledger.model.seal import instruction_line
from ledger.model.seal import seal_of
from ledger.payments.allocation import Plan
from ledger.payments.allocation import plan_batch
from ledger.payments.eligibility import DuePayment
from ledger.payments.eligibility import Eligibility
from ledger.registry.registry import Registry


class NoSuchFund(Refusal):
    """The rules have no fund of that code."""

    def __init__(self, code: FundCode, known: Sequence[FundCode]) -> None:
        message = _("there is no fund {code}; choose one of these: {known}")
        super().__init__(message.format(code=code, known=listed(known)), known=list(known))


class Request(Record):
    """What the liaison asks for: ``towns`` are nine-digit codes, none meaning all; without a
    ``stage`` it is the only one in which somebody may be paid.
    """

    on: datetime.date
    towns: tuple[TownCode, ...] = ()
    fund: FundCode | None = None
    limit_to_funds: bool = False
    stage: StageCode | None = None


class TownNotOfProgramme(Refusal):
    """Somebody is of a town that the programme has not, or has no more."""

    def __init__(self, payee: Payee) -> None:
        message = _(
            "{payee} is of town {code}, which {file} does not have: add the town there, or write"
            ' the code into "former" of the town that it is a part of now'
        )
        super().__init__(
            message.format(payee=payee.payee_id, code=payee.town, file=PROGRAMME_FILE),
            payee=payee.payee_id,
            town=payee.town,
        )


class Proposal(Record):
    """A batch as it would be.

    ``profiles`` are the bank's formats as they were when the batch was planned, ``after`` is the
    digest of the newest event then, ``asked`` is which approvals it asks for. ``rules_of_more`` are
    rules of batches before it by which it would ask for others too. With a ``salt`` it has a seal,
    which covers every payment and every column as sent.
    """

    request: Request
    stage: Stage
    batch: BatchId
    plan: Plan
    ceilings: Ceilings
    instructions: tuple[Instruction, ...]
    entries: Digest
    rows: bytes
    profiles: Profiles
    after: Digest
    asked: Asked
    rules_of_more: str | None = None
    salt: str = ""

    @property
    def plan_digest(self) -> Digest:
        """What somebody confirms: these payments, rows and approvals, after this event. It is no
        seal.
        """
        parts = f"{self.entries} {digest(self.rows)} {self.request.on} {self.after} {self.asked}"
        return digest(parts.encode())

    @property
    def is_held(self) -> bool:
        """Whether its papers are held back until somebody has approved it."""
        return bool(self.asked.roles)

    @property
    def seal(self) -> Seal:
        """Empty while there is no salt: what is only planned has none."""
        if not self.salt:
            return NO_SEAL
        return seal_of(self.entries, digest(self.rows), self.request.on, self.salt)


def propose(
    books: Books, registry: Registry, payees: Sequence[Payee], request: Request
) -> Proposal:
    """The batch that would be made. Raises CannotPay when the money does not reach."""
    codes = [fund.code for fund in books.rules.funds]
    if request.fund is not None and request.fund not in codes:
        raise NoSuchFund(request.fund, codes)
    profiles = own, other = profiles_of_books(books)
    stage, eligibility = _stage_to_pay(books, registry, payees, request, profiles)
    ceilings = books.ceilings(request.on)
    plan = plan_batch(
        eligibility,
        books.rules,
        ceilings,
        fund_code=request.fund,
        limit_to_funds=request.limit_to_funds,
    )
    batch = next_batch_id(books, request.on)
    instructions = plan_bank_files(
        instruct(plan, books, stage),
        own=own,
        other=other,
        own_words=books.programme.bank.words,
        batch=batch,
    )
    entries = entries_digest(map(instruction_line, instructions))
    rows = freeze(instructions)
    head = read_head(books.folder)
    after = head.sha256 if head else NOTHING_BEFORE
    batches = books.history.batches.values()
    counted_fen = together_fen(plan.amount_fen, request.on, batches)
    asked = asked_of(books.rules, counted_fen, request.on)
    return Proposal(
        request, stage, batch, plan, ceilings, tuple(instructions), entries, rows, profiles, after,
        asked, rules_of_more(batches, asked, counted_fen),
    )  # fmt: skip


def next_batch_id(books: Books, on: datetime.date) -> BatchId:
    """``B2020-001``: the year, and a number that counts through it."""
    prefix = f"B{on.year}-"
    numbers = [
        int(name[len(prefix) :]) for name in books.history.batches if name.startswith(prefix)
    ]
    return BatchId(f"{prefix}{max(numbers, default=0) + 1:03d}")


def _stage_to_pay(
    books: Books,
    registry: Registry,
    payees: Sequence[Payee],
    request: Request,
    profiles: Profiles,
) -> tuple[Stage, Eligibility]:
    """The stage asked for, or the only one in which somebody may be paid, and who may be.

    Raises NoSuchStage or StageNotNamed.
    """
    rules, on = books.rules, request.on
    named = request.stage
    asked = rules.begun(on) if named is None else (stage_named(rules, named, on),)
    found = {
        stage: eligibility_of_books(
            books, registry, payees, on, request.towns, profiles, stage=stage.code, to_pay=True
        )
        for stage in asked
    }
    fitting = [stage for stage in asked if found[stage].of_fund(request.fund).eligible]
    stage = only_stage(fitting, asked[-1])
    return stage, found[stage]


def instruct(plan: Plan, books: Books, stage: Stage) -> list[Instruction]:
    """An instruction for every charge of the plan, in its order."""
    code_of_stage = stage.code if books.rules.named_stages else NO_STAGE
    return [
        Instruction(
            number=number,
            payee_id=due.payee.payee_id,
            legal_name=due.payee.legal_name,
            bank_name=due.payee.bank_name,
            identity=due.payee.identity,
            role=due.standing.role if due.standing else due.payee.role,
            town=code,
            town_name=books.programme.town_name(code),
            area_name=due.payee.area_name,
            bank=due.payee.bank,
            account=due.payee.account,
            fund=fund.code,
            line=due.line,
            amount_fen=due.amount_fen,
            reissue=due.standing is not None,
            stage=code_of_stage,
            quantity=due.owed.quantity,
            rate_fen=due.owed.rate_fen,
            deduction_fen=due.owed.deduction_fen,
            tax_fen=due.tax_fen,
        )
        for number, (due, fund) in enumerate(plan.charges, start=1)
        for code in [town_of(due, books)]
    ]


def town_of(due: DuePayment, books: Books) -> TownCode:
    """The code of the person's town in the accounts; of a payment that is made again that of the
    town that it was charged for.

    Raises TownNotOfProgramme.
    """
    if due.standing:
        return code_of(due.standing.town)
    town = books.programme.by_code.get(due.payee.town)
    if town is None:
        raise TownNotOfProgramme(due.payee)
    return code_of(books.components[town.code])
