"""The bank reconciliation (银行存款余额调节表): the books and the bank on a day, item by item.

The office's side begins with the balance of the bank account by the books, the bank's side with
the balance after the last statement line. On a day D

- 银行已收、单位未收 and 银行已付、单位未付 are statement lines up to D that nobody has explained by
  D. The books hold them already, but in suspense (99待核) only: so they are taken out first, which
  leaves what the office has confirmed, and added again item by item. A line that stands for an
  entry by hand which the books of D do not hold is such an item too, and is not in suspense;
- 单位已收、银行未收 and 单位已付、银行未付 are entries by hand up to D for which no line up to D
  stands. What was entered before the first line is in the bank's opening balance, unless a line
  stands for it after all, be it later than D.

    books + suspense + received by the bank - paid by the bank     = adjusted balance of the books
    bank + received by the office - paid by the office             = adjusted balance of the bank

Received less paid by the bank is what suspense took out and the lines whose entry by hand is
missing. So the adjusted balances are equal exactly when the account's balance by the books is
the bank's balance, with the entries by hand that are not at the bank yet, without the lines whose
entry by hand is not in the books yet.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from ledger.bank.bank_account import HandEntry
from ledger.bank.bank_account import bank_account
from ledger.bank.bank_account import hand_entries
from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import place
from ledger.budget.ceilings import total_fen
from ledger.model.accounts import name_of
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId


class NoStatement(Refusal):
    """There is nothing of the bank's to compare the books with."""

    def __init__(self, on: datetime.date, first: datetime.date | None) -> None:
        if first is None:
            message = _("no statement of the bank was imported by {day}")
        else:
            message = _(
                "no statement of the bank was imported by {day}: the first line is of {first};"
                " import the earlier statement or name a later day"
            )
        super().__init__(
            message.format(day=on, first=first),
            day=on.isoformat(),
            first=first and first.isoformat(),
        )


class BankItem(Record):
    """A statement line that the office has not accounted for; ``amount_fen`` is above zero.

    ``by_hand`` is the day of the entry by hand that it stands for and the books do not hold; None
    for a line in suspense.
    """

    line: BankLineId
    date: datetime.date
    amount_fen: int
    counterparty: str
    text: str
    by_hand: datetime.date | None


class UnitItem(Record):
    """An entry by hand that the bank does not show yet, and where it stands in the books."""

    date: datetime.date
    amount_fen: int
    text: str
    file: str
    line: int


class InTransit(Record):
    """A batch with money on its way, in fen.

    ``held_fen`` was debited by the bank and neither paid nor refunded; below zero where the bank
    has confirmed payments that it has not debited yet. ``promised_fen`` is still to be debited.
    """

    batch: BatchId
    date: datetime.date
    state: str
    held_fen: int
    promised_fen: int


class Reconciliation(Record):
    """Books and bank at the end of the day ``as_of``; amounts in fen.

    ``suspense_fen`` is the balance of 99待核 from the unexplained lines, ``unexplained`` their
    number. ``bank_fen`` is None when the statements say no balance at all; ``bank_is_computed``
    when the last line says none and it follows from an earlier one. ``bank_as_of`` is the day to
    which the statements reach. Before ``first_line`` the bank had ``bank_opening_fen`` (None
    when unknown) and the books ``books_opening_fen``.
    """

    as_of: datetime.date
    bank_name: str
    books_fen: int
    suspense_fen: int
    unexplained: int
    bank_fen: int | None
    bank_is_computed: bool
    bank_as_of: datetime.date
    first_line: datetime.date
    bank_opening_fen: int | None
    books_opening_fen: int
    bank_received: tuple[BankItem, ...]
    bank_paid: tuple[BankItem, ...]
    unit_received: tuple[UnitItem, ...]
    unit_paid: tuple[UnitItem, ...]
    in_transit: tuple[InTransit, ...]

    @property
    def confirmed_fen(self) -> int:
        """The balance by the books without what nobody has explained."""
        return self.books_fen + self.suspense_fen

    @property
    def adjusted_books_fen(self) -> int:
        return self.confirmed_fen + sum_fen(self.bank_received) - sum_fen(self.bank_paid)

    @property
    def adjusted_bank_fen(self) -> int | None:
        return None if self.bank_fen is None else self.bank_fen + self._on_its_way_fen

    @property
    def difference_fen(self) -> int | None:
        """How much more the books have than the bank, after all items."""
        adjusted_fen = self.adjusted_bank_fen
        return None if adjusted_fen is None else self.adjusted_books_fen - adjusted_fen

    @property
    def agrees(self) -> bool:
        """Whether the adjusted balances are known and equal."""
        return self.difference_fen == 0

    @property
    def expected_bank_fen(self) -> int:
        """What the bank has when nothing is wrong."""
        return self.adjusted_books_fen - self._on_its_way_fen

    @property
    def _on_its_way_fen(self) -> int:
        return sum_fen(self.unit_received) - sum_fen(self.unit_paid)


def sum_fen(items: Sequence[BankItem] | Sequence[UnitItem]) -> int:
    """The sum of the items in fen."""
    return sum(item.amount_fen for item in items)


