"""Addresses of Fava's own pages, where the entries behind a figure are."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from beancount.core import data

from ledger.books.books import Books
from ledger.figures.budget_execution import LineStatus
from ledger.model.accounts import PAYABLES
from ledger.model.rules import Fund

# url_for of Fava, which keeps the filters of the page that the link stands on.
UrlFor = Callable[..., str]


@dataclass(frozen=True)
class Links:
    """Links of a page about the books as of a day."""

    url_for: UrlFor
    books: Books
    on: datetime.date

    def account(self, name: str) -> str:
        return self.url_for("account", name=name)

    def query(self, text: str) -> str:
        """The page of queries with a query in it."""
        return self.url_for("report", report_name="query", query_string=text)

    def person(self, payee: str) -> str:
        """Everything that happened to one person."""
        return self.url_for("report", report_name="journal", filter=f"^{payee}")

    def spent(self, line: LineStatus) -> str:
        return self.account(self._account_of(line))

    def paid(self, line: LineStatus) -> str:
        """Expenses of the line, less what stands in payables for those who are paid by it."""
        payables = [self.fund(line.fund)] if line.spent != line.paid else []
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
        return self._rule("census-commitment", 1, line) if line.committed else ""

    def _rule(self, kind: str, place: int, line: LineStatus) -> str:
        """The newest rule of a kind whose value at a place is the line's account."""
        account = self._account_of(line)
        for entry in reversed(self.books.entries):
            if not isinstance(entry, data.Custom) or entry.type != kind:
                continue
            values = entry.values or []
            if len(values) > place and values[place].value == account:
                return self.url_for(
                    "report",
                    report_name="editor",
                    file_path=entry.meta["filename"],
                    line=str(entry.meta["lineno"]),
                )
        return self.account(account)

    def _account_of(self, line: LineStatus) -> str:
        return f"{self.fund(line.fund).expenses}:{line.code}{line.name}"

    def fund(self, code: str) -> Fund:
        """A fund by its code."""
        fund = self.books.rules.fund(code)
        assert fund is not None, "a line is of a fund of the rules"
        return fund


def _payables_of(fund: Fund) -> str:
    return f"^{PAYABLES}:[^:]+:{fund.component}:"
