"""``batch restore``: a lost or changed paper comes out as it was, with the same seal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from ledger.base import durable
from ledger.base.books_folder import MANIFEST
from ledger.base.books_folder import RESTORED
from ledger.books.restored_papers import read_restored
from ledger.books.restored_papers import restored_text
from ledger.model.ids import BatchId
from tests.support.acting import actor_of
from tests.support.auditor import audit
from tests.support.auditor import edit
from tests.support.beginnings import beginning
from tests.support.child_process import needs_fork
from tests.support.crash import run_and_die
from tests.support.faulty_disk import FullDisk
from tests.support.forged_events import exchange_rows
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.writing_commands import Command
from tests.support.writing_commands import nothing

BATCH = BatchId("B2020-001")
SUMMARY = f"{BATCH}-发放汇总表.pdf"
WORKBOOK = f"{BATCH}-发放表.xlsx"
BANK_FILE = f"{BATCH}-本行-1.xlsx"
SHEET = f"{BATCH}-发放表-370481001荆河街道.pdf"
RESTORE = Command("batch restore", nothing, ("batch", "restore", BATCH, "--json"))


@beginning
def prepared(funded: Office) -> Office:
    funded.disburse()
    return funded


def folder(office: Office) -> Path:
    return office.folder / "payouts" / BATCH


def contents(office: Office) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder(office).iterdir()}


def restore(office: Office, *file: str) -> Answer:
    return office.run("batch", "restore", BATCH, *file, "--json")


def states(answer: Answer) -> dict[str, str]:
    assert answer.status == 0, answer
    return {file["name"]: file["state"] for file in answer.json["files"]}


def saved_again(path: Path) -> None:
    """By Excel, without a change: the bytes are others."""
    load_workbook(path).save(path)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system whose library writes other bytes into a workbook."""
    write = xlsxwriter.Workbook.set_properties

    def otherwise(workbook: xlsxwriter.Workbook, properties: dict[str, Any]) -> None:
        write(workbook, {**properties, "comments": "of another version"})

    monkeypatch.setattr(xlsxwriter.Workbook, "set_properties", otherwise)


# On the same system.


@pytest.mark.parametrize("name", [SUMMARY, WORKBOOK, BANK_FILE, SHEET, MANIFEST])
def test_a_lost_paper_is_written_again_to_the_byte(prepared: Office, name: str) -> None:
    before = contents(prepared)
    (folder(prepared) / name).unlink()
    assert prepared.check() != []
    assert states(restore(prepared, name)) == {name: "restored"}
    assert contents(prepared) == before
    assert prepared.check() == []
    assert audit(prepared.folder).findings == []


def test_a_whole_folder_that_is_lost(prepared: Office) -> None:
    before = contents(prepared)
    for path in folder(prepared).iterdir():
        path.unlink()
    folder(prepared).rmdir()
    assert set(states(restore(prepared)).values()) == {"restored"}
    assert contents(prepared) == before
    assert prepared.check() == []
    assert prepared.run("verify", BATCH, "--json").json["ok"]


def test_what_was_saved_again_or_changed_is_put_right(prepared: Office) -> None:
    """The change is gone, whatever it was: paper is what was sealed."""
    before = contents(prepared)
    saved_again(folder(prepared) / BANK_FILE)
    (folder(prepared) / SHEET).write_bytes(b"%PDF-1.4 nothing")
    said = states(restore(prepared))
    assert {name for name, state in said.items() if state == "restored"} == {BANK_FILE, SHEET}
    assert contents(prepared) == before


def test_a_right_paper_is_not_touched(prepared: Office) -> None:
    (folder(prepared) / SUMMARY).unlink()
    before = {path: path.stat().st_mtime_ns for path in folder(prepared).iterdir()}
    inodes = {path: path.stat().st_ino for path in folder(prepared).iterdir()}
    said = states(restore(prepared))
    assert {name for name, state in said.items() if state != "right"} == {SUMMARY}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert {path: path.stat().st_ino for path in before} == inodes
    assert set(states(restore(prepared)).values()) == {"right"}


