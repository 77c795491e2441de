"""``init``: new books that bean-check accepts, and a key outside them."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from ledger.books.books import FolderUnreadable
from ledger.books.settings import read_settings
from ledger.cli import execute
from tests.support.acting import new_books
from tests.support.homes import live_in
from tests.support.office import Office


def test_new_books_are_sound_and_hold_the_whole_budget(office: Office) -> None:
    status = office.status()
    assert status["budget"]["total"] == "5800000.00"
    assert [(fund["code"], fund["budget"]) for fund in status["funds"]] == [
        ("01", "5800000.00"),
        ("02", "0.00"),
    ]
    subsidies = next(line for line in status["lines"] if line["code"] == "30226")
    assert subsidies["budget"] == "3400000.00"
    assert status["payees"]["registered"] == 0
    assert len(status["towns"]) == 21
    assert office.check() == []


@pytest.mark.parametrize("name", ["账套[2020]", "账套{备份}", "账套*", "$HOME", "a?b/books"])
def test_a_path_that_beancount_would_misread_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert execute(["init", str(tmp_path / name)]) == 1
    assert "cannot be read by Beancount" in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_books_that_were_moved_to_such_a_path_say_what_is_wrong(office: Office) -> None:
    """Not that files are missing, which are there."""
    moved = office.folder.rename(office.folder.with_name("账套 [1]"))
    office.folder = moved
    for command in (("status",), ("check",), ("disburse", "--yes")):
        refused = office.run(*command)
        assert refused.status == 1
        assert "cannot be read by Beancount" in refused.err
    office.folder = moved.rename(moved.with_name("账　套 （1）#&'一份"))
    assert office.check() == []
    assert office.run("status").status == 0


@pytest.mark.skipif(os.name == "nt", reason="names there are characters, not bytes")
def test_a_path_in_the_bytes_of_another_encoding_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("账套".encode("gbk"))
    with pytest.raises(FolderUnreadable):
        new_books(folder)
    assert not folder.exists()


def test_every_towns_subsidy_has_its_accounts_under_both_funds(office: Office) -> None:
    text = (office.folder / "accounts.beancount").read_text(encoding="utf-8")
    for place in ("30226劳务费:01两员补助", "01待发", "02退回", "03待查"):
        for town in ("370481001荆河街道", "370481116东郭镇"):
            assert sum(place in line and town in line for line in text.splitlines()) == 2


def test_statements_to_be_looked_at_stay_out_of_the_versions(office: Office) -> None:
    """Fava's page of imports shows them; they name accounts."""
    assert not any((office.folder / "statements").iterdir())
    ignored = (office.folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"registry.db", "payouts/", "statements/"} <= set(ignored)


def test_the_key_is_outside_the_books_and_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", str(tmp_path / "books"), "--unit", "某市普查办"]) == 0
    said = capsys.readouterr().out
    settings = read_settings(tmp_path / "books")
    assert settings.unit == "某市普查办"
    (key,) = Path(os.environ["HOME"]).rglob("k-????????.key")
    assert key.stem == settings.key
    assert str(key) in said
    assert "keep a copy" in said
    if os.name != "nt":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    in_books = b"".join(p.read_bytes() for p in (tmp_path / "books").rglob("*") if p.is_file())
    assert key.read_bytes().strip() not in in_books


