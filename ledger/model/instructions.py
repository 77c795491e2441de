"""Payment instructions: the rows of a batch, frozen when it is prepared.

The frozen rows are every column as it was sent, in order. They are kept in the registry under
their SHA-256, which the batch's event records: what was paid to whom can be proven years later,
whatever the registry says of the person by then.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ledger.model.ids import NO_STAGE
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode


class Instruction(NamedTuple):
    """One payment of a batch.

    ``number`` counts from 1 through the batch, in the order of towns and of the roster.
    ``bank_file`` is the name of the bank file that carries it and ``bank_row`` its place there,
    counted from 1. ``fund`` is a code such as ``01``; ``line`` the budget line below the fund,
    such as ``30226劳务费``.

    ``amount_fen`` is what the bank carries: of the whole amount the tax is withheld. ``stage`` is
    empty where the books name none, ``quantity`` where no work was counted; ``rate_fen`` is what
    everybody of the role gets, or what each unit is paid, less ``deduction_fen`` in all. A payment
    that is made again has neither.
    """

    number: int
    payee_id: PayeeId
    legal_name: str
    bank_name: str
    identity: str
    role: str
    town: TownCode
    town_name: str
    area_name: str
    bank: str
    account: str
    fund: FundCode
    line: LineComponent
    amount_fen: int
    reissue: bool
    bank_file: str = ""
    bank_row: int = 0
    stage: StageCode = NO_STAGE
    quantity: str = ""
    rate_fen: int = 0
    deduction_fen: int = 0
    tax_fen: int = 0

    @property
    def gross_fen(self) -> int:
        """What is charged: the amount and the tax that is withheld."""
        return self.amount_fen + self.tax_fen


COLUMNS = Instruction._fields


def freeze(instructions: Sequence[Instruction]) -> bytes:
    """The canonical bytes of the rows: UTF-8 JSON lines, the column names first."""
    encode, spaced = msgspec.json.encode, msgspec.json.format
    lines = [spaced(encode(row), indent=0) for row in (COLUMNS, *instructions)]
    return b"\n".join(lines) + b"\n"


def thaw(frozen: bytes) -> list[Instruction]:
    """The rows of :func:`freeze`'s bytes. Raises ValueError when they are not such bytes."""
    header, *lines = frozen.decode("utf-8").rstrip("\n").split("\n")
    columns = tuple(json.loads(header))
    # One text is read faster than thousands of them.
    rows = json.loads(f"[{','.join(lines)}]")
    if len(rows) != len(lines):
        raise ValueError("frozen rows do not stand on a line each")
    try:
        if columns == COLUMNS:
            return list(map(Instruction._make, rows))
        return [Instruction(**dict(zip(columns, row, strict=True))) for row in rows]
    except TypeError as error:
        raise ValueError(f"frozen rows with unknown columns: {error}") from error


def thaw_of(frozen: bytes, payees: Collection[str]) -> list[Instruction]:
    """The rows of these people alone. Raises ValueError as :func:`thaw`.

    No other line is read where each of them is found as most rows are written.
    """
    header, wanted = freeze(()), set(payees)
    if frozen.startswith(header):
        quoted = {json.dumps(payee, ensure_ascii=False).encode("utf-8") for payee in wanted}
        lines = frozen.removeprefix(header).split(b"\n")
        # The number comes first, and then the payee's id.
        found = [line for line in lines if not quoted.isdisjoint(line.split(b", ", 2)[1:2])]
        rows = thaw(b"\n".join([header.strip(), *found]))
        if {row.payee_id for row in rows} == wanted:
            return rows
    return [row for row in thaw(frozen) if row.payee_id in wanted]
