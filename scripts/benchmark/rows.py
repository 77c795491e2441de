"""The rows of the benchmark: what is run, on which stage of the books, and what it is held to."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environment import CHECKOUT

from benchmark.stages import WITHOUT_PLUGIN
from benchmark.stages import Stages

PROGRAMS = CHECKOUT / "scripts" / "benchmark"

# From the books of this run to a command line.
Command = Callable[[Stages, Path], Sequence[str | Path]]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``target`` is the most that ours may cost as a multiple of the floor, and ``per_person`` what
    it may cost beyond that, in seconds of processor time a person; None where nothing is set.
    """

    name: str
    stage: str
    ours: Command
    floor: Command
    peer: Command | None = None
    target: float | None = None
    per_person: float = 0.0

    def allowed(self, floor_seconds: float, payees: int) -> float | None:
        """The most that ours may cost, in seconds."""
        return None if self.target is None else self.target * floor_seconds + (
            self.per_person * payees
        )  # fmt: skip


def _ours(*arguments: str | Callable[[Stages], Sequence[Path]]) -> Command:
    def command(stages: Stages, books: Path) -> list[str | Path]:
        words: list[str | Path] = [stages.command, "-C", books]
        for argument in arguments:
            words += [argument] if isinstance(argument, str) else argument(stages)
        return words

    return command


def _program(
    script: str, name: str, files: Callable[[Stages], Sequence[Path]] = lambda stages: ()
) -> Command:
    def command(stages: Stages, books: Path) -> list[str | Path]:
        # The peer keeps no books: its files go into a folder of its own.
        target = books if script != "peers.py" else stages.folder / "peer"
        return [stages.python, PROGRAMS / script, name, target, *files(stages)]

    return command


def _import_click(stages: Stages, _books: Path) -> list[str | Path]:
    return [stages.python, "-c", "import click"]


def _bean_check(stages: Stages, books: Path) -> list[str | Path]:
    return [stages.python, "-m", "beancount.scripts.check", "--no-cache", books / WITHOUT_PLUGIN]


def _last_statement(stages: Stages) -> list[Path]:
    return stages.statements()[-1:]


def _prepared(stages: Stages, _books: Path) -> list[str | Path]:
    """The floor of ``disburse`` loads the books with the batch: bean-check of what was written."""
    prepared = stages.fresh("prepared")
    return [stages.python, PROGRAMS / "floors.py", "disburse", prepared]


ROWS = (
    Row("help", "new", lambda stages, _books: [stages.command, "--help"], _import_click),
    Row(
        "import",
        "new",
        _ours("import", "--date", "2020-10-16", Stages.rosters),
        _program("floors.py", "read", Stages.rosters),
        _program("peers.py", "import", Stages.rosters),
        target=1.0,
        per_person=60e-6,
    ),
    Row(
        "disburse",
        "registered",
        _ours("disburse", "--date", "2020-11-10", "--yes"),
        _prepared,
        _program("peers.py", "disburse"),
        target=1.5,
    ),
    Row(
        "result",
        "submitted",
        _ours("import", "--date", "2020-11-12", Stages.results),
        _program("floors.py", "read", Stages.results),
        _program("peers.py", "answers", Stages.results),
    ),
    Row(
        "statement",
        "answered",
        _ours("import", _last_statement),
        _program("floors.py", "read", _last_statement),
        _program("peers.py", "answers", _last_statement),
    ),
    # Signatures are verified at every load, and the registry's log is told again.
    Row("check", "stated", _ours("check", "--no-artefacts"), _bean_check, target=1.4),
    Row(
        "status", "stated", _ours("status", "--date", "2020-12-31"), _program("floors.py", "check")
    ),
    Row(
        "month",
        "stated",
        _ours("report", "month", "2020-11"),
        _program("floors.py", "month"),
        target=1.4,
    ),
    Row("page", "stated", _program("pages.py", "ours"), _program("pages.py", "floor")),
)
