"""Whoever can write the folder cannot write history.

The attacker has everything in the books' folder and the registry's key, but no operator's key.
Whatever is done shows in the plugin, in ``check`` and to the auditor, or the machine that has seen
the true books says so; and nobody is paid again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from beancount import loader

from ledger.base import records
from ledger.base.actor_and_clock import Stamp
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.books.provenance import fingerprint_of
from ledger.events.event_file import digests_of_events
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.keys.signing import Signer
from ledger.keys.witness import read_witness
from ledger.keys.witness import write_witness
from ledger.registry.change_log import Source
from tests.support.acting import actor_of
from tests.support.acting import new_books
from tests.support.auditor import audit
from tests.support.auditor import chained_anew
from tests.support.auditor import edit
from tests.support.auditor import event
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.bank_results import take_result
from tests.support.forged_events import anchored
from tests.support.forged_events import execute_in_registry
from tests.support.forged_events import forge
from tests.support.office import Office
from tests.support.office import codes
from tests.support.office import day
from tests.support.verified_office import UNUSED
from tests.support.verified_office import QuietOffice
from tests.support.verified_office import verify

pytestmark = pytest.mark.attacks

DEACTIVATE = ("payees", "deactivate", "P000004", "--reason", "离岗", "--yes", "--json")
ATTACKER = Signer("O01", b"attacker" * 4)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three people are paid, and three others are in a batch that is not submitted yet."""
    folder = tmp_path_factory.mktemp("paid")
    office = QuietOffice(folder / "books", folder / "registry.key", UNUSED)
    new_books(office.folder, office.key)
    office.receive(1_220_000)
    office.register(3)
    assert office.disburse().status == 0
    assert office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    assert take_result(office, everyone(PAID, 1, 2, 3)).status == 0
    office.register(3)
    assert office.disburse(on="2020-11-20").json["batch"] == "B2020-002"
    assert office.check() == []
    return office


@pytest.fixture
def office(first: Office, tmp_path: Path) -> Office:
    """The same books on a machine that has seen all of it."""
    return first.copied(tmp_path, seen=True)


def plugin_says(office: Office) -> set[str]:
    """The codes of what Beancount finds, with nothing but the folder."""
    _entries, errors, _options = loader.load_file(str(office.folder / "main.beancount"))
    return {getattr(error, "code", type(error).__name__) for error in errors}


def nobody_is_paid_again(office: Office) -> None:
    events = digests_of_events(office.folder)
    for command in (
        ("disburse", "--yes", "--json", "--date", "2020-11-25"),
        ("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json"),
    ):
        answer = office.run(*command)
        assert answer.status == 1
        assert answer.json["error"]
    assert digests_of_events(office.folder) == events


def told_anew(office: Office) -> None:
    """Let the registry be certain of the events as they are now."""
    with office.registry() as registry:
        events = digests_of_events(office.folder)
        registry.anchors.accept(events)
        registry.anchors.make_certain(len(events) - 1)


def bank_file_for_another_account(books: Path, batch: str = "B2020-001") -> None:
    """The bank's file with another account, and a manifest and an event that are of this file."""
    folder = books / "payouts" / batch
    path = folder / f"{batch}-本行-1.xlsx"
    workbook = openpyxl.load_workbook(path)
    for row in workbook.worksheets[0].iter_rows():
        for cell in row:
            if str(cell.value).startswith("621521"):
                cell.value = "6215219999999999"
    workbook.save(path)
    manifest = folder / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    before = digest(manifest.read_bytes())
    (described,) = (file for file in document["files"] if file["name"] == path.name)
    described["sha256"] = digest(path.read_bytes())
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    manifest.write_text(text, encoding="utf-8", newline="\n")
    edit(event(books, f"prepared-{batch}"), before, digest(manifest.read_bytes()))


def operator_of_ones_own(books: Path) -> None:
    edit(event(books, "init"), 'name: "测试员"', 'name: "别人"')


# Events that are not as they were.


@pytest.mark.parametrize("change", [bank_file_for_another_account, operator_of_ones_own])
def test_an_event_that_was_changed_and_the_chain_made_anew(
    office: Office, change: Callable[[Path], None]
) -> None:
    """The registry knows the new chain too; but nobody can sign for the operator."""
    chained_anew(office, change, ATTACKER)
    told_anew(office)
    assert "signature" in plugin_says(office)
    assert {"signature", "witness"} <= codes(office.check())
    assert "签名" in audit(office.folder).text
    nobody_is_paid_again(office)


