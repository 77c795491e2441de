"""Random histories of a world: reproducible by a seed, and cut short when one goes wrong.

Hypothesis's state machines would do the same, but choose what happens nearly evenly and turn whole
kinds of happenings off. Here most of what happens can be what matters, the number of steps is
exact, and a seed means the same history whatever version of a library is installed.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from collections.abc import Sequence
from random import Random
from typing import NamedTuple
from typing import Protocol

SEEDS = 2**16
# Runs of a history to find out what can be left away; each takes as long as the history.
PATIENCE = 400


class Step(NamedTuple):
    """What happens, and the seed of every choice in it: leaving out one step changes no other."""

    what: str
    seed: int


class Impossible(Exception):
    """It cannot happen now. It is no step."""


class World(Protocol):
    """``story`` tells in words what has happened so far."""

    story: list[str]

    def happen(self, step: Step) -> None:
        """Raises Impossible, before anything was changed; any other exception is a failure."""

    def end(self) -> None:
        """Raises when something is wrong at the end of a history."""

    def clean_up(self) -> None: ...


class Failure(NamedTuple):
    """A history that went wrong: what was raised, by which line, and the story up to there."""

    steps: tuple[Step, ...]
    error: Exception
    story: tuple[str, ...]

    @property
    def line(self) -> tuple[str, str, int | None]:
        frame = traceback.extract_tb(self.error.__traceback__)[-1]
        return type(self.error).__name__, frame.filename, frame.lineno


class HistoryFailed(AssertionError):
    """The shortest history that goes wrong in the same way, ready to be pasted into a test."""

    def __init__(self, failure: Failure, length: int) -> None:
        self.failure = failure
        steps = "\n".join(f"    {step!r}," for step in failure.steps)
        story = "\n".join(f"  {line}" for line in failure.story)
        super().__init__(
            f"{failure.error!r}\n{len(failure.steps)} of {length} steps are enough:\n"
            f"[\n{steps}\n]\nThe story:\n{story}"
        )


def drive(make: Callable[[], World], happenings: Sequence[str], seed: int, length: int) -> None:
    """Let ``length`` steps happen in a new world. Raises HistoryFailed.

    A happening that stands among ``happenings`` twice is twice as likely.
    """
    chance = Random(seed)
    steps: list[Step] = []
    world = make()
    failure = None
    while len(steps) < length and failure is None:
        step = Step(chance.choice(happenings), chance.randrange(SEEDS))
        failure = _attempt(world, [step], steps)
    failure = failure or _attempt_end(world, steps)
    world.clean_up()
    if failure:
        raise HistoryFailed(shortened(make, failure), len(steps)) from failure.error


def replay(make: Callable[[], World], steps: Sequence[Step]) -> Failure | None:
    """Let these steps happen in a new world; what is impossible now is left out."""
    world = make()
    done: list[Step] = []
    try:
        return _attempt(world, steps, done) or _attempt_end(world, done)
    finally:
        world.clean_up()


def shortened(make: Callable[[], World], failure: Failure) -> Failure:
    """Leave out halves, quarters … and at last single steps, while it fails by the same line."""
    patience = PATIENCE
    size = len(failure.steps) // 2
    while size:
        start = 0
        while start < len(failure.steps) and patience:
            patience -= 1
            steps = failure.steps[:start] + failure.steps[start + size :]
            shorter = replay(make, steps)
            if shorter and shorter.line == failure.line:
                failure = shorter
            else:
                start += size
        size = size // 2 if size > 1 or start >= len(failure.steps) else 0
    return failure


def _attempt(world: World, steps: Sequence[Step], done: list[Step]) -> Failure | None:
    for step in steps:
        try:
            world.happen(step)
        except Impossible:
            continue
        except Exception as error:
            return Failure((*done, step), error, tuple(world.story))
        done.append(step)
    return None


def _attempt_end(world: World, done: Sequence[Step]) -> Failure | None:
    try:
        world.end()
    except Exception as error:
        return Failure(tuple(done), error, tuple(world.story))
    return None