def test_settings_that_were_changed_since_do_not_matter(prepared: Office) -> None:
    """Another unit, title, remark and bank format by now; the paper is as it was."""
    before = contents(prepared)
    edit(prepared.folder / "census-ledger.toml", 'name = "', 'name = "新')
    edit(prepared.folder / "census-ledger.toml", 'own_profile = "icbc-own"', 'own_profile = "ccb"')
    programme = prepared.folder / "programme.toml"
    for old, new in (
        ('remark = "', 'remark = "新'),
        ('title = "', 'title = "新'),
        ("mask_identities = true", "mask_identities = false"),
    ):
        edit(programme, old, new)
    for path in folder(prepared).iterdir():
        path.unlink()
    assert set(states(restore(prepared)).values()) == {"restored"}
    assert contents(prepared) == before


def test_records_that_were_changed_since_do_not_matter(prepared: Office) -> None:
    """It is written from the rows that were frozen; that it is not to be sent is another matter."""
    before = contents(prepared)
    prepared.run("payees", "set-bank-name", "P000002", "李龑", "--reason", "银行写法", "--yes")
    (folder(prepared) / BANK_FILE).unlink()
    assert states(restore(prepared, BANK_FILE)) == {BANK_FILE: "restored"}
    assert contents(prepared) == before


def test_the_papers_of_a_void_batch_too(prepared: Office) -> None:
    prepared.run("batch", "void", BATCH, "--yes", "--date", "2020-11-11")
    (folder(prepared) / SUMMARY).unlink()
    assert states(restore(prepared, SUMMARY)) == {SUMMARY: "restored"}
    assert prepared.check() == []


def test_the_way_out_of_a_refused_submission(prepared: Office) -> None:
    (folder(prepared) / BANK_FILE).unlink()
    refused = prepared.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11")
    assert f"'census-ledger batch restore {BATCH}'" in refused.err
    restore(prepared)
    assert prepared.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0


def test_it_says_what_it_did_of_each_file(prepared: Office) -> None:
    (folder(prepared) / SUMMARY).unlink()
    said = prepared.run("batch", "restore", BATCH).out
    assert f"{SUMMARY}: written again, as it was made\n" in said
    assert f"{SHEET}: is as it was made\n" in said


# On another system.


def test_other_bytes_with_the_same_rows_are_taken_and_signed(
    prepared: Office, elsewhere: None
) -> None:
    """The manifest stays; what was written again stands beside it with both digests."""
    sealed = json.loads((folder(prepared) / MANIFEST).read_text(encoding="utf-8"))
    due = {file["name"]: file["sha256"] for file in sealed["files"]}
    for name in (WORKBOOK, BANK_FILE, SUMMARY):
        (folder(prepared) / name).unlink()
    said = states(restore(prepared))
    assert [said[name] for name in (WORKBOOK, BANK_FILE, SUMMARY)] == [
        "restored_by_content", "restored_by_content", "restored",
    ]  # fmt: skip
    both = json.loads((folder(prepared) / RESTORED).read_text(encoding="utf-8"))["files"]
    assert {file["name"]: file["sha256"] for file in both} == {
        name: due[name] for name in (WORKBOOK, BANK_FILE)
    }
    assert prepared.check() == []
    assert audit(prepared.folder).findings == []
    assert prepared.run("verify", BATCH, "--json").json["ok"]
    assert set(states(restore(prepared)).values()) == {"right"}
    assert prepared.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0


def restored(office: Office) -> Path:
    for name in (WORKBOOK, BANK_FILE):
        (folder(office) / name).unlink()
    restore(office)
    return folder(office) / RESTORED