def reconciliation(whole: Books, on: datetime.date) -> Reconciliation:
    """Books and bank at the end of a day; ``whole`` are the books with all that came later.

    Of what came later only this counts: that statements go on beyond the day, and which entries
    by hand were still on their way. Raises BankAccountUnclear or NoStatement.
    """
    books = whole.as_of(on)
    account = bank_account(whole)
    all_lines = list(whole.history.lines.values())
    lines = sorted(books.history.lines.values(), key=lambda line: line.date)
    if not lines:
        raise NoStatement(on, min((line.date for line in all_lines), default=None))
    by_hand = _ByHand(hand_entries(books), lines, [one for one in all_lines if one.date > on])
    bank_items = [(line, line.suspense_fen) for line in lines if line.suspense_fen]
    bank_items += [(line, line.amount_fen) for line in by_hand.without_entry]
    bank_items.sort(key=lambda item: item[0].date)
    units = by_hand.not_at_the_bank
    bank_fen, is_computed = _closing(lines)
    return Reconciliation(
        as_of=on,
        bank_name=name_of(account.rpartition(":")[2]),
        books_fen=total_fen(books.flows.bank),
        suspense_fen=-sum(line.suspense_fen for line in lines),
        unexplained=sum(1 for line in lines if line.suspense_fen),
        bank_fen=bank_fen,
        bank_is_computed=is_computed,
        bank_as_of=min(on, max(line.date for line in all_lines)),
        first_line=lines[0].date,
        bank_opening_fen=_opening(lines),
        books_opening_fen=sum(entry.amount_fen for entry in by_hand.in_the_opening),
        bank_received=tuple(_bank_item(*item) for item in bank_items if item[1] > 0),
        bank_paid=tuple(_bank_item(*item) for item in bank_items if item[1] < 0),
        unit_received=tuple(_unit_item(e, books) for e in units if e.amount_fen > 0),
        unit_paid=tuple(_unit_item(e, books) for e in units if e.amount_fen < 0),
        in_transit=tuple(_in_transit(books)),
    )


class _ByHand:
    """Entries by hand and the lines that stand for them, both up to a day; ``later`` lines are not
    at the bank on that day, but what they stand for was on its way."""

    def __init__(
        self,
        entries: Sequence[HandEntry],
        lines: Sequence[EnteredLine],
        later: Sequence[EnteredLine],
    ) -> None:
        begin = lines[0].date
        stood_for, stood_for_later = _stood_for(lines), _stood_for(later)
        self.not_at_the_bank: list[HandEntry] = []
        self.in_the_opening: list[HandEntry] = []
        for entry in entries:
            key = (entry.date, entry.amount_fen)
            if stood_for[key]:
                stood_for[key] -= 1
            elif stood_for_later[key]:
                stood_for_later[key] -= 1
                self.not_at_the_bank.append(entry)
            elif entry.date >= begin:
                self.not_at_the_bank.append(entry)
            else:
                self.in_the_opening.append(entry)
        self.without_entry = []
        for line in lines:
            key = (line.by_hand or line.date, line.amount_fen)
            if line.by_hand is not None and stood_for[key]:
                stood_for[key] -= 1
                self.without_entry.append(line)


def _stood_for(lines: Sequence[EnteredLine]) -> Counter[tuple[datetime.date, int]]:
    return Counter((line.by_hand, line.amount_fen) for line in lines if line.by_hand is not None)


def _closing(lines: Sequence[EnteredLine]) -> tuple[int | None, bool]:
    """The bank's balance after the last line, and whether the bank does not say it there."""
    since_fen = 0
    for line in reversed(lines):
        if line.balance_fen is not None:
            return line.balance_fen + since_fen, line is not lines[-1]
        since_fen += line.amount_fen
    return None, False


def _opening(lines: Sequence[EnteredLine]) -> int | None:
    """The bank's balance before the first line."""
    moved_fen = 0
    for line in lines:
        moved_fen += line.amount_fen
        if line.balance_fen is not None:
            return line.balance_fen - moved_fen
    return None


def _bank_item(line: EnteredLine, amount_fen: int) -> BankItem:
    entry = line.entry
    return BankItem(
        line.id,
        line.date,
        abs(amount_fen),
        entry.payee or "",
        entry.narration or "",
        line.by_hand,
    )


def _unit_item(hand: HandEntry, books: Books) -> UnitItem:
    text = " ".join(part for part in (hand.entry.payee, hand.entry.narration) if part)
    file, line = place(hand.entry.meta, books.folder)
    return UnitItem(hand.date, abs(hand.amount_fen), mask_numbers(text), file, line)


def _in_transit(books: Books) -> list[InTransit]:
    """The batches with money on its way, by their names."""
    flows = books.flows
    found = [
        InTransit(
            batch.id,
            batch.date,
            batch.state,
            flows.held_fen.get(batch.id, 0),
            flows.promised_fen.get(batch.id, 0),
        )
        for batch in books.history.batches.values()
    ]
    return sorted(
        (batch for batch in found if batch.held_fen or batch.promised_fen),
        key=lambda batch: batch.batch,
    )
