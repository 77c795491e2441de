"""Every command either is in the list of those that write, or writes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

from ledger.base import durable
from ledger.cli import main
from tests.support.beginnings import beginning
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.faulty_disk import FaultyDisk
from tests.support.faulty_disk import FullDisk
from tests.support.faulty_disk import TornWrites
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.writing_commands import COMMANDS
from tests.support.writing_commands import a_return

READING = (
    "batch list", "batch show B2020-001", "payees list", "payees held", "payees find 钱",
    "payees show P000001", "status", "check",
    "operator list", "operator log", "month list", "imports list",
    "verify B2020-001", "verify payouts/B2020-001/B2020-001-发放表.xlsx",
)  # fmt: skip
# They write one file, and not into the books.
OF_THE_KEY = ("key export", "key import", "operator passphrase")
# One file, or a new folder; test_backup.py lets their disks fail.
OF_BACKUPS = ("backup", "restore")
# Keys are new each time, and older books are not sound: they have crashes of their own.
OF_OPERATORS = ("operator add", "accept-older")
OF_THE_OFFICE = ("payees export",)
# Papers that were lost; test_batch_restore.py has its crashes and disks.
OF_PAPERS = ("batch restore",)
# Several documents, each of them whole; test_tax_declaration.py lets their disk fail.
OF_SEVERAL_DOCUMENTS = ("report tax",)
# Files of their own beside the books; test_province.py lets their disk fail.
OF_THE_PROVINCE = ("bundle", "consolidate", "key province")
# It goes on until Ctrl-C; what it writes is in test_desk_guards.py.
SERVING = ("desk",)
FAR_TOO_MANY = 30


def leaves(command: click.Command, name: str = "") -> Iterator[str]:
    """The commands that do something: ``batch list`` and not ``batch``."""
    if not isinstance(command, click.Group):
        yield name.strip()
        return
    context = click.Context(command)
    for part in command.list_commands(context):
        below = command.get_command(context, part)
        assert below is not None
        yield from leaves(below, f"{name} {part}")


def test_every_command_is_one_that_writes_or_one_that_reads() -> None:
    given = {" ".join(command.arguments) for command in COMMANDS} | {
        *READING,
        *OF_THE_KEY,
        *OF_BACKUPS,
        *OF_OPERATORS,
        *OF_THE_OFFICE,
        *OF_PAPERS,
        *OF_SEVERAL_DOCUMENTS,
        *OF_THE_PROVINCE,
        *SERVING,
    }
    for leaf in leaves(main):
        assert any(f"{line} ".startswith(f"{leaf} ") for line in given), leaf


@beginning
def at_work(funded: Office) -> Office:
    a_return(funded)
    return funded


def everything(office: Office) -> dict[Path, tuple[int, int, int]]:
    """But for what is kept beside the keys, so that the next command need not load the books."""
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_ino, path.stat().st_size)
        for path in office.folder.parent.rglob("*")
        if path.name != ".lock" and ".snapshot" not in path.name
    }


def test_what_reads_writes_nothing(at_work: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(at_work.folder)
    before = everything(at_work)
    for line in READING:
        answer = at_work.run(*line.split())
        assert answer.status == 0, (line, answer)
        assert everything(at_work) == before, line


@pytest.fixture
def copy(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the key on a stick, under a passphrase; the key itself lies elsewhere."""
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    stick = office.folder.with_name("stick")
    stick.mkdir()
    assert office.run("key", "export", stick / "copy.key").status == 0
    office.key.rename(stick / "registry.key")
    return stick / "copy.key"


def key_at_home(office: Office) -> Path:
    """A key in a folder that nobody has made yet."""
    return office.folder.with_name("home") / "keys" / "registry.key"


def copied(office: Office, copy: Path) -> Answer:
    home = replace(office, key=key_at_home(office))
    return home.run("key", "import", copy)


@needs_fork
@pytest.mark.parametrize("fault", [FullDisk, TornWrites], ids=lambda fault: fault.__name__)
def test_a_key_is_copied_wholly_or_not_at_all(
    office: Office, copy: Path, fault: type[FaultyDisk]
) -> None:
    home = key_at_home(office).parent.parent
    for moment in range(1, FAR_TOO_MANY):
        answer = in_child(lambda: run_on(fault(moment), lambda: copied(office, copy)))  # noqa: B023
        done = key_at_home(office).exists()
        assert done == (answer is not None and answer.status == 0)
        if not done:
            assert answer is None or "the disk is full" in answer.err
            assert copied(office, copy).status == 0
        assert key_at_home(office).read_bytes() == (copy.parent / "registry.key").read_bytes()
        shutil.rmtree(home)
        if done:
            break
    assert moment > 1


def run_on(disk: durable.Disk, work: Callable[[], Answer]) -> Answer:
    durable.disk = disk
    try:
        return work()
    finally:
        durable.disk = durable.Disk()
