"""What 序号 says in a result: which of several people a row is, where their accounts are masked."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from importers.results.result_file import ResultRow
from importers.results.sent_payments import Sent
from ledger.model.instructions import Instruction

# A bank numbers its rows as the batch does, or as the file does that was sent to it.
_READINGS: tuple[Callable[[Instruction], int], ...] = (
    attrgetter("number"),
    attrgetter("bank_row"),
)


class Numbering(NamedTuple):
    """What 序号 can mean in a file, and the last number that is known to mean it."""

    readings: tuple[Callable[[Instruction], int], ...]
    proven_to: int


def numbering_of(rows: Sequence[ResultRow], candidates: Sequence[Sequence[Sent]]) -> Numbering:
    """The readings with which all rows agree that are beyond doubt.

    A list that the bank numbers anew would otherwise give one person's answer to another. Its
    beginning may be that of the batch: from the first payment that is not in it the numbers
    differ, so that a number is proven by those that come after it.
    """
    certain = [
        (row.sequence, sent[0].instruction)
        for row, sent in zip(rows, candidates, strict=True)
        if len(sent) == 1 and row.sequence is not None
    ]
    readings = (
        reading
        for reading in _READINGS
        if all(sequence == reading(instruction) for sequence, instruction in certain)
    )
    return Numbering(tuple(readings), max((number for number, _sent in certain), default=0))


def payment_of(row: ResultRow, sent: Sequence[Sent], numbering: Numbering) -> Instruction | None:
    """The payment of a row, by its sequence number where several people fit; None where it may be
    either's.
    """
    if len(sent) == 1:
        return sent[0].instruction
    if row.sequence is None or row.sequence > numbering.proven_to:  # guard: numbers-proven
        return None
    found = {
        candidate.instruction.number: candidate.instruction
        for reading in numbering.readings
        for candidate in sent
        if row.sequence == reading(candidate.instruction)
    }
    return found.popitem()[1] if len(found) == 1 else None
