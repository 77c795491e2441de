"""Backups: one file with everything, which comes back as it was or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.base import durable
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import file_digest
from ledger.books.backup_layout import may_be_kept
from ledger.books.settings import read_settings
from ledger.cli import execute
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.keys.registry_key import read_key
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.keys.witness import read_witness
from tests.support.beginnings import beginning
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import is_change
from tests.support.faulty_disk import FullDisk
from tests.support.office import Answer
from tests.support.office import Office

PASSPHRASE = "备份 口令 2020"
SALT = bytes(16)


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", PASSPHRASE)


@beginning
def paid(funded: Office) -> Office:
    assert funded.disburse().status == 0
    return funded


def backed_up(office: Office, name: str = "b.backup") -> Path:
    path = office.folder.parent / name
    answer = office.run("backup", path, "--json")
    assert answer.status == 0, answer.err
    return path


def restore(office: Office, file: Path, folder: Path, *options: str, key: Path) -> Answer:
    office.capture.readouterr()
    words = ["--key", str(key), "restore", str(file), str(folder), "--json", *options]
    status = execute(words)
    out, err = office.capture.readouterr()
    return Answer(status, out, err)


def tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def elsewhere(office: Office, name: str = "other") -> tuple[Path, Path]:
    """A folder and a place for the key on another machine."""
    machine = office.folder.parent / name
    machine.mkdir()
    return machine / "books", machine / "registry.key"


# There and back.


def test_there_and_back(paid: Office) -> None:
    (paid.folder / "scans").mkdir()
    (paid.folder / "scans" / "拨款单.pdf").write_bytes(os.urandom(200_000))
    before = tree(paid.folder)
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    answer = restore(paid, file, folder, key=key)
    assert answer.status == 0, answer.err
    assert answer.json["event"] == 1
    assert answer.json["operators"] == ["O01"]
    assert answer.json["faults"] == 0
    assert answer.json["doubt"] is None
    assert tree(folder) == before
    assert read_key(key) == read_key(paid.key)
    there = Office(folder, key, paid.capture)
    assert there.check() == []
    assert paid.status() == {**there.status(), **_of_this_machine(paid)}
    assert [each.name for each in folder.parent.iterdir() if "restoring" in each.name] == []


def _of_this_machine(office: Office) -> dict[str, Any]:
    return {"backup": office.status()["backup"]}


def test_the_restored_office_goes_on_and_says_that_it_saw_nothing_before(paid: Office) -> None:
    folder, key = elsewhere(paid)
    assert restore(paid, backed_up(paid), folder, key=key).status == 0
    there = Office(folder, key, paid.capture)
    assert not default_operator_path(key).exists()
    assert not witness_path(key).exists()
    answer = there.run(
        "--operator", "O01", "batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11"
    )
    assert answer.status == 0, answer.err
    assert 'witness: "new"' in there.events()[-1].read_text(encoding="utf-8")


def test_an_operators_key_keeps_its_passphrase(
    paid: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "own")
    assert paid.run("operator", "passphrase").status == 0
    folder, key = elsewhere(paid)
    assert restore(paid, backed_up(paid), folder, key=key).status == 0
    content = operator_key_path(key, "O01").read_bytes()
    assert content == operator_key_path(paid.key, "O01").read_bytes()
    assert b'"passphrase": true' in content


def test_what_is_of_the_moment_is_not_in_it(paid: Office) -> None:
    (paid.folder / ".git").mkdir()
    (paid.folder / ".git" / "config").write_text("[core]\n", encoding="utf-8")
    (paid.folder / ".lock").touch()
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    assert restore(paid, file, folder, key=key).status == 0
    assert not (folder / ".lock").exists()
    assert not (folder / ".git").exists()
    assert (folder / ".gitignore").exists()
    assert {path.name for path in key.parent.iterdir()} == {
        "books", "registry.key", "registry.O01.key",
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_what_is_not_of_the_books_is_left_out_and_said(paid: Office, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of another user")
    (paid.folder / "reports" / "link.pdf").symlink_to(secret)
    answer = paid.run("backup", tmp_path / "b", "--json")
    assert answer.status == 0
    assert answer.json["left_out"] == ["reports/link.pdf"]
    folder, key = elsewhere(paid)
    assert restore(paid, tmp_path / "b", folder, key=key).status == 0
    assert not (folder / "reports" / "link.pdf").exists()


def test_nothing_is_in_clear_and_the_file_is_for_its_owner(paid: Office) -> None:
    content = backed_up(paid).read_bytes()
    assert read_key(paid.key).encode() not in content
    assert b"census-event" not in content
    assert b"events/" not in content
    if os.name != "nt":
        assert backed_up(paid, "c").stat().st_mode & 0o777 == 0o600


# What the backup refuses.


def test_a_backup_lies_apart_and_replaces_none(paid: Office) -> None:
    inside = paid.run("backup", paid.folder / "reports" / "b", "--json")
    assert inside.json["code"] == "backup-in-books"
    file = backed_up(paid)
    content = file.read_bytes()
    assert paid.run("backup", file, "--json").json["code"] == "sealed-in-place"
    assert file.read_bytes() == content


@pytest.mark.parametrize("given", ["", None])
def test_no_backup_without_a_passphrase(
    paid: Office, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    if given is None:
        monkeypatch.delenv("CENSUS_LEDGER_BACKUP_PASSPHRASE")
    else:
        monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", given)
    refused = paid.run("backup", paid.folder.parent / "b", "--json")
    assert refused.json["code"] == "file-passphrase-missing"
    assert "CENSUS_LEDGER_BACKUP_PASSPHRASE" in refused.json["error"]
    assert not (paid.folder.parent / "b").exists()


def test_books_that_nobody_could_go_on_with_are_not_backed_up(paid: Office) -> None:
    """A record that is not what the log says: it would be refused when it is restored."""
    with paid.registry() as registry, registry.file.all_or_none():
        registry.file.execute("update payees set account = '1' where serial = 1")
    refused = paid.run("backup", paid.folder.parent / "b", "--json")
    assert refused.json["code"] == "not-to-back-up"
    assert not (paid.folder.parent / "b").exists()


def test_faults_that_are_there_to_be_corrected_come_back_as_they_are(paid: Office) -> None:
    paid.hand('2020-11-11 * "x" "y"\n  Assets:1002银行存款:09无  1.00 CNY\n  Equity:X  -1.00 CNY')
    answer = paid.run("backup", paid.folder.parent / "b", "--json")
    assert answer.status == 0
    assert answer.json["faults"] > 0
    folder, key = elsewhere(paid)
    restored = restore(paid, paid.folder.parent / "b", folder, key=key)
    assert restored.json["faults"] == answer.json["faults"]


# What the restoring refuses.


def test_another_passphrase(paid: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "another")
    assert restore(paid, file, folder, key=key).json["code"] == "not-opened"
    assert not any(folder.parent.iterdir())


def test_a_bit_that_is_another_or_a_part_that_is_missing(paid: Office) -> None:
    """In real books, at places all over the file: nothing is left on the disk."""
    file = backed_up(paid)
    whole = file.read_bytes()
    folder, key = elsewhere(paid)
    places = [0, 22, 25, 40, 60, *range(1000, len(whole), len(whole) // 12), len(whole) - 1]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 16
        for content in (bytes(changed), whole[:place]):
            file.write_bytes(content)
            refused = restore(paid, file, folder, key=key)
            assert refused.status == 1
            assert refused.json["code"] in ("not-sealed", "not-opened", "sealed-damaged")
            assert not any(folder.parent.iterdir())


HOSTILE = [
    "books/../evil",
    "books/reports/../../evil",
    "../evil",
    "/evil",
    "books//evil",
    "books/./evil",
    "books/..",
    "books/C:evil",
    "books/a\\..\\..\\evil",
    "books/evil\0",
    "books/evil\n",
    "books/evil.",
    "books/evil ",
    "books/.git/hooks/post-checkout",
    "books/.lock",
    "books/.staging/payouts/B2020-009/x",
    "books/registry.db-journal",
    "books/events/000009-evil.txt",
    "books/payouts/evil/x",
    "books/payouts/loose",
    "books/HEAD/x",
    "books/",
    "books",
    "keys/O0",
    "keys/../evil",
    "keys/witness",
    "keys/default",
    "evil",
    "",
    "books/" + "x" * 300,
]


def members_of(office: Office) -> list[Member]:
    key = read_key(office.key).encode()
    files = [Member(f"books/{name}", content) for name, content in tree(office.folder).items()]
    operator = operator_key_path(office.key, "O01").read_bytes()
    return [Member("keys/registry", key), Member("keys/O01", operator), *files]


def forged(office: Office, members: list[Member]) -> Path:
    path = office.folder.parent / "forged"
    path.unlink(missing_ok=True)
    write_archive(path, Purpose.BACKUP, PASSPHRASE, members, SALT)
    return path


def test_a_backup_made_by_hand_is_taken_when_it_is_as_ours(paid: Office) -> None:
    folder, key = elsewhere(paid)
    assert restore(paid, forged(paid, members_of(paid)), folder, key=key).status == 0


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_that_does_not_belong_there(paid: Office, name: str) -> None:
    folder, key = elsewhere(paid)
    before = sorted(paid.folder.parent.rglob("*"))
    file = forged(paid, [*members_of(paid), Member(name, b"evil")])
    refused = restore(paid, file, folder, key=key)
    assert refused.json["code"] == "archive-strange"
    assert sorted(paid.folder.parent.rglob("*")) == sorted([*before, file])


def test_a_file_in_place_of_a_folder(paid: Office) -> None:
    folder, key = elsewhere(paid)
    extra = [Member("books/scans", b""), Member("books/scans/x", b"")]
    refused = restore(paid, forged(paid, [*members_of(paid), *extra]), folder, key=key)
    assert refused.json["code"] == "archive-strange"
    assert not any(folder.parent.iterdir())


@pytest.mark.parametrize("missing", ["keys/registry", "books/main.beancount", "books/registry.db"])
def test_a_part_without_which_there_are_no_books(paid: Office, missing: str) -> None:
    folder, key = elsewhere(paid)
    members = [one for one in members_of(paid) if one.name != missing]
    refused = restore(paid, forged(paid, members), folder, key=key)
    assert refused.json["code"] == "archive-strange"
    assert not any(folder.parent.iterdir())


def changed(members: list[Member], name: str, old: bytes, new: bytes) -> list[Member]:
    said = []
    for one in members:
        content = one.content
        if one.name == name:
            assert isinstance(content, bytes)
            assert old in content
            content = content.replace(old, new)
        said.append(Member(one.name, content))
    return said


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        # A plugin, which would be run.
        ("books/main.beancount", b"option", b'plugin "evil"\noption', "books-not-plain"),
        # An event that somebody has changed.
        ("books/events/000001-prepared-B2020-001.beancount", b"800.00", b"900.00",
         "backup-unsound"),
        ("books/HEAD", b"1 ", b"0 ", "backup-unsound"),
        # A registry that this key does not open, and a key that is none.
        ("books/registry.db", b"", b"x", "wrong-key"),
        ("keys/registry", b"", b"0", "key-unreadable"),
        ("keys/O01", b'"O01"', b'"O02"', "operator-key-of-another"),
    ],
)  # fmt: skip
def test_books_that_are_not_as_they_were_written(
    paid: Office, name: str, old: bytes, new: bytes, code: str
) -> None:
    folder, key = elsewhere(paid)
    file = forged(paid, changed(members_of(paid), name, old, new))
    refused = restore(paid, file, folder, key=key)
    assert refused.json["code"] == code
    assert not any(folder.parent.iterdir())


def test_a_batch_whose_event_was_taken_out(paid: Office) -> None:
    """The registry knows of it."""
    folder, key = elsewhere(paid)
    head = paid.folder / "HEAD"
    members = [one for one in members_of(paid) if "000001" not in one.name]
    first = f"0 {file_digest(paid.events()[0])}\n".encode()
    members = changed(members, "books/HEAD", head.read_bytes(), first)
    refused = restore(paid, forged(paid, members), folder, key=key)
    assert refused.json["code"] == "backup-unsound"


# What is there already.


def test_over_newer_books(paid: Office) -> None:
    file = backed_up(paid)
    assert paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    before = tree(paid.folder)
    refused = restore(paid, file, paid.folder, "--yes", key=paid.key)
    assert refused.json["code"] == "books-newer"
    assert refused.json["missing"] == [2]
    assert tree(paid.folder) == before


def test_over_a_newer_registry(paid: Office) -> None:
    file = backed_up(paid)
    paid.register(1)
    before = tree(paid.folder)
    refused = restore(paid, file, paid.folder, "--yes", key=paid.key)
    assert refused.json["code"] == "registry-newer"
    assert tree(paid.folder) == before


def test_over_damaged_books_which_are_put_aside(paid: Office) -> None:
    file = backed_up(paid)
    sound = tree(paid.folder)
    (paid.folder / REGISTRY_FILE).write_bytes(b"torn")
    shutil.rmtree(paid.folder / "payouts")
    damaged = tree(paid.folder)
    answer = restore(paid, file, paid.folder, key=paid.key)
    assert answer.status == 0, answer.err
    assert tree(paid.folder) == sound
    assert tree(Path(answer.json["replaced"])) == damaged
    assert paid.check() == []
    # And once more: what was put aside is not written over.
    (paid.folder / REGISTRY_FILE).write_bytes(b"torn")
    again = restore(paid, file, paid.folder, key=paid.key)
    assert again.json["code"] == "folder-taken"
    assert tree(Path(answer.json["replaced"])) == damaged


def test_over_other_books_and_over_what_is_none(paid: Office, tmp_path: Path) -> None:
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    assert execute(["--key", str(tmp_path / "x.key"), "init", str(folder)]) == 0
    before = tree(folder)
    assert restore(paid, file, folder, key=key).json["code"] == "other-books-there"
    assert tree(folder) == before
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(b"x")
    assert restore(paid, file, tmp_path / "photos", key=key).json["code"] == "folder-taken"
    (tmp_path / "books.restoring").mkdir()
    (tmp_path / "books.restoring" / "mine").write_bytes(b"x")
    assert restore(paid, file, paid.folder, key=paid.key).json["code"] == "folder-taken"
    assert (tmp_path / "books.restoring" / "mine").read_bytes() == b"x"
    assert not key.exists()


def test_into_an_empty_folder(paid: Office) -> None:
    folder, key = elsewhere(paid)
    folder.mkdir()
    assert restore(paid, backed_up(paid), folder, key=key).status == 0


@pytest.mark.parametrize("whose", ["registry", "O01"])
def test_a_key_that_differs_stays(paid: Office, whose: str) -> None:
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    assert execute(["--key", str(key), "init", str(folder.with_name("new"))]) == 0
    shutil.rmtree(folder.with_name("new"))
    witness_path(key).unlink()
    if whose == "O01":
        shutil.copy2(paid.key, key)
    before = tree(folder.parent)
    refused = restore(paid, file, folder, key=key)
    assert refused.json["code"] == (
        "other-key-there" if whose == "registry" else "operator-key-of-another"
    )
    assert tree(folder.parent) == before


def test_an_operators_key_that_differs_stays(paid: Office) -> None:
    """Of the same operator of the same books, and yet another."""
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    books = read_settings(paid.folder).key
    other = new_operator_key(bytes(32), "O01", books, "", salt=SALT, nonce=bytes(12))
    write_operator_key(operator_key_path(key, "O01"), other)
    refused = restore(paid, file, folder, key=key)
    assert refused.json["code"] == "other-key-there"
    assert not key.exists()
    assert operator_key_path(key, "O01").read_text(encoding="utf-8") == other.to_text()


def test_a_key_whose_passphrase_is_another_now_stays(
    paid: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up(paid)
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "own")
    assert paid.run("operator", "passphrase").status == 0
    shutil.rmtree(paid.folder)
    assert restore(paid, file, paid.folder, key=paid.key).status == 0
    assert b'"passphrase": true' in operator_key_path(paid.key, "O01").read_bytes()


# Older than what this machine has seen.


@pytest.fixture
def lost(paid: Office) -> Iterator[tuple[Office, Path]]:
    """Books that were lost after a batch that no backup has."""
    file = backed_up(paid)
    paid.register(2)
    assert paid.disburse(on="2020-11-20").status == 0
    shutil.rmtree(paid.folder)
    yield paid, file


def test_older_books_are_restored_when_somebody_says_so(lost: tuple[Office, Path]) -> None:
    office, file = lost
    asked = restore(office, file, office.folder, key=office.key)
    assert asked.status == 2
    assert not office.folder.exists()
    answer = restore(office, file, office.folder, "--yes", key=office.key)
    assert answer.status == 0, answer.err
    assert answer.json["missing"] == [2]
    assert answer.json["doubt"] == "books-older-than-witness"


def test_a_restored_older_copy_pays_nobody_twice(lost: tuple[Office, Path]) -> None:
    """Not before somebody has accepted that a batch is missing, in an event that names it."""
    office, file = lost
    restore(office, file, office.folder, "--yes", key=office.key)
    refused = office.disburse(on="2020-11-21")
    assert refused.json["code"] == "books-older-than-witness"
    assert refused.json["missing"] == [2]
    assert len(office.events()) == 2
    answer = office.run("accept-older", "--reason", "硬盘损坏", "--yes", "--json")
    assert answer.json["missing"] == [2]
    # Whoever was in the backup's own batch is not paid again.
    assert office.disburse(on="2020-11-21").json["refused"]["reason"] == "nothing_due"
    assert office.check() == []
    witness = read_witness(witness_path(office.key))
    assert witness is not None
    assert witness.backup_seq == 1


def test_a_newer_backup_is_none_of_the_books_that_are_gone_on_with(paid: Office) -> None:
    older = backed_up(paid)
    paid.register(2)
    assert paid.disburse(on="2020-11-20").status == 0
    backed_up(paid, "newer")
    assert paid.status()["backup"]["event"] == 2
    shutil.rmtree(paid.folder)
    assert restore(paid, older, paid.folder, "--yes", key=paid.key).status == 0
    assert paid.run("accept-older", "--reason", "硬盘损坏", "--yes").status == 0
    paid.register(2)
    assert paid.disburse(on="2020-11-21").status == 0
    assert paid.status()["backup"] == {"event": 1, "missing_batch": "B2020-002"}


def test_older_books_with_the_newer_registry(paid: Office) -> None:
    """Who puts only the text back is refused by the registry."""
    folder, key = elsewhere(paid)
    assert restore(paid, backed_up(paid), folder, key=key).status == 0
    paid.register(2)
    assert paid.disburse(on="2020-11-20").status == 0
    shutil.copy2(paid.folder / REGISTRY_FILE, folder / REGISTRY_FILE)
    there = Office(folder, key, paid.capture)
    refused = there.run("--operator", "O01", "disburse", "--yes", "--json", "--date", "2020-11-21")
    assert refused.json["code"] == "books-behind"


def test_a_second_folder_while_the_first_stands(paid: Office, tmp_path: Path) -> None:
    file = backed_up(paid)
    second = tmp_path / "second"
    answer = restore(paid, file, second, "--yes", key=paid.key)
    assert answer.status == 0
    assert answer.json["doubt"] == "second-folder"
    there = Office(second, paid.key, paid.capture)
    assert there.check() == []
    refused = there.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11", "--json")
    assert refused.json["code"] == "second-folder"
    assert paid.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0


# What the machine knows of its backups.


def test_status_says_that_the_newest_batch_is_in_no_backup(funded: Office) -> None:
    assert funded.status()["backup"] == {"event": None, "missing_batch": None}
    assert funded.disburse().status == 0
    assert funded.status()["backup"] == {"event": None, "missing_batch": "B2020-001"}
    assert "no backup" in funded.run("status").out
    backed_up(funded)
    assert funded.status()["backup"] == {"event": 1, "missing_batch": None}
    assert "backup" not in funded.run("status").out
    funded.register(2)
    assert funded.disburse(on="2020-11-20").status == 0
    assert funded.status()["backup"] == {"event": 1, "missing_batch": "B2020-002"}
    assert "B2020-002" in funded.run("status").out.split("backup")[0].splitlines()[-1]


# Disks and crashes.


def test_a_full_disk_leaves_no_backup(paid: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = paid.folder.parent / "b"
    whole = tree(paid.folder)
    for moment in range(1, 50):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        answer = paid.run("backup", path, "--json")
        if answer.status == 0:
            break
        assert answer.json["code"] == "disk-refused", moment
        assert not path.exists()
        assert not path.with_name("b.new").exists()
        assert paid.status()["backup"]["event"] is None
    assert moment > 4
    monkeypatch.setattr(durable, "disk", durable.Disk())
    assert tree(paid.folder) == whole


def test_a_full_disk_leaves_nothing_restored(paid: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backed_up(paid)
    folder, key = elsewhere(paid)
    moments = 0
    for moment in (*range(1, 12), *range(12, 500, 9)):
        monkeypatch.setattr(durable, "disk", FullDisk(moment))
        answer = restore(paid, file, folder, key=key)
        monkeypatch.setattr(durable, "disk", durable.Disk())
        if answer.status == 0:
            break
        moments += 1
        assert answer.json["code"] == "system-refused"
        assert not folder.exists()
        assert not key.exists()
    assert moments > 12
    assert Office(folder, key, paid.capture).check() == []


@needs_fork
def test_killed_while_restoring(paid: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The books are there, whole and with their keys, or they are not; the next one goes on."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    file = backed_up(paid)
    outcomes = []
    folder, key = elsewhere(paid)

    def die_before(moment: int) -> Answer | None:
        def work() -> Answer:
            seen = 0

            def count(event: str, arguments: tuple[Any, ...]) -> None:
                nonlocal seen
                if is_change(event, arguments):
                    seen += 1
                    if seen == moment:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            return restore(paid, file, folder, key=key)

        return in_child(work)

    moment = 1
    while True:
        answer = die_before(moment)
        outcomes.append(folder.exists())
        if folder.exists():
            assert read_key(key) == read_key(paid.key)
            assert Office(folder, key, paid.capture).check() == []
        if answer is not None:
            break
        if folder.exists():
            shutil.rmtree(folder)
            for path in key.parent.glob("registry.*"):
                path.unlink()
        # Slowly at the beginning, where the files are unpacked; each one near the end.
        moment += 7 if len(outcomes) < 10 else 1 if moment > 90 else 3
    assert answer.status == 0
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 20
    assert outcomes.count(True) > 1, "killed after the books were in place too"


@pytest.mark.parametrize(
    "name",
    [
        "main.beancount", ".gitignore", "events/000001-prepared-B2020-001.beancount",
        "payouts/B2020-001/发放表 城关.pdf", "journal/hand.beancount", "registry.db", "HEAD",
        "bank_profiles/x.toml", "statements/2020年/11月.xls", "scans/a/b/c.pdf",
    ],
)  # fmt: skip
def test_names_of_the_books(name: str) -> None:
    assert may_be_kept(name)
