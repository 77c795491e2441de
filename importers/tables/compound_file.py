"""Streams of a compound file ([MS-CFB]), in which an old workbook stands."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from collections.abc import Iterator

_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_NAME_BYTES = 64
_NUMBER_BYTES = 4
_LAST_SECTOR = 0xFFFFFFFA  # from here on a number is none of a sector
_SECTOR_SIZES, _SMALL_BYTES = (512, 4096), 64
_ROOT, _STREAM = 5, 2
_SECTORS_IN_HEADER = slice(76, _HEADER_BYTES)


class Damaged(Exception):
    """The file is not what its own tables say."""


class CompoundFile:
    """The streams of a file by their names. Raises Damaged where its tables lead nowhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sector_bytes = 1 << _number(content, 30, 2)
        self._small_bytes = 1 << _number(content, 32, 2)
        if self._sector_bytes not in _SECTOR_SIZES or self._small_bytes != _SMALL_BYTES:
            raise Damaged
        self._least_in_sectors = _number(content, 56)
        self._next = self._numbers(self._sectors_of_the_table())
        self._next_small = self._numbers(self._chain(self._next, _number(content, 60)))
        self._directory = self._joined(self._chain(self._next, _number(content, 48)))

    def stream(self, *names: str) -> bytes:
        """The content of the first stream with one of the names."""
        entries = dict(self._entries())
        first, size, kind = next((entries[name] for name in names if name in entries), (0, 0, 0))
        if kind != _STREAM:
            raise Damaged
        if size >= self._least_in_sectors:
            return self._joined(self._chain(self._next, first))[:size]
        root = next((start for start, _size, kind in entries.values() if kind == _ROOT), None)
        if root is None:
            raise Damaged
        whole = self._joined(self._chain(self._next, root))
        pieces = (
            whole[number * self._small_bytes : (number + 1) * self._small_bytes]
            for number in self._chain(self._next_small, first)
        )
        return b"".join(pieces)[:size]

    def _entries(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        """Names with first sector, size and kind."""
        for place in range(0, len(self._directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            entry = self._directory[place : place + _ENTRY_BYTES]
            length = min(_number(entry, _NAME_BYTES, 2), _NAME_BYTES)
            name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
            yield name, (_number(entry, 116), _number(entry, 120), entry[66])

    def _sectors_of_the_table(self) -> list[int]:
        """The sectors of the table that says which sector follows which."""
        sectors = _all_numbers(self._content[_SECTORS_IN_HEADER])
        further = _number(self._content, 68)
        for _time in range(len(self._content) // self._sector_bytes):
            if further >= _LAST_SECTOR:
                break
            *more, further = _all_numbers(self._sector(further)) or [_LAST_SECTOR]
            sectors += more
        return [number for number in sectors if number < _LAST_SECTOR]

    def _chain(self, following: list[int], first: int) -> Iterator[int]:
        number = first
        for _time in range(len(following)):
            if number >= _LAST_SECTOR:
                return
            if number >= len(following):
                raise Damaged
            yield number
            number = following[number]
        if number < _LAST_SECTOR:
            raise Damaged

    def _numbers(self, sectors: Iterable[int]) -> list[int]:
        return _all_numbers(self._joined(sectors))

    def _joined(self, sectors: Iterable[int]) -> bytes:
        numbers = list(sectors)
        if len(numbers) > len(self._content) // self._sector_bytes + 1:
            raise Damaged  # none is there twice
        return b"".join(map(self._sector, numbers))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        return self._content[start : start + self._sector_bytes]


def _number(content: bytes, place: int, length: int = _NUMBER_BYTES) -> int:
    found = content[place : place + length]
    if len(found) < length:
        raise Damaged
    return int.from_bytes(found, "little")


def _all_numbers(content: bytes) -> list[int]:
    count = len(content) // _NUMBER_BYTES
    return list(struct.unpack_from(f"<{count}I", content))
