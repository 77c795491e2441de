"""Whom each row of a list is about, and whether these books can take that she was paid.

Whatever is in doubt goes back: nobody is paid, or counted as paid, on a guess.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from importers.paid_before.payments_file import PaymentRow
from importers.paid_before.payments_file import PaymentsFile
from importers.paid_before.payments_file import PaymentTable
from importers.paid_before.problems import PaymentProblem
from importers.tables.cell_text import person_name
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.months import first_open_day
from ledger.model.payees import Payee
from ledger.model.payees import bare_number
from ledger.model.recorded_rates import recorded_rate
from ledger.model.rules import Rate
from ledger.model.transitions import State
from ledger.payments.amount_owed import paid_before_bounds


class MatchedPayment(NamedTuple):
    """A row, the person whom it is about, and the rate by which she was owed it."""

    row: PaymentRow
    payee: Payee
    day: datetime.date
    amount_fen: int
    rate: Rate


class Judged(Record):
    """Every row of a list: one that can be entered, or one that goes back with its problems."""

    payments: tuple[MatchedPayment, ...]
    rejected: tuple[tuple[PaymentTable, PaymentRow], ...]
    problems: tuple[PaymentProblem, ...]


class Judge(Record):
    """Holds rows against the books on a day; ``taken`` are people of lists before this one."""

    books: Books
    payees: Sequence[Payee]
    stage: StageCode
    today: datetime.date
    taken: Collection[PayeeId] = ()

    def judge(self, file: PaymentsFile) -> Judged:
        """What can be entered of a list, and what is wrong with the rest."""
        unread = {(one.sheet, one.row) for one in file.problems}
        people = _People(self.payees)
        named = [
            payee
            for table in file.tables
            for row in table.rows
            if (payee := people.of(row)) is not None
        ]
        times = Counter(payee.payee_id for payee in named)
        payments: list[MatchedPayment] = []
        rejected: list[tuple[PaymentTable, PaymentRow]] = []
        problems = list(file.problems)
        for table in file.tables:
            for row in table.rows:
                faults: list[PaymentProblem] = []
                if (row.sheet, row.row) not in unread:
                    faults = list(self._faults(table, row, people, times))
                    if not faults:
                        payments.append(self._matched(row, people))
                        continue
                problems += faults
                rejected.append((table, row))
        order = {table.sheet: place for place, table in enumerate(file.tables)}
        problems.sort(key=lambda one: (order[one.sheet], one.row))
        return Judged(tuple(payments), tuple(rejected), tuple(problems))

    def _matched(self, row: PaymentRow, people: _People) -> MatchedPayment:
        payee = people.of(row)
        assert payee is not None and row.day is not None and row.amount_fen is not None
        rate = self.books.rules.rate(payee.role, row.day, self.stage)
        assert rate is not None, "a row without a rate goes back"
        return MatchedPayment(row, payee, row.day, row.amount_fen, rate)

    def _faults(
        self,
        table: PaymentTable,
        row: PaymentRow,
        people: _People,
        times: Mapping[PayeeId, int],
    ) -> Iterator[PaymentProblem]:
        who = "identity" if row.identity else "payee_id"
        payee = people.of(row)
        if payee is None:  # guard: paid-before-registered
            yield table.problem(row, who, "not_registered")
            return
        if people.contradict(row):  # guard: paid-before-one-number
            yield table.problem(row, "payee_id", "other_person")
            return
        # guard: paid-before-her-name
        if row.name not in map(person_name, (payee.legal_name, payee.bank_name)):
            yield table.problem(row, "name", "other_name")
        if times[payee.payee_id] > 1 or payee.payee_id in self.taken:  # guard: paid-before-once
            yield table.problem(row, who, "twice")
        yield from self._faults_by_history(table, row, payee)
        yield from self._faults_by_rules(table, row, payee)

    def _faults_by_history(
        self, table: PaymentTable, row: PaymentRow, payee: Payee
    ) -> Iterator[PaymentProblem]:
        assert row.day is not None
        history = self.books.history
        standing = history.standings_in(self.stage).get(payee.payee_id)
        if standing is not None and standing.state is not State.DUE:  # guard: paid-before-not-paid
            since = str(standing.since)
            yield table.problem(row, "name", "paid_already", payee=payee.payee_id, since=since)
        elif standing is not None and row.day < standing.since:
            since = str(standing.since)
            yield table.problem(row, "date", "later_event", payee=payee.payee_id, since=since)
        first = min((one.date for one in history.batches.values() if not one.voided), default=None)
        if row.day > self.today:  # guard: paid-before-today
            yield table.problem(row, "date", "day_ahead")
        elif first is not None and row.day >= first:  # guard: paid-before-first-batch
            yield table.problem(row, "date", "books_at_work", day=str(first))
        if row.day < first_open_day(history.closed):  # guard: paid-before-month-open
            yield table.problem(row, "date", "month_closed")

    def _faults_by_rules(
        self, table: PaymentTable, row: PaymentRow, payee: Payee
    ) -> Iterator[PaymentProblem]:
        assert row.day is not None and row.amount_fen is not None
        rules, day = self.books.rules, row.day
        if payee.town not in self.books.programme.by_code:
            yield table.problem(row, "name", "town_unknown", payee=payee.payee_id)
        if not any(fund.date <= day for fund in rules.funds):  # guard: paid-before-fund-begun
            yield table.problem(row, "date", "before_fund")
            return
        rate = rules.rate(payee.role, day, self.stage)
        if rate is None:
            yield table.problem(row, "date", "no_rate", role=payee.role)
            return
        done = self.books.history.work.get(self.stage, {}).get(payee.payee_id)
        least_fen, most_fen = paid_before_bounds(recorded_rate(rate, rules), done)
        if most_fen is None:  # guard: paid-before-bounded
            yield table.problem(row, "amount", "no_bound", role=payee.role)
        elif not least_fen <= row.amount_fen <= most_fen:  # guard: paid-before-as-owed
            code = "above_rate" if row.amount_fen > most_fen else "below_rate"
            most = grouped(most_fen)
            code = code if done is None else "other_work"
            yield table.problem(row, "amount", code, rate=most, role=payee.role)
        limit = rules.limit(payee.role, day)
        incomes = self.books.history.incomes.get(payee.payee_id, ())
        total_fen = row.amount_fen + sum(one.gross_fen for one in incomes)
        if limit is not None and total_fen > limit.amount_fen:  # guard: paid-before-in-the-limit
            most = grouped(limit.amount_fen)
            yield table.problem(row, "amount", "above_limit", limit=most, role=payee.role)


class _People:
    """Who is registered, by identity number and by id."""

    def __init__(self, payees: Sequence[Payee]) -> None:
        known = [payee for payee in payees if not payee.withdrawn]
        self._by_identity = {bare_number(payee.identity): payee for payee in known}
        self._by_id = {payee.payee_id: payee for payee in known}

    def of(self, row: PaymentRow) -> Payee | None:
        """Whom a row is about: by her identity number where it has one."""
        if row.identity:
            return self._by_identity.get(row.identity)
        return self._by_id.get(PayeeId(row.payee_id))

    def contradict(self, row: PaymentRow) -> bool:
        """Whether the number and the id of a row are not one person's."""
        if not (row.identity and row.payee_id):
            return False
        return self.of(row) != self._by_id.get(PayeeId(row.payee_id))
