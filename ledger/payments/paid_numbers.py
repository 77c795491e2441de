"""Identity numbers and accounts that money went to, whatever the records say by now.

Who is paid by a number, and then corrected to another one, could be paid again by the first: as
somebody new, or as somebody whose record is corrected to it. So whoever bears a number by which
money is out for somebody else waits until it is decided that they are two.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Protocol
from typing import TypeAlias

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.records import Record
from ledger.base.records import field
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import bare_number
from ledger.model.payees import same_account
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.payments.eligibility import MONEY_OUT
from ledger.registry.distinctions import SameNumber
from ledger.registry.frozen_rows import SentNumbers
from ledger.registry.frozen_rows import numbers_of_batch
from ledger.registry.frozen_rows import rows_paid_before
from ledger.registry.registry import Registry

IDENTITY, ACCOUNT = "identity", "account"
# Whom, by which identity number and account.
Sent: TypeAlias = tuple[PayeeId, str, str]
NOTHING_READ: Mapping[BatchId, Sequence[Sent]] = MappingProxyType({})


class Bearer(Protocol):
    """Whoever has an identity number and an account: a record, a row of a roster, a payment."""

    @property
    def identity(self) -> str: ...

    @property
    def account(self) -> str: ...


def _account(number: str) -> str:
    return same_account(bare_number(number))


# The one spelling in which numbers of a field are compared.
SPELLINGS: Mapping[str, Callable[[str], str]] = {IDENTITY: bare_number, ACCOUNT: _account}


class PaidNumbers(Record):
    """By field and number, in one spelling, for whom money is out by it.

    ``distinct`` are those of whom it was decided that they are two people.
    """

    payees: Mapping[str, Mapping[str, Collection[PayeeId]]] = field(default_factory=dict)
    distinct: AbstractSet[SameNumber] = frozenset()

    def doubts(self, payee: Payee) -> tuple[SameNumber, ...]:
        """Who else was sent money by the numbers of somebody, and nobody has decided it."""
        return tuple(self.doubts_about(payee.payee_id, payee)) if self.payees else ()

    def doubts_about(self, payee: PayeeId, bearer: Bearer) -> Iterator[SameNumber]:
        """The same of the numbers of a row, whoever it is about: ``NO_PAYEE`` for somebody new."""
        for name, by_number in self.payees.items():
            number = SPELLINGS[name](getattr(bearer, name))
            for other in sorted(by_number.get(number, ())):
                pair = SameNumber(payee, name, other, _digest(name, number))
                # guard: distinct-by-decision
                if other != payee and self.distinct.isdisjoint((pair, pair.turned)):
                    yield pair


def paid_numbers(
    history: History,
    registry: Registry,
    bearers: Iterable[tuple[PayeeId, Bearer]],
    on: datetime.date,
    *,
    to_pay: bool = True,
    sent: Mapping[BatchId, Sequence[Sent]] = NOTHING_READ,
) -> PaidNumbers:
    """Of these people's numbers those that money for others went to, and the decisions of a day.

    Who is not registered yet has ``NO_PAYEE``. What is read are the rows as they were sealed; of
    batches that were read already they are ``sent``. Who was paid before these books was paid by
    her identity number. Raises RowsMissing or PaidRowsMissing.
    """
    search = NumberSearch(history, bearers)
    for batch in search.batches:
        search.look_at(batch, sent.get(batch.id) or numbers_of_batch(registry, batch))
    return search.found(registry, on, to_pay=to_pay)


class NumberSearch:
    """A search for the numbers of some people among those by which money is out.

    ``batches`` are those whose numbers it wants to look at.
    """

    def __init__(self, history: History, bearers: Iterable[tuple[PayeeId, Bearer]]) -> None:
        self._history = history
        # Who bears each number, where it is one person alone: that is nothing to doubt.
        self._identities: dict[str, PayeeId] = {}
        self._accounts: dict[str, PayeeId] = {}
        self._found: dict[str, dict[str, set[PayeeId]]] = {}
        self.batches = [
            batch
            for batch in history.batches.values()
            if any(_is_out(history, batch, payee) for payee in batch.outcomes)
        ]
        self._before = [one for one in history.in_force if one.kind is EventKind.PAID_BEFORE]
        if self.batches or self._before:
            for payee, bearer in bearers:
                self._bears(payee, bearer)
        if not self._identities:
            self.batches, self._before = [], []

    def _bears(self, payee: PayeeId, bearer: Bearer) -> None:
        number = bare_number(bearer.identity)
        if self._identities.setdefault(number, payee) != payee:
            self._identities[number] = NO_PAYEE
        number = _account(bearer.account)
        if self._accounts.setdefault(number, payee) != payee:
            self._accounts[number] = NO_PAYEE

    def look_at(self, batch: Batch, numbers: Iterable[Sent]) -> None:
        """Look for them in numbers of a batch."""
        identities, accounts = self._identities, self._accounts
        for payee, identity, account in numbers:
            # An account that begins with no zero is spelled as it is compared.
            number = account if account[:1] > "0" else same_account(account)
            if identity not in identities and number not in accounts:
                continue
            if _is_out(self._history, batch, payee):
                self._note(IDENTITY, identity, payee, identities)
                self._note(ACCOUNT, number, payee, accounts)

    def _note(self, name: str, number: str, payee: PayeeId, bearers: Mapping[str, PayeeId]) -> None:
        if bearers.get(number, payee) != payee:
            self._found.setdefault(name, {}).setdefault(number, set()).add(payee)

    def found(self, registry: Registry, on: datetime.date, *, to_pay: bool) -> PaidNumbers:
        """What was found, with who was paid before the books. Raises PaidRowsMissing."""
        for event in self._before:
            for row in rows_paid_before(registry, event):
                # guard: number-paid-before
                self._note(IDENTITY, bare_number(row.identity), row.payee_id, self._identities)
        if not self._found:
            return PaidNumbers()
        return PaidNumbers(self._found, registry.distinctions.standing(on, to_pay=to_pay))


def doubts_of(
    history: History, registry: Registry, payees: Sequence[Payee], on: datetime.date
) -> list[SameNumber]:
    """Who else was sent money by a number of these people, and nobody has decided it.

    Their numbers are those of their records and, in a batch that was not submitted yet, of their
    rows. Raises RowsMissing.
    """
    ids = {payee.payee_id for payee in payees}
    sent = {
        batch.id: numbers_of_batch(registry, batch)
        for batch in history.batches.values()
        if not ids.isdisjoint(batch.amounts_fen) and batch.is_here
    }
    rows = {row[0]: SentNumbers(*row) for of_batch in sent.values() for row in of_batch}
    bearers: list[tuple[PayeeId, Bearer]] = [(payee.payee_id, payee) for payee in payees]
    bearers += [(payee, row) for payee, row in rows.items() if payee in ids]
    paid = paid_numbers(history, registry, bearers, on, sent=sent)
    doubts = [pair for payee, bearer in bearers for pair in paid.doubts_about(payee, bearer)]
    return [pair for pair in dict.fromkeys(doubts) if not _sent_together(history, rows, pair)]


def may_be_paid(history: History, payee: Payee, *, stages: int) -> bool:
    """Whether she may be owed money in one of so many stages, or waits in a batch that was not
    submitted.
    """
    standings = history.standings_of(payee.payee_id).values()
    waits_here = any(
        one.state == State.IN_BANK and history.batches[one.batch].submitted is None
        for one in standings
    )
    is_owed = len(standings) < stages or any(one.state not in MONEY_OUT for one in standings)
    return waits_here or (payee.active and is_owed)


def _sent_together(history: History, rows: Mapping[PayeeId, SentNumbers], pair: SameNumber) -> bool:
    """Whether both stand in one batch with the number, as it was made and looked at."""
    both = [rows[payee] for payee in (pair.payee, pair.other) if payee in rows]
    spelling = SPELLINGS[pair.field]
    return (
        len(both) == 2
        and not _batches(history, pair.payee).isdisjoint(_batches(history, pair.other))
        and {_digest(pair.field, spelling(getattr(row, pair.field))) for row in both}
        == {pair.number}
    )


def _batches(history: History, payee: PayeeId) -> set[BatchId]:
    return {standing.batch for standing in history.standings_of(payee).values()}


def _digest(name: str, number: str) -> Digest:
    return digest(f"{name} {number}".encode())


def _is_out(history: History, batch: Batch, payee: PayeeId) -> bool:
    """Whether money of a batch is out for somebody, or may be: what came back and is disputed."""
    state = batch.outcomes.get(payee)
    if state in MONEY_OUT:  # guard: number-of-money-out
        return True
    if state != State.RETURNED:
        return False
    back = history.standings[batch.stage][payee].returned
    released = payee in history.releases_in(batch.stage)
    return back is not None and back.disputed and not released  # guard: number-of-disputed
