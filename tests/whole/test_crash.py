"""``kill -9`` at any file operation leaves nothing done or all, and the next command corrects it.

A forked child runs the real command and kills itself just before its n-th change to the disk,
for every n until the command runs to its end. Python's audit events name every operation that
opens a file for writing, renames, removes or makes one. What SQLite writes they do not see: there
the system kills the child, at the write that passes a limit.
"""

from __future__ import annotations

import os

import pytest

from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.crash import run_and_die
from tests.support.moments import SHARING
from tests.support.moments import moments_of
from tests.support.moments import sizes_of
from tests.support.writing_commands import Command
from tests.support.writing_commands import Trial
from tests.support.writing_commands import anchors_left
from tests.support.writing_commands import every_command
from tests.support.writing_commands import trial_of

pytestmark = needs_fork

# Of an event's anchor: is it certain, and is the event in the books?
PROMISED, ENTERED, CERTAIN = (False, False), (False, True), (True, True)


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


@every_command
def test_killed_at_every_operation(command: Command, trial: Trial, *, thorough: bool) -> None:
    outcomes = []
    left: set[tuple[bool, bool]] = set()
    for moment in moments_of(command, thorough=thorough):
        office = trial.office()
        answer = run_and_die(command, office, moment)
        left |= anchors_left(office)
        outcomes.append(trial.done(office))
        if answer is not None:
            assert answer == trial.first
            break
    assert moment > (1 if command.only_registry else 4)
    assert len(outcomes) > 1
    assert outcomes == sorted(outcomes), "done at last, and never undone"
    assert outcomes[-1]
    if trial.writes_events and (thorough or command.name not in SHARING):
        assert left == {PROMISED, ENTERED, CERTAIN}, "killed on either side of the commit"


@every_command
def test_killed_in_the_middle_of_a_write(command: Command, trial: Trial, *, thorough: bool) -> None:
    sizes = sizes_of(command, thorough=thorough)
    for size in sizes:
        office = trial.office()
        answer = in_child(lambda: command.run(office), file_size=size, fatal=True)  # noqa: B023
        done = trial.done(office)
        if answer is not None:
            break
    assert size > sizes[0]
    assert done
    assert answer == trial.first
