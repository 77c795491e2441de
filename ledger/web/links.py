"""Addresses: of our own pages, which keep the day, and of Fava's, where the entries are."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import quote
from urllib.parse import urlencode

from beancount.core import data

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.figures.budget_execution import LineStatus
from ledger.model.accounts import PAYABLES
from ledger.model.ids import FundCode
from ledger.model.ids import PayeeId
from ledger.model.rules import Fund
from ledger.web.views import View

FAVA = "/books/ledger"
ENTRIES = f"{FAVA}/income_statement/"
ERRORS = f"{FAVA}/errors/"


def address(path: str, **query: str) -> str:
    """A path with a query, of which what is empty is left out."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


class Links(Record, dict=True):
    """Links into Fava of a page about the books as of a day.

    ``until`` is Fava's filter of time up to that day, empty where the books have nothing later.
    """

    books: Books
    on: datetime.date
    until: str

    @classmethod
    def of(cls, view: View) -> Links:
        first = view.whole.entries[0].date if view.is_cut else view.on
        until = f"{min(first, view.on)} - {view.on}" if view.is_cut else ""
        return cls(view.whole, view.on, until)

    def account(self, name: str) -> str:
        return address(f"{FAVA}/account/{quote(name, safe='')}/", time=self.until)

    def query(self, text: str) -> str:
        """The page of queries with a query in it."""
        return address(f"{FAVA}/query/", query_string=text)

    def person(self, payee: PayeeId) -> str:
        """Everything that happened to one person."""
        return address(f"{FAVA}/journal/", filter=f"^{payee}", time=self.until)

    def spent(self, line: LineStatus) -> str:
        return self.account(self._account_of(line))

    def paid(self, line: LineStatus) -> str:
        """Expenses of the line, less what stands in payables for those who are paid by it."""
        payables = [self.fund(line.fund)] if line.spent_fen != line.paid_fen else []
        return self._sum_of([f"^{self._account_of(line)}(:|$)", *map(_payables_of, payables)])

    def fund_received(self, fund: Fund) -> str:
        return self.account(fund.income)

    def fund_spent(self, fund: Fund) -> str:
        return self.account(fund.expenses)

    def fund_paid(self, fund: Fund) -> str:
        return self._sum_of([f"^{fund.expenses}:", _payables_of(fund)])

    def received(self) -> str:
        """What all funds have received."""
        return self._sum_of([f"^{fund.income}(:|$)" for fund in self.books.rules.funds], sign="-")

    def all_spent(self) -> str:
        return self._sum_of([f"^{fund.expenses}:" for fund in self.books.rules.funds])

    def all_paid(self) -> str:
        funds = self.books.rules.funds
        return self._sum_of(
            [f"^{fund.expenses}:" for fund in funds] + list(map(_payables_of, funds))
        )

    def _sum_of(self, accounts: Sequence[str], *, sign: str = "") -> str:
        """The page of queries with what some accounts hold, given by patterns."""
        chosen = " OR ".join(f"account ~ '{pattern}'" for pattern in accounts)
        return self.query(
            f"SELECT account, sum({sign}number) AS number WHERE ({chosen})"
            f" AND date <= {self.on} GROUP BY account ORDER BY account"
        )

    def budget(self, line: LineStatus) -> str:
        """The newest rule about the line's budget, in the file of the rules."""
        return self._rule("census-budget", 0, line)

    def committed(self, line: LineStatus) -> str:
        """The newest contract that takes money of the line."""
        return self._rule("census-commitment", 1, line) if line.committed_fen else ""

    def _rule(self, kind: str, place: int, line: LineStatus) -> str:
        """The newest rule of a kind whose value at a place is the line's account."""
        account, folder = self._account_of(line), self.books.folder.resolve()
        for entry in self._rules:
            values, file = entry.values or [], Path(entry.meta["filename"])
            if (
                entry.type == kind
                and len(values) > place
                and values[place].value == account
                and file.is_relative_to(folder)
            ):
                return address(
                    f"{FAVA}/editor/",
                    file_path=file.relative_to(folder).as_posix(),
                    line=str(entry.meta["lineno"]),
                )
        return self.account(account)

    @cached_property
    def _rules(self) -> list[data.Custom]:
        """The rules up to the day, the newest first."""
        return [
            entry
            for entry in reversed(self.books.entries)
            if isinstance(entry, data.Custom) and entry.date <= self.on
        ]

    def _account_of(self, line: LineStatus) -> str:
        return f"{self.fund(line.fund).expenses}:{line.code}{line.name}"

    def fund(self, code: FundCode) -> Fund:
        """A fund by its code."""
        fund = self.books.rules.fund(code)
        assert fund is not None, "a line is of a fund of the rules"
        return fund


def _payables_of(fund: Fund) -> str:
    return f"^{PAYABLES}:[^:]+:{fund.component}:"