@pytest.mark.parametrize("signer", [ATTACKER, None], ids=["attacker", "operator"])
def test_a_bank_file_is_not_true_because_its_manifest_says_so(
    office: Office, signer: Signer | None
) -> None:
    """The rows are the registry's: not even the operator who made them signs others for them."""
    path = office.folder / "payouts" / "B2020-002" / "B2020-002-本行-1.xlsx"
    assert verify(office, path)["ok"]
    assert verify(office, "B2020-002")["ok"]
    chained_anew(office, lambda books: bank_file_for_another_account(books, "B2020-002"), signer)
    told_anew(office)
    witness_path(office.key).unlink()
    for subject in (path, "B2020-002"):
        said = verify(office, subject)
        assert not said["ok"]
        assert {one["column"] for one in said["differences"]} == {"卡号"}
        assert "9999999999" not in json.dumps(said)
    answer = office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json")
    assert answer.status == 1
    if signer is None:
        assert (answer.json["code"], answer.json["facts"]["bank_file"]) == (
            "files-not-of-batch",
            path.name,
        )
    assert "9999999999" not in answer.out


def test_a_file_that_somebody_has_put_beside_them(office: Office) -> None:
    folder = office.folder / "payouts" / "B2020-002"
    shutil.copy(folder / "B2020-002-本行-1.xlsx", folder / "B2020-002-本行-2.xlsx")
    answer = office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json")
    assert answer.json["code"] == "file-beside-batch"
    assert answer.json["facts"]["beside"].endswith("B2020-002-本行-2.xlsx")


def test_a_sheet_that_was_saved_again_keeps_nobody_from_being_paid(office: Office) -> None:
    (sheet,) = (office.folder / "payouts" / "B2020-002").glob("*荆河街道.pdf")
    sheet.write_bytes(sheet.read_bytes() + b"\n")
    assert office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25").status == 0


def test_a_folder_that_is_gone_is_not_submitted(office: Office) -> None:
    shutil.rmtree(office.folder / "payouts" / "B2020-002")
    answer = office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json")
    assert answer.json["code"] == "files-not-of-batch"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        pytest.param("O01", "signature", id="in the first operator's name"),
        pytest.param("O00", "signature", id="in the name of the key in the safe"),
        pytest.param("O02", "operator", id="as nobody"),
    ],
)
def test_who_has_no_key_names_no_operator(office: Office, by: str, code: str) -> None:
    meta = (
        f'  recorded: "2020-11-12T09:00:00+08:00"\n  change: "added"\n  operator: "O02"\n'
        f'  name: "别人"\n  roles: "管理 经办"\n  key: "{ATTACKER.public}"\n'
    )
    forge(office, "operator", batch="", meta=meta, by=by, signer=ATTACKER)
    anchored(office)
    assert code in plugin_says(office)
    assert code in codes(office.check())
    assert audit(office.folder).status == 1
    nobody_is_paid_again(office)


# Books that were put back.


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_newest_events_deleted(office: Office, count: int) -> None:
    """The chain is whole, and the plugin can know nothing: registry and witness do."""
    office.lose_events(count)
    assert codes(office.check()) >= {"registry", "witness"}
    nobody_is_paid_again(office)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_newest_events_deleted_and_the_registry_told(office: Office, count: int) -> None:
    office.lose_events(count)
    told_anew(office)
    assert "witness" in codes(office.check())
    nobody_is_paid_again(office)


def test_books_and_registry_put_back_together(office: Office, tmp_path: Path) -> None:
    shutil.copytree(office.folder, tmp_path / "older")
    office.register(1)
    assert office.disburse(on="2020-11-21").json["payees"] == 1
    shutil.rmtree(office.folder)
    shutil.copytree(tmp_path / "older", office.folder)
    assert "witness" in codes(office.check())
    answer = office.disburse(on="2020-11-22")
    assert answer.status == 1
    assert answer.json["facts"]["missing"] == [5]
    nobody_is_paid_again(office)


