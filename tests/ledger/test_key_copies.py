"""Keys on their way: from machine to machine under a passphrase, and from paper."""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.books.first_keys import first_keys
from ledger.books.settings import read_settings
from ledger.keys.default_operator import read_default_operator
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import write_operator_key
from ledger.keys.paper_words import paper_lines
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.places import witness_path
from ledger.keys.registry_key import read_key
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.model.operators import FIRST_OPERATOR
from tests.support.office import Office
from tests.support.pdf_text import by_pypdf

PASSPHRASE = "carried 2020"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", PASSPHRASE)


def on_another_machine(office: Office) -> Office:
    """The same folder of books, where no key is."""
    machine = office.folder.parent / "machine"
    machine.mkdir()
    return replace(office, key=machine / "registry.key")


def carried(office: Office, *options: str) -> Path:
    path = office.folder.parent / "stick" / "x.key"
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    answer = office.run("key", "export", path, *options)
    assert answer.status == 0, answer.err
    return path


def key_of(office: Office, operator: str) -> bytes:
    return operator_key_path(office.key, operator).read_bytes()


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_the_registrys_key_is_carried(office: Office) -> None:
    file = carried(office)
    assert read_key(office.key).encode() not in file.read_bytes()
    there = on_another_machine(office)
    assert there.run("payees", "list").status == 1
    assert there.run("key", "import", file).status == 0
    assert there.run("payees", "list").status == 0
    # And again, which changes nothing.
    assert there.run("key", "import", file).status == 0
    if os.name != "nt":
        assert there.key.stat().st_mode & 0o777 == 0o600


def test_an_operators_key_is_carried_with_its_own_passphrase(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "own")
    assert office.run("operator", "add", "王会计", "--role", "经办").status == 0
    monkeypatch.delenv("CENSUS_LEDGER_PASSPHRASE")
    file = carried(office, "--operator", "O02")
    there = on_another_machine(office)
    shutil.copy2(office.key, there.key)
    answer = there.run("key", "import", file, "--operator", "O02")
    assert answer.status == 0, answer.err
    assert "O02 works on this machine" in answer.out
    assert key_of(there, "O02") == key_of(office, "O02")
    assert read_default_operator(default_operator_path(there.key)) == "O02"


def test_who_works_on_a_machine_stays_who(office: Office) -> None:
    assert office.run("operator", "add", "王会计", "--role", "经办").status == 0
    file = carried(office, "--operator", "O02")
    there = on_another_machine(office)
    shutil.copy2(office.key, there.key)
    default_operator_path(there.key).write_text("O01\n", encoding="ascii")
    default_operator_path(there.key).chmod(0o600)
    assert there.run("key", "import", file, "--operator", "O02").status == 0
    assert read_default_operator(default_operator_path(there.key)) == "O01"


def test_what_was_asked_for_is_in_the_file(office: Office) -> None:
    there = on_another_machine(office)
    refused = there.run("key", "import", carried(office), "--operator", "O01")
    assert "the registry's key" in refused.err
    refused = there.run("key", "import", carried(office, "--operator", "O01"))
    assert "operator O01" in refused.err
    assert not any(there.key.parent.iterdir())


