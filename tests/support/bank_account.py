"""The office's account at a bank, and the statements that it exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledger.base.money import plain
from tests.support.office import Answer
from tests.support.office import Office

HEADINGS = (
    "交易日期", "对方户名", "收入金额", "支出金额", "余额", "对方账号", "摘要", "交易流水号",
)  # fmt: skip
FINANCE_BUREAU = "滕州市财政局"


@dataclass(frozen=True)
class Movement:
    """A line of the account; ``yuan`` is what came in, below zero what went out."""

    on: str
    yuan: str
    who: str = ""
    text: str = ""
    account: str = ""
    balance_fen: int = 0
    serial: str = ""

    @property
    def amount_fen(self) -> int:
        sign = -1 if self.yuan.startswith("-") else 1
        whole, _point, part = self.yuan.lstrip("-").partition(".")
        return sign * (int(whole) * 100 + int((part + "00")[:2]))


@dataclass
class Account:
    """The account; the bank numbers its lines."""

    opening_fen: int = 0
    lines: list[Movement] = field(default_factory=list)

    def move(self, on: str, yuan: str, who: str = "", text: str = "", account: str = "") -> None:
        line = Movement(on, yuan, who, text, account, 0, f"S{len(self.lines) + 1:05d}")
        before = self.lines[-1].balance_fen if self.lines else self.opening_fen
        self.lines.append(replace(line, balance_fen=before + line.amount_fen))

    def statement(
        self,
        path: Path,
        since: str = "",
        until: str = "9999",
        *,
        newest_first: bool = False,
        change: Callable[[list[Movement]], object] | None = None,
    ) -> Path:
        """Export the lines of these days; ``change`` is what somebody does to the file."""
        lines = [line for line in self.lines if since <= line.on <= until]
        if change is not None:
            change(lines)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADINGS)
        writer.writerows(map(_cells, reversed(lines) if newest_first else lines))
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        return path


def _cells(line: Movement) -> Sequence[str]:
    amount = plain(abs(line.amount_fen))
    into, out = (amount, "") if line.amount_fen > 0 else ("", amount)
    return (
        line.on, line.who, into, out, plain(line.balance_fen), line.account, line.text, line.serial,
    )  # fmt: skip


def a_year() -> Account:
    """A year of ordinary lines."""
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "拨付普查经费")
    account.move("2020-06-20", "1525.40", "", "结息")
    account.move("2020-07-01", "-12.50", "", "网银汇款手续费")
    account.move("2020-11-05", "3280000.00", "枣庄市统计局", "上级补助 两员补助资金")
    account.move("2020-11-05", "-66.00", "某某商店", "货款")
    return account


def funded_account() -> Account:
    """An account into which the finance bureau has paid the money of the census."""
    account = Account()
    account.move("2020-05-08", "1220000.00", FINANCE_BUREAU, "普查经费")
    return account


def take_statement(
    office: Office, account: Account, since: str = "", until: str = "9999", name: str = "流水.csv"
) -> Answer:
    """Export the account and import the statement."""
    path = account.statement(office.folder.with_name(name), since, until)
    return office.run("import", path, "--json")


def statement_taken(office: Office, account: Account) -> Any:
    """What becomes of a statement of the account as it stands."""
    answer = take_statement(office, account, name=f"{len(account.lines)}.csv")
    assert answer.status == 0, answer.err
    return answer.json["files"][0]