def test_a_copy_of_older_books_beside_the_first(office: Office, tmp_path: Path) -> None:
    copy = replace(office, folder=tmp_path / "copy")
    shutil.copytree(office.folder, copy.folder)
    assert office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-21").status == 0
    nobody_is_paid_again(copy)
    answer = copy.run("accept-older", "--reason", "试", "--yes", "--json")
    assert answer.json["error"]
    assert "still stand" in answer.json["error"]


def test_older_books_are_accepted_with_a_reason(office: Office) -> None:
    office.lose_events(1)
    answer = office.run("accept-older", "--reason", "硬盘坏了", "--yes", "--json")
    assert answer.json["missing"] == [4]
    newest = office.events()[-1].read_text(encoding="utf-8")
    assert 'reason: "硬盘坏了"' in newest
    assert office.run("accept-older", "--reason", "再来", "--yes", "--json").status == 1


def test_what_was_seen_of_other_books_is_not_accepted(office: Office) -> None:
    path = witness_path(office.key)
    seen = read_witness(path)
    assert seen is not None
    write_witness(path, records.replace(seen, books="k-00000000"))
    before = path.read_bytes()
    answer = office.run("accept-older", "--reason", "试", "--yes", "--json")
    assert answer.status == 1
    assert "key of their own" in answer.json["error"]
    assert path.read_bytes() == before
    assert "witness" in codes(office.check())


# A history made anew.


def test_a_history_made_anew_has_another_fingerprint(office: Office, tmp_path: Path) -> None:
    """It is without fault in itself: paper tells, and the machine that has seen the true one."""
    other = QuietOffice(tmp_path / "anew" / "books", tmp_path / "anew" / "registry.key", UNUSED)
    other.folder.parent.mkdir()
    new_books(other.folder, other.key)
    assert audit(other.folder).status == 0
    on_paper = fingerprint_of(digests_of_events(office.folder)[0])
    assert audit(office.folder, "--fingerprint", on_paper).status == 0
    said = audit(other.folder, "--fingerprint", on_paper)
    assert said.status == 1
    assert "指纹" in said.text
    for name in ("events", HEAD_FILE, REGISTRY_FILE):
        target = office.folder / name
        if target.is_dir():
            shutil.rmtree(target)
            shutil.copytree(other.folder / name, target)
        else:
            shutil.copy(other.folder / name, target)
    shutil.copy(other.key, office.key)
    assert "witness" in codes(office.check())
    assert office.disburse(on="2020-11-25").status == 1


def test_nor_has_one_that_names_the_key_in_the_safe(office: Office, tmp_path: Path) -> None:
    """A public key can be copied; but then the event that names it is another."""
    on_paper = fingerprint_of(digests_of_events(office.folder)[0])
    safe = office.books().history.operators["O00"].key
    other = QuietOffice(tmp_path / "anew" / "books", tmp_path / "anew" / "registry.key", UNUSED)
    other.folder.parent.mkdir()
    new_books(other.folder, other.key)
    own = other.books().history.operators["O00"].key
    chained_anew(other, lambda books: edit(event(books, "init"), own, safe))
    assert audit(other.folder).status == 0
    assert audit(other.folder, "--fingerprint", on_paper).status == 1


# The registry.


OTHER_ACCOUNT = "update payees set account = '6215219999999999' where serial = 4"
LOG_WRITTEN = (
    "insert into changes select null, entry, serial, 'account', '', '6215219999999999', source, '',"
    " 0, day, '' from changes where serial = 4"
)


@pytest.mark.parametrize(
    "statements", [(OTHER_ACCOUNT,), (OTHER_ACCOUNT, LOG_WRITTEN)], ids=["record", "and log"]
)
def test_an_account_written_into_the_registry(office: Office, statements: tuple[str, ...]) -> None:
    execute_in_registry(office, *statements)
    assert codes(office.check()) & {"record", "log"}
    answer = office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json")
    assert answer.status == 1
    assert "9999999999" not in answer.out


def test_a_log_that_was_cut_off(office: Office) -> None:
    """People who came before a batch are gone from it, with their entry."""
    execute_in_registry(
        office,
        "delete from changes where entry = 2",
        "delete from log_entries where number = 2",
        "delete from payees where serial > 3",
    )
    said = [error["message"] for error in office.check() if error["code"] == "registry"]
    assert any("the log of changes that batch B2020-002 was made after" in one for one in said)
    nobody_is_paid_again(office)
    assert not verify(office, "B2020-001")["ok"]


