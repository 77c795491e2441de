"""What the books keep of people is private to their owner, whatever the umask."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.office import codes
from tests.support.office import new_office

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the profile does it there")
SHARED = ("payouts", "statements", "reports")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def office(tmp_path: Path, umask: int, capsys: pytest.CaptureFixture[str]) -> Office:
    office = new_office(tmp_path, capsys)
    office.receive(1_000_000)
    office.register(6)
    return office


def private_things(office: Office) -> list[Path]:
    tops = [office.folder / name for name in SHARED]
    return [*tops, *(path for top in tops for path in top.rglob("*"))]


def test_new_books_and_what_is_written_are_private(office: Office, umask: int) -> None:
    assert mode(office.key) == 0o600
    assert mode(office.folder / "registry.db") == 0o600
    assert office.disburse().status == 0
    assert office.run("report", "month", "2020-11").status == 0
    found = private_things(office)
    assert len(found) > 6
    for path in found:
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    if umask:
        assert office.check() == []


def test_older_books_are_made_private_by_the_next_command_that_writes(office: Office) -> None:
    assert office.disburse().status == 0
    for path in private_things(office):
        path.chmod(0o777)
    (office.folder / "registry.db").chmod(0o644)
    assert "permissions" in codes(office.check())
    assert office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12").status == 0
    assert all(not mode(path) & 0o077 for path in private_things(office))
    assert mode(office.folder / "registry.db") == 0o600


def test_the_group_that_the_settings_name_may_read(office: Office) -> None:
    import grp

    group = grp.getgrgid(os.getegid()).gr_name
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[payout]\n", f'[payout]\ngroup = "{group}"\n'), encoding="utf-8"
    )
    assert office.disburse().status == 0
    for path in private_things(office):
        assert mode(path) == (0o750 if path.is_dir() else 0o640), path
        assert path.stat().st_gid == os.getegid()
    assert mode(office.folder / "registry.db") == 0o600
    settings.write_text(text.replace("[payout]\n", '[payout]\ngroup = "no-such"\n'), "utf-8")
    refused = office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-12")
    assert refused.status == 1
    assert "no-such" in refused.err


def test_files_that_links_lead_to_keep_their_permissions(office: Office, tmp_path: Path) -> None:
    away = tmp_path / "away.txt"
    away.write_bytes(b"")
    away.chmod(0o644)
    (office.folder / "reports" / "link").symlink_to(away)
    assert office.disburse().status == 0
    assert mode(away) == 0o644


@pytest.mark.parametrize("others", [0o640, 0o604, 0o660, 0o666, 0o602, 0o611])
def test_a_key_that_others_can_read_or_write_is_refused(office: Office, others: int) -> None:
    office.key.chmod(others)
    refused = office.run("status")
    assert refused.status == 1
    assert f"chmod 600 {office.key}" in refused.err
    office.key.chmod(0o400)
    assert office.run("status").status == 0


def test_a_key_in_a_folder_where_others_write_is_refused(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    office.key.rename(folder / "the.key")
    folder.chmod(0o777)
    moved = Office(office.folder, folder / "the.key", office.capture)
    assert f"chmod go-w {folder}" in moved.run("status").err
    folder.chmod(0o1777)
    assert moved.run("status").status == 0


def test_a_key_that_is_a_link_or_a_pipe_is_refused(office: Office, tmp_path: Path) -> None:
    link = tmp_path / "link.key"
    link.symlink_to(office.key)
    pipe = tmp_path / "pipe.key"
    os.mkfifo(pipe, 0o600)
    for path in (link, pipe):
        refused = Office(office.folder, path, office.capture).run("status")
        assert refused.status == 1
        assert str(path) in refused.err


def test_a_key_comes_from_a_stick_that_knows_no_owners(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is under a passphrase there."""
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    stick = tmp_path / "stick.key"
    assert office.run("key", "export", stick).status == 0
    stick.chmod(0o777)
    office.key.unlink()
    assert office.run("key", "import", stick).status == 0
    assert mode(office.key) == 0o600
    assert office.run("status").status == 0


def test_books_where_others_write_are_told(office: Office) -> None:
    office.folder.chmod(0o777)
    (error,) = [error for error in office.check() if error["code"] == "permissions"][:1]
    assert "chmod go-w" in error["message"]
