"""Addresses of Fava's own pages, where the entries behind a figure are."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from beancount.core import data

from ledger.accounts import PAYABLES
from ledger.books import Books
from ledger.execution import FundStatus
from ledger.execution import LineStatus
from ledger.rules import Fund

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

    def received(self, fund: FundStatus) -> str:
        return self.account(self.fund(fund.code).income)

    def paid(self, line: LineStatus) -> str:
        """Expenses of the line, less what stands in payables for those who are paid by it."""
        expenses = self._account_of(line)
        parts = [f"account ~ '^{expenses}(:|$)'"]
        if line.spent != line.paid:
            component = self.fund(line.fund).component
            parts.append(f"account ~ '^{PAYABLES}:[^:]+:{component}:'")
        return self.query(
            f"SELECT account, sum(number) AS number WHERE ({' OR '.join(parts)})"
            f" AND date <= {self.on} GROUP BY account ORDER BY account"
        )

    def budget(self, line: LineStatus) -> str:
        """The newest rule about the line, in the file of the rules."""
        account = self._account_of(line)
        for entry in reversed(self.books.entries):
            if not isinstance(entry, data.Custom) or entry.type != "census-budget":
                continue
            values = entry.values or []
            if values and values[0].value == account:
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
