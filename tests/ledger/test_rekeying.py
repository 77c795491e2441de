"""The registry under a new key: whoever retires has had the old one."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.base import durable
from ledger.base.books_folder import REGISTRY_FILE
from ledger.books.registry_access import key_in_use
from ledger.books.registry_access import open_registry
from ledger.books.registry_access import opens
from ledger.books.registry_access import put_under_new_key
from ledger.books.registry_access import settle_keys
from ledger.keys.places import pending_key_path
from ledger.keys.registry_key import read_key
from ledger.keys.registry_key import write_key
from ledger.registry.registry_file import WrongKey
from tests.support.beginnings import beginning
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import is_change
from tests.support.faulty_disk import FullDisk
from tests.support.office import Answer
from tests.support.office import Office

RETIRE = ("operator", "retire", "O02", "--reason", "调离", "--json")
NEW = "cd" * 32


@beginning
def staffed(funded: Office) -> Office:
    """With a second operator, who will leave."""
    assert funded.run("operator", "add", "王会计", "--role", "经办").status == 0
    return funded


def test_who_retires_has_a_key_that_opens_nothing_any_more(staffed: Office) -> None:
    old = read_key(staffed.key)
    answer = staffed.run(*RETIRE)
    assert answer.status == 0, answer.err
    assert read_key(staffed.key) != old
    assert not opens(staffed.folder, old)
    assert not pending_key_path(staffed.key).exists()
    assert staffed.check() == []
    assert staffed.disburse().status == 0
    if os.name != "nt":
        assert staffed.key.stat().st_mode & 0o777 == 0o600


def test_nobody_retires_and_the_key_stays(staffed: Office) -> None:
    key = read_key(staffed.key)
    assert staffed.run("operator", "retire", "O01", "--reason", "x", "--json").status == 1
    assert staffed.run("operator", "retire", "O09", "--reason", "x", "--json").status == 1
    assert read_key(staffed.key) == key
    assert opens(staffed.folder, key)


def test_the_others_import_the_new_key_in_place_of_the_old(
    staffed: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    colleague = Office(staffed.folder, tmp_path / "colleague" / "registry.key", staffed.capture)
    colleague.key.parent.mkdir()
    shutil.copy2(staffed.key, colleague.key)
    assert staffed.run(*RETIRE).status == 0
    assert "does not open with this key" in colleague.run("status").err
    file = tmp_path / "stick.key"
    assert staffed.run("key", "export", file).status == 0
    answer = colleague.run("key", "import", file)
    assert answer.status == 0, answer.err
    assert read_key(colleague.key) == read_key(staffed.key)
    assert colleague.run("status").status == 0


def test_a_backup_from_before_opens_with_the_key_in_it(
    staffed: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "backup")
    assert staffed.run("backup", tmp_path / "b").status == 0
    assert staffed.run(*RETIRE).status == 0
    new = read_key(staffed.key)
    refused = staffed.run("restore", tmp_path / "b", tmp_path / "again", "--yes", "--json")
    assert refused.json["code"] == "other-key-there"
    assert read_key(staffed.key) == new
    elsewhere = Office(tmp_path / "again", tmp_path / "keys" / "registry.key", staffed.capture)
    assert elsewhere.run("restore", tmp_path / "b", tmp_path / "again").status == 0
    assert elsewhere.check() == []


# Half done.


def test_the_pending_key_is_tried(staffed: Office) -> None:
    """Killed after the registry was put under the new key, and before the key was in its place."""
    with staffed.registry() as registry:
        write_key(pending_key_path(staffed.key), NEW)
        registry.file.put_under_key(NEW)
    assert staffed.run("status").status == 0
    assert key_in_use(staffed.folder, staffed.key) == NEW
    assert staffed.disburse().status == 0
    assert read_key(staffed.key) == NEW
    assert not pending_key_path(staffed.key).exists()


def test_a_pending_key_that_opens_nothing_goes(staffed: Office) -> None:
    """Killed before the registry was put under it."""
    key = read_key(staffed.key)
    write_key(pending_key_path(staffed.key), NEW)
    assert staffed.run("status").status == 0
    assert staffed.disburse().status == 0
    assert read_key(staffed.key) == key
    assert not pending_key_path(staffed.key).exists()


def test_no_key_is_thrown_away_when_neither_opens(staffed: Office) -> None:
    with staffed.registry() as registry:
        registry.file.put_under_key("ef" * 32)
    key = read_key(staffed.key)
    write_key(pending_key_path(staffed.key), NEW)
    with pytest.raises(WrongKey):
        settle_keys(staffed.folder, staffed.key)
    with pytest.raises(WrongKey):
        open_registry(staffed.folder, staffed.key)
    assert read_key(staffed.key) == key
    assert read_key(pending_key_path(staffed.key)) == NEW


def test_a_full_disk(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 0
    for moment in range(1, 40):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        answer = staffed.run(*RETIRE)
        monkeypatch.setattr(durable, "disk", durable.Disk())
        assert staffed.run("status").status == 0
        if answer.status == 0:
            break
        refused += 1
        assert key_in_use(staffed.folder, staffed.key)
    assert refused > 4
    assert staffed.check() == []
    assert opens(staffed.folder, read_key(staffed.key))


def in_killed_child(work: Callable[[], object], moment: int) -> Answer | None:
    def child() -> Answer:
        seen = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if is_change(event, arguments):
                seen += 1
                if seen == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()
        return Answer(0, "", "")

    return in_child(child)


def new_key_in(office: Office) -> Callable[[], None]:
    def work() -> None:
        settle_keys(office.folder, office.key)
        with open_registry(office.folder, office.key) as registry:
            # SQLite writes pages before the journal holds all, as it does where there are many.
            registry.file.execute("pragma cache_size = 10")
            put_under_new_key(registry, office.folder, office.key, os.urandom(32).hex())

    return work


@needs_fork
def test_killed_at_every_operation(staffed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    keys = {read_key(staffed.key)}
    for moment in range(1, 40):
        lived = in_killed_child(new_key_in(staffed), moment)
        with open_registry(staffed.folder, staffed.key) as registry:
            assert len(registry.payees()) == 6
            assert registry.file.damage() == []
        keys.add(key_in_use(staffed.folder, staffed.key))
        if lived is not None:
            break
    assert moment > 4
    assert len(keys) > 2, "killed on either side of it"
    assert staffed.run(*RETIRE).status == 0
    assert staffed.check() == []


@needs_fork
def test_killed_while_the_registry_is_written(staffed: Office, tmp_path: Path) -> None:
    """By the system, at a write of SQLite's: the journal brings the old key's pages back.

    At some of them a part of the file is under the new key already.
    """
    staffed.register(60)
    sound = tmp_path / "sound"
    shutil.copytree(staffed.folder, sound)
    key = read_key(staffed.key)
    before = (staffed.folder / REGISTRY_FILE).read_bytes()
    size = len(before)
    old = new = torn = 0
    for limit in (*range(600, size + 9000, size // 12), 10**7):
        shutil.copytree(sound, staffed.folder, dirs_exist_ok=True)
        (staffed.folder / f"{REGISTRY_FILE}-journal").unlink(missing_ok=True)
        staffed.key.unlink()
        write_key(staffed.key, key)
        pending_key_path(staffed.key).unlink(missing_ok=True)

        def work() -> Answer:
            new_key_in(staffed)()
            return Answer(0, "", "")

        in_child(work, file_size=limit, fatal=True)
        journal = staffed.folder / f"{REGISTRY_FILE}-journal"
        torn += journal.exists() and (staffed.folder / REGISTRY_FILE).read_bytes() != before
        # First by those who read, and then by one who writes.
        with open_registry(staffed.folder, staffed.key) as registry:
            assert len(registry.payees()) == 66
            assert registry.file.damage() == []
        settle_keys(staffed.folder, staffed.key)
        assert opens(staffed.folder, read_key(staffed.key))
        if read_key(staffed.key) == key:
            old += 1
        else:
            new += 1
        assert staffed.check() == []
    assert torn > 3
    assert old > 3
    assert new
