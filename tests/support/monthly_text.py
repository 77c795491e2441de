"""A monthly report read back from its PDF, as a reader copies figures out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.support.pdf_text import by_pypdf

AMOUNT = r"-?[\d,]+\.\d\d"
FIGURES = rf"((?: (?:{AMOUNT}))+) (\S+) (\S+)"
LINE_ROW = re.compile(rf"^(\d{{5}}|2307) (\S+){FIGURES}$", re.MULTILINE)
SUM_ROW = re.compile(rf"^(\S+ 小计|合计){FIGURES}$", re.MULTILINE)
TOWN_ROW = re.compile(r"^(\S+[镇道])((?: [\d,]+){6})$", re.MULTILINE)
HEADLINE = re.compile(rf"^(?:其中：|减：)?(\S+) ({AMOUNT}) ({AMOUNT})$", re.MULTILINE)


@dataclass(frozen=True)
class PrintedRow:
    """A row of the table: the amounts as they stand, execution rate and time gone."""

    name: str
    amounts: list[Decimal]
    rate: str
    time: str


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


class Printed:
    """The texts of a statement, page by page, and what stands in them."""

    def __init__(self, path: Path) -> None:
        self.pages = by_pypdf(path)
        self.text = "\n".join(self.pages)
        self.words = "".join(self.text.split())

    @property
    def headline(self) -> dict[str, tuple[Decimal, str]]:
        """Yuan and 万元 by label, without the words that say how it follows from the others."""
        return {label: (amount(yuan), wan) for label, yuan, wan in HEADLINE.findall(self.pages[0])}

    @property
    def rates(self) -> tuple[str, str]:
        """执行率 and 序时进度 of the headline."""
        (found,) = re.findall(r"^执行率 (\S+) 序时进度 (\S+)$", self.text, re.MULTILINE)
        return found[0], found[1]

    @property
    def funds(self) -> list[tuple[PrintedRow, dict[str, PrintedRow]]]:
        """The sum of each fund and its lines by code; the sum of all is the last, of no lines."""
        found: list[tuple[PrintedRow, dict[str, PrintedRow]]] = []
        lines: dict[str, PrintedRow] = {}
        for row in self.text.splitlines():
            if (match := LINE_ROW.match(row)) is not None:
                code, name, figures, rate, time = match.groups()
                lines[code] = PrintedRow(name, list(map(amount, figures.split())), rate, time)
            elif (match := SUM_ROW.match(row)) is not None:
                name, figures, rate, time = match.groups()
                sums = PrintedRow(name, list(map(amount, figures.split())), rate, time)
                found.append((sums, lines))
                lines = {}
        return found

    @property
    def towns(self) -> dict[str, list[int]]:
        """在册 已支付 代发中 退回 待查 未发 by the town's name."""
        return {
            name: [int(count.replace(",", "")) for count in counts.split()]
            for name, counts in TOWN_ROW.findall(self.text)
        }

    def sum_of(self, kind: str) -> Decimal | None:
        """What the changes of a kind (到账, 支付, 预算) come to."""
        found = re.search(rf"^本月{kind}合计 ({AMOUNT})$", self.text, re.MULTILINE)
        return amount(found[1]) if found else None
