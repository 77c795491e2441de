"""Every command twice: with what was kept of the books beside the keys, and with nothing kept.

Both begin with the same office at the same place, at the same moment and with the same chance. So
nothing that the command says or leaves behind may be different.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from functools import partialmethod
from itertools import count
from itertools import cycle
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.refusals import Refusal
from ledger.cli.context import Context
from tests.support.beginnings import Beginnings
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.snapshots import forget
from tests.support.snapshots import is_snapshot
from tests.support.snapshots import keep
from tests.support.writing_commands import SameChance

# What was kept is made anew after most commands: some find that of older books.
LEFT_AS_IT_IS = 4
MOST_CHANCE_OF_A_COMMAND = 1000
COPIES = count(1)
# No two commands of a process have the same chance: a beginning is made once for many tests.
COMMANDS = count(1)
TRIED = (
    "disburse --yes --json --date 2020-12-01",
    "status --json --date 2020-12-31",
    "batch submit B2020-001 --yes --date 2020-11-20",
    "payees show P000001",
    "report month 2020-11 --json",
    "batch void B2020-001 --yes --bank-refused 格式不符 --date 2020-11-20",
    "batch show B2020-001 --json",
    "payees cancel P000001 --reason 离职 --yes --date 2020-11-20",
    "status --date 2020-11-11",
    "month close 2020-11 --yes --date 2020-12-01",
    "disburse --dry-run --json --date 2020-11-20",
    "payees set-bank-name P000001 李龑 --reason 银行写法 --yes --date 2020-11-18",
    "reverse 1 --reason 导错了 --yes --date 2020-11-20",
)


class Twice:
    """How an office runs a command.

    ``check`` asks for nothing that was kept. In its place, of the commands that somebody could
    give to books that were tampered with, every so-manieth is tried, and changes nothing.
    """

    def __init__(self, *, first: int = 0, tried: int = 1) -> None:
        self.process = os.getpid()
        self.trials = islice(cycle(TRIED), first % len(TRIED), None)
        self.tried = tried
        self.within = False

    def __call__(self, office: Office, *arguments: str | Path) -> Answer:
        """The answer of both. A command that may be killed, or whose disk fails, is run once."""
        alone = os.getpid() != self.process or type(durable.disk) is not durable.Disk
        if self.within or alone or not desk_of(office).is_dir():
            return office.once(*arguments)
        self.within = True
        try:
            if arguments[0] == "check":
                self.try_some(office)
                return office.once(*arguments)
            return self.both(office, *arguments)
        finally:
            self.within = False

    def both(self, office: Office, *arguments: str | Path) -> Answer:
        number = next(COMMANDS)
        with the_clock_stands():
            expected = self.without(office, number, *arguments)
            found = self.and_what_is_left(office, number, *arguments)
        assert found == expected, arguments
        if number % LEFT_AS_IT_IS:
            keep(office)
        return found[0]

    def try_some(self, office: Office) -> None:
        for _place in range(self.tried):
            self.try_out(office, *next(self.trials).split())

    def try_out(self, office: Office, *arguments: str) -> None:
        number = next(COMMANDS)
        with the_clock_stands():
            expected = self.without(office, number, *arguments)
            with in_a_copy(desk_of(office)):
                found = self.and_what_is_left(office, number, *arguments)
        assert found == expected, arguments

    def without(
        self, office: Office, number: int, *arguments: str | Path
    ) -> tuple[Answer, dict[str, str]]:
        """What becomes of an office of which nothing was ever kept."""
        with in_a_copy(desk_of(office)):
            forget(office)
            return self.and_what_is_left(office, number, *arguments)

    def and_what_is_left(
        self, office: Office, number: int, *arguments: str | Path
    ) -> tuple[Answer, dict[str, str]]:
        chance = SameChance()
        chance.asked = number * MOST_CHANCE_OF_A_COMMAND
        with patch("secrets.token_hex", chance):
            answer = office.once(*arguments)
        return answer, what_is_left(office)


@contextmanager
def the_clock_stands() -> Iterator[None]:
    now = Context().clock()
    with patch.object(Context, "clock", lambda _context: now):
        yield


def desk_of(office: Office) -> Path:
    """The folder around the books, the keys, and what lies beside them."""
    return office.folder.absolute().parent


@contextmanager
def in_a_copy(folder: Path) -> Iterator[None]:
    """A copy stands in a folder's place, and is thrown away."""
    here = Path.cwd()
    aside = folder.with_name(f"{folder.name}-{next(COPIES)}")
    folder.rename(aside)
    try:
        copy_tree(aside, folder)
        os.chdir(here)
        yield
    finally:
        shutil.rmtree(folder)
        aside.rename(folder)
        os.chdir(here)


def copy_tree(source: Path, target: Path) -> None:
    """With links and pipes as they are, and times."""

    def copy(one: str, other: str) -> Any:
        if stat.S_ISFIFO(os.lstat(one).st_mode):
            return os.mkfifo(other)
        return shutil.copy2(one, other, follow_symlinks=False)

    shutil.copytree(source, target, symlinks=True, copy_function=copy)


def what_is_left(office: Office) -> dict[str, str]:
    """Every file around the books and in them, by its content, and what the registry has logged.

    Its own bytes are encrypted, and different every time.
    """
    desk = desk_of(office)
    left = {
        path.relative_to(desk).as_posix(): content_of(path)
        for path in sorted(desk.rglob("*"))
        if not is_snapshot(path) and not path.name.startswith(REGISTRY_FILE)
    }
    if (office.folder / MAIN_FILE).is_file():
        with suppress(Refusal), office.registry() as registry:
            left["log"] = registry.log.head()
            left["anchors"] = str(registry.anchors.all())
    return left


def content_of(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return digest(path.read_bytes()) if path.is_file() else ""


def give_twice(patched: pytest.MonkeyPatch, *, first: int, tried: int) -> None:
    """Every office runs its commands so, and what books have come to is kept where it begins."""
    copied = Office.copied

    def copied_and_kept(office: Office, folder: Path, *, seen: bool = False) -> Office:
        copy = copied(office, folder, seen=seen)
        keep(copy)
        return copy

    patched.setattr(Office, "run", partialmethod(Twice(first=first, tried=tried)))
    patched.setattr(Office, "copied", copied_and_kept)
    patched.setattr(Beginnings, "keeps", True)
