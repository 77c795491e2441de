"""What a killed command leaves is finished or undone by the next; damage is never papered over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import digest
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import codes

pytestmark = pytest.mark.attacks


@beginning
def paid(funded: Office) -> Office:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    return funded


def head(office: Office) -> str:
    return (office.folder / HEAD_FILE).read_text(encoding="ascii")


def head_of(office: Office, seq: int) -> str:
    """HEAD as it was when an event was the newest."""
    return f"{seq} {digest(office.events()[seq].read_bytes())}\n"


def test_a_late_head_is_moved_to_the_newest_event(paid: Office) -> None:
    newest = head(paid)
    (paid.folder / HEAD_FILE).write_text(head_of(paid, 1), encoding="ascii")
    assert paid.run("batch", "list").status == 0
    assert head(paid) == newest == head_of(paid, 2)
    assert paid.check() == []


def test_a_head_two_events_late_is_an_error(paid: Office) -> None:
    (paid.folder / HEAD_FILE).write_text(head_of(paid, 0), encoding="ascii")
    assert codes(paid.check()) == {"chain"}
    refused = paid.run("disburse", "--dry-run")
    assert refused.status == 1
    assert "HEAD" in refused.err


@pytest.mark.parametrize("content", [None, "", "rubbish", "7 " + "0" * 64])
def test_a_missing_or_wrong_head_is_an_error(paid: Office, content: str | None) -> None:
    path = paid.folder / HEAD_FILE
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="ascii")
    errors = paid.check()
    assert codes(errors) == {"chain"}
    assert errors[0]["file"] == "HEAD"
    assert paid.run("status").status == 1


def test_what_was_staged_and_not_committed_is_removed(paid: Office) -> None:
    """The batch whose event is still staged never was: its papers go with it."""
    staged = paid.folder / ".staging"
    staged.mkdir()
    (staged / "000003-prepared-B2020-002.beancount").write_bytes(b"never committed")
    orphan = paid.folder / "payouts" / "B2020-002"
    orphan.mkdir()
    (orphan / "sheet.pdf").write_bytes(b"whole")
    assert paid.run("status").status == 0
    assert not staged.exists()
    assert not orphan.exists()
    assert (paid.folder / "payouts" / "B2020-001").is_dir()


def test_what_people_keep_beside_the_batches_is_left_alone(paid: Office) -> None:
    """Copies, scans, and papers of books that were put back to an older state are evidence."""
    kept = [paid.folder / "payouts" / name for name in ("扫描件", "B2020-001 - 副本", "B2020-007")]
    for folder in kept:
        folder.mkdir()
        (folder / "scan.pdf").write_bytes(b"signed")
    (paid.folder / ".staging").mkdir()
    assert paid.run("status").status == 0
    assert all((folder / "scan.pdf").is_file() for folder in kept)
    assert [(error["code"], error["file"]) for error in paid.check()] == [
        ("place", "payouts/B2020-001 - 副本"),
        ("place", "payouts/扫描件"),
        ("artefacts", "payouts/B2020-007"),
    ]


def test_what_a_desktop_leaves_beside_our_files_is_nobodys(paid: Office) -> None:
    """Explorer, Finder, and an Excel in which a workbook is open."""
    batch = paid.folder / "payouts" / "B2020-001"
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "~$B2020-001-发放表.xlsx"):
        (batch / name).write_bytes(b"litter")
    (paid.folder / "events" / f"._{paid.events()[1].name}").write_bytes(b"litter")
    assert paid.check() == []
    verified = paid.run("verify", "B2020-001", "--json")
    assert verified.json["ok"]
    assert paid.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-12").status == 1
    assert paid.register(1)
    assert paid.disburse(on="2020-11-12").status == 0


def test_damaged_events_remove_nothing(paid: Office) -> None:
    """With an event missing, its batch's papers would look like an orphan's."""
    paid.events()[1].unlink()
    assert paid.run("status").status == 1
    assert (paid.folder / "payouts" / "B2020-001" / "manifest.json").is_file()


def test_books_on_a_read_only_disk_are_still_read(paid: Office, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(paid.folder, copy)
    (copy / ".lock").unlink(missing_ok=True)
    for path in [*copy.rglob("*"), copy]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    office = Office(copy, paid.key, paid.capture)
    assert office.run("batch", "list", "--json").json["batches"][0]["state"] == "submitted"
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755)