@pytest.mark.parametrize("given", ["another", ""])
def test_the_passphrase(office: Office, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    file = carried(office)
    there = on_another_machine(office)
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", given)
    assert there.run("key", "import", file).status == 1
    assert not there.key.exists()
    if not given:
        assert office.run("key", "export", file.with_name("y.key")).status == 1
        assert not file.with_name("y.key").exists()


def test_a_key_of_other_books_is_not_brought(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "other.key"
    members = [Member("keys/registry", b"ab" * 32)]
    write_archive(file, Purpose.KEY, PASSPHRASE, members, bytes(16))
    there = on_another_machine(office)
    refused = there.run("key", "import", file)
    assert "does not open with this key" in refused.err
    assert not there.key.exists()


def test_a_key_over_a_different_one(office: Office) -> None:
    """It may be all that other books have."""
    file = carried(office)
    there = on_another_machine(office)
    there.key.write_text("ab" * 32 + "\n", encoding="ascii")
    there.key.chmod(0o600)
    refused = there.run("key", "import", file)
    assert refused.status == 1
    assert "not replaced" in refused.err
    assert read_key(there.key) == "ab" * 32


def test_an_operators_key_over_a_different_one(office: Office, tmp_path: Path) -> None:
    other = replace(office, folder=tmp_path / "other", key=tmp_path / "o" / "registry.key")
    assert other.run("init", other.folder).status == 0
    file = carried(office, "--operator", "O01")
    before = key_of(other, "O01")
    there = replace(office, key=other.key)
    assert there.run("key", "import", file, "--operator", "O01").status == 1
    assert key_of(other, "O01") == before


def test_an_operators_key_over_another_of_the_same_operator(office: Office) -> None:
    file = carried(office, "--operator", "O01")
    there = on_another_machine(office)
    shutil.copy2(office.key, there.key)
    books = read_settings(office.folder).key
    other = new_operator_key(bytes(32), "O01", books, "", salt=bytes(16), nonce=bytes(12))
    write_operator_key(operator_key_path(there.key, "O01"), other)
    refused = there.run("key", "import", file, "--operator", "O01")
    assert "not replaced" in refused.err
    assert key_of(there, "O01").decode() == other.to_text()


def test_a_key_that_the_books_do_not_name(office: Office) -> None:
    """Made for an operator whom older books do not know."""
    older = office.folder.parent / "older"
    shutil.copytree(office.folder, older)
    assert office.run("operator", "add", "王会计", "--role", "经办").status == 0
    file = carried(office, "--operator", "O02")
    there = replace(on_another_machine(office), folder=older)
    shutil.copy2(office.key, there.key)
    refused = there.run("key", "import", file, "--operator", "O02")
    assert "do not name operator O02" in refused.err
    assert not operator_key_path(there.key, "O02").exists()


@pytest.mark.parametrize(
    "members",
    [
        [],
        [Member("keys/O01", b"x"), Member("keys/registry", b"ab" * 32)],
        [Member("../evil", b"x")],
        [Member("keys/registry", b"0" * 5000)],
    ],
)
def test_a_file_that_we_do_not_make(office: Office, tmp_path: Path, members: list[Member]) -> None:
    file = tmp_path / "strange.key"
    write_archive(file, Purpose.KEY, PASSPHRASE, members, bytes(16))
    there = on_another_machine(office)
    assert "was not made by this program" in there.run("key", "import", file).err
    assert not any(there.key.parent.iterdir())


def test_not_into_the_books_and_over_nothing(office: Office, tmp_path: Path) -> None:
    for name in ("x.key", "x.pdf"):
        assert office.run("key", "export", office.folder / name).status == 1
        assert not (office.folder / name).exists()
        (tmp_path / name).write_bytes(b"mine")
        assert office.run("key", "export", tmp_path / name).status == 1
        assert (tmp_path / name).read_bytes() == b"mine"


# Paper.


def test_the_registrys_key_on_paper_is_typed_in(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "密钥.pdf"
    assert office.run("key", "export", sheet).status == 0
    (text,) = by_pypdf(sheet)
    lines = paper_lines(bytes.fromhex(read_key(office.key)))
    assert all(line.split()[0] in text for line in lines)
    there = on_another_machine(office)
    typed(monkeypatch, "\n".join(lines) + "\n")
    answer = there.run("key", "import", "--typed")
    assert answer.status == 0, answer.err
    assert read_key(there.key) == read_key(office.key)


def test_a_mistyped_line_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = paper_lines(bytes.fromhex(read_key(office.key)))
    lines[2] = lines[2][:-1] + ("0" if lines[2][-1] != "0" else "1")
    there = on_another_machine(office)
    typed(monkeypatch, "\n".join(lines))
    refused = there.run("key", "import", "--typed")
    assert "line 3 is mistyped" in refused.err
    assert not there.key.exists()


def test_the_key_of_other_books_typed_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    there = on_another_machine(office)
    typed(monkeypatch, "\n".join(paper_lines(bytes(32))))
    assert "does not open" in there.run("key", "import", "--typed").err
    assert not there.key.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "FILE", "--typed"),
        ("import", "--typed", "--operator", "O01"),
        ("export", "x.pdf", "--operator", "O01"),
    ],
)
def test_what_is_asked_for_at_once(office: Office, words: tuple[str, ...]) -> None:
    assert office.run("key", *words).status == 2


# The key from the safe.


@pytest.fixture
def with_safe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Office, list[str]]:
    """Books whose key for the safe is on paper; the lines of it."""
    seeds: list[bytes] = []
    make = first_keys

    def noticed(*arguments: object, **more: object) -> object:
        keys = make(*arguments, **more)  # type: ignore[arg-type]
        seeds.append(keys.safe_seed)
        return keys

    monkeypatch.setattr("ledger.books.new_books.first_keys", noticed)
    office = Office(tmp_path / "safe-books", tmp_path / "s" / "registry.key", capsys)
    assert office.run("init", office.folder, "--name", "李主任").status == 0
    return office, paper_lines(seeds[0])


def test_an_operator_is_named_by_the_key_from_the_safe(
    with_safe: tuple[Office, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every manager is gone, and so are their keys."""
    office, lines = with_safe
    operator_key_path(office.key, FIRST_OPERATOR).unlink()
    default_operator_path(office.key).unlink()
    typed(monkeypatch, "\n".join(lines))
    answer = office.run("operator", "add", "赵主任", "--role", "管理", "--as", "O00", "--json")
    assert answer.status == 0, answer.err
    assert answer.json["id"] == "O02"
    assert '  by: "O00"' in office.events()[-1].read_text(encoding="utf-8")
    assert office.check() == []
    # And who is lost retires, by the same key.
    typed(monkeypatch, "\n".join(lines))
    retired = office.run("operator", "retire", "O01", "--reason", "离职", "--as", "O00", "--json")
    assert retired.status == 0, retired.err
    assert office.check() == []


def test_another_paper_and_a_mistyped_line(
    with_safe: tuple[Office, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, lines = with_safe
    words = ("operator", "add", "赵主任", "--role", "管理", "--as", "O00", "--json")
    typed(monkeypatch, "\n".join(paper_lines(bytes(32))))
    assert office.run(*words).json["code"] == "not-the-safe-key"
    typed(monkeypatch, "\n".join([*lines[:3], lines[2]]))
    refused = office.run(*words)
    assert refused.json["code"] == "paper-line-wrong"
    assert refused.json["line"] == 4
    assert len(office.events()) == 1


def test_the_key_from_the_safe_does_nothing_else(office: Office) -> None:
    assert office.run("disburse", "--as", "O00").status == 2
    answer = office.run("--operator", "O00", "disburse", "--yes", "--json")
    assert answer.json["code"] == "operator-key-missing"


def test_the_witness_stays(office: Office) -> None:
    """Nothing that is carried touches what this machine has seen."""
    before = witness_path(office.key).read_bytes()
    assert office.run("key", "import", carried(office)).status == 0
    assert witness_path(office.key).read_bytes() == before
