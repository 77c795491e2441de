"""What unexplained lines may be by now: a result that came later can have told."""

from __future__ import annotations

from importers.matching.batch_money import money_of_batches
from importers.matching.placing import Placer
from ledger.books.books import Books
from ledger.figures.tax_course import unpaid_months
from ledger.model.bank_lines import BankLine
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry


def suggestions(books: Books, registry: Registry) -> dict[BankLineId, tuple[str, ...]]:
    """The batches or accounts that fit each unexplained line, by its id; none where none does.

    Nothing is booked by it: a human says what the line was.
    """
    lines = [line for line in books.history.lines.values() if line.suspense_fen]
    if not lines:
        return {}
    batches = money_of_batches(books, lambda batch: rows_of_batch(registry, batch))
    taxes = unpaid_months(books.history, books.flows)
    placer = Placer(batches, books.settings.statement_rules, [], taxes)
    return {line.id: tuple(fit.name for fit in placer.fits(as_bank_line(line))) for line in lines}


def as_bank_line(line: EnteredLine) -> BankLine:
    """The line as far as the books know it: not the other side's account."""
    return BankLine(
        row=0,
        date=line.date,
        time="",
        amount_fen=line.amount_fen,
        balance_fen=line.balance_fen,
        counterparty=line.entry.payee or "",
        account="",
        text=line.entry.narration or "",
        serial="",
    )
