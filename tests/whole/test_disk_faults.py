"""Disks that are full, that tear what is being written, that forget names when the power fails.

Each fault strikes at its n-th moment, for every n until the command runs to its end; each time
nothing was done or all, the books are sound, and the command can be repeated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.base import durable
from ledger.base.books_folder import STAGING
from ledger.books.snapshot import load_kept
from ledger.keys.places import snapshot_path
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.faulty_disk import FaultyDisk
from tests.support.faulty_disk import FullDisk
from tests.support.faulty_disk import Killed
from tests.support.faulty_disk import PowerCut
from tests.support.faulty_disk import TornWrites
from tests.support.faulty_disk import Unsynced
from tests.support.moments import FAR_TOO_MANY
from tests.support.moments import LIKE_ANOTHER
from tests.support.moments import NOT_ONE_EVENT
from tests.support.moments import ONE_EVENT
from tests.support.moments import moments_of
from tests.support.moments import sizes_of
from tests.support.moments import writes_of
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.writing_commands import COMMANDS
from tests.support.writing_commands import Command
from tests.support.writing_commands import Trial
from tests.support.writing_commands import each
from tests.support.writing_commands import every_command
from tests.support.writing_commands import every_command_on_our_disk
from tests.support.writing_commands import one_line
from tests.support.writing_commands import trial_of
from tests.support.writing_commands import what_stands_there

EVENT = re.compile(r"\d{6}-[-a-z]+(B\d{4}-\d{3})?(?=\.beancount)")
DOCUMENT = re.compile(r"(?<=reports/).*\.(?:pdf|xlsx)")
Loss = Callable[[Sequence[Unsynced]], Sequence[Unsynced]]
NEXT = Command("check", lambda _office: None, ("check", "--json"))


@pytest.fixture
def trial(
    command: Command,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Trial:
    # No machine dies here: what it would have lost is reckoned, and nobody waits for the disk.
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    return trial_of(command, tmp_path_factory, capsys)


def run_on(disk: FaultyDisk, command: Command, office: Office) -> Answer:
    durable.disk = disk
    try:
        return command.run(office)
    finally:
        durable.disk = durable.Disk()


@every_command_on_our_disk
def test_a_full_disk_at_every_operation(command: Command, trial: Trial, *, thorough: bool) -> None:
    """Refused in one line and nothing done; or done, where only what can wait was left."""
    for moment in moments_of(command, thorough=thorough):
        office = trial.office()
        disk = FullDisk(moment)
        answer = run_on(disk, command, office)
        if answer.status == 0:
            assert wherever_papers_are(answer) == wherever_papers_are(trial.first)
        else:
            assert "the disk is full" in one_line(answer)
        done = trial.done(office)
        assert done == (answer.status == 0) or (done and command.replaces)
        if disk.seen < moment:
            break
    assert moment > 3
    assert answer.status == 0


def wherever_papers_are(answer: Answer) -> Answer:
    """Papers that can wait for the next command to be handed out are said to be where they are."""
    return replace(answer, out=answer.out.replace("payouts/.held/", "payouts/"))


@needs_fork
@every_command_on_our_disk
def test_torn_at_every_write(command: Command, trial: Trial, *, thorough: bool) -> None:
    outcomes = []
    for moment in writes_of(command, thorough=thorough):
        office = trial.office()
        answer = in_child(lambda: run_on(TornWrites(moment), command, office))  # noqa: B023
        outcomes.append(trial.done(office))
        if answer is not None:
            break
    assert len(outcomes) > 1
    assert outcomes == sorted(outcomes)
    assert answer == trial.first


def everything(unsynced: Sequence[Unsynced]) -> Sequence[Unsynced]:
    return tuple(unsynced)


def all_but_the_newest(unsynced: Sequence[Unsynced]) -> Sequence[Unsynced]:
    return unsynced[:-1]


LOSSES = (everything, all_but_the_newest)
every_loss = pytest.mark.parametrize("lost", LOSSES)
# What is lost of several changes depends on the changes alone, not on which command has made them.
every_command_and_loss = pytest.mark.parametrize(
    ("command", "lost"),
    [
        pytest.param(command, lost, id=f"{command.name}-{lost.__name__}")
        for command in COMMANDS
        for lost in LOSSES
        if not command.only_registry
        and (lost is everything or command.name in (ONE_EVENT, *NOT_ONE_EVENT))
    ],
)


def of_this_loss(lost: Loss, moments: Sequence[int], *, thorough: bool) -> Sequence[int]:
    """Each loss strikes at every second moment, at that which the other leaves out."""
    return moments if thorough else moments[LOSSES.index(lost) :: len(LOSSES)]


class Recorder(FaultyDisk):
    """A disk that is well, and what was done to it: operations, and files by all but numbers."""

    def __init__(self, office: Office) -> None:
        super().__init__(FAR_TOO_MANY)
        self.folder = office.folder
        self.operations: list[tuple[str, str]] = []

    def before(self, operation: str, path: Path, content: bytes = b"") -> None:
        name = os.path.relpath(path, self.folder)
        self.operations.append((operation, DOCUMENT.sub("document", EVENT.sub("event", name))))


@each(command for command in COMMANDS if command.name not in (ONE_EVENT, *NOT_ONE_EVENT))
def test_a_command_does_to_the_disk_what_another_does(
    command: Command,
    trial: Trial,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Most write one event, and nothing else."""
    name = LIKE_ANOTHER.get(command.name, ONE_EVENT)
    usual = next(command for command in COMMANDS if command.name == name)
    recorded = []
    for one in (trial, trial_of(usual, tmp_path_factory, capsys)):
        office = one.office()
        load_kept(office.folder, snapshot_path(office.key))  # Which has nothing to be kept then.
        disk = Recorder(office)
        assert run_on(disk, one.command, office) == one.first
        recorded.append(disk.operations)
    assert recorded[0] == recorded[1]