def another_digest(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    document["files"][0]["restored"] = "0" * 64
    path.write_text(json.dumps(document), encoding="utf-8")


def of_another_batch(path: Path) -> None:
    edit(path, BATCH, "B2020-002")


def no_signature(path: Path) -> None:
    edit(path, '"signature"', '"seal"')


def no_json(path: Path) -> None:
    path.write_bytes(b"\xff[" * 9)


def a_list(path: Path) -> None:
    path.write_bytes(b"[[]]")


@pytest.mark.parametrize(
    "change", [another_digest, of_another_batch, no_signature, no_json, a_list]
)
def test_what_was_restored_is_what_somebody_has_signed(
    prepared: Office, elsewhere: None, change: Callable[[Path], None]
) -> None:
    """Whoever changes a bank file cannot make it right by writing its digest down."""
    change(restored(prepared))
    files = {error["file"] for error in prepared.check()}
    assert files == {f"payouts/{BATCH}/{name}" for name in (WORKBOOK, BANK_FILE, RESTORED)}
    found = audit(prepared.folder).findings
    assert {finding[0] for finding in found} == files
    assert set(states(restore(prepared)).values()) == {"right", "restored_by_content"}
    assert prepared.check() == []


def test_a_file_that_differs_from_both_is_changed(prepared: Office, elsewhere: None) -> None:
    restored(prepared)
    saved_again(folder(prepared) / WORKBOOK)
    (error,) = prepared.check()
    assert error["file"] == f"payouts/{BATCH}/{WORKBOOK}"
    assert audit(prepared.folder).places == {(error["file"], 1)}


def test_other_bytes_with_other_rows_are_not_written(
    prepared: Office, elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that writes something else by now does not replace what was signed."""
    monkeypatch.setattr("reports.payout.workbook_page.grouped", lambda _fen: "1.00", raising=False)
    monkeypatch.setattr("reports.payout.workbook_page.yuan", lambda _fen: 1, raising=False)
    (folder(prepared) / WORKBOOK).unlink()
    refused = restore(prepared, WORKBOOK)
    assert (refused.status, refused.json["code"]) == (1, "not-as-printed")
    assert not (folder(prepared) / WORKBOOK).exists()
    assert not (folder(prepared) / RESTORED).exists()


# What is refused.


@pytest.mark.parametrize("name", ["B2020-001-他行-9.csv", "../../HEAD", "notes.txt"])
def test_a_file_that_is_not_of_the_batch(prepared: Office, name: str) -> None:
    refused = restore(prepared, name)
    assert (refused.status, refused.json["code"]) == (1, "no-such-paper")
    assert BANK_FILE in refused.json["facts"]["known"]


@pytest.mark.parametrize("name", [MANIFEST, BANK_FILE])
def test_a_folder_in_place_of_a_paper(prepared: Office, name: str) -> None:
    (folder(prepared) / name).unlink()
    (folder(prepared) / name).mkdir()
    refused = restore(prepared)
    assert refused.json["code"] == "paper-not-replaced"
    assert f"payouts/{BATCH}/{name}: this is a folder" in refused.json["error"]
    (folder(prepared) / name).rmdir()
    assert states(restore(prepared))[name] == "restored"


def test_a_file_in_place_of_the_batch_s_folder(prepared: Office) -> None:
    shutil.rmtree(folder(prepared))
    folder(prepared).write_text("", encoding="utf-8")
    refused = restore(prepared)
    assert refused.json["code"] == "paper-not-replaced"
    assert f"payouts/{BATCH}: this is a file" in refused.json["error"]


def test_no_such_batch(prepared: Office) -> None:
    assert prepared.run("batch", "restore", "B2020-009", "--json").json["code"] == "no-such-batch"


@pytest.mark.parametrize("what", ["manifest", "settings"])
def test_a_registry_that_does_not_hold_what_it_was_printed_by(prepared: Office, what: str) -> None:
    header = prepared.books().history.batches[BATCH].header.meta
    with prepared.registry() as registry, registry.file.all_or_none():
        registry.file.execute("delete from frozen_rows where sha256 = ?", (header[what],))
    (error,) = prepared.check()
    assert (error["file"], error["code"]) == (
        f"events/000001-prepared-{BATCH}.beancount",
        "artefacts",
    )
    assert "was printed by" in error["message"]
    (folder(prepared) / SUMMARY).unlink()
    refused = restore(prepared)
    assert (refused.status, refused.json["code"]) == (1, "settings-not-kept")
    assert not (folder(prepared) / SUMMARY).exists()


def test_settings_in_the_registry_that_somebody_has_changed(prepared: Office) -> None:
    named = prepared.books().history.batches[BATCH].header.meta["settings"]
    with prepared.registry() as registry, registry.file.all_or_none():
        exchange_rows(registry, named, b"{}")
    (folder(prepared) / SUMMARY).unlink()
    assert restore(prepared).json["code"] == "settings-not-kept"


def test_rows_in_the_registry_that_somebody_has_changed(prepared: Office) -> None:
    rows = prepared.books().history.batches[BATCH].rows
    with prepared.registry() as registry, registry.file.all_or_none():
        content = registry.frozen(rows)
        assert content is not None
        changed = content.replace("滕州农商行".encode(), "滕州农商社".encode(), 1)
        exchange_rows(registry, rows, changed)
    (folder(prepared) / SUMMARY).unlink()
    assert restore(prepared).json["code"] == "rows-missing"
    assert not (folder(prepared) / SUMMARY).exists()


def test_who_may_not_prepare_a_batch_restores_nothing(prepared: Office, elsewhere: None) -> None:
    """Neither by the command, nor by signing that something was restored."""
    prepared.run("operator", "add", "出纳员", "--role", "出纳")
    cashier = actor_of(prepared.folder, prepared.key, "O02")
    assert cashier.signer is not None
    refused = prepared.run("--operator", "O02", "batch", "restore", BATCH, "--json")
    assert refused.json["code"] == "role-missing"
    restored(prepared)
    books = prepared.books()
    batch = books.history.batches[BATCH]
    digests = read_restored(folder(prepared), batch, books.history)
    text = restored_text(batch, "O02", digests, cashier.signer.sign)
    (folder(prepared) / RESTORED).write_bytes(text)
    assert {error["file"] for error in prepared.check()} > {f"payouts/{BATCH}/{RESTORED}"}
    assert f"payouts/{BATCH}/{RESTORED}" in {file for file, _ in audit(prepared.folder).places}


# Crashes and disks.


def lose(office: Office) -> None:
    for name in (SUMMARY, BANK_FILE, MANIFEST):
        (folder(office) / name).unlink()


def moments() -> Iterator[int]:
    yield from range(1, 60)


def whole_or_missing(office: Office, before: dict[str, bytes]) -> None:
    """What stands there is right, whatever is still missing; nothing else stands there."""
    for name, content in contents(office).items():
        assert content == before[name], name


@needs_fork
def test_killed_at_every_operation(prepared: Office) -> None:
    before = contents(prepared)
    for moment in moments():
        lose(prepared)
        answer = run_and_die(RESTORE, prepared, moment)
        whole_or_missing(prepared, before)
        assert set(states(restore(prepared)).values()) <= {"right", "restored"}
        assert contents(prepared) == before
        if answer is not None:
            assert answer.status == 0
            assert moment > 5
            return
    pytest.fail("it never came to an end")


def test_a_disk_that_refuses_at_every_operation(
    prepared: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(prepared)
    for moment in moments():
        lose(prepared)
        with monkeypatch.context() as patched:
            patched.setattr(durable, "disk", FullDisk(moment))
            answer = prepared.run(*RESTORE.arguments)
        whole_or_missing(prepared, before)
        assert set(states(restore(prepared)).values()) <= {"right", "restored"}
        assert contents(prepared) == before
        if answer.status == 0:
            assert moment > 3
            return
        assert answer.json["code"] in {"disk-refused", "not-all-restored"}
    pytest.fail("it never came to an end")


def test_papers_that_are_held_until_they_are_approved(funded: Office) -> None:
    """They are written again where they lie, and nowhere else."""
    funded.rule('2020-01-01 custom "census-approval" 0.00 CNY "审核"')
    funded.disburse()
    held = funded.folder / "payouts" / ".held" / BATCH
    before = (held / SUMMARY).read_bytes()
    (held / SUMMARY).unlink()
    assert states(restore(funded, SUMMARY)) == {SUMMARY: "restored"}
    assert (held / SUMMARY).read_bytes() == before
    assert not folder(funded).exists()
    assert funded.check() == []
