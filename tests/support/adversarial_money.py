"""The adversarial bank's money: debits and refunds, as entries that a liaison types by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from random import Random

from samples.bank_upload import SentRow

TRANSIT = "Assets:1021其他货币资金:01代发在途"
BANK = "Assets:1002银行存款:01滕州农商行"
Key = tuple[str, int]


@dataclass(frozen=True)
class Movement:
    """A line of the bank's statement: fen by batch, debited or (``refund``) given back.

    ``number`` is the line's serial number: equal amounts of one day are different lines.
    """

    number: int
    refund: bool
    fen_by_batch: Mapping[str, int]

    @property
    def fen(self) -> int:
        return sum(self.fen_by_batch.values())

    def entry(self, on: str) -> str:
        if self.refund:
            return refund_entry(self.fen_by_batch, on, number=self.number)
        [(batch, fen)] = self.fen_by_batch.items()
        return debit_entry(batch, fen, on, number=self.number)


def debit_entry(batch: str, fen: int, on: str, *, number: int = 1) -> str:
    """The bank takes money for a batch."""
    return _entry(f"代发扣款 第{number}笔", {batch: fen}, on)


def refund_entry(fen_by_batch: Mapping[str, int], on: str, *, number: int = 1) -> str:
    """The bank gives back what it could not pay, in one sum for any number of batches."""
    return _entry(f"代发退款 第{number}笔", {b: -fen for b, fen in fen_by_batch.items()}, on)


def _entry(what: str, fen_by_batch: Mapping[str, int], on: str) -> str:
    links = "".join(f" ^{batch}" for batch in fen_by_batch)
    lines = [f'{on} * "滕州农商行" "{what}"{links}']
    for batch, fen in fen_by_batch.items():
        lines += [f"  {TRANSIT}  {_yuan(fen)} CNY", f'    batch: "{batch}"']
    lines.append(f"  {BANK}  {_yuan(-sum(fen_by_batch.values()))} CNY")
    return "\n".join(lines) + "\n"


def _yuan(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


@dataclass
class Till:
    """What the bank has taken and given back, payment by payment.

    ``per_person``: a line a payment; else a line an upload file.
    """

    per_person: bool
    debited: set[Key] = field(default_factory=set)
    refunded: set[Key] = field(default_factory=set)
    lines: int = 0

    def debit(
        self, due: Mapping[str, list[SentRow]], random: Random, *, everything: bool
    ) -> list[Movement]:
        """Take what is due, by batch; only some of it for now unless ``everything``."""
        movements = []
        for batch, rows in due.items():
            groups: dict[object, list[SentRow]] = {}
            for row in rows:
                groups.setdefault(row.key if self.per_person else row.file, []).append(row)
            for group in groups.values():
                if everything or random.random() < 0.5:
                    self.debited |= {row.key for row in group}
                    movements.append(self._line(False, {batch: sum(row.fen for row in group)}))
        return movements

    def refund(
        self, due: Mapping[str, list[SentRow]], random: Random, *, everything: bool
    ) -> list[Movement]:
        """Give back what is due: payment by payment, batch by batch, or all in one sum."""
        chosen = {
            batch: [row for row in rows if everything or random.random() < 0.5]
            for batch, rows in due.items()
        }
        self.refunded |= {row.key for rows in chosen.values() for row in rows}
        sums = {batch: sum(row.fen for row in rows) for batch, rows in chosen.items() if rows}
        way = random.choice(("person", "batch", "lump"))
        if way == "person":
            return [
                self._line(True, {batch: row.fen}) for batch, rows in chosen.items() for row in rows
            ]
        if way == "batch":
            return [self._line(True, {batch: fen}) for batch, fen in sums.items()]
        return [self._line(True, sums)] if sums else []

    def _line(self, refund: bool, fen_by_batch: Mapping[str, int]) -> Movement:
        self.lines += 1
        return Movement(self.lines, refund, fen_by_batch)
