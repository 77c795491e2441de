"""The seal of a batch: a digest of its rows and its salt that can be made again from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.model.ids import NO_STAGE
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import Seal
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction


def grouped_seal(seal: str) -> str:
    """Sixteen hex digits as ``a1b2 c3d4 e5f6 0718``."""
    return " ".join(seal[start : start + 4] for start in range(0, len(seal), 4))


def seal_of(entries_digest: Digest, rows_digest: Digest, on: datetime.date, salt: str) -> Seal:
    """The batch's seal: the first 16 hex digits of SHA-256 over both digests, the day and the salt.

    The salt is chance: a batch that is made again of the same people never has the seal of the
    first, whose paper may be about.
    """
    return Seal(digest(f"{entries_digest} {rows_digest} {on} {salt}".encode())[:16])


def entries_digest(lines: Iterable[str]) -> Digest:
    """SHA-256 of the sorted lines that :func:`digest_line` makes."""
    return digest("\n".join(sorted(lines)).encode("utf-8"))


def digest_line(
    payee: PayeeId,
    role: str,
    town: TownCode,
    fund: FundCode,
    line: LineComponent,
    amount_fen: int,
    *,
    reissue: bool,
    stage: StageCode = NO_STAGE,
    quantity: str = "",
    deduction_fen: int = 0,
    tax_fen: int = 0,
) -> str:
    """One payment for the batch's digest: ``town`` and ``fund`` are codes.

    Where books name no stage, count no work and withhold no tax, nothing is said of it.
    """
    kind = "re-issue" if reissue else "new"
    text = f"{payee}|{role}|{town}|{fund}|{line}|{amount_fen}|{kind}"
    if stage or quantity or deduction_fen or tax_fen:
        return f"{text}|{stage}|{quantity}|{deduction_fen}|{tax_fen}"
    return text


def instruction_line(row: Instruction) -> str:
    """What an instruction adds to its batch's digest."""
    return digest_line(
        row.payee_id,
        row.role,
        row.town,
        row.fund,
        row.line,
        row.amount_fen,
        reissue=row.reissue,
        stage=row.stage,
        quantity=row.quantity,
        deduction_fen=row.deduction_fen,
        tax_fen=row.tax_fen,
    )
