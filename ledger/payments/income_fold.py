"""What everybody was paid and what was withheld of it, event by event.

An income is of the month of the batch that has paid it first. A return leaves it and its tax where
they are, and so does the payment that is made again; a void and a cancellation take both away.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.model.accounts import Place
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.history import Income
from ledger.model.history import TakenBack
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.transitions import EventKind
from ledger.payments.movements import Moved
from ledger.payments.payment_fold import Report
from ledger.payments.withholding import TaxDoubt
from ledger.payments.withholding import withheld_of

_EXPENSE = Place.EXPENSE


class IncomeFold:
    """Everybody's incomes so far; ``report`` takes what breaks the rules."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.incomes: dict[PayeeId, tuple[Income, ...]] = {}
        self.taken_back: list[TakenBack] = []

    def go_on_from(self, before: IncomeFold) -> None:
        """Know what was known."""
        self.incomes = dict(before.incomes)
        self.taken_back = list(before.taken_back)

    def take(
        self, event: Event, batch: Batch, moved: Moved, batches: Mapping[BatchId, Batch]
    ) -> None:
        """An entry that charges people's money, or takes it back."""
        if moved.movement.debit is _EXPENSE:
            for payee in moved.payees:
                self.pay(batch, moved, payee, batches)
        elif moved.movement.credit is _EXPENSE:
            tax_fen = sum(self.take_off(event, batch, payee) for payee in moved.payees)
            if tax_fen != moved.tax_fen:  # guard: tax-taken-back
                message = _("{withheld} was withheld, and this entry takes back {tax}")
                message = message.format(withheld=grouped(tax_fen), tax=grouped(moved.tax_fen))
                self.report(moved.entry, "tax", message)

    def pay(
        self, batch: Batch, moved: Moved, payee: PayeeId, batches: Mapping[BatchId, Batch]
    ) -> None:
        """Somebody is paid for the first time: what is withheld is what the table says."""
        earlier = self.incomes.get(payee, ())
        tax_class = batch.tax_classes.get(str(moved.entry.meta.get("role", "")))
        gross_fen = moved.amount_fen + moved.tax_fen
        due_fen, doubt = withheld_of(payee, gross_fen, batch.date, tax_class, earlier, batches)
        if doubt is not None:  # guard: paid-without-doubt
            self.report(moved.entry, "tax", doubt_text(doubt).format(payee=payee))
        elif due_fen != moved.tax_fen:  # guard: withheld-as-the-table-says
            message = _(
                "of {payee} {due} is to be withheld by what the month has brought, and this entry"
                " withholds {tax}"
            ).format(payee=payee, due=grouped(due_fen), tax=grouped(moved.tax_fen))
            self.report(moved.entry, "tax", message)
        self.check_limit(batch, moved, payee, gross_fen + sum(one.gross_fen for one in earlier))
        account = moved.account
        income = Income(
            batch.id, batch.date, gross_fen, moved.tax_fen, tax_class,
            account.fund, account.line, account.town, batch.stage,
        )  # fmt: skip
        self.incomes[payee] = (*earlier, income)

    def pay_before(self, stage: StageCode, moved: Moved, payee: PayeeId) -> None:
        """Somebody was paid before these books: an income of that month, of which nobody knows that
        anything was withheld.
        """
        account = moved.account
        income = Income(
            NO_BATCH, moved.entry.date, moved.amount_fen, 0, None,
            account.fund, account.line, account.town, stage,
        )  # fmt: skip
        self.incomes[payee] = (*self.incomes.get(payee, ()), income)

    def check_limit(self, batch: Batch, moved: Moved, payee: PayeeId, total_fen: int) -> None:
        """Over all stages a person is owed at most what the batch has recorded for the role."""
        limit_fen = batch.limits_fen.get(str(moved.entry.meta.get("role", "")))
        if limit_fen is not None and total_fen > limit_fen:  # guard: limit-kept
            message = _("{payee} is owed {amount} over all stages, more than the limit of {limit}")
            message = message.format(
                payee=payee, amount=grouped(total_fen), limit=grouped(limit_fen)
            )
            self.report(moved.entry, "limit", message)

    def take_off(self, event: Event, batch: Batch, payee: PayeeId) -> int:
        """An income is gone with its tax, in fen: that of the batch, or what came back of it."""
        incomes = self.incomes.get(payee, ())
        for at in range(len(incomes) - 1, -1, -1):
            income = incomes[at]
            cancelled = event.kind == EventKind.CANCELLED
            if (cancelled and income.stage == batch.stage) or income.batch == batch.id:
                self.incomes[payee] = incomes[:at] + incomes[at + 1 :]
                if cancelled:
                    self.taken_back.append(TakenBack(payee, event.date, income))
                return income.tax_fen
        return 0


def doubt_text(doubt: TaxDoubt) -> str:
    """Why somebody should not have been paid, as a finding says it."""
    return {
        TaxDoubt.NO_CLASS: _(
            "{payee} is paid so much in this month that tax is due, and nobody has said what the"
            " role is to the income tax"
        ),
        TaxDoubt.NO_TABLE: _(
            "{payee} is paid on a day for which no table of the income tax is known"
        ),
        TaxDoubt.BEFORE: _(
            "{payee} was paid in this month before these books, and nobody knows what was withheld"
        ),
        TaxDoubt.AWAITS: _(
            "the tax of {payee} depends on a payment of this month that the bank has not answered"
        ),
    }[doubt]
