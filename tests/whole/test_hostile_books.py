"""Books are data: whoever made them, nothing of them runs, and nothing in them blinds a check."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from beancount import loader

from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import read_plain
from ledger.books.loading import load_for_browser
from ledger.books.loading import load_ledger
from tests.support.auditor import audit
from tests.support.hostile_books import ATTACKS
from tests.support.hostile_books import EVIL
from tests.support.hostile_books import MAIN
from tests.support.hostile_books import Attack
from tests.support.hostile_books import lay
from tests.support.hostile_books import was_executed
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import codes
from tests.support.tengzhou import PROGRAMME

pytestmark = pytest.mark.attacks

COMMANDS = ("check", "status", "disburse --yes", "report month 2020-11", "verify B2020-001")


@pytest.fixture(autouse=True)
def in_the_books(funded: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Worst of all: the command is run in the folder itself."""
    monkeypatch.chdir(funded.folder)
    yield
    for name in (EVIL, "other", "import_config"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_is_not_of_the_books_is_refused(funded: Office, attack: Attack) -> None:
    begin = lay(funded.folder, attack)
    errors = funded.check()
    found = [error for error in errors if attack.code in ("", error["code"])]
    assert attack.file in {error["file"] for error in found}
    if attack.line is not None:
        assert begin + attack.line - 1 in {error["line"] for error in found}
    for command in (["status"], ["disburse", "--dry-run"]) if attack.code else ():
        refused = funded.run(*command)
        assert refused.status == 1, command
        assert refused.err.count("\n") == 1
    ledger, faults, options, _marked, _texts = load_for_browser(funded.folder / MAIN)
    assert faults
    assert options["plugin"] in ([], [("ledger.plugin", None)])
    assert bool(ledger.entries) == (attack.code == "")
    assert audit(funded.folder).findings or not attack.audited
    assert not was_executed(funded.folder)
    if attack.code not in ("", "encoding", "include"):
        # Beancount itself runs what it finds, and our plugin says so.
        _entries, loaded, _options = loader.load_file(funded.folder / MAIN)
        said = {getattr(error, "code", type(error).__name__) for error in loaded}
        in_its_words = any("applying plugin" in str(error.message) for error in loaded)
        assert attack.code in said or in_its_words


def test_sound_books_come_out_as_beancount_has_them(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    ours = load_ledger(funded.folder / MAIN, PROGRAMME)
    entries, errors, options = loader.load_file(funded.folder / MAIN)
    in_order = sorted(entries, key=lambda entry: (entry.date, str(entry)))
    assert sorted(ours.ledger.entries, key=lambda entry: (entry.date, str(entry))) == in_order
    assert ours.errors == errors == []
    assert str(ours.options["dcontext"]) == str(options["dcontext"])
    assert {**ours.options, "dcontext": None} == {**options, "dcontext": None}


def test_errors_come_out_as_beancount_has_them(funded: Office) -> None:
    line = funded.hand('2020-05-09 * "x"\n  Assets:1002银行存款:01滕州农商行  1.00 CNY\n')
    funded.hand('include "journal/none.beancount" garbage')
    funded.hand("2020-05-09 open Assets:x")
    (funded.folder / "journal" / "hand.beancount").write_text(
        (funded.folder / "journal" / "hand.beancount")
        .read_text(encoding="utf-8")
        .replace('include "journal/none.beancount" ', ""),
        encoding="utf-8",
    )
    ours = load_ledger(funded.folder / MAIN, PROGRAMME)
    _entries, errors, _options = loader.load_file(funded.folder / MAIN)
    assert line
    assert sorted(map(str, ours.errors)) == sorted(map(str, errors))
    assert len(errors) > 1


def test_a_file_of_its_own_may_be_included(funded: Office) -> None:
    main = funded.folder / MAIN
    text = main.read_text(encoding="utf-8")
    main.write_text(text + 'include "journal/2021*.beancount"\n', encoding="utf-8")
    assert codes(funded.check()) == {"LoadError"}
    for name in ("2021", "2021上"):
        path = funded.folder / "journal" / f"{name}.beancount"
        path.write_text("; 2021\n", encoding="utf-8")
    (funded.folder / "journal" / ".2021.beancount").write_text("garbage\n", encoding="utf-8")
    assert funded.check() == []


def test_a_document_is_in_the_folder_and_behind_no_link(funded: Office, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"%PDF")
    (funded.folder / "journal" / "own.pdf").write_bytes(b"%PDF")
    funded.hand(f'2020-05-09 document {BANK} "own.pdf"')
    assert funded.check() == []
    (funded.folder / "journal" / "away").symlink_to(tmp_path)
    line = funded.hand(f'2020-05-09 document {BANK} "away/secret.pdf"')
    found = {(error["code"], error["file"], error["line"]) for error in funded.check()}
    assert ("directive", "journal/hand.beancount", line) in found


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
@pytest.mark.usefixtures("no_waiting")
def test_no_pipe_and_no_link_is_opened(tmp_path: Path) -> None:
    file, pipe, link = tmp_path / "file", tmp_path / "pipe", tmp_path / "link"
    file.write_bytes(b"text")
    os.mkfifo(pipe)
    link.symlink_to(file)
    assert read_plain(file) == b"text"
    for strange in (pipe, link, tmp_path):
        with pytest.raises(NotPlain):
            read_plain(strange)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("kind", ["link", "loop", "pipe", "folder"])
@pytest.mark.parametrize(
    "name",
    [
        "main.beancount", "rules.beancount", "journal/hand.beancount",
        "events/000000-init.beancount", "events/000001-prepared-B2020-001.beancount",
        "events/000002-result-B2020-001.beancount", "HEAD", "census-ledger.toml", "programme.toml",
        "registry.db",
        "registry.db-journal", ".lock", "events", "journal", "payouts", "payouts/B2020-001",
        "payouts/B2020-001/manifest.json", ".staging", ".staging/payouts", "statements", "reports",
    ],
)  # fmt: skip
def test_what_is_no_file_is_neither_followed_nor_opened(
    funded: Office, tmp_path: Path, name: str, kind: str
) -> None:
    funded.disburse()
    path, away = funded.folder / name, tmp_path / "away"
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.rename(away)
    elif "." in path.name.lstrip("."):
        away.write_bytes(b"")
    else:
        away.mkdir()
    if kind == "folder":
        if away.is_dir():
            pytest.skip("a folder belongs there")
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path.name if kind == "loop" else away)
    before, links = snapshot(away), path.is_symlink()
    for command in COMMANDS:
        answer = funded.run(*command.split())
        said = answer.out + answer.err
        assert "failed in a way" not in said
        assert answer.status in (0, 1)
        if command in ("check", "disburse --yes"):
            assert answer.status == 1, (command, said)
    # What the auditor does not read is not missed by the script.
    assert audit(funded.folder).status in ((0, 1) if kind == "folder" else (1, 2))
    assert snapshot(away) == before
    assert path.is_symlink() == links


def snapshot(path: Path) -> dict[str, bytes]:
    files = [path, *path.rglob("*")]
    return {str(file): file.read_bytes() for file in files if file.is_file()}
