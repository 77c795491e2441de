"""A town's part of a batch is what its lists say: quantities and deductions together."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.work_done import WorkDone


class TownNotAsListed(Refusal):
    """The rows of a town together are for other work than its lists say."""

    def __init__(self, town: TownCode, name: str) -> None:
        message = _(
            "{town}: quantity and deductions of the batch are not those of the town's lists of"
            " work; the batch was not made"
        )
        super().__init__(message.format(town=name), town=town)


def check_listed_totals(rows: Sequence[Instruction], work: Mapping[PayeeId, WorkDone]) -> None:
    """Each town's rows, but for those that are made again, against the lists of its people.

    Raises TownNotAsListed.
    """
    by_town: dict[TownCode, list[Instruction]] = {}
    for row in rows:
        if not row.reissue:
            by_town.setdefault(row.town, []).append(row)
    for town, own in by_town.items():
        lines = [work.get(row.payee_id, WorkDone()) for row in own]
        paid = _sums([(row.quantity, row.deduction_fen) for row in own])
        listed = _sums([(line.quantity, line.deduction_fen) for line in lines])
        if paid != listed:  # guard: town-as-listed
            raise TownNotAsListed(town, own[0].town_name)


def _sums(parts: Sequence[tuple[str, int]]) -> tuple[Decimal, int]:
    quantity = sum((Decimal(quantity or 0) for quantity, _off in parts), Decimal(0))
    return quantity, sum(off_fen for _quantity, off_fen in parts)
