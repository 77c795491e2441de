"""Payments that were made before these books count as paid; the bank has no part in it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from importers.corrections.rejected_payments import write_rejected_payments
from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.paid_before.matching import Judge
from importers.paid_before.matching import Judged
from importers.paid_before.matching import MatchedPayment
from importers.paid_before.payments_file import PaymentsFile
from importers.paid_before.payments_file import read_payments
from ledger.bank.bank_account import opening_days
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.rehearsal import Draft
from ledger.budget.ceilings import BudgetLine
from ledger.disbursement.stage_choice import only_stage
from ledger.disbursement.stage_choice import stage_named
from ledger.events.paid_before_text import PaidBefore
from ledger.events.paid_before_text import paid_before_event
from ledger.figures.imports import IMPORT
from ledger.figures.imports import next_import
from ledger.model.accounts import code_of
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_STAGE
from ledger.model.ids import ImportId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.instructions import Instruction
from ledger.model.instructions import freeze
from ledger.model.payees import Payee
from ledger.model.recorded_rates import RATES
from ledger.model.recorded_rates import recorded_rate
from ledger.model.recorded_rates import write_rates
from ledger.model.rules import Fund
from ledger.model.rules import Rate
from ledger.model.rules import Stage
from ledger.model.transitions import EventKind
from ledger.registry.imports import import_id
from ledger.services.handing_back import PROBLEM_FOLDER
from ledger.services.handing_back import beside
from ledger.services.unit_of_work import Work

KIND = "paid-before"


class PaymentsTakenBefore(Refusal):
    """The very same list is in the books already."""

    def __init__(self, file: str, event: int | None) -> None:
        message = _("{file}: this very list stands twice on the command line")
        if event is not None:
            message = _("{file}: this very list is in the books already, as event {event}")
        super().__init__(message.format(file=file, event=event), event=event)


class NoLineForPayments(Refusal):
    """No budget line has room for what was paid before these books."""

    def __init__(self, file: str, needed_fen: int, placed_fen: int) -> None:
        message = _(
            "{file}: {needed} were paid, and the budget lines of the subsidies have room for"
            " {placed} of it. Enter the budget first"
        )
        super().__init__(
            message.format(file=file, needed=grouped(needed_fen), placed=grouped(placed_fen))
        )


class RateChangedBetween(Refusal):
    """The payments of one list are of a time in which the rate of a role has changed."""

    def __init__(self, file: str, role: str, day: datetime.date) -> None:
        message = _(
            "{file}: the rate for {role} changed on {day}: put the payments from before that day"
            " into a list of their own"
        )
        super().__init__(message.format(file=file, role=role, day=day))


class ImportedPayments(Record):
    """What becomes of a list: each row is entered, or goes back.

    ``charged`` are those that are entered, each with its fund. ``import_id`` is under what it was
    taken in, ``event`` the event's number; both are None before, and where it was only tried.
    """

    path: Path
    sha256: Digest
    file: PaymentsFile
    judged: Judged
    charged: tuple[tuple[MatchedPayment, Fund], ...]
    problem_workbook: Path | None = None
    import_id: ImportId | None = None
    event: int | None = None

    @property
    def applied(self) -> bool:
        """Whether anything of the list is entered."""
        return bool(self.charged)

    @property
    def amount_fen(self) -> int:
        return sum(payment.amount_fen for payment, _fund in self.charged)


@dataclass
class PaymentsImporter:
    """Takes lists one after another; each sees whom those before it name.

    ``ask`` is told what would be entered before anything is; it raises where that is not to be.
    """

    work: Work
    stage_asked: str
    dry_run: bool
    ask: Callable[[Sequence[ImportedPayments]], None]
    _taken: set[PayeeId] = field(default_factory=set)
    _seen: set[Digest] = field(default_factory=set)
    _room_fen: dict[BudgetLine, int] = field(default_factory=dict)

    def take(self, files: Sequence[Incoming]) -> list[ImportedPayments | RefusedFile]:
        """Take lists in their order, each whole but for the rows that go back, or not at all."""
        books = self.work.books
        self._room_fen = dict(books.ceilings(self.work.today).lines_fen)
        payees = self.work.registry.payees()
        outcomes = [self._tried(file, payees) for file in files]
        planned = [one for one in outcomes if isinstance(one, ImportedPayments)]
        if self.dry_run:
            return outcomes
        if any(one.charged for one in planned):
            self.ask(planned)
        return [
            self._entered(one, file) if isinstance(one, ImportedPayments) else one
            for one, file in zip(outcomes, files, strict=True)
        ]

    def stage(self) -> Stage:
        """The stage that was asked for by its code or name, or the only one.

        Raises NoSuchStage or StageNotNamed.
        """
        rules, today = self.work.books.rules, self.work.today
        if self.stage_asked:
            named = [one.code for one in rules.stages if one.name == self.stage_asked]
            code = named[0] if named else StageCode(self.stage_asked)
            return stage_named(rules, code, today)
        begun = rules.begun(today)
        return only_stage(begun, begun[-1])

    def _tried(self, file: Incoming, payees: Sequence[Payee]) -> ImportedPayments | RefusedFile:
        """What a list would do; nothing is written."""
        room_fen = dict(self._room_fen)
        try:
            planned = self._planned(file, payees)
            if planned.charged:
                self.work.writer.rehearse(self.work.books, self._draft(planned))
        except Refusal as refusal:
            self._room_fen = room_fen
            return RefusedFile(file.path, refusal)
        self._seen.add(planned.sha256)
        self._taken |= {payment.payee.payee_id for payment, _fund in planned.charged}
        return planned

    def _planned(self, file: Incoming, payees: Sequence[Payee]) -> ImportedPayments:
        self.work.books.require_sound(but_for_facts=True)
        name, sha256 = file_name(file.path), digest(file.content)
        self._require_new(name, sha256)
        read = read_payments(name, file.sheets)
        judged = Judge(
            self.work.books, payees, self.stage().code, self.work.today, self._taken
        ).judge(read)
        charged = self._charged(name, judged.payments)
        return ImportedPayments(file.path, sha256, read, judged, tuple(charged))

    def _require_new(self, name: str, sha256: Digest) -> None:
        for event in self.work.books.history.in_force:
            same = event.header.meta.get("original") == sha256
            if same and event.kind is EventKind.PAID_BEFORE:  # guard: same-payments-once
                raise PaymentsTakenBefore(name, event.seq)
        if sha256 in self._seen:
            raise PaymentsTakenBefore(name, None)

    def _charged(
        self, name: str, payments: Sequence[MatchedPayment]
    ) -> list[tuple[MatchedPayment, Fund]]:
        """Each payment with the first fund whose line has room for it, as a batch would take it.

        Raises NoLineForPayments or RateChangedBetween.
        """
        rates: dict[str, Rate] = {}
        for payment in sorted(payments, key=lambda one: one.day):
            rate = rates.setdefault(payment.payee.role, payment.rate)
            if (rate.amount_fen, rate.item) != (payment.rate.amount_fen, payment.rate.item):
                raise RateChangedBetween(name, payment.payee.role, payment.rate.date)
        opened = opening_days(self.work.books)
        charged = []
        for payment in payments:
            for fund in self.work.books.rules.funds:
                line = BudgetLine(fund.code, payment.rate.line)
                accounts = (expense_of(self.work.books, payment, fund), fund.income)
                days = [fund.date, *(opened.get(one, datetime.date.max) for one in accounts)]
                has_room = self._room_fen.get(line, 0) >= payment.amount_fen
                if has_room and max(days) <= payment.day:  # guard: paid-before-in-budget
                    self._room_fen[line] -= payment.amount_fen
                    charged.append((payment, fund))
                    break
        if len(charged) < len(payments):
            needed_fen = sum(one.amount_fen for one in payments)
            placed_fen = sum(one.amount_fen for one, _fund in charged)
            raise NoLineForPayments(name, needed_fen, placed_fen)
        return charged

    def _draft(self, planned: ImportedPayments, meta: Mapping[str, str] | None = None) -> Draft:
        books = self.work.books
        text = paid_before_event(
            self.work.writer.drafting,
            [
                PaidBefore(
                    payment.payee.payee_id, payment.payee.legal_name, payment.payee.role,
                    payment.day, payment.amount_fen, payment.row.paper,
                    expense_of(books, payment, fund), fund.income,
                )
                for payment, fund in planned.charged
            ],
            self._stage_code(),
            payment=books.programme.payment,
            meta={
                "original": planned.sha256,
                "rows": digest(self._rows(planned)),
                RATES: write_rates(
                    {
                        payment.payee.role: recorded_rate(payment.rate, books.rules)
                        for payment, _fund in planned.charged
                    }
                ),
                **(meta or {}),
            },
        )  # fmt: skip
        return Draft(KIND, NO_BATCH, text.encode("utf-8"))

    def _stage_code(self) -> StageCode:
        """As entries say it: books that name no stage say none."""
        return self.stage().code if self.work.books.rules.named_stages else NO_STAGE

    def _rows(self, planned: ImportedPayments) -> bytes:
        """Whom the payments are for, as the registry has them now; by what account is not known."""
        return rows_of(self.work.books, planned, self._stage_code())

    def _entered(self, planned: ImportedPayments, file: Incoming) -> ImportedPayments | RefusedFile:
        """Hand back the rows that go back, and enter the rest."""
        name, judged = file_name(file.path), planned.judged
        try:
            if judged.rejected:
                workbook = beside(
                    file.path,
                    PROBLEM_FOLDER,
                    lambda target: write_rejected_payments(
                        target, name, judged.rejected, judged.problems
                    ),
                )
                planned = replace(planned, problem_workbook=workbook)
            if not planned.charged:
                return planned
            number = import_id(next_import(self.work.registry, self.work.books.history))
            draft = self._draft(planned, {IMPORT: number})
            with self.work.keeping_evidence() as registry:
                registry.keep_original(name, KIND, file.content)
            self.work.registry.keep_frozen(self._rows(planned))
            self.work.commit(draft)
        except Refusal as refusal:
            return RefusedFile(file.path, refusal)
        return replace(planned, import_id=number, event=self.work.writer.head.seq)


def expense_of(books: Books, payment: MatchedPayment, fund: Fund) -> str:
    """The account that a batch would charge."""
    town = books.components[books.programme.by_code[payment.payee.town].code]
    return f"{fund.expenses}:{payment.rate.item}:{town}"


def rows_of(books: Books, planned: ImportedPayments, stage: StageCode) -> bytes:
    """The frozen rows of a list."""
    rows = [
        Instruction(
            number=number,
            payee_id=payment.payee.payee_id,
            legal_name=payment.payee.legal_name,
            bank_name=payment.payee.bank_name,
            identity=payment.payee.identity,
            role=payment.payee.role,
            town=code_of(books.components[town.code]),
            town_name=town.name,
            area_name=payment.payee.area_name,
            bank="",
            account="",
            fund=fund.code,
            line=payment.rate.line,
            amount_fen=payment.amount_fen,
            reissue=False,
            stage=stage,
        )
        for number, (payment, fund) in enumerate(planned.charged, start=1)
        for town in [books.programme.by_code[payment.payee.town]]
    ]
    return freeze(rows)
