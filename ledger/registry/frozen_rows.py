"""The rows of batches as they were sent, from the registry."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.instructions import COLUMNS
from ledger.model.instructions import Instruction
from ledger.model.instructions import freeze
from ledger.model.instructions import thaw
from ledger.model.instructions import thaw_of
from ledger.model.payees import bare_number
from ledger.registry.registry import Registry


class SentNumbers(NamedTuple):
    """By which identity number and account somebody was sent money."""

    payee_id: PayeeId
    identity: str
    account: str


_HEADER = freeze(())
# In bytes, and then to the end of the line.
_PART_SIZE = 1 << 20
# A row up to the last column that is taken, after the end of the line before it.
_NUMBERS = re.compile(
    r"\n\[\d++, "
    + ", ".join(
        '"([0-9A-Z]*+)"' if column in SentNumbers._fields else '"[^"]*+"'
        for column in COLUMNS[1 : COLUMNS.index("account") + 1]
    )
)


class RowsMissing(Refusal):
    """The registry does not hold the rows of a batch: it is older than the books, or damaged."""

    def __init__(self, batch: BatchId) -> None:
        message = _(
            "the registry does not hold the rows of batch {batch}: restore books and registry from"
            " the same backup"
        )
        super().__init__(message.format(batch=batch), batch=batch)


class PaidRowsMissing(Refusal):
    """The registry does not hold whom payments from before the books were for."""

    def __init__(self, event: int) -> None:
        message = _(
            "the registry does not hold the rows of event {event}: restore books and registry from"
            " the same backup"
        )
        super().__init__(message.format(event=event), event=event)


def rows_paid_before(registry: Registry, event: Event) -> list[Instruction]:
    """Whom payments from before the books were for, as the registry had them then.

    Raises PaidRowsMissing.
    """
    content = registry.sealed(str(event.header.meta.get("rows", "")))
    try:
        if content is not None:
            return thaw(content)
    except ValueError:
        pass
    raise PaidRowsMissing(event.seq)


def rows_of_batch(registry: Registry, batch: Batch) -> list[Instruction]:
    """What was sent in a batch, in its order. Raises RowsMissing."""
    return _read(registry, batch, thaw)


def rows_of(registry: Registry, batch: Batch, payees: Collection[PayeeId]) -> list[Instruction]:
    """What was sent in a batch to these people of it, in its order. Raises RowsMissing."""
    return _read(registry, batch, lambda content: thaw_of(content, payees))


def _read(
    registry: Registry, batch: Batch, read: Callable[[bytes], list[Instruction]]
) -> list[Instruction]:
    content = registry.frozen(batch.rows)
    try:
        if content is not None:
            return read(content)
    except ValueError:
        pass
    raise RowsMissing(batch.id)


class Part(NamedTuple):
    """A part of what was sent in a batch: the names of the columns, and whole lines of rows."""

    header: bytes
    lines: bytes

    @property
    def numbers(self) -> list[tuple[PayeeId, str, str]]:
        """Whom it was sent, by which identity number and account, bare.

        A pattern finds them where every row is as most are: it takes a fourth of the time of
        reading all of it. Raises ValueError.
        """
        found = []
        # A backslash stands before a quote within a text, which the pattern would take for its end.
        if self.header == _HEADER and b"\\" not in self.lines:
            # One character a byte: what is taken is ASCII, and of the rest nothing is asked.
            found = _NUMBERS.findall("\n" + self.lines.decode("latin-1"))
        if len(found) == self.lines.count(b"\n"):
            return found
        return [
            (row.payee_id, bare_number(row.identity), bare_number(row.account))
            for row in thaw(self.header + self.lines)
        ]

    def rows_at(self, places: Iterable[int]) -> list[Instruction]:
        """The rows at places, which are those of their numbers. Raises ValueError."""
        lines = self.lines.split(b"\n")
        return thaw(self.header + b"\n".join(lines[place] for place in places))


def parts_of_batch(registry: Registry, batch: Batch) -> Iterator[Part]:
    """What was sent in a batch, as it was sealed, part by part: a hundred thousand rows at once
    would take more memory than all else. Raises RowsMissing.
    """
    content = registry.sealed(batch.rows)
    if content is None:
        raise RowsMissing(batch.id)
    start = content.find(b"\n") + 1
    header = content[:start]
    while start < len(content):
        end = content.find(b"\n", start + _PART_SIZE) + 1 or len(content)
        yield Part(header, content[start:end])
        start = end


def numbers_of_batch(registry: Registry, batch: Batch) -> list[tuple[PayeeId, str, str]]:
    """Whom a batch sent money, by which identity number and account, bare. Raises RowsMissing."""
    try:
        return [row for part in parts_of_batch(registry, batch) for row in part.numbers]
    except ValueError:
        raise RowsMissing(batch.id) from None
