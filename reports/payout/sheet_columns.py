"""The columns of payout sheets: those of every batch, and what a stage counts or takes off."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from ledger.base.masks import mask_identity
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.instructions import Instruction
from reports.pdf.page_formats import MM
from reports.pdf.table import Column

ROLE = 3
ACCOUNT = 6
# Behind the account: what was counted, or the amounts at once.
COUNTED = 7

FIRST_TITLE = "序号"
QUANTITY, RATE = "数量", "标准"
GROSS, TAKEN_OFF, WITHHELD, NET = "应发金额", "扣减", "代扣税", "实发金额"
# What stands where a row has no quantity and no rate: it is paid again.
NONE = "—"
# Of 271 millimetres.
WIDTH = 271 * MM
# As much as a short name of a place takes that is written by hand.
BY_HAND = 14 * MM


class SheetColumns(Record, dict=True):
    """The columns of a batch: ``area`` is what the programme calls where people work. It ``counts``
    where a payment of it is for a quantity, ``takes_off`` where something is taken off one, and
    ``is_placed`` where it is known of somebody where she works; else the column is there to be
    filled in by hand.
    """

    area: str
    counts: bool = False
    takes_off: bool = False
    is_placed: bool = True

    @classmethod
    def of(cls, area: str, rows: Sequence[Instruction]) -> SheetColumns:
        """Those of a batch of these rows, alike for all of its towns."""
        return cls(
            area,
            counts=any(row.quantity for row in rows),
            takes_off=any(row.deduction_fen for row in rows),
            is_placed=any(row.area_name for row in rows),
        )

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """For print. What is counted takes its room from names, places and banks."""
        more = self.counts or self.takes_off
        amount = (18.5 if more else 19.5) * MM
        before = [
            Column(FIRST_TITLE, 9 * MM),
            Column("姓名", (23 if more else 30) * MM),
            Column("身份证号", 33 * MM),
            Column("岗位", 18 * MM),
            Column("", 0),
            Column("开户行", (24.5 if more else 33) * MM, "left", 8),
            Column("银行账号", 35 * MM),
        ]
        counted = [Column(QUANTITY, 13 * MM, "right"), Column(RATE, 13 * MM, "right")]
        off = [Column(TAKEN_OFF, 14 * MM, "right")]
        behind = [
            *(counted if self.counts else []),
            Column(GROSS, amount, "right"),
            *(off if self.takes_off else []),
            Column(WITHHELD, 16.5 * MM, "right"),
            Column(NET, amount, "right"),
            Column("签名", (19 if more else 20) * MM),
        ]
        place = before.index(Column("", 0))
        left = WIDTH - sum(column.width for column in (*before, *behind))
        area = left if self.is_placed else BY_HAND
        before[place] = Column(self.area, area, "left", 8)
        bank = before[place + 1]
        before[place + 1] = replace(bank, width=bank.width + left - area)
        return (*before, *behind)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns)

    @property
    def first_amount(self) -> int:
        """The column of what is due."""
        return COUNTED + 2 * self.counts

    @property
    def amounts(self) -> tuple[str, ...]:
        """The titles of the amounts, in their order."""
        return (GROSS, *([TAKEN_OFF] if self.takes_off else []), WITHHELD, NET)

    @property
    def amount_places(self) -> range:
        return range(self.first_amount, self.first_amount + len(self.amounts))

    @property
    def signature(self) -> int:
        return self.amount_places.stop

    def amounts_fen(self, rows: Sequence[Instruction]) -> tuple[int, ...]:
        """What rows come to, what is taken off, what of the rest is withheld, what the bank
        carries.
        """
        return self._amounts_fen(
            off_fen=sum(row.deduction_fen for row in rows),
            tax_fen=sum(row.tax_fen for row in rows),
            net_fen=sum(row.amount_fen for row in rows),
        )

    def row_amounts_fen(self, row: Instruction) -> tuple[int, ...]:
        """The same of one row."""
        return self._amounts_fen(row.deduction_fen, row.tax_fen, row.amount_fen)

    def _amounts_fen(self, off_fen: int, tax_fen: int, net_fen: int) -> tuple[int, ...]:
        gross_fen = net_fen + tax_fen + off_fen
        if self.takes_off:
            return gross_fen, off_fen, tax_fen, net_fen
        return gross_fen, tax_fen, net_fen

    def texts(
        self, number: int, row: Instruction, money: Callable[[int], str], *, mask_identities: bool
    ) -> tuple[str, ...]:
        """The cells of a row but for the signature; ``money`` spells an amount in fen."""
        counted = (row.quantity or NONE, money(row.rate_fen) if row.quantity else NONE)
        return (
            str(number),
            *self.who_and_where(row, mask_identities=mask_identities),
            *(counted if self.counts else ()),
            *map(money, self.row_amounts_fen(row)),
        )

    def who_and_where(self, row: Instruction, *, mask_identities: bool) -> tuple[str, ...]:
        """The cells of a row between its number and what was counted."""
        identity = mask_identity(row.identity) if mask_identities else row.identity
        return row.legal_name, identity, row.role, row.area_name, row.bank, row.account

    def totals(self, rows: Sequence[Instruction], money: Callable[[int], str]) -> dict[int, str]:
        """What a line of totals says by column: of what was counted the quantity."""
        counted = {COUNTED: total_quantity(rows)} if self.counts else {}
        amounts = map(money, self.amounts_fen(rows))
        return counted | dict(zip(self.amount_places, amounts, strict=True))


def total_quantity(rows: Sequence[Instruction]) -> str:
    """What rows count together."""
    total = sum((Decimal(row.quantity or 0) for row in rows), Decimal(0))
    return format(total.normalize(), ",f")