def run_until_dark(disk: PowerCut, command: Command, office: Office) -> Answer:
    """The power fails at the disk's moment, or else when the command has ended.

    What it has said is done stays done.
    """
    answer = run_on(disk, command, office)
    disk.lose()
    return answer


@needs_fork
@every_command_and_loss
def test_the_power_fails_at_every_operation(
    command: Command, trial: Trial, lost: Loss, *, thorough: bool
) -> None:
    outcomes = []
    moments = moments_of(command, thorough=thorough)
    if command.name in (ONE_EVENT, *NOT_ONE_EVENT):
        moments = of_this_loss(lost, moments, thorough=thorough)
    for moment in moments:
        office = trial.office()
        disk = PowerCut(moment, office.folder, lost)
        answer = in_child(lambda: run_until_dark(disk, command, office))  # noqa: B023
        outcomes.append(trial.done(office))
        if answer is not None:
            break
    assert outcomes == sorted(outcomes)
    assert answer == trial.first
    assert outcomes[-1]


@needs_fork
@every_command
def test_files_that_cannot_grow(command: Command, trial: Trial, *, thorough: bool) -> None:
    """A disk that is really full: what ReportLab, XlsxWriter and SQLite write meets it too."""
    sizes = sizes_of(command, thorough=thorough)
    for size in sizes:
        office = trial.office()
        answer = in_child(lambda: command.run(office), file_size=size)  # noqa: B023
        assert answer is not None
        assert trial.done(office) == (answer.status == 0)
        if answer.status == 0:
            break
        one_line(answer)
    assert size > sizes[0]
    assert answer == trial.first


@needs_fork
@each(command for command in COMMANDS if command.name == "disburse")
@every_loss
def test_a_kill_and_then_a_power_cut(
    command: Command, trial: Trial, lost: Loss, *, thorough: bool
) -> None:
    """What a killed command has not synced, the next one syncs before it builds upon it.

    A batch is a folder and an event: whatever writes an event alone leaves less.
    """
    tried = 0
    for killed_before in of_this_loss(lost, range(1, FAR_TOO_MANY), thorough=thorough):
        office = trial.office()
        disk = PowerCut(FAR_TOO_MANY, office.folder, lost)
        if not killed(disk, killed_before, command, office):
            break
        if beyond_the_stage(office) == set(trial.untouched):
            continue
        left = trial.keep(office)
        seen = disk.seen
        for moment in range(1, FAR_TOO_MANY):
            office = trial.office(left)
            disk.moment = seen + moment
            answer = in_child(lambda: run_until_dark(disk, NEXT, office))  # noqa: B023
            trial.done(office)
            tried += 1
            if answer is not None:
                break
    assert tried > 3


def killed(disk: PowerCut, before: int, command: Command, office: Office) -> bool:
    """Whether the process was killed before its n-th operation, on a machine that goes on."""
    disk.kill_before = before
    try:
        run_on(disk, command, office)
    except Killed:
        return True
    finally:
        disk.kill_before = 0
    return False


def beyond_the_stage(office: Office) -> set[str]:
    return {name for name in what_stands_there(office) if not name.startswith(STAGING)}
