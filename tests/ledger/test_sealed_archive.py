"""Files under a passphrase: nothing of one can be read, changed, moved, cut off or made up."""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base import durable
from ledger.base.digests import digest
from ledger.keys import sealed_archive
from ledger.keys import sealed_stream
from ledger.keys.sealed_archive import ArchiveReader
from ledger.keys.sealed_archive import ArchiveStrange
from ledger.keys.sealed_archive import ChangedMeanwhile
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import SealedInPlace
from ledger.keys.sealed_archive import SealedUnreadable
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import NotOpened
from ledger.keys.sealed_stream import NotSealed
from ledger.keys.sealed_stream import Purpose
from ledger.keys.sealed_stream import SealedDamaged
from ledger.keys.sealed_stream import opened
from ledger.keys.sealed_stream import sealed
from ledger.keys.sealed_stream import sealed_size
from ledger.keys.stretching import SALT_BYTES
from ledger.keys.stretching import stretched
from tests.support.faulty_disk import FullDisk

PASSPHRASE = "滕州 2020"
SALT = bytes(range(SALT_BYTES))
MEMBERS = [
    Member("books/main.beancount", b"plugin\n"),
    Member("books/empty", b""),
    Member("keys/O01", bytes(range(256)) * 2),
]
ANY_REFUSAL = (NotSealed, NotOpened, SealedDamaged, ArchiveStrange)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks in a small file, and each key made once."""
    monkeypatch.setattr(sealed_stream, "CHUNK", 64)
    monkeypatch.setattr(sealed_stream, "stretched", lru_cache(stretched))


def written(path: Path, members: Sequence[Member] = MEMBERS) -> Path:
    write_archive(path, Purpose.BACKUP, PASSPHRASE, members, SALT)
    return path


def read(
    path: Path, passphrase: str = PASSPHRASE, purpose: Purpose = Purpose.BACKUP
) -> dict[str, bytes]:
    with ArchiveReader(path, purpose, passphrase) as archive:
        return {member.name: b"".join(pieces) for member, pieces in archive}


def contents(members: Iterable[Member]) -> dict[str, bytes]:
    return {
        one.name: one.content if isinstance(one.content, bytes) else one.content.read_bytes()
        for one in members
    }


def test_what_was_sealed_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "b")
    assert read(path) == contents(MEMBERS)
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["b"]


def test_nothing_of_it_is_in_clear(tmp_path: Path) -> None:
    content = written(tmp_path / "b").read_bytes()
    for words in (b"plugin", b"main.beancount", b"O01", bytes(range(16, 48))):
        assert words not in content


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_a_stream_of_any_length(parts: list[bytes]) -> None:
    whole = b"".join(sealed(parts, Purpose.KEY, PASSPHRASE, SALT))
    size = len(b"".join(parts))
    assert len(whole) == sealed_size(size, Purpose.KEY)
    read_again = opened(io.BytesIO(whole), Path("b"), Purpose.KEY, PASSPHRASE)
    assert b"".join(read_again) == b"".join(parts)


@pytest.mark.parametrize("typed", ["滕州 2021", " 滕州 2020", "滕州 202０ ", "x"])
def test_another_passphrase(tmp_path: Path, typed: str) -> None:
    with pytest.raises(NotOpened, match="passphrase"):
        read(written(tmp_path / "b"), typed)


def test_the_same_passphrase_in_full_width(tmp_path: Path) -> None:
    assert read(written(tmp_path / "b"), "滕州　２０２０") == contents(MEMBERS)


def test_no_file_without_a_passphrase() -> None:
    with pytest.raises(ValueError, match="16"):
        list(sealed([b""], Purpose.KEY, "", SALT))


def test_any_bit_that_is_another(tmp_path: Path) -> None:
    """Every byte of the file: its line, its salt, each chunk and each tag."""
    path = written(tmp_path / "b")
    whole = path.read_bytes()
    assert len(whole) > 10 * 80
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        with pytest.raises(ANY_REFUSAL):
            read(path)


def test_cut_off_anywhere_or_with_something_after_it(tmp_path: Path) -> None:
    path = written(tmp_path / "b")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ANY_REFUSAL):
            read(path)
    for more in (b"\0", bytes(80), whole[-80:], whole):
        path.write_bytes(whole + more)
        with pytest.raises(ANY_REFUSAL):
            read(path)


def chunks_of(whole: bytes) -> tuple[bytes, list[bytes]]:
    start = len(Purpose.BACKUP.value) + SALT_BYTES
    return whole[:start], [whole[at : at + 80] for at in range(start, len(whole), 80)]


def test_chunks_that_changed_places_are_missing_or_twice(tmp_path: Path) -> None:
    path = written(tmp_path / "b")
    header, chunks = chunks_of(path.read_bytes())
    count = len(chunks)
    assert count > 8
    orders = [[*range(count)] for _ in range(3)]
    orders[0][2], orders[0][3] = 3, 2
    del orders[1][4]
    orders[2].insert(4, 4)
    for seed in range(20):
        shuffled = [*range(count)]
        random.Random(seed).shuffle(shuffled)
        orders.append(shuffled)
    for order in orders:
        path.write_bytes(header + b"".join(chunks[number] for number in order))
        with pytest.raises(ANY_REFUSAL):
            read(path)


def test_chunks_of_another_file(tmp_path: Path) -> None:
    """Under the same passphrase, and with the same content: the salt is another."""
    path = written(tmp_path / "b")
    header, chunks = chunks_of(path.read_bytes())
    write_archive(tmp_path / "c", Purpose.BACKUP, PASSPHRASE, MEMBERS, SALT[::-1])
    other_header, others = chunks_of((tmp_path / "c").read_bytes())
    for mixed in (header + b"".join([*chunks[:3], *others[3:]]), other_header + b"".join(chunks)):
        path.write_bytes(mixed)
        with pytest.raises(ANY_REFUSAL):
            read(path)


def test_a_key_that_is_carried_is_no_backup(tmp_path: Path) -> None:
    path = written(tmp_path / "b")
    with pytest.raises(NotSealed, match="key"):
        read(path, purpose=Purpose.KEY)
    swapped = path.read_bytes().replace(Purpose.BACKUP.value, Purpose.KEY.value)
    path.write_bytes(swapped)
    with pytest.raises(NotOpened):
        read(path, purpose=Purpose.KEY)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\3\4" * 100, Purpose.BACKUP.value])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b"
    path.write_bytes(content)
    with pytest.raises(NotSealed, match="no backup"):
        read(path)


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_a_link_in_place_of_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(written(tmp_path / "b"))
    with pytest.raises(SealedUnreadable, match="link"):
        read(tmp_path / "link")


# Made by somebody who knows the passphrase.


def forged(path: Path, facts: object, content: bytes = b"", length: int | None = None) -> Path:
    text = facts if isinstance(facts, bytes) else json.dumps(facts).encode("ascii")
    head = (len(text) if length is None else length).to_bytes(8, "big")
    parts = [head + text + content]
    path.write_bytes(b"".join(sealed(parts, Purpose.BACKUP, PASSPHRASE, SALT)))
    return path


@pytest.mark.parametrize(
    "facts",
    [
        {},
        [1],
        [["a", 1]],
        [["a", "1", digest(b"x")]],
        [["a", True, digest(b"x")]],
        [["a", -1, digest(b"x")]],
        [["a", 1.0, digest(b"x")]],
        [[1, 1, digest(b"x")]],
        [["a", 1, digest(b"x")], ["a", 0, digest(b"")]],
        b"[" * 100_000,
        b"\xff",
        b"9" * 10_000,
    ],
)
def test_a_list_that_is_none(tmp_path: Path, facts: object) -> None:
    with pytest.raises(ArchiveStrange):
        read(forged(tmp_path / "b", facts, b"x"))


@pytest.mark.parametrize("size", [0, 2, 10**6, 10**18])
def test_sizes_that_the_file_does_not_have(tmp_path: Path, size: int) -> None:
    with pytest.raises(SealedDamaged):
        read(forged(tmp_path / "b", [["a", size, digest(b"x")]], b"x"))


@pytest.mark.parametrize("length", [2**24 + 1, 2**40, 2**64 - 1, 5000])
def test_a_list_longer_than_any(tmp_path: Path, length: int) -> None:
    with pytest.raises((ArchiveStrange, SealedDamaged)):
        read(forged(tmp_path / "b", [], b"", length))


def test_a_list_longer_than_any_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the file has it."""
    monkeypatch.setattr(sealed_archive, "_LONGEST_LIST", 100)
    path = forged(tmp_path / "b", b"[]" + b" " * 200)
    with pytest.raises(ArchiveStrange):
        read(path)


