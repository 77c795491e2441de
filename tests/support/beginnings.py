"""What many tests begin with: made by the first of them in a process, and copied for the others."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.base.records import replace
from ledger.keys.places import witness_path
from ledger.keys.witness import read_witness
from ledger.keys.witness import write_witness
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.snapshots import is_snapshot
from tests.support.snapshots import keep

# What makes an office what it is at the beginning of a test: one step after another.
Steps = tuple[Callable[..., object], ...]


class Beginnings:
    """Offices that were made once, each with all that lies beside its books.

    An office is known by its folder, as long as nobody but us has changed anything in it.
    What its books have come to is kept beside its keys where the test asks for that.
    """

    keeps = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[Steps, Office] = {}
        self._given: dict[Path, tuple[Steps, object]] = {}

    def new(self, folder: Path, capture: pytest.CaptureFixture[str]) -> Office:
        """New books in a folder."""
        if any(folder.iterdir()):
            return new_office(folder, capture)
        steps: Steps = (new_office,)
        if steps not in self._kept:
            self._keep(new_office(folder, capture), steps)
        office = Office(folder / "books", folder / "registry.key", capture)
        return self._put(office, steps)

    def bring(self, office: Office, step: Callable[[Office], object]) -> Office:
        """Bring the office to where ``step`` brings it."""
        before, seen = self._given.get(office.folder, ((), None))
        if not before or seen != _stands_there(office):
            step(office)
            return office
        steps = (*before, step)
        if steps not in self._kept:
            step(office)
            self._keep(office, steps)
        return self._put(office, steps)

    def _keep(self, office: Office, steps: Steps) -> None:
        folder = self._folder / str(len(self._kept))
        shutil.copytree(office.folder.parent, folder, symlinks=True)
        kept = Office(folder / "books", folder / office.key.name, office.capture, office.people)
        self._kept[steps] = kept

    def _put(self, office: Office, steps: Steps) -> Office:
        """The kept office in the place of the one that is there, to its machine the same."""
        kept, place = self._kept[steps], office.folder.parent
        for path in place.iterdir():
            (shutil.rmtree if path.is_dir() else Path.unlink)(path)
        shutil.copytree(kept.folder.parent, place, symlinks=True, dirs_exist_ok=True)
        office.people = kept.people
        witness = read_witness(witness_path(office.key))
        if witness is not None:
            here = replace(witness, path=str(office.folder.resolve()))
            write_witness(witness_path(office.key), here)
        self._given[office.folder] = (steps, _stands_there(office))
        if self.keeps:
            keep(office)
        return office


def _stands_there(office: Office) -> object:
    """Every file around the books and in them, by when it was changed."""
    files = [path for path in sorted(office.folder.parent.rglob("*")) if not is_snapshot(path)]
    return office.people, [(str(path), path.lstat().st_mtime_ns) for path in files]


def beginning(step: Callable[[Any], object]) -> Any:
    """A fixture: the office that its function is given, brought to where the function brings it."""
    (given,) = inspect.signature(step).parameters

    def fixture(request: pytest.FixtureRequest, beginnings: Beginnings) -> Office:
        return beginnings.bring(request.getfixturevalue(given), step)

    fixture.__doc__ = step.__doc__
    return pytest.fixture(name=step.__name__)(fixture)