def test_rows_that_were_exchanged(office: Office) -> None:
    execute_in_registry(office, "update frozen_rows set content = cast('[]' as blob)")
    assert "rows" in codes(office.check())
    answer = office.run("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-25", "--json")
    assert answer.status == 1


# Roles.


def add_operator(office: Office, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    """O02."""
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
    assert office.run("operator", "add", "某人", "--role", role).status == 0


def test_who_only_reads_changes_no_record(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    add_operator(office, monkeypatch, "查阅")
    answer = office.run("--operator", "O02", *DEACTIVATE)
    assert answer.status == 1
    assert answer.json["code"] == "may-not-change-records"
    refused = office.run("--operator", "O02", "batch", "void", "B2020-002", "--yes", "--json")
    assert refused.json["code"] == "role-missing"


def test_an_event_by_somebody_whose_role_does_not_allow_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_operator(office, monkeypatch, "查阅")
    signer = actor_of(office.folder, office.key, "O02").signer
    meta = '  recorded: "2020-11-12T09:00:00+08:00"\n'
    forge(office, "void", batch="B2020-002", meta=meta, by="O02", signer=signer)
    anchored(office)
    assert "role" in plugin_says(office)
    assert "role" in codes(office.check())
    assert audit(office.folder).status == 1


def test_the_cashier_submits_and_takes_the_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And prepares nothing, nor changes anybody's record."""
    add_operator(office, monkeypatch, "出纳")
    as_cashier = ("--operator", "O02")
    submitted = office.run(
        *as_cashier, "batch", "submit", "B2020-002", "--yes", "--date", "2020-11-21"
    )
    assert submitted.status == 0
    path = result_file(office, everyone(PAID, 4, 5, 6), batch="B2020-002")
    taken = office.run(*as_cashier, "import", path, "--date", "2020-11-22", "--json")
    assert taken.json["files"][0]["paid"] == 3
    assert office.check() == []
    changed = office.run(*as_cashier, *DEACTIVATE)
    assert changed.json["code"] == "may-not-change-records"


@pytest.mark.parametrize(
    ("role", "known"), [("查阅", 5), ("经办", 4)], ids=["a reader", "before being named"]
)
def test_an_entry_of_the_log_by_somebody_who_may_not(
    office: Office, monkeypatch: pytest.MonkeyPatch, role: str, known: int
) -> None:
    """Who has the registry's key and an operator's own, but not the role, or not yet."""
    add_operator(office, monkeypatch, role)
    signer = actor_of(office.folder, office.key, "O02").signer
    assert signer is not None
    with office.registry() as registry, registry.file.transaction(Stamp("O02", "2020-11-22")):
        payee = registry.payees()[3]
        registry.log.begin()
        source = Source(registry.keep_original("b.xlsx", "roster", b"b"), "普查员", 7)
        changes = {"account": (payee.account, "6215219999999999")}
        registry.change(payee, changes, source, on=day("2020-11-22"))
        registry.log.end(known, signer.sign)
    assert "log" in codes(office.check())
    nobody_is_paid_again(office)


def test_an_entry_of_the_log_that_says_it_was_earlier(office: Office) -> None:
    """A key that is good no more has signed what it was good for once."""
    signer = actor_of(office.folder, office.key).signer
    assert signer is not None
    with office.registry() as registry, registry.file.transaction(Stamp("O01", "2020-11-22")):
        payee = registry.payees()[3]
        registry.log.begin()
        source = Source(registry.keep_original("b.xlsx", "roster", b"b"), "普查员", 7)
        changes = {"account": (payee.account, "6215219999999999")}
        registry.change(payee, changes, source, on=day("2020-11-22"))
        registry.log.end(3, signer.sign)
    assert "registry" in codes(office.check())
    nobody_is_paid_again(office)


def test_an_operator_is_named_once(office: Office) -> None:
    meta = (
        '  recorded: "2020-11-12T09:00:00+08:00"\n  change: "added"\n  operator: "O01"\n'
        f'  name: "别人"\n  roles: "管理 经办"\n  key: "{ATTACKER.public}"\n'
    )
    forge(office, "operator", batch="", meta=meta)
    anchored(office)
    assert "operator" in plugin_says(office)
    assert "operator" in codes(office.check())
    assert operator_key_path(office.key, "O01").exists()
