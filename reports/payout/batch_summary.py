"""A batch in figures: by town, by fund, by bank file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeVar

from ledger.base.records import Record
from ledger.model.ids import FundCode
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction

Code = TypeVar("Code", bound=str)


class Share(Record):
    """A part of a batch: payments and their amount."""

    name: str
    people: int
    amount_fen: int


class TownShare(Record):
    """A town's part of a batch; ``roles`` are its people by role, ``fund_fen`` is the amount of
    each fund, by code. Amounts are what the bank carries; ``tax_fen`` was withheld besides, and
    ``deduction_fen`` taken off before.
    """

    code: TownCode
    name: str
    roles: Counter[str]
    people: int
    fund_fen: Mapping[FundCode, int]
    amount_fen: int
    tax_fen: int
    deduction_fen: int


def by_town(rows: Sequence[Instruction]) -> list[TownShare]:
    """The towns that are paid, in the order of their codes."""
    groups = _grouped(rows, lambda row: row.town)
    return [_town_share(code, groups[code]) for code in sorted(groups)]


def _town_share(code: TownCode, rows: Sequence[Instruction]) -> TownShare:
    return TownShare(
        code=code,
        name=rows[0].town_name,
        roles=Counter(row.role for row in rows),
        people=len(rows),
        fund_fen={
            fund: _amount_fen(part) for fund, part in _grouped(rows, lambda r: r.fund).items()
        },
        amount_fen=_amount_fen(rows),
        tax_fen=sum(row.tax_fen for row in rows),
        deduction_fen=sum(row.deduction_fen for row in rows),
    )


def by_fund(rows: Sequence[Instruction], funds: Mapping[FundCode, str]) -> dict[FundCode, Share]:
    """The funds that pay, by code: in the order of ``funds`` (code to name), others after them."""
    groups = _grouped(rows, lambda row: row.fund)
    codes = [code for code in funds if code in groups]
    codes += sorted(groups.keys() - set(codes))
    return {
        code: Share(funds.get(code, code), len(groups[code]), _amount_fen(groups[code]))
        for code in codes
    }


def by_bank_file(rows: Sequence[Instruction]) -> list[Share]:
    """The bank files in the order of their names; payments in none under an empty name."""
    groups = _grouped(rows, lambda row: row.bank_file)
    return [Share(name, len(groups[name]), _amount_fen(groups[name])) for name in sorted(groups)]


def reissued(rows: Sequence[Instruction]) -> Share:
    """What is paid again after the bank returned it."""
    again = [row for row in rows if row.reissue]
    return Share("退回重发", len(again), _amount_fen(again))


def _grouped(
    rows: Sequence[Instruction], key: Callable[[Instruction], Code]
) -> dict[Code, list[Instruction]]:
    groups: dict[Code, list[Instruction]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _amount_fen(rows: Sequence[Instruction]) -> int:
    return sum(row.amount_fen for row in rows)
