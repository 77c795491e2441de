"""A printed monthly report held against bean-query, and against what ``status`` says."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import NamedTuple

from tests.support.monthly_by_query import Expected
from tests.support.monthly_text import Printed


def printed(books: Path, month: str) -> Printed:
    return Printed(books / "reports" / f"{month}-经费预算执行情况月报.pdf")


def require_as_queried(paper: Printed, expected: Expected, year_gone: str) -> None:
    """Every figure of the table and of the headline is the one that bean-query finds."""
    *funds, (whole, _none) = paper.funds
    everything: list[tuple[str, str]] = []
    by_fund: list[OfFund] = []
    for code, (sums, rows) in zip(("01", "02"), funds, strict=True):
        lines = sorted(line for line in {*expected.adjusted, *expected.spent} if line[0] == code)
        assert sorted(rows) == [line for _fund, line in lines]
        for line in lines:
            assert rows[line[1]].amounts == expected.row(line), line
            require_rates(rows[line[1]].rate, rows[line[1]].time, expected.row(line), year_gone)
        received = expected.received.get(code, Decimal(0))
        if lines:
            initial, adjusted, *others = expected.sums(lines)
            assert sums.amounts == [initial, adjusted, received, *others]
            by_fund.append(OfFund(adjusted, received, others[-1]))
        everything += lines
    initial, adjusted, *others = expected.sums(everything)
    received = sum(expected.received.values(), Decimal(0))
    assert whole.amounts == [initial, adjusted, received, *others]
    require_rates(whole.rate, whole.time, [initial, adjusted, *others], year_gone)
    in_month, _year, paid, unpaid, remaining = others
    interest, in_month_interest = expected.interest
    undrawn = sum(
        (max(Decimal(0), min(row.adjusted - row.received, row.remaining)) for row in by_fund),
        Decimal(0),
    )
    said = dict(paper.headline)
    del said["代发待扣款"]
    assert said == {
        label: (yuan, in_wan(yuan))
        for label, yuan in [
            ("预算总额", adjusted), ("已到位", received), ("已支付", paid),
            ("已列支未支付", unpaid), ("结余（预算指标）", remaining),
            ("尚未到位", undrawn), ("已到位可用", remaining - undrawn),
            ("银行存款余额", expected.bank), ("利息收入累计", interest),
            ("本月利息", in_month_interest),
        ]
    }  # fmt: skip
    assert paper.rates == (whole.rate, whole.time)
    assert (paper.sum_of("支付") or 0) == in_month
    assert (paper.sum_of("到账") or 0) == expected.received_in_month


class OfFund(NamedTuple):
    """What of a fund its balance is split by."""

    adjusted: Decimal
    received: Decimal
    remaining: Decimal


def require_rates(rate: str, time: str, row: list[Decimal], year_gone: str) -> None:
    """Paid of the adjusted budget; a dash where there is none."""
    if not row[1]:
        assert (rate, time) == ("—", "—")
        return
    assert rate == f"{(row[4] / row[1] * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
    assert time == year_gone


def in_wan(yuan: Decimal) -> str:
    return f"{(yuan / 10000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def year_gone(month: str) -> str:
    year, number = map(int, month.split("-"))
    after = datetime.date(year + number // 12, number % 12 + 1, 1)
    days = Decimal((after - datetime.date(year, 1, 1)).days)
    whole = (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days
    return f"{(days / whole * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def require_as_status(status: Any, paper: Printed) -> None:
    """Budget, lines, funds and towns are those of ``status`` on that day."""
    budget = status["budget"]
    said = {label: str(yuan) for label, (yuan, _wan) in paper.headline.items()}
    assert (
        said
        | {
            "预算总额": budget["total"],
            "已到位": budget["received"],
            "已支付": budget["paid"],
            "已列支未支付": str(Decimal(budget["spent"]) - Decimal(budget["paid"])),
            "结余（预算指标）": budget["remaining"],
            "银行存款余额": status["cash"]["bank"],
            "代发待扣款": status["cash"]["promised"],
        }
        == said
    )
    for fund, (sums, rows) in zip(status["funds"], paper.funds, strict=False):
        lines = [line for line in status["lines"] if line["fund"] == fund["code"]]
        assert {
            line["code"]: (line["budget"], line["paid"], line["remaining"]) for line in lines
        } == {
            code: (str(row.amounts[1]), str(row.amounts[4]), str(row.amounts[6]))
            for code, row in rows.items()
        }
        assert (fund["budget"], fund["received"], fund["paid"]) == (
            str(sums.amounts[1]),
            str(sums.amounts[2]),
            str(sums.amounts[5]),
        )
    fields = ("registered", "paid", "in_bank", "returned", "unknown", "due")
    assert paper.towns == {
        town["name"]: [town[field] for field in fields]
        for town in status["towns"]
        if town["registered"]
    }


def last_day(month: str) -> str:
    year, number = map(int, month.split("-"))
    after = datetime.date(year + number // 12, number % 12 + 1, 1)
    return str(after - datetime.timedelta(days=1))
