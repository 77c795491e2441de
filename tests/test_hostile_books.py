"""Books are data: whoever made them, nothing of them runs, and nothing in them blinds a check."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from beancount import loader

from ledger.loading import load_directives
from ledger.loading import load_for_fava
from tests.auditor import audit
from tests.hostile_books import ATTACKS
from tests.hostile_books import EVIL
from tests.hostile_books import MAIN
from tests.hostile_books import Attack
from tests.hostile_books import lay
from tests.hostile_books import was_executed
from tests.office import Office
from tests.office import codes

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
    entries, faults, options = load_for_fava(str(funded.folder / MAIN), is_encrypted=False)
    assert faults
    assert options["plugin"] in ([], [("ledger.plugin", None)])
    assert bool(entries) == (attack.code == "")
    assert audit(funded.folder).findings or not attack.audited
    assert not was_executed(funded.folder)
    if attack.code not in ("", "encoding", "include"):
        # Beancount itself runs what it finds, and our plugin says so.
        _entries, errors, _options = loader.load_file(funded.folder / MAIN)
        said = {getattr(error, "code", type(error).__name__) for error in errors}
        in_its_words = any("applying plugin" in str(error.message) for error in errors)
        assert attack.code in said or in_its_words


def test_sound_books_come_out_as_beancount_has_them(funded: Office) -> None:
    funded.disburse()
    funded.run("batch", "submit", "B2020-001", "--date", "2020-11-11")
    ours = load_directives(funded.folder / MAIN)
    entries, errors, options = loader.load_file(funded.folder / MAIN)
    in_order = sorted(entries, key=lambda entry: (entry.date, str(entry)))
    assert sorted(ours.entries, key=lambda entry: (entry.date, str(entry))) == in_order
    assert ours.errors == errors == []
    assert str(ours.options.pop("dcontext")) == str(options.pop("dcontext"))
    assert ours.options == options


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
    ours = load_directives(funded.folder / MAIN)
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


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
@pytest.mark.parametrize("kind", ["link", "loop", "pipe", "folder", "link to a folder"])
@pytest.mark.parametrize(
    "name",
    [
        "main.beancount", "rules.beancount", "journal/hand.beancount",
        "events/000000-init.beancount",
        "events/000001-prepared-B2020-001.beancount", "HEAD", "census-ledger.toml", "registry.db",
        "registry.db-journal", ".lock", "events", "journal", "payouts", "payouts/B2020-001",
        "payouts/B2020-001/manifest.json", ".staging", ".staging/payouts", "statements", "reports",
    ],
)  # fmt: skip
def test_what_is_no_file_is_neither_followed_nor_opened(
    funded: Office, tmp_path: Path, name: str, kind: str
) -> None:
    """In another process, so that one that waits at a pipe for ever is seen to."""
    funded.disburse()
    path, away = funded.folder / name, tmp_path / "away"
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.rename(away)
    elif kind == "link to a folder":
        away.mkdir()
    else:
        away.write_bytes(b"")
    if kind == "folder":
        if away.is_dir():
            pytest.skip("a folder belongs there")
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path.name if kind == "loop" else away)
    before = snapshot(away)
    for command in (
        "check",
        "status",
        "disburse --yes",
        "report month 2020-11",
        "verify B2020-001",
    ):
        status, said = in_a_process(funded, *command.split())
        assert "Traceback" not in said
        assert "failed in a way" not in said
        assert status in (0, 1)
        if command == "check" or (command.startswith("disburse") and name != "registry.db-wal"):
            assert status == 1, (command, said)
    assert audit(funded.folder).status in (1, 2)
    assert snapshot(away) == before
    assert path.is_symlink() == ("l" in kind and kind != "folder")


def snapshot(path: Path) -> dict[str, bytes]:
    files = [path, *path.rglob("*")]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def in_a_process(office: Office, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-c", "from ledger.cli import run; run()", "-C", office.folder]
    done = subprocess.run(
        [*map(str, command), "--key", str(office.key), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=office.folder.parent,
    )
    return done.returncode, done.stdout + done.stderr
