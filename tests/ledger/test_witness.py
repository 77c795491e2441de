"""The witness: what a machine has seen of the books is still in them, or nobody writes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.keys.witness import NOTHING_LOGGED
from ledger.keys.witness import AnotherHistory
from ledger.keys.witness import BooksOlderThanWitness
from ledger.keys.witness import RegistryOlderThanWitness
from ledger.keys.witness import SecondFolder
from ledger.keys.witness import Witness
from ledger.keys.witness import WitnessDamaged
from ledger.keys.witness import WitnessOfOthers
from ledger.keys.witness import judge
from ledger.keys.witness import judge_place
from ledger.keys.witness import read_witness
from ledger.keys.witness import write_witness

BOOKS = "k-5f327977"
LOG = [digest(f"log {number}".encode()) for number in range(5)]
EVENTS = [digest(f"event {number}".encode()) for number in range(20)]
FOLDER = Path("/nowhere/账套")
SEEN = Witness(BOOKS, str(FOLDER), tuple(EVENTS[:18]), LOG[3], 12)


def books_in(folder: Path, name: str = BOOKS) -> Path:
    folder.mkdir()
    (folder / MAIN_FILE).touch()
    (folder / SETTINGS_FILE).write_text(f'[registry]\nkey = "{name}"\n', encoding="utf-8")
    return folder


# What is judged.


def test_books_that_went_on() -> None:
    for count in (18, 19, 20):
        assert judge(SEEN, BOOKS, EVENTS[:count], LOG) is None


def test_nothing_seen_says_nothing() -> None:
    new = Witness(BOOKS, str(FOLDER), (), NOTHING_LOGGED)
    assert judge(new, BOOKS, EVENTS, ()) is None


def test_older_books_say_what_is_missing() -> None:
    refusal = judge(SEEN, BOOKS, EVENTS[:16], LOG)
    assert isinstance(refusal, BooksOlderThanWitness)
    assert "16" in str(refusal)
    assert "17" in str(refusal)
    assert refusal.facts() == {"missing": [16, 17]}


def test_an_older_copy_that_went_its_own_way() -> None:
    """The newest events were lost, and others were made in their place."""
    for own in (1, 2, 5):
        events = [*EVENTS[:17], *(digest(f"own {number}".encode()) for number in range(own))]
        refusal = judge(SEEN, BOOKS, events, LOG)
        assert isinstance(refusal, AnotherHistory)
        assert refusal.facts() == {"seq": 17}


def test_a_history_made_anew_from_the_beginning() -> None:
    events = [digest(f"anew {number}".encode()) for number in range(20)]
    refusal = judge(SEEN, BOOKS, events, LOG)
    assert isinstance(refusal, AnotherHistory)
    assert refusal.facts() == {"seq": 0}


def test_an_older_registry() -> None:
    for log in (LOG[:3], [], [digest(b"own")]):
        refusal = judge(SEEN, BOOKS, EVENTS, log)
        assert isinstance(refusal, RegistryOlderThanWitness)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_only_what_begins_with_all_that_was_seen_may_be_written_to(
    seen: int, common: int, more: int
) -> None:
    witness = replace(SEEN, events=tuple(EVENTS[:seen]), backup_seq=None)
    common = min(common, len(EVENTS))
    events = [*EVENTS[:common], *(digest(f"own {n}".encode()) for n in range(more))]
    refusal = judge(witness, BOOKS, events, LOG)
    assert (refusal is None) == (tuple(events[:seen]) == witness.events)


def test_what_was_seen_of_other_books() -> None:
    refusal = judge(SEEN, "k-00000000", EVENTS, LOG)
    assert isinstance(refusal, WitnessOfOthers)


# Two folders.


def test_a_copy_does_not_write_while_the_first_stands(tmp_path: Path) -> None:
    first = books_in(tmp_path / "first")
    witness = replace(SEEN, path=str(first))
    copy = tmp_path / "copy"
    shutil.copytree(first, copy)
    assert judge_place(witness, BOOKS, first) is None
    refusal = judge_place(witness, BOOKS, copy)
    assert isinstance(refusal, SecondFolder)
    assert str(first) in str(refusal)


def test_books_that_were_moved(tmp_path: Path) -> None:
    first = books_in(tmp_path / "first")
    witness = replace(SEEN, path=str(first))
    moved = first.rename(tmp_path / "moved")
    assert judge_place(witness, BOOKS, moved) is None
    # And in their place something else.
    for other in ("k-00000000", "x\nbroken"):
        books_in(first, other)
        assert judge_place(witness, BOOKS, moved) is None
        shutil.rmtree(first)
    first.touch()
    assert judge_place(witness, BOOKS, moved) is None


@pytest.mark.skipif(os.name == "nt", reason="links of Windows are others")
def test_one_folder_by_two_paths(tmp_path: Path) -> None:
    first = books_in(tmp_path / "first")
    (tmp_path / "link").symlink_to(first)
    for path in (first, tmp_path / "link", tmp_path / "first" / ".." / "first"):
        witness = replace(SEEN, path=str(path))
        assert judge_place(witness, BOOKS, first) is None
        assert judge_place(replace(witness, path=str(first)), BOOKS, path) is None


# The file.


def test_what_was_seen_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "k.witness"
    assert read_witness(path) is None
    odd = os.fsdecode(b"/home/\xff/\xe8\xb4\xa6") if os.name != "nt" else "C:\\账"
    for witness in (SEEN, replace(SEEN, path=odd), replace(SEEN, backup_seq=None)):
        write_witness(path, witness)
        assert read_witness(path) == witness
    assert SEEN.seq == 17
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def changed(field: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda facts: facts.update({field: value})


@pytest.mark.parametrize(
    "change",
    [
        changed("format", 2),
        changed("books", ""),
        changed("books", None),
        changed("path", 5),
        changed("events", {}),
        changed("events", [1]),
        changed("events", ["ab"]),
        changed("events", [EVENTS[0].upper()]),
        changed("log_head", None),
        changed("log_head", ""),
        changed("backup_seq", 18),
        changed("backup_seq", -1),
        changed("backup_seq", True),
        changed("more", 1),
        lambda facts: facts.pop("path"),
    ],
)
def test_a_damaged_one_says_what_to_do(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = tmp_path / "k.witness"
    write_witness(path, SEEN)
    facts = json.loads(path.read_text(encoding="ascii"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="ascii")
    with pytest.raises(WitnessDamaged):
        read_witness(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 100_000, b"\xff", b"9" * 10_000])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "k.witness"
    path.write_bytes(content)
    with pytest.raises(WitnessDamaged, match="remove"):
        read_witness(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "k.witness"
    for make in (os.mkfifo, Path.mkdir):
        make(path)
        with pytest.raises(WitnessDamaged):
            read_witness(path)
        path.rename(tmp_path / make.__name__)
