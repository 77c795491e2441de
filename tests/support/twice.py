"""Every command twice: with what was kept of the books beside the keys, and with nothing kept.

Both begin with the same office at the same place, at the same moment and with the same chance. So
nothing that the command says or leaves behind may be different.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.refusals import Refusal
from ledger.books.snapshot import load_kept
from ledger.cli.context import Context
from ledger.keys.places import snapshot_path
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.writing_commands import SameChance

# What was kept is made anew after most commands: some find that of older books.
LEFT_AS_IT_IS = 4
MOST_CHANCE_OF_A_COMMAND = 1000


def keep(office: Office) -> None:
    """What the books of an office have come to, where there are sound books."""
    with suppress(Refusal):
        load_kept(office.folder, snapshot_path(office.key))


def forget(office: Office) -> None:
    """Nothing was ever kept of the books."""
    for path in snapshots_of(office):
        path.unlink()


def snapshots_of(office: Office) -> list[Path]:
    return list(office.key.parent.glob("*.snapshot*"))


class Twice:
    """``run`` is how an office runs a command, once."""

    def __init__(self, run: Callable[..., Answer]) -> None:
        self.run = run
        self.process = os.getpid()
        self.commands = count(1)
        self.within = False

    def __call__(self, office: Office, *arguments: str | Path) -> Answer:
        """The answer of both. A command that may be killed in a child is run once."""
        if self.within or os.getpid() != self.process:
            return self.run(office, *arguments)
        self.within = True
        try:
            answer = self.both(office, next(self.commands), *arguments)
        finally:
            self.within = False
        return answer

    def both(self, office: Office, number: int, *arguments: str | Path) -> Answer:
        now = Context().clock()
        with patch.object(Context, "clock", lambda _context: now):
            with in_a_copy(desk_of(office)):
                forget(office)
                expected = self.once(office, number, *arguments)
            found = self.once(office, number, *arguments)
        assert found == expected, arguments
        if number % LEFT_AS_IT_IS:
            keep(office)
        return found[0]

    def once(
        self, office: Office, number: int, *arguments: str | Path
    ) -> tuple[Answer, dict[str, str]]:
        chance = SameChance()
        chance.asked = number * MOST_CHANCE_OF_A_COMMAND
        with patch("secrets.token_hex", chance):
            answer = self.run(office, *arguments)
        return answer, what_is_left(office)


def desk_of(office: Office) -> Path:
    """The folder around the books, the keys, and what lies beside them."""
    return office.folder.absolute().parent


@contextmanager
def in_a_copy(folder: Path) -> Iterator[None]:
    """A copy stands in a folder's place, and is thrown away."""
    aside, here = folder.with_name(f"{folder.name}-aside"), Path.cwd()
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
        if ".snapshot" not in path.name and not path.name.startswith(REGISTRY_FILE)
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
