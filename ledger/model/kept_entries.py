"""Entries as they are kept between commands: what is read of Beancount's, without its modules.

Whoever reads an entry of an event, of a statement or by hand finds here what stands in Beancount's
own: the same names, the same values. Nothing is looked for here that was not kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import cast
from typing import overload

import msgspec

if TYPE_CHECKING:
    from beancount.core import data


class KeptAmount(NamedTuple):
    """So much of a currency."""

    number: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.number} {self.currency}"


class KeptPosting(NamedTuple):
    """A posting, with what somebody has written below it."""

    account: str
    units: KeptAmount | None
    meta: dict[str, Any]


class KeptEntry(NamedTuple):
    """An entry; where it stands is among its metadata, as with Beancount's."""

    meta: dict[str, Any]
    date: datetime.date
    flag: str | None
    payee: str | None
    narration: str | None
    tags: frozenset[str]
    links: frozenset[str]
    postings: list[KeptPosting]


class KeptHeader(NamedTuple):
    """The header of an event."""

    meta: dict[str, Any]
    date: datetime.date
    type: str = "census-event"


# What stands in metadata and is no text: its form, and how it is read back.
_FORMS: dict[int, Callable[[str], Any]] = {
    1: Decimal,
    2: datetime.date.fromisoformat,
    3: lambda text: KeptAmount(Decimal(text.split(" ")[0]), text.split(" ")[1]),
}


def written_back(form: int, content: memoryview) -> Any:
    """A value of metadata that is no text."""
    return _FORMS[form](bytes(content).decode())


_entry = msgspec.msgpack.Decoder(KeptEntry, ext_hook=written_back)
_entries = msgspec.msgpack.Decoder(list[KeptEntry], ext_hook=written_back)
_raw = msgspec.msgpack.Decoder(list[msgspec.Raw])


class DaySum(NamedTuple):
    """What the entries of an event put into an account on a day, all together."""

    date: datetime.date
    account: str
    amount_fen: int


class KeptEntries(Sequence["data.Transaction"]):
    """The entries of an event, which ``read`` gives encoded when somebody asks for them, and
    ``add_up`` their sums.

    ``filename`` is where they stand.
    """

    def __init__(
        self,
        read: Callable[[], bytes],
        filename: str,
        count: int,
        add_up: Callable[[], Sequence[DaySum]],
    ) -> None:
        self._read = read
        self._filename = filename
        self._count = count
        self._add_up = add_up

    @property
    def sums(self) -> Sequence[DaySum]:
        """What they move, day by day. The entries are not made."""
        return self._add_up()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[data.Transaction]:
        return iter(self._all)

    @overload
    def __getitem__(self, place: int) -> data.Transaction: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[data.Transaction]: ...

    def __getitem__(self, place: int | slice) -> data.Transaction | Sequence[data.Transaction]:
        return self._all[place]

    def linked_with(self, payee: str) -> list[data.Transaction]:
        """Those that are linked with somebody. The others are not made."""
        sign = payee.encode()
        content = self._read()
        if sign not in content:
            return []
        found = [_entry.decode(raw) for raw in _raw.decode(content) if sign in bytes(raw)]
        return as_beancounts([one for one in found if payee in one.links], self._filename)

    @cached_property
    def _all(self) -> list[data.Transaction]:
        return as_beancounts(_entries.decode(self._read()), self._filename)


def as_beancounts(entries: list[KeptEntry], filename: str) -> list[data.Transaction]:
    """The entries of a file for those who read Beancount's."""
    for entry in entries:
        entry.meta["filename"] = filename
    return cast("list[data.Transaction]", entries)


def kept_entry(entry: data.Transaction | KeptEntry) -> KeptEntry:
    """What is kept of an entry, without the name of the file."""
    if isinstance(entry, KeptEntry):
        return entry._replace(
            meta=kept_meta(entry.meta), postings=list(map(_again, entry.postings))
        )
    return KeptEntry(
        kept_meta(entry.meta),
        entry.date,
        entry.flag,
        entry.payee,
        entry.narration,
        entry.tags or frozenset(),
        entry.links or frozenset(),
        [
            KeptPosting(one.account, _kept_amount(one.units), _written_below(one.meta))
            for one in entry.postings
        ],
    )


def _again(posting: KeptPosting) -> KeptPosting:
    return posting._replace(meta=kept_meta(posting.meta))


def _written_below(meta: dict[str, Any] | None) -> dict[str, Any]:
    """What somebody has written below a posting. Most have nothing but their place."""
    if meta is None or len(meta) <= 2:
        return {}
    kept = kept_meta(meta)
    del kept["lineno"]
    return kept


def _kept_amount(units: Any) -> KeptAmount | None:
    return None if units is None else KeptAmount(units.number, units.currency)


def kept_meta(meta: dict[str, Any]) -> dict[str, Any]:
    """Metadata without the file and what is Beancount's own."""
    return {
        key: value if isinstance(value, str | int | None) else _written(value)
        for key, value in meta.items()
        if key != "filename" and key[:2] != "__"
    }


def _written(value: Any) -> msgspec.msgpack.Ext:
    """Raises TypeError for what nobody would read back."""
    if not isinstance(value, Decimal | datetime.date) and not hasattr(value, "currency"):
        raise TypeError(type(value))
    form = 1 if isinstance(value, Decimal) else 2 if isinstance(value, datetime.date) else 3
    return msgspec.msgpack.Ext(form, str(value).encode())