def test_a_folder_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    assert execute(["init", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("place", ["books/my.key", "books/reports/my.key", "books/../books/my.key"])
def test_the_key_does_not_lie_beside_the_registry_that_it_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    """Whoever gets a copy of the books would have the key to them."""
    key = tmp_path / place
    assert execute(["--key", str(key), "init", str(tmp_path / "books")]) == 1
    said = capsys.readouterr().err
    assert str(key) in said
    assert "name a place apart from them" in said
    assert not (tmp_path / "books").exists()


def test_the_environments_key_does_not_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CENSUS_LEDGER_KEY", "my.key")
    assert execute(["init", "."]) == 1
    assert not any(tmp_path.iterdir())
    monkeypatch.setenv("CENSUS_LEDGER_KEY", "../my.key")
    (tmp_path / "books").mkdir()
    monkeypatch.chdir(tmp_path / "books")
    assert execute(["init", "."]) == 0
    assert (tmp_path / "my.key").is_file()


def test_a_key_is_not_brought_into_the_books_either(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    carried, inside = tmp_path / "carried", office.folder / "my.key"
    assert office.run("key", "export", carried).status == 0
    assert execute(["-C", str(office.folder), "--key", str(inside), "key", "import",
                    str(carried)]) == 1  # fmt: skip
    assert "apart" in office.capture.readouterr().err
    assert not inside.exists()


def test_what_a_killed_init_has_left_is_made_anew_but_nobodys_letter_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = tmp_path / "books"
    (books / ".staging" / "new-books").mkdir(parents=True)
    (books / "HEAD").write_text("half", encoding="ascii")
    letter = books / "letter.txt"
    letter.write_text("x", encoding="utf-8")
    assert execute(["init", str(books)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert letter.exists()
    letter.unlink()
    assert execute(["init", str(books)]) == 0
    assert execute(["-C", str(books), "check"]) == 0
    assert not (books / ".staging").exists()


def test_books_that_have_lost_their_main_file_are_no_half_made_ones(office: Office) -> None:
    (office.folder / "main.beancount").unlink()
    (office.folder / ".staging").mkdir()
    assert office.run("init", office.folder).status == 1
    assert (office.folder / "registry.db").is_file()


def test_a_units_name_that_would_break_the_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", str(tmp_path / "books"), "--unit", '某"办']) == 1
    assert "quotes" in capsys.readouterr().err
    assert not (tmp_path / "books").exists()


def test_a_key_is_exported_and_brought_to_another_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    books = str(tmp_path / "books")
    assert execute(["init", books]) == 0
    copy = tmp_path / "safe" / "copy.key"
    copy.parent.mkdir()
    assert execute(["-C", books, "key", "export", str(copy)]) == 0
    assert execute(["-C", books, "key", "export", str(copy)]) == 1
    assert "not replaced" in capsys.readouterr().err
    live_in(tmp_path / "another-machine", monkeypatch)
    assert execute(["-C", books, "payees", "list"]) == 1
    assert "key import" in capsys.readouterr().err
    assert execute(["-C", books, "key", "import", str(copy)]) == 0
    assert execute(["-C", books, "status"]) == 0


def test_a_key_of_other_books_does_not_open_these(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    other.write_text("ab" * 32, encoding="ascii")
    other.chmod(0o600)
    assert execute(["-C", str(office.folder), "--key", str(other), "status"]) == 1
    assert "does not open with this key" in office.capture.readouterr().err
    other.write_text("no key at all", encoding="ascii")
    assert execute(["-C", str(office.folder), "--key", str(other), "status"]) == 1
    assert "64 hexadecimal digits" in office.capture.readouterr().err


def test_nobody_is_asked_for_approvals_unless_it_is_said(office: Office) -> None:
    rules = (office.folder / "rules.beancount").read_text(encoding="utf-8")
    assert not [line for line in rules.splitlines() if "approval" in line and line[0] != ";"]
    assert office.books().rules.approvals == ()


@pytest.mark.parametrize(
    ("approvals", "rules"),
    [
        ("none", []),
        ("check", [("0.00", ["审核"])]),
        ("approve", [("0.00", ["审核"]), ("500000.00", ["审核", "审批"])]),
    ],
)
def test_approvals_of_new_books(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    approvals: str,
    rules: list[tuple[str, list[str]]],
) -> None:
    office = Office(tmp_path / "books", tmp_path / "registry.key", capsys)
    made = office.run("init", office.folder, "--approvals", approvals, "--json")
    assert made.json["approvals"] == approvals
    in_force = office.status()["approval_rules"]
    assert [(rule["from"], rule["roles"]) for rule in in_force] == rules
    assert office.check() == []


@pytest.mark.parametrize(("people", "asked"), [("1", 0), ("2", 1), ("3", 2), ("12", 2)])
def test_it_is_asked_how_many_work_here(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    people: str,
    asked: int,
) -> None:
    terminal = io.StringIO(f"{people}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
    office = Office(tmp_path / "books", tmp_path / "registry.key", capsys)
    assert office.run("init", office.folder, "--name", "王会计").status == 0
    assert len(office.books().rules.approvals) == asked
