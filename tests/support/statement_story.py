"""A made-up year on an office's account, for tests of statements: who paid what, and why."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.base.money import plain

ACCOUNT = "91370481000000001234"
OWNER = "滕州市第七次全国人口普查领导小组办公室"
OPENING_FEN = 12_345_67


@dataclass(frozen=True)
class Moved:
    """One movement; what came in is above zero."""

    when: datetime.datetime
    fen: int
    who: str
    account: str
    summary: str
    use: str
    remark: str
    serial: str
    balance_fen: int = 0
    reversal: bool = False

    @property
    def is_in_column(self) -> bool:
        """Whether a statement with two columns has it in the one of money in."""
        return (self.fen > 0) is not self.reversal


@dataclass(frozen=True)
class Shown:
    """What a layout shows of a line beside day and amount."""

    times: bool = True
    balances: bool = True
    accounts: bool = True
    texts: tuple[str, ...] = ("summary", "use", "remark")
    serials: bool = False


_PEOPLE = ("滕州市财政局", "滕州农商行", "张三", "李四（退汇）", "某某印刷有限公司", "")
_WHY = (
    ("拨款", "普查经费", "滕财预2020"),
    ("手续费", "代发手续费", ""),
    ("代发", "两员补助", "B2020-001"),
    ("退汇", "户名不符", "两员补助"),
    ("转账", "印刷费", "合同C-2020-07"),
    ("结息", "", ""),
)


def story(lines: int = 12, *, reversals: bool = False) -> list[Moved]:
    """So many movements, one of them of 0.00, on days that several may share."""
    when = datetime.datetime(2020, 11, 2, 9, 5, 7)
    balance = OPENING_FEN
    moved: list[Moved] = []
    for number in range(lines):
        kind = number % len(_PEOPLE)
        fen = (100_000_00, -12_50, -1_234_00, 800_00, -56_789_01, 3)[kind] + number * 11
        if number == 5:  # a tax on interest
            fen = 0
        reversal = reversals and number in (7, 8)
        if reversal:
            fen = -fen
        balance += fen
        summary, use, remark = _WHY[kind]
        moved.append(
            Moved(
                when=when,
                fen=fen,
                who=_PEOPLE[kind],
                account=f"62152100{number:011d}" if kind in (2, 3, 4) else "",
                summary=summary,
                use=use,
                remark=remark,
                serial=f"{when:%m%d}{number:06d}",
                balance_fen=balance,
                reversal=reversal,
            )
        )
        when += datetime.timedelta(hours=5 + 13 * (number % 3), minutes=7, seconds=number)
    return moved


def golden(lines: Sequence[Moved], shown: Shown) -> str:
    """What a reader should make of them: how many, and one line for each that is not 0.00."""
    kept = [line for line in lines if line.fen]
    return "\n".join([f"{len(kept)} lines", *(golden_line(line, shown) for line in kept)]) + "\n"


def golden_line(line: Moved, shown: Shown) -> str:
    texts = dict.fromkeys(getattr(line, name) for name in shown.texts)
    fields = (
        line.when.strftime("%Y-%m-%d"),
        line.when.strftime("%H:%M:%S") if shown.times else "",
        plain(line.fen),
        plain(line.balance_fen) if shown.balances else "",
        line.who.replace("（", "(").replace("）", ")"),
        line.account if shown.accounts else "",
        " ".join(filter(None, texts)),
        line.serial if shown.serials else "",
    )
    return " | ".join(fields).rstrip()
