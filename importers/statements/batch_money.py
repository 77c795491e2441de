"""What the bank may debit for a batch, and give back: the amounts by which its lines are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property

from ledger.books import Books
from ledger.history import Batch
from ledger.instructions import Instruction
from ledger.transitions import State


@dataclass
class BatchMoney:
    """One batch as its money stands; the lines that are placed change it.

    Without ``rows``, which are personal, only the sums of whole batches are known.

    ``promised_fen`` is what the bank has still to debit. ``held_fen`` is what it has debited and
    has neither paid nor given back (代发在途), ``refunded_fen`` what it has given back.
    ``debited`` and ``refunded`` are the people whose own payments were debited or given back
    singly.
    """

    batch: Batch
    rows: Sequence[Instruction]
    promised_fen: int
    held_fen: int
    refunded_fen: int = 0
    debited: set[str] = field(default_factory=set)
    refunded: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.batch.id

    @property
    def refundable_fen(self) -> int:
        """What the bank has debited, has said that it is returned, and still has."""
        returned_fen = sum(
            self.batch.payees[payee]
            for payee, state in self.batch.outcomes.items()
            if state == State.RETURNED
        )
        return max(0, min(returned_fen - self.refunded_fen, self.held_fen))

    @cached_property
    def debits(self) -> frozenset[int]:
        """The sums that the bank may take at once: all or what it paid, of the batch or a file."""
        return frozenset(self._sums(None)) | frozenset(self._sums(State.PAID))

    @cached_property
    def refunds_of_files(self) -> frozenset[int]:
        """The sums that the bank may give back of a file at once."""
        return frozenset(self._sums(State.RETURNED))

    def _sums(self, state: State | None) -> Iterator[int]:
        outcomes = self.batch.outcomes
        chosen = {one for one in self.batch.payees if state in (None, outcomes.get(one))}
        yield sum(self.batch.payees[payee] for payee in chosen)
        by_file: Counter[str] = Counter()
        for row in self.rows:
            if row.payee_id in chosen:
                by_file[row.bank_file] += row.amount_fen
        yield from by_file.values()

    def take(self, amount_fen: int, payee: str = "") -> None:
        """A line of the bank's was placed: a debit, or below zero a refund."""
        self.promised_fen = max(0, self.promised_fen - amount_fen)
        self.held_fen += amount_fen
        if amount_fen < 0:
            self.refunded_fen -= amount_fen
        if payee:
            (self.debited if amount_fen > 0 else self.refunded).add(payee)


def money_of_batches(
    books: Books, rows_of: Callable[[Batch], Sequence[Instruction]]
) -> list[BatchMoney]:
    """The money of every batch, as the books have it; ``rows_of`` are its rows as sent."""
    money = {
        name: BatchMoney(
            batch,
            rows_of(batch),
            books.flows.promised.get(name, 0),
            books.flows.held.get(name, 0),
        )
        for name, batch in books.history.batches.items()
    }
    for line in books.history.lines.values():
        for name, amount_fen in line.batches:
            if amount_fen < 0:
                money[name].refunded_fen -= amount_fen
            if line.payee:
                people = money[name].debited if amount_fen > 0 else money[name].refunded
                people.add(line.payee)
    return list(money.values())
