"""What may stand where: recovery removes what is ours by its exact name, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.base.plain_files import Kind
from ledger.books.places import Found
from ledger.books.places import strays
from ledger.books.recovery import remove_uncommitted
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import codes

pytestmark = pytest.mark.attacks

FILE, FOLDER, LINK, SPECIAL = Kind.FILE, Kind.FOLDER, Kind.LINK, Kind.SPECIAL


@beginning
def paid(funded: Office) -> Office:
    funded.disburse()
    return funded


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main.beancount", FILE), ("HEAD", FILE), ("registry.db-journal", FILE), (".lock", FILE),
        ("events/000000-init.beancount", FILE),
        ("events/000012-prepared-B2020-001.beancount", FILE),
        ("events/Thumbs.db", FILE), ("events/._000000-init.beancount", FILE),
        ("payouts/B2020-001", FOLDER), ("payouts/B2020-1234/any name.pdf", FILE),
        ("payouts/.DS_Store", FILE), ("journal/2021.beancount", FILE), ("journal/发票", FOLDER),
        ("reports/x.pdf", FILE), ("statements/一月/x.xls", FILE), ("读我.txt", FILE),
        ("扫描", FOLDER),
        (".staging/000003-result-B2020-001.beancount", FILE), (".staging/new-books", FOLDER),
        (".staging/payouts/B2020-001/x.pdf", FILE), ("import_config.py", FILE),
    ],
)  # fmt: skip
def test_what_belongs_there(name: str, kind: Kind) -> None:
    assert list(strays([Found(name, kind)])) == []


@pytest.mark.parametrize(
    ("name", "kind", "hinders"),
    [
        ("main.beancount", LINK, True), ("HEAD", FOLDER, True), ("HEAD", SPECIAL, True),
        ("registry.db", LINK, True), ("registry.db-wal", LINK, True), (".lock", SPECIAL, True),
        ("census-ledger.toml", LINK, True), ("programme.toml", LINK, True),
        ("events", LINK, True), ("payouts", FILE, True),
        (".staging", LINK, True), ("reports", LINK, True), ("statements", LINK, True),
        ("events/000001-result-B2020-001.beancount", SPECIAL, True),
        ("events/000001-result-B2020-001.beancount", FOLDER, False),
        ("events/000001-result-B2020-001.beancount/x", FILE, False),
        ("events/x.txt", FILE, False), ("events/more", FOLDER, False),
        ("payouts/B2020-001", LINK, True), ("payouts/B2020-001", FILE, False),
        ("payouts/B2020-001 (2)", FOLDER, False), ("payouts/B2020-01", FOLDER, False),
        ("payouts/b2020-001", FOLDER, False), ("payouts/B2020-001/x.pdf", LINK, True),
        ("payouts/B2020-\u0661\u0662\u0663", FOLDER, False), ("payouts/B2020-001\n", FOLDER, False),
        (".staging/x", FILE, True), (".staging/B2020-001", FOLDER, True),
        (".staging/x-prepared-B2020-001.beancount", FILE, True),
        (".staging/000003-prepared-../B2020-001.beancount", FILE, True),
        (".staging/000003-prepared-...beancount", FILE, True),
        (".staging/000003-prepared-B2020-001.beancount", LINK, True),
        (".staging/000003-prepared-B2020-001.beancount", FOLDER, True),
        (".staging/payouts", LINK, True), (".staging/payouts/..", FOLDER, True),
        (".staging/payouts/B2020-001/more", FOLDER, True),
        (".staging/payouts/B2020-001/x", LINK, True), (".staging/payouts/x", FILE, True),
        (".staging/new-books/x", FILE, True), ("reports/x", LINK, False), ("x", SPECIAL, False),
    ],
)  # fmt: skip
def test_what_does_not(name: str, kind: Kind, hinders: bool) -> None:
    (stray,) = strays([Found(name, kind)])
    assert (stray.name, stray.hinders) == (name, hinders)


def marked(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kept.txt").write_text("kept", encoding="ascii")
    return folder


PLANTED: dict[str, Callable[[Path, Path], object]] = {
    "a name that leads out": lambda books, _away: (
        books / ".staging" / "x-prepared-...beancount"
    ).write_bytes(b""),
    "the folder above": lambda books, _away: (
        books / ".staging" / "000002-prepared-...beancount"
    ).write_bytes(b""),
    "a batch that was prepared": lambda books, _away: (
        books / ".staging" / "000002-prepared-B2020-001.beancount"
    ).write_bytes(b""),
    "another number": lambda books, _away: (
        books / ".staging" / "000009-prepared-B2020-007.beancount"
    ).write_bytes(b""),
    "no batch": lambda books, _away: (books / ".staging" / "000002-prepared.beancount").write_bytes(
        b""
    ),
    "a folder": lambda books, _away: marked(books / ".staging" / "mine"),
    "a folder as event": lambda books, _away: marked(
        books / ".staging" / "000002-prepared-B2020-007.beancount"
    ),
    "a folder in a batch": lambda books, _away: marked(
        books / ".staging" / "payouts" / "B2020-002" / "more"
    ),
}
if sys.platform != "win32":
    PLANTED |= {
        "a link to a folder": lambda books, away: (books / ".staging" / "payouts").symlink_to(away),
        "a link as event": lambda books, away: (
            books / ".staging" / "000002-prepared-B2020-007.beancount"
        ).symlink_to(away / "kept.txt"),
        "a link in a batch": lambda books, away: (
            marked(books / ".staging" / "payouts" / "B2020-002") / "x"
        ).symlink_to(away),
        "a pipe": lambda books, _away: os.mkfifo(books / ".staging" / "pipe"),
    }


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_nothing_is_removed_by_a_planted_name(
    paid: Office, tmp_path: Path, plant: Callable[[Path, Path], object]
) -> None:
    """Neither by a command that reads nor by one that would write; the latter are refused."""
    away, copy = marked(tmp_path / "away"), marked(paid.folder / "payouts" / "B2020-007")
    (paid.folder / ".staging").mkdir()
    plant(paid.folder, away)
    before = sorted(path for path in tmp_path.rglob("*") if path.name == "kept.txt")
    assert paid.run("status").status == 0
    paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12")
    paid.run("verify", "B2020-001")
    remove_uncommitted(paid.folder)
    assert sorted(path for path in tmp_path.rglob("*") if path.name == "kept.txt") == before
    assert (copy / "kept.txt").is_file()
    assert (paid.folder / "payouts" / "B2020-001" / "manifest.json").is_file()
    assert (paid.folder / "main.beancount").is_file()


def test_a_link_as_the_stage_is_left_alone(paid: Office, tmp_path: Path) -> None:
    away = marked(tmp_path / "away")
    (away / "000002-result-B2020-001.beancount").write_bytes(b"")
    (paid.folder / ".staging").symlink_to(away)
    assert paid.run("status").status == 0
    refused = paid.run("batch", "submit", "B2020-001", "--yes")
    assert refused.status == 1
    assert ".staging" in refused.err
    assert sorted(path.name for path in away.iterdir()) == [
        "000002-result-B2020-001.beancount", "kept.txt",
    ]  # fmt: skip


def test_a_link_as_lock_empties_no_file(paid: Office, tmp_path: Path) -> None:
    away = marked(tmp_path / "away") / "kept.txt"
    (paid.folder / ".lock").unlink(missing_ok=True)
    (paid.folder / ".lock").symlink_to(away)
    assert paid.run("batch", "submit", "B2020-001", "--yes").status == 1
    assert away.read_text(encoding="ascii") == "kept"
    assert codes(paid.check()) == {"place"}


def test_books_without_their_events_end_in_a_sentence(paid: Office, tmp_path: Path) -> None:
    (paid.folder / "events").rename(tmp_path / "events")
    for command in ("status", "check", "verify B2020-001", "batch list"):
        answer = paid.run(*command.split())
        assert answer.status == 1
        said = answer.out + answer.err
        assert "failed in a way" not in said
        assert "events" in said or command.startswith("verify")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
@pytest.mark.usefixtures("no_waiting")
def test_a_pipe_is_not_waited_at_by_an_import(paid: Office, tmp_path: Path) -> None:
    pipe = tmp_path / "名册.xlsx"
    os.mkfifo(pipe)
    refused = paid.run("import", pipe)
    assert refused.status == 1
    assert pipe.name in refused.err
