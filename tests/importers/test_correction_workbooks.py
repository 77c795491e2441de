"""Workbooks that go back: none is replaced, and one that has its name is whole on the disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers.corrections.workbook_layout import keep_beside
from ledger.base import durable
from tests.support.faulty_disk import FullDisk
from tests.support.faulty_disk import PowerCut

NEVER = 1000


@pytest.fixture(autouse=True)
def real_disk_afterwards() -> Iterator[None]:
    yield
    durable.disk = durable.Disk()


def keep(folder: Path, content: bytes = b"a workbook") -> Path:
    def write(workbook: io.BytesIO) -> None:
        workbook.write(content)

    return keep_beside(folder / "待改", "荆河街道", write)


def test_the_next_free_name_is_taken(tmp_path: Path) -> None:
    paths = [keep(tmp_path, content) for content in (b"one", b"two", b"three")]
    assert [path.name for path in paths] == ["荆河街道.xlsx", "荆河街道-2.xlsx", "荆河街道-3.xlsx"]
    assert [path.read_bytes() for path in paths] == [b"one", b"two", b"three"]


def test_the_very_same_workbook_is_not_made_twice(tmp_path: Path) -> None:
    first = keep(tmp_path)
    keep(tmp_path, b"another")
    assert keep(tmp_path) == first
    assert len(list(first.parent.iterdir())) == 2


def test_what_has_its_name_survives_a_power_cut(tmp_path: Path) -> None:
    """Its content was on the disk before its name, and both before the user is told."""
    disk = PowerCut(NEVER, tmp_path)
    durable.disk = disk
    path = keep(tmp_path)
    disk.lose()
    assert path.read_bytes() == b"a workbook"


def test_a_full_disk_leaves_no_half_workbook(tmp_path: Path) -> None:
    for moment in range(1, NEVER):
        durable.disk = disk = FullDisk(moment)
        folder = tmp_path / str(moment)
        folder.mkdir()
        try:
            path = keep(folder)
        except OSError:
            assert not list(folder.rglob("*.xlsx"))
        if disk.seen < moment:
            break
    assert moment > 3
    assert path.read_bytes() == b"a workbook"