def test_a_content_that_is_another_than_the_list_says(tmp_path: Path) -> None:
    with pytest.raises(ArchiveStrange, match='"a"'):
        read(forged(tmp_path / "b", [["a", 1, digest(b"y")]], b"x"))


# Written.


def test_it_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_bytes(b"mine")
    with pytest.raises(SealedInPlace):
        written(path)
    assert path.read_bytes() == b"mine"


def test_a_file_that_grows_while_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = tmp_path / "growing"
    growing.write_bytes(b"before")

    def grow_first(*arguments: object) -> object:
        growing.write_bytes(b"afterwards")
        return sealed(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ledger.keys.sealed_archive.sealed", grow_first)
    with pytest.raises(ChangedMeanwhile, match="books/x"):
        written(tmp_path / "b", [Member("books/x", growing)])
    assert [each.name for each in tmp_path.iterdir()] == ["growing"]


def test_a_disk_that_does_not_keep_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read back before it has its name."""

    class Forgetful(durable.Disk):
        def write_parts(self, path: Path, parts: Iterable[bytes], mode: int) -> None:
            super().write_parts(path, parts, mode)
            content = bytearray(path.read_bytes())
            content[-100] ^= 4
            path.write_bytes(content)

    monkeypatch.setattr(durable, "disk", Forgetful())
    with pytest.raises(SealedDamaged):
        written(tmp_path / "b")
    assert not any(tmp_path.iterdir())


def test_a_disk_that_is_full_at_any_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in range(1, 100):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        try:
            written(tmp_path / "b")
        except OSError:
            assert not any(tmp_path.iterdir())
        else:
            break
    assert moment > 12
    assert read(tmp_path / "b") == contents(MEMBERS)
