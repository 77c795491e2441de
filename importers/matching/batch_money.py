"""What the bank may debit for a batch, and give back: the amounts by which its lines are known."""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from functools import partial
from math import gcd

from ledger.books.books import Books
from ledger.model.accounts import PAYABLES
from ledger.model.accounts import Place
from ledger.model.history import Batch
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.transitions import EventKind
from ledger.model.transitions import State

RETURNED = f"{PAYABLES}:{Place.RETURNED.value}:"


@dataclass
class BatchMoney:
    """One batch as its money stands; the lines that are placed change it.

    ``read_rows`` gives its rows as sent, which are personal: none where they are not at hand, and
    then only the sums of whole batches are known. They are read when a line can be of a part.
    ``promised_fen`` is what the bank has still to debit. ``held_fen`` is what it has debited and
    has neither paid nor given back (代发在途), ``refunded_fen`` what it has given back.
    ``returned_by_result_fen`` are the sums that single answers of the bank have returned, and
    ``returned_until_fen`` those that all its answers until a day have, for each day that has some.
    ``debited`` and ``refunded`` are the people whose own payments were debited or given back
    singly.
    """

    batch: Batch
    read_rows: Callable[[], Sequence[Instruction]]
    promised_fen: int
    held_fen: int
    refunded_fen: int = 0
    returned_by_result_fen: frozenset[int] = frozenset()
    returned_until_fen: frozenset[int] = frozenset()
    debited: set[PayeeId] = field(default_factory=set)
    refunded: set[PayeeId] = field(default_factory=set)

    @property
    def id(self) -> BatchId:
        return self.batch.id

    @cached_property
    def rows(self) -> Sequence[Instruction]:
        return self.read_rows()

    @cached_property
    def single_sums_fen(self) -> frozenset[int]:
        """What one person of the batch may be paid."""
        return frozenset(self.batch.amounts_fen.values())

    @cached_property
    def measure_fen(self) -> int:
        """Every sum of payments of the batch is a multiple of it."""
        return gcd(*self.single_sums_fen)

    def can_be_of(self, amount_fen: int) -> bool:
        """Whether some of the batch's payments can add up to a sum."""
        return bool(self.measure_fen) and amount_fen % self.measure_fen == 0

    @property
    def refundable_fen(self) -> int:
        """What the bank has debited, has said that it is returned, and still has."""
        return max(0, min(self.fen_of(State.RETURNED) - self.refunded_fen, self.held_fen))

    def may_give_back(self, amount_fen: int) -> bool:
        """Whether the bank may give back a sum at once.

        All that is returned and still there, now or by the answers until a day; what one answer
        has returned; or what came back of one file.
        """
        # guard: refund-of-returned
        if not 0 < amount_fen <= self.refundable_fen or not self.can_be_of(amount_fen):
            return False
        if amount_fen == self.refundable_fen or amount_fen in self._answered_fen:
            return True
        return amount_fen in self.fen_of_files(State.RETURNED).values()

    @property
    def refund_sums_fen(self) -> list[int]:
        """Every sum that the bank may give back at once; all of it first."""
        parts_fen = {*self._answered_fen, *self.fen_of_files(State.RETURNED).values()}
        whole_fen = self.refundable_fen
        return [whole_fen, *sorted(part for part in parts_fen if 0 < part < whole_fen)]

    @property
    def _answered_fen(self) -> set[int]:
        """What one answer has returned, and what was still there after the answers of a day."""
        left_fen = {until_fen - self.refunded_fen for until_fen in self.returned_until_fen}
        return left_fen | self.returned_by_result_fen

    @property
    def undebited_fen(self) -> int:
        """What the bank has not taken of all that it was sent, whatever it has answered."""
        debited_fen = self.held_fen + self.fen_of(State.PAID) + self.refunded_fen
        return self.fen_of(None) - debited_fen

    def may_take(self, amount_fen: int) -> bool:
        """Whether the bank may debit a sum at once: of the batch or a file all, or what it paid.

        A bank that takes all gives back afterwards what it has said before was returned. One
        that takes what it pays takes nothing for a file of which everything came back.
        """
        # guard: batch-debited-once
        if not 0 < amount_fen <= self.undebited_fen or not self.can_be_of(amount_fen):
            return False
        if amount_fen == self.fen_of(State.PAID):
            return True
        if amount_fen == self.fen_of(None) > self.fen_of(State.RETURNED):
            return True
        whole_fen, paid_fen = self.fen_of_files(None), self.fen_of_files(State.PAID)
        returned_fen = self.fen_of_files(State.RETURNED)
        return amount_fen in paid_fen.values() or any(
            amount_fen == fen > returned_fen[file] for file, fen in whole_fen.items()
        )

    def is_sum_of(self, amount_fen: int) -> bool:
        """Whether it is all of the batch, or of one of its files."""
        if amount_fen == self.fen_of(None):
            return True
        return self.can_be_of(amount_fen) and amount_fen in self.fen_of_files(None).values()

    def fen_of(self, state: State | None) -> int:
        """What the payments in a state are together; None: all that were sent."""
        return self._sums_fen[state]

    def fen_of_files(self, state: State | None) -> Mapping[str, int]:
        """The same by the bank's file."""
        return self._sums_of_files_fen[state]

    @cached_property
    def _sums_fen(self) -> Counter[State | None]:
        sums_fen: Counter[State | None] = Counter({None: self.batch.amount_fen})
        amounts_fen = self.batch.amounts_fen
        # As good as all are in one of few states, with one of few amounts.
        states = map(self.batch.outcomes.get, amounts_fen)
        alike = Counter(zip(states, amounts_fen.values(), strict=True))
        for (state, amount_fen), count in alike.items():
            sums_fen[state or State.DUE] += amount_fen * count
        return sums_fen

    @cached_property
    def _sums_of_files_fen(self) -> Mapping[State | None, Counter[str]]:
        sums_fen: dict[State | None, Counter[str]] = defaultdict(Counter)
        for row in self.rows:
            sums_fen[None][row.bank_file] += row.amount_fen
            sums_fen[self.batch.outcomes.get(row.payee_id, State.DUE)][row.bank_file] += (
                row.amount_fen
            )
        return sums_fen

    def take(self, amount_fen: int, payee: PayeeId = NO_PAYEE) -> None:
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
    returned_fen = _returned_by_result(books)
    money = {
        name: BatchMoney(
            batch,
            partial(rows_of, batch),
            books.flows.promised_fen.get(name, 0),
            books.flows.held_fen.get(name, 0),
            returned_by_result_fen=frozenset(fen for _day, fen in returned_fen.get(name, ())),
            returned_until_fen=_sums_until(returned_fen.get(name, ())),
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


def _returned_by_result(books: Books) -> dict[BatchId, list[tuple[datetime.date, int]]]:
    """What each result has returned together and its day, by batch, in the order of the books."""
    sums_fen: dict[BatchId, list[tuple[datetime.date, int]]] = {}
    for event in books.history.in_force:
        if event.kind == EventKind.RESULT:
            amounts_fen = books.history.batches[event.batch].amounts_fen
            returned_fen = sum(
                amounts_fen[PayeeId(str(entry.meta["payee-id"]))]
                for entry in event.entries
                if any(posting.account.startswith(RETURNED) for posting in entry.postings)
            )
            sums_fen.setdefault(event.batch, []).append((event.date, returned_fen))
    return sums_fen


def _sums_until(returned_fen: Iterable[tuple[datetime.date, int]]) -> frozenset[int]:
    """What came back until each day together, of the days that have an answer."""
    total_fen = 0
    until_fen: dict[datetime.date, int] = {}
    for day, fen in returned_fen:
        total_fen += fen
        until_fen[day] = total_fen
    return frozenset(until_fen.values())


# An amount of each of some batches, in fen.
Way = tuple[tuple[BatchId, int], ...]
# Two ways are as good as none; so many are kept to be shown.
MOST_WAYS = 8


def lump_refunds(refunding: Sequence[BatchMoney], amount_fen: int) -> list[Way]:
    """The ways in which a sum is the refund of two batches or more, eight at most.

    All that each has had returned comes first; where that does not fit, what one answer of the
    bank or one of its files has returned counts too. ``refunding`` have something to be given
    back, and none of them alone this sum.
    """
    whole_fen = {money.id: money.refundable_fen for money in refunding}
    measure_fen = gcd(*(money.measure_fen for money in refunding))
    if amount_fen > sum(whole_fen.values()) or not measure_fen or amount_fen % measure_fen:
        return []
    return _ways({name: [fen] for name, fen in whole_fen.items()}, amount_fen) or _ways(
        {money.id: money.refund_sums_fen for money in refunding}, amount_fen
    )


def _ways(sums_fen: Mapping[BatchId, Sequence[int]], amount_fen: int) -> list[Way]:
    """The ways to make a sum of at most one of each batch's sums, of two batches or more."""
    ways: dict[int, list[Way]] = {0: [()]}
    for name, parts_fen in sums_fen.items():
        longer: dict[int, list[Way]] = {}
        for fen in parts_fen:
            for total_fen, before in ways.items():
                if total_fen + fen <= amount_fen:
                    found = longer.setdefault(total_fen + fen, [])
                    found += ((*way, (name, fen)) for way in before)
        for total_fen, found in longer.items():
            ways[total_fen] = [*ways.get(total_fen, []), *found][:MOST_WAYS]
    return [way for way in ways.get(amount_fen, []) if len(way) > 1]
