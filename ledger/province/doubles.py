"""People and accounts that money of two counties went to.

Of each number 16 bytes of a keyed digest are kept, in memory alone and packed: thirty million
numbers are a gigabyte. The key is chance and is forgotten with the process.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.payments.eligibility import MONEY_OUT
from ledger.payments.paid_numbers import ACCOUNT
from ledger.payments.paid_numbers import IDENTITY
from ledger.province.heads import Books
from ledger.province.numbers import Bearer

if TYPE_CHECKING:
    import numpy as np

_STATES = [state.value for state in MONEY_OUT]
_SIZE = 16
_ROW = [("first", "<u8"), ("second", "<u8"), ("books", "<u4"), ("payee", "<u4"),
        ("state", "<u1"), ("amount", "<i8")]  # fmt: skip


class Paid(NamedTuple):
    """Somebody in some books to whom money went."""

    books: Books
    payee: str
    state: str
    amount_fen: int


class Double(NamedTuple):
    """One number by which several counties have paid: an identity or an account."""

    field: str
    paid: tuple[Paid, ...]

    @property
    def amount_fen(self) -> int:
        return sum(one.amount_fen for one in self.paid)


class PaidTwice:
    """Collects numbers of counties, one after another, and says which are of several."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._books: list[Books] = []
        self._packed = {IDENTITY: bytearray(), ACCOUNT: bytearray()}

    def add(self, books: Books, bearers: Iterable[Bearer]) -> None:
        """The people of one county."""
        place = len(self._books).to_bytes(4, "little")
        self._books.append(books)
        for one in bearers:
            rest = (
                place
                + int(one.payee[1:]).to_bytes(4, "little")
                + bytes([_STATES.index(one.state)])
                + one.amount_fen.to_bytes(8, "little", signed=True)
            )
            for field, number in ((IDENTITY, one.identity), (ACCOUNT, one.account)):
                if number:
                    self._packed[field] += self._hash(number) + rest

    def _hash(self, number: str) -> bytes:
        return blake2b(number.encode("ascii"), digest_size=_SIZE, key=self._key).digest()

    def found(self, counting: Collection[Books]) -> tuple[Double, ...]:
        """Every number by which more than one county has paid of those whose books count."""
        return tuple(sorted(self._found(counting)))

    def _found(self, counting: Collection[Books]) -> Iterator[Double]:
        import numpy as np

        counties = sorted({books.county for books in self._books})
        place = [counties.index(books.county) for books in self._books]
        for field, packed in self._packed.items():
            rows = np.frombuffer(bytes(packed), dtype=np.dtype(_ROW))
            is_counted = np.array([books in counting for books in self._books], dtype=bool)
            if len(rows):
                rows = rows[is_counted[rows["books"]]]
                rows = rows[np.lexsort((rows["second"], rows["first"]))]
                yield from self._of_rows(field, rows, np.array(place)[rows["books"]])

    def _of_rows(self, field: str, rows: np.ndarray, counties: np.ndarray) -> Iterator[Double]:
        import numpy as np

        same = (rows["first"][1:] == rows["first"][:-1]) & (
            rows["second"][1:] == rows["second"][:-1]
        )
        starts = np.concatenate([[0], np.nonzero(~same)[0] + 1, [len(rows)]]).astype(int)
        long = np.nonzero(np.diff(starts) > 1)[0]
        for group in long:
            start, end = int(starts[group]), int(starts[group + 1])
            # guard: of-several-counties
            if len(set(counties[start:end].tolist())) > 1:
                paid = sorted(
                    Paid(
                        self._books[int(row["books"])],
                        f"P{int(row['payee']):06d}",
                        _STATES[int(row["state"])],
                        int(row["amount"]),
                    )
                    for row in rows[start:end]
                )
                yield Double(field, tuple(paid))
